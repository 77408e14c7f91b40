"""Single files, the lock and the register: replaced whole, held by one, counted from the last line."""

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from errno import EACCES, EIO, ENOSPC, EROFS
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from msgspec.structs import replace

from sopctl.errors import BusyError, DamagedError, NotFoundError
from sopctl.store import disk
from sopctl.store.files import lock, register
from sopctl.store.files.lock import hold_lock
from sopctl.store.register import RegisterEntry, encode_entry, sequence_name

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ENTRY = RegisterEntry(
    urut=1, nomor="1/X", kode="X", at=NOW, id="uji-1", document="surat", perihal="Rapat", by="akun"
)  # fmt: skip


def test_a_file_is_replaced_whole_and_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "berkas.json"
    for data in (b"satu", b"", b"dua" * 100_000):
        disk.replace_file(path, data)
        assert path.read_bytes() == data
    assert [entry.name for entry in path.parent.iterdir()] == ["berkas.json"]


def test_a_replacement_that_fails_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "berkas"
    path.mkdir()
    (path / "isi").touch()
    with pytest.raises(BusyError, match="Disk menolak"):
        disk.replace_file(path, b"baru")
    assert [entry.name for entry in tmp_path.iterdir()] == ["berkas"]


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        pytest.param(OSError(ENOSPC, "No space left on device"), "disk_full", "Disk penuh", id="full"),
        pytest.param(PermissionError(EACCES, "", "/x"), "permission", "Tidak ada izin untuk /x", id="permission"),
        pytest.param(OSError(EROFS, "Read-only file system"), "read_only", "hanya dapat dibaca", id="read-only"),
        pytest.param(OSError(EIO, "Input/output error"), "disk", "Disk menolak", id="anything else"),
    ],
)  # fmt: skip
def test_what_a_disk_says_becomes_what_a_user_can_do(error: OSError, code: str, says: str) -> None:
    with pytest.raises(BusyError) as raised, disk.translate_errors(Path("data")):
        raise error
    assert (raised.value.code, raised.value.exit_code) == (code, 6)
    assert says in raised.value.message


@pytest.mark.parametrize(
    ("size", "limit", "error"),
    [
        pytest.param(None, 9, NotFoundError, id="missing"),
        pytest.param(10, 9, DamagedError, id="too large"),
        pytest.param(9, 9, None, id="just right"),
    ],
)
def test_a_file_is_read_up_to_a_limit(
    tmp_path: Path, size: int | None, limit: int, error: type[Exception] | None
) -> None:
    path = tmp_path / "berkas"
    if size is not None:
        path.write_bytes(b"x" * size)
    if error is None:
        assert disk.read_file(path, limit=limit) == b"x" * (size or 0)
        return
    with pytest.raises(error):
        disk.read_file(path, limit=limit)


def test_a_file_below_a_file_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "berkas").touch()
    with pytest.raises(NotFoundError):
        disk.read_file(tmp_path / "berkas" / "lain", limit=9)


def _hold(path: Path, held: Event, enough: Event) -> None:
    with hold_lock(path):
        held.set()
        enough.wait(20)


class _Clock:
    """A clock that goes on only while somebody sleeps."""

    localtime, strftime = staticmethod(time.localtime), staticmethod(time.strftime)

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def monotonic(self) -> float:
        return sum(self.slept)


def test_a_held_lock_is_waited_for_and_then_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spawn = get_context("spawn")
    held, enough = spawn.Event(), spawn.Event()
    holder = spawn.Process(target=_hold, args=(tmp_path / "lock", held, enough))
    holder.start()
    assert held.wait(20)
    with monkeypatch.context() as patched:
        patched.setattr(lock, "time", clock := _Clock())
        with pytest.raises(BusyError, match="sedang dipakai perintah lain"), hold_lock(tmp_path / "lock", patience=0.2):
            pass
    assert 0.2 <= clock.monotonic() < 0.25
    assert len(clock.slept) > 5
    enough.set()
    with hold_lock(tmp_path / "lock"):
        pass
    holder.join()


def test_a_dead_process_holds_no_lock(tmp_path: Path) -> None:
    spawn = get_context("spawn")
    held, enough = spawn.Event(), spawn.Event()
    holder = spawn.Process(target=_hold, args=(tmp_path / "lock", held, enough))
    holder.start()
    assert held.wait(20)
    holder.kill()
    holder.join()
    with hold_lock(tmp_path / "lock", patience=1):
        pass


def test_a_lock_is_given_back_whatever_happens(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), hold_lock(tmp_path / "lock", patience=0):
            raise ZeroDivisionError


@pytest.mark.parametrize(
    ("year", "kode", "name"),
    [
        pytest.param(2026, None, "2026/semua.jsonl", id="one sequence a year"),
        pytest.param(None, None, "semua/semua.jsonl", id="one sequence for ever"),
        pytest.param(2026, "800.1.11.1", "2026/800.1.11.1.jsonl", id="one for each kode"),
        pytest.param(2026, "../a/b", "2026/_a_b.jsonl", id="a kode that looks like a path"),
        pytest.param(2026, "...", "2026/semua.jsonl", id="a kode of dots"),
    ],
)
def test_each_sequence_has_a_file_of_its_own(year: int | None, kode: str | None, name: str) -> None:
    assert sequence_name(year, kode) == name


def test_the_next_number_follows_the_last_line(tmp_path: Path) -> None:
    path = tmp_path / "2026" / "semua.jsonl"
    assert register.next_urut(path) == 1
    long = replace(ENTRY, perihal="\u00e9\n" * 50_000)
    disk.replace_file(path, b"".join(encode_entry(replace(long, urut=number)) for number in (1, 2, 7)))
    assert register.next_urut(path) == 8
    assert [entry.urut for entry in register.read_all_entries(tmp_path)] == [1, 2, 7]


def test_an_empty_sequence_begins_at_one(tmp_path: Path) -> None:
    path = tmp_path / "2026" / "semua.jsonl"
    disk.replace_file(path, b"")
    assert register.next_urut(path) == 1


@pytest.mark.parametrize("tail", [b'{"urut": 2', b"\xff\xfe\n", b"\n\n", b"{}\n", b'{"a":' + b"[" * 100_000])
def test_a_register_that_is_not_what_was_written_gives_no_number(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "2026" / "semua.jsonl"
    disk.replace_file(path, encode_entry(ENTRY) + tail)
    with pytest.raises(DamagedError, match="Buku agenda"):
        register.next_urut(path)
    with pytest.raises(DamagedError, match="Buku agenda"):
        list(register.read_all_entries(tmp_path))


def test_one_year_of_the_register_is_read_alone(tmp_path: Path) -> None:
    for year in (2026, 2027):
        disk.replace_file(tmp_path / str(year) / "semua.jsonl", encode_entry(replace(ENTRY, urut=year)))
    assert [entry.urut for entry in register.read_all_entries(tmp_path, 2027)] == [2027]
    assert [entry.urut for entry in register.read_all_entries(tmp_path)] == [2026, 2027]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions elsewhere")
def test_a_file_gets_the_permissions_that_are_asked_for_or_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "berkas"
    with disk.use_umask(0o022):
        disk.replace_file(path, b"satu", mode=0o600)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        disk.replace_file(path, b"dua")
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
        path.chmod(0o640)
        (tmp_path / "tautan").symlink_to(path)
        disk.replace_file(tmp_path / "tautan", b"tiga", keep_permissions=True)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"tiga", 0o640)
    assert (tmp_path / "tautan").is_symlink()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions elsewhere")
@pytest.mark.parametrize(("umask", "mode"), [(0o077, 0o700), (0o007, 0o2770), (0o027, 0o750), (0, 0o2777)])
def test_a_folder_that_a_group_shares_gives_what_lies_in_it_to_the_group(tmp_path: Path, umask: int, mode: int) -> None:
    disk.restrict_folder(tmp_path, umask)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == mode
    tmp_path.chmod(0o700)


def test_what_is_no_file_is_told_with_its_path_and_code(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa")
    (tmp_path / "besar").write_bytes(b"x" * 10)
    for path, says in (
        (tmp_path, "adalah folder"),
        (tmp_path / "pipa", "bukan file biasa"),
        (tmp_path / "a", "tidak ada"),
    ):
        with pytest.raises(NotFoundError, match=f"{path} {says}") as raised:
            disk.read_file(path, limit=9)
        assert raised.value.code == "file"
    assert disk.read_file(tmp_path / "besar", limit=10) == b"x" * 10
    with pytest.raises(DamagedError, match=f"File {tmp_path}/besar lebih besar dari 0 MB"):
        disk.read_file(tmp_path / "besar", limit=9)


def test_who_waits_hears_who_holds_the_lock_and_since_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data" / "di" / "dalam" / "lock"
    with hold_lock(path, "akun petugas"):
        since = time.strftime("%H.%M", time.localtime(0))
        os.utime(path, (0, 0))
        with (
            pytest.raises(BusyError, match=f"lain \\(akun petugas, proses {os.getpid()}, sejak {since}\\); coba lagi"),
            hold_lock(path, patience=0),
        ):
            pass
        path.write_bytes(b"")
        with pytest.raises(BusyError, match="perintah lain; coba lagi"), hold_lock(path, patience=0):
            pass
        path.write_bytes(b"\n\xff" + b"x" * 500)
        with (
            pytest.raises(BusyError, match="lain .\N{REPLACEMENT CHARACTER}" + "x" * 199 + ", sejak"),
            hold_lock(path, patience=0),
        ):
            pass
    monkeypatch.setattr(os, "ftruncate", _refuse)
    with hold_lock(path, "akun lain") as held:
        held.check()


def _refuse(*_: object) -> None:
    raise OSError(ENOSPC, "penuh")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions elsewhere")
@pytest.mark.parametrize("folder", ["ada", "belum/ada"])
def test_the_lock_has_no_more_permissions_than_a_file(tmp_path: Path, folder: str) -> None:
    (tmp_path / "ada").mkdir()
    path = tmp_path / folder / "lock"
    with disk.use_umask(0), hold_lock(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o666


@pytest.fixture
def dead() -> int:
    """The number of a process that is there no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open is removed by nobody there")
def test_what_dead_processes_left_is_swept_and_what_living_ones_write_is_not(tmp_path: Path, dead: int) -> None:
    living = [f".hasil.docx.{os.getppid()}.tmp", ".hasil.docx.1.tmp"]
    others = [f".hasil.docx.{dead}.bak", f"hasil.docx.{dead}.tmp", f".surat.pdf.{dead}.tmp", ".hasil.docx.tmp"]
    for name in (*living, *others, f".hasil.docx.{dead}.tmp", f".lain.docx.{dead}.tmp"):
        (tmp_path / name).write_bytes(b"x")
    disk.replace_file(tmp_path / "hasil.docx", b"isi", keep_permissions=True)
    assert {path.name for path in tmp_path.iterdir()} == {*living, *others, "hasil.docx"}


@pytest.mark.skipif(sys.platform == "win32", reason="as above")
def test_a_file_that_another_computer_writes_is_not_swept(tmp_path: Path, dead: int) -> None:
    """A process of another computer that shares the folder has a number that may be nobody's here."""
    import fcntl  # noqa: PLC0415 — not on Windows

    written = tmp_path / f".hasil.docx.{dead}.tmp"
    with written.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        disk.replace_file(tmp_path / "hasil.docx", b"isi")
        assert written.exists()
    disk.replace_file(tmp_path / "hasil.docx", b"isi")
    assert not written.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="as above")
def test_a_file_is_held_while_it_is_written(tmp_path: Path) -> None:
    seen = []

    def pieces() -> Iterator[bytes]:
        (written,) = tmp_path.glob(".hasil.docx.*.tmp")
        other = written.rename(written.with_name(".hasil.docx.4194305.tmp"))  # as another computer sees it
        seen.append(disk.is_abandoned(other))
        other.rename(written)
        yield b"isi"

    disk.replace_file(tmp_path / "hasil.docx", pieces())
    assert seen == [False]
    assert (tmp_path / "hasil.docx").read_bytes() == b"isi"
