"""From the options of a command to an opened desk: the workspace, the clock and the account at the keyboard."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sopctl.desk.desk import Desk


def clock() -> datetime:
    """The present moment; tests put another clock here."""
    return datetime.now(UTC)


def opened(workspace: Path | None, *, looking: bool = False) -> "Desk":
    """The desk of the named workspace, or of the one that the current folder lies in.

    Who is only ``looking`` changes nothing, and is served from the cache.
    """
    from sopctl.desk.desk import Desk, account
    from sopctl.store.workspace import find

    return Desk(find(workspace, Path.cwd()), now=lambda: clock(), account=account(), looking=looking)  # noqa: PLW0108 — looked up late
