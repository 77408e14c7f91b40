"""`schema`: the JSON Schemas that editors and other programs use."""

from typing import Literal

import msgspec

from sopctl.engine.instance import Instance
from sopctl.office.decode import office_schema
from sopctl.sop.schema import sop_schema

SchemaName = Literal["sop", "office", "instance"]


def schema(kind: SchemaName) -> dict[str, object]:
    """The JSON Schema of an SOP file, of `sopctl.yaml`, or of a stored case."""
    if kind == "sop":
        return sop_schema()
    if kind == "office":
        return office_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Instance)}
