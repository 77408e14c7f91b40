"""The JSON Schema and the reader accept the same keys."""

import json
import re
from typing import cast

import msgspec
import pytest

from sopctl.sop.decode import read_sop
from sopctl.sop.model import Document, Field, Identitas, Sop, Step
from sopctl.sop.schema import sop_schema

Json = dict[str, object]

RECORDS = {
    "SOP": "{record}",
    "identitas": "identitas: {record}",
    "isian": "fields: {{x: {record}}}",
    "kolom": "fields: {{x: {{columns: {{nip: {record}}}}}}}",
    "nilai awal": "fields: {{x: {{default: {record}}}}}",
    "dokumen": "documents: {{x: {record}}}",
    "bentuk lain dokumen": "documents: {{x: {{instead: [{record}]}}}}",
    "langkah": "steps: [{record}]",
    "waktu": "steps: [{{waktu: {record}}}]",
    "kelengkapan": "steps: [{{kelengkapan: [{record}]}}]",
    "cabang": "steps: [{{branches: {{ya: {record}}}}}]",
    "dokumen langkah": "steps: [{{document: {record}}}]",
    "baris yang boleh dilewati": "steps: [{{optional: {record}}}]",
    "panggilan SOP": "steps: [{{sop: {record}}}]",
}
"""Every record of the language, at its place in a file."""

PATHS: dict[str, tuple[str, ...]] = {
    "SOP": (),
    "identitas": ("identitas",),
    "isian": ("fields", "*"),
    "kolom": ("fields", "*", "columns", "*"),
    "nilai awal": ("fields", "*", "default"),
    "dokumen": ("documents", "*"),
    "bentuk lain dokumen": ("documents", "*", "instead", "[]"),
    "langkah": ("steps", "[]"),
    "waktu": ("steps", "[]", "waktu"),
    "kelengkapan": ("steps", "[]", "kelengkapan", "[]"),
    "cabang": ("steps", "[]", "branches", "*"),
    "dokumen langkah": ("steps", "[]", "document"),
    "baris yang boleh dilewati": ("steps", "[]", "optional"),
    "panggilan SOP": ("steps", "[]", "sop"),
}


def options(found: Json) -> list[Json]:
    """A schema's alternatives, all the way down."""
    inner = cast("list[Json]", found.get("anyOf", []))
    return [found, *(deep for option in inner for deep in options(option))]


def under(found: Json, part: str) -> list[Json]:
    return [
        cast("Json", option["items"])
        if part == "[]"
        else cast("Json", option["additionalProperties"])
        if part == "*"
        else cast("dict[str, Json]", option["properties"])[part]
        for option in options(found)
        if {"[]": "items", "*": "additionalProperties"}.get(part, "properties") in option
    ]


def record(name: str) -> Json:
    """The schema of a record of the language."""
    level = [sop_schema()]
    for part in PATHS[name]:
        level = [deeper for found in level for deeper in under(found, part)]
    (one,) = [option for found in level for option in options(found) if "properties" in option]
    return one


def keys(name: str) -> list[str]:
    return list(cast("Json", record(name)["properties"]))


def records(found: object) -> set[str]:
    """The different records that a schema holds; an item may stand alone and in a list."""
    inner = list(found.values()) if isinstance(found, dict) else found if isinstance(found, list) else []
    own = {json.dumps(found)} if isinstance(found, dict) and "properties" in found else set[str]()
    return own.union(*map(records, inner))


def problems_of(name: str, body: str) -> list[str]:
    text = RECORDS[name].format(record=f"{{{body}}}")
    return [problem.message for problem in read_sop(text.encode(), "f.yaml")[1]]


@pytest.mark.parametrize("name", RECORDS)
def test_the_reader_knows_the_keys_of_the_schema_and_no_others(name: str) -> None:
    (message,) = [said for said in problems_of(name, "zzzzzz: 1") if '"zzzzzz"' in said]
    (known,) = re.findall("di sini: (.*)\\.", message)
    assert known.split(", ") == keys(name)


@pytest.mark.parametrize("name", RECORDS)
def test_the_reader_asks_for_what_the_schema_requires(name: str) -> None:
    missing = [said for said in problems_of(name, "") if f"belum ada pada {name};" in said]
    required = cast("list[str]", record(name).get("required", []))
    assert sorted(re.findall('Kunci "(.*?)"', " ".join(missing))) == sorted(required)


def test_every_record_of_the_schema_is_tested_here() -> None:
    assert len(records({**sop_schema(), "then": None})) == len(RECORDS)


@pytest.mark.parametrize("name", RECORDS)
def test_every_key_has_a_sentence_and_refuses_strangers(name: str) -> None:
    properties = cast("dict[str, Json]", record(name)["properties"])
    assert all(str(found["description"]).endswith(".") for found in properties.values())
    assert record(name)["additionalProperties"] is False or name == "langkah"


def test_a_row_refuses_strangers_where_no_further_columns_are_named() -> None:
    schema = sop_schema()
    assert schema["if"] == {"not": {"required": ["columns"]}}
    assert json.dumps({"propertyNames": {"enum": keys("langkah")}}) in json.dumps(schema["then"])


@pytest.mark.parametrize(
    ("name", "model", "besides"),
    [
        pytest.param("SOP", Sop, {"source"}, id="sop"),
        pytest.param("langkah", Step, {"source", "columns"}, id="step"),
        pytest.param("isian", Field, {"source", "name"}, id="field"),
        pytest.param("dokumen", Document, {"source", "name"}, id="document"),
        pytest.param("identitas", Identitas, set(), id="identitas"),
    ],
)
def test_a_key_and_its_attribute_have_one_name(name: str, model: type[msgspec.Struct], besides: set[str]) -> None:
    assert set(keys(name)) == {field.name for field in msgspec.structs.fields(model)} - besides


def test_the_schema_is_json_of_the_draft_that_editors_know() -> None:
    assert json.loads(json.dumps(sop_schema())) == sop_schema()
    assert sop_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
