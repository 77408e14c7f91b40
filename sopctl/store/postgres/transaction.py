"""A transaction on the database: what it writes is collected, and sent when it is committed."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256

from sopctl.engine.instance import Instance
from sopctl.errors import NotFoundError
from sopctl.store import case_ids, ledger
from sopctl.store.ledger import EventLine
from sopctl.store.postgres import cases, contents, register
from sopctl.store.postgres.connections import Connections, Statement
from sopctl.store.postgres.ledger import LedgerEnd, broken_end_error, save_changes
from sopctl.store.postgres.writer import Writer
from sopctl.store.protocol import CommitState
from sopctl.store.register import RegisterEntry, find_sequence
from sopctl.store.transaction import Transaction, disagreement_error
from sopctl.store.workspace import VersionKind

_HIGHEST_CASE = (
    "SELECT greatest((SELECT value FROM sopctl.counters WHERE office = %(office)s AND name = 'sop:' || %(sop)s),"
    " (SELECT max(number) FROM sopctl.cases WHERE office = %(office)s AND sop = %(sop)s), 0)"
)


class PostgresTransaction(Transaction):
    """One transaction on the database.

    ``expected`` is the id of the case that is probably asked for: it is read together with the office's row.
    """

    def __init__(self, connections: Connections, on_commit: Callable[[CommitState], None], expected: str) -> None:
        super().__init__()
        self.writer = Writer(connections, [(cases.BY_IDS, {"ids": [expected]})], on_commit)
        (found,) = self.writer.beginning
        self._loaded = {row.id: row for row in cases.read_rows(found)}
        self._cases: dict[str, Instance] = {}
        self._counters: dict[str, int] = {}
        self._versions: dict[tuple[VersionKind, str], bytes] = {}
        self._files: dict[str, bytes] = {}

    def amend_entry(self, entry: RegisterEntry) -> None:
        """Add what became of a letter of a case to the sequence that holds it."""
        sequences = register.read_sequences(self.writer.ask, entry.id)
        self.add_entry(entry, find_sequence(sequences, entry, "basis data"))

    def commit(self) -> None:
        """Make the transaction; it lasts when this returns."""
        end = self.writer.end
        texts = ledger.encode_chain(self._lines, end.head).splitlines()
        if texts:
            self._read_last_line()
        statements = self._build_statements(end, texts)
        self.writer.commit(statements, end.lines + len(texts), texts[-1] if texts else b"")

    def _build_statements(self, end: LedgerEnd, texts: Sequence[bytes]) -> list[Statement]:
        """What writes all of it; the lines have these ``texts``, behind this end of the ledger."""
        statements: list[Statement] = [
            (contents.ADD_VERSION, {"kind": kind, "version": version, "text": text})
            for (kind, version), text in self._versions.items()
        ]
        digests = {path: sha256(data).hexdigest() for path, data in self._files.items()}
        data_of = {digests[path]: data for path, data in self._files.items()}
        known = self._find_known([digest for digest, data in data_of.items() if len(data) > contents.PART])
        for digest, data in data_of.items():
            if digest not in known:
                statements += contents.add_content(digest, data)
        statements += [(contents.ADD_FILE, {"path": path, "sha256": digest}) for path, digest in digests.items()]
        counters = self._counters | cases.count_cases(one for id, one in self._cases.items() if id not in self._loaded)
        if self._lines or self._cases or counters:
            numbers = {line.case: n for n, line in enumerate(self._lines, end.lines + 1) if isinstance(line, EventLine)}
            instances = [(one, numbers.get(one.id, 0)) for one in self._cases.values()]
            statements.append(save_changes(self._lines, texts, end, instances, counters))
        return statements

    def _read_last_line(self) -> bytes:
        """The last line of the ledger, empty where there is nothing yet that one should hold."""
        if self.writer.has_lost_ledger:
            raise broken_end_error()
        return self.writer.check_last_line()

    def _read_highest_case(self, sop: str) -> int:
        (((highest,),),) = self.writer.ask((_HIGHEST_CASE, {"sop": sop}))
        return int(highest)

    def _load(self, id: str) -> Instance:
        if id not in self._loaded and case_ids.is_id(id):
            (found,) = self.writer.ask((cases.BY_IDS, {"ids": [id]}))
            self._loaded |= {row.id: row for row in cases.read_rows(found)}
        if (row := self._loaded.get(id)) is None:
            raise case_ids.no_case(id)
        if len(row.lines) != row.revision:
            raise disagreement_error(id, row.revision, len(row.lines))
        return row.decode()

    def _find_file(self, path: str) -> bytes | None:
        if path in self._files:
            return self._files[path]
        with suppress(NotFoundError):
            return b"".join(contents.read_parts(self.writer.ask, path))
        return None

    def _keep_version(self, kind: VersionKind, version: str, text: bytes) -> None:
        if kind == "sops" or version not in self.writer.office_versions:
            self._versions[kind, version] = text

    def _put_case(self, instance: Instance, data: bytes) -> None:  # noqa: ARG002 — the events are in the ledger
        self._cases[instance.id] = instance

    def _put_file(self, path: str, data: bytes) -> str:
        self._files[path] = data
        return path

    def _put_entry(self, entry: RegisterEntry, sequence: str) -> None:
        counter = register.name_counter(sequence)
        self._counters[counter] = max(self._counters.get(counter, 0), entry.highest)

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
