"""The JSON Schema of sopctl.yaml, which lets an editor complete keys and mark mistakes while one types."""

from sopctl.notation.shape import Schema
from sopctl.office.shapes import OFFICE


def office_schema() -> Schema:
    """The schema (2020-12), from the same shapes that the file is read with."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sopctl.yaml: kantor",
        **OFFICE.schema(),
    }
