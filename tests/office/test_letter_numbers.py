from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.errors import WrongError
from sopctl.office.letter_numbers import format_letter_number, parse_letter_number
from sopctl.office.model import LetterNumber

DAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("pattern", "padding", "printed"),
    [
        pytest.param("{kode}/{nomor}/{singkatan}", 0, "800.1.11.1/73/DISKOPUKM", id="as-in-the-seeds"),
        pytest.param("{kode}/{nomor}/{singkatan}", 5, "800.1.11.1/00073/DISKOPUKM", id="padded"),
        pytest.param(
            "{kode}/{nomor}/{singkatan}/{bulan_romawi}/{tahun}", 3, "800.1.11.1/073/DISKOPUKM/V/2026", id="roman-month"
        ),
        pytest.param("{nomor}-{bulan}", 0, "73-05", id="month"),
        pytest.param("tanpa bagian", 0, "tanpa bagian", id="only-text"),
    ],
)
def test_a_letter_number_follows_the_pattern_of_the_office(pattern: str, padding: int, printed: str) -> None:
    settings = LetterNumber(pattern=pattern, padding=padding)
    assert format_letter_number(settings, "800.1.11.1", 73, "DISKOPUKM", DAY) == printed


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        pytest.param("{urut}", '"{urut}" tidak dikenal', id="unknown-name"),
        pytest.param("{nomor", "tidak berpasangan", id="open-brace"),
        pytest.param("{}", "tidak dikenal", id="no-name"),
        pytest.param("{nomor:>9999999999}", "nama saja", id="format"),
        pytest.param("{nomor!r}", "nama saja", id="conversion"),
        pytest.param("{nomor.__class__}", "tidak dikenal", id="attribute"),
    ],
)
def test_a_pattern_that_asks_for_something_else_is_refused(pattern: str, says: str) -> None:
    with pytest.raises(WrongError, match=says):
        format_letter_number(LetterNumber(pattern=pattern), "800", 1, "X", DAY)


@pytest.mark.parametrize(
    ("pattern", "nomor", "found"),
    [
        pytest.param("{kode}/{nomor}/{singkatan}", "800.1.11.1/0073/DISKOPUKM", (73, "800.1.11.1"), id="as-given"),
        pytest.param("{nomor}-{bulan}-{bulan_romawi}-{tahun}", "7-05-V-2026", (7, ""), id="without-kode"),
        pytest.param("{nomor}/{nomor}", "7/7", (7, ""), id="named-twice"),
        pytest.param("{nomor}/{nomor}", "7/8", None, id="named-twice-and-different"),
        pytest.param("{kode}/{nomor}/{singkatan}", "800/73/SEKDA", None, id="of-another-office"),
        pytest.param("{kode}/{nomor}/{singkatan}", "73", None, id="too-little"),
    ],
)
def test_a_number_is_read_by_the_pattern_that_made_it(pattern: str, nomor: str, found: tuple[int, str] | None) -> None:
    assert parse_letter_number(LetterNumber(pattern=pattern), nomor, "DISKOPUKM") == found


@given(
    pattern=st.sampled_from(["{kode}/{nomor}/{singkatan}", "{nomor}/{kode}", "{kode}.{nomor}-{bulan_romawi}/{tahun}"]),
    urut=st.integers(1, 10**6),
    padding=st.integers(0, 9),
    kode=st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,3}", fullmatch=True),
    day=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
def test_what_is_written_is_read(pattern: str, urut: int, padding: int, kode: str, day: date) -> None:
    settings = LetterNumber(pattern=pattern, padding=padding)
    nomor = format_letter_number(settings, kode, urut, "D.(K)", day)
    read = parse_letter_number(settings, nomor, "D.(K)")
    assert read is not None
    assert read[0] == urut
