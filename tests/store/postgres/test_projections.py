"""What a database repeats of ledger and cases: what somebody makes of it is found, and mended where that is safe."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import LiteralString

import pytest

from sopctl.audit import verify as audit
from sopctl.audit.doctor import run_doctor
from sopctl.audit.ledger_summary import LedgerSummary, summarize_ledger
from sopctl.audit.verify import Verification, verify
from sopctl.desk.move_input import MoveInput
from sopctl.errors import DamagedError
from sopctl.store.case_index import load_tallies, load_turns
from sopctl.store.postgres import register
from sopctl.store.postgres.connections import LIMITS, Ask
from sopctl.store.postgres.repair import PostgresRepair
from sopctl.store.protocol import Ledger
from sopctl.store.record import Record
from tests.conftest import Room
from tests.postgres_cluster import Database
from tests.store.postgres.conftest import ROLE

DERIVED: dict[str, LiteralString] = {
    "a group that is gone": "DELETE FROM folders WHERE folder LIKE 'sk-tim%%'",
    "the line of a group": "UPDATE folders SET line = 0",
    "the line of a case": "UPDATE cases SET line = 1 WHERE id = 'sk-tim-1'",
    "no counters": "DELETE FROM counters",
    "a lower counter": "UPDATE counters SET value = 0 WHERE name LIKE 'sequence%%'",
    "a higher counter": "UPDATE counters SET value = 900",
    "the office file named last": "UPDATE offices SET named_office = 'x' WHERE lines > 0",
}
FORGED: dict[str, LiteralString] = {
    "fewer lines": "UPDATE offices SET lines = lines - 1 WHERE lines > 0",
    "more lines": "UPDATE offices SET lines = lines + 1 WHERE lines > 0",
    "another last line": "UPDATE offices SET head = 'x' WHERE lines > 0",
    "a line behind the last": "INSERT INTO ledger SELECT office, 900, 'event', 'sk-tim-1', 99, NULL, false, '{}'"
    " FROM ledger WHERE line = 1",
    "a line before the first": "INSERT INTO ledger SELECT office, 0, 'mended', NULL, NULL, NULL, false, '{}'"
    " FROM ledger WHERE line = 1",
    "the case of a line": "UPDATE ledger SET case_id = 'sk-tim-9' WHERE line = 3",
    "the kind of a line": "UPDATE ledger SET kind = 'x' WHERE line = 3",
    "the place of an event": "UPDATE ledger SET revision = 99 WHERE line = 3",
    "the sequence of a number": "UPDATE ledger SET sequence = '2020/x.jsonl' WHERE kind = 'number'",
    "the number of a letter": "UPDATE ledger SET nomor = NULL WHERE nomor IS NOT NULL",
    "the case of a number": "UPDATE ledger SET case_id = 'sk-tim-9' WHERE kind = 'number'",
    "what names an office file": "UPDATE ledger SET changes_office = NOT changes_office",
    "the group of a case": "UPDATE cases SET folder = 'sk-tim/0009' WHERE id = 'sk-tim-1'",
    "the SOP of a case": "UPDATE cases SET sop = 'bimtek' WHERE id = 'sk-tim-1'",
    "the number of a case": "UPDATE cases SET number = 77 WHERE id = 'sk-tim-1'",
    "the SOP version of a case": "UPDATE cases SET version = 'x' WHERE id = 'sk-tim-1'",
}


@pytest.fixture
def office(database: Database, workspace: Path) -> Room:
    """An office with a letter that bears a number, and a case that has just begun."""
    database.add_office("dinas", ROLE)
    room = Room(workspace)
    room.say(f"record: {{store: postgres, service: {ROLE}}}")
    room.approve(room.letter())
    room.start("penugasan")
    return room


def list_overviews(office: Room) -> list[object]:
    record = office.session(looking=True).record
    return [len(load_turns(record).turns), sum(len(one.courses) for one in load_tallies(record).tallies)]


@pytest.mark.parametrize("change", DERIVED.values(), ids=DERIVED.keys())
def test_what_is_derived_is_compared_and_derived_anew(office: Room, database: Database, change: LiteralString) -> None:
    assert verify(office.session().record, None).findings == ()
    before = list_overviews(office)
    assert database.change(change)
    assert {one.kind for one in verify(office.session().record, None).findings} == {"projection"}
    assert run_doctor(office.session().record, mend=True).findings == ()
    assert list_overviews(office) == before
    (signed,) = office.approve(office.letter()).signed
    assert signed.nomor.split("/")[1] == "2"
    assert office.start("penugasan").id == "penugasan-2"
    assert verify(office.session().record, None).findings == ()


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED.keys())
def test_what_may_hide_a_loss_is_told_and_never_derived(
    office: Room, database: Database, change: LiteralString
) -> None:
    assert database.change(change)
    found = verify(office.session().record, None).findings
    assert found
    with suppress(DamagedError):
        run_doctor(office.session().record, mend=True)
    assert {one.message for one in verify(office.session().record, None).findings} >= {
        one.message for one in found if one.advice == ""
    }
    assert verify(office.session().record, None).findings


def test_figures_that_nobody_made_are_made_again(office: Room, database: Database) -> None:
    before = list_overviews(office)
    assert database.change(r"UPDATE figures SET turns = '\x00', tally = '\x00', facts = '\xff', running_facts = '\x00'")
    assert list_overviews(office) == before
    office.approve("penugasan-1", MoveInput())
    assert list_overviews(office)[1] == before[1]


@pytest.mark.parametrize("looks", [lambda record: verify(record, None), run_doctor], ids=["verify", "doctor"])
def test_what_others_record_meanwhile_is_no_damage_though_they_cannot_be_kept_out(
    office: Room, database: Database, monkeypatch: pytest.MonkeyPatch, looks: Callable[[Record], Verification]
) -> None:
    def read_and_be_overtaken(book: Ledger) -> LedgerSummary:
        found = summarize_ledger(book)
        database.change("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s", ROLE)
        office.approve(office.letter())
        monkeypatch.setattr(audit, "summarize_ledger", summarize_ledger)
        kept_out.enter_context(office.session().record.whole_store.begin())
        return found

    monkeypatch.setitem(LIMITS, "patience", "50ms")
    monkeypatch.setattr(audit, "summarize_ledger", read_and_be_overtaken)
    with ExitStack() as kept_out:
        assert looks(office.session().record).findings == ()


def test_what_is_derived_is_compared_as_it_is_at_one_moment(office: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def list_and_be_overtaken(ask: Ask) -> list[str]:
        monkeypatch.setattr(register, "list_names", list_names)
        office.approve(office.letter())
        return list_names(ask)

    list_names = register.list_names
    monkeypatch.setattr(register, "list_names", list_and_be_overtaken)
    assert office.session().record.whole_store.find_wrong_projections() == []


def test_writers_are_kept_out_as_long_as_a_record_is_mended(office: Room) -> None:
    with office.session().record.whole_store.repair(office.now) as repair:
        assert isinstance(repair, PostgresRepair)
        for _ in range(2):
            assert repair.writer.ask(("SHOW idle_in_transaction_session_timeout", {})) == [[("0",)]]
            repair.derive_projections()
