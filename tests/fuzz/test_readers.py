"""Every reader against hostile bytes: it answers with a value or with a sentence, and never with anything else.

Each input is a whole file of its kind that was mangled, or bytes that never were one. `SOPCTL_FUZZ=5000` tries more.
"""

import io
import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sopctl.audit.anchor import read_anchors
from sopctl.audit.printed_codes import printed_codes
from sopctl.engine.text import clean_text
from sopctl.engine.values import parse_csv_table, parse_typed
from sopctl.engine.values import parse_given as value_given
from sopctl.errors import SopctlError
from sopctl.form.bpmn import write_bpmn
from sopctl.importing.bpmn import read_bpmn
from sopctl.letters.renderer import Renderer
from sopctl.office.decode import read_office
from sopctl.problems import Source
from sopctl.sop.check import check_sop
from sopctl.sop.conditions import evaluate_condition, find_condition_error
from sopctl.sop.decode import read_sop
from sopctl.sop.draft import write_sop
from sopctl.sop.durations import parse_waktu
from sopctl.sop.model import Field, FieldColumn
from sopctl.sop.unconfirmed import confirm
from sopctl.store import case_json
from sopctl.store.files import ledger_file, register
from sopctl.store.files.ledger_index import LedgerIndex
from sopctl.store.workspace import Workspace
from tests.form.test_bpmn import RARE

if TYPE_CHECKING:
    from tests.conftest import Room

COUNT = int(os.environ.get("SOPCTL_FUZZ", "120"))
fuzz = settings(
    max_examples=COUNT,
    database=None,
    derandomize="SOPCTL_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
ROOT = Path(__file__).parent.parent.parent

BOMBS = (
    b"&a [x,x,x,x]\n",
    b"a: &a [1]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n",
    b"[" * 3000,
    b"{" * 3000,
    b"- " * 3000,
    b"!!python/object/apply:os.system [id]\n",
    b"a: !!binary x\n",
    b"a: 1e999\nb: .nan\nc: -.inf\n",
    b"a: " + b"9" * 5000,
    b"\xff\xfe\x00",
    b"\xef\xbb\xbfid: x\n",
    b"a: \xed\xa0\x80\n",
    "a: \u202eabc\u2066\n".encode(),
    b"a: \x1b[2J\n",
    b"? [a]\n: b\n",
    b"<<: {a: 1}\n",
    b"%YAML 9.9\n---\n",
    b"a: 'x\n",
    b"\t\n",
    b"a: b: c\n",
    b"",
    b"---\n---\n",
)
"""YAML that is known to hurt readers."""

WORDS = (
    b"NaN", b"Infinity", b"1" + b"0" * 400, b'"\\ud800"', b"\x00", b"\\u202e", b"\x1b]0;x\x07", b"=cmd|' /C calc'!A0",
    b"../../etc/passwd", b"CON", b"{{ 7*7 }}", b"{% for a in b %}", b"]]>", b"&xxe;", b"<!ENTITY x SYSTEM 'file:///'>",
)  # fmt: skip
"""What is put into files on purpose."""


def mangled(whole: bytes) -> st.SearchStrategy[bytes]:
    """A file of its kind with some bytes taken out, doubled, changed, or something hostile put in."""

    @st.composite
    def draw(draw_: st.DrawFn) -> bytes:
        data = bytearray(whole)
        for _ in range(draw_(st.integers(1, 6))):
            at = draw_(st.integers(0, max(0, len(data) - 1)))
            many = draw_(st.integers(1, 40))
            match draw_(st.integers(0, 4)):
                case 0:
                    del data[at : at + many]
                case 1:
                    data[at:at] = data[at : at + many]
                case 2:
                    data[at : at + 1] = draw_(st.binary(min_size=1, max_size=3))
                case 3:
                    data[at:at] = draw_(st.sampled_from(WORDS))
                case _:
                    del data[at:]
        return bytes(data)

    return draw()


def seeds(*paths: str) -> list[bytes]:
    return [(ROOT / path).read_bytes() for path in paths]


SOPS = seeds("sops/sk-tim.yaml", "sops/bimtek.yaml", "sops/mekanisme-pelaporan.yaml")
(OFFICE,) = seeds("sopctl.yaml")


@fuzz
@given(st.one_of(*(mangled(sop) for sop in SOPS), st.sampled_from(BOMBS), st.binary(max_size=300)))
def test_an_sop_file_is_read_or_its_mistakes_are_told(data: bytes) -> None:
    sop, problems = read_sop(data, "sops/uji.yaml")
    assert sop is not None or problems
    assert all(problem.message and problem.source.line >= 1 for problem in problems)
    if sop is not None:
        check_sop(sop, {})


@fuzz
@given(st.one_of(mangled(OFFICE), st.sampled_from(BOMBS), st.binary(max_size=300)))
def test_the_office_file_is_read_or_its_mistakes_are_told(data: bytes) -> None:
    office, problems = read_office(data, "sopctl.yaml")
    assert office is not None or problems


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory, seed: Path, rooms: "type[Room]") -> "Room":
    """An office with one signed letter."""
    import shutil  # noqa: PLC0415 — beside its only use

    room = rooms(shutil.copytree(seed, tmp_path_factory.mktemp("fuzz") / "kantor"))
    room.approve(room.letter())
    return room


def answers(read: Callable[[], object]) -> None:
    """Let a reader answer: with a value, or with an error that owns its sentence and exit code."""
    with suppress(SopctlError):
        read()


@pytest.fixture(scope="module")
def instance(stored: "Room") -> bytes:
    return (stored.root / "data" / "instances" / "sk-tim" / "0000" / "sk-tim-1.json").read_bytes()


@fuzz
@given(data=st.data())
def test_a_case_is_read_or_told_to_be_damaged(instance: bytes, data: st.DataObject) -> None:
    fed = data.draw(st.one_of(mangled(instance), st.binary(max_size=200)))
    answers(lambda: case_json.decode(fed, Path("sk-tim-1.json"), "sk-tim-1"))


@fuzz
@given(data=st.data())
def test_the_ledger_and_the_register_are_read_or_told_to_be_damaged(
    stored: "Room", tmp_path: Path, data: st.DataObject
) -> None:
    for name, read in (
        (
            "ledger.jsonl",
            lambda path: [
                list(ledger_file.read_lines(path)),
                ledger_file.read_last_line(path),
                LedgerIndex(Workspace(tmp_path)).highest_letter_number("2026/semua.jsonl"),
                LedgerIndex(Workspace(tmp_path)).latest_event_lines("sk-tim-1"),
            ],
        ),
        ("agenda/2026/semua.jsonl", lambda path: [list(register.read_entries(path)), register.next_urut(path)]),
    ):
        path = tmp_path / "data" / "ledger.jsonl"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data.draw(mangled((stored.root / "data" / name).read_bytes())))
        answers(lambda read=read, path=path: read(path))  # type: ignore[misc]  # a default per round


TEMPLATE = (ROOT / "templates" / "disposisi.docx").read_bytes()


def rezipped(data: bytes, part: str, content: bytes) -> bytes:
    """A Word file with another content of one part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


PARTS = ("_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml", "word/footer3.xml")
"""What leads to the code at the foot of a Word file."""


@st.composite
def letters(draw: st.DrawFn) -> bytes:
    """A Word file of which a part on the way to its foot was mangled."""
    part = draw(st.sampled_from(PARTS))
    return rezipped(TEMPLATE, part, draw(mangled(zipfile.ZipFile(io.BytesIO(TEMPLATE)).read(part))))


@fuzz
@given(st.one_of(mangled(TEMPLATE), letters()))
def test_the_codes_at_the_foot_of_a_file_are_read_or_there_are_none(data: bytes) -> None:
    assert printed_codes(data) == ()  # a template bears none


BODY = zipfile.ZipFile(io.BytesIO(TEMPLATE)).read("word/document.xml")
ESCAPES = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__ }}",
    "{% for i in range(10**9) %}x{% endfor %}",
    "{{ 'x' * 10**9 }}",
    "{{ lipsum.__globals__ }}",
    "{% include '/etc/passwd' %}",
    "{{ subject.format.__globals__ }}",
    "{{ '%s'|format(subject.__class__) }}",
    "{{ 9**9**9 }}",
    "{% import 'os' as o %}",
    "{{ id|attr('__class__') }}",
    "{{ namespace.__init__ }}",
    "{% set x = [] %}{{ x.append(x) }}",
    "{{ range(10**8)|list }}",
    "{{ (1).to_bytes(6000000000, 'little') }}",
    "{{ '{:.1000000000f}'.format(1.5) }}",
    "{% set a = range(100000)|list %}" + "{% set a = a + a %}" * 14 + "{{ a }}",
    "{% set a = 'x' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "{% set a = [1] %}" + "{% set a = [a, a] %}" * 60 + "{{ a }}",
    "{{ range(100000)|join(range(100000)|join) }}",
    "{{ 2|round(200000000, 'floor') }}",
    "{% if 1 %}" * 200 + "{% endif %}" * 200,
    "{{ " + "(" * 400 + "1" + ")" * 400 + " }}",
    "{#" * 50_000,
    "{% autoescape false %}{{ '</w:t>' }}{% endautoescape %}",
    "<w:fldSimple w:instr='DDEAUTO x'/>",
)
HOSTILE = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
)


def template_files() -> st.SearchStrategy[bytes]:
    """A template whose zip, XML or tags were mangled."""
    tagged = st.sampled_from(ESCAPES).map(
        lambda tag: BODY.replace(b"<w:body>", f"<w:body><w:p><w:r><w:t>{tag}</w:t></w:r></w:p>".encode())
    )
    doctyped = st.sampled_from(HOSTILE).map(lambda head: head + BODY[BODY.index(b"?>") + 2 :])
    bodies = st.one_of(mangled(BODY), tagged, doctyped)
    return st.one_of(mangled(TEMPLATE), bodies.map(lambda body: rezipped(TEMPLATE, "word/document.xml", body)))


@fuzz
@given(template_files())
def test_a_template_is_filled_or_refused_and_never_reaches_the_machine(data: bytes) -> None:
    def load(name: str) -> bytes:
        return data if name == "disposisi.docx" else (ROOT / "templates" / name).read_bytes()

    def filled() -> None:
        written = Renderer(load).render(
            "disposisi.docx", {"subject": "x", "id": "y"}, created=datetime.now(UTC), title="t"
        )
        text = zipfile.ZipFile(io.BytesIO(written)).read("word/document.xml")
        assert b"root:" not in text
        assert b"&lt;class" not in text

    answers(filled)


BPMN = tuple(write_bpmn(sop) for data in (*SOPS, RARE.encode()) if (sop := read_sop(data, "sops/uji.yaml")[0]))
TAGS = (
    "task", "userTask", "callActivity", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "subProcess",
    "startEvent", "endEvent", "boundaryEvent", "textAnnotation", "dataObjectReference", "laneSet", "lane", "tidakAda",
)  # fmt: skip
KEYS = (
    "id",
    "name",
    "calledElement",
    "attachedToRef",
    "sourceRef",
    "targetRef",
    "no",
    "memutuskan",
    "jenis",
    "bersama",
)
VALUES = st.sampled_from(
    (
        *"abcdef",
        "",
        "ya",
        "sendiri",
        "null",
        "end",
        "'\"x",
        "a: b",
        "- [",
        "{a: 1}",
        "# periksa x",
        "1e3",
        "x" * 500,
        "\u202e",
    )
)


@st.composite
def bpmn_elements(draw: st.DrawFn, depth: int = 2) -> str:
    """An element with attributes of any kind, often a flow between two others or what sopctl itself writes in one."""
    tag = draw(st.sampled_from((*TAGS, *["sequenceFlow"] * 12)))
    attributes = "".join(f" {key}={quoteattr(draw(VALUES))}" for key in draw(st.sets(st.sampled_from(KEYS))))
    inner = "".join(draw(st.lists(bpmn_elements(depth - 1), max_size=3))) if depth else ""
    own = f"<s:langkah{attributes}/><s:output>{escape(draw(VALUES))}</s:output>" if draw(st.booleans()) else ""
    return f"<{tag}{attributes}><extensionElements>{own}</extensionElements>{inner}</{tag}>"


def bpmn_files() -> st.SearchStrategy[bytes]:
    """A BPMN file that was mangled, or whose elements are put together without sense."""
    head = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:s="urn:sopctl:sop:1"><process id="p">'
    )
    made = st.lists(bpmn_elements(), max_size=20).map(lambda parts: f"{head}{''.join(parts)}</process></definitions>")
    return st.one_of(*map(mangled, BPMN), made.map(str.encode), made.map(lambda text: text.encode("utf-16")))


@fuzz
@given(data=bpmn_files())
def test_a_bpmn_file_becomes_sops_that_are_read_or_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.bpmn"
    path.write_bytes(data)

    def taken() -> None:
        for draft in read_bpmn(path, "uji"):
            sop, problems = read_sop(confirm(write_sop(draft)).encode(), "sops/uji.yaml")
            assert sop is not None, problems

    answers(taken)


TEXTS = st.one_of(
    st.text(max_size=80),
    st.sampled_from(WORDS).map(lambda word: word.decode("utf-8", "surrogateescape")),
    st.text(st.characters(categories=["Cs", "Cc", "Cf"]), max_size=10),
    st.from_regex(r"[-+]?[0-9.,eE_]{1,400}", fullmatch=True),
)
TODAY = date(2026, 11, 27)
FIELDS = [
    Field(name="isi", label="Isi", type=type_,
          columns=(FieldColumn("nama"), FieldColumn("nip", "nip")) if type_ == "table" else (),
          choices=("ya", "tidak") if type_ == "choice" else (), source=Source("x", 1, 1))
    for type_ in ("text", "number", "date", "nip", "money", "list", "table", "choice")
]  # fmt: skip


@fuzz
@given(st.sampled_from(FIELDS), st.lists(TEXTS, min_size=1, max_size=3))
def test_what_is_typed_becomes_a_value_that_json_keeps_or_is_refused(field: Field, texts: list[str]) -> None:
    import msgspec  # noqa: PLC0415 — beside its only use

    def kept() -> None:
        value = parse_typed(field, texts, TODAY)
        assert msgspec.json.decode(msgspec.json.encode(value)) == value

    answers(kept)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)


@fuzz
@given(st.sampled_from(FIELDS), JSON)
def test_a_value_of_a_data_file_is_taken_or_refused(field: Field, value: object) -> None:
    answers(lambda: value_given(field, value, TODAY))


@fuzz
@given(
    st.one_of(
        TEXTS, st.lists(st.sampled_from(["nama", "nip", ",", ";", '"', "\n", "\r", "=1+1", "\x00", "PK"])).map("".join)
    )
)
def test_a_csv_is_read_or_refused(text: str) -> None:
    answers(lambda: parse_csv_table(FIELDS[6], text, TODAY))


PIECES = ("nilai", ">=", "75", "(", ")", "and", "not", "*", "**", "'x'", "|", ".", "[0]", "~", "9")
CONDITIONS = st.one_of(
    TEXTS,
    st.sampled_from(ESCAPES).map(lambda tag: tag.strip("{}% ")),
    st.lists(st.sampled_from(PIECES)).map(" ".join),
)


@fuzz
@given(CONDITIONS)
def test_a_condition_is_judged_or_explained_and_never_runs_away(text: str) -> None:
    if find_condition_error(text) is None:
        answer = evaluate_condition(text, {"nilai": 80, "teks": "x" * 1000})
        assert isinstance(answer, bool | str)


@fuzz
@given(TEXTS)
def test_a_waktu_is_understood_or_explained(text: str) -> None:
    parse_waktu(text)


@fuzz
@given(TEXTS)
def test_a_text_is_kept_without_control_characters_or_refused(text: str) -> None:
    def kept() -> None:
        plain = clean_text(text, "Isi")
        assert not any(letter < " " and letter not in "\n\t" for letter in plain)
        plain.encode()

    answers(kept)


@fuzz
@given(st.one_of(TEXTS, st.binary(max_size=80).map(lambda data: data.decode("latin-1"))))
def test_an_anchor_is_read_or_refused(text: str) -> None:
    answers(lambda: read_anchors(text))
