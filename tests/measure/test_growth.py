"""A case that is twice as long takes twice the work, not four times: what is done is counted, no clock is looked at."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest

from sopctl.engine.case import Case
from sopctl.engine.events import Approved, Event, Rejected, Resumed, Started, Suspended
from sopctl.engine.fold import fold
from sopctl.measure.tally import tally_cases
from sopctl.measure.timeline import timeline
from sopctl.worktime.calendar import Calendar

if TYPE_CHECKING:
    from sopctl.sop.model import Sop

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim, kabid: Kepala Bidang}
documents:
  surat: {template: surat-tugas.docx}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, waktu: 1 hari, output: Surat, document: {name: surat, act: draft}}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, waktu: 5 menit, branches: {sesuai: end, belum sesuai: susun}}
"""

SHORT, LONG = 60, 120
"""Rejections of the two cases."""

NOW = datetime(2027, 1, 1, tzinfo=UTC)


def events_of(rejections: int) -> Iterator[Event]:
    """A case that goes back so many times, and is suspended each time."""
    moments = (datetime(2026, 11, 24, 3, tzinfo=UTC) + timedelta(hours=6 * number) for number in range(5 * rejections))
    said: Iterator[dict[str, Any]] = ({"at": at, "recorded_at": at, "by": "akun"} for at in moments)
    yield Started(**next(said), step="susun")
    for _ in range(rejections):
        yield Suspended(**next(said), note="menunggu")
        yield Resumed(**next(said))
        yield Approved(**next(said), for_="tim", step="susun", to="periksa")
        yield Rejected(**next(said), for_="kabid", step="periksa", label="belum sesuai", to="susun", note="keliru")


def case_of(sop: "Sop", rejections: int) -> Case:
    events = tuple(event.chained(number, "") for number, event in enumerate(events_of(rejections), 1))
    return Case.from_events("uji-1", "versi", events, lambda _: sop)


WORK: dict[str, Callable[[Case], object]] = {
    "the fold": lambda case: fold(case.sop, case.instance.events),
    "the timeline": lambda case: timeline(case, Calendar(), NOW),
    "the report": lambda case: tally_cases([case], Calendar()),
}


def count_steps(work: Callable[[], object]) -> int:
    """How many instructions of Python's own code are executed."""
    steps = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Any:  # noqa: ANN401 — itself
        nonlocal steps
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        steps += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return steps


@pytest.mark.parametrize("name", WORK)
def test_the_work_grows_with_the_case_and_not_with_its_square(sop: "Sop", name: str) -> None:
    short, long = (count_steps(partial(WORK[name], case_of(sop, rejections))) for rejections in (SHORT, LONG))
    assert long < 2.2 * short
