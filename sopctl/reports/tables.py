"""The tables of a report: which columns each has, under which words, and what stands in their cells."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from sopctl.engine.state import STATUS
from sopctl.measure.case_totals import CaseTotal, SopTotal
from sopctl.measure.inbox import WaitingTurn
from sopctl.measure.proposals import Proposal
from sopctl.measure.query import By
from sopctl.measure.report_rows import ReportRow
from sopctl.measure.tally import FormRow, Legend
from sopctl.reports.content import CellKind, CellValue, Table, TableColumn, by_clock, format_count
from sopctl.sop.model import Clock, Step
from sopctl.sop.wording import number_kegiatan

MOST_ROWS = 200
"""Rows of single cases and turns that a report holds: it is read, not processed; `--json` has them all."""

_COLUMNS: dict[str, tuple[str, CellKind]] = {
    "id": ("Berkas", "text"), "sop": ("SOP", "text"), "nama": ("Nama SOP", "text"), "subject": ("Perihal", "text"),
    "step": ("Langkah", "text"), "kegiatan": ("Kegiatan", "text"), "pelaksana": ("Pelaksana", "text"),
    "jabatan": ("Jabatan", "text"), "month": ("Bulan", "text"), "status": ("Keadaan", "text"),
    "cases": ("Berkas", "count"), "visits": ("Kali", "count"), "rework": ("Ulang", "count"),
    "rework_minutes": ("Waktu ulang", "minutes"), "running": ("Berjalan", "count"), "suspended": ("Ditunda", "count"),
    "completed": ("Selesai", "count"), "cancelled": ("Dibatalkan", "count"), "since": ("Sejak", "moment"),
    "due": ("Batas", "moment"), "late": ("Terlambat", "mark"), "elapsed_minutes": ("Terpakai", "minutes"),
    "median_minutes": ("Median", "minutes"), "p80_minutes": ("P80", "minutes"), "p90_minutes": ("P90", "minutes"),
    "max_minutes": ("Terlama", "minutes"), "waiting_minutes": ("Menunggu", "minutes"),
    "working_minutes": ("Dikerjakan", "minutes"), "paused": ("Pernah ditunda", "count"),
    "suspended_minutes": ("Lama ditunda", "minutes"), "standard_minutes": ("Standar", "minutes"),
    "left_minutes": ("Sisa", "minutes"), "ratio": ("Rasio", "ratio"), "within_standard": ("Tepat waktu", "share"),
    "within_working": ("Tepat bila tanpa menunggu", "share"), "typed_later": ("Dicatat belakangan", "share"),
    "few": ("Data sedikit", "mark"), "standard": ("Standar sekarang", "text"), "verdict": ("Pertimbangan", "text"),
    "proposal": ("Usul standar", "text"), "clock": ("Menurut", "mark"),
    "skipped": ("Dilewati", "count"),
}  # fmt: skip
"""The title and the kind of every column by its key, which is that of JSON and CSV."""


def _columns(keys: str, **titles: str) -> tuple[TableColumn, ...]:
    """The columns of these keys, in their order; ``titles`` are those that differ in this table."""
    return tuple(TableColumn(key, titles.get(key, _COLUMNS[key][0]), _COLUMNS[key][1]) for key in keys.split())


_GROUPINGS: dict[By, tuple[str, str, tuple[TableColumn, ...]]] = {
    "step": ("Langkah", "Menurut langkah", _columns("sop step kegiatan")),
    "sop": ("SOP", "Menurut SOP", _columns("sop nama")),
    "pelaksana": ("Pelaksana", "Menurut pelaksana", _columns("pelaksana jabatan")),
    "month": ("Bulan", "Menurut bulan", _columns("month")),
}
"""For each grouping the table's name and title, and the columns before the figures."""

GROUPINGS: dict[By, str] = {by: name for by, (name, _, _) in _GROUPINGS.items()}
"""What the figures are grouped by, as people read it."""

_FIGURES = _columns(
    "cases visits rework rework_minutes median_minutes p80_minutes p90_minutes max_minutes waiting_minutes "
    "working_minutes paused suspended_minutes standard_minutes ratio within_standard within_working typed_later few "
    "clock skipped"
)
"""The figures of a row, in the order of every format."""

_USUAL: dict[str, CellValue] = {"clock": "working", "skipped": 0}
"""What stands in most rows: a column that has nothing else is left out of the tables that people read."""

_SOP_TOTALS = _columns(
    "sop nama running suspended completed cancelled median_minutes p90_minutes max_minutes paused suspended_minutes "
    "standard_minutes ratio within_standard few"
)
_CASES = _columns("id sop status elapsed_minutes standard_minutes ratio")
_WAITING = _columns(
    "id subject jabatan kegiatan since due late elapsed_minutes standard_minutes left_minutes clock",
    jabatan="Menunggu",
    kegiatan="Langkah",
)
_SHEET = _columns("jabatan id subject kegiatan since due late", jabatan="Giliran", kegiatan="Langkah")
_PROPOSALS = _columns("sop step kegiatan cases visits standard median_minutes p80_minutes verdict proposal")

_CLOCKS: dict[Clock, str] = {"working": "jam kerja", "calendar": "kalender"}

VERDICTS = {
    "too_few": "data terlalu sedikit",
    "keep": "standar cocok",
    "longer": "standar terlalu singkat",
    "shorter": "standar dapat dipersingkat",
    "new": "belum ada standar",
}
"""What is said of a proposal."""


def group_table(rows: Sequence[ReportRow], by: By, legends: dict[str, Legend]) -> Table:
    """The figures of each group under the words of the form."""
    name, title, keys = _GROUPINGS[by]
    columns = keys + _without_usual(_FIGURES, rows)
    return Table(name, title, columns, tuple(_cells(row, columns, _form_words(row, legends)) for row in rows))


def csv_table(rows: Iterable[ReportRow], by: By) -> Table:
    """The figures for other programs: under every key that a row can have, whatever it is grouped by."""
    name, title, _ = _GROUPINGS[by]
    columns = _columns("sop step pelaksana month") + _FIGURES
    return Table(
        name,
        title,
        columns,
        tuple(_cells(row, columns, {"few": "ya" if row.few else "", "clock": row.clock}) for row in rows),
    )


def sop_totals_table(rows: Iterable[SopTotal], legends: dict[str, Legend]) -> Table:
    """The cases of each SOP against its own total."""
    cells = tuple(_cells(row, _SOP_TOTALS, {"nama": nama_of(row.sop, legends)}) for row in rows)
    note = "Waktu seluruh berkas yang selesai, dibanding jumlah standar jalan lurus SOP-nya."
    return Table("Berkas SOP", "Berkas menurut SOP", _SOP_TOTALS, cells, note)


def cases_table(cases: Iterable[CaseTotal]) -> Table:
    """Single cases, of which the query lists at most `MOST_ROWS`."""
    cells = tuple(_cells(case, _CASES, {"status": STATUS[case.status]}) for case in cases)
    note = f"Paling banyak {MOST_ROWS} berkas, yang paling jauh melampaui standar lebih dahulu."
    return Table("Berkas", "Berkas", _CASES, cells, note)


def waiting_table(turns: Sequence[WaitingTurn]) -> Table:
    """The most urgent turns."""
    columns = _without_usual(_WAITING, turns)
    cells = tuple(_cells(turn, columns, {}) for turn in turns[:MOST_ROWS])
    note = f"{format_count(len(turns))} menunggu; yang paling mendesak di atas, paling banyak {MOST_ROWS}."
    return Table("Menunggu", "Menunggu sekarang", columns, cells, note)


def waiting_sheet_table(turns: Sequence[WaitingTurn]) -> Table:
    """All turns: who is to do what, since when and until when."""
    cells = tuple(_cells(turn, _SHEET, {"kegiatan": numbered_kegiatan(turn)}) for turn in turns)
    return Table("Menunggu", "Yang paling mendesak di atas", _SHEET, cells)


def proposals_table(rows: Iterable[Proposal]) -> Table:
    """What the figures suggest for the column Waktu."""
    cells = tuple(_cells(row, _PROPOSALS, {"verdict": VERDICTS[row.verdict]}) for row in rows)
    return Table("Usul", "Usul standar baru", _PROPOSALS, cells)


def titles_of(pelaksana: str, legends: dict[str, Legend]) -> str:
    """The titles that a pelaksana's key has in the SOPs."""
    found = {legend.pelaksana[pelaksana] for legend in legends.values() if pelaksana in legend.pelaksana}
    return " / ".join(sorted(found)) or pelaksana


def numbered_kegiatan(row: FormRow | WaitingTurn | Step) -> str:
    """The kegiatan of a row of the form, with its number."""
    return number_kegiatan(row.no, row.kegiatan)


def kegiatan_of(sop: str, step: str, legends: dict[str, Legend]) -> str:
    """A row as the form prints it, with its number."""
    row = legends[sop].steps.get(step) if sop in legends else None
    return numbered_kegiatan(row) if row else step


def nama_of(sop: str, legends: dict[str, Legend]) -> str:
    """The nama of an SOP, its id where no case of it can be read."""
    return legends[sop].nama if sop in legends else sop


def _without_usual(columns: Iterable[TableColumn], rows: Sequence[Struct]) -> tuple[TableColumn, ...]:
    """The columns, less those in which every row has what is usual."""
    return tuple(
        one for one in columns if one.key not in _USUAL or any(getattr(row, one.key) != _USUAL[one.key] for row in rows)
    )


def _cells(row: Struct, columns: Iterable[TableColumn], words: dict[str, str]) -> tuple[CellValue, ...]:
    """What stands in each column; minutes of a row that runs by the clock are marked as such."""
    clock: Clock = getattr(row, "clock", "working")
    words = {"clock": _CLOCKS[clock], **words}
    return tuple(
        words[one.key]
        if one.key in words
        else by_clock(getattr(row, one.key), clock)
        if one.kind == "minutes"
        else getattr(row, one.key)
        for one in columns
    )


def _form_words(row: ReportRow, legends: dict[str, Legend]) -> dict[str, str]:
    """What the form says of a row's keys."""
    if row.pelaksana is not None:
        return {"jabatan": titles_of(row.pelaksana, legends)}
    sop = row.sop or ""
    return {"nama": nama_of(sop, legends), "kegiatan": kegiatan_of(sop, row.step or "", legends)}
