"""What somebody typed for a case and had not recorded yet, as it is kept beside the caches of that account."""

import msgspec
from msgspec import Struct

from sopctl.engine.events import FieldValue
from sopctl.store.caches.account_cache import Cache
from sopctl.store.struct_decoders import make_json_decoder


class _KeptAnswers(Struct, frozen=True):
    """Values by name, typed when the case stood there."""

    place: str
    values: dict[str, FieldValue]


class TypedAnswers:
    """The answers that were typed for a case, or for opening one, while it stood at ``place``.

    ``values`` are those by what they answer.
    """

    def __init__(self, cache: Cache, about: str, place: str) -> None:
        self._cache, self._file, self._place = cache, kept_name(about), place
        self.values = self._read()

    def _read(self) -> dict[str, FieldValue]:
        """What was kept for this place; none where it was kept for another, or nothing was."""
        kept = self._cache.read_as(self._file, make_json_decoder(_KeptAnswers).decode)
        return kept.values if kept is not None and kept.place == self._place else {}

    def keep(self, name: str, value: FieldValue) -> bool:
        """Keep an answer, beside the others; whether there is a place to keep it."""
        self.values[name] = value
        self._cache.write(self._file, msgspec.json.encode(_KeptAnswers(self._place, self.values)), durable=False)
        return self._cache.read(self._file) is not None


def kept_name(about: str) -> str:
    """The name in the cache of what was typed for a case, or for opening one."""
    return f"typed-{about.replace('/', '-')}.json"
