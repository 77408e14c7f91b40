"""What waits for one person as an iCalendar (RFC 5545), to which a calendar program subscribes.

Each turn that has a due moment is an event at that moment, because Outlook, Google and Apple show no tasks (`VTODO`) of
a calendar that they subscribe to. Moments are written in UTC, which every program turns into its own time; so the file
needs no table of time zones. A turn keeps its UID as long as it waits, and a later round of the same row has another.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote

from sopctl.engine.moments import format_day_time
from sopctl.engine.text import one_line, shorten_line
from sopctl.measure.inbox import WaitingTurn
from sopctl.reports.tables import numbered_kegiatan

_LINE = 75
"""Octets of a line, the two at its end not among them (RFC 5545, section 3.1)."""

_COLOR = ("COLOR", "steelblue"), ("X-APPLE-CALENDAR-COLOR", "#4682B4")
_EVERY = ("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"), ("X-PUBLISHED-TTL", "PT1H")
"""How often programs are to ask anew: as RFC 7986 says it, and as Outlook reads it."""


def render_calendar(
    rows: Sequence[WaitingTurn], name: str, now: datetime, url: str = "", confidential: Collection[str] = ()
) -> bytes:
    """The calendar ``name`` of the turns with a due moment, as of ``now`` in the office.

    Who offers calendars reads them: of the cases whose ids are ``confidential`` only the due moment is told. ``url`` is
    where the page of the office is; empty where it has none, and then the events link to nothing.
    """
    called = escape_text(name)
    lines = (
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//sopctl//sopctl//ID"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("NAME", called),
        ("X-WR-CALNAME", called),
        ("X-WR-TIMEZONE", str(now.tzinfo)),
        *_COLOR,
        *_EVERY,
        *(
            line
            for row in rows
            if row.due
            for line in _list_event_lines(row, row.due, now, url, secret=row.id in confidential)
        ),
        ("END", "VCALENDAR"),
    )
    return _write_lines(lines)


def escape_text(text: str) -> str:
    """A text as the value of a property (RFC 5545, section 3.3.11); lines stay apart, other control characters go."""
    lines = (one_line(line) for line in text.split("\n"))
    escaped = (line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in lines)
    return "\\n".join(escaped)


def _list_event_lines(
    row: WaitingTurn, due: datetime, now: datetime, url: str, *, secret: bool
) -> Iterator[tuple[str, str]]:
    late = "Terlambat: " if row.late else ""
    about = [f"Batas: {format_day_time(due)}"] if secret else _describe(row, due)
    yield from (
        ("BEGIN", "VEVENT"),
        ("UID", _make_uid(row)),
        ("DTSTAMP", _in_utc(now)),
        ("DTSTART", _in_utc(due)),
        ("SUMMARY", escape_text(f"{late}{'1 berkas rahasia' if secret else shorten_line(row.subject) or row.id}")),
        ("DESCRIPTION", escape_text("\n".join(about))),
        ("TRANSP", "TRANSPARENT"),
    )
    if url:
        yield "URL", f"{url}/{'' if secret else f'berkas/{quote(row.id)}'}"
    yield "END", "VEVENT"


def _describe(row: WaitingTurn, due: datetime) -> Iterator[str]:
    yield f"Berkas: {row.id}"
    yield f"Langkah: {shorten_line(numbered_kegiatan(row))}"
    yield f"Giliran: {shorten_line(row.jabatan)}"
    yield f"Menunggu sejak: {format_day_time(row.since)}"
    yield f"Batas: {format_day_time(due)}"


def _make_uid(row: WaitingTurn) -> str:
    """The same as long as the turn waits; it tells nothing of the case."""
    turn = "\0".join((row.id, row.step, row.pelaksana, _in_utc(row.since)))
    return f"{sha256(turn.encode()).hexdigest()[:40]}@sopctl"


def _in_utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _write_lines(properties: Iterable[tuple[str, str]]) -> bytes:
    return b"".join(piece + b"\r\n" for name, value in properties for piece in _fold(f"{name}:{value}".encode()))


def _fold(line: bytes) -> Iterator[bytes]:
    """The pieces of a line, each but the first behind a blank; no letter is cut in two."""
    while len(line) > _LINE:
        end = _LINE
        while line[end] & 0xC0 == 0x80:  # noqa: PLR2004 — a further octet of a letter in UTF-8
            end -= 1
        yield line[:end]
        line = b" " + line[end:]
    yield line
