"""`docs`: the Word files of a case."""

from pathlib import Path

from msgspec import Struct

from sopctl.engine.events import Written
from sopctl.errors import NotFoundError
from sopctl.store.case_search import find_case
from sopctl.store.record import Record


class CaseDocuments(Struct, frozen=True):
    """The Word files of a case, oldest first."""

    id: str
    documents: tuple[Written, ...]


def case_documents(record: Record, id: str) -> CaseDocuments:
    """The Word files of a case."""
    case = record.load_case(find_case(record, id))
    return CaseDocuments(case.id, tuple(case.state.documents))


def document_path(record: Record, written: Written) -> Path:
    """The path of a Word file of the record.

    Raises:
        NotFoundError: where it lies there no more.
    """
    path = record.workspace.root / written.path
    if not path.is_file():
        raise NotFoundError(f"Dokumen {written.path} tidak ada lagi.", code="file", advice="verify")
    return path
