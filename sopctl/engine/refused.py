"""What an SOP does not allow, as an ordinary answer."""

from msgspec import Struct

from sopctl.errors import Fact
from sopctl.sop.model import Field


class Refused(Struct, frozen=True, kw_only=True):
    """Why a move is not made; ``message`` is Indonesian and says what is wrong.

    ``wanted`` and ``items`` are the fields and kelengkapan that are missing, where the reason is `missing_fields` or
    `missing_evidence`. ``advice`` (else the reason) says what helps, as data: `cli.remedies` words it as a command,
    with the ``facts``.
    """

    reason: str
    message: str
    wanted: tuple[Field, ...] = ()
    items: tuple[str, ...] = ()
    advice: str = ""
    facts: dict[str, Fact] = {}

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the missing fields."""
        return tuple(field.name for field in self.wanted)
