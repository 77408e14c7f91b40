import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from sopctl.errors import NotFoundError, WrongError
from sopctl.letters import template_filler
from sopctl.letters.compiled_template import CompiledTemplate
from sopctl.letters.renderer import Renderer
from sopctl.letters.template_sandbox import printed_text
from sopctl.word.printed_values import Blank, Picture
from sopctl.word.zip_package import deflate_entry, write_zip

WordFile = Callable[..., bytes]
Lines = Callable[..., list[str]]
Repack = Callable[[bytes, dict[str, bytes | None]], bytes]

AT = datetime(2026, 11, 24, 10, 30, tzinfo=timezone(timedelta(hours=7)))
BODY = "word/document.xml"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c6360606000000004000127340a6e0000000049454e44ae426082"
)


def render(files: dict[str, bytes], context: dict[str, object]) -> bytes:
    return Renderer(files.__getitem__).render("a.docx", context, created=AT, title="Uji & coba")


@pytest.fixture
def refusal(word_file: WordFile) -> Callable[..., str]:
    """What is said to the author of a template of these paragraphs."""

    def said(*paragraphs: str, **fragments: bytes) -> str:
        files = {"a.docx": word_file(*paragraphs)} | {f"{name}.docx": data for name, data in fragments.items()}
        with pytest.raises(WrongError) as caught:
            render(files, {"daftar": ["x"] * 10, "nama": "A"})
        return caught.value.message

    return said


@pytest.mark.parametrize(
    ("paragraph", "says"),
    [
        pytest.param("Yth. {{ nmaa }}", "variabel `nmaa` tidak dikenal. Paragraf: “Yth. {{ nmaa }}”.", id="variable"),
        pytest.param("{{ nama.gelar }}", "`gelar` tidak ada pada nilai itu", id="attribute"),
        pytest.param("{% if nama %}", "tag `if` belum ditutup dengan {% endif %}", id="open-block"),
        pytest.param("{{ nama", "tidak ditutup di paragrafnya sendiri. Paragraf: “{{ nama”.", id="open-braces"),
        pytest.param("nama }}", "tidak ditutup di paragrafnya sendiri", id="closing-braces"),
        pytest.param("{% jika nama %}", "tag `jika` tidak dikenal", id="unknown-tag"),
        pytest.param("{% endif %}", "tag `endif` tidak dikenal atau tidak pada tempatnya", id="misplaced-tag"),
        pytest.param("{{ nama nama }}", "penulisan tag salah di dekat `nama`", id="syntax"),
        pytest.param("{{ nama | rapikan }}", "filter `rapikan` tidak ada", id="unknown-filter"),
        pytest.param("{% if nama is rapi %}x{% endif %}", "uji `rapi` tidak ada", id="unknown-test"),
        pytest.param("{{ nama | safe }}", "filter `safe` tidak ada", id="no-raw-xml"),
        pytest.param("Teks {%p if nama %}", "harus berdiri sendiri", id="text-beside-a-paragraph-tag"),
        pytest.param("{{ nama + 1 }}", "tidak sejenis", id="type"),
        pytest.param("{{ 1 / 0 }}", "membagi dengan nol", id="division"),
        pytest.param('{%p include "tidak-ada.docx" %}', "tidak-ada.docx: file tidak ada", id="missing-fragment"),
        pytest.param('{%p include "../a.docx" %}', "tidak boleh memuat folder", id="fragment-outside"),
        pytest.param("{%p include nama %}", "sisipan hanya dengan", id="fragment-by-variable"),
        pytest.param('{%p include "a.docx" %}', "menyisipkan dirinya sendiri", id="fragment-of-itself"),
        pytest.param('{%p extends "a.docx" %}', "sisipan hanya dengan", id="extends"),
        pytest.param("{{ nama.__class__ }}", "`__class__` tertutup", id="private-attribute"),
        pytest.param("{{ nama.upper() }}", "tertutup bagi templat", id="method-of-text"),
        pytest.param("{{ 'x' * 99999999 }}", "`*` hanya untuk bilangan", id="much-text"),
        pytest.param("{{ 9 ** 9 ** 9 }}", "`**` tidak diizinkan", id="power"),
        pytest.param("{{ '%99999999d' % 1 }}", "`%` hanya untuk bilangan", id="format"),
        pytest.param("{% for i in range(999999999) %}x{% endfor %}", "`range` terlalu panjang", id="huge-range"),
        pytest.param(
            "{% for i in range(9999) %}{% for k in range(9999) %}{% endfor %}{% endfor %}",
            "pengulangan terlalu banyak",
            id="nested-ranges",
        ),
        pytest.param("{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}", "tanpa akhir", id="endless-macro"),
        pytest.param(
            "{% for a in daftar %}" * 8 + "x" + "{% endfor %}" * 8, "pengulangan terlalu banyak", id="nested-lists"
        ),
    ],
)
def test_a_bad_tag_is_named_with_its_template(
    refusal: Callable[..., str], count_calls: Callable[[Callable[[], object]], int], paragraph: str, says: str
) -> None:
    messages: list[str] = []
    assert count_calls(lambda: messages.append(refusal("Kepala surat", paragraph, "Penutup"))) < 4_000_000
    (message,) = messages
    assert says in message
    assert message.startswith("Templat ")
    assert "Traceback" not in message


def test_a_fault_in_a_fragment_names_the_fragment(refusal: Callable[..., str], word_file: WordFile) -> None:
    message = refusal('{%p include "kop.docx" %}', kop=word_file("Kepada", "Yth. {{ yht }}"))
    assert message == "Templat kop.docx: variabel `yht` tidak dikenal. Paragraf: “Yth. {{ yht }}”."


def test_fragments_cannot_include_each_other_in_a_ring(refusal: Callable[..., str], word_file: WordFile) -> None:
    ring = {"b": word_file('{%p include "c.docx" %}'), "c": word_file('{%p include "b.docx" %}')}
    assert "menyisipkan dirinya sendiri" in refusal('{%p include "b.docx" %}', **ring)


def test_a_fragment_sees_what_the_template_sees_and_sets(word_file: WordFile, lines: Lines) -> None:
    files = {
        "a.docx": word_file("{%p set sapaan = 'Yth.' %}", '{%p include "b.docx" %}', "Isi"),
        "b.docx": word_file("{{ sapaan }} {{ nama }}"),
    }
    assert lines(render(files, {"nama": "A & B"})) == ["Yth. A & B", "Isi"]


def test_a_picture_in_a_fragment_comes_along(word_file: WordFile) -> None:
    fragment = Document()
    fragment.add_paragraph().add_run().add_picture(BytesIO(PNG))
    target = BytesIO()
    fragment.save(target)
    data = render({"a.docx": word_file('{%p include "b.docx" %}'), "b.docx": target.getvalue()}, {})
    assert ZipFile(BytesIO(data)).read("word/media/image1.png") == PNG
    assert len(Document(BytesIO(data)).inline_shapes) == 1


def test_numbering_of_word_is_refused_in_a_fragment(refusal: Callable[..., str]) -> None:
    fragment = Document()
    numbered = fragment.add_paragraph("Butir")
    numbered._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001 — python-docx offers no other way
    target = BytesIO()
    fragment.save(target)
    assert "penomoran otomatis" in refusal('{%p include "b.docx" %}', b=target.getvalue())


@pytest.mark.parametrize("value", ["{{ 7*7 }}", "{% raw %}", "{_{ x }_}", "{{ nama }}", "{# x #}", "&lt;b&gt;", "]]>"])
def test_a_value_is_never_read_as_a_tag(word_file: WordFile, lines: Lines, value: str) -> None:
    assert lines(render({"a.docx": word_file("[{{ nama }}]")}, {"nama": value})) == [f"[{value}]"]


def test_line_breaks_are_line_breaks_in_every_spelling(word_file: WordFile, lines: Lines) -> None:
    data = render({"a.docx": word_file("{{ nama }}")}, {"nama": "a\nb\r\nc\rd\u2028e\x0bf"})
    assert lines(data) == ["a\nb\nc\nd\ne\nf"]


@given(st.text())
def test_any_text_can_be_printed(value: str) -> None:
    printed = printed_text(value)
    printed.encode()
    assert not [sign for sign in printed if ord(sign) < 32 and sign not in "\t\n"]


@pytest.mark.parametrize(
    ("value", "printed"),
    [(None, "–"), (True, "ya"), (False, "tidak"), (Blank("x", 3), "………"), (7, "7"), ("\ud800", "\ufffd")],
)
def test_what_is_no_text_prints_as_people_write_it(value: object, printed: str) -> None:
    assert printed_text(value) == printed


def test_a_loop_over_table_rows_that_ends_up_empty_leaves_a_sound_cell() -> None:
    document = Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "{%p for x in kosong %}"
    cell.add_paragraph("{{ x }}")
    cell.add_paragraph("{%p endfor %}")
    target = BytesIO()
    document.save(target)
    data = render({"a.docx": target.getvalue()}, {})
    assert [len(each.paragraphs) for each in Document(BytesIO(data)).tables[0].row_cells(0)] == [1]


def test_a_tag_that_cuts_a_table_is_refused() -> None:
    document = Document()
    document.add_table(1, 1).cell(0, 0).text = "{%tr if nama %}"
    document.add_paragraph("{%p endif %}")
    document.add_table(1, 1).cell(0, 0).text = "{%p if nama %}x"
    target = BytesIO()
    document.save(target)
    with pytest.raises(WrongError):
        render({"a.docx": target.getvalue()}, {"nama": "A"})


def test_the_properties_say_what_the_record_says(word_file: WordFile) -> None:
    properties = Document(BytesIO(render({"a.docx": word_file("x")}, {}))).core_properties
    assert (properties.title, properties.author, properties.revision) == ("Uji & coba", "sopctl", 1)
    assert properties.created == properties.modified == datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


def test_the_package_is_in_order_and_without_a_clock(word_file: WordFile) -> None:
    entries = ZipFile(BytesIO(render({"a.docx": word_file("x")}, {}))).infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert entries[0].filename == "[Content_Types].xml"


def test_packing_again_changes_nothing(word_file: WordFile) -> None:
    def packed(data: bytes) -> bytes:
        with ZipFile(BytesIO(data)) as package:
            return write_zip(deflate_entry(name, package.read(name)) for name in package.namelist())

    once = packed(word_file("x"))
    assert packed(once) == once


def bomb() -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        package.writestr(BODY, bytes(65 * 1024 * 1024))
    return target.getvalue()


def crowd() -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as package:
        for number in range(1001):
            package.writestr(f"word/{number}.xml", b"")
    return target.getvalue()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(lambda _: b"", "bukan dokumen Word", id="empty"),
        pytest.param(lambda _: b"Halo", "bukan dokumen Word", id="text"),
        pytest.param(lambda good: good[:-40], "bukan dokumen Word", id="cut-short"),
        pytest.param(lambda good: good[:3000] + bytes(200) + good[3200:], "bukan dokumen Word", id="damaged"),
        pytest.param(lambda _: bomb(), "terlalu besar", id="zip-bomb"),
        pytest.param(lambda _: crowd(), "terlalu besar", id="too-many-entries"),
    ],
)
def test_what_is_no_word_file_is_refused(word_file: WordFile, make: Callable[[bytes], bytes], says: str) -> None:
    with pytest.raises(WrongError, match=says):
        render({"a.docx": make(word_file("x"))}, {})


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        pytest.param({BODY: None}, "bukan dokumen Word", id="no-body"),
        pytest.param({BODY: b"<w:document"}, "rusak", id="broken-xml"),
        pytest.param({"[Content_Types].xml": None}, "tidak ada", id="no-content-types"),
        pytest.param({BODY: b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "DTD", id="entities"),
        pytest.param({BODY: "<!DOCTYPE a><a/>".encode("utf-16")}, "DTD", id="entities-in-utf-16"),
        pytest.param({"word/styles.xml": b"<!DOCTYPE a><a/>"}, "DTD", id="dtd-in-another-part"),
    ],
)
def test_a_package_with_bad_parts_is_refused(
    word_file: WordFile, repack: Repack, parts: dict[str, bytes | None], says: str
) -> None:
    with pytest.raises(WrongError, match=says):
        render({"a.docx": repack(word_file("x"), parts)}, {})


def test_a_tag_in_a_footnote_is_refused_for_nothing_fills_it_in(word_file: WordFile, repack: Repack) -> None:
    types = b"application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    whole = ZipFile(BytesIO(word_file("x")))
    parts: dict[str, bytes | None] = {
        "word/footnotes.xml": b"<a><t>{{ nama }}</t></a>",
        "[Content_Types].xml": whole.read("[Content_Types].xml").replace(
            b"</Types>", b'<Override PartName="/word/footnotes.xml" ContentType="' + types + b'"/></Types>'
        ),
        "word/_rels/document.xml.rels": whole.read("word/_rels/document.xml.rels").replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Target="footnotes.xml" '
            b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"/></Relationships>',
        ),
    }
    with pytest.raises(WrongError, match="catatan kaki"):
        render({"a.docx": repack(word_file("x"), parts)}, {})


def test_a_missing_picture_is_refused_by_name(repack: Repack) -> None:
    document = Document()
    document.add_paragraph().add_run().add_picture(BytesIO(PNG))
    target = BytesIO()
    document.save(target)
    with pytest.raises(WrongError, match=r"bagian word/media/image1\.png tidak ada"):
        render({"a.docx": repack(target.getvalue(), {"word/media/image1.png": None})}, {})


def test_a_logo_that_is_no_picture_is_refused(word_file: WordFile) -> None:
    with pytest.raises(WrongError, match="gambar tidak dikenal"):
        render({"a.docx": word_file("{{ logo }}")}, {"logo": Picture(b"bukan gambar")})


@pytest.mark.parametrize("error", [KeyError("a"), FileNotFoundError("a"), NotFoundError("a")])
def test_a_template_that_is_not_there_is_refused(error: Exception) -> None:
    def load(_: str) -> bytes:
        raise error

    with pytest.raises(WrongError, match=r"a\.docx: file tidak ada"):
        Renderer(load).render("a.docx", {}, created=AT, title="")


def test_the_door_to_this_room_loads_no_word_and_no_jinja() -> None:
    script = (
        "import sys, sopctl.letters.renderer, sopctl.letters.move_context, sopctl.letters.template_check;"
        "print([name for name in ('jinja2', 'docx', 'docxtpl', 'num2words', 'lxml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_thread_makes_a_template_ready_once_and_a_changed_one_anew(
    word_file: WordFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[CompiledTemplate] = []
    ready = template_filler.TemplateFiller

    def count(compiled: CompiledTemplate) -> template_filler.TemplateFiller:
        made.append(compiled)
        return ready(compiled)

    def write(text: str) -> bytes:
        files = {"sekali-siap.docx": word_file(text)}
        return Renderer(files.__getitem__).render("sekali-siap.docx", {"nama": "A"}, created=AT, title="Uji")

    monkeypatch.setattr(template_filler, "TemplateFiller", count)
    assert write("{{ nama }}") == write("{{ nama }}")
    assert len(made) == 1
    write("{{ nama }}!")
    assert len(made) == 2
