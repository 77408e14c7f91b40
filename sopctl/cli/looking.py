"""The commands that look at cases: what waits, where one stands, its documents, the report."""

from typing import Annotated, Literal

import typer

from sopctl.cli import output
from sopctl.cli.options import AnyId, As, Csv, In, Json, OnlySop
from sopctl.cli.session import opened

Late = Annotated[bool, typer.Option("--late", help="Hanya yang melewati batas waktu.")]
Open = Annotated[bool, typer.Option("--open", help="Buka berkas Word yang terakhir.")]
By = Annotated[
    Literal["sop", "step", "pelaksana", "month"],
    typer.Option("--by", metavar="[sop|step|pelaksana|month]", help="Kelompokkan menurut ini."),
]
From = Annotated[str, typer.Option("--from", metavar="TANGGAL", help="Sejak tanggal ini, misalnya 2026-11-01.")]
To = Annotated[str, typer.Option("--to", metavar="TANGGAL", help="Sampai tanggal ini.")]

REPORT = (
    "sop", "step", "pelaksana", "month", "cases", "visits", "rework", "median_minutes", "p90_minutes", "max_minutes",
    "waiting_minutes", "working_minutes", "standard_minutes", "ratio", "within_standard",
)  # fmt: skip
"""The columns of the report as CSV, which are the keys of its JSON."""


def inbox(as_: As = "", late: Late = False, workspace: In = None, json: Json = False) -> int:
    """Apa yang menunggu siapa, sejak kapan, dan sampai kapan."""
    from sopctl.desk import views

    desk = opened(workspace, looking=True)
    waiting = views.inbox(desk, as_, late=late)
    for message in waiting.damaged:
        output.complain(message)
    if json:
        output.say_json(waiting.rows)
        return 0
    from sopctl.cli import tables

    tables.inbox(waiting, desk.office.zone)
    return 0


def status(id: AnyId, workspace: In = None, json: Json = False) -> int:
    """Riwayat satu berkas: langkah yang dilalui, waktunya, isian dan dokumennya."""
    from sopctl.desk import views

    desk = opened(workspace, looking=True)
    found = views.status(desk, id)
    if json:
        output.say_json(found)
        return 0
    from sopctl.cli import tables

    tables.status(found, desk.office.zone)
    return 0


def docs(id: AnyId, open_: Open = False, workspace: In = None, json: Json = False) -> int:
    """Berkas Word milik sebuah berkas kerja."""
    from sopctl.desk import views

    desk = opened(workspace, looking=True)
    papers = views.papers(desk, id)
    if json:
        output.say_json(papers)
    elif not papers.documents:
        output.say(f"{papers.id} belum menulis dokumen.")
    else:
        from sopctl.cli import telling

        for document in papers.documents:
            output.say(f"{telling.ACTS[document.act]:<13} {document.name:<20} {document.path}")
    if open_ and papers.documents:
        typer.launch(str(views.paper_path(desk, papers.documents[-1])))
    return 0


def report(
    sop: OnlySop = None,
    by: By = "step",
    since: From = "",
    until: To = "",
    csv: Csv = False,
    workspace: In = None,
    json: Json = False,
) -> int:
    """Waktu yang dipakai dibanding standar SOP, dalam jam kerja kantor."""
    from sopctl.desk import reporting
    from sopctl.report.figures import Query

    query = Query(by=by, sop=sop, since=reporting.day(since, "--from"), until=reporting.day(until, "--to"))
    found = reporting.report(opened(workspace, looking=True), query)
    for message in found.damaged:
        output.complain(message)
    if json:
        output.say_json(found.figures)
    elif csv:
        output.say_csv(REPORT, [[getattr(row, key) for key in REPORT] for row in found.figures.rows])
    else:
        from sopctl.cli import tables

        tables.report(found, by)
    return 0
