"""The figures of all cases as the account of a record may know them: turns for the inbox, tallies for the report.

The store keeps them (`protocol.CaseIndex`), so that neither reads every case; here the rule of reading is applied.
"""

from msgspec import Struct

from sopctl.measure.tally import Legend, MeasuredTurn, Tally
from sopctl.store.protocol import MayRead, OnProgress
from sopctl.store.record import Record

HIDDEN_DAMAGE = ("Ada berkas yang tidak dapat dibaca dan tidak disebut di sini; catatan kantor perlu diperiksa.",)
"""What is told of damaged cases to whom the rule of reading binds: nobody can say whether these may be read."""


class Tallies(Struct, frozen=True):
    """The tallies of all cases, the words of their SOPs, and the sentences about cases that cannot be read."""

    tallies: list[Tally]
    legends: dict[str, Legend]
    damaged: tuple[str, ...]


class Turns(Struct, frozen=True):
    """The turns of all running cases, and the sentences about cases that cannot be read."""

    turns: list[MeasuredTurn]
    damaged: tuple[str, ...]


def load_turns(record: Record, *, on_progress: OnProgress | None = None) -> Turns:
    """The turns of all running cases that the account may read."""
    turns, damaged = record.whole_store.open_index(record, on_progress).read_turns(_may_read(record))
    return Turns(turns, _hide_damaged(record, damaged))


def load_tallies(record: Record, sop: str | None = None, *, on_progress: OnProgress | None = None) -> Tallies:
    """The tallies of all cases that the account may read, or of those of one SOP."""
    index = record.whole_store.open_index(record, on_progress)
    tallies, damaged = index.read_tallies(_beginning(sop), _may_read(record))
    legends = {sop: words for one in tallies if one.courses for sop, words in one.legends.items()}
    return Tallies(tallies, legends, _hide_damaged(record, damaged))


def list_readable(record: Record, sop: str | None = None) -> set[str]:
    """The ids of the cases that the account may read, or of those of one SOP."""
    may_read = _may_read(record)
    if may_read is None:
        return set(record.whole_store.list_ids(sop))
    return record.whole_store.open_index(record).list_readable(_beginning(sop), may_read)


def _may_read(record: Record) -> MayRead | None:
    return record.reader.may_read if record.reader is not None else None


def _beginning(sop: str | None) -> str:
    return f"{sop}/" if sop else ""


def _hide_damaged(record: Record, damaged: tuple[str, ...]) -> tuple[str, ...]:
    return HIDDEN_DAMAGE if damaged and record.reader is not None else damaged
