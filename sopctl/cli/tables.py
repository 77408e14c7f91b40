"""Tables for people, 80 columns wide at least: SOPs, the form, all cases.

What users typed is printed as it is: markup, emoji codes and highlighting are off.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sopctl.cli import screen
from sopctl.cli.move_messages import STATUS
from sopctl.cli.output import line, readable
from sopctl.form.table_layout import numbered_lines
from sopctl.reports.content import format_count
from sopctl.sop.model import END, Field, Sop, Step

if TYPE_CHECKING:
    from sopctl.desk.sops import SopSummary
    from sopctl.desk.status import CaseList

_KINDS = {
    "text": "teks",
    "number": "angka",
    "date": "tanggal",
    "list": "daftar",
    "table": "tabel",
    "choice": "pilihan",
    "nip": "NIP",
    "money": "jumlah uang",
}
"""The types of fields."""


def sops(rows: "Sequence[SopSummary]") -> None:
    """The list of SOPs."""
    if not rows:
        screen.console().print("Belum ada SOP di folder sops.")
        return
    listed = [(row.id, _nama(row), str(row.steps), ", ".join(row.pelaksana)) for row in rows]
    screen.console().print(screen.table("Id", "SOP", "Langkah", "Pelaksana", rows=listed, right=("Langkah",)))


def _nama(row: "SopSummary") -> str:
    return f"(ada {row.mistakes} kesalahan; jalankan: sopctl check {row.id})" if row.mistakes else row.nama


def form(sop: Sop) -> None:
    """An SOP as its form prints it, and its flow below."""
    console = screen.console()
    console.print(screen.styled(line(sop.nama)))
    heading = ("No", "Kegiatan", "Pelaksana", "Kelengkapan", "Waktu", "Output", "Ket")
    console.print(screen.table(*heading, rows=[_cells(sop, step) for step in sop.steps], lines=True))
    console.print(screen.styled("Alur"))
    for step in sop.steps:
        screen.hanging(console, _flow(sop, step), indent=0)
    if sop.fields:
        console.print(screen.styled("Isian"))
        for field in sop.fields.values():
            screen.hanging(console, _field(field), indent=0)


def cases(found: "CaseList") -> None:
    """Every case on a line, or two where it waits for somebody."""
    console, rows = screen.console(), found.rows
    if not rows:
        console.print(readable("belum ada berkas", len(found.damaged)))
        return
    listed = [
        (row.id, line(row.subject), ", ".join(filter(None, (STATUS[row.status], row.step))), ", ".join(row.jabatan))
        for row in rows
    ]
    console.print(screen.table("Berkas", "Perihal", "Keadaan", "Giliran", rows=listed))
    if len(rows) < found.all:
        console.print(f"{format_count(found.all)} berkas; {format_count(found.all - len(rows))} lagi dengan --all.")


def plain_table(title: str, heading: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str) -> None:
    """A table of texts."""
    columns = [name.capitalize() for name in heading]
    screen.console().print(screen.table(*columns, rows=rows, title=title) if rows else empty)


def _cells(sop: Sop, step: Step) -> tuple[str, ...]:
    """The cells of a row in the order of the form's columns."""
    joint = " bersama " if step.together else " lalu "
    return (
        "" if step.no is None else str(step.no),
        step.kegiatan,
        joint.join(sop.pelaksana[name] for name in step.pelaksana),
        numbered_lines([item.nama + (" (dilampirkan)" if item.evidence else "") for item in step.kelengkapan]),
        step.waktu.text,
        numbered_lines(step.output),
        step.keterangan,
    )


def _flow(sop: Sop, step: Step) -> str:
    """Where a row leads: `  4 periksa: sesuai -> tandatangan, belum sesuai -> susun`."""
    no = "" if step.no is None else str(step.no)
    if step.branches:
        exits = ", ".join(
            f"{line(branch.label)} -> {_target(branch.to)}{f' (bila {branch.when})' if branch.when else ''}"
            for branch in step.branches
        )
    else:
        exits = f"-> {_target(sop.step_after(step))}"
    entry = "* " if step.id in sop.start else "  "
    called = f" [SOP {step.sop.sop}{', boleh' if step.sop.optional else ''}]" if step.sop else ""
    return f"{entry}{no:>2} {step.id}{called}: {exits}"


def _field(field: Field) -> str:
    """What people fill in: `  tugas (daftar, wajib, langkah susun): Tugas yang diberikan`."""
    facts = [_KINDS[field.type], "wajib" if field.required else "boleh kosong"]
    facts.append(f"langkah {field.step}" if field.step else "saat dibuka")
    return f"  {field.name} ({', '.join(facts)}): {line(field.label)}"


def _target(to: str) -> str:
    return "selesai" if to == END else to
