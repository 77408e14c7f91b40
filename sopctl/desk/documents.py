"""`docs`: the Word files of a case."""

from msgspec import Struct

from sopctl.engine.case import Case
from sopctl.engine.events import Written, first_version
from sopctl.engine.fold import Versions, states_after_each
from sopctl.engine.signings import document_form
from sopctl.errors import NotFoundError
from sopctl.letters.case_numbers import number_of
from sopctl.store.case_search import load_found_case
from sopctl.store.record import Record

HANDED_OVER = "berlaku; serahkan file ini"
"""Marks the signed file that holds, of the several of a case."""


class CaseDocuments(Struct, frozen=True):
    """The documents of a case, oldest first; ``newest`` is the last one whose act still counts, where one does.

    ``valid`` are the paths of those that are handed over, see `valid_letters`.
    """

    id: str
    documents: tuple[Written, ...]
    newest: Written | None = None
    valid: tuple[str, ...] = ()


def case_documents(record: Record, id: str, name: str = "") -> CaseDocuments:
    """The Word files of a case, or those of its document with this name.

    Raises:
        NotFoundError: where the case has no such document, or has not written it yet.
    """
    return list_documents(load_found_case(record, id), name)


def list_documents(case: Case, name: str = "") -> CaseDocuments:
    """The same of a case that was loaded."""
    wanted = name.strip().lower()
    documents = tuple(one for one in case.state.documents if wanted in ("", one.name))
    if wanted and not documents:
        written = ", ".join(dict.fromkeys(one.name for one in case.state.documents)) or "tidak ada"
        raise NotFoundError(f"{case.id} belum menulis dokumen '{name}'; yang ada: {written}.", code="document")
    newest = next((one for one in reversed(documents) if _counts(case, one)), None)
    valid = valid_letters(case)
    returned = (one for one in documents if newest and one.name == newest.name and one.is_returned)
    newest = next((one for one in returned if one.path in valid), newest)
    return CaseDocuments(case.id, documents, newest, tuple(one.path for one in documents if one.path in valid))


class DocumentVersion(Struct, frozen=True):
    """A Word file of a case as its step left it, at the ``round``-th stay there (from 1)."""

    written: Written
    round: int


def list_versions(case: Case, versions: Versions) -> tuple[DocumentVersion, ...]:
    """The last Word file of each document, step and round, the newest first."""
    rounds = _find_rounds(case, versions)
    found = {(one.name, one.step, rounds[one.path]): one for one in case.state.documents}
    listed = [DocumentVersion(written, round) for (_, _, round), written in found.items()]
    order = {one.path: number for number, one in enumerate(case.state.documents)}
    return tuple(sorted(listed, key=lambda one: -order[one.written.path]))


def find_version(case: Case, versions: Versions, name: str, step: str = "", round: int = 0) -> Written:
    """A document of a case as a step left it, at its last stay or the one with this number; without a step the newest.

    Raises:
        NotFoundError: where the case has written none such.
    """
    if not step and not round:
        found = list_documents(case, name or "-")
        return found.newest or found.documents[-1]
    for one in list_versions(case, versions):
        if one.written.name == name and step in ("", one.written.step) and round in (0, one.round):
            return one.written
    raise NotFoundError(f"{case.id} tidak mempunyai dokumen '{name}' dari langkah itu.", code="document")


def _find_rounds(case: Case, versions: Versions) -> dict[str, int]:
    """For each Word file, by its path, at which stay at its step it was written."""
    events, rounds = case.instance.events, dict[str, int]()
    before = None
    for event, (_, state) in zip(
        events, states_after_each(versions(first_version(case.instance.version, events)), events, versions), strict=True
    ):
        for written in event.written:
            stays = (visit.round for visit in (before or state).visits if visit.step == written.step)
            rounds[written.path] = max(stays, default=1)
        before = state
    return rounds


def find_document(case: Case, name: str) -> str:
    """The name, where the case has such a document.

    Raises:
        NotFoundError: where it has none; the message names those that it has.
    """
    if name not in case.sop.documents:
        known = ", ".join(case.sop.documents)
        message = f"SOP {case.sop.id} tidak mempunyai dokumen '{name}'; yang ada: {known}."
        raise NotFoundError(message, code="document")
    return name


def valid_letters(case: Case) -> tuple[str, ...]:
    """The path of the newest signed file of each document, where its signature counts and no number is awaited.

    Of one that was signed elsewhere and came back that is the PDF.
    """
    signed = {one.name: one for one in case.state.documents if one.act == "sign" and _counts(case, one)}
    return tuple(one.path for one in signed.values() if one.nomor or not is_numbered(case, one.name))


def is_numbered(case: Case, document: str) -> bool:
    """Whether the office numbers the document, and not the national system."""
    form = document_form(case.sop, case.state, document)
    return bool(form.kode) and not form.srikandi


def _counts(case: Case, written: Written) -> bool:
    """Whether what the Word file shows still holds: it was not turned down, and neither case nor number withdrawn."""
    acts = {(one.act, one.step) for one in case.state.signings.get(written.name, ())}
    withdrawn = written.nomor and number_of(case, written.name) != written.nomor
    return case.state.status != "cancelled" and (written.act, written.step) in acts and not withdrawn
