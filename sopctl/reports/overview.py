"""The report over the record: elapsed against standard, one case told whole, and what the figures suggest."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.errors import NotFoundError, UsageError
from sopctl.measure.figures import Figures, measure_tallies
from sopctl.measure.measured import MeasuredCase
from sopctl.measure.percentiles import FEW
from sopctl.measure.proposals import Proposal, propose_standards
from sopctl.measure.query import Query
from sopctl.measure.single_case import CaseReport, report_case
from sopctl.measure.tally import Legend
from sopctl.notation.nearest import suggestion
from sopctl.store.caches.holidays import knows_cuti_bersama
from sopctl.store.files import case_index
from sopctl.store.files.case_index import OnProgress, Tallies


class Report(Struct, frozen=True):
    """The figures, the words of the SOPs in them, what must be said with them, and the cases that cannot be read."""

    figures: Figures
    legends: dict[str, Legend]
    notes: tuple[str, ...]
    damaged: tuple[str, ...]


class Proposed(Struct, frozen=True):
    """What the figures suggest; ``damaged`` are the cases that cannot be read."""

    proposals: tuple[Proposal, ...]
    damaged: tuple[str, ...]


def report(session: Session, query: Query, *, on_progress: OnProgress | None = None) -> Report:
    """Elapsed against standard, over the cases that can be read."""
    return reported(session, kept(session, query, on_progress=on_progress), query)


def kept(session: Session, query: Query, *, on_progress: OnProgress | None = None) -> Tallies:
    """What is known of the cases that the query asks for.

    Raises:
        NotFoundError: where there is no such SOP; the message suggests the nearest.
    """
    if query.sop is not None and query.sop not in session.library.list_ids():
        raise NotFoundError(
            f"Tidak ada SOP '{query.sop}'{suggestion(query.sop, session.library.list_ids())}.", code="sop"
        )
    return case_index.load_tallies(session.record, query.sop, on_progress=on_progress)


def reported(session: Session, known: Tallies, query: Query) -> Report:
    """The report on what is known."""
    found = measure_tallies(known.tallies, session.calendar, session.now(), query)
    years = {session.now().year, *(int(month.month[:4]) for month in found.months)}
    return Report(found, known.legends, (*_few(found), *without_cuti_bersama(session, years)), known.damaged)


def one(session: Session, id: str) -> CaseReport:
    """Where the time of one case went."""
    case = session.record.load_case(session.store.find_id(id))
    return report_case(
        MeasuredCase(case.id, case.sop, case.state, case.instance.events), session.calendar, session.now()
    )


def proposed(session: Session, query: Query, *, on_progress: OnProgress | None = None) -> Proposed:
    """New standards that the figures suggest."""
    known = kept(session, query, on_progress=on_progress)
    return Proposed(propose_standards(known.tallies, known.legends, session.calendar, query), known.damaged)


def without_cuti_bersama(session: Session, years: Iterable[int]) -> tuple[str, ...]:
    """A sentence for each of the years whose cuti bersama nobody knows yet."""
    rules = session.office.holidays
    own = {day.year for day in rules.add}
    return tuple(
        f"Cuti bersama {year} belum dikenal, jadi waktu pada tahun itu dapat berubah; isi holidays.add di sopctl.yaml."
        for year in sorted({*years} - own)
        if not knows_cuti_bersama(session.workspace.cache, year, rules.country)
    )


def day(text: str, option: str) -> date | None:
    """The day of an option such as `--from`; None where it is not given."""
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{option} '{text}' bukan tanggal; tulis misalnya {option} 2026-11-01.", code="date") from None


def _few(found: Figures) -> tuple[str, ...]:
    few = any(row.few for row in found.rows) or any(sop.few for sop in found.sops)
    return (f"* kurang dari {FEW} kejadian: satu saja sudah mengubah angkanya.",) if few else ()
