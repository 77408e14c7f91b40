"""Who acts in each row and where it leads, read from the symbols in the columns of the pelaksana and their lines."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sopctl.importing.branch_labels import NO, YES, BranchLabels
from sopctl.importing.headings import Column, find_column
from sopctl.importing.network import Network, ShapeAt, Way
from sopctl.importing.seen import Box, Page, Point
from sopctl.importing.step_table import SeenRow, StepTable
from sopctl.sop.model import PAIR

_DIAMONDS = frozenset("◇◊⬦◆♦")
_SIGNS = _DIAMONDS | frozenset("√✓✔☑vV●•○■□▪▭⬜xX")
"""Signs that offices set in a cell in place of a symbol."""


class Exit(Struct, frozen=True):
    """One way out of a diamond; ``target`` is a row counted from 0. ``label`` is empty where none is printed."""

    label: str
    target: int


class RowFlow(Struct, frozen=True):
    """Who acts in a row, as places among the columns of pelaksana in order, and where the row leads.

    ``exits`` are those of its diamond, the last where it has several; ``decides`` are the columns of its diamonds with
    the exits of each. ``next`` are the rows that it leads to, none where that is the one below.
    ``doubts`` are sentences about what could not be read surely, by the field.
    """

    pelaksana: tuple[int, ...] = ()
    exits: tuple[Exit, ...] = ()
    decides: tuple[tuple[int, tuple[Exit, ...]], ...] = ()
    next: tuple[int, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()


class _Placed(Struct, frozen=True):
    """A symbol in a row and a column of pelaksana."""

    at: ShapeAt
    row: int
    column: int
    decision: bool
    box: Box


class _Drawing(Struct, frozen=True):
    """The symbols of a table, the ways between them, the words beside the ways, and how many rows there are."""

    placed: dict[ShapeAt, _Placed]
    ways: dict[ShapeAt, list[Way]]
    labels: BranchLabels
    size: int

    def targets(self, one: _Placed) -> list[_Placed]:
        """The symbols to which a symbol leads."""
        return [self.placed[way.target] for way in self.ways[one.at]]

    def of_row(self, row: int) -> list[_Placed]:
        """The symbols of a row, from left to right."""
        return [one for one in self.placed.values() if one.row == row]


def read_flow(table: StepTable, pages: Sequence[Page]) -> list[RowFlow]:
    """The flow of each row of a table, in the order of the rows."""
    network = Network(pages)
    placed = {one.at: one for one in _place_shapes(table, pages)}
    ways = {at: [way for way in network.ways(at) if way.target in placed] if at.shape >= 0 else [] for at in placed}
    drawing = _Drawing(placed, ways, BranchLabels(table, pages), len(table.rows))
    return [_read_row(row, drawing) for row in range(drawing.size)]


def _place_shapes(table: StepTable, pages: Sequence[Page]) -> list[_Placed]:
    """The symbols that lie in a row and under a pelaksana, from the first row to the last and from left to right."""
    found = []
    for index, page in enumerate(pages):
        header = table.headers.get(page.number)
        if header is None:
            continue
        columns = header.of("pelaksana")
        for n, shape in enumerate(page.shapes):
            row = _find_row(table.rows, page.number, shape.box.center)
            column = find_column(columns, shape.box.center.x)
            if shape.kind != "off_page" and row is not None and column is not None:
                found.append(_Placed(ShapeAt(index, n), row, column, shape.kind == "decision", shape.box))
        found += _place_signs(table, page, index, columns, {(one.row, one.column) for one in found})
    return sorted(found, key=lambda one: (one.row, one.column))


def _place_signs(
    table: StepTable, page: Page, index: int, columns: Sequence[Column], taken: set[tuple[int, int]]
) -> Iterator[_Placed]:
    """The ticks and signs that stand in cells in place of symbols."""
    for n, cell in enumerate(page.cells):
        text = cell.text.strip()
        row, column = _find_row(table.rows, page.number, cell.box.center), find_column(columns, cell.box.center.x)
        if text in _SIGNS and row is not None and column is not None and (row, column) not in taken:
            yield _Placed(ShapeAt(index, -1 - n), row, column, text in _DIAMONDS, cell.box)


def _find_row(rows: Sequence[SeenRow], page: int, point: Point) -> int | None:
    return next((n for n, row in enumerate(rows) if row.holds(page, point.y)), None)


def _read_row(row: int, drawing: _Drawing) -> RowFlow:
    shapes = drawing.of_row(row)
    if not shapes:
        return RowFlow(doubts=(("pelaksana", "tidak ada simbol yang terbaca pada baris ini"),))
    chain = _order_chain(shapes, drawing)
    columns = tuple(dict.fromkeys(one.column for one in chain))
    diamonds = [one for one in chain if one.decision]
    if not diamonds:
        target, doubts = _read_next(row, chain, drawing)
        return RowFlow(columns, next=target, doubts=tuple(("next", why) for why in doubts))
    exits, doubts = _read_exits(diamonds[-1], chain, drawing, row + 1)
    onward = next((one.target for one in exits if one.target > row), row + 1)
    decides = [(diamonds[-1].column, exits)]
    for diamond in reversed(diamonds[:-1]):
        more, whys = _read_exits(diamond, chain, drawing, onward)
        decides.insert(0, (diamond.column, more))
        doubts += whys
    return RowFlow(columns, exits, tuple(decides), doubts=tuple(("branches", why) for why in dict.fromkeys(doubts)))


def _order_chain(shapes: list[_Placed], drawing: _Drawing) -> list[_Placed]:
    """The symbols of a row in the order in which lines lead through them; from left to right where none do.

    What leads from a diamond to a box of its row is its way back; to another diamond it hands the row on.
    """
    before: dict[ShapeAt, set[ShapeAt]] = {one.at: set() for one in shapes}
    for one in shapes:
        for target in drawing.targets(one):
            if target.row == one.row and target.at != one.at and (target.decision or not one.decision):
                before[target.at].add(one.at)
    left, chain = list(shapes), []
    while left:
        ready = next((one for one in left if not before[one.at] & {other.at for other in left}), left[0])
        left.remove(ready)
        chain.append(ready)
    return chain


def _read_next(row: int, chain: list[_Placed], drawing: _Drawing) -> tuple[tuple[int, ...], list[str]]:
    """The rows to which a row leads, none where that is the one below, and what is doubtful about them."""
    ways = [way for one in chain for way in drawing.ways[one.at] if way.headed]
    targets = sorted({drawing.placed[way.target].row for way in ways} - {row})
    if len(targets) > 1:
        return tuple(targets), ["baris ini menuju beberapa baris sekaligus"]
    return (() if targets == [row + 1] else tuple(targets)), []


def _read_exits(
    diamond: _Placed, chain: list[_Placed], drawing: _Drawing, onward: int
) -> tuple[tuple[Exit, ...], list[str]]:
    """The exits of a diamond, the way forward first, and what is doubtful about them.

    ``onward`` is where the row leads once everybody agreed.
    """
    row, ways = diamond.row, drawing.ways[diamond.at]
    texts = drawing.labels.assign(diamond.at.page, [way.points for way in ways])
    targets = [_find_exit_row(diamond, drawing.placed[way.target], chain, drawing, onward) for way in ways]
    exits, doubts = _name_exits([Exit(label, target) for label, target in zip(texts, targets, strict=True)], row)
    if not all(way.headed for way in ways):
        doubts.append("arah panahnya tidak terbaca")
    if len(exits) < PAIR:
        doubts.append("hanya satu jalan keluar yang terbaca" if exits else "jalan keluar belah ketupat tidak terbaca")
    if len(exits) == 1 and exits[0].target <= row < drawing.size - 1:
        yes = drawing.labels.find_near(diamond.at.page, diamond.box, YES)
        exits = [Exit(yes or "Ya", row + 1), exits[0]]
    return tuple(sorted(exits, key=lambda one: (bool(NO.match(one.label)), one.target <= row))), doubts


def _name_exits(exits: list[Exit], row: int) -> tuple[list[Exit], list[str]]:
    """The exits with a label each, no two alike, and what is doubtful about the labels.

    The one of a pair that has no printed label is named after the other.
    """
    exits = list(dict.fromkeys(exits))
    named = [one.label for one in exits if one.label]
    if len(exits) == PAIR and len(named) == 1:
        other = "Ya" if NO.match(named[0]) else "Tidak"
        return [one if one.label else replace(one, label=other) for one in exits], []
    if len(exits) == PAIR and not named:
        labelled = [replace(one, label="Tidak" if one.target <= row else "Ya") for one in exits]
        return labelled, ["label cabangnya tidak tercetak"]
    doubts = []
    alike = len({one.label.lower() for one in exits}) < len(exits)
    if alike or (len(exits) > PAIR and len(named) < len(exits)):
        doubts.append("label cabangnya tidak terbaca satu per satu")
        exits = [replace(one, label=f"{one.label or 'cabang'} {n}") for n, one in enumerate(exits, 1)]
    elif len(exits) > PAIR and any(sum(bool(said.match(one)) for one in named) > 1 for said in (YES, NO)):
        doubts.append("lebih dari satu cabangnya berarti setuju atau berarti menolak")
    elif len(exits) == PAIR and _is_crossed(exits, row):
        doubts.append("label dan arah cabangnya tampak bertukar")
    return exits, doubts


def _is_crossed(exits: list[Exit], row: int) -> bool:
    """Whether the one that agrees leads back while the one that turns down leads on."""
    return any(YES.match(one.label) and one.target <= row for one in exits) and any(
        NO.match(one.label) and one.target > row for one in exits
    )


def _find_exit_row(diamond: _Placed, target: _Placed, chain: list[_Placed], drawing: _Drawing, onward: int) -> int:
    """The row to which an exit leads: through a symbol after the diamond in the same row to where that one leads."""
    if target.row != diamond.row:
        return target.row
    if chain.index(target) < chain.index(diamond):
        return diamond.row
    if target.decision:
        return onward
    leads = [one.row for one in drawing.targets(target) if one.row != diamond.row]
    return leads[0] if leads else onward
