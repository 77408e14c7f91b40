"""The report as files: each kind is made by one function of a query, and laid down whole."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from sopctl.desk.session import Session
from sopctl.measure.query import Query
from sopctl.reports.tables import book
from sopctl.store.outputs import lay, output_path, private
from sopctl.store.tallies import Told

Made = tuple[Iterable[bytes], list[str]]
"""The bytes of a file, piece by piece, and the sentences about damaged cases, complete with the last piece."""


def publish(desk: Session, query: Query, named: Mapping[str, Path], *, told: Told | None = None) -> tuple[str, ...]:
    """Write the report in each of the named kinds (`xlsx`, `html`, `docx`, `xes`); the sentences about damaged cases.

    Raises:
        UsageError: where a file may not be written under its name. BusyError: where it cannot be written.
        WrongError: where the template of the form cannot be used.
    """
    for kind, path in named.items():
        output_path(desk.record, path, f"--{kind}", f".{kind}")
    damaged: dict[str, None] = {}
    for kind, path in named.items():
        pieces, sentences = _MAKERS[kind](desk, query, told)
        lay(path, pieces, mode=private(desk.record))
        damaged |= dict.fromkeys(sentences)
    return tuple(damaged)


def _html(desk: Session, query: Query, told: Told | None) -> Made:
    from sopctl.reports.html import page  # noqa: PLC0415 — only who wants a page

    made = book(desk, query, told=told)
    return [page(made).encode()], list(made.damaged)


def _xlsx(desk: Session, query: Query, told: Told | None) -> Made:
    from sopctl.reports.xlsx import workbook  # noqa: PLC0415 — only who wants a workbook

    made = book(desk, query, told=told)
    return [workbook(made)], list(made.damaged)


def _docx(desk: Session, query: Query, told: Told | None) -> Made:
    from sopctl.reports.monitoring import monitoring  # noqa: PLC0415 — only who wants the form

    data, damaged = monitoring(desk, query, told=told)
    return [data], list(damaged)


def _xes(desk: Session, query: Query, _: Told | None) -> Made:
    from sopctl.reports.event_log import traces  # noqa: PLC0415 — only who wants the log
    from sopctl.reports.xes import log  # noqa: PLC0415 — the same

    damaged: list[str] = []
    name = desk.office.instansi.nama or "sopctl"
    return (piece.encode() for piece in log(name, traces(desk, query, damaged))), damaged


_MAKERS: dict[str, Callable[[Session, Query, Told | None], Made]] = {
    "html": _html,
    "xlsx": _xlsx,
    "docx": _docx,
    "xes": _xes,
}
