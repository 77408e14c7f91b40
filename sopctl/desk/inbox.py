"""`inbox`: what waits for whom, or for one account, and the sheet and the calendar of it."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.errors import BusyError, DamagedError, NotFoundError
from sopctl.measure.inbox import WaitingTurn, list_turns
from sopctl.measure.tally import MeasuredTurn
from sopctl.notation.nearest import suggestion
from sopctl.office.rights import AccountRights
from sopctl.reports.summary import holiday_notes
from sopctl.sop.model import Sop
from sopctl.store import case_index
from sopctl.store.outputs import write_outputs
from sopctl.store.protocol import OnProgress
from sopctl.store.record import Record


class Inbox(Struct, frozen=True):
    """What waits for whom; ``notes`` must be said with it, ``damaged`` are the cases that cannot be read."""

    rows: tuple[WaitingTurn, ...]
    notes: tuple[str, ...]
    damaged: tuple[str, ...]


def inbox(session: Session, pelaksana: str = "", *, late: bool = False, on_progress: OnProgress | None = None) -> Inbox:
    """All turns, or those of one pelaksana (key or title), or the late ones, the most urgent first.

    Raises:
        NotFoundError: where no SOP knows the pelaksana.
    """
    found = case_index.load_turns(session.record, on_progress=on_progress)
    turns = found.turns
    if pelaksana:
        wanted = pelaksana.strip().lower()
        turns = [turn for turn in turns if wanted in (turn.pelaksana, turn.jabatan.lower())]
        if not turns:
            _check_pelaksana(session.library.read_sops(), pelaksana)
    return _list_inbox(session, turns, found.damaged, late=late)


def waiting_for(session: Session, *, on_progress: OnProgress | None = None) -> Inbox:
    """What waits for the session's account today: late first, then by when it is due, without a standard last.

    These are the turns in which it may act. One that is assigned to who cannot act any more waits for whoever holds
    the post and may give it to somebody else.
    """
    found = case_index.load_turns(session.record, on_progress=on_progress)
    office, account, today = session.office, session.account, session.now().date()

    @cache
    def waits(pelaksana: str, assigned: str) -> bool:
        given = {pelaksana: assigned}
        rights = AccountRights(office=office, account=account, pelaksana=(pelaksana,), assigned=given, opener="")
        gone = assigned and not office.can_be_assigned(assigned, today)
        allowed = rights.held_pelaksana(today) if gone else rights.allowed_pelaksana(today)
        return allowed is None or pelaksana in allowed

    own = [turn for turn in found.turns if waits(turn.pelaksana, turn.assigned)]
    return _list_inbox(session, own, found.damaged)


def find_confidential(session: Session, rows: Iterable[WaitingTurn]) -> frozenset[str]:
    """The ids of the confidential cases among these, of which nothing is sent out, not even to who may read it."""
    return frozenset(id for id in {row.id for row in rows} if _is_confidential(session.record, id))


def _is_confidential(record: Record, id: str) -> bool:
    try:
        return record.is_confidential(record.load_case(id))
    except (BusyError, DamagedError, NotFoundError):  # since the index was asked
        return True


def _list_inbox(session: Session, turns: list[MeasuredTurn], damaged: tuple[str, ...], *, late: bool = False) -> Inbox:
    now = session.now()
    rows = tuple(row for row in list_turns(turns, session.calendar, now) if row.late or not late)
    years = {row.due.year for row in rows if row.due} | {now.year}
    return Inbox(rows, holiday_notes(session.record, years), damaged)


def publish_inbox(session: Session, found: Inbox, named: Mapping[str, Path]) -> None:
    """Write what waits as a sheet (`html`, `docx`) or as a calendar (`ics`), in each of the named kinds.

    The calendar tells of a confidential case only that something waits, as the one that a page hands out does.

    Raises:
        UsageError: where a file may not be written under its name. BusyError: where it cannot be written.
        WrongError: where the template of the sheet cannot be used.
    """
    from sopctl.reports import waiting_sheet  # noqa: PLC0415 — only who wants a sheet

    record = session.record

    def render(kind: str) -> tuple[bytes]:
        if kind == "ics":
            return (_render_calendar(session, found.rows),)
        if kind == "html":
            return (waiting_sheet.render_sheet_page(record, found.rows, (*found.notes, *found.damaged)),)
        return (waiting_sheet.render_sheet_document(record, session.renderer, found.rows),)

    write_outputs(record, named, render)


def make_calendar_feed(session: Session) -> bytes:
    """The iCalendar of what waits for the session's account, with links where `sopctl.yaml` says where the page is.

    What is due at no known moment is in no calendar.
    """
    return _render_calendar(session, waiting_for(session).rows)


def _render_calendar(session: Session, rows: tuple[WaitingTurn, ...]) -> bytes:
    from sopctl.reports.calendar_feed import render_calendar  # noqa: PLC0415 — only who wants a calendar

    private = find_confidential(session, rows)
    return render_calendar(rows, "Pekerjaan yang menunggu (SOP)", session.now(), session.office.page_url, private)


def _check_pelaksana(sops: list[Sop], name: str) -> None:
    pairs = {(key, title) for sop in sops for key, title in sop.pelaksana.items()}
    if not any(name.strip().lower() in (key, title.lower()) for key, title in pairs):
        keys = sorted({key for key, _ in pairs})
        raise NotFoundError(
            f"Tidak ada pelaksana '{name}'{suggestion(name, keys)}; pilihannya: {', '.join(keys)}.", code="pelaksana"
        )
