"""No path below the folder of a record is followed through a link, and no file of another name is written to."""

import os
import shutil
import stat
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from sopctl.desk import agenda
from sopctl.desk.move_input import MoveInput
from sopctl.errors import DamagedError, SopctlError
from sopctl.store import disk, record_paths
from sopctl.store.files.lock import hold_lock
from sopctl.store.record_paths import follow_no_links_below, is_link, stat_path
from sopctl.store.workspace import find_workspace

if TYPE_CHECKING:
    from tests.conftest import Room

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need rights of their own there")

YEAR = "2026"
SEQUENCE = f"agenda/{YEAR}/semua.jsonl"
CASE = "instances/sk-tim/0000/sk-tim-1.json"


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory, seed: Path, rooms: "type[Room]") -> "Room":
    """A case whose letter waits for the signature, and a register."""
    room = rooms(shutil.copytree(seed, tmp_path_factory.mktemp("links") / "kantor"))
    room.letter()
    agenda.add(room.session(), agenda.NewLetter(perihal="Surat", kode="800"))
    return room


@pytest.fixture
def office(letters: "Room", tmp_path: Path) -> "Room":
    other = type(letters)(shutil.copytree(letters.root, tmp_path / "kantor"))
    other.now = letters.now
    return other


def state(path: Path) -> list[tuple[str, int, int, bytes]]:
    """What lies at a place and below: names, permissions, groups and bytes."""
    paths = sorted((path, *path.rglob("*")))
    return [
        (str(one), one.stat().st_mode, one.stat().st_gid, one.read_bytes() if one.is_file() else b"") for one in paths
    ]


def put_outside(place: Path, outside: Path) -> None:
    """Move what lies at a place outside; something precious where there was nothing."""
    if place.exists():
        shutil.move(place, outside)
    elif place.name == "staging":
        outside.mkdir()
        (outside / "penting.txt").write_text("penting")
    else:
        outside.write_text("penting")


@pytest.mark.parametrize("kind", ["a link to nothing", "a file"])
def test_a_data_folder_that_cannot_be_reached_is_no_new_office(office: "Room", tmp_path: Path, kind: str) -> None:
    data = office.root / "data"
    shutil.move(data, tmp_path / "disk")
    if kind == "a file":
        data.write_bytes(b"")
    else:
        data.symlink_to(tmp_path / "lain")
    with pytest.raises(DamagedError, match="tidak dapat dicapai"):
        find_workspace(office.root, None)
    data.unlink()
    data.symlink_to(tmp_path / "disk")
    assert find_workspace(office.root, None).data == data


def change_everything(office: "Room") -> list[str]:
    """The codes of the refusals of a note, a signature and an entry of the register."""
    codes = []
    for command in (
        lambda: office.note("sk-tim-1", "x"),
        lambda: office.approve("sk-tim-1", MoveInput()),
        lambda: agenda.add(office.session(), agenda.NewLetter(perihal="Surat", kode="800")),
    ):
        try:
            command()
        except SopctlError as error:
            codes.append((error.exit_code, error.code))
    assert {code for code, _ in codes} <= {6}
    return [why for _, why in codes]


@pytest.mark.parametrize(
    "place",
    [
        "lock", "staging", "journal.json", "ledger.jsonl", "agenda", f"agenda/{YEAR}", SEQUENCE, "instances",
        "instances/sk-tim", "instances/sk-tim/0000", CASE, "documents", "documents/sk-tim/0000/sk-tim-1", "office",
    ],
)  # fmt: skip
def test_a_link_is_refused_and_what_it_leads_to_stays_as_it_is(office: "Room", tmp_path: Path, place: str) -> None:
    link, outside = office.root / "data" / place, tmp_path / "luar"
    put_outside(link, outside)
    link.symlink_to(outside)
    before = state(outside)
    assert "link" in change_everything(office)
    assert state(outside) == before
    link.unlink()
    shutil.move(outside, link) if place not in {"lock", "staging", "journal.json"} else None
    assert change_everything(office) == []


@pytest.mark.parametrize("place", ["lock", "ledger.jsonl", SEQUENCE])
def test_a_file_with_another_name_is_not_written_to(office: "Room", tmp_path: Path, place: str) -> None:
    path, outside = office.root / "data" / place, tmp_path / "luar"
    put_outside(path, outside)
    path.hardlink_to(outside)
    before = state(outside)
    assert "link" in change_everything(office)
    assert state(outside) == before


@pytest.mark.parametrize("place", ["lock", "staging", "journal.json", "ledger.jsonl", SEQUENCE, CASE])
@pytest.mark.parametrize("kind", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("nowhere")])
def test_what_is_no_file_is_a_sentence(office: "Room", place: str, kind: object) -> None:
    path = office.root / "data" / place
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    kind(path)  # type: ignore[operator]  # one of three
    before = office.record()
    if (place, kind) != ("staging", os.mkdir):
        assert change_everything(office)
        assert {name for name in office.record() if "ledger" not in name} >= {n for n in before if "ledger" not in n}


def test_the_folder_of_the_record_may_be_a_link_and_the_rest_of_the_office_too(office: "Room", tmp_path: Path) -> None:
    for name in ("data", "sops", "templates"):
        shutil.move(office.root / name, tmp_path / name)
        (office.root / name).symlink_to(tmp_path / name)
    assert change_everything(office) == []


def test_a_cache_that_is_a_link_is_none(office: "Room", tmp_path: Path) -> None:
    cache = office.root / "data" / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    (tmp_path / "luar").mkdir()
    cache.symlink_to(tmp_path / "luar")
    assert change_everything(office) == []
    assert office.session(looking=True).workspace.cache.folder is None
    assert [*(tmp_path / "luar").iterdir()] == []


def test_a_link_put_there_between_two_looks_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that was looked at is the one that is written to, whatever its name leads to by then."""
    data, outside = tmp_path / "data", tmp_path / "luar"
    (data / "a").mkdir(parents=True)
    outside.mkdir()
    follow_no_links_below(data)
    system_open = os.open

    def swapped(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        found = system_open(path, flags, mode, dir_fd=dir_fd)
        if path == str(data / "a"):
            (data / "a").rename(data / "b")
            (data / "a").symlink_to(outside)
        return found

    monkeypatch.setattr(os, "open", swapped)
    disk.write_file(data / "a" / "x", b"1")
    monkeypatch.undo()
    assert [*outside.iterdir()] == []
    assert (data / "b" / "x").read_bytes() == b"1"
    with pytest.raises(DamagedError, match="tautan"):
        disk.write_file(data / "a" / "x", b"1")


def test_a_lock_outside_of_a_record_is_no_link_either(tmp_path: Path) -> None:
    (tmp_path / "penting").write_text("penting")
    (tmp_path / "lock").symlink_to(tmp_path / "penting")
    with pytest.raises(SopctlError), hold_lock(tmp_path / "lock"):
        pass
    assert (tmp_path / "penting").read_text() == "penting"


@pytest.mark.parametrize("place", ["x", "a/x", "a/b/x"])
def test_where_nothing_opens_relative_to_a_folder_each_name_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(record_paths, "OPENS_RELATIVE", False)
    data = tmp_path / "data"
    disk.replace_file(tmp_path / "luar" / "b" / "x", b"luar")
    follow_no_links_below(data)
    disk.replace_file(data / "c" / "d" / "x", b"isi")
    assert disk.read_file(data / "c" / "d" / "x", limit=9) == b"isi"
    assert disk.list_names(data / "c") == ["d"]
    (data / place.partition("/")[0]).symlink_to(tmp_path / ("luar/b/x" if place == "x" else "luar"))
    for harm in (lambda: disk.read_file(data / place, limit=9), lambda: disk.write_file(data / place, b"x")):
        with pytest.raises(DamagedError, match="adalah tautan"):
            harm()
    with pytest.raises(DamagedError, match="adalah tautan"):
        stat_path(data / place)
    assert (tmp_path / "luar" / "b" / "x").read_bytes() == b"luar"


@pytest.mark.parametrize(
    ("mode", "tag", "link"),
    [
        pytest.param(stat.S_IFLNK, 0xA000000C, True, id="a symbolic link"),
        pytest.param(stat.S_IFDIR, 0xA0000003, True, id="a junction"),
        pytest.param(stat.S_IFREG, 0x9000001A, False, id="a file in a cloud"),
        pytest.param(stat.S_IFDIR, 0, False, id="a folder"),
    ],
)
def test_what_windows_calls_a_link(mode: int, tag: int, *, link: bool) -> None:
    found = cast("os.stat_result", SimpleNamespace(st_mode=mode, st_reparse_tag=tag))
    assert is_link(found) is link
