"""The cheapest way over the lanes from one symbol to another: A*, where a state is a node and how it was entered.

It pays for length, bends, crossings and ports. Of two states that promise alike the later one is looked at first, which
is nearer to the goal; the same page is always drawn alike.
"""

from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count

from sopctl.form.geometry import Point
from sopctl.form.grid import ACROSS, ALONG, HEADINGS, TURN, End, Grid, Path, passing
from sopctl.form.ports import NEVER, OUTWARD

State = tuple[int, int]
"""A node, and the number of the heading in which it was entered."""

_BACK = (2, 3, 0, 1)
"""The heading that is the opposite of each."""


def cheapest(grid: Grid, sources: Sequence[End], targets: Sequence[End]) -> Path | None:
    """The cheapest way from one of the sources to one of the targets, None where there is none."""
    search = _Search(grid, targets)
    return search.run(sources) if search.goals else None


class _Search:
    """One search: the goals, the cheapest price of each state so far, and where each was entered from."""

    def __init__(self, grid: Grid, targets: Sequence[End]) -> None:
        self.grid = grid
        self.goals: dict[int, list[End]] = {}
        for end in targets:
            if (node := grid.beside(end)) is not None:
                self.goals.setdefault(node, []).append(end)
        self.aims = [grid.places[node] for node in self.goals]
        self.best: dict[State, int] = {}
        self.came: dict[State, State | End] = {}
        self.queue: list[tuple[int, int, int, State]] = []
        self.order = count(step=-1)
        self.ahead: dict[int, int] = {}
        self.whole = NEVER
        self.last: tuple[State, End] | None = None

    def run(self, sources: Sequence[End]) -> Path | None:
        for end in sources:
            if (node := self.grid.beside(end)) is not None:
                state = (node, HEADINGS.index(OUTWARD[end.port.side]))
                self._reach(state, end.price + _distance(end.port.point, self.grid.places[node]), end)
        while self.queue and self.queue[0][0] < self.whole:
            _, _, price, state = heappop(self.queue)
            self.grid.effort.spend(1)
            if price == self.best[state]:
                self._arrive(state, price)
                self._go_on(state, price)
        return self._path(*self.last) if self.last else None

    def _go_on(self, state: State, price: int) -> None:
        """Reach the nodes around a state, as far as the ways there are free."""
        grid, (node, heading) = self.grid, state
        width, (x, y) = grid.width, grid.places[node]
        onward = (
            (node + 1, grid.sideways[node]),
            (node + width, grid.down[node]),
            (node - 1, grid.sideways[node - 1]),
            (node - width, grid.down[node - width]),
        )
        for going, (neighbour, shut) in enumerate(onward):
            if shut or going == _BACK[heading]:
                continue
            toll = self._toll(node, heading, going)
            if toll is not None:
                there = grid.places[neighbour]
                self._reach((neighbour, going), price + toll + abs(there[0] - x) + abs(there[1] - y), state)

    def _reach(self, state: State, price: int, before: State | End) -> None:
        if price < self.best.get(state, NEVER):
            self.best[state], self.came[state] = price, before
            heappush(self.queue, (price + self._ahead(state[0]), next(self.order), price, state))

    def _ahead(self, node: int) -> int:
        """What is left to pay from a node at least."""
        if node not in self.ahead:
            x, y = self.grid.places[node]
            self.ahead[node] = min(abs(x - right) + abs(y - down) for right, down in self.aims)
        return self.ahead[node]

    def _arrive(self, state: State, price: int) -> None:
        """See what it costs to end here."""
        node, heading = state
        for end in self.goals.get(node, ()):
            right, down = OUTWARD[end.port.side]
            going = HEADINGS.index((-right, -down))
            toll = None if going == _BACK[heading] else self._toll(node, heading, going)
            if toll is not None:
                stub = _distance(self.grid.places[node], end.port.point)
                tight = self.grid.bend // 2 if going != heading and stub < self.grid.tight else 0
                whole = price + toll + tight + end.price + stub
                if whole < self.whole:
                    self.whole, self.last = whole, (state, end)

    def _toll(self, node: int, coming: int, going: int) -> int | None:
        """What passing a node costs, None where another line is in the way."""
        lying = self.grid.nodes[node]
        if coming != going:
            return None if lying else self.grid.bend
        if not lying:
            return 0
        own = ALONG if going % 2 else ACROSS
        return None if lying & (own | TURN) else self.grid.crossing

    def _path(self, state: State, target: End) -> Path:
        nodes = [state[0]]
        while not isinstance(before := self.came[state], End):
            state = before
            nodes.append(state[0])
        nodes.reverse()
        places = [before.port.point, *(self.grid.places[node] for node in nodes), target.port.point]
        crossed = (self.grid.crossed(*three) for three in zip(places, places[1:], nodes, places[2:], strict=False))
        return Path(
            points=_corners(places),
            source=before.port,
            target=target.port,
            nodes=tuple(nodes),
            price=self.whole - sum(crossed),
        )


def _distance(one: Point, two: Point) -> int:
    return abs(one[0] - two[0]) + abs(one[1] - two[1])


def _corners(places: list[Point]) -> tuple[Point, ...]:
    """The places without those in the middle of a straight line."""
    kept = [places[0]]
    for before, here, after in zip(places, places[1:], places[2:], strict=False):
        if here not in (before, after) and passing(before, here, after) == TURN:
            kept.append(here)
    return (*kept, places[-1])
