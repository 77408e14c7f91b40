"""The command at work, of which a process has one at a time: what it was called with, and what it has come to."""

import os
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
    typed, is not recorded and is kept for the next command. ``missing_folders`` are those of files to be written that
    were not there when it began.
    """

    workspace: str | None = None
    json: bool = False
    writer: "Session | None" = None
    kept_answers: dict[str, str] = {}
    missing_folders: list[Path] = []

    def begin(self, *, json: bool) -> None:
        """Another command begins; nothing is at work yet."""
        self.workspace, self.json, self.writer = None, json, None
        self.kept_answers.clear()
        self.missing_folders.clear()

    def note_folders(self, *files: Path | None) -> None:
        """Note the folders of files to be written that are not there yet."""
        folders = (file.parent for file in files if file)
        self.missing_folders += [folder for folder in folders if not os.path.isdir(folder)]  # noqa: PTH112 — never raises

    def made_folders(self) -> list[Path]:
        """Those of them that are there now."""
        return [folder for folder in dict.fromkeys(self.missing_folders) if os.path.isdir(folder)]  # noqa: PTH112 — as above

    @property
    def recorded(self) -> "CommitState | None":
        """What became of the command's changes so far; None of one that only looks."""
        return self.writer.record.commit_state if self.writer else None


invocation = Invocation()
