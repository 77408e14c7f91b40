"""`list`: the SOPs of the workspace."""

from msgspec import Struct

from sopctl.problems import errors_of
from sopctl.store.library import Library, SopFile


class SopSummary(Struct, frozen=True, kw_only=True):
    """One SOP in the list; ``nama`` is empty where the file cannot be read, ``mistakes`` counts what stops a start."""

    id: str
    nama: str
    steps: int
    pelaksana: tuple[str, ...]
    mistakes: int


def list_sops(library: Library) -> tuple[SopSummary, ...]:
    """Every SOP of the workspace, those with mistakes too."""
    return tuple(_summary(library.read_file(id), id) for id in library.list_ids())


def _summary(source: SopFile, id: str) -> SopSummary:
    sop = source.sop
    return SopSummary(
        id=id,
        nama=sop.nama if sop else "",
        steps=len(sop.steps) if sop else 0,
        pelaksana=tuple(sop.pelaksana.values()) if sop else (),
        mistakes=len(errors_of(source.problems)),
    )
