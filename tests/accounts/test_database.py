"""The file of the accounts: whose it is, what is wrong with it, and many who use it at once."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sopctl.accounts.accounts import Accounts
from sopctl.errors import BusyError, DamagedError, OwnerError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.accounts.conftest import Desk

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")


@POSIX
def test_only_its_owner_can_open_it_whatever_the_umask(desk: "Desk") -> None:
    before = os.umask(0)
    try:
        desk.invite("siti-aminah")
    finally:
        os.umask(before)
    assert stat.S_IMODE(desk.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(desk.file.stat().st_mode) == 0o600
    assert (desk.folder / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_looking_makes_no_file(desk: "Desk") -> None:
    assert desk.accounts.list(desk.now) == ()
    assert desk.accounts.find_session("x", desk.now) is None
    assert desk.accounts.find_feed("x") is None
    assert desk.accounts.find_invitation("x", desk.now) is None
    assert desk.accounts.take_notices("siti-aminah") == ()
    assert not desk.folder.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("whole", [True, False])
def test_another_system_account_is_refused_and_told_whose_it_is(desk: "Desk", *, whole: bool) -> None:
    desk.invite("siti-aminah")
    os.chown(desk.folder if whole else desk.file, 65534, -1)
    with pytest.raises(OwnerError) as refused:
        Accounts(desk.folder)
    assert refused.value.exit_code == 3
    assert refused.value.facts == {"owner": "nobody"}
    with pytest.raises(OwnerError):
        desk.accounts.list(desk.now)


@POSIX
@pytest.mark.parametrize("what", ["folder", "file", "hard link"])
def test_no_link_is_followed(desk: "Desk", what: str) -> None:
    desk.invite("siti-aminah")
    path = desk.folder if what == "folder" else desk.file
    aside = desk.folder.with_name("lain")
    path.rename(aside)
    if what == "hard link":
        path.hardlink_to(aside)
    else:
        path.symlink_to(aside)
    with pytest.raises(DamagedError):
        desk.accounts.list(desk.now)


def spoil(path: "Path", how: str) -> None:
    with closing(sqlite3.connect(path)) as file:
        if how == "newer":
            file.execute("PRAGMA user_version = 99")
        if how == "foreign":
            file.execute("PRAGMA application_id = 1")
    data = path.read_bytes()
    if how == "no database":
        data = b"bukan basis data\n" * 100
    if how == "cut short":
        data = data[: len(data) // 2]
    if how == "overwritten":
        data = data[:4096] + b"\xff" * (len(data) - 4096)
    path.write_bytes(data)


@pytest.mark.parametrize("how", ["newer", "foreign", "no database", "cut short", "overwritten"])
def test_a_file_that_cannot_be_used_is_told_and_left_alone(desk: "Desk", how: str) -> None:
    desk.join("siti-aminah")
    spoil(desk.file, how)
    before = desk.file.read_bytes()
    with pytest.raises(DamagedError) as error:
        desk.invite("joko")
    assert str(desk.file) in error.value.message
    with pytest.raises(DamagedError):
        desk.accounts.list(desk.now)
    assert desk.file.read_bytes() == before
    assert desk.acts == ["siti-aminah"]


def test_a_full_disk_is_told_and_nothing_is_done(desk: "Desk") -> None:
    desk.join("siti-aminah")
    code = """
import resource, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from sopctl.accounts.accounts import Accounts
from sopctl.errors import BusyError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    Accounts(Path(sys.argv[1])).invite("joko", datetime.now(UTC), record=lambda: None)
except BusyError as error:
    print(error.message)
"""
    run = subprocess.run([sys.executable, "-c", code, str(desk.folder)], capture_output=True, text=True, check=True)
    assert str(desk.file) in run.stdout
    assert [one.account for one in desk.accounts.list(desk.now)] == ["siti-aminah"]


def test_a_writer_that_does_not_end_is_told(desk: "Desk", monkeypatch: pytest.MonkeyPatch) -> None:
    session = desk.join("siti-aminah")
    monkeypatch.setattr("sopctl.accounts.database._PATIENCE", 0.1)
    with closing(sqlite3.connect(desk.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError, match="sedang dipakai"):
            desk.invite("joko")
        desk.wait(minutes=2)
        assert desk.who(session) == "siti-aminah"  # looking goes on, only the note of it does not


def test_commands_change_accounts_while_the_page_serves(desk: "Desk") -> None:
    sessions = [desk.join(f"pejabat-{number}") for number in range(4)]
    code = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from sopctl.accounts.accounts import Accounts
accounts = Accounts(Path(sys.argv[1]))
for number in range(20):
    accounts.invite(f"baru-{sys.argv[2]}-{number}", datetime.now(UTC), record=lambda: None)
"""
    commands = [subprocess.Popen([sys.executable, "-c", code, str(desk.folder), str(number)]) for number in range(3)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: desk.who(sessions[at % 4]), range(200)))
    assert [command.wait() for command in commands] == [0, 0, 0]
    assert found == [f"pejabat-{at % 4}" for at in range(200)]
    assert len(desk.accounts.list(desk.now)) == 64


def test_a_process_that_was_killed_in_a_change_leaves_none(desk: "Desk") -> None:
    desk.join("siti-aminah")
    code = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from sopctl.accounts.accounts import Accounts
Accounts(Path(sys.argv[1])).invite("joko", datetime.now(UTC), record=lambda: os.kill(os.getpid(), signal.SIGKILL))
"""
    subprocess.run([sys.executable, "-c", code, str(desk.folder)], check=False)
    assert [one.account for one in desk.accounts.list(desk.now)] == ["siti-aminah"]
    desk.invite("joko")


def test_the_key_is_the_same_for_every_process(desk: "Desk") -> None:
    key = desk.accounts.session_key()
    assert len(key) == 32
    assert Accounts(desk.folder).session_key() == key
    shutil.rmtree(desk.folder)
    assert desk.accounts.session_key() != key
