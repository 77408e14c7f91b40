"""The flowchart as geometry: whatever the SOP, lines touch symbols, labels and each other only where they may."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sopctl.form.astar import count_least_bends
from sopctl.form.columns import cell_text, form_columns
from sopctl.form.flow_graph import MARK, build_flow_graph
from sopctl.form.geometry import ChartPage, Flowchart, PlacedSymbol, Point, Rect, Route, bounding_rect
from sopctl.form.layout import lay_out_flowchart
from sopctl.form.plain_text import tell_exits
from sopctl.form.table_layout import MARGIN
from sopctl.sop.model import Sop, Step

Strategy = Callable[[], st.SearchStrategy[Sop]]

BOW = 3475 / 21600
NEAR = 2
"""Twips that a rounded corner may be off."""


def inside(shape: PlacedSymbol, point: Point, margin: float) -> bool:
    """Whether a place lies in a symbol, further than a margin from its border."""
    frame = shape.frame
    x, y = (point[0] - frame.center[0], point[1] - frame.center[1])
    half, high = frame.width / 2 - margin, frame.height / 2 - margin
    if abs(x) >= half or abs(y) >= high:
        return False
    if shape.kind == "diamond":
        return abs(x) / half + abs(y) / high < 1
    bow = frame.width * BOW
    if shape.kind == "capsule" and abs(x) > half - bow:
        return ((abs(x) - (half - bow)) / bow) ** 2 + (y / high) ** 2 < 1
    return True


def on_border(shape: PlacedSymbol, point: Point) -> bool:
    return not inside(shape, point, NEAR) and inside(shape, point, -NEAR)


def places(one: Point, two: Point, within: Rect) -> Iterator[Point]:
    """Places on a stretch where it runs through a rectangle, close to each other."""
    for x in range(max(min(one[0], two[0]), within.left), min(max(one[0], two[0]), within.right) + 1, 6):
        for y in range(max(min(one[1], two[1]), within.top), min(max(one[1], two[1]), within.bottom) + 1, 6):
            yield x, y


def stretches(route: Route) -> list[tuple[Point, Point]]:
    return list(pairwise(route.points))


def shared(one: Route, two: Route) -> bool:
    """Whether two lines lie on each other somewhere, or one turns or ends on the other."""
    for a in stretches(one):
        for b in stretches(two):
            first, second = bounding_rect(*a), bounding_rect(*b)
            across = first.width == 0 and second.width == 0 and first.left == second.left
            along = first.height == 0 and second.height == 0 and first.top == second.top
            if (across and first.top <= second.bottom and second.top <= first.bottom) or (
                along and first.left <= second.right and second.left <= first.right
            ):
                return True
    return touches(one, two) or touches(two, one)


def touches(one: Route, two: Route) -> bool:
    """Whether a line turns, begins or ends on another."""
    return any(Rect(*point, *point).within(bounding_rect(*pair)) for point in one.points for pair in stretches(two))


def faults(drawn: Flowchart) -> list[str]:
    """Every rule of drawing that is broken."""
    return [f"{page.number}: {fault}" for page in drawn.pages for look in LOOKS for fault in look(drawn, page)]


def ends(_: Flowchart, page: ChartPage) -> Iterator[str]:
    for route in page.routes:
        source, target = page.symbols[route.source], page.symbols[route.target]
        if not on_border(source, route.points[0]) or not on_border(target, route.points[-1]):
            yield f"{route} does not begin or end on a border"
        if any((x != to_x) == (y != to_y) for (x, y), (to_x, to_y) in stretches(route)):
            yield f"{route} is not right-angled"


def symbols(_: Flowchart, page: ChartPage) -> Iterator[str]:
    for route in page.routes:
        for shape in page.symbols:
            for pair in stretches(route):
                if any(inside(shape, place, NEAR) for place in places(*pair, shape.frame)):
                    yield f"{route} enters {shape}"
    for one, two in combinations(page.symbols, 2):
        if one.frame.overlaps(two.frame):
            yield f"{one} overlaps {two}"


def lines(_: Flowchart, page: ChartPage) -> Iterator[str]:
    for one, two in combinations(page.routes, 2):
        if shared(one, two):
            yield f"{one} lies on {two}"


def labels(_: Flowchart, page: ChartPage) -> Iterator[str]:
    for label in page.labels:
        if any(label.frame.overlaps(shape.frame) for shape in page.symbols):
            yield f"{label} overlaps a symbol"
        if any(label.frame.overlaps(bounding_rect(*pair)) for route in page.routes for pair in stretches(route)):
            yield f"{label} overlaps a line"
    for one, two in combinations(page.labels, 2):
        if one.frame.overlaps(two.frame):
            yield f"{one} overlaps {two}"


def bounds(drawn: Flowchart, page: ChartPage) -> Iterator[str]:
    left, right = drawn.borders[drawn.first], drawn.borders[drawn.last]
    area = Rect(left, page.rows[0].frame.top, right, page.rows[-1].frame.bottom)
    stretched = (bounding_rect(*pair) for route in page.routes for pair in stretches(route))
    for frame in (*(shape.frame for shape in page.symbols), *(label.frame for label in page.labels), *stretched):
        if not frame.within(area):
            yield f"{frame} leaves the columns of the pelaksana {area}"
    if not area.within(drawn.paper.expanded(-MARGIN)):
        yield f"the table {area} leaves the page"


def rows(_: Flowchart, page: ChartPage) -> Iterator[str]:
    for upper, lower in pairwise(page.rows):
        if upper.frame.bottom != lower.frame.top:
            yield f"{upper.step} does not end where {lower.step} begins"
    frames = {row.step: row.frame for row in page.rows}
    for shape in page.symbols:
        if shape.row is not None and not shape.frame.within(frames[shape.row]):
            yield f"{shape} leaves its row"


LOOKS = (ends, symbols, lines, labels, bounds, rows)


def said(drawn: Flowchart) -> Counter[tuple[str, ...]]:
    """What the arrows say, from symbol to symbol, over page breaks too; a symbol is its row, column and text."""
    found: Counter[tuple[str, ...]] = Counter()
    begun: dict[str, list[str]] = {}
    ended: dict[str, str] = {}
    for page in drawn.pages:
        for route in page.routes:
            source, target = page.symbols[route.source], page.symbols[route.target]
            if source.kind == "pentagon":
                ended[source.text] = name(drawn, target)
            elif target.kind == "pentagon":
                begun.setdefault(target.text, []).append(name(drawn, source))
            else:
                found[name(drawn, source), name(drawn, target)] += 1
    for letter, sources in begun.items():
        found.update((source, ended[letter]) for source in sources)
    assert begun.keys() == ended.keys()
    return found


def name(drawn: Flowchart, shape: PlacedSymbol) -> str:
    column = sum(edge < shape.frame.center[0] for edge in drawn.borders) - 1 - drawn.first
    return f"{shape.row}/{column}/{shape.text.removeprefix(MARK)}"


def agrees(sop: Sop, drawn: Flowchart) -> bool:
    """Whether exactly the links of the flow are drawn or told; of several symbols that will do, one is taken."""
    told = told_exits(drawn)
    own = build_flow_graph(sop)
    names = [f"{symbol.row}/{symbol.column}/{symbol.text}" for symbol in own.symbols]
    left = said(drawn)
    for number, link in enumerate(own.edges):
        row = own.symbols[link.sources[0]].row
        (words,) = tell_exits(sop, own.tell([number]))[row]
        pairs = [(names[one], names[two]) for one in link.sources for two in link.targets]
        if f"{MARK} {words}" in told[row]:
            told[row].remove(f"{MARK} {words}")
        elif taken := next((pair for pair in pairs if left[pair] > 0), None):
            left[taken] -= 1
        else:
            return False
    return not +left and not any(told.values())


def told_exits(drawn: Flowchart) -> dict[int, list[str]]:
    """The exits that the cells tell in words, by the row."""
    return {
        row.step: [line for cell in row.cells for line in cell.text.splitlines() if line.startswith(f"{MARK} ")]
        for page in drawn.pages
        for row in page.rows
    }


def test_a_known_sop_is_drawn_without_fault(known: Sop, drawn: Flowchart) -> None:
    assert faults(drawn) == []
    assert agrees(known, drawn)


def test_f4_and_a_row_of_numbers_keep_the_rules(known: Sop) -> None:
    wide = lay_out_flowchart(known, "F4", numbered=True)
    assert faults(wide) == []
    assert [text.text for text in wide.pages[-1].numbers] == [str(number) for number in range(1, len(wide.borders))]


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_sop_is_drawn_without_fault(sops_of_any_kind: Strategy, data: st.DataObject) -> None:
    sop = data.draw(sops_of_any_kind())
    drawn = lay_out_flowchart(sop, "A4")
    assert faults(drawn) == []
    assert agrees(sop, drawn)


def test_the_same_sop_is_always_drawn_alike(known: Sop, drawn: Flowchart) -> None:
    assert lay_out_flowchart(known, "A4") == drawn


def test_every_row_stands_on_one_page_with_its_texts(known: Sop, drawn: Flowchart) -> None:
    steps = [row.step for page in drawn.pages for row in page.rows]
    assert steps == list(range(len(known.steps)))
    for page in drawn.pages:
        for row in page.rows:
            keys = [column.key for column in form_columns(known) if column.key != "pelaksana"]
            assert [cell.text for cell in row.cells] == [cell_text(known.steps[row.step], key) for key in keys]


def test_a_cell_is_high_enough_for_its_lines(drawn: Flowchart) -> None:
    for page in drawn.pages:
        for row in page.rows:
            room = row.frame.height - row.above - row.below
            assert all(len(cell.lines) * cell.size * 20 * 1.15 <= room for cell in row.cells)


@pytest.mark.parametrize("columns", [{}, {"keterangan": False}, dict.fromkeys(("keterangan", "kegiatan"), False)])
def test_exits_for_which_a_diamond_has_no_place_are_told_in_words(
    plain: Callable[..., Step], columns: dict[str, str | bool]
) -> None:
    many = {f"pilihan {number}": "s2" for number in range(14)}
    first = plain("s1", "a", to=many)
    sop = Sop(
        id="uji", nama="Uji", pelaksana={"a": "Staf"}, steps=(first, plain("s2", "a")), start=("s1",),
        columns=columns, source=first.source,
    )  # fmt: skip
    drawn = lay_out_flowchart(sop, "A4")
    assert faults(drawn) == []
    assert agrees(sop, drawn)
    told = told_exits(drawn)
    assert len(told[0]) >= 14 - 8
    assert all(line.startswith("* Staf: pilihan ") and line.endswith(", ke langkah 2") for line in told[0])
    assert not told[1]


@pytest.mark.parametrize(
    ("labels", "capsules"),
    [
        pytest.param({}, ["", ""], id="the-first-and-the-last-are-capsules"),
        pytest.param(
            {"ya": "s2", "tidak": "end"}, ["Mulai", "Selesai", ""], id="a-deciding-first-step-stays-a-diamond"
        ),
    ],
)
def test_capsules_begin_and_end(plain: Callable[..., Step], labels: dict[str, str], capsules: list[str]) -> None:
    first, last = plain("s1", "a", to=labels), plain("s2", "b")
    sop = Sop(
        id="uji", nama="Uji", pelaksana={"a": "Staf", "b": "Kepala"}, steps=(first, last), start=("s1",),
        source=first.source,
    )  # fmt: skip
    shapes = lay_out_flowchart(sop, "A4").pages[0].symbols
    assert sorted(shape.text for shape in shapes if shape.kind == "capsule") == sorted(capsules)


@pytest.mark.parametrize(
    ("heading", "right", "down", "going", "bends"),
    [
        pytest.param(0, 100, 0, 0, 0, id="straight-on"),
        pytest.param(0, 100, 50, 0, 2, id="to-another-lane"),
        pytest.param(0, -100, 0, 0, 4, id="back-and-on-again"),
        pytest.param(0, 100, 50, 1, 1, id="round-a-corner"),
        pytest.param(2, 100, 50, 1, 3, id="away-from-the-corner"),
        pytest.param(3, 0, 50, 0, 3, id="up-though-it-lies-below"),
        pytest.param(1, 30, 0, 3, 2, id="a-u-turn"),
        pytest.param(1, 0, 30, 3, 4, id="a-u-turn-on-one-lane"),
    ],
)
def test_bends_that_no_way_can_do_without(heading: int, right: int, down: int, going: int, bends: int) -> None:
    assert count_least_bends(heading, right, down, going) == bends
