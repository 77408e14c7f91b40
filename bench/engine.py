"""The engine in memory: sk-tim from start to end with one rejection, against SpiffWorkflow.

All sides walk the same nine completions with the same values filled in; SOP and workflow are read once. Ours is driven
as the desk drives it and includes the hash chain; SpiffWorkflow keeps none.
"""

from datetime import timedelta

from bench import spiff
from bench.office import FILLED, MORNING, sk_tim
from bench.ratio import Result, medians, table, timed
from bench.walk import WALK, Filled, Walk
from sopctl.desk.field_input import read_fields
from sopctl.engine import moves
from sopctl.engine.case import Case
from sopctl.engine.events import Started
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.sop.model import Sop

ROUNDS = 60

PEERS = {"SpiffWorkflow, BPMN": 8, "SpiffWorkflow, WorkflowSpec": 2.5}
"""Its two engines, and how many times as fast as each ours is to be."""

CASES = 20
"""Whole cases in one measurement."""


def ours(sop: Sop, filled: Filled) -> Walk:
    """A case in sopctl's engine."""

    def walk() -> None:
        opening = Started(at=MORNING, recorded_at=MORNING, by="petugas", step=sop.start[0], subject=sop.nama)
        case = Case.opened(sop, "sk-tim-1", "0" * 64, opening)
        for minute, (step, agreed) in enumerate(WALK, 1):
            now = MORNING + timedelta(minutes=minute)
            note = "" if agreed else "Nama anggota belum benar"
            request = Request(at=now, now=now, by="petugas", note=note, fields=filled.get(step, {}))
            event = (moves.approve if agreed else moves.reject)(sop, case.state, request)
            if isinstance(event, Refused):
                raise SystemExit(event.message)
            case = case.after(event)
        if case.state.status != "completed":
            raise SystemExit("sopctl did not come to the end of the case.")

    return walk


def measured(rounds: int = ROUNDS) -> list[Result]:
    """Seconds for one completion, against both of SpiffWorkflow's engines."""
    sop = sk_tim()
    filled = {step: read_fields(sop, None, sets, MORNING.date()) for step, sets in FILLED.items()}
    walks = (ours(sop, filled), spiff.bpmn(filled), spiff.plain(filled))
    mine, *theirs = (seconds / CASES / len(WALK) for seconds in medians([timed(_often(one)) for one in walks], rounds))
    what = "a completion in memory, hash chain included"
    return [
        Result(what=what, peer=peer, ours=mine, theirs=seconds, at_least=limit)
        for (peer, limit), seconds in zip(PEERS.items(), theirs, strict=True)
    ]


def _often(walk: Walk) -> Walk:
    def walks() -> None:
        for _ in range(CASES):
            walk()

    return walks


if __name__ == "__main__":
    print(table(measured()))
