"""The flow of an SOP: which symbols stand in which cell, and what leads from one to another.

No place on paper is known here, so that the form, the terminal and other tools draw the same flow. Capsules stand for
the first and last steps. A step that decides keeps its diamond also there; a small capsule `Mulai` or `Selesai` in its
own cell then says what the diamond cannot.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from sopctl.sop.model import END, Branch, Sop, Step

START = "Mulai"
FINISH = "Selesai"

Place = Literal["row", "above", "below"]
"""Where a symbol stands in its cell: in the line of the row's symbols, or above or below a diamond."""


class Symbol(Struct, frozen=True, kw_only=True):
    """One symbol; ``row`` and ``column`` count from 0, ``text`` is empty but for the small capsules."""

    row: int
    column: int
    kind: Literal["capsule", "box", "diamond"]
    place: Place = "row"
    text: str = ""


class Link(Struct, frozen=True, kw_only=True):
    """What leads from one symbol to another, by their numbers; where several are given any of them will do.

    Without ``arrow`` it joins the boxes of those who act together.
    """

    sources: tuple[int, ...]
    targets: tuple[int, ...]
    label: str = ""
    arrow: bool = True


class Flow(Struct, frozen=True):
    """All symbols, row by row, and all links."""

    symbols: tuple[Symbol, ...]
    links: tuple[Link, ...]


class _Exit(Struct, frozen=True):
    """A way out of a row: from which symbol, with which label, to which step or `end`."""

    source: tuple[int, ...]
    label: str
    to: str


def flow(sop: Sop) -> Flow:
    """The symbols and links of an SOP that was read without mistakes."""
    return _Drawing(sop).flow()


class _Drawing:
    """The flow as it grows, row by row."""

    def __init__(self, sop: Sop) -> None:
        self.sop = sop
        self.columns = {key: number for number, key in enumerate(sop.pelaksana)}
        self.symbols: list[Symbol] = []
        self.links: list[Link] = []
        self.entries: dict[str, tuple[int, ...]] = {}
        self.exits: list[tuple[int, _Exit]] = []

    def flow(self) -> Flow:
        for row, step in enumerate(self.sop.steps):
            self._row(row, step)
        for row, way in self.exits:
            targets = self._finish(row, way.source) if way.to == END else self.entries[way.to]
            self.links.append(Link(sources=way.source, targets=targets, label=way.label))
        return Flow(tuple(self.symbols), tuple(self.links))

    def _row(self, row: int, step: Step) -> None:
        first = len(self.symbols)
        numbers = tuple(range(first, first + len(step.pelaksana)))
        diamond = numbers[step.pelaksana.index(step.decides)] if step.branches and step.decides else None
        ways = _ways(self.sop, step, numbers, diamond)
        last = [way for way in ways if _ends(ways, way, diamond)]
        entry = numbers if step.together else numbers[:1]
        capsules = {number for way in last for number in way.source} | set(entry if step.id in self.sop.start else ())
        for number, key in zip(numbers, step.pelaksana, strict=True):
            kind = _kind(diamond=number == diamond, capsule=number in capsules)
            self.symbols.append(Symbol(row=row, column=self.columns[key], kind=kind))
        self.entries[step.id] = entry
        self._inside(step, numbers, diamond)
        if step.id in self.sop.start and entry == (diamond,):
            self._begin(row, entry)
        self.exits += [(row, way) for way in ways if way not in last]

    def _inside(self, step: Step, numbers: tuple[int, ...], diamond: int | None) -> None:
        """What leads from symbol to symbol within the row."""
        if step.together:
            pairs = pairwise(sorted(numbers, key=lambda number: self.symbols[number].column))
            self.links += [Link(sources=(one,), targets=(two,), arrow=False) for one, two in pairs]
            return
        onward = " / ".join(branch.label for branch in step.branches if not self.sop.rejects(step, branch))
        for one, two in pairwise(numbers):
            self.links.append(Link(sources=(one,), targets=(two,), label=onward if one == diamond else ""))

    def _begin(self, row: int, entry: tuple[int, ...]) -> None:
        self.symbols.append(self._small(row, entry[-1], "above", START))
        self.links.append(Link(sources=(len(self.symbols) - 1,), targets=entry))

    def _finish(self, row: int, source: tuple[int, ...]) -> tuple[int, ...]:
        """The small capsule below a symbol; one serves all its exits that end the case."""
        capsule = self._small(row, source[-1], "below", FINISH)
        if capsule not in self.symbols:
            self.symbols.append(capsule)
        return (self.symbols.index(capsule),)

    def _small(self, row: int, beside: int, place: Place, text: str) -> Symbol:
        return Symbol(row=row, column=self.symbols[beside].column, kind="capsule", place=place, text=text)


def _kind(*, diamond: bool, capsule: bool) -> Literal["capsule", "box", "diamond"]:
    if diamond:
        return "diamond"
    return "capsule" if capsule else "box"


def _ends(ways: tuple[_Exit, ...], way: _Exit, diamond: int | None) -> bool:
    """Whether the row's own symbol is the last of the flow: no diamond, and it leads nowhere else."""
    return way.to == END and way.source != (diamond,) and sum(other.source == way.source for other in ways) == 1


def _ways(sop: Sop, step: Step, numbers: tuple[int, ...], diamond: int | None) -> tuple[_Exit, ...]:
    """The ways out of a row; those that turn the work down leave the diamond, the others leave who acts last."""
    if diamond is None:
        return (_Exit(numbers if step.together else numbers[-1:], "", sop.below(step)),)
    return tuple(_branches(sop, step, numbers, diamond))


def _branches(sop: Sop, step: Step, numbers: tuple[int, ...], diamond: int) -> Iterator[_Exit]:
    onward = [branch for branch in step.branches if not sop.rejects(step, branch)]
    for branch in step.branches:
        leaves = numbers[-1] if branch in onward and not step.together else diamond
        yield _Exit((leaves,), _label(branch, onward, at_diamond=leaves == diamond), branch.to)


def _label(branch: Branch, onward: list[Branch], *, at_diamond: bool) -> str:
    """The branch's own word, but for the only way on: that word stands at the diamond already."""
    return branch.label if at_diamond or len(onward) > 1 else ""
