"""Tables whose columns a template repeats: their grid is made to fit, as docxtpl does it.

Loads lxml: import it only for a template with such a table.
"""

from typing import Any

from lxml import etree  # type: ignore[import-untyped]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def fit_grids(xml: str) -> str:
    """The XML in which no table's grid has fewer columns than a row has cells, nor more than the widest row spans."""
    tree = etree.fromstring(xml.encode())
    for table in tree.iter(f"{_W}tbl"):
        grid = table.find(f"{_W}tblGrid")
        rows = [list(row.iterfind(f"{_W}tc")) for row in table.iterfind(f"{_W}tr")]
        if grid is not None and rows:
            least = max(map(len, rows))
            most = max(sum(map(_span, cells)) for cells in rows)
            _fit(grid, min(max(len(grid), least), most))
    return str(etree.tostring(tree, encoding="unicode"))


def _fit(grid: Any, wanted: int) -> None:  # noqa: ANN401 — lxml has no types
    """Give the grid this many columns within its own width."""
    columns = grid.findall(f"{_W}gridCol")
    if len(columns) == wanted:
        return
    width = sum(float(column.get(f"{_W}w") or 0) for column in columns)
    for column in columns:
        grid.remove(column)
    for _ in range(wanted):
        etree.SubElement(grid, f"{_W}gridCol", {f"{_W}w": str(int(width / wanted))})


def _span(cell: Any) -> int:  # noqa: ANN401 — as above
    """The columns that a cell takes."""
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return 1 if span is None else int(span.get(f"{_W}val") or 1)
