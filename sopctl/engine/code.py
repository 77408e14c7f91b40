"""The verification code at the foot of a document: what ties a paper to one event of the record.

It is known before the paper is written: the case, the event's number and the hash of everything before it make it.
"""

from base64 import b32encode
from hashlib import sha256

PATTERN = r"\b[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}\b"
"""What such a code looks like."""


def code(case: str, number: int, previous: str) -> str:
    """The code of the event with this number, where ``previous`` is the hash of the event before: `K7QF-2M9D-X4TB`."""
    letters = b32encode(sha256(f"{case}\n{number}\n{previous}".encode()).digest()).decode()
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:12]}"
