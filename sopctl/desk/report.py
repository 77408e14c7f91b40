"""`report`: elapsed against standard, on the screen or in files; one case; and the standards that it suggests."""

from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sopctl.desk.session import Session
from sopctl.errors import NotFoundError
from sopctl.measure.case_report import CaseReport, report_case
from sopctl.measure.proposals import Proposal, propose_standards
from sopctl.measure.query import Query
from sopctl.notation.nearest import suggestion
from sopctl.reports.compose import compose_report
from sopctl.reports.content import ReportContent
from sopctl.reports.summary import Summary, summarize
from sopctl.store.case_index import load_tallies
from sopctl.store.case_search import load_found_case
from sopctl.store.library import Library
from sopctl.store.outputs import write_outputs
from sopctl.store.protocol import OnProgress
from sopctl.store.record import Record

Pieces = tuple[Iterable[bytes], list[str]]
"""The bytes of a file, piece by piece, and the sentences about damaged cases, complete with the last piece."""


class Proposals(Struct, frozen=True):
    """What the figures suggest; ``damaged`` are the cases that cannot be read."""

    proposals: tuple[Proposal, ...]
    damaged: tuple[str, ...]


def report(session: Session, query: Query, *, on_progress: OnProgress | None = None) -> Summary:
    """Elapsed against standard, over the cases that can be read.

    Raises:
        NotFoundError: where there is no such SOP; the message suggests the nearest.
    """
    query = _with_sop_id(session.library, query)
    return summarize(session.record, load_tallies(session.record, query.sop, on_progress=on_progress), query)


def propose(session: Session, query: Query, *, on_progress: OnProgress | None = None) -> Proposals:
    """New standards that the figures suggest.

    Raises:
        NotFoundError: where there is no such SOP; the message suggests the nearest.
    """
    query = _with_sop_id(session.library, query)
    known = load_tallies(session.record, query.sop, on_progress=on_progress)
    return Proposals(propose_standards(known.tallies, known.legends, session.calendar, query), known.damaged)


def report_one(record: Record, id: str) -> CaseReport:
    """Where the time of one case went."""
    case = load_found_case(record, id)
    return report_case(case, record.calendar, record.now())


def publish(
    session: Session, query: Query, named: Mapping[str, Path], *, on_progress: OnProgress | None = None
) -> tuple[str, ...]:
    """Write the report in each named kind (`xlsx`, `html`, `docx`, `xes`, `jsonl`); the sentences about damaged cases.

    Raises:
        UsageError: where a file may not be written under its name. BusyError: where it cannot be written.
        WrongError: where the template of the form cannot be used. NotFoundError: where there is no such SOP.
    """
    damaged: list[list[str]] = []

    def render(kind: str) -> Iterable[bytes]:
        pieces, sentences = render_report(session, query, kind, on_progress=on_progress)
        damaged.append(sentences)  # which is complete once the pieces were written
        return pieces

    write_outputs(session.record, named, render)
    return tuple(dict.fromkeys(chain.from_iterable(damaged)))


def compose(session: Session, query: Query) -> ReportContent:
    """The content of the report, for a page of one's own.

    Raises:
        NotFoundError: where there is no such SOP; the message suggests the nearest.
    """
    return compose_report(session.record, _with_sop_id(session.library, query))


def render_report(session: Session, query: Query, kind: str, *, on_progress: OnProgress | None = None) -> Pieces:
    """The report in one of the kinds of `publish`.

    Raises:
        NotFoundError: where there is no such SOP. WrongError: where the template of the form cannot be used.
    """
    record = session.record
    if kind not in {"xes", "jsonl"} or next(record.store.list_ids(query.sop), None) is None:
        query = _with_sop_id(session.library, query)  # a log holds the cases of an SOP whose file is gone, too
    if kind in {"xes", "jsonl"}:
        return _render_log(record, query, kind)
    if kind == "docx":
        from sopctl.reports.monitoring import render_monitoring_form  # noqa: PLC0415 — only who wants the form

        data, damaged = render_monitoring_form(record, session.renderer, query, on_progress=on_progress)
        return [data], list(damaged)
    content = compose_report(record, query, on_progress=on_progress)
    if kind == "html":
        from sopctl.reports.html import render_page  # noqa: PLC0415 — only who wants a page

        return [render_page(content).encode()], list(content.damaged)
    from sopctl.reports.xlsx import render_workbook  # noqa: PLC0415 — only who wants a workbook

    return [render_workbook(content)], list(content.damaged)


def _render_log(record: Record, query: Query, kind: str) -> Pieces:
    from sopctl.reports.event_lines import render_lines  # noqa: PLC0415 — only who wants a log
    from sopctl.reports.event_log import read_traces  # noqa: PLC0415 — the same
    from sopctl.reports.xes import render_log  # noqa: PLC0415 — the same

    damaged: list[str] = []
    traces = read_traces(record, query, damaged)
    if kind == "jsonl":
        return render_lines(traces), damaged
    return (piece.encode() for piece in render_log(record.office.instansi.nama or "sopctl", traces)), damaged


def _with_sop_id(library: Library, query: Query) -> Query:
    """The question about the SOP that it names, in capitals or as the path of its file, too."""
    if query.sop is None:
        return query
    found = library.find_file(query.sop)
    if found is None:
        raise NotFoundError(f"Tidak ada SOP '{query.sop}'{suggestion(query.sop, library.list_ids())}.", code="sop")
    return replace(query, sop=found.rpartition("/")[2])  # an example is named with its folder
