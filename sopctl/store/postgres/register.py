"""The register in the database: its lines are those of the ledger that say something of a number."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from sopctl.store.postgres.connections import Ask, Statement, read_portions
from sopctl.store.postgres.ledger import PORTION, shorten_number
from sopctl.store.register import INCOMING, RegisterEntry, decode_entry

_ENTRY = '"entry":'

_NUMBERS = "SELECT sequence, line, text FROM sopctl.ledger WHERE office = %(office)s AND kind = 'number'"
_BY_SEQUENCE = (
    f"{_NUMBERS} AND (sequence, line) > (%(sequence)s, %(line)s) AND sequence < %(end)s"
    " ORDER BY sequence, line LIMIT %(portion)s"
)
_BY_CASE = f"{_NUMBERS} AND case_id = %(case)s ORDER BY sequence, line"
_NAMES = (
    "WITH RECURSIVE names(name) AS (SELECT min(sequence) FROM sopctl.ledger WHERE office = %(office)s AND"
    " kind = 'number' UNION ALL SELECT (SELECT min(sequence) FROM sopctl.ledger WHERE office = %(office)s AND"
    " kind = 'number' AND sequence > name) FROM names WHERE name IS NOT NULL)"
    " SELECT name FROM names WHERE name IS NOT NULL"
)
"""The sequences, each found in the index behind the one before."""

COUNTED = (
    "SELECT coalesce((SELECT value FROM sopctl.counters WHERE office = %(office)s AND name = %(counter)s), 0),"
    " (SELECT text FROM sopctl.ledger WHERE office = %(office)s AND kind = 'number' AND sequence = %(sequence)s"
    " ORDER BY line DESC LIMIT 1)"
)
"""The counter of a sequence, and its last line in the ledger."""

_HAS_NUMBER = (
    "SELECT EXISTS (SELECT FROM sopctl.ledger WHERE office = %(office)s AND nomor = %(nomor)s"
    " AND sequence >= %(beginning)s AND sequence < %(end)s AND NOT starts_with(sequence, %(incoming)s))"
)

_SET_COUNTERS = (
    "INSERT INTO sopctl.counters (office, name, value) SELECT %(office)s, * FROM unnest(%(name)s::text[],"
    " %(value)s::bigint[]) ON CONFLICT (office, name) DO UPDATE SET value = excluded.value"
)

_LAST = "\U0010ffff"


def name_counter(sequence: str) -> str:
    """The name of the counter of a sequence."""
    return f"sequence:{sequence}"


def set_counters(counters: Mapping[str, int]) -> Statement:
    """The statement that sets counters, by their names, whatever they were."""
    return _SET_COUNTERS, {"name": [*counters], "value": [*counters.values()]}


def read_highest(sequence: str, line: str | None) -> int:
    """The highest number of a sequence by its last line in the ledger."""
    return decode_entry(_entry_text(line).encode(), PurePath(sequence)).highest if line else 0


def read_entries(ask: Ask, beginning: str = "") -> Iterator[tuple[str, str]]:
    """Each line of the sequences whose names begin so, such as `2026/`, by sequence and in its order."""
    after = {"sequence": beginning, "line": 0}
    for sequence, _, text in read_portions(ask, _BY_SEQUENCE, after, PORTION, end=beginning + _LAST):
        yield sequence, _entry_text(text)


def read_outgoing(ask: Ask, year: int | None) -> Iterator[RegisterEntry]:
    """The lines about outgoing letters, or those of one year."""
    for sequence, text in read_entries(ask, f"{year}/" if year else ""):
        if not sequence.startswith(INCOMING):
            yield decode_entry(text.encode(), PurePath(sequence))


def read_sequences(ask: Ask, case: str | None) -> dict[str, list[RegisterEntry]]:
    """The lines, or those about one case, by their sequences."""
    found = read_entries(ask) if case is None else _read_entries_of(ask, case)
    sequences: dict[str, list[RegisterEntry]] = {}
    for sequence, text in found:
        sequences.setdefault(sequence, []).append(decode_entry(text.encode(), PurePath(sequence)))
    return sequences


def has_number(ask: Ask, nomor: str, year: int | None) -> bool:
    """Whether an outgoing letter, of one year or of any, bears a number."""
    beginning = f"{year}/" if year else ""
    values = {"nomor": shorten_number(nomor), "beginning": beginning, "end": beginning + _LAST, "incoming": INCOMING}
    ((row,),) = ask((_HAS_NUMBER, values))
    return bool(row[0])


def list_names(ask: Ask) -> list[str]:
    """The names of the sequences."""
    (rows,) = ask((_NAMES, {}))
    return [name for (name,) in rows]


def read_sequence(ask: Ask, sequence: str) -> bytes:
    """The lines of a sequence as a file has them."""
    return b"".join(text.encode() + b"\n" for name, text in read_entries(ask, sequence) if name == sequence)


def _read_entries_of(ask: Ask, case: str) -> Iterator[tuple[str, str]]:
    (rows,) = ask((_BY_CASE, {"case": case}))
    return ((sequence, _entry_text(text)) for sequence, _, text in rows)


def _entry_text(line: str) -> str:
    """What a line of the ledger says of a number, as the file of a sequence has it."""
    return line[line.find(_ENTRY) + len(_ENTRY) : -1]
