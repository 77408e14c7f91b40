"""A Word template opened: its XML as Jinja source, and the fragments that it includes.

A fragment is a Word file too; its body is spliced where `{%p include "kop.docx" %}` stands, so that letterhead and
signature block live in one place each. Loads python-docx and docxtpl: import it only where a template is read.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import nsmap, qn
from docxtpl import DocxTemplate
from lxml.etree import XPath  # type: ignore[import-untyped]

from sopctl.letters.package_check import checked_package
from sopctl.letters.signature_pages import FRAGMENT, mark_signatures
from sopctl.letters.template_errors import visible_text
from sopctl.letters.template_files import template_error
from sopctl.letters.template_styles import bring_styles

BROKEN = (PackageNotFoundError, KeyError, ValueError, AttributeError, SyntaxError, IndexError)
"""What python-docx raises at a package with missing or misshapen parts; lxml's errors are SyntaxErrors."""

_TAG = re.compile(
    r"\{\{(?:(?!\{[{%#]).)*?\}\}|\{%(?:(?!\{[{%#]).)*?%\}|\{#(?:(?!\{#).)*?#\}",
    re.DOTALL,
)
"""A tag with no other in it, but for those that a comment removes: the pattern runs in linear time."""

_OPENS = re.compile(r"\{[{%#]")
_BETWEEN = re.compile(r"(?<=\{)(?:<[^<>]*>)+(?=[{%#])")
"""What docxtpl takes out between two braces, wherever they stand."""

_HIDDEN = XPath('//@*[contains(., "{")] | //text()[contains(., "{")][not(parent::w:t)]', namespaces={"w": nsmap["w"]})

_LONGEST = 2_000
_BLANKS = re.compile(r"\s{40}")
_MOST = 5_000
"""Tags of one part; a long letter has some hundred."""

_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_ALONE = re.compile(r"\{[%#]\s*(?:p|tr|tc) [^}%#]*[%#]\}")
_CONTAINER = re.compile(r"\{[%#]\s*(p|tr|tc) ")
_MISWRITTEN = (
    (
        re.compile(r"\{\{\s*(?:p|tr|tc|r) "),
        "tulis {{ nama }} tanpa p, tr, tc atau r di depannya, selain itu isinya hilang",
    ),
    (
        re.compile(r"\{%[-+]?\s*include\b"),
        "tulis {%p include … %} sendiri di paragrafnya, selain itu hasilnya bukan dokumen",
    ),
)
"""Tags that docxtpl or Word make nothing of, and why."""
_LITERAL = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))
"""How docxtpl writes braces that are no tag."""

_REPEATED = (qn("w14:paraId"), qn("w14:textId"))
"""Attributes that must be unique and that a loop would repeat; Word does without them."""

_ODD_PROPERTIES = ("http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties",)

_CONTAINERS = {"p": "w:p", "tr": "w:tr", "tc": "w:tc"}
_LANGUAGE = re.compile(r"<w:(?:lang|noProof)\b[^>]*/>")
_UNTWINNED = (
    "w:bookmarkStart", "w:bookmarkEnd", "w:proofErr", "w:commentRangeStart", "w:commentRangeEnd", "w:commentReference",
)  # fmt: skip
_NOTE_MARKS = ("w:footnoteReference", "w:endnoteReference")
_LOST = {
    "w:drawing": "gambar", "w:pict": "gambar", "w:object": "objek", "w:br": "pergantian halaman",
    "w:pageBreakBefore": "pergantian halaman", "w:sectPr": "pergantian bagian (section)", "w:sym": "simbol",
    "w:footnoteReference": "catatan kaki", "w:endnoteReference": "catatan akhir", "w:fldSimple": "field",
    "w:instrText": "field", "m:oMath": "rumus",
}  # fmt: skip
"""What a paragraph or row of a tag may hold besides its text, all of which goes with the tag."""
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
        _check_cells(name, element)
        _check_tags(name, element, template.xml_to_string(element))
    _check_notes(name, template.docx.part.package)
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
    return _start_lines(_quote_braces(template.patch_xml(template.xml_to_string(element))))


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


def find_split_tags(template: Any) -> Iterator[str]:  # noqa: ANN401 — docxtpl has no types
    """The paragraphs in which a tag changes its formatting half-way: only that of its first run is kept."""
    for _, element in xml_parts(template):
        for paragraph in element.iter(qn("w:p")):
            if _is_split(paragraph):
                yield _text_of(paragraph)


def find_lost_content(template: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 — docxtpl has no types
    """What is no text and goes with the tag beside it, each with the paragraph or row of that tag."""
    for _, element in xml_parts(template):
        for paragraph in element.iter(qn("w:p")):
            if (kind := _CONTAINER.match(_text_of(paragraph).strip())) is None:
                continue
            around = (paragraph, *paragraph.iterancestors())
            container = next(one for one in around if one.tag == qn(_CONTAINERS[kind[1]]))
            for what in dict.fromkeys(what for tag, what in _LOST.items() if _has(container, tag)):
                yield (
                    f"{what} di samping tag {{%{kind[1]} … %}} hilang; pindahkan ke paragraf lain",
                    _text_of(paragraph),
                )


def has_running_text(template: Any) -> bool:  # noqa: ANN401 — as above
    """Whether a header or footer of the file says anything: those of a fragment are printed nowhere."""
    return any(_text_of(element).strip() for _, element in list(xml_parts(template))[1:])


def _has(element: Any, tag: str) -> bool:  # noqa: ANN401 — lxml has no types
    """Whether an element holds another; of breaks only those of pages and columns count."""
    found = element.iter(qn(tag))
    return any(tag != "w:br" or one.get(qn("w:type")) in {"page", "column"} for one in found)


def _reason(error: Exception) -> str:
    missing = re.search(r"no item named '([^']+)'", str(error))
    return f"bagian {missing[1]} tidak ada" if missing else "isi dokumen Word rusak"


def _quote_braces(xml: str) -> str:
    for written, meant in _LITERAL:
        xml = xml.replace(written, "{{ '" + meant + "' }}")
    return xml


def _is_split(paragraph: Any) -> bool:  # noqa: ANN401 — lxml has no types
    """Whether a tag of the paragraph spans runs of different formatting."""
    tags = list(_TAG.finditer(_text_of(paragraph)))
    if not tags:
        return False
    starts, looks = [0], [""]
    for run in paragraph.iter(qn("w:r")):
        look = run.find(qn("w:rPr"))
        looks.append("" if look is None else _LANGUAGE.sub("", look.xml))
        starts.append(starts[-1] + sum(len(text.text or "") for text in run.iter(qn("w:t"))))
    # the run of number n begins at starts[n] and has the look looks[n + 1]
    for tag in tags:
        first, last = bisect_right(starts, tag.start()), bisect_left(starts, tag.end())
        if len(set(looks[first : last + 1])) > 1:
            return True
    return False


def _start_lines(xml: str) -> str:
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", xml)


def _check_tags(name: str, element: Any, xml: str) -> None:  # noqa: ANN401 — lxml has no types
    """Refuse what docxtpl drops silently or takes minutes for: unclosed or huge tags, text beside a `{%p … %}`.

    ``xml`` is the element as docxtpl works on it: there no brace may open a tag that was not seen here.
    """
    seen = _hidden_tags(element)
    for paragraph in element.iter(qn("w:p")):
        text = _text_of(paragraph)
        tags = _TAG.findall(text)
        if _BRACES.search(_TAG.sub("", text)):
            raise template_error(name, "tag tidak ditutup di paragrafnya sendiri", text)
        if any(len(tag) > _LONGEST or _BLANKS.search(tag) for tag in tags):
            raise template_error(name, f"tag lebih dari {_LONGEST} huruf, atau berisi banyak spasi", text)
        for why in (why for pattern, why in _MISWRITTEN if any(map(pattern.match, tags))):
            raise template_error(name, why, text)
        for kind in {found[1] for found in map(_CONTAINER.match, tags) if found}:
            _check_alone(name, paragraph, kind)
        if next(paragraph.iterancestors(qn("w:p")), None) is None:
            seen += tags
    if len(seen) > _MOST:
        raise template_error(name, f"lebih dari {_MOST} tag; pecah menjadi beberapa templat")
    if len(_OPENS.findall(_BETWEEN.sub("", xml))) != sum(len(_OPENS.findall(tag)) for tag in seen):
        raise template_error(name, "ada {{, {% atau {# yang bukan tag utuh; terima semua perubahan (Review > Accept)")


def _hidden_tags(element: Any) -> list[str]:  # noqa: ANN401 — as above
    """The tags elsewhere than in the text: in the description of a picture, say."""
    found = [tag for text in _HIDDEN(element) for tag in _TAG.findall(text)]
    return [tag for tag in found if len(tag) <= _LONGEST and not _BLANKS.search(tag)]


def _check_alone(name: str, paragraph: Any, kind: str) -> None:  # noqa: ANN401 — as above
    """Refuse a `{%tr … %}` beside which its row says anything else; the outermost first."""
    around = list(paragraph.iterancestors(qn(_CONTAINERS[kind])))[::-1]
    if kind != "p" and not around:
        raise template_error(name, f"tag {{%{kind} … %}} harus di dalam tabel", _text_of(paragraph))
    for container in [*around, paragraph] if kind == "p" else around:
        text = _text_of(container)
        if not _ALONE.fullmatch(text.strip()):
            raise template_error(name, f"tag {{%{kind} … %}} harus berdiri sendiri, selain itu isinya hilang", text)


def _check_cells(name: str, element: Any) -> None:  # noqa: ANN401 — as above
    """Refuse cells whose properties are not the first that they hold: docxtpl would look for its end in vain."""
    for properties in element.iter(qn("w:tcPr")):
        if properties.getprevious() is not None or properties.getparent().tag != qn("w:tc"):
            raise template_error(name, "ada sel tabel yang rusak; simpan ulang dari Word")


def _check_notes(name: str, package: Any) -> None:  # noqa: ANN401 — python-docx' own
    """Refuse tags where nothing fills them in: they would be printed."""
    for part in package.parts:
        if part.content_type.endswith(("footnotes+xml", "endnotes+xml")):
            text = visible_text(part.blob.decode("utf-8", "replace"))
            if _TAG.search(text):
                raise template_error(name, "tag di catatan kaki tidak diisi; pindahkan ke isi naskah", text)


def _text_of(element: Any) -> str:  # noqa: ANN401 — lxml has no types
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


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
