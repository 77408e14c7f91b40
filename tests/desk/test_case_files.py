"""Files of a case that are handed out."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.desk.case_files import open_case_file
from sopctl.errors import BusyError
from sopctl.store.files.json_store import JsonStore

if TYPE_CHECKING:
    from tests.conftest import Room


def test_a_file_that_cannot_be_read_is_closed_and_told_in_words(room: "Room", monkeypatch: pytest.MonkeyPatch) -> None:
    (written,) = room.approve(room.letter()).documents
    with Path("/proc/self/mem").open("rb") as unreadable:  # its first byte is an error of the system
        monkeypatch.setattr(JsonStore, "open_file", lambda *_: unreadable)
        with pytest.raises(BusyError, match=written.path):
            open_case_file(room.session().record, written)
        assert unreadable.closed
