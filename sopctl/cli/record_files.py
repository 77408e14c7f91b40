"""What people read in the place of a path of the record: what they can open, else what to type for it."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sopctl.cli.command_lines import letter_commands

if TYPE_CHECKING:
    from sopctl.store.record import Record


def shown_path(record: "Record", path: str) -> str:
    """The path of a file of the record; where the record lies in no folder its name only, for nothing lies there."""
    return path if _in_folder(record) else PurePosixPath(path).name


def ways_to_letters(record: "Record", id: str) -> tuple[str, ...]:
    """The commands that open and copy the letters of a case, where their paths lead nowhere; else none."""
    return () if _in_folder(record) else letter_commands(id)


def _in_folder(record: "Record") -> bool:
    return record.whole_store.folder is not None
