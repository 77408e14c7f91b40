"""Filling in a `CompiledTemplate`: Jinja over its text parts, everything else copied.

Loads jinja2 and no library of Word's: import it only where a document is written.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.parsers import expat

from jinja2 import FunctionLoader
from jinja2.exceptions import TemplateError
from markupsafe import Markup, escape

from sopctl.letters import template_errors
from sopctl.letters.compiled_template import CompiledTemplate, TemplatePart
from sopctl.letters.line_breaks import insert_breaks
from sopctl.letters.signature_pages import keep_text_with_signatures
from sopctl.letters.template_files import template_error
from sopctl.letters.template_sandbox import TemplateSandbox, printed_text
from sopctl.letters.word_fields import find_harmful_field, harmful_field_message
from sopctl.word.pictures import PictureFormat, drawing, fit_size, picture_format
from sopctl.word.printed_values import Picture
from sopctl.word.zip_package import ZipEntry, deflate_entry, inflate_entry, write_zip

PROPERTIES = "docProps/core.xml"
TYPES = "[Content_Types].xml"

_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title>{code}<dc:creator>sopctl</dc:creator><cp:lastModifiedBy>sopctl</cp:lastModifiedBy>"
    '<cp:revision>1</cp:revision><dcterms:created xsi:type="dcterms:W3CDTF">{at}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{at}</dcterms:modified></cp:coreProperties>'
)
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_EMPTY_CELL = re.compile(r"(</w:tcPr>|<w:tcPr/>|<w:tc>|<w:tc [^>]*[^/]>|</w:tbl>)(\s*)</w:tc>")
_DRAWING = re.compile(r'(<wp:docPr\b[^>]*?\bid=")[^"]*"')


class TemplateFiller:
    """One template, ready to be filled in any number of times; Jinja compiles a part when it is filled in first."""

    def __init__(self, compiled: CompiledTemplate) -> None:
        self._name = compiled.name
        self._parts = {part.entry: part for part in compiled.parts}
        self._packed = {entry.name: entry for entry in compiled.packed}
        self._sandbox = TemplateSandbox(FunctionLoader(self._load), printed_text)

    def fill(self, context: Mapping[str, object], *, created: datetime, title: str, code: str = "") -> bytes:
        """The Word file of this context; see `Renderer.render`."""
        pictures = _DocumentPictures(self._name, self._packed)
        made = dict(self._packed)
        for entry, part in self._parts.items():
            xml = self._checked(self._render(part, context, pictures))
            made[entry] = deflate_entry(entry, (_HEAD + self._repaired(xml, part)).encode())
        made[PROPERTIES] = deflate_entry(PROPERTIES, _properties(created, title, code))
        return write_zip((made | pictures.entries()).values())

    def _load(self, name: str) -> tuple[str, str, Any]:
        entry, _, file = name.partition(":")
        return self._parts[entry].sources[file], file, lambda: True

    def _render(self, part: TemplatePart, context: Mapping[str, object], pictures: "_DocumentPictures") -> str:
        sandbox, entry = self._sandbox, part.entry
        sandbox.show = lambda it: pictures.show(it, entry) if isinstance(it, Picture) else printed_text(it)
        sandbox.budget.renew()
        try:
            xml = sandbox.get_template(f"{entry}:{self._name}").render(context)
        except (TemplateError, *template_errors.RUNTIME_ERRORS) as error:
            raise template_errors.render_error(error, part.sources, self._name) from error
        return insert_breaks(keep_text_with_signatures(xml.replace("\n<w:p>", "<w:p>").replace("\n<w:p ", "<w:p ")))

    def _checked(self, xml: str) -> str:
        """The XML, which is sound and has no field that fetches or starts something."""
        data = xml.encode()
        try:
            expat.ParserCreate().Parse(data, True)  # noqa: FBT003 — expat's own
        except expat.ExpatError as error:
            raise template_error(self._name, "tag memotong tabel atau paragraf, hasilnya bukan dokumen") from error
        if field := find_harmful_field(data):
            raise template_error(self._name, harmful_field_message(field))
        return xml

    def _repaired(self, xml: str, part: TemplatePart) -> str:
        """The XML with what Word insists on: a paragraph at the end of a cell, grids that fit, ids that are unique."""
        if "</w:tc>" in xml:
            xml = _EMPTY_CELL.sub(r"\1<w:p/></w:tc>", xml)
        if "<wp:docPr" in xml:
            numbers = iter(range(1001, 1_000_000))
            xml = _DRAWING.sub(lambda found: f'{found[1]}{next(numbers)}"', xml)
        if part.grids:
            from sopctl.letters.table_grids import fit_grids  # noqa: PLC0415 — brings lxml, which few templates need

            try:
                xml = fit_grids(xml)
            except (SyntaxError, ValueError) as error:
                raise template_error(self._name, "lebar sel ({% colspan … %}) bukan bilangan") from error
        return xml


class _DocumentPictures:
    """The pictures of one document: each is stored once, and each part that shows it has a relation to it."""

    def __init__(self, template: str, packed: Mapping[str, ZipEntry]) -> None:
        self._template = template
        self._packed = packed
        self._stored: dict[bytes, tuple[str, PictureFormat]] = {}
        self._relations: dict[str, dict[str, str]] = {}
        self._shown = 0

    def show(self, picture: Picture, entry: str) -> Markup:
        """The XML that shows the picture in a part.

        Raises:
            WrongError: where it is no picture that Word shows.
        """
        if picture.data not in self._stored:
            found = picture_format(picture.data)
            if found is None:
                raise template_error(self._template, "gambar tidak dikenal; pakai PNG atau JPEG")
            self._stored[picture.data] = (self._name(found.extension), found)
        name, found = self._stored[picture.data]
        relations = self._relations.setdefault(entry, {})
        relation = relations.setdefault(name, f"gambar{len(relations) + 1}")
        self._shown += 1
        size = fit_size(found, picture.width_mm, picture.height_mm)
        shown = drawing(relation, self._shown, found, size, picture.alt)
        return Markup(f'</w:t></w:r><w:r>{shown}</w:r><w:r><w:t xml:space="preserve">')  # noqa: S704 — our own words

    def entries(self) -> dict[str, ZipEntry]:
        """What the zip holds for the pictures: themselves, the relations to them, their types."""
        if not self._stored:
            return {}
        made = [deflate_entry(name, data) for data, (name, _) in self._stored.items()]
        made += [self._relations_entry(entry, relations) for entry, relations in self._relations.items()]
        made.append(self._types_entry({found.extension: found.content_type for _, found in self._stored.values()}))
        return {entry.name: entry for entry in made}

    def _name(self, extension: str) -> str:
        taken = sum(name.startswith("word/media/") for name in self._packed)
        return f"word/media/image{taken + len(self._stored) + 1}.{extension}"

    def _relations_entry(self, entry: str, relations: Mapping[str, str]) -> ZipEntry:
        folder, _, file = entry.rpartition("/")
        name = f"{folder}/_rels/{file}.rels"
        added = "".join(
            f'<Relationship Id="{id}" Type="{_IMAGE}" Target="/{target}"/>' for target, id in relations.items()
        )
        return deflate_entry(name, self._append_to(name, "</Relationships>", added))

    def _types_entry(self, types: Mapping[str, str]) -> ZipEntry:
        known = inflate_entry(self._packed[TYPES]).decode()
        added = "".join(
            f'<Default Extension="{extension}" ContentType="{content_type}"/>'
            for extension, content_type in types.items()
            if f'Extension="{extension}"' not in known
        )
        return deflate_entry(TYPES, self._append_to(TYPES, "</Types>", added))

    def _append_to(self, name: str, end: str, added: str) -> bytes:
        """An entry with something added before its end; one that is not there yet holds nothing else."""
        empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        text = inflate_entry(self._packed[name]).decode() if name in self._packed else _HEAD + empty
        return text.replace(end, added + end).encode()


def _properties(created: datetime, title: str, code: str) -> bytes:
    """Properties that say what the record says, and nothing of who edited the template."""
    at = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    identifier = f"<dc:identifier>{escape(code)}</dc:identifier>" if code else ""
    return _CORE.format(title=escape(printed_text(title)[:255]), code=identifier, at=at).encode()
