"""What is added to the ledger, with what repeats it, as one statement: see the function `save_changes` (0001)."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sopctl.engine.instance import Instance
from sopctl.store.ledger import LedgerLine
from sopctl.store.postgres import cases
from sopctl.store.postgres.connections import Statement
from sopctl.store.postgres.ledger import LedgerEnd, follow_lines

_SAVE = "SELECT sopctl.save_changes(%(lines)s, %(its_end)s, %(cases)s, %(counters)s)"


def save_changes(
    lines: Sequence[LedgerLine] = (),
    texts: Sequence[bytes] = (),
    end: LedgerEnd | None = None,
    instances: Iterable[tuple[Instance, int]] = (),
    counters: Mapping[str, int] | None = None,
) -> Statement:
    """The statement that makes these changes.

    The ``lines`` with their ``texts`` follow ``end``; each of the ``instances`` comes with the line of its last event;
    ``counters`` are the highest numbers given by their names.
    """
    rows, end = follow_lines(lines, texts, end) if end else ([], None)
    values = {
        "lines": rows,
        "its_end": end,
        "cases": [cases.list_columns(instance, line) for instance, line in instances],
        "counters": [{"name": name, "value": value} for name, value in (counters or {}).items()],
    }
    return _SAVE, {name: msgspec.json.encode(value).decode() if value else None for name, value in values.items()}
