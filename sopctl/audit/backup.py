"""`backup FILE`: sopctl.yaml, SOPs, templates and the record of one moment in a zip, while others work.

The moment is the length of the ledger under the lock, which is held no longer than the register takes to be read. The
record is events that are only added, so everything else of that moment can be read afterwards: of a case that went on
meanwhile only the events that the ledger had then are kept, and files that events name never change.

What lies in `data` without being named by the record (a file that somebody put there) is left out. The record is
verified before, and every byte of the zip is read again and compared after it was written. Where the record is not
intact the backup is written all the same, for it holds what there is; its findings are told.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path, PurePath

import msgspec
from msgspec import Struct

from sopctl.audit.backup_archive import MANIFEST, PIECE, ArchiveWriter, Manifest, Part, check_archive, may_hold
from sopctl.audit.file_hashes import LARGEST
from sopctl.audit.findings import Finding
from sopctl.audit.verify import verify
from sopctl.engine.case import Case
from sopctl.engine.events import first_version
from sopctl.engine.instance import Instance
from sopctl.errors import BusyError, DamagedError, NotFoundError, SopctlError, UsageError
from sopctl.store import case_ids, case_json, disk, ledger
from sopctl.store.files import cases, ledger_file, register
from sopctl.store.incoming_register import list_scans
from sopctl.store.ledger import LoggedEvent
from sopctl.store.outputs import check_output_path, private_mode, write_output
from sopctl.store.protocol import OnProgress
from sopctl.store.record import Record
from sopctl.store.record_paths import lies_in_record
from sopctl.store.workspace import EMPLOYEES, IGNORED


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
        self._record, self._workspace, self._tolerant = record, record.workspace, bool(findings)
        self._unrecorded = {one.id for one in findings if one.kind == "ahead"}
        self._revisions: dict[str, int] = defaultdict(int)
        self._anchor = ""
        workspace = self._workspace
        with record.store.begin():
            self._at = record.now()
            self._size = workspace.ledger.stat().st_size if workspace.ledger.exists() else 0
            self._register = [(path, disk.read_file(path, limit=LARGEST)) for path in _files(workspace.agenda)]
            self._kept = [*_files(workspace.versions), *_files(workspace.offices), *_files(workspace.aside)]

    def pack(self, on_progress: OnProgress) -> Iterator[bytes]:
        """The bytes of the zip; its list comes last."""
        writer = ArchiveWriter(self._at)
        yield from writer.pack(self._parts(writer, on_progress))

    def _parts(self, writer: ArchiveWriter, on_progress: OnProgress) -> Iterator[Part]:
        workspace = self._workspace
        yield workspace.office.name, [self._record.office_text]
        own = (path for name in (EMPLOYEES, IGNORED) if (path := workspace.root / name).is_file())
        for path in (*own, *_files(workspace.sops), *_files(workspace.templates), *self._logo(), *self._kept):
            yield self._name(path), _pieces(path)
        if self._size:
            yield workspace.relative_path(workspace.ledger), self._ledger()
        for path, data in self._register:
            yield workspace.relative_path(path), [data]
            yield from self._scans(path, data)
        yield from self._case_parts(on_progress)
        manifest = Manifest(at=self._at, anchor=self._anchor, files=writer.files)
        yield MANIFEST, [msgspec.json.format(msgspec.json.encode(manifest), indent=1)]

    def _logo(self) -> Iterator[Path]:
        """The file of the logo where it lies by itself, in a place where letters may take it from."""
        root, logo = self._workspace.root, self._record.office.instansi.logo
        path = root / logo
        inside = path.is_file() and path.is_relative_to(root) and may_hold(self._workspace.relative_path(path))
        if inside and PurePath(logo).parts[0] not in {self._workspace.sops.name, self._workspace.templates.name}:
            yield path

    def _name(self, path: Path) -> str:
        """The name of a file in the zip."""
        name = self._workspace.relative_path(path)
        if not may_hold(name):
            raise UsageError(f"{path}: nama ini tidak dapat dicadangkan; ganti namanya dahulu.", code="file_name")
        return name

    def _part(self, path: Path) -> Iterator[Part]:
        """A file that an event names, where it is there."""
        name = self._name(path)
        try:
            data = disk.read_file(path, limit=LARGEST)
        except (NotFoundError, DamagedError):
            if not self._tolerant:
                raise
            return
        yield name, [data]

    def _scans(self, path: Path, data: bytes) -> Iterator[Part]:
        """The scans that a sequence of incoming letters names."""
        try:
            scans = list(list_scans(register.decode_entries(data, path)))
        except DamagedError:
            if not self._tolerant:
                raise
            scans = []
        for scan in scans:
            yield from self._part(self._workspace.root / scan.path)

    def _ledger(self) -> Iterator[bytes]:
        """The ledger as long as it was; how many events it has of each case is noted on the way."""
        lines, left, text = 0, self._size, b""
        with ledger_file.open_ledger(self._workspace.ledger) as file:
            while file and left > 0 and (text := file.readline(left)):
                lines, left = lines + 1, left - len(text)
                line = ledger.decode_passing(text.removesuffix(b"\n"))
                if isinstance(line, LoggedEvent):
                    self._revisions[line.case] = max(self._revisions[line.case], line.revision)
                yield text
        if left:
            raise BusyError("Buku catatan diganti selagi dicadangkan; ulangi perintahnya.", code="changed_meanwhile")
        head = ledger.hash_line(text.removesuffix(b"\n"))
        self._anchor = f"sopctl {lines} {head}"

    def _case_parts(self, on_progress: OnProgress) -> Iterator[Part]:
        """The cases with their files; of those that went on meanwhile the events that there were."""
        ids = list(self._record.store.list_ids())
        unrecorded = self._unrecorded if self._size or not self._tolerant else {*ids}
        for done, id in enumerate(ids, 1):
            data, instance = self._read_case(id)
            known = self._revisions[id]
            if instance is None or instance.revision <= known or id in unrecorded:
                yield from self._case(id, data, instance)
            elif known:
                version = first_version(instance.version, instance.events)
                earlier = Case.from_events(id, version, instance.events[:known], self._record.load_sop).instance
                yield from self._case(id, case_json.encode(earlier), earlier)
            on_progress(done, len(ids))

    def _read_case(self, id: str) -> tuple[bytes, Instance | None]:
        """The file of a case, and the case where it can be read."""
        path = cases.path_of(self._workspace.instances, id)
        data = disk.read_file(path, limit=case_json.LARGEST)
        try:
            return data, case_json.decode(data, path, id)
        except DamagedError:
            if not self._tolerant:
                raise
            return data, None

    def _case(self, id: str, data: bytes, instance: Instance | None) -> Iterator[Part]:
        """A case with the files that its events name; with all that lie in its folders where it cannot be read."""
        self.cases += 1
        workspace = self._workspace
        yield workspace.relative_path(cases.path_of(workspace.instances, id)), [data]
        if instance is not None:
            named = [workspace.root / file.path for event in instance.events for file in event.files]
        else:
            shelf = f"{case_ids.folder_of(id)}/{id}"
            named = [*_files(workspace.documents / shelf), *_files(workspace.attachments / shelf)]
        for path in dict.fromkeys(named):
            yield from self._part(path)


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


def _pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file of any length."""
    with disk.translate_errors(path), disk.open_descriptor(path, os.O_RDONLY) as file:
        while piece := os.read(file, PIECE):
            yield piece


def _refuse(error: OSError) -> None:
    """Raise the error of a folder that cannot be listed; one that is not there has no files."""
    if not isinstance(error, FileNotFoundError):
        raise error
