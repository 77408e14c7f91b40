"""`agenda`: the register of outgoing or of incoming letters as a table, a Word file or a workbook."""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from sopctl.desk.agenda import list_letters
from sopctl.desk.incoming_register import list_incoming
from sopctl.desk.session import Session
from sopctl.letters.register_print import render_incoming, render_outgoing
from sopctl.reports.register_table import RegisterTable, incoming_table, outgoing_table, render_register_workbook
from sopctl.store.incoming_register import RegisteredIncoming
from sopctl.store.register import RegisteredLetter

RegisterName = Literal["keluar", "masuk"]
"""The register of outgoing letters, or that of incoming ones."""


class Register(Struct, frozen=True):
    """The lines of a register, and the ids of the cases that belong to each.

    ``render_docx`` prints it by its template, ``render_xlsx`` as a workbook.
    """

    rows: tuple[RegisteredLetter, ...] | tuple[RegisteredIncoming, ...]
    cases: tuple[tuple[str, ...], ...]
    table: RegisterTable
    render_docx: Callable[[], bytes]
    render_xlsx: Callable[[], bytes]


def open_register(session: Session, name: RegisterName, year: int | None) -> Register:
    """A register as it stands, or its lines of one year."""
    record = session.record
    if name == "masuk":
        incoming = list_incoming(record, year)
        table = incoming_table(incoming, session.office)
        return Register(
            incoming,
            tuple(one.cases for one in incoming),
            table,
            lambda: render_incoming(record, session.renderer, incoming, year),
            lambda: render_register_workbook(record, table),
        )
    outgoing = list_letters(record, year)
    table = outgoing_table(outgoing, session.office)
    return Register(
        outgoing,
        tuple((one.id,) if one.id else () for one in outgoing),
        table,
        lambda: render_outgoing(record, session.renderer, outgoing, year),
        lambda: render_register_workbook(record, table),
    )
