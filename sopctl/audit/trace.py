"""`verify FILE` and `verify CODE`: the case, step and state of a Word file or a paper, or that it was altered.

What a file says of itself is held against the events of its case, and these against the ledger: a letter is as
genuine as the record that tells of it.
"""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sopctl.audit.histories import History, histories, papers
from sopctl.audit.kinds import unknown
from sopctl.audit.verify import verify
from sopctl.audit.witness import Finding, chain_of
from sopctl.engine.events import Attachment, Cancelled, Event, Started, Withdrawn, Written
from sopctl.engine.signings import find_signature as signature_of
from sopctl.errors import DamagedError, NotFoundError, SopctlError
from sopctl.office.model import Office
from sopctl.sop.model import Act
from sopctl.store import disk
from sopctl.store.files.register import RegisterEntry
from sopctl.store.record import Record

LARGEST = 200_000_000

_BESIDE = ("file", "stray", "access")
"""Findings about other files of the case: they cast no doubt on this one."""


Why = Literal["withdrawn", "cancelled", "number_withdrawn"]


class Standing(Struct, frozen=True, kw_only=True):
    """Why a genuine letter does not count: its move was taken back, its case cancelled, its number withdrawn."""

    kind: Why
    at: str
    by: str
    note: str


class Bearing(Struct, frozen=True, kw_only=True):
    """A code at the foot of an altered file, and the event whose code it is; ``id`` is empty where it is nobody's."""

    code: str
    id: str = ""
    number: int = 0


class Traced(Struct, frozen=True, kw_only=True):
    """Where a Word file comes from.

    ``number`` is its event's; ``act`` what was done to it then. ``tanggal`` and ``signer`` are those of the signature
    that it shows, empty before it was signed; ``path`` is where it lies. ``latest`` is the path of a newer file of the
    same document (empty where this is the newest). ``standing`` says why it does not count, and ``findings`` what is
    wrong with the record that vouches for it. ``altered`` says that the file bears the code of that event, or lies in
    the place of what it wrote, and is not what was written then; ``codes`` are those that it bears.
    """

    id: str
    subject: str
    sop: str
    number: int
    step: str
    no: int | str | None
    kegiatan: str
    name: str
    act: Act
    nomor: str
    tanggal: str
    signer: str
    path: str
    by: str
    at: str
    code: str
    standing: Standing | None = None
    withdrawn: bool = False
    latest: str = ""
    altered: bool = False
    codes: tuple[Bearing, ...] = ()
    findings: tuple[Finding, ...] = ()


class Laid(Struct, frozen=True, kw_only=True):
    """A file that was laid beside a case; ``altered`` says that it lies in that place and is another."""

    id: str
    subject: str
    number: int
    item: str
    name: str
    path: str
    by: str
    at: str
    altered: bool = False


class Attached(Struct, frozen=True, kw_only=True):
    """The places where a file was laid beside a case, and what is wrong with the record of these cases."""

    attachments: tuple[Laid, ...]
    altered: bool = False
    findings: tuple[Finding, ...] = ()


def trace(record: Record, path: Path) -> Traced | Attached:
    """The case, step and act that a Word file belongs to, found by its content, else by its place or the code it shows.

    Raises:
        NotFoundError: where there is no such file.
        DamagedError: where no case knows it and it bears no code of one.
    """
    from sopctl.audit.printed_codes import printed_codes  # noqa: PLC0415 — brings lxml

    data = disk.read_file(path, limit=LARGEST)
    shown = printed_codes(data)
    known = _searched(record, path, sha256(data).hexdigest(), shown)
    if known.wrote:
        return _traced(record, known.wrote[0])
    if known.laid:
        return _attached(record, known.laid)
    claims = [*known.placed, *(known.coded[code] for code in shown if code in known.coded)]
    if claims:
        bearings = tuple(_bearing(code, known.coded.get(code)) for code in shown)
        return replace(_traced(record, claims[0]), altered=True, codes=bearings)
    if known.displaced:
        return replace(_attached(record, known.displaced), altered=True)
    raise DamagedError(unknown(path.name, data, shown), code="unknown_file")


def trace_code(record: Record, wanted: str) -> Traced | None:
    """The Word file whose foot shows this code, None where there is none; ``altered`` tells of the file on the disk."""
    for history in histories(record):
        for event in history.events:
            for written in papers(event):
                if history.code(event) == wanted:
                    altered = not _as_recorded(record, written)
                    return replace(_traced(record, (history, event, written)), altered=altered)
    return None


Paper = tuple[History, Event, Written]
Beside = tuple[History, Event, Attachment]


class _Known(Struct):
    """What the record knows of a file.

    ``wrote`` and ``laid`` are the events of these very bytes; ``placed`` and ``displaced`` those of the file whose
    place it has taken; ``coded`` those whose codes it shows.
    """

    wrote: list[Paper] = []
    laid: list[Beside] = []
    placed: list[Paper] = []
    displaced: list[Beside] = []
    coded: dict[str, Paper] = {}


def _searched(record: Record, path: Path, digest: str, shown: tuple[str, ...]) -> _Known:
    """Look through all cases, as far as it takes: a file that sopctl wrote is looked for no further."""
    known, place = _Known(), _place(record, path)
    for history in histories(record):
        for event in history.events:
            for written in papers(event):
                paper = (history, event, written)
                if written.sha256 == digest:
                    known.wrote.append(paper)
                    return known
                if written.path == place:
                    known.placed.append(paper)
                if shown and (code := history.code(event)) in shown:
                    known.coded[code] = paper
            for attachment in event.attachments:
                if attachment.sha256 == digest:
                    known.laid.append((history, event, attachment))
                elif attachment.path == place:
                    known.displaced.append((history, event, attachment))
    return known


def _place(record: Record, path: Path) -> str:
    """The path of a file as the record would name it, empty where it lies elsewhere."""
    found, data = path.resolve(), record.workspace.data
    return f"{data.name}/{found.relative_to(data.resolve()).as_posix()}" if found.is_relative_to(data.resolve()) else ""


def _traced(record: Record, paper: Paper) -> Traced:
    history, event, written = paper
    sop, step = history.step(record, event.number, written.step)
    signed = _signature(record, history, event, written.name)
    standing = _standing(record, history, event, written)
    return Traced(
        id=history.id,
        subject=_subject(history),
        sop=sop.nama if sop else "",
        number=event.number,
        step=written.step,
        no=step.no if step else None,
        kegiatan=step.kegiatan if step else "",
        name=written.name,
        act=written.act,
        nomor=written.nomor,
        tanggal=signed.tanggal,
        signer=signed.signer,
        path=written.path,
        by=event.by,
        at=_local(record, event),
        code=history.code(event),
        standing=standing,
        withdrawn=standing is not None and standing.kind == "withdrawn",
        latest=_latest(record, history, written),
        findings=_doubts(record, history.id),
    )


def _attached(record: Record, found: list[Beside]) -> Attached:
    places = tuple(
        Laid(
            id=history.id,
            subject=_subject(history),
            number=event.number,
            item=attachment.item,
            name=attachment.name,
            path=attachment.path,
            by=event.by,
            at=_local(record, event),
        )
        for history, event, attachment in found
    )
    ids = dict.fromkeys(laid.id for laid in places)
    return Attached(attachments=places, findings=tuple(finding for id in ids for finding in _doubts(record, id)))


def _bearing(code: str, paper: Paper | None) -> Bearing:
    return Bearing(code=code, id=paper[0].id, number=paper[1].number) if paper else Bearing(code=code)


def _doubts(record: Record, id: str) -> tuple[Finding, ...]:
    """What is wrong with the record of a case, its other files aside."""
    return tuple(finding for finding in verify(record, id).findings if finding.kind not in _BESIDE)


def _as_recorded(record: Record, written: Written) -> bool:
    try:
        data = disk.read_file(record.workspace.root / written.path, limit=LARGEST)
    except (NotFoundError, DamagedError):
        return False
    return sha256(data).hexdigest() == written.sha256


def _subject(history: History) -> str:
    opened = history.events[0]
    return opened.subject if isinstance(opened, Started) else ""


def _local(record: Record, event: Event) -> str:
    return event.at.astimezone(record.office.zone).isoformat()


class _Signed(Struct, frozen=True):
    """The day of a signature, and who signed as the letter names them; empty where nobody has."""

    tanggal: str = ""
    signer: str = ""


def _signature(record: Record, history: History, event: Event, name: str) -> _Signed:
    """The signature that a letter showed when an event wrote it."""
    then = history.then(record, event.number)
    signing = signature_of(then[1], name) if then else None
    if then is None or signing is None:
        return _Signed()
    sop, _ = then
    day = signing.at.astimezone(record.office.zone).date()
    office = _office(record, history.id, event.number)
    official = office.acting(signing.pelaksana, signing.assigned, day) if office else None
    jabatan = sop.pelaksana.get(signing.pelaksana, signing.pelaksana)
    return _Signed(day.isoformat(), official.signs_as(jabatan) if official else jabatan)


def _office(record: Record, id: str, number: int) -> Office | None:
    """The office by which an event of a case was recorded, None where that is not known any more."""
    version = next((line.office for line in chain_of(record.workspace, id) if line.revision == number), "")
    with suppress(SopctlError):
        return record.load_office(version) if version else None
    return None


def _standing(record: Record, history: History, event: Event, written: Written) -> Standing | None:
    """Why a letter does not count, None where it does."""
    for later in history.events[event.number :]:
        if isinstance(later, Withdrawn) and later.move == event.number:
            return _because(record, "withdrawn", later)
        if isinstance(later, Cancelled):
            return _because(record, "cancelled", later)
    letter = (history.id, written.name, written.nomor)
    with suppress(DamagedError):  # told by the findings
        for entry in record.store.read_register():
            if written.nomor and entry.kind == "withdrawn" and (entry.id, entry.document, entry.nomor) == letter:
                return _because(record, "number_withdrawn", entry)
    return None


def _because(record: Record, kind: Why, told: Event | RegisterEntry) -> Standing:
    return Standing(kind=kind, at=told.at.astimezone(record.office.zone).isoformat(), by=told.by, note=told.note)


def _latest(record: Record, history: History, written: Written) -> str:
    """The path of a newer file of the same document, empty where this is the newest."""
    now = history.then(record, len(history.events))
    newest = [one.path for one in (now[1].documents if now else ()) if one.name == written.name][-1:]
    return newest[0] if newest and newest[0] != written.path else ""
