"""`agenda masuk`: the register of incoming letters, which gives No. Agenda; who changes an entry says why."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sopctl.desk.authority import refuse_stranger
from sopctl.desk.input_files import read_input_file
from sopctl.desk.move_input import LARGEST_ATTACHMENT, file_suffix, parse_time
from sopctl.desk.session import Session
from sopctl.engine.events import Attachment, IncomingLetter
from sopctl.engine.guards import refuse_future
from sopctl.engine.refused import Refused
from sopctl.engine.text import clean_text
from sopctl.engine.values import parse_typed
from sopctl.errors import NotFoundError, UsageError
from sopctl.problems import Source
from sopctl.sop.model import Field
from sopctl.store.incoming_register import RegisteredIncoming, incoming_sequence, sum_up_incoming
from sopctl.store.readable_registers import load_incoming
from sopctl.store.record import Record
from sopctl.store.register import EntryKind, RegisterEntry
from sopctl.store.transaction import Transaction

_NOWHERE = Source("", 0, 0)

FIELDS = (
    Field(name="surat_dari", label="Surat dari", required=True, source=_NOWHERE),
    Field(name="nomor_surat", label="Nomor suratnya", source=_NOWHERE),
    Field(name="tanggal_surat", label="Tanggal suratnya", type="date", source=_NOWHERE),
    Field(name="perihal", label="Perihal", required=True, source=_NOWHERE),
    Field(name="sifat", label="Sifat (Biasa, Segera, Sangat segera, Rahasia)", source=_NOWHERE),
)
"""What is written of an incoming letter, as it is asked for; its scan, its number and the day of its receipt aside."""

RECEIVED = Field(name="tanggal_diterima", label="Diterima, bila bukan hari ini", type="date", source=_NOWHERE)

EMPTIED = "-"
"""What is typed for a value that a correction takes away."""

_LONGEST = 500
"""Letters that one of them has at most."""

_HIGHEST = 999_999_999
"""The highest number that is given by hand; those that follow it are one higher each."""


class IncomingInput(Struct, frozen=True, kw_only=True):
    """An entry as typed: ``values`` by the name of their field, ``urut`` its No. Agenda where another book goes on."""

    values: Mapping[str, str]
    scan: Path | None = None
    urut: int = 0
    note: str = ""
    at: str = ""


class IncomingChange(Struct, frozen=True):
    """What became of the register; ``doubts`` are sentences about what looks like a slip of who typed it."""

    entry: RegisteredIncoming
    doubts: tuple[str, ...] = ()


def list_incoming(record: Record, year: int | None = None) -> tuple[RegisteredIncoming, ...]:
    """The register as it stands, in the order of its numbers, or that of one year."""
    return tuple(one for one in load_incoming(record) if year in (None, one.year))


def find_incoming(record: Record, text: str) -> RegisteredIncoming:
    """The entry with this No. Agenda: `512` of this year, else of the latest that has it; `512/2026` of that year.

    Raises:
        NotFoundError: where there is none.
    """
    typed = re.fullmatch(r"0*(\d{1,10})(?:/(\d{4}))?", text.strip())
    rows = [one for one in list_incoming(record) if one.status != "skipped" and not one.withheld]
    named = [one for one in rows if typed and one.nomor == typed[1] and typed[2] in {None, str(one.year)}]
    if not named:
        message = f"Tidak ada No. Agenda '{text}' dalam buku agenda surat masuk."
        raise NotFoundError(message, code="nomor", advice="incoming")
    this_year = [one for one in named if one.year == record.now().year]
    return (this_year or named)[-1]


def add_incoming(session: Session, typed: IncomingInput) -> IncomingChange | Refused:
    """Enter a letter that came in: it takes the next No. Agenda of the year in which it was received, or a named one.

    Raises:
        UsageError: for a value or a file that cannot be; where it is not said whom the letter is from or what about.
    """
    now, account = session.now(), session.account
    at = parse_time(typed.at, now)
    said = _read_values(typed.values, at.date())
    for field in FIELDS:
        if field.required and not said.get(field.name):
            raise UsageError(f"Sebutkan {field.label.lower()}.", code=field.name)
    note, scan = clean_text(typed.note, "Catatan"), _read_scan(typed.scan)
    sequence = incoming_sequence(at.year if session.office.letter_number.reset == "yearly" else None)
    with session.begin() as change:
        if refused := refuse_future(at, now) or refuse_stranger(session.office, account, at, now):
            return refused
        following = change.next_urut(sequence)
        urut = typed.urut or following
        if refused := _refuse_number(urut, following, note):
            return refused
        attached = _store_scan(change, sequence, f"{urut:04d}-1", typed.scan, scan)
        entry = RegisterEntry(
            urut=urut, nomor=str(urut), kode="", at=at, id="", document="", perihal=said["perihal"], by=account,
            kind="entered" if typed.urut else "given", note=note, last=following - 1 if typed.urut else 0,
            recorded_at=now, masuk=IncomingLetter(**said, scan=attached),
        )  # fmt: skip
        change.add_entry(entry, sequence)
        change.commit()
    return _changed(session, sum_up_incoming({sequence: [entry]})[-1])


def correct_incoming(session: Session, nomor: str, typed: IncomingInput) -> IncomingChange | Refused:
    """Correct what was written of a letter, with the reason; what it said before stays in the register.

    Raises:
        NotFoundError: where there is no such entry. UsageError: for a value or a file that cannot be.
    """
    now, reason, scan = session.now(), clean_text(typed.note, "Catatan"), _read_scan(typed.scan)
    with session.begin() as change:
        row = find_incoming(session.record, nomor)
        at = parse_time(typed.at, now) if typed.at else row.at
        emptied = {one.name: "" for one in FIELDS if typed.values.get(one.name) == EMPTIED and not one.required}
        letter = replace(row.letter, **emptied, **_read_values(typed.values, at.date()))
        if refused := _refuse_change(session, row, reason, at):
            return refused
        if scan:
            name = f"{row.urut:04d}-{row.scans + 1}"
            letter = replace(letter, scan=_store_scan(change, row.sequence, name, typed.scan, scan))
        if (letter, at) == (row.letter, row.at):
            return Refused(reason="nothing_changed", message=f"No. Agenda {row.nomor} sudah berbunyi begitu.")
        line = line_about(row, "corrected", session.account, now, note=reason)
        change.add_entry(replace(line, at=at, perihal=letter.perihal, masuk=letter), row.sequence)
        change.commit()
    return _changed(session, replace(row, at=at, letter=letter, status="corrected", note=reason))


def withdraw_incoming(session: Session, nomor: str, note: str) -> IncomingChange | Refused:
    """Withdraw an entry, with the reason: its number stays in the register and is never given again.

    Raises:
        NotFoundError: where there is no such entry.
    """
    reason, now = clean_text(note, "Catatan"), session.now()
    with session.begin() as change:
        row = find_incoming(session.record, nomor)
        if refused := _refuse_change(session, row, reason, now):
            return refused
        change.add_entry(line_about(row, "withdrawn", session.account, now, note=reason), row.sequence)
        change.commit()
    return IncomingChange(replace(row, status="withdrawn", note=reason))


def _changed(session: Session, row: RegisteredIncoming) -> IncomingChange:
    """The entry that was written, with a doubt where it stands twice in the register, or is dated after its receipt."""
    letter, doubts = row.letter, []
    if letter.tanggal_surat > row.at.astimezone(session.office.zone).date().isoformat():
        doubts.append("Tanggal surat itu sesudah hari diterimanya.")
    for other in list_incoming(session.record) if letter.nomor_surat else ():
        same = _identity(other.letter) == _identity(letter) and other.status not in {"withdrawn", "skipped"}
        if same and (other.sequence, other.urut) != (row.sequence, row.urut):
            doubts.append(
                f"Surat dengan pengirim, nomor dan tanggal itu juga dicatat sebagai No. Agenda {other.nomor}."
            )
            break
    return IncomingChange(row, tuple(doubts))


def _identity(letter: IncomingLetter) -> tuple[str, str, str]:
    """What tells one letter from another, letter case and spaces aside."""
    nomor = "".join(letter.nomor_surat.casefold().split())
    return letter.surat_dari.casefold(), nomor, letter.tanggal_surat


def line_about(
    row: RegisteredIncoming, kind: EntryKind, account: str, now: datetime, *, id: str = "", note: str = ""
) -> RegisterEntry:
    """A line about an entry that there is: it was corrected or withdrawn, or the case ``id`` was opened from it."""
    return RegisterEntry(
        urut=0, nomor=row.nomor, kode="", at=now, id=id, document="", perihal=row.letter.perihal, by=account, kind=kind,
        note=note, recorded_at=now,
    )  # fmt: skip


def _refuse_number(urut: int, following: int, note: str) -> Refused | None:
    """Why a No. Agenda cannot be given by hand: it is gone, or leaves a gap that nobody explains."""
    if urut < following:
        message = f"No. Agenda {urut} sudah dilewati; yang berikutnya {following}."
        return Refused(reason="number_taken", message=message)
    if urut > max(_HIGHEST, following):
        raise UsageError(f"No. Agenda paling besar {_HIGHEST}.", code="nomor")
    if urut > following and not note:
        message = f"No. Agenda berikutnya {following}. Agar melompat ke {urut}, jelaskan mengapa."
        return Refused(reason="gap_unexplained", message=message)
    return None


def _refuse_change(session: Session, row: RegisteredIncoming, reason: str, at: datetime) -> Refused | None:
    """Why an entry cannot be corrected or withdrawn."""
    if not reason:
        return Refused(reason="note_needed", message="Tuliskan alasannya.")
    if row.status == "withdrawn":
        return Refused(reason="not_in_use", message=f"No. Agenda {row.nomor} sudah ditarik: {row.note}.")
    now = session.now()
    return refuse_future(at, now) or refuse_stranger(session.office, session.account, now, now)


def _read_values(values: Mapping[str, str], today: date) -> dict[str, str]:
    """The values as they are kept, each on one line."""
    read = {}
    for field in FIELDS:
        text = " ".join(clean_text(values.get(field.name, ""), field.label).split())
        if len(text) > _LONGEST:
            raise UsageError(f"{field.label}: paling banyak {_LONGEST} huruf.", code=field.name)
        if text and text != EMPTIED:
            read[field.name] = str(parse_typed(field, [text], today))
    return read


def _read_scan(path: Path | None) -> bytes:
    """The bytes of the scan; empty where none is named."""
    data = read_input_file(path, limit=LARGEST_ATTACHMENT) if path else b""
    if path and not data:
        raise UsageError(f"File {path} kosong (0 byte); pindai atau salin lagi.", code="empty_file")
    return data


def _store_scan(change: Transaction, sequence: str, name: str, source: Path | None, data: bytes) -> Attachment | None:
    """The scan, added to the change; None where there is none."""
    if source is None:
        return None
    path = change.add_scan(sequence, f"{name}{file_suffix(source.name)}", data)
    return Attachment(item="", path=path, sha256=sha256(data).hexdigest(), name=clean_text(source.name, "Nama file"))
