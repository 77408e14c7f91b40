"""The cases that are offered where a command names none: those that wait for the account, or those that moved last."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from sopctl.desk.inbox import inbox
from sopctl.desk.session import Session
from sopctl.engine.state import Status
from sopctl.errors import NotFoundError, UsageError
from sopctl.notation.nearest import suggestion
from sopctl.store.case_index import load_tallies

MOST = 20
"""Cases that are offered at most, where they are not asked for by SOP and step."""


class Offer(Struct, frozen=True):
    """A case that may be meant, with the step it stands at; ``step`` is empty where that does not matter."""

    id: str
    subject: str
    step: str = ""
    no: int | str | None = None
    kegiatan: str = ""
    jabatan: str = ""


def offer_waiting(session: Session, pelaksana: str = "", sop: str = "") -> list[Offer]:
    """The running cases, the most urgent first: those that wait for the account, where there are none all.

    ``pelaksana`` and ``sop`` leave out the others.

    Raises:
        NotFoundError: where no SOP knows the pelaksana.
    """
    rows = [row for row in inbox(session, pelaksana).rows if sop in ("", row.sop)]
    held = session.office.pelaksana_of(session.account, session.now().date())
    mine = [row for row in rows if held is None or row.pelaksana in held]
    offers = (Offer(row.id, row.subject, row.step, row.no, row.kegiatan, row.jabatan) for row in mine or rows)
    return list({one.id: one for one in offers}.values())


def offer_recent(session: Session, statuses: Sequence[Status]) -> list[Offer]:
    """The cases of these statuses, the one that moved last first."""
    tallies = load_tallies(session.record).tallies
    courses = [course for tally in tallies for course in tally.courses if course.status in statuses]
    return [Offer(one.id, one.subject) for one in sorted(courses, key=lambda one: (-one.last, one.id))]


def choose_pile(session: Session, sop: str, step: str) -> list[Offer]:
    """All cases of an SOP that wait at one step.

    Raises:
        UsageError: where the step is not named. NotFoundError: where nothing waits there, or there is no such SOP.
    """
    known = session.library.list_ids()
    rows = offer_waiting(session, sop=sop)
    if sop not in known and not rows:
        raise NotFoundError(f"Tidak ada SOP '{sop}'{suggestion(sop, known)}.", code="sop")
    counts = Counter(row.step for row in rows)
    there = "; ".join(f"{name} ({count} berkas)" for name, count in counts.items()) or "tidak ada"
    if not step:
        raise UsageError(f"Sebutkan langkahnya. Yang menunggu: {there}.", code="step", advice="name_step")
    if step not in counts:
        raise NotFoundError(
            f"Tidak ada berkas {sop} yang menunggu di langkah '{step}'. Yang menunggu: {there}.", code="step"
        )
    return [row for row in rows if row.step == step]
