"""Which store an office's record is opened in, and what an office with files need not have for that."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.errors import MovedError, UsageError, WrongError
from sopctl.store.files.json_store import JsonStore
from sopctl.store.postgres.store import PostgresStore
from sopctl.store.protocol import RecordStore
from tests.postgres_cluster import Database

if TYPE_CHECKING:
    from tests.conftest import Room

BROKEN = "paper: A7\n"


def opened(room: "Room", text: str) -> RecordStore:
    (room.root / "sopctl.yaml").write_text(text, encoding="utf-8")
    return room.session().record.whole_store


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("record: {share: group}", id="share"),
        pytest.param("record: {store: files, service: postgres}", id="files-by-name"),
        pytest.param("# record: {store: postgres}", id="comment-alone"),
        pytest.param(f"# dahulu di postgres\n{BROKEN}", id="comment-and-a-mistake"),
        pytest.param(BROKEN, id="mistake"),
        pytest.param("paper: [", id="no-yaml"),
    ],
)
def test_a_record_lies_in_files_unless_the_office_says_otherwise(room: "Room", text: str) -> None:
    assert isinstance(opened(room, text), JsonStore)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("record: {store: postgres}", id="flow"),
        pytest.param("record:\n  store: 'postgres'\n", id="block"),
        pytest.param(f"{BROKEN}record: {{store: postgres}}\n", id="mistake-elsewhere"),
    ],
)
def test_a_record_lies_in_a_database_though_something_else_is_wrong(room: "Room", text: str) -> None:
    assert isinstance(opened(room, text), PostgresStore)


@pytest.mark.parametrize(
    "text", ["record: {store: postgres", "record: {store: postgres, share: x}", "record: {store: [postgres]}"]
)
def test_a_record_that_may_lie_in_a_database_is_not_taken_for_an_empty_one(room: "Room", text: str) -> None:
    with pytest.raises(WrongError):
        opened(room, text)


def test_a_record_of_files_is_read_while_sopctl_yaml_is_broken(room: "Room") -> None:
    id = room.start("sk-tim").id
    assert list(opened(room, BROKEN).list_ids()) == [id]


def test_what_is_missing_for_a_database_is_told_with_what_to_install(
    room: "Room", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError) as caught:
        opened(room, "record: {store: postgres}")
    assert caught.value.code == "postgres_extra"


@pytest.mark.parametrize("words", [("check",), ("start", "sk-tim"), ("inbox",), ("doctor",)])
def test_what_is_missing_for_a_database_is_told_by_every_command_without_a_traceback(
    room: "Room", words: tuple[str, ...]
) -> None:
    room.say("record: {store: postgres}")
    hide = "import sys; sys.modules['psycopg'] = None; from sopctl.cli.app import main; main()"
    command = [sys.executable, "-c", hide, *words]
    done = subprocess.run(command, cwd=room.root, capture_output=True, text=True, check=False)
    assert done.returncode == UsageError.exit_code, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "pip install" in done.stderr


def test_a_record_of_files_is_not_left_behind_by_what_sopctl_yaml_says(room: "Room") -> None:
    """Somebody writes the database into `sopctl.yaml` and moves nothing: the office would begin again with number 1."""
    room.start("sk-tim")
    with pytest.raises(MovedError) as caught:
        opened(room, "record: {store: postgres}")
    assert caught.value.code == "unmoved"


def test_an_office_with_files_works_without_psycopg(room: "Room") -> None:
    hide = "import sys; sys.modules['psycopg'] = None; from sopctl.cli.app import main; main()"
    words = [sys.executable, "-c", hide, "start", "sk-tim", "--json"]
    done = subprocess.run(words, cwd=room.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_command_line_works_on_a_database(room: "Room", database: Database) -> None:
    database.add_office("dinas_satu", "dinas_satu")
    with (room.root / "sopctl.yaml").open("a", encoding="utf-8") as file:
        file.write("record: {store: postgres, service: dinas_satu}\n")
    id = room.start("sk-tim").id
    room.approve(id)
    assert room.session().store.load_instance(id).revision == 2
    assert not Path(room.root, "data", "ledger.jsonl").exists()
