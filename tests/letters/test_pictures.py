import struct
import sys
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Literal
from zipfile import ZipFile

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator
from PIL import Image, ImageOps

from sopctl.letters.context import Foto
from sopctl.letters.renderer import Renderer
from sopctl.word.picture_conversion import find_lack, printable_picture
from sopctl.word.pictures import EMU, PictureFormat, fit_size, picture_format
from sopctl.word.printed_values import Picture

Build = Callable[..., dict[str, object]]
Lines = Callable[..., list[str]]
TEMPLATES = Path(__file__).parents[2] / "templates"
BEGAN = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    header = struct.pack(">2L5B", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(width)) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int, height: int) -> bytes:
    """The segments of a JPEG up to its size, with a comment and a fill byte on the way."""
    size = struct.pack(">BHH", 8, height, width)
    return b"\xff\xd8\xff\xfe\0\x06abcd\xff" + b"\xff\xc2\0\x0b" + size + b"\x01\x11\0\xff\xd9"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(png(30, 20), PictureFormat("png", "image/png", 30, 20), id="png"),
        pytest.param(jpeg(30, 20), PictureFormat("jpeg", "image/jpeg", 30, 20), id="jpeg"),
        pytest.param(
            b"GIF89a" + struct.pack("<2H", 30, 20) + b"\0;", PictureFormat("gif", "image/gif", 30, 20), id="gif"
        ),
        pytest.param(
            b"BM" + bytes(16) + struct.pack("<2l", 30, -20), PictureFormat("bmp", "image/bmp", 30, 20), id="bmp"
        ),
        pytest.param(png(0, 20), None, id="no-width"),
        pytest.param(b"\xff\xd8\xff\xd9", None, id="jpeg-without-a-size"),
        pytest.param(b"%PDF-1.7", None, id="pdf"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_a_picture_tells_its_format_and_size(data: bytes, found: PictureFormat | None) -> None:
    assert picture_format(data) == found


@given(st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"BM"]), st.binary(max_size=64))
def test_no_bytes_make_the_reader_of_sizes_fail(start: bytes, rest: bytes) -> None:
    picture_format(start + rest)


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_a_picture_keeps_its_shape_and_stays_within_its_place(width: int, height: int) -> None:
    across, down = fit_size(PictureFormat("png", "image/png", width, height), 150, 95)
    assert max(across / 150, down / 95) == pytest.approx(EMU, rel=1e-3)
    assert across * height == pytest.approx(down * width, abs=max(width, height))


@pytest.fixture
def illustrated(build: Build, renderer: Renderer) -> Callable[..., bytes]:
    """A document of a case with these pictures."""

    def written(template: str, *pictures: bytes, sehalaman: Literal[2, 4] = 2) -> bytes:
        photos = tuple(
            Foto(
                urutan=number,
                keterangan=f"Rapat & 'pindaian' {number}",
                nama=f"foto-{number}.png",
                item="Foto",
                sehalaman=sehalaman,
                read=lambda data=data: data,  # type: ignore[misc]
            )
            for number, data in enumerate(pictures, 1)
        )
        rows = tuple(photos[first : first + 2] for first in range(0, len(photos), 2))
        said = build(template) | {"foto": photos, "foto_baris": rows}
        return renderer.render(template, said, created=BEGAN, title="Uji")

    return written


@pytest.mark.parametrize("sehalaman", [2, 4])
@pytest.mark.parametrize("template", ["laporan.docx", "notulen.docx", "berita-acara.docx", "lembar-hasil.docx"])
def test_photos_and_scans_stand_in_a_lampiran_with_captions(
    illustrated: Callable[..., bytes], lines: Lines, tmp_path: Path, template: str, sehalaman: int
) -> None:
    data = illustrated(template, png(30, 20), jpeg(20, 30), png(30, 20), sehalaman=sehalaman)
    text = lines(data)
    assert text.count("FOTO DAN PINDAIAN") == 1
    assert [line for line in text if line.startswith("Gambar ")] == [
        f"Gambar {number}. Rapat & 'pindaian' {number}" for number in (1, 2, 3)
    ]
    shapes = Document(BytesIO(data)).inline_shapes
    assert [shape.width > shape.height for shape in shapes] == [True, False, True]
    assert len({shape._inline.docPr.id for shape in shapes}) == 3  # noqa: SLF001 — Word insists on it
    assert len([name for name in ZipFile(BytesIO(data)).namelist() if "media" in name]) == 2
    file = tmp_path / "naskah.docx"
    file.write_bytes(data)
    assert [error.description for error in OpenXmlValidator().validate(file).errors] == []


def test_a_letter_without_pictures_has_no_such_page(illustrated: Callable[..., bytes], lines: Lines) -> None:
    assert "FOTO DAN PINDAIAN" not in lines(illustrated("laporan.docx"))


def test_an_attachment_that_only_claims_to_be_a_picture_is_named_and_stops_nothing(
    illustrated: Callable[..., bytes], lines: Lines
) -> None:
    text = lines(illustrated("laporan.docx", b"bukan gambar", png(3, 2)))
    assert "(Rapat & 'pindaian' 1: gambarnya tidak dapat dicetak)" in text


def exif(orientation: int, order: str = ">") -> bytes:
    """A segment of Exif data whose directory has another tag before the orientation."""
    entries = struct.pack(f"{order}HHLL", 0x010F, 2, 1, 0) + struct.pack(f"{order}HHLHH", 0x0112, 3, 1, orientation, 0)
    header = (b"MM" if order == ">" else b"II") + struct.pack(f"{order}HL", 42, 8)
    data = b"Exif\0\0" + header + struct.pack(f"{order}H", 2) + entries
    return b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data


@pytest.mark.parametrize("order", ["<", ">"], ids=["intel", "motorola"])
@pytest.mark.parametrize(
    ("orientation", "turn", "mirrored"),
    [(1, 0, False), (2, 0, True), (3, 180, False), (4, 180, True), (5, 270, True), (6, 90, False), (7, 90, True),
     (8, 270, False), (9, 0, False)],
)  # fmt: skip
def test_a_photo_tells_how_it_is_turned(orientation: int, turn: int, mirrored: bool, order: str) -> None:  # noqa: FBT001 — a table
    plain = jpeg(30, 20)
    found = picture_format(plain[:2] + exif(orientation, order) + plain[2:])
    assert found == PictureFormat("jpeg", "image/jpeg", 30, 20, turn, mirrored)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_looks_as_the_camera_meant_it(orientation: int) -> None:
    """Turned and mirrored as the drawing says, it is what another reader of Exif makes of it."""
    photo = Image.effect_noise((30, 20), 90)
    turned = Image.Exif()
    turned[0x0112] = orientation
    photo.save(target := BytesIO(), "JPEG", exif=turned.tobytes())
    found = picture_format(target.getvalue())
    assert found is not None
    stored = Image.open(target)
    drawn = ImageOps.mirror(stored) if found.mirrored else stored
    upright = drawn.rotate(-found.turn, expand=True)
    assert upright.tobytes() == ImageOps.exif_transpose(stored).tobytes()
    width, height = fit_size(found, 150, 95)
    across, down = (width, height) if found.turn in (0, 180) else (height, width)
    assert (across > down) == (upright.width > upright.height)
    assert max(across / 150, down / 95) == pytest.approx(EMU, rel=1e-3)


@given(st.binary(max_size=80))
def test_no_exif_data_makes_the_reader_of_orientations_fail(data: bytes) -> None:
    plain = jpeg(30, 20)
    segment = b"\xff\xe1" + struct.pack(">H", len(data) + 8) + b"Exif\0\0" + data
    found = picture_format(plain[:2] + segment + plain[2:])
    assert found is not None
    assert (found.width, found.height) == (30, 20)


def saved(format_: str, **options: object) -> bytes:
    mode = "1" if options.get("compression") == "group4" else "RGB"
    Image.new(mode, (60, 40)).save(target := BytesIO(), format_, **options)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        pytest.param(saved("WEBP"), "jpeg", id="webp"),
        pytest.param(saved("TIFF"), "jpeg", id="tiff"),
        pytest.param(saved("TIFF", compression="group4"), "png", id="scan-in-black-and-white"),
    ],
)
def test_webp_and_tiff_become_pictures_that_word_shows(data: bytes, extension: str) -> None:
    shown = printable_picture(data)
    assert find_lack(data) == ""
    assert shown == printable_picture(data)
    assert shown is not None
    found = picture_format(shown)
    assert found is not None
    assert (found.extension, found.width, found.height) == (extension, 60, 40)


def test_of_a_scan_with_several_pages_only_the_first_is_printed() -> None:
    first, *more = [Image.new("1", (60, 40)) for _ in range(3)]
    first.save(target := BytesIO(), "TIFF", save_all=True, append_images=more)
    assert find_lack(target.getvalue()) == "pages"
    assert printable_picture(target.getvalue()) is not None


def test_a_scan_larger_than_any_scanner_makes_is_no_picture() -> None:
    """Its bytes are few, and would become more than the computer has."""
    tags = [(256, 4, 40_000), (257, 4, 40_000), (258, 3, 1), (259, 3, 4), (262, 3, 0), (273, 4, 8), (279, 4, 4)]
    entries = b"".join(struct.pack("<HHLL", tag, kind, 1, value) for tag, kind, value in tags)
    tiff = b"II*\0" + struct.pack("<L", 12) + bytes(4) + struct.pack("<H", len(tags)) + entries + bytes(4)
    huge = png(3, 2).replace(struct.pack(">2L", 3, 2), struct.pack(">2L", 40_000, 40_000))
    assert [find_lack(tiff), find_lack(huge)] == ["picture"] * 2


def test_what_is_no_whole_picture_is_told_from_what_wants_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    webp, heic = saved("WEBP"), b"\0\0\0\x18ftypheic" + bytes(40)
    assert [find_lack(data) for data in (b"%PDF-1.7", webp[:40], b"II*\0" + bytes(40))] == ["picture"] * 3
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert [find_lack(data) for data in (webp, heic, png(3, 2), b"%PDF-1.7")] == ["reader", "reader", "", "picture"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP"])
def test_a_photo_that_was_cut_off_is_no_whole_picture(kind: str) -> None:
    Image.new("RGB", (9, 7), "red").save(small := BytesIO(), "JPEG")  # as the thumbnail in the Exif data, with its end
    exif = b"Exif\0\0" + small.getvalue() if kind == "JPEG" else b""
    Image.effect_noise((200, 90), 50).save(target := BytesIO(), kind, exif=exif)
    photo = target.getvalue()
    assert (find_lack(photo), printable_picture(photo + bytes(9))) == ("", photo + bytes(9))
    for length in (len(photo) // 2, len(photo) - 20):
        assert (find_lack(photo[:length]), printable_picture(photo[:length])) == ("picture", None)


@pytest.mark.parametrize("place", [20, 45, -18])  # in the size, the pixels and the end of them
def test_a_png_that_was_damaged_is_no_whole_picture(place: int) -> None:
    photo = bytearray(png(200, 90))
    photo[place] ^= 0x55
    assert (find_lack(bytes(photo)), printable_picture(bytes(photo))) == ("picture", None)


def test_a_picture_shown_twice_is_stored_once(build: Build, renderer: Renderer) -> None:
    said = build("surat-tugas.docx", "sign", kind="long", logo=png(3, 2))
    data = renderer.render("surat-tugas.docx", said, created=BEGAN, title="Uji")
    assert [name for name in ZipFile(BytesIO(data)).namelist() if "media" in name] == ["word/media/image1.png"]
    assert Picture(png(3, 2)).width_mm == 20


@pytest.mark.parametrize(("format_", "sides"), [("WEBP", (6000, 5000)), ("TIFF", (9000, 6000))])
def test_a_small_file_that_holds_a_huge_photo_is_not_unpacked(format_: str, sides: tuple[int, int]) -> None:
    """One of 200 KB took up 2 GB of whoever read it."""
    bomb, photo = BytesIO(), BytesIO()
    Image.new("RGB", sides).save(bomb, format_, **({"compression": "tiff_lzw"} if format_ == "TIFF" else {}))
    Image.new("RGB", (4000, 3000)).save(photo, format_)
    assert find_lack(bomb.getvalue()) == "picture"
    assert find_lack(photo.getvalue()) == ""
