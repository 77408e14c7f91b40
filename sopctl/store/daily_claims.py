"""What is done at most once a day for each name, though several processes set about it: one empty file for each.

Who makes the file has the claim; an operating system lets only one process make it. It is made before the thing is
done: a process that is killed in between leaves it undone on that day, and never done twice. The folder lies beside the
record and is no part of it: no backup carries it along.
"""

import os
import re
import shutil
from datetime import date
from pathlib import Path

from sopctl.store import disk
from sopctl.store.record_paths import list_folder

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL


class DailyClaims:
    """The claims of one day below a folder; those of earlier days are removed.

    Raises:
        BusyError: where the disk refuses.
    """

    def __init__(self, folder: Path, day: date) -> None:
        self._day = folder / day.isoformat()
        with disk.translate_errors(folder):
            disk.make_private_folder(folder)
            self._day.mkdir(0o700, exist_ok=True)
            for name in list_folder(folder):
                if _DAY.fullmatch(name) and name < self._day.name:
                    shutil.rmtree(folder / name, ignore_errors=True)

    def is_claimed(self, name: str) -> bool:
        """Whether somebody has the claim."""
        return disk.exists(self._day / name)

    def claim(self, name: str) -> bool:
        """Whether the thing is to be done now for the name; it is then nobody else's on this day."""
        with disk.translate_errors(self._day / name):
            try:
                os.close(os.open(self._day / name, _FLAGS, 0o600))
            except FileExistsError:
                return False
            disk.fsync_directory(self._day)
        return True

    def release(self, name: str) -> None:
        """The thing was not done after all."""
        with disk.translate_errors(self._day / name):
            disk.remove_file(self._day / name)
