"""What `flow.html` shows: the flow of an SOP, in words for whom a drawing says nothing, and drawn page by page."""

from collections.abc import Iterator

from flask import Response, abort, request
from msgspec import Struct

from sopctl.desk.flow_drawing import FlowDrawing, FlowPage, draw_case_flow, draw_sop_flow
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.errors import WrongError
from sopctl.reports.tables import numbered_kegiatan
from sopctl.sop.model import END, Sop, Step
from sopctl.web.typed_numbers import read_number


class FlowStep(Struct, frozen=True, kw_only=True):
    """A row of the flow in words: who does it, where it leads, and whether the case stands there or was there."""

    name: str
    jabatan: str
    exits: tuple[str, ...]
    current: bool
    passed: bool


class FlowView(Struct, frozen=True):
    """The rows of an SOP, and the pages of its drawing; no pages where it cannot be drawn."""

    steps: tuple[FlowStep, ...]
    pages: tuple[FlowPage, ...]


def describe_flow(session: Session, sop: Sop, case: Case | None = None) -> FlowView:
    """The flow of an SOP; of one that a case follows with the rows at which it stands, their pages first."""
    open_rows = {row.step.id for row in case.rows if row.step} if case else set()
    last = {visit.step: visit for visit in case.state.visits} if case else {}
    passed = {step for step, visit in last.items() if visit.until and not visit.rejected}
    steps = tuple(_describe_step(sop, step, open_rows, passed) for step in sop.steps)
    try:
        pages = (draw_case_flow(session, case) if case else draw_sop_flow(session, sop)).pages
    except WrongError:
        pages = ()
    return FlowView(steps, tuple(sorted(pages, key=lambda page: not page.current)))


def send_drawing(drawing: FlowDrawing) -> Response:
    """The page of a drawing that the address asks for (`halaman`), as SVG."""
    svg = drawing.svg(read_number(request.args.get("halaman", "1")))
    return Response(svg, mimetype="image/svg+xml") if svg else abort(404)


def _describe_step(sop: Sop, step: Step, open_rows: set[str], passed: set[str]) -> FlowStep:
    return FlowStep(
        name=numbered_kegiatan(step),
        jabatan=(" bersama " if step.together else ", lalu ").join(sop.pelaksana[one] for one in step.pelaksana),
        exits=tuple(_list_exits(sop, step)),
        current=step.id in open_rows,
        passed=step.id in passed,
    )


def _list_exits(sop: Sop, step: Step) -> Iterator[str]:
    """Where a row leads, where that is not just to the next one."""
    for branch in step.branches:
        yield f"{branch.label}: {_name_target(sop, branch.to)}"
    if not step.branches and step.next:
        yield f"dilanjutkan ke {' dan '.join(_name_target(sop, to) for to in step.next)}"


def _name_target(sop: Sop, to: str) -> str:
    return "selesai" if to == END else numbered_kegiatan(sop.step(to))
