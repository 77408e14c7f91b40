"""Separation of duties: who did one step may not do another (`not_by`); people count, not accounts.

Who acted on paper is the official, whoever recorded it; who typed a field wrote it.
"""

from collections.abc import Iterable, Iterator

from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.state import State
from sopctl.sop.model import Sop


def refuse_same_person(sop: Sop, state: State, request: Request) -> Refused | None:
    """The person who asks must not have acted at a step that `not_by` names, nor have written that step's fields.

    All rounds count. So do the fields that come with the request: nobody changes a text and checks it in one move.
    """
    here = state.step or state.visit.step
    for id in sop.step(here).not_by:
        for actor in _list_actors(state, id):
            if _is_same_person(request, actor):
                return _refuse_person(request, here, actor, f"mengerjakan langkah {id}")
        for label, account in _list_writers(sop, state, id):
            if _is_same_person(request, account):
                return _refuse_person(request, here, account, f'mengisi "{label}" milik langkah {id}')
        labels = [sop.fields[name].label for name in _list_changed_fields(sop, state, request, id)]
        if labels:
            return Refused(
                reason="not_by",
                message=f"Isian {', '.join(labels)} milik langkah {id}, dan yang mengubahnya tidak boleh melakukan "
                f"langkah {here}. Kembalikan berkasnya dengan alasan, atau jalankan tanpa isian itu.",
            )
    return None


def _list_actors(state: State, step: str) -> Iterable[str]:
    """Each account and each official who acted on paper once, in the order in which they first acted."""
    visits = [visit for visit in state.visits if visit.step == step and not visit.is_skipped]
    return dict.fromkeys([part.actor for visit in visits for part in visit.acted])


def _list_writers(sop: Sop, state: State, step: str) -> Iterator[tuple[str, str]]:
    """The label of each field of a step, with each account that gave it another value."""
    return ((sop.fields[name].label, by) for name in _list_field_names(sop, step) for by in state.writers.get(name, ()))


def _list_changed_fields(sop: Sop, state: State, request: Request, step: str) -> list[str]:
    """The fields of a step to which the request itself gives another value."""
    given = [name for name in _list_field_names(sop, step) if name in request.fields]
    return [name for name in given if request.fields[name] != state.fields.get(name)]


def _list_field_names(sop: Sop, step: str) -> Iterable[str]:
    return (field.name for field in sop.fields.values() if field.step == step)


def _is_same_person(request: Request, actor: str) -> bool:
    """Whether an account or a name is that of whoever acts now; letter case aside, as Windows has it."""
    return actor.casefold() in {own.casefold() for own in (request.actor, *request.person)}


def _refuse_person(request: Request, step: str, actor: str, did: str) -> Refused:
    """The refusal, with the other account or the name by which the person acted then."""
    who = request.on_behalf or f"akun {request.by}"
    other = "" if actor.casefold() == request.actor.casefold() else f"orangnya sebagai {actor} "
    return Refused(
        reason="not_by",
        message=f"Langkah {step} tidak boleh dilakukan {who}, yang {other}{did}; mintalah pejabat lain.",
    )
