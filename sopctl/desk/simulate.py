"""`simulate`: a trial run of an SOP, beside the same without what would be changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sopctl.desk.session import Session
from sopctl.errors import NotFoundError, UsageError, WrongError
from sopctl.measure.proposals import Proposal, propose_standards
from sopctl.measure.query import Query
from sopctl.problems import Problem, errors_of
from sopctl.reports.content import format_count
from sopctl.simulate.assumptions import list_assumptions
from sopctl.simulate.build import Alteration, Basis, DurationKind, build_scenario
from sopctl.simulate.event_loop import TooManyActsError
from sopctl.simulate.fit import FittedRecord, fit_record
from sopctl.simulate.outcome import NoCasesError, OnRun, Simulation, SimulationFigures, simulate
from sopctl.simulate.scenario import Scenario, Span
from sopctl.simulate.typed import parse_arrivals, parse_changes, parse_people
from sopctl.sop.check import find_sop_errors
from sopctl.sop.durations import parse_waktu
from sopctl.sop.model import Duration, Sop, Waktu
from sopctl.store.case_index import load_tallies
from sopctl.store.outputs import check_output_path, private_mode, write_output

MOST_CASES, MOST_DAYS, MOST_RUNS = 100_000, 3660, 500
"""Of one run, and runs."""

_MOST_IN_ALL = 1_000_000
"""Cases of all runs together, which take minutes."""

_YEAR = 365
_DAY = Duration(1, "hari")


class SimulationInput(Struct, frozen=True, kw_only=True):
    """What `simulate` takes besides the SOP, as it is typed.

    ``arrivals`` is a rate or `record`, empty for the record's; ``duration`` None for the record's where that is asked,
    else the standards. With neither ``cases`` nor ``days`` (of the calendar) it is a year.
    """

    arrivals: str = ""
    duration: DurationKind | None = None
    people: tuple[str, ...] = ()
    what_if: tuple[str, ...] = ()
    from_record: bool = False
    proposed: bool = False
    cases: int | None = None
    days: int | None = None
    runs: int = 10
    seed: int = 1


class _Evidence(Struct, frozen=True, kw_only=True):
    """What the record says, as far as it was asked; ``damaged`` are the sentences about cases that cannot be read."""

    fitted: FittedRecord | None = None
    proposals: tuple[Proposal, ...] = ()
    damaged: tuple[str, ...] = ()


def run_simulation(
    session: Session, id: str, typed: SimulationInput, *, html: Path | None = None, on_run: OnRun | None = None
) -> Simulation:
    """Try an SOP, and write the page with its pictures where ``html`` names a file.

    Raises:
        WrongError: where the SOP has faults. UsageError: for what cannot be used, or a file that may not be written.
        NotFoundError: where there is no such SOP, pelaksana or row, or the record has nothing that it is asked for.
    """
    sop = _read_sop(session, id)
    if html is not None:
        check_output_path(session.record, html, "html", ".html")
    plan = _make_plan(session, sop, typed)
    found = _describe(session, plan, typed, _run(session, plan, typed, on_run))
    if html is not None:
        _write_page(session, sop, found, html)
    return found


class _Plan(Struct, frozen=True):
    """What is tried: the ``scenario`` is the ``basis`` altered."""

    evidence: _Evidence
    basis: Basis
    alteration: Alteration
    scenario: Scenario
    span: Span


def _make_plan(session: Session, sop: Sop, typed: SimulationInput) -> _Plan:
    alteration = Alteration(people=parse_people(typed.people, sop), changes=parse_changes(typed.what_if, sop))
    evidence = _read_record(session, sop, typed)
    basis = _make_basis(session, sop, typed, evidence.fitted)
    if typed.proposed:
        alteration = replace(alteration, proposed=_apply_proposals(sop, evidence.proposals))
    scenario = build_scenario(basis, alteration)
    return _Plan(evidence, basis, alteration, scenario, _choose_span(session, typed, scenario))


def _run(session: Session, plan: _Plan, typed: SimulationInput, on_run: OnRun | None) -> list[SimulationFigures]:
    """The figures, and where something is altered those without it."""
    tried = [plan.scenario]
    if plan.alteration.people or plan.alteration.changes or typed.proposed:
        tried.append(build_scenario(plan.basis, Alteration()))
    return [_run_scenario(one, session, plan.span, typed, on_run) for one in tried]


def _describe(session: Session, plan: _Plan, typed: SimulationInput, found: Sequence[SimulationFigures]) -> Simulation:
    basis, evidence, alteration = plan.basis, plan.evidence, plan.alteration
    figures, *before = found
    people = (f"{name}={number}" for name, number in alteration.people.items())
    return Simulation(
        sop=basis.sop.id,
        nama=basis.sop.nama,
        runs=typed.runs,
        seed=typed.seed,
        since=plan.span.origin.date(),
        days=plan.span.days or None,
        arrivals_per_day=round(session.calendar.minutes(_DAY) / plan.scenario.gaps.mean, 4),
        duration=basis.duration,
        recorded=evidence.fitted.cases if evidence.fitted else 0,
        changes=(*people, *(change.text for change in alteration.changes)),
        proposals=evidence.proposals,
        assumptions=list_assumptions(basis, plan.scenario, alteration),
        figures=figures,
        baseline=before[0] if before else None,
        damaged=evidence.damaged,
    )


def _read_sop(session: Session, id: str) -> Sop:
    """The SOP, where nothing in it stops a start; its templates do not matter, for nothing is written."""
    source = session.library.read_file(id)
    mistakes: tuple[Problem, ...] = errors_of(source.problems)
    if source.sop is not None:
        mistakes += find_sop_errors(source.sop, [*session.library.list_ids(), *session.library.list_examples()])
    if mistakes or source.sop is None:
        message = f"SOP {source.path} belum benar, jadi belum dapat dicoba."
        raise WrongError(message, problems=mistakes, code="sop", advice="check")
    return source.sop


def _read_record(session: Session, sop: Sop, typed: SimulationInput) -> _Evidence:
    """What the record says, where something of it is asked."""
    if not (_asks_record(typed) or typed.duration == "record" or typed.arrivals in ("", "record")):
        return _Evidence()
    damaged: list[str] = []
    cases = [*session.record.load_cases(sop.id, damaged)]
    if not cases:
        advice = "" if _asks_record(typed) or "record" in (typed.duration, typed.arrivals) else "no_arrivals"
        raise NotFoundError(f"Belum ada berkas SOP {sop.id} dalam catatan.", code="no_cases", advice=advice)
    proposals: tuple[Proposal, ...] = ()
    if typed.proposed:
        known = load_tallies(session.record, sop.id)
        proposals = propose_standards(known.tallies, known.legends, session.calendar, Query(sop=sop.id))
    fitted = fit_record(sop, cases, session.calendar, session.now())
    return _Evidence(fitted=fitted, proposals=proposals, damaged=tuple(damaged))


def _asks_record(typed: SimulationInput) -> bool:
    """Whether work and decisions are to be as recorded; what is proposed rests on the record as well."""
    return typed.from_record or typed.proposed


def _make_basis(session: Session, sop: Sop, typed: SimulationInput, fitted: FittedRecord | None) -> Basis:
    if typed.arrivals in ("", "record"):
        gaps = fitted.gaps if fitted else None
        if gaps is None:
            message = f"Catatan SOP {sop.id} terlalu sedikit untuk tahu seberapa sering berkas datang."
            raise NotFoundError(message, code="no_arrivals")
    else:
        gaps = parse_arrivals(typed.arrivals, session.calendar)
    return Basis(
        sop=sop,
        calendar=session.calendar,
        duration=typed.duration or ("record" if _asks_record(typed) else "standard"),
        record=fitted,
        from_record=_asks_record(typed),
        gaps=gaps,
        find_sop=session.library.find_sop,
    )


def _apply_proposals(sop: Sop, proposals: Iterable[Proposal]) -> Sop:
    """The SOP with the standards that were proposed for its rows."""
    texts = {one.step: parse_waktu(one.proposal) for one in proposals if one.proposal}
    new = {step: waktu for step, waktu in texts.items() if isinstance(waktu, Waktu)}
    return replace(sop, steps=tuple([replace(one, waktu=new.get(one.id, one.waktu)) for one in sop.steps]))


def _choose_span(session: Session, typed: SimulationInput, scenario: Scenario) -> Span:
    """How much is simulated, from the beginning of today; UsageError where it is none, or too much."""
    if typed.cases is not None and typed.days is not None:
        raise UsageError("Sebutkan banyaknya berkas atau banyaknya hari, tidak keduanya.")
    for what, number, most in (
        ("Banyaknya berkas", 1 if typed.cases is None else typed.cases, MOST_CASES),
        ("Banyaknya hari", 1 if typed.days is None else typed.days, MOST_DAYS),
        ("Banyaknya percobaan", typed.runs, MOST_RUNS),
    ):
        if not 0 < number <= most:
            raise UsageError(f"{what} harus dari 1 sampai {format_count(most)}, bukan {format_count(number)}.")
    origin = datetime.combine(session.calendar.day(session.now()), time(), session.calendar.zone)
    days = 0 if typed.cases else typed.days or _YEAR
    end = origin + timedelta(days=days)
    expected = typed.cases or session.calendar.elapsed(origin, end) / timedelta(minutes=1) / scenario.gaps.mean
    if expected > MOST_CASES or expected * typed.runs > _MOST_IN_ALL:
        message = (
            f"Itu {typed.runs} percobaan, masing-masing sekitar {format_count(expected)} berkas, "
            "lebih banyak daripada yang dapat dihitung"
        )
        raise UsageError(f"{message}; kurangi kedatangan, hari atau percobaannya.")
    return Span(cases=typed.cases or 0, days=days, origin=origin)


def _run_scenario(
    scenario: Scenario, session: Session, span: Span, typed: SimulationInput, on_run: OnRun | None
) -> SimulationFigures:
    try:
        return simulate(scenario, session.calendar, span, runs=typed.runs, seed=typed.seed, on_run=on_run)
    except TooManyActsError:
        message = "Terlalu banyak yang harus dihitung; kurangi percobaan, berkas, hari atau bagian yang dikembalikan."
        raise UsageError(message) from None
    except NoCasesError:
        raise UsageError(
            "Tidak ada berkas yang datang selama itu; sebutkan lebih banyak hari atau kedatangan."
        ) from None


def _write_page(session: Session, sop: Sop, found: Simulation, path: Path) -> None:
    from sopctl.reports.html import render_page  # noqa: PLC0415 — only who wants a page
    from sopctl.reports.simulation import compose_simulation  # noqa: PLC0415 — the same

    content = compose_simulation(session.record, found, {step.id: step.kegiatan for step in sop.steps})
    write_output(path, [render_page(content).encode()], mode=private_mode(session.record))
