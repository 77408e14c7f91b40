"""The figures of all cases in a table, shared by all who work for the office, so that a report reads no case.

Cases come in groups of a thousand. Of each group a row of `figures` holds the turns that wait, the tally and what the
rule of reading asks, as they are up to a line of the ledger. A group whose last line (`folders`) is a later one is
never answered from that row alone: the cases with later lines are read with it, in the same statement and so in one
snapshot, joined to it, and written back by whoever looks, where it may write. Two who do so at once write what holds
for their lines, and the later line stays. Groups without a row are made by several processes where there are many.

A row belongs to an edition: the contents of the code and the calendar it rests on, so that computers with another
sopctl have rows of their own; of each group the latest few are kept. A case that cannot be read is no part of a row but
named in it, and tried again each time. All rows may be deleted at any time.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.events import Started
from sopctl.engine.instance import Instance
from sopctl.errors import BusyError, DamagedError, SopctlError
from sopctl.measure.tally import MeasuredTurn, Tally
from sopctl.store.caches.account_cache import code_checksum
from sopctl.store.caches.holidays import package_checksum
from sopctl.store.case_access import select_readable
from sopctl.store.case_figures import (
    NO_TURNS,
    ROOMS,
    CaseFigures,
    PackedFigures,
    make_groups,
    name_edition,
    read_figures,
    select_tallies,
    select_turns,
)
from sopctl.store.case_ids import no_case, number_of
from sopctl.store.postgres.cases import BY_IDS, CaseRow, read_rows
from sopctl.store.postgres.connections import Ask, Statement
from sopctl.store.postgres.tally_copies import TallyCopies, digest_tally
from sopctl.store.protocol import CaseOpener, MayRead, OnProgress

T = TypeVar("T")

EDITIONS = 3
"""Rows that are kept of a group: of computers with another sopctl, and of offices with other hours."""

_CASES = """
    SELECT array_agg(c.id) AS ids, array_agg(c.revision) AS revisions, array_agg(c.head) AS heads,
           array_agg(c.envelope) AS envelopes, array_agg(
               (SELECT string_agg(l.text, E'\\n' ORDER BY l.revision) FROM sopctl.ledger l
                WHERE l.office = c.office AND l.kind = 'event' AND l.case_id = c.id)
           ) AS lines
    FROM sopctl.cases c WHERE c.office = f.office AND c.folder = f.folder"""

_GROUPS = f"""
SELECT f.folder, f.line, g.line, g.damaged,
       CASE WHEN s.stale OR %(turns)s THEN g.turns END,
       CASE WHEN s.stale OR %(running)s THEN g.running_facts END,
       CASE WHEN s.stale OR %(tally)s AND g.digest <> ALL (%(known)s) THEN g.tally END,
       CASE WHEN s.stale OR %(facts)s THEN g.facts END,
       g.digest, c.ids, c.revisions, c.heads, c.envelopes, c.lines
FROM sopctl.folders f
LEFT JOIN sopctl.figures g
    ON g.office = f.office AND g.folder = f.folder AND g.edition = %(edition)s AND g.line <= f.line
CROSS JOIN LATERAL (SELECT g.line < f.line OR g.damaged <> '{{}}' AS stale) s
CROSS JOIN LATERAL ({_CASES} AND s.stale AND (c.line > g.line OR c.id = ANY (g.damaged))) c
WHERE f.office = %(office)s AND starts_with(f.folder, %(beginning)s)
  AND (g.line IS NULL OR s.stale OR g.running OR NOT %(turns)s)
"""
"""The groups with what is wanted of each, and of those that are behind all that is kept and the cases that are not."""

_GROUP = f"""
SELECT f.folder, f.line, NULL::bigint, NULL::text[], NULL::bytea, NULL::bytea, NULL::bytea, NULL::bytea,
       NULL::text, c.ids, c.revisions, c.heads, c.envelopes, c.lines
FROM sopctl.folders f CROSS JOIN LATERAL ({_CASES}) c
WHERE f.office = %(office)s AND f.folder = %(folder)s
"""
"""A group with all of its cases."""

_SIZES = """
SELECT folder, count(*) FROM sopctl.cases WHERE office = %(office)s AND folder = ANY (%(folders)s) GROUP BY folder
"""


_KEEP = """
INSERT INTO sopctl.figures AS kept (office, folder, edition, line, damaged, running, turns, running_facts, tally,
                                    digest, facts)
VALUES (%(office)s, %(folder)s, %(edition)s, %(line)s, %(damaged)s, %(running)s, %(turns)s, %(running_facts)s,
        %(tally)s, %(digest)s, %(facts)s)
ON CONFLICT (office, folder, edition) DO UPDATE
    SET line = excluded.line, damaged = excluded.damaged, running = excluded.running, turns = excluded.turns,
        running_facts = excluded.running_facts, tally = excluded.tally, digest = excluded.digest,
        facts = excluded.facts, written = excluded.written
    WHERE kept.line < excluded.line OR kept.line = excluded.line AND kept.damaged <> excluded.damaged
       OR kept.line > (SELECT f.line FROM sopctl.folders f WHERE f.office = kept.office AND f.folder = kept.folder)
"""
"""A later line stays, unless the group has none so late: then somebody altered it, and no answer rests on that row."""

_NOT_DURABLE: Statement = ("SET LOCAL synchronous_commit = off", {})

_TRIM = "SELECT sopctl.trim_figures(%(folder)s, %(most)s)"
_TRIM_ALL = "SELECT sopctl.trim_figures(folder, 0) FROM sopctl.folders WHERE office = %(office)s"

_building = Lock()
"""Held by the one thread that makes the figures of groups without any; who waited for it asks again."""


class _Answer(Struct, frozen=True):
    """The figures of a group as they are up to a line, and by id the sentences about cases that cannot be read.

    ``digest`` is that of a tally of which there is a copy, and which is left out.
    """

    name: str
    line: int
    figures: PackedFigures
    damaged: dict[str, str]
    digest: str = ""


class _Group(Struct, frozen=True):
    """A group in a snapshot: what is kept of it up to the line ``kept``, and the ``cases`` that are not part of that.

    ``line`` is the last one that changed a case of it, ``damaged`` are the ids of those that could not be read then.
    Parts of the figures that are not wanted are empty.
    """

    name: str
    line: int
    kept: int | None
    damaged: frozenset[str]
    figures: PackedFigures
    digest: str
    cases: list[CaseRow]

    def differs_from(self, answer: _Answer) -> bool:
        """Whether the answer is to be kept in the place of what is."""
        return self.kept is not None and (self.kept < self.line or self.damaged != answer.damaged.keys())


class PostgresIndex:
    """The index of the cases in a database, which ``opener`` opens; see `protocol.CaseIndex`.

    ``ask`` answers with the rows of each statement; ``write`` makes a transaction of some, which may be made twice.
    """

    def __init__(
        self, opener: CaseOpener, ask: Ask, write: Callable[..., object], on_progress: OnProgress | None = None
    ) -> None:
        self._opener = opener
        self._ask, self._write = ask, write
        self._on_progress = on_progress
        self._copies = TallyCopies(opener.workspace.cache)
        self._edition = name_edition(opener, code_checksum(*ROOMS, "store/postgres"), package_checksum())

    def __reduce__(self) -> "tuple[Callable[..., PostgresIndex], tuple[CaseOpener, Ask, Callable[..., object]]]":
        return PostgresIndex, (self._opener, self._ask, self._write)

    def read_turns(self, may_read: MayRead | None) -> tuple[list[MeasuredTurn], tuple[str, ...]]:
        """The turns of the running cases that may be read, and the sentences about cases that cannot be."""
        return self._make_again(lambda: self._select_turns(may_read))

    def read_tallies(self, beginning: str, may_read: MayRead | None) -> tuple[list[Tally], tuple[str, ...]]:
        """The tallies of the groups whose names begin so, and the sentences about cases that cannot be read."""
        return self._make_again(lambda: self._select_tallies(beginning, may_read))

    def list_readable(self, beginning: str, may_read: MayRead) -> set[str]:
        """The ids of the cases of these groups that may be read."""
        return self._make_again(lambda: self._select_readable(beginning, may_read))

    def _make_again(self, read: Callable[[], T]) -> T:
        """What is read; where figures are no such thing, as nobody has written them here, all are made anew for it."""
        try:
            return read()
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._write((_TRIM_ALL, {}))
            self._copies.forget()
            return read()

    def _select_turns(self, may_read: MayRead | None) -> tuple[list[MeasuredTurn], tuple[str, ...]]:
        found = self._read_groups("", turns=True, running=may_read is not None)
        return select_turns([one.figures for one in found], may_read), _damaged(found)

    def _select_tallies(self, beginning: str, may_read: MayRead | None) -> tuple[list[Tally], tuple[str, ...]]:
        found = self._read_groups(beginning, tally=True, facts=may_read is not None)
        tallies = [one.figures.tally or self._copies.read(one.name, one.digest) for one in found]
        if None in tallies:  # a copy was damaged, or taken away meanwhile
            self._copies.forget()
            return self._select_tallies(beginning, may_read)
        figures = (replace(one.figures, tally=tally) for one, tally in zip(found, tallies, strict=True))
        return select_tallies(figures, may_read), _damaged(found)

    def _select_readable(self, beginning: str, may_read: MayRead) -> set[str]:
        found = self._read_groups(beginning, facts=True)
        return select_readable((one.figures.facts for one in found), may_read)

    def build(self, name: str, beyond: int) -> _Answer | None:
        """Make the figures of a group of all its cases; None where the database keeps some beyond this line now."""
        if any(one.name == name and one.kept is not None and one.kept > beyond for one in self._ask_groups(name)):
            return None
        ((row,),) = self._ask((_GROUP, {"folder": name}))
        group = _read_group(row)
        figures, damaged = self._read_cases(group.cases)
        answer = _Answer(name, group.line, figures.pack(), damaged)
        return None if self._keep([answer], is_new=True) else answer

    def _read_groups(self, beginning: str, **wanted: bool) -> list[_Answer]:
        """The groups whose names begin so, all as they are at one moment."""
        built: dict[str, _Answer] = {}
        found = self._answer_groups(beginning, built, wanted)
        if _find_missing(found):
            with _building:
                while missing := _find_missing(found := self._answer_groups(beginning, built, wanted)):
                    built |= self._build_groups(missing)
        self._keep([answer for group, answer in found if answer is not None and group.differs_from(answer)])
        answers = [answer for _, answer in found if answer is not None]
        return sorted(answers, key=lambda one: one.name.split("/"))

    def _answer_groups(
        self, beginning: str, built: Mapping[str, _Answer], wanted: Mapping[str, bool]
    ) -> list[tuple[_Group, _Answer | None]]:
        """The groups of one snapshot, each with its answer; None where all of its cases have to be read for it."""
        return [(one, self._answer(one, built.get(one.name))) for one in self._ask_groups(beginning, **wanted)]

    def _answer(self, group: _Group, built: _Answer | None) -> _Answer | None:
        if built is not None and built.line == group.line:
            return built
        if group.kept is None:
            return None
        if not group.cases:
            return _Answer(group.name, group.line, group.figures, {}, group.digest)
        base = group.figures.unpack()
        fresh, damaged = self._read_cases(group.cases)
        if damaged.keys() & base.facts.keys():
            return None  # what a case left behind goes only with all of the tally
        figures = fresh.add_to(base).pack() if fresh.facts else group.figures
        return _Answer(group.name, group.line, figures, damaged)

    def _ask_groups(self, beginning: str, **wanted: bool) -> list[_Group]:
        """The groups in a snapshot, without the tallies that this account has a copy of."""
        parts = dict.fromkeys(("turns", "running", "tally", "facts"), False) | wanted
        known = self._copies.list_digests(beginning) if parts["tally"] else []
        (rows,) = self._ask((_GROUPS, {"edition": self._edition, "beginning": beginning, "known": known, **parts}))
        groups = [_read_group(row) for row in rows]
        for one in groups:
            if one.figures.tally and one.kept == one.line:
                self._copies.keep(one.name, one.digest, one.figures.tally)
        return groups

    def _read_cases(self, rows: Sequence[CaseRow]) -> tuple[CaseFigures, dict[str, str]]:
        cases = _Cases(self._ask, rows)
        return read_figures(self._opener, [row.id for row in rows], cases.load)

    def _keep(self, answers: Sequence[_Answer], *, is_new: bool = False) -> bool:
        """Write figures back for others; whether it could be done."""
        if not answers:
            return True
        values = [{"edition": self._edition, **_values(one)} for one in sorted(answers, key=lambda one: one.name)]
        trims = [(_TRIM, {"folder": one.name, "most": EDITIONS}) for one in answers if is_new]
        with suppress(BusyError, DamagedError):
            self._write(_NOT_DURABLE, *((_KEEP, one) for one in values), *trims)
            return True
        return False

    def _build_groups(self, missing: Mapping[str, int]) -> dict[str, _Answer]:
        """The figures of groups by name that cannot be kept."""
        (sizes,) = self._ask((_SIZES, {"folders": [*missing]}))
        names = random.sample([*missing], len(missing))  # so that several who build share the work
        built = make_groups(self.build, {name: (name, missing[name]) for name in names}, dict(sizes), self._on_progress)
        return {name: answer for name, answer in built.items() if answer is not None}


class _Cases:
    """The cases of some rows, each decoded once, and those that called them, read together."""

    def __init__(self, ask: Ask, rows: Sequence[CaseRow]) -> None:
        self._rows = {row.id: row for row in rows}
        self._instances: dict[str, Instance] = {}
        while callers := self._find_callers(rows) - self._rows.keys():
            (found,) = ask((BY_IDS, {"ids": [*callers]}))
            rows = read_rows(found)
            self._rows |= {row.id: row for row in rows}

    def load(self, id: str) -> Instance:
        """The case with this id, where it is one of them."""
        if id not in self._instances:
            if id not in self._rows:
                raise no_case(id)
            self._instances[id] = self._rows[id].decode()
        return self._instances[id]

    def _find_callers(self, rows: Sequence[CaseRow]) -> set[str]:
        callers = set()
        for row in rows:
            with suppress(SopctlError):
                opened = self.load(row.id).events[0]
                callers.add(opened.parent if isinstance(opened, Started) else "")
        return callers - {""}


def _read_group(row: tuple[Any, ...]) -> _Group:
    name, line, kept, damaged, turns, running, tally, facts, digest, *cases = row
    figures = PackedFigures(*(part or b"" for part in (turns, running, tally, facts)))
    rows = [(*one, (lines or "").split("\n")) for *one, lines in zip(*cases, strict=True)] if cases[0] else []
    rows.sort(key=lambda one: number_of(one[0]))
    return _Group(name, line, kept, frozenset(damaged or ()), figures, digest or "", read_rows(rows))


def _values(answer: _Answer) -> dict[str, object]:
    """The values of `_KEEP`."""
    figures = answer.figures
    return {
        "folder": answer.name,
        "line": answer.line,
        "damaged": sorted(answer.damaged),
        "running": figures.turns != NO_TURNS,
        "turns": figures.turns,
        "running_facts": figures.running,
        "tally": figures.tally,
        "digest": digest_tally(figures.tally),
        "facts": figures.facts,
    }


def _find_missing(found: Iterable[tuple[_Group, _Answer | None]]) -> dict[str, int]:
    """The groups that have no answer, each with the line up to which what is kept of it cannot be used."""
    return {group.name: -1 if group.kept is None else group.kept for group, answer in found if answer is None}


def _damaged(answers: Iterable[_Answer]) -> tuple[str, ...]:
    return tuple(sentence for one in answers for sentence in one.damaged.values())
