"""What a report is asked for."""

from datetime import date
from typing import Literal

from msgspec import Struct

By = Literal["sop", "step", "pelaksana", "month"]


class Query(Struct, frozen=True, kw_only=True):
    """What to report: one SOP or all, and the days on which visits and cases ended, both included.

    ``late`` leaves only the groups in which something was late, and the cases beyond their SOP's own total. With
    ``at_most`` only so many cases are listed, those furthest beyond their standard first; without it all are.
    """

    by: By = "step"
    sop: str | None = None
    since: date | None = None
    until: date | None = None
    late: bool = False
    at_most: int | None = None

    def covers(self, day: date) -> bool:
        """Whether what ended on that day is in the report."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
