"""A case at work: its SOP, its stored events and the state they add up to, which always agree."""

from collections import deque
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.events import (
    Attached,
    Event,
    Filled,
    Migrated,
    Move,
    Started,
    Written,
    chain_root,
    current_version,
    digest,
    first_version,
)
from sopctl.engine.fold import Versions, apply_event, fold_versions, states_after_each
from sopctl.engine.instance import SCHEMA, Instance
from sopctl.engine.state import State
from sopctl.sop.model import Sop, Step


class Case(Struct, frozen=True):
    """A case; every event makes a new one."""

    sop: Sop
    instance: Instance
    state: State

    @property
    def id(self) -> str:
        """`<sop>-<n>`."""
        return self.instance.id

    @property
    def step(self) -> Step | None:
        """The step at which it stands; None once it ended."""
        return self.sop.step(self.state.step) if self.state.step else None

    @property
    def is_marked_confidential(self) -> bool:
        """Whether it was opened as a confidential one; its SOP may make it one too, see `office.reading`."""
        opened = self.instance.events[0]
        return isinstance(opened, Started) and opened.confidential

    @property
    def last_move(self) -> Move | None:
        """The move that may be withdrawn, None where there is none."""
        last = self.instance.events[self.state.moved - 1] if self.state.moved else None
        return last if isinstance(last, Move) else None

    @property
    def rows(self) -> "tuple[Case, ...]":
        """The case with each of its open rows at hand, in the order of the form; itself alone where it has no fork."""
        return tuple([replace(self, state=row) for row in self.state.rows])

    def at(self, step: str) -> Self:
        """The case with this row at hand; unchanged where it does not stand there in the arm of a fork."""
        return replace(self, state=self.state.at(step)) if self.state.open else self

    @classmethod
    def opened(cls, sop: Sop, id: str, version: str, event: Started) -> Self:
        """The case that ``event`` opens."""
        return cls.from_events(id, version, (event.chained(1, chain_root(id, version)),), lambda _: sop)

    @classmethod
    def read(
        cls,
        sop: Sop,
        instance: Instance,
        versions: Versions | None = None,
        states: list[tuple[Sop, State]] | None = None,
    ) -> Self:
        """The case of a stored instance; ``versions`` is asked where it went on under another version of its SOP.

        ``states`` is given SOP and state after each event.

        Raises:
            KeyError: where the events name what the SOP does not have.
        """
        first = first_version(instance.version, instance.events)
        if first != instance.version:
            if versions is None:
                raise KeyError(first)
            sop = versions(first)
        passed: list[tuple[Sop, State]] | deque[tuple[Sop, State]] = deque(maxlen=1) if states is None else states
        passed.extend(states_after_each(sop, instance.events, versions))
        last, state = passed[-1]
        return cls(last, instance, state)

    @classmethod
    def from_events(cls, id: str, version: str, events: tuple[Event, ...], versions: Versions) -> Self:
        """The case that these events of an unbroken chain are, opened with this version of its SOP.

        Raises:
            KeyError: where the events name what the SOP does not have.
        """
        sop, state = fold_versions(versions(version), events, versions)
        instance = Instance(
            id=id,
            revision=len(events),
            sop=sop.id,
            version=current_version(version, events),
            subject=state.subject,
            fields=state.fields,
            events=events,
            head=digest(events[-1]),
        )
        return cls(sop, instance, state)

    def after(self, event: Event) -> Self:
        """The case with one event more, chained to the last."""
        number = self.instance.revision + 1
        chained = event.chained(number, self.instance.head)
        state = apply_event(self.sop, self.state, chained)
        instance = replace(
            self.instance,
            schema=SCHEMA,
            revision=number,
            subject=state.subject,
            fields=state.fields,
            events=(*self.instance.events, chained),
            head=digest(chained),
        )
        return type(self)(self.sop, instance, state)

    def with_documents(self, documents: tuple[Written, ...]) -> Self:
        """The case whose last event wrote these Word files too."""
        if not documents:
            return self
        *earlier, last = self.instance.events
        if not isinstance(last, Move | Filled | Attached):
            raise TypeError(last)
        last = replace(last, documents=last.documents + documents)
        instance = replace(self.instance, events=(*earlier, last), head=digest(last))
        state = replace(self.state, documents=self.state.documents.extend(documents))
        return type(self)(self.sop, instance, state)

    def migrated(self, sop: Sop, event: Migrated) -> Self:
        """The case under another version of its SOP."""
        there = replace(self, sop=sop, instance=replace(self.instance, version=event.version))
        return there.after(event)

    def agrees(self) -> bool:
        """Whether what the envelope repeats is what the events say."""
        instance, state = self.instance, self.state
        repeated = (instance.sop, instance.subject, instance.fields, instance.version)
        return repeated == (
            self.sop.id,
            state.subject,
            state.fields,
            current_version(instance.version, instance.events),
        )
