"""The flow of an SOP as the form draws it, page by page, with the symbols marked at which a case stands."""

from collections.abc import Iterator
from hashlib import sha256

import msgspec
from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.form.columns import with_columns_of_office
from sopctl.form.geometry import Flowchart
from sopctl.form.layout import lay_out_flowchart
from sopctl.form.svg import page_svg
from sopctl.sop.model import Sop, Step
from sopctl.store.recent import Recent

_charts: Recent[Flowchart] = Recent()


class FlowPage(Struct, frozen=True):
    """A page of the drawing: its number from 1, its steps, and those of them at which the case stands."""

    number: int
    steps: tuple[Step, ...]
    current: tuple[Step, ...]


class FlowDrawing(Struct, frozen=True):
    """The drawing of an SOP; ``current`` are the symbols that are marked, by the indices of step and pelaksana."""

    sop: Sop
    chart: Flowchart
    current: frozenset[tuple[int, int]] = frozenset()

    @property
    def pages(self) -> tuple[FlowPage, ...]:
        """What stands on each page."""
        open_rows = {row for row, _ in self.current}
        return tuple(
            FlowPage(
                page.number,
                tuple(self.sop.steps[row.step] for row in page.rows),
                tuple(self.sop.steps[row.step] for row in page.rows if row.step in open_rows),
            )
            for page in self.chart.pages
        )

    def svg(self, number: int) -> str | None:
        """The page with this number; None where there is none."""
        page = next((page for page in self.chart.pages if page.number == number), None)
        return page_svg(self.chart, page, self.current) if page else None


def draw_sop_flow(session: Session, sop: Sop) -> FlowDrawing:
    """The drawing of an SOP with the columns of the office.

    Raises:
        WrongError: where it cannot be drawn.
    """
    return FlowDrawing(sop, _lay_out(session, sop))


def draw_case_flow(session: Session, case: Case) -> FlowDrawing:
    """The drawing of the SOP that a case follows; every open row is marked, in the columns whose turn it is.

    Raises:
        WrongError: where it cannot be drawn.
    """
    return FlowDrawing(case.sop, _lay_out(session, case.sop), frozenset(_list_current(case)))


def _list_current(case: Case) -> Iterator[tuple[int, int]]:
    """The symbols at which a case stands: where the case of another SOP does the step, all of its row."""
    columns = list(case.sop.pelaksana)
    for row in case.rows:
        if row.step is not None:
            turn = row.state.turn or row.step.pelaksana
            yield from ((case.sop.row(row.step.id), columns.index(name)) for name in turn)


def _lay_out(session: Session, sop: Sop) -> Flowchart:
    """The drawing's geometry, worked out once for the same SOP on the same paper."""
    drawn, paper = with_columns_of_office(sop, session.office.columns), session.office.paper
    key = sha256(msgspec.json.encode((drawn, paper))).hexdigest()
    chart = _charts.get(key)
    if chart is None:
        _charts.put(key, chart := lay_out_flowchart(drawn, paper))
    return chart
