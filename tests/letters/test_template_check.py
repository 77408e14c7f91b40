import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document

from sopctl.errors import WrongError
from sopctl.letters.context import Agenda
from sopctl.letters.renderer import Renderer
from sopctl.letters.template_check import check_template, template_flaws, template_notes
from sopctl.letters.template_files import folder_loader
from sopctl.sop.decode import read_sop
from sopctl.word.zip_package import inflate_entry

TEMPLATES = Path(__file__).parents[2] / "templates"
_NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'

WordFile = Callable[..., bytes]
Repack = Callable[[bytes, dict[str, bytes | None]], bytes]

FORM = """
id: uji
nama: Uji
pelaksana: {staf: Staf}
fields:
  tugas: {label: Tugas, step: susun}
  bentuk: {label: Bentuk, type: choice, choices: [A, B], step: susun}
  lain: {label: Lain, step: kirim}
documents:
  surat: {template: a.docx, instead: {field: bentuk, is: B, template: b.docx}}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: staf, document: surat}
  - {id: kirim, kegiatan: Mengirim, pelaksana: staf}
"""


def test_variables_are_those_of_the_template_and_its_fragments(word_file: WordFile) -> None:
    files = {
        "a.docx": word_file("{{ subject }} {% for a in anggota %}{{ a.nama }}{% endfor %}", '{%p include "b.docx" %}'),
        "b.docx": word_file("{{ instansi.nama }}"),
    }
    assert Renderer(files.__getitem__).load_compiled("a.docx").names == {"subject", "anggota", "instansi"}


@pytest.mark.parametrize(
    ("paragraph", "fields", "says"),
    [
        pytest.param("{{ subject }} {{ tugas }}", {"tugas"}, [], id="known"),
        pytest.param("{{ terbilang(1) }} {{ kosong }}", set(), [], id="given-to-all"),
        pytest.param("{% if tugas is defined %}{{ tugas }}{% endif %}", set(), [], id="asked-first"),
        pytest.param("{{ tugas | default(kosong) }}", set(), [], id="has-a-default"),
        pytest.param("{% if x %}{% set y = 1 %}{% endif %}{{ y }}", {"x"}, [], id="set-by-itself"),
        pytest.param("{{ tugs }}", {"tugas"}, ["`tugs` tidak dikenal. Maksudnya `tugas`?"], id="near-miss"),
        pytest.param("{{ zzzzzz }}", set(), ["Tambahkan di `fields` SOP"], id="nothing-near"),
        pytest.param("{{ qqq }} {{ zzzzzz }}", set(), ["`qqq`", "`zzzzzz`"], id="all-at-once"),
        pytest.param("{{ nama", set(), ["tidak ditutup"], id="syntax"),
        pytest.param('{%p include "x.docx" %}', set(), ["x.docx: file tidak ada"], id="no-fragment"),
    ],
)
def test_check_says_everything_that_is_wrong(
    word_file: WordFile, paragraph: str, fields: set[str], says: list[str]
) -> None:
    found = check_template("a.docx", Renderer({"a.docx": word_file(paragraph)}.__getitem__), fields)
    assert len(found) == len(says)
    for sentence, part in zip(found, says, strict=True):
        assert part in sentence


def test_a_register_has_none_of_the_names_of_a_letter(word_file: WordFile) -> None:
    renderer = Renderer({"agenda.docx": word_file("{{ tahun }} {{ signer.nama }}")}.__getitem__)
    (found,) = check_template("agenda.docx", renderer, (), Agenda)
    assert "variabel `signer` tidak dikenal" in found


def test_variables_of_a_broken_file_cannot_be_told() -> None:
    with pytest.raises(WrongError):
        Renderer({"a.docx": b"rusak"}.__getitem__).load_compiled("a.docx")


@pytest.mark.parametrize(
    ("paragraph", "told"),
    [
        pytest.param("{{ subject }}", True, id="none"),
        pytest.param("{{ lain }} {{ bentuk }}", True, id="of-another-step-or-the-form"),
        pytest.param("{{ tugas }}", False, id="one"),
        pytest.param("{% for f in filled %}{{ f.label }}{% endfor %}", False, id="all"),
        pytest.param('{%p include "c.docx" %}', False, id="in-a-fragment"),
    ],
)
@pytest.mark.parametrize("name", ["a.docx", "b.docx"])
def test_a_letter_that_prints_no_field_of_its_step_is_told(
    word_file: WordFile, paragraph: str, name: str, *, told: bool
) -> None:
    sop, problems = read_sop(FORM.encode(), "sops/uji.yaml")
    assert sop is not None, problems
    renderer = Renderer({name: word_file(paragraph), "c.docx": word_file("{{ tugas }}")}.__getitem__)
    notes = template_notes(name, renderer, [sop])
    told_of = [f"{name} tidak mencetak satu pun isian" in note and note.count("tugas") == 2 for note in notes]
    assert told_of == [True] * told
    assert not check_template(name, renderer, sop.fields)


@pytest.mark.parametrize(
    ("kind", "xml", "says"),
    [
        pytest.param(
            "paragraph", '<w:p><w:pPr><w:pStyle w:val="X"/></w:pPr></w:p>', "gaya paragraf “X”", id="paragraph"
        ),
        pytest.param(
            "character",
            '<w:p><w:r><w:rPr><w:rStyle w:val="X"/></w:rPr><w:t>a</w:t></w:r></w:p>',
            "gaya huruf “X”",
            id="run",
        ),
        pytest.param(
            "table",
            '<w:tbl><w:tblPr><w:tblStyle w:val="X"/></w:tblPr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>',
            "gaya tabel “X”",
            id="table",
        ),
    ],
)
def test_a_style_that_the_template_does_not_define_is_refused_also_in_what_it_includes(
    word_file: WordFile, repack: Repack, kind: str, xml: str, says: str
) -> None:
    def edited(data: bytes, part: str, before: str, added: str) -> bytes:
        with ZipFile(BytesIO(data)) as package:
            return repack(data, {part: package.read(part).decode().replace(before, added + before, 1).encode()})

    style = f'<w:style w:type="{kind}" w:styleId="X"><w:name w:val="X"/></w:style>'
    plain = word_file("{{ subject }}")
    uses = edited(plain, "word/document.xml", "<w:sectPr", xml)
    files = {
        "uses.docx": uses,
        "defines.docx": edited(uses, "word/styles.xml", "</w:styles>", style),
        "includes.docx": word_file('{%p include "uses.docx" %}'),
        "brings.docx": word_file('{%p include "defines.docx" %}'),
    }
    renderer = Renderer(files.__getitem__)
    (own,), (included,) = (template_flaws(name, renderer) for name in ("uses.docx", "includes.docx"))
    assert (says in own, says in included, "uses.docx" in included) == (True, True, True)
    assert (template_flaws("defines.docx", renderer), template_flaws("brings.docx", renderer)) == ((), ())
    assert check_template("uses.docx", renderer, ()) == ()
    letter = renderer.render("brings.docx", {"subject": "x"}, created=datetime(2026, 11, 24, tzinfo=UTC), title="x")
    assert style in ZipFile(BytesIO(letter)).read("word/styles.xml").decode()


@pytest.mark.parametrize("tag", ["ins", "del", "moveFrom"])
def test_tracked_changes_are_told_once_also_in_what_is_included(word_file: WordFile, repack: Repack, tag: str) -> None:
    plain = word_file("{{ subject }}")
    text = ZipFile(BytesIO(plain)).read("word/document.xml").decode()
    change = f'<w:p><w:{tag} w:id="1" w:author="x"><w:r><w:t>a</w:t></w:r></w:{tag}></w:p>'
    tracked = repack(plain, {"word/document.xml": text.replace("<w:sectPr", f"{change * 2}<w:sectPr", 1).encode()})
    files = {"a.docx": tracked, "b.docx": word_file('{%p include "a.docx" %}'), "c.docx": plain}
    flaws = [template_flaws(name, Renderer(files.__getitem__)) for name in files]
    assert [["Track Changes" in one for one in found] for found in flaws] == [[True], [True], []]


def test_a_blank_file_gets_the_styles_of_what_it_includes_with_those_that_they_are_based_on(
    word_file: WordFile, repack: Repack
) -> None:
    """Word in Indonesian calls the style Title by the id Judul: it is the same style."""
    data = word_file('{%p include "kop.docx" %}', '{%p include "tanda-tangan.docx" %}', '{%p include "hadir.docx" %}')
    blank = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Judul"><w:name w:val="title"/></w:style></w:styles>'
    )
    surat = repack(data, {"word/styles.xml": blank.encode()})
    ours = folder_loader(TEMPLATES)
    renderer = Renderer(lambda name: surat if name == "surat.docx" else ours(name))
    assert template_flaws("surat.docx", renderer) == ()
    compiled = renderer.load_compiled("surat.docx")
    (entry,) = (entry for entry in compiled.packed if entry.name == "word/styles.xml")
    styles = inflate_entry(entry).decode()
    ids = re.findall('w:styleId="([^"]+)"', styles)
    assert len(ids) == len(set(ids))
    assert {"KopNama", "TandaTangan", "Sel", "SelTengah", "TableGrid", "TableNormal"} <= set(ids)
    assert "Title" not in ids
    assert 'w:val="Title"' not in compiled.parts[0].sources["hadir.docx"]


@pytest.mark.parametrize(
    ("paragraph", "xml", "lost"),
    [
        pytest.param("{%p if true %}", '<w:r><w:br w:type="page"/></w:r>', "pergantian halaman", id="page-break"),
        pytest.param("{%p if true %}", "<w:r><w:drawing/></w:r>", "gambar", id="picture"),
        pytest.param("{%p if true %}", '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "simbol", id="symbol"),
        pytest.param("{%p if true %}", '<w:fldSimple w:instr="PAGE"/>', "field", id="field"),
        pytest.param("{% if true %}", '<w:r><w:br w:type="page"/></w:r>', "", id="beside-an-inline-tag"),
        pytest.param("{%p if true %}", "<w:r><w:br/></w:r>", "", id="empty-line"),
    ],
)
def test_what_goes_with_the_paragraph_of_a_tag_is_told_and_the_letter_is_written_all_the_same(
    word_file: WordFile, repack: Repack, paragraph: str, xml: str, lost: str
) -> None:
    end = paragraph.replace("if true", "endif")
    data = word_file(paragraph, "isi", end)
    with ZipFile(BytesIO(data)) as package:
        body = package.read("word/document.xml").decode().replace("</w:p>", f"{xml}</w:p>", 1)
    renderer = Renderer({"uji.docx": repack(data, {"word/document.xml": body.encode()})}.__getitem__)
    flaws = template_flaws("uji.docx", renderer)
    assert [lost in flaw and paragraph in flaw for flaw in flaws] == [True] * bool(lost)
    assert check_template("uji.docx", renderer, ()) == ()


@pytest.mark.parametrize(
    ("paragraphs", "says"),
    [
        pytest.param(["Yth. {{r subject }} di tempat"], "tanpa p, tr, tc atau r", id="value-of-a-run"),
        pytest.param(["{{p subject }}"], "tanpa p, tr, tc atau r", id="value-of-a-paragraph"),
        pytest.param(["Kepada {#p catatan #}"], "{%p … %} harus berdiri sendiri", id="comment"),
        pytest.param(['Hormat kami {% include "b.docx" %}'], "{%p include … %}", id="include-in-a-line"),
        pytest.param(["{%tr if true %}", "isi", "{%tr endif %}"], "harus di dalam tabel", id="row-outside-a-table"),
    ],
)
def test_what_a_tag_would_swallow_is_refused(word_file: WordFile, paragraphs: list[str], says: str) -> None:
    table = Document(BytesIO(word_file(*paragraphs)))
    for place in (table.paragraphs[0], table.paragraphs[-1]):  # between two tables their rows would be lost too
        place.insert_paragraph_before("").insert_paragraph_before("")._p.addnext(table.add_table(1, 1)._tbl)  # noqa: SLF001
    target = BytesIO()
    table.save(target)
    renderer = Renderer({"uji.docx": target.getvalue(), "b.docx": word_file("b")}.__getitem__)
    (found,) = check_template("uji.docx", renderer, ())
    assert says in found


def test_the_header_of_a_fragment_and_its_notes_are_told(word_file: WordFile, repack: Repack) -> None:
    fragment = Document(BytesIO(word_file("potongan")))
    fragment.sections[0].footer.paragraphs[0].text = "Kaki"
    target = BytesIO()
    fragment.save(target)
    noted = word_file("potongan")
    with ZipFile(BytesIO(noted)) as package:
        body = package.read("word/document.xml").decode().replace("</w:p>", _NOTE, 1)
    files = {
        "uji.docx": word_file('{%p include "kaki.docx" %}'),
        "b.docx": word_file('{%p include "catatan.docx" %}'),
        "kaki.docx": target.getvalue(),
        "catatan.docx": repack(noted, {"word/document.xml": body.encode()}),
    }
    renderer = Renderer(files.__getitem__)
    (flaw,) = template_flaws("uji.docx", renderer)
    assert "kaki.docx: kepala dan kaki halaman potongan tidak ikut tercetak" in flaw
    (mistake,) = check_template("b.docx", renderer, ())
    assert "catatan.docx: potongan tidak boleh memuat catatan kaki" in mistake


def test_a_file_without_styles_defines_none(word_file: WordFile, repack: Repack) -> None:
    data = word_file("x")
    with ZipFile(BytesIO(data)) as package:
        relations = package.read("word/_rels/document.xml.rels")
        body = package.read("word/document.xml").replace(b"<w:p>", b'<w:p><w:pPr><w:pStyle w:val="X"/></w:pPr>', 1)
    bare = re.sub(rb'<Relationship [^>]*/styles"[^>]*/>', b"", relations)
    renderer = Renderer(
        {"a.docx": repack(data, {"word/_rels/document.xml.rels": bare, "word/document.xml": body})}.__getitem__
    )
    assert len(template_flaws("a.docx", renderer)) == 1
