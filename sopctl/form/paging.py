"""Which rows come on which page, and which links a page break cuts.

What leads to another page ends in a pentagon at the end of its own page and begins at one with the same letter on the
other: forward from the foot of a page to the head of a later one, back from the head to the foot of an earlier one. All
that leads from one side to the same step shares a letter.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, takewhile

from msgspec import Struct

from sopctl.form.board import Pentagon, needs, slots, strip
from sopctl.form.flow import Flow, Link
from sopctl.form.ports import Side
from sopctl.form.scale import Scale

Key = tuple[tuple[int, ...], Side]
"""What shares a letter: the symbols that are aimed at, and the end of their page from which they are reached."""


class Cut(Struct, frozen=True):
    """One end of a link that is cut: whether it leaves or enters its page, and the place and letter of its pentagon."""

    link: int
    leaves: bool
    strip: Side
    key: Key


class Leaf(Struct, frozen=True, kw_only=True):
    """The rows of a page, the links that lie in it, and those that are cut."""

    rows: range
    inside: tuple[int, ...]
    cuts: tuple[Cut, ...]
    above: int
    below: int


class Paging:
    """Dealing the rows of a flow out to pages; the links in ``apart`` are cut even where they lie on one page."""

    def __init__(self, flow: Flow, scale: Scale, column: int, columns: int, apart: frozenset[int]) -> None:
        self.flow = flow
        self.scale = scale
        self.slots = len(slots(scale, 0, column)) * columns
        self.apart = apart

    def leaves(self, heights: Sequence[int], room: Sequence[int]) -> list[Leaf]:
        """The pages of rows that are this high; ``room`` is what each holds, its last entry for all further ones."""
        found: list[Leaf] = []
        start = 0
        while start < len(heights):
            limit = room[min(len(found), len(room) - 1)]
            fitting = [end for end in _ends(heights, start, limit) if self._height(heights, start, end) <= limit]
            end = max(fitting, default=start + 1)
            found.append(self._leaf(range(start, end)))
            start = end
        return found

    def height(self, row: int, text: int) -> int:
        """The height of a row: what its text and its symbols need."""
        return max(text, sum(needs(self.flow, row, self.scale)))

    def _height(self, heights: Sequence[int], start: int, end: int) -> int:
        rows = sum(heights[start:end])
        leaf = self._leaf(range(start, end))
        return rows + leaf.above + leaf.below

    def _leaf(self, rows: range) -> Leaf:
        inside = tuple(
            number
            for number, link in enumerate(self.flow.links)
            if self._source(link) in rows and self._target(link) in rows and number not in self.apart
        )
        cuts = tuple(self._cuts(rows))
        return Leaf(
            rows=rows,
            inside=inside,
            cuts=cuts,
            above=self._strip(cuts, "top"),
            below=self._strip(cuts, "bottom"),
        )

    def _cuts(self, rows: range) -> Iterator[Cut]:
        for number, link in enumerate(self.flow.links):
            source, target = self._source(link), self._target(link)
            if source in rows and target in rows and number not in self.apart:
                continue
            sides: tuple[Side, Side] = ("bottom", "top") if target > source else ("top", "bottom")
            foot, head = sides
            key: Key = (link.targets, head)
            if source in rows:
                yield Cut(number, leaves=True, strip=foot, key=key)
            if target in rows:
                yield Cut(number, leaves=False, strip=head, key=key)

    def _strip(self, cuts: Sequence[Cut], side: Side) -> int:
        pentagons = len(connectors([cut for cut in cuts if cut.strip == side]))
        return strip(self.scale, -(-pentagons // self.slots))

    def _source(self, link: Link) -> int:
        return self.flow.symbols[link.sources[0]].row

    def _target(self, link: Link) -> int:
        return self.flow.symbols[link.targets[0]].row


def _ends(heights: Sequence[int], start: int, limit: int) -> Iterator[int]:
    """Where a page that begins with this row may end if it holds nothing else than its rows."""
    rows = accumulate(heights[start:])
    return (end for end, _ in enumerate(takewhile(lambda height: height <= limit, rows), start + 1))


def connectors(cuts: Sequence[Cut]) -> dict[int | Key, list[Cut]]:
    """The pentagons of a page: one for each link that leaves, one for each letter that enters."""
    found: dict[int | Key, list[Cut]] = {}
    for cut in cuts:
        found.setdefault(cut.link if cut.leaves else cut.key, []).append(cut)
    return found


def letters(leaves: Sequence[Leaf]) -> dict[Key, str]:
    """The letter of each cut, in the order in which a reader meets them: A to Z, then AA."""
    keys = dict.fromkeys(cut.key for leaf in leaves for cut in leaf.cuts)
    return {key: _letter(number) for number, key in enumerate(keys)}


def pentagon(flow: Flow, cut: Cut, letter: str) -> Pentagon:
    """The connector of a cut, meant for the column of the symbol on its page."""
    link = flow.links[cut.link]
    symbol = flow.symbols[link.sources[0] if cut.leaves else link.targets[0]]
    return Pentagon(letter=letter, strip=cut.strip, column=symbol.column)


def _letter(number: int) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    letter = alphabet[number % len(alphabet)]
    return _letter(number // len(alphabet) - 1) + letter if number >= len(alphabet) else letter
