"""The cheapest path over the lanes from one symbol to another: A*, whose states are a node and how it was entered.

The price counts length, bends, crossings and ports. What is left of it is estimated from the distance and the bends
that no way on can do without. Of two states with the same estimate the newer is expanded first, which is nearer to the
goal; the order is fixed, so that the same page is always drawn alike.
"""

from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count

from sopctl.form.geometry import Point
from sopctl.form.lane_grid import HEADINGS, HORIZONTAL, TURN, VERTICAL, GridPath, LaneGrid, PricedPort
from sopctl.form.lane_grid import movement_through as movement
from sopctl.form.ports import NEVER, OUTWARD

_State = tuple[int, int]
"""A node, and the index of the heading in which it was entered."""

_Goal = tuple[int, int, int, int]
"""x and y of a node before the target, the heading in which a path leaves it there, the price from there on."""

Estimates = dict[frozenset[_Goal], dict[_State, int]]
"""What is left of the price at least, by state, for each set of goals."""

_ENDS_PER_STEP = 4
"""How many ends of a path are estimated in the time in which the search looks at one node."""

_OPPOSITE = (2, 3, 0, 1)
"""The opposite of each heading."""


def find_cheapest_path(
    grid: LaneGrid, sources: Sequence[PricedPort], targets: Sequence[PricedPort], estimates: Estimates
) -> GridPath | None:
    """The cheapest path from one of the sources to one of the targets, None where there is none within the limit.

    ``estimates`` are kept for the next search on a page with the same lanes.
    """
    search = _AStar(grid, targets, estimates)
    return search.run(sources) if search.goals else None


def count_least_bends(heading: int, right: int, down: int, going: int) -> int:
    """The bends of any path that begins in a heading and ends so far to the right and down, ``going`` on from there."""
    ahead, aside = (right, down) if heading % 2 == 0 else (down, right)
    if HEADINGS[heading][heading % 2] < 0:
        ahead = -ahead
    if going == heading:
        return (2 if aside else 0) if ahead >= 0 else 4
    if going == _OPPOSITE[heading]:
        return 2 if aside else 4
    along = aside * HEADINGS[going][going % 2]
    return 1 if ahead >= 0 and along >= 0 else 3


class _AStar:
    """One search: the goals by node, the cheapest price of each state so far, and where each was entered from."""

    def __init__(self, grid: LaneGrid, targets: Sequence[PricedPort], estimates: Estimates) -> None:
        self.grid = grid
        self.goals: dict[int, list[PricedPort]] = {}
        for end in targets:
            if (node := grid.entry_node(end)) is not None:
                self.goals.setdefault(node, []).append(end)
        self.ends = frozenset(self._goal(node, end) for node, ends in self.goals.items() for end in ends)
        self.best: dict[_State, int] = {}
        self.entered_from: dict[_State, _State | PricedPort] = {}
        self.queue: list[tuple[int, int, int, _State]] = []
        self.order = count(step=-1)
        self.estimates = estimates.setdefault(self.ends, {})
        self.total = NEVER
        self.last: tuple[_State, PricedPort] | None = None

    def run(self, sources: Sequence[PricedPort]) -> GridPath | None:
        for end in sources:
            if (node := self.grid.entry_node(end)) is not None:
                state = (node, HEADINGS.index(OUTWARD[end.port.side]))
                self._reach(state, end.price + _distance(end.port.point, self.grid.places[node]), end)
        limit = self.grid.limit
        while self.queue and self.queue[0][0] < self.total and limit.left > 0:
            _, _, price, state = heappop(self.queue)
            limit.left -= 1
            if price == self.best[state]:
                self._try_goals(state, price)
                self._expand(state, price)
        return self._path(*self.last) if self.last else None

    def _goal(self, node: int, end: PricedPort) -> _Goal:
        x, y = self.grid.places[node]
        right, down = OUTWARD[end.port.side]
        return x, y, HEADINGS.index((-right, -down)), end.price + _distance((x, y), end.port.point)

    def _expand(self, state: _State, price: int) -> None:
        """Reach the neighbours of a state over the segments that are free."""
        grid, (node, heading) = self.grid, state
        width, (x, y) = grid.width, grid.places[node]
        neighbours = (
            (node + 1, grid.sideways[node]),
            (node + width, grid.down[node]),
            (node - 1, grid.sideways[node - 1]),
            (node - width, grid.down[node - width]),
        )
        for going, (neighbour, blocked) in enumerate(neighbours):
            if blocked or going == _OPPOSITE[heading]:
                continue
            passing = self._passing_price(node, heading, going)
            if passing is not None:
                there = grid.places[neighbour]
                self._reach((neighbour, going), price + passing + abs(there[0] - x) + abs(there[1] - y), state)

    def _reach(self, state: _State, price: int, before: _State | PricedPort) -> None:
        if price < self.best.get(state, NEVER):
            self.best[state], self.entered_from[state] = price, before
            heappush(self.queue, (price + self._estimate(state), next(self.order), price, state))

    def _estimate(self, state: _State) -> int:
        """A lower bound of the price from a state to the end of the path."""
        found = self.estimates.get(state)
        if found is None:
            self.grid.limit.count(len(self.ends) // _ENDS_PER_STEP)
            (x, y), bend = self.grid.places[state[0]], self.grid.bend
            found = self.estimates[state] = min(
                abs(to_x - x) + abs(to_y - y) + rest + bend * count_least_bends(state[1], to_x - x, to_y - y, going)
                for to_x, to_y, going, rest in self.ends
            )
        return found

    def _try_goals(self, state: _State, price: int) -> None:
        """Keep the cheapest end of the path at the ports of this node."""
        node, heading = state
        for end in self.goals.get(node, ()):
            right, down = OUTWARD[end.port.side]
            going = HEADINGS.index((-right, -down))
            passing = None if going == _OPPOSITE[heading] else self._passing_price(node, heading, going)
            if passing is not None:
                stub = _distance(self.grid.places[node], end.port.point)
                tight = self.grid.bend // 2 if going != heading and stub < self.grid.tight else 0
                total = price + passing + tight + end.price + stub
                if total < self.total:
                    self.total, self.last = total, (state, end)

    def _passing_price(self, node: int, coming: int, going: int) -> int | None:
        """The price of passing a node, None where another line is in the way."""
        occupied = self.grid.nodes[node]
        if coming != going:
            return None if occupied else self.grid.bend
        if not occupied:
            return 0
        own = VERTICAL if going % 2 else HORIZONTAL
        return None if occupied & (own | TURN) else self.grid.crossing

    def _path(self, state: _State, target: PricedPort) -> GridPath:
        nodes = [state[0]]
        while not isinstance(before := self.entered_from[state], PricedPort):
            state = before
            nodes.append(state[0])
        nodes.reverse()
        places = [before.port.point, *(self.grid.places[node] for node in nodes), target.port.point]
        turns = [movement(*three) == TURN for three in zip(places, places[1:], places[2:], strict=False)]
        crossed = sum(bool(self.grid.nodes[node]) and not turn for node, turn in zip(nodes, turns, strict=True))
        corners = (place for place, turn in zip(places[1:], turns, strict=False) if turn)
        return GridPath(
            points=(places[0], *corners, places[-1]),
            source=before.port,
            target=target.port,
            nodes=tuple(nodes),
            price=self.total - crossed * self.grid.crossing,
        )


def _distance(one: Point, two: Point) -> int:
    return abs(one[0] - two[0]) + abs(one[1] - two[1])
