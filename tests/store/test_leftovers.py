"""What lies beside a log that went on without it: a copy taken while somebody worked, or a hand that laid it there."""

import os
import sys
from errno import EIO, ENAMETOOLONG, ENOLCK
from pathlib import Path

import msgspec
import pytest

from sopctl.cli.remedies import sentence
from sopctl.errors import BusyError, DamagedError, UsageError
from sopctl.store import disk
from sopctl.store.files import journal
from sopctl.store.files.journal import FileTransaction, Journal, JournalOperation
from sopctl.store.files.lock import hold_lock
from sopctl.store.files.prepared import PreparedWrite, sha256_of
from sopctl.store.workspace import JOURNAL, STAGING

LOG = b"satu\ndua\n"
OURS = b"tiga\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a log, and a file laid beside whose line would be the third."""
    disk.replace_file(tmp_path / "ledger.jsonl", LOG)
    disk.replace_file(tmp_path / "case", b"lama")
    step = PreparedWrite(len(LOG), sha256_of(OURS), "ledger.jsonl", "case")
    disk.replace_file(tmp_path / STAGING / step.file_name, b"baru")
    return tmp_path


@pytest.mark.parametrize(
    ("after", "log", "case"),
    [
        pytest.param(b"", b"", b"lama", id="line not there"),
        pytest.param(b"ti", b"", b"lama", id="line torn"),
        pytest.param(OURS, OURS, b"baru", id="line there"),
        pytest.param(OURS + b"empat\n", OURS + b"empat\n", b"lama", id="line there and the log went on"),
        pytest.param(b"lain\n", b"lain\n", b"lama", id="another line there"),
        pytest.param(b"lain\nempat\nli", b"lain\nempat\nli", b"lama", id="other lines, the last torn"),
    ],
)
def test_whole_lines_of_a_log_are_never_cut(root: Path, after: bytes, log: bytes, case: bytes) -> None:
    (root / "ledger.jsonl").write_bytes(LOG + after)
    assert journal.recover(root)
    assert (root / "ledger.jsonl").read_bytes() == LOG + log
    assert (root / "case").read_bytes() == case
    assert not journal.recover(root)


def test_the_first_case_of_a_folder_is_put_there_though_its_writer_died_before_it_made_the_folder(root: Path) -> None:
    first = PreparedWrite(len(LOG + OURS), sha256_of(b"empat\n"), "ledger.jsonl", "instances/uji/0001/uji-1000.json")
    (root / "ledger.jsonl").write_bytes(LOG + OURS + b"empat\n")
    disk.replace_file(root / STAGING / first.file_name, b"{}")
    assert journal.recover(root)
    assert (root / first.target).read_bytes() == b"{}"


def test_a_name_that_points_before_the_end_cuts_nothing(root: Path) -> None:
    disk.replace_file(root / STAGING / PreparedWrite(0, "0" * 64, "ledger.jsonl", "case").file_name, b"{}")
    assert journal.recover(root)
    assert (root / "ledger.jsonl").read_bytes() == LOG


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(f"0,{'0' * 64},case,x", id="another log"),
        pytest.param(f"{'9' * 26},{'0' * 64},ledger.jsonl,x", id="beyond every file"),
        pytest.param("0,zz,ledger.jsonl,x", id="no sha256"),
        pytest.param(f"٣,{'0' * 64},ledger.jsonl,x", id="digits of another script"),
    ],
)
def test_a_name_that_no_change_gives_is_rubbish(root: Path, name: str) -> None:
    (root / STAGING / name).write_bytes(b"")
    assert journal.recover(root)
    assert ((root / "case").read_bytes(), (root / "ledger.jsonl").read_bytes()) == (b"lama", LOG)


def test_several_lines_are_never_told_by_a_name(root: Path) -> None:
    change = FileTransaction(root)
    change.put_file(root / "case", b"baru")
    change.append_line(root / "ledger.jsonl", b"tiga\nempat\n")
    assert change._prepared_write() is None  # noqa: SLF001 — the choice between the two ways


@pytest.mark.parametrize("after", [b"lain\n", b"tiga\nempat\n"], ids=["another line", "the log went on"])
def test_a_journal_whose_log_went_on_stops_every_writer(root: Path, after: bytes) -> None:
    disk.replace_file(root / STAGING / "1", OURS)
    operation = JournalOperation("append", f"{STAGING}/1", "ledger.jsonl", sha256_of(OURS), len(LOG))
    disk.replace_file(root / JOURNAL, msgspec.json.encode(Journal((operation,))))
    (root / "ledger.jsonl").write_bytes(LOG + after)
    with pytest.raises(DamagedError) as raised:
        journal.recover(root)
    assert "doctor --mend" in sentence(raised.value)
    assert (root / "ledger.jsonl").read_bytes() == LOG + after


@pytest.mark.parametrize("target", ["link/profile", "link", "../profile"])
def test_nothing_is_finished_outside_the_folder(tmp_path: Path, target: str) -> None:
    root, outside = tmp_path / "data", tmp_path / "outside"
    disk.replace_file(outside / "profile", b"asli")
    root.mkdir()
    (root / "link").symlink_to(outside / "profile" if target == "link" else outside)
    disk.replace_file(root / STAGING / "1", b"palsu")
    operation = JournalOperation(
        "append" if target == "link" else "put", f"{STAGING}/1", target, sha256_of(b"palsu"), 4
    )
    disk.replace_file(root / JOURNAL, msgspec.json.encode(Journal((operation,))))
    with pytest.raises(DamagedError, match="menunjuk ke luar") as raised:
        journal.recover(root)
    assert raised.value.code == "journal"
    assert (outside / "profile").read_bytes() == b"asli"


def test_a_lock_whose_file_was_removed_lets_nobody_write(tmp_path: Path) -> None:
    with hold_lock(tmp_path / "lock") as first:
        first.check()
        (tmp_path / "lock").unlink()
        with hold_lock(tmp_path / "lock", patience=0) as second:
            second.check()
            with pytest.raises(BusyError, match="tidak ada yang dicatat"):
                first.check()


def test_a_change_that_is_in_its_place_is_not_taken_back_by_a_late_ctrl_c(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.replace_file(tmp_path / "ledger.jsonl", LOG)
    swap = disk.rename_over

    def interrupted(source: Path, target: Path) -> None:
        swap(source, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(disk, "rename_over", interrupted)
    change = FileTransaction(tmp_path)
    change.put_file(tmp_path / "case", b"baru")
    change.append_line(tmp_path / "ledger.jsonl", OURS)
    with pytest.raises(KeyboardInterrupt):
        change.commit()
    assert ((tmp_path / "case").read_bytes(), (tmp_path / "ledger.jsonl").read_bytes()) == (b"baru", LOG + OURS)


def test_a_writer_whose_lock_was_lost_cuts_off_no_line_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.replace_file(tmp_path / "ledger.jsonl", LOG)
    write = disk.write_file

    def overtaken(path: Path, data: bytes) -> None:
        write(path, data)
        (tmp_path / "ledger.jsonl").write_bytes(LOG + b"lain\n")

    monkeypatch.setattr(disk, "write_file", overtaken)
    change = FileTransaction(tmp_path)
    change.put_file(tmp_path / "case", b"baru")
    change.append_line(tmp_path / "ledger.jsonl", OURS)
    with pytest.raises(BusyError, match="ulangi perintahnya"):
        change.commit()
    assert (tmp_path / "ledger.jsonl").read_bytes() == LOG + b"lain\n"
    assert not (tmp_path / "case").exists()


def test_a_folder_beside_that_is_a_link_stops_every_writer(root: Path, tmp_path: Path) -> None:
    (root / STAGING).rename(tmp_path / "elsewhere")
    (root / STAGING).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DamagedError, match="adalah tautan"):
        journal.recover(root)
    journal.set_aside(root, root / "aside")
    assert not journal.recover(root)
    assert len(list((tmp_path / "elsewhere").iterdir())) == 1


def test_a_folder_with_the_name_of_a_change_is_rubbish(root: Path) -> None:
    (name,) = (path.name for path in (root / STAGING).iterdir())
    (root / STAGING / name).unlink()
    (root / STAGING / name).mkdir()
    assert journal.recover(root)
    assert (root / "case").read_bytes() == b"lama"


def test_a_disk_that_refuses_a_change_and_its_taking_back_leaves_it_open_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.replace_file(tmp_path / "ledger.jsonl", LOG)

    def refused(*_: object) -> None:
        raise OSError(EIO, "rusak")

    monkeypatch.setattr(disk, "rename_over", refused)
    monkeypatch.setattr(os, "ftruncate", refused)
    change = FileTransaction(tmp_path)
    change.put_file(tmp_path / "case", b"baru")
    change.append_line(tmp_path / "ledger.jsonl", OURS)
    with pytest.raises(BusyError, match="perubahan atas case dan juga pembatalannya") as raised:
        change.commit()
    assert raised.value.code == "unfinished"
    monkeypatch.undo()
    assert journal.recover(tmp_path)
    assert ((tmp_path / "case").read_bytes(), (tmp_path / "ledger.jsonl").read_bytes()) == (b"baru", LOG + OURS)


def test_a_change_that_is_refused_once_is_taken_back_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk.replace_file(tmp_path / "ledger.jsonl", LOG)

    def refused(*_: object) -> None:
        raise OSError(EIO, "rusak")

    monkeypatch.setattr(disk, "rename_over", refused)
    change = FileTransaction(tmp_path)
    change.put_file(tmp_path / "case", b"baru")
    change.append_line(tmp_path / "ledger.jsonl", OURS)
    with pytest.raises(BusyError) as raised:
        change.commit()
    assert raised.value.code == "disk"
    assert (tmp_path / "ledger.jsonl").read_bytes() == LOG
    assert not [*(tmp_path / STAGING).iterdir()]


def test_a_log_that_grew_meanwhile_takes_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk.replace_file(tmp_path / "ledger.jsonl", LOG)
    write = disk.write_file

    def overtaken(path: Path, data: bytes) -> None:
        write(path, data)
        (tmp_path / "ledger.jsonl").write_bytes(LOG + b"lain\n")

    monkeypatch.setattr(disk, "write_file", overtaken)
    change = FileTransaction(tmp_path)
    change.put_file(tmp_path / "case", b"baru")
    change.append_line(tmp_path / "ledger.jsonl", OURS)
    with pytest.raises(BusyError, match="ditulisi perintah lain") as raised:
        change.commit()
    assert raised.value.code == "lock_lost"
    assert (tmp_path / "ledger.jsonl").read_bytes() == LOG + b"lain\n"
    assert not (tmp_path / "case").exists()


def test_a_staging_folder_that_is_a_link_stops_every_writer(tmp_path: Path) -> None:
    elsewhere = tmp_path / "lain"
    elsewhere.mkdir()
    (elsewhere / "1").write_bytes(b"x")
    root = tmp_path / "data"
    root.mkdir()
    (root / STAGING).symlink_to(elsewhere)
    with pytest.raises(DamagedError, match="tautan ke tempat lain") as raised:
        journal.recover(root)
    assert raised.value.code == "link"
    assert (elsewhere / "1").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="locks of another kind")
def test_a_folder_without_locks_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl  # noqa: PLC0415 — not on Windows

    def no_locks(*_: object) -> None:
        raise OSError(ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with pytest.raises(BusyError, match=f"Folder {tmp_path} tidak dapat dikunci") as raised, hold_lock(tmp_path / "l"):
        pass
    assert raised.value.code == "no_locks"


@pytest.mark.parametrize("length", [70, 300], ids=["shown whole", "cut where it is shown"])
def test_a_name_that_no_disk_takes_is_told(length: int) -> None:
    path = Path("a" * length)
    told = disk.translate_error(path, OSError(ENAMETOOLONG, "File name too long"))
    assert (type(told), told.code) == (UsageError, "file_name")
    assert f"Nama {path if length < 80 else 'a' * 80 + '…'} terlalu panjang" in told.message
