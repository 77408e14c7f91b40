"""Finding the case that somebody means: by any part of its id, else by words of its subject."""

from contextlib import suppress
from typing import TYPE_CHECKING

from sopctl.engine.case import Case
from sopctl.engine.text import fold_text
from sopctl.errors import NotFoundError
from sopctl.store.case_ids import is_id
from sopctl.store.record import Record

if TYPE_CHECKING:
    from sopctl.measure.tally import CaseCourse

_SHOWN = 5


def find_case(record: Record, text: str) -> str:
    """The id of the only case whose id has this part or whose subject has all of these words; running ones come first.

    Raises:
        NotFoundError: where no case is meant, or several are; the message names some.
    """
    try:
        return record.store.find_id(text)
    except NotFoundError as error:
        words = fold_text(text).split()
        found = _search_subjects(record, words) if error.code == "id" and words else []
        if len(found) == 1:
            return found[0][0]
        if not found:
            raise
    named = "; ".join(f"{id} ({subject})" for id, subject in found[:_SHOWN])
    more = "; …" if len(found) > _SHOWN else ""
    raise NotFoundError(f"'{text}' ada dalam perihal beberapa berkas: {named}{more}. Tulis idnya.", code="ambiguous")


def load_found_case(record: Record, text: str) -> Case:
    """The case that is meant; see `find_case`. What is an id is read at once: each question is a round trip."""
    id = text.strip().lower()
    if is_id(id):
        with suppress(NotFoundError):
            return record.load_case(id)
    return record.load_case(find_case(record, text))


def search_cases(record: Record, text: str) -> list[str]:
    """The ids of all cases whose id or subject has all of these words, the one with the last event first."""
    words = fold_text(text).split()
    found = [
        one
        for one in _list_courses(record)
        if words and all(word in fold_text(f"{one.id} {one.subject}") for word in words)
    ]
    return [one.id for one in sorted(found, key=lambda one: (-one.last, one.id))]


def _search_subjects(record: Record, words: list[str]) -> list[tuple[str, str]]:
    """The cases whose subject has all of the words, with it: those that run, where there are none the others."""
    found = [course for course in _list_courses(record) if all(word in fold_text(course.subject) for word in words)]
    running = [course for course in found if not course.ended]
    return [(course.id, course.subject) for course in running or found]


def _list_courses(record: Record) -> "list[CaseCourse]":
    from sopctl.store.case_index import load_tallies  # noqa: PLC0415 — an id almost always is one

    return [course for tally in load_tallies(record).tallies for course in tally.courses]
