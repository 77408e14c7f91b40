"""The ledger, read once and summed up by case, sequence of letter numbers, and version of `sopctl.yaml`."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import attrgetter

from msgspec import Struct

from sopctl.audit.findings import COMPARE_FIRST
from sopctl.audit.ledger_order import LedgerOrder, OrderFault
from sopctl.store import ledger
from sopctl.store.ledger import (
    MENDED,
    OFFICE,
    AccountLine,
    ChainFault,
    EventLine,
    LoggedEvent,
    MendLine,
    NumberLine,
    OfficeChanges,
    OfficeLine,
    ReadLine,
    case_key,
)
from sopctl.store.protocol import Ledger
from sopctl.store.register import RegisterEntry

CLOCK_SKEW = timedelta(minutes=5)
"""How far the clocks of two computers may be apart."""


class RecordedLine(Struct, frozen=True):
    """By which version of `sopctl.yaml` something was recorded, when, and by which account.

    ``place`` is where its line stands among the others.
    """

    office: str
    at: datetime
    by: str
    place: int


def recorded_line(line: "NamingLine", place: int) -> RecordedLine:
    """What a line says that stands at this place."""
    match line:
        case LoggedEvent(event=event):
            return RecordedLine(line.office, event.recorded_at, event.by, place)
        case NumberLine(entry=entry):
            return RecordedLine(line.office, entry.recorded_at or entry.at, entry.by, place)
        case OfficeLine() | AccountLine():
            return RecordedLine(line.office, line.at, line.by, place)


class LedgerEvent(RecordedLine, frozen=True):
    """What the ledger says of an event: its number in the case, its hash, the SOP version the case was opened with."""

    revision: int
    head: str
    version: str

    @classmethod
    def of(cls, line: LoggedEvent, place: int, known: dict[str, str]) -> "LedgerEvent":
        """What a line says that stands at this place; equal texts become the one that is ``known``, to save memory."""
        event, share = line.event, known.setdefault
        office, version, by = share(line.office, line.office), share(line.version, line.version), event.by
        return cls(office, event.recorded_at, share(by, by), place, line.revision, line.head, version)


NamingLine = LoggedEvent | NumberLine | OfficeLine | AccountLine
"""A line that names a version of `sopctl.yaml`."""


class ClockRegression(Struct, frozen=True):
    """A line, and its number, of an event that was recorded earlier than the line before it, and when that one was."""

    number: int
    line: LoggedEvent
    before: datetime


class LedgerSummary(Struct, kw_only=True):
    """What the ledger says of every case and of every sequence of letter numbers.

    ``name`` is what the ledger is called, ``exists`` says that there is one at all, ``torn`` that its last line is cut
    off. A line that stands twice is counted once. ``order_faults`` are the lines that sopctl would not have added
    there, ``accepted`` those with which the record goes on. ``caseless`` are the letters that no case wrote, and the
    acts on page accounts, which ``account_acts`` tells with their numbers. ``office_lines`` are the lines that accept a
    version of `sopctl.yaml`, and those that name another one than the last that named one, or follow such a line.
    ``mended`` are the lines of `doctor --mend`.
    """

    name: str
    exists: bool
    lines: int = 0
    torn: bool = False
    faults: list[ChainFault] = []
    order_faults: tuple[OrderFault, ...] = ()
    accepted: tuple[OrderFault, ...] = ()
    events: list[LedgerEvent] = []
    cases: dict[str, list[LedgerEvent]] = {}
    sequences: dict[str, list[RegisterEntry]] = {}
    caseless: list[RecordedLine] = []
    account_acts: list[tuple[int, AccountLine]] = []
    office_lines: list[tuple[int, NamingLine]] = []
    mended: list[MendLine] = []
    regressions: list[ClockRegression] = []

    @property
    def is_sound(self) -> bool:
        """Whether there is a ledger whose chain holds, from which something may be restored."""
        return self.exists and not self.faults

    def remedy(self, advice: str, *, doubtful: bool = False) -> tuple[str, str]:
        """What to do about a difference that may be a forgery, and the advice where `doctor` can mend it after that."""
        return ("Pulihkan dari cadangan.", "") if doubtful or not self.is_sound else (f"{COMPARE_FIRST}.", advice)


def summarize_ledger(whole: Ledger) -> LedgerSummary:
    """Read the whole ledger."""
    found = LedgerSummary(name=whole.name, exists=whole.exists)
    clock, order, known = _RecordingClock(found.regressions), LedgerOrder(), dict[str, str]()
    for read in _read_lines(whole, found):
        match read.line:
            case LoggedEvent() as line:
                if order.add_event(read.number, line):
                    found.events.append(event := LedgerEvent.of(line, read.number, known))
                    found.cases.setdefault(line.case, []).append(event)
                    clock.check(read.number, line)
            case NumberLine() as line if order.add_number(read.number, line):
                found.sequences.setdefault(line.sequence, []).append(line.entry)
                if not line.entry.id:
                    found.caseless.append(recorded_line(line, read.number))
            case OfficeLine() as line:
                order.add_act(read.number, line)
            case AccountLine() as line if order.add_act(read.number, line):
                found.account_acts.append((read.number, line))
                found.caseless.append(recorded_line(line, read.number))
            case MendLine() as line:
                order.add_mended(read.number, line)
                found.mended.append(line)
                clock.skip_until = read.number + line.lines
    order.close()
    found.order_faults, found.accepted = order.faults, order.accepted
    by_number = attrgetter("highest")  # as the lines came, also where somebody moved one
    found.sequences = {name: sorted(entries, key=by_number) for name, entries in found.sequences.items()}
    return found


def _read_lines(whole: Ledger, found: LedgerSummary) -> Iterator[ReadLine]:
    """Every line, after a look at whether the chain holds there, and at which office file it names."""
    previous, offices = "", OfficeChanges()
    for read in whole.read_lines():
        found.faults += ledger.find_faults(read, previous)
        previous, found.lines, found.torn = ledger.hash_line(read.text), read.number, read.torn
        line = read.line
        if isinstance(line, NamingLine) and offices.follow(OFFICE if isinstance(line, OfficeLine) else "", line.office):
            found.office_lines.append((read.number, line))
        yield read


def summarize_case(whole: Ledger, case: str) -> LedgerSummary:
    """What the ledger says of one case and of the office files, without a look at the lines of other cases.

    Where anything is odd about its lines, or they were mended, the whole ledger is read: only that tells which line of
    how many it is.
    """
    order, events = LedgerOrder(), list[LedgerEvent]()
    texts = whole.find_texts(case_key(case))
    for (place, text), (before, after) in zip(texts, whole.find_neighbours(texts), strict=False):
        line = ledger.decode_passing(text)
        if not isinstance(line, LoggedEvent) or _is_odd(text, line, before, after):
            return summarize_ledger(whole)
        order.add_event(place, line)
        events.append(LedgerEvent.of(line, place, {}))
    mended = any(isinstance(line, MendLine) and case in line.cases for line in ledger.find_lines(whole, MENDED))
    if not events or mended or order.faults:
        return summarize_ledger(whole)
    return LedgerSummary(
        name=whole.name,
        exists=True,
        lines=len(texts),
        events=events,
        cases={case: events},
        office_lines=find_naming_lines(whole, OFFICE),
    )


def find_naming_lines(whole: Ledger, key: str) -> list[tuple[int, NamingLine]]:
    """The lines with a key that name a version of `sopctl.yaml`, each with its place, oldest first."""
    lines = ((place, ledger.decode_passing(text)) for place, text in whole.find_texts(key))
    return [(place, line) for place, line in lines if isinstance(line, NamingLine)]


def _is_odd(text: bytes, line: LoggedEvent, before: bytes, after: bytes) -> bool:
    """Whether a line does not fit those before and after it, or was recorded earlier than the one before."""
    previous = ledger.hash_line(before) if before else ""
    following = ledger.decode_passing(after) if after else None
    recorded = ledger.recording_moment(before)
    return (
        ledger.find_faults(ReadLine(0, text, line), previous) != ()
        or (after != b"" and (following is None or following.previous != ledger.hash_line(text)))
        or (recorded is not None and recorded - line.event.recorded_at > CLOCK_SKEW)
    )


class _RecordingClock:
    """Checks the times of recording along the ledger; lines that `doctor --mend` added later are skipped."""

    def __init__(self, regressions: list[ClockRegression]) -> None:
        self.skip_until = 0
        self._regressions = regressions
        self._last: datetime | None = None

    def check(self, number: int, line: LoggedEvent) -> None:
        """Look at one line after the other."""
        if number <= self.skip_until:
            return
        at, before = line.event.recorded_at, self._last
        if before is not None and before - at > CLOCK_SKEW:
            self._regressions.append(ClockRegression(number, line, before))
        self._last = at


def ledger_events_of(whole: Ledger, case: str) -> tuple[EventLine, ...]:
    """The lines of the ledger about one case, oldest first; of two different lines for one event both."""
    different = {(line.revision, line.head): line for line in reversed(ledger.find_event_lines(whole, case))}
    return tuple(different[key] for key in sorted(different))
