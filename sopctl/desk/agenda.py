"""`agenda`: the register of letters; numbers entered by hand, set for a case, withdrawn."""

from datetime import date, datetime

from msgspec import Struct

from sopctl.desk import move_input
from sopctl.desk.authority import refuse_stranger
from sopctl.desk.documents import find_document
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.engine.events import Numbered, Written
from sopctl.engine.guards import refuse_future
from sopctl.engine.moments import FIRST_TYPED_YEAR
from sopctl.engine.refused import Refused
from sopctl.engine.signings import document_form
from sopctl.engine.text import clean_text
from sopctl.errors import UsageError
from sopctl.letters.case_numbers import LONGEST_ADDRESSEE, addressee, number_of, perihal
from sopctl.letters.letter_register import LetterRegister, NewLine, distinctions
from sopctl.office.model import LetterNumber
from sopctl.store.case_search import find_case
from sopctl.store.readable_registers import load_letters
from sopctl.store.record import Record
from sopctl.store.register import IN_USE, RegisteredLetter, RegisterEntry

_LONGEST = 100
"""Letters that a number or a kode has at most."""


class NewLetter(Struct, frozen=True, kw_only=True):
    """A letter that is entered by hand, as typed: ``nomor`` is a whole number, a place in the sequence, or empty."""

    perihal: str
    nomor: str = ""
    kode: str = ""
    tujuan: str = ""
    note: str = ""
    at: str = ""


class RegisterChange(Struct, frozen=True, kw_only=True):
    """What became of the register; ``documents`` are Word files that were written again."""

    entry: RegisteredLetter
    documents: tuple[Written, ...] = ()


def list_letters(record: Record, year: int | None) -> tuple[RegisteredLetter, ...]:
    """The register of letters as it stands, in the order in which the numbers were given."""
    letters = sorted(load_letters(record, record.whole_store.read_sequences()), key=lambda one: (one.at, one.urut))
    return tuple(one for one in letters if year in (None, one.at.astimezone(record.office.zone).year))


def add(session: Session, letter: NewLetter) -> RegisterChange | Refused:
    """Enter a letter that no case writes: it takes the next number, or the one that is named.

    Raises:
        UsageError: where perihal or kode are wanting.
    """
    now, office, account = session.now(), session.office, session.account
    at = move_input.parse_time(letter.at, now)
    subject, kode = clean_text(letter.perihal, "Perihal"), _short(letter.kode, "Kode")
    if not subject:
        raise UsageError("Sebutkan isi suratnya.", code="perihal")
    settings = office.letter_number
    whole = bool(letter.nomor) and not letter.nomor.strip().isdecimal()
    if not kode and not whole and (settings.sequence == "per-kode" or "{kode}" in settings.pattern):
        raise UsageError("Sebutkan kode klasifikasi suratnya.", code="kode", advice="name_kode")
    with session.begin() as change:
        if refused := refuse_future(at, now) or refuse_stranger(office, account, at, now):
            return refused
        entry = RegisterEntry(
            urut=0, nomor=_short(letter.nomor, "Nomor"), kode=kode, at=at, id="", document="",
            perihal=subject, by=account, kind="entered", note=clean_text(letter.note, "Catatan"), recorded_at=now,
            tujuan=_short(" ".join(letter.tujuan.split()), "Tujuan", LONGEST_ADDRESSEE),
        )  # fmt: skip
        register = LetterRegister(session.record)
        line = register.place(entry, at.date(), change.next_urut)
        if isinstance(line, Refused):
            return line
        change.add_entry(line.entry, line.sequence)
        change.commit()
    return RegisterChange(entry=register.preview(line))


def set_number(
    session: Session, id: str, nomor: str, document: str, note: str, year: int | None = None
) -> RegisterChange | Refused:
    """Set the number that the registry desk gave to a letter of a case; a signed letter is written again with it.

    The number is one of the year in which the letter began to wait for it, else of this one; ``year`` names another.
    """
    found, office, account = find_case(session.record, id), session.office, session.account
    with session.unit_of_work() as work:
        case = work.case(found)
        name = _find_letter(case, document)
        today = session.now()
        now = max(today, case.state.last)
        register = LetterRegister(session.record)
        refused = refuse_stranger(office, account, today, today, case)
        refused = refused or _refuse_numbering(register, case, name) or _refuse_year(office.letter_number, year, today)
        if refused is not None:
            return refused
        form = document_form(case.sop, case.state, name)
        entry = RegisterEntry(
            urut=0, nomor=_short(nomor, "Nomor"), kode=form.kode or "", at=now, id=case.id, document=name,
            perihal=perihal(case.sop, case.state), by=account, kind="set", note=clean_text(note, "Catatan"),
            recorded_at=today, tujuan=addressee(form, case.state.fields),
        )  # fmt: skip
        waits = register.find_awaiting(case.id, name)
        line = register.place(entry, _day_in_year(waits.at if waits else now, year), work.change.next_urut)
        if isinstance(line, Refused):
            return line
        if waits and waits.sequence != line.sequence:
            reason = f"nomornya dalam buku agenda {line.sequence}"
            work.change.add_entry(_withdrawal(waits, reason, account, today), waits.sequence)
        work.change.add_entry(line.entry, line.sequence)
        event = Numbered(
            at=now, recorded_at=today, by=account, via=session.via, note=entry.note, document=name,
            nomor=line.entry.nomor,
        )  # fmt: skip
        if refused := work.record(case.id, event):
            return refused
        work.commit()
    return RegisterChange(entry=register.preview(line), documents=work.documents)


def withdraw(
    session: Session, nomor: str, note: str, year: int | None = None, kode: str = ""
) -> RegisterChange | Refused:
    """Withdraw a number, with a reason; it stays in the register and is never given again.

    Raises:
        UsageError: where several sequences hold the number, and neither ``year`` nor ``kode`` says which is meant.
    """
    reason, account = clean_text(note, "Catatan"), session.account
    if not reason:
        return Refused(reason="note_needed", message="Tuliskan alasannya.")
    with session.unit_of_work() as work:
        register = LetterRegister(session.record)
        letter = register.find(clean_text(nomor, "Nomor"), year, clean_text(kode, "Kode"))
        if letter.status not in IN_USE:
            message = f"Nomor {letter.nomor} sudah tidak berlaku: {letter.note or '–'}."
            return Refused(reason="not_in_use", message=message)
        now = session.now()
        case = work.case(letter.id) if letter.id else None
        if refused := refuse_stranger(session.office, account, now, now, case):
            return refused
        if case is not None:
            at = max(now, case.state.last)
            via = session.via
            event = Numbered(at=at, recorded_at=now, by=account, via=via, note=reason, document=letter.document)
            if refused := work.record(letter.id, event):
                return refused
        line = NewLine(letter.sequence, _withdrawal(letter, reason, account, now))
        work.change.add_entry(line.entry, line.sequence)
        work.commit()
    return RegisterChange(entry=register.preview(line))


def _short(text: str, label: str, longest: int = _LONGEST) -> str:
    """A number, kode or tujuan as typed; a longer text is none, and no name of a file."""
    short = clean_text(text, label)
    if len(short) > longest:
        raise UsageError(f"{label}: paling banyak {longest} huruf.", code=label.lower())
    return short


def _find_letter(case: Case, name: str) -> str:
    """The letter that is meant: the one that is named, else the only one that takes a number.

    Raises:
        NotFoundError: where the case has none of that name. UsageError: where it has several and none is named.
    """
    if name:
        return find_document(case, name)
    documents = case.sop.documents
    takes = [document.name for document in documents.values() if document.kode or document.srikandi]
    waiting = [name for name in takes if number_of(case, name) == ""] or takes
    if len(waiting) != 1:
        choices = tuple(waiting or documents)
        raise UsageError("Sebutkan suratnya.", code="document", advice="name_document", documents=choices)
    return waiting[0]


def _refuse_numbering(register: LetterRegister, case: Case, name: str) -> Refused | None:
    """Why a letter of a case takes no number from the registry desk."""
    if case.state.status == "cancelled":
        return Refused(reason="cancelled", message=f"Berkas {case.id} sudah dibatalkan; suratnya tidak diberi nomor.")
    nomor = number_of(case, name)
    if not nomor:
        return None
    same = register.letters_with(nomor)
    own = [one for one in same if (one.id, one.document) == (case.id, name)][:1]
    several = len({one.sequence for one in same}) > 1
    return Refused(
        reason="has_a_number",
        message=f"Surat {name} berkas {case.id} sudah bernomor {nomor}.",
        facts={"nomor": nomor, **distinctions(own if several else [], same)},
    )


def _refuse_year(settings: LetterNumber, year: int | None, now: datetime) -> Refused | None:
    """Why a number cannot be one of the year that was named."""
    if year is None:
        return None
    if settings.reset != "yearly":
        raise UsageError("Nomor surat kantor ini tidak mulai lagi setiap tahun.", code="year")
    if FIRST_TYPED_YEAR <= year <= now.year:
        return None
    return Refused(reason="in_the_future", message=f"Tahun {year} tidak dapat dipakai; sekarang {now.year}.")


def _day_in_year(at: datetime, year: int | None) -> date:
    """The day of a letter, in the year of its number."""
    return at.date() if year in {None, at.year} else date(year or at.year, 12, 31)


def _withdrawal(letter: RegisteredLetter, reason: str, account: str, now: datetime) -> RegisterEntry:
    return RegisterEntry(
        urut=letter.urut, nomor=letter.nomor, kode=letter.kode, at=now, id=letter.id, document=letter.document,
        perihal=letter.perihal, by=account, kind="withdrawn", note=reason, recorded_at=now,
    )  # fmt: skip
