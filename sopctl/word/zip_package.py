"""A Word file as the zip that it is, written the same way every time.

What does not change from letter to letter is deflated once and copied: Python's own writer would deflate it anew.
"""

import struct
import zlib
from collections.abc import Iterable

from msgspec import Struct

LEVEL = 6
"""Of zlib; the same everywhere, so that the same letter is the same bytes."""

_DEFLATED = 8
_VERSION = 20
_UTF8 = 0x800
_DAY = 0x21
"""The first of January 1980, the earliest day of a zip."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


class ZipEntry(Struct, frozen=True):
    """One entry of the zip: its content deflated, with the checksum and size that it has when inflated."""

    name: str
    data: bytes
    crc: int
    size: int


def deflate_entry(name: str, content: bytes) -> ZipEntry:
    """One entry of a zip."""
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = deflate.compress(content) + deflate.flush()
    return ZipEntry(name, data, zlib.crc32(content), len(content))


def inflate_entry(entry: ZipEntry) -> bytes:
    """The content of an entry."""
    return zlib.decompress(entry.data, -zlib.MAX_WBITS)


def write_zip(entries: Iterable[ZipEntry]) -> bytes:
    """The zip of these entries, in the order of their names, without a clock."""
    body = bytearray()
    directory = bytearray()
    count = 0
    for entry in sorted(entries, key=lambda each: each.name):
        name = entry.name.encode()
        about = (_UTF8, _DEFLATED, 0, _DAY, entry.crc, len(entry.data), entry.size, len(name), 0)
        directory += _CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, *about, 0, 0, 0, 0, len(body)) + name
        body += _LOCAL.pack(b"PK\3\4", _VERSION, *about) + name + entry.data
        count += 1
    end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)
