"""The styles that a template prints in and does not define: Word writes such text in its default style.

A fragment's paragraphs are printed in the styles of the template that includes it; those that it lacks come with them,
so that a template may begin as a blank file. Loads python-docx: import it only where a template is read anew.
"""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml.ns import qn

from sopctl.letters.template_files import template_error
from sopctl.letters.template_tags import read_notes

_KINDS = {"pStyle": ("paragraph", "paragraf"), "rStyle": ("character", "huruf"), "tblStyle": ("table", "tabel")}
_USE = re.compile(rf'<w:({"|".join(_KINDS)})\s[^<>]*?w:val="([^"{{]+)"')
_WITH_OTHERS = ("w:link", "w:next", "w:numPr")
"""What a style says of others that do not come with it."""


def undefined_styles(document: Any, parts: Iterable[Mapping[str, str]], name: str) -> tuple[str, ...]:  # noqa: ANN401 — python-docx' own
    """A sentence for every style that the sources of the parts use and the template of this name does not define.

    Each of ``parts`` maps the files that a part is made of, the template and its fragments, to their Jinja source.
    """
    defined = _defined_styles(document.part)
    texts = [(file, text) for sources in parts for file, text in sources.items()]
    texts += [(name, text) for text in read_notes(document.part.package)]
    used = dict.fromkeys((file, *found) for file, text in texts for found in _USE.findall(text))
    return tuple(
        _complaint(name, file, tag, style) for file, tag, style in used if (_KINDS[tag][0], style) not in defined
    )


def bring_styles(body: Any, fragment: Any, host: Any) -> None:  # noqa: ANN401 — python-docx' own
    """Add the styles of a fragment's body to the document of the ``host`` part, as far as that lacks them.

    A style that it has under another id, as Word in another language gives them, is used by that id.
    """
    if (own := _styles_of(fragment.part)) is None or (theirs := _styles_of(host.package.main_document_part)) is None:
        return
    for element in body.iter(*(qn(f"w:{tag}") for tag in _KINDS)):
        element.set(qn("w:val"), _bring(element.get(qn("w:val"), ""), own, theirs))


def _bring(id: str, own: Any, theirs: Any) -> str:  # noqa: ANN401 — lxml has no types
    """The id that a style has among the host's styles, where it is added with what it is based on."""
    style = _style(own, id)
    if style is None or _style(theirs, id) is not None:
        return id
    same = (one for one in theirs.iter(qn("w:style")) if _name(one) == _name(style))
    if (known := next(same, None)) is not None:
        return str(known.get(qn("w:styleId"), ""))
    theirs.append(copy := deepcopy(style))
    copy.attrib.pop(qn("w:default"), None)
    for element in list(copy.iter(*map(qn, _WITH_OTHERS))):
        element.getparent().remove(element)
    for base in copy.iter(qn("w:basedOn")):
        base.set(qn("w:val"), _bring(base.get(qn("w:val"), ""), own, theirs))
    return id


def _style(styles: Any, id: str) -> Any:  # noqa: ANN401 — as above
    return next((one for one in styles.iter(qn("w:style")) if one.get(qn("w:styleId")) == id), None)


def _name(style: Any) -> tuple[str, str]:  # noqa: ANN401 — as above
    named = style.find(qn("w:name"))
    return style.get(qn("w:type"), "paragraph"), "" if named is None else named.get(qn("w:val"), "").lower()


def _styles_of(part: Any) -> Any:  # noqa: ANN401 — as above
    """The styles of a document; None where the file has none at all."""
    try:
        return part.part_related_by(RELATION.STYLES).element
    except KeyError:
        return None


def _defined_styles(part: Any) -> set[tuple[str, str]]:  # noqa: ANN401 — as above
    """The styles with their kind; none where the file has no styles at all."""
    styles = _styles_of(part)
    found = () if styles is None else styles.iter(qn("w:style"))
    return {(one.get(qn("w:type"), "paragraph"), one.get(qn("w:styleId"), "")) for one in found}


def _complaint(name: str, file: str, tag: str, style: str) -> str:
    of = "" if file == name else f", yang dipakai {file},"
    why = f"gaya {_KINDS[tag][1]} “{style}”{of} tidak ada di templat ini, jadi tercetak dengan gaya biasa"
    return f"{template_error(name, why).message} Buat gaya itu di Word, atau mulailah dari salinan templat bawaan."
