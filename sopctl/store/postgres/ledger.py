"""The ledger as a table: each line its text as the files have it, with columns by which it is found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import LiteralString

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from sopctl.engine.instance import Instance
from sopctl.errors import DamagedError
from sopctl.office.letter_numbers import normalize_number
from sopctl.store import ledger
from sopctl.store.ledger import (
    ACCOUNT,
    MENDED,
    OFFICE,
    EventLine,
    LedgerLine,
    LoggedEvent,
    NumberLine,
    OfficeChanges,
    OfficeLine,
    PassingLine,
    ReadLine,
)
from sopctl.store.postgres import cases
from sopctl.store.postgres.connections import Ask, Statement, read_portions

PORTION = 5_000
"""Lines, or cases, that are read at a time."""

_BEFORE_ALL = -(2**62)
"""Before every number of a line, also of one that nobody gives."""

LINES: Statement = ("SELECT lines FROM sopctl.offices WHERE office = %(office)s", {})
_LAST_NUMBER: Statement = ("SELECT coalesce(max(line), 0) FROM sopctl.ledger WHERE office = %(office)s", {})
_AFTER = (
    "SELECT line, text, kind, case_id, revision, sequence, changes_office, nomor FROM sopctl.ledger"
    " WHERE office = %(office)s AND line > %(after)s AND line <= %(lines)s ORDER BY line LIMIT %(portion)s"
)
_BY_NUMBER = (
    "SELECT line, text FROM sopctl.ledger WHERE office = %(office)s AND line = ANY(%(numbers)s) AND line <= %(lines)s"
)
_OF_CASE = (
    "SELECT line, text FROM sopctl.ledger WHERE office = %(office)s AND kind = 'event' AND case_id = %(case)s"
    " AND line <= %(lines)s ORDER BY line"
)
_OF_OFFICE = (
    "SELECT line, text FROM sopctl.ledger WHERE office = %(office)s AND changes_office AND line <= %(lines)s"
    " ORDER BY line"
)
_OF_KIND = (
    "SELECT line, text FROM sopctl.ledger WHERE office = %(office)s AND kind IN ('mended', 'account')"
    " AND kind = %(kind)s AND line <= %(lines)s ORDER BY line"
)
_SAVE = "SELECT sopctl.save_changes(%(lines)s, %(its_end)s, %(cases)s, %(counters)s)"


class LedgerEnd(Struct, frozen=True):
    """The end of the ledger of an office: how many lines, the sha256 of the last, the office file named last.

    No office file is named any more after a line that accepts one.
    """

    lines: int
    head: str
    named_office: str


class _Columns(Struct, frozen=True):
    """What stands beside the text of a line, by which it is found; see the table."""

    kind: str
    case_id: str | None
    revision: int | None
    sequence: str | None
    changes_office: bool
    nomor: str | None


def _list_columns(line: LedgerLine | PassingLine, offices: OfficeChanges) -> _Columns:
    """The columns of the next line behind those that ``offices`` followed."""
    kind = str(line.__struct_config__.tag)
    event = line if isinstance(line, EventLine | LoggedEvent) else None
    number = line if isinstance(line, NumberLine) else None
    return _Columns(
        kind=kind,
        case_id=event.case if event else (number.entry.id or None) if number else None,
        revision=event.revision if event else None,
        sequence=number.sequence if number else None,
        changes_office=offices.follow(kind, getattr(line, "office", "")),
        nomor=(shorten_number(number.entry.nomor) or None) if number else None,
    )


class PostgresLedger:
    """The ledger of an office as it is when it is first asked; see `protocol.Ledger`."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: int | None = None
        self.name = "basis data"

    @property
    def exists(self) -> bool:
        """Whether there are lines."""
        return self._lines > 0

    def read_lines(self) -> Iterator[ReadLine]:
        """Every line, from the first on, a portion at a time; one by whose columns another is found says nothing."""
        offices = OfficeChanges()
        rows = read_portions(self._ask, _AFTER, {"after": _BEFORE_ALL}, PORTION, lines=self._lines)
        for number, text, *columns in rows:
            line = ledger.decode_passing(text.encode())
            is_true = line is not None and _list_columns(line, offices) == _Columns(*columns)
            yield ReadLine(number, text.encode(), line if is_true else None)

    def count_lines(self) -> int:
        """How many lines there are."""
        return self._lines

    def read_texts(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """The lines with these numbers."""
        return dict(self._find(_BY_NUMBER, numbers=[*numbers]))

    def last_line(self) -> bytes:
        """The last line, empty where there is none."""
        texts = self.read_texts([self._lines])
        text = texts.get(self._lines, b"")
        if self._lines and not ledger.is_whole(text):
            raise broken_end_error()
        return text

    def find_texts(self, key: str) -> list[tuple[int, bytes]]:
        """The lines with a key as they stand in the ledger, each with its number, oldest first."""
        if key == OFFICE:
            return self._find(_OF_OFFICE)
        if key in {MENDED, ACCOUNT}:
            return self._find(_OF_KIND, kind=key)
        return self._find(_OF_CASE, case=key.partition(":")[2])

    def find_neighbours(self, texts: Iterable[tuple[int, bytes]]) -> list[tuple[bytes, bytes]]:
        """The lines before and after each of these lines, given with its number."""
        numbers = [number for number, _ in texts]
        found = self.read_texts({one + step for one in numbers for step in (-1, 1)})
        return [(found.get(one - 1, b""), found.get(one + 1, b"")) for one in numbers]

    @property
    def _lines(self) -> int:
        if self._known is None:
            ((row,),) = self._ask(_LAST_NUMBER)
            self._known = int(row[0])
        return self._known

    def _find(self, text: LiteralString, **values: object) -> list[tuple[int, bytes]]:
        (rows,) = self._ask((text, {"lines": self._lines, **values}))
        return [(number, line.encode()) for number, line in rows]


def save_changes(
    lines: Sequence[LedgerLine] = (),
    texts: Sequence[bytes] = (),
    end: LedgerEnd | None = None,
    instances: Iterable[tuple[Instance, int]] = (),
    counters: Mapping[str, int] | None = None,
) -> Statement:
    """The one statement that adds to the ledger and changes what repeats it: the function `save_changes` (0001).

    The ``lines`` with their ``texts`` follow ``end``; each of the ``instances`` comes with the line of its last event;
    ``counters`` are the highest numbers given by their names.
    """
    rows, end = _follow_lines(lines, texts, end) if end else ([], None)
    values = {
        "lines": rows,
        "its_end": end,
        "cases": [cases.list_columns(instance, line) for instance, line in instances],
        "counters": [{"name": name, "value": value} for name, value in (counters or {}).items()],
    }
    return _SAVE, {name: msgspec.json.encode(value).decode() if value else None for name, value in values.items()}


def _follow_lines(
    lines: Sequence[LedgerLine], texts: Sequence[bytes], end: LedgerEnd
) -> tuple[list[dict[str, object]], LedgerEnd]:
    """The rows of lines with these texts behind this end, and the end behind them."""
    offices = OfficeChanges(end.named_office)
    rows = [
        {"line": number, "text": text.decode(), **asdict(_list_columns(line, offices))}
        for number, (line, text) in enumerate(zip(lines, texts, strict=True), end.lines + 1)
    ]
    head = ledger.hash_line(texts[-1]) if texts else end.head
    return rows, LedgerEnd(end.lines + len(rows), head, offices.named)


def find_named_office(lines: Sequence[LedgerLine]) -> str:
    """The office file that the last line which names one does, of those with the key `OFFICE`."""
    last = lines[-1] if lines else None
    return "" if isinstance(last, OfficeLine) else getattr(last, "office", "")


def broken_end_error() -> DamagedError:
    """What is wrong with a ledger whose last line is none that sopctl wrote: none can follow it."""
    return DamagedError(
        "Baris terakhir buku catatan dalam basis data rusak, hilang, atau bukan yang ditulis terakhir; tidak ada yang "
        "dicatat. Pulihkan basis datanya dari cadangan.",
        code="ledger",
    )


def shorten_number(nomor: str) -> str:
    """The number of a letter as it is compared with others, as much of it as an index takes."""
    return normalize_number(nomor)[:200]
