"""A cache says what is printed, so an account reads what it wrote itself; whatever else lies there is no cache."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sopctl.store.caches.account_cache import Cache, account_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="permissions are kept elsewhere there")
as_root = pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files away")

NOBODY = 65534
Spoil = Callable[[Path], object]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of a record that a group shares."""
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o2770)
    return folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def linked(path: Path) -> None:
    path.rename(path.with_name("asli"))
    path.symlink_to(path.with_name("asli"))


FOREIGN: dict[str, Spoil] = {
    "writable by the group": lambda path: path.chmod(0o770),
    "writable by all": lambda path: path.chmod(0o707),
    "a link to what is": linked,
}
GIVEN_AWAY = pytest.param(lambda path: os.chown(path, NOBODY, -1), id="of another account", marks=as_root)
SPOILT = [*(pytest.param(spoil, id=name) for name, spoil in FOREIGN.items()), GIVEN_AWAY]


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o007, 0o077], ids=oct)
def test_a_cache_is_closed_whatever_the_office_leaves_open(data: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        Cache(data).write("satu", b"isi")
    finally:
        os.umask(before)
    folder = data / "cache" / account_folder()
    assert mode(folder) & 0o777 == 0o700
    assert mode(folder / "satu") == 0o600
    assert mode(data / "cache") == 0o2770, "the next account makes its own folder there"
    assert Cache(data).read("satu") == b"isi"


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_folder_that_is_not_the_accounts_own_is_no_cache(data: Path, spoil: Spoil) -> None:
    Cache(data).write("satu", b"isi")
    spoil(data / "cache" / account_folder())
    cache = Cache(data)
    cache.write("dua", b"isi")
    assert (cache.folder, cache.read("satu")) == (None, None)
    assert not (data / "cache" / account_folder() / "dua").exists()


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_file_that_the_account_did_not_write_is_not_read_but_replaced(data: Path, spoil: Spoil) -> None:
    Cache(data).write("satu", b"isi")
    spoil(data / "cache" / account_folder() / "satu")
    cache = Cache(data)
    assert cache.read("satu") is None
    cache.write("satu", b"baru")
    assert cache.read("satu") == b"baru"


def test_a_file_that_a_disk_damaged_is_not_read(data: Path) -> None:
    Cache(data).write("satu", b'{"days": {"2026-12-25": "Natal"}}')
    file = data / "cache" / account_folder() / "satu"
    kept = file.read_bytes()
    for at in range(len(kept)):
        for damaged in (kept[:at] + bytes((kept[at] ^ 1,)) + kept[at + 1 :], kept[:at]):
            file.write_bytes(damaged)
            assert Cache(data).read("satu") is None, damaged


def test_without_a_record_nothing_is_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "data")
    cache.write("satu", b"isi")
    assert (cache.folder, cache.read("satu")) == (None, None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are kept elsewhere there")
def test_what_is_read_of_a_record_that_lies_elsewhere_is_kept(tmp_path: Path) -> None:
    tmp_path.chmod(0o2770)
    cache = Cache(tmp_path / "data")
    cache.make_data()
    cache.write("index", b"1")
    assert cache.read("index") == b"1"
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data", cache.place.parent)} == {0o2770}


@pytest.mark.parametrize("there", ["a file", "a folder of its own"])
def test_what_stands_in_the_way_is_no_cache(data: Path, there: str) -> None:
    if there == "a file":
        (data / "cache").write_bytes(b"")
    else:
        (data / "cache" / account_folder() / "satu").mkdir(parents=True)
    cache = Cache(data)
    cache.write("satu", b"isi")
    assert cache.read("satu") is None


def test_a_cache_costs_a_command_one_look_at_its_folder(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Cache(data).write("satu", b"isi")
    looks: list[Path] = []
    look = Path.lstat

    def counted(path: Path) -> os.stat_result:
        looks.append(path)
        return look(path)

    monkeypatch.setattr(Path, "lstat", counted)
    cache = Cache(data)
    for _ in range(3):
        assert cache.read("satu") == b"isi"
    assert looks == [cache.place]
