"""The cases that are offered where a command names none: those that wait for the account, or those that moved last."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from sopctl.desk.inbox import inbox
from sopctl.desk.move_input import MoveInput
from sopctl.desk.session import Session
from sopctl.desk.status import open_labels
from sopctl.engine.state import Status
from sopctl.errors import NotFoundError, UsageError
from sopctl.notation.nearest import suggestion
from sopctl.store.case_index import load_tallies
from sopctl.store.case_search import load_found_case

MAX_OFFERED = 20
"""Cases that are offered at most, where they are not asked for by SOP and step."""


class Offer(Struct, frozen=True):
    """A case that may be meant, with the step it stands at; ``step`` is empty where that does not matter."""

    id: str
    subject: str
    step: str = ""
    no: int | str | None = None
    kegiatan: str = ""
    jabatan: str = ""


class Offers(Struct, frozen=True):
    """The cases that may be meant; ``damaged`` are the sentences about those that cannot be read."""

    cases: list[Offer]
    damaged: tuple[str, ...]


def offer_waiting(session: Session, pelaksana: str = "", sop: str = "", step: str = "") -> Offers:
    """The running cases, the most urgent first: those that wait for the account, where there are none all.

    ``pelaksana``, ``sop`` and ``step`` leave out the others.

    Raises:
        NotFoundError: where no SOP knows the pelaksana.
    """
    found = inbox(session, pelaksana)
    rows = [row for row in found.rows if sop in ("", row.sop) and step in ("", row.step)]
    held = session.office.pelaksana_of(session.account, session.now().date())
    mine = [row for row in rows if held is None or row.pelaksana in held]
    offers = (Offer(row.id, row.subject, row.step, row.no, row.kegiatan, row.jabatan) for row in mine or rows)
    return Offers(list({(one.id, one.step): one for one in offers}.values()), found.damaged)


def offer_undecided(session: Session, offers: Offers) -> Offers:
    """Those of the offered cases whose step lets somebody choose, or turn down, now."""
    return replace(
        offers, cases=[one for one in offers.cases if open_labels(session, one.id, MoveInput(step=one.step))]
    )


def offer_recent(session: Session, statuses: Sequence[Status]) -> Offers:
    """The cases of these statuses, the one that moved last first."""
    known = load_tallies(session.record)
    courses = [course for tally in known.tallies for course in tally.courses if course.status in statuses]
    courses.sort(key=lambda one: (-one.last, one.id))
    return Offers([Offer(one.id, one.subject) for one in courses], known.damaged)


def list_waiting_at(session: Session, sop: str, step: str) -> Offers:
    """All cases of an SOP that wait at one step.

    Raises:
        UsageError: where the step is not named. NotFoundError: where nothing waits there, or there is no such SOP.
    """
    sop = (session.library.find_file(sop) or sop).rpartition("/")[2]  # an example is named with its folder
    known, found = session.library.list_ids(), offer_waiting(session, sop=sop)
    if sop not in known and not found.cases:
        raise NotFoundError(f"Tidak ada SOP '{sop}'{suggestion(sop, known)}.", code="sop")
    waiting = [one for one in found.cases if one.step == step]
    if waiting:
        return Offers(waiting, found.damaged)
    counts = Counter(one.step for one in found.cases)
    there = "; ".join(f"{name} ({count} berkas)" for name, count in counts.items()) or "tidak ada"
    if not step:
        raise UsageError(f"Sebutkan langkahnya. Yang menunggu: {there}.", code="step", advice="name_step")
    raise NotFoundError(
        f"Tidak ada berkas {sop} yang menunggu di langkah '{step}'. Yang menunggu: {there}.", code="step"
    )


def names_case(session: Session, text: str) -> bool:
    """Whether a text is an id, or a part of one or of several."""
    try:
        session.store.find_id(text)
    except NotFoundError as error:
        return error.code != "id"
    return True


def list_kelengkapan(session: Session, id: str, step: str) -> tuple[str, ...]:
    """The kelengkapan of the steps at which a case stands, or of the named one; of one that ended of its last."""
    case = load_found_case(session.record, id)
    rows = [case.at(step)] if step else case.rows
    items = (item.nama for row in rows for item in row.sop.step(row.state.visit.step).kelengkapan)
    return tuple(dict.fromkeys(items))


def list_pelaksana(session: Session, id: str) -> tuple[str, ...]:
    """The titles of the pelaksana of a case's SOP."""
    return tuple(load_found_case(session.record, id).sop.pelaksana.values())
