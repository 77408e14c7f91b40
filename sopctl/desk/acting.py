"""As whom an account acts at the step at hand, so that it can be said before anything is recorded."""

from msgspec import Struct

from sopctl.desk.authority import allowed_pelaksana
from sopctl.desk.move_input import MoveInput, find_paper_actor, find_pelaksana, find_row
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.engine.events import Move
from sopctl.store.case_search import load_found_case


class Acting(Struct, frozen=True, kw_only=True):
    """The pelaksana (their title) that an account acts for, as of ``revision``, and who holds the post, where known.

    ``before`` is the title that the account acted for last in this case, empty where it did not or it is the same.
    ``on_behalf`` says that the official acted on paper and the account only records it, ``signs`` that the move may
    sign a document: this step's, or that of a step of the case above that is done with this case.
    """

    id: str
    subject: str
    revision: int
    no: int | str | None
    kegiatan: str
    jabatan: str
    nama: str
    before: str
    on_behalf: bool
    signs: bool


def find_acting(session: Session, id: str, typed: MoveInput) -> Acting | None:
    """As whom the account acts; None where that will be refused: not its turn, another step, several in turn."""
    record = session.record
    case, today = find_row(session, load_found_case(record, id), typed), record.now().date()
    if case is None or case.step is None:
        return None
    may = allowed_pelaksana(session.office, session.account, case, today)
    for_, official = find_paper_actor(session.office, case, typed.for_, today)
    wanted = for_ or find_pelaksana(case.sop, typed.as_)
    turn = [name for name in case.state.turn if (for_ or may is None or name in may) and wanted in ("", name)]
    if len(turn) != 1:
        return None
    if not for_:
        assigned = case.state.assigned.get(turn[0], "")
        official = session.office.find_signer(turn[0], assigned, today, session.account)
    before = _last_pelaksana(case, session.account)
    return Acting(
        id=case.id,
        subject=case.state.subject,
        revision=case.instance.revision,
        no=case.step.no,
        kegiatan=case.step.kegiatan,
        jabatan=case.sop.pelaksana[turn[0]],
        nama=official.nama if official else "",
        before=case.sop.pelaksana.get(before, "") if before != turn[0] else "",
        on_behalf=bool(for_),
        signs=bool(case.state.parent) or (case.step.document is not None and case.step.document.act == "sign"),
    )


def _last_pelaksana(case: Case, account: str) -> str:
    """Whom the account made its last move for, empty where it made none."""
    moves = (one for one in reversed(case.instance.events) if isinstance(one, Move) and one.by == account)
    return next((one.for_ for one in moves if one.for_), "")
