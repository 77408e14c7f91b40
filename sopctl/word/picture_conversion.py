"""Photos and scans that Word does not show (WEBP, TIFF, HEIC), made into such as it does: with the extra `foto` only.

Pillow reads WEBP and TIFF, pi-heif HEIC. What they cannot read, and what is larger than any camera's or scanner's
picture, is no picture here.
"""

import struct
import warnings
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Literal

from sopctl.word.pictures import picture_format

if TYPE_CHECKING:
    from PIL.Image import Image

SHOWN = (".png", ".jpg", ".jpeg", ".gif", ".bmp")
CONVERTED = (".webp", ".tif", ".tiff", ".heic", ".heif")
PICTURES = SHOWN + CONVERTED
"""How the names of photos and scans end."""

_TIFF = (b"II*\0", b"MM\0*")
_STARTS = (b"RIFF", *_TIFF)
_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc")
_MOST_PIXELS, _MOST_SAMPLES, _MOST_SHOWN = 120_000_000, 150_000_000, 1_000_000_000
"""Pixels of a picture that is converted, and its samples, three for each pixel of a photo: a file of a few kilobytes
can hold all of them, which take up twice as many bytes. Pixels of a picture that Word opens by itself."""

_COPIES = {"WEBP": 2}
"""How many times as much memory the reader of a format takes up, where it is more."""

_LONGEST_SIDE = 2400
"""Pixels; on half a page that is finer than any printer."""

_QUALITY = 88

_UNREADABLE = (
    OSError, ValueError, SyntaxError, ArithmeticError, LookupError, EOFError, RuntimeError, MemoryError, struct.error,
)  # fmt: skip
"""What the readers raise where the data is not what it claims to be."""

_one_at_a_time = Lock()
"""For memory, and because the filters of warnings are those of all threads."""

Lack = Literal["", "reader", "picture", "pages"]
"""What keeps a picture from being printed: nothing, a reader that is not installed, that it is no whole picture; or,
where only the first of its pages is printed, the others."""


def printable_picture(data: bytes) -> bytes | None:
    """The picture as Word shows it, None where it cannot be printed; `find_lack` says why."""
    if found := picture_format(data):
        return data if found.whole and found.width * found.height <= _MOST_SHOWN else None
    readers = _readers(data)
    return _converted(data) if readers and all(map(find_spec, readers)) else None


def find_lack(data: bytes) -> Lack:
    """What keeps these bytes from being printed as a picture."""
    if printable_picture(data) is not None:
        return "pages" if data.startswith(_TIFF) and _count_pages(data) > 1 else ""
    return "picture" if all(map(find_spec, _readers(data))) else "reader"


def _readers(data: bytes) -> tuple[str, ...]:
    """The libraries that a picture is converted with, none where it is of no known kind."""
    if data[4:8] == b"ftyp" and data[8:12] in _BRANDS:
        return ("PIL", "pi_heif")
    return ("PIL",) if data.startswith(_STARTS) else ()


def _converted(data: bytes) -> bytes | None:
    """A JPEG, of a scan in black and white a PNG; None where the readers find no picture in the data."""
    from PIL import Image  # noqa: PLC0415 — an extra, which few need

    if len(_readers(data)) > 1:
        import_module("pi_heif").register_heif_opener()
    try:
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=("WEBP", "TIFF", "HEIF")) as found:
                pixels = found.width * found.height
                if (
                    pixels > _MOST_PIXELS
                    or pixels * len(found.getbands()) * _COPIES.get(found.format or "", 1) > _MOST_SAMPLES
                ):
                    return None
                return _saved(found)
    except (*_UNREADABLE, Image.DecompressionBombError):
        return None


def _count_pages(data: bytes) -> int:
    """The pages of a TIFF that was read, one where that cannot be told."""
    from PIL import Image  # noqa: PLC0415 — loaded already

    try:
        with Image.open(BytesIO(data), formats=("TIFF",)) as found:
            return int(getattr(found, "n_frames", 1))
    except _UNREADABLE:
        return 1


def _saved(found: "Image") -> bytes:
    from PIL import Image, ImageOps  # noqa: PLC0415 — loaded already

    target = BytesIO()
    if found.mode == "1":
        ImageOps.exif_transpose(found).save(target, "PNG")
        return target.getvalue()
    found.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))  # before it is turned: that copies it
    found = ImageOps.exif_transpose(found)
    if found.has_transparency_data:
        found = Image.alpha_composite(Image.new("RGBA", found.size, "white"), found.convert("RGBA"))
    found.convert("RGB").save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()
