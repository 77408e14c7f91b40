"""Numbers in an address or in a hidden input, which anybody may have changed."""

_DIGITS = 9


def read_number(text: str) -> int:
    """The number that is written there in at most nine digits; -1 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else -1
