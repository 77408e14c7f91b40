"""The national holidays as the package tells them, and the warning where it cannot yet."""

import subprocess
import sys
from datetime import date

import pytest

from sopctl.errors import WrongError
from sopctl.worktime.national import has_cuti_bersama, national_holidays


def test_national_holidays_hold_cuti_bersama_with_indonesian_names() -> None:
    days = national_holidays(2026)
    assert len(days) == 25
    assert days[date(2026, 8, 17)] == "Hari Kemerdekaan Republik Indonesia"
    assert days[date(2026, 12, 24)] == "Cuti Bersama Hari Raya Natal"


@pytest.mark.parametrize(
    ("year", "country", "known"),
    [
        pytest.param(2026, "ID", True, id="announced"),
        pytest.param(2040, "ID", False, id="not-announced-yet"),
        pytest.param(2040, "MY", True, id="a-country-without-them"),
    ],
)
def test_a_year_without_cuti_bersama_is_told(year: int, country: str, known: bool) -> None:  # noqa: FBT001 — a table
    assert has_cuti_bersama(year, country) is known


def test_an_unknown_country_is_refused_with_what_to_write() -> None:
    with pytest.raises(WrongError, match=r"XX.*misalnya ID"):
        national_holidays(2026, "XX")


def test_the_calendar_loads_without_the_slow_package() -> None:
    code = "import sys, sopctl.worktime.calendar, sopctl.worktime.national; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
