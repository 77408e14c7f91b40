"""The register of letters at work: numbers entered by hand, set by the registry desk, withdrawn; and its print.

Where the sequences start anew each year and the pattern holds no year, the same number is another letter every year: a
number is looked for, and taken, within its sequence.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict, replace

from sopctl.desk import move_input
from sopctl.desk.authority import refuse_stranger
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.engine.events import Numbered, Written
from sopctl.engine.guards import refuse_future
from sopctl.engine.refused import Refused
from sopctl.engine.signings import document_form
from sopctl.engine.text import clean_text
from sopctl.errors import Fact, NotFoundError, UsageError
from sopctl.letters.case_numbers import number_of, perihal, sequence_of
from sopctl.notation.nearest import suggestion
from sopctl.office.letter_numbers import format_letter_number, normalize_number, number_shows_year, parse_letter_number
from sopctl.store.files.register import RegisteredLetter, RegisterEntry, sum_up_letters
from sopctl.store.protocol import Transaction
from sopctl.word.letterhead import read_logo

if TYPE_CHECKING:
    from sopctl.letters.context import Surat

SHEET = "agenda.docx"
"""The template of the register's print."""


_LONGEST = 100
"""Letters that a number or a kode has at most."""

_HIGHEST = 999_999_999

STANDING = {"given": "", "awaited": "menunggu nomor", "withdrawn": "ditarik", "skipped": "dilewati"}
"""How the register says that a number is not simply in use."""


class NewLetter(Struct, frozen=True, kw_only=True):
    """A letter that is entered by hand, as typed: ``nomor`` is a whole number, a place in the sequence, or empty."""

    perihal: str
    nomor: str = ""
    kode: str = ""
    note: str = ""
    at: str = ""


class RegisterChange(Struct, frozen=True, kw_only=True):
    """What became of the register; ``documents`` are Word files that were written again."""

    entry: RegisteredLetter
    documents: tuple[Written, ...] = ()


def list_letters(session: Session, year: int | None) -> tuple[RegisteredLetter, ...]:
    """The register of letters as it stands, in the order in which the numbers were given."""
    rows = sorted(sum_up_letters(session.store.read_sequences()), key=lambda row: (row.at, row.urut))
    return tuple(row for row in rows if year in (None, row.at.astimezone(session.office.zone).year))


def add(session: Session, letter: NewLetter) -> RegisterChange | Refused:
    """Enter a letter that no case writes: it takes the next number, or the one that is named.

    Raises:
        UsageError: where perihal or kode are wanting.
    """
    now = session.now()
    at = move_input.parse_time(letter.at, now)
    subject, kode = clean_text(letter.perihal, "Perihal"), _short(letter.kode, "Kode")
    settings = session.office.letter_number
    if not subject:
        raise UsageError("Sebutkan isi suratnya.", code="perihal")
    whole = bool(letter.nomor) and not letter.nomor.strip().isdecimal()
    if not kode and not whole and (settings.sequence == "per-kode" or "{kode}" in settings.pattern):
        raise UsageError("Sebutkan kode klasifikasi suratnya.", code="kode", advice="name_kode")
    if refused := refuse_future(at, now) or refuse_stranger(session.office, session.account, at, now):
        return refused
    with session.store.begin() as change:
        entry = RegisterEntry(
            urut=0, nomor=_short(letter.nomor, "Nomor"), kode=kode, at=at, id="", document="",
            perihal=subject, by=session.account, kind="entered", note=clean_text(letter.note, "Catatan"),
            recorded_at=now,
        )  # fmt: skip
        placed = _placed(session, change, entry, at.date())
        if isinstance(placed, Refused):
            return placed
        change.add_entry(placed.entry, placed.sequence)
        row = _row(session, placed)
        change.commit()
    return RegisterChange(entry=row)


def set_number(
    session: Session, id: str, nomor: str, document: str, note: str, year: int | None = None
) -> RegisterChange | Refused:
    """Set the number that the registry desk gave to a letter of a case; a signed letter is written again with it.

    The number is one of the year in which the letter began to wait for it, else of this one; ``year`` names another.
    """
    found = session.store.find_id(id)
    with session.unit_of_work() as work:
        change, case = work.change, work.case(found)
        name = _document(case, document)
        today = session.now()
        now = max(today, case.state.last)
        refused = refuse_stranger(session.office, session.account, today, today, case)
        refused = refused or _settled(session, case, name) or _no_year(session, year)
        if refused is not None:
            return refused
        entry = RegisterEntry(
            urut=0, nomor=_short(nomor, "Nomor"), kode=_kode(case, name), at=now, id=case.id, document=name,
            perihal=perihal(case.sop, case.state), by=session.account, kind="set", note=clean_text(note, "Catatan"),
            recorded_at=today,
        )  # fmt: skip
        waits = _waiting(session, entry)
        placed = _placed(session, change, entry, _day(waits.at if waits else now, year))
        if isinstance(placed, Refused):
            return placed
        if waits and waits.sequence != placed.sequence:
            change.add_entry(
                _withdrawal(waits, f"nomornya dalam buku agenda {placed.sequence}", session), waits.sequence
            )
        change.add_entry(placed.entry, placed.sequence)
        event = Numbered(
            at=now, recorded_at=today, by=session.account, note=entry.note, document=name, nomor=placed.entry.nomor
        )
        refused = work.record(case.id, event)
        if refused is not None:
            return refused
        row = _row(session, placed)
        change.commit()
    return RegisterChange(entry=row, documents=work.documents)


def withdraw(
    session: Session, nomor: str, note: str, year: int | None = None, kode: str = ""
) -> RegisterChange | Refused:
    """Withdraw a number, with a reason; it stays in the register and is never given again.

    Raises:
        UsageError: where several sequences hold the number, and neither ``year`` nor ``kode`` says which is meant.
    """
    reason = clean_text(note, "Catatan")
    if not reason:
        return Refused(reason="note_needed", message="Tuliskan alasannya.")
    with session.unit_of_work() as work:
        row = _of(session, clean_text(nomor, "Nomor"), year, clean_text(kode, "Kode"))
        if row.status != "given":
            return Refused(reason="not_in_use", message=f"Nomor {row.nomor} sudah tidak berlaku: {row.note or '–'}.")
        now = session.now()
        case = work.case(row.id) if row.id else None
        if refused := refuse_stranger(session.office, session.account, now, now, case):
            return refused
        if case is not None:
            at = max(now, case.state.last)
            event = Numbered(at=at, recorded_at=now, by=session.account, note=reason, document=row.document)
            refused = work.record(row.id, event)
            if refused is not None:
                return refused
        entry = _withdrawal(row, reason, session)
        work.change.add_entry(entry, row.sequence)
        withdrawn = _row(session, _Placement(row.sequence, entry))
        work.commit()
    return RegisterChange(entry=withdrawn)


def printed(session: Session, rows: tuple[RegisteredLetter, ...], year: int | None) -> bytes:
    """The register as a Word file, from the office's own template."""
    from sopctl.letters.context import Agenda  # noqa: PLC0415 — the same
    from sopctl.word.dates import Tanggal  # noqa: PLC0415 — the same
    from sopctl.word.letterhead import letterhead_of  # noqa: PLC0415 — only the print needs it

    now = session.now()
    said = Agenda(
        instansi=letterhead_of(session.office, read_logo(session.workspace, session.office)),
        tahun=str(year or ""),
        surat=tuple(_surat(session, row) for row in rows),
        tanggal=Tanggal.of(now),
    )
    return session.renderer.render(SHEET, asdict(said), created=now, title="Buku agenda surat keluar")


def _surat(session: Session, row: RegisteredLetter) -> "Surat":
    from sopctl.letters.context import Surat  # noqa: PLC0415 — only the print needs it
    from sopctl.word.dates import Tanggal  # noqa: PLC0415 — the same

    return Surat(
        nomor=row.nomor,
        tanggal=Tanggal.of(row.at.astimezone(session.office.zone)),
        perihal=row.perihal,
        berkas=row.id,
        dokumen=row.document,
        oleh=row.by,
        keadaan=STANDING[row.status],
        catatan=row.note,
    )


class _Placement(Struct, frozen=True):
    """A line of the register and the sequence that it belongs to."""

    sequence: str
    entry: RegisterEntry


def _placed(session: Session, change: Transaction, entry: RegisterEntry, day: date) -> _Placement | Refused:
    """The entry with its number and place in the sequence; Refused where it is taken or leaves a gap unexplained.

    ``day`` is that of the letter, whose year the number counts in.
    """
    settings, singkatan = session.office.letter_number, session.office.instansi.singkatan
    typed = entry.nomor
    named = (int(typed), entry.kode) if typed.isdecimal() else parse_letter_number(settings, typed, singkatan)
    if entry.kind == "set" and settings.when == "desk":
        named = None  # another book counts
    urut, kode = named or (0, entry.kode)
    if urut > _HIGHEST:
        raise UsageError(f"Nomor {typed}: nomor urut paling besar {_HIGHEST}.", code="nomor")
    kode = kode or entry.kode
    sequence = sequence_of(settings, day.year, kode)
    if typed and named is None:
        return _free(session, _Placement(sequence, entry))
    next_ = change.next_urut(sequence)
    urut = urut or next_
    if urut < next_:
        return Refused(reason="number_taken", message=f"Nomor urut {urut} sudah dilewati; yang berikutnya {next_}.")
    if urut > next_ and not entry.note:
        return Refused(
            reason="gap_unexplained",
            message=f"Nomor urut berikutnya {next_}. Agar melompat ke {urut}, jelaskan mengapa "
            f"nomor {next_} sampai {urut - 1} dilewati.",
        )
    nomor = typed if typed and not typed.isdecimal() else format_letter_number(settings, kode, urut, singkatan, day)
    return _free(session, _Placement(sequence, replace(entry, urut=urut, nomor=nomor, kode=kode, last=next_ - 1)))


def _short(text: str, label: str) -> str:
    """A number or kode as typed; a longer text is none, and no name of a file."""
    short = clean_text(text, label)
    if len(short) > _LONGEST:
        raise UsageError(f"{label}: paling banyak {_LONGEST} huruf.", code=label.lower())
    return short


def _free(session: Session, placed: _Placement) -> _Placement | Refused:
    """The same, where no letter of the sequence has its number or had it; of no sequence, where numbers show years."""
    entry, settings = placed.entry, session.office.letter_number
    if not entry.nomor:
        raise UsageError("Sebutkan nomornya.", code="nomor", advice="name_nomor")
    everywhere = number_shows_year(settings, entry.nomor, session.office.instansi.singkatan)
    for row in _numbered(session, entry.nomor):
        if everywhere or row.sequence == placed.sequence:
            other = entry.kind == "set" and settings.reset == "yearly" and not everywhere
            message = f"Nomor {row.nomor} sudah ada dalam buku agenda {row.year}: {row.perihal}."
            return Refused(reason="number_taken", message=message, advice="other_year" if other else "")
    return placed


def _of(session: Session, nomor: str, year: int | None, kode: str) -> RegisteredLetter:
    """The letter that is meant by its number, its year and its kode.

    Raises:
        NotFoundError: where there is none. UsageError: where several sequences hold one.
    """
    every = _numbered(session, nomor)
    if not every:
        hint = suggestion(nomor, [row.nomor for row in _rows(session) if row.nomor])
        raise NotFoundError(f"Tidak ada nomor '{nomor}' dalam buku agenda{hint}.", code="nomor", advice="agenda")
    found = [row for row in every if year in {None, row.year} and kode in {"", row.kode}]
    if not found:
        raise NotFoundError(
            f"Nomor {nomor} tidak ada di sana.", code="nomor", advice="there_is", **_told_apart(every, every)
        )
    if len({row.sequence for row in found}) > 1:
        raise UsageError(
            f"Nomor {nomor} ada pada beberapa surat; sebutkan yang dimaksud.",
            code="ambiguous",
            advice="which_number",
            **_told_apart(found, found),
        )
    exact = [row for row in found if row.nomor == nomor] or found
    return next((row for row in exact if row.status == "given"), exact[-1])


def _told_apart(rows: list[RegisteredLetter], others: list[RegisteredLetter]) -> dict[str, Fact]:
    """What tells these letters from the ``others`` of their number: of each its year, its kode, and what it is about.

    Year and kode are empty where they tell nothing.
    """
    by_kode = len({other.kode for other in others}) > 1
    by_year = len({other.year for other in others}) > 1 or not by_kode
    return {
        "years": tuple(str(row.year) if by_year else "" for row in rows),
        "kodes": tuple(row.kode if by_kode else "" for row in rows),
        "subjects": tuple(row.perihal for row in rows),
    }


def _numbered(session: Session, nomor: str) -> list[RegisteredLetter]:
    """The letters of all sequences with this number, however it is spaced."""
    wanted = normalize_number(nomor)
    return [
        row for row in _rows(session) if row.status != "skipped" and wanted and normalize_number(row.nomor) == wanted
    ]


def _row(session: Session, placed: _Placement) -> RegisteredLetter:
    """The row that a line belongs to which is about to be written."""
    lines = session.store.read_sequences().get(placed.sequence, [])
    rows = sum_up_letters({placed.sequence: [*lines, placed.entry]})
    return next(row for row in reversed(rows) if (row.id, row.document, row.nomor) == placed.entry.letter_key)


def _waiting(session: Session, entry: RegisterEntry) -> RegisteredLetter | None:
    """The row in which a letter waits for its number."""
    letter = (entry.id, entry.document)
    return next((row for row in _rows(session) if row.status == "awaited" and (row.id, row.document) == letter), None)


def _no_year(session: Session, year: int | None) -> Refused | None:
    """Why a number cannot be one of the year that was named."""
    if year is None:
        return None
    if session.office.letter_number.reset != "yearly":
        raise UsageError("Nomor surat kantor ini tidak mulai lagi setiap tahun.", code="year")
    if move_input.EARLIEST <= year <= session.now().year:
        return None
    return Refused(reason="in_the_future", message=f"Tahun {year} tidak dapat dipakai; sekarang {session.now().year}.")


def _day(at: datetime, year: int | None) -> date:
    """The day of a letter, in the year of its number."""
    return at.date() if year in {None, at.year} else date(year or at.year, 12, 31)


def _rows(session: Session) -> tuple[RegisteredLetter, ...]:
    """The whole register as it stands."""
    return sum_up_letters(session.store.read_sequences())


def _document(case: Case, name: str) -> str:
    """The letter that is meant: the one that is named, else the only one that takes a number.

    Raises:
        NotFoundError: where the case has none of that name. UsageError: where it has several and none is named.
    """
    takes = [document.name for document in case.sop.documents.values() if document.kode or document.srikandi]
    if name:
        if name not in case.sop.documents:
            known = ", ".join(case.sop.documents)
            raise NotFoundError(
                f"SOP {case.sop.id} tidak mempunyai dokumen '{name}'; yang ada: {known}.", code="document"
            )
        return name
    waiting = [name for name in takes if number_of(case, name) == ""] or takes
    if len(waiting) != 1:
        choices = tuple(waiting or case.sop.documents)
        raise UsageError("Sebutkan suratnya.", code="document", advice="name_document", documents=choices)
    return waiting[0]


def _kode(case: Case, name: str) -> str:
    return document_form(case.sop, case.state, name).kode or ""


def _settled(session: Session, case: Case, name: str) -> Refused | None:
    """Why the letter takes no number from the desk."""
    if case.state.status == "cancelled":
        return Refused(reason="cancelled", message=f"Berkas {case.id} sudah dibatalkan; suratnya tidak diberi nomor.")
    nomor = number_of(case, name)
    if not nomor:
        return None
    rows = _numbered(session, nomor)
    own = next((row for row in rows if (row.id, row.document) == (case.id, name)), None)
    several = own is not None and len({row.sequence for row in rows}) > 1
    return Refused(
        reason="has_a_number",
        message=f"Surat {name} berkas {case.id} sudah bernomor {nomor}.",
        facts={"nomor": nomor, **_told_apart([own] if several and own else [], rows)},
    )


def _withdrawal(row: RegisteredLetter, reason: str, session: Session) -> RegisterEntry:
    return RegisterEntry(
        urut=row.urut, nomor=row.nomor, kode=row.kode, at=session.now(), id=row.id, document=row.document,
        perihal=row.perihal, by=session.account, kind="withdrawn", note=reason, recorded_at=session.now(),
    )  # fmt: skip
