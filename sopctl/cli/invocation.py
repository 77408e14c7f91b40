"""The command at work, of which a process has one at a time: what it was called with, and what it has come to."""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from sopctl.desk.session import Session
    from sopctl.store.protocol import CommitState


class Invocation(Struct):
    """The options that all commands share, and what is told when this one ends.

    ``workspace`` is the folder that was named. ``json`` says that a program reads what is printed, so that nobody is
    asked anything. ``writer`` is the session that changes the record. ``kept_answers`` are the sentences about what was
    typed, is not recorded and is kept for the next command.
    """

    workspace: Path | None = None
    json: bool = False
    writer: "Session | None" = None
    kept_answers: dict[str, str] = {}

    def begin(self, *, json: bool) -> None:
        """Another command begins; nothing is at work yet."""
        self.workspace, self.json, self.writer = None, json, None
        self.kept_answers.clear()

    @property
    def recorded(self) -> "CommitState | None":
        """What became of the command's changes so far; None of one that only looks."""
        return self.writer.record.commit_state if self.writer else None


invocation = Invocation()
