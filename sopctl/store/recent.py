"""What this process read or wrote last, so that it need not be worked out twice from the same bytes."""

from typing import Generic, TypeVar

T = TypeVar("T")

_MOST = 4
"""Values that are kept where nobody says how many: a case, the one that called it and those that it calls."""


class Recent(Generic[T]):
    """The values that were put last, each under its name; whoever gets one checks that it is still the right one.

    Of two threads that put one at the same moment, one value may be lost; what is there is always whole.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._values: dict[str, T] = {}

    def get(self, name: str) -> T | None:
        """The value under a name, None where it is not kept (any more)."""
        return self._values.get(name)

    def put(self, name: str, value: T) -> None:
        """Keep a value, and let go of the one that was put longest ago."""
        others = [one for one in self._values.items() if one[0] != name]
        self._values = dict([*others, (name, value)][-self._most :])
