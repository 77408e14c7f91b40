"""Pictures in a document: their size and orientation out of their first bytes, and the XML that shows them upright.

Only the formats that every Word shows: PNG, JPEG, GIF and BMP. `picture_conversion` makes one of these of others.
"""

import struct
from zlib import crc32

from msgspec import Struct

from sopctl.word.xml_text import quote_attribute

EMU = 36_000
"""Of Word's units a millimetre has so many."""

_JPEG_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_JPEG_SIZE = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}

_JPEG_END = b"\xff\xd9"
_EXIF = b"Exif\0\0"
_ORIENTATION_TAG, _SHORT, _ENTRY = 0x0112, 3, 12

_TURNS = {2: (0, True), 3: (180, False), 4: (180, True), 5: (270, True), 6: (90, False), 7: (90, True), 8: (270, False)}
"""By the Exif orientation: how far the stored picture is turned clockwise to stand upright, and whether it is mirrored
from left to right before that."""


class PictureFormat(Struct, frozen=True):
    """What kind of picture some bytes are; width and height in pixels as they are stored.

    ``turn`` are the degrees, clockwise, by which it is turned to stand upright, after it was ``mirrored``. One that
    was cut off, or a PNG that is damaged, is not ``whole``.
    """

    extension: str
    content_type: str
    width: int
    height: int
    turn: int = 0
    mirrored: bool = False
    whole: bool = True


def picture_format(data: bytes) -> PictureFormat | None:
    """The format of a picture, None where it is none that Word shows."""
    try:
        found = _format(data)
    except struct.error:
        return None
    return found if found is not None and found.width > 0 and found.height > 0 else None


def fit_size(found: PictureFormat, width_mm: float, height_mm: float) -> tuple[int, int]:
    """Width and height of the picture as stored, in Word's units.

    Once it is upright, it is as wide as allowed, and smaller where it would be too high.
    """
    across, down = (width_mm, height_mm) if found.turn in (0, 180) else (height_mm, width_mm)
    scale = min(across / found.width, down / found.height)
    return max(1, round(found.width * scale * EMU)), max(1, round(found.height * scale * EMU))


def drawing(relation: str, number: int, found: PictureFormat, size: tuple[int, int], alt: str) -> str:
    """The drawing that shows the picture behind a relation in a run of text.

    Word and LibreOffice give a picture that is turned by a quarter the room that it takes then, so all sizes stay those
    of the picture as stored.
    """
    width, height = size
    about = f'id="{number}" name="Gambar {number}" descr={quote_attribute(alt)}'
    turned = f' rot="{found.turn * 60_000}"' if found.turn else ""
    turned += ' flipH="1"' if found.mirrored else ""
    return (
        '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr {about}/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f"<pic:nvPicPr><pic:cNvPr {about}/><pic:cNvPicPr/></pic:nvPicPr>"
        '<pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        f'r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm{turned}><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing>"
    )


def _format(data: bytes) -> PictureFormat | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = struct.unpack(">2L", data[16:24])
        return PictureFormat("png", "image/png", width, height, whole=_is_whole_png(data))
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        width, height = struct.unpack("<2H", data[6:10])
        return PictureFormat("gif", "image/gif", width, height, whole=data.rstrip(b"\0").endswith(b";"))
    if data.startswith(b"BM"):
        size, width, height = struct.unpack("<L12x2l", data[2:26])
        return PictureFormat("bmp", "image/bmp", width, abs(height), whole=len(data) >= size)
    return None


def _is_whole_png(data: bytes) -> bool:
    """Whether every chunk down to the last is there, those that a picture needs with their checksums.

    The names of the others begin with a small letter (PNG specification, 5.4).
    """
    place, kind = 8, b""
    while kind != b"IEND":
        if len(data) < place + 12:
            return False
        (length,) = struct.unpack_from(">L", data, place)
        kind, end = data[place + 4 : place + 8], place + 8 + length
        if kind[:1].isupper() and data[end : end + 4] != struct.pack(">L", crc32(memoryview(data)[place + 4 : end])):
            return False
        place = end + 4
    return True


def _jpeg(data: bytes) -> PictureFormat | None:
    """Walk along the segments to the one that tells the size; the Exif data comes before it."""
    place, turn = 2, (0, False)
    while place < len(data):
        if data[place] != 0xFF:  # noqa: PLR2004 — every segment begins so
            return None
        marker = data[place + 1] if place + 1 < len(data) else 0
        if marker in _JPEG_SIZE:
            height, width = struct.unpack(">2H", data[place + 5 : place + 9])
            return PictureFormat("jpeg", "image/jpeg", width, height, *turn, whole=_JPEG_END in data[place:])
        if marker == 0xFF:  # noqa: PLR2004 — a fill byte
            place += 1
        elif marker in _JPEG_NO_LENGTH:
            place += 2
        else:
            length = int(struct.unpack(">H", data[place + 2 : place + 4])[0])
            if data.startswith(_EXIF, place + 4):
                turn = _TURNS.get(_orientation(data[place + 4 + len(_EXIF) : place + 2 + length]), turn)
            place += 2 + length
    return None


def _orientation(exif: bytes) -> int:
    """The orientation that Exif data tells (a TIFF header and its first directory), 0 where it tells none."""
    order = "<" if exif.startswith(b"II") else ">"
    try:
        (start,) = struct.unpack_from(f"{order}L", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        for place in range(start + 2, start + 2 + count * _ENTRY, _ENTRY):
            tag, kind, _, value = struct.unpack_from(f"{order}HHLH", exif, place)
            if (tag, kind) == (_ORIENTATION_TAG, _SHORT):
                return int(value)
    except struct.error:
        pass
    return 0
