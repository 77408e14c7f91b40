"""SOPs and the office as they were last read, so that looking at cases need not read YAML anew each time.

Only a cache, and one that this account wrote itself (`store.caches`): it is keyed by the sha256 of the text and by the
code that read it, may be deleted at any time, and is used for looking only. Whatever changes the record reads the YAML
itself.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

import msgspec

from sopctl.store.caches.account_cache import Cache, code_edition
from sopctl.store.struct_decoders import make_json_decoder

T = TypeVar("T")

_ROOMS = ("notation", "sop", "worktime", "office")


def read_compiled(cache: Cache, text: bytes, type_: type[T], read: Callable[[bytes], T]) -> T:
    """What ``read`` makes of the text, from the cache where it was read before."""
    name = f"{sha256(text).hexdigest()}-{code_edition(*_ROOMS)}.json"
    if (kept := cache.read_as(name, make_json_decoder(type_).decode)) is not None:
        return kept
    value = read(text)
    cache.write(name, msgspec.json.encode(value))
    return value
