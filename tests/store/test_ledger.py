"""The ledger line by line: what it holds, where its chain does not hold, what is found from its end."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.events import Noted, Started
from sopctl.errors import DamagedError
from sopctl.sop.model import Sop
from sopctl.store.files import ledger
from sopctl.store.files.json_transaction import event_lines
from sopctl.store.files.ledger import ChainFault, EventLine, ReadLine

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
"""
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

Lines = Callable[..., list[EventLine]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl"


@pytest.fixture
def lines(sop: Sop) -> Lines:
    """The lines of a case with so many notes, not chained yet."""

    def of(id: str = "uji-1", notes: int = 1, note: str = "Catatan") -> list[EventLine]:
        case = Case.opened(sop, id, "v1", Started(at=NOW, recorded_at=NOW, by="akun", step="susun"))
        for _ in range(notes):
            case = case.after(Noted(at=NOW, recorded_at=NOW, by="akun", note=note))
        return list(event_lines(case.instance, 0))

    return of


def test_each_line_carries_the_hash_of_the_one_before_and_is_read_with_its_number(path: Path, lines: Lines) -> None:
    path.write_bytes(ledger.encode_chain(lines(notes=2), ""))
    read = list(ledger.read_lines(path))
    assert [line.number for line in read] == [1, 2, 3]
    assert [line.torn for line in read] == [False] * 3
    said = [line.line.previous for line in read if line.line]
    assert said == ["", ledger.hash_line(read[0].text), ledger.hash_line(read[1].text)]
    assert ledger.read_last_line(path) == read[-1].text


def test_a_line_without_its_end_is_torn_and_stops_who_would_add_to_it(path: Path, lines: Lines) -> None:
    whole = ledger.encode_chain(lines(), "")
    path.write_bytes(whole[:-9])
    assert [line.torn for line in ledger.read_lines(path)] == [False, True]
    assert [line.line is None for line in ledger.read_lines(path)] == [False, True]
    with pytest.raises(DamagedError, match="terpotong") as raised:
        ledger.read_last_line(path)
    assert raised.value.code == "ledger"


def test_no_ledger_holds_nothing(path: Path) -> None:
    assert list(ledger.read_lines(path)) == []
    assert ledger.read_last_line(path) == b""
    assert ledger.find_last_event_line(path, "uji-1") is None
    path.touch()
    assert (ledger.read_last_line(path), ledger.find_last_event_line(path, "uji-1")) == (b"", None)


def test_a_pipe_in_the_place_of_the_ledger_holds_nothing_and_nobody_up(path: Path) -> None:
    os.mkfifo(path)
    assert list(ledger.read_lines(path)) == []


@pytest.mark.parametrize("length", [10, 9_000, 80_000], ids=["short", "longer than the end that is read", "far longer"])
def test_the_last_line_is_found_however_long_it_is(path: Path, lines: Lines, length: int) -> None:
    path.write_bytes(ledger.encode_chain(lines(note="x" * length), ""))
    *_, last = ledger.read_lines(path)
    assert ledger.read_last_line(path) == last.text


def test_what_does_not_hold_at_a_line_is_named_with_its_reason(path: Path, lines: Lines) -> None:
    path.write_bytes(ledger.encode_chain(lines(), ""))
    first, second = ledger.read_lines(path)
    assert ledger.find_faults(first, "") == ()
    assert ledger.find_faults(second, ledger.hash_line(first.text)) == ()
    assert ledger.find_faults(second, "0" * 64) == (ChainFault(2, "chain"),)
    assert ledger.find_faults(ReadLine(7, b"x", None), "") == (ChainFault(7, "unreadable"),)
    for changed in (_with(second, head="0" * 64), _with(second, revision=5)):
        assert ledger.find_faults(changed, ledger.hash_line(first.text)) == (ChainFault(2, "chain"),)


def _with(line: ReadLine, **more: object) -> ReadLine:
    assert isinstance(line.line, EventLine)
    return replace(line, line=replace(line.line, **more))


def test_the_newest_line_of_a_case_is_found_among_others(path: Path, lines: Lines) -> None:
    path.write_bytes(
        ledger.encode_chain([*lines("uji-1"), *lines("uji-11", note='"case":"uji-1"'), *lines("uji-2")], "")
    )
    found = ledger.find_last_event_line(path, "uji-1")
    assert found is not None
    assert (found.case, found.revision) == ("uji-1", 2)
    assert [line.revision for line in ledger.find_event_lines(path, "uji-1")] == [2, 1]
    assert ledger.find_last_event_line(path, "uji-3") is None


def test_the_last_event_of_a_case_is_looked_for_near_the_end_only(
    path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(ledger.encode_chain([*lines("uji-1"), *lines("uji-2", notes=3)], ""))
    monkeypatch.setattr(ledger, "_FAR", len(ledger.encode_chain(lines("uji-2", notes=3), "0" * 64)))
    assert ledger.find_last_event_line(path, "uji-1") is None
    assert ledger.find_last_event_line(path, "uji-2") is not None


def test_the_case_that_was_opened_last_is_told_by_its_number(path: Path, lines: Lines) -> None:
    assert ledger.latest_case_number(path, "uji") == 0
    path.write_bytes(ledger.encode_chain([*lines("uji-9"), *lines("uji-12"), *lines("uji-lain-40")], ""))
    assert ledger.latest_case_number(path, "uji") == 12
    assert ledger.latest_case_number(path, "uji-lain") == 40
    assert ledger.latest_case_number(path, "lain") == 0


def test_the_first_line_of_all_is_found_though_nothing_comes_before_it(path: Path, lines: Lines) -> None:
    text = ledger.encode_chain(lines("uji-1", notes=0), "")
    for written in (text, text[:-1]):
        path.write_bytes(written)
        found = ledger.find_last_event_line(path, "uji-1")
        assert found is not None
        assert found.revision == 1


def test_a_line_that_cannot_be_read_hides_none_of_the_others(path: Path, lines: Lines) -> None:
    first, *others = ledger.encode_chain([*lines("uji-1"), *lines("uji-2")], "").splitlines(keepends=True)
    path.write_bytes(b"".join([first, b'{"case":"uji-1", \xff\n', *others]))
    assert [line.revision for line in ledger.find_event_lines(path, "uji-1")] == [2, 1]
    assert [line.line is None for line in ledger.read_lines(path)] == [False, True, False, False, False]
