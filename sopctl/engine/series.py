"""A sequence that is only added to, whose last item may change: a longer one shares the items of the shorter one.

A fold makes a new state for each event; with tuples each would copy all that came before it.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Generic, TypeVar, overload

from msgspec import Struct

T = TypeVar("T")


class Series(Struct, Generic[T], frozen=True, eq=False):
    """The first ``count`` of the ``items``, which others share, then ``tail``: nothing, or the last item."""

    items: list[T] = []
    count: int = 0
    tail: tuple[T, ...] = ()

    def add(self, item: T) -> "Series[T]":
        """The same items and one more."""
        return self.replace_last(self.tail[0], item) if self.tail else Series(self.items, 0, (item,))

    def extend(self, more: Iterable[T]) -> "Series[T]":
        """The same items, then these."""
        longer = self
        for item in more:
            longer = longer.add(item)
        return longer

    def replace_last(self, last: T, item: T | None = None) -> "Series[T]":
        """The same items with another one in the place of the last, and perhaps one more behind it.

        They are copied where another sequence went on from here before, as after a move that was withdrawn.
        """
        items, count = self.items, self.count
        if item is None:
            return Series(items, count, (last,))
        if len(items) != count:
            items = items[:count]
        items.append(last)
        return Series(items, count + 1, (item,))

    def replace_at(self, number: int, item: T) -> "Series[T]":
        """The same items with another one in the place of the one with this number (from 1)."""
        if number == len(self):
            return self.replace_last(item)
        items = self.items[: self.count]
        items[number - 1] = item
        return Series(items, self.count, self.tail)

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
