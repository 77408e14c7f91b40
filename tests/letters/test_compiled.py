from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest
from docx import Document
from docxtpl import DocxTemplate
from jinja2 import Environment

from sopctl.letters.compiled_template import CompiledTemplate
from sopctl.letters.renderer import Renderer
from sopctl.letters.template_cache import TemplateCache
from sopctl.word.page_setup import PageSetup

WordFile = Callable[..., bytes]
Lines = Callable[..., list[str]]
BEGAN = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
SAID: dict[str, object] = {
    "nama": "A & B <c>\nbaris kedua\tkolom",
    "daftar": ["satu", "dua", "tiga"],
    "baris": [{"nama": "Anggota 1", "peran": "Ketua"}, {"nama": "Anggota 2", "peran": "Anggota"}],
    "kolom": ["x", "y", "z"],
}


class MemoryCache(TemplateCache):
    """A cache in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get(self, template: str) -> CompiledTemplate | None:
        data = self.kept.get(template)
        return msgspec.msgpack.decode(data, type=CompiledTemplate) if data else None

    def put(self, compiled: CompiledTemplate) -> None:
        self.kept[compiled.name] = msgspec.msgpack.encode(compiled)


def test_a_kept_template_writes_the_same_bytes_without_words_libraries(word_file: WordFile) -> None:
    files, cache = (
        {"a.docx": word_file("{{ nama }}", "{%p for x in daftar %}", "{{ x }}", "{%p endfor %}")},
        MemoryCache(),
    )
    first, again = (Renderer(files.__getitem__, cache=cache) for _ in range(2))
    data = first.render("a.docx", SAID, created=BEGAN, title="Uji")
    assert list(cache.kept) == ["a.docx"]
    assert again.render("a.docx", SAID, created=BEGAN, title="Uji") == data


@pytest.mark.parametrize("changed", ["a.docx", "b.docx"])
def test_a_kept_template_is_read_anew_when_one_of_its_files_changed(
    word_file: WordFile, lines: Lines, changed: str
) -> None:
    files = {"a.docx": word_file("{{ nama }}", '{%p include "b.docx" %}'), "b.docx": word_file("lama")}
    cache = MemoryCache()
    Renderer(files.__getitem__, cache=cache).render("a.docx", SAID, created=BEGAN, title="Uji")
    files[changed] = word_file("baru")
    data = Renderer(files.__getitem__, cache=cache).render("a.docx", SAID, created=BEGAN, title="Uji")
    assert "baru" in lines(data)


def test_a_kept_template_is_read_anew_under_another_layout(word_file: WordFile) -> None:
    files, cache = {"a.docx": word_file("x")}, MemoryCache()
    Renderer(files.__getitem__, cache=cache).load_compiled("a.docx")
    assert Renderer(files.__getitem__, PageSetup(paper="F4"), cache).load_compiled("a.docx").layout.paper == "F4"


def test_a_template_is_filled_any_number_of_times(word_file: WordFile, lines: Lines) -> None:
    renderer = Renderer({"a.docx": word_file("{% for i in range(60000) %}{% endfor %}{{ nama }}")}.__getitem__)
    for nama in ("satu", "dua", "tiga"):
        assert lines(renderer.render("a.docx", {"nama": nama}, created=BEGAN, title="Uji")) == [nama]


def docxtpl_features() -> bytes:
    """A template as people write them for docxtpl: loops, columns, spans, colours, merged cells, literal braces."""
    document = Document()
    document.add_paragraph("{{ nama }} {_{ bukan tag }_} {_% juga %_}")
    document.add_paragraph("{%p for x in daftar %}")
    document.add_paragraph("{{ loop.index }}. {{ x }}{% if not loop.last %};{% endif %}")
    document.add_paragraph("{%p endfor %}")
    columns = document.add_table(1, 3)
    columns.cell(0, 0).text = "{%tc for k in kolom %}"
    columns.cell(0, 1).text = "{{ k }}"
    columns.cell(0, 2).text = "{%tc endfor %}"
    rows = document.add_table(3, 3)
    rows.cell(0, 0).text = "{%tr for b in baris %}"
    rows.cell(1, 0).text = "{{ b.nama }}"
    rows.cell(1, 1).text = "{% cellbg 'FF0000' %}{{ b.peran }}"
    rows.cell(1, 2).text = "{% vm %}{{ 'gabung' }}"
    rows.cell(2, 0).text = "{%tr endfor %}"
    wide = document.add_table(1, 2)
    wide.cell(0, 0).text = "{% colspan 2 %}lebar"
    document.sections[0].header.paragraphs[0].text = "{{ daftar[0] }}"
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def shapes(data: bytes) -> list[tuple[int, list[int]]]:
    """The columns of every table, and the cells of each of its rows."""
    tables = Document(BytesIO(data)).tables
    return [(len(table.columns), [len(row.cells) for row in table.rows]) for table in tables]


def paragraphs(data: bytes, lines: Lines) -> list[list[str]]:
    parts = sorted(name for name in ZipFile(BytesIO(data)).namelist() if name.startswith(("word/doc", "word/header")))
    return [lines(data, part) for part in parts]


def test_a_template_written_for_docxtpl_gives_the_same_text_and_tables(lines: Lines) -> None:
    template = DocxTemplate(BytesIO(docxtpl_features()))
    template.render(SAID, Environment(autoescape=True))
    target = BytesIO()
    template.save(target)
    ours = Renderer({"a.docx": docxtpl_features()}.__getitem__).render("a.docx", SAID, created=BEGAN, title="Uji")
    assert paragraphs(ours, lines) == paragraphs(target.getvalue(), lines)
    assert shapes(ours) == shapes(target.getvalue())


def test_a_tag_that_changes_its_look_half_way_is_a_note(word_file: WordFile) -> None:
    document = Document()
    paragraph = document.add_paragraph("Yth. {{ na")
    paragraph.add_run("ma }}").bold = True
    target = BytesIO()
    document.save(target)
    (note,) = Renderer({"a.docx": target.getvalue()}.__getitem__).load_compiled("a.docx").notes
    assert note.endswith("Paragraf: “Yth. {{ nama }}”.")
    assert Renderer({"a.docx": word_file("{{ nama }}")}.__getitem__).load_compiled("a.docx").notes == ()


def test_the_office_has_templates_without_notes() -> None:
    templates = Path(__file__).parents[2] / "templates"
    renderer = Renderer(templates)
    for path in templates.glob("*.docx"):
        assert renderer.load_compiled(path.name).notes == ()
