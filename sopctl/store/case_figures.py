"""What an index keeps of the cases of a group, in any store: their tally, and what the rule of reading asks of them."""

import gc
import sys
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Self, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.instance import Instance
from sopctl.errors import BusyError, DamagedError, NotFoundError
from sopctl.measure.case_clock import MeasuredCase
from sopctl.measure.tally import MeasuredTurn, Tally, join_tallies, tally_cases
from sopctl.store.case_access import FactsById, pack_facts, select_readable, unpack_facts
from sopctl.store.protocol import CaseOpener, MayRead
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


class PackedFigures(Struct, frozen=True):
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

    def readable() -> Iterator[MeasuredCase]:
        for id in ids:
            try:
                case = cases.open_case(load(id))
            except NotFoundError:  # taken away meanwhile
                continue
            except (BusyError, DamagedError) as error:
                damaged[id] = error.message
                continue
            facts[id] = cases.find_facts(case, load)
            yield MeasuredCase(case.id, case.sop, case.state, case.instance.events)

    return CaseFigures(tally_cases(readable(), cases.calendar), facts), damaged


def run_in_processes(work: Callable[..., T], jobs: Iterable[tuple[object, ...]]) -> Iterator[T]:
    """What comes of each job, given as the values of ``work``, as they are done; each process is begun anew."""
    from concurrent.futures import ProcessPoolExecutor, as_completed  # noqa: PLC0415 — only a first look needs it
    from multiprocessing import get_context  # noqa: PLC0415 — the same

    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=gc.disable) as pool:
        for one in as_completed([pool.submit(work, *job) for job in jobs]):
            yield one.result()


def select_turns(groups: Iterable[tuple[bytes, bytes]], may_read: MayRead | None) -> list[MeasuredTurn]:
    """The turns that may be read of groups, each given by its packed ``turns`` and ``running``."""
    kept = list(groups)
    turns = [turn for packed, _ in kept for turn in _decode_turns(packed)]
    if may_read is None:
        return turns
    readable = select_readable((running for _, running in kept), may_read)
    return [turn for turn in turns if turn.id in readable]


def name_edition(cases: CaseOpener, *code: int) -> str:
    """The name of what the figures rest on besides the cases: the calendar, the code (`ROOMS`, holidays), the machine.

    ``code`` are numbers that are others where the code is another.
    """
    office = cases.office
    facts = (office.timezone, office.hours, office.ramadan, office.holidays, *code, sys.byteorder)
    return sha256(encode(facts)).hexdigest()
