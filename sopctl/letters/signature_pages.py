"""A signature block takes text with it to its page: no letter ends on a page with a bare signature.

Two lines of the text at least stand on the page of the signature (tata naskah dinas, Permendagri 1/2023; Peraturan ANRI
5/2021). What stands above a block is known only when a letter is filled in: its last paragraphs and table rows get
Word's "keep with next" then, which LibreOffice obeys too, row by row. Loads no library of Word's.
"""

import re
from collections.abc import Iterator
from typing import Any

FRAGMENT = "tanda-tangan.docx"
"""The fragment that is a signature block whatever its styles are."""

MARK = ' keeps-text="1"'
"""How a signature block is marked in a compiled template."""

_STYLE = "TandaTangan"
_MARKED = re.compile(rf"<w:(?:p|tr)\b[^>]*{MARK}")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_UNITS, _LETTERS, _TALL = 3, 300, 800
"""Paragraphs and rows that go along, fewer where these letters are reached; more letters than the last number stay."""

_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_PARAGRAPH = re.compile(
    r"<w:p(?: [^>]*[^/>])?>(?P<properties><w:pPr>(?:<w:pStyle [^>]*/>)?)?(?P<kept><w:keepNext\b)?|<w:p(?: [^>]*)?/>"
)
_BETWEEN = re.compile(r"(?:\s|</w:tbl>|<w:(?:bookmarkStart|bookmarkEnd|proofErr)\b[^>]*/>)+\Z")
_PAGE_BEGINS = ("<w:pageBreakBefore/>", '<w:br w:type="page"/>', "<w:sectPr")


def mark_signatures(body: Any, *, whole: bool) -> None:  # noqa: ANN401 — lxml has no types
    """Mark the paragraphs and table rows of a body that are a signature block, all of them where it is ``whole`` one.

    Rows of a block are not split over pages.
    """
    for element in [*body.iterfind(f"{_W}p"), *body.iterfind(f"{_W}tbl/{_W}tr")]:
        if whole or any(style.get(f"{_W}val") == _STYLE for style in element.iter(f"{_W}pStyle")):
            element.set("keeps-text", "1")
            if element.tag == f"{_W}tr" and element.find(f"{_W}trPr/{_W}cantSplit") is None:
                properties = element.get_or_add_trPr()
                properties.insert(0, properties.makeelement(f"{_W}cantSplit"))


def keep_text_with_signatures(xml: str) -> str:
    """The XML of a body in which what stands above each marked block keeps with it; the marks are gone."""
    done = ""
    while found := _MARKED.search(xml):
        done = _keep_end(done + xml[: found.start()]) + found[0].removesuffix(MARK)
        xml = xml[found.end() :]
    return done + xml


def _keep_end(xml: str) -> str:
    """The XML in which its last paragraphs and rows keep with what follows it."""
    units, letters, kept, first = 0, 0, "", len(xml)
    for start, end in _units_above(xml, first):
        unit = xml[start:end].replace("<w:pPr/>", "")
        said = sum(len(text.strip()) for text in _TEXT.findall(unit))
        if units and said > _TALL:
            break
        kept, first = _PARAGRAPH.sub(_kept, unit) + xml[end:first] + kept, start
        units, letters = units + bool(said), letters + said
        if units == _UNITS or letters > _LETTERS or any(sign in unit for sign in _PAGE_BEGINS):
            break
    return xml[:first] + kept


def _units_above(xml: str, end: int) -> Iterator[tuple[int, int]]:
    """Where the paragraphs and table rows above a place begin and end, the nearest first."""
    while True:
        between = _BETWEEN.search(xml, max(0, end - 2_000), end)
        end = between.start() if between else end
        if xml.endswith(("</w:tblGrid>", "<w:tblGrid/>"), 0, end):  # the first row of its table
            end = _last_start(xml, "tbl", end)
        elif xml.endswith(("</w:p>", "</w:tr>", "<w:p/>"), 0, end):
            start = _last_start(xml, "tr" if xml.endswith("</w:tr>", 0, end) else "p", end)
            yield start, end
            end = start
        else:
            return


def _last_start(xml: str, tag: str, end: int) -> int:
    return max(xml.rfind(f"<w:{tag}{sign}", 0, end) for sign in (">", " ", "/>"))


def _kept(found: re.Match[str]) -> str:
    if found["kept"]:
        return found[0]
    if found["properties"]:
        return f"{found[0]}<w:keepNext/>"
    if found[0].endswith("/>"):
        return f"{found[0][:-2]}><w:pPr><w:keepNext/></w:pPr></w:p>"
    return f"{found[0]}<w:pPr><w:keepNext/></w:pPr>"
