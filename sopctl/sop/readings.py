"""What a text of the column `waktu` says, as a value, and in the words of the form."""

from typing import Literal

from msgspec import Struct

from sopctl.sop.model import Duration

Relation = Literal["per", "before", "after", "since"]
"""The key of the waktu that says to what a time is relative; `since` is `after` that may also be the case's coming."""


class Reading(Struct, frozen=True):
    """What a text says: the shortest and longest time, None where it has none.

    ``doubt`` says why that is not sure, in Indonesian; ``relation`` to what the time is relative, if to anything.
    """

    minimum: Duration | None = None
    maximum: Duration | None = None
    doubt: str = ""
    relation: Relation | None = None


def describe_time(time: Duration) -> str:
    """An amount as the form prints it: `14 hari kalender`, `2 bulan 1 minggu`."""
    amount = f"{time.amount:g}".replace(".", ",") if time.amount < 1e5 else str(time.amount)  # noqa: PLR2004 — 1e+05
    words = f"{amount} {time.unit}{' kalender' if time.clock == 'calendar' else ''}"
    return f"{words} {describe_time(time.plus)}" if time.plus else words
