"""From the bytes of an SOP file to the SOP: notation, then keys and values, then what they refer to."""

from sopctl.notation.faults import Faults, sort_problems
from sopctl.notation.read import read_yaml
from sopctl.problems import Problem
from sopctl.sop.model import Sop
from sopctl.sop.output_sheets import add_output_sheets
from sopctl.sop.references import check_references
from sopctl.sop.shapes import SOP


def read_sop(data: bytes, path: str, reserved: frozenset[str] = frozenset()) -> tuple[Sop | None, tuple[Problem, ...]]:
    """The SOP that a file states, and every mistake in it in order of place.

    The SOP is None where there is any mistake; whatever the bytes are, nothing is raised. ``path`` is what mistakes are
    reported under, ``reserved`` are names that a template already knows and no field may take.
    """
    node, problems = read_yaml(data, path)
    if node is None:
        return None, problems
    faults = Faults()
    sop = SOP.decode(node, faults)
    check_references(sop, node, reserved, faults)
    found = sort_problems((*problems, *faults.in_order()))
    return (None if found else add_output_sheets(sop)), found
