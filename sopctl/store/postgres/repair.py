"""Mending the record in a database.

Events and lines of the register stand nowhere but in the ledger, so that what repeats them (cases, counters) can be
made anew from it. A ledger that ends in a damaged line can not: lines are never removed, whoever asks.
"""

from collections.abc import Sequence

from sopctl.engine.instance import Instance
from sopctl.errors import BusyError
from sopctl.store import ledger
from sopctl.store.ledger import LedgerLine
from sopctl.store.postgres import register
from sopctl.store.postgres.connections import NO_LIMIT, Connections
from sopctl.store.postgres.ledger import save_changes
from sopctl.store.postgres.projections import derive_projections
from sopctl.store.postgres.writer import Writer
from sopctl.store.register import RegisterEntry

_PUT_ASIDE = (
    "INSERT INTO sopctl.aside (office, name, data) SELECT office, id, convert_to(envelope, 'UTF8') FROM sopctl.cases"
    " WHERE office = %(office)s AND id = %(id)s"
)
_LAST_LINE = (
    "SELECT coalesce((SELECT line FROM sopctl.ledger WHERE office = %(office)s AND kind = 'event' AND"
    " case_id = %(id)s ORDER BY revision DESC LIMIT 1), 0),"
    " EXISTS (SELECT FROM sopctl.cases WHERE office = %(office)s AND id = %(id)s)"
)
"""The line of the last event of a case, and whether the case is kept."""


class PostgresRepair:
    """The mending of an office; see `protocol.Repair`. Each change is a transaction of its own."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._go_on()
        self._lines = self.writer.end.lines

    def append_lines(self, lines: Sequence[LedgerLine]) -> None:
        """Add lines to the ledger, chained to the last one.

        Raises:
            BusyError: where others wrote since the mending began: what the lines tell may be in the ledger by now.
        """
        self.writer.check_last_line()
        end = self.writer.end
        if end.lines != self._lines:
            raise BusyError(
                "Selagi catatan diperbaiki, perintah lain mencatat; tidak ada yang ditambahkan kepada buku catatan. "
                "Ulangi perintahnya.",
                code="changed_meanwhile",
            )
        texts = ledger.encode_chain(lines, end.head).splitlines()
        self.writer.commit([save_changes(lines, texts, end)], end.lines + len(texts), texts[-1])
        self._go_on()
        self._lines = end.lines + len(texts)

    def cut_broken_end(self) -> tuple[int, str]:
        """Nothing, where the last line is whole.

        Raises:
            DamagedError: where it is not: the database must be restored.
        """
        self.writer.check_last_line()
        return 0, ""

    def replace_case(self, instance: Instance) -> str:
        """Store anew what a case has besides its events; the old is kept in the table `aside`."""
        id = {"id": instance.id}
        (((line, is_kept),),) = self.writer.ask((_LAST_LINE, id))
        self.writer.commit([(_PUT_ASIDE, id), save_changes(instances=[(instance, line)])])
        self._go_on()
        return "tabel aside dalam basis data" if is_kept else ""

    def derive_projections(self) -> None:
        """Derive anew the end of the ledger, counters and groups, and the lines of cases."""
        self.writer.commit(derive_projections(self.writer.ask))
        self._go_on()

    def replace_sequence(self, sequence: str, entries: Sequence[RegisterEntry]) -> str:
        """Set the counter of a sequence to the highest of these lines, which are those of the ledger."""
        highest = max((entry.highest for entry in entries), default=0)
        self.writer.commit([register.set_counters({register.name_counter(sequence): highest})])
        self._go_on()
        return ""

    def _go_on(self) -> None:
        """Become the writer again for the next change."""
        self.writer = Writer(self._connections, [NO_LIMIT])
