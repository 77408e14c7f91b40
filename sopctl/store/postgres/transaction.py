"""A transaction on the database: what it writes is collected, and sent when it is committed."""

from collections.abc import Callable
from datetime import datetime

from sopctl.engine.instance import Instance
from sopctl.engine.moments import check_clock
from sopctl.errors import DamagedError, NotFoundError
from sopctl.store import case_ids, case_json, file_paths, ledger
from sopctl.store.ledger import AccountAct, AccountLine, NumberLine, OfficeLine, event_lines
from sopctl.store.postgres import cases, contents, register
from sopctl.store.postgres.cases import CaseRow
from sopctl.store.postgres.connections import Connections
from sopctl.store.postgres.ledger import broken_end_error
from sopctl.store.postgres.pending import PendingWrites
from sopctl.store.postgres.writer import Writer
from sopctl.store.protocol import CommitState
from sopctl.store.register import RegisterEntry, SequenceNumbers, find_sequence

_HIGHEST_CASE = (
    "SELECT greatest((SELECT value FROM sopctl.counters WHERE office = %(office)s AND name = 'sop:' || %(sop)s),"
    " (SELECT max(number) FROM sopctl.cases WHERE office = %(office)s AND sop = %(sop)s), 0)"
)


class PostgresTransaction:
    """One transaction; see `protocol.Transaction`.

    ``expected`` is the id of the case that is probably asked for: it is read together with the office's row.
    """

    def __init__(self, connections: Connections, on_commit: Callable[[CommitState], None], expected: str) -> None:
        self.writer = Writer(connections, on_commit, [(cases.BY_IDS, {"ids": [expected]})])
        (found,) = self.writer.beginning
        self._loaded = {row.id: row for row in cases.read_rows(found)}
        self._pending = PendingWrites()
        self._office = ""
        self._opened: dict[str, int] = {}
        self._numbers = SequenceNumbers(self._read_highest)
        self._revisions: dict[str, int] = {}
        self._new: list[Instance] = []

    def check_clock(self, now: datetime) -> None:
        """Make sure that the clock can be right, compared with the last line of the ledger."""
        check_clock(now, ledger.recording_moment(self._last_line()))

    def new_id(self, sop: str) -> str:
        """The id of the next case of an SOP; several in one transaction differ, and no id is ever given twice."""
        if sop not in self._opened:
            ((row,),) = self.writer.ask((_HIGHEST_CASE, {"sop": sop}))
            (self._opened[sop],) = row
        self._opened[sop] += 1
        return case_ids.new_id(sop, self._opened[sop])

    def load_instance(self, id: str) -> Instance:
        """The case as it is now that nobody else can change it.

        Raises:
            DamagedError: where the ledger knows it otherwise: an older copy of the one or the other was put back.
        """
        if id not in self._loaded and case_ids.is_id(id):
            (found,) = self.writer.ask((cases.BY_IDS, {"ids": [id]}))
            self._loaded |= {row.id: row for row in cases.read_rows(found)}
        row: CaseRow | None = self._loaded.get(id)
        if row is None:
            raise case_ids.no_case(id)
        row.check_lines()
        self._revisions.setdefault(id, row.revision)
        return row.decode()

    def use_office(self, office: str, text: bytes) -> None:
        """Record that what is saved from now on was allowed by this office file, and keep its text."""
        self._office = office
        if office not in self.writer.office_versions:
            self._pending.versions["office", office] = text

    def accept_office(self, office: str, at: datetime, by: str, *, holds: bool) -> None:
        """Record that an official accepted an office file."""
        self._pending.lines.append(OfficeLine(previous="", at=at, by=by, office=office, holds=holds))

    def record_account_act(self, act: AccountAct, account: str, at: datetime, by: str) -> None:
        """Record what somebody did with a page account."""
        line = AccountLine(previous="", at=at, by=by, act=act, account=account, office=self._office)
        self._pending.lines.append(line)

    def save_instance(self, instance: Instance) -> None:
        """Store a case, and add its new events to the ledger."""
        case_json.encode_to_save(instance)
        self._pending.lines += event_lines(instance, self._revisions.get(instance.id, 0), self._office)
        if instance.id not in self._revisions:
            self._new.append(instance)
        self._revisions[instance.id] = instance.revision
        self._pending.cases[instance.id] = instance

    def pin_sop(self, version: str, text: bytes) -> None:
        """Keep the text of an SOP version; it is the same for every case of that version."""
        self._pending.versions["sops", version] = text

    def add_document(self, id: str, name: str, data: bytes, suffix: str = ".docx") -> str:
        """Store a document of a case under a name without suffix; its path as the record names it."""
        return self._add_file(file_paths.document_path(id, name, suffix), data)

    def add_attachment(self, id: str, name: str, data: bytes) -> str:
        """Store an attachment of a case; its path as the record names it."""
        return self._add_file(file_paths.attachment_path(id, name), data)

    def add_scan(self, sequence: str, name: str, data: bytes) -> str:
        """Store the scan of an incoming letter of a sequence; its path as the record names it."""
        return self._add_file(file_paths.scan_path(sequence, name), data)

    def next_urut(self, sequence: str) -> int:
        """The next number of a sequence of letters, those of this transaction included."""
        return self._numbers.give_next(sequence)

    def add_entry(self, entry: RegisterEntry, sequence: str) -> None:
        """Add a line to a sequence of the register."""
        entry = self._numbers.add_entry(entry, sequence)
        counter = register.name_counter(sequence)
        self._pending.counters[counter] = max(self._pending.counters.get(counter, 0), entry.highest)
        self._pending.lines.append(NumberLine(previous="", sequence=sequence, office=self._office, entry=entry))

    def amend_entry(self, entry: RegisterEntry) -> None:
        """Add what became of a letter of a case to the sequence that holds it."""
        sequences = register.read_sequences(self.writer.ask, entry.id)
        self.add_entry(entry, find_sequence(sequences, entry, "basis data"))

    def read_file(self, path: str) -> bytes:
        """The bytes of a file by its path in the record, one that this transaction stores included.

        Raises:
            DamagedError: where the record has lost it.
        """
        if path in self._pending.files:
            return self._pending.files[path]
        try:
            return b"".join(contents.read_parts(self.writer.ask, path))
        except NotFoundError as error:
            raise DamagedError(f"{path} hilang. Pulihkan dari cadangan.", code="missing", advice="verify") from error

    def commit(self) -> None:
        """Make the transaction; it lasts when this returns."""
        pending, end = self._pending, self.writer.end
        pending.counters |= cases.count_cases(self._new)
        texts = ledger.encode_chain(pending.lines, end.head).splitlines()
        if texts:
            self._last_line()
        statements = pending.build_statements(end, texts, self._find_known(pending.list_large()))
        self.writer.commit(statements, end.lines + len(texts), texts[-1] if texts else b"")

    def _last_line(self) -> bytes:
        """The last line of the ledger, empty where there is nothing yet that one should hold."""
        if self.writer.has_lost_ledger:
            raise broken_end_error()
        return self.writer.check_last_line()

    def _add_file(self, path: str, data: bytes) -> str:
        self._pending.files[path] = data
        return path

    def _find_known(self, digests: list[str]) -> set[str]:
        """Those of these contents that are there already."""
        if not digests:
            return set()
        (rows,) = self.writer.ask((contents.KNOWN_CONTENTS, {"sha256": digests}))
        return {digest for (digest,) in rows}

    def _read_highest(self, sequence: str) -> tuple[int, int]:
        """The highest number of a sequence by its counter and by the ledger."""
        values = {"counter": register.name_counter(sequence), "sequence": sequence}
        (((counted, text),),) = self.writer.ask((register.COUNTED, values))
        return counted, register.read_highest(sequence, text)
