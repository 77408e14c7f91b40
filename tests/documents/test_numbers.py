from datetime import date

import pytest

from sopctl.documents.numbers import letter_number
from sopctl.errors import WrongError
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
    assert letter_number(settings, "800.1.11.1", 73, "DISKOPUKM", DAY) == printed


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        pytest.param("{urut}", "{urut} tidak dikenal", id="unknown-name"),
        pytest.param("{nomor", "tidak berpasangan", id="open-brace"),
        pytest.param("{}", "tidak dikenal", id="no-name"),
        pytest.param("{nomor:>9999999999}", "nama saja", id="format"),
        pytest.param("{nomor!r}", "nama saja", id="conversion"),
        pytest.param("{nomor.__class__}", "tidak dikenal", id="attribute"),
    ],
)
def test_a_pattern_that_asks_for_something_else_is_refused(pattern: str, says: str) -> None:
    with pytest.raises(WrongError, match=says):
        letter_number(LetterNumber(pattern=pattern), "800", 1, "X", DAY)
