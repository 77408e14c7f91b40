"""Whether the record is intact, and mending what a crash left."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from sopctl.desk.desk import Desk
from sopctl.desk.views import readable
from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, Event, Move, Numbered, Written
from sopctl.errors import DamagedError, NotFoundError, SopctlError
from sopctl.store import files, journal
from sopctl.store.lock import locked

LARGEST = 200_000_000


class Finding(Struct, frozen=True):
    """One thing that is not as it was recorded; ``id`` is empty where it belongs to no case."""

    id: str
    path: str
    message: str


class Verified(Struct, frozen=True):
    """What `verify` looked at and what it found."""

    cases: int
    events: int
    files: int
    findings: tuple[Finding, ...]


class Traced(Struct, frozen=True):
    """Where a Word file comes from."""

    id: str
    subject: str
    step: str
    kegiatan: str
    act: str
    nomor: str
    at: str


class Mended(Struct, frozen=True):
    """What `doctor` put right, and what it found and left alone."""

    mended: tuple[str, ...]
    findings: tuple[Finding, ...]


def verify(desk: Desk, id: str | None) -> Verified:
    """Compare one case, or all, with what was recorded: the chain of events, the SOP version, every file."""
    ids = [desk.store.matching(id)] if id else list(desk.store.ids())
    findings: list[Finding] = []
    events = papers = 0
    for name in ids:
        try:
            case = desk.case(name)
        except (DamagedError, NotFoundError) as error:
            findings.append(Finding(name, "", error.message))
            continue
        recorded = list(_files(case.instance.events))
        events += len(case.instance.events)
        papers += len(recorded)
        findings += _altered(desk, case, recorded)
    return Verified(len(ids), events, papers, tuple(findings))


def trace(desk: Desk, path: Path) -> Traced:
    """The case, step and act that a Word file belongs to, found by its content.

    Raises:
        DamagedError: where no case wrote these bytes: the file is not from here, or was changed since.
    """
    digest = sha256(files.read(path, limit=LARGEST)).hexdigest()
    cases, _ = readable(desk, None)
    for case in cases:
        for event in case.instance.events:
            if isinstance(event, Move | Numbered):
                for written in event.documents:
                    if written.sha256 == digest:
                        return _traced(case, event, written)
    raise DamagedError(
        f"{path.name} bukan berkas yang ditulis sopctl di ruang kerja ini, atau isinya sudah diubah.",
        code="unknown_file",
    )


def doctor(desk: Desk) -> Mended:
    """Finish or sweep what a dead process left, then verify everything."""
    mended: list[str] = []
    workspace = desk.workspace
    with locked(workspace.lock):
        if journal.recover(workspace.data):
            mended.append("Perubahan yang terputus sudah dirampungkan atau dibersihkan.")
        for rubbish in _rubbish(workspace.data):
            with files.disk(rubbish):
                rubbish.unlink()
            mended.append(f"Sisa berkas sementara dihapus: {workspace.relative(rubbish)}.")
    return Mended(tuple(mended), verify(desk, None).findings)


def _files(events: Iterable[Event]) -> Iterator[Written | Attachment]:
    for event in events:
        yield from event.attachments
        if isinstance(event, Move | Numbered):
            yield from event.documents


def _altered(desk: Desk, case: Case, recorded: Iterable[Written | Attachment]) -> Iterator[Finding]:
    for file in recorded:
        path = desk.workspace.root / file.path
        try:
            data = files.read(path, limit=LARGEST)
        except SopctlError as error:
            yield Finding(case.id, file.path, error.message)
            continue
        if sha256(data).hexdigest() != file.sha256:
            yield Finding(case.id, file.path, f"Isi {file.path} tidak sama dengan yang dicatat.")


def _traced(case: Case, event: Move | Numbered, written: Written) -> Traced:
    step = case.sop.step(written.step)
    return Traced(
        id=case.id,
        subject=case.state.subject,
        step=step.id,
        kegiatan=step.kegiatan,
        act=written.act,
        nomor=written.nomor,
        at=event.at.isoformat(),
    )


def _rubbish(data: Path) -> list[Path]:
    """Temporary files of processes that died while they replaced a file."""
    return sorted(path for path in data.rglob(".*.tmp") if path.is_file())
