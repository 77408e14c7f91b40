"""The registers of letters in any store: every number once, what became of a letter in the sequence that holds it."""

from itertools import product

import pytest
from msgspec.structs import replace

from sopctl.engine.events import IncomingLetter
from sopctl.errors import DamagedError
from sopctl.store import ledger
from sopctl.store.ledger import NumberLine
from sopctl.store.protocol import RecordStore
from tests.store.contract.acts import INCOMING, SEQUENCE, Kept, entry, give_number, lines


def test_numbers_go_on_by_their_sequence_within_a_transaction_and_after_it(kept: Kept, store: RecordStore) -> None:
    with store.begin() as change:
        assert [change.next_urut(SEQUENCE), change.next_urut(SEQUENCE)] == [1, 2]
        assert change.next_urut("2026/000.1.jsonl") == 1
    with store.begin() as change:
        assert give_number(change, "surat") == 1
        assert change.next_urut(SEQUENCE) == 2
        change.commit()
    with kept.open().begin() as change:
        assert change.next_urut("2025/semua.jsonl") == 1
        assert give_number(change, "nota") == 2
        change.commit()
    found = [*kept.open().read_register()]
    assert [(one.urut, one.document, one.last) for one in found] == [(1, "surat", 0), (2, "nota", 0)]
    told = [ledger.decode_line(text) for text in lines(store)]
    assert [(one.sequence, one.entry) for one in told if isinstance(one, NumberLine)] == [
        (SEQUENCE, found[0]),
        (SEQUENCE, found[1]),
    ]


def test_a_number_entered_by_hand_is_the_one_that_the_next_follows(kept: Kept, store: RecordStore) -> None:
    with store.begin() as change:
        give_number(change, "surat")
        change.add_entry(replace(entry(41, "tangan", "entered"), last=1), SEQUENCE)
        assert change.next_urut(SEQUENCE) == 42
        change.commit()
    with kept.open().begin() as change:
        assert give_number(change, "nota") == 42
        change.add_entry(replace(entry(0, "menunggu", "awaited"), nomor=""), SEQUENCE)
        change.commit()
    last = [*kept.open().read_register()][-1]
    assert (last.kind, last.urut, last.last) == ("awaited", 0, 42)


def test_a_number_that_was_asked_for_and_not_used_is_given_to_the_next(kept: Kept, store: RecordStore) -> None:
    with store.begin() as change:
        give_number(change, "surat")
        assert change.next_urut(SEQUENCE) == 2
        change.add_entry(replace(entry(1, "tangan", "entered"), last=1), SEQUENCE)
        change.commit()
    with kept.open().begin() as change:
        assert give_number(change, "nota") == 2


def test_what_became_of_a_letter_goes_to_the_sequence_that_holds_it(kept: Kept, store: RecordStore) -> None:
    with store.begin() as change:
        for name in ("2025/semua.jsonl", SEQUENCE):
            give_number(change, "lama", name)
            give_number(change, "surat", name)
        change.commit()
    with kept.open().begin() as change:
        change.amend_entry(entry(1, "lama", "withdrawn"))
        change.amend_entry(entry(2, "surat", "unsigned"))
        change.amend_entry(entry(2, "surat", "signed"))
        change.commit()
    found = kept.open().read_sequences()
    assert [(one.kind, one.urut, one.last) for one in found[SEQUENCE][2:]] == [
        ("withdrawn", 1, 2), ("unsigned", 2, 2), ("signed", 2, 2),
    ]  # fmt: skip
    assert len(found["2025/semua.jsonl"]) == 2
    with kept.open().begin() as change:
        assert change.next_urut(SEQUENCE) == 3


def test_a_letter_that_waited_for_its_number_is_found_by_its_wait(kept: Kept, store: RecordStore) -> None:
    with store.begin() as change:
        change.add_entry(replace(entry(0, "surat", "awaited"), nomor=""), SEQUENCE)
        change.commit()
    with kept.open().begin() as change:
        change.amend_entry(replace(entry(0, "surat", "unsigned"), nomor=""))
        change.commit()
    assert [one.kind for one in kept.open().read_register()] == ["awaited", "unsigned"]


@pytest.mark.parametrize("other", [{"document": "nota"}, {"id": "uji-2"}, {"nomor": "1/2"}, {"id": "uji-1\0"}])
def test_a_letter_that_no_register_holds_cannot_be_amended(store: RecordStore, other: dict[str, str]) -> None:
    with store.begin() as change:
        give_number(change, "surat")
        change.commit()
    with store.begin() as change, pytest.raises(DamagedError):
        change.amend_entry(replace(entry(1, "surat", "withdrawn"), **other))


def test_registers_are_read_by_year_by_sequence_and_by_case(kept: Kept, store: RecordStore) -> None:
    letter = IncomingLetter(surat_dari="Bappeda", perihal="Rapat")
    with store.begin() as change:
        for name in (SEQUENCE, "2025/semua.jsonl", "2026/000.1.jsonl", "semua/semua.jsonl"):
            give_number(change, name, name)
        number = change.next_urut(INCOMING)
        change.add_entry(replace(entry(number, "", id=""), masuk=letter), INCOMING)
        change.add_entry(replace(entry(2, "dua"), id="uji-2"), SEQUENCE)
        change.commit()
    other = kept.open()
    outgoing = ["2025/semua.jsonl", "2026/000.1.jsonl", SEQUENCE, "dua", "semua/semua.jsonl"]
    assert [one.document for one in other.read_register()] == outgoing
    assert [one.document for one in other.read_register(2026)] == ["2026/000.1.jsonl", SEQUENCE, "dua"]
    assert [*other.read_register(1999)] == []
    every = other.read_sequences()
    assert [*every] == ["2025/semua.jsonl", "2026/000.1.jsonl", SEQUENCE, INCOMING, "semua/semua.jsonl"]
    assert every[INCOMING][0].masuk == letter
    assert {name: [one.document for one in some] for name, some in other.read_sequences("uji-2").items() if some} == {
        SEQUENCE: ["dua"]
    }
    for hostile in ("uji", "uji-1\0", "", "%", "' OR 1=1 --", "\ud800"):
        assert not any(some for some in other.read_sequences(hostile).values() if hostile), hostile


def test_no_number_is_given_where_the_ledger_has_lost_lines_of_its_sequence(kept: Kept, store: RecordStore) -> None:
    for document in ("surat", "nota"):
        with store.begin() as change:
            give_number(change, document)
            change.commit()
    kept.lose_lines(2)
    with kept.open().begin() as change, pytest.raises(DamagedError):  # noqa: PT012 — at either
        give_number(change, "lain")
        change.commit()


def test_a_number_that_a_letter_bears_is_found_however_it_is_written(kept: Kept, store: RecordStore) -> None:
    with store.begin() as change:
        change.add_entry(replace(entry(1), nomor="800.1/7/DISKOPUKM"), "2026/semua.jsonl")
        change.add_entry(replace(entry(1, "", id=""), nomor="5/MASUK"), INCOMING)
        change.add_entry(replace(entry(2, "nota", "awaited"), nomor=""), "semua/semua.jsonl")
        change.commit()
    other = kept.open()
    asked = product(("800.1 / 7 / diskopukm", "800.1/7", "5/MASUK", "\0"), (2026, 2025, None))
    taken = [(nomor, year) for nomor, year in asked if other.has_number(nomor, year)]
    assert taken == [("800.1 / 7 / diskopukm", 2026), ("800.1 / 7 / diskopukm", None)]
