"""The report over the record: elapsed against standard."""

from datetime import date

from msgspec import Struct

from sopctl.desk.desk import Desk
from sopctl.desk.views import measured, readable, titles
from sopctl.errors import NotFoundError, UsageError
from sopctl.notation.nearest import suggestion
from sopctl.report.figures import Figures, Query, figures


class Report(Struct, frozen=True):
    """The figures; ``damaged`` are the cases that could not be read."""

    figures: Figures
    titles: dict[str, dict[str, str]]
    damaged: tuple[str, ...]


def report(desk: Desk, query: Query) -> Report:
    """Elapsed against standard, over the cases that can be read."""
    if query.sop is not None and query.sop not in desk.sop_ids():
        raise NotFoundError(f"Tidak ada SOP '{query.sop}'{suggestion(query.sop, desk.sop_ids())}.", code="sop")
    cases, damaged = readable(desk, query.sop)
    found = figures((measured(case) for case in cases), desk.calendar, desk.now(), query)
    return Report(found, titles(cases), damaged)


def day(text: str, option: str) -> date | None:
    """The day of an option such as `--from`; None where it is not given."""
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{option} '{text}' bukan tanggal; tulis misalnya {option} 2026-11-01.", code="date") from None
