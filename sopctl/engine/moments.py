"""Moments as the messages of the engine and of the rooms above it write them."""

from datetime import datetime


def format_two_moments(one: datetime, other: datetime) -> tuple[str, str]:
    """Two moments in the time zone of the first, with seconds where only those differ."""
    texts = format_moment(one), format_moment(other.astimezone(one.tzinfo))
    if one == other or texts[0] != texts[1]:
        return texts
    return f"{texts[0]}.{one:%S}", f"{texts[1]}.{other:%S}"


def format_moment(at: datetime) -> str:
    """A moment as the office writes it: `24-11-2026 10.30`."""
    return at.strftime("%d-%m-%Y %H.%M")
