"""What an index keeps of the cases of a group, in any store: their tally, and what the rule of reading asks of them."""

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Self, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.instance import Instance
from sopctl.errors import BusyError, DamagedError, NotFoundError
from sopctl.measure.tally import MeasuredTurn, Tally, join_tallies, keep_cases, tally_cases
from sopctl.store.case_access import FactsById, gather_facts, pack_facts, select_readable, unpack_facts
from sopctl.store.protocol import CaseOpener, MayRead, OnProgress
from sopctl.store.struct_decoders import make_msgpack_decoder

T = TypeVar("T")

PARALLEL = 4000
"""Cases without figures from which on several processes read: for fewer, starting them costs more."""

ROOMS = ("measure", "engine", "office", "worktime", "sop", "store")
"""The rooms whose code the figures rest on."""

encode = msgspec.msgpack.Encoder().encode
decode_tally = make_msgpack_decoder(Tally).decode
NO_TURNS = encode([])
_decode_turns = make_msgpack_decoder(list[MeasuredTurn]).decode


class PackedFigures(Struct, frozen=True, array_like=True):
    """The figures of a group as a store keeps them, each part to be read by itself.

    ``turns`` are those that wait and ``running`` the facts of their cases; ``tally`` has no turns, ``facts`` are all.
    """

    turns: bytes
    running: bytes
    tally: bytes
    facts: bytes

    def unpack(self) -> "CaseFigures":
        """What was packed."""
        tally = replace(decode_tally(self.tally), turns=_decode_turns(self.turns))
        return CaseFigures(tally, unpack_facts(self.facts))


class CaseFigures(Struct, frozen=True):
    """The tally of some cases, and by id what the rule of reading asks of them."""

    tally: Tally
    facts: FactsById

    def add_to(self, base: Self) -> Self:
        """Both as one; a case that is in both is as this one has it."""
        return type(self)(join_tallies(base.tally, self.tally), base.facts | self.facts)

    def pack(self) -> PackedFigures:
        """The same as a store keeps it."""
        return PackedFigures(
            turns=encode(self.tally.turns),
            running=pack_facts({turn.id: self.facts[turn.id] for turn in self.tally.turns}),
            tally=encode(replace(self.tally, turns=[])),
            facts=pack_facts(self.facts),
        )


def read_figures(
    cases: CaseOpener, ids: Iterable[str], load: Callable[[str], Instance]
) -> tuple[CaseFigures, dict[str, str]]:
    """The figures of these cases, and by id the sentences about those that cannot be read; ``load`` reads one."""
    damaged: dict[str, str] = {}
    facts: FactsById = {}

    def readable() -> Iterator[Case]:
        for id in ids:
            try:
                case = cases.open_case(load(id))
            except NotFoundError:  # taken away meanwhile
                continue
            except (BusyError, DamagedError) as error:
                damaged[id] = error.message
                continue
            facts[id] = gather_facts(case, load)
            yield case

    return CaseFigures(tally_cases(readable(), cases.calendar), facts), damaged


def make_groups(
    work: Callable[..., T],
    jobs: Mapping[str, tuple[object, ...]],
    sizes: Mapping[str, int],
    on_progress: OnProgress | None,
) -> dict[str, T]:
    """What ``work`` makes of each group, called with the values of its job: by several processes, where cases are many.

    ``sizes`` say how many cases the groups have.
    """
    total, done, found = sum(sizes.values()), 0, dict[str, T]()
    alone = ((name, work(*job)) for name, job in jobs.items())
    for name, made in _run_in_processes(work, jobs) if total >= PARALLEL else alone:
        done += sizes.get(name, 0)
        if on_progress is not None:
            on_progress(done, total)
        found[name] = made
    return found


def _run_in_processes(work: Callable[..., T], jobs: Mapping[str, tuple[object, ...]]) -> Iterator[tuple[str, T]]:
    """What comes of each job as they are done; each process is begun anew."""
    from concurrent.futures import ProcessPoolExecutor, as_completed  # noqa: PLC0415 — only a first look needs it
    from multiprocessing import get_context  # noqa: PLC0415 — the same

    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=gc.disable) as pool:
        names = {pool.submit(work, *job): name for name, job in jobs.items()}
        for one in as_completed(names):
            yield names[one], one.result()


def select_turns(groups: Sequence[PackedFigures], may_read: MayRead | None) -> list[MeasuredTurn]:
    """The turns of groups that may be read."""
    turns = [turn for one in groups for turn in _decode_turns(one.turns)]
    if may_read is None:
        return turns
    readable = select_readable((one.running for one in groups), may_read)
    return [turn for turn in turns if turn.id in readable]


def select_tallies(groups: Iterable[PackedFigures], may_read: MayRead | None) -> list[Tally]:
    """The tallies of groups with the cases that may be read."""
    tallies, facts = list[Tally](), list[bytes]()
    for one in groups:  # one after the other, for the tallies of many years are large
        tallies.append(decode_tally(one.tally))
        facts.append(one.facts)
    if may_read is None:
        return tallies
    readable = select_readable(facts, may_read)
    return [keep_cases(one, readable) for one in tallies]


def name_edition(cases: CaseOpener, *code: int) -> str:
    """The name of what the figures rest on besides the cases: the calendar, the code (`ROOMS`, holidays), the machine.

    ``code`` are numbers that are others where the code is another.
    """
    office = cases.office
    facts = (office.timezone, office.hours, office.ramadan, office.holidays, *code, sys.byteorder)
    return sha256(encode(facts)).hexdigest()
