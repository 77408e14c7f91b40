"""A Word template opened: its XML as Jinja source, and the fragments that it includes.

A fragment is a Word file too; its body is spliced where `{%p include "kop.docx" %}` stands, so that letterhead and
signature block live in one place each. Loads python-docx and docxtpl: import it only where a template is read.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import nsmap, qn
from docxtpl import DocxTemplate

from sopctl.letters.package_check import checked_package
from sopctl.letters.signature_pages import FRAGMENT, mark_signatures
from sopctl.letters.template_files import template_error
from sopctl.letters.template_styles import bring_styles
from sopctl.letters.template_tags import check_cells, check_notes, check_tags, text_of

BROKEN = (PackageNotFoundError, KeyError, ValueError, AttributeError, SyntaxError, IndexError)
"""What python-docx raises at a package with missing or misshapen parts; lxml's errors are SyntaxErrors."""

_LITERAL = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))
"""How docxtpl writes braces that are no tag."""

_REPEATED = (qn("w14:paraId"), qn("w14:textId"))
"""Attributes that must be unique and that a loop would repeat; Word does without them."""

_ODD_PROPERTIES = ("http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties",)

_UNTWINNED = (
    "w:bookmarkStart", "w:bookmarkEnd", "w:proofErr", "w:commentRangeStart", "w:commentRangeEnd", "w:commentReference",
)  # fmt: skip
_NOTE_MARKS = ("w:footnoteReference", "w:endnoteReference")
_RELATIONS = "{" + nsmap["r"] + "}"


def open_template(name: str, data: bytes) -> Any:  # noqa: ANN401 — docxtpl has no types
    """The file as docxtpl's template, ready to render; WrongError where it is no sound Word file."""
    template = DocxTemplate(BytesIO(checked_package(name, data)))
    try:
        template.render_init()
        parts = list(xml_parts(template))
        whole = template.docx.element.body is not None
    except BROKEN as error:
        raise template_error(name, f"{_reason(error)}; simpan ulang dari Word") from error
    if not whole:
        raise template_error(name, "isi dokumen Word rusak; simpan ulang dari Word")
    for _, element in parts:
        check_cells(name, element)
        check_tags(name, element, template.xml_to_string(element))
    check_notes(name, template.docx.part.package)
    return template


def xml_parts(template: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 — docxtpl has no types
    """The parts that hold tags, each with its XML: the body first, then headers and footers."""
    yield template.docx.part, template.docx.element
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield part, part.element


def jinja_source(template: Any, element: Any) -> str:  # noqa: ANN401 — docxtpl has no types
    """The Jinja source of one part; every paragraph begins a line, so that a fault's line number finds it."""
    for inner in element.iter():
        for attribute in _REPEATED:
            inner.attrib.pop(attribute, None)
    xml = template.patch_xml(template.xml_to_string(element))
    for written, meant in _LITERAL:
        xml = xml.replace(written, "{{ '" + meant + "' }}")
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", xml)


def fragment_source(name: str, template: Any, host: Any) -> str:  # noqa: ANN401 — docxtpl and python-docx have no types
    """The Jinja source of a fragment's body, with its pictures and links made those of the ``host`` part."""
    body = template.docx.element.body
    mark_signatures(body, whole=name == FRAGMENT)
    for element in list(body.iter(qn("w:sectPr"), *map(qn, _UNTWINNED))):
        element.getparent().remove(element)
    if next(body.iter(qn("w:numPr")), None) is not None:
        raise template_error(name, "potongan tidak boleh memakai penomoran otomatis Word; ketik nomornya")
    if next(body.iter(*map(qn, _NOTE_MARKS)), None) is not None:
        raise template_error(name, "potongan tidak boleh memuat catatan kaki; pindahkan ke templat suratnya")
    bring_styles(body, template.docx, host)
    _move_relations(name, template.docx.part, body, host)
    return "".join(jinja_source(template, child) for child in body)


def normalize_properties(package: Any) -> None:  # noqa: ANN401 — python-docx' own
    """Make the relation to the properties the one that the standard and python-docx know.

    LibreOffice calls it otherwise, and python-docx would write a second part of the same name beside it.
    """
    for key, relation in list(package.rels.items()):
        if relation.reltype in _ODD_PROPERTIES:
            del package.rels[key]
    _ = package.core_properties


def has_running_text(template: Any) -> bool:  # noqa: ANN401 — as above
    """Whether a header or footer of the file says anything: those of a fragment are printed nowhere."""
    return any(text_of(element).strip() for _, element in list(xml_parts(template))[1:])


def _reason(error: Exception) -> str:
    missing = re.search(r"no item named '([^']+)'", str(error))
    return f"bagian {missing[1]} tidak ada" if missing else "isi dokumen Word rusak"


def _move_relations(name: str, own: Any, body: Any, host: Any) -> None:  # noqa: ANN401 — python-docx' parts
    """Point what the body refers to (pictures, links) at the same thing in the host part."""
    for element in body.iter():
        for attribute, value in element.attrib.items():
            if attribute.startswith(_RELATIONS) and value in own.rels:
                element.set(attribute, _copy_relation(name, own.rels[value], host))


def _copy_relation(name: str, relation: Any, host: Any) -> str:  # noqa: ANN401 — python-docx' relationship and part
    if relation.is_external:
        return str(host.relate_to(relation.target_ref, relation.reltype, is_external=True))
    if relation.reltype != RELATION.IMAGE:
        raise template_error(name, "potongan hanya boleh memuat teks, tabel, gambar dan tautan")
    picture = host.package.get_or_add_image_part(BytesIO(relation.target_part.blob))
    return str(host.relate_to(picture, RELATION.IMAGE))
