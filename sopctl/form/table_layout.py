"""The flowchart table before its pages: the width of each column, how the cells wrap, how high the rows must be."""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise

from msgspec import Struct

from sopctl.form.column_widths import TextColumn, fit_widths, total_height
from sopctl.form.columns import FormColumn, cell_text, form_columns, mutu_baku_groups
from sopctl.form.font_metrics import USABLE, line_height, longest_word_width, text_width, wrap
from sopctl.form.geometry import WrappedText
from sopctl.office.model import PaperSize
from sopctl.sop.model import Sop

PAPER: dict[PaperSize, tuple[int, int]] = {"A4": (16838, 11906), "F4": (18709, 12189)}
"""Width and height of the sheet in twips, landscape."""

MARGIN = 794
"""1.4 cm on every side, in twips."""

PAD = 56
"""Space between the text of a cell and its border, in twips."""

_SIDES = 2 * PAD + 12
"""What the text of a cell leaves free of its width, with the borders' own, in twips."""

LEAD = 20
"""Height of the line above the table to which the drawing of the page is anchored, in twips."""

TITLE_GAP = 160
"""Space between the title and the table, that line included, in twips."""

_SHARES = {"no": 0, "kegiatan": 24, "kelengkapan": 14, "waktu": 8, "output": 13}
_OTHER_SHARE, _EMPTY_SHARE = 12, 5
"""The usual shares of the columns of texts, of all others, and of one in which no row has a text."""

_NO = 480
_LONGEST_WORD = 1400
"""The width of a word up to which its column is as wide, in twips; a longer one is broken."""

_PELAKSANA, _NARROW = 1300, (1150, 1000, 900)
"""The width of a pelaksana's column where there is room, and those that are taken where they save a page."""

_WELL_FILLED = 0.93
"""The share of a page that leaves room for lines that need higher rows."""

_LEAST, _MOST = 0.24, 0.58
"""The shares of the table that the columns of the pelaksana take at least and at most where they are wide."""

_SIZES = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0)
_HEAD_SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)
_HEAD_LENGTHS = (range(900, 1701, 56), range(1756, 3400, 56))
"""How long the lines of rotated headings may be, in twips: in larger type rather than in longer lines."""

Floors = Callable[[int], Sequence[int]]
"""The least height of each row where the columns of the pelaksana are so wide, in twips."""


class TableLayout(Struct, frozen=True, kw_only=True):
    """The x of the column borders, headings and cells; columns ``first`` to ``last`` (excluded) are the pelaksana's.

    ``columns`` are the others. ``groups`` are the headings over several columns with the first of these and the one
    after the last, ``heads`` the heights of the two header rows.
    """

    columns: tuple[FormColumn, ...]
    borders: tuple[int, ...]
    first: int
    last: int
    headings: tuple[WrappedText, ...]
    groups: tuple[tuple[WrappedText, int, int], ...]
    heads: tuple[int, int]

    @property
    def pelaksana_borders(self) -> tuple[int, ...]:
        """The borders of the columns of the pelaksana."""
        return self.borders[self.first : self.last + 1]

    @property
    def pelaksana_width(self) -> int:
        """The width of a pelaksana's column."""
        return self.borders[self.first + 1] - self.borders[self.first]


def lay_out_table(sop: Sop, paper: PaperSize, room: int, floors: Floors) -> TableLayout:
    """The table of an SOP: of the widths that are tried the first that take the fewest pages.

    ``room`` is the height of a page for header and rows, in twips.
    """
    table, count, size = PAPER[paper][0] - 2 * MARGIN, len(sop.pelaksana), _type_size(len(sop.pelaksana))
    columns = [column for column in form_columns(sop) if column.key != "pelaksana"]
    texts = [[cell_text(step, column.key) for step in sop.steps] for column in columns]
    shares = [_share(*pair) for pair in zip(columns, texts, strict=True)]
    measured = [
        TextColumn(cells, size, _SIDES, _least_width(column, cells, size))
        for column, cells in zip(columns, texts, strict=True)
    ]
    most = min(int(table * _MOST), table - sum(column.least for column in measured)) // count
    usual = max(_PELAKSANA, int(table * _LEAST) // count)
    found: dict[tuple[int, int], tuple[int, list[int]]] = {}
    for width in dict.fromkeys(min(one, most) for one in (usual, *_NARROW)):
        rows = floors(width)
        tries = list(fit_widths(measured, shares, table - width * count, rows))
        heads = sum(_table_of(sop, columns, width, tries[0]).heads)
        for widths in tries:
            height = total_height(measured, widths, rows)
            pages = -(-height // (room - heads)), -(-height // int((room - heads) * _WELL_FILLED))
            found.setdefault(pages, (width, widths))
    return _table_of(sop, columns, *found[min(found)])


def wrap_cells(sop: Sop, table: TableLayout, tallest: int) -> list[tuple[WrappedText, ...]]:
    """The texts of the cells of each row, those of the pelaksana left out; none gets higher than ``tallest`` twips."""
    widths = [right - left for left, right in pairwise(table.borders)]
    columns = list(zip(table.columns, widths[: table.first] + widths[table.last :], strict=True))
    size = _type_size(len(sop.pelaksana))
    return [
        tuple(_fitting(cell_text(step, column.key), width, size, tallest) for column, width in columns)
        for step in sop.steps
    ]


def _table_of(sop: Sop, texts: Sequence[FormColumn], width: int, widths: list[int]) -> TableLayout:
    """The table with columns of these widths: that of a pelaksana, and those of the columns of texts."""
    columns, count = form_columns(sop), len(sop.pelaksana)
    first = next(number for number, column in enumerate(columns) if column.key == "pelaksana")
    all_widths = [*widths[:first], *[width] * count, *widths[first:]]
    names = [*(one.heading for one in texts[:first]), *sop.pelaksana.values(), *(one.heading for one in texts[first:])]
    headings = _headings(names, all_widths, first, first + count)
    groups = tuple(_groups(columns, all_widths, first, count))
    return TableLayout(
        columns=tuple(texts),
        borders=tuple(accumulate(all_widths, initial=MARGIN)),
        first=first,
        last=first + count,
        headings=headings,
        groups=groups,
        heads=(max(cell_height(group) for group, *_ in groups) + PAD, _heading_height(headings) + PAD),
    )


def _share(column: FormColumn, cells: Sequence[str]) -> int:
    return _SHARES.get(column.key, _OTHER_SHARE) if any(cells) else _EMPTY_SHARE


def cell_height(text: WrappedText) -> int:
    """The height of a cell with this text, in twips."""
    return len(text.lines) * line_height(text.size) + 2 * PAD


def _groups(
    columns: Sequence[FormColumn], widths: Sequence[int], first: int, count: int
) -> Iterator[tuple[WrappedText, int, int]]:
    """The headings Pelaksana and Mutu Baku, each over its columns."""
    spans = [(columns[first].heading, first, first + 1)]
    spans += [("Mutu Baku", start, end) for start, end in mutu_baku_groups(columns)]
    for heading, start, end in sorted(spans, key=lambda span: span[1]):
        start, end = (edge + (count - 1 if edge > first else 0) for edge in (start, end))  # noqa: PLW2901 — counted anew
        yield _wrapped(heading, sum(widths[start:end]), 9, bold=True), start, end


def _least_width(column: FormColumn, cells: Sequence[str], size: float) -> int:
    """The width that a column keeps: for its heading, and for its words as far as they are not too long."""
    if column.key == "no" and all(longest_word_width(cell, size) + _SIDES <= _NO for cell in cells):
        return _NO
    words = max((longest_word_width(cell, size) for cell in cells), default=0)
    heading = longest_word_width(column.heading, _HEAD_SIZES[-1], bold=True)
    return int(max(min(words / USABLE, _LONGEST_WORD), heading / USABLE)) + _SIDES + 2


def _type_size(pelaksana: int) -> float:
    many, most = 6, 10
    if pelaksana <= many:
        return 9
    return 8 if pelaksana <= most else 7


def _fitting(text: str, width: int, size: float, tallest: int) -> WrappedText:
    """The cell in the largest type in which it fits a page; in the smallest where none does."""
    cells = (_wrapped(text, width, smaller) for smaller in _SIZES if smaller <= size)
    return next((cell for cell in cells if cell_height(cell) <= tallest), _wrapped(text, width, _SIZES[-1]))


def _wrapped(text: str, width: int, size: float, *, bold: bool = False) -> WrappedText:
    return WrappedText(text, wrap(text, width - _SIDES, size, bold=bold), size, bold)


def _headings(names: list[str], widths: list[int], first: int, last: int) -> tuple[WrappedText, ...]:
    """The headings, those of the pelaksana all alike: upright if the longest word fits, else smaller, else rotated."""
    pelaksana, width = names[first:last], widths[first]
    size = next((size for size in _HEAD_SIZES if _words_fit(pelaksana, width - _SIDES, size)), None)
    upright = [_wrapped(name, width, size, bold=True) for name in pelaksana] if size else []
    others = [_shrunk(*one) for one in zip(names[:first] + names[last:], widths[:first] + widths[last:], strict=True)]
    return (*others[:first], *(upright or _rotated(pelaksana, width - PAD)), *others[first:])


def _words_fit(names: list[str], room: int, size: float) -> bool:
    return all(longest_word_width(name, size, bold=True) <= room * USABLE for name in names)


def _shrunk(name: str, width: int) -> WrappedText:
    size = next((size for size in _HEAD_SIZES if _words_fit([name], width - _SIDES, size)), _HEAD_SIZES[-1])
    return _wrapped(name, width, size, bold=True)


def _rotated(names: list[str], room: int) -> list[WrappedText]:
    """Headings that read upwards, in the largest type and the lowest row in which their lines fit the column."""
    tries = ((size, length) for lengths in _HEAD_LENGTHS for size in _HEAD_SIZES for length in lengths)
    smallest = (_HEAD_SIZES[-1], _HEAD_LENGTHS[-1][-1])
    size, length = next((one for one in tries if _lines_fit(names, room, *one)), smallest)
    return [WrappedText(name, wrap(name, length, size, bold=True), size, bold=True, rotated=True) for name in names]


def _lines_fit(names: list[str], room: int, size: float, length: int) -> bool:
    most = room // line_height(size)
    return _words_fit(names, length, size) and all(len(wrap(name, length, size, bold=True)) <= most for name in names)


def _heading_height(headings: tuple[WrappedText, ...]) -> int:
    upright = [cell_height(cell) for cell in headings if not cell.rotated]
    rotated = [
        max(text_width(line, cell.size, bold=True) for line in cell.lines) + 3 * PAD
        for cell in headings
        if cell.rotated
    ]
    return int(max(*upright, *rotated, 400))
