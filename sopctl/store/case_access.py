"""What the rule of reading asks of a case (`office.reading`), gathered from its events, and kept for many cases.

For many cases it is kept as groups: cases of one SOP in which the same people acted are alike in it, so that the rule
is asked once for each kind of case and not for each case.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import msgspec

from sopctl.engine.case import Case
from sopctl.engine.events import Called, Completed, Event, Skipped, Started
from sopctl.engine.instance import Instance
from sopctl.errors import SopctlError
from sopctl.office.reading import CaseFacts
from sopctl.store.struct_decoders import make_msgpack_decoder

FactsById = dict[str, CaseFacts]
"""The facts of cases by their ids."""

_Groups = list[tuple[CaseFacts, list[str]]]

_SET_OFF: frozenset[type] = frozenset((Called, Completed))
"""Kinds of event that are recorded under the account of who moved another case."""

_encode = msgspec.msgpack.Encoder().encode
_decode = make_msgpack_decoder(_Groups).decode


def gather_facts(case: Case, load: Callable[[str], Instance]) -> CaseFacts:
    """The facts of a case; ``load`` reads those that called it."""
    state = case.state
    return CaseFacts(
        sop=case.sop.id,
        callers=_list_callers(state.parent, load),
        confidential=case.is_marked_confidential,
        pelaksana=tuple(case.sop.pelaksana),
        turn=state.whole_turn,
        assigned=tuple((name, to) for name, to in state.assigned.items() if to),
        people=_list_people(case.instance.events),
    )


def pack_facts(known: Mapping[str, CaseFacts]) -> bytes:
    """The facts of cases as the index keeps them."""
    groups: defaultdict[CaseFacts, list[str]] = defaultdict(list)
    for id, facts in known.items():
        groups[facts].append(id)
    return _encode(list(groups.items()))


def unpack_facts(packed: bytes) -> FactsById:
    """The facts that were packed."""
    return {id: facts for facts, ids in _decode(packed) for id in ids}


def select_readable(packed: Iterable[bytes], may_read: Callable[[CaseFacts], bool]) -> set[str]:
    """The ids of those cases that may be read."""
    return {id for one in packed for facts, ids in _decode(one) if may_read(facts) for id in ids}


def _list_people(events: Iterable[Event]) -> tuple[str, ...]:
    """Who did what the events say; nobody what was set off by another case, or by a condition."""
    people = set()
    for event in events:  # types in a set, because an index asks it of every event of the record
        if type(event) in _SET_OFF or (type(event) is Skipped and event.condition):
            continue
        people.add(event.by)
        if on_behalf := getattr(event, "on_behalf", ""):
            people.add(on_behalf)
    return tuple(sorted(people))


def _list_callers(parent: str, load: Callable[[str], Instance]) -> tuple[str, ...]:
    """The SOPs of the case above, and of those above it as far as they can be read."""
    callers: list[str] = []
    while parent:
        callers.append(parent.rpartition("-")[0])
        try:
            opened = load(parent).events[0]
        except SopctlError:
            break
        parent = opened.parent if isinstance(opened, Started) else ""
    return tuple(callers)
