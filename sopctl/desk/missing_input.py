"""What the step at hand still asks for, for whoever can be asked at a terminal."""

from msgspec import Struct

from sopctl.desk.authority import allowed_pelaksana
from sopctl.desk.outcome import list_next_actions
from sopctl.engine.case import Case
from sopctl.sop.model import Field
from sopctl.store.case_search import find_case
from sopctl.store.library import Library
from sopctl.store.record import Record


class MissingInput(Struct, frozen=True, kw_only=True):
    """What the step at hand still asks for before it can be approved, and the revision that says so.

    ``items`` are kelengkapan that want a file; ``reason`` is why the work was turned down, where it was.
    """

    revision: int
    fields: tuple[Field, ...]
    items: tuple[str, ...]
    reason: str


def missing_input(record: Record, library: Library, id: str) -> MissingInput | None:
    """What the step at hand asks for, None where the case does not run or it is not this account's turn.

    ``library`` is asked for the SOP that the next step calls: what that requires at its start is asked for too.
    """
    case = record.load_case(find_case(record, id))
    if case.state.step is None or case.state.status != "running":
        return None
    may = allowed_pelaksana(record.office, record.account, case, record.now().date())
    if may is not None and not may.intersection(case.state.turn):
        return None
    actions = [one for one in list_next_actions(case, record.office, library) if one.kind in {"approve", "fill"}]
    empty = (field for action in actions for field in action.fields if field.name not in case.state.fields)
    return MissingInput(
        revision=case.instance.revision,
        fields=tuple(dict.fromkeys(empty)),
        items=tuple(dict.fromkeys(item for action in actions for item in action.items)),
        reason=_rejection_reason(case),
    )


def _rejection_reason(case: Case) -> str:
    """Why the case was sent back to the step where it stands; empty where it came there otherwise."""
    before = case.state.visits[-2] if len(case.state.visits) > 1 else None
    return before.acted[-1].note if before is not None and before.rejected else ""
