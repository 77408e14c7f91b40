"""How wide texts print: the widths of the real font, and lines that never run over."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.form.font_metrics import TWIPS, longest_word_width, text_width, wrap

FOLDERS = ("/usr/share/fonts/truetype/liberation", "/usr/share/fonts/truetype/liberation2", "C:/Windows/Fonts")
FILES = {False: ("LiberationSans-Regular.ttf", "arial.ttf"), True: ("LiberationSans-Bold.ttf", "arialbd.ttf")}
KEGIATAN = "Memerintahkan pejabat administrator untuk membuat surat tugas Tim Kerja (paraf & tanda tangan)"


def advances(file: Path) -> dict[str, int]:
    """The advance widths that a TrueType file states, by letter of the basic plane."""
    data = file.read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    records = (struct.unpack_from(">4sLLL", data, 12 + 16 * number) for number in range(count))
    tables = {tag.decode(): offset for tag, _, offset, _ in records}
    assert struct.unpack_from(">H", data, tables["head"] + 18)[0] == 2048
    measured = struct.unpack_from(">H", data, tables["hhea"] + 34)[0]
    widths = [struct.unpack_from(">H", data, tables["hmtx"] + 4 * glyph)[0] for glyph in range(measured)]
    return {chr(code): widths[min(glyph, measured - 1)] for code, glyph in glyphs(data, tables["cmap"]).items()}


def glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """The segments of the character map for Windows and Unicode (format 4)."""
    count = struct.unpack_from(">H", data, cmap + 2)[0]
    maps = (struct.unpack_from(">HHL", data, cmap + 4 + 8 * number) for number in range(count))
    start = next(cmap + offset for platform, encoding, offset in maps if (platform, encoding) == (3, 1))
    segments = struct.unpack_from(">H", data, start + 6)[0] // 2
    ends, starts, deltas, offsets = (
        start + 14 + skip for skip in (0, 2 * segments + 2, 4 * segments + 2, 6 * segments + 2)
    )
    found = {}
    for number in range(segments):
        first, last, delta, offset = (
            struct.unpack_from(">H", data, table + 2 * number)[0] for table in (starts, ends, deltas, offsets)
        )
        for code in range(first, min(last, 0xFFFE) + 1):
            place = offsets + 2 * number + offset + 2 * (code - first)
            found[code] = (struct.unpack_from(">H", data, place)[0] if offset else code + delta) & 0xFFFF
    return found


@pytest.mark.parametrize("bold", [False, True])
def test_the_widths_are_those_of_the_font(*, bold: bool) -> None:
    known = (Path(folder, name) for folder in FOLDERS for name in FILES[bold])
    file = next((path for path in known if path.is_file()), None)
    if file is None:
        pytest.skip("neither Arial nor Liberation Sans is installed here")
    real = advances(file)
    letters = [chr(code) for code in (*range(32, 127), *range(0xA0, 0x100))]
    assert [round(text_width(letter, 2048 / TWIPS, bold=bold)) for letter in letters] == [
        real[letter] for letter in letters
    ]


def test_a_text_is_as_wide_as_its_letters() -> None:
    assert text_width("iW", 10) == pytest.approx((455 + 1933) / 2048 * 10 * TWIPS)
    assert text_width("漢", 10) == 10 * TWIPS


@given(text=st.text(alphabet="abW m\n", max_size=80), limit=st.integers(60, 3000))
def test_lines_fit_and_lose_nothing_but_the_spaces_between(text: str, limit: int) -> None:
    lines = wrap(text, limit, 9)
    widest = text_width("W", 9)
    assert all(text_width(line, 9) <= max(limit, widest) for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")
    assert len(lines) >= text.count("\n") + 1


@pytest.mark.parametrize(
    ("limit", "lines"),
    [
        pytest.param(100_000, 1, id="one-line"),
        pytest.param(3600, 3, id="the-column-kegiatan"),
        pytest.param(longest_word_width(KEGIATAN, 9) * 0.6, 14, id="broken-inside-long-words"),
    ],
)
def test_a_sentence_wraps(limit: float, lines: int) -> None:
    assert len(wrap(KEGIATAN, limit, 9)) == lines


def test_an_empty_text_takes_a_line() -> None:
    assert wrap("", 1000, 9) == ("",)
