"""The record as JSON Lines for data teams: the events of `event_log`, one a line, each with all keys.

The keys of a ``schema`` never change their meaning and none goes away; new ones may come.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from sopctl.reports.xes import LogEvent, Trace, Transition

SCHEMA = 1
"""The number of the schema; a new one where a key changes its meaning."""


class EventLogLine(Struct, frozen=True, kw_only=True):
    """One event of a case; a key that says nothing of it is null, as are those of a visit before its end.

    ``activity`` is the SOP and the row, ``resource`` the account that acted, ``role`` its pelaksana as printed.
    """

    schema: int = SCHEMA
    case: str
    sop: str
    subject: str
    status: str
    activity: str
    transition: Transition
    at: datetime
    resource: str | None = None
    role: str | None = None
    outcome: str | None = None
    round: int | None = None
    elapsed_minutes: float | None = None
    standard_minutes: float | None = None
    clock: str | None = None
    typed_later: bool | None = None


def render_lines(traces: Iterable[Trace]) -> Iterator[bytes]:
    """The lines, case by case: the size of the record needs no memory."""
    encoder = msgspec.json.Encoder()
    for trace in traces:
        yield b"".join(encoder.encode(_line(trace, event)) + b"\n" for event in trace.events)


def _line(trace: Trace, event: LogEvent) -> EventLogLine:
    return EventLogLine(
        case=trace.id,
        activity=event.name,
        transition=event.transition,
        at=event.at,
        resource=event.resource or None,
        role=event.role or None,
        **trace.more,  # type: ignore[arg-type]
        **event.more,  # type: ignore[arg-type]
    )
