"""The record as an event log in XES (IEEE 1849), which process-mining tools read.

A visit is an activity: `assign` when the turn came, `start` where somebody recorded that work began, `complete` when
it was done; so tools see waiting and work apart where the record does, and claim nothing where it does not. A pause of
the case is `suspend` and `resume` of the activity at which it stood. The log is written case by case: its size needs
no memory.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal
from xml.sax.saxutils import quoteattr

from msgspec import Struct

from sopctl.word.xml_text import replace_illegal

Transition = Literal["assign", "start", "suspend", "resume", "complete", "ate_abort", "autoskip", "manualskip"]

Value = str | int | float | bool | datetime


class LogEvent(Struct, frozen=True, kw_only=True):
    """One event: the activity's name, what became of it and when, who (an account) for which role, and more.

    What is said in ``more`` the standard has no name for; the log calls it `sopctl:…`.
    """

    name: str
    transition: Transition
    at: datetime
    resource: str = ""
    role: str = ""
    more: Mapping[str, Value] = {}


class Trace(Struct, frozen=True, kw_only=True):
    """One case with its events in the order of time."""

    id: str
    more: Mapping[str, Value]
    events: tuple[LogEvent, ...]


_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
 <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
 <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
 <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
 <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
 <global scope="trace">
  <string key="concept:name" value=""/>
 </global>
 <global scope="event">
  <string key="concept:name" value=""/>
  <date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
  <string key="lifecycle:transition" value="complete"/>
 </global>
 <classifier name="Langkah" keys="concept:name"/>
 <classifier name="Langkah dan keadaan" keys="concept:name lifecycle:transition"/>
 <string key="lifecycle:model" value="standard"/>
"""


def render_log(name: str, traces: Iterable[Trace]) -> Iterator[str]:
    """The text of the log, piece by piece; ``name`` says whose it is."""
    yield _HEAD
    yield _attribute(" ", "concept:name", name)
    for trace in traces:
        yield "".join(_trace(trace))
    yield "</log>\n"


def _trace(trace: Trace) -> Iterator[str]:
    yield " <trace>\n"
    yield _attribute("  ", "concept:name", trace.id)
    for key, value in trace.more.items():
        yield _attribute("  ", f"sopctl:{key}", value)
    for event in trace.events:
        yield "  <event>\n"
        for key, value in _attributes(event):
            yield _attribute("   ", key, value)
        yield "  </event>\n"
    yield " </trace>\n"


def _attributes(event: LogEvent) -> Iterator[tuple[str, Value]]:
    yield "concept:name", event.name
    yield "lifecycle:transition", event.transition
    yield "time:timestamp", event.at
    if event.resource:
        yield "org:resource", event.resource
    if event.role:
        yield "org:role", event.role
    yield from ((f"sopctl:{key}", value) for key, value in event.more.items())


def _attribute(indent: str, key: str, value: Value) -> str:
    kind, text = _typed(value)
    return f"{indent}<{kind} key={quoteattr(key)} value={quoteattr(replace_illegal(text))}/>\n"


def _typed(value: Value) -> tuple[str, str]:
    match value:
        case bool():
            return "boolean", str(value).lower()
        case int():
            return "int", str(value)
        case float():
            return "float", repr(value)
        case datetime():
            return "date", value.isoformat(timespec="milliseconds")
        case _:
            return "string", value
