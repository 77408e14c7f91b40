"""`verify FILE` and `verify CODE`: the case, step and state of a Word file or a paper, or that it was altered.

A file is compared with the events of its case, and these with the ledger: a letter is as genuine as the record that
vouches for it.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sopctl.audit.file_hashes import open_recorded_file
from sopctl.audit.findings import Finding
from sopctl.audit.ledger_summary import ledger_events_of
from sopctl.audit.office_history import find_unaccepted_events
from sopctl.audit.office_versions import load_office_or_none
from sopctl.audit.recorded_cases import RecordedCase, recorded_cases
from sopctl.audit.unknown_files import unknown_file
from sopctl.audit.verify import verify
from sopctl.engine.events import Attachment, Cancelled, Certificate, Event, Filled, Move, Started, Withdrawn, Written
from sopctl.engine.signings import find_signature
from sopctl.errors import DamagedError, NotFoundError
from sopctl.sop.model import Act
from sopctl.store import disk
from sopctl.store.file_paths import LARGEST_FILE
from sopctl.store.record import Record
from sopctl.store.register import RegisterEntry

_OTHER_FILES = ("file", "stray", "access")
"""Kinds of findings about other files of the case: they cast no doubt on this one."""


InvalidityKind = Literal["withdrawn", "cancelled", "number_withdrawn"]


class Invalidity(Struct, frozen=True, kw_only=True):
    """Why a genuine letter is not in force: its move was withdrawn, its case cancelled, its number withdrawn."""

    kind: InvalidityKind
    at: str
    by: str
    note: str


class FooterCode(Struct, frozen=True):
    """A code at the foot of an altered file, and the event whose code it is; ``id`` is empty where it is of none."""

    code: str
    id: str = ""
    number: int = 0


class TracedLetter(Struct, frozen=True, kw_only=True):
    """Where a Word file comes from.

    ``number`` is its event's; ``act`` what was done to it then. ``tanggal`` and ``signer`` are those of the signature
    that it shows, empty before it was signed; ``path`` is where it is stored. ``latest`` is the path of a newer file of
    the same document (empty where this is the newest). ``certificates`` are those of a letter that came back signed
    elsewhere, None of one that sopctl wrote, whose ``code`` stands at its foot. ``standing`` says why it is not in
    force, and ``findings`` what is wrong with the record that vouches for it. ``altered`` says that the file shows the
    code of that event, or lies in the place of what it wrote, and is not what was written then; ``codes`` are those
    that it shows.
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
    certificates: tuple[Certificate, ...] | None = None
    standing: Invalidity | None = None
    withdrawn: bool = False
    latest: str = ""
    altered: bool = False
    codes: tuple[FooterCode, ...] = ()
    findings: tuple[Finding, ...] = ()


class AttachmentPlace(Struct, frozen=True, kw_only=True):
    """Where a file is attached to a case."""

    id: str
    subject: str
    number: int
    item: str
    name: str
    path: str
    by: str
    at: str


class TracedAttachment(Struct, frozen=True, kw_only=True):
    """The places where a file is attached, and what is wrong with the record of these cases.

    ``altered`` says that it lies in those places and is another.
    """

    attachments: tuple[AttachmentPlace, ...]
    altered: bool = False
    findings: tuple[Finding, ...] = ()


def trace_file(record: Record, path: Path) -> TracedLetter | TracedAttachment:
    """The case, step and act that a Word file belongs to, found by its content, else by its place or the code it shows.

    Raises:
        NotFoundError: where there is no such file.
        DamagedError: where it is of no case and shows no code of one.
    """
    from sopctl.audit.printed_codes import printed_codes  # noqa: PLC0415 — brings lxml

    data = disk.read_file(path, limit=LARGEST_FILE)
    shown = printed_codes(data)
    found = _search(record, path, sha256(data).hexdigest(), shown)
    if found.letters:
        return _trace_letter(record, found.letters[0])
    if found.attachments:
        return _trace_attachments(record, found.attachments)
    claimed = [*found.replaced_letters, *(found.by_code[code] for code in shown if code in found.by_code)]
    if claimed:
        known = ((code, found.by_code.get(code)) for code in shown)
        footer = tuple(FooterCode(code, of[0].id, of[1].number) if of else FooterCode(code) for code, of in known)
        return replace(_trace_letter(record, claimed[0]), altered=True, codes=footer)
    if found.replaced_attachments:
        return replace(_trace_attachments(record, found.replaced_attachments), altered=True)
    raise unknown_file(path.name, data, shown)


def trace_code(record: Record, wanted: str) -> TracedLetter | None:
    """The Word file whose foot shows this code, None where there is none; ``altered`` is about the stored file."""
    for case, event, file in _recorded_files(record):
        if isinstance(file, Written) and case.code(event) == wanted:
            return replace(_trace_letter(record, (case, event, file)), altered=not _is_as_recorded(record, file))
    return None


def _recorded_files(record: Record) -> Iterator[tuple[RecordedCase, Event, Written | Attachment]]:
    return ((case, event, file) for case in recorded_cases(record) for event in case.events for file in event.files)


_Letter = tuple[RecordedCase, Event, Written]
_Attached = tuple[RecordedCase, Event, Attachment]


class _Matches(Struct):
    """What the record knows of a file.

    ``letters`` and ``attachments`` have these very bytes; the ``replaced`` ones have its place, but other bytes;
    ``by_code`` are the letters whose codes it shows.
    """

    letters: list[_Letter] = []
    attachments: list[_Attached] = []
    replaced_letters: list[_Letter] = []
    replaced_attachments: list[_Attached] = []
    by_code: dict[str, _Letter] = {}


def _search(record: Record, path: Path, digest: str, shown: tuple[str, ...]) -> _Matches:
    """Look through all cases; the search ends at a letter with these bytes."""
    found, place = _Matches(), _recorded_path(record, path)
    for case, event, file in _recorded_files(record):
        if isinstance(file, Attachment):
            if file.sha256 == digest:
                found.attachments.append((case, event, file))
            elif file.path == place:
                found.replaced_attachments.append((case, event, file))
            continue
        letter = (case, event, file)
        if file.sha256 == digest:
            found.letters.append(letter)
            return found
        if file.path == place:
            found.replaced_letters.append(letter)
        if shown and (code := case.code(event)) in shown:
            found.by_code[code] = letter
    return found


def _recorded_path(record: Record, path: Path) -> str:
    """The path of a file as the record would name it, empty where it is none of the record's folder."""
    found, data = path.resolve(), record.whole_store.folder
    if data is None or not found.is_relative_to(data.resolve()):
        return ""
    return f"{data.name}/{found.relative_to(data.resolve()).as_posix()}"


def _trace_letter(record: Record, letter: _Letter) -> TracedLetter:
    case, event, written = letter
    sop, step = case.step(record, event.number, written.step)
    tanggal, signer = _signature(record, case, event, written.name)
    standing = _invalidity(record, case, event, written)
    return TracedLetter(
        id=case.id,
        subject=_subject(case),
        sop=sop.nama if sop else "",
        number=event.number,
        step=written.step,
        no=step.no if step else None,
        kegiatan=step.kegiatan if step else "",
        name=written.name,
        act=written.act,
        nomor=written.nomor,
        tanggal=tanggal,
        signer=signer,
        path=written.path,
        by=event.by,
        at=_local_time(record, event),
        code="" if written.is_returned else case.code(event),
        certificates=written.certificates if written.is_returned else None,
        standing=standing,
        withdrawn=standing is not None and standing.kind == "withdrawn",
        latest=_latest(record, case, written),
        findings=_record_findings(record, [(case.id, event.number)]),
    )


def _trace_attachments(record: Record, found: list[_Attached]) -> TracedAttachment:
    places = tuple(
        AttachmentPlace(
            id=case.id,
            subject=_subject(case),
            number=event.number,
            item=attachment.item,
            name=attachment.name,
            path=attachment.path,
            by=event.by,
            at=_local_time(record, event),
        )
        for case, event, attachment in found
    )
    events = [(place.id, place.number) for place in places]
    return TracedAttachment(attachments=places, findings=_record_findings(record, events))


def _record_findings(record: Record, events: Iterable[tuple[str, int]]) -> tuple[Finding, ...]:
    """What is wrong with the record of these events, other files and other events of their cases aside."""
    found: list[Finding] = []
    for id, number in events:
        aside = _OTHER_FILES if number in find_unaccepted_events(record, id) else (*_OTHER_FILES, "unaccepted")
        found += [
            one for one in verify(record, id, whole_ledger=True).findings if one.kind not in aside and one not in found
        ]
    return tuple(found)


def _is_as_recorded(record: Record, written: Written) -> bool:
    try:
        open_recorded_file(record, written).close()
    except (NotFoundError, DamagedError):
        return False
    return True


def _subject(case: RecordedCase) -> str:
    return next((one.subject for one in reversed(case.events) if isinstance(one, Started | Filled) and one.subject), "")


def _local_time(record: Record, recorded: Event | RegisterEntry) -> str:
    return recorded.at.astimezone(record.office.zone).isoformat()


def _signature(record: Record, case: RecordedCase, event: Event, name: str) -> tuple[str, str]:
    """The day of the signature that a letter showed when an event wrote it, and who signed; empty where nobody had."""
    then = case.replay(record, event.number)
    signing = find_signature(then[1], name) if then else None
    if then is None or signing is None:
        return "", ""
    day = signing.at.astimezone(record.office.zone).date()
    lines = ledger_events_of(record.whole_store.open_ledger(), case.id)
    moves = (one for one in case.events[: event.number] if isinstance(one, Move))
    signed = (one.number for one in moves if (one.step, one.at) == (signing.step, signing.at))
    number = max(signed, default=event.number)
    office = load_office_or_none(record, next((line.office for line in lines if line.revision == number), ""))
    official = office.find_signer(signing.pelaksana, signing.assigned, day, signing.by) if office else None
    jabatan = then[0].pelaksana.get(signing.pelaksana, signing.pelaksana)
    return day.isoformat(), official.format_signer(jabatan) if official else jabatan


def _invalidity(record: Record, case: RecordedCase, event: Event, written: Written) -> Invalidity | None:
    """Why a letter is not in force, None where it is."""

    def because(kind: InvalidityKind, by: Event | RegisterEntry) -> Invalidity:
        return Invalidity(kind=kind, at=_local_time(record, by), by=by.by, note=by.note)

    for later in case.events[event.number :]:
        if isinstance(later, Withdrawn) and later.move == event.number:
            return because("withdrawn", later)
        if isinstance(later, Cancelled):
            return because("cancelled", later)
    letter = (case.id, written.name, written.nomor)
    with suppress(DamagedError):  # reported by the findings
        for entry in record.whole_store.read_register():
            if written.nomor and entry.kind == "withdrawn" and entry.letter_key == letter:
                return because("number_withdrawn", entry)
    return None


def _latest(record: Record, case: RecordedCase, written: Written) -> str:
    """The path of a newer file of the same document, empty where this is the newest."""
    now = case.replay(record, len(case.events))
    every = [one for one in (now[1].documents if now else ()) if one.name == written.name]
    before = [one for one in every if one.act != "receive"]  # its handing over makes no newer one of what came back
    newest = (before if before and before[-1].is_returned else every)[-1:]
    return newest[0].path if newest and newest[0].path != written.path else ""
