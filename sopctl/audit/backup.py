"""`backup FILE`: sopctl.yaml, SOPs, templates and the record of one moment in a zip, while others work.

The moment is the number of lines of the ledger under the lock, which is held no longer than the register takes to be
read. The record is events that are only added, so everything else of that moment can be read afterwards: of a case that
went on meanwhile only the events that the ledger had then are kept, and files that events name never change.

What lies in the record without being named by it (a file that somebody put there) is left out. The record is verified
before, and every byte of the zip is read again and compared after it was written. Where the record is not intact the
backup is written all the same, for it holds what there is; its findings are told.

From every store it is the same zip: that of an office whose record is files in `data`.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path, PurePath
from typing import BinaryIO

import msgspec
from msgspec import Struct

from sopctl.audit.anchor import format_anchor
from sopctl.audit.backup_archive import MANIFEST, ArchiveWriter, Manifest, Part, check_archive, may_hold
from sopctl.audit.findings import Finding
from sopctl.audit.verify import verify
from sopctl.engine.case import Case
from sopctl.engine.events import first_version
from sopctl.engine.instance import Instance
from sopctl.errors import BusyError, DamagedError, NotFoundError, SopctlError, UsageError
from sopctl.store import case_ids, case_json, disk, ledger
from sopctl.store.incoming_register import list_scans
from sopctl.store.ledger import LoggedEvent
from sopctl.store.outputs import check_output_path, private_mode, write_output
from sopctl.store.protocol import OnProgress
from sopctl.store.record import Record
from sopctl.store.record_paths import lies_in_record
from sopctl.store.register import decode_entries
from sopctl.store.workspace import EMPLOYEES, IGNORED, VERSION_KINDS


class WrittenBackup(Struct, frozen=True, kw_only=True):
    """The backup that was written: of which moment, how much is in it, and what is not intact in the record itself."""

    path: str
    at: datetime
    anchor: str
    cases: int
    files: int
    findings: tuple[Finding, ...]


def write_backup(record: Record, target: Path, on_progress: OnProgress | None = None) -> WrittenBackup:
    """Write the backup.

    Raises:
        UsageError: where the target is there already, or may not be written. BusyError: where another command keeps the
            lock, or the disk does not take or give a file. DamagedError: where it cannot be read back.
    """
    path = check_output_path(record, target, "backup", ".zip")
    if path.exists():
        raise UsageError(f"{path} sudah ada; cadangan tidak menimpa file lain.", code="file_exists")
    findings = verify(record, None).findings
    moment = _Moment(record, findings)
    write_output(path, moment.pack(on_progress or (lambda _done, _total: None)), mode=private_mode(record))
    try:
        manifest = check_archive(path)
    except SopctlError:
        path.unlink()
        raise
    return WrittenBackup(
        path=str(path), at=manifest.at, anchor=manifest.anchor, cases=moment.cases, files=len(manifest.files),
        findings=findings,
    )  # fmt: skip


class _Moment:
    """The record as it was when this was made, read while others go on.

    What the ``findings`` say is missing is left out, and what they say was never recorded is kept.
    """

    def __init__(self, record: Record, findings: Collection[Finding]) -> None:
        self.cases = 0
        self._record, self._workspace, self._store = record, record.workspace, record.whole_store
        self._tolerant = bool(findings)
        self._unrecorded = {one.id for one in findings if one.kind == "ahead"}
        self._revisions: dict[str, int] = defaultdict(int)
        self._anchor = ""
        with record.store.begin():
            self._at = record.now()
            self._ledger = self._store.open_ledger()
            self._lines = self._ledger.count_lines()
            self._register = dict(self._read_sequences())
            self._aside = _files(self._store.folder / record.workspace.aside.name) if self._store.folder else []

    def pack(self, on_progress: OnProgress) -> Iterator[bytes]:
        """The bytes of the zip; its list comes last."""
        writer = ArchiveWriter(self._at)
        yield from writer.pack(self._parts(writer, on_progress))

    def _parts(self, writer: ArchiveWriter, on_progress: OnProgress) -> Iterator[Part]:
        workspace = self._workspace
        yield workspace.office.name, [self._record.office_text]
        own = (path for name in (EMPLOYEES, IGNORED) if (path := workspace.root / name).is_file())
        for path in (*own, *_files(workspace.sops), *_files(workspace.templates), *self._logo(), *self._aside):
            yield _checked(workspace.relative_path(path)), _pieces(disk.open_plain_file(path), path)
        yield from self._versions()
        if self._lines:
            yield "data/ledger.jsonl", self._ledger_pieces()
        for name, data in self._register.items():
            yield f"data/agenda/{name}", [data]
            yield from self._scans(name, data)
        yield from self._case_parts(on_progress)
        manifest = Manifest(at=self._at, anchor=self._anchor, files=writer.files)
        yield MANIFEST, [msgspec.json.format(msgspec.json.encode(manifest), indent=1)]

    def _read_sequences(self) -> Iterator[tuple[str, bytes]]:
        """The sequences of the register that can be read."""
        for name in self._store.list_sequences():
            with self._unless_damaged():
                yield name, self._store.read_sequence(name)

    @contextmanager
    def _unless_damaged(self) -> Iterator[None]:
        """What is damaged or missing is left out where that was found before."""
        try:
            yield
        except (NotFoundError, DamagedError):
            if not self._tolerant:
                raise

    def _versions(self) -> Iterator[Part]:
        """The texts that events name; what was found to be damaged, and what no event names, may be left out."""
        for kind in VERSION_KINDS:
            for version in self._store.list_versions(kind):
                with suppress(DamagedError):
                    yield f"data/{kind}/{version}.yaml", [self._store.read_version(kind, version)]

    def _logo(self) -> Iterator[Path]:
        """The file of the logo where it lies by itself, in a place where letters may take it from."""
        root, logo = self._workspace.root, self._record.office.instansi.logo
        path = root / logo
        inside = path.is_file() and path.is_relative_to(root) and may_hold(self._workspace.relative_path(path))
        if inside and PurePath(logo).parts[0] not in {self._workspace.sops.name, self._workspace.templates.name}:
            yield path

    def _part(self, path: str) -> Iterator[Part]:
        """A file that an event names, where it is there."""
        with self._unless_damaged():
            yield _checked(path), _pieces(self._store.open_file(path), self._workspace.root / path)

    def _scans(self, name: str, data: bytes) -> Iterator[Part]:
        """The scans that a sequence of incoming letters names."""
        with self._unless_damaged():
            for scan in list_scans(decode_entries(data, PurePath("data/agenda", name))):
                yield from self._part(scan.path)

    def _ledger_pieces(self) -> Iterator[bytes]:
        """The lines that the ledger had; how many events it has of each case is noted on the way."""
        lines, text = 0, b""
        for read in islice(self._ledger.read_lines(), self._lines):
            lines, text = read.number, read.text
            if isinstance(read.line, LoggedEvent):
                self._revisions[read.line.case] = max(self._revisions[read.line.case], read.line.revision)
            yield text if read.torn else text + b"\n"
        if lines < self._lines:
            raise BusyError("Buku catatan diganti selagi dicadangkan; ulangi perintahnya.", code="changed_meanwhile")
        self._anchor = format_anchor(lines, ledger.hash_line(text))

    def _case_parts(self, on_progress: OnProgress) -> Iterator[Part]:
        """The cases with their files; of those that went on meanwhile the events that there were."""
        ids = list(self._record.store.list_ids())
        unrecorded = self._unrecorded if self._lines or not self._tolerant else {*ids}
        for done, (id, name, read) in enumerate(self._store.read_cases(ids), 1):
            data = self._store.read_case(id) if read is None else read
            instance = self._decode(id, name, data)
            known = self._revisions[id]
            if instance is None or instance.revision <= known or id in unrecorded:
                yield from self._case(id, data, instance)
            elif known:
                version = first_version(instance.version, instance.events)
                earlier = Case.from_events(id, version, instance.events[:known], self._record.load_sop).instance
                yield from self._case(id, case_json.encode(earlier), earlier)
            on_progress(done, len(ids))

    def _decode(self, id: str, name: str, data: bytes) -> Instance | None:
        """The case in these bytes; None where it cannot be read."""
        with self._unless_damaged():
            return case_json.decode(data, name, id)
        return None

    def _case(self, id: str, data: bytes, instance: Instance | None) -> Iterator[Part]:
        """A case with the files that its events name; with all that lie in its folders where it cannot be read."""
        self.cases += 1
        yield f"data/instances/{case_ids.folder_of(id)}/{id}.json", [data]
        named = (
            self._list_files(id) if instance is None else [file.path for one in instance.events for file in one.files]
        )
        for path in dict.fromkeys(named):
            yield from self._part(path)

    def _list_files(self, id: str) -> list[str]:
        """The files that the record holds of a case, whatever its events name."""
        parts = (self._store.hash_files(part) for part in self._store.list_file_parts(id))
        paths = (f"{folder}/{name}" for part in parts for folder, names in part.items() for name in sorted(names))
        return [path for path in paths if may_hold(path)]


def _files(folder: Path) -> list[Path]:
    """The files in a folder and below, hidden ones and those that Word keeps beside an open document left out.

    In a record there are no links, and none is followed.
    """
    found: list[Path] = []
    plain = lies_in_record(folder)
    if plain and folder.is_symlink():
        return found
    with disk.translate_errors(folder):
        for parent, folders, names in os.walk(folder, onerror=_refuse):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            paths = (Path(parent, name) for name in sorted(names) if not name.startswith((".", "~$")))
            found += [path for path in paths if path.is_file() and not (plain and path.is_symlink())]
    return found


def _checked(name: str) -> str:
    """The name of a file in the zip."""
    if not may_hold(name):
        raise UsageError(f"{name}: nama ini tidak dapat dicadangkan; ganti namanya dahulu.", code="file_name")
    return name


def _pieces(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """The bytes of a file of any length."""
    with disk.translate_errors(path), file:
        yield from disk.read_pieces(file)


def _refuse(error: OSError) -> None:
    """Raise the error of a folder that cannot be listed; one that is not there has no files."""
    if not isinstance(error, FileNotFoundError):
        raise error
