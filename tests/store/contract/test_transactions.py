"""A transaction in any store: all of it or nothing, one writer at a time, no id twice, nothing beside the ledger."""

from datetime import timedelta
from hashlib import sha256
from threading import Event, Thread

import pytest
from msgspec.structs import replace

from sopctl.engine.events import chain_root, digest
from sopctl.errors import BusyError, DamagedError, NotFoundError, SopctlError, UsageError
from sopctl.store import case_json, ledger
from sopctl.store.ledger import AccountLine, EventLine, OfficeLine
from sopctl.store.protocol import RecordStore
from tests.store.contract import acts
from tests.store.contract.acts import NOW, SEQUENCE, Kept, add_note, everything, give_number, noted, opened, save

OFFICE = b"instansi: {}\n"
OFFICE_ID = sha256(OFFICE).hexdigest()


def test_an_empty_record_says_that_it_is_empty(store: RecordStore) -> None:
    found = everything(store)
    assert [key for key, value in found.items() if value] == ["keys"]
    assert set(map(len, found["keys"].values())) == {0}  # type: ignore[attr-defined]  # a dict of lists
    assert not store.open_ledger().exists
    assert store.commit_state == "nothing"
    assert not store.recover()


def test_what_is_made_is_there_for_every_other_and_what_is_not_leaves_nothing(kept: Kept, store: RecordStore) -> None:
    save(store, noted(opened()))
    assert store.commit_state == "yes"
    before = everything(kept.open())
    assert before["ids"] == ["uji-1"]
    other = kept.open()
    with other.begin() as change:
        change.use_office(OFFICE_ID, OFFICE)
        change.save_instance(noted(acts.read(change.load_instance("uji-1"))).instance)
        change.save_instance(opened(change.new_id("uji")).instance)
        change.pin_sop("v1", b"id: uji\n")
        change.add_document("uji-1", "001", b"naskah")
        change.add_attachment("uji-1", "bukti.pdf", b"bukti")
        change.add_scan(acts.INCOMING, "1.pdf", b"surat")
        give_number(change, "surat")
        change.record_account_act("invite", "budi", NOW, "akun")
        change.accept_office(OFFICE_ID, NOW, "akun", holds=True)
    assert other.commit_state == "nothing"
    assert everything(kept.open()) == before
    with pytest.raises(KeyError), other.begin() as change:  # noqa: PT012 — the second
        change.save_instance(opened("uji-2").instance)
        raise KeyError
    assert everything(kept.open()) == before
    assert add_note(other, "uji-1").instance.revision == 3, "the next one may write"


def test_a_transaction_of_nothing_changes_nothing(kept: Kept, store: RecordStore) -> None:
    for _ in range(2):
        with store.begin() as change:
            change.commit()
    assert not store.open_ledger().exists
    save(store, opened())
    before = everything(store)
    with store.begin() as change:
        change.commit()
    assert everything(kept.open()) == before


def test_several_cases_and_letters_of_one_transaction_are_there_together(kept: Kept, store: RecordStore) -> None:
    with store.begin() as change:
        first, second = (opened(change.new_id("uji"), subject) for subject in ("Satu", "Dua"))
        change.save_instance(first.instance)
        change.save_instance(noted(second).instance)
        change.save_instance(noted(first).instance)
        assert [give_number(change, "surat"), give_number(change, "nota")] == [1, 2]
        assert give_number(change, "lain", "2026/000.1.jsonl") == 1
        change.commit()
    found = everything(kept.open())
    assert found["ids"] == ["uji-1", "uji-2"]
    told = [ledger.decode_line(text) for text in acts.lines(store)]
    assert [(line.case, line.revision) for line in told if isinstance(line, EventLine)] == [
        ("uji-1", 1), ("uji-2", 1), ("uji-2", 2), ("uji-1", 2),
    ]  # fmt: skip
    assert len(told) == 4 + 3


def test_every_event_is_told_with_the_office_that_allowed_it(kept: Kept, store: RecordStore) -> None:
    with store.begin() as change:
        change.save_instance(opened().instance)
        change.commit()
    with store.begin() as change:
        change.use_office(OFFICE_ID, OFFICE)
        change.save_instance(noted(acts.read(change.load_instance("uji-1"))).instance)
        change.commit()
    first, second = ledger.find_event_lines(store.open_ledger(), "uji-1")
    assert (first.office, second.office) == ("", OFFICE_ID)
    assert (first.version, second.version) == ("v1", "v1")
    assert (first.head, first.event.previous) == (digest(first.event), chain_root("uji-1", "v1"))
    assert second.head == store.load_instance("uji-1").head
    assert kept.open().read_version("office", OFFICE_ID) == OFFICE


def test_acts_on_accounts_and_offices_are_lines_that_hold_their_own_hash(store: RecordStore) -> None:
    with store.begin() as change:
        change.use_office(OFFICE_ID, OFFICE)
        change.record_account_act("invite", "budi", NOW, "akun")
        change.accept_office(OFFICE_ID, NOW, "kadis", holds=False)
        change.record_account_act("disable", "budi", NOW, "akun")
        change.commit()
    book = store.open_ledger()
    assert len(acts.lines(store)) == 3
    told = [line for line in ledger.find_lines(book, ledger.ACCOUNT) if isinstance(line, AccountLine)]
    assert [(line.act, line.account, line.by, line.office) for line in told] == [
        ("invite", "budi", "akun", OFFICE_ID),
        ("disable", "budi", "akun", OFFICE_ID),
    ]
    changes = ledger.find_lines(book, ledger.OFFICE)
    assert [type(line) for line in changes] == [AccountLine, OfficeLine, AccountLine]
    assert isinstance(changes[1], OfficeLine)
    assert (changes[1].by, changes[1].holds) == ("kadis", False)


def test_ids_go_on_after_the_highest_and_differ_within_a_transaction(store: RecordStore) -> None:
    save(store, opened("uji-7"), opened("uji-lain-40"))
    with store.begin() as change:
        assert [change.new_id("uji") for _ in range(3)] == ["uji-8", "uji-9", "uji-10"]
        assert [change.new_id("uji-lain"), change.new_id("lain")] == ["uji-lain-41", "lain-1"]
    with store.begin() as change:
        assert change.new_id("uji") == "uji-8", "those were never used"
        change.save_instance(opened("uji-999").instance)
        change.commit()
    with store.begin() as change:
        assert change.new_id("uji") == "uji-1000"


def test_an_id_that_was_given_once_is_not_given_again_though_its_case_is_gone(kept: Kept, store: RecordStore) -> None:
    save(store, opened("uji-7"))
    kept.lose_case("uji-7")
    with kept.open().begin() as change:
        assert change.new_id("uji") == "uji-8"


def test_a_case_is_read_in_a_transaction_as_it_was_when_that_began(kept: Kept, store: RecordStore) -> None:
    save(store, opened())
    with store.begin() as change:
        case = noted(acts.read(change.load_instance("uji-1")))
        change.save_instance(case.instance)
        assert change.load_instance("uji-1").revision == 1
        change.commit()
    with kept.open().begin() as change:
        assert change.load_instance("uji-1") == case.instance


def test_a_case_that_is_not_there_is_not_found_and_the_transaction_goes_on(store: RecordStore) -> None:
    with store.begin() as change:
        for id in ("uji-1", "uji", "", "../uji-1", "uji-1\0", "UJI-1"):
            with pytest.raises(NotFoundError):
                change.load_instance(id)
        change.save_instance(opened().instance)
        change.commit()
    assert [*store.list_ids()] == ["uji-1"]


def test_a_case_that_the_ledger_knows_otherwise_is_refused(kept: Kept, store: RecordStore) -> None:
    save(store, opened())
    longer = add_note(store, "uji-1")
    for put, codes in (
        (opened(), {"behind"}),
        (noted(longer), {"behind", "changed"}),
        (noted(opened(), "Lain"), {"changed"}),
        (noted(opened(subject="Lain")), {"changed"}),
    ):
        kept.put_case(put.instance)
        with kept.open().begin() as change, pytest.raises(DamagedError) as raised:
            change.load_instance("uji-1")
        assert raised.value.code in codes, put
    kept.put_case(longer.instance)
    assert add_note(kept.open(), "uji-1").instance.revision == 3


@pytest.mark.parametrize("there", ["case", "register"])
def test_a_ledger_that_was_lost_is_not_begun_again(kept: Kept, store: RecordStore, there: str) -> None:
    with store.begin() as change:
        if there == "case":
            change.save_instance(opened().instance)
        else:
            give_number(change, "surat")
        change.commit()
    kept.lose_lines(1)
    with kept.open().begin() as change, pytest.raises(DamagedError) as raised:  # noqa: PT012 — at either
        change.save_instance(opened("uji-9").instance)
        change.commit()
    assert raised.value.code == "ledger"


@pytest.mark.parametrize("text", [b"bukan baris", b"{}", b""])
def test_nothing_follows_a_line_that_is_none(kept: Kept, store: RecordStore, text: bytes) -> None:
    save(store, opened(), opened("uji-2"))
    kept.put_line(2, text)
    with kept.open().begin() as change, pytest.raises(DamagedError) as raised:  # noqa: PT012 — at either
        change.save_instance(opened("uji-9").instance)
        change.commit()
    assert raised.value.code == "ledger"
    assert "uji-9" not in kept.open().list_ids()


@pytest.mark.parametrize("larger", [0, 1], ids=["as large as can be", "a byte larger"])
def test_a_case_is_stored_up_to_the_size_that_can_be_read(
    kept: Kept, store: RecordStore, monkeypatch: pytest.MonkeyPatch, larger: int
) -> None:
    case = noted(opened(), "x" * 1000)
    monkeypatch.setattr(case_json, "LARGEST", len(case_json.encode(case.instance)) - larger)
    with store.begin() as change:
        if larger:
            with pytest.raises(UsageError) as raised:
                change.save_instance(case.instance)
            assert raised.value.code == "too_large"
        else:
            change.save_instance(case.instance)
            change.commit()
    assert [*kept.open().list_ids()] == ([] if larger else ["uji-1"])


TEXTS = {
    "NUL": "a\0b",
    "a line's end": "a\nb\r\u2028\u2029\x85c",
    "quotes": "'; DROP TABLE cases; -- \" \\ %s $1 {x} \\u0000",
    "signs of other scripts": "الحمد 👩\u200d👩\u200d👧 e\u0301 \ufeff \U0010ffff",
    "control signs": "".join(map(chr, range(1, 32))) + "\x7f",
    "a ledger line": '{"kind":"event","case":"uji-9","revision":1}',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_whatever_people_type_is_read_back_as_it_is(kept: Kept, store: RecordStore, text: str) -> None:
    with store.begin() as change:
        change.save_instance(noted(opened(subject=text), text).instance)
        number = change.next_urut(SEQUENCE)
        change.add_entry(replace(acts.entry(number, text), perihal=text, note=text, tujuan=text), SEQUENCE)
        change.record_account_act("invite", text, NOW, text)
        change.commit()
    with kept.open().begin() as change:
        change.amend_entry(replace(acts.entry(1, text, "withdrawn"), note=text))
        change.commit()
    other = kept.open()
    found = other.load_instance("uji-1")
    assert (found.subject, found.events[-1].note) == (text, text)
    given, withdrawn = other.read_register()
    assert (given.document, given.perihal, given.tujuan, withdrawn.note) == (text, text, text, text)
    assert len(acts.lines(other)) == 5
    assert [*other.list_ids()] == ["uji-1"]


def test_half_a_sign_is_refused_or_kept_but_never_half_kept(kept: Kept, store: RecordStore) -> None:
    """A lone surrogate is no text that JSON can hold: nothing of its transaction may be there."""
    with pytest.raises((UnicodeError, SopctlError)), store.begin() as change:  # noqa: PT012 — at any
        change.save_instance(opened().instance)
        change.add_entry(replace(acts.entry(1), perihal="\ud800"), SEQUENCE)
        change.commit()
    assert acts.lines(kept.open()) == []
    assert [*kept.open().list_ids()] == []


def test_a_clock_that_is_behind_or_in_another_age_records_nothing(store: RecordStore) -> None:
    with store.begin() as change:
        change.check_clock(NOW)
        change.save_instance(opened().instance)
        change.commit()
    with store.begin() as change:
        change.check_clock(NOW - timedelta(hours=23))
        for moment in (NOW - timedelta(days=2), NOW.replace(year=1970), NOW.replace(year=2120)):
            with pytest.raises(BusyError) as raised:
                change.check_clock(moment)
            assert raised.value.code == "clock"


def test_one_writes_at_a_time(kept: Kept, store: RecordStore) -> None:
    save(store, opened())
    began, ended, order = Event(), Event(), list[str]()

    def write() -> None:
        began.set()
        add_note(kept.open(), "uji-1", "kedua")
        order.append("second")
        ended.set()

    with store.begin() as change:
        writer = Thread(target=write)
        writer.start()
        assert began.wait(30)
        assert not ended.wait(0.3)
        change.save_instance(noted(acts.read(change.load_instance("uji-1")), "pertama").instance)
        order.append("first")
        change.commit()
    writer.join(30)
    assert order == ["first", "second"]
    assert [event.note for event in store.load_instance("uji-1").events[1:]] == ["pertama", "kedua"]


def test_who_waits_for_a_change_hears_of_it_and_of_nothing_else(kept: Kept, store: RecordStore) -> None:
    save(store, opened())
    before = store.state()
    assert kept.open().state() == before
    assert not store.await_change(before, 0)
    with store.begin():
        pass
    assert store.state() == before
    add_note(kept.open(), "uji-1")
    assert store.await_change(before, 30)
    assert store.state() != before
