"""What filling in one part may cost: rounds of loops and calls, and the size of every value made or read on the way.

Why Jinja's own sandbox is not enough: with a bounded `range` and a limit of what is printed, 9 of the first 51
templates of tests/letters/test_hostile.py took more than 2 GB and 7 more than 10 seconds, for `a ~ a`, `[a, a]`,
macros, `{% set %}` blocks and filters grow values that are never printed. Here nothing grows a value unpaid; a long
letter takes some hundredths of the budget.
"""

from collections.abc import Iterable, Sequence

from jinja2.exceptions import SecurityError
from msgspec import Struct
from msgspec.structs import astuple

MOST_ROUNDS = 100_000
"""Rounds of loops and calls that one part may take; a long one takes some hundreds."""

MOST_CHARACTERS = 32_000_000
"""Characters that all values and the part itself may have together; a letter of ten pages has some 300,000."""

ITEM = 16
"""What an item of a list costs, and a step of the template: about the memory and time of so many characters."""

_LARGEST_NUMBER = 10**30


class RenderBudget:
    """What is left for one part; SecurityError where it is spent."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Give all of it again."""
        self.rounds, self.size = MOST_ROUNDS, MOST_CHARACTERS

    def count_round(self, size: int = 0) -> None:
        """Pay for a round of a loop, or for a call, that costs so many characters."""
        self.rounds -= 1
        if self.rounds < 0:
            raise SecurityError("pengulangan terlalu banyak")
        self.pay(size)

    def pay(self, size: int) -> None:
        """Pay for so many characters; a template that names a negative number is given nothing back."""
        self.size -= max(size, 0)
        if self.size < 0:
            raise SecurityError("isinya menjadi terlalu panjang, atau dibuat dengan terlalu banyak langkah")

    def weigh(self, *values: object, each: int = 1) -> None:
        """Pay for values with all that they hold, ``each`` for a character; SecurityError at a huge number."""
        waiting = list(values)
        while waiting:
            value = waiting.pop()
            if isinstance(value, str | bytes):
                self.pay(each * len(value))
            elif isinstance(value, list | tuple | dict | range | Struct):
                held = _held(value)
                self.pay(ITEM * len(held))
                waiting.extend(held)
            elif isinstance(value, int) and abs(value) >= _LARGEST_NUMBER:
                raise SecurityError("bilangan terlalu besar")
            else:
                self.pay(1)

    def collect(self, values: Iterable[object]) -> list[object]:
        """The values as a list, each paid for as it comes."""
        collected = []
        for value in values:
            self.pay(ITEM)
            self.weigh(value)
            collected.append(value)
        return collected


def _held(value: list[object] | tuple[object, ...] | dict[object, object] | range | Struct) -> Sequence[object]:
    """What a value holds."""
    if isinstance(value, dict):
        return [*value, *value.values()]
    return astuple(value) if isinstance(value, Struct) else value
