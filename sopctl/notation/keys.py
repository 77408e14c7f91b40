"""How the field of a struct declares its YAML key: the one source of reader, faults, JSON Schema and table of keys.

A model says `kegiatan: Annotated[str, Key("Uraian kegiatan seperti tercetak pada formulir.", "kegiatan")]`. The field's
type is what may be written, its default the value of a key that is left out or left empty; `structs` derives the rest.
This module imports little, because everything that works with an SOP loads it.
"""

from typing import ClassVar

from msgspec import Struct


class EntryName(Struct, frozen=True):
    """The name of an entry in a mapping with free keys; an attribute that is marked with it takes that name.

    ``expects`` and ``format`` are as in `Key`.
    """

    expects: str = ""
    format: str = ""


class OtherKeys(Struct, frozen=True):
    """Marks the attribute that takes the texts of keys that no other attribute is read from, for a later check."""


class Key(Struct, frozen=True):
    """The YAML key of a field.

    ``about`` is the Indonesian sentence beside the key in editors, messages and documentation; ``expects`` names what
    is written in messages (`Di sini ditulis …`). ``name`` is the key where it is not the attribute's own name, and
    ``format`` the decoder of a value that its type alone does not describe. ``minimum`` and ``maximum`` bound a number,
    or the count of a list or mapping. ``lone`` allows a value without a list for a list of one, ``short`` this value
    alone for the whole struct. ``entry`` is the name of an entry where the field is a mapping of plain values; with
    ``listed`` a list of names will do, each with a blank value.
    """

    about: str
    expects: str = ""
    name: str = ""
    format: str = ""
    minimum: int | None = None
    maximum: int | None = None
    lone: bool = True
    short: bool = False
    entry: EntryName = EntryName()
    listed: bool = False


class YamlStruct(Struct, frozen=True):
    """A mapping with known keys, each an attribute with a `Key`; ``title`` is its Indonesian name in messages.

    An attribute ``source`` is the place of the mapping in the file.
    """

    title: ClassVar[str]
