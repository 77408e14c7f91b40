"""The few elements of WordprocessingML that the form is made of, as texts.

The form is not filled into a template but drawn, shape by shape, so it is written as the XML that Word keeps: the same
SOP gives the same bytes, and nothing of a default document comes along.
"""

import re
from collections.abc import Iterable, Sequence

from sopctl.form.font_metrics import line_height
from sopctl.word.xml_text import escape_text


def run(text: str, size: float, *, bold: bool = False) -> str:
    """A text in one type; a line end in it is a line break, a tab a tab."""
    weight = "<w:b/><w:bCs/>" if bold else ""
    lines = ("<w:tab/>".join(map(_text, line.split("\t"))) for line in re.split("\r\n|\r|\n", text))
    return f"<w:r><w:rPr>{weight}{_size(size)}</w:rPr>{'<w:br/>'.join(lines)}</w:r>"


def paragraph(  # noqa: PLR0913 — what a paragraph has, each by its name
    runs: str,
    size: float,
    *,
    align: str = "left",
    left: int = 0,
    right: int = 0,
    hanging: int = 0,
    before: int = 0,
    after: int = 0,
    page_break: bool = False,
    height: int | None = None,
) -> str:
    """A paragraph with lines of exactly the height that the layout counted on; indents and spaces in twips."""
    new_page = "<w:pageBreakBefore/>" if page_break else ""
    tab = f'<w:tabs><w:tab w:val="left" w:pos="{left}"/></w:tabs>' if hanging else ""
    line = line_height(size) if height is None else height
    spacing = f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="exact"/>'
    hang = f' w:hanging="{hanging}"' if hanging else ""
    indent = f'<w:ind w:left="{left}" w:right="{right}"{hang}/>' if left or right else ""
    mark = f'<w:jc w:val="{align}"/><w:rPr>{_size(size)}</w:rPr>'
    return f"<w:p><w:pPr>{new_page}{tab}{spacing}{indent}{mark}</w:pPr>{runs}</w:p>"


def cell(  # noqa: PLR0913 — what a cell has, each by its name
    content: str,
    width: int,
    *,
    span: int = 1,
    merge: str = "",
    fill: str = "",
    above: int = 0,
    below: int = 0,
    rotated: bool = False,
    valign: str = "center",
) -> str:
    """A cell; ``merge`` is `restart` or `continue` where it goes over several rows."""
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merges = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    margins = f'<w:top w:w="{above}" w:type="dxa"/>' if above else ""
    margins += f'<w:bottom w:w="{below}" w:type="dxa"/>' if below else ""
    margins = f"<w:tcMar>{margins}</w:tcMar>" if margins else ""
    direction = '<w:textDirection w:val="btLr"/>' if rotated else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{merges}{shade}{margins}{direction}'
        f'<w:vAlign w:val="{valign}"/></w:tcPr>{content}</w:tc>'
    )


def row(cells: Iterable[str], height: int, *, exact: bool = True, header: bool = False) -> str:
    """A row; one of ``exact`` height stays on one page, a ``header`` is repeated where the table goes on."""
    rule = "exact" if exact else "atLeast"
    whole = "<w:cantSplit/>" if exact else ""
    repeated = "<w:tblHeader/>" if header else ""
    size = f'<w:trHeight w:val="{height}" w:hRule="{rule}"/>'
    return f"<w:tr><w:trPr>{whole}{size}{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def table(widths: Sequence[int], rows: Iterable[str]) -> str:
    """A table of fixed columns; its cells have no margin, so that its border lies on the page's."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _size(points: float) -> str:
    """The size of type, which Word counts in half points."""
    half_points = round(points * 2)
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape_text(text)}</w:t>' if text else ""
