"""The JSON Schema of an SOP file, for editors: from the keys that the model declares."""

from sopctl.notation.decoders import JsonSchema
from sopctl.notation.structs import key_names
from sopctl.sop.decode import SOP_DECODER
from sopctl.sop.model import Step


def sop_schema() -> JsonSchema:
    """The JSON Schema (2020-12) of an SOP file, with Indonesian descriptions.

    A row has keys of its own only where the SOP names columns.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "SOP",
        "description": "Satu SOP: lembar identitas, pelaksana, isian, dokumen dan baris-baris formulirnya.",
        **SOP_DECODER.schema(),
        "if": {"not": {"required": ["columns"]}},
        "then": {"properties": {"steps": {"items": {"propertyNames": {"enum": list(key_names(Step))}}}}},
    }
