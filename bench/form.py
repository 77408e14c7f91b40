"""Drawing the form of twice as many rows: layout, routing, the Word file and the drawings, without LibreOffice.

Both sides are sopctl, with an SOP of eight pelaksana in which every fourth row may turn back.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

from bench.ratio import Result, medians, table, timed
from sopctl.form.document import write_form
from sopctl.form.identity import build_identity
from sopctl.form.layout import lay_out_flowchart
from sopctl.form.svg import page_svg
from sopctl.office.model import Office
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop

ROWS = (20, 40, 80)
PELAKSANA = 8
ROUNDS = 7
AT_MOST = 2.5


def measured(rounds: int = ROUNDS) -> list[Result]:
    """Seconds for one form of so many rows against half of them."""
    times = medians([timed(partial(draw, make_sop(rows))) for rows in ROWS], rounds)
    return [
        Result(
            what=f"the form of {more} rows x {PELAKSANA} pelaksana",
            peer=f"the same with {few} rows",
            ours=ours,
            theirs=theirs,
            at_most=AT_MOST,
        )
        for few, more, theirs, ours in zip(ROWS, ROWS[1:], times, times[1:], strict=False)
    ]


def draw(sop: Sop) -> None:
    """Make everything that `form --svg` writes."""
    chart = lay_out_flowchart(sop, "A4")
    write_form(chart, build_identity(sop, Office(), date(2026, 11, 24)))
    for page in chart.pages:
        page_svg(chart, page)


def make_sop(rows: int) -> Sop:
    """An SOP of so many rows that goes to and fro between its pelaksana."""
    sop, problems = read_sop("\n".join(_lines(rows)).encode(), "bench.yaml")
    if sop is None:
        raise SystemExit(str(problems))
    return sop


def _lines(rows: int) -> Iterator[str]:
    yield from ("id: bench", "nama: Penyusunan Laporan Kinerja", "pelaksana:")
    yield from (f"  p{number}: Pejabat Pelaksana {number}" for number in range(PELAKSANA))
    yield "steps:"
    for number in range(rows):
        yield f"  - id: s{number}"
        yield f"    no: {number + 1}"
        yield "    kegiatan: Memeriksa kelengkapan berkas permohonan dan menyampaikan hasilnya kepada atasan langsung"
        yield f"    pelaksana: p{number * 3 % PELAKSANA}"
        yield "    kelengkapan: [Berkas permohonan]"
        yield "    waktu: 15 menit"
        yield "    output: Berkas yang sudah diperiksa"
        if number % 4 == 3 and number + 1 < rows:  # noqa: PLR2004 — every fourth row
            yield f"    branches: {{lengkap: s{number + 1}, tidak lengkap: s{number - 2}}}"


if __name__ == "__main__":
    print(table(measured()))
