"""Passwords: which ones are taken, and how they are kept.

They are kept by argon2id with 46 MiB, one pass and one lane, the first choice of OWASP's Password Storage Cheat Sheet:
RFC 9106 prefers 64 MiB, but an office's own computer serves the page beside other work, so at most two are worked out
at a time. Less memory with more passes would stay with each thread: glibc gives back at once what is above 32 MiB.

What is taken follows NIST SP 800-63B section 5.1.1.2: a least length, no rule about kinds of
characters, and nothing that others try first.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from string import punctuation
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from sopctl.engine.refused import Refused
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12
"""Characters, after normalisation."""

_LONGEST = 1024
"""Bytes; more would only cost time."""

_CHARACTERS_LEFT = 4
"""Characters that a password has besides common words, rows of keys and names; see `_count_own_characters`."""

_RUN = 3
"""Characters in a row that are nobody's choice any more."""

_LOOKED_AT = 200
"""Characters of a password that are looked through for what is common."""

_PERSONAL = 4
"""Letters of a part of a name that is looked for."""

_ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "!@#$%^&*()_+",
)  # fmt: skip
"""Rows of characters as people run along them: alphabet, digits, and the keyboard straight, zigzag and in columns."""

_LOOK_ALIKES = {"a": "[a@4]", "e": "[e3]", "i": "[i!1]", "o": "[o0]", "s": "[s$5]"}
"""What stands for a letter."""

_NOBODY = "$argon2id$v=19$m=47104,t=1,p=1$jYYRzrqMu0ErExenkE7G2Q$dU27G5sn5YzsLEPq7kkIgGLEmbrVK7R8qcfz+dgnxj0"
"""The hash of a password that nobody has: an unknown name costs the same time as a wrong password."""

_at_once = BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """What is kept of a password that `find_password_fault` has nothing against."""
    with _at_once:
        return _hasher().hash(normalize_password(password))


def is_password(kept: str | None, password: str) -> bool:
    """Whether it is the password of which this was kept; no, in the same time, where nothing was."""
    from argon2.exceptions import InvalidHashError, VerifyMismatchError  # noqa: PLC0415 — an extra

    text = normalize_password(password)
    with _at_once:
        try:
            _hasher().verify(kept or _NOBODY, text or "-")
        except (VerifyMismatchError, InvalidHashError):
            return False
    return bool(kept and text)


def is_outdated(kept: str) -> bool:
    """Whether it was kept in another way than is done now."""
    return _hasher().check_needs_rehash(kept)


def normalize_password(password: str) -> str:
    """The password whatever keyboard it was typed on (NFKC); empty where it is too long or no text."""
    if len(password) > _LONGEST:
        return ""
    text = unicodedata.normalize("NFKC", password)
    return text if len(text.encode(errors="replace")) <= _LONGEST and text.isprintable() else ""


def find_password_fault(password: str, personal: Iterable[str] = ()) -> Refused | None:
    """Why a password is not taken; ``personal`` are the names and numbers of the person."""
    text = normalize_password(password)
    if password and not text:
        return _refuse("unusable", f"Sandi paling panjang {_LONGEST} byte dan tanpa tombol kendali.")
    if len(text) < SHORTEST:
        return _refuse("short", f"Sandi paling sedikit {SHORTEST} karakter; beberapa kata sekaligus mudah diingat.")
    if _count_own_characters(text, personal) < _CHARACTERS_LEFT:
        return _refuse("common", "Sandi itu hampir hanya nama, NIP, atau kata yang mudah ditebak; pilih yang lain.")
    return None


def check_installed() -> None:
    """Make sure that passwords can be kept and pages served.

    Raises:
        UsageError: where the extra `web` is not installed.
    """
    missing = [name for name in ("flask", "waitress", "argon2") if find_spec(name) is None]
    if missing:
        raise UsageError(f"Untuk halaman ini belum terpasang: {', '.join(missing)}.", code="web_extra")


def _refuse(reason: str, message: str) -> Refused:
    return Refused(reason=f"password_{reason}", message=message)


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415 — an extra

    return PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)


def _count_own_characters(text: str, personal: Iterable[str]) -> float:
    """How many characters are left without what others try first: letters once each, all other characters for half."""
    left = "".join(one for one in text[:_LOOKED_AT].casefold() if one.isalnum() or one in "@$!" or not one.isascii())
    parts = {_fold(part).replace(" ", "") for name in personal for part in (name, *re.split(r"\W+", name))}
    for words in (_compile_words(part for part in parts if len(part) >= _PERSONAL), _common_words()):
        left = words.sub(" ", left)
    left = re.sub(r"(.+?)\1+", r"\1", _cut_runs(re.sub(r"(19|20)\d\d", " ", _fold(left))))
    symbols = _cut_runs("".join(one for one in text if one in punctuation))
    digits, others = sum(map(str.isdigit, left)), {one for one in left if not one.isdigit()} - {" "}
    return len(others) + (digits + len({*symbols} - {" "})) / 2


def _cut_runs(text: str) -> str:
    """The text without the runs along a row, in either direction."""
    left, at = [], 0
    while at < len(text):
        length = _run_length(text, at)
        left.append(" " if length >= _RUN else text[at])
        at += length if length >= _RUN else 1
    return "".join(left)


def _run_length(text: str, at: int) -> int:
    """How many characters from there on stand beside each other on a row."""
    end = at + _RUN
    while end <= len(text) and any(text[at:end] in row for row in _both_ways()):
        end += 1
    return end - 1 - at


@cache
def _both_ways() -> tuple[str, ...]:
    return tuple(one for row in _ROWS for one in (row, row[::-1]))


def _fold(text: str) -> str:
    """The text in small letters, without the characters of a keyboard."""
    return "".join(one for one in text.casefold() if one.isalnum() or one == " " or not one.isascii())


@cache
def _common_words() -> re.Pattern[str]:
    lines = files("sopctl.accounts").joinpath("common_words.txt").read_text(encoding="utf-8").splitlines()
    return _compile_words(word for line in lines if line[:1] != "#" for word in line.split())


def _compile_words(words: Iterable[str]) -> re.Pattern[str]:
    """What finds any of these words, the longest first, whatever stands for its letters."""
    longest_first = sorted(words, key=len, reverse=True) or ["(?!)"]
    return re.compile("|".join("".join(_LOOK_ALIKES.get(one, one) for one in word) for word in longest_first))
