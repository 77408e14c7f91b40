"""DER, the encoding of certificates and electronic signatures: values read one after the other, none further inside."""

from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

SEQUENCE, OID, INTEGER = 0x30, 0x06, 0x02

_MOST_PARTS = 100
"""More than a name, a certificate or a chain of certificates has; hostile data takes no longer."""


class DerValue(Struct, frozen=True):
    """A value: its tag, its content, and the bytes of both with the length between."""

    tag: int
    content: bytes
    encoded: bytes

    def parts(self) -> tuple["DerValue", ...]:
        """The values inside, the first hundred of them; ValueError where the content is no values."""
        return tuple(islice(read_values(self.content), _MOST_PARTS))


def read_values(data: bytes) -> Iterator[DerValue]:
    """The values that follow one another in the data.

    Raises:
        ValueError: where the data ends too early, or is not DER.
    """
    place = 0
    while place < len(data):
        value = read_value(data, place)
        yield value
        place += len(value.encoded)


def read_value(data: bytes, place: int = 0) -> DerValue:
    """The value that begins at a place; what comes after it does not matter.

    Raises:
        ValueError: where the data ends too early, or is not DER.
    """
    header = data[place : place + 2]
    if len(header) < 2 or header[0] & 0x1F == 0x1F:  # noqa: PLR2004 — tag and length; a tag of several bytes
        raise ValueError(place)
    tag, length = header
    start = place + 2
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count <= 4:  # noqa: PLR2004 — no length, or one of more than four bytes
            raise ValueError(place)
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    if start + length > len(data):
        raise ValueError(place)
    return DerValue(tag, data[start : start + length], data[place : start + length])
