"""Routes all pages of a flow, and finds a layout in which every line has room.

Where a page has no room for a line, all pages are laid out again with more lanes. What finds none even then, or is not
found within the search limit, is told in words, and all is laid out once more without it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from sopctl.errors import WrongError
from sopctl.form.dimensions import Dimensions
from sopctl.form.flow_graph import FlowGraph
from sopctl.form.pagination import ConnectorKey, PageContent, Paginator, connector_letters, connector_of, group_cuts
from sopctl.form.placement import Connection, Placement, UnroutedPage, stack_rows, symbol_heights
from sopctl.form.routing import LabelVariants, PageRouter, RoutedConnection
from sopctl.form.search_limit import MOST, SearchLimit
from sopctl.sop.model import Sop

_ENOUGH = 3
"""How many search limits are spent until everything is told in words."""


class RoutedPage(Struct, frozen=True):
    """A page with its lines; ``edges`` are those of the graph that each connection stands for."""

    page: UnroutedPage
    routed: tuple[RoutedConnection, ...]
    edges: tuple[tuple[int, ...], ...]

    def edges_without_room(self) -> Iterator[int]:
        """The edges for which the page has no room."""
        pairs = zip(self.routed, self.edges, strict=True)
        return (edge for routed, edges in pairs if not routed.complete for edge in edges)


class PageFormat(Struct, frozen=True, kw_only=True):
    """What pages are laid out in: the borders of the pelaksana's columns, and the height that each row's text needs.

    ``rooms`` is the height of the rows on the first page and on the others, ``tops`` where they begin, ``dimensions``
    are those for a number of lanes.
    """

    borders: tuple[int, ...]
    text_heights: Sequence[int]
    rooms: tuple[int, int]
    tops: tuple[int, int]
    dimensions: Callable[[int], Dimensions]
    label_variants: LabelVariants


FormatT = TypeVar("FormatT", bound=PageFormat)


def find_complete_pages(
    sop: Sop, graph: FlowGraph, make_format: Callable[[FlowGraph], FormatT], lanes: Sequence[int]
) -> tuple[FlowGraph, FormatT, Sequence[RoutedPage]]:
    """The first pages on which every line has room, with their format; ``lanes`` are the numbers of lanes to try.

    What finds no room with any of them is told in words by the graph that comes back.

    Raises:
        WrongError: where there are so many lines that nobody could read them as words either.
    """
    if len(graph.edges) * len(sop.steps) > MOST:
        raise WrongError(
            f"Alur SOP {sop.id} terlalu rumit untuk digambar: terlalu banyak langkah, cabang dan pelaksana. "
            "Pecah menjadi beberapa SOP.",
            code="flow",
        )
    spent = 0
    while spent < _ENOUGH * MOST:
        page_format, limit = make_format(graph), SearchLimit()
        fewest = frozenset(range(len(graph.edges)))
        for number in lanes:
            if limit.exhausted:
                break
            limit.count(len(graph.edges) * len(sop.steps))
            pages = _route_pages(graph, page_format, number, limit)
            without_room = frozenset(edge for page in pages for edge in page.edges_without_room())
            if not without_room:
                return graph, page_format, pages
            fewest = min(fewest, without_room, key=len)
        graph, spent = graph.tell({*_choose_told(graph, fewest)}), spent + limit.spent
    graph = graph.tell(range(len(graph.edges)))
    page_format = make_format(graph)
    return graph, page_format, _route_pages(graph, page_format, lanes[0], SearchLimit())


def _choose_told(graph: FlowGraph, without_room: Iterable[int]) -> Iterator[int]:
    """The edges that are told in words: for one without label another that ends at the same symbol, if it can.

    What a label says can be said in words; what leads from symbol to symbol is better seen.
    """
    labelled = {
        end: number for number, edge in enumerate(graph.edges) if edge.label for end in (*edge.sources, *edge.targets)
    }
    for number in without_room:
        edge = graph.edges[number]
        near = (labelled[end] for end in (*edge.sources, *edge.targets) if end in labelled)
        yield number if edge.label else next(near, number)


def _route_pages(graph: FlowGraph, page_format: PageFormat, lanes: int, limit: SearchLimit) -> list[RoutedPage]:
    """All pages, routed."""
    dimensions = page_format.dimensions(lanes)
    heights = [
        max(text, sum(symbol_heights(graph, row, dimensions))) for row, text in enumerate(page_format.text_heights)
    ]
    contents = Paginator(graph, dimensions, page_format.borders).pages(heights, page_format.rooms)
    letters = connector_letters(contents)
    pages: list[RoutedPage] = []
    for content in contents:
        top = page_format.tops[bool(pages)]
        bands = stack_rows(content.rows, heights, top, content.above, content.below)
        placement = Placement(graph, dimensions, page_format.borders, bands)
        page, edges = _unrouted_page(content, placement, letters)
        pages.append(RoutedPage(page, PageRouter(page, dimensions, page_format.label_variants, limit).run(), edges))
    return pages


def _unrouted_page(
    content: PageContent, placement: Placement, letters: Mapping[ConnectorKey, str]
) -> tuple[UnroutedPage, tuple[tuple[int, ...], ...]]:
    """A page before its lines are routed, and the edges that each of its connections stands for."""
    graph, symbols = placement.graph, placement.symbols()
    numbers = {symbol: number for number, symbol in enumerate(symbols)}
    groups = list(group_cuts(content.cuts).values())
    connectors = [connector_of(graph, cuts[0], letters[cuts[0].key]) for cuts in groups]
    connections = [_connection(graph, edge, numbers) for edge in content.inside]
    for number, (first, *_) in enumerate(groups, len(symbols)):
        edge = graph.edges[first.edge]
        if first.leaves:
            sources = tuple(numbers[symbol] for symbol in edge.sources)
            connections.append(Connection(sources=sources, targets=(number,), label=edge.label))
        else:
            targets = tuple(numbers[symbol] for symbol in edge.targets)
            connections.append(Connection(sources=(number,), targets=targets, back=first.strip == "bottom"))
    page = UnroutedPage(
        area=placement.area,
        borders=placement.borders,
        bands=placement.bands,
        symbols=(*symbols.values(), *placement.connectors(connectors)),
        strips=(*[None] * len(symbols), *(one.strip for one in connectors)),
        connections=tuple(connections),
        xs=tuple(placement.xs()),
        ys=tuple(placement.ys()),
    )
    return page, (*((edge,) for edge in content.inside), *(tuple(cut.edge for cut in cuts) for cuts in groups))


def _connection(graph: FlowGraph, number: int, numbers: Mapping[int, int]) -> Connection:
    """The connection of an edge inside the page."""
    edge = graph.edges[number]
    source, target = graph.symbols[edge.sources[0]].row, graph.symbols[edge.targets[0]].row
    return Connection(
        sources=tuple(numbers[symbol] for symbol in edge.sources),
        targets=tuple(numbers[symbol] for symbol in edge.targets),
        label=edge.label,
        arrow=edge.arrow,
        back=target < source or (target == source and bool({*edge.sources} & {*edge.targets})),
    )
