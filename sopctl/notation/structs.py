"""The decoder of a `YamlStruct`, derived from what its fields declare: their types, their defaults and their keys."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from types import NoneType, UnionType
from typing import Generic, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin

from msgspec import NODEFAULT, Struct
from msgspec.structs import replace

from sopctl.notation.decoders import Decoder, JsonSchema, ListDecoder, MappingDecoder, ScalarDecoder
from sopctl.notation.faults import Faults, quoted
from sopctl.notation.keys import EntryName, Key, OtherKeys, YamlStruct
from sopctl.notation.nearest import suggestion
from sopctl.notation.node import Mapping as MappingNode
from sopctl.notation.node import Node, Scalar, Sequence
from sopctl.notation.scalars import choice, day, integer, integer_or_text, number, text, yes_no
from sopctl.problems import Source

S_co = TypeVar("S_co", bound=YamlStruct, covariant=True)

Formats = Mapping[str, Callable[[str], Decoder[object]]]
"""Decoders of values that a type alone does not describe, made from what messages call the value (or an empty text)."""

_NAMED = 3

_TEXTS = ListDecoder(text())


class KeyDecoder(Struct, frozen=True):
    """One key of a mapping: its name, the attribute that takes its value, and the decoder of the value.

    A key that is not ``required`` may be left out or left empty. The value of a ``short`` one may be written in place
    of the mapping.
    """

    name: str
    attribute: str
    about: str
    short: bool
    required: bool
    decoder: Decoder[object]

    def schema(self) -> JsonSchema:
        """The schema of the value with the key's sentence; null is a key that is left empty."""
        found = self.decoder.schema()
        return {"description": self.about, **(found if self.required else _or_null(found))}


class StructDecoder(Struct, Generic[S_co], frozen=True):
    """A mapping with known keys, or a lone text where one of the keys may be written without the others.

    ``entry`` is the attribute for the name of the entry that holds the struct; the decoder of the entries sets it.
    ``others`` is the attribute that takes the texts of other keys.
    """

    struct: type[S_co]
    keys: tuple[KeyDecoder, ...]
    entry: str = ""
    others: str = ""

    @property
    def blank(self) -> S_co:
        """The struct as if every required key were blank."""
        return self._build({}, Source("", 1, 1))

    @property
    def expects(self) -> str:
        """The keys that are needed, else the first few."""
        names = self._required or [key.name for key in self.keys[:_NAMED]]
        long = f"{self.struct.title} dengan kunci {', '.join(names)}"
        return f"{self._short.decoder.expects} atau {long}" if self._short else long

    def decode(self, node: Node, faults: Faults) -> S_co:
        """The value of a mapping; unknown, missing and wrong keys go to ``faults``."""
        if isinstance(node, MappingNode):
            return self._build(self._values(node, faults), node.source)
        if self._short and isinstance(node, Scalar):
            return self._build({self._short.attribute: self._short.decoder.decode(node, faults)}, node.source)
        faults.add(node.source, "type", f"Di sini ditulis {self.expects}.")
        return self.blank

    def schema(self) -> JsonSchema:
        """An object without other keys."""
        found: JsonSchema = {
            "type": "object",
            "properties": {key.name: key.schema() for key in self.keys},
            "additionalProperties": _TEXTS.schema() if self.others else False,
            **({"required": self._required} if self._required else {}),
        }
        return {"anyOf": [self._short.decoder.schema(), found]} if self._short else found

    @property
    def _required(self) -> list[str]:
        return [key.name for key in self.keys if key.required]

    @property
    def _short(self) -> KeyDecoder | None:
        return next((key for key in self.keys if key.short), None)

    def _build(self, values: dict[str, object], source: Source) -> S_co:
        """The struct of these values; a required key without one is blank, any other has its default."""
        for key in self.keys:
            if key.required and key.attribute not in values:
                values[key.attribute] = key.decoder.blank
        if self.entry:
            values[self.entry] = ""
        if "source" in self.struct.__struct_fields__:
            values["source"] = source
        return self.struct(**values)

    def _values(self, node: MappingNode, faults: Faults) -> dict[str, object]:
        given = {key.text: value for key, value in node.entries}
        others = self._texts_of_others(node, faults) if self.others else {}
        self._report_unknown(node, others, faults)
        values: dict[str, object] = {self.others: others} if self.others else {}
        for key in self.keys:
            value = given.get(key.name)
            if value is not None and not (isinstance(value, Scalar) and value.empty):
                values[key.attribute] = key.decoder.decode(value, faults)
            elif key.required and value is None:
                message = f"Kunci {quoted(key.name)} belum ada pada {self.struct.title}; tambahkan. {key.about}"
                faults.add(node.source, "missing_key", message)
            elif key.required and value is not None:
                faults.add(value.source, "missing_key", f"Kunci {quoted(key.name)} masih kosong; isi. {key.about}")
        return values

    def _texts_of_others(self, node: MappingNode, faults: Faults) -> dict[str, object]:
        """The texts of the keys that no attribute is read from; a value that is no text stays unknown."""
        known = {key.name for key in self.keys}
        return {
            key.text: () if isinstance(value, Scalar) and value.empty else _TEXTS.decode(value, faults)
            for key, value in node.entries
            if key.text not in known and _is_text(value)
        }

    def _report_unknown(self, node: MappingNode, others: Container[str], faults: Faults) -> None:
        known = [key.name for key in self.keys]
        for key, _ in node.entries:
            if key.text not in known and key.text not in others:
                report_unknown_key(key.text, key.source, known, faults)


def report_unknown_key(key: str, source: Source, known: Iterable[str], faults: Faults) -> None:
    """Add a key that is none of those that are known."""
    if not faults.full:
        known = list(known)
        hint = suggestion(key, known) or f"; yang dikenal di sini: {', '.join(known)}"
        faults.add(source, "unknown_key", f"Kunci {quoted(key)} tidak dikenal{hint}.")


def struct_decoder(struct: type[S_co], formats: Formats) -> StructDecoder[S_co]:
    """The decoder that the fields of a struct declare; KeyError for a type or format that is not known."""
    keys = tuple(
        KeyDecoder(name, field.name, key.about, key.short, field.required, _decoder_of(field.kind, key, formats))
        for name, field, key in _declared_keys(struct)
    )
    entry = _entry_of(struct)
    others = next((field.name for field in _marked_fields(struct) if isinstance(field.mark, OtherKeys)), "")
    return StructDecoder(struct, keys, entry[0] if entry else "", others)


def key_names(struct: type[YamlStruct]) -> tuple[str, ...]:
    """The names of the keys of a struct."""
    return tuple(name for name, _, _ in _declared_keys(struct))


def key_table(struct: type[YamlStruct]) -> str:
    """The keys of a struct as a table in Markdown: name, whether the key is needed, its sentence."""
    rows = [
        f"| `{name}` | {'ya' if field.required else ''} | {key.about} |" for name, field, key in _declared_keys(struct)
    ]
    return "\n".join(["| kunci | wajib | isinya |", "|---|---|---|", *rows]) + "\n"


_PLAIN: dict[object, Callable[[Key], Decoder[object]]] = {
    str: lambda key: text(key.expects or "teks"),
    bool: lambda _: yes_no(),
    date: lambda _: day(),
    int: lambda key: integer(key.minimum or 0, key.maximum or 0, key.expects),
    float: lambda key: number(key.minimum or 0, key.maximum or 0, key.expects),
}


def _decoder_of(kind: object, key: Key, formats: Formats) -> Decoder[object]:
    """The decoder of a type; ``key`` gives what the type leaves open."""
    if kind in _PLAIN:
        return formats[key.format](key.expects) if key.format else _PLAIN[kind](key)
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        options = [arg for arg in args if arg is not NoneType]
        several = formats[key.format](key.expects) if key.format in formats else integer_or_text()
        return several if len(options) > 1 else _decoder_of(options[0], key, formats)
    if origin is dict or (origin is tuple and _entry_of(args[0])):
        name, value = args if origin is dict else (str, args[0])
        return _mapping_decoder(origin, name, value, key, formats)
    if origin is tuple:
        return ListDecoder(_decoder_of(args[0], key, formats), key.lone, key.minimum, key.maximum)
    if origin is Literal:
        return choice(*filter(None, args))
    return formats[key.format](key.expects) if key.format else struct_decoder(cast("type[YamlStruct]", kind), formats)


def _mapping_decoder(container: object, name: object, value: object, key: Key, formats: Formats) -> MappingDecoder:
    """The decoder of free keys; a struct that has a place for its name gets it."""
    attribute, entry = _entry_of(value) or ("", key.entry)
    names = _decoder_of(name, Key("", entry.expects, format=entry.format), formats)
    return MappingDecoder(
        cast("ScalarDecoder[object]", names),
        _decoder_of(value, replace(key, listed=False), formats),
        key.minimum,
        key.maximum,
        partial(_collect, container, attribute),
        key.listed,
    )


def _collect(container: object, attribute: str, found: dict[object, object]) -> object:
    """The values under their names, or in a tuple; with an attribute each value keeps its name there."""
    if attribute:
        found = {name: replace(cast("YamlStruct", value), **{attribute: name}) for name, value in found.items()}
    return found if container is dict else tuple(found.values())


def _entry_of(kind: object) -> tuple[str, EntryName] | None:
    """The attribute of a struct that takes the name of its entry, and the form of that name."""
    if not (isinstance(kind, type) and issubclass(kind, YamlStruct)):
        return None
    marked = ((field.name, field.mark) for field in _marked_fields(kind))
    return next(((name, mark) for name, mark in marked if isinstance(mark, EntryName)), None)


class _MarkedField(NamedTuple):
    """A field with its type, whether it has no default, and what marks it."""

    name: str
    kind: object
    required: bool
    mark: object


@cache
def _marked_fields(struct: type[YamlStruct]) -> tuple[_MarkedField, ...]:
    """The fields whose type is marked (`msgspec.structs.fields` tells the same, at many times the price)."""
    names, defaults = struct.__struct_fields__, struct.__struct_defaults__
    given = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    kinds = {name: struct.__annotations__[name] for name in names}
    return tuple(
        _MarkedField(name, kind.__origin__, given.get(name, NODEFAULT) is NODEFAULT, kind.__metadata__[0])
        for name, kind in kinds.items()
        if hasattr(kind, "__metadata__")
    )


def _declared_keys(struct: type[YamlStruct]) -> Iterator[tuple[str, _MarkedField, Key]]:
    """The fields that are keys, in their order, each with the name of its key."""
    for field in _marked_fields(struct):
        if isinstance(field.mark, Key):
            yield field.mark.name or field.name, field, field.mark


def _is_text(node: Node) -> bool:
    return isinstance(node, Scalar) or (
        isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items)
    )


def _or_null(schema: JsonSchema) -> JsonSchema:
    kind = schema.get("type")
    if "enum" not in schema and isinstance(kind, list):
        return {**schema, "type": [*kind, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
