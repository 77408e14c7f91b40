"""`migrate ID`: a running case goes on under the SOP as it stands now, after a look at what that changes.

A case keeps the version that it began with, however often the SOP is edited; only this command moves it, and the record
says so. What has happened stays as it was; a step that has another id now is shown under that.
"""

from msgspec import Struct

from sopctl.desk import move_input
from sopctl.desk.authority import name_people, refuse_stranger
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.desk.sop_checks import startable_sop
from sopctl.engine.case import Case
from sopctl.engine.events import Migrated
from sopctl.engine.guards import refuse_outsider, refuse_unless_running, refuse_wrong_time
from sopctl.engine.refused import Refused
from sopctl.engine.renaming import find_missing_steps, find_rows_apart, refuse_renaming
from sopctl.engine.separation_of_duties import refuse_same_person
from sopctl.errors import NotFoundError, UsageError
from sopctl.notation.nearest import suggestion
from sopctl.sop.differences import list_differences
from sopctl.sop.model import Sop
from sopctl.store.case_search import load_found_case
from sopctl.store.library import SopFile


class MigrationPlan(Struct, frozen=True, kw_only=True):
    """What going on under the new version would change, in sentences.

    ``revision`` is the case's as it was looked at.
    """

    id: str
    revision: int
    version: str
    steps: dict[str, str]
    sentences: tuple[str, ...]


def plan(session: Session, id: str, maps: tuple[str, ...]) -> MigrationPlan | Refused:
    """What would change for a case, where ``maps`` are `old=new` texts for steps that have another id now.

    Raises:
        WrongError: where the SOP as it stands now has errors.
        UsageError, NotFoundError: where a map names no step.
    """
    case = load_found_case(session.record, id)
    source = session.library.read_file(case.sop.id)
    sop = startable_sop(source, session.library, session.renderer)
    steps = _parse_maps(case.sop, sop, maps)
    if isinstance(steps, Refused):
        return steps
    if refused := _refuse_version(case, source, sop, steps):
        return refused
    rows = [sop.step(steps.get(row.visit.step, row.visit.step)) for row in case.state.rows]
    standing = (
        f"Berkas {case.id} berada pada langkah {here.id} ({here.kegiatan}); giliran {sop.pelaksana[here.pelaksana[0]]}."
        for here in rows
    )
    sentences = (*standing, *list_differences(case.sop, sop, steps))
    return MigrationPlan(
        id=case.id, revision=case.instance.revision, version=source.version, steps=steps, sentences=sentences
    )


def migrate(session: Session, planned: MigrationPlan, typed: MoveInput) -> Outcome | Refused:
    """Let the case go on as planned; refused where the case or the SOP has changed since the look.

    Where the office names accounts, only who may act in the case now may do it.
    """
    office, account = session.office, session.account
    with session.unit_of_work() as work:
        case = work.case(planned.id)
        source = session.library.read_file(case.sop.id)
        if case.instance.revision != planned.revision or source.version != planned.version:
            return Refused(
                reason="overtaken",
                message=f"Berkas {case.id} atau SOP-nya berubah sementara Anda melihatnya.",
                advice="migrate_again",
            )
        request = move_input.read_request(session, case, typed, work.change)
        refused = refuse_wrong_time(case.state, request)
        refused = refused or refuse_stranger(office, account, min(request.at, request.now), request.now, case)
        if office.restricts_account(account):
            refused = refused or refuse_outsider(case.sop, case.state, request)
            refused = refused or refuse_same_person(case.sop, case.state, request)
        if refused:
            return name_people(office, refused)
        event = Migrated(
            **request.event_fields(), before=case.instance.version, version=planned.version, steps=planned.steps
        )
        work.change.pin_sop(source.version, source.text)
        sop = startable_sop(source, session.library, session.renderer)
        if refused := work.migrate(case.id, sop, event):
            return refused
        work.commit()
    return work.outcome(case.id)


def _parse_maps(old: Sop, new: Sop, maps: tuple[str, ...]) -> dict[str, str] | Refused:
    """The new id of each step that has another one, from `OLD=NEW` texts.

    Raises:
        UsageError: where a text is no pair, or names an old step again.
        NotFoundError: where it names a step that there is not.
    """
    found: dict[str, str] = {}
    for text in maps:
        before, equals, after = (part.strip() for part in text.partition("="))
        if not equals:
            raise UsageError(f"Padanan '{text}' tidak lengkap.", code="map", advice="map_pair")
        _check_step(old, before, "lama")
        _check_step(new, after, "baru")
        if before in found:
            raise UsageError(f"Padanan '{text}': langkah {before} sudah disebut pada padanan lain.", code="map")
        found[before] = after
    return refuse_renaming(old, new, found) or found


def _check_step(sop: Sop, id: str, version: str) -> None:
    known = [step.id for step in sop.steps]
    if id not in known:
        raise NotFoundError(f"Versi {version} tidak mempunyai langkah '{id}'{suggestion(id, known)}.", code="step")


def _refuse_version(case: Case, source: SopFile, sop: Sop, steps: dict[str, str]) -> Refused | None:
    """Why the case cannot go on under the new version."""
    if source.version == case.instance.version:
        return Refused(reason="same_version", message=f"Berkas {case.id} sudah memakai SOP yang berlaku sekarang.")
    if refused := refuse_unless_running(case.state):
        return refused
    if started := " dan ".join(row.visit.step for row in case.state.rows if row.visit.acted or row.visit.child):
        return Refused(
            reason="in_the_middle",
            message=f"Langkah {started} sedang berjalan di antara beberapa pelaksana atau lewat berkas lain; "
            "selesaikan dahulu langkah itu.",
        )
    if gone := find_missing_steps(case.state, sop, steps):
        return Refused(
            reason="steps_gone",
            message=f"Versi baru tidak mempunyai langkah {', '.join(gone)}, yang sudah dilalui berkas ini. Sebutkan "
            f"padanannya. Langkah yang ada: {', '.join(step.id for step in sop.steps)}.",
            facts={"steps": gone},
        )
    acted = {part.pelaksana for one in case.state.visits for part in one.acted} - {"", *sop.pelaksana}
    signed = case.state.signings.keys() - sop.documents.keys()
    for reason, words, missing, done in (
        ("pelaksana_gone", "pelaksana", acted, "yang sudah bertindak pada"),
        ("documents_gone", "dokumen", signed, "yang sudah ditulis"),
        ("rows_apart", "baris bersamaan", find_rows_apart(case.state, sop, steps), "yang sedang dikerjakan"),
    ):
        if missing:
            message = f"Versi baru tidak mempunyai {words} {', '.join(sorted(missing))}, {done} berkas ini."
            return Refused(reason=reason, message=message)
    return None
