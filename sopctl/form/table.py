"""The flowchart table before its pages: how wide each column is, how the cells wrap, how high the rows must be."""

from itertools import pairwise

from msgspec import Struct

from sopctl.form.metrics import line_height, longest_word, width, wrap
from sopctl.office.model import PaperSize
from sopctl.sop.model import Sop, Step

SHEETS: dict[PaperSize, tuple[int, int]] = {"A4": (16838, 11906), "F4": (18709, 12189)}
"""Width and height of the sheet in twips, landscape."""

MARGIN = 794
"""1.4 cm on every side, in twips."""

PAD = 56
"""Space between the text of a cell and its border, in twips."""

TITLE = 420
"""Height of the title above the table, in twips."""

_NO = 480
_TEXTS = ("Kegiatan", "Kelengkapan", "Waktu", "Output", "Ket")
_SHARES = {"Kegiatan": 24, "Kelengkapan": 14, "Waktu": 8, "Output": 13, "Ket": 12}
_IDLE = 5
"""The share of a column in which no row says anything."""

_PELAKSANA = 1300
"""The width of a pelaksana's column where there is room, in twips."""

_LEAST, _MOST = 0.24, 0.58
"""The shares of the table that the columns of the pelaksana take at least and at most."""

_SIZES = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0)
_SMALLEST_HEAD = 6.5
_LOWEST_HEAD, _TALLEST_HEAD = 900, 1700
"""How long the lines of turned headings may be, in twips."""


class Cell(Struct, frozen=True):
    """A text as it wraps in its column."""

    text: str
    lines: tuple[str, ...]
    size: float
    bold: bool = False
    turned: bool = False

    @property
    def height(self) -> int:
        """What the cell needs, in twips."""
        return len(self.lines) * line_height(self.size) + 2 * PAD


class Table(Struct, frozen=True):
    """Borders of the columns from the left, the columns of the pelaksana, headings and cells.

    ``cells`` has for each step the texts of No, Kegiatan, Kelengkapan, Waktu, Output and Ket.
    """

    edges: tuple[int, ...]
    first: int
    last: int
    headings: tuple[Cell, ...]
    groups: tuple[Cell, Cell]
    heads: tuple[int, int]
    cells: tuple[tuple[Cell, ...], ...]

    @property
    def column(self) -> int:
        """The width of a pelaksana's column."""
        return self.edges[self.first + 1] - self.edges[self.first]


def table(sop: Sop, paper: PaperSize, tallest: int) -> Table:
    """The table of an SOP whose rows get at most ``tallest`` twips high."""
    edges = _edges(sop, paper)
    first, last = 2, 2 + len(sop.pelaksana)
    widths = [right - left for left, right in pairwise(edges)]
    names = ["No", "Kegiatan", *sop.pelaksana.values(), "Kelengkapan", "Waktu", "Output", "Ket"]
    headings = _headings(names, widths, first, last)
    groups = (_cell("Pelaksana", sum(widths[first:last]), 9, bold=True), _cell("Mutu Baku", 9999, 9, bold=True))
    text_widths = [*widths[:first], *widths[last:]]
    size = _type_size(len(sop.pelaksana))
    return Table(
        edges=edges,
        first=first,
        last=last,
        headings=headings,
        groups=groups,
        heads=(max(cell.height for cell in groups) + PAD, _heading_height(headings) + PAD),
        cells=tuple(_row(step, text_widths, size, tallest) for step in sop.steps),
    )


def texts(step: Step) -> tuple[str, ...]:
    """The cells of a row as the form prints them: No, Kegiatan, Kelengkapan, Waktu, Output, Ket."""
    return (
        "" if step.no is None else str(step.no),
        step.kegiatan,
        ", ".join(item.nama for item in step.kelengkapan),
        step.waktu.text,
        step.output,
        step.keterangan,
    )


def _edges(sop: Sop, paper: PaperSize) -> tuple[int, ...]:
    room = SHEETS[paper][0] - 2 * MARGIN
    count = len(sop.pelaksana)
    column = min(max(_PELAKSANA, int(room * _LEAST) // count), int(room * _MOST) // count)
    rest = room - _NO - column * count
    said = dict(zip(_TEXTS, zip(*(texts(step)[1:] for step in sop.steps), strict=True), strict=True))
    shares = [_SHARES[name] if any(said[name]) else _IDLE for name in _TEXTS]
    kegiatan, *others = (rest * share // sum(shares) for share in shares)
    widths = [_NO, kegiatan, *[column] * count, *others]
    edges = [MARGIN]
    for one in widths:
        edges.append(edges[-1] + one)
    return (*edges[:-1], MARGIN + room)


def _type_size(pelaksana: int) -> float:
    many, most = 6, 10
    if pelaksana <= many:
        return 9
    return 8 if pelaksana <= most else 7


def _row(step: Step, widths: list[int], size: float, tallest: int) -> tuple[Cell, ...]:
    return tuple(_fitting(text, width, size, tallest) for text, width in zip(texts(step), widths, strict=True))


def _fitting(text: str, width: int, size: float, tallest: int) -> Cell:
    """The cell in the largest type in which it fits a page; in the smallest where none does."""
    cells = (_cell(text, width, smaller) for smaller in _SIZES if smaller <= size)
    return next((cell for cell in cells if cell.height <= tallest), _cell(text, width, _SIZES[-1]))


def _cell(text: str, width: int, size: float, *, bold: bool = False) -> Cell:
    return Cell(text, wrap(text, width - 2 * PAD, size, bold=bold), size, bold)


def _headings(names: list[str], widths: list[int], first: int, last: int) -> tuple[Cell, ...]:
    """The headings, those of the pelaksana all alike: upright if the longest word fits, else smaller, else turned."""
    pelaksana = names[first:last]
    room = min(widths[first:last]) - 2 * PAD
    sizes = [size for size in _SIZES if size >= _SMALLEST_HEAD]
    size = next((size for size in sizes if _words_fit(pelaksana, room, size)), None)
    upright = [_cell(name, room + 2 * PAD, size, bold=True) for name in pelaksana] if size else []
    beside = zip(names[:first] + names[last:], widths[:first] + widths[last:], strict=True)
    others = [_shrunk(name, width) for name, width in beside]
    return (*others[:first], *(upright or _turned(pelaksana, room)), *others[first:])


def _words_fit(names: list[str], room: int, size: float) -> bool:
    return all(longest_word(name, size, bold=True) <= room for name in names)


def _shrunk(name: str, width: int) -> Cell:
    fitting = (size for size in _SIZES if longest_word(name, size, bold=True) <= width - 2 * PAD)
    return _cell(name, width, next(fitting, _SIZES[-1]), bold=True)


def _turned(names: list[str], room: int) -> list[Cell]:
    """Headings that read upwards, in the largest type and the lowest row in which their lines fit the column."""
    tries = ((size, length) for size in _SIZES for length in range(_LOWEST_HEAD, _TALLEST_HEAD + 1, PAD))
    size, length = next((one for one in tries if _lines_fit(names, room, *one)), (_SIZES[-1], _TALLEST_HEAD))
    return [Cell(name, wrap(name, length, size, bold=True), size, bold=True, turned=True) for name in names]


def _lines_fit(names: list[str], room: int, size: float, length: int) -> bool:
    most = room // line_height(size)
    return _words_fit(names, length, size) and all(len(wrap(name, length, size, bold=True)) <= most for name in names)


def _heading_height(headings: tuple[Cell, ...]) -> int:
    upright = [cell.height for cell in headings if not cell.turned]
    turned = [
        max(width(line, cell.size, bold=True) for line in cell.lines) + 3 * PAD for cell in headings if cell.turned
    ]
    return int(max(*upright, *turned, 400))
