"""A signature block takes text with it to its page: no letter ends on a page with a bare signature.

Two lines of the text at least stand on the page of the signature (tata naskah dinas, Permendagri 1/2023; Peraturan ANRI
5/2021). What stands above a block is known only when a letter is filled in: its last paragraphs and table rows get
Word's "keep with next" then. LibreOffice does not obey it in the last row of a table that has begun on an earlier page;
so a block below such a table becomes its last row, without lines, and the blocks below that one join it. Loads no
library of Word's.
"""

import re
from collections.abc import Iterator
from typing import Any

FRAGMENT = "tanda-tangan.docx"
"""The fragment that is a signature block whatever its styles are."""

MARK = ' keeps-text="1"'
"""How a signature block is marked in a compiled template."""

_STYLE = "TandaTangan"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_UNITS, _LINE, _LETTERS, _TALL, _ROWS = 3, 24, 350, 600, 4
"""Paragraphs and rows that go along: fewer where two are a line of so many letters, or all have the third number; one
of more letters than the fourth stays. A block becomes a row of a table of so many rows, or of the block above it."""

_MOST = 60
"""Paragraphs of the blocks that become a row: it is never taller than a page."""

_FAR = 12
"""Paragraphs and rows without a word, such as empty rows for names, that may stand between."""

_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_LETTER = re.compile(r"[^\W\d_]")
_PARAGRAPH = re.compile(
    r"<w:p(?: [^>]*[^/>])?>(?P<properties><w:pPr>(?:<w:pStyle [^>]*/>)?)?(?P<kept><w:keepNext\b)?|<w:p(?: [^>]*)?/>"
)
_PARAGRAPH_ENDS = ("</w:p>", "<w:p/>")
_BETWEEN = ("<w:bookmarkStart", "<w:bookmarkEnd", "<w:proofErr")
_PAGE_BEGINS = ("<w:pageBreakBefore/>", '<w:br w:type="page"/>', "<w:sectPr")
_TABLE = re.compile(r"<(/?)w:tbl[ >]")
_NESTED = re.compile(r"<w:tbl[ >].*?</w:tbl>", re.DOTALL)
_CELL, _SPAN = re.compile(r"<w:tc[ >]"), re.compile(r'<w:gridSpan w:val="(\d+)"')
_OPEN_ROW = (
    '<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="5000" w:type="pct"/><w:gridSpan w:val="{}"/>'
    '<w:tcBorders><w:left w:val="nil"/><w:bottom w:val="nil"/><w:right w:val="nil"/></w:tcBorders>'
    '<w:tcMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tcMar></w:tcPr>'
)
_NOTHING = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="1" w:lineRule="exact"/></w:pPr></w:p>'
"""A paragraph of no height."""

_CELL_ENDS = "</w:tc></w:tr>"


def mark_signatures(body: Any, *, whole: bool) -> None:  # noqa: ANN401 — lxml has no types
    """Mark the paragraphs and table rows of a body that are a signature block, all of them where it is ``whole`` one.

    They keep together, and its rows are not split over pages.
    """
    elements = [*body.iterfind(f"{_W}p"), *body.iterfind(f"{_W}tbl/{_W}tr")]
    block = [element for element in elements if whole or _is_signature(element)]
    for element in block:
        element.set("keeps-text", "1")
        if element.tag == f"{_W}tr" and element.find(f"{_W}trPr/{_W}cantSplit") is None:
            properties = element.get_or_add_trPr()
            properties.insert(0, properties.makeelement(f"{_W}cantSplit"))
        for paragraph in element.iter(f"{_W}p") if element.getnext() in block else ():
            paragraph.get_or_add_pPr().get_or_add_keepNext()


def _is_signature(element: Any) -> bool:  # noqa: ANN401 — as above
    """Whether it is a piece of a signature block: by its style, or because it prints who signs."""
    styled = any(style.get(f"{_W}val") == _STYLE for style in element.iter(f"{_W}pStyle"))
    return styled or "signer." in "".join(text.text or "" for text in element.iter(f"{_W}t"))


def keep_text_with_signatures(xml: str) -> str:
    """The XML of a body in which what stands above each marked block keeps with it; the marks are gone."""
    done = ""
    while (mark := xml.find(MARK)) >= 0:
        begin = xml.rfind("<", 0, mark)
        above, below, columns = _keep_end(done + xml[:begin])
        end = _block_end(xml, begin, mark)
        block, xml = xml[begin:end], xml[end:]
        row = above[_last_row(above, len(above)) :] if columns else ""
        shared = row if row.startswith(_OPEN_ROW.partition("{")[0]) else ""
        if columns and (shared + block).count("</w:p>") <= _MOST:
            above = above.removesuffix(_CELL_ENDS) if shared else above
            below = below.replace("</w:tbl>", "" if shared else _OPEN_ROW.format(columns), 1)
            block += f"{_NOTHING}{_CELL_ENDS}</w:tbl>"
        done = f"{above}{below}{block.replace(MARK, '')}"
    return _without_blank_ends(done + xml)


def _without_blank_ends(xml: str) -> str:
    """The XML without an empty paragraph at the end of a page that is ended: on a full page it would begin another.

    Below a table, where Word wants one, the smallest takes its place.
    """
    ends = [_last_start(xml, "p", found.start()) for found in re.finditer("<w:pageBreakBefore/>", xml)]
    for end in (xml.rfind("<w:sectPr"), *reversed(ends)):
        start = _last_start(xml, "p", end) if xml.endswith(_PARAGRAPH_ENDS, 0, max(end, 0)) else 0
        said = "<w:r" in xml[start:end] or "<w:pageBreak" in xml[start:end]
        if start > 0 and not said and xml.endswith((*_PARAGRAPH_ENDS, "</w:tbl>"), 0, start):
            xml = xml[:start] + _NOTHING * xml.endswith("</w:tbl>", 0, start) + xml[end:]
    return xml


def _block_end(xml: str, begin: int, mark: int) -> int:
    """Where the marked paragraphs, or the table of the marked row, end; the end of XML that is not whole."""
    if xml.startswith("<w:tr", begin):
        depth = 1
        for tag in _TABLE.finditer(xml, mark):
            depth += -1 if tag[1] else 1
            if not depth:
                return tag.end()
        return len(xml)
    end = begin
    while xml.startswith("<w:p", end) and 0 <= xml.find(MARK, end) < xml.find(">", end):
        end = xml.find("</w:p>", end) + len("</w:p>")
        if end < begin:
            return len(xml)
    return end


def _keep_end(xml: str) -> tuple[str, str, int]:
    """The XML in two pieces, whose last paragraphs and rows keep with what follows.

    Where the last row of a long table is among them the second piece begins with the end of that table, and the number
    is that of its columns; else it is 0.
    """
    units, lines, letters, kept, first, below, columns = 0, 0, 0, "", len(xml), 0, 0
    for far, (start, end) in enumerate(_units_above(xml, first)):
        unit = xml[start:end].replace("<w:pPr/>", "")
        said = len(_LETTER.findall("".join(_TEXT.findall(unit))))
        if far > _FAR or (units and said > _TALL):
            break
        kept = xml[end:first] + kept
        if not below and kept.startswith("</w:tbl>"):
            below, columns = len(kept), _columns(xml, start, end)
        kept, first = _PARAGRAPH.sub(_kept, unit) + kept, start
        units, lines, letters = units + bool(said), lines + (said > _LINE), letters + said
        if _UNITS in (units, lines + 1) or letters > _LETTERS or any(sign in unit for sign in _PAGE_BEGINS):
            break
    whole = xml[:first] + kept
    return whole[: len(whole) - below], whole[len(whole) - below :], columns


def _columns(xml: str, start: int, end: int) -> int:
    """The columns of the table whose last row this is; 0 where no signature is to be a row of it."""
    row = xml[start:end]
    if row.startswith(_OPEN_ROW.partition("{")[0]):
        return int(_SPAN.findall(row)[0])
    if _STYLE not in row and xml.count("</w:tr>", _last_start(xml, "tbl", start), end) < _ROWS:
        return 0
    cells = _NESTED.sub("", row)
    return len(_CELL.findall(cells)) + sum(int(span) - 1 for span in _SPAN.findall(cells))


def _units_above(xml: str, end: int) -> Iterator[tuple[int, int]]:
    """Where the paragraphs and table rows above a place begin and end, the nearest first."""
    while end > 0:
        last = xml.rfind("<", 0, end)
        if xml[end - 1].isspace():
            end -= 1
        elif xml.startswith(("</w:tbl>", *_BETWEEN), last):
            end = last
        elif xml.endswith(("</w:tblGrid>", "<w:tblGrid/>"), 0, end):  # the first row of its table
            end = _last_start(xml, "tbl", end)
        elif xml.endswith(("</w:tcPr>", "<w:tc>"), 0, end):  # the begin of a cell
            end = _last_start(xml, "tr", end)
        elif xml.endswith(("</w:tr>", *_PARAGRAPH_ENDS), 0, end):
            start = _last_row(xml, end) if xml.endswith("</w:tr>", 0, end) else _last_start(xml, "p", end)
            yield start, end
            end = start
        else:
            return


def _last_row(xml: str, end: int) -> int:
    """Where the row that ends at a place begins; it may hold tables."""
    start, inner = end, 1
    while inner > 0 and start > 0:
        start = _last_start(xml, "tr", start)
        inner = xml.count("</w:tr>", start, end) - xml.count("<w:tr>", start, end) - xml.count("<w:tr ", start, end)
    return start


def _last_start(xml: str, tag: str, end: int) -> int:
    """Where the last such element before a place begins, be it without attributes, with some, or empty."""
    start = xml.rfind(f"<w:{tag}", 0, end)
    while start >= 0 and xml[start + len(tag) + 3] not in " />":
        start = xml.rfind(f"<w:{tag}", 0, start)
    return start


def _kept(found: re.Match[str]) -> str:
    if found["kept"]:
        return found[0]
    if found["properties"]:
        return f"{found[0]}<w:keepNext/>"
    if found[0].endswith("/>"):
        return f"{found[0][:-2]}><w:pPr><w:keepNext/></w:pPr></w:p>"
    return f"{found[0]}<w:pPr><w:keepNext/></w:pPr>"
