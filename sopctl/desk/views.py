"""What can be looked at: nothing here writes, and nothing here waits for a writer."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from sopctl.desk.authority import allowed
from sopctl.desk.desk import Desk
from sopctl.desk.outcome import Outcome, outcome
from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, Event, FieldValue, Written
from sopctl.engine.requirements import missing_fields, missing_kelengkapan
from sopctl.errors import DamagedError, NotFoundError
from sopctl.notation.nearest import suggestion
from sopctl.report.case import Case as Measured
from sopctl.report.inbox import Waiting
from sopctl.report.inbox import inbox as waiting
from sopctl.report.timeline import VisitRow, timeline
from sopctl.sop.model import Field, Sop, Step

if TYPE_CHECKING:
    from sopctl.store.register import Entry


class Status(Outcome, frozen=True, kw_only=True):
    """Where a case stands, with its fields, visits and everything that was recorded beside them."""

    started: datetime
    ended: datetime | None
    parent: str
    child: str
    fields: dict[str, FieldValue]
    missing: tuple[str, ...]
    missing_items: tuple[str, ...]
    visits: tuple[VisitRow, ...]
    attachments: tuple[Attachment, ...]
    written: tuple[Written, ...]
    events: tuple[Event, ...]


class Papers(Struct, frozen=True):
    """The Word files of a case, oldest first."""

    id: str
    documents: tuple[Written, ...]


class Wanted(Struct, frozen=True, kw_only=True):
    """What the step at hand still asks for before it can be approved, and the revision that says so."""

    sop: Sop
    step: Step
    revision: int
    fields: tuple[Field, ...]


class Inbox(Struct, frozen=True):
    """What waits for whom; ``damaged`` are the cases that could not be read."""

    rows: tuple[Waiting, ...]
    titles: dict[str, dict[str, str]]
    damaged: tuple[str, ...]


def inbox(desk: Desk, pelaksana: str, *, late: bool) -> Inbox:
    """All turns, or those of one pelaksana (key or title), or the late ones."""
    cases, damaged = readable(desk, None)
    rows = waiting((measured(case) for case in cases), desk.calendar, desk.now())
    known = titles(cases)
    if pelaksana:
        wanted = _pelaksana(desk, cases, pelaksana)
        rows = tuple(row for row in rows if row.pelaksana in wanted)
    return Inbox(tuple(row for row in rows if row.late or not late), known, damaged)


def status(desk: Desk, id: str) -> Status:
    """One case, whole."""
    case = desk.case(desk.store.matching(id))
    state = case.state
    step = case.sop.step(state.step) if state.step else None
    here = outcome(desk, case)
    return Status(
        **{name: getattr(here, name) for name in here.__struct_fields__},
        started=state.started,
        ended=state.ended,
        parent=state.parent,
        child=state.visit.child,
        fields=state.fields,
        missing=missing_fields(case.sop, step.id, state.fields) if step else (),
        missing_items=missing_kelengkapan(state, step) if step else (),
        visits=timeline(measured(case), desk.calendar, desk.now()),
        attachments=state.attachments,
        written=state.documents,
        events=case.instance.events,
    )


def papers(desk: Desk, id: str) -> Papers:
    """The Word files of a case."""
    case = desk.case(desk.store.matching(id))
    return Papers(case.id, case.state.documents)


def paper_path(desk: Desk, written: Written) -> Path:
    """Where a Word file of the record lies.

    Raises:
        NotFoundError: where it lies there no more.
    """
    path = desk.workspace.root / written.path
    if not path.is_file():
        raise NotFoundError(f"Berkas {written.path} tidak ada lagi; periksa dengan sopctl verify.", code="file")
    return path


def wanted(desk: Desk, id: str) -> Wanted | None:
    """What the step at hand asks for, None where the case does not run or it is not this account's turn."""
    case = desk.case(desk.store.matching(id))
    if case.state.step is None or case.state.status != "running":
        return None
    may = allowed(desk, case, desk.now().date())
    if may is not None and not may.intersection(case.state.turn):
        return None
    step = case.sop.step(case.state.step)
    names = missing_fields(case.sop, step.id, case.state.fields)
    return Wanted(
        sop=case.sop,
        step=step,
        revision=case.instance.revision,
        fields=tuple(case.sop.fields[name] for name in names),
    )


def labels(desk: Desk, id: str) -> tuple[str, ...]:
    """The exits of the step at which a case stands."""
    case = desk.case(desk.store.matching(id))
    step = case.sop.step(case.state.step) if case.state.step else None
    return tuple(branch.label for branch in step.branches) if step else ()


def agenda(desk: Desk, year: int | None) -> "tuple[Entry, ...]":
    """The register of letters in the order in which the numbers were given."""
    return tuple(sorted(desk.store.entries(year), key=lambda entry: (entry.at, entry.urut)))


def running(desk: Desk) -> Iterator[Case]:
    """The cases that have not ended, as far as they can be read."""
    cases, _ = readable(desk, None)
    return (case for case in cases if case.state.step is not None)


def readable(desk: Desk, sop: str | None) -> tuple[list[Case], tuple[str, ...]]:
    """The cases, and the sentences about those that cannot be read: one damaged file does not hide the others."""
    cases: list[Case] = []
    damaged: list[str] = []
    for id in desk.store.ids(sop):
        try:
            cases.append(desk.case(id))
        except (DamagedError, NotFoundError) as error:
            damaged.append(error.message)
    return cases, tuple(damaged)


def measured(case: Case) -> Measured:
    """The case as the report room takes it."""
    return Measured(case.id, case.sop, case.state)


def titles(cases: list[Case]) -> dict[str, dict[str, str]]:
    """The titles of the pelaksana by SOP and key."""
    return {case.sop.id: case.sop.pelaksana for case in cases}


def _pelaksana(desk: Desk, cases: list[Case], name: str) -> frozenset[str]:
    """The keys that a key or title stands for in any SOP here.

    Raises:
        NotFoundError: where no SOP knows it.
    """
    sops = [case.sop for case in cases] + [sop for id in desk.sop_ids() if (sop := desk.source(id).sop)]
    wanted = name.strip().lower()
    pairs = {(key, title) for sop in sops for key, title in sop.pelaksana.items()}
    found = frozenset(key for key, title in pairs if wanted in (key, title.lower()))
    if not found:
        keys = sorted({key for key, _ in pairs})
        raise NotFoundError(
            f"Tidak ada pelaksana '{name}'{suggestion(name, keys)}; pilihannya: {', '.join(keys)}.", code="pelaksana"
        )
    return found
