"""Compiled templates kept between two runs, so that writing a letter need not load Word's libraries.

Only a cache, one file a template: it may be deleted at any time. What is taken from it is compared with the Word files
that it was made of, and its Jinja source runs in the same sandbox as a template's own.
"""

from contextlib import suppress
from pathlib import Path

import msgspec

import sopctl
from sopctl.documents.compiled import Compiled
from sopctl.errors import BusyError
from sopctl.store import files


class Kept(msgspec.Struct, frozen=True):
    """A template with the edition of the code that compiled it."""

    edition: int
    compiled: Compiled


class CacheShelf:
    """The shelf in the cache folder of a workspace; see `documents.render.Shelf`."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    def get(self, template: str) -> Compiled | None:
        """What was kept for a template by this edition of the code."""
        with suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            kept = msgspec.msgpack.decode(self._file(template).read_bytes(), type=Kept)
            return kept.compiled if kept.edition == _edition() else None
        return None

    def put(self, compiled: Compiled) -> None:
        """Keep a template; a folder that nobody may write to keeps nothing."""
        with suppress(BusyError):
            files.replace(self._file(compiled.name), msgspec.msgpack.encode(Kept(_edition(), compiled)))

    def _file(self, template: str) -> Path:
        return self._cache / f"{template.removesuffix('.docx')}.templat"


def _edition() -> int:
    """When the code that compiles was last changed, in nanoseconds."""
    room = Path(sopctl.__file__).parent / "documents"
    return max(file.stat().st_mtime_ns for file in room.iterdir() if file.suffix == ".py")
