"""Shapes: what may stand at a place in a file, said once, for the reader and for the JSON Schema alike.

A shape always gives a value, so that one mistake does not hide the next: where the file is wrong, the mistake goes to
the `Faults` and the shape's `blank` stands in. Values are therefore good only while no mistake was added.
"""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from sopctl.notation.faults import Faults, quoted
from sopctl.notation.node import Mapping, Node, Scalar, Sequence

Schema = dict[str, object]
"""A JSON Schema (2020-12), or a part of one."""

T_co = TypeVar("T_co", covariant=True)
K = TypeVar("K")
V = TypeVar("V")


class Wrong(Struct, frozen=True):
    """What is wrong with a text, in Indonesian, and what to write instead."""

    message: str
    code: str = "value"


class Shape(Protocol[T_co]):
    """What may stand at a place, and the value it becomes."""

    @property
    def blank(self) -> T_co:
        """What stands in for a value that cannot be read."""

    @property
    def expects(self) -> str:
        """What is written here, for `Di sini ditulis …`."""

    def decode(self, node: Node, faults: Faults) -> T_co:
        """The value of a node; every mistake in it goes to ``faults``."""

    def schema(self) -> Schema:
        """The JSON Schema of what is accepted."""


class Leaf(Struct, Generic[T_co], frozen=True, kw_only=True):
    """A single text, and what it says.

    ``parse`` gets the text without the space around it, never an empty one. ``keep`` makes a wrong text stand in for
    itself, so that what refers to it is not called wrong too.
    """

    parse: Callable[[str], T_co | Wrong]
    blank: T_co
    expects: str
    form: Schema
    keep: Callable[[str], T_co] | None = None

    def decode(self, node: Node, faults: Faults) -> T_co:
        """The value of a scalar."""
        if not isinstance(node, Scalar):
            kind = "daftar" if isinstance(node, Sequence) else "kunci-kunci"
            faults.add(node.source, "type", f"Di sini ditulis {self.expects}, bukan {kind}.")
            return self.blank
        if node.empty:
            faults.add(node.source, "value", f"Nilai ini masih kosong. Di sini ditulis {self.expects}.")
            return self.blank
        return self.value(node, faults)

    def value(self, node: Scalar, faults: Faults) -> T_co:
        """What the text of a scalar says."""
        text = node.text.strip()
        parsed = self.parse(text)
        if isinstance(parsed, Wrong):
            faults.add(node.source, parsed.code, parsed.message)
            return self.keep(text) if self.keep else self.blank
        return parsed

    def schema(self) -> Schema:
        """The form as given."""
        return dict(self.form)


class Many(Struct, Generic[T_co], frozen=True):
    """A list of one shape; with ``lone`` a value that is no list stands for a list of one."""

    item: Shape[T_co]
    lone: bool = True
    at_least: int = 0
    at_most: int | None = None

    @property
    def blank(self) -> tuple[T_co, ...]:
        """No values."""
        return ()

    @property
    def expects(self) -> str:
        """A list."""
        return f"daftar berisi {self.item.expects}"

    def decode(self, node: Node, faults: Faults) -> tuple[T_co, ...]:
        """The values in their order."""
        if isinstance(node, Sequence):
            if len(node.items) < self.at_least:
                faults.add(node.source, "value", f"Daftar ini kurang isi. Di sini ditulis {self.expects}.")
            if self.at_most is not None and len(node.items) > self.at_most:
                faults.add(node.items[self.at_most].source, "value", _too_many(len(node.items), self.at_most))
            return tuple(self.item.decode(item, faults) for item in node.items if not faults.full)
        if self.lone:
            return (self.item.decode(node, faults),)
        faults.add(node.source, "type", f'Di sini ditulis {self.expects}: awali tiap isi dengan "- ".')
        return ()

    def schema(self) -> Schema:
        """An array, or one item of it."""
        item = self.item.schema()
        array: Schema = {"type": "array", "items": item}
        if self.at_least:
            array["minItems"] = self.at_least
        if self.at_most is not None:
            array["maxItems"] = self.at_most
        return {"anyOf": [item, array]} if self.lone else array


class Either(Struct, Generic[T_co], frozen=True):
    """A single text in the short way of writing, or keys in the long one."""

    short: Shape[T_co]
    long: Shape[T_co]

    @property
    def blank(self) -> T_co:
        """As in the short way."""
        return self.short.blank

    @property
    def expects(self) -> str:
        """Both ways."""
        return f"{self.short.expects} atau {self.long.expects}"

    def decode(self, node: Node, faults: Faults) -> T_co:
        """The value, whichever way it was written."""
        shape = self.short if isinstance(node, Scalar) else self.long
        return shape.decode(node, faults)

    def schema(self) -> Schema:
        """Both ways."""
        return {"anyOf": [self.short.schema(), self.long.schema()]}


class Mapped(Struct, Generic[V, T_co], frozen=True):
    """A shape whose value becomes another; ``to`` must take every value of it."""

    shape: Shape[V]
    to: Callable[[V], T_co]

    @property
    def blank(self) -> T_co:
        """What the inner blank becomes."""
        return self.to(self.shape.blank)

    @property
    def expects(self) -> str:
        """As the inner shape."""
        return self.shape.expects

    def decode(self, node: Node, faults: Faults) -> T_co:
        """What the inner value becomes."""
        return self.to(self.shape.decode(node, faults))

    def schema(self) -> Schema:
        """As the inner shape."""
        return self.shape.schema()


class MapOf(Struct, Generic[K, V], frozen=True):
    """Free keys of one form, each with a value of one shape, in the order of the file."""

    key: Leaf[K]
    value: Shape[V]
    at_least: int = 0
    at_most: int | None = None

    @property
    def blank(self) -> dict[K, V]:
        """No keys."""
        return {}

    @property
    def expects(self) -> str:
        """Keys and values."""
        return f'"kunci: nilai" dengan {self.key.expects} sebagai kunci'

    def decode(self, node: Node, faults: Faults) -> dict[K, V]:
        """The values under their keys."""
        if not isinstance(node, Mapping):
            faults.add(node.source, "type", f"Di sini ditulis {self.expects}.")
            return {}
        if len(node.entries) < self.at_least:
            faults.add(node.source, "value", f"Bagian ini kurang isi. Di sini ditulis {self.expects}.")
        if self.at_most is not None and len(node.entries) > self.at_most:
            faults.add(node.entries[self.at_most][0].source, "value", _too_many(len(node.entries), self.at_most))
        found: dict[K, V] = {}
        for key, value in node.entries:
            if faults.full:
                break
            name = self._key(key, faults)
            if name in found:
                faults.add(key.source, "duplicate_key", f"Kunci {quoted(key.text)} sudah ada. Hapus salah satu.")
            found.setdefault(name, self.value.decode(value, faults))
        return found

    def _key(self, node: Scalar, faults: Faults) -> K:
        if not node.text.strip():
            faults.add(node.source, "key", f"Nama kunci ini kosong. Di sini ditulis {self.key.expects}.")
            return self.key.blank
        return self.key.value(node, faults)

    def schema(self) -> Schema:
        """An object; the names are checked where their form has a pattern."""
        found: Schema = {"type": "object", "additionalProperties": self.value.schema()}
        if names := {rule: self.key.form[rule] for rule in ("pattern", "maxLength") if rule in self.key.form}:
            found["propertyNames"] = names
        if self.at_least:
            found["minProperties"] = self.at_least
        if self.at_most is not None:
            found["maxProperties"] = self.at_most
        return found


def _too_many(found: int, most: int) -> str:
    return f"Di sini paling banyak {most} isi, padahal ada {found}. Pecah menjadi beberapa bagian, atau beberapa SOP."


def must_be(expects: str, text: str) -> Wrong:
    """The plainest complaint: what was written, and what is written here."""
    return Wrong(f"{quoted(text)} tidak dapat dipakai. Di sini ditulis {expects}.")
