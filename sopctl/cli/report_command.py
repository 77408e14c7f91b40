"""The report: on the screen, or in any of the files that an office hands on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sopctl.cli import completion, output
from sopctl.cli.options import AsCsv, AsJson, InWorkspace, OnlySop
from sopctl.cli.session import look

if TYPE_CHECKING:
    from sopctl.desk.session import Session
    from sopctl.measure.query import Query

GroupBy = Annotated[
    Literal["sop", "step", "pelaksana", "month"],
    typer.Option("--by", metavar="[sop|step|pelaksana|month]", help="Kelompokkan menurut ini."),
]
FromDay = Annotated[str, typer.Option("--from", metavar="TANGGAL", help="Sejak tanggal ini, misalnya 2026-11-01.")]
ToDay = Annotated[str, typer.Option("--to", metavar="TANGGAL", help="Sampai tanggal ini.")]
OneCase = Annotated[
    str, typer.Argument(metavar="[ID]", help="Satu berkas; kosong = semua.", autocompletion=completion.cases)
]
LateOnly = Annotated[bool, typer.Option("--late", help="Hanya yang pernah melewati standar.")]
ProposeStandards = Annotated[
    bool, typer.Option("--propose", help="Usulkan standar baru dari waktu yang sebenarnya dipakai.")
]
XlsxFile = Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Tulis buku kerja Excel.")]
HtmlFile = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Tulis halaman web dengan grafik.")]
DocxFile = Annotated[Path | None, typer.Option("--docx", metavar="FILE", help="Tulis formulir pemantauan (Word).")]
XesFile = Annotated[
    Path | None, typer.Option("--xes", metavar="FILE", help="Tulis catatan kejadian untuk process mining (XES).")
]

_SHOWN = 10
"""Cases that the screen lists at most."""


def report(
    id: OneCase = "",
    sop: OnlySop = None,
    by: GroupBy = "step",
    since: FromDay = "",
    until: ToDay = "",
    late: LateOnly = False,
    propose: ProposeStandards = False,
    csv: AsCsv = False,
    xlsx: XlsxFile = None,
    html: HtmlFile = None,
    docx: DocxFile = None,
    xes: XesFile = None,
    workspace: InWorkspace = None,
    json: AsJson = False,
) -> int:
    """Laporan waktu: yang dipakai dibanding standar SOP. Waktu = jam kerja kantor."""
    from sopctl.desk import report as reporting
    from sopctl.measure.query import Query

    session = look(workspace)
    if id:
        return _one(session, id, json=json)
    query = Query(
        by=by, sop=sop, since=reporting.parse_day(since, "--from"), until=reporting.parse_day(until, "--to"), late=late
    )
    if propose:
        return _propose(session, query, csv=csv, json=json)
    files = {"xlsx": xlsx, "html": html, "docx": docx, "xes": xes}
    named = {kind: path for kind, path in files.items() if path is not None}
    if named:
        return _write(session, query, named, json=json)
    return _show(session, query, csv=csv, json=json)


def _show(session: "Session", query: "Query", *, csv: bool, json: bool) -> int:
    from msgspec.structs import replace

    from sopctl.cli.progress import reading
    from sopctl.desk import report as reporting
    from sopctl.reports.content import day_minutes

    with reading() as on_progress:
        found = reporting.report(session, query if json else replace(query, at_most=_SHOWN), on_progress=on_progress)
    code = output.damaged(found.damaged)
    if json:
        output.say_json(found.figures)
    elif csv:
        from sopctl.reports.tables import csv_table

        table = csv_table(found.figures.rows, query.by)
        output.say_csv([column.key for column in table.columns], table.rows)
    else:
        from sopctl.cli import report_tables

        report_tables.report(found, query.by, day_minutes(session.calendar))
    return code


def _one(session: "Session", id: str, *, json: bool) -> int:
    from sopctl.desk import report as reporting
    from sopctl.reports.content import day_minutes

    found = reporting.report_one(session.record, id)
    if json:
        output.say_json(found)
        return 0
    from sopctl.cli import report_tables

    report_tables.single(found, day_minutes(session.calendar))
    return 0


def _propose(session: "Session", query: "Query", *, csv: bool, json: bool) -> int:
    from sopctl.cli.progress import reading
    from sopctl.desk import report as reporting
    from sopctl.reports.content import day_minutes

    with reading() as on_progress:
        found = reporting.propose(session, query, on_progress=on_progress)
    code = output.damaged(found.damaged)
    if json:
        output.say_json(found.proposals)
    elif csv:
        from sopctl.reports.tables import proposals_table

        table = proposals_table(found.proposals)
        output.say_csv([column.key for column in table.columns], table.rows)
    else:
        from sopctl.cli import report_tables

        report_tables.proposals(found, day_minutes(session.calendar))
    return code


def _write(session: "Session", query: "Query", named: dict[str, Path], *, json: bool) -> int:
    """Write the files that were asked for, and say where they are."""
    from sopctl.cli.progress import reading
    from sopctl.desk import report as reporting

    with reading() as on_progress:
        damaged = reporting.publish(session, query, named, on_progress=on_progress)
    code = output.damaged(damaged)
    if json:
        output.say_json({"files": {kind: str(path.resolve()) for kind, path in named.items()}})
        return code
    for path in named.values():
        output.say(f"Ditulis: {path}")
    return code
