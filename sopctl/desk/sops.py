"""The SOPs of the workspace: their list, and one of them."""

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.errors import WrongError
from sopctl.problems import errors_of
from sopctl.sop.model import Sop
from sopctl.store.library import SopFile


class SopSummary(Struct, frozen=True, kw_only=True):
    """One SOP in the list; ``nama`` is empty where the file cannot be read, ``mistakes`` counts what stops a start."""

    id: str
    nama: str
    steps: int
    pelaksana: tuple[str, ...]
    mistakes: int


def list_sops(session: Session) -> tuple[SopSummary, ...]:
    """Every SOP of the workspace, those with mistakes too."""
    return tuple(_summary(session.library.read_file(id), id) for id in session.library.list_ids())


def read_sop(session: Session, id: str) -> Sop:
    """One SOP.

    Raises:
        WrongError: with its mistakes, where it cannot be read.
    """
    return readable(session.library.read_file(id))


def readable(source: SopFile) -> Sop:
    """The SOP of a file.

    Raises:
        WrongError: with its mistakes, where it cannot be read.
    """
    if source.sop is None:
        raise WrongError(
            f"SOP {source.path} belum benar.",
            problems=errors_of(source.problems),
            code="sop",
            advice="check",
        )
    return source.sop


def _summary(source: SopFile, id: str) -> SopSummary:
    sop = source.sop
    return SopSummary(
        id=id,
        nama=sop.nama if sop else "",
        steps=len(sop.steps) if sop else 0,
        pelaksana=tuple(sop.pelaksana.values()) if sop else (),
        mistakes=len(errors_of(source.problems)),
    )
