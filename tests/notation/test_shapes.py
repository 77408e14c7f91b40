"""Shapes: one description of what may be written gives the value, the mistakes and the schema."""

import json
from datetime import date
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from sopctl.notation.faults import LIMIT, Faults, listed, quoted
from sopctl.notation.leaves import choice, day, integer, integer_or_text, name, number, text, yes_no
from sopctl.notation.nearest import nearest, suggestion
from sopctl.notation.node import Node
from sopctl.notation.read import read_yaml
from sopctl.notation.record import Key, Record, Values
from sopctl.notation.shape import Either, Many, MapOf, Mapped, Shape

T = TypeVar("T")


class Official(Struct):
    nama: str
    pelaksana: tuple[str, ...]
    golongan: int
    since: date | None
    line: int


NAMA = Key("nama", text(), "Tulis nama lengkap.")
PELAKSANA = Key[tuple[str, ...]]("pelaksana", Many(text()), "Pelaksana.", default=())
GOLONGAN = Key("golongan", integer(1), "Golongan.", default=3)
SINCE = Key("from", day(), "Mulai.", default=None)


def build(values: Values) -> Official:
    return Official(values[NAMA], values[PELAKSANA], values[GOLONGAN], values[SINCE], values.source.line)


OFFICIAL = Record("pejabat", (NAMA, PELAKSANA, GOLONGAN, SINCE), build)


def node_of(typed: str) -> Node:
    node, _ = read_yaml(typed.encode(), "f.yaml")
    assert node is not None
    return node


def decoded(shape: Shape[T], typed: str) -> tuple[T, list[str]]:
    faults = Faults()
    value = shape.decode(node_of(typed), faults)
    return value, [f"{problem.source.line}:{problem.source.column} {problem.code}" for problem in faults.in_order()]


def complaint(shape: Shape[object], typed: str) -> str:
    faults = Faults()
    shape.decode(node_of(typed), faults)
    (problem,) = faults.in_order()
    return problem.message


def test_a_record_is_built_from_its_keys_and_defaults() -> None:
    value, problems = decoded(OFFICIAL, "nama: '-'\npelaksana: kadis\ngolongan:\nfrom: 2026-11-24\n")
    assert problems == []
    assert value == Official("-", ("kadis",), 3, date(2026, 11, 24), 1)


def test_all_mistakes_of_a_record_are_found_in_one_go() -> None:
    _, problems = decoded(OFFICIAL, "nma: x\npelaksana: [a, {b: c}]\ngolongan: nol\nfrom: 24-11-2026\n")
    assert problems == ["1:1 unknown_key", "1:1 missing_key", "2:16 type", "3:11 value", "4:7 value"]


def test_a_required_key_left_empty_is_reported_where_it_stands() -> None:
    _, problems = decoded(OFFICIAL, "golongan: 4\nnama:\n")
    assert problems == ["2:6 missing_key"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param("nma: x\nnama: y", 'mungkin maksudnya "nama"', id="a-typo"),
        pytest.param("PELAKSANA: x\nnama: y", 'mungkin maksudnya "pelaksana"', id="letter-case"),
        pytest.param("gol: 1\nnama: y", 'mungkin maksudnya "golongan"', id="a-beginning"),
        pytest.param("xyz: 1\nnama: y", "nama, pelaksana, golongan, from", id="nothing-near"),
        pytest.param("golongan: 1", "Tulis nama lengkap.", id="a-missing-key-says-what-it-is"),
        pytest.param("- x", "kunci nama", id="a-list-instead"),
        pytest.param("x", "kunci nama", id="a-text-instead"),
    ],
)
def test_a_record_says_what_to_write_instead(typed: str, words: str) -> None:
    assert words in complaint(OFFICIAL, typed)


def test_a_record_and_its_schema_know_the_same_keys() -> None:
    schema = OFFICIAL.schema()
    assert schema["required"] == ["nama"]
    assert schema["additionalProperties"] is False
    assert schema["properties"] == {
        "nama": {"description": "Tulis nama lengkap.", "type": ["string", "number", "boolean"]},
        "pelaksana": {
            "description": "Pelaksana.",
            "anyOf": [Many(text()).schema(), {"type": "null"}],
        },
        "golongan": {"description": "Golongan.", "anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]},
        "from": {"description": "Mulai.", "anyOf": [day().schema(), {"type": "null"}]},
    }


@pytest.mark.parametrize(
    ("shape", "typed", "value"),
    [
        pytest.param(text(), "' Kasubbag TU/Umpar '", "Kasubbag TU/Umpar", id="text"),
        pytest.param(integer(), "0", 0, id="zero"),
        pytest.param(integer(), "15", 15, id="integer"),
        pytest.param(number(), "-7.5", -7.5, id="number"),
        pytest.param(integer_or_text(), "4", 4, id="printed-number"),
        pytest.param(integer_or_text(), "04", "04", id="printed-number-with-a-zero"),
        pytest.param(integer_or_text(), "4a", "4a", id="printed-number-with-a-letter"),
        pytest.param(yes_no(), "ya", True, id="ya"),
        pytest.param(yes_no(), "Tidak", False, id="tidak"),
        pytest.param(yes_no(), "TRUE", True, id="true"),
        pytest.param(day(), "2024-02-29", date(2024, 2, 29), id="leap-day"),
        pytest.param(choice("one", "per-kode"), "per-kode", "per-kode", id="choice"),
        pytest.param(name("[a-z]+", "huruf"), "abc", "abc", id="name"),
        pytest.param(Many(integer()), "7", (7,), id="one-for-a-list"),
        pytest.param(Many(integer()), "[]", (), id="an-empty-list"),
        pytest.param(MapOf(day(), text()), "2026-03-01: Libur", {date(2026, 3, 1): "Libur"}, id="dates-as-keys"),
        pytest.param(Mapped(integer(), str), "7", "7", id="mapped"),
        pytest.param(Either(integer(), Many(integer())), "[7, 8]", (7, 8), id="the-long-way"),
        pytest.param(Either(integer(), Many(integer())), "7", 7, id="the-short-way"),
    ],
)
def test_what_is_written_right_becomes_a_value(shape: Shape[object], typed: str, value: object) -> None:
    assert decoded(shape, typed) == (value, [])


@pytest.mark.parametrize(
    ("shape", "typed", "words"),
    [
        pytest.param(text(), "[a]", "bukan daftar", id="list-for-text"),
        pytest.param(text(), "{a: b}", "bukan kunci-kunci", id="keys-for-text"),
        pytest.param(Many(text()), "['']", "kosong", id="nothing-for-text"),
        pytest.param(integer(1), "0", '"0"', id="below-the-least"),
        pytest.param(integer(), "1,5", "bilangan bulat", id="fraction-for-integer"),
        pytest.param(number(), "1,5", "7.5", id="comma-in-number"),
        pytest.param(number(), "nan", "7.5", id="not-a-number"),
        pytest.param(yes_no(), "yes", '"ya" atau "tidak"', id="yes"),
        pytest.param(day(), "31-08-2023", "2023-08-31", id="day-first"),
        pytest.param(day(), "31/8/2023", "2023-08-31", id="slashes"),
        pytest.param(day(), "31 Agustus 2023", "2023-08-31", id="month-by-name"),
        pytest.param(day(), "2023-02-30", "kalender", id="no-such-day"),
        pytest.param(day(), "31 Foo 2023", "2026-11-24", id="no-such-month"),
        pytest.param(day(), "besok", "2026-11-24", id="no-date"),
        pytest.param(choice("draft", "sign"), "sing", 'mungkin maksudnya "sign"', id="typo-in-choice"),
        pytest.param(choice("draft", "sign"), "x", '"draft" atau "sign"', id="no-choice"),
        pytest.param(name("[a-z]+", "huruf kecil"), "A", "huruf kecil", id="not-of-the-form"),
        pytest.param(name("[a-z]+", "x", lambda _: "Pakai kata lain."), "a", "kata lain", id="checked"),
        pytest.param(Many(text(), lone=False), "a", '"- "', id="no-list"),
        pytest.param(Many(text(), at_least=1), "[]", "kurang isi", id="list-too-short"),
        pytest.param(Many(text(), at_most=2), "[a, b, c]", "paling banyak 2 isi, padahal ada 3", id="list-too-long"),
        pytest.param(MapOf(text(), text(), at_most=1), "{a: x, b: y}", "paling banyak 1 isi", id="mapping-too-long"),
        pytest.param(MapOf(day(), text()), "a: b", "2026-11-24", id="key-of-another-form"),
        pytest.param(MapOf(day(), text()), "'': b", "kosong", id="key-without-letters"),
        pytest.param(MapOf(text(), text()), "{a: b, ' a': c}", "sudah ada", id="keys-that-differ-by-space"),
        pytest.param(MapOf(text(), text()), "a", "kunci: nilai", id="no-mapping"),
        pytest.param(MapOf(text(), text(), at_least=1), "{}", "kurang isi", id="mapping-too-short"),
        pytest.param(Either(text(), OFFICIAL), "[a]", "kunci nama", id="neither-way"),
    ],
)
def test_what_is_written_wrong_says_what_to_write_instead(shape: Shape[object], typed: str, words: str) -> None:
    assert words in complaint(shape, typed)


def test_a_missing_key_of_any_shape_leaves_a_blank_and_goes_on() -> None:
    short_or_long = Key("a", Either(text(), OFFICIAL), "Satu.")
    turned = Key("b", Mapped(Many(Either(text(), OFFICIAL), lone=False), len), "Dua.")
    shape = Record("contoh", (short_or_long, turned), lambda values: (values[short_or_long], values[turned]))
    assert decoded(shape, "{}") == (("", 0), ["1:1 missing_key", "1:1 missing_key"])
    assert decoded(shape, "{a: x, b: y}") == (("x", 0), ["1:11 type"])


def test_a_wrong_name_stands_in_for_itself_so_that_references_to_it_hold() -> None:
    value, problems = decoded(name("[a-z]+", "huruf"), "Surat-Tugas")
    assert (value, len(problems)) == ("Surat-Tugas", 1)


@pytest.mark.parametrize(
    ("shape", "schema"),
    [
        pytest.param(yes_no(), {"enum": [True, False, "ya", "tidak"]}, id="yes-no"),
        pytest.param(choice("a", "b"), {"enum": ["a", "b"]}, id="choice"),
        pytest.param(
            Many(number(), lone=False, at_least=1, at_most=9),
            {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": 9},
            id="list",
        ),
        pytest.param(
            Either(number(), Mapped(Many(number(), lone=False), sum)),
            {"anyOf": [{"type": "number"}, {"type": "array", "items": {"type": "number"}}]},
            id="either",
        ),
        pytest.param(
            MapOf(name("[a-z]+", "huruf"), number(), at_least=1, at_most=9),
            {
                "type": "object",
                "additionalProperties": {"type": "number"},
                "propertyNames": {"pattern": "^(?:[a-z]+)$"},
                "minProperties": 1,
                "maxProperties": 9,
            },
            id="mapping",
        ),
    ],
)
def test_a_shape_says_its_schema(shape: Shape[object], schema: dict[str, object]) -> None:
    assert shape.schema() == schema


def test_no_more_mistakes_are_kept_than_anybody_reads() -> None:
    faults = Faults()
    Many(integer()).decode(node_of("[" + "x, " * 5000 + "]"), faults)
    assert faults.full
    assert len(faults.in_order()) == LIMIT


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("kegiatn", "kegiatan"),
        ("Kegiatan", "kegiatan"),
        ("ket", "keterangan"),
        ("k", None),
        ("", None),
        ("x" * 99, None),
    ],
)
def test_the_nearest_known_word_is_found(word: str, found: str | None) -> None:
    assert nearest(word, ["kegiatan", "keterangan", "pelaksana"]) == found


def test_a_suggestion_is_silent_where_nothing_is_near() -> None:
    assert suggestion("xyz", ["kegiatan"]) == ""


def test_words_inside_a_message_stay_on_one_short_line() -> None:
    assert quoted("a\n  b") == '"a b"'
    assert len(quoted("x" * 500)) <= 62
    assert listed(["a"]) == '"a"'
    assert listed(["a", "b", "c"], "dan") == '"a", "b" dan "c"'


@given(
    st.recursive(
        st.text("ab1-", max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["nama", "pelaksana", "golongan", "from", "x"]), inner, max_size=3)
        ),
    )
)
def test_a_record_takes_whatever_it_is_given(value: object) -> None:
    faults = Faults()
    official = OFFICIAL.decode(node_of(json.dumps(value) if value else "x"), faults)
    assert isinstance(official, Official)
