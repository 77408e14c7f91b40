"""What waits for whom, from the index."""

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.errors import NotFoundError
from sopctl.measure.inbox import WaitingTurn, sort_inbox
from sopctl.notation.nearest import suggestion
from sopctl.reports.overview import without_cuti_bersama
from sopctl.store.files import case_index
from sopctl.store.files.case_index import OnProgress


class Inbox(Struct, frozen=True):
    """What waits for whom; ``notes`` must be said with it, ``damaged`` are the cases that cannot be read."""

    rows: tuple[WaitingTurn, ...]
    notes: tuple[str, ...]
    damaged: tuple[str, ...]


def inbox(session: Session, pelaksana: str = "", *, late: bool = False, on_progress: OnProgress | None = None) -> Inbox:
    """All turns, or those of one pelaksana (key or title), or the late ones, the most urgent first.

    Raises:
        NotFoundError: where no SOP knows the pelaksana.
    """
    found = case_index.load_turns(session.record, on_progress=on_progress)
    turns = found.turns
    if pelaksana:
        wanted = pelaksana.strip().lower()
        turns = [turn for turn in turns if wanted in (turn.pelaksana, turn.jabatan.lower())]
        if not turns:
            _check_known(session, pelaksana)
    rows = sort_inbox(turns, session.calendar, session.now())
    if late:
        rows = tuple(row for row in rows if row.late)
    years = {row.due.year for row in rows if row.due} | {session.now().year}
    return Inbox(rows, without_cuti_bersama(session, years), found.damaged)


def _check_known(session: Session, name: str) -> None:
    sops = [sop for id in session.library.list_ids() if (sop := session.library.read_file(id).sop)]
    pairs = {(key, title) for sop in sops for key, title in sop.pelaksana.items()}
    if not any(name.strip().lower() in (key, title.lower()) for key, title in pairs):
        keys = sorted({key for key, _ in pairs})
        raise NotFoundError(
            f"Tidak ada pelaksana '{name}'{suggestion(name, keys)}; pilihannya: {', '.join(keys)}.", code="pelaksana"
        )
