"""Mending the record in any store: what is replaced is put aside, and what is added is chained to what is there."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from sopctl.errors import BusyError, DamagedError
from sopctl.store import ledger
from sopctl.store.ledger import MendLine
from sopctl.store.protocol import RecordStore
from tests.store.contract.acts import NOW, SEQUENCE, Kept, add_note, give_number, lines, noted, opened, save


def mended(count: int) -> MendLine:
    return MendLine(previous="", at=NOW, by="akun", lines=count, cases={"uji-1": (2,)})


def test_lines_that_were_lost_are_added_after_what_is_there(kept: Kept, store: RecordStore) -> None:
    save(store, opened())
    case = add_note(store, "uji-1")
    before = lines(store)
    kept.lose_lines(2)
    with kept.open().repair(NOW) as repair:
        repair.append_lines([mended(1), *ledger.event_lines(case.instance, 1)])
    after = lines(kept.open())
    assert after[0] == before[0]
    assert [line.__struct_config__.tag for line in map(ledger.decode_line, after) if line] == [
        "event",
        "mended",
        "event",
    ]
    assert [text for _, text in kept.open().open_ledger().find_texts(ledger.MENDED)] == [after[1]]
    assert add_note(kept.open(), "uji-1").instance.revision == 3


def test_a_ledger_that_was_lost_is_begun_anew(kept: Kept, store: RecordStore) -> None:
    case = noted(opened())
    save(store, case)
    kept.lose_lines(1)
    with kept.open().repair(NOW) as repair:
        repair.append_lines([mended(2), *ledger.event_lines(case.instance, 0)])
        repair.append_lines([mended(0)])
    assert len(lines(kept.open())) == 4
    assert add_note(kept.open(), "uji-1").instance.revision == 3


@pytest.mark.parametrize("text", [b"bukan baris", b"{}"])
def test_the_end_that_no_line_can_follow_is_cut_off_and_put_aside(kept: Kept, store: RecordStore, text: bytes) -> None:
    save(store, opened(), opened("uji-2"), opened("uji-3"))
    before = lines(store)
    kept.put_line(2, text)
    kept.put_line(3, text)
    with pytest.raises(DamagedError):
        kept.open().open_ledger().last_line()
    if kept.is_append_only:
        with kept.open().repair(NOW) as repair, pytest.raises(DamagedError):
            repair.cut_broken_end()
        return
    with kept.open().repair(NOW) as repair:
        cut, aside = repair.cut_broken_end()
        assert (cut, bool(aside)) == (2, True)
        assert repair.cut_broken_end() == (0, "")
    assert lines(kept.open()) == before[:1]
    assert kept.open().open_ledger().last_line() == before[0]


def test_a_case_is_stored_anew_and_the_old_one_put_aside(kept: Kept, store: RecordStore) -> None:
    save(store, opened())
    case = add_note(store, "uji-1")
    kept.put_case(opened().instance)
    with kept.open().repair(NOW) as repair:
        assert repair.replace_case(case.instance)
    assert kept.open().load_instance("uji-1") == case.instance
    kept.lose_case("uji-1")
    with kept.open().repair(NOW + timedelta(minutes=1)) as repair:
        assert repair.replace_case(case.instance) == ""
    assert kept.open().load_instance("uji-1") == case.instance
    assert add_note(kept.open(), "uji-1").instance.revision == 3


def test_a_sequence_of_the_register_is_stored_anew(kept: Kept, store: RecordStore) -> None:
    with store.begin() as change:
        give_number(change, "surat")
        give_number(change, "nota")
        change.commit()
    whole = [*store.read_register()]
    kept.lose_number(SEQUENCE)
    with kept.open().begin() as change, pytest.raises(DamagedError):
        change.next_urut(SEQUENCE)
    with kept.open().repair(NOW) as repair:
        repair.replace_sequence(SEQUENCE, whole)
    assert [*kept.open().read_register()] == whole
    with kept.open().begin() as change:
        assert change.next_urut(SEQUENCE) == 3


def test_nobody_writes_while_the_record_is_mended(kept: Kept, store: RecordStore) -> None:
    save(store, opened())
    with ThreadPoolExecutor(1) as pool:
        with kept.open().repair(NOW) as repair:
            waiting = pool.submit(add_note, kept.open(), "uji-1")
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
            repair.append_lines([mended(0)])
        assert waiting.result(30).instance.revision == 2
    assert len(lines(store)) == 3


@pytest.mark.parametrize("kept", ["postgres"], indirect=True)
def test_no_lines_are_added_that_were_chosen_before_others_wrote(kept: Kept, store: RecordStore) -> None:
    """Between two changes a database lets others write."""
    save(store, opened())
    with ThreadPoolExecutor(1) as pool, kept.open().repair(NOW) as repair:
        waiting = pool.submit(add_note, kept.open(), "uji-1")
        with pytest.raises(TimeoutError):
            waiting.result(0.3)
        repair.replace_case(opened().instance)
        assert waiting.result(30).instance.revision == 2
        with pytest.raises(BusyError):
            repair.append_lines([mended(1), *ledger.event_lines(noted(opened()).instance, 1)])
    assert len(lines(store)) == 2
