"""What filling in one part may cost: rounds of loops and calls, and the size of everything that is made on the way.

Nothing that a template says grows a value but what is paid for here, so that memory and time are bounded whatever the
template does; a long letter takes some hundredths of it.
"""

from collections.abc import Iterable, Iterator, Sequence

from jinja2.exceptions import SecurityError
from msgspec import Struct
from msgspec.structs import astuple

MOST_ROUNDS = 100_000
"""How many rounds of loops and calls one part may take; a long one takes some hundreds."""

MOST_CHARACTERS = 32_000_000
"""Letters that all values and the part itself may have together; a letter of ten pages has some 300,000."""

ITEM = 16
"""What an item of a list costs, and whatever Jinja does once: about as much memory and time as so many letters."""

_MOST = 10**30
"""No number of an office is as large."""


class RenderBudget:
    """What is left for one part; it is renewed whenever the part is filled in anew."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Give all of it again."""
        self.rounds, self.size = MOST_ROUNDS, MOST_CHARACTERS

    def turn(self, size: int = 0) -> None:
        """Pay for a round of a loop, or for a call; nobody is given anything back."""
        self.rounds -= 1
        if self.rounds < 0:
            raise SecurityError("pengulangan terlalu banyak")
        self.pay(max(size, 0))

    def pay(self, size: int) -> None:
        """Pay for so many letters."""
        self.size -= size
        if self.size < 0:
            raise SecurityError("isinya menjadi terlalu panjang, atau dibuat dengan terlalu banyak langkah")

    def weigh(self, *values: object, each: int = 1) -> None:
        """Pay for values with all that they hold, ``each`` for a letter; SecurityError at a number beyond all use."""
        waiting = list(values)
        while waiting:
            value = waiting.pop()
            if isinstance(value, str | bytes):
                self.pay(each * len(value))
            elif isinstance(value, list | tuple | dict | range | Struct):
                held = _held(value)
                self.pay(ITEM * len(held))
                waiting.extend(held)
            elif isinstance(value, int) and not -_MOST < value < _MOST:
                raise SecurityError("bilangan terlalu besar")
            else:
                self.pay(1)

    def all_of(self, values: Iterable[object]) -> list[object]:
        """The values as a list, each paid for as it comes."""
        return list(self._paid(values))

    def _paid(self, values: Iterable[object]) -> Iterator[object]:
        for value in values:
            self.pay(ITEM)
            self.weigh(value)
            yield value


def _held(value: list[object] | tuple[object, ...] | dict[object, object] | range | Struct) -> Sequence[object]:
    """What a value holds."""
    if isinstance(value, dict):
        return [*value, *value.values()]
    return astuple(value) if isinstance(value, Struct) else value
