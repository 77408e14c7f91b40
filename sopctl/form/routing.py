"""Routes the lines of a page one after the other, each on the cheapest path that those before it leave.

The first lines have the widest choice, so several orders are tried. Where a line or its label finds no room it comes
first in another attempt. Then lines are ripped up and rerouted, now that all others are there: of the cheapest page
first, for as many search steps as the page has room for lines, so that twice the rows take twice the time.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations

from msgspec import Struct

from sopctl.form.astar import Estimates, find_cheapest_path
from sopctl.form.dimensions import Dimensions
from sopctl.form.labels import LabelSpace, LabelText, PlacedLabel, place_label, segments_of
from sopctl.form.lane_grid import GridPath, LaneGrid, PricedPort
from sopctl.form.placement import Connection, UnroutedPage
from sopctl.form.ports import entering_prices, joining_prices, leaving_prices, ports_of
from sopctl.form.search_limit import SearchLimit

_ATTEMPTS = 4
_ROUNDS = 3

_MANY = 30
"""Lines from which a page (the one endless page of a terminal) is routed in one order, improved line by line only."""

_STEPS_PER_LINE = 1_200
"""Search steps of improving a page, for each of its lines."""

_STEPS_PER_SYMBOL = 2
"""Search steps that blocking the lanes around a symbol takes."""

_NO_LABEL, _NO_LINE = 100_000, 1_000_000
"""The price of a label or a line that has no room: more than any detour."""

LabelVariants = Callable[[str], Sequence[LabelText]]
"""The ways in which a label may be broken into lines."""


class RoutedConnection(Struct, frozen=True):
    """A connection as routed; it is ``complete`` where there was room for its line and its label."""

    path: GridPath | None
    label: PlacedLabel | None
    price: int
    complete: bool


class PageRouter:
    """Routes the connections of one page."""

    def __init__(
        self, page: UnroutedPage, dimensions: Dimensions, label_variants: LabelVariants, limit: SearchLimit
    ) -> None:
        self.page = page
        self.dimensions = dimensions
        self.label_variants = label_variants
        self.limit = limit
        self.ports = [
            tuple(port for port in ports_of(number, symbol, dimensions) if (number, port.side) not in page.shut)
            for number, symbol in enumerate(page.symbols)
        ]
        rows = [band.top for band in page.bands[1:]]
        self.label_space = LabelSpace(page.area, [symbol.frame for symbol in page.symbols], page.borders[1:-1], rows)
        self.lone_prices: list[int] = []
        self.estimates: Estimates = {}
        self.improve_until = 0

    def run(self) -> tuple[RoutedConnection, ...]:
        """Every connection of the page as it is routed, in the page's order."""
        numbers, empty = range(len(self.page.connections)), _Attempt(self)
        self.lone_prices = [empty.route(number).price for number in numbers]
        drafts = {draft.price(): draft for draft in self._drafts()}
        self.improve_until = self.limit.spent + _STEPS_PER_LINE * len(numbers)
        for _, draft in sorted(drafts.items()):
            if not draft.incomplete():
                draft.improve()
            if draft.is_optimal():
                break
        best = min(drafts.values(), key=_Attempt.price)
        return tuple(best.routed[number] for number in numbers)

    def route_over_others(self, routed: Sequence[RoutedConnection]) -> tuple[RoutedConnection, ...]:
        """The connections of a page, those without room on the lines of others; without a label where none has room."""
        self.limit = SearchLimit()
        attempt = _Attempt(self)
        for number, one in enumerate(routed):
            if one.complete:
                attempt.add_beneath(number, one)
        for number in range(len(routed)):
            if number not in attempt.routed:
                attempt.add_beneath(number, attempt.route(number))
        return tuple(attempt.routed[number] for number in range(len(routed)))

    @property
    def improves(self) -> bool:
        """Whether the search may still look for a cheaper page, not only for one that holds every line."""
        return not self.limit.low and self.limit.spent < self.improve_until

    def _drafts(self) -> Iterator["_Attempt"]:
        """The page routed in one order after the other, until nothing could be better."""
        for order in self._orders():
            draft = self._first_complete(order)
            draft.complete()
            yield draft
            if draft.is_optimal() or len(self.page.connections) > _MANY or self.limit.low:
                return

    def _first_complete(self, order: list[int]) -> "_Attempt":
        """The lines routed in this order; what then has no room comes first in another attempt."""
        best = attempt = _Attempt(self, order)
        for _ in range(_ATTEMPTS):
            incomplete = attempt.incomplete()
            if not incomplete or self.limit.exhausted:
                return attempt
            order = incomplete + [number for number in order if number not in incomplete]
            attempt = _Attempt(self, order)
            best = min(best, attempt, key=_Attempt.price)
        return best

    def _orders(self) -> Iterator[list[int]]:
        """Orders that have little in common: forward or back first, the short or the long first."""
        connections = self.page.connections
        short = sorted(range(len(connections)), key=self._length)
        yield sorted(short, key=lambda number: connections[number].back)
        yield sorted(short, key=lambda number: not connections[number].back)
        yield short
        yield short[::-1]

    def _length(self, number: int) -> int:
        connection = self.page.connections[number]
        (x, y), (to_x, to_y) = (
            self.page.symbols[ends[0]].frame.center for ends in (connection.sources, connection.targets)
        )
        return abs(to_y - y) + abs(to_x - x)


class _Attempt:
    """The grid of the page with what was routed so far, in the order of ``numbers``."""

    def __init__(self, router: PageRouter, numbers: Sequence[int] = ()) -> None:
        self.router = router
        self.page, self.dimensions = router.page, router.dimensions
        self.grid = LaneGrid(self.page.xs, self.page.ys, self.dimensions, router.limit)
        router.limit.count(_STEPS_PER_SYMBOL * len(self.page.symbols))
        for symbol in self.page.symbols:
            self.grid.block_symbol(symbol.frame.expanded(self.dimensions.clear))
        self.routed: dict[int, RoutedConnection] = {}
        for number in numbers:
            self._add(number, self.route(number))

    def price(self) -> int:
        """The price of the page, to compare with another attempt."""
        return self.grid.crossings_price() + sum(routed.price for routed in self.routed.values())

    def incomplete(self) -> list[int]:
        """The connections that have no room for line or label."""
        return [number for number, routed in sorted(self.routed.items()) if not routed.complete]

    def complete(self) -> None:
        """Make room for what is incomplete: reroute it together with each line that ends at the same symbol."""
        for number in self.incomplete():
            if self.router.limit.exhausted:
                return
            for other in list(self.routed):
                if self.routed[number].complete:
                    break
                if other != number and self._share_symbol(number, other):
                    self._reroute((number, other))

    def improve(self) -> None:
        """Reroute lines, alone or two that end at one symbol, as long as the page gets cheaper."""
        order = list(self.routed)
        groups: list[tuple[int, ...]] = [(number,) for number in order]
        if len(order) <= _MANY:
            groups += [pair for pair in permutations(order, 2) if self._share_symbol(*pair)]
        tried: dict[tuple[int, ...], int] = {}
        changes = 0
        for group in groups * _ROUNDS:
            if not self.router.improves or tried.get(group) == changes:
                break
            tried[group] = changes
            if not all(map(self._is_optimal, group)):
                changes += self._reroute(group)

    def is_optimal(self) -> bool:
        """Whether every line is routed as if it were alone on the page."""
        return all(map(self._is_optimal, self.routed))

    def route(self, number: int) -> RoutedConnection:
        """The cheapest route of a connection between those that are there; it is not added."""
        connection, path = self.page.connections[number], None
        if not self.router.limit.exhausted:
            sources, targets = (self._ports(connection, leaving=leaving) for leaving in (True, False))
            path = find_cheapest_path(self.grid, sources, targets, self.router.estimates)
        if path is None:
            return RoutedConnection(None, None, _NO_LINE, complete=False)
        if not connection.label:
            return RoutedConnection(path, None, path.price, complete=True)
        label = self._place_label(connection.label, path)
        price = path.price + (label.price if label else _NO_LABEL)
        return RoutedConnection(path, label, price, complete=label is not None)

    def _is_optimal(self, number: int) -> bool:
        routed = self.routed[number]
        cheapest = routed.price <= self.router.lone_prices[number]
        return cheapest and routed.path is not None and not self.grid.crosses(routed.path)

    def _share_symbol(self, one: int, two: int) -> bool:
        first, second = self.page.connections[one], self.page.connections[two]
        return bool({*first.sources, *first.targets} & {*second.sources, *second.targets})

    def _reroute(self, group: tuple[int, ...]) -> bool:
        """Rip up some lines and route them again; whether the page got cheaper, else they are as before."""
        before, price = [self.routed[number] for number in group], self.price()
        for number in group:
            self._remove(number)
        for number in group:
            self._add(number, self.route(number))
        if self.price() < price:
            return True
        for number in group:
            self._remove(number)
        for number, routed in zip(group, before, strict=True):
            self._add(number, routed)
        return False

    def add_beneath(self, number: int, routed: RoutedConnection) -> None:
        """Add a connection whose line others may lie on, but not on its label."""
        self.routed[number] = routed
        if routed.label:
            self.grid.block_label(routed.label.frame)

    def _add(self, number: int, routed: RoutedConnection) -> None:
        self.add_beneath(number, routed)
        if routed.path:
            self.grid.occupy(routed.path)

    def _remove(self, number: int) -> None:
        routed = self.routed.pop(number)
        if routed.path:
            self.grid.release(routed.path)
        if routed.label:
            self.grid.unblock_label(routed.label.frame)

    def _place_label(self, label: str, path: GridPath) -> PlacedLabel | None:
        others = [one for one in self.routed.values() if one.path]
        lines = [segment for one in others if one.path for segment in segments_of(one.path.points)]
        lines += [one.label.frame for one in others if one.label]
        self.router.limit.count(len(self.page.symbols) + len(lines))
        variants, gap = self.router.label_variants(label), self.dimensions.label_gap
        return place_label(path.points, variants, gap, self.router.label_space, lines)

    def _ports(self, connection: Connection, *, leaving: bool) -> list[PricedPort]:
        """The ports at which a connection may begin (``leaving``) or end, with their prices."""
        page, bend = self.page, self.dimensions.bend
        found = []
        for number in connection.sources if leaving else connection.targets:
            kind, strip = page.symbols[number].kind, page.strips[number]
            if not connection.arrow:
                source, target = (page.symbols[ends[0]].frame for ends in (connection.sources, connection.targets))
                prices = joining_prices(right=(source.left < target.left) == leaving)
            elif leaving:
                prices = leaving_prices(kind, strip)
            else:
                prices = entering_prices(kind, strip, back=connection.back)
            found += [PricedPort(port, prices.of(port, bend)) for port in self.router.ports[number]]
        return found
