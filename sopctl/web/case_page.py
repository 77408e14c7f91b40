"""`/berkas/ID`: one case, whose turn it is, where it stands in its SOP's flow, and all that was recorded of it."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from flask import Blueprint, Response, render_template

from sopctl.desk.authority import allowed_pelaksana
from sopctl.desk.case_files import list_attachments
from sopctl.desk.documents import HANDED_OVER, list_versions
from sopctl.desk.flow_drawing import draw_case_flow
from sopctl.desk.history import describe_attachment, list_history_lines, read_wording
from sopctl.desk.letter_preview import read_step_letter
from sopctl.desk.outcome import OpenTurn
from sopctl.desk.session import Session
from sopctl.desk.status import CaseStatus, describe_case
from sopctl.engine.case import Case
from sopctl.engine.events import EMPTY, Called, Completed
from sopctl.engine.moments import format_day_time
from sopctl.engine.state import STATUS
from sopctl.errors import SopctlError
from sopctl.letters.context import FilledField
from sopctl.letters.field_values import filled_field
from sopctl.measure.timeline import VisitRow
from sopctl.reports.content import by_clock, day_minutes, format_cell, format_due
from sopctl.sop.model import ACTS
from sopctl.web.flow_view import describe_flow, send_drawing
from sopctl.web.messages import word_message
from sopctl.web.move_forms import MovesView, describe_moves
from sopctl.web.visitor import page_session
from sopctl.word.page_pictures import can_draw_pages
from sopctl.word.pdf import find_libreoffice

pages = Blueprint("case", __name__)


@pages.get("/berkas/<id>")
def show(id: str) -> str:
    """The page."""
    session = page_session()
    case = session.record.load_case(id)
    return render_case(session, case, describe_moves(session, case))


@pages.get("/berkas/<id>/alur.svg")
def show_drawing(id: str) -> Response:
    """A page of the drawing, with the symbols marked at which the case stands."""
    session = page_session()
    return send_drawing(draw_case_flow(session, session.record.load_case(id)))


def render_case(session: Session, case: Case, moves: MovesView) -> str:
    """The page of a case with the forms of its moves."""
    found = describe_case(case, session.record, session.library)
    return render_template("case.html", **describe_page(session, case, found), moves=moves)


def describe_page(session: Session, case: Case, found: CaseStatus) -> dict[str, object]:
    """What the page of a case shows."""
    wording = read_wording(case.sop)
    office, day = session.office, day_minutes(session.calendar)
    late = {visit.step for visit in found.visits if visit.until is None and visit.late}

    def say_when(at: datetime) -> str:
        return format_day_time(at.astimezone(office.zone))

    return {
        "found": found,
        "sop": case.sop,
        "status": STATUS[found.status],
        "turns": [(turn, format_due(turn.due, turn.due_need, office.zone), turn.step in late) for turn in found.turns],
        "notices": [word_message(notice) for notice in found.notices],
        "children": _list_children(case),
        "visits": [(visit, case.sop.step(visit.step), *_durations(visit, day)) for visit in found.visits],
        "filled": list(_list_filled(case)),
        "unfilled": [(case.sop.fields[name].label, required) for name, required in found.unfilled.items()],
        "documents": list_versions(case, session.record.load_sop),
        "attachments": [(number, describe_attachment(one)) for number, one in list_attachments(case)],
        "history": list(list_history_lines(found.events, found.history, found.names, wording)),
        "wording": wording,
        "flow": describe_flow(session, case.sop, case),
        "letters": _list_letters(session, case, found),
        "pictures": can_draw_pages() and find_libreoffice() is not None,
        "acts": ACTS,
        "handed_over": HANDED_OVER,
        "say_when": say_when,
        "who": office.shown_name,
        "show_names": office.show_names,
    }


def _list_letters(session: Session, case: Case, found: CaseStatus) -> list[tuple[OpenTurn, bool]]:
    """The open rows with a letter that was written already or that whoever looks may write, and if it can be read."""
    written = {one.name for one in found.documents}
    may = allowed_pelaksana(session.office, session.account, case, session.now().date())
    return [
        (turn, document.name in written or _can_foresee(session, case, turn))
        for turn in found.turns
        if (document := case.sop.step(turn.step).document)
        and (document.name in written or may is None or may.intersection(turn.turn))
    ]


def _can_foresee(session: Session, case: Case, turn: OpenTurn) -> bool:
    """Whether a letter that is not written yet can be read; not while its move would be refused."""
    try:
        return read_step_letter(session, case, turn.step, partial(page_session, looking=False)) is not None
    except SopctlError:
        return False


def _list_children(case: Case) -> tuple[str, ...]:
    """The cases that did, or do, a step of this one."""
    called = (event.child for event in case.instance.events if isinstance(event, Called | Completed))
    return tuple(dict.fromkeys(filter(None, called)))


def _durations(visit: VisitRow, day: float) -> tuple[str, str]:
    """How long a stay took, and its standard."""
    taken, standard = (by_clock(one, visit.clock) for one in (visit.elapsed_minutes, visit.standard_minutes))
    return format_cell(taken, "minutes", day), format_cell(standard, "minutes", day)


def _list_filled(case: Case) -> Iterator[FilledField]:
    """The fields that are filled in, as a letter prints them."""
    for name, value in case.state.fields.items():
        if name in case.sop.fields and value not in EMPTY:
            yield filled_field(case.sop.fields[name], value)
