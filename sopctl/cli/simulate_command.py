"""The command that tries an SOP before it is signed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sopctl.cli import output
from sopctl.cli.invocation import invocation
from sopctl.cli.options import SopId
from sopctl.cli.progress import reading
from sopctl.cli.session import look

if TYPE_CHECKING:
    from sopctl.simulate.outcome import Simulation


def simulate(
    sop: SopId,
    arrivals: Annotated[
        str,
        typer.Option(
            "--arrivals",
            metavar="5/hari|record",
            help="Berapa berkas datang: per jam, hari, minggu atau bulan; record = seperti tercatat (bawaannya).",
        ),
    ] = "",
    duration: Annotated[
        Literal["standard", "record", "exponential", "fixed"] | None,
        typer.Option(
            "--duration",
            metavar="[standard|record|exponential|fixed]",
            help="Lama pekerjaan: waktu baku, seperti tercatat, acak di sekitarnya, atau selalu sama.",
        ),
    ] = None,
    people: Annotated[
        list[str] | None,
        typer.Option("--people", metavar="PELAKSANA=JUMLAH", help="Jumlah orang, misalnya kabid=2; boleh diulang."),
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="PERUBAHAN",
            help='Bila diubah: "waktu periksa=1 hari", "tolak periksa=20%", "tanpa periksa"; boleh diulang.',
        ),
    ] = None,
    from_record: Annotated[
        bool, typer.Option("--from-record", help="Lama pekerjaan, kedatangan dan pengembalian seperti tercatat.")
    ] = False,
    proposed: Annotated[
        bool, typer.Option("--proposed", help="Coba standar yang diusulkan report --propose, atas dasar catatan.")
    ] = False,
    cases: Annotated[int | None, typer.Option("--cases", metavar="ANGKA", help="Banyaknya berkas.")] = None,
    days: Annotated[
        int | None, typer.Option("--days", metavar="ANGKA", help="Banyaknya hari kalender; bawaannya setahun.")
    ] = None,
    runs: Annotated[int, typer.Option("--runs", metavar="ANGKA", help="Banyaknya percobaan.")] = 10,
    seed: Annotated[int, typer.Option("--seed", metavar="ANGKA", help="Awal bilangan acak.")] = 1,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Tulis halaman web bergambar.")] = None,
) -> int:
    """Coba SOP sebelum disahkan. Lama menunggu, penghambatnya, dan akibat sebuah perubahan."""
    from sopctl.cli import simulation_tables
    from sopctl.desk import simulate as use_case
    from sopctl.reports.content import day_minutes

    session = look()
    invocation.note_folders(html)
    typed = use_case.SimulationInput(
        arrivals=arrivals.strip().lower(),
        duration=duration,
        people=tuple(people or ()),
        what_if=tuple(what_if or ()),
        from_record=from_record,
        proposed=proposed,
        cases=cases,
        days=days,
        runs=runs,
        seed=seed,
    )
    with reading("Percobaan") as on_run:
        found = use_case.run_simulation(session, sop, typed, html=html, on_run=on_run)
    if html is not None:
        return output.show_files({"html": html}, damaged=found.damaged)
    return output.show(
        found,
        lambda found: simulation_tables.simulation(found, day_minutes(session.calendar)),
        encode=_encode,
        damaged=found.damaged,
    )


def _encode(found: "Simulation") -> dict[str, object]:
    """The figures at the top, then what they rest on."""
    from msgspec.structs import asdict

    facts = asdict(found)
    del facts["figures"], facts["damaged"]
    return {**asdict(found.figures), **facts}
