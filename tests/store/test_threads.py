"""Several threads of one process: what is the system's for the whole process belongs to none of them."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from sopctl.audit.processes import share_work
from sopctl.store import disk, record_paths
from sopctl.store.files.lock import hold_lock
from sopctl.store.recent import Recent

THREADS = 8


def in_threads(work: Callable[[int], object], threads: int = THREADS) -> list[object]:
    """What each of these threads comes to, all at work at the same time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(threads) as pool:
            return [*pool.map(work, range(threads))]
    finally:
        sys.setswitchinterval(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def umask() -> Iterator[int]:
    """The umask of the process: 022."""
    before = os.umask(0o022)
    yield 0o022
    os.umask(before)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions elsewhere")
def test_each_thread_makes_files_with_the_umask_that_it_uses(tmp_path: Path, umask: int) -> None:
    umasks = (0o077, 0o007, 0o027, 0)
    entered, leave = Barrier(len(umasks)), Barrier(len(umasks))

    def work(number: int) -> None:
        with disk.use_umask(umasks[number]):
            entered.wait(30)
            path = tmp_path / f"{number}" / "isi"
            disk.make_folder(path.parent)
            disk.replace_file(path, b"isi")
            disk.replace_file(path.with_name("tertutup"), b"isi", mode=0o600)
            with hold_lock(path.with_name("lock")):
                leave.wait(30)

    in_threads(work, len(umasks))
    for number, used in enumerate(umasks):
        folder = tmp_path / str(number)
        found = mode(folder), mode(folder / "isi"), mode(folder / "lock"), mode(folder / "tertutup")
        assert found == (0o777 & ~used, 0o666 & ~used, 0o666 & ~used, 0o600)
    disk.replace_file(tmp_path / "luar", b"isi")
    assert mode(tmp_path / "luar") == 0o666 & ~umask


@pytest.mark.usefixtures("umask")
@pytest.mark.skipif(sys.platform == "win32", reason="as above")
def test_what_a_group_shares_stays_its_own_below_a_folder_of_the_group(tmp_path: Path) -> None:
    disk.restrict_folder(tmp_path, 0o007)
    with disk.use_umask(0o007):
        disk.make_folder(tmp_path / "a" / "b")
        (tmp_path / "c").write_bytes(b"isi")
        with disk.open_descriptor(tmp_path / "c", os.O_WRONLY | os.O_CREAT):
            pass
    assert (mode(tmp_path / "a"), mode(tmp_path / "a" / "b")) == (0o2770, 0o2770)
    assert mode(tmp_path / "c") == 0o644, "a file that is there keeps its permissions"
    tmp_path.chmod(0o700)


def test_of_two_who_write_the_same_file_at_once_each_writes_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "isi.json"

    def content() -> Iterator[bytes]:
        yield b"pertama "
        disk.replace_file(path, b"kedua")
        assert path.read_bytes() == b"kedua"
        yield b"seluruhnya"

    disk.replace_file(path, content())
    assert path.read_bytes() == b"pertama seluruhnya"
    assert [one.name for one in tmp_path.iterdir()] == ["isi.json"]


def test_values_may_be_kept_by_several_threads_at_once() -> None:
    kept: Recent[int] = Recent()

    def work(number: int) -> None:
        for turn in range(3000):
            kept.put(f"{number}-{turn % 7}", number)
            assert kept.get(f"{number}-{turn % 7}") in {number, None}

    in_threads(work)


def test_a_path_that_was_looked_at_while_its_record_was_opened_is_known_to_lie_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Roots(set[str]):
        """The records that are open; another thread opens one while they are searched."""

        searched = 0

        def __contains__(self, root: object) -> bool:
            self.searched += root == os.fspath(tmp_path)
            if root == os.fspath(tmp_path) and self.searched == 1:
                record_paths.follow_no_links_below(tmp_path)
                return False
            return super().__contains__(root)

    monkeypatch.setattr(record_paths, "_ROOTS", Roots())
    record_paths.lies_in_record(tmp_path / "isi")
    assert record_paths.lies_in_record(tmp_path / "isi")


def test_a_process_with_several_threads_makes_no_copy_of_itself() -> None:
    def work(_: int) -> list[int]:
        with share_work(lambda _: os.getpid(), range(4), cases=1_000_000) as done:
            return [*done]

    assert in_threads(work, 2) == [[os.getpid()] * 4] * 2
