"""Moments: which ones are read, by which clocks something may be recorded, and how messages write them.

More is read than may be written: older records hold what clocks without a battery said, and must open all the same.
"""

from datetime import datetime, timedelta

from sopctl.errors import BusyError

READABLE_YEARS = range(1969, 9000)
"""A clock without a battery begins with 1970, still 1969 west of Greenwich; the end of time cannot be counted with."""

WRITABLE_YEARS = range(2025, 2075)
"""The years in which the clock of a computer can be right: from the one before this release on."""

FIRST_TYPED_YEAR = 1990
"""The first year in which what was done on paper can have happened; what was typed as an earlier one is a slip."""

_DAYS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")

_SLACK = timedelta(days=1)
"""How far the clocks of the computers of one office may be apart."""


def is_readable(at: datetime) -> bool:
    """Whether a moment of the record lies in years that can be counted with."""
    return at.year in READABLE_YEARS


def check_clock(now: datetime, last: datetime | None) -> None:
    """Make sure that the computer's clock can be right; ``last`` is when something was last recorded.

    Raises:
        BusyError: where it says a year that cannot be, or a moment well before ``last``.
    """
    if now.year not in WRITABLE_YEARS:
        raise _wrong_clock(f"{format_moment(now)}; itu tidak mungkin benar")
    if last is not None and now < last - _SLACK:
        said, recorded = format_two_moments(now, last)
        raise _wrong_clock(f"{said}, padahal catatan terakhir dibuat {recorded}", advice="clock_behind")


def _wrong_clock(said: str, *, advice: str = "") -> BusyError:
    message = f"Jam komputer ini menunjukkan {said}. Tidak ada yang dicatat. Betulkan jamnya, lalu ulangi perintahnya."
    return BusyError(message, code="clock", advice=advice)


def format_two_moments(one: datetime, other: datetime) -> tuple[str, str]:
    """Two moments in the time zone of the first, with seconds where only those differ."""
    texts = format_moment(one), format_moment(other.astimezone(one.tzinfo))
    if one == other or texts[0] != texts[1]:
        return texts
    return f"{texts[0]}.{one:%S}", f"{texts[1]}.{other:%S}"


def format_moment(at: datetime) -> str:
    """A moment as the office writes it: `24-11-2026 10.30`."""
    return at.strftime("%d-%m-%Y %H.%M")


def format_day_time(at: datetime) -> str:
    """A moment with its weekday: `Sel 24-11-2026 10.30`."""
    return f"{_DAYS[at.weekday()]} {format_moment(at)}"


def format_short_moment(at: datetime | None) -> str:
    """A moment of these months: `24-11 10.30`; `…` where it has not come."""
    return f"{at:%d-%m %H.%M}" if at else "…"
