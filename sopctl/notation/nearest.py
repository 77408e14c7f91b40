"""The known word that a typo was meant to be."""

from collections.abc import Iterable
from itertools import islice

_LONGEST = 60
_PREFIX = 3
_MOST = 200
_LIKENESS = 0.6


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like ``word``, None where none is: letter case aside, then a beginning, then a typo."""
    wanted = word.strip().casefold()
    if not wanted or len(wanted) > _LONGEST:
        return None
    words = {name.casefold(): name for name in islice(known, _MOST)}
    if wanted in words:
        return words[wanted]
    if len(wanted) >= _PREFIX:
        begun = [name for folded, name in words.items() if folded.startswith(wanted)]
        if len(begun) == 1:
            return begun[0]
    return _resembling(wanted, words)


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; mungkin maksudnya "…"`, or nothing where no known word is near."""
    meant = nearest(word, known)
    return f'; mungkin maksudnya "{meant}"' if meant is not None else ""


def _resembling(wanted: str, words: dict[str, str]) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 — only where something is wrong

    matches = get_close_matches(wanted, words, n=1, cutoff=_LIKENESS)
    return words[matches[0]] if matches else None
