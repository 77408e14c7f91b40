"""Where a case goes, as the engine moves it: each transition is asked of the engine once and then looked up.

The SOP is walked without what it asks of people (fields, kelengkapan, documents, conditions, called SOPs), so that
shares may decide in their place. A position is all that a further move depends on.
"""

from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine import moves, skipping
from sopctl.engine.events import Move, Started
from sopctl.engine.fold import apply_event, fold
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.state import State
from sopctl.sop.model import Branch, Optionality, Sop, Step

_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
"""When every move happens: the engine's moves depend on their order alone."""

LEAVE_OUT = "\n"
"""What is given for a label where the row is left out; no label of an SOP holds it."""

_Key = tuple[tuple[str, tuple[str, ...], str], ...]


class Choice(Struct, frozen=True, eq=False):
    """One act that may be done at a row; ``label`` is the exit that its decider takes, empty for none.

    A flow makes each once, so that it is looked up by what it is and not by what it says.
    """

    step: str
    pelaksana: str
    label: str


class Position:
    """The rows at which a case stands, with whose turn it is at each, and the transitions that are known already."""

    __slots__ = ("known", "state", "turns")

    def __init__(self, state: State) -> None:
        self.state = state
        rows = state.rows if state.step is not None else ()
        self.turns = {row.visit.step: row.turn for row in rows}
        self.known: dict[Choice, Transition] = {}


class Transition(Struct, frozen=True):
    """What a move did: where the case stands, the rows that it came to, and those that were withdrawn.

    ``leaves`` says that the row was left, not only handed on to the next of its pelaksana.
    """

    position: Position
    opened: tuple[str, ...]
    withdrawn: tuple[str, ...]
    leaves: bool


class Flow:
    """The flow of one SOP; the rows ``left_out`` may be left out whatever the SOP says."""

    def __init__(self, sop: Sop, left_out: frozenset[str] = frozenset()) -> None:
        self.sop = replace(
            sop, fields={}, documents={}, steps=tuple([_strip_step(step, step.id in left_out) for step in sop.steps])
        )
        self._positions: dict[_Key, Position] = {}
        self._starts: dict[str, Position] = {}
        self._choices: dict[tuple[str, str, str], Choice] = {}

    def start(self, step: str) -> Position:
        """Where a case stands that is opened at this row."""
        if step not in self._starts:
            started = Started(number=1, at=_MOMENT, recorded_at=_MOMENT, by="", step=step)
            self._starts[step] = self._find(fold(self.sop, (started,)))
        return self._starts[step]

    def choice(self, step: str, pelaksana: str, label: str) -> Choice:
        """The act of a pelaksana at a row."""
        key = step, pelaksana, label
        return self._choices.get(key) or self._choices.setdefault(key, Choice(*key))

    def move(self, position: Position, choice: Choice) -> Transition:
        """What comes of one act at an open row.

        ValueError where the engine refuses it: it is not the turn of the pelaksana, or no such exit.
        """
        found = position.known.get(choice)
        if found is None:
            found = position.known[choice] = self._ask(position.state, choice)
        return found

    def _ask(self, state: State, choice: Choice) -> Transition:
        state = state.at(choice.step)
        event = self._ask_engine(state, choice)
        after = apply_event(self.sop, state, event.chained(state.moved + 1, ""))
        ended = [now for now, was in zip(after.visits, state.visits, strict=False) if now.until and not was.until]
        open_ = {row.visit.step for row in after.rows} if after.step is not None else set()
        opened = [visit.step for visit in after.visits[len(state.visits) :] if visit.step in open_]
        withdrawn = [visit.step for visit in ended if visit.is_cut]
        return Transition(self._find(after), tuple(opened), tuple(withdrawn), len(ended) > len(withdrawn))

    def _ask_engine(self, state: State, choice: Choice) -> Move:
        request = Request(at=_MOMENT, now=_MOMENT, by="", as_=choice.pelaksana, note="-")
        event: Move | Refused
        if choice.label == LEAVE_OUT:
            event = skipping.skip(self.sop, state, request)
        elif choice.label:
            event = moves.decide(self.sop, state, request, choice.label)
        else:
            event = moves.approve(self.sop, state, request)
        if isinstance(event, Refused):
            raise ValueError(event.message)  # noqa: TRY004 — a refusal is a value of the engine, no wrong type
        return event

    def _find(self, state: State) -> Position:
        rows = state.rows if state.step is not None else ()
        key = tuple(
            (row.visit.step, tuple(sorted(part.pelaksana for part in row.visit.acted)), row.visit.label) for row in rows
        )
        if key not in self._positions:
            self._positions[key] = Position(replace(state, before=None))
        return self._positions[key]


def _strip_step(step: Step, left_out: bool) -> Step:  # noqa: FBT001 — private, and named at its one call
    """The row without what it asks of people."""
    return replace(
        step,
        kelengkapan=(),
        document=None,
        not_by=(),
        sop=None,
        optional=Optionality() if left_out or step.optional else None,
        branches=_strip_conditions(step.branches),
        decides={pelaksana: _strip_conditions(exits) for pelaksana, exits in step.decides.items()},
    )


def _strip_conditions(branches: tuple[Branch, ...]) -> tuple[Branch, ...]:
    return tuple([replace(branch, when=None) for branch in branches])
