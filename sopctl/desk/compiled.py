"""SOPs and the office as they were last read, so that looking at cases need not read YAML anew each time.

Only a cache: it is keyed by the sha256 of the text and by the code that read it, may be deleted at any time, and is
used for looking only. Whatever changes the record reads the YAML itself.
"""

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

import sopctl
from sopctl.errors import BusyError
from sopctl.store import files

T = TypeVar("T")

_ROOMS = ("notation", "sop", "worktime", "office")


def compiled(cache: Path, text: bytes, type_: type[T], read: Callable[[bytes], T]) -> T:
    """What ``read`` makes of the text, from the cache where it was read before."""
    path = cache / f"{sha256(text).hexdigest()}-{_edition()}.json"
    with suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return msgspec.json.decode(path.read_bytes(), type=type_)
    value = read(text)
    with suppress(BusyError):
        files.replace(path, msgspec.json.encode(value))
    return value


def _edition() -> int:
    """When the code that reads was last changed, in nanoseconds."""
    root = Path(sopctl.__file__).parent
    return max(file.stat().st_mtime_ns for room in _ROOMS for file in (root / room).iterdir() if file.suffix == ".py")
