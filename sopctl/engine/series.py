"""A sequence that is only added to, whose last item may change: a longer one shares the items of the shorter one.

A fold makes a new state for each event; with tuples each would copy all that came before it.
"""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Generic, TypeVar, overload

from msgspec import Struct

T = TypeVar("T")


class Series(Struct, Generic[T], frozen=True, eq=False):
    """The first ``count`` of the ``items``, which others share, then ``tail``: nothing, or the last item."""

    items: list[T] = []
    count: int = 0
    tail: tuple[T, ...] = ()

    def add(self, *more: T) -> "Series[T]":
        """The same items, then these."""
        return self.replace_last(*self.tail, *more) if more else self

    def replace_last(self, *tail: T) -> "Series[T]":
        """The same items with these, one or more, in the place of the last one.

        The items are copied where another sequence went on from here before, as after a move that was withdrawn.
        """
        *earlier, last = tail
        items = self.items
        if earlier:
            items = items if len(items) == self.count else items[: self.count]
            items += earlier
        return Series(items, self.count + len(earlier), (last,))

    def __len__(self) -> int:
        return self.count + len(self.tail)

    def __iter__(self) -> Iterator[T]:
        return chain(islice(self.items, self.count), self.tail)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...

    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        if index == -1:
            return self.tail[0]
        if isinstance(index, slice):
            return tuple(self)[index]
        place = index + len(self) if index < 0 else index
        return self.items[place] if 0 <= place < self.count else self.tail[abs(place - self.count)]

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Series | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))
