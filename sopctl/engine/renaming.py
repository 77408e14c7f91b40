"""Steps that bear another id in a new version of their SOP, and are the same steps all the same.

Only a renaming: the old id must be gone and the new one must be new, so that none leads a case past a step.
"""

from collections.abc import Mapping

from sopctl.engine.refused import Refused
from sopctl.engine.state import State
from sopctl.sop.model import Sop


def refuse_renaming(old: Sop, new: Sop, steps: Mapping[str, str]) -> Refused | None:
    """Why the ids of ``steps`` (old to new) are not the same steps under other names, None where they are."""
    before, there = ({step.id for step in sop.steps} for sop in (old, new))
    for was, now in steps.items():
        if was in there:
            message = f"Langkah {was} masih ada pada versi baru, jadi tidak berganti nama menjadi {now}."
        elif now in before:
            message = f"Langkah {now} sudah ada pada versi lama sebagai langkah lain, jadi bukan nama baru {was}."
        elif [*steps.values()].count(now) > 1:
            message = f"Langkah {now} disebut sebagai nama baru lebih dari satu langkah."
        else:
            continue
        return Refused(reason="not_renamed", message=message)
    return None


def find_rows_apart(state: State, new: Sop, steps: Mapping[str, str]) -> tuple[str, ...]:
    """The open rows of a case that a new version does not have beside each other."""
    rows = [(row.step, steps.get(row.step, row.step)) for row in state.open]
    return tuple(id for id, now in rows if any(now not in new.beside.get(one, ()) for _, one in rows if one != now))


def find_missing_steps(state: State, new: Sop, steps: Mapping[str, str]) -> tuple[str, ...]:
    """The steps that a case went through and a new version does not have, each under the id that it had."""
    known = {step.id for step in new.steps}
    return tuple(dict.fromkeys(one.step for one in state.visits if steps.get(one.step, one.step) not in known))
