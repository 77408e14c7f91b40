"""The ledger of any store: the same bytes for the same acts, and the same answers about them."""

from hashlib import sha256

import pytest

from sopctl.store import ledger
from sopctl.store.ledger import case_key
from sopctl.store.protocol import RecordStore
from tests.store.contract import acts
from tests.store.contract.acts import NOW, Kept, add_note, give_number, lines, noted, opened, save

OFFICES = [sha256(text).hexdigest() for text in (b"satu", b"dua", b"tiga")]
HEAD = "5c6348a502ec13c195d4ade58fc253ee76d537eaa5ee2d4ae6b6008893e3af2e"


@pytest.fixture
def worked(kept: Kept) -> RecordStore:
    """A record of some acts, each in a transaction of its own."""
    store = kept.open()
    save(store, noted(opened()), opened("uji-2"))
    for office in (OFFICES[0], OFFICES[0], OFFICES[1]):
        with store.begin() as change:
            change.use_office(office, b"satu" if office == OFFICES[0] else b"dua")
            change.save_instance(noted(acts.read(change.load_instance("uji-1"))).instance)
            give_number(change, f"surat-{office[:4]}-{len(lines(store))}")
            change.commit()
    with store.begin() as change:
        change.accept_office(OFFICES[2], NOW, "kadis", holds=True)
        change.commit()
    with store.begin() as change:
        change.use_office(OFFICES[1], b"dua")
        change.record_account_act("invite", "budi", NOW, "akun")
        change.commit()
    add_note(store, "uji-2")
    return kept.open()


def test_the_same_acts_make_the_same_bytes_in_every_store(worked: RecordStore) -> None:
    text = b"".join(line + b"\n" for line in lines(worked))
    assert (len(text.splitlines()), sha256(text).hexdigest()) == (12, HEAD)


def test_lines_are_found_by_number_by_key_and_by_their_neighbours(worked: RecordStore) -> None:
    book, texts = worked.open_ledger(), lines(worked)
    assert book.exists
    assert book.name
    assert book.last_line() == texts[-1]
    assert book.read_texts([1, 3, 12, 13, 0, -1]) == {1: texts[0], 3: texts[2], 12: texts[11]}
    assert book.read_texts([]) == {}
    assert book.count_lines() == 12
    told = book.find_texts(case_key("uji-1"))
    assert [text for _, text in told] == [text for text in texts if b'"case":"uji-1"' in text and b'"event"' in text]
    assert sorted(place for place, _ in told) == [place for place, _ in told]
    assert [line.revision for line in ledger.find_event_lines(book, "uji-1")] == [1, 2, 3, 4, 5]
    assert [line.revision for line in ledger.find_event_lines(book, "uji-2")] == [1, 2]
    around = {
        text: (before, after) for before, text, after in zip([b"", *texts], texts, [*texts[1:], b""], strict=False)
    }
    assert book.find_neighbours(told) == [around[text] for _, text in told]
    last = book.find_texts(case_key("uji-2"))[-1:]
    assert book.find_neighbours(last) == [(texts[-2], b"")]
    assert book.find_neighbours([]) == []


def test_the_lines_with_which_the_office_file_changes_are_found_by_themselves(worked: RecordStore) -> None:
    found = ledger.find_lines(worked.open_ledger(), ledger.OFFICE)
    assert [(line.__struct_config__.tag, getattr(line, "office", "")) for line in found] == [
        ("event", OFFICES[0]),
        ("event", OFFICES[1]),
        ("office", OFFICES[2]),
        ("account", OFFICES[1]),
    ]
    (invited,) = ledger.find_lines(worked.open_ledger(), ledger.ACCOUNT)
    assert invited.__struct_config__.tag == "account"
    assert ledger.find_lines(worked.open_ledger(), ledger.MENDED) == []


@pytest.mark.parametrize("case", ["uji", "uji-3", "", "uji-1\0", "\ud800", "%", "UJI-1", 'uji-1","x":"', "x" * 5000])
def test_what_is_no_case_has_no_lines(worked: RecordStore, case: str) -> None:
    book = worked.open_ledger()
    assert (ledger.find_event_lines(book, case), book.find_texts(case_key(case))) == ([], [])


def test_a_ledger_is_read_as_it_was_when_it_was_first_asked(kept: Kept, worked: RecordStore) -> None:
    book = worked.open_ledger()
    assert len(ledger.find_event_lines(book, "uji-2")) == 2
    add_note(kept.open(), "uji-2")
    assert len(ledger.find_event_lines(book, "uji-2")) == 2
    assert len(ledger.find_event_lines(kept.open().open_ledger(), "uji-2")) == 3


@pytest.mark.parametrize("text", [b"", b"{}", b"bukan baris", b'{"kind":"event"}', "é\u2028".encode()])
def test_a_line_that_cannot_be_read_hides_none_of_the_others(kept: Kept, worked: RecordStore, text: bytes) -> None:
    before = lines(worked)
    kept.put_line(2, text)
    found = [*kept.open().open_ledger().read_lines()]
    assert [line.text for line in found] == [before[0], text, *before[2:]]
    assert [line.number for line in found if line.line is None] == [2]
    told = ledger.find_event_lines(kept.open().open_ledger(), "uji-1")
    assert [line.revision for line in told] == [1, 3, 4, 5]


def test_a_line_that_was_altered_is_read_as_it_stands(kept: Kept, worked: RecordStore) -> None:
    before = lines(worked)
    kept.put_line(2, before[1].replace(b"Catatan", b"Catetan"))
    found = [*kept.open().open_ledger().read_lines()]
    assert [fault.number for fault in ledger.find_faults(found[1], ledger.hash_line(before[0]))] == [2]
    assert b"Catetan" in found[1].text
