"""Which column of a step table is which: the headings that offices print, in their variants."""

import re
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sopctl.importing.seen import Box, Cell, Page

Role = Literal["no", "kegiatan", "pelaksana", "kelengkapan", "waktu", "output", "keterangan", "further"]

_KEY_WORDS: dict[Role, str] = {
    "no": "no nomor",
    "kegiatan": "kegiatan aktivitas aktifitas uraian prosedur langkah tahapan tahap proses rangkaian",
    "kelengkapan": "kelengkapan persyaratan syarat sumber bahan input masukan perlengkapan peralatan",
    "waktu": "waktu durasi lama",
    "output": "output out keluaran hasil luaran",
    "keterangan": "ket keterangan catatan",
}
"""A heading of each role has one of these words …"""

_OTHER_WORDS: dict[Role, str] = {
    "no": "urut",
    "kegiatan": "kerja nama rincian tugas pekerjaan dan atau",
    "kelengkapan": "data dokumen alat berkas dan atau",
    "waktu": "jangka penyelesaian pelaksanaan baku maksimal menit jam hari kerja proses dan atau",
    "output": "put produk akhir dan atau",
    "keterangan": "dan atau penjelasan",
}
"""… and no words but these beside it: `Aktivitas/Kegiatan`, `Sumber Data`."""

_PLAIN: tuple[Role, ...] = ("waktu", "kelengkapan")
"""Roles that a heading has, whatever follows its first two key words: no pelaksana is called so."""

_HIGHEST = 90
"""A header is at most this high, in points."""


class Column(Struct, frozen=True):
    """A column of the step table; ``name`` is its heading as printed."""

    role: Role
    name: str
    left: float
    right: float


class Header(Struct, frozen=True):
    """The columns of the step table, from left to right, and where the rows begin."""

    columns: tuple[Column, ...]
    box: Box

    def of(self, role: Role) -> tuple[Column, ...]:
        """The columns with this role."""
        return tuple(column for column in self.columns if column.role == role)


def find_column(columns: Sequence[Column], x: float) -> int | None:
    """Which of some columns (counted from 0) lies at ``x``, None where none does."""
    return next((n for n, column in enumerate(columns) if column.left <= x <= column.right), None)


def fold_heading(text: str) -> str:
    """The words of a heading in small letters, without signs."""
    return " ".join(re.findall(r"[a-z]+", re.sub(r"-\n", "", text).lower()))


def find_role(text: str) -> Role | None:
    """What a heading stands for; None for one that names a pelaksana, groups columns or is no heading."""
    whole = "".join(fold_heading(text).split())
    if re.search(r"\d", re.sub(r"\(\d{1,2}\)", "", text)):
        return None
    for role, key_words in _KEY_WORDS.items():
        keys = key_words.split()
        if any(key in whole for key in keys) and _is_made_of(whole, (*keys, *_OTHER_WORDS[role].split())):
            return role
    return next((role for role in _PLAIN if whole.startswith(tuple(_KEY_WORDS[role].split()[:2]))), None)


def _is_made_of(text: str, words: Sequence[str]) -> bool:
    """Whether a text is nothing but these words; a narrow column breaks them anywhere."""
    return not text or any(text.startswith(word) and _is_made_of(text[len(word) :], words) for word in words)


def find_header(page: Page) -> Header | None:
    """The header of the step table on a page, None where there is none."""
    for cell in page.cells:
        if find_role(cell.text) == "kegiatan":
            header = _read_header(page.cells, cell)
            if header is not None:
                return header
    return None


def _read_header(cells: Sequence[Cell], kegiatan: Cell) -> Header | None:
    """The header around the cell that heads the activities, None where the columns beside it are no step table."""
    beside = _list_beside(cells, kegiatan.box)
    known = [cell for cell in beside if find_role(cell.text)]
    if not {"waktu", "output", "kelengkapan"} & {find_role(cell.text) for cell in known}:
        return None
    bottom, first = max(cell.box.bottom for cell in known), min(cell.box.top for cell in known)
    leaves = sorted(
        (cell for cell in beside if abs(cell.box.bottom - bottom) < 4 and cell.box.top >= first - 4),
        key=lambda cell: cell.box.left,
    )
    group = next((cell.box for cell in beside if _names_pelaksana(cell.text)), None)
    columns = _name_columns([_fill_from_above(leaf, beside) for leaf in leaves], group)
    box = Box(leaves[0].box.left, first, leaves[-1].box.right, bottom)
    return Header(columns, box)


def _list_beside(cells: Sequence[Cell], kegiatan: Box) -> list[Cell]:
    """The cells of the header: those beside the heading of the activities, and in the row below where it is alone."""
    band = [cell for cell in cells if cell.box.shared_height(kegiatan) > 2]
    if any(find_role(cell.text) in {"waktu", "output", "kelengkapan"} for cell in band):
        return band
    below = [cell.box.bottom for cell in cells if -2 < cell.box.top - kegiatan.bottom < 2]
    if not below or max(below) - kegiatan.top > _HIGHEST * 2:
        return band
    whole = kegiatan._replace(bottom=max(below))
    return [cell for cell in cells if cell.box.shared_height(whole) > 2]


def _fill_from_above(leaf: Cell, cells: Sequence[Cell]) -> Cell:
    """The cell; an empty one with the words of the cell above it in the header that is as wide."""
    if leaf.text.strip():
        return leaf
    above = (cell for cell in cells if cell.text and cell.box.bottom <= leaf.box.top + 3)
    same = (
        cell for cell in above if abs(cell.box.left - leaf.box.left) < 4 and abs(cell.box.right - leaf.box.right) < 4
    )
    return next((replace(leaf, text=cell.text) for cell in same), leaf)


def _names_pelaksana(text: str) -> bool:
    """Whether a cell heads the group of the pelaksana."""
    return fold_heading(text) in {"pelaksana", "pelaksanaan", "pelaku", "aktor", "unit pelaksana", "pelaksana kegiatan"}


def _name_columns(leaves: Sequence[Cell], group: Box | None) -> tuple[Column, ...]:
    """The columns under these headings.

    Those between the activities and the mutu baku are pelaksana, and so are those under the heading of that ``group``.
    Where there are none, those without a known heading are.
    """
    roles = [find_role(leaf.text) for leaf in leaves]
    start = roles.index("kegiatan") if "kegiatan" in roles else 0
    ends = [n for n, role in enumerate(roles) if n > start and role in {"kelengkapan", "waktu", "output", "keterangan"}]
    end = ends[0] if ends else len(roles)
    named: list[Column] = []
    for n, (leaf, role) in enumerate(zip(leaves, roles, strict=True)):
        grouped = group is not None and group.left <= leaf.box.center.x <= group.right
        among = start < n < end or (grouped and role is None)
        found: Role = "pelaksana" if among else role or "further"
        named.append(Column(found, " ".join(leaf.text.split()), leaf.box.left, leaf.box.right))
    if any(column.role == "pelaksana" for column in named):
        return tuple(named)
    return tuple(replace(one, role="pelaksana") if one.role == "further" else one for one in named)
