"""Records: keys that are known by name, each with its shape, its default and a sentence for the schema."""

from collections.abc import Callable
from enum import Enum
from typing import Final, Generic, TypeVar, cast

from msgspec import Struct

from sopctl.notation.faults import Faults, quoted
from sopctl.notation.nearest import suggestion
from sopctl.notation.node import Mapping, Node, Scalar
from sopctl.notation.shape import Schema, Shape
from sopctl.problems import Source

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_NAMED = 3


class Required(Enum):
    """The default of a key that has none."""

    REQUIRED = 0


REQUIRED: Final = Required.REQUIRED


class Key(Struct, Generic[T_co], frozen=True):
    """A key of a record; ``about`` is the Indonesian sentence that editors show beside it.

    A key with a ``default`` may be left out or left empty.
    """

    name: str
    shape: Shape[T_co]
    about: str
    default: T_co | Required = REQUIRED


class Values:
    """What the keys of one record hold, each of its own type: ``values[KEGIATAN]`` is a str."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._values: dict[str, object] = {}

    def __getitem__(self, key: Key[T]) -> T:
        """The value of a key of this record."""
        return cast("T", self._values[key.name])

    def put(self, key: Key[T], value: T) -> None:
        """Set the value of a key."""
        self._values[key.name] = value


class Record(Struct, Generic[T_co], frozen=True):
    """A mapping with known keys; ``build`` makes the value of them and must take every combination of blanks.

    ``name`` says in messages what the record is, e.g. `langkah`.
    """

    name: str
    keys: tuple[Key[object], ...]
    build: Callable[[Values], T_co]

    @property
    def blank(self) -> T_co:
        """The record as if every required key were blank."""
        return self.build(self._values(Mapping(Source("", 1, 1), ()), Faults()))

    @property
    def expects(self) -> str:
        """The keys that are needed, else the first few."""
        needed = [key.name for key in self.keys if key.default is REQUIRED]
        names = needed or [key.name for key in self.keys[:_NAMED]]
        return f"{self.name} dengan kunci {', '.join(names)}"

    def decode(self, node: Node, faults: Faults) -> T_co:
        """The value of a mapping; unknown, missing and wrong keys go to ``faults``."""
        if not isinstance(node, Mapping):
            faults.add(node.source, "type", f"Di sini ditulis {self.expects}.")
            return self.blank
        return self.build(self._values(node, faults))

    def schema(self) -> Schema:
        """An object without other keys."""
        found: Schema = {
            "type": "object",
            "properties": {key.name: _described(key) for key in self.keys},
            "additionalProperties": False,
        }
        if needed := [key.name for key in self.keys if key.default is REQUIRED]:
            found["required"] = needed
        return found

    def _values(self, node: Mapping, faults: Faults) -> Values:
        given = {key.text: value for key, value in node.entries}
        self._report_unknown(node, faults)
        values = Values(node.source)
        for key in self.keys:
            values.put(key, self._value(key, given.get(key.name), node, faults))
        return values

    def _value(self, key: Key[T], given: Node | None, record: Mapping, faults: Faults) -> T:
        if given is not None and not (isinstance(given, Scalar) and given.empty):
            return key.shape.decode(given, faults)
        if not isinstance(key.default, Required):
            return key.default
        if given is None:
            message = f"Kunci {quoted(key.name)} belum ada pada {self.name}; tambahkan. {key.about}"
            faults.add(record.source, "missing_key", message)
        else:
            faults.add(given.source, "missing_key", f"Kunci {quoted(key.name)} masih kosong; isi. {key.about}")
        return key.shape.blank

    def _report_unknown(self, node: Mapping, faults: Faults) -> None:
        known = [key.name for key in self.keys]
        for key, _ in node.entries:
            if key.text not in known and not faults.full:
                faults.add(
                    key.source, "unknown_key", f"Kunci {quoted(key.text)} tidak dikenal{_instead(key.text, known)}."
                )


def _instead(word: str, known: list[str]) -> str:
    return suggestion(word, known) or f"; yang dikenal di sini: {', '.join(known)}"


def _described(key: Key[object]) -> Schema:
    """The schema of a key: a key that may be left out may also be left empty."""
    found = key.shape.schema()
    if key.default is not REQUIRED:
        found = _or_nothing(found)
    return {"description": key.about, **found}


def _or_nothing(schema: Schema) -> Schema:
    kind = schema.get("type")
    if "enum" not in schema and isinstance(kind, list):
        return {**schema, "type": [*kind, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
