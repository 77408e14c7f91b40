"""Cases in the database: the events of each as lines of the ledger, and its envelope, put together as JSON."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.instance import Instance
from sopctl.errors import DamagedError
from sopctl.store import case_ids, case_json
from sopctl.store.postgres.connections import Rows

_COLUMNS = (
    "c.id, c.revision, c.head, c.envelope, ARRAY(SELECT l.text FROM sopctl.ledger l WHERE l.office = c.office"
    " AND l.kind = 'event' AND l.case_id = c.id ORDER BY l.revision)"
)
BY_ID = (
    f"SELECT {_COLUMNS}, v.version, v.text FROM sopctl.cases c LEFT JOIN sopctl.versions v ON v.office = c.office"
    " AND v.kind = 'sops' AND v.version = c.version WHERE c.office = %(office)s AND c.id = %(id)s"
)
"""A case, and the text of the SOP version that it follows, which whoever reads the one reads next."""

BY_IDS = f"SELECT {_COLUMNS} FROM sopctl.cases c WHERE c.office = %(office)s AND c.id = ANY(%(ids)s)"

_EVENT = '"event":'
_EVENTS, _HEAD = b'"events":[', b'],"head":'


class CaseRow(Struct, frozen=True):
    """What the database keeps of a case: the envelope, and the lines of its events by their numbers."""

    id: str
    revision: int
    head: str
    envelope: str
    lines: list[str]

    @property
    def compact(self) -> bytes:
        """The case as JSON in one line, up to the event where it ends; what cannot be put together is no case then."""
        before, mark, after = self.envelope.encode().rpartition(_EVENTS + _HEAD)
        events = ",".join(line[line.find(_EVENT) + len(_EVENT) : -1] for line in self.lines[: self.revision])
        return before + _EVENTS + events.encode() + _HEAD + after if mark else after

    @property
    def formatted(self) -> bytes:
        """The same as `case_json.encode` makes it."""
        try:
            return msgspec.json.format(self.compact, indent=1) + b"\n"
        except msgspec.DecodeError:
            return self.compact

    def decode(self) -> Instance:
        """The case.

        Raises:
            DamagedError: where it is not what sopctl wrote.
        """
        found = case_json.decode_again(self.compact, name_case(self.id), self.id)
        if (found.revision, found.head) != (self.revision, self.head):
            raise DamagedError(
                f"Berkas {self.id} dalam basis data diubah di luar sopctl. {case_json.REMEDY}",
                code="changed",
                advice="rebuild",
            )
        return found


def read_rows(rows: Rows) -> list[CaseRow]:
    """The cases in rows of `BY_ID` or `BY_IDS`."""
    return [CaseRow(*row[:5]) for row in rows]


def name_case(id: str) -> str:
    """What a case is called in a sentence about its file."""
    return f"{id} dalam basis data"


def encode_envelope(instance: Instance) -> str:
    """The case as JSON without its events."""
    return msgspec.json.encode(replace(instance, events=())).decode()


def name_counter(sop: str) -> str:
    """The name of the counter of the cases of an SOP."""
    return f"sop:{sop}"


def count_cases(instances: Iterable[Instance]) -> dict[str, int]:
    """The counters of the SOPs of these cases, each with the highest number of them."""
    counters: dict[str, int] = {}
    for one in instances:
        name = name_counter(one.sop)
        counters[name] = max(counters.get(name, 0), case_ids.number_of(one.id))
    return counters


def list_columns(instance: Instance, line: int) -> dict[str, object]:
    """The row of a case; ``line`` is that of its last event."""
    return {
        "id": instance.id,
        "sop": instance.sop,
        "version": instance.version,
        "number": case_ids.number_of(instance.id),
        "folder": case_ids.folder_of(instance.id),
        "revision": instance.revision,
        "head": instance.head,
        "envelope": encode_envelope(instance),
        "line": line,
    }
