"""From the bytes of sopctl.yaml to an office, or to every mistake in it; and the schema that editors check it by."""

from datetime import date

from sopctl.notation.decoders import JsonSchema
from sopctl.notation.faults import Faults, sort_problems
from sopctl.notation.node import Node, locate_key, locate_value
from sopctl.notation.read import read_yaml
from sopctl.notation.structs import struct_decoder
from sopctl.office.formats import FORMATS
from sopctl.office.model import Office
from sopctl.problems import Problem, Source
from sopctl.sop.references import find_column_errors

OFFICE_DECODER = struct_decoder(Office, FORMATS)
"""The whole of sopctl.yaml, as the model declares it."""


def read_office(data: bytes, path: str) -> tuple[Office | None, tuple[Problem, ...]]:
    """The office of a file, and every mistake in it in order of place; None where there is one.

    An empty file is an office with the usual hours and without names.
    """
    node, problems = read_yaml(data, path)
    if node is None:
        empty = [problem.code for problem in problems] == ["empty"]
        return (Office(source=Source(path, 1, 1)), ()) if empty else (None, problems)
    faults = Faults()
    office = OFFICE_DECODER.decode(node, faults)
    _add_backward_periods(office, node, faults)
    if office.mail and office.mail.user and office.mail.tls == "none" and not office.mail.is_local:
        message = "Tanpa enkripsi, sandi pos-el dapat dibaca di jalan. Tulis starttls atau ssl, atau hapus `user`."
        faults.add(locate_value(node, "mail", "tls"), "mail", message)
    for key, message in find_column_errors(office.columns):
        faults.add(locate_key(node, "columns", key), "columns", message)
    problems = sort_problems((*problems, *faults.in_order()))
    return (None if problems else office), problems


def office_schema() -> JsonSchema:
    """The JSON Schema (2020-12) of sopctl.yaml, from the same keys that the file is read with."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sopctl.yaml: kantor",
        **OFFICE_DECODER.schema(),
    }


def _add_backward_periods(office: Office, node: Node, faults: Faults) -> None:
    """A period that ends before it begins is never in force; a date that could not be read is `date.min`."""
    ramadan = [("ramadan", index, "to", one.since, one.until) for index, one in enumerate(office.ramadan)]
    officials = [("officials", index, "until", one.since, one.until) for index, one in enumerate(office.officials)]
    for section, index, key, since, until in (*ramadan, *officials):
        if since and until and date.min < until < since:
            message = f"Tanggal `{key}` lebih awal dari `from` ({since}). Tulis hari terakhirnya."
            faults.add(locate_value(node, section, index, key), "period", message)
