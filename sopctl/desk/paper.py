"""The Word file of a move: which one is due, its number, its bytes, and its line in the event."""

from hashlib import sha256

from msgspec.structs import replace

from sopctl.desk.desk import Desk
from sopctl.documents.build import context
from sopctl.documents.numbers import letter_number
from sopctl.engine.case import Case
from sopctl.engine.events import Move, Rejected, Written
from sopctl.engine.state import State
from sopctl.errors import NotFoundError, WrongError
from sopctl.office.model import LetterNumber
from sopctl.sop.model import Document, Sop
from sopctl.store.protocol import Writing
from sopctl.store.register import Entry


def with_papers(desk: Desk, change: Writing, case: Case, event: Move) -> Move:
    """The move with the Word file that it writes, which is laid into the change.

    A step writes its file when it is done: not while the row still passes along, and not when the work was turned down.

    Raises:
        WrongError: where the template cannot be used; then nothing is written at all.
    """
    step = case.sop.step(event.step)
    after = case.after(event)
    done = len(after.state.visits) > len(case.state.visits) or after.state.status == "completed"
    if step.document is None or isinstance(event, Rejected) or not done:
        return event
    document = case.sop.documents[step.document.name]
    nomor = _given(case, document) or _taken(desk, change, case, event, document)
    values = context(
        office=desk.office, sop=case.sop, id=case.id, before=case.state, after=after.state, event=event,
        nomor=nomor, logo=_logo(desk),
    )  # fmt: skip
    title = f"{step.output or document.judul or document.name} {case.id}"
    data = _render(desk, document.template, values, event, title)
    name = f"{after.instance.revision:03d}-{step.id}-{document.name}.docx"
    written = Written(
        name=document.name,
        act=step.document.act,
        step=step.id,
        path=change.document(case.id, name, data),
        sha256=sha256(data).hexdigest(),
        nomor=nomor or "",
    )
    return replace(event, documents=(*event.documents, written))


def letter_year(settings: LetterNumber, year: int) -> int | None:
    """The year that a sequence of numbers belongs to, None where it never starts anew."""
    return year if settings.reset == "yearly" else None


def letter_kode(settings: LetterNumber, kode: str) -> str | None:
    """The kode that a sequence of numbers belongs to, None where all share one."""
    return kode if settings.sequence == "per-kode" else None


def _given(case: Case, document: Document) -> str | None:
    """The number that this letter of this case was given before, be it for a signature that was withdrawn."""
    for event in reversed(case.instance.events):
        for written in event.documents if isinstance(event, Move) else ():
            if written.name == document.name and written.nomor:
                return written.nomor
    return None


def _taken(desk: Desk, change: Writing, case: Case, event: Move, document: Document) -> str | None:
    """A new number from the register, for a letter that is signed and takes one."""
    step = case.sop.step(event.step)
    if document.kode is None or step.document is None or step.document.act != "sign":
        return None
    settings, day = desk.office.letter_number, event.at.date()
    year, kode = letter_year(settings, day.year), letter_kode(settings, document.kode)
    urut = change.next_urut(year, kode)
    nomor = letter_number(settings, document.kode, urut, desk.office.instansi.singkatan, day)
    entry = Entry(
        urut=urut,
        nomor=nomor,
        kode=document.kode,
        at=event.at,
        id=case.id,
        document=document.name,
        perihal=_perihal(case.sop, case.state),
        by=desk.account,
    )
    change.enter(entry, year, kode)
    return nomor


def _perihal(sop: Sop, state: State) -> str:
    return state.subject or sop.nama


def _render(desk: Desk, template: str, values: dict[str, object], event: Move, title: str) -> bytes:
    from sopctl.documents.render import Renderer  # noqa: PLC0415 — brings docx and jinja2

    return Renderer(desk.template).render(template, values, created=event.at, title=title)


def _logo(desk: Desk) -> bytes | None:
    """The picture of the letterhead, where the office names one.

    Raises:
        WrongError: where the named file is not there.
    """
    logo = desk.office.instansi.logo
    if not logo:
        return None
    try:
        return desk.picture(logo)
    except NotFoundError as error:
        raise WrongError(f"instansi.logo di sopctl.yaml: {error.message}", code="logo") from error
