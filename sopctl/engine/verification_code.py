"""The verification code at the foot of a document: what ties a paper to one event of the record.

It is known before the paper is written: the case, the event's number and the hash of everything before it make it.
"""

import re
from base64 import b32encode
from hashlib import sha256

PATTERN = r"\b[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}\b"
"""What such a code looks like."""

_BETWEEN = re.compile(r"[\s\-_.\u2010-\u2015\u2212]+")
"""What people type, or a word processor makes, of the dashes."""

_LOOKS_LIKE = str.maketrans("018", "OIB")
"""Digits that no code has, by the letters that they are mistaken for."""


def verification_code(case: str, number: int, previous: str) -> str:
    """The code of the event with this number, where ``previous`` is the hash of the event before: `K7QF-2M9D-X4TB`."""
    letters = b32encode(sha256(f"{case}\n{number}\n{previous}".encode()).digest()).decode()
    return _dashed(letters)


def read_code(text: str) -> str:
    """The code that somebody read from paper, whatever blanks, dashes and letter case; empty where the text is none."""
    letters = _BETWEEN.sub("", text).upper().translate(_LOOKS_LIKE)
    return _dashed(letters) if re.fullmatch(r"[A-Z2-7]{12}", letters) else ""


def _dashed(letters: str) -> str:
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:12]}"
