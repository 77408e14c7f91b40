"""Decoders: one description of what may be written gives the value, the mistakes and the schema."""

import json
from datetime import date
from typing import Annotated, Literal, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import field

from sopctl.notation.decoders import Decoder, ListDecoder, MappingDecoder, ScalarDecoder
from sopctl.notation.faults import LIMIT, Faults, listed, quoted
from sopctl.notation.keys import EntryName, Key, YamlStruct
from sopctl.notation.nearest import nearest, suggestion
from sopctl.notation.node import Node
from sopctl.notation.read import read_yaml
from sopctl.notation.scalars import choice, day, integer, integer_or_text, name, number, text, yes_no
from sopctl.notation.structs import struct_decoder
from sopctl.problems import Source

T = TypeVar("T")


class Official(YamlStruct, frozen=True):
    title = "pejabat"
    nama: Annotated[str, Key("Tulis nama lengkap.")]
    pelaksana: Annotated[tuple[str, ...], Key("Pelaksana.")] = ()
    golongan: Annotated[int, Key("Golongan.", minimum=1, maximum=4)] = 3
    since: Annotated[date | None, Key("Mulai.", name="from")] = None
    source: Source = Source("", 1, 1)


class Post(YamlStruct, frozen=True):
    title = "jabatan"
    name: Annotated[str, EntryName(format="lower")]
    kelas: Annotated[int, Key("Kelas.", minimum=1, maximum=17, short=True)]


class Register(YamlStruct, frozen=True):
    title = "daftar"
    posts: Annotated[dict[str, Post], Key("Jabatan.")]
    order: Annotated[tuple[Post, ...], Key("Urutan.", minimum=1, maximum=2)] = ()
    no: Annotated[int | str | None, Key("Nomor.")] = None
    share: Annotated[Literal["", "one", "all"], Key("Untuk siapa.")] = ""
    holidays: Annotated[dict[date, str], Key("Hari libur.", "namanya")] = field(default_factory=dict)
    kind: Annotated[str, Key("Jenis.", "jenis", format="lower")] = "biasa"
    rate: Annotated[float, Key("Tarif.", minimum=1, maximum=100)] = 50


PLACE = Source("f.yaml", 1, 1)


def lower(what: str) -> ScalarDecoder[str]:
    return name("[a-z]+", what or "huruf kecil")


OFFICIAL = struct_decoder(Official, {})
POST = struct_decoder(Post, {"lower": lower})
REGISTER = struct_decoder(Register, {"lower": lower})
DAYS = MappingDecoder(day(), text())


def node_of(typed: str) -> Node:
    node, _ = read_yaml(typed.encode(), "f.yaml")
    assert node is not None
    return node


def decoded(decoder: Decoder[T], typed: str) -> tuple[T, list[str]]:
    faults = Faults()
    value = decoder.decode(node_of(typed), faults)
    return value, [f"{problem.source.line}:{problem.source.column} {problem.code}" for problem in faults.in_order()]


def complaint(decoder: Decoder[object], typed: str) -> str:
    faults = Faults()
    decoder.decode(node_of(typed), faults)
    (problem,) = faults.in_order()
    return problem.message


def test_a_record_is_built_from_its_keys_and_defaults() -> None:
    value, problems = decoded(OFFICIAL, "nama: '-'\npelaksana: kadis\ngolongan:\nfrom: 2026-11-24\n")
    assert problems == []
    assert value == Official("-", ("kadis",), 3, date(2026, 11, 24), PLACE)


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
            "anyOf": [ListDecoder(text()).schema(), {"type": "null"}],
        },
        "golongan": {"description": "Golongan.", "anyOf": [integer(1, 4).schema(), {"type": "null"}]},
        "from": {"description": "Mulai.", "anyOf": [day().schema(), {"type": "null"}]},
    }


@pytest.mark.parametrize(
    ("decoder", "typed", "value"),
    [
        pytest.param(text(), "' Kasubbag TU/Umpar '", "Kasubbag TU/Umpar", id="text"),
        pytest.param(integer(0, 99), "0", 0, id="zero"),
        pytest.param(integer(0, 99), "15", 15, id="integer"),
        pytest.param(number(-9, 99), "-7.5", -7.5, id="number"),
        pytest.param(integer_or_text(), "4", 4, id="printed-number"),
        pytest.param(integer_or_text(), "04", "04", id="printed-number-with-a-zero"),
        pytest.param(integer_or_text(), "4a", "4a", id="printed-number-with-a-letter"),
        pytest.param(yes_no(), "ya", True, id="ya"),
        pytest.param(yes_no(), "Tidak", False, id="tidak"),
        pytest.param(yes_no(), "TRUE", True, id="true"),
        pytest.param(day(), "2024-02-29", date(2024, 2, 29), id="leap-day"),
        pytest.param(choice("one", "per-kode"), "per-kode", "per-kode", id="choice"),
        pytest.param(name("[a-z]+", "huruf"), "abc", "abc", id="name"),
        pytest.param(ListDecoder(integer(0, 99)), "7", (7,), id="one-for-a-list"),
        pytest.param(ListDecoder(integer(0, 99)), "[]", (), id="an-empty-list"),
        pytest.param(DAYS, "2026-03-01: Libur", {date(2026, 3, 1): "Libur"}, id="dates-as-keys"),
        pytest.param(POST, "{kelas: 3}", Post("", 3), id="the-long-way"),
        pytest.param(POST, "3", Post("", 3), id="the-short-way"),
    ],
)
def test_what_is_written_right_becomes_a_value(decoder: Decoder[object], typed: str, value: object) -> None:
    assert decoded(decoder, typed) == (value, [])


@pytest.mark.parametrize(
    ("decoder", "typed", "words"),
    [
        pytest.param(text(), "[a]", "bukan daftar", id="list-for-text"),
        pytest.param(text(), "{a: b}", "bukan kunci-kunci", id="keys-for-text"),
        pytest.param(ListDecoder(text()), "['']", "kosong", id="nothing-for-text"),
        pytest.param(integer(1, 9), "0", '"0"', id="below-the-least"),
        pytest.param(integer(0, 99), "1,5", "bilangan bulat", id="fraction-for-integer"),
        pytest.param(number(-9, 99), "1,5", "-9 sampai 99", id="comma-in-number"),
        pytest.param(integer(0, 9), "10", "0 sampai 9", id="above-the-most"),
        pytest.param(number(0, 9), "9.5", "0 sampai 9", id="number-above-the-most"),
        pytest.param(number(-9, 99), "nan", "bilangan", id="not-a-number"),
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
        pytest.param(ListDecoder(text(), lone=False), "a", '"- "', id="no-list"),
        pytest.param(ListDecoder(text(), minimum=1), "[]", "kurang isi", id="list-too-short"),
        pytest.param(ListDecoder(text(), maximum=2), "[a, b, c]", "banyak 2 isi, padahal ada 3", id="list-too-long"),
        pytest.param(MappingDecoder(text(), text(), maximum=1), "{a: x, b: y}", "banyak 1 isi", id="mapping-too-long"),
        pytest.param(DAYS, "a: b", "2026-11-24", id="key-of-another-form"),
        pytest.param(DAYS, "'': b", "kosong", id="key-without-letters"),
        pytest.param(MappingDecoder(text(), text()), "{a: b, ' a': c}", "sudah ada", id="keys-that-differ-by-space"),
        pytest.param(MappingDecoder(text(), text()), "a", "kunci: nilai", id="no-mapping"),
        pytest.param(MappingDecoder(text(), text(), minimum=1), "{}", "kurang isi", id="mapping-too-short"),
        pytest.param(POST, "[3]", "1 sampai 17 atau jabatan dengan kunci kelas", id="neither-way"),
    ],
)
def test_what_is_written_wrong_says_what_to_write_instead(decoder: Decoder[object], typed: str, words: str) -> None:
    assert words in complaint(decoder, typed)


def test_a_missing_key_of_any_kind_leaves_a_blank_and_goes_on() -> None:
    assert decoded(REGISTER, "{}") == (Register({}), ["1:1 missing_key"])
    assert decoded(POST, "{}") == (Post("", 1), ["1:1 missing_key"])


def test_an_entry_of_free_keys_knows_its_name() -> None:
    value, problems = decoded(REGISTER, "posts: {kabid: 3}\norder: {b: {kelas: 2}, a: 1}\n")
    assert problems == []
    assert value == Register({"kabid": Post("kabid", 3)}, (Post("b", 2), Post("a", 1)))


def test_the_type_of_a_field_says_what_may_be_written() -> None:
    value, problems = decoded(REGISTER, "{posts: {}, no: 4a, share: all, holidays: {2026-03-01: Libur}, kind: lain}")
    assert problems == []
    assert value == Register({}, no="4a", share="all", holidays={date(2026, 3, 1): "Libur"}, kind="lain")
    _, problems = decoded(REGISTER, "posts: {A: 3}\norder: {}\nshare: some\nholidays: {x: y}\nkind: B\n")
    assert problems == ["1:9 value", "2:8 value", "3:8 value", "4:12 value", "5:7 value"]


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        pytest.param("{posts: {a: 1, b: 17}, rate: 1}", 0, id="the-least"),
        pytest.param("{posts: {a: 0}}", 1, id="below-a-whole-number"),
        pytest.param("{posts: {a: 18}}", 1, id="above-a-whole-number"),
        pytest.param("{posts: {}, rate: 100}", 0, id="the-most"),
        pytest.param("{posts: {}, rate: 0.9}", 1, id="below-a-number"),
        pytest.param("{posts: {}, rate: 100.1}", 1, id="above-a-number"),
    ],
)
def test_a_number_is_within_the_bounds_of_its_key(typed: str, problems: int) -> None:
    assert len(decoded(REGISTER, typed)[1]) == problems


def test_an_empty_choice_is_what_a_key_left_out_means_and_cannot_be_written() -> None:
    assert REGISTER.schema()["properties"]["share"]["anyOf"][0] == {"enum": ["one", "all"]}  # type: ignore[index]


def test_a_wrong_name_stands_in_for_itself_so_that_references_to_it_hold() -> None:
    value, problems = decoded(name("[a-z]+", "huruf"), "Surat-Tugas")
    assert (value, len(problems)) == ("Surat-Tugas", 1)


@pytest.mark.parametrize(
    ("decoder", "schema"),
    [
        pytest.param(yes_no(), {"enum": [True, False, "ya", "tidak"]}, id="yes-no"),
        pytest.param(choice("a", "b"), {"enum": ["a", "b"]}, id="choice"),
        pytest.param(
            ListDecoder(number(-9, 99), lone=False, minimum=1, maximum=9),
            {"type": "array", "items": {"type": "number", "minimum": -9, "maximum": 99}, "minItems": 1, "maxItems": 9},
            id="list",
        ),
        pytest.param(
            MappingDecoder(name("[a-z]+", "huruf"), number(-9, 99), minimum=1, maximum=9),
            {
                "type": "object",
                "additionalProperties": {"type": "number", "minimum": -9, "maximum": 99},
                "propertyNames": {"pattern": "^(?:[a-z]+)$"},
                "minProperties": 1,
                "maxProperties": 9,
            },
            id="mapping",
        ),
    ],
)
def test_a_shape_says_its_schema(decoder: Decoder[object], schema: dict[str, object]) -> None:
    assert decoder.schema() == schema


def test_no_more_mistakes_are_kept_than_anybody_reads() -> None:
    faults = Faults()
    ListDecoder(integer(0, 99)).decode(node_of("[" + "x, " * 5000 + "]"), faults)
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
