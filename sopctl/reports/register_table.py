"""The registers of letters as tables of texts, and such a table as a workbook."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from sopctl.letters.register_print import STATUS_WORDS
from sopctl.office.model import Office
from sopctl.reports.compose import compose_list
from sopctl.reports.content import KeyFigure, Table, TableColumn, format_count
from sopctl.reports.xlsx import render_workbook
from sopctl.store.incoming_register import RegisteredIncoming
from sopctl.store.record import Record
from sopctl.store.register import RegisteredLetter


class RegisterTable(Struct, frozen=True, kw_only=True):
    """The lines of a register as texts, in the order of ``columns``; ``shown`` are those that fit on a screen.

    ``name`` is what a file of it is called on the screen, ``empty`` what is said where there are no lines.
    """

    title: str
    name: str
    columns: tuple[str, ...]
    shown: tuple[str, ...]
    empty: str
    lines: tuple[tuple[str, ...], ...]

    def shown_lines(self) -> list[list[str]]:
        """The cells of the columns that fit on a screen, the note behind the state."""
        lines = [dict(zip(self.columns, line, strict=True)) for line in self.lines]
        for line in lines:
            line["keadaan"] = ": ".join(filter(None, (line["keadaan"], line["catatan"])))
        return [[line[name] for name in self.shown] for line in lines]


def outgoing_table(letters: Iterable[RegisteredLetter], office: Office) -> RegisterTable:
    """The register of outgoing letters; days are those of its zone."""
    return RegisterTable(
        title="Buku agenda surat keluar", name="Buku agenda", empty="Belum ada surat bernomor.",
        columns=("nomor", "tanggal", "perihal", "berkas", "dokumen", "oleh", "keadaan", "catatan", "tujuan"),
        shown=("nomor", "tanggal", "tujuan", "perihal", "berkas", "keadaan"),
        lines=tuple(_outgoing_line(one, office) for one in letters),
    )  # fmt: skip


def incoming_table(letters: Iterable[RegisteredIncoming], office: Office) -> RegisterTable:
    """The register of incoming letters; days are those of its zone."""
    return RegisterTable(
        title="Buku agenda surat masuk", name="Buku agenda surat masuk", empty="Belum ada surat masuk yang dicatat.",
        columns=(
            "no. agenda", "diterima", "surat dari", "nomor surat", "tanggal surat", "perihal", "sifat", "berkas",
            "keadaan", "catatan", "pindaian", "oleh",
        ),
        shown=("no. agenda", "diterima", "surat dari", "perihal", "berkas", "keadaan"),
        lines=tuple(_incoming_line(one, office) for one in letters),
    )  # fmt: skip


def _outgoing_line(row: RegisteredLetter, office: Office) -> tuple[str, ...]:
    day, status = f"{row.at.astimezone(office.zone):%d-%m-%Y}", STATUS_WORDS[row.status]
    return (row.nomor, day, row.perihal, row.id, row.document, office.shown_name(row.by), status, row.note, row.tujuan)


def _incoming_line(row: RegisteredIncoming, office: Office) -> tuple[str, ...]:
    letter = row.letter
    day = f"{date.fromisoformat(letter.tanggal_surat):%d-%m-%Y}" if letter.tanggal_surat else ""
    return (
        row.nomor, f"{row.at.astimezone(office.zone):%d-%m-%Y}", letter.surat_dari, letter.nomor_surat, day,
        letter.perihal, letter.sifat, ", ".join(row.cases), STATUS_WORDS[row.status], row.note,
        letter.scan.path if letter.scan else "", office.shown_name(row.by),
    )  # fmt: skip


def render_register_workbook(record: Record, table: RegisterTable) -> bytes:
    """The workbook; every cell is text, as the register has it."""
    heads = tuple(TableColumn(name.replace(" ", "_"), name.capitalize()) for name in table.columns)
    count = KeyFigure("Surat", format_count(len(table.lines)))
    return render_workbook(compose_list(record, table.title, (count,), Table("Surat", table.title, heads, table.lines)))
