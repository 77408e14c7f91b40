"""From the options of a command to an opened session: the workspace, the clock and the account at the keyboard."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sopctl.cli import output
from sopctl.cli.invocation import invocation
from sopctl.errors import MovedError, SopctlError

if TYPE_CHECKING:
    from sopctl.desk.session import Session


def clock() -> datetime:
    """The present moment; tests put another clock here."""
    return datetime.now(UTC)


def opened(*, looking: bool = False) -> "Session":
    """A session in the named workspace, or in the one that the current folder lies in.

    Who is only ``looking`` changes nothing, and is served from the cache.
    """
    from sopctl.desk.session import Session, account
    from sopctl.store.workspace import find_workspace

    named = invocation.workspace
    workspace = find_workspace(None if named is None else Path(named), _here())
    session = Session(workspace, now=lambda: clock(), account=account(), looking=looking)  # noqa: PLW0108 — looked up late
    invocation.writer = None if looking else session
    return session


def _here() -> Path | None:
    """The current folder; None where somebody removed it."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return None


def look() -> "Session":
    """A session to look at the record as it is, after what a dead command left on its way is finished."""
    session = opened(looking=True)
    try:
        store = session.record.whole_store
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
