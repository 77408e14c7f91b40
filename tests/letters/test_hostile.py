"""Templates that somebody made to take the memory, the afternoon or the machine: each is refused with a sentence."""

import struct
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from sopctl.errors import WrongError
from sopctl.letters import render_budget
from sopctl.letters.render_budget import MOST_CHARACTERS, MOST_ROUNDS, RenderBudget
from sopctl.letters.renderer import Renderer

WordFile = Callable[..., bytes]
Lines = Callable[..., list[str]]
CountCalls = Callable[[Callable[[], object]], int]
Repack = Callable[[bytes, dict[str, bytes | None]], bytes]

AT = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
BODY = "word/document.xml"
CLOSED, LONG, DEEP, ENDLESS = "tertutup", "terlalu panjang", "bertingkat", "tidak ditutup"
MEGABYTES = 200
PART = 20
"""What part of the budget is given here: the work is bounded in proportion to it."""
CALLS = 2_500_000
"""Functions that are called at most while that part is spent."""
WHOLE = {"number-of-text", "quotients", "two-calls-each"}
"""Templates that get the whole budget: part of it would end them for another reason."""


def doubled(first: str, step: str, times: int, last: str = "{{ a | length }}") -> list[str]:
    return [f"{{% set a = {first} %}}", *[f"{{% set a = {step} %}}"] * times, last]


def around(begin: str, end: str, times: int) -> list[str]:
    return [begin * times + "x" + end * times]


MANY = "{% for i in range(9999) %}"
SOME = "{% for i in range(999) %}"
LETTERS = "'" + "a" * 32 + "'"
HOSTILE = {
    "method-of-number": (["{{ (1).to_bytes(6000000000, 'little') }}"], CLOSED),
    "format": (["{{ '{:.1000000000f}'.format(1.5) | length }}"], CLOSED),
    "format-of-item": (["{{ 'x'['format'](1) }}"], CLOSED),
    "method-of-list": (doubled("[1]", "a.extend(a)", 30), CLOSED),
    "method-unread": (["{{ nama.encode }}"], CLOSED),
    "tilde": (doubled(LETTERS, "a ~ a", 27), LONG),
    "plus": (doubled(LETTERS, "a + a", 27), LONG),
    "lists": (doubled("range(100000) | list", "a + a", 14), LONG),
    "set-block": (["{% set a %}" + "a" * 64 + "{% endset %}", *["{% set a %}{{ a }}{{ a }}{% endset %}"] * 25], LONG),
    "macro": (["{% macro m(x) %}{{ x }}{{ x }}{% endmacro %}", *doubled(LETTERS, "m(a)", 25)], LONG),
    "filter-block": (doubled(LETTERS, "a ~ a", 22, "{% filter upper %}{{ a }}{% endfilter %}"), LONG),
    "nested-lists": (doubled("[1]", "[a, a]", 40, "{{ a }}"), LONG),
    "nested-tuples": (doubled("(1,)", "(a, a)", 40, "{{ a | string }}"), LONG),
    "nested-tables": (doubled("{1: 1}", "{1: a, 2: a}", 40, "{{ a }}"), LONG),
    "join": (["{% set a = range(100000) | join %}{{ range(100000) | join(a) | length }}"], LONG),
    "join-of-one": (["{% set a = range(100000) | join %}{{ range(1000) | map('default', a) | join | length }}",
                     *doubled("range(100000) | join", "[a, a] | join", 20)], LONG),
    "long-loop": (["{% for a in range(99999) %}" + "x" * 2000 + "{% endfor %}"], LONG),
    "loop-of-tags": (["{% for a in range(99999) %}", *["{% if a %}x{% endif %}"] * 300, "{% endfor %}"], LONG),
    "calls-of-tags": (["{% macro m(a) %}" + "{% if a %}{% endif %}" * 300 + "{% endmacro %}",
                       SOME + "{% set b = m(i) %}{% endfor %}"], LONG),
    "much-to-a-call": (doubled(LETTERS, "a ~ a", 13, SOME + "{{ predikat(a, a) }}{% endfor %}"), LONG),
    "printed": (doubled(LETTERS, "a ~ a", 15, SOME + "{{ a }}{% endfor %}"), LONG),
    "joins": ([*doubled(LETTERS, "a ~ a", 13, "{% set b = [a] %}"), SOME + "{% set c = b | join %}{% endfor %}"], LONG),
    "join-of-defaults": (["{% set a = range(9999) | join %}",
                          "{{ range(9999) | map(attribute='x', default=a) | join | length }}"], LONG),
    "quotients": (["{% set a = ('f' ~ range(100000) | join) | int(0, 16) %}",
                   SOME + "{% set b = a // 7 %}{% endfor %}"], "bilangan terlalu besar"),
    "long-key": (doubled("(1,)", "a + a", 14, SOME + "{% set b = {1: 1}[a] %}{% endfor %}"), LONG),
    "ranges": ([SOME + "{% set a = range(99999) | sum %}{% endfor %}"], LONG),
    "comparisons": (doubled(LETTERS, "a ~ a", 14, MANY + "{% if a == a ~ '' %}{% endif %}{% endfor %}"), LONG),
    "in-a-list": (["{% set a = range(9999) | list %}" + MANY + "{% if 'x' in a %}{% endif %}{% endfor %}"], LONG),
    "tests": (["{% set a = range(9999) | list %}" + MANY + "{{ a | select('in', a) | length }}{% endfor %}"], LONG),
    "slices": (["{% set a = range(99999) | list %}" + MANY + "{% set b = a[:] %}{% endfor %}"], LONG),
    "refund": (["{{ [1] | map('once!', -10000000000) | list }}", MANY + "x" * 20_000 + "{% endfor %}"], LONG),
    "refund-of-rounds": (["{{ [[1]] | map('round!', -99999999) | list }}", MANY + "x" * 20_000 + "{% endfor %}"], LONG),
    "round": (["{{ 2 | round(200000000, 'floor') }}"], "`round` paling banyak"),
    "round-of-many": (["{{ [2] | map('round', 300000000, 'ceil') | list }}"], "`round` paling banyak"),
    "sum-of-lists": (["{{ [[1]] | sum(start=[]) }}"], "`sum` hanya untuk bilangan"),
    "large-number": (doubled("99999999999999999999", "a * a", 26), "bilangan terlalu besar"),
    "number-of-text": (["{{ ('f' ~ range(100000) | join) | int(0, 16) > 1 }}"], "bilangan terlalu besar"),
    "digits": (["{{ " + "9" * 1900 + " + 1 }}"], "bilangan terlalu besar"),
    "two-calls-each": (["{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(60) }}"],
                       "pengulangan terlalu banyak"),
    "recursive": (["{% for i in [1] recursive %}{{ loop([1, 2]) }}{% endfor %}"], "`for … recursive`"),
    "block-of-itself": (["{% block a %}{{ self.a() }}{% endblock %}"], "tanpa akhir"),
    "for-in-for": (around("{% for a in [1] %}", "{% endfor %}", 60), DEEP),
    "if-in-if": (around("{% if 1 %}", "{% endif %}", 200), DEEP),
    "fewer-for": (around("{% for a in [1] %}", "{% endfor %}", 25), DEEP),
    "brackets": (["{{ " + "(" * 400 + "1" + ")" * 400 + " }}"], DEEP),
    "signs": (["{{ " + "-" * 900 + "1 }}"], DEEP),
    "sums": (["{{ " + "+".join("1" * 500) + " }}"], DEEP),
    "long-tag": (["{{ '" + "a" * 100_000 + "' }}"], "lebih dari 2000 huruf"),
    "blanks": (["{% colspan " + " " * 1500 + "%x %}"], "banyak spasi"),
    "many-tags": (["{{ nama }}" * 100] * 51, "lebih dari 5000 tag"),
    "braces": (["{{" * 20_000], ENDLESS),
    "percents": (["{% " * 20_000], ENDLESS),
    "hashes": (["{#" * 100_000], ENDLESS),
    "brace-by-brace": (["{"] * 5_000, "bukan tag utuh"),
    "raw-text": (["{% autoescape false %}{{ '</w:t>' }}{% endautoescape %}"], "tidak diizinkan di templat"),
    "parent": (["{% block a %}{{ super() }}{% endblock %}"], "`super()` hanya di dalam blok"),
    "nothing-first": (["{{ ([] | first).x }}"], "daftarnya kosong"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_is_refused_soon(
    word_file: WordFile, count_calls: CountCalls, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    paragraphs, says = HOSTILE[name]
    part = 1 if name in WHOLE else PART
    monkeypatch.setattr(render_budget, "MOST_CHARACTERS", MOST_CHARACTERS // part)
    template = word_file(*paragraphs)
    refused: list[WrongError] = []

    def refuse() -> None:
        with pytest.raises(WrongError) as caught:
            render(template)
        refused.append(caught.value)

    calls = count_calls(refuse)
    assert refused[0].message.startswith("Templat a.docx: ")
    assert says in refused[0].message
    assert calls < CALLS * PART // part


def render(data: bytes) -> bytes:
    return Renderer({"a.docx": data}.__getitem__).render("a.docx", {"nama": "A & B"}, created=AT, title="Uji")


MEASURE = """
import re, sys
from datetime import datetime, UTC
from pathlib import Path
from sopctl.letters.renderer import Renderer
from sopctl.errors import WrongError
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        Renderer(path.parent).render(path.name, {"nama": "A"}, created=datetime.now(UTC), title="Uji")
    except WrongError:
        pass
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
"""
"""Prints MB at the peak. Not `ru_maxrss`: that survives an exec, so a child begins with its parent's size."""


@pytest.mark.skipif(sys.platform != "linux", reason="measures as Linux does")
def test_hostile_templates_take_little_memory(word_file: WordFile, tmp_path: Path) -> None:
    greedy = (
        "tilde",
        "plus",
        "lists",
        "set-block",
        "join",
        "nested-lists",
        "long-loop",
        "filter-block",
        "large-number",
        "printed",
    )
    for name in greedy:
        (tmp_path / f"{name}.docx").write_bytes(word_file(*HOSTILE[name][0]))
    (tmp_path / "bohong.docx").write_bytes(lying(word_file("x")))
    (tmp_path / "besar.docx").write_bytes(with_body(word_file("x"), b"<w:p/>" * 5_000_000))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path)], capture_output=True, text=True, check=True, timeout=120
    )
    assert int(done.stdout) < MEGABYTES


def with_body(data: bytes, xml: bytes) -> bytes:
    """A Word file with this as the beginning of its body."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(target, "w", ZIP_DEFLATED) as package:
        for name in source.namelist():
            content = source.read(name)
            package.writestr(name, content.replace(b"<w:body>", b"<w:body>" + xml) if name == BODY else content)
    return target.getvalue()


def lying(data: bytes) -> bytes:
    """A Word file whose zip says that a part of 300 MB has ten bytes."""
    size = 300_000_000
    target = BytesIO(data)
    with ZipFile(target, "a", ZIP_DEFLATED) as package:
        package.writestr("word/media/z.bin", bytes(size))
    return target.getvalue().replace(struct.pack("<L", size), struct.pack("<L", 10))


def test_what_a_template_may_say_goes_on_working(word_file: WordFile, lines: Lines) -> None:
    said = {
        "{% set s = 'Yth. ' ~ nama %}{{ s }}": "Yth. A & B",
        "{{ 'a' + 'b' }}{{ [1] + [2] }}": "ab[1, 2]",
        "{{ [3, 1, 2] | sort | join(', ') }}": "1, 2, 3",
        "{{ [nama, 'c'] | map('upper') | join('; ') }}": "A & B; C",
        "{{ [{'n': 1}, {'n': 2}] | sum(attribute='n') + 1 }}": "4",
        "{{ [1, 2, 3, 4] | select('even') | list }}": "[2, 4]",
        "{{ [1, 1, 2] | unique | join }}": "12",
        "{{ 2.345 | round(2) }} {{ 7 // 2 }} {{ 7 % 4 }} {{ 3 * 4 - 1 }}": "2.35 3 3 11",
        "{{ {'a': 1}['a'] }} {{ 'abc'[1:] }} {{ [1, 2, 3][-1] }}": "1 bc 3",
        "{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(nama) }}": "<A & B>",
        "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}x{% endcall %}": "[x]",
        "{% for i in 'ab' %}{{ loop.cycle('-', '+') }}{{ i }}{{ loop.changed(i) }}{% endfor %}": "-aya+bya",
        "{% for a, b in [(1, 2)] if a < b %}{{ a }}{{ loop.length }}{% else %}x{% endfor %}": "11",
        "{% with x = 1 %}{{ x }}{% endwith %}{% filter lower %}ABC{% endfilter %}": "1abc",
        "{% block a %}b{% endblock %}{{ self.a() }}": "bb",
        "{{ 'a' if nama else 'b' }}{{ 'x' in nama }}{{ nama is defined and nama != 'c' }}": "atidakya",
        "{# {{ dikeluarkan }} #}{{ terbilang(24) }}": "dua puluh empat",
        "{{ range(3) | list }}{{ predikat('Sesuai Ekspektasi', 'Sesuai Ekspektasi') }}": "[0, 1, 2]Baik",
    }
    assert lines(render(word_file(*said))) == list(said.values())


def test_a_long_letter_is_far_from_the_bounds(word_file: WordFile, lines: Lines) -> None:
    row = "{% for i in range(1000) %}" + "{{ i }}. {{ nama | default('–') | upper }} " * 20 + "{% endfor %}"
    assert len(lines(render(word_file(row)))[0]) > 200_000


def test_a_budget_gives_nothing_back_and_can_be_renewed() -> None:
    budget = RenderBudget()
    budget.count_round(-5)
    budget.count_round(1)
    assert (budget.rounds, budget.size) == (MOST_ROUNDS - 2, MOST_CHARACTERS - 1)
    budget.renew()
    assert (budget.rounds, budget.size) == (MOST_ROUNDS, MOST_CHARACTERS)


# The zip and its parts.

RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"


def relation(kind: str, target: str, *, outside: bool = True, office: str = OFFICE) -> bytes:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="rIdX" Type="{office}/{kind}" Target="{target}"{mode}/>'.encode()


@pytest.mark.parametrize(
    ("added", "says"),
    [
        pytest.param(relation("image", "file:///etc/passwd"), "mengambil gambar dari luar", id="image"),
        pytest.param(relation("image", "http://x.example/a.png"), "Break Link", id="image-of-the-web"),
        pytest.param(relation("attachedTemplate", "http://x.example/x.dotm"), "menaut templat lain", id="template"),
        pytest.param(relation("oleObject", "file:///x.xlsx"), "objek tertanam", id="linked-object"),
        pytest.param(relation("oleObject", "ole.bin", outside=False), "objek tertanam", id="object"),
        pytest.param(relation("control", "activeX1.xml", outside=False), "objek tertanam", id="control"),
        pytest.param(relation("package", "a.xlsx", outside=False), "objek tertanam", id="package"),
        pytest.param(relation("aFChunk", "a.html", outside=False), "menyisipkan dokumen lain", id="chunk"),
        pytest.param(relation("subDocument", "b.docx"), "menyisipkan dokumen lain", id="subdocument"),
        pytest.param(relation("vbaProject", "v.bin", outside=False, office=MICROSOFT), "makro", id="macros"),
        pytest.param(relation("mailMergeSource", "file:///a.mdb"), "mengambil isi dari luar", id="merge-source"),
        pytest.param(relation("tidakDikenal", "http://x.example/"), "mengambil isi dari luar", id="unknown-kind"),
    ],
)
@pytest.mark.parametrize("part", ["word/_rels/document.xml.rels", "word/_rels/settings.xml.rels"])
def test_what_word_would_fetch_or_start_is_refused(
    word_file: WordFile, repack: Repack, added: bytes, says: str, part: str
) -> None:
    data = word_file("x")
    with ZipFile(BytesIO(data)) as whole:
        kept = whole.read(part) if part in whole.namelist() else RELATIONS % b""
    with pytest.raises(WrongError, match=says):
        render(repack(data, {part: kept.replace(b"</Relationships>", added + b"</Relationships>")}))


def test_a_link_to_click_on_is_no_fault(word_file: WordFile, repack: Repack) -> None:
    data = word_file("x")
    part = "word/_rels/document.xml.rels"
    kept = ZipFile(BytesIO(data)).read(part)
    link = relation("hyperlink", "https://kalbarprov.go.id/")
    assert render(repack(data, {part: kept.replace(b"</Relationships>", link + b"</Relationships>")}))


def field(*instructions: str) -> bytes:
    """A field whose instruction lies in so many runs."""
    runs = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in instructions)
    return f"<w:p>{mark('begin')}{runs}{mark('separate')}<w:r><w:t>1</w:t></w:r>{mark('end')}</w:p>".encode()


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def within(outer: str, inner: bytes) -> bytes:
    middle = inner.removeprefix(b"<w:p>").removesuffix(b"</w:p>")
    return field(outer, "§").replace("<w:r><w:instrText>§</w:instrText></w:r>".encode(), middle)


def simple(instruction: str) -> bytes:
    return f'<w:p><w:fldSimple w:instr="{instruction}"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>'.encode()


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        pytest.param(field("DDEAUTO c:\\windows\\cmd.exe"), "DDEAUTO", id="dde"),
        pytest.param(field("DD", "EAUTO c:\\x"), "DDEAUTO", id="dde-in-two-runs"),
        pytest.param(simple(" includetext &quot;file:///etc/passwd&quot;"), "includetext", id="includetext"),
        pytest.param(field(" INCLUDEPICTURE \\d"), "INCLUDEPICTURE", id="includepicture"),
        pytest.param(field("LINK Excel.Sheet"), "LINK", id="link"),
        pytest.param(field("MACROBUTTON Mulai"), "MACROBUTTON", id="macrobutton"),
        pytest.param(field("{{ nama }}"), "nama", id="made-by-a-tag"),
        pytest.param(field("D{# x #}DEAUTO x"), "DEAUTO", id="hidden-by-a-comment"),
        pytest.param(within("", field("QUOTE 68 68 69")), "tanpa nama", id="made-by-a-field"),
        pytest.param(within("IF 1 = 1", field("DDEAUTO x")), "DDEAUTO", id="within-another"),
        pytest.param(b"<w:p><w:r><w:instrText>DDE x</w:instrText></w:r></w:p>", "DDE", id="never-begun"),
    ],
)
def test_a_field_that_fetches_or_starts_something_is_refused(word_file: WordFile, body: bytes, shown: str) -> None:
    with pytest.raises(WrongError, match="field Word") as caught:
        render(with_body(word_file("x"), body))
    assert shown in caught.value.message
    assert "Ctrl+Shift+F9" in caught.value.message


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(field(" PAGE \\* MERGEFORMAT "), id="page"),
        pytest.param(simple(" NUMPAGES "), id="pages"),
        pytest.param(field("=", " 1 + 1"), id="sum"),
        pytest.param(within("IF ", field("PAGE")), id="page-in-a-condition"),
        pytest.param(field('HYPERLINK "https://kalbarprov.go.id/"'), id="link-to-click-on"),
    ],
)
def test_a_field_about_the_document_itself_is_no_fault(word_file: WordFile, body: bytes) -> None:
    assert b"instr" in ZipFile(BytesIO(render(with_body(word_file("x"), body)))).read(BODY)


def test_a_letter_is_looked_at_too_for_a_tag_may_take_the_harmless_part_away(word_file: WordFile) -> None:
    hidden = f"<w:p>{mark('begin')}</w:p>".encode()
    for paragraph in ("<w:t>{%p if not nama %}</w:t>", "<w:instrText>PAGE </w:instrText>", "<w:t>{%p endif %}</w:t>"):
        hidden += f"<w:p><w:r>{paragraph}</w:r></w:p>".encode()
    hidden += f"<w:p><w:r><w:instrText>DDEAUTO x</w:instrText></w:r>{mark('end')}</w:p>".encode()
    with pytest.raises(WrongError, match="field Word `DDEAUTO x`"):
        render(with_body(word_file("x"), hidden))


def renamed(data: bytes) -> dict[str, bytes | None]:
    """The main part under a name that does not look like XML, with an entity of its own."""
    whole = ZipFile(BytesIO(data))
    xml = whole.read(BODY)
    head = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return {
        "word/evil.dat": head + xml[xml.index(b"?>") + 2 :].replace(b">x<", b">&x;<"),
        "_rels/.rels": whole.read("_rels/.rels").replace(b"word/document.xml", b"word/evil.dat"),
        "[Content_Types].xml": whole.read("[Content_Types].xml").replace(b"/word/document.xml", b"/word/evil.dat"),
    }


NAMESPACE = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        pytest.param({BODY: b"<w:document " + NAMESPACE + b"/>"}, "isi dokumen Word rusak", id="no-body-in-it"),
        pytest.param({"word/a.bin": "<!DOCTYPE a><a/>".encode("utf-16")}, "DTD", id="dtd-under-another-name"),
        pytest.param({"word/a.xml": b"<a>" + b"<b/>" * 100_000 + b"</a>"}, "terlalu besar", id="many-elements"),
        pytest.param({"word/a.xml": b"<a>" + b"x" * 5_000_000 + b"</a>"}, "terlalu besar", id="much-xml"),
        pytest.param(
            {"word/settings.xml": b"<w:settings " + NAMESPACE + b"><w:mailMerge/></w:settings>"},
            "Mail Merge",
            id="mail-merge",
        ),
    ],
)
def test_every_part_that_reads_as_xml_is_looked_at(
    word_file: WordFile, repack: Repack, parts: dict[str, bytes | None], says: str
) -> None:
    with pytest.raises(WrongError, match=says):
        render(repack(word_file("x"), parts))


def test_a_main_part_under_another_name_hides_no_entities(word_file: WordFile, repack: Repack) -> None:
    data = word_file("x")
    with pytest.raises(WrongError, match=r"DTD atau entitas XML di word/evil\.dat"):
        render(repack(data, renamed(data)))


def test_a_zip_that_lies_about_a_size_or_has_a_part_twice_is_no_word_file(word_file: WordFile) -> None:
    twice = BytesIO(word_file("x"))
    with ZipFile(twice, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr(BODY, b"<a/>")
    for data in (lying(word_file("x")), twice.getvalue()):
        with pytest.raises(WrongError, match="bukan dokumen Word"):
            render(data)


def test_properties_at_the_end_of_a_cell_are_refused(word_file: WordFile) -> None:
    cell = b"<w:p><w:r><w:t>{% vm %}</w:t></w:r></w:p><w:tcPr></w:tcPr>" + b"<w:p/>" * 5000
    with pytest.raises(WrongError, match="sel tabel yang rusak"):
        render(with_body(word_file("x"), b"<w:tbl><w:tr><w:tc>" + cell + b"</w:tc></w:tr></w:tbl>"))


def test_a_column_span_that_is_no_number_is_refused(word_file: WordFile) -> None:
    cell = b"<w:tc><w:tcPr><w:tcW w:w='1'/></w:tcPr><w:p><w:r><w:t>{% colspan 'x' %}a</w:t></w:r></w:p></w:tc>"
    table = b"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>" + cell + b"</w:tr></w:tbl>"
    with pytest.raises(WrongError, match="bukan bilangan"):
        render(with_body(word_file("x"), table))


def test_a_fragment_that_many_others_include_is_read_once(word_file: WordFile) -> None:
    files = {f"{n}.docx": word_file(*[f'{{%p include "{n + 1}.docx" %}}'] * 2) for n in range(30)}
    files |= {"banyak.docx": word_file('{%p include "0.docx" %}'), "30.docx": word_file("x")}
    loaded: list[str] = []

    def load(name: str) -> bytes:
        loaded.append(name)
        return files[name]

    assert len(Renderer(load).load_compiled("banyak.docx").parts[0].sources) == len(files)
    assert len(loaded) < 3 * len(files)


def test_what_is_forbidden_in_a_fragment_names_the_fragment_and_its_paragraph(word_file: WordFile) -> None:
    fragment = word_file("satu", "{% autoescape false %}{{ nama }}{% endautoescape %}")
    files = {"a.docx": word_file("x", "y", '{%p include "b.docx" %}'), "b.docx": fragment}
    with pytest.raises(WrongError, match=r"^Templat b\.docx: tag ini tidak diizinkan di templat\. Paragraf: “{% autoe"):
        Renderer(files.__getitem__).load_compiled("a.docx")
