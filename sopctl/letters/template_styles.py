"""The styles that a template prints in and does not define: Word writes such text in its default style.

A fragment's paragraphs are printed in the styles of the template that includes it. Loads python-docx: import it only
where a template is read anew.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml.ns import qn

from sopctl.letters.template_files import template_error

_KINDS = {"pStyle": ("paragraph", "paragraf"), "rStyle": ("character", "huruf"), "tblStyle": ("table", "tabel")}
_USE = re.compile(rf'<w:({"|".join(_KINDS)})\s[^<>]*?w:val="([^"{{]+)"')
_NOTES = ("footnotes+xml", "endnotes+xml")


def undefined_styles(document: Any, parts: Iterable[Mapping[str, str]], name: str) -> tuple[str, ...]:  # noqa: ANN401 — python-docx' own
    """A sentence for every style that the sources of the parts use and the template of this name does not define.

    Each of ``parts`` maps the files that a part is made of, the template and its fragments, to their Jinja source.
    """
    defined = _defined_styles(document.part)
    notes = [part.blob.decode("utf-8", "replace") for part in document.part.package.parts if _holds_notes(part)]
    texts = [(file, text) for sources in parts for file, text in sources.items()] + [(name, text) for text in notes]
    used = dict.fromkeys((file, *found) for file, text in texts for found in _USE.findall(text))
    return tuple(
        _complaint(name, file, tag, style) for file, tag, style in used if (_KINDS[tag][0], style) not in defined
    )


def _defined_styles(part: Any) -> set[tuple[str, str]]:  # noqa: ANN401 — as above
    """The styles with their kind; none where the file has no styles at all."""
    try:
        styles = part.part_related_by(RELATION.STYLES).element
    except KeyError:
        return set()
    return {(one.get(qn("w:type"), "paragraph"), one.get(qn("w:styleId"), "")) for one in styles.iter(qn("w:style"))}


def _holds_notes(part: Any) -> bool:  # noqa: ANN401 — as above
    return bool(part.content_type.endswith(_NOTES))


def _complaint(name: str, file: str, tag: str, style: str) -> str:
    of = "" if file == name else f", yang dipakai {file},"
    why = f"gaya {_KINDS[tag][1]} “{style}”{of} tidak ada di templat ini, jadi tercetak dengan gaya biasa"
    return f"{template_error(name, why).message} Buat gaya itu di Word, atau mulailah dari salinan templat bawaan."
