"""New standards, suggested from how long the steps really took.

A standard that four of five visits meet is one that an office can hold, so the eightieth percentile is suggested,
rounded up to what a form would print; the median says what is usual. The figures suggest, people decide.
"""

from collections.abc import Sequence
from math import ceil
from typing import Literal

from msgspec import Struct

from sopctl.measure.case_clock import rounded, rounded_or_none
from sopctl.measure.percentiles import median, percentile
from sopctl.measure.query import Query
from sopctl.measure.report_rows import group_visits
from sopctl.measure.tally import Legend, Tally
from sopctl.sop.model import Clock, Duration
from sopctl.worktime.calendar import Calendar
from sopctl.worktime.hours import DAY_MINUTES

ENOUGH = 20
"""Visits below which nothing is suggested: the eightieth percentile of fewer rests on three or four of them."""

Verdict = Literal["too_few", "keep", "longer", "shorter", "new"]
"""Too few visits to tell; the standard fits; a longer or shorter one would; the row has none yet."""

_HOUR = 60
_STEPS = ((30, 5), (2 * _HOUR, 15))
"""Up to so many minutes a suggestion is rounded up to so many; above that to half hours, then to days."""


class Proposal(Struct, frozen=True, kw_only=True):
    """What the visits of a step suggest for its `waktu`.

    ``standard`` is the form's own text and ``standard_minutes`` its minutes, all being by its ``clock``; None where the
    visits had none or not all the same. ``proposal`` is a text for the form, None where the data are ``too_few`` or the
    standard may stay.
    """

    sop: str
    step: str
    no: int | str | None
    kegiatan: str
    cases: int
    visits: int
    standard: str
    standard_minutes: float | None
    clock: Clock
    median_minutes: float
    p80_minutes: float
    verdict: Verdict
    proposal: str | None


def propose_standards(
    tallies: Sequence[Tally], legends: dict[str, Legend], calendar: Calendar, query: Query
) -> tuple[Proposal, ...]:
    """A line for each step that was visited, in the order of the forms; none where each case has its own standard."""
    day = calendar.minutes(Duration(1, "hari"))
    found: list[Proposal] = []
    for group, sums in group_visits(
        tallies, Query(by="step", sop=query.sop, since=query.since, until=query.until)
    ).items():
        sop, step = group.sop or "", group.step or ""
        row = legends[sop].steps.get(step)
        if row is not None and row.relative:
            continue
        elapsed = sorted(sums.elapsed)
        if not elapsed:
            continue
        p80 = percentile(elapsed, 80)
        text, minutes = round_up_days(p80) if sums.clock == "calendar" else round_up_waktu(p80, day)
        verdict = _verdict(len(elapsed), p80, minutes, sums.standard)
        found.append(
            Proposal(
                sop=sop,
                step=step,
                no=row.no if row else None,
                kegiatan=row.kegiatan if row else "",
                cases=sums.cases,
                visits=len(elapsed),
                standard=row.waktu if row else "",
                standard_minutes=rounded_or_none(sums.standard),
                clock=sums.clock,
                median_minutes=rounded(median(elapsed) or 0.0),
                p80_minutes=rounded(p80),
                verdict=verdict,
                proposal=text if verdict in ("longer", "shorter", "new") else None,
            )
        )
    return tuple(found)


def round_up_waktu(minutes: float, day_minutes: float) -> tuple[str, float]:
    """The shortest time that a form would print and that is not below so many minutes, and its working minutes."""
    for limit, unit in _STEPS:
        if minutes <= limit:
            whole = max(1, ceil(minutes / unit)) * unit
            return f"{whole} menit", whole
    half_hours = ceil(minutes / (_HOUR / 2))
    if half_hours * _HOUR / 2 < day_minutes:
        hours, half = divmod(half_hours, 2)
        return f"{hours},5 jam" if half else f"{hours} jam", half_hours * _HOUR / 2
    days = max(1, ceil(minutes / day_minutes)) if day_minutes else 1
    return f"{days} hari", days * day_minutes


def round_up_days(minutes: float) -> tuple[str, float]:
    """The same for a row that runs by the clock, in minutes of the clock."""
    days = max(1, ceil(minutes / DAY_MINUTES))
    return f"{days} hari kalender", days * DAY_MINUTES


def _verdict(visits: int, p80: float, proposed: float, standard: float | None) -> Verdict:
    """A standard may stay while four of five meet it and it is not twice what they need."""
    if visits < ENOUGH:
        return "too_few"
    if standard is None:
        return "new"
    if p80 > standard:
        return "longer"
    return "shorter" if proposed <= standard / 2 else "keep"
