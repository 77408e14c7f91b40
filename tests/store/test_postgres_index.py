"""The index in a database answers as that of the files does for the same record, whoever else looks or writes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString

import pytest

from sopctl.desk.move_input import MoveInput
from sopctl.errors import NotFoundError
from sopctl.store import case_figures
from sopctl.store.case_index import Tallies, list_readable, load_tallies, load_turns
from sopctl.store.readable_store import ReadableStore
from sopctl.store.record import Record
from sopctl.store.workspace import Workspace

pytest.importorskip("psycopg")

from sopctl.store.postgres.case_index import EDITIONS, PostgresIndex
from sopctl.store.postgres.connections import Statement, shared_connections
from sopctl.store.postgres.store import PostgresStore

if TYPE_CHECKING:
    from tests.conftest import Room
    from tests.postgres_cluster import Database

STAFF = """
officials:
  - {nama: Kadis Satu, pelaksana: [kadis], unit: Pimpinan}
  - {nama: Orang Luar, pelaksana: [arsip], unit: Umum}
read: {penugasan: actors}
"""
DAMAGE: LiteralString = "UPDATE cases SET head = %s || substr(head, 2) WHERE id = %s"


class TwoRecords:
    """The same cases in files and in a database."""

    def __init__(self, room: "Room", database: "Database") -> None:
        self.room = room
        self.database = database
        database.add_office("kantor", "dinas_satu")
        self.store = PostgresStore(Workspace(room.root), "dinas_satu")

    def copy(self, *ids: str) -> None:
        """Record in the database what the files have more, of all cases or of these."""
        files = self.open(in_files=True).whole_store
        with self.store.begin() as transaction:
            for version in files.list_versions("sops"):
                transaction.pin_sop(version, files.read_version("sops", version))
            for case in map(files.load_instance, ids or files.list_ids()):
                with suppress(NotFoundError):
                    if transaction.load_instance(case.id) == case:
                        continue
                transaction.save_instance(case)
            transaction.commit()

    def open(self, account: str = "akun", *, in_files: bool = False) -> Record:
        """The record as an account may read it."""
        return Record(
            Workspace(self.room.root),
            clock=lambda: self.room.now,
            account=account,
            looking=True,
            bind=ReadableStore if account.startswith("page:") else None,
            kept_in=None if in_files else PostgresStore(Workspace(self.room.root), "dinas_satu"),
        )

    def kept(self, columns: LiteralString) -> list[tuple[object, ...]]:
        """What stands in the table, by group."""
        with self.database.connect() as connection:
            return connection.execute(f"SELECT {columns} FROM sopctl.figures ORDER BY folder").fetchall()


def answer(record: Record) -> list[object]:
    """Everything that is read from an index; in what order its cases were read is no part of it."""
    turns, all_, some = load_turns(record), load_tallies(record), load_tallies(record, "penugasan")
    words = [tuple(sorted(all_.legends)), turns.damaged, all_.damaged, some.damaged]
    return [*sorted(turns.turns, key=str), *_list_measured(all_), *_list_measured(some), *words, list_readable(record)]


def _list_measured(found: Tallies) -> list[object]:
    courses = [course for tally in found.tallies for course in tally.courses]
    visits = [
        (tally.courses[visit.case].id, columns.key, visit._replace(case=0))
        for tally in found.tallies
        for columns in tally.visits
        for visit in columns.unpack()
    ]
    return [*sorted(courses, key=str), *sorted(visits, key=str)]


@pytest.fixture
def records(room: "Room", database: "Database") -> TwoRecords:
    """Cases on their way, sent back, suspended and ended."""
    for _ in range(4):
        room.start("penugasan")
    room.letter("Tim")
    room.approve("penugasan-1")
    room.cancel("penugasan-3")
    made = TwoRecords(room, database)
    made.copy()
    return made


def test_figures_beyond_the_last_line_of_their_group_are_made_again(records: TwoRecords) -> None:
    known = answer(records.open())
    records.database.change("UPDATE folders SET line = 0")
    assert answer(records.open()) == known
    assert {line for (line,) in records.kept("line")} == {0}


def test_answers_are_those_of_the_files_before_and_after_changes(records: TwoRecords) -> None:
    room = records.room
    changes: list[Callable[[], object]] = [
        lambda: None,
        lambda: room.approve("penugasan-2"),
        lambda: room.cancel("penugasan-1"),
        lambda: room.start("bimtek"),
        lambda: [room.approve("penugasan-2", MoveInput(sets=("tugas=satu",))) for _ in range(2)],
    ]
    for change in changes:
        change()
        records.copy()
        for _ in range(2):
            assert answer(records.open()) == answer(records.open(in_files=True))


def test_the_rule_of_reading_binds_as_in_files(records: TwoRecords) -> None:
    records.room.say(STAFF)
    seen = {}
    for account in ("page:kadis-satu", "page:orang-luar"):
        for change in (lambda: None, lambda: records.room.start("penugasan")):
            change()
            records.copy()
            seen[account] = answer(records.open(account))
            assert seen[account] == answer(records.open(account, in_files=True))
    assert seen["page:kadis-satu"] != seen["page:orang-luar"]


def test_two_who_refresh_at_once_agree_and_the_later_line_stays(
    records: TwoRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(records.open())
    records.room.approve("penugasan-2")
    records.copy()
    expected = answer(records.open(in_files=True))
    with ThreadPoolExecutor(8) as pool:
        assert [*pool.map(lambda _: answer(records.open()), range(8))] == [expected] * 8

    def write_late(*statements: Statement) -> None:
        """While one is about to keep what it read, a case is changed and another one has looked."""
        records.room.approve("penugasan-4")
        records.copy()
        answer(records.open())
        connections.read(*statements)

    records.room.cancel("penugasan-2")
    records.copy()
    before, record = answer(records.open(in_files=True)), records.open()
    connections = shared_connections("dinas_satu", "")
    monkeypatch.setattr(records.store, "write", write_late)
    turns, _ = PostgresIndex(record, records.store.ask, records.store.write).read_turns(None)
    assert sorted(turns, key=str) == before[: len(turns)]
    lines = "SELECT line FROM sopctl.folders ORDER BY folder"
    with records.database.connect() as connection:
        assert records.kept("line") == connection.execute(lines).fetchall()
    assert answer(records.open()) == answer(records.open(in_files=True)) != before


def test_a_case_that_cannot_be_read_is_told_and_tried_again(records: TwoRecords) -> None:
    whole = answer(records.open())
    records.database.change("DELETE FROM figures")
    records.database.change(DAMAGE, "x", "penugasan-4")
    for _ in range(2):
        turns = load_turns(records.open())
        assert [sentence for sentence in turns.damaged if "penugasan-4" in sentence] == list(turns.damaged) != []
        assert "penugasan-4" not in {turn.id for turn in turns.turns}
        assert records.kept("damaged") == [(["penugasan-4"],), ([],)]
    records.room.approve("penugasan-2")
    records.copy("penugasan-2")
    assert len(load_tallies(records.open()).damaged) == 1
    head = records.open(in_files=True).whole_store.load_instance("penugasan-4").head
    records.database.change(DAMAGE, head[0], "penugasan-4")
    assert answer(records.open()) == answer(records.open(in_files=True)) != whole
    assert records.kept("damaged") == [([],), ([],)]


def test_what_a_case_left_behind_goes_when_it_changed_and_cannot_be_read(records: TwoRecords) -> None:
    answer(records.open())
    records.room.approve("penugasan-2")
    records.copy()
    records.database.change(DAMAGE, "x", "penugasan-2")
    tallies = load_tallies(records.open(), "penugasan")
    assert [course.id for course in tallies.tallies[0].courses] == ["penugasan-1", "penugasan-3", "penugasan-4"]
    assert len(tallies.damaged) == 1
    assert "penugasan-2" not in {turn.id for turn in load_turns(records.open()).turns}


def test_who_may_not_write_is_answered_all_the_same(records: TwoRecords) -> None:
    records.database.change("REVOKE INSERT, UPDATE, DELETE ON figures FROM dinas_satu")
    for change in (lambda: None, lambda: records.room.approve("penugasan-2")):
        change()
        records.copy()
        assert answer(records.open()) == answer(records.open(in_files=True))
    assert records.kept("line") == []


def test_several_processes_make_the_figures_of_many_cases(records: TwoRecords, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_figures, "PARALLEL", 1)
    told: list[tuple[int, int]] = []
    load_turns(records.open(), on_progress=lambda *count: told.append(count))
    assert told in ([(4, 5), (5, 5)], [(1, 5), (5, 5)])
    assert len(records.kept("line")) == 2
    assert answer(records.open()) == answer(records.open(in_files=True))


def test_a_copy_that_was_damaged_or_is_of_another_tally_is_no_answer(records: TwoRecords) -> None:
    for _ in range(2):
        expected = answer(records.open())
    copies = list((records.room.root / "data" / "cache").rglob("tally-*"))
    assert len(copies) == 2
    damages: list[Callable[[Path], object]] = [lambda copy: copy.write_bytes(b"x"), Path.unlink]
    for damage in damages:
        for copy in copies:
            damage(copy)
        assert answer(records.open()) == expected
    records.room.approve("penugasan-2")
    records.copy()
    for _ in range(2):
        assert answer(records.open()) == answer(records.open(in_files=True)) != expected
    assert len(list((records.room.root / "data" / "cache").rglob("tally-*"))) == 2


def test_figures_of_the_latest_few_editions_are_kept(records: TwoRecords) -> None:
    for hour in range(1, EDITIONS + 3):
        records.room.say(f"working_hours: {{senin-jumat: ['0{hour}:00-16:00']}}")
        assert answer(records.open()) == answer(records.open(in_files=True))
    assert len(records.kept("edition")) == EDITIONS * 2
