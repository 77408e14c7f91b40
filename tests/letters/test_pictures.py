import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from sopctl.letters.context import Foto
from sopctl.letters.renderer import Renderer
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
        pytest.param(b"GIF89a" + struct.pack("<2H", 30, 20), PictureFormat("gif", "image/gif", 30, 20), id="gif"),
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

    def written(template: str, *pictures: bytes) -> bytes:
        photos = tuple(
            Foto(nama=f"foto-{number}.png", item="Foto & 'pindaian'", read=lambda data=data: data)  # type: ignore[misc]
            for number, data in enumerate(pictures, 1)
        )
        return renderer.render(template, build(template) | {"foto": photos}, created=BEGAN, title="Uji")

    return written


@pytest.mark.parametrize("template", ["laporan.docx", "notulen.docx", "berita-acara.docx", "lembar-hasil.docx"])
def test_photos_and_scans_stand_in_a_lampiran_with_captions(
    illustrated: Callable[..., bytes], lines: Lines, tmp_path: Path, template: str
) -> None:
    data = illustrated(template, png(30, 20), jpeg(20, 30), png(30, 20))
    text = lines(data)
    assert text.count("FOTO DAN PINDAIAN") == 1
    assert [line for line in text if line.startswith("Gambar ")] == [
        f"Gambar {number}. Foto & 'pindaian' (foto-{number}.png)" for number in (1, 2, 3)
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
    assert "(lampiran foto-1.png bukan gambar yang dapat ditampilkan)" in text


def test_a_picture_shown_twice_is_stored_once(build: Build, renderer: Renderer) -> None:
    said = build("surat-tugas.docx", "sign", kind="long", logo=png(3, 2))
    data = renderer.render("surat-tugas.docx", said, created=BEGAN, title="Uji")
    assert [name for name in ZipFile(BytesIO(data)).namelist() if "media" in name] == ["word/media/image1.png"]
    assert Picture(png(3, 2)).width_mm == 20
