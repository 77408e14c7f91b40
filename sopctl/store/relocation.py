"""Moving the whole record of an office from one store to another: what either is asked, and the copying.

An office's record is open in one store at most. The other is closed and says where it lies; a closed one may hold a
part of it, which its ledger counts: with a line, everything that the line names is there. So copying goes on where it
was interrupted, also where the office worked meanwhile, and a record that was moved away before is only completed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from hashlib import sha256 as make_sha256
from itertools import islice
from typing import BinaryIO, Protocol, TypeVar

from sopctl.engine.instance import Instance
from sopctl.errors import DamagedError, UsageError
from sopctl.office.model import RecordKind
from sopctl.store import disk
from sopctl.store.incoming_register import list_scans
from sopctl.store.ledger import EventLine, LedgerLine, NumberLine, decode_line
from sopctl.store.moved import PLACES
from sopctl.store.protocol import OnProgress, RecordStore
from sopctl.store.workspace import VERSION_KINDS, VersionKind

T = TypeVar("T")

_PORTION = 16_000_000
"""Bytes of lines that are copied at a time: a database takes no more than 1 GB at once."""

_LEAST_LINE, _CASE = _PORTION // 1_000, _PORTION // 100
"""What a line at least, and a case, is taken to have."""


class MovableRecord(Protocol):
    """The record of an office in one store, open or closed, whoever asks."""

    @property
    def store(self) -> RecordStore:
        """Reads it, closed or not."""

    @property
    def kind(self) -> RecordKind:
        """What keeps it."""

    @property
    def is_closed(self) -> bool:
        """Whether the record lies elsewhere."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever recorded in it."""

    def hold(self) -> AbstractContextManager[Callable[[], None]]:
        """Keep others out in the block: writers, and other moves; what is given closes the record.

        Raises:
            BusyError: where somebody else keeps it. Of what is given, where it was not kept to the end.
        """

    def open(self) -> None:
        """Let everybody work in it again; all that was added lasts when this returns."""

    def trim_end(self) -> tuple[int, bytes]:
        """Remove a last line of the ledger of a closed one that was cut short; how many lines it has, and the last."""

    def add_version(self, kind: VersionKind, version: str, text: bytes) -> None:
        """Keep the text of an SOP or office file."""

    def add_file(self, path: str, pieces: Iterable[bytes], sha256: str) -> None:
        """Keep a document, attachment or scan, of which this is the sha256; nothing where ``pieces`` raises."""

    def add_lines(self, texts: Sequence[bytes]) -> None:
        """Add lines to the ledger, and keep all that was added before them."""

    def find_stale_cases(self) -> Mapping[str, str]:
        """The cases that are not kept as the ledger has them: the hash of the last event by id."""

    def put_cases(self, instances: Sequence[Instance]) -> None:
        """Keep cases as they are."""

    def put_sequence(self, sequence: str, data: bytes) -> None:
        """Keep a sequence of the register."""


def copy_record(source: RecordStore, target: MovableRecord, on_progress: OnProgress) -> None:
    """Complete a closed record by another one in which nobody writes; ``on_progress`` is called with lines.

    Raises:
        UsageError: where the target holds another record. DamagedError: where the source lacks what it names.
    """
    begin, last = target.trim_end()
    if begin and source.open_ledger().read_texts([begin]).get(begin) != last:
        raise other_record_error(target.kind)
    _copy_versions(source, target)
    _copy_lines(source, target, begin, on_progress)
    stale = target.find_stale_cases()
    for ids in _portions(stale, lambda _id: _CASE):
        target.put_cases([_load(source, id, stale[id]) for id in ids])
    for sequence in source.list_sequences():
        target.put_sequence(sequence, source.read_sequence(sequence))


def other_record_error(kind: RecordKind) -> UsageError:
    """What is wrong where another record lies in the store that is moved to."""
    message = f"Di {PLACES[kind]} sudah ada catatan lain; tidak ada yang dipindahkan."
    if kind == "files":
        return UsageError(message, code="other_record", advice="unmoved")
    return UsageError(message, code="other_record", advice="other_office")


def _copy_versions(source: RecordStore, target: MovableRecord) -> None:
    """Copy the texts of SOPs and office files that the target lacks."""
    for kind in VERSION_KINDS:
        for version in sorted({*source.list_versions(kind)} - {*target.store.list_versions(kind)}):
            target.add_version(kind, version, source.read_version(kind, version))


def _copy_lines(source: RecordStore, target: MovableRecord, begin: int, on_progress: OnProgress) -> None:
    """Copy the lines of the ledger after the first ``begin`` ones, each portion behind the files that it names."""
    ledger = source.open_ledger()
    total = ledger.count_lines()
    left = (line.text for line in islice(ledger.read_lines(), begin, None))
    for texts in _portions(left, lambda text: max(len(text), _LEAST_LINE)):
        _copy_files(source, target, texts)
        target.add_lines(texts)
        begin += len(texts)
        on_progress(begin, total)


def _portions(items: Iterable[T], measure: Callable[[T], int]) -> Iterator[list[T]]:
    """As many of them at a time as a portion takes, and at least one; ``measure`` says how many bytes each has."""
    portion: list[T] = []
    size = 0
    for item in items:
        size += measure(item)
        if portion and size > _PORTION:
            yield portion
            portion, size = [], measure(item)
        portion.append(item)
    if portion:
        yield portion


def _copy_files(source: RecordStore, target: MovableRecord, texts: Iterable[bytes]) -> None:
    """Copy the files that lines name."""
    lines = (line for text in texts if (line := decode_line(text)) is not None)
    for path, sha256 in dict(named for line in lines for named in _list_files(line)).items():
        with source.open_file(path) as file:
            target.add_file(path, _check(path, file, sha256), sha256)


def _check(path: str, file: BinaryIO, sha256: str) -> Iterator[bytes]:
    """The bytes of a file; where they turn out to be others than were recorded, DamagedError at their end."""
    digest = make_sha256()
    for piece in disk.read_pieces(file):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != sha256:
        message = f"Isi {path} tidak sama dengan yang dicatat; pemindahan dihentikan. Pulihkan dari cadangan."
        raise DamagedError(message, code="file", advice="verify")


def _list_files(line: LedgerLine) -> Iterator[tuple[str, str]]:
    """Each file that a line names, with its sha256."""
    if isinstance(line, NumberLine):
        yield from ((scan.path, scan.sha256) for scan in list_scans([line.entry]))
    elif isinstance(line, EventLine):
        yield from ((file.path, file.sha256) for file in line.event.files)


def _load(source: RecordStore, id: str, head: str) -> Instance:
    found = source.load_instance(id)
    if found.head != head:
        raise DamagedError(f"Berkas {id} tidak sesuai dengan buku catatan.", code="changed", advice="verify")
    return found
