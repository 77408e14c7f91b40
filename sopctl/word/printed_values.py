"""What is printed in several kinds of Word files: a value that is missing, a picture, a person."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct


class Blank(Struct, frozen=True):
    """A value that is not there yet: false and empty for a template, a dotted line on paper.

    ``dots`` is the length of that line; a cell of a table has none, its borders are line enough. One that is ``named``
    says behind its line what is missing, as a draft should.
    """

    label: str
    dots: int = 12
    named: bool = False

    def __str__(self) -> str:
        line = "…" * self.dots
        return f"{line} ({self.label})" if self.named and line and self.label else line

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[str]:
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
    nama: Annotated[str | Blank, "nama; titik-titik bila belum ada di sopctl.yaml"]
    nip: Annotated[str | Blank, "NIP; titik-titik bila belum ada"]
    pangkat: Annotated[str | Blank, "pangkat dan golongan; titik-titik bila belum ada"]
    as_: Annotated[str, "Plt., Plh., Pj., a.n., u.b., atau kosong"] = ""
    atas_nama: Annotated[str, "jabatan yang diwakili pada a.n. dan u.b."] = ""
    perantara: Annotated[str, "jabatan di antaranya pada u.b."] = ""
