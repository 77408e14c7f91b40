"""Filling a template: Jinja over the XML of every part, every fault named with its paragraph.

Loads jinja2, python-docx and docxtpl: import it only where a document is written.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from types import TracebackType
from typing import Any

from docx.image.exceptions import UnrecognizedImageError
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import InlineImage
from jinja2 import FunctionLoader, nodes
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError

from sopctl.documents.context import Picture
from sopctl.documents.loader import Loader, load, wrong
from sopctl.documents.package import repacked
from sopctl.documents.sandbox import Sandbox, printable
from sopctl.documents.template import fragment_source, open_template, source, text_of, xml_parts
from sopctl.errors import WrongError

_RUNTIME = (TypeError, ValueError, ArithmeticError, AttributeError, LookupError, RecursionError)
"""What an expression of a template can raise at run time."""

_ODD_PROPERTIES = ("http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties",)
"""How LibreOffice calls the relationship that the standard and python-docx call otherwise."""


class Part:
    """One part of an opened template, with the fragments that it includes: what Jinja reads and what it says."""

    def __init__(self, name: str, template: Any, part: Any, element: Any, loader: Loader) -> None:  # noqa: ANN401 — docxtpl has no types
        self.name = name
        self.template = template
        self.part = part
        self.loader = loader
        self.sources = {name: source(template, element)}
        self.sandbox = Sandbox(FunctionLoader(self._load), self._print)

    def trees(self) -> dict[str, nodes.Template]:
        """The syntax of the part and of all that it includes, by file name.

        WrongError where one cannot be read, is not there, or includes itself.
        """
        found: dict[str, nodes.Template] = {}
        self._walk(self.name, (), found)
        return found

    def render(self, context: Mapping[str, object]) -> str:
        """The filled-in XML; WrongError names the file and the paragraph that failed."""
        self.trees()
        try:
            xml = self.sandbox.get_template(self.name).render(context)
        except UnrecognizedImageError as error:
            raise wrong(self.name, "gambar tidak dikenal; pakai PNG atau JPEG") from error
        except (TemplateError, *_RUNTIME) as error:
            raise self._fault(error) from error
        xml = self.template.resolve_listing(re.sub(r"\n<w:p([ >])", r"<w:p\1", xml))
        try:
            parse_xml(xml)
        except SyntaxError as error:  # lxml's own is one
            raise wrong(self.name, "tag memotong tabel atau paragraf, hasilnya bukan dokumen") from error
        return str(xml)

    def _load(self, name: str) -> tuple[str, str, None]:
        if name not in self.sources:
            self.sources[name] = fragment_source(name, load(name, self.loader), self.part)
        return self.sources[name], name, None

    def _print(self, value: object) -> object:
        """What Jinja puts in the place of an expression."""
        if isinstance(value, Picture):
            return InlineImage(self.template, BytesIO(value.data), width=Mm(value.width_mm))
        return printable(value)

    def _walk(self, name: str, above: tuple[str, ...], found: dict[str, nodes.Template]) -> None:
        if name in above:
            raise wrong(name, "potongan menyisipkan dirinya sendiri")
        text, _, _ = self._load(name)
        try:
            found[name] = self.sandbox.parse(text, name, name)
        except TemplateSyntaxError as error:
            raise self._fault(error) from error
        for node in found[name].find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            self._walk(self._included(name, node), (*above, name), found)

    def _included(self, name: str, node: nodes.Node) -> str:
        """The file that an include names; it is written out, so that it can be checked before it is needed."""
        file = getattr(node, "template", None)
        if not isinstance(node, nodes.Include) or not isinstance(file, nodes.Const) or not isinstance(file.value, str):
            raise wrong(name, 'sisipan hanya dengan {%p include "nama.docx" %}', self._paragraph(name, node.lineno))
        return file.value

    def _fault(self, error: Exception) -> WrongError:
        """The author's sentence for what Jinja found."""
        if isinstance(error, TemplateSyntaxError):
            name, message = error.name or self.name, error.message or ""
            line = 0 if "end of template" in message else error.lineno  # it would show the last paragraph
            return wrong(name, _syntax(message), self._paragraph(name, line))
        name, line = self._place(error.__traceback__)
        return wrong(name, _runtime(error), self._paragraph(name, line))

    def _place(self, traceback: TracebackType | None) -> tuple[str, int]:
        """The innermost file and line of a template in a traceback that Jinja rewrote."""
        place = (self.name, 0)
        while traceback is not None:
            file = traceback.tb_frame.f_code.co_filename
            if file in self.sources:
                place = (file, traceback.tb_lineno)
            traceback = traceback.tb_next
        return place

    def _paragraph(self, name: str, line: int) -> str:
        lines = self.sources.get(name, "").splitlines()
        return text_of(lines[line - 1]) if 0 < line <= len(lines) else ""


def fill(name: str, loader: Loader, context: Mapping[str, object], *, created: datetime, title: str) -> bytes:
    """The Word file that the template makes of the context; see `Renderer.render`."""
    template = open_template(name, load(name, loader))
    for number, (part, element) in enumerate(list(xml_parts(template))):
        template.current_rendering_part = part  # where docxtpl puts pictures
        xml = Part(name, template, part, element, loader).render(context)
        if number == 0:
            template.map_tree(_mended(template, xml))
        else:
            _replace(template, part, xml)
    _describe(template.docx.part.package, created, title)
    target = BytesIO()
    template.docx.save(target)
    return repacked(target.getvalue())


def parts(name: str, loader: Loader) -> list[Part]:
    """The parts of a template for whoever checks it without filling it in."""
    template = open_template(name, load(name, loader))
    return [Part(name, template, part, element, loader) for part, element in xml_parts(template)]


def _mended(template: Any, xml: str) -> Any:  # noqa: ANN401 — docxtpl and lxml have no types
    """The body with what Word insists on: grids that fit, a paragraph at the end of each cell, ids that are unique."""
    tree = template.fix_tables(xml)
    template.fix_docpr_ids(tree)
    for cell in tree.iter(qn("w:tc")):
        if len(cell) == 0 or cell[-1].tag != qn("w:p"):
            cell.append(OxmlElement("w:p"))
    for element in tree.iter():
        for attribute in (qn("w14:paraId"), qn("w14:textId")):
            element.attrib.pop(attribute, None)  # a loop would repeat them
    return tree


def _replace(template: Any, part: Any, xml: str) -> None:  # noqa: ANN401 — docxtpl has no types
    """Put a filled-in header or footer in the place of the template's."""
    for key, relation in template.docx.part.rels.items():
        if not relation.is_external and relation.target_part is part:
            template.map_headers_footers_xml(key, xml.encode())
            return


def _describe(package: Any, created: datetime, title: str) -> None:  # noqa: ANN401 — python-docx' own
    """Properties that say what the record says, and nothing of who edited the template."""
    for key, relation in list(package.rels.items()):
        if relation.reltype in _ODD_PROPERTIES:
            del package.rels[key]  # python-docx would write a second part of the same name beside it
    properties = package.core_properties
    stamp = created.astimezone(UTC).replace(tzinfo=None)
    properties.title = printable(title)[:255]
    properties.created = properties.modified = stamp
    properties.author = properties.last_modified_by = "sopctl"
    properties.revision = 1


def _syntax(message: str) -> str:
    """Jinja's English for the mistakes that people make, in their own words."""
    for pattern, sentence in _SYNTAX:
        if match := re.search(pattern, message):
            return sentence.format(*match.groups())
    return "penulisan tag salah"


_SYNTAX = (
    (r"innermost block that needs to be closed is '(\w+)'", "tag `{0}` belum ditutup dengan {{% end{0} %}}"),
    (r"Encountered unknown tag '(\w+)'", "tag `{0}` tidak dikenal atau tidak pada tempatnya"),
    (r"No filter named '(\w+)'", "filter `{0}` tidak ada"),
    (r"No test named '(\w+)'", "uji `{0}` tidak ada"),
    (r"got '([^']+)'", "penulisan tag salah di dekat `{0}`"),
)  # fmt: skip


def _runtime(error: Exception) -> str:
    if isinstance(error, SecurityError):
        return f"tidak diizinkan di templat: {error.message}"
    if isinstance(error, UndefinedError):
        return error.message or "variabel tidak dikenal"
    if isinstance(error, TemplateError):
        return _syntax(error.message or "")
    return next((said for kind, said in _ODD if isinstance(error, kind)), "tag tidak dapat dijalankan")


_ODD = (
    (ZeroDivisionError, "tag membagi dengan nol"),
    (RecursionError, "tag memanggil dirinya sendiri tanpa akhir"),
    (TypeError, "tag menggabungkan nilai yang tidak sejenis"),
)
