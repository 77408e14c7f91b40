from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.word.dates import Angka, Tanggal, format_clock, format_moment_in_words, spell_out


def test_a_date_prints_as_the_office_writes_it() -> None:
    day = Tanggal(2026, 11, 24)
    assert str(day) == "24 November 2026"
    assert f"{day}" == "24 November 2026"
    assert (day.hari, day.bulan, day.bulan_romawi) == ("Selasa", "November", "XI")


def test_a_date_in_words_opens_a_berita_acara() -> None:
    words = "Selasa tanggal dua puluh empat bulan November tahun dua ribu dua puluh enam"
    assert Tanggal(2026, 11, 24).terbilang == words


@given(st.dates())
def test_a_date_stays_the_same_day_in_every_month(day: date) -> None:
    assert Tanggal.of(day) == day
    assert str(Tanggal.of(day)) == f"{day.day} {Tanggal.of(day).bulan} {day.year}"


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        pytest.param(0, "0", id="zero"),
        pytest.param(7, "7", id="small"),
        pytest.param(1234.5, "1.234,5", id="decimals"),
        pytest.param(1234567, "1.234.567", id="millions"),
        pytest.param(-1500.25, "-1.500,25", id="negative"),
        pytest.param(10, "10", id="keeps-the-zero"),
        pytest.param(float("inf"), "inf", id="not-finite"),
    ],
)
def test_a_number_prints_with_points_and_a_comma(number: float, printed: str) -> None:
    assert str(Angka(number)) == printed


@pytest.mark.parametrize(
    ("zone", "printed"),
    [
        pytest.param("Asia/Pontianak", "10.30 WIB", id="west-kalimantan"),
        pytest.param("Asia/Jakarta", "10.30 WIB", id="west"),
        pytest.param("Asia/Makassar", "11.30 WITA", id="middle"),
        pytest.param("Asia/Jayapura", "12.30 WIT", id="east"),
    ],
)
def test_a_clock_names_the_zone_of_the_office(zone: str, printed: str) -> None:
    assert format_clock(datetime(2026, 11, 24, 3, 30, tzinfo=UTC), ZoneInfo(zone)) == printed


def test_a_moment_falls_on_the_day_of_the_office() -> None:
    late = datetime(2026, 11, 24, 18, 5, tzinfo=UTC)
    assert format_moment_in_words(late, ZoneInfo("Asia/Pontianak")) == "25 November 2026 01.05 WIB"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(Angka(30), "tiga puluh", id="number"),
        pytest.param(Angka(1.5), Angka(1.5), id="no-words-for-decimals"),
        pytest.param("sekitar 30", "sekitar 30", id="text-as-it-is"),
    ],
)
def test_words_are_given_where_there_are_some(value: object, said: object) -> None:
    assert spell_out(value) == said
