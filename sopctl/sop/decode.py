"""From the bytes of an SOP file to the SOP: notation, then keys and values, then what they refer to."""

from msgspec.structs import replace

from sopctl.notation.faults import Faults, sort_problems
from sopctl.notation.read import read_yaml
from sopctl.notation.structs import struct_decoder
from sopctl.problems import Problem
from sopctl.sop.durations import complete_waktu
from sopctl.sop.formats import FORMATS
from sopctl.sop.model import Sop, Step
from sopctl.sop.output_sheets import add_output_sheets
from sopctl.sop.references import check_references, decide_all
from sopctl.sop.unconfirmed import find_unconfirmed

SOP_DECODER = struct_decoder(Sop, FORMATS)
"""One SOP file, as the model declares it."""


def read_sop(data: bytes, path: str, reserved: frozenset[str] = frozenset()) -> tuple[Sop | None, tuple[Problem, ...]]:
    """The SOP that a file states, and every mistake in it in order of place.

    The SOP is None where there is any mistake; whatever the bytes are, nothing is raised. ``path`` is what mistakes are
    reported under, ``reserved`` are names that a template already knows and no field may take.
    """
    node, problems = read_yaml(data, path)
    if node is None:
        return None, problems
    faults = Faults()
    sop = SOP_DECODER.decode(node, faults)
    check_references(sop, node, reserved, faults)
    unconfirmed = find_unconfirmed(data.decode("utf-8", "replace"), path)
    found = sort_problems((*problems, *faults.in_order(), *unconfirmed))
    return (None if found else add_output_sheets(_complete(sop))), found


def _complete(sop: Sop) -> Sop:
    """The SOP with what a file may leave out, and the times that its texts state.

    Without `start` the first row is the entry, and the last pelaksana of a branching row decides.
    """
    steps = tuple(map(_complete_step, sop.steps))
    return replace(sop, steps=steps, start=sop.start or (steps[0].id,))


def _complete_step(step: Step) -> Step:
    """The row with the time that its text states, and its deciders in the order of its pelaksana."""
    named = dict.fromkeys(step.pelaksana, ()) if decide_all(step) else step.decides
    if step.branches and not named:
        named = {step.pelaksana[-1]: ()}
    decides = {who: named[who] or step.branches for who in step.pelaksana if who in named}
    branches = dict.fromkeys(branch for exits in reversed(decides.values()) for branch in exits)
    waktu = complete_waktu(step.waktu)
    return replace(
        step, decides=decides, branches=tuple(branches), waktu=step.waktu if isinstance(waktu, str) else waktu
    )
