"""Tables for people, 80 columns wide at least: the form, the inbox, a timeline, the report.

What users typed is printed as it is: markup, emoji codes and highlighting are off.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sopctl.cli.output import plain
from sopctl.cli.telling import ACTS, STATUS, moment
from sopctl.sop.model import END, Sop, Step

if TYPE_CHECKING:
    from sopctl.desk.library import Listed
    from sopctl.desk.reporting import Report
    from sopctl.desk.views import Inbox, Status
    from sopctl.engine.events import FieldValue
    from sopctl.report.figures import Row
    from sopctl.report.timeline import VisitRow

_HOUR = 60
_NARROW = 11
"""Letters that a column has at least."""
_DUE_AND_SPENT = 38
"""Letters of the last two columns of the inbox and of the gaps between the four."""
_LONG = 600
"""Minutes from which a time is told in hours."""


def sops(rows: "Sequence[Listed]") -> None:
    """The list of SOPs."""
    if not rows:
        _console().print("Belum ada SOP di folder sops.")
        return
    table = _table("Id", "SOP", "Langkah", "Pelaksana", right=("Langkah",))
    for row in rows:
        nama = row.nama if not row.mistakes else f"(ada {row.mistakes} kesalahan; jalankan: sopctl check {row.id})"
        table.add_row(row.id, plain(nama), str(row.steps), plain(", ".join(row.pelaksana)))
    _console().print(table)


def form(sop: Sop) -> None:
    """An SOP as its form prints it, and its flow below."""
    console = _console()
    console.print(Text(plain(sop.nama), style="bold"))
    table = _table("No", "Kegiatan", "Pelaksana", "Kelengkapan", "Waktu", "Output", "Ket", lines=True)
    table.columns[1].ratio = 5
    for column, ratio in zip(table.columns[2:], (3, 3, 2, 3, 2), strict=True):
        column.ratio = ratio
    table.expand = True
    for step in sop.steps:
        table.add_row(*(plain(cell) for cell in _cells(sop, step)))
    console.print(table)
    console.print(Text("Alur", style="bold"))
    for step in sop.steps:
        console.print(plain(_flow(sop, step)))


def inbox(waiting: "Inbox", zone: tzinfo) -> None:
    """What waits for whom, the most urgent first; two lines a turn."""
    if not waiting.rows:
        _console().print("Tidak ada yang menunggu.")
        return
    table = _table("Berkas", "Menunggu", "Batas", "Terpakai")
    first = max(len(row.id) for row in waiting.rows)
    for column, width in zip(table.columns, (first, _console().width - first - _DUE_AND_SPENT, 11, 20), strict=True):
        column.width, column.overflow, column.no_wrap = max(width, _NARROW), "ellipsis", True
    for row in waiting.rows:
        title = waiting.titles[row.sop].get(row.pelaksana, row.pelaksana)
        step = f"{row.no}. {row.kegiatan}" if row.no is not None else row.kegiatan
        table.add_row(
            plain(f"{row.id}\n{_line(row.subject)}"),
            plain(f"{title}\n{_line(step)}"),
            _due(row.due, zone, late=row.late),
            f"{_spent(row.elapsed_minutes, row.standard_minutes)}\nsejak {row.since:%d-%m %H.%M}",
        )
    _console().print(table)


def status(found: "Status", zone: tzinfo) -> None:
    """One case: where it stands, its timeline, fields and documents."""
    console = _console()
    console.print(Text(plain(f"{found.id} · {found.subject}"), style="bold"))
    console.print(plain(_standing(found, zone)))
    table = _table("No", "Langkah", "Dari", "Sampai", "Hasil", "Terpakai", "Standar", right=("Terpakai", "Standar"))
    for visit in found.visits:
        table.add_row(*_visit(visit))
    console.print(table)
    for name, value in found.fields.items():
        console.print(plain(f"  {name}: {_value(value)}"))
    for name in found.missing:
        console.print(plain(f"  {name}: belum diisi"))
    for document in found.written:
        nomor = f" {document.nomor}" if document.nomor else ""
        console.print(plain(f"  {document.name} ({ACTS[document.act]}){nomor}: {document.path}"), soft_wrap=True)
    for attachment in found.attachments:
        console.print(plain(f"  {attachment.item}: {attachment.name} ({attachment.path})"), soft_wrap=True)
    for event in found.events:
        if event.note:
            console.print(plain(f"  {moment(event.at.astimezone(zone))} {event.by}: {event.note}"))


def report(found: "Report", by: Literal["sop", "step", "pelaksana", "month"]) -> None:
    """Elapsed against standard."""
    console = _console()
    if not found.figures.rows and not found.figures.cases:
        console.print("Belum ada langkah yang selesai untuk dilaporkan.")
        return
    titled = {"sop": "SOP", "step": "Langkah", "pelaksana": "Pelaksana", "month": "Bulan"}[by]
    numbers = ("Kali", "Ulang", "Median", "P90", "Terlama", "Standar", "Rasio", "Tepat")
    table = _table(titled, *numbers, right=numbers)
    for row in found.figures.rows:
        table.add_row(plain(_group(found, row)), *_figures(row))
    console.print(table)
    cases = _table("Berkas", "Keadaan", "Terpakai", "Standar", "Rasio", right=("Terpakai", "Standar", "Rasio"))
    for case in found.figures.cases:
        cases.add_row(
            case.id,
            STATUS[case.status],
            _time(case.elapsed_minutes),
            _time(case.standard_minutes),
            Text(_ratio(case.ratio), style=_alarm(case.ratio)),
        )
    console.print(cases)
    console.print("Waktu dalam jam kerja kantor. '-' berarti tanpa standar.")


def plain_table(title: str, heading: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """A table of texts."""
    rows = list(rows)
    console = _console()
    if not rows:
        console.print(empty)
        return
    console.print(Text(title, style="bold"))
    table = _table(*(name.capitalize() for name in heading))
    for row in rows:
        table.add_row(*(plain(cell) for cell in row))
    console.print(table)


def _console() -> Console:
    return Console(markup=False, highlight=False, emoji=False)


def _table(*heading: str, right: Sequence[str] = (), lines: bool = False) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), show_lines=lines)
    for name in heading:
        table.add_column(name, justify="right" if name in right else "left", overflow="fold")
    return table


def _cells(sop: Sop, step: Step) -> tuple[str, ...]:
    """The cells of a row in the order of the form's columns."""
    joint = " bersama " if step.together else " lalu "
    return (
        "" if step.no is None else str(step.no),
        step.kegiatan,
        joint.join(sop.pelaksana[name] for name in step.pelaksana),
        ", ".join(item.nama + (" (dilampirkan)" if item.evidence else "") for item in step.kelengkapan),
        step.waktu.text,
        step.output,
        step.keterangan,
    )


def _flow(sop: Sop, step: Step) -> str:
    """Where a row leads: `  4 periksa: sesuai -> tandatangan, belum sesuai -> susun`."""
    no = "" if step.no is None else str(step.no)
    if step.branches:
        exits = ", ".join(
            f"{branch.label} -> {_target(branch.to)}{f' (bila {branch.when})' if branch.when else ''}"
            for branch in step.branches
        )
    else:
        exits = f"-> {_target(sop.below(step))}"
    entry = "* " if step.id in sop.start else "  "
    called = f" [SOP {step.sop.sop}{', boleh' if step.sop.optional else ''}]" if step.sop else ""
    return f"{entry}{no:>2} {step.id}{called}: {exits}"


def _line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def _due(due: datetime | None, zone: tzinfo, *, late: bool) -> Text:
    if due is None:
        return Text("tanpa standar")
    when = f"{due.astimezone(zone):%d-%m %H.%M}"
    return Text(f"{when}\nTERLAMBAT", style="bold red") if late else Text(when)


def _spent(elapsed: float, standard: float | None) -> str:
    return f"{_time(elapsed)} dari {_time(standard)}" if standard is not None else _time(elapsed)


def _target(to: str) -> str:
    return "selesai" if to == END else to


def _standing(found: "Status", zone: tzinfo) -> str:
    if found.step is None or found.status == "suspended":
        when = f" {moment(found.ended.astimezone(zone))}" if found.ended else ""
        return f"{STATUS[found.status].capitalize()}{when}"
    due = moment(found.due.astimezone(zone)) if found.due else "tanpa standar"
    waits = f" · menunggu {found.child}" if found.child else ""
    return f"Giliran {', '.join(found.jabatan)} · batas {due}{waits}"


def _visit(visit: "VisitRow") -> tuple[str, ...]:
    again = f" ({visit.round})" if visit.round > 1 else ""
    return (
        "" if visit.no is None else str(visit.no),
        f"{visit.step}{again}\n{visit.pelaksana}",
        f"{visit.from_:%d-%m %H.%M}",
        f"{visit.until:%d-%m %H.%M}" if visit.until else "…",
        plain(visit.outcome),
        _time(visit.elapsed_minutes),
        _time(visit.standard_minutes),
    )


def _value(value: "FieldValue") -> str:
    if not isinstance(value, list):
        return str(value)
    return "; ".join(line if isinstance(line, str) else ", ".join(filter(None, line.values())) for line in value)


def _group(found: "Report", row: "Row") -> str:
    if row.step is not None:
        return f"{row.sop}\n  {row.step}"
    if row.pelaksana is not None:
        titles = {known[row.pelaksana] for known in found.titles.values() if row.pelaksana in known}
        return " / ".join(sorted(titles)) or row.pelaksana
    return row.month or row.sop or ""


def _figures(row: "Row") -> tuple[str | Text, ...]:
    return (
        str(row.visits),
        str(row.rework),
        _time(row.median_minutes),
        _time(row.p90_minutes),
        _time(row.max_minutes),
        _time(row.standard_minutes),
        Text(_ratio(row.ratio), style=_alarm(row.ratio)),
        "-" if row.within_standard is None else f"{row.within_standard:.0%}",
    )


def _time(minutes: float | None) -> str:
    """`45 mnt`, `7,5 jam`, or `-` where there is no standard."""
    if minutes is None:
        return "-"
    if minutes < _LONG:
        return f"{minutes:.0f} mnt"
    return f"{minutes / _HOUR:.1f} jam".replace(".", ",")


def _ratio(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.1f}x".replace(".", ",")


def _alarm(ratio: float | None) -> str:
    return "red" if ratio is not None and ratio > 1 else ""
