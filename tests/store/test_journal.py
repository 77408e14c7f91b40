"""Several files as one change: what a dead process left is finished or swept, whenever it died."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from sopctl.errors import BusyError, DamagedError
from sopctl.store import disk
from sopctl.store.files import journal
from sopctl.store.files.journal import FileTransaction, Journal
from sopctl.store.workspace import JOURNAL, STAGING


def tree(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


BEFORE = {"a": b"satu", "log": b"1\n"}
AFTER = {"a": b"dua", "b/c": b"tiga", "log": b"1\n2\n3\n", "b/log": b"x\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder before a change of four files."""
    for name, data in BEFORE.items():
        disk.replace_file(tmp_path / name, data)
    return tmp_path


def change(root: Path) -> FileTransaction:
    """The change, not made yet."""
    made = FileTransaction(root)
    made.put_file(root / "a", b"dua")
    made.put_file(root / "b" / "c", b"tiga")
    made.append_line(root / "log", b"2\n")
    made.append_line(root / "log", b"3\n")
    made.append_line(root / "b" / "log", b"x\n")
    return made


def test_nothing_is_touched_before_the_commit_and_everything_after(root: Path) -> None:
    made = change(root)
    assert tree(root) == BEFORE
    made.commit()
    assert tree(root) == AFTER
    assert not journal.recover(root)


@pytest.mark.parametrize("puts", [0, 1], ids=["nothing", "one file"])
def test_a_change_of_one_file_or_none_needs_no_journal(root: Path, puts: int) -> None:
    made = FileTransaction(root)
    for _ in range(puts):
        made.put_file(root / "a", b"dua")
    made.commit()
    assert tree(root) == BEFORE | ({"a": b"dua"} if puts else {})


def staged(root: Path) -> Journal:
    """The change laid beside and declared, as by a process that died then."""
    made = change(root)._stage()  # noqa: SLF001 — the moment between two system calls
    disk.replace_file(root / JOURNAL, msgspec.json.encode(made))
    return made


@pytest.mark.parametrize("done", range(5))
def test_a_declared_change_is_finished_by_whoever_comes_next(root: Path, done: int) -> None:
    for operation in staged(root).operations[:done]:
        source, target = root / operation.staged, root / operation.target
        if operation.kind == "put":
            source.replace(target)
        else:
            target.write_bytes((target.read_bytes() if target.exists() else b"") + source.read_bytes()[:1])
    assert journal.recover(root)
    assert tree(root) == AFTER
    assert not journal.recover(root)


def test_what_was_laid_beside_but_not_declared_is_swept(root: Path) -> None:
    change(root)._stage()  # noqa: SLF001 — as above
    assert journal.recover(root)
    assert tree(root) == BEFORE


def test_a_change_after_an_undeclared_one_takes_nothing_of_it(root: Path) -> None:
    change(root)._stage()  # noqa: SLF001 — as above
    other = FileTransaction(root)
    other.put_file(root / "a", b"lain")
    other.put_file(root / "d", b"lain")
    other.commit()
    assert tree(root) == BEFORE | {"a": b"lain", "d": b"lain"}


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff\xfe", b'{"operations": [], "schema": 1, "x": 1}', b'{"operations": [' + b"[" * 100_000],
    ids=["empty", "cut short", "binary", "of another shape", "deeply nested"],
)
def test_a_journal_that_is_not_what_was_written_stops_every_writer(root: Path, data: bytes) -> None:
    (root / JOURNAL).write_bytes(data)
    with pytest.raises(DamagedError, match="journal"):
        journal.recover(root)
    assert {name: data for name, data in tree(root).items() if name != JOURNAL} == BEFORE


@pytest.mark.parametrize("lost", ["2", "3"])
def test_a_declared_change_that_lost_a_file_is_told(root: Path, lost: str) -> None:
    staged(root)
    (root / STAGING / lost).unlink()
    with pytest.raises(DamagedError, match="pulihkan folder data"):
        journal.recover(root)


def _block_target(root: Path) -> None:
    (root / "b").write_bytes(b"")


def _block_journal(root: Path) -> None:
    (root / JOURNAL).mkdir()


@pytest.mark.parametrize("block", [_block_target, _block_journal])
def test_a_change_that_the_disk_does_not_take_has_not_happened(root: Path, block: Callable[[Path], None]) -> None:
    block(root)
    before = tree(root)
    with pytest.raises(BusyError):
        change(root).commit()
    assert tree(root) == before


def test_a_declared_change_that_the_disk_does_not_finish_says_that_it_has_happened(root: Path) -> None:
    (root / "a").unlink()
    (root / "a" / "isi").mkdir(parents=True)
    with pytest.raises(BusyError, match="sudah tercatat") as raised:
        change(root).commit()
    assert raised.value.code == "unfinished"
    shutil.rmtree(root / "a")
    assert journal.recover(root)
    assert tree(root) == AFTER
