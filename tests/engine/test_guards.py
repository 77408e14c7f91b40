"""Times in a refusal: told so that what is wrong with them can be seen."""

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from sopctl.engine import case_changes
from sopctl.engine.events import Noted
from sopctl.engine.moments import format_two_moments
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request

if TYPE_CHECKING:
    from tests.engine.conftest import Walk

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
"""
BEGAN = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
WIB = timezone(timedelta(hours=7))
NINE = datetime(2025, 3, 4, 9, 0, 20, tzinfo=WIB)


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        pytest.param(NINE, NINE + timedelta(minutes=3), ("04-03-2025 09.00", "04-03-2025 09.03"), id="minutes"),
        pytest.param(NINE, NINE + timedelta(days=1), ("04-03-2025 09.00", "05-03-2025 09.00"), id="days"),
        pytest.param(NINE, NINE + timedelta(seconds=9), ("04-03-2025 09.00.20", "04-03-2025 09.00.29"), id="seconds"),
        pytest.param(NINE, NINE, ("04-03-2025 09.00", "04-03-2025 09.00"), id="nothing"),
        pytest.param(
            NINE, (NINE + timedelta(seconds=9)).astimezone(UTC), ("04-03-2025 09.00.20", "04-03-2025 09.00.29"),
            id="seconds and the zone",
        ),
    ],
)  # fmt: skip
def test_two_moments_are_told_by_what_differs(one: datetime, other: datetime, told: tuple[str, str]) -> None:
    assert format_two_moments(one, other) == told


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        pytest.param(
            -5, "Waktu 24-11-2026 03.00.05 mendahului catatan terakhir berkas ini (24-11-2026 03.00.10).", id="before"
        ),
        pytest.param(5, "Waktu 24-11-2026 03.00.25 belum terjadi; sekarang 24-11-2026 03.00.20.", id="ahead"),
    ],
)
def test_a_refusal_says_by_how_little_a_time_is_wrong(walk: "Walk", seconds: int, says: str) -> None:
    walk.take(Noted(at=BEGAN + timedelta(seconds=10), recorded_at=BEGAN, by="akun"))
    now = walk.state.last + timedelta(seconds=10)
    moment = walk.state.last if seconds < 0 else now
    answer = case_changes.note(
        walk.state, Request(at=moment + timedelta(seconds=seconds), now=now, by="akun", note="x")
    )
    assert isinstance(answer, Refused)
    assert answer.message.startswith(says)
