"""What can be said of a record without reading what it says: where it lies, how large it is, what protects it."""

from msgspec import Struct


class RecordSize(Struct, frozen=True, kw_only=True):
    """How much of everything there is; ``head`` is the sha256 of the last line of the ledger, empty where none is.

    ``files`` are the documents, attachments and scans, and ``bytes`` what they take.
    """

    cases: int = 0
    lines: int = 0
    head: str = ""
    files: int = 0
    bytes: int = 0


class FolderFacts(Struct, frozen=True, kw_only=True):
    """A record of files: its folder, whether a group shares it, and who keeps its lock now; empty where nobody does."""

    folder: str
    shared: bool
    holder: str


class LeftFolder(Struct, frozen=True, kw_only=True):
    """A record of files beside one in a database: how many lines its ledger has, and whether it is closed."""

    folder: str
    lines: int
    is_closed: bool


class DatabaseFacts(Struct, frozen=True, kw_only=True):
    """A record in a database, without address, role or password.

    ``tables`` is the number of the last migration that was applied, 0 where none was; ``needed`` that of this program.
    ``office`` is the one that is meant of the ``offices`` for which the role works, empty where none is. ``offset`` are
    the seconds by which the server's clock is ahead of this computer's. ``listens`` says whether the server can tell of
    changes. What a role that ``is_superuser``, ``bypasses_policies`` or ``is_owner`` may do nothing prevents.
    """

    service: str
    office: str
    offices: tuple[str, ...]
    tables: int
    needed: int
    server: str
    encrypted: bool
    local: bool
    standby: bool
    is_owner: bool
    is_superuser: bool
    bypasses_policies: bool
    listens: bool
    offset: float


class RecordFacts(Struct, frozen=True, kw_only=True):
    """All of it; ``moved_to`` is the kind of store where the record lies, where that is another one than this.

    ``left`` is what the workspace has of a record of files where the record lies in a database.
    """

    store: str
    moved_to: str = ""
    size: RecordSize | None = None
    folder: FolderFacts | None = None
    database: DatabaseFacts | None = None
    left: LeftFolder | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it can be worked with as it is."""
        one = self.database
        has_tables = one is None or (one.tables == one.needed and bool(one.office))
        return has_tables and not self.moved_to and (self.left is None or self.left.is_closed)
