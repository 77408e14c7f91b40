"""What waits as an iCalendar: read back by another program, and line by line as RFC 5545 has it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from msgspec.structs import replace

from sopctl.measure.inbox import WaitingTurn
from sopctl.reports.calendar_feed import escape_text, render_calendar

JAYAPURA = ZoneInfo("Asia/Jayapura")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=JAYAPURA)
TURN = WaitingTurn(
    id="sk-tim-1",
    sop="sk-tim",
    subject="Tim Nelayan",
    step="periksa",
    no=4,
    kegiatan="Memeriksa konsep",
    pelaksana="kabid",
    jabatan="Kepala Bidang 3",
    since=NOW - timedelta(hours=1),
    due=NOW + timedelta(hours=2),
    late=False,
    elapsed_minutes=60,
    standard_minutes=180,
    clock="working",
    left_minutes=120,
)
HOSTILE = [
    pytest.param("x\nEND:VEVENT\nBEGIN:VALARM", id="lines"),
    pytest.param("x\r\nEND:VEVENT\r\nBEGIN:VALARM\r", id="lines of Windows"),
    pytest.param("a;b,c\\n d\\", id="signs"),
    pytest.param('"kutip":nilai^n', id="quotes"),
    pytest.param("é" * 150, id="two-octets"),
    pytest.param("\N{GRINNING FACE}" * 150, id="four-octets"),
    pytest.param("a\x00b\x07c\u2028d\u202ee\ud800f", id="not to be seen"),
    pytest.param("x" * 50_000, id="long"),
    pytest.param("", id="nothing"),
]


def read(*turns: WaitingTurn, name: str = "Kerja", url: str = "") -> Any:  # noqa: ANN401 — another program's type
    return icalendar.Calendar.from_ical(render_calendar(turns, name, NOW, url))


def only_event(*turns: WaitingTurn, url: str = "") -> Any:  # noqa: ANN401 — another program's type
    (event,) = read(*turns, url=url).walk("VEVENT")
    return event


def test_an_event_stands_at_the_due_moment_and_links_to_the_case() -> None:
    event = only_event(TURN, url="https://sop.kantor.go.id")
    assert event.decoded("DTSTART") == datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    assert event.decoded("DTSTAMP") == NOW
    assert (event["SUMMARY"], event["URL"]) == ("Tim Nelayan", "https://sop.kantor.go.id/berkas/sk-tim-1")
    assert event["DESCRIPTION"].split("\n") == [
        "Berkas: sk-tim-1",
        "Langkah: 4. Memeriksa konsep",
        "Giliran: Kepala Bidang 3",
        "Menunggu sejak: Sel 24-11-2026 09.00",
        "Batas: Sel 24-11-2026 12.00",
    ]
    assert "URL" not in only_event(TURN)


def test_what_is_late_says_so_and_what_has_no_standard_is_left_out() -> None:
    late = replace(TURN, late=True)
    assert only_event(late, replace(TURN, due=None, left_minutes=None))["SUMMARY"] == "Terlambat: Tim Nelayan"


def test_the_calendar_has_its_name_its_color_and_how_often_to_ask() -> None:
    calendar = read(name="Kerja Siti")
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Kerja Siti"
    assert (calendar["X-WR-TIMEZONE"], calendar["COLOR"]) == ("Asia/Jayapura", "steelblue")
    assert calendar.decoded("REFRESH-INTERVAL") == timedelta(hours=1)


def test_of_a_confidential_case_only_the_due_moment_is_told() -> None:
    written = render_calendar((TURN,), "Kerja", NOW, "https://sop.kantor.go.id", {"sk-tim-1"})
    (event,) = icalendar.Calendar.from_ical(written).walk("VEVENT")
    assert (event["SUMMARY"], event["URL"]) == ("1 berkas rahasia", "https://sop.kantor.go.id/")
    assert event["DESCRIPTION"] == "Batas: Sel 24-11-2026 12.00"
    for told in ("Nelayan", "sk-tim", "konsep", "Kepala"):
        assert told.encode() not in written


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"id": "sk-tim-2"}, id="case"),
        pytest.param({"step": "susun"}, id="row"),
        pytest.param({"pelaksana": "kadis"}, id="pelaksana"),
        pytest.param({"since": NOW}, id="a later round"),
    ],
)
def test_a_turn_keeps_its_uid_and_another_has_its_own(other: dict[str, Any]) -> None:
    again = replace(TURN, subject="Lain", due=NOW, late=True, since=TURN.since.astimezone(UTC))
    assert only_event(TURN)["UID"] == only_event(again)["UID"]
    assert only_event(TURN)["UID"] != only_event(replace(TURN, **other))["UID"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_out_of_its_value(text: str) -> None:
    turn = replace(TURN, subject=text, kegiatan=text, jabatan=text)
    written = render_calendar((turn,), text, NOW)
    lines = written.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    assert [line for line in lines if line.startswith((b"BEGIN:", b"END:"))] == [
        b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", b"END:VEVENT", b"END:VCALENDAR"
    ]  # fmt: skip
    for line in lines:
        line.decode()
    event = only_event(turn)
    shown = " ".join(text.split())
    if text.replace("\n", "").isprintable():
        shown = shown or TURN.id
        assert event["SUMMARY"] == (shown if len(shown) <= 200 else f"{shown[:199]}…")


def test_a_text_is_escaped_as_the_standard_has_it() -> None:
    assert escape_text("a;b,c\\d\ne") == "a\\;b\\,c\\\\d\\ne"
