"""The report as files: each kind is made by one function of a query, and laid down whole."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from sopctl.desk.session import Session
from sopctl.measure.query import Query
from sopctl.reports.tables import book
from sopctl.store.files.case_index import OnProgress
from sopctl.store.outputs import check_output_path, private_mode, write_output

Made = tuple[Iterable[bytes], list[str]]
"""The bytes of a file, piece by piece, and the sentences about damaged cases, complete with the last piece."""


def publish(
    session: Session, query: Query, named: Mapping[str, Path], *, on_progress: OnProgress | None = None
) -> tuple[str, ...]:
    """Write the report in each of the named kinds (`xlsx`, `html`, `docx`, `xes`); the sentences about damaged cases.

    Raises:
        UsageError: where a file may not be written under its name. BusyError: where it cannot be written.
        WrongError: where the template of the form cannot be used.
    """
    for kind, path in named.items():
        check_output_path(session.record, path, f"--{kind}", f".{kind}")
    damaged: dict[str, None] = {}
    for kind, path in named.items():
        pieces, sentences = _MAKERS[kind](session, query, on_progress)
        write_output(path, pieces, mode=private_mode(session.record))
        damaged |= dict.fromkeys(sentences)
    return tuple(damaged)


def _html(session: Session, query: Query, on_progress: OnProgress | None) -> Made:
    from sopctl.reports.html import page  # noqa: PLC0415 — only who wants a page

    made = book(session, query, on_progress=on_progress)
    return [page(made).encode()], list(made.damaged)


def _xlsx(session: Session, query: Query, on_progress: OnProgress | None) -> Made:
    from sopctl.reports.xlsx import workbook  # noqa: PLC0415 — only who wants a workbook

    made = book(session, query, on_progress=on_progress)
    return [workbook(made)], list(made.damaged)


def _docx(session: Session, query: Query, on_progress: OnProgress | None) -> Made:
    from sopctl.reports.monitoring import monitoring  # noqa: PLC0415 — only who wants the form

    data, damaged = monitoring(session, query, on_progress=on_progress)
    return [data], list(damaged)


def _xes(session: Session, query: Query, _: OnProgress | None) -> Made:
    from sopctl.reports.event_log import traces  # noqa: PLC0415 — only who wants the log
    from sopctl.reports.xes import log  # noqa: PLC0415 — the same

    damaged: list[str] = []
    name = session.office.instansi.nama or "sopctl"
    return (piece.encode() for piece in log(name, traces(session, query, damaged))), damaged


_MAKERS: dict[str, Callable[[Session, Query, OnProgress | None], Made]] = {
    "html": _html,
    "xlsx": _xlsx,
    "docx": _docx,
    "xes": _xes,
}
