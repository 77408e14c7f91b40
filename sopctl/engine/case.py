"""A case at work: its SOP, its stored events and the state they add up to, which always agree."""

from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.events import Event, Started, digest, root
from sopctl.engine.fold import apply, fold
from sopctl.engine.instance import Instance
from sopctl.engine.state import State
from sopctl.sop.model import Sop


class Case(Struct, frozen=True):
    """A case; every event makes a new one."""

    sop: Sop
    instance: Instance
    state: State

    @property
    def id(self) -> str:
        """`<sop>-<n>`."""
        return self.instance.id

    @classmethod
    def opened(cls, sop: Sop, id: str, version: str, event: Started) -> Self:
        """The case that ``event`` opens."""
        first = event.chained(1, root(id, version))
        state = fold(sop, (first,))
        instance = Instance(
            id=id,
            revision=1,
            sop=sop.id,
            version=version,
            subject=state.subject,
            fields=state.fields,
            events=(first,),
            head=digest(first),
        )
        return cls(sop, instance, state)

    @classmethod
    def read(cls, sop: Sop, instance: Instance) -> Self:
        """The case of a stored instance.

        Raises:
            KeyError: where the events name what the SOP does not have.
        """
        return cls(sop, instance, fold(sop, instance.events))

    def after(self, event: Event) -> Self:
        """The case with one event more, chained to the last."""
        number = self.instance.revision + 1
        chained = event.chained(number, self.instance.head)
        state = apply(self.sop, self.state, chained)
        instance = replace(
            self.instance,
            revision=number,
            fields=state.fields,
            events=(*self.instance.events, chained),
            head=digest(chained),
        )
        return replace(self, instance=instance, state=state)

    def agrees(self) -> bool:
        """Whether what the envelope repeats is what the events say."""
        instance, state = self.instance, self.state
        repeated = (instance.sop, instance.subject, instance.fields)
        return repeated == (self.sop.id, state.subject, state.fields)
