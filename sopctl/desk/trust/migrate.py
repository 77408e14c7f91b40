"""`migrate ID`: a running case goes on under the SOP as it stands now, after a look at what that changes.

A case keeps the version that it began with, however often the SOP is edited; only this command moves it, and the record
says so. What has happened stays as it was: the steps gone through are told under their new ids, where they have others.
"""

from collections.abc import Iterator

from msgspec import Struct

from sopctl.desk import ask as asking
from sopctl.desk.ask import Ask
from sopctl.desk.authority import stranger
from sopctl.desk.desk import Desk, Source
from sopctl.desk.library import startable
from sopctl.desk.outcome import Outcome
from sopctl.desk.work import Work, came_to
from sopctl.engine.case import Case
from sopctl.engine.events import Migrated
from sopctl.engine.guards import at, not_running
from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError, UsageError
from sopctl.notation.nearest import suggestion
from sopctl.sop.model import Sop, Step


class Plan(Struct, frozen=True, kw_only=True):
    """What going on under the new version would change, in sentences.

    ``revision`` is the case's as it was looked at.
    """

    id: str
    revision: int
    version: str
    steps: dict[str, str]
    sentences: tuple[str, ...]


def plan(desk: Desk, id: str, maps: tuple[str, ...]) -> Plan | Refused:
    """What would change for a case, where ``maps`` are `old=new` texts for steps that have another id now.

    Raises:
        WrongError: where the SOP as it stands now has errors.
        UsageError, NotFoundError: where a map names no step.
    """
    case = desk.case(desk.store.matching(id))
    source = desk.source(case.sop.id)
    sop = startable(desk, source)
    steps = _steps(case.sop, sop, maps)
    refused = _refused(case, source, sop, steps)
    if refused is not None:
        return refused
    sentences = tuple(_sentences(case, sop, steps))
    return Plan(id=case.id, revision=case.instance.revision, version=source.version, steps=steps, sentences=sentences)


def migrate(desk: Desk, planned: Plan, ask: Ask) -> Outcome | Refused:
    """Let the case go on as planned; refused where the case or the SOP has changed since the look."""
    with desk.store.writing() as change:
        work = Work(desk, change)
        case = work.case(planned.id)
        source = desk.source(case.sop.id)
        if case.instance.revision != planned.revision or source.version != planned.version:
            return Refused(
                reason="overtaken",
                message=f"Berkas {case.id} atau SOP-nya berubah sementara Anda melihatnya; "
                "jalankan lagi sopctl migrate.",
            )
        request = asking.request(desk, case, ask, change)
        refused = stranger(desk, request.at, request.now, case) or at(case.state, request)
        if refused is not None:
            return refused
        event = Migrated(**request.said(), before=case.instance.version, version=planned.version, steps=planned.steps)
        change.pin(source.version, source.text)
        refused = work.migrate(case.id, startable(desk, source), event)
        if refused is not None:
            return refused
        change.commit()
        return came_to(desk, work, case.id)


def _steps(old: Sop, new: Sop, maps: tuple[str, ...]) -> dict[str, str]:
    """The new id of each step that has another one."""
    known, there = {step.id for step in old.steps}, [step.id for step in new.steps]
    found: dict[str, str] = {}
    for text in maps:
        before, equals, after = (part.strip() for part in text.partition("="))
        if not equals:
            raise UsageError(f"--map '{text}' tidak lengkap; tulis --map LAMA=BARU.", code="map")
        if before not in known:
            raise NotFoundError(
                f"Versi lama tidak mempunyai langkah '{before}'{suggestion(before, known)}.", code="step"
            )
        if after not in there:
            raise NotFoundError(f"Versi baru tidak mempunyai langkah '{after}'{suggestion(after, there)}.", code="step")
        if before != after:
            found[before] = after
    return found


def _refused(  # noqa: PLR0911 — a list of reasons
    case: Case, source: Source, sop: Sop, steps: dict[str, str]
) -> Refused | None:
    """Why the case cannot go on under the new version."""
    if source.version == case.instance.version:
        return Refused(reason="same_version", message=f"Berkas {case.id} sudah memakai SOP yang berlaku sekarang.")
    refused = not_running(case.state)
    if refused is not None:
        return refused
    visit = case.state.visit
    if visit.acted or visit.child:
        return Refused(
            reason="in_the_middle",
            message=f"Langkah {visit.step} sedang berjalan di antara beberapa pelaksana atau lewat berkas lain; "
            "selesaikan dahulu langkah itu.",
        )
    there = {step.id for step in sop.steps}
    gone = list(dict.fromkeys(one.step for one in case.state.visits if steps.get(one.step, one.step) not in there))
    if gone:
        options = " ".join(f"--map {step}=LANGKAH" for step in gone)
        return Refused(
            reason="steps_gone",
            message=f"Versi baru tidak mempunyai langkah {', '.join(gone)}, yang sudah dilalui berkas ini. Sebutkan "
            f"padanannya: {options}. Langkah yang ada: {', '.join(step.id for step in sop.steps)}.",
        )
    acted = {part.pelaksana for one in case.state.visits for part in one.acted} - {"", *sop.pelaksana}
    if acted:
        return Refused(
            reason="pelaksana_gone",
            message=f"Versi baru tidak mempunyai pelaksana {', '.join(sorted(acted))}, "
            "yang sudah bertindak pada berkas ini.",
        )
    papers = {document for document in case.state.signings if document not in sop.documents}
    if papers:
        return Refused(
            reason="documents_gone",
            message=f"Versi baru tidak mempunyai dokumen {', '.join(sorted(papers))}, yang sudah ditulis berkas ini.",
        )
    return None


def _sentences(case: Case, sop: Sop, steps: dict[str, str]) -> Iterator[str]:
    old = case.sop
    here = sop.step(steps.get(case.state.visit.step, case.state.visit.step))
    turn = sop.pelaksana[here.pelaksana[0]]
    yield f"Berkas {case.id} berada pada langkah {here.id} ({here.kegiatan}); giliran {turn}."
    renamed = {steps.get(step.id, step.id): step for step in old.steps}
    for step in old.steps:
        after = steps.get(step.id, step.id)
        if after not in {one.id for one in sop.steps}:
            yield f"Langkah {step.id} tidak ada lagi."
        elif after != step.id:
            yield f"Langkah {step.id} sekarang bernama {after}."
    for step in sop.steps:
        before = renamed.get(step.id)
        if before is None:
            yield f"Langkah baru: {step.id} ({step.kegiatan})."
        else:
            yield from _changes(old, sop, before, step)
    for name in sorted(sop.fields.keys() - old.fields.keys()):
        wanted = "wajib" if sop.fields[name].required else "boleh kosong"
        yield f"Isian baru: {name} ({sop.fields[name].label}), {wanted}."
    for name in sorted(old.fields.keys() - sop.fields.keys()):
        yield f"Isian {name} tidak dipakai lagi; nilainya tetap tersimpan."


def _changes(old: Sop, new: Sop, before: Step, after: Step) -> Iterator[str]:
    """What is otherwise about a step that both versions have."""
    pairs = (
        ("kegiatan", before.kegiatan, after.kegiatan),
        ("pelaksana", _titles(old, before), _titles(new, after)),
        ("waktu", before.waktu.text, after.waktu.text),
        ("output", before.output, after.output),
        ("kelengkapan", _kelengkapan(before), _kelengkapan(after)),
        ("cabang", _exits(old, before), _exits(new, after)),
        ("dokumen", _paper(before), _paper(after)),
    )
    for name, was, now in pairs:
        if was != now:
            yield f'Langkah {after.id}: {name} "{was or "–"}" menjadi "{now or "–"}".'


def _titles(sop: Sop, step: Step) -> str:
    return ", ".join(sop.pelaksana[key] for key in step.pelaksana)


def _kelengkapan(step: Step) -> str:
    return ", ".join(f"{item.nama}*" if item.evidence else item.nama for item in step.kelengkapan)


def _exits(sop: Sop, step: Step) -> str:
    if not step.branches:
        return sop.below(step)
    return ", ".join(f"{branch.label}: {branch.to}" for branch in step.branches)


def _paper(step: Step) -> str:
    return f"{step.document.name} ({step.document.act})" if step.document else ""
