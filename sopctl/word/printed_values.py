"""What is printed in several kinds of Word files: a value that is missing, a picture, a person."""

from collections.abc import Collection, Iterator
from contextvars import ContextVar
from typing import Annotated

from msgspec import Struct


class Gaps:
    """What a letter lacks: each missing value once, by what it is called, for which a dotted line was printed.

    A line that has no name of its own (`kosong`) stands for the list or table that was gone through last, in vain.
    """

    def __init__(self) -> None:
        self._rows: dict[str, dict[int, None]] = {}
        self._list = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What is missing, in the order of the letter; of a column with its rows: `Anggota tim: NIP (baris 2-4)`."""
        return tuple(f"{name} (baris {_spans(rows)})" if rows else name for name, rows in self._rows.items())

    def add(self, blank: "Blank") -> None:
        """Note that the line of a missing value was printed, or that its cell stays empty."""
        rows = self._rows.setdefault(blank.gap or blank.label or self._list or "bagian lain", {})
        if blank.row:
            rows[blank.row] = None

    def go_through(self, blank: "Blank") -> None:
        """Note that a list or table was gone through which is missing."""
        self._list = blank.label or self._list


def _spans(rows: Collection[int]) -> str:
    """`1, 3-5` of 1, 3, 4 and 5."""
    begins, ends = ([row for row in sorted(rows) if row + step not in rows] for step in (-1, 1))
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in zip(begins, ends, strict=True))


collected_gaps: ContextVar[Gaps | None] = ContextVar("collected_gaps", default=None)
"""What the letter lacks that is written now, where somebody asks."""


class Blank(Struct, frozen=True):
    """A value that is not there yet: false and empty for a template, a dotted line on paper.

    ``dots`` is the length of that line; a cell of a table has none, its borders are line enough. One that is ``named``
    says behind its line what is missing, as a draft should. ``gap`` is what it is called where all that a letter lacks
    is listed, where ``label`` alone does not tell, and ``row`` the row of a table that it stands in, 0 for none; one
    that is ``awaited`` comes later and is never lacking.
    """

    label: str
    dots: int = 12
    named: bool = False
    gap: str = ""
    awaited: bool = False
    row: int = 0

    def note(self) -> None:
        """Note that the letter prints it, or something in its place."""
        if (gaps := collected_gaps.get()) is not None and not self.awaited:
            gaps.add(self)

    def __str__(self) -> str:
        self.note()
        line = "…" * self.dots
        return f"{line} ({self.label})" if self.named and line and self.label else line

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[str]:
        if (gaps := collected_gaps.get()) is not None:
            gaps.go_through(self)
        return iter(())


class Picture(Struct, frozen=True):
    """A picture where a template prints it: `{{ instansi.logo }}`; PNG, JPEG, GIF or BMP.

    It is as wide as ``width_mm``, and smaller where it would be higher than ``height_mm``; ``alt`` says what it shows.
    """

    data: bytes
    width_mm: float = 20
    height_mm: float = 25
    alt: str = ""


class Person(Struct, frozen=True, kw_only=True):
    """Somebody who acts or signs: jabatan as printed on the form; an unknown nama, nip or pangkat is a Blank.

    ``as_`` is `Plt.`, `Plh.`, `Pj.`, `a.n.` or `u.b.` before the jabatan, or empty. With `a.n.` and `u.b.`,
    ``atas_nama`` is the jabatan of the post that is signed for; with `u.b.`, ``perantara`` is the one in between.
    """

    pelaksana: Annotated[str, "kunci pelaksana dalam SOP"]
    jabatan: Annotated[str, "jabatan"]
    nama: Annotated[str | Blank, "nama dengan gelar; titik-titik bila belum ada di sopctl.yaml"]
    nama_tanpa_gelar: Annotated[str | Blank, "nama tanpa gelar, untuk Keputusan"]
    nip: Annotated[str | Blank, "NIP; titik-titik bila belum ada"]
    pangkat: Annotated[str | Blank, "pangkat dan golongan; titik-titik bila belum ada"]
    as_: Annotated[str, "Plt., Plh., Pj., a.n., u.b., atau kosong"] = ""
    atas_nama: Annotated[str, "jabatan yang diwakili pada a.n. dan u.b."] = ""
    perantara: Annotated[str, "jabatan di antaranya pada u.b."] = ""
