"""What a move comes back with, in the shape of the JSON that `cli` prints."""

from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import asdict

from sopctl.desk.authority import find_absent, find_vacant
from sopctl.desk.move_warnings import Notice
from sopctl.engine.case import Case
from sopctl.engine.events import EMPTY, FieldValue, Written
from sopctl.engine.guards import ABSENT
from sopctl.engine.next_actions import NextAction, next_actions
from sopctl.engine.requirements import missing_fields
from sopctl.engine.state import State, Status
from sopctl.measure.case_clock import CaseClock
from sopctl.office.model import Office
from sopctl.sop.model import Field, Step
from sopctl.store.library import Library
from sopctl.store.record import Record


class Rejection(Struct, frozen=True):
    """Why work was sent back, by which pelaksana (their title), and when.

    ``recorded_by`` is the account whose words the reason is, where the pelaksana did it on paper; else empty.
    ``recorder`` is who that is, as people read it.
    """

    note: str
    jabatan: str
    at: datetime
    recorded_by: str = ""
    recorder: str = ""

    @property
    def who(self) -> str:
        """The pelaksana, and the account that recorded it for them."""
        return f"{self.jabatan} (dicatat akun {self.recorder})" if self.recorded_by else self.jabatan


class SignedLetter(Struct, frozen=True, kw_only=True):
    """A document of a case (``id``) that a move signed, its number, who signed it, and what it lacks.

    Where it is ``numbered`` and there is no ``nomor``, the number is yet to come.
    """

    id: str
    name: str
    nomor: str
    numbered: bool
    signer: str
    gaps: tuple[str, ...]


class CasePosition(Struct, frozen=True, kw_only=True):
    """A case and the step at which it stands: ``step``, ``no`` and ``kegiatan`` are None once it ended."""

    id: str
    sop: str
    subject: str
    status: Status
    step: str | None
    no: int | str | None
    kegiatan: str | None


class OpenTurn(Struct, frozen=True, kw_only=True):
    """Whose turn it is at an open row, until when, and what may be chosen and is to be filled in there.

    ``child`` is the case of another SOP that the row waits for, ``rejection`` why the work came back to the row.
    """

    step: str
    no: int | str | None
    kegiatan: str
    turn: tuple[str, ...]
    jabatan: tuple[str, ...]
    waktu: str
    due: datetime | None
    due_need: str
    labels: tuple[str, ...]
    wanted: tuple[str, ...]
    offered: tuple[str, ...]
    child: str
    rejection: Rejection | None = None


class Outcome(CasePosition, frozen=True, kw_only=True):
    """Where a case stands after a move.

    ``turns`` are those of all open rows, in the order of the form; what is said of the step is of the first of them.
    ``due`` is that of the step, None for "tanpa standar" too, and while ``due_need``, a field or row that it hangs on,
    is not known; ``outcome`` is the exit that the case took last, ``labels`` are those that may be chosen now; ``turn``
    are keys of `Sop.pelaksana`, ``jabatan`` their titles.
    ``wanted`` are the fields that the step requires and ``offered`` those that it may fill in, as far as they are empty
    or the work came back. ``documents`` are those that this move wrote, ``signed`` those that it signed, also in other
    cases, ``filled`` what `set` took, ``copied`` the fields that `start` took from an earlier case (None where it was
    to take none), ``opened`` the cases of other SOPs that it opened, ``also`` those that it moved; ``next`` are the
    moves that are accepted now; ``notices`` are about what it did or left undone besides.
    """

    turn: tuple[str, ...] = ()
    jabatan: tuple[str, ...] = ()
    outcome: str
    labels: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    waktu: str | None = None
    due: datetime | None = None
    due_need: str = ""
    turns: tuple[OpenTurn, ...] = ()
    documents: tuple[Written, ...] = ()
    signed: tuple[SignedLetter, ...] = ()
    filled: tuple[tuple[Field, FieldValue], ...] = ()
    copied: tuple[str, ...] | None = None
    opened: tuple[str, ...] = ()
    also: tuple["Outcome", ...] = ()
    next: tuple[NextAction, ...] = ()
    notices: tuple[Notice, ...] = ()


_OF_TURN = ("turn", "jabatan", "labels", "wanted", "offered", "waktu", "due", "due_need")
"""What an outcome repeats of its first turn."""


def exits(case: Case) -> tuple[str, ...]:
    """The labels that whoever's turn it is may choose among."""
    state, step = case.state, case.step
    exits = (step.decides.get(name, ()) for name in state.turn) if step else ()
    return tuple(dict.fromkeys(branch.label for branches in exits for branch in branches))


def last_rejection(case: Case, office: Office | None = None) -> Rejection | None:
    """Why a running case was sent back to the step where it stands; None where it came there otherwise.

    ``office`` names who recorded it; without one that is an account.
    """
    here, earlier = case.state.visit, case.state.visits[: case.state.visit_number - 1]
    sent = (one for one in reversed(earlier) if one.rejected and (one.to, one.until) == (here.step, here.since))
    before = next(sent, None) if case.state.step else None
    if before is None:
        return None
    act = before.acted[-1]
    title = case.sop.pelaksana.get(act.pelaksana, act.pelaksana)
    by = act.by if act.on_behalf else ""
    return Rejection(act.note, title, act.at, by, office.shown_name(by) if office else by)


def list_next_actions(case: Case, record: Record, library: Library | None) -> tuple[NextAction, ...]:
    """The moves that are accepted now, by the SOP, the office of today and the SOP that the step calls."""
    office, state, today = record.office, case.state, record.now().date()
    unassigned = [name for name in state.whole_turn if office.restricts and not state.assigned.get(name)]
    nobody = [name for name in unassigned if not office.has_officials_for(name)]
    return next_actions(
        case.sop,
        state,
        nobody=frozenset((*nobody, *find_absent(office, case, today))),
        vacant=find_vacant(office, case, today),
        find_sop=library.find_sop if library else None,
    )


def warn_of_absence(case: Case, office: Office, day: date) -> tuple[Notice, ...]:
    """A notice for each of the turn that nobody in the office can act for on that day, though somebody could before."""
    absent = find_absent(office, case, day)
    return (
        *(
            Notice(f"{absent[name]}, yang ditugasi sebagai {case.sop.pelaksana[name]}, {ABSENT}.", "reassign")
            for name in case.state.whole_turn
            if name in absent
        ),
        *(
            Notice(
                f"Sebagai {case.sop.pelaksana[name]} tidak ada yang menjabat hari ini; isi officials di sopctl.yaml."
            )
            for name in sorted(find_vacant(office, case, day))
        ),
    )


def position_of(case: Case) -> CasePosition:
    """The case and the step at which it stands."""
    state, step = case.state, case.step
    return CasePosition(
        id=case.id,
        sop=case.sop.id,
        subject=state.subject,
        status=state.status,
        step=step.id if step else None,
        no=step.no if step else None,
        kegiatan=step.kegiatan if step else None,
    )


def outcome_of(case: Case, record: Record, library: Library | None) -> Outcome:
    """Where the case stands now."""
    turns = list_open_turns(case, record)
    here = {name: getattr(turns[0], name) for name in _OF_TURN} if turns else {}
    return Outcome(
        **asdict(position_of(case)),
        **here,
        outcome=_last_exit(case.state),
        turns=turns,
        next=list_next_actions(case, record, library),
        notices=warn_of_absence(case, record.office, record.now().date()),
    )


def list_open_turns(case: Case, record: Record) -> tuple[OpenTurn, ...]:
    """The turns at all open rows of a case."""
    clock = CaseClock(case, record.calendar, record.now())
    return tuple(_open_turn(row, row.step, clock, record.office) for row in case.rows if row.step)


def _open_turn(case: Case, step: Step, clock: CaseClock, office: Office) -> OpenTurn:
    """The turn at the row at hand."""
    state = case.state
    return OpenTurn(
        step=step.id,
        no=step.no,
        kegiatan=step.kegiatan,
        turn=state.turn,
        jabatan=tuple(case.sop.pelaksana[name] for name in state.turn),
        waktu=step.waktu.text,
        due=clock.due_time(state.visit, step.waktu),
        due_need=clock.find_due_need(state.visit, step.waktu),
        labels=exits(case),
        wanted=missing_fields(case.sop, step.id, state.fields),
        offered=_offered(case, step),
        child=state.visit.child,
        rejection=last_rejection(case, office),
    )


def _last_exit(state: State) -> str:
    """The label of the last visit that ended, empty where it had no choice."""
    return next((visit.label for visit in reversed(state.visits) if visit.until is not None), "")


def _offered(case: Case, step: Step) -> tuple[str, ...]:
    """The fields that the step may fill in: those that are empty, of work that came back all that are not wanted."""
    own = [field for field in case.sop.fields.values() if field.step == step.id]
    if last_rejection(case):
        return tuple(field.name for field in own if not field.required or field.name in case.state.fields)
    return tuple(field.name for field in own if not field.required and case.state.fields.get(field.name) in EMPTY)
