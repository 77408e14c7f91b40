"""The numbers of a case's letters: which it has, the next one from the register, all of them withdrawn.

A number belongs to the case and the document for good: a signature that was withdrawn keeps it for the next one.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.events import EMPTY, Event, FieldValue, Move, Numbered
from sopctl.engine.signings import document_form, find_signature
from sopctl.engine.state import State
from sopctl.errors import UsageError
from sopctl.office.letter_numbers import format_letter_number, normalize_number, parse_letter_number
from sopctl.office.model import LetterNumber
from sopctl.sop.model import Document, Sop
from sopctl.store.record import Record
from sopctl.store.register import RegisterEntry, sequence_name
from sopctl.store.transaction import Transaction

LONGEST_ADDRESSEE = 300
"""Letters that the register holds of whom a letter goes to."""

_ADDRESSEE_FIELDS = ("kepada", "yth", "tujuan")
"""The fields that name it where the document names none, the first that is filled in."""

_MOST_NAMED = 3


def sequence_of(settings: LetterNumber, year: int, kode: str) -> str:
    """The sequence of numbers that the letters of a year and a kode belong to."""
    return sequence_name(
        year if settings.reset == "yearly" else None, kode if settings.sequence == "per-kode" else None
    )


def find_signers(document: Document, settings: LetterNumber) -> tuple[str, ...]:
    """The pelaksana who may sign a document; empty where anybody may, as under every letter without a number."""
    return document.signers or (settings.signers if document.kode or document.srikandi else ())


def number_of(case: Case, document: str) -> str | None:
    """The number that a letter of the case has; empty while it waits for one from the registry desk, None without."""
    for event in reversed(case.instance.events):
        if isinstance(event, Numbered) and event.document == document:
            return event.nomor or None
        for written in event.documents if isinstance(event, Move) else ():
            if written.name == document and (written.nomor or written.act == "sign"):
                return written.nomor
    return None


def take_number(record: Record, change: Transaction, case: Case, event: Move, document: Document) -> str:
    """The number of a letter that this move signs, the `case` as it is after it; empty where it comes later, or never.

    A new one is taken from the register, or the wait for one is entered there.
    """
    known = number_of(case, document.name)
    if document.kode is None:
        return known or ""
    if known is not None and not _withdraw_of_another_form(record, change, case, document, known):
        return known
    office, day = record.office, event.at.date()
    settings = office.letter_number
    sequence = sequence_of(settings, day.year, document.kode)
    awaited = document.srikandi or settings.when == "desk"
    urut = 0 if awaited else change.next_urut(sequence)
    nomor = "" if awaited else format_letter_number(settings, document.kode, urut, office.instansi.singkatan, day)
    if nomor:
        _check_free(record, nomor, day.year if settings.reset == "yearly" else None)
    entry = replace(
        _amendment(record, case, document, nomor, document.kode, ""),
        urut=urut,
        at=event.at,
        kind="awaited" if awaited else "given",
        recorded_at=event.recorded_at,
        tujuan=addressee(document, case.state.fields),
    )
    change.add_entry(entry, sequence)
    return nomor


def _check_free(record: Record, nomor: str, year: int | None) -> None:
    """Make sure that no letter of these years bears the number, in whatever sequence.

    Raises:
        UsageError: where one does, for the office counts otherwise since: it says from where it goes on.
    """
    if record.whole_store.has_number(nomor, year):
        raise UsageError(
            f"Nomor {nomor} sudah dipakai surat lain: urutan nomor (letter_number di sopctl.yaml) diganti di tengah "
            "tahun. Tidak ada yang dicatat. Sambung dahulu urutannya dari nomor terakhir yang dipakai.",
            code="number_taken",
            advice="continue_sequence",
        )


def _withdraw_of_another_form(record: Record, change: Transaction, case: Case, document: Document, nomor: str) -> bool:
    """Withdraw a number that another form of the document (its kode differs) has; whether it was one."""
    made = parse_letter_number(record.office.letter_number, nomor, record.office.instansi.singkatan) if nomor else None
    if made is None or normalize_number(made[1]) in {"", normalize_number(document.kode or "")}:
        return False
    change.amend_entry(_amendment(record, case, document, nomor, made[1], "bentuk naskah diganti"))
    return True


def withdraw_numbers(record: Record, change: Transaction, case: Case, event: Event) -> None:
    """Withdraw every number of a case that was cancelled, for the reason of the cancellation."""
    for document in case.sop.documents.values():
        nomor, kode = number_of(case, document.name), document_form(case.sop, case.state, document.name).kode
        if nomor or (nomor == "" and kode is not None):
            change.amend_entry(_amendment(record, case, document, nomor, kode or "", event.note))


def register_signatures(record: Record, change: Transaction, before: Case, after: Case, event: Event) -> None:
    """Enter which letters lost their signature by this event, and which that had lost it are signed again."""
    for name in after.sop.documents:
        was, now = find_signature(before.state, name), find_signature(after.state, name)
        nomor = number_of(after, name) if (was is None) != (now is None) else None
        if nomor is None or nomor != number_of(before, name) or (now and not _was_signed(before, name)):
            continue
        document = document_form(after.sop, after.state if now else before.state, name)
        if nomor or document.kode:
            entry = _amendment(record, after, document, nomor, document.kode or "", event.note)
            number, tujuan = after.instance.revision, addressee(document, after.state.fields)
            change.amend_entry(replace(entry, kind="signed" if now else "unsigned", event=number, tujuan=tujuan))


def _was_signed(case: Case, document: str) -> bool:
    written = (one for event in case.instance.events for one in event.written)
    return any(one.name == document and one.act == "sign" for one in written)


def _amendment(record: Record, case: Case, document: Document, nomor: str, kode: str, note: str) -> RegisterEntry:
    """A line about the number of a letter, or the wait for one; as it stands it withdraws it."""
    return RegisterEntry(
        urut=0,
        nomor=nomor,
        kode=kode,
        at=record.now(),
        id=case.id,
        document=document.name,
        perihal=perihal(case.sop, case.state),
        by=record.account,
        kind="withdrawn",
        note=note,
        recorded_at=record.now(),
    )


def perihal(sop: Sop, state: State) -> str:
    """What a letter of the case is about."""
    return state.subject or sop.nama


def addressee(document: Document, fields: Mapping[str, FieldValue]) -> str:
    """Whom a letter goes to, on one line: of more than three the first, and how many others; empty where none is named.

    Of a row of a table it is the column `nama`, or else the first.
    """
    names = (document.tujuan,) if document.tujuan else _ADDRESSEE_FIELDS
    value = next((fields[name] for name in names if fields.get(name, "") not in EMPTY), "")
    lines = value if isinstance(value, list) else [str(value)]
    named = [one.get("nama") or next(filter(None, one.values()), "") if isinstance(one, dict) else one for one in lines]
    if len(named) > _MOST_NAMED:
        named = [f"{named[0]} dan {len(named) - 1} lainnya"]
    text = " ".join("; ".join(filter(None, named)).split())
    return text if len(text) <= LONGEST_ADDRESSEE else text[: LONGEST_ADDRESSEE - 1] + "…"
