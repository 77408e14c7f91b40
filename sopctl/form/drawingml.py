"""The symbols and lines of a page as Word's own shapes (DrawingML), which Word and LibreOffice draw and users can edit.

A shape is anchored to the line above the table of its page and placed from there: whatever moves the table, a longer
title or another margin, moves the drawing with it. A straight line is a connector; a
bent one is a free-form shape with the corners of the route, for a preset bent connector has corners of its own.
"""

from itertools import count

from sopctl.form.geometry import ChartPage, PlacedSymbol, Point, Rect, Route, SymbolKind, TextBlock, bounding_rect
from sopctl.form.svg import SYMBOL_SIZE
from sopctl.form.wordml import paragraph, run
from sopctl.word.pictures import PictureFormat, drawing
from sopctl.word.xml_text import quote_attribute

EMU = 635
"""English Metric Units of a twip."""

PRESETS: dict[SymbolKind, tuple[str, str]] = {
    "capsule": ("flowChartTerminator", "Mulai/berakhir"),
    "box": ("flowChartProcess", "Kegiatan"),
    "diamond": ("flowChartDecision", "Keputusan"),
    "pentagon": ("flowChartOffpageConnector", "Sambungan halaman"),
}
"""Word's preset and the form's name for each symbol."""

_LINE = 9525
_LOWEST = 251658240
"""The number from which Word counts what lies over what."""

_BLACK = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
_WHITE = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'


class ShapeWriter:
    """Writes the shapes of a document; their numbers go on from page to page."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._origin = (0, 0)

    def page(self, page: ChartPage, origin: Point) -> str:
        """All that is drawn on a page, the content of a paragraph at ``origin``: lines below symbols below labels."""
        self._origin = origin
        parts = (*map(self._route, page.routes), *map(self._symbol, page.symbols), *map(self._label, page.labels))
        return "".join(parts)

    def picture(self, relation: str, found: PictureFormat, size: tuple[int, int], text: str) -> str:
        """An inline picture, of a size in Word's units."""
        return f"<w:r>{drawing(relation, next(self._numbers), found, size, text)}</w:r>"

    def _symbol(self, symbol: PlacedSymbol) -> str:
        preset, name = PRESETS[symbol.kind]
        look = f'{_preset(preset)}{_WHITE}<a:ln w="{_LINE}">{_BLACK}</a:ln>'
        return self._anchored(
            f"{name} {symbol.text}".strip(), symbol.frame, "<wps:cNvSpPr/>", look, _text_box(symbol.text, SYMBOL_SIZE)
        )

    def _route(self, route: Route) -> str:
        frame = bounding_rect(*route.points)
        head = '<a:tailEnd type="triangle" w="med" len="med"/>' if route.arrow else ""
        line = f'<a:ln w="{_LINE}">{_BLACK}<a:miter lim="800000"/>{head}</a:ln>'
        name = "Panah" if route.arrow else "Garis"
        if len(route.points) == 2:  # noqa: PLR2004 — a straight line
            look = f"{_preset('straightConnector1')}{line}"
            return self._anchored(name, frame, "<wps:cNvCnPr/>", look, flips=_flips(route))
        return self._anchored(name, frame, "<wps:cNvSpPr/>", f"{_polyline(route, frame)}<a:noFill/>{line}")

    def _label(self, label: TextBlock) -> str:
        look = f"{_preset('rect')}{_WHITE}<a:ln><a:noFill/></a:ln>"
        text = _text_box("\n".join(label.lines), label.size)
        return self._anchored(f"Label {label.text}", label.frame, '<wps:cNvSpPr txBox="1"/>', look, text)

    def _anchored(self, name: str, frame: Rect, kind: str, look: str, text: str = "", *, flips: str = "") -> str:
        number = next(self._numbers)
        extent = f'cx="{frame.width * EMU}" cy="{frame.height * EMU}"'
        right, down = (frame.left - self._origin[0]) * EMU, (frame.top - self._origin[1]) * EMU
        return (
            '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
            f'<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{_LOWEST + number}" '
            'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
            f'<wp:positionH relativeFrom="column"><wp:posOffset>{right}</wp:posOffset></wp:positionH>'
            f'<wp:positionV relativeFrom="paragraph"><wp:posOffset>{down}</wp:posOffset></wp:positionV>'
            f'<wp:extent {extent}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
            f'<wp:docPr id="{number}" name={quote_attribute(f"{name} ({number})")}/><wp:cNvGraphicFramePr/>'
            '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
            f'<wps:wsp>{kind}<wps:spPr><a:xfrm{flips}><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>{look}</wps:spPr>'
            f'{text}<wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"><a:noAutofit/>'
            "</wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
            "</mc:AlternateContent></w:r>"
        )


def _preset(name: str) -> str:
    return f'<a:prstGeom prst="{name}"><a:avLst/></a:prstGeom>'


def _text_box(text: str, size: float) -> str:
    if not text:
        return ""
    content = paragraph(run(text, size), size, align="center")
    return f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>"


def _flips(route: Route) -> str:
    """A connector runs from its upper left corner unless it is flipped."""
    (x, y), (to_x, to_y) = route.points[0], route.points[-1]
    return (' flipH="1"' if to_x < x else "") + (' flipV="1"' if to_y < y else "")


def _polyline(route: Route, frame: Rect) -> str:
    places = [f'<a:pt x="{(x - frame.left) * EMU}" y="{(y - frame.top) * EMU}"/>' for x, y in route.points]
    lines = "".join(f"<a:lnTo>{place}</a:lnTo>" for place in places[1:])
    return (
        '<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
        f'<a:path w="{frame.width * EMU}" h="{frame.height * EMU}" fill="none"><a:moveTo>{places[0]}</a:moveTo>{lines}'
        "</a:path></a:pathLst></a:custGeom>"
    )
