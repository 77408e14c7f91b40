"""Which symbol a drawn line leads to: lines followed from one symbol to the next, over joints and over pages."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import dist, hypot
from typing import NamedTuple

from msgspec import Struct

from sopctl.importing.seen import Line, Page, Point, Shape

_NEAR = 8
"""The end of a line this near to a symbol is at it, in points."""

_JOINED = 4
"""The end of a line this near to another line goes on along it, in points."""

_LONGEST = 12
"""A way is made of at most so many lines."""


class ShapeAt(NamedTuple):
    """A symbol by the place of its page among the pages and its place among the symbols of that page."""

    page: int
    shape: int


class Way(Struct, frozen=True):
    """A way from one symbol to another: the points that it passes; ``headed`` where an arrowhead points at its end."""

    target: ShapeAt
    points: tuple[Point, ...]
    headed: bool


class _End(NamedTuple):
    line: int
    at_end: bool


class _PageNetwork:
    """The lines of one page and what their ends touch."""

    def __init__(self, page: Page) -> None:
        self.shapes, self.lines = page.shapes, page.lines
        self.near = _NEAR + page.slack
        self.touched = {end: self._find_shape(end) for end in self._iterate_ends()}

    def _iterate_ends(self) -> Iterator[_End]:
        for number in range(len(self.lines)):
            yield _End(number, at_end=False)
            yield _End(number, at_end=True)

    def point(self, end: _End) -> Point:
        return self.lines[end.line].points[-1 if end.at_end else 0]

    def has_head(self, end: _End) -> bool:
        line = self.lines[end.line]
        return line.head_at_end if end.at_end else line.head_at_start

    def _find_shape(self, end: _End) -> int | None:
        """The number of the symbol that an end touches: the innermost, or the nearest; None where none is near."""
        line = self.lines[end.line]
        glued = line.end if end.at_end else line.start
        if glued is not None:
            return glued
        point = self.point(end)
        near = [(shape.box.distance(point), n) for n, shape in enumerate(self.shapes)]
        found = min(near, default=(self.near + 1.0, -1))
        if found[0] > self.near:
            return None
        inside = [(n, self.shapes[n].box) for distance, n in near if distance == 0]
        return min(inside, key=lambda one: one[1].width * one[1].height)[0] if inside else found[1]

    def walk(self, shape: int) -> Iterator[tuple[int, tuple[Point, ...], bool]]:
        """The symbols that the lines leaving a symbol lead to, with the way and whether an arrowhead points at them."""
        for end, touched in self.touched.items():
            if touched == shape and not self._comes_in(end):
                yield from self._follow(end, {end.line}, (self.point(end),), shape)

    def _comes_in(self, end: _End) -> bool:
        """Whether the arrow of a line points at this end only: it arrives here."""
        return self.has_head(end) and not self.has_head(_End(end.line, not end.at_end))

    def _follow(
        self, start: _End, passed: set[int], points: tuple[Point, ...], origin: int
    ) -> Iterator[tuple[int, tuple[Point, ...], bool]]:
        """What `walk` yields for one line, followed over joints; ``passed`` are the lines that led here."""
        line = self.lines[start.line]
        along = line.points if not start.at_end else tuple(reversed(line.points))
        end = _End(start.line, not start.at_end)
        points = (*points, *along[1:])
        target = self.touched[end]
        if target is not None:
            if target != origin or len(points) > 3:
                yield target, points, self.has_head(end)
            return
        if len(passed) < _LONGEST:
            for joined in self._find_joints(end, passed):
                yield from self._follow(joined, passed | {joined.line}, points, origin)

    def _find_joints(self, end: _End, passed: set[int]) -> Iterator[_End]:
        """The ends of other lines from which the way goes on where this line ends."""
        point = self.point(end)
        for number, line in enumerate(self.lines):
            if number in passed:
                continue
            ends = (_End(number, at_end=False), _End(number, at_end=True))
            meets = [one for one in ends if dist(self.point(one), point) <= _JOINED]
            if meets:
                yield from (one for one in meets if not self._comes_in(one))
            elif _distance_to_line(point, line) <= _JOINED:
                yield from (_End(number, not one.at_end) for one in ends if self.has_head(one))


def _distance_to_line(point: Point, line: Line) -> float:
    return min(_distance_to_segment(point, a, b) for a, b in pairwise(line.points))


def _distance_to_segment(point: Point, a: Point, b: Point) -> float:
    length = dist(a, b)
    if length == 0:
        return dist(point, a)
    share = ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / length**2
    share = min(1, max(0, share))
    return hypot(point.x - a.x - share * (b.x - a.x), point.y - a.y - share * (b.y - a.y))


def distance_to_way(point: Point, points: Sequence[Point]) -> float:
    """How far a place lies from a way, in the unit of the page."""
    return min(_distance_to_segment(point, a, b) for a, b in pairwise(points))


class Network:
    """The drawn lines of a form over all its pages; pentagons lead from one page to the next."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = pages
        self._networks = [_PageNetwork(page) for page in pages]
        self._pairs = dict(_pair_pages(pages))

    def ways(self, start: ShapeAt) -> list[Way]:
        """The ways that leave a symbol, each once."""
        found: dict[ShapeAt, Way] = {}
        for way in self._walk(start, {start}):
            known = found.get(way.target)
            if known is None or (way.headed and not known.headed):
                found[way.target] = way
        return list(found.values())

    def _walk(self, start: ShapeAt, passed: set[ShapeAt]) -> Iterator[Way]:
        for target, points, headed in self._networks[start.page].walk(start.shape):
            there = ShapeAt(start.page, target)
            shape = self.shape(there)
            if shape.kind != "off_page":
                yield Way(there, points, headed)
                continue
            pair = self._pairs.get(there)
            if pair is not None and pair not in passed:
                for way in self._leave(pair, passed | {there, pair}):
                    yield Way(way.target, points, way.headed)

    def _leave(self, pair: ShapeAt, passed: set[ShapeAt]) -> Iterator[Way]:
        """The ways from a pentagon on; one without lines leads to the symbol that lies nearest."""
        ways = list(self._walk(pair, passed))
        if ways:
            yield from ways
            return
        here = self.shape(pair).box.center
        others = [
            (dist(shape.box.center, here), ShapeAt(pair.page, n))
            for n, shape in enumerate(self._pages[pair.page].shapes)
            if shape.kind != "off_page"
        ]
        if others:
            yield Way(min(others)[1], (here,), headed=False)

    def shape(self, at: ShapeAt) -> Shape:
        """The symbol there."""
        return self._pages[at.page].shapes[at.shape]


def _pair_pages(pages: Sequence[Page]) -> Iterator[tuple[ShapeAt, ShapeAt]]:
    """Pentagons that belong together: those low on a page with those high on the next, from left to right."""
    for n in range(len(pages) - 1):
        leaving, arriving = _list_pentagons(pages, n), _list_pentagons(pages, n + 1)
        low = [at for at in leaving if not _is_high(pages, at)]
        high = [at for at in arriving if _is_high(pages, at)]
        for one, other in _match_pentagons(pages, low, high):
            yield one, other
            yield other, one
    for n in range(len(pages)):
        yield from _pair_on_page(pages, n)


def _pair_on_page(pages: Sequence[Page], n: int) -> Iterator[tuple[ShapeAt, ShapeAt]]:
    """Pentagons on one sheet, where a printed page ends within it: each belongs to the next one below."""
    found = sorted(_list_pentagons(pages, n), key=lambda at: pages[n].shapes[at.shape].box.top)
    lines = pages[n].lines
    reached = {line.end for line in lines if line.head_at_end}
    for one, other in zip(found[::2], found[1::2], strict=False):
        if one.shape in reached:
            yield one, other


def _list_pentagons(pages: Sequence[Page], page: int) -> list[ShapeAt]:
    found = [ShapeAt(page, n) for n, shape in enumerate(pages[page].shapes) if shape.kind == "off_page"]
    return sorted(found, key=lambda at: pages[at.page].shapes[at.shape].box.left)


def _is_high(pages: Sequence[Page], at: ShapeAt) -> bool:
    """Whether a pentagon lies above most other symbols of its page."""
    page = pages[at.page]
    others = [shape.box.center.y for shape in page.shapes if shape.kind != "off_page"]
    here = page.shapes[at.shape].box.center.y
    return sum(y > here for y in others) * 2 > len(others)


def _match_pentagons(
    pages: Sequence[Page], low: list[ShapeAt], high: list[ShapeAt]
) -> Iterator[tuple[ShapeAt, ShapeAt]]:
    """Pairs with the same words in them first, the rest in their order."""
    left = list(high)
    rest = []
    for one in low:
        text = pages[one.page].shapes[one.shape].text.strip()
        same = next(
            (other for other in left if text and pages[other.page].shapes[other.shape].text.strip() == text), None
        )
        if same is None:
            rest.append(one)
        else:
            left.remove(same)
            yield one, same
    yield from zip(rest, left, strict=False)
