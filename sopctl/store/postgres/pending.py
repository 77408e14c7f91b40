"""What a transaction will write, kept until it is committed: so it is sent in one go, and may be sent again."""

from collections.abc import Sequence
from hashlib import sha256

from sopctl.engine.instance import Instance
from sopctl.store.ledger import EventLine, LedgerLine
from sopctl.store.postgres import contents
from sopctl.store.postgres.changes import save_changes
from sopctl.store.postgres.connections import Statement
from sopctl.store.postgres.ledger import LedgerEnd
from sopctl.store.workspace import VersionKind

ADD_VERSION = (
    "INSERT INTO sopctl.versions (office, kind, version, text) VALUES (%(office)s, %(kind)s, %(version)s, %(text)s)"
    " ON CONFLICT (office, kind, version) DO NOTHING"
)


class PendingWrites:
    """What is to be written; each part by its name."""

    def __init__(self) -> None:
        self.cases: dict[str, Instance] = {}
        self.counters: dict[str, int] = {}
        self.versions: dict[tuple[VersionKind, str], bytes] = {}
        self.files: dict[str, bytes] = {}

    def list_large(self) -> list[str]:
        """The sha256 of the contents of more than one part."""
        return [digest for digest, data in self.list_contents().items() if len(data) > contents.PART]

    def list_contents(self) -> dict[str, bytes]:
        """The contents of the files by their sha256."""
        return {sha256(data).hexdigest(): data for data in self.files.values()}

    def build_statements(
        self, lines: Sequence[LedgerLine], texts: Sequence[bytes], end: LedgerEnd, known: set[str]
    ) -> list[Statement]:
        """The statements that write it, and the lines with these ``texts``, behind this end of the ledger.

        ``known`` are contents that are there already.
        """
        statements: list[Statement] = [
            (ADD_VERSION, {"kind": kind, "version": version, "text": text})
            for (kind, version), text in self.versions.items()
        ]
        for digest, data in self.list_contents().items():
            if digest not in known:
                statements += contents.add_content(digest, data)
        statements += [
            (contents.ADD_FILE, {"path": path, "sha256": sha256(data).hexdigest()}) for path, data in self.files.items()
        ]
        if lines or self.cases or self.counters:
            numbers = {line.case: n for n, line in enumerate(lines, end.lines + 1) if isinstance(line, EventLine)}
            instances = [(one, numbers.get(one.id, 0)) for one in self.cases.values()]
            statements.append(save_changes(lines, texts, end, instances, self.counters))
        return statements
