"""What an SOP does not allow, as an ordinary answer."""

from msgspec import Struct


class Refused(Struct, frozen=True, kw_only=True):
    """Why a move is not made; ``message`` is Indonesian and says what to do next.

    ``fields`` and ``items`` name what is missing where the reason is `missing_fields` or `missing_evidence`.
    """

    reason: str
    message: str
    fields: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
