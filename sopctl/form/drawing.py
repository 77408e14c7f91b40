"""The symbols and lines of a page as Word's own shapes (DrawingML): Word and LibreOffice draw them, people move them.

A shape is anchored to a paragraph of its page and placed from the corner of the page. A straight line is a connector; a
bent one is a shape of its own whose corners are those of the route, for a preset bent connector has corners of its own.
"""

from collections.abc import Iterator
from itertools import count

from sopctl.form.geometry import Kind, Page, Rect, Route, Shape, Text
from sopctl.form.wordml import attribute, paragraph, run

EMU = 635
"""English Metric Units of a twip."""

SYMBOL_SIZE = 7.0
"""The size of the type in a symbol, in points."""

PRESETS: dict[Kind, str] = {
    "capsule": "flowChartTerminator",
    "box": "flowChartProcess",
    "diamond": "flowChartDecision",
    "pentagon": "flowChartOffpageConnector",
}
"""Word's names for the symbols of the form."""

NAMES: dict[Kind, str] = {
    "capsule": "Mulai/berakhir",
    "box": "Kegiatan",
    "diamond": "Keputusan",
    "pentagon": "Sambungan halaman",
}
"""How the form calls them."""

_LINE = 9525
_LOWEST = 251658240
"""Where Word begins to count what lies over what."""

_INK = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
_WHITE = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'


class Drawing:
    """The shapes of a document; their numbers go on from page to page."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def page(self, page: Page) -> str:
        """All that is drawn on a page, as the content of a paragraph: lines below symbols below words."""
        return "".join((*map(self._route, page.routes), *map(self._shape, page.shapes), *map(self._label, page.labels)))

    def picture(self, relation: str, width: int, height: int, text: str) -> str:
        """A picture in the line, of a size in twips."""
        number = next(self._numbers)
        extent = f'cx="{width * EMU}" cy="{height * EMU}"'
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
            f'<wp:docPr id="{number}" name={attribute(text)} descr={attribute(text)}/>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{number}" name={attribute(text)}/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r>"
        )

    def _shape(self, shape: Shape) -> str:
        look = (
            f'<a:prstGeom prst="{PRESETS[shape.kind]}"><a:avLst/></a:prstGeom>{_WHITE}<a:ln w="{_LINE}">{_INK}</a:ln>'
        )
        name = f"{NAMES[shape.kind]} {shape.text}".strip()
        return self._anchored(name, shape.frame, "<wps:cNvSpPr/>", look, _words(shape.text, SYMBOL_SIZE))

    def _route(self, route: Route) -> str:
        frame = _around(route)
        head = '<a:tailEnd type="triangle" w="med" len="med"/>' if route.arrow else ""
        ink = f'<a:ln w="{_LINE}">{_INK}<a:miter lim="800000"/>{head}</a:ln>'
        name = "Panah" if route.arrow else "Garis"
        if len(route.points) == 2:  # noqa: PLR2004 — a straight line
            look = f'<a:prstGeom prst="straightConnector1"><a:avLst/></a:prstGeom>{ink}'
            return self._anchored(name, frame, "<wps:cNvCnPr/>", look, "", flips=_flips(route))
        return self._anchored(name, frame, "<wps:cNvSpPr/>", f"{_polyline(route, frame)}<a:noFill/>{ink}", "")

    def _label(self, label: Text) -> str:
        look = f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{_WHITE}<a:ln><a:noFill/></a:ln>'
        words = _words("\n".join(label.lines), label.size)
        return self._anchored(f"Label {label.text}", label.frame, '<wps:cNvSpPr txBox="1"/>', look, words)

    def _anchored(self, name: str, frame: Rect, kind: str, look: str, words: str, *, flips: str = "") -> str:
        number = next(self._numbers)
        extent = f'cx="{frame.width * EMU}" cy="{frame.height * EMU}"'
        return (
            '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
            f'<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{_LOWEST + number}" '
            'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
            f'<wp:positionH relativeFrom="page"><wp:posOffset>{frame.left * EMU}</wp:posOffset></wp:positionH>'
            f'<wp:positionV relativeFrom="page"><wp:posOffset>{frame.top * EMU}</wp:posOffset></wp:positionV>'
            f'<wp:extent {extent}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
            f'<wp:docPr id="{number}" name={attribute(f"{name} ({number})")}/><wp:cNvGraphicFramePr/>'
            '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
            f'<wps:wsp>{kind}<wps:spPr><a:xfrm{flips}><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>{look}</wps:spPr>'
            f'{words}<wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"><a:noAutofit/>'
            "</wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
            "</mc:AlternateContent></w:r>"
        )


def _words(text: str, size: float) -> str:
    if not text:
        return ""
    content = paragraph(run(text, size), size, align="center")
    return f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>"


def _around(route: Route) -> Rect:
    xs, ys = [x for x, _ in route.points], [y for _, y in route.points]
    return Rect(min(xs), min(ys), max(xs), max(ys))


def _flips(route: Route) -> str:
    """A connector runs from its upper left corner unless it is turned over."""
    (x, y), (to_x, to_y) = route.points[0], route.points[-1]
    return (' flipH="1"' if to_x < x else "") + (' flipV="1"' if to_y < y else "")


def _polyline(route: Route, frame: Rect) -> str:
    return (
        '<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
        f'<a:path w="{frame.width * EMU}" h="{frame.height * EMU}" fill="none">{"".join(_steps(route, frame))}</a:path>'
        "</a:pathLst></a:custGeom>"
    )


def _steps(route: Route, frame: Rect) -> Iterator[str]:
    for number, (x, y) in enumerate(route.points):
        place = f'<a:pt x="{(x - frame.left) * EMU}" y="{(y - frame.top) * EMU}"/>'
        yield f"<a:lnTo>{place}</a:lnTo>" if number else f"<a:moveTo>{place}</a:moveTo>"
