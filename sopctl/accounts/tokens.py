"""Secrets that are shown once: 32 random bytes, of which the file keeps only the sha256."""

from hashlib import sha256
from secrets import token_urlsafe

_BYTES = 32


def new_token() -> str:
    """A token for a link or a cookie: 43 letters, digits, `-` and `_`."""
    return token_urlsafe(_BYTES)


def hash_token(token: str) -> bytes:
    """What is kept of it. No password needs a slow hash that has 256 random bits."""
    return sha256(token.encode(errors="replace")).digest()
