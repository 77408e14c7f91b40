"""What somebody typed for a case and had not recorded yet, as it is kept beside the caches of that account."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from sopctl.engine.events import FieldValue


class TypedAnswers(Struct, frozen=True):
    """Values by field, typed when the case had this revision."""

    revision: int
    values: dict[str, FieldValue]


def encode_answers(values: Mapping[str, FieldValue], revision: int) -> bytes:
    """The bytes to keep."""
    return msgspec.json.encode(TypedAnswers(revision, dict(values)))


def decode_answers(data: bytes | None, revision: int) -> dict[str, FieldValue]:
    """The values that were typed for this revision of the case; none where others were kept, or nothing."""
    try:
        kept = msgspec.json.decode(data or b"", type=TypedAnswers)
    except msgspec.MsgspecError:
        return {}
    return kept.values if kept.revision == revision else {}
