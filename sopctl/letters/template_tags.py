"""The tags of a template's XML: what docxtpl would drop silently is refused, what goes with a tag is found.

Loads python-docx and docxtpl: import it only where a template is read.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import nsmap, qn
from lxml.etree import XPath  # type: ignore[import-untyped]

from sopctl.letters.template_errors import visible_text
from sopctl.letters.template_files import template_error

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

_CONTAINERS = {"p": "w:p", "tr": "w:tr", "tc": "w:tc"}
_LANGUAGE = re.compile(r"<w:(?:lang|noProof)\b[^>]*/>")
_LOST = {
    "w:drawing": "gambar", "w:pict": "gambar", "w:object": "objek", "w:br": "pergantian halaman",
    "w:pageBreakBefore": "pergantian halaman", "w:sectPr": "pergantian bagian (section)", "w:sym": "simbol",
    "w:footnoteReference": "catatan kaki", "w:endnoteReference": "catatan akhir", "w:fldSimple": "field",
    "w:instrText": "field", "m:oMath": "rumus",
}  # fmt: skip
"""What a paragraph or row of a tag may hold besides its text, all of which goes with the tag."""


def check_tags(name: str, element: Any, xml: str) -> None:  # noqa: ANN401 — lxml has no types
    """Refuse what docxtpl drops silently or takes minutes for: unclosed or huge tags, text beside a `{%p … %}`.

    ``xml`` is the element as docxtpl works on it: there no brace may open a tag that was not seen here.
    """
    seen = _hidden_tags(element)
    for paragraph in element.iter(qn("w:p")):
        text = text_of(paragraph)
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
        raise template_error(name, f"tag {{%{kind} … %}} harus di dalam tabel", text_of(paragraph))
    for container in [*around, paragraph] if kind == "p" else around:
        text = text_of(container)
        if not _ALONE.fullmatch(text.strip()):
            raise template_error(name, f"tag {{%{kind} … %}} harus berdiri sendiri, selain itu isinya hilang", text)


def check_cells(name: str, element: Any) -> None:  # noqa: ANN401 — as above
    """Refuse cells whose properties are not the first that they hold: docxtpl would look for its end in vain."""
    for properties in element.iter(qn("w:tcPr")):
        if properties.getprevious() is not None or properties.getparent().tag != qn("w:tc"):
            raise template_error(name, "ada sel tabel yang rusak; simpan ulang dari Word")


def check_notes(name: str, package: Any) -> None:  # noqa: ANN401 — python-docx' own
    """Refuse tags where nothing fills them in: they would be printed."""
    for text in map(visible_text, read_notes(package)):
        if _TAG.search(text):
            raise template_error(name, "tag di catatan kaki tidak diisi; pindahkan ke isi naskah", text)


def read_notes(package: Any) -> Iterator[str]:  # noqa: ANN401 — python-docx' own
    """The XML of each part with footnotes or endnotes."""
    for part in package.parts:
        if part.content_type.endswith(("footnotes+xml", "endnotes+xml")):
            yield part.blob.decode("utf-8", "replace")


def text_of(element: Any) -> str:  # noqa: ANN401 — lxml has no types
    """The text of all runs of an element."""
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


def find_split_tags(element: Any) -> Iterator[str]:  # noqa: ANN401 — lxml has no types
    """The paragraphs in which a tag changes its formatting half-way: only that of its first run is kept."""
    yield from (text_of(paragraph) for paragraph in element.iter(qn("w:p")) if _is_split(paragraph))


def find_lost_content(element: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 — as above
    """What is no text and goes with the tag beside it, each with the paragraph or row of that tag."""
    for paragraph in element.iter(qn("w:p")):
        if (kind := _CONTAINER.match(text_of(paragraph).strip())) is None:
            continue
        around = (paragraph, *paragraph.iterancestors())
        container = next(one for one in around if one.tag == qn(_CONTAINERS[kind[1]]))
        for what in dict.fromkeys(what for tag, what in _LOST.items() if _has(container, tag)):
            yield f"{what} di samping tag {{%{kind[1]} … %}} hilang; pindahkan ke paragraf lain", text_of(paragraph)


def _has(element: Any, tag: str) -> bool:  # noqa: ANN401 — lxml has no types
    """Whether an element holds another; of breaks only those of pages and columns count."""
    found = element.iter(qn(tag))
    return any(tag != "w:br" or one.get(qn("w:type")) in {"page", "column"} for one in found)


def _is_split(paragraph: Any) -> bool:  # noqa: ANN401 — lxml has no types
    """Whether a tag of the paragraph spans runs of different formatting."""
    tags = list(_TAG.finditer(text_of(paragraph)))
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
