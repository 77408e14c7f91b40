"""A record that is closed because it lies elsewhere: there, or here, an office's record is open, never in both."""

from sopctl.errors import MovedError
from sopctl.office.model import RecordKind

PLACES: dict[RecordKind, str] = {"files": "folder data", "postgres": "basis data PostgreSQL"}
"""What stores are called in a sentence."""


def moved_error(to: RecordKind) -> MovedError:
    """What is wrong with a record that lies in a store of this kind now, or is not all here yet."""
    return MovedError(
        f"Catatan kantor ini berada di {PLACES[to]}: ia dipindahkan ke sana, atau belum seluruhnya dipindahkan dari "
        "sana. Di tempat yang disebut sopctl.yaml ini tidak ada yang dibaca atau dicatat.",
        to=to,
    )
