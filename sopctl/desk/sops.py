"""`list`, `show` and `schema`: the SOPs of the workspace, one as a program reads it, and how programs read files."""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.engine.instance import Instance
from sopctl.form.columns import with_columns_of_office
from sopctl.office.decode import office_schema
from sopctl.problems import errors_of
from sopctl.sop.model import Sop
from sopctl.sop.schema import sop_schema
from sopctl.store.library import Library, SopFile


class SopSummary(Struct, frozen=True, kw_only=True):
    """One SOP in the list; ``nama`` is empty where the file cannot be read, ``mistakes`` counts what stops a start."""

    id: str
    nama: str
    steps: int
    pelaksana: tuple[str, ...]
    mistakes: int


def read_form(session: Session, id: str) -> Sop:
    """An SOP with the columns of its form, those of the office too."""
    return with_columns_of_office(session.library.read_sop(id), session.office.columns)


def list_sops(library: Library) -> tuple[SopSummary, ...]:
    """Every SOP of the workspace, those with mistakes too."""
    return tuple(_summary(library.read_file(id), id) for id in library.list_ids())


def _summary(source: SopFile, id: str) -> SopSummary:
    sop = source.sop
    return SopSummary(
        id=id,
        nama=sop.nama if sop else "",
        steps=len(sop.steps) if sop else 0,
        pelaksana=tuple(sop.pelaksana.values()) if sop else (),
        mistakes=len(errors_of(source.problems)),
    )


def encode_sop(sop: Sop) -> dict[str, Any]:
    """The SOP as programs read it: the columns of a table by name, their types beside them; an output as a text."""
    found: dict[str, Any] = msgspec.to_builtins(sop)
    for field in found["fields"].values():
        field["column_types"] = [column["type"] for column in field["columns"]]
        field["columns"] = [column["name"] for column in field["columns"]]
    for step in found["steps"]:
        step["outputs"] = step["output"]
        step["output"] = "\n".join(step["outputs"])
    return found


def schema(kind: Literal["sop", "office", "instance"]) -> dict[str, object]:
    """The JSON Schema of an SOP file, of `sopctl.yaml`, or of a stored case."""
    if kind == "sop":
        return sop_schema()
    if kind == "office":
        return office_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Instance)}
