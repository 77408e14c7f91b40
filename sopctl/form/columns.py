"""Which columns the form has, in which order and under which headings, and what stands in their cells.

The usual ones are those of Permenpan-RB 35/2012; an SOP or the office may name, order and drop them and add its own.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sopctl.sop.model import COLUMNS, Sop, Step

MUTU_BAKU = frozenset({"kelengkapan", "waktu", "output"})
"""The columns below the heading Mutu Baku."""


class FormColumn(Struct, frozen=True):
    """A column of the form: the key of a step whose text it prints, and its heading; `pelaksana` stands for many."""

    key: str
    heading: str


def with_columns_of_office(sop: Sop, columns: Mapping[str, str | bool]) -> Sop:
    """The SOP with the columns that the office wants wherever the SOP itself says nothing."""
    wanted = {**columns, **sop.columns}
    order = _arranged(_arranged(tuple(COLUMNS), columns), sop.columns)
    return replace(sop, columns={key: wanted.get(key, True) for key in order}) if columns else sop


def form_columns(sop: Sop) -> tuple[FormColumn, ...]:
    """The columns of an SOP's form from the left."""
    headings = [(key, sop.columns.get(key, True)) for key in _arranged(tuple(COLUMNS), sop.columns)]
    return tuple(
        FormColumn(key, COLUMNS.get(key, key) if heading is True else heading)
        for key, heading in headings
        if heading is not False
    )


def _arranged(order: Sequence[str], columns: Mapping[str, str | bool]) -> list[str]:
    """The columns in the order in which they are named, those that are not named where they were.

    A new one stands before the column that is named next, the last of all at the end.
    """
    shown = [key for key, heading in columns.items() if heading is not False]
    named = iter([key for key in shown if key in order])
    found = [next(named) if key in shown else key for key in order]
    following = ""
    for key in reversed(shown):
        if key not in order:
            found.insert(found.index(following) if following else len(found), key)
        following = key
    return found


def mutu_baku_groups(columns: Sequence[FormColumn]) -> Iterator[tuple[int, int]]:
    """Where columns of Mutu Baku begin and end (excluded); a further column between two of them is one of them."""
    start = end = 0
    for index, column in enumerate(columns):
        if column.key in MUTU_BAKU:
            start, end = (start, index + 1) if start < end else (index, index + 1)
        elif column.key in COLUMNS and start < end:
            yield start, end
            start = end = 0
    if start < end:
        yield start, end


def cell_text(step: Step, key: str) -> str:
    """What the form prints in a cell of a row."""
    printed = {
        "no": "" if step.no is None else str(step.no),
        "kegiatan": step.kegiatan,
        "kelengkapan": numbered_lines([item.nama for item in step.kelengkapan]),
        "waktu": step.waktu.text,
        "output": numbered_lines(step.output),
        "keterangan": step.keterangan,
    }
    return printed[key] if key in printed else numbered_lines(step.columns.get(key, ()))


def numbered_lines(items: Sequence[str]) -> str:
    """The items of a cell, each on a line of its own and with its number; a lone one has none."""
    return "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1)) if len(items) > 1 else "".join(items)
