"""The register of letters at work: numbers entered by hand, set by the registry desk, withdrawn; and its print."""

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict, replace

from sopctl.desk import ask as asking
from sopctl.desk.authority import stranger
from sopctl.desk.desk import Desk
from sopctl.desk.letters import letter_kode, letter_year, number_of, perihal
from sopctl.desk.paper import logo
from sopctl.desk.work import Work
from sopctl.documents.numbers import letter_number, read_number
from sopctl.engine.case import Case
from sopctl.engine.events import Numbered, Written
from sopctl.engine.refused import Refused
from sopctl.engine.text import clean
from sopctl.errors import NotFoundError, UsageError
from sopctl.notation.nearest import suggestion
from sopctl.store.protocol import Writing
from sopctl.store.register import Entry, Registered, standing

if TYPE_CHECKING:
    from sopctl.documents.context import Surat

SHEET = "agenda.docx"
"""The template of the register's print."""


STANDING = {"given": "", "awaited": "menunggu nomor", "withdrawn": "ditarik", "skipped": "dilewati"}
"""How the register says that a number is not simply in use."""


class Letter(Struct, frozen=True, kw_only=True):
    """A letter that is entered by hand, as typed: ``nomor`` is a whole number, a place in the sequence, or empty."""

    perihal: str
    nomor: str = ""
    kode: str = ""
    note: str = ""
    at: str = ""


class Done(Struct, frozen=True, kw_only=True):
    """What became of the register; ``documents`` are Word files that were written again."""

    entry: Registered
    documents: tuple[Written, ...] = ()


def add(desk: Desk, letter: Letter) -> Done | Refused:
    """Enter a letter that no case writes: it takes the next number, or the one that is named.

    Raises:
        UsageError: where perihal or kode are wanting.
    """
    now = desk.now()
    at = asking.moment(desk, letter.at, now)
    subject, kode = clean(letter.perihal, "--perihal"), clean(letter.kode, "--kode")
    settings = desk.office.letter_number
    if not subject:
        raise UsageError('Sebutkan isi suratnya: --perihal "…".', code="perihal")
    whole = bool(letter.nomor) and not letter.nomor.strip().isdecimal()
    if not kode and not whole and (settings.sequence == "per-kode" or "{kode}" in settings.pattern):
        raise UsageError("Sebutkan kode klasifikasi suratnya, misalnya --kode 800.1.11.1.", code="kode")
    if refused := stranger(desk, at, now):
        return refused
    year = letter_year(settings, at.year)
    with desk.store.writing() as change:
        entry = Entry(
            urut=0, nomor=clean(letter.nomor, "--nomor"), kode=kode, at=at, id="", document="",
            perihal=subject, by=desk.account, kind="entered", note=clean(letter.note, "--note"),
        )  # fmt: skip
        placed = _placed(desk, change, entry, year)
        if isinstance(placed, Refused):
            return placed
        change.enter(placed, year, letter_kode(settings, placed.kode))
        change.commit()
    return Done(entry=_of(desk, placed.nomor))


def set_number(desk: Desk, id: str, nomor: str, document: str, note: str) -> Done | Refused:
    """Set the number that the registry desk gave to a letter of a case; a signed letter is written again with it."""
    found = desk.store.matching(id)
    with desk.store.writing() as change:
        work = Work(desk, change)
        case = work.case(found)
        name = _document(case, document)
        now = max(desk.now(), case.state.last)
        refused = stranger(desk, now, now, case) or _settled(case, name)
        if refused is not None:
            return refused
        waits = any(row.status == "awaited" and (row.id, row.document) == (case.id, name) for row in _rows(desk))
        entry = Entry(
            urut=0, nomor=clean(nomor, "--nomor"), kode=_kode(case, name), at=now, id=case.id, document=name,
            perihal=perihal(case.sop, case.state), by=desk.account, kind="set", note=clean(note, "--note"),
        )  # fmt: skip
        year = letter_year(desk.office.letter_number, now.year)
        placed = _placed(desk, change, entry, year)
        if isinstance(placed, Refused):
            return placed
        if waits:
            change.amend(placed)
        else:
            change.enter(placed, year, letter_kode(desk.office.letter_number, placed.kode))
        event = Numbered(
            at=now, recorded_at=desk.now(), by=desk.account, note=entry.note, document=name, nomor=placed.nomor
        )
        refused = work.record(case.id, event)
        if refused is not None:
            return refused
        change.commit()
    return Done(entry=_of(desk, placed.nomor), documents=work.documents)


def withdraw(desk: Desk, nomor: str, note: str) -> Done | Refused:
    """Withdraw a number, with a reason; it stays in the register and is never given again."""
    reason = clean(note, "--note")
    if not reason:
        return Refused(reason="note_needed", message='Tuliskan alasannya: tambahkan --note "…" pada agenda withdraw.')
    with desk.store.writing() as change:
        row = _of(desk, clean(nomor, "NOMOR"))
        if row.status != "given":
            return Refused(reason="not_in_use", message=f"Nomor {row.nomor} sudah tidak berlaku: {row.note or '–'}.")
        now = desk.now()
        work = Work(desk, change)
        case = work.case(row.id) if row.id else None
        if refused := stranger(desk, now, now, case):
            return refused
        if case is not None:
            at = max(now, case.state.last)
            event = Numbered(at=at, recorded_at=now, by=desk.account, note=reason, document=row.document)
            refused = work.record(row.id, event)
            if refused is not None:
                return refused
        change.amend(_withdrawal(row, reason, desk))
        change.commit()
    return Done(entry=_of(desk, row.nomor))


def printed(desk: Desk, rows: tuple[Registered, ...], year: int | None) -> bytes:
    """The register as a Word file, from the office's own template."""
    from sopctl.documents.build import letterhead  # noqa: PLC0415 — only the print needs it
    from sopctl.documents.context import Agenda  # noqa: PLC0415 — the same
    from sopctl.documents.words import Tanggal  # noqa: PLC0415 — the same

    now = desk.now()
    said = Agenda(
        instansi=letterhead(desk.office, logo(desk)),
        tahun=str(year or ""),
        surat=tuple(_surat(desk, row) for row in rows),
        tanggal=Tanggal.of(now),
    )
    return desk.renderer.render(SHEET, asdict(said), created=now, title="Buku agenda surat keluar")


def _surat(desk: Desk, row: Registered) -> "Surat":
    from sopctl.documents.context import Surat  # noqa: PLC0415 — only the print needs it
    from sopctl.documents.words import Tanggal  # noqa: PLC0415 — the same

    return Surat(
        nomor=row.nomor,
        tanggal=Tanggal.of(row.at.astimezone(desk.office.zone)),
        perihal=row.perihal,
        berkas=row.id,
        dokumen=row.document,
        oleh=row.by,
        keadaan=STANDING[row.status],
        catatan=row.note,
    )


def _placed(desk: Desk, change: Writing, entry: Entry, year: int | None) -> Entry | Refused:
    """The entry with its number and place in the sequence; Refused where it is taken or leaves a gap unexplained."""
    settings, singkatan = desk.office.letter_number, desk.office.instansi.singkatan
    typed = entry.nomor
    named = (int(typed), entry.kode) if typed.isdecimal() else read_number(settings, typed, singkatan)
    if entry.kind == "set" and settings.when == "desk":
        named = None  # another book counts
    if typed and named is None:
        return _free(desk, entry)
    urut, kode = named or (0, entry.kode)
    kode = kode or entry.kode
    next_ = change.next_urut(year, letter_kode(settings, kode))
    urut = urut or next_
    if urut < next_:
        return Refused(reason="number_taken", message=f"Nomor urut {urut} sudah dilewati; yang berikutnya {next_}.")
    if urut > next_ and not entry.note:
        return Refused(
            reason="gap_unexplained",
            message=f"Nomor urut berikutnya {next_}. Agar melompat ke {urut}, jelaskan dengan --note mengapa "
            f"nomor {next_} sampai {urut - 1} dilewati.",
        )
    nomor = (
        typed if typed and not typed.isdecimal() else letter_number(settings, kode, urut, singkatan, entry.at.date())
    )
    return _free(desk, replace(entry, urut=urut, nomor=nomor, kode=kode, last=next_ - 1))


def _free(desk: Desk, entry: Entry) -> Entry | Refused:
    """The entry, where no letter of the register has its number or had it."""
    if not entry.nomor:
        raise UsageError("Sebutkan nomornya: --nomor NOMOR.", code="nomor")
    if any(row.nomor == entry.nomor for row in _rows(desk)):
        return Refused(reason="number_taken", message=f"Nomor {entry.nomor} sudah ada dalam buku agenda.")
    return entry


def _of(desk: Desk, nomor: str) -> Registered:
    """The letter with this number, the latest of several.

    Raises:
        NotFoundError: where there is none.
    """
    rows = _rows(desk)
    found = [row for row in rows if row.nomor == nomor and row.status != "skipped"]
    if not found:
        hint = suggestion(nomor, [row.nomor for row in rows if row.nomor])
        raise NotFoundError(f"Tidak ada nomor '{nomor}' dalam buku agenda{hint}; lihat: sopctl agenda", code="nomor")
    return found[-1]


def _rows(desk: Desk) -> tuple[Registered, ...]:
    """The whole register as it stands."""
    return standing(desk.store.entries())


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
        choice = " atau ".join(f"--document {each}" for each in waiting or case.sop.documents)
        raise UsageError(f"Sebutkan suratnya: {choice}.", code="document")
    return waiting[0]


def _kode(case: Case, name: str) -> str:
    return case.sop.documents[name].written_for(case.state.fields).kode or ""


def _settled(case: Case, name: str) -> Refused | None:
    """Why the letter takes no number from the desk."""
    if case.state.status == "cancelled":
        return Refused(reason="cancelled", message=f"Berkas {case.id} sudah dibatalkan; suratnya tidak diberi nomor.")
    nomor = number_of(case, name)
    if not nomor:
        return None
    return Refused(
        reason="has_a_number",
        message=f"Surat {name} berkas {case.id} sudah bernomor {nomor}. Bila salah, tarik dahulu: "
        f'sopctl agenda withdraw {nomor} --note "…"',
    )


def _withdrawal(row: Registered, reason: str, desk: Desk) -> Entry:
    return Entry(
        urut=row.urut, nomor=row.nomor, kode=row.kode, at=desk.now(), id=row.id, document=row.document,
        perihal=row.perihal, by=desk.account, kind="withdrawn", note=reason,
    )  # fmt: skip
