"""The report: on the screen, or in any of the files that an office hands on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sopctl.cli import completion, output
from sopctl.cli.invocation import invocation
from sopctl.cli.options import AsCsv, OnlySop, named_files
from sopctl.cli.progress import reading
from sopctl.cli.session import look

if TYPE_CHECKING:
    from datetime import date

    from sopctl.desk.report import Proposals
    from sopctl.desk.session import Session
    from sopctl.measure.query import Query
    from sopctl.reports.content import Table
    from sopctl.reports.summary import Summary

FromDay = Annotated[str, typer.Option("--from", metavar="TANGGAL", help="Sejak tanggal ini, misalnya 2026-11-01.")]
HtmlFile = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Tulis halaman web dengan grafik.")]
DocxFile = Annotated[Path | None, typer.Option("--docx", metavar="FILE", help="Tulis formulir pemantauan (Word).")]

_SHOWN = 10
"""Cases that the screen lists at most."""


def report(
    id: Annotated[
        str, typer.Argument(metavar="[ID]", help="Satu berkas; kosong = semua.", autocompletion=completion.cases)
    ] = "",
    sop: OnlySop = None,
    by: Annotated[
        Literal["sop", "step", "pelaksana", "month"],
        typer.Option("--by", metavar="[sop|step|pelaksana|month]", help="Kelompokkan menurut ini."),
    ] = "step",
    since: FromDay = "",
    until: Annotated[str, typer.Option("--to", metavar="TANGGAL", help="Sampai tanggal ini.")] = "",
    late: Annotated[bool, typer.Option("--late", help="Hanya yang pernah melewati standar.")] = False,
    propose: Annotated[
        bool, typer.Option("--propose", help="Usulkan standar baru dari waktu yang sebenarnya dipakai.")
    ] = False,
    csv: AsCsv = False,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Tulis buku kerja Excel.")] = None,
    html: HtmlFile = None,
    docx: DocxFile = None,
    xes: Annotated[
        Path | None, typer.Option("--xes", metavar="FILE", help="Tulis catatan kejadian untuk process mining (XES).")
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option("--jsonl", metavar="FILE", help="Tulis catatan kejadian, satu kejadian satu baris JSON."),
    ] = None,
) -> int:
    """Laporan waktu: yang dipakai dibanding standar SOP. Waktu = jam kerja kantor."""
    from sopctl.measure.query import Query

    session = look()
    if id:
        return _one(session, id)
    sop = sop and sop.rpartition("/")[2]  # an example is named with its folder
    query = Query(by=by, sop=sop, since=_parse_day(since, "--from"), until=_parse_day(until, "--to"), late=late)
    if propose:
        return _propose(session, query, csv=csv)
    if named := named_files(xlsx=xlsx, html=html, docx=docx, xes=xes, jsonl=jsonl):
        return _write(session, query, named)
    return _show(session, query, csv=csv)


def _parse_day(text: str, option: str) -> "date | None":
    """The day that an option names; None where it is not given."""
    from datetime import date

    from sopctl.errors import UsageError

    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{option} '{text}' bukan tanggal; tulis misalnya {option} 2026-11-01.", code="date") from None


def _show(session: "Session", query: "Query", *, csv: bool) -> int:
    from msgspec.structs import replace

    from sopctl.cli import report_tables
    from sopctl.desk import report as reporting
    from sopctl.reports.content import day_minutes
    from sopctl.reports.tables import csv_table

    with reading() as on_progress:
        found = reporting.report(
            session, query if invocation.json else replace(query, at_most=_SHOWN), on_progress=on_progress
        )

    def say(found: "Summary") -> None:
        if csv:
            _say_csv(csv_table(found.figures.rows, query.by))
        else:
            report_tables.report(found, query.by, day_minutes(session.calendar))

    return output.show(found, say, encode=lambda found: found.figures, damaged=found.damaged)


def _one(session: "Session", id: str) -> int:
    from sopctl.cli import report_tables
    from sopctl.desk import report as reporting
    from sopctl.reports.content import day_minutes

    found = reporting.report_one(session.record, id)
    return output.show(found, lambda found: report_tables.single(found, day_minutes(session.calendar), session.office))


def _propose(session: "Session", query: "Query", *, csv: bool) -> int:
    from sopctl.cli import report_tables
    from sopctl.desk import report as reporting
    from sopctl.reports.content import day_minutes
    from sopctl.reports.tables import proposals_table

    with reading() as on_progress:
        found = reporting.propose(session, query, on_progress=on_progress)

    def say(found: "Proposals") -> None:
        if csv:
            _say_csv(proposals_table(found.proposals))
        else:
            report_tables.proposals(found, day_minutes(session.calendar))

    return output.show(found, say, encode=lambda found: found.proposals, damaged=found.damaged)


def _say_csv(table: "Table") -> None:
    output.say_csv([column.key for column in table.columns], table.rows)


def _write(session: "Session", query: "Query", named: dict[str, Path]) -> int:
    """Write the files that were asked for, and say where they are."""
    from sopctl.desk import report as reporting

    with reading() as on_progress:
        damaged = reporting.publish(session, query, named, on_progress=on_progress)
    return output.show_files(named, damaged=damaged)
