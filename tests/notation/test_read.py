"""The bytes that offices save: every one of them ends in nodes or in a mistake with a place."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sopctl.notation.node import Mapping, Node, Scalar, locate_key, locate_value
from sopctl.notation.read import MAX_BYTES, read_yaml
from sopctl.problems import Source


def nodes(text: str) -> Node:
    node, problems = read_yaml(text.encode(), "f.yaml")
    assert problems == ()
    assert node is not None
    return node


def value(text: str) -> Node:
    node = nodes(text)
    assert isinstance(node, Mapping)
    return node.entries[0][1]


@pytest.mark.parametrize(
    "typed",
    ["8:00", "1.10", "0123", "yes", "No", "2023-08-31", "1e3", "0x1F", ".5", "12_000"],
)
def test_a_value_keeps_the_letters_it_was_typed_in(typed: str) -> None:
    assert value(f"nomor: {typed}") == Scalar(Source("f.yaml", 1, 8), typed)


def test_a_key_keeps_its_letters_too() -> None:
    node = nodes("No: 1\nya: x")
    assert isinstance(node, Mapping)
    assert [key.text for key, _ in node.entries] == ["No", "ya"]


def test_every_value_knows_its_place() -> None:
    node = nodes("steps:\n  - id: a\n    pelaksana: [kadis, kabid]\n")
    assert locate_value(node, "steps", 0, "pelaksana", 1) == Source("f.yaml", 3, 24)
    assert locate_value(node, "steps", 0, "waktu") == Source("f.yaml", 2, 5)
    assert locate_key(node, "steps", 0, "pelaksana") == Source("f.yaml", 3, 5)
    assert locate_key(node, "steps", 0, "waktu") == Source("f.yaml", 2, 5)


def test_a_lone_text_stands_for_the_list_it_is_asked_for() -> None:
    assert locate_value(nodes("pelaksana: kadis"), "pelaksana", 0) == Source("f.yaml", 1, 12)


def test_columns_count_letters_and_not_bytes() -> None:
    assert locate_value(nodes("{é: 1, b: 2}"), "b") == Source("f.yaml", 1, 11)


@pytest.mark.parametrize(
    ("typed", "empty"),
    [
        ("", True),
        ("~", True),
        ("null", True),
        ('""', True),
        ("'  '", True),
        ("'~'", False),
        ("0", False),
        ("'-'", False),
    ],
)
def test_nothing_is_nothing_only_where_nothing_was_typed(typed: str, *, empty: bool) -> None:
    scalar = value(f"waktu: {typed}")
    assert isinstance(scalar, Scalar)
    assert scalar.empty is empty


def test_a_utf8_mark_of_windows_is_no_part_of_the_first_key() -> None:
    node, problems = read_yaml(b"\xef\xbb\xbfid: a\n", "f.yaml")
    assert problems == ()
    assert isinstance(node, Mapping)
    assert node.entries[0][0] == Scalar(Source("f.yaml", 1, 1), "id")


@pytest.mark.parametrize(
    ("data", "at", "code", "words"),
    [
        pytest.param(b"", (1, 1), "empty", "kosong", id="empty"),
        pytest.param(b"# hanya komentar\n", (1, 1), "empty", "kosong", id="only-a-comment"),
        pytest.param(b"---\n", (1, 1), "empty", "kosong", id="only-a-marker"),
        pytest.param("a: é".encode("utf-16"), (1, 1), "encoding", "UTF-8", id="utf-16"),
        pytest.param("a: b".encode("utf-16-be"), (1, 1), "character", "UTF-8", id="utf-16-without-mark"),
        pytest.param(b"a: 1\nb: caf\xe9", (2, 7), "encoding", "UTF-8", id="latin-1"),
        pytest.param(b"a:\n\tb: 1", (2, 1), "indentation", "tab", id="tab"),
        pytest.param(b"a:\n  \tb: 1", (2, 3), "indentation", "tab", id="tab-after-spaces"),
        pytest.param(b"a:\n\xc2\xa0\xc2\xa0b: 1", (2, 1), "indentation", "U+00A0", id="space-pasted-from-the-web"),
        pytest.param(b"a: b\0c", (1, 5), "character", "U+0000", id="nul"),
        pytest.param(b"a: b\x0bc", (1, 5), "character", "U+000B", id="soft-line-end-of-word"),
        pytest.param(b'a: "\\0"', (1, 4), "character", "U+0000", id="escaped-nul"),
        pytest.param(b"a: 1\nb: 2\na: 3", (3, 1), "duplicate_key", "baris 1", id="repeated-key"),
        pytest.param(b"a: &x 1", (1, 4), "anchor", "&x", id="anchor"),
        pytest.param(b"a: *x", (1, 4), "alias", "*x", id="alias"),
        pytest.param(b"a: {<<: *x}", (1, 9), "alias", "*x", id="merge-key"),
        pytest.param(b"a: !!str 1", (1, 4), "tag", "str", id="tag"),
        pytest.param(b"a: !!python/object:os.system x", (1, 4), "tag", "python", id="python-tag"),
        pytest.param(b"a: ! x", (1, 4), "tag", '"!"', id="bare-tag"),
        pytest.param(b"a: 1\n---\nb: 2", (2, 1), "yaml", "---", id="two-documents"),
        pytest.param(b"{a: 1}: b", (1, 1), "key", "kutip", id="mapping-as-key"),
        pytest.param(b"[" * 1000, (1, 21), "yaml", "20", id="deep-lists"),
        pytest.param(b"{a: " * 1000, (1, 81), "yaml", "20", id="deep-mappings"),
        pytest.param(b"- " * 1000, (1, 41), "yaml", "20", id="deep-dashes"),
        pytest.param(b"a: Hal: undangan", (1, 7), "yaml", "kutip", id="colon-in-text"),
        pytest.param(b"a: 1\nbcd\ne: 2", (2, 1), "yaml", "titik dua", id="line-without-colon"),
        pytest.param(b'a: "b\nc: d\n', (1, 4), "yaml", "ditutup", id="open-quote"),
        pytest.param(b"a: [1, 2\nb: 3", (2, 2), "yaml", "]", id="open-list"),
        pytest.param(b"a: {b: 1\nc: 3", (2, 2), "yaml", "}", id="open-braces"),
        pytest.param(b"a: @x", (1, 4), "yaml", "@", id="reserved-sign"),
        pytest.param(b'a: "C:\\Temp"', (1, 7), "yaml", "\\", id="windows-path-in-quotes"),
        pytest.param(b"a: {kode}/{nomor}", (1, 10), "yaml", "{ }", id="pattern-without-quotes"),
        pytest.param(b"a: -", (1, 4), "yaml", '"-"', id="lone-dash"),
        pytest.param(b"a: |x\n b", (1, 5), "yaml", "|", id="text-after-a-bar"),
        pytest.param(b"a: &", (1, 5), "yaml", "&", id="lone-ampersand"),
        pytest.param(b"a: 1\n b: 2", (2, 3), "yaml", "spasi", id="wrong-indentation"),
        pytest.param(b"a: 1\n" * 2 + b"?", (2, 1), "duplicate_key", "baris 1", id="mistakes-before-the-parser-stops"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_what_to_write(
    data: bytes, at: tuple[int, int], code: str, words: str
) -> None:
    _, problems = read_yaml(data, "f.yaml")
    assert (problems[0].source, problems[0].code) == (Source("f.yaml", *at), code)
    assert words in problems[0].message


def test_a_repeated_key_keeps_its_first_value_and_hides_no_other_mistake() -> None:
    node, problems = read_yaml(b"a: 1\na: 2\nb: 3\nb: 4\n", "f.yaml")
    assert [problem.source.line for problem in problems] == [2, 4]
    assert isinstance(node, Mapping)
    assert [value.text for _, value in node.entries if isinstance(value, Scalar)] == ["1", "3"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"x" * (MAX_BYTES + 1), id="too-large"),
        pytest.param(b"a: 1\n" * 2_000_000, id="ten-megabytes"),
        pytest.param(b"[" * (MAX_BYTES - 1), id="a-million-brackets"),
        pytest.param(b"- a\n" * (MAX_BYTES // 4), id="a-quarter-million-values"),
        pytest.param(
            b"a: &a [x, x, x, x, x, x, x, x, x]\n"
            + b"".join(b"%c: &%c [%s]\n" % (98 + n, 98 + n, b", ".join([b"*%c" % (97 + n)] * 9)) for n in range(9)),
            id="billion-laughs",
        ),
    ],
)
def test_a_file_beyond_all_measure_is_refused(data: bytes) -> None:
    node, problems = read_yaml(data, "f.yaml")
    assert node is None
    assert problems


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    node, problems = read_yaml(data, "f.yaml")
    assert node is not None or problems


@given(st.text(alphabet="ab:-[]{}#&*!|>'\"%@`\\ \n\t,?~é", max_size=60))
def test_no_text_raises_and_places_lie_in_the_file(text: str) -> None:
    _, problems = read_yaml(text.encode(), "f.yaml")
    lines = text.count("\n") + 1
    assert all(1 <= problem.source.line <= lines + 1 and problem.source.column >= 1 for problem in problems)


@pytest.mark.parametrize("typed", ["a: 1\nb: [x, {c: d}]\n", 'a: "\\U00110000"', "a: *x", "a: b: c", "a: -"])
def test_the_pure_python_parser_reads_the_same(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fast, complaints = read_yaml(typed.encode(), "f.yaml")
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    slow, others = read_yaml(typed.encode(), "f.yaml")
    assert slow == fast
    assert bool(others) == bool(complaints)
