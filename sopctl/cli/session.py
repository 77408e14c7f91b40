"""From the options of a command to an opened session: the workspace, the clock and the account at the keyboard."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sopctl.desk.session import Session
    from sopctl.store.protocol import CommitState


def clock() -> datetime:
    """The present moment; tests put another clock here."""
    return datetime.now(UTC)


def opened(workspace: Path | None, *, looking: bool = False) -> "Session":
    """A session in the named workspace, or in the one that the current folder lies in.

    Who is only ``looking`` changes nothing, and is served from the cache.
    """
    from sopctl.desk.session import Session, account
    from sopctl.store.workspace import find_workspace

    session = Session(find_workspace(workspace, _here()), now=lambda: clock(), account=account(), looking=looking)  # noqa: PLW0108 — looked up late
    _at_work[:] = () if looking else (session,)
    return session


def _here() -> Path | None:
    """The current folder; None where somebody removed it."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return None


_at_work: "list[Session]" = []
"""The session that this process writes in, if it does."""


def look(workspace: Path | None) -> "Session":
    """A session to look at the record as it is, after what a dead command left on its way is finished."""
    from sopctl.cli import output
    from sopctl.errors import MovedError, SopctlError

    session = opened(workspace, looking=True)
    try:
        store = session.store
    except SopctlError:  # the command tells it, where it asks the record
        return session
    try:
        if store.recover():
            output.complain("Perintah sebelum ini terputus; perubahannya yang sudah tercatat kini dirampungkan.")
    except MovedError:
        raise
    except SopctlError as error:
        output.complain(output.sentences(error))
    return session


def begin() -> None:
    """Another command begins; nothing is at work yet."""
    _at_work.clear()
    kept_answers.clear()


kept_answers: dict[str, str] = {}
"""What was typed, is not recorded and is kept for the next command: the sentences about it, told when this one ends."""


def recorded() -> "CommitState | None":
    """What became of the command's changes so far; None of one that only looks."""
    return _at_work[0].record.commit_state if _at_work else None
