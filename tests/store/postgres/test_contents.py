"""Files in the database: in parts, each content once, and a copy where another program wants a path."""

import stat
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest

from sopctl.errors import DamagedError
from sopctl.store.caches.account_cache import Cache
from sopctl.store.postgres import contents
from sopctl.store.postgres.contents import PART
from sopctl.store.postgres.store import PostgresStore
from tests.postgres_cluster import Database
from tests.store.contract.acts import all_hashes

FOLDER = "data/documents/uji/0000/uji-1"
SIZES = 0, 1, PART - 1, PART, PART + 1, 16 * PART, 16 * PART + 1, 33 * PART


def content(size: int) -> bytes:
    return (b"%d:" % size * (size // 4 + 1))[:size]


def add(store: PostgresStore, **files: bytes) -> None:
    with store.begin() as change:
        for name, data in files.items():
            change.add_document("uji-1", name, data)
        change.commit()


def count(database: Database, table: str) -> int:
    return database.change(f"SELECT * FROM {table}")


def test_files_of_any_size_come_back_as_they_are(store: PostgresStore, tmp_path: Path, database: Database) -> None:
    add(store, **{f"surat {size}": content(size) for size in SIZES})
    for size in SIZES:
        path = f"{FOLDER}/surat {size}.docx"
        with store.open_file(path) as file:
            assert (file.read(1), file.seek(0), file.read()) == (content(size)[:1], 0, content(size))
        copy = store.locate_file(path)
        assert copy.read_bytes() == content(size)
        assert copy.name == f"surat {size}.docx"
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert copy.is_relative_to(tmp_path)
    assert all_hashes(store) == {f"{FOLDER}/surat {size}.docx": sha256(content(size)).hexdigest() for size in SIZES}
    assert all_hashes(store, "uji-1") == all_hashes(store)
    assert all_hashes(store, "uji-2") == {}
    largest = database.change("SELECT FROM contents WHERE octet_length(data) > 262144")
    assert largest == 0


def test_many_files_are_hashed_some_at_a_time(store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """No statement reads so much that the server gives it up."""
    add(store, **{f"surat {number}": content(number) for number in range(5)})
    before = all_hashes(store)
    for most in (1, 2, 5):
        monkeypatch.setattr(contents, "_FILES", most)
        assert all_hashes(store) == before


def test_a_content_is_kept_once_whatever_files_have_it(store: PostgresStore, database: Database) -> None:
    add(store, satu=content(3 * PART), dua=content(3 * PART), tiga=b"kecil")
    add(store, empat=content(3 * PART), lima=b"kecil")
    assert (count(database, "files"), count(database, "contents")) == (5, 4)


def test_a_path_that_is_taken_keeps_its_content(store: PostgresStore) -> None:
    add(store, surat=b"isi")
    add(store, surat=b"isi")
    with pytest.raises(DamagedError):
        add(store, surat=b"lain", nota=b"isi")
    assert store.commit_state == "nothing"
    assert all_hashes(store) == {f"{FOLDER}/surat.docx": sha256(b"isi").hexdigest()}


@pytest.mark.parametrize("lost", ["part = 0", "part = 16", "part = 32", "true"])
def test_a_content_of_which_parts_were_lost_is_told(store: PostgresStore, database: Database, lost: str) -> None:
    add(store, surat=content(33 * PART))
    database.change(f"DELETE FROM contents WHERE {lost}")
    path = f"{FOLDER}/surat.docx"
    if lost != "part = 32":  # as a shorter file it is another
        for ask in (store.open_file, store.locate_file):
            with pytest.raises(DamagedError):
                ask(path)
    assert all_hashes(store)[path] != sha256(content(33 * PART)).hexdigest()
    assert store.list_missing([path, f"{FOLDER}/tidak ada.docx"]) == [f"{FOLDER}/tidak ada.docx"]


def test_copies_are_let_go_after_some_days(store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    add(store, surat=b"isi", nota=b"lain")
    old = store.locate_file(f"{FOLDER}/surat.docx")
    monkeypatch.setattr(contents, "_KEPT", -1.0)
    new = store.locate_file(f"{FOLDER}/nota.docx")
    assert (old.exists(), new.exists()) == (False, True)


@pytest.fixture(params=["in the cache", "without a cache"])
def copies(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where copies lie: in the account's cache, or where it can rely on none among temporary files."""
    if request.param == "without a cache":
        (tmp_path / "temp").mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
        monkeypatch.setattr(Cache, "folder", None)


@pytest.mark.usefixtures("copies")
def test_a_copy_is_made_again_for_its_account_alone_and_leaves_few_behind(
    store: PostgresStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {f"surat {n}": content(1000 + n) for n in range(5)}
    add(store, **names)
    first = store.locate_file(f"{FOLDER}/surat 0.docx")
    first.write_bytes(b"disimpan dari Word")
    again = store.locate_file(f"{FOLDER}/surat 0.docx")
    assert again.read_bytes() == content(1000)
    assert stat.S_IMODE(again.parent.stat().st_mode) & 0o022 == 0
    assert stat.S_IMODE(again.stat().st_mode) == 0o600
    monkeypatch.setattr(contents, "_MOST_KEPT", 2500)
    for name in names:
        store.locate_file(f"{FOLDER}/{name}.docx")
    kept = [path for path in tmp_path.rglob("surat *.docx") if path.is_file()]
    assert sorted(path.name for path in kept) == ["surat 2.docx", "surat 3.docx", "surat 4.docx"]
