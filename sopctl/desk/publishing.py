"""The report as files: each kind is made by one function of a query, and laid down whole."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from sopctl.desk.booking import book
from sopctl.desk.desk import Desk
from sopctl.desk.indexing import Told
from sopctl.report.query import Query
from sopctl.store import files

Made = tuple[Iterable[bytes], list[str]]
"""The bytes of a file, piece by piece, and the sentences about damaged cases, complete with the last piece."""


def publish(desk: Desk, query: Query, named: Mapping[str, Path], *, told: Told | None = None) -> tuple[str, ...]:
    """Write the report in each of the named kinds (`xlsx`, `html`, `docx`, `xes`); the sentences about damaged cases.

    Raises:
        BusyError: where a file cannot be written. WrongError: where the template of the form cannot be used.
    """
    damaged: dict[str, None] = {}
    for kind, path in named.items():
        pieces, sentences = _MAKERS[kind](desk, query, told)
        _lay(path, pieces)
        damaged |= dict.fromkeys(sentences)
    return tuple(damaged)


def _html(desk: Desk, query: Query, told: Told | None) -> Made:
    from sopctl.documents.reports.html import page  # noqa: PLC0415 — only who wants a page

    return [page(book(desk, query, told=told)).encode()], []


def _xlsx(desk: Desk, query: Query, told: Told | None) -> Made:
    from sopctl.documents.reports.xlsx import workbook  # noqa: PLC0415 — only who wants a workbook

    return [workbook(book(desk, query, told=told))], []


def _docx(desk: Desk, query: Query, told: Told | None) -> Made:
    from sopctl.desk.monitoring import monitoring  # noqa: PLC0415 — only who wants the form

    data, damaged = monitoring(desk, query, told=told)
    return [data], list(damaged)


def _xes(desk: Desk, query: Query, _: Told | None) -> Made:
    from sopctl.desk.eventlog import traces  # noqa: PLC0415 — only who wants the log
    from sopctl.documents.reports.xes import log  # noqa: PLC0415 — the same

    damaged: list[str] = []
    name = desk.office.instansi.nama or "sopctl"
    return (piece.encode() for piece in log(name, traces(desk, query, damaged))), damaged


_MAKERS: dict[str, Callable[[Desk, Query, Told | None], Made]] = {
    "html": _html,
    "xlsx": _xlsx,
    "docx": _docx,
    "xes": _xes,
}


def _lay(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file beside and put it in its place: whoever has the old one open keeps it whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with files.disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                file.writelines(pieces)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
