"""What a move comes back with, in the shape that `--json` prints."""

from datetime import datetime

from msgspec import Struct

from sopctl.desk.desk import Desk
from sopctl.engine.case import Case
from sopctl.engine.events import Written
from sopctl.engine.state import Status
from sopctl.report.case import Case as Figures
from sopctl.report.case import Clock


class Outcome(Struct, frozen=True, kw_only=True):
    """Where a case stands after a move.

    ``step``, ``no``, ``kegiatan`` and ``due`` (None for "tanpa standar" too) are those of the step that it stands at,
    None once it ended; ``labels`` are its exits where it branches; ``turn`` are keys of `Sop.pelaksana`, ``jabatan``
    their titles; ``documents`` are those that this move wrote; ``opened`` are cases of other SOPs that it opened.
    """

    id: str
    sop: str
    subject: str
    status: Status
    step: str | None
    no: int | str | None
    kegiatan: str | None
    turn: tuple[str, ...]
    jabatan: tuple[str, ...]
    labels: tuple[str, ...]
    waktu: str | None
    due: datetime | None
    documents: tuple[Written, ...] = ()
    opened: tuple[str, ...] = ()


def outcome(desk: Desk, case: Case, documents: tuple[Written, ...] = (), opened: tuple[str, ...] = ()) -> Outcome:
    """Where the case stands, and what was written on the way there."""
    state = case.state
    step = case.sop.step(state.step) if state.step else None
    return Outcome(
        id=case.id,
        sop=case.sop.id,
        subject=state.subject,
        status=state.status,
        step=step.id if step else None,
        no=step.no if step else None,
        kegiatan=step.kegiatan if step else None,
        turn=state.turn,
        jabatan=tuple(case.sop.pelaksana[name] for name in state.turn),
        labels=tuple(branch.label for branch in step.branches) if step else (),
        waktu=step.waktu.text if step else None,
        due=_clock(desk, case).due(state.visit.since, step.waktu) if step else None,
        documents=documents,
        opened=opened,
    )


def _clock(desk: Desk, case: Case) -> Clock:
    return Clock(Figures(case.id, case.sop, case.state), desk.calendar, desk.now())
