"""The JSON Schema of an SOP file, for editors: from the keys that the model declares."""

from sopctl.notation.decoders import JsonSchema
from sopctl.sop.decode import SOP_DECODER


def sop_schema() -> JsonSchema:
    """The JSON Schema (2020-12) of an SOP file, with Indonesian descriptions."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "SOP",
        "description": "Satu SOP: lembar identitas, pelaksana, isian, dokumen dan baris-baris formulirnya.",
        **SOP_DECODER.schema(),
    }
