"""What any store answers of all cases at once: the same as if each were read, whatever was kept and by whom."""

import pytest

from sopctl.desk.move_input import MoveInput
from sopctl.store.protocol import CaseIndex, MayRead
from tests.store.contract.acts import Kept
from tests.store.contract.stores import KeptRoom
from tests.store.memory_store import MemoryIndex

BEGINNINGS = "", "sk-tim/", "penugasan/", "pen", "sk-tim/0001", "x/"


@pytest.fixture
def room(kept: Kept, seed_into: None) -> KeptRoom:  # noqa: ARG001 — the office lies there
    """The office of the seeds, whose record a store keeps."""
    return KeptRoom(kept)


def answers(index: CaseIndex, may_read: MayRead | None = None) -> dict[str, object]:
    """What an index answers, in no order that a store may choose."""
    turns, damaged = index.read_turns(may_read)
    found = {beginning: index.read_tallies(beginning, may_read)[0] for beginning in BEGINNINGS}
    readable = {name: sorted(index.list_readable(name, may_read or (lambda _: True))) for name in BEGINNINGS}
    return {
        "turns": sorted(turns, key=lambda turn: (turn.id, turn.step, turn.pelaksana)),
        "damaged": len(damaged),
        "readable": readable,
        "courses": {
            name: sorted((one for tally in some for one in tally.courses), key=lambda one: one.id)
            for name, some in found.items()
        },
        "legends": {name: {sop: words for one in some if one.courses for sop, words in one.legends.items()}
                    for name, some in found.items()},
        "visits": {
            name: sorted(
                repr((columns.key, visit._replace(case=0)))
                for tally in some for columns in tally.visits for visit in columns.unpack()
            )
            for name, some in found.items()
        },
    }  # fmt: skip


def compare(room: KeptRoom) -> dict[str, object]:
    """What the store answers, which must be what reading each case comes to; asked twice, for the second is kept."""
    rules: tuple[MayRead | None, ...] = None, (lambda facts: facts.sop == "sk-tim"), (lambda _: False)
    for may_read in rules:
        record = room.session().record
        plain = answers(MemoryIndex(record.whole_store, record, None), may_read)
        for _ in range(2):
            other = room.session().record
            assert answers(other.whole_store.open_index(other), may_read) == plain
    record = room.session().record
    return answers(record.whole_store.open_index(record))


def test_an_index_answers_what_reading_each_case_comes_to_after_every_act(room: KeptRoom) -> None:
    assert compare(room)["turns"] == []
    first = room.start("sk-tim", "Satu").id
    second = room.start("penugasan", "Dua").id
    compare(room)
    room.approve(first)
    room.approve(second)
    compare(room)
    for sets in ((), ("tugas=Menyusun laporan", "anggota=Anggota pertama")):
        room.approve(first, MoveInput(sets=sets))
    room.reject(first)
    room.note(second, "sudah ditelepon")
    assert "belum sesuai" not in str(compare(room)["turns"])
    room.cancel(second)
    third = room.start("sk-tim", "Tiga").id
    found = compare(room)
    assert found["readable"] == {
        "": [second, first, third], "sk-tim/": [first, third], "penugasan/": [second], "pen": [second],
        "sk-tim/0001": [], "x/": [],
    }  # fmt: skip
    assert second not in str(found["turns"]), "it was cancelled"


def test_a_case_that_cannot_be_read_is_told_and_hides_no_other(room: KeptRoom) -> None:
    for _ in range(3):
        room.start("sk-tim")
    broken = room.session().store.load_instance("sk-tim-2")
    room.kept.put_case(
        type(broken)(**{name: getattr(broken, name) for name in broken.__struct_fields__} | {"revision": 7})
    )
    for _ in range(2):
        found = compare(room)
        assert found["damaged"] == 1
        assert "sk-tim-2" not in str(found["turns"])
        assert "sk-tim-3" in str(found["turns"])
    room.kept.put_case(broken)
    room.note("sk-tim-3", "lagi")
    assert compare(room)["damaged"] == 0


def test_progress_is_told_where_cases_are_read(room: KeptRoom) -> None:
    for _ in range(2):
        room.start("sk-tim")
    told: list[tuple[int, int]] = []
    record = room.session().record
    record.whole_store.open_index(record, lambda done, total: told.append((done, total))).read_turns(None)
    assert told == [] or told[-1] == (2, 2)
