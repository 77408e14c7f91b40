"""What the report keeps of all cases, taken from the index as far as that still says what the record says.

Where an SOP version that cases were read by is gone or looks different, nothing is taken from it. Otherwise a folder
whose time of change is the index's own has not changed, for the store replaces files and never writes into them; of
the others those cases are read again whose file looks different. As long as there are few folders all files are looked
at, so that one that somebody edited in its place is noticed too; in a large record that waits for the folder's next
change, or for `verify`. A case that cannot be read is not kept but tried again each time. The index is one that this
account wrote itself (`store.caches`), and the answer is the same without one, and with one that cannot be written.
"""

import gc
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

import sopctl
from sopctl.errors import DamagedError, NotFoundError
from sopctl.measure.cell import Cell
from sopctl.measure.measured import MeasuredCase
from sopctl.measure.tally import Courses, Legend, Tally, Turn, cells_without, courses_without, joined, tally_cases
from sopctl.store.caches.holidays import package_edition as holidays_edition
from sopctl.store.files import index as store
from sopctl.store.files.index import Folder, Index, Seen
from sopctl.store.record import Record
from sopctl.store.workspace import Workspace

T = TypeVar("T")
OnProgress = Callable[[int, int], None]
"""Hears how many cases of how many have been read."""

CASES_WORTH = 64
"""Cases read anew from which a new edition of the index is written: reading them costs as much as copying it."""

FOLDERS_WORTH = 16
"""Folders that changed from which a new edition is written, and up to which all folders are looked into."""

AT_ONCE = 4000
"""Cases from which on several processes read: for fewer, starting them costs more."""

_ROOMS = ("measure", "engine", "worktime", "sop")


class Tallies(Struct, frozen=True):
    """The tallies of all cases, the words of their SOPs, and the sentences about cases that cannot be read."""

    tallies: list[Tally]
    legends: dict[str, Legend]
    damaged: tuple[str, ...]


class Turns(Struct, frozen=True):
    """The turns of all running cases, and the sentences about cases that cannot be read."""

    turns: list[Turn]
    damaged: tuple[str, ...]


class _Shelf(Struct, frozen=True):
    """What was read of one folder; ``damaged`` are the sentences about cases that cannot be read, by id."""

    tally: Tally
    damaged: dict[str, str]


class _Change(Struct, frozen=True):
    """A folder that may not be as the index has it: how it looks now, what is out of date, what was read instead.

    ``files`` are those of its cases that can be read.
    """

    seen: int
    files: Seen
    dropped: frozenset[str]
    fresh: _Shelf

    @property
    def differs(self) -> bool:
        """Whether any of its cases is not as the index has it."""
        return bool(self.dropped)


def turns(record: Record, *, on_progress: OnProgress | None = None) -> Turns:
    """Whose turn it is anywhere."""
    return _answer(record, None, on_progress, lambda known: Turns(known.turns(), known.damaged()))


def tallies(record: Record, sop: str | None = None, *, on_progress: OnProgress | None = None) -> Tallies:
    """What is known of all cases, or of those of one SOP."""
    return _answer(record, sop, on_progress, lambda known: Tallies(known.tallies(), known.legends(), known.damaged()))


class _Known:
    """The index and what changed since; every part raises what a damaged index raises."""

    def __init__(self, base: Index | None, kept: list[str], changes: Mapping[str, _Change]) -> None:
        self._base = base
        self._there = {*kept, *changes}
        self._changes = changes

    def turns(self) -> list[Turn]:
        kept = [
            turn
            for folder, turns in self._old("turns", list[Turn])
            for turn in turns
            if turn.id not in self._dropped(folder)
        ]
        return kept + [turn for change in self._changes.values() for turn in change.fresh.tally.turns]

    def tallies(self) -> list[Tally]:
        cells = dict(self._old("cells", list[Cell]))
        courses = dict(self._old("courses", list[Courses]))
        kept = [self._kept(folder, ids, cells[folder], courses[folder]) for folder, ids in self._old("ids", list[str])]
        return kept + [change.fresh.tally for change in self._changes.values()]

    def legends(self) -> dict[str, Legend]:
        legends: dict[str, Legend] = {}
        for _, words in self._old("legends", dict[str, Legend]):
            legends |= words
        for change in self._changes.values():
            legends |= change.fresh.tally.legends
        return legends

    def damaged(self) -> tuple[str, ...]:
        return tuple(one for change in self._changes.values() for one in change.fresh.damaged.values())

    def tally(self, folder: str) -> Tally:
        """What is to be kept of a folder that changed."""
        change = self._changes[folder]
        if self._base is None or folder not in self._base.folders():
            return change.fresh.tally
        part = partial(_part, self._base, folder)
        kept = self._kept(folder, part("ids", list[str]), part("cells", list[Cell]), part("courses", list[Courses]))
        old = Tally(
            ids=kept.ids,
            cells=kept.cells,
            courses=kept.courses,
            turns=[turn for turn in part("turns", list[Turn]) if turn.id not in change.dropped],
            legends=part("legends", dict[str, Legend]),
        )
        return joined(old, change.fresh.tally)

    def _kept(self, folder: str, ids: list[str], cells: list[Cell], courses: list[Courses]) -> Tally:
        dropped = self._dropped(folder)
        numbers = frozenset(number for number, id in enumerate(ids) if id in dropped)
        if numbers:
            cells, courses = cells_without(cells, numbers), courses_without(courses, numbers)
        return Tally(ids=ids, cells=cells, courses=courses, turns=[], legends={})

    def _old(self, part: str, type_: type[T]) -> Iterator[tuple[str, T]]:
        """What the index says of the folders that are there."""
        for folder, data in self._base.parts(part) if self._base else ():
            if folder in self._there:
                yield folder, msgspec.msgpack.decode(data, type=type_)

    def _dropped(self, folder: str) -> frozenset[str]:
        change = self._changes.get(folder)
        return change.dropped if change else frozenset()


def _part(base: Index, folder: str, part: str, type_: type[T]) -> T:
    return msgspec.msgpack.decode(base.part(part, folder), type=type_)


def _answer(record: Record, sop: str | None, on_progress: OnProgress | None, read: Callable[[_Known], T]) -> T:
    """What ``read`` finds, from the index where there is one that holds, else from the record."""
    path = record.workspace.cache.file(store.NAME)
    base = store.open_index(path, _edition(record)) if path else None
    try:
        return _read(record, base, sop, on_progress, read)
    except (sqlite3.DatabaseError, msgspec.MsgspecError, KeyError):
        if base is None:
            raise
        base.close()
        return _read(record, None, sop, on_progress, read)


def _read(
    record: Record, base: Index | None, sop: str | None, on_progress: OnProgress | None, read: Callable[[_Known], T]
) -> T:
    versions = store.look_at_versions(record.workspace.versions)
    if base and any(versions.get(name) != look for name, look in base.versions().items()):
        base.close()
        base = None
    before = base.folders() if base else {}
    own = f"{sop}/" if sop else ""
    there = {name: seen for name, seen in store.look(record.workspace.instances).items() if name.startswith(own)}
    suspect = {name: seen for name, seen in there.items() if before.get(name) != seen}
    gone = [name for name in before if name.startswith(own) and name not in there]
    now = (
        None if base and len(suspect) + len(gone) < FOLDERS_WORTH else store.now_on_disk(record.workspace.cache.folder)
    )
    changes = _changes(record, base, there if len(there) <= FOLDERS_WORTH else suspect, on_progress)
    changes = {name: change for name, change in changes.items() if change.differs or name in suspect}
    known = _Known(base, [name for name in there if name not in changes], changes)
    answer = read(known)
    if base is None or now is not None or sum(len(one.fresh.tally.ids) for one in changes.values()) >= CASES_WORTH:
        folders: dict[str, Folder | None] = dict.fromkeys(gone)
        folders |= {name: _folder(known.tally(name), change, now) for name, change in changes.items()}
        store.write_index(
            record.workspace.cache.folder,
            _edition(record),
            base,
            folders,
            store.look_at_versions(record.workspace.versions) | versions,
        )
    if base is not None:
        base.close()
    return answer


def _changes(
    record: Record, base: Index | None, folders: Mapping[str, int], on_progress: OnProgress | None
) -> dict[str, _Change]:
    """What these folders hold now; only cases whose file looks different are read."""
    before = base.folders() if base else {}
    known = {name: base.files(name) if base and name in before else {} for name in folders}
    looks: dict[str, Seen] = {}
    wanted: dict[str, list[str]] = {}

    def looked() -> Iterator[tuple[str, list[str]]]:
        for name in folders:
            looks[name] = store.look_into(record.workspace.instances, name)
            wanted[name] = [id for id, look in looks[name].items() if known[name].get(id) != look]
            yield name, wanted[name]

    fresh = _shelves(record, looked(), on_progress)
    return {
        name: _Change(
            seen=folders[name],
            files={id: look for id, look in files.items() if id not in fresh[name].damaged},
            dropped=frozenset(wanted[name]).union(known[name].keys() - files.keys()),
            fresh=fresh[name],
        )
        for name, files in looks.items()
    }


def _shelves(
    record: Record, wanted: Iterator[tuple[str, list[str]]], on_progress: OnProgress | None
) -> dict[str, _Shelf]:
    """The cases of each folder that are asked for, read by as many processes as are worth it.

    These begin as soon as enough cases are asked for, while the other folders are still looked into.
    """
    asked: dict[str, list[str]] = {}
    total = done = 0
    for name, ids in wanted:
        asked[name] = ids
        total += len(ids)
        if total >= AT_ONCE:
            break
    reading = _at_once(record.workspace.root, asked, wanted) if total >= AT_ONCE else _one_by_one(record, asked)
    shelves: dict[str, _Shelf] = {}
    for name, shelf in reading:
        shelves[name] = shelf
        done += len(asked[name])
        if on_progress is not None:
            on_progress(done, sum(map(len, asked.values())))
    return shelves


def _one_by_one(record: Record, asked: Mapping[str, list[str]]) -> Iterator[tuple[str, _Shelf]]:
    for name, ids in asked.items():
        yield name, _shelf(record, ids)


def _at_once(
    root: Path, asked: dict[str, list[str]], more: Iterable[tuple[str, list[str]]]
) -> Iterator[tuple[str, _Shelf]]:
    """The same by several processes; what is asked for later is added to ``asked``."""
    from concurrent.futures import ProcessPoolExecutor, as_completed  # noqa: PLC0415 — only a first look at years needs it
    from multiprocessing import get_context  # noqa: PLC0415 — the same

    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        reading = {pool.submit(_shelf_at, root, ids): name for name, ids in asked.items()}
        for name, ids in more:
            asked[name] = ids
            reading[pool.submit(_shelf_at, root, ids)] = name
        for one in as_completed(reading):
            yield reading[one], msgspec.msgpack.decode(one.result(), type=_Shelf)


def _shelf_at(root: Path, ids: list[str]) -> bytes:
    """The shelf of some cases, packed, for another process; what is kept of a case depends on no clock."""
    return msgspec.msgpack.encode(_shelf(_reader(root), ids))


@cache
def _reader(root: Path) -> Record:
    """The record of a process that only reads cases, one for all the shelves that it is given."""
    gc.disable()  # nothing here goes in a circle, and the process ends when the reading does
    return Record(Workspace(root), clock=lambda: datetime.now(UTC), account="", looking=True)


def _shelf(record: Record, ids: Iterable[str]) -> _Shelf:
    damaged: dict[str, str] = {}

    def readable() -> Iterator[MeasuredCase]:
        for id, instance in store.read_cases(record.workspace.instances, ids):
            try:
                if isinstance(instance, DamagedError):
                    raise instance
                case = record.open_case(instance)
            except (DamagedError, NotFoundError) as error:
                damaged[id] = error.message
                continue
            yield MeasuredCase(case.id, case.sop, case.state, case.instance.events)

    return _Shelf(tally_cases(readable(), record.calendar), damaged)


def _folder(tally: Tally, change: _Change, now: int | None) -> Folder:
    """What the index keeps of a folder that changed, at ``now`` by the file system's own clock."""
    parts: dict[str, object] = {
        "ids": tally.ids,
        "cells": tally.cells,
        "courses": tally.courses,
        "turns": tally.turns,
        "legends": tally.legends,
    }
    sure = now is not None and change.seen < now - store.TICK and not change.fresh.damaged
    packed = {part: msgspec.msgpack.encode(value) for part, value in parts.items()}
    return Folder(change.seen if sure else 0, change.files, packed)


def _edition(record: Record) -> str:
    """The name of what the figures rest on besides the cases: the office's calendar, the code, the machine."""
    office = record.office
    root = Path(sopctl.__file__).parent
    code = max(file.stat().st_mtime_ns for room in _ROOMS for file in (root / room).iterdir() if file.suffix == ".py")
    facts = (office.timezone, office.hours, office.ramadan, office.holidays, holidays_edition(), code, sys.byteorder)
    return sha256(msgspec.msgpack.encode(facts)).hexdigest()
