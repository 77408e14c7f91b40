"""The JSON Schema of an SOP file, for editors: the shapes that read it, said in another way."""

from sopctl.notation.shape import Schema
from sopctl.sop.shapes import SOP


def sop_schema() -> Schema:
    """The JSON Schema (2020-12) of an SOP file, with Indonesian descriptions."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "SOP",
        "description": "Satu SOP: lembar identitas, pelaksana, isian, dokumen dan baris-baris formulirnya.",
        **SOP.schema(),
    }
