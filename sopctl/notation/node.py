"""A YAML file as nodes: every value is text with its place, and nothing is guessed from how it looks.

PyYAML alone would read `waktu: 8:00` as 480 and `nomor: 1.10` as 1.1; here a value keeps the letters it was typed in.
"""

from msgspec import Struct

from sopctl.problems import Source

_NOTHING = frozenset({"~", "null"})


class Scalar(Struct, frozen=True):
    """A value without parts; ``plain`` is true where it was typed without quotes."""

    source: Source
    text: str
    plain: bool = True

    @property
    def empty(self) -> bool:
        """Whether nothing but space was typed (`waktu:`), or YAML's own words for nothing."""
        return not self.text.strip() or (self.plain and self.text in _NOTHING)


class Sequence(Struct, frozen=True):
    """A list of values, in their order."""

    source: Source
    items: tuple["Node", ...]


class Mapping(Struct, frozen=True):
    """Keys with their values, in the order of the file; no key occurs twice."""

    source: Source
    entries: tuple[tuple[Scalar, "Node"], ...]


Node = Scalar | Sequence | Mapping


def locate_value(node: Node, *path: str | int) -> Source:
    """The place of the value at ``path`` (keys by name, list items by position from 0).

    Where the path goes further than the file, it is the place of the last value on it: a lone text may be a list of
    one, and a mistake in a missing key belongs to its mapping.
    """
    for part in path:
        inner = _child(node, part)
        if inner is None:
            break
        node = inner
    return node.source


def locate_key(node: Node, *path: str | int) -> Source:
    """The place of the last key of ``path``; as `locate_value` where there is no such key."""
    *outer, last = path
    for part in outer:
        node = _child(node, part) or node
    keys = (key for key, _ in node.entries) if isinstance(node, Mapping) else iter(())
    return next((key.source for key in keys if key.text == last), node.source)


def _child(node: Node, part: str | int) -> Node | None:
    if isinstance(node, Mapping):
        return next((value for key, value in node.entries if key.text == part), None)
    if isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
        return node.items[part]
    return None
