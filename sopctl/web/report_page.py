"""`/laporan`: elapsed against standard, with the figures and charts of the report that the command writes."""

from datetime import date
from typing import get_args

from flask import Blueprint, Response, abort, render_template, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from sopctl.desk.report import compose, render_report
from sopctl.desk.sops import list_sops
from sopctl.errors import UsageError
from sopctl.measure.query import By, Query
from sopctl.reports.html import render_contents
from sopctl.reports.tables import GROUPINGS
from sopctl.web.downloads import WORD, WORKBOOK, send_download
from sopctl.web.visitor import page_session

pages = Blueprint("report", __name__)

FILES = {
    "xlsx": ("Excel", WORKBOOK),
    "docx": ("Formulir pemantauan (Word)", WORD),
    "html": ("Halaman web satu file", "text/html; charset=utf-8"),
}
"""What the report can be taken away as: its name on the page, and its type."""


_GROUPS: dict[str, By] = {by: by for by in get_args(By)}

_FILTERS = ("sop", "kelompok", "dari", "sampai", "terlambat")
"""The inputs of the form of filters."""


@pages.get("/laporan")
def show() -> str:
    """The report of a query."""
    session, query = page_session(), read_query(request.args)
    content = compose(session, query)
    return render_template(
        "report.html",
        content=content,
        contents=Markup(render_contents(content)),  # noqa: S704 — every text in it is escaped where it is written
        sops=list_sops(session.library),
        groups=GROUPINGS,
        query=query,
        files={kind: words for kind, (words, _) in FILES.items()},
        chosen={name: request.args[name] for name in _FILTERS if name in request.args},
    )


@pages.get("/laporan/laporan.<kind>")
def download(kind: str) -> Response:
    """The report of a query as a file."""
    if kind not in FILES:
        abort(404)
    pieces, _ = render_report(page_session(), read_query(request.args), kind)
    return send_download(pieces, f"laporan.{kind}", FILES[kind][1])


def read_query(chosen: MultiDict[str, str]) -> Query:
    """The query that the form of filters asks.

    Raises:
        UsageError: for a day that is none, or a group that there is not.
    """
    by = _GROUPS.get(chosen.get("kelompok", "") or "step")
    if by is None:
        raise UsageError("Laporan tidak dapat dikelompokkan begitu.", code="by")
    return Query(
        by=by,
        sop=chosen.get("sop", "") or None,
        since=_read_day(chosen.get("dari", "")),
        until=_read_day(chosen.get("sampai", "")),
        late="terlambat" in chosen,
    )


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise UsageError(f"'{text}' bukan tanggal.", code="date") from None
