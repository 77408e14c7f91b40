"""The JSON Schema of sopctl.yaml, which lets an editor complete keys and mark mistakes while one types."""

from sopctl.notation.decoders import JsonSchema
from sopctl.office.decode import OFFICE_DECODER


def office_schema() -> JsonSchema:
    """The schema (2020-12), from the same keys that the file is read with."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sopctl.yaml: kantor",
        **OFFICE_DECODER.schema(),
    }
