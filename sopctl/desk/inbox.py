"""`inbox`: what waits for whom."""

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.errors import NotFoundError
from sopctl.measure.inbox import WaitingTurn, list_turns
from sopctl.notation.nearest import suggestion
from sopctl.reports.summary import holiday_notes
from sopctl.sop.model import Sop
from sopctl.store import case_index
from sopctl.store.case_index import OnProgress


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
            _check_pelaksana(session.library.read_sops(), pelaksana)
    now = session.now()
    rows = tuple(row for row in list_turns(turns, session.calendar, now) if row.late or not late)
    years = {row.due.year for row in rows if row.due} | {now.year}
    return Inbox(rows, holiday_notes(session.record, years), found.damaged)


def _check_pelaksana(sops: list[Sop], name: str) -> None:
    pairs = {(key, title) for sop in sops for key, title in sop.pelaksana.items()}
    if not any(name.strip().lower() in (key, title.lower()) for key, title in pairs):
        keys = sorted({key for key, _ in pairs})
        raise NotFoundError(
            f"Tidak ada pelaksana '{name}'{suggestion(name, keys)}; pilihannya: {', '.join(keys)}.", code="pelaksana"
        )
