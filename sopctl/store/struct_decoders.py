"""Decoders of JSON and MessagePack for a type, made by one thread at a time.

msgspec keeps what it knows of a Struct class on the class, and puts it there before it is complete: it reads the
annotations of the fields in Python, where another thread may go on, find the class known, and decode with types that
are not there yet. The process then ends with a segmentation fault. A decoder once made has all that it needs, so only
making one needs the lock, and nothing in sopctl decodes into a type by another way.
"""

from threading import RLock
from types import UnionType
from typing import TypeVar

import msgspec

T = TypeVar("T")

_making = RLock()


def make_json_decoder(type_: type[T] | UnionType) -> msgspec.json.Decoder[T]:
    """What decodes JSON into this type; a second one for a type takes a microsecond."""
    with _making:
        return msgspec.json.Decoder(type_)


def make_msgpack_decoder(type_: type[T] | UnionType) -> msgspec.msgpack.Decoder[T]:
    """What decodes MessagePack into this type; a second one for a type takes a microsecond."""
    with _making:
        return msgspec.msgpack.Decoder(type_)
