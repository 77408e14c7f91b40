"""The rows of the step table over all pages: what stands in each column of each row, and where the row lies."""

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from sopctl.importing.headings import Column, Header, Role, find_header, find_role
from sopctl.importing.seen import Box, Cell, Page

_NUMBER = re.compile(r"\(?(\d{1,3}|[a-z]|[ivx]+)[.)]?\)?", re.IGNORECASE)
_HIGHEST = 60
"""An empty row of cells below a row of the table belongs to it as far as this, in points."""

_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?")


class SeenRow(Struct, frozen=True):
    """A row of the step table; ``box`` is its place on the page with number ``page``.

    ``rest`` is where it goes on, on the next page.
    """

    page: int
    box: Box
    texts: dict[Role, str] = {}
    further: dict[str, str] = {}
    rest: tuple[tuple[int, Box], ...] = ()

    def holds(self, page: int, y: float) -> bool:
        """Whether a height on a page lies in this row."""
        return any(number == page and box.top <= y <= box.bottom for number, box in ((self.page, self.box), *self.rest))


class StepTable(Struct, frozen=True):
    """The columns and the rows; ``headers`` are the columns as they lie on each page (by number) that has rows."""

    header: Header
    rows: tuple[SeenRow, ...]
    headers: dict[int, Header]


def find_step_tables(pages: Sequence[Page]) -> list[StepTable]:
    """The step tables of a file: one that goes on over several pages is one."""
    tables: list[StepTable] = []
    for page in pages:
        header = find_header(page)
        if header is not None and not (tables and _is_repeated(tables[-1], header, page)):
            header = _split_number(header, page.cells)
            tables.append(StepTable(header, _read_rows(page, header), {page.number: header}))
        elif tables:
            if header is not None:
                tables[-1] = _complete_columns(tables[-1], _split_number(header, page.cells))
            here = _shift_header(tables[-1].header, page, header)
            if here is not None:
                tables[-1] = _continue(tables[-1], page, here)
    return [table for table in tables if table.rows]


def _is_repeated(table: StepTable, header: Header, page: Page) -> bool:
    """Whether a header is that of the table before, printed once more: its rows go on counting."""
    if abs(len(header.columns) - len(table.header.columns)) > 1 or not table.rows:
        return False
    rows = _read_rows(page, header)
    first = next((row.texts.get("no", "") for row in rows if row.texts.get("no")), "")
    return re.sub(r"\D", "", first) != "1"


def _split_number(header: Header, cells: Sequence[Cell]) -> Header:
    """The header, with a column of its own for numbers that stand under the heading of the activities."""
    if header.of("no") or not header.of("kegiatan"):
        return header
    kegiatan = header.of("kegiatan")[0]
    numbers = [
        cell.box.right
        for cell in cells
        if cell.box.top >= header.box.bottom - 2
        and abs(cell.box.left - kegiatan.left) < 4
        and cell.box.right < kegiatan.right - 10
        and _NUMBER.fullmatch(cell.text.strip())
    ]
    if not numbers:
        return header
    edge = numbers[0]
    split = (Column("no", "No", kegiatan.left, edge), replace(kegiatan, left=edge))
    at = header.columns.index(kegiatan)
    return replace(header, columns=(*header.columns[:at], *split, *header.columns[at + 1 :]))


def _complete_columns(table: StepTable, repeated: Header) -> StepTable:
    """The table with the columns of pelaksana that only a repeated header keeps apart; rules are missing at times."""
    shifted = _move_header(repeated, table.header.box)
    own = list(table.header.columns)
    for column in shifted.of("pelaksana"):
        wide = next((one for one in own if one.role == "pelaksana" and _holds_part(one, column)), None)
        if wide is not None:
            at = own.index(wide)
            rest = [one for one in shifted.of("pelaksana") if _holds_part(wide, one)]
            own[at : at + 1] = rest
    header = replace(table.header, columns=tuple(own))
    headers = {number: _move_header(header, one.box) for number, one in table.headers.items()}
    return replace(table, header=header, headers=headers)


def _holds_part(wide: Column, column: Column) -> bool:
    """Whether a column is a part of a wider one."""
    inside = wide.left - 4 <= column.left and column.right <= wide.right + 4
    return inside and column.right - column.left < (wide.right - wide.left) * 0.8


def _shift_header(header: Header, page: Page, repeated: Header | None) -> Header | None:
    """The columns as they lie on a page where the table goes on; None where none does."""
    if repeated is not None:
        return _move_header(header, repeated.box)
    if not page.cells:
        return None
    left, right = min(cell.box.left for cell in page.cells), max(cell.box.right for cell in page.cells)
    top = min(cell.box.top for cell in page.cells)
    return _move_header(header, Box(left, top, right, top)) if 0.85 < (right - left) / header.box.width < 1.15 else None


def _move_header(header: Header, box: Box) -> Header:
    """The columns as they lie in a box as wide, or nearly, as the header is."""
    scale = box.width / header.box.width

    def move(x: float) -> float:
        return box.left + (x - header.box.left) * scale

    return Header(tuple(replace(one, left=move(one.left), right=move(one.right)) for one in header.columns), box)


def _continue(table: StepTable, page: Page, header: Header) -> StepTable:
    """The table with the rows of one page more; a first row without a number goes on with the last one."""
    rows, numbered = list(table.rows), all(row.texts.get("no") for row in table.rows)
    for n, row in enumerate(_read_rows(page, header)):
        goes_on = not row.texts.get("no") and (not row.texts.get("kegiatan") or (n == 0 and numbered))
        if rows and goes_on:
            rows[-1] = _append(rows[-1], row)
        else:
            rows.append(row)
    return replace(table, rows=tuple(rows), headers=table.headers | {page.number: header})


def _append(row: SeenRow, rest: SeenRow) -> SeenRow:
    """A row with what stands of it on the next page."""
    texts: dict[Role, str] = {
        role: "\n".join(filter(None, (row.texts.get(role, ""), rest.texts.get(role, ""))))
        for role in row.texts | rest.texts
    }
    return replace(row, texts=texts, rest=(*row.rest, (rest.page, rest.box)))


def _read_rows(page: Page, header: Header) -> tuple[SeenRow, ...]:
    """The rows of the table on one page, without the row that counts the columns."""
    anchor = (header.of("no") or header.of("kegiatan"))[0]
    below = [cell for cell in page.cells if cell.box.top >= header.box.bottom - 3]
    anchors = [cell for cell in below if _lies_in(cell, anchor)]
    rows: list[SeenRow] = []
    end = 0.0
    for cell in _drop_nested(anchors):
        row = _read_row(page, header, cell, below)
        end = end if row is None else cell.box.bottom + _HIGHEST
        if rows and (row is None or not (row.texts.get("no") or row.texts.get("kegiatan"))):
            rows[-1] = _extend(rows[-1], min(cell.box.bottom, end), row)
        elif row is not None and not _counts_columns(row):
            rows.append(row)
    return tuple(rows)


def _extend(row: SeenRow, bottom: float, rest: SeenRow | None) -> SeenRow:
    """A row that reaches further down, over cells that have neither number nor activity, with what stands in them."""
    box = row.box._replace(bottom=max(bottom, row.box.bottom))
    return replace(row, box=box, texts=_append(row, rest).texts if rest else row.texts)


def _lies_in(cell: Cell, column: Column) -> bool:
    """Whether a cell is of this column."""
    middle = cell.box.center.x
    return column.left - 2 <= middle <= column.right + 2 and cell.box.width < (column.right - column.left) * 1.5


def _drop_nested(cells: Sequence[Cell]) -> list[Cell]:
    """Cells from top to bottom, none beside another."""
    kept: list[Cell] = []
    for cell in sorted(cells, key=lambda cell: cell.box.top):
        if not kept or cell.box.top >= kept[-1].box.bottom - 3:
            kept.append(cell)
    return kept


def _read_row(page: Page, header: Header, anchor: Cell, below: Sequence[Cell]) -> SeenRow | None:
    """What stands beside the anchor in each column; None where the whole row is empty."""
    box = Box(header.box.left, anchor.box.top, header.box.right, anchor.box.bottom)
    texts: dict[Role, str] = {}
    further: dict[str, str] = {}
    for column in header.columns:
        if column.role == "pelaksana":
            continue
        text = "\n".join(cell.text for cell in below if _is_of(cell, column, box) and cell.text)
        if column.role == "further":
            further[column.name] = text
        else:
            texts[column.role] = text
    if not any(texts.values()):
        return None
    return SeenRow(page.number, box, texts, further)


def _is_of(cell: Cell, column: Column, row: Box) -> bool:
    """Whether a cell stands in this column and row: it does in the row where it begins."""
    if not _lies_in(cell, column):
        return False
    return row.holds(cell.box.center, 0) or (row.top - 3 <= cell.box.top < row.bottom - 3)


def _counts_columns(row: SeenRow) -> bool:
    """Whether a row only numbers the columns, as in 1 2 3 or (1) (2) (3), or repeats their headings."""
    filled = [text.strip() for text in row.texts.values() if text.strip()]
    if all(_COLUMN_NUMBER.fullmatch(text) for text in filled) and _COLUMN_NUMBER.fullmatch(
        row.texts.get("kegiatan", "").strip()
    ):
        return True
    return find_role(row.texts.get("kegiatan", "")) == "kegiatan" and find_role(row.texts.get("waktu", "")) == "waktu"
