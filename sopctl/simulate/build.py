"""From an SOP, a record and what is given to a scenario; `assumptions` tells what had to be assumed for it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sopctl.errors import UsageError
from sopctl.measure.happy_path import happy_path_minutes
from sopctl.simulate.distribution import Distribution
from sopctl.simulate.fit import FittedRecord
from sopctl.simulate.scenario import Exits, RowWork, Scenario
from sopctl.simulate.typed import Change
from sopctl.sop.graph import find_leading, find_reachable
from sopctl.sop.model import END, Duration, Sop, Step
from sopctl.worktime.calendar import Calendar

DurationKind = Literal["standard", "record", "exponential", "fixed"]

FindSop = Callable[[str], Sop | None]


class Basis(Struct, frozen=True, kw_only=True):
    """What a scenario is built from: the SOP as it is, what the record says (None: nothing is asked of it).

    With ``from_record`` shares and entries come from the record too. ``gaps`` are given, or those of the record.
    ``find_sop`` gives a called SOP, None where there is none.
    """

    sop: Sop
    calendar: Calendar
    duration: DurationKind
    record: FittedRecord | None
    from_record: bool
    gaps: Distribution
    find_sop: FindSop


class Alteration(Struct, frozen=True, kw_only=True):
    """What is otherwise than today: people, rows, and the SOP with other standards (None: the same)."""

    people: Mapping[str, int] = {}
    changes: tuple[Change, ...] = ()
    proposed: Sop | None = None


def build_scenario(basis: Basis, alteration: Alteration) -> Scenario:
    """What is simulated.

    Raises:
        UsageError: where its shares let no case come to its end.
    """
    changed = {change.step: change.waktu for change in alteration.changes if change.waktu is not None}
    before = alteration.proposed or basis.sop
    sop = _replace_waktu(before, changed)
    skips = dict(basis.record.skips) if basis.record and basis.from_record else {}
    skips |= {change.step: 1.0 for change in alteration.changes if change.kind == "tanpa"}
    worked = {name: 1 for name in sop.pelaksana if any(name in step.pelaksana for step in sop.steps)}
    scenario = Scenario(
        sop=sop,
        rows={step.id: _row_work(basis, step, altered=step.id in changed) for step in sop.steps},
        exits=_list_exits(basis, sop, alteration.changes),
        skips=skips,
        starts=(basis.from_record and basis.record and basis.record.starts) or ((sop.start[0], 1.0),),
        people=worked | {name: number for name, number in alteration.people.items() if name in worked},
        gaps=basis.gaps,
    )
    _refuse_endless(scenario)
    return scenario


def _replace_waktu(sop: Sop, changed: Mapping[str, object]) -> Sop:
    steps = [replace(step, waktu=changed[step.id]) if step.id in changed else step for step in sop.steps]
    return replace(sop, steps=tuple(steps)) if changed else sop


def _row_work(basis: Basis, step: Step, *, altered: bool) -> RowWork:
    """How long a row takes; where its time is ``altered`` the recorded times keep their spread about a new mean."""
    known = basis.record.rows.get(step.id) if basis.record else None
    given = _standard_work(basis, step, altered=altered)
    if known is None or not (basis.from_record or basis.duration == "record"):
        return _shape(given, basis.duration)
    if altered:
        if known.kind != given.kind or not known.mean:
            return _shape(given, basis.duration)
        factor = given.mean / known.mean
        known = replace(known, parts=tuple([part.scale(factor) for part in known.parts]))
    return known if basis.duration == "record" else _shape(known, basis.duration)


def _shape(work: RowWork, duration: DurationKind) -> RowWork:
    """The same work, its times distributed as it was asked for."""
    if duration not in ("exponential", "fixed"):
        return work
    return replace(work, parts=tuple([Distribution(duration, (_find_upper(part),)) for part in work.parts]))


def _find_upper(times: Distribution) -> float:
    """What stands for a distribution where there is to be one time: the upper end of a range, else the mean."""
    return times.minutes[-1] if times.kind == "uniform" else times.mean


def _standard_work(basis: Basis, step: Step, *, altered: bool) -> RowWork:
    """How long the SOP says that a row takes, nothing where it does not say; a row of another SOP as long as that."""
    if step.sop is not None and not step.sop.optional:
        return RowWork("waiting", (Distribution.fixed(_called_minutes(basis, step, altered=altered)),))
    waktu = step.waktu
    timed = waktu.maximum is not None and waktu.anchor is None and waktu.per is None
    most = basis.calendar.minutes(waktu.maximum) if timed and waktu.maximum else 0.0
    least = basis.calendar.minutes(waktu.minimum) if timed and waktu.minimum else most
    times = Distribution("uniform", (least, most)) if least < most else Distribution.fixed(most)
    if waktu.clock == "calendar":
        return RowWork("calendar", (times,))
    if step.together:
        return RowWork("people", (times,) * len(step.pelaksana))
    return RowWork("people", (times.scale(1 / len(step.pelaksana)),) * len(step.pelaksana))


def _called_minutes(basis: Basis, step: Step, *, altered: bool) -> float:
    """The own length of the SOP that does a row, in working minutes; the row's time where that is given or all."""
    called = basis.find_sop(step.sop.sop) if step.sop and not altered else None
    length = happy_path_minutes(called, basis.calendar) if called else None
    own = step.waktu.maximum
    return length if length is not None else basis.calendar.working_minutes(own or Duration(0, "menit"))


def _list_exits(basis: Basis, sop: Sop, changes: Iterable[Change]) -> dict[tuple[str, str], Exits]:
    """The shares of each diamond's exits: recorded, or all by the first that turns nothing down; then what is given."""
    found: dict[tuple[str, str], Exits] = {}
    known = basis.record.exits if basis.record and basis.from_record else {}
    for step in sop.steps:
        for pelaksana, exits in step.decides.items():
            onward = sop.ways_on(step.seen_by(pelaksana)) or exits
            found[step.id, pelaksana] = known.get((step.id, pelaksana)) or ((onward[0].label, 1.0),)
    for change in changes:
        if change.kind == "tolak":
            step = sop.step(change.step)
            key = step.id, step.decider
            found[key] = _turn_down(sop, step.seen_by(step.decider), dict(found[key]), change.share)
    return found


def _turn_down(sop: Sop, step: Step, shares: Mapping[str, float], share: float) -> Exits:
    """The exits with so much turned down; within either kind as it was, else evenly or by the first way on."""
    down = [branch.label for branch in sop.rejections(step)]
    onward = [branch.label for branch in sop.ways_on(step)]
    before = sum(shares.get(label, 0.0) for label in down)
    after = sum(shares.get(label, 0.0) for label in onward)
    exits = [(label, share * (shares.get(label, 0.0) / before if before else 1 / len(down))) for label in down]
    exits += [
        (label, (1 - share) * (shares.get(label, 0.0) / after if after else float(label == onward[0])))
        for label in onward
    ]
    return tuple((label, part) for label, part in exits if part)


def _refuse_endless(scenario: Scenario) -> None:
    """UsageError where a case may come to a row from which none comes to its end."""
    sop, graph = scenario.sop, {}
    for step in sop.steps:
        taken = {label for name in step.decides for label, share in scenario.exits[step.id, name] if share}
        graph[step.id] = tuple([branch.to for branch in step.branches if branch.label in taken]) or sop.exits(step)
    stuck = find_reachable(graph, [step for step, _ in scenario.starts]) - find_leading(graph, END) - {END}
    if stuck:
        rows = ", ".join(step.id for step in sop.steps if step.id in stuck)
        raise UsageError(f"Tidak ada berkas yang pernah selesai, karena berputar terus di {rows}.", code="endless")
