"""What an event changed in the fields and in the acts upon documents, compared with the state before it."""

from msgspec import Struct

from sopctl.engine.events import EMPTY, Event, Migrated, Rejected, Withdrawn
from sopctl.engine.signings import changed_fields, find_signature
from sopctl.engine.state import Signing, State
from sopctl.sop.model import Sop, Step

_CLAIMS = {"initial", "sign"}
"""The acts that say something about a text."""


class Effect(Struct, frozen=True, kw_only=True):
    """What became of fields and documents.

    ``filled`` are fields that were empty, ``changed`` those that had another value. ``dropped`` are the acts, by the
    document, that no longer count because its text is another one; ``kept`` are the fields, by the document, that
    changed and that it shows as they were when it was signed.
    """

    filled: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    dropped: dict[str, tuple[Signing, ...]] = {}
    kept: dict[str, tuple[str, ...]] = {}


def find_effect(before: State, after: State, event: Event) -> Effect:
    """What the event that led from one state to the other did."""
    changed = changed_fields(before.fields, before.fields | event.fields) if event.fields else ()
    filled = tuple(
        name for name, value in event.fields.items() if value not in EMPTY and before.fields.get(name) in EMPTY
    )
    expected = isinstance(event, Rejected | Withdrawn | Migrated)
    return Effect(
        filled=filled,
        changed=changed,
        dropped={} if expected else _find_dropped_acts(before, after),
        kept=_find_kept_fields(after, (*filled, *changed)) if event.fields else {},
    )


def _find_kept_fields(after: State, names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The fields that the signed documents show with another value than the case."""
    found = {}
    for document in after.signings:
        signature = find_signature(after, document)
        text = signature.text.fields if signature else after.fields
        found[document] = tuple(name for name in names if text.get(name) != after.fields.get(name))
    return {document: fields for document, fields in found.items() if fields}


def _find_dropped_acts(before: State, after: State) -> dict[str, tuple[Signing, ...]]:
    """The acts that count no more, though nobody drafted the document anew."""
    found = {}
    for document, acts in before.signings.items():
        left = {(one.act, one.visit) for one in after.signings.get(document, ())}
        gone = tuple(one for one in acts if one.act in _CLAIMS and (one.act, one.visit) not in left)
        if gone and ("draft", before.visit_number) not in left:
            found[document] = gone
    return found


def steps_without_paraf(sop: Sop, state: State, document: str) -> tuple[str, ...]:
    """The steps gone through since the last draft whose paraf does not count any more."""
    acts = state.signings.get(document, ())
    drafted = max((one.visit for one in acts if one.act == "draft"), default=0)
    there = {one.step for one in acts if one.act == "initial"}
    done = dict.fromkeys(
        visit.step for visit in state.visits[drafted:] if visit.until and not visit.rejected and not visit.is_skipped
    )
    return tuple(id for id in done if id not in there and _is_for_initial(sop.step(id), document))


def _is_for_initial(step: Step, document: str) -> bool:
    return step.document is not None and (step.document.name, step.document.act) == (document, "initial")
