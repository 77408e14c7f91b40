"""Which moments are read, and by which clocks something may be recorded: nothing is written that cannot be read."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.engine.moments import READABLE_YEARS, check_clock, is_readable
from sopctl.errors import BusyError

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ZONES = st.sampled_from([ZoneInfo(name) for name in ("Asia/Pontianak", "UTC", "Pacific/Kiritimati", "Pacific/Niue")])
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(9990, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 — hypothesis adds the zone


@given(now=MOMENTS, last=st.none() | MOMENTS.filter(is_readable), zone=ZONES)
def test_what_a_clock_may_record_can_be_read(now: datetime, last: datetime | None, zone: ZoneInfo) -> None:
    with suppress(BusyError):
        check_clock(now.astimezone(zone), last)
        assert is_readable(now)
        assert is_readable(now.astimezone(zone))
        assert last is None or now >= last - timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "last", "says"),
    [
        pytest.param(NOW, None, "", id="nothing was recorded yet"),
        pytest.param(NOW, NOW + timedelta(days=1), "", id="another clock is a day ahead"),
        pytest.param(NOW, NOW + timedelta(days=1, seconds=1), "padahal catatan terakhir dibuat 25-11-2026", id="more"),
        pytest.param(NOW.replace(year=1970), None, "24-11-1970 10.00; itu tidak mungkin benar", id="no battery"),
        pytest.param(NOW.replace(year=2001), NOW, "24-11-2001 10.00; itu tidak mungkin benar", id="before sopctl"),
        pytest.param(NOW.replace(year=2106), NOW, "24-11-2106 10.00; itu tidak mungkin benar", id="a year too far"),
    ],
)
def test_a_clock_that_cannot_be_right_is_told(now: datetime, last: datetime | None, says: str) -> None:
    if not says:
        check_clock(now, last)
        return
    with pytest.raises(BusyError, match=says):
        check_clock(now, last)


def test_a_clock_without_a_battery_is_read_west_of_greenwich_too() -> None:
    assert is_readable(datetime(1970, 1, 1, tzinfo=UTC).astimezone(ZoneInfo("Pacific/Niue")))
    assert not is_readable(datetime(READABLE_YEARS.stop, 1, 1, tzinfo=UTC))
