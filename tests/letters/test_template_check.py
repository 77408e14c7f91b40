import re
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest

from sopctl.errors import WrongError
from sopctl.letters.renderer import Renderer
from sopctl.letters.template_check import check_template, style_mistakes, template_notes
from sopctl.sop.decode import read_sop

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
        "includes.docx": word_file('{%p include "defines.docx" %}'),
    }
    renderer = Renderer(files.__getitem__)
    (own,), (included,) = (style_mistakes(name, renderer) for name in ("uses.docx", "includes.docx"))
    assert (says in own, says in included, "defines.docx" in included) == (True, True, True)
    assert style_mistakes("defines.docx", renderer) == ()
    assert check_template("uses.docx", renderer, ()) == ()


def test_a_file_without_styles_defines_none(word_file: WordFile, repack: Repack) -> None:
    data = word_file("x")
    with ZipFile(BytesIO(data)) as package:
        relations = package.read("word/_rels/document.xml.rels")
        body = package.read("word/document.xml").replace(b"<w:p>", b'<w:p><w:pPr><w:pStyle w:val="X"/></w:pPr>', 1)
    bare = re.sub(rb'<Relationship [^>]*/styles"[^>]*/>', b"", relations)
    renderer = Renderer(
        {"a.docx": repack(data, {"word/_rels/document.xml.rels": bare, "word/document.xml": body})}.__getitem__
    )
    assert len(style_mistakes("a.docx", renderer)) == 1
