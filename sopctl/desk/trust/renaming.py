"""`--map OLD=NEW` of `migrate`: a step that bears another id in the new version, and is the same step all the same.

Only a renaming: the old id must be gone and the new one must be new, so that no map leads a case past a step.
"""

from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError, UsageError
from sopctl.notation.nearest import suggestion
from sopctl.sop.model import Sop


def renamed(old: Sop, new: Sop, maps: tuple[str, ...]) -> dict[str, str] | Refused:
    """The new id of each step that has another one.

    Raises:
        UsageError: where a text is no pair, or names a step that another has named.
        NotFoundError: where it names a step that there is not.
    """
    found: dict[str, str] = {}
    for text in maps:
        before, after = _pair(old, new, text)
        if before in found or after in found.values():
            raise UsageError(f"--map '{text}': langkah itu sudah disebut pada --map yang lain.", code="map")
        refused = _no_renaming(old, new, before, after)
        if refused is not None:
            return refused
        found[before] = after
    return found


def _pair(old: Sop, new: Sop, text: str) -> tuple[str, str]:
    before, equals, after = (part.strip() for part in text.partition("="))
    if not equals:
        raise UsageError(f"--map '{text}' tidak lengkap; tulis --map LAMA=BARU.", code="map")
    for sop, id, version in ((old, before, "lama"), (new, after, "baru")):
        known = [step.id for step in sop.steps]
        if id not in known:
            raise NotFoundError(f"Versi {version} tidak mempunyai langkah '{id}'{suggestion(id, known)}.", code="step")
    return before, after


def _no_renaming(old: Sop, new: Sop, before: str, after: str) -> Refused | None:
    if any(step.id == before for step in new.steps):
        return Refused(
            reason="not_renamed",
            message=f"Langkah {before} masih ada pada versi baru, jadi tidak berganti nama; "
            f"hapus --map {before}={after}.",
        )
    if any(step.id == after for step in old.steps):
        return Refused(
            reason="not_renamed",
            message=f"Langkah {after} sudah ada pada versi lama sebagai langkah lain; --map hanya untuk langkah yang "
            f"berganti nama. Padanan {before} harus langkah yang baru.",
        )
    return None
