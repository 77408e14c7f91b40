"""The figures of a report with the notes that belong to them."""

from collections.abc import Iterable

from msgspec import Struct

from sopctl.measure.figures import Figures, measure_tallies
from sopctl.measure.percentiles import FEW
from sopctl.measure.query import Query
from sopctl.measure.tally import Legend
from sopctl.store.caches.holidays import knows_cuti_bersama
from sopctl.store.case_index import Tallies
from sopctl.store.record import Record


class Summary(Struct, frozen=True):
    """The figures, the words of the SOPs in them, the notes that belong to them, and why cases cannot be read."""

    figures: Figures
    legends: dict[str, Legend]
    notes: tuple[str, ...]
    damaged: tuple[str, ...]


def summarize(record: Record, known: Tallies, query: Query) -> Summary:
    """Elapsed against standard, over the cases that can be read."""
    found = measure_tallies(known.tallies, record.calendar, record.now(), query)
    years = {record.now().year, *(int(month.month[:4]) for month in found.months)}
    few = any(row.few for row in found.rows) or any(sop.few for sop in found.sops)
    notes = (f"* kurang dari {FEW} kejadian: satu saja sudah mengubah angkanya.",) if few else ()
    return Summary(found, known.legends, (*notes, *holiday_notes(record, years)), known.damaged)


def holiday_notes(record: Record, years: Iterable[int]) -> tuple[str, ...]:
    """A sentence for each of the years whose cuti bersama nobody knows yet."""
    rules = record.office.holidays
    own = {day.year for day in rules.add}
    return tuple(
        f"Cuti bersama {year} belum dikenal, jadi waktu pada tahun itu dapat berubah; isi holidays.add di sopctl.yaml."
        for year in sorted({*years} - own)
        if not knows_cuti_bersama(record.workspace.cache, year, rules.country)
    )
