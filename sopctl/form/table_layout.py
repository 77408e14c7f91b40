"""The flowchart table before its pages: the width of each column, how the cells wrap, how high the rows must be."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from msgspec import Struct

from sopctl.form.font_metrics import line_height, longest_word_width, text_width, wrap
from sopctl.form.geometry import WrappedText
from sopctl.office.model import PaperSize
from sopctl.sop.model import Sop, Step

PAPER: dict[PaperSize, tuple[int, int]] = {"A4": (16838, 11906), "F4": (18709, 12189)}
"""Width and height of the sheet in twips, landscape."""

MARGIN = 794
"""1.4 cm on every side, in twips."""

PAD = 56
"""Space between the text of a cell and its border, in twips."""

LEAD = 20
"""Height of the line above the table to which the drawing of the page is anchored, in twips."""

TITLE_GAP = 160
"""Space between the title and the table, that line included, in twips."""

FIRST = 2
"""The first column of the pelaksana; before them are No and Kegiatan."""

_NO = 480
_SHARES = {"Kegiatan": 24, "Kelengkapan": 14, "Waktu": 8, "Output": 13, "Ket": 12}
_EMPTY_SHARE = 5
"""The share of a column in which no row has a text."""

_PELAKSANA = 1300
"""The width of a pelaksana's column where there is room, in twips."""

_LEAST, _MOST = 0.24, 0.58
"""The shares of the table that the columns of the pelaksana take at least and at most."""

_SIZES = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0)
_SMALLEST_HEAD = 6.5
_LOWEST_HEAD, _TALLEST_HEAD = 900, 1700
"""How long the lines of rotated headings may be, in twips."""


class TableLayout(Struct, frozen=True):
    """The x of the column borders, headings and cells; columns ``FIRST`` to ``last`` (excluded) are the pelaksana's.

    ``groups`` are the headings Pelaksana and Mutu Baku, ``heads`` the heights of the two header rows. ``cells`` has for
    each step the texts of No, Kegiatan, Kelengkapan, Waktu, Output and Ket.
    """

    borders: tuple[int, ...]
    last: int
    headings: tuple[WrappedText, ...]
    groups: tuple[WrappedText, WrappedText]
    heads: tuple[int, int]
    cells: tuple[tuple[WrappedText, ...], ...]

    @property
    def pelaksana_borders(self) -> tuple[int, ...]:
        """The borders of the columns of the pelaksana."""
        return self.borders[FIRST : self.last + 1]

    @property
    def pelaksana_width(self) -> int:
        """The width of a pelaksana's column."""
        return self.borders[FIRST + 1] - self.borders[FIRST]


def lay_out_table(sop: Sop, paper: PaperSize, tallest: int) -> TableLayout:
    """The table of an SOP whose rows get at most ``tallest`` twips high."""
    borders = _borders(sop, paper)
    last = FIRST + len(sop.pelaksana)
    widths = [right - left for left, right in pairwise(borders)]
    names = ["No", "Kegiatan", *sop.pelaksana.values(), "Kelengkapan", "Waktu", "Output", "Ket"]
    headings = _headings(names, widths, last)
    groups = (_wrapped("Pelaksana", sum(widths[FIRST:last]), 9, bold=True), _wrapped("Mutu Baku", 9999, 9, bold=True))
    text_widths = [*widths[:FIRST], *widths[last:]]
    size = _type_size(len(sop.pelaksana))
    return TableLayout(
        borders=borders,
        last=last,
        headings=headings,
        groups=groups,
        heads=(max(map(cell_height, groups)) + PAD, _heading_height(headings) + PAD),
        cells=tuple(
            tuple(_fitting(*one, size, tallest) for one in zip(row_texts(step), text_widths, strict=True))
            for step in sop.steps
        ),
    )


def cell_height(text: WrappedText) -> int:
    """The height of a cell with this text, in twips."""
    return len(text.lines) * line_height(text.size) + 2 * PAD


def row_texts(step: Step) -> tuple[str, ...]:
    """The cells of a row as the form prints them: No, Kegiatan, Kelengkapan, Waktu, Output, Ket."""
    return (
        "" if step.no is None else str(step.no),
        step.kegiatan,
        numbered_lines([item.nama for item in step.kelengkapan]),
        step.waktu.text,
        numbered_lines(step.output),
        step.keterangan,
    )


def numbered_lines(items: Sequence[str]) -> str:
    """The items of a cell, each on a line of its own and with its number; a lone one has none."""
    return "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1)) if len(items) > 1 else "".join(items)


def _borders(sop: Sop, paper: PaperSize) -> tuple[int, ...]:
    room = PAPER[paper][0] - 2 * MARGIN
    count = len(sop.pelaksana)
    column = min(max(_PELAKSANA, int(room * _LEAST) // count), int(room * _MOST) // count)
    rest = room - _NO - column * count
    columns = zip(*(row_texts(step)[1:] for step in sop.steps), strict=True)
    shares = [share if any(texts) else _EMPTY_SHARE for share, texts in zip(_SHARES.values(), columns, strict=True)]
    kegiatan, *others = (rest * share // sum(shares) for share in shares)
    borders = accumulate((_NO, kegiatan, *[column] * count, *others), initial=MARGIN)
    return (*list(borders)[:-1], MARGIN + room)


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
    return WrappedText(text, wrap(text, width - 2 * PAD, size, bold=bold), size, bold)


def _headings(names: list[str], widths: list[int], last: int) -> tuple[WrappedText, ...]:
    """The headings, those of the pelaksana all alike: upright if the longest word fits, else smaller, else rotated."""
    pelaksana = names[FIRST:last]
    room = min(widths[FIRST:last]) - 2 * PAD
    sizes = [size for size in _SIZES if size >= _SMALLEST_HEAD]
    size = next((size for size in sizes if _words_fit(pelaksana, room, size)), None)
    upright = [_wrapped(name, room + 2 * PAD, size, bold=True) for name in pelaksana] if size else []
    others = [
        _shrunk(name, width)
        for name, width in zip(names[:FIRST] + names[last:], widths[:FIRST] + widths[last:], strict=True)
    ]
    return (*others[:FIRST], *(upright or _rotated(pelaksana, room)), *others[FIRST:])


def _words_fit(names: list[str], room: int, size: float) -> bool:
    return all(longest_word_width(name, size, bold=True) <= room for name in names)


def _shrunk(name: str, width: int) -> WrappedText:
    size = next((size for size in _SIZES if _words_fit([name], width - 2 * PAD, size)), _SIZES[-1])
    return _wrapped(name, width, size, bold=True)


def _rotated(names: list[str], room: int) -> list[WrappedText]:
    """Headings that read upwards, in the largest type and the lowest row in which their lines fit the column."""
    tries = ((size, length) for size in _SIZES for length in range(_LOWEST_HEAD, _TALLEST_HEAD + 1, PAD))
    size, length = next((one for one in tries if _lines_fit(names, room, *one)), (_SIZES[-1], _TALLEST_HEAD))
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
