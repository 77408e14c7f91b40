"""What a report is asked for."""

from datetime import date
from typing import Literal

from msgspec import Struct

from sopctl.errors import UsageError

By = Literal["sop", "step", "pelaksana", "month"]


class Query(Struct, frozen=True, kw_only=True):
    """What to report: one SOP or all, and the days on which visits and cases ended, both included.

    ``late`` leaves only the groups in which something was late, and the cases beyond their SOP's own total. With
    ``at_most`` only so many cases are listed, those furthest beyond their standard first; without it all are.

    Raises:
        UsageError: where the last day comes before the first: no report has anything in it.
    """

    by: By = "step"
    sop: str | None = None
    since: date | None = None
    until: date | None = None
    late: bool = False
    at_most: int | None = None

    def __post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until < self.since:
            days = f"{self.until:%d-%m-%Y} lebih awal daripada tanggal pertama, {self.since:%d-%m-%Y}"
            raise UsageError(f"Tanggal terakhir, {days}.", code="date")

    def covers(self, day: date) -> bool:
        """Whether what ended on that day is in the report."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
