"""Pictures of the pages of a Word file or a PDF, made in a process of its own, with limits on time and memory.

`python -m sopctl.word.page_pictures FILE FOLDER` writes `surat.pdf` into the folder and, where pypdfium2 is installed,
`1.png`, `2.png` … beside it: what a page without scripts can show on a phone.
"""

import struct
import sys
import zlib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sopctl.word.child_processes import bound_this_process
from sopctl.word.pdf import convert_to_pdf

if TYPE_CHECKING:
    from pypdfium2 import PdfBitmap

PDF = "surat.pdf"

MOST_PAGES = 30
"""Pages of which there is a picture."""

_WIDTH, _HIGHEST = 1240, 4
"""Pixels across a page: what A4 has at 150 dots an inch; a page is drawn at most so many times as high."""

_POINTS = 595
"""Those across A4."""


def can_draw_pages() -> bool:
    """Whether pictures of pages can be made here, and not only a PDF."""
    return find_spec("pypdfium2") is not None


def draw_pages(file: Path, folder: Path) -> None:
    """Write the PDF of a file, and the pictures of its pages, into a folder."""
    target = folder / PDF
    if file.suffix == ".pdf":
        target.write_bytes(file.read_bytes())
    else:
        convert_to_pdf([file], folder)[0].replace(target)
    if not can_draw_pages():
        return
    from pypdfium2 import PdfDocument  # noqa: PLC0415 — an extra

    document = PdfDocument(target)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        width, height = page.get_size()
        scale = _WIDTH / max(width, height / _HIGHEST, _POINTS / _HIGHEST)
        (folder / f"{number + 1}.png").write_bytes(_encode_png(page.render(scale=scale, rev_byteorder=True)))


def _encode_png(bitmap: "PdfBitmap") -> bytes:
    """The picture as PNG, of as many colours as it has channels (RGB, with or without a fourth that is left out)."""
    width, height, channels, data = bitmap.width, bitmap.height, bitmap.n_channels, bytes(bitmap.buffer)
    rows = (data[row * bitmap.stride : row * bitmap.stride + width * channels] for row in range(height))
    if channels == 4:  # noqa: PLR2004 — red, green, blue and one more
        rows = (b"".join(row[at : at + 3] for at in range(0, len(row), 4)) for row in rows)
    kind = 0 if channels == 1 else 2
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main() -> None:
    """Draw the pages of the file that the command line names."""
    bound_this_process()
    draw_pages(Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
