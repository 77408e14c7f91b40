"""`--map OLD=NEW` of `migrate`, as typed: a step that bears another id in the new version."""

from sopctl.engine.refused import Refused
from sopctl.engine.renaming import refuse_renaming
from sopctl.errors import NotFoundError, UsageError
from sopctl.notation.nearest import suggestion
from sopctl.sop.model import Sop


def renamed(old: Sop, new: Sop, maps: tuple[str, ...]) -> dict[str, str] | Refused:
    """The new id of each step that has another one.

    Raises:
        UsageError: where a text is no pair, or names an old step again.
        NotFoundError: where it names a step that there is not.
    """
    found: dict[str, str] = {}
    for text in maps:
        before, after = _pair(old, new, text)
        if before in found:
            raise UsageError(f"Padanan '{text}': langkah {before} sudah disebut pada padanan lain.", code="map")
        found[before] = after
    return refuse_renaming(old, new, found) or found


def _pair(old: Sop, new: Sop, text: str) -> tuple[str, str]:
    before, equals, after = (part.strip() for part in text.partition("="))
    if not equals:
        raise UsageError(f"Padanan '{text}' tidak lengkap.", code="map", advice="map_pair")
    for sop, id, version in ((old, before, "lama"), (new, after, "baru")):
        known = [step.id for step in sop.steps]
        if id not in known:
            raise NotFoundError(f"Versi {version} tidak mempunyai langkah '{id}'{suggestion(id, known)}.", code="step")
    return before, after
