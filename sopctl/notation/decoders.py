"""Decoders: what is accepted at a place in a file, for the reader and for the JSON Schema.

A decoder always returns a value, so that one mistake does not hide the next: the mistake goes to the `Faults` and the
decoder's `blank` takes the place of the value. Values are therefore valid only if no mistake was added.
"""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from sopctl.notation.faults import Faults, quoted
from sopctl.notation.node import Mapping, Node, Scalar, Sequence

JsonSchema = dict[str, object]
"""A JSON Schema (2020-12), or a part of one."""

T_co = TypeVar("T_co", covariant=True)


class Invalid(Struct, frozen=True):
    """What is wrong with a text, in Indonesian, and what to write instead."""

    message: str
    code: str = "value"


class Decoder(Protocol[T_co]):
    """What is accepted at a place, and the value it becomes."""

    @property
    def blank(self) -> T_co:
        """The value where the file has none that can be read."""

    @property
    def expects(self) -> str:
        """The Indonesian name of what is accepted, for `Di sini ditulis …`."""

    def decode(self, node: Node, faults: Faults) -> T_co:
        """The value of a node; every mistake in it goes to ``faults``."""

    def schema(self) -> JsonSchema:
        """The JSON Schema of what is accepted."""


class ScalarDecoder(Struct, Generic[T_co], frozen=True, kw_only=True):
    """A single text, parsed to a value.

    ``parse`` gets the text without the space around it, never an empty one. With ``keep`` an invalid
    text is its own value, so that references to it are not reported as well.
    """

    parse: Callable[[str], T_co | Invalid]
    blank: T_co
    expects: str
    form: JsonSchema
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
        return self.parse_scalar(node, faults)

    def parse_scalar(self, node: Scalar, faults: Faults) -> T_co:
        """The parsed text of a scalar."""
        text = node.text.strip()
        parsed = self.parse(text)
        if isinstance(parsed, Invalid):
            faults.add(node.source, parsed.code, parsed.message)
            return self.keep(text) if self.keep else self.blank
        return parsed

    def schema(self) -> JsonSchema:
        """The form as given."""
        return dict(self.form)


class ListDecoder(Struct, Generic[T_co], frozen=True):
    """A list of values of one kind; with ``lone`` a value that is no list is taken for a list of one."""

    item: Decoder[T_co]
    lone: bool = True
    minimum: int | None = None
    maximum: int | None = None

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
            if len(node.items) < (self.minimum or 0):
                faults.add(node.source, "value", f"Daftar ini kurang isi. Di sini ditulis {self.expects}.")
            _report_too_many(node.items, self.maximum, faults)
            return tuple(self.item.decode(item, faults) for item in node.items if not faults.full)
        if self.lone:
            return (self.item.decode(node, faults),)
        faults.add(node.source, "type", f'Di sini ditulis {self.expects}: awali tiap isi dengan "- ".')
        return ()

    def schema(self) -> JsonSchema:
        """An array, or one item of it."""
        item = self.item.schema()
        array = {"type": "array", "items": item, **_bounds("minItems", self.minimum, "maxItems", self.maximum)}
        return {"anyOf": [item, array]} if self.lone else array


class MappingDecoder(Struct, frozen=True):
    """Free keys of one form, each with a value of one kind, in the order of the file.

    ``collect`` makes the decoder's value of the values under their keys. With ``listed`` a list of keys will do, each
    with a blank value.
    """

    key: ScalarDecoder[object]
    value: Decoder[object]
    minimum: int | None = None
    maximum: int | None = None
    collect: Callable[[dict[object, object]], object] = dict
    listed: bool = False

    @property
    def blank(self) -> object:
        """No keys."""
        return self.collect({})

    @property
    def expects(self) -> str:
        """Keys and values."""
        pairs = f'"kunci: nilai" dengan {self.key.expects} sebagai kunci'
        return f"daftar berisi {self.key.expects}, atau {pairs}" if self.listed else pairs

    def decode(self, node: Node, faults: Faults) -> object:
        """The values under their keys."""
        if self.listed and not isinstance(node, Mapping):
            return self._decode_names(ListDecoder(self.key).decode(node, faults), node, faults)
        if not isinstance(node, Mapping):
            faults.add(node.source, "type", f"Di sini ditulis {self.expects}.")
            return self.blank
        if len(node.entries) < (self.minimum or 0):
            faults.add(node.source, "value", f"Bagian ini kurang isi. Di sini ditulis {self.expects}.")
        _report_too_many([key for key, _ in node.entries], self.maximum, faults)
        found: dict[object, object] = {}
        for key, value in node.entries:
            if faults.full:
                break
            name = self._decode_key(key, faults)
            if name in found:
                faults.add(key.source, "duplicate_key", f"Kunci {quoted(key.text)} sudah ada. Hapus salah satu.")
            found.setdefault(name, self.value.decode(value, faults))
        return self.collect(found)

    def _decode_names(self, names: tuple[object, ...], node: Node, faults: Faults) -> object:
        """The keys of a list, each with the same value."""
        for index, name in enumerate(names):
            if name in names[:index] and isinstance(node, Sequence):
                source = node.items[index].source
                faults.add(source, "repeated", f"Isi {quoted(str(name))} sudah tertulis. Ganti atau hapus salah satu.")
        return self.collect(dict.fromkeys(names, self.value.blank))

    def _decode_key(self, node: Scalar, faults: Faults) -> object:
        if not node.text.strip():
            faults.add(node.source, "key", f"Nama kunci ini kosong. Di sini ditulis {self.key.expects}.")
            return self.key.blank
        return self.key.parse_scalar(node, faults)

    def schema(self) -> JsonSchema:
        """An object; the names are checked where their form has a pattern."""
        names = {rule: self.key.form[rule] for rule in ("pattern", "maxLength") if rule in self.key.form}
        found: JsonSchema = {
            "type": "object",
            "additionalProperties": self.value.schema(),
            **({"propertyNames": names} if names else {}),
            **_bounds("minProperties", self.minimum, "maxProperties", self.maximum),
        }
        return {"anyOf": [ListDecoder(self.key).schema(), found]} if self.listed else found


def _bounds(least: str, minimum: int | None, most: str, maximum: int | None) -> JsonSchema:
    """Those bounds that there are, under the names that the schema has for them."""
    return {name: bound for name, bound in ((least, minimum), (most, maximum)) if bound is not None}


def _report_too_many(nodes: "tuple[Node, ...] | list[Scalar]", maximum: int | None, faults: Faults) -> None:
    if maximum is not None and len(nodes) > maximum:
        message = (
            f"Di sini paling banyak {maximum} isi, padahal ada {len(nodes)}. Pecah menjadi beberapa bagian, atau "
            "beberapa SOP."
        )
        faults.add(nodes[maximum].source, "value", message)


def must_be(expects: str, text: str) -> Invalid:
    """A complaint that names what was written and what is accepted."""
    return Invalid(f"{quoted(text)} tidak dapat dipakai. Di sini ditulis {expects}.")
