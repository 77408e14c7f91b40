"""What whoever changed a case is told besides where it stands now: papers that did not follow, acts that fell."""

from collections.abc import Iterator

from sopctl.engine.case import Case
from sopctl.engine.effects import Effect, find_effect, steps_without_paraf
from sopctl.engine.events import Event
from sopctl.engine.guards import format_two_moments, titles
from sopctl.engine.signings import document_form, find_signature
from sopctl.engine.state import Signing
from sopctl.errors import NotFoundError, WrongError
from sopctl.letters.renderer import Renderer
from sopctl.sop.model import END, Step

_PAIR = 2


def list_move_warnings(renderer: Renderer, before: Case, after: Case, event: Event) -> Iterator[str]:
    """A sentence for each thing that the event did, or left undone, and that is not to be overlooked."""
    if event.at > event.recorded_at:
        now, last = format_two_moments(event.recorded_at, event.at)
        yield (
            f"Jam komputer ini ({now}) di belakang catatan terakhir berkas ({last}), jadi dicatat pada waktu itu; "
            "periksa jam komputer."
        )
    did = find_effect(before.state, after.state, event)
    yield from _kept(renderer, after, did)
    yield from _dropped(after, did)
    yield from _unparafed(before, after, did)


def _kept(renderer: Renderer, case: Case, did: Effect) -> Iterator[str]:
    for document, fields in did.kept.items():
        printed = _printed(renderer, case, document, fields)
        if printed:
            yield (
                f"Dokumen {document} sudah ditandatangani dan tidak ikut berubah ({', '.join(printed)} tetap seperti "
                "saat ditandatangani); bila isinya keliru, buat surat perbaikan."
            )


def _printed(renderer: Renderer, case: Case, document: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the fields that a document shows, all of them where its template does not say."""
    try:
        shown = renderer.compiled(document_form(case.sop, case.state, document).template).names
    except (NotFoundError, WrongError):
        return fields
    deciding = {other.field for other in case.sop.documents[document].instead}
    return fields if "filled" in shown else tuple(name for name in fields if name in shown or name in deciding)


def _dropped(case: Case, did: Effect) -> Iterator[str]:
    why = f"{', '.join(did.changed)} berubah" if did.changed else "isinya sudah lain"
    for document, acts in did.dropped.items():
        parafs = [one for one in acts if one.act == "initial"]
        signatures = [one for one in acts if one.act == "sign"]
        if parafs:
            yield f"Paraf {_titles(case, parafs)} pada {document} gugur karena {why}; {_next(case, document, parafs)}."
        if signatures:
            yield (
                f"Tanda tangan {_titles(case, signatures)} pada {document} gugur karena {why}; bila masih diperlukan, "
                f'tarik kembali langkah ini: sopctl withdraw {case.id} --note "…".'
            )


def _unparafed(before: Case, after: Case, did: Effect) -> Iterator[str]:
    """Documents that were signed just now though a paraf under them had fallen before."""
    for document in after.state.signings:
        signature = find_signature(after.state, document)
        if signature is None or signature.visit != len(before.state.visits) or find_signature(before.state, document):
            continue
        fallen = [one.step for one in did.dropped.get(document, ())]
        steps = [id for id in steps_without_paraf(after.sop, after.state, document) if id not in fallen]
        if steps:
            yield (
                f"Dokumen {document} ditandatangani tanpa paraf dari langkah {', '.join(steps)}: isinya berubah "
                "sesudah diparaf."
            )


def _titles(case: Case, acts: list[Signing]) -> str:
    return titles(case.sop, tuple(dict.fromkeys(one.pelaksana for one in acts)))


def _next(case: Case, document: str, parafs: list[Signing]) -> str:
    """What to do for a paraf that fell: the way back to its step, where the SOP has one from here."""
    state, step = case.state, parafs[0].step
    if find_signature(state, document):
        return f'bila paraf diperlukan, tarik kembali tanda tangannya: sopctl withdraw {case.id} --note "…"'
    here = case.sop.step(state.step) if state.step else None
    if here is not None and case.sop.row(here.id) <= case.sop.row(step):
        return f"naskahnya diparaf lagi pada langkah {step}"
    back = _back(case, here, step) if here is not None else ""
    if back:
        return f"kembalikan agar diparaf lagi: {back}"
    return f"mintalah {_titles(case, parafs)} membaca naskah yang baru; suratnya terbit tanpa paraf itu"


def _back(case: Case, here: Step, step: str) -> str:
    """The command that leads back to a step or above it, empty where no exit does."""
    for branch in here.branches:
        if branch.to != END and case.sop.row(branch.to) <= case.sop.row(step):
            rejects = len(here.branches) == _PAIR and branch == here.branches[-1]
            command = f"reject {case.id}" if rejects else f'decide {case.id} "{branch.label}"'
            return f'sopctl {command} --note "…"'
    return ""
