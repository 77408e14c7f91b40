"""The ledger line by line: what it holds, where its chain does not hold, what its index finds in it."""

import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.events import Noted, Started
from sopctl.errors import DamagedError
from sopctl.sop.model import Sop
from sopctl.store import ledger
from sopctl.store.caches.account_cache import Cache, account_folder
from sopctl.store.files import ledger_file, ledger_index
from sopctl.store.files.ledger_index import LedgerIndex
from sopctl.store.ledger import (
    OFFICE,
    ChainFault,
    EventLine,
    LedgerLine,
    LoggedEvent,
    NumberLine,
    OfficeLine,
    ReadLine,
    event_lines,
)
from sopctl.store.register import RegisterEntry
from sopctl.store.workspace import Workspace

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
    (tmp_path / "data").mkdir(mode=0o700)
    return tmp_path / "data" / "ledger.jsonl"


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
    read = list(ledger_file.read_lines(path))
    assert [line.number for line in read] == [1, 2, 3]
    assert [line.torn for line in read] == [False] * 3
    said = [line.line.previous for line in read if line.line]
    assert said == ["", ledger.hash_line(read[0].text), ledger.hash_line(read[1].text)]
    assert ledger_file.read_last_line(path) == read[-1].text


def test_a_line_without_its_end_is_torn_and_stops_who_would_add_to_it(path: Path, lines: Lines) -> None:
    whole = ledger.encode_chain(lines(), "")
    path.write_bytes(whole[:-9])
    assert [line.torn for line in ledger_file.read_lines(path)] == [False, True]
    assert [line.line is None for line in ledger_file.read_lines(path)] == [False, True]
    with pytest.raises(DamagedError, match="terpotong") as raised:
        ledger_file.read_last_line(path)
    assert raised.value.code == "ledger"


def test_no_ledger_holds_nothing(path: Path) -> None:
    assert list(ledger_file.read_lines(path)) == []
    assert ledger_file.read_last_line(path) == b""
    assert index(path).latest_event_lines("uji-1") == []
    path.touch()
    assert (ledger_file.read_last_line(path), ledger.find_event_lines(index(path), "uji-1")) == (b"", [])


def test_a_pipe_in_the_place_of_the_ledger_holds_nothing_and_nobody_up(path: Path) -> None:
    os.mkfifo(path)
    assert list(ledger_file.read_lines(path)) == []


@pytest.mark.parametrize("length", [10, 9_000, 80_000], ids=["short", "longer than the end that is read", "far longer"])
def test_the_last_line_is_found_however_long_it_is(path: Path, lines: Lines, length: int) -> None:
    path.write_bytes(ledger.encode_chain(lines(note="x" * length), ""))
    *_, last = ledger_file.read_lines(path)
    assert ledger_file.read_last_line(path) == last.text


def test_what_does_not_hold_at_a_line_is_named_with_its_reason(path: Path, lines: Lines) -> None:
    path.write_bytes(ledger.encode_chain(lines(), ""))
    first, second = ledger_file.read_lines(path)
    assert ledger.find_faults(first, "") == ()
    assert ledger.find_faults(second, ledger.hash_line(first.text)) == ()
    assert ledger.find_faults(second, "0" * 64) == (ChainFault(2, "chain"),)
    assert ledger.find_faults(ReadLine(7, b"x", None), "") == (ChainFault(7, "unreadable"),)
    for changed in (_with(second, head="0" * 64), _with(second, revision=5)):
        assert ledger.find_faults(changed, ledger.hash_line(first.text)) == (ChainFault(2, "chain"),)


def _with(line: ReadLine, **more: object) -> ReadLine:
    assert isinstance(line.line, LoggedEvent)
    return replace(line, line=replace(line.line, **more))


def test_the_lines_of_a_case_are_found_among_others(path: Path, lines: Lines) -> None:
    opened, *_ = lines("uji-2")
    filled = replace(opened, event=replace(opened.event, fields={"case": "uji-1", "sequence": SEQUENCE}))
    write(path, [*lines("uji-1"), *lines("uji-11", note='"case":"uji-1"'), filled])
    assert heads(index(path).latest_event_lines("uji-1")) == [("uji-1", 2)]
    assert heads(ledger.find_event_lines(index(path), "uji-1")) == [("uji-1", 1), ("uji-1", 2)]
    assert index(path).latest_event_lines("uji-3") == []
    assert index(path).highest_letter_number(SEQUENCE) == 0


def test_the_highest_number_of_an_sop_and_of_a_sequence_is_known_whatever_came_last(path: Path, lines: Lines) -> None:
    assert index(path).highest_case_number("uji") == 0
    numbers: list[LedgerLine] = [number(1), number(2), number(1), number(0, last=2)]
    write(path, [*lines("uji-12"), *lines("uji-9"), *lines("uji-lain-40"), *numbers])
    assert [index(path).highest_case_number(sop) for sop in ("uji", "uji-lain", "lain")] == [12, 40, 0]
    assert [index(path).highest_letter_number(name) for name in (SEQUENCE, "2025/semua.jsonl")] == [2, 0]


def test_the_highest_revision_of_a_case_is_known_though_an_older_line_came_again(path: Path, lines: Lines) -> None:
    first, second, third = lines(notes=2)
    other = replace(third, head="0" * 64)
    for written, highest in (
        ([first, second, third, second], [third]),
        ([third, first, second], [third]),
        ([first, second, other, third], [other, third]),
    ):
        write(path, written)
        assert heads(index(path).latest_event_lines("uji-1")) == heads(highest)


def test_a_line_that_cannot_be_read_hides_none_of_the_others(path: Path, lines: Lines) -> None:
    first, *others = ledger.encode_chain([*lines("uji-1"), *lines("uji-2")], "").splitlines(keepends=True)
    path.write_bytes(b"".join([first, b'{"case":"uji-1", \xff\n', *others]))
    assert heads(ledger.find_event_lines(index(path), "uji-1")) == [("uji-1", 1), ("uji-1", 2)]
    assert [line.line is None for line in ledger_file.read_lines(path)] == [False, True, False, False, False]


def test_the_lines_with_which_the_office_file_changes_are_kept_by_themselves(path: Path, lines: Lines) -> None:
    offices = ["", "a", "a", "b", "", "b"]
    written = [replace(line, office=office) for line, office in zip(lines(notes=5), offices, strict=True)]
    accepted = OfficeLine(previous="", at=written[0].event.at, by="akun", office="c", holds=False)
    write(path, [*written[:3], accepted, *written[2:]])
    found = ledger.find_lines(index(path), OFFICE)
    assert [getattr(line, "office", None) for line in found] == ["a", "c", "a", "b"]


@pytest.fixture
def long(path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> list[LedgerLine]:
    """A ledger that is indexed after every line, and so once at each length."""
    monkeypatch.setattr(ledger_index, "_TAIL", 0)
    written: list[LedgerLine] = [
        *lines("uji-2"), number(1), *lines("uji-1", notes=3), number(2), *lines("uji-10"), *lines("uji-3"), number(3),
    ]  # fmt: skip
    for length in range(1, len(written) + 1):
        write(path, written[:length])
        ledger.find_event_lines(index(path), "uji-1")
    assert kept(path).is_file()
    return written


def answers(path: Path) -> tuple[object, ...]:
    found = index(path)
    return (
        *(heads(ledger.find_event_lines(found, f"uji-{n}")) for n in (1, 2, 3, 4, 10)),
        found.highest_case_number("uji"),
        found.highest_letter_number(SEQUENCE),
        len(ledger.find_lines(found, OFFICE)),
    )


def plain_answers(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    """What the ledger says without an index."""
    with monkeypatch.context() as patched:
        patched.setattr(Cache, "open", lambda *_: None)
        return answers(path)


def test_the_index_says_what_the_ledger_says_at_every_length(
    path: Path, long: list[LedgerLine], monkeypatch: pytest.MonkeyPatch
) -> None:
    for length in range(len(long) + 1):
        write(path, long[:length])
        assert answers(path) == plain_answers(path, monkeypatch), length


def test_only_lines_that_came_since_are_read_again(
    path: Path, lines: Lines, long: list[LedgerLine], count_calls: Callable[[Callable[[], object]], int]
) -> None:
    calls = []
    for notes in (3, 300):
        write(path, [*long, *lines("uji-77", notes=notes)])
        answers(path)
        calls.append(count_calls(lambda: index(path).latest_event_lines("uji-10")))
    assert calls[0] == calls[1]


SPOILT: dict[str, Callable[[Path], object]] = {
    "deleted": lambda file: file.unlink(),
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-12]),
    "no index": lambda file: file.write_bytes(b"x" * 900),
    "of another edition": lambda file: file.write_bytes(file.read_bytes().replace(b'"1 ', b'"0 ')),
    "with places of no lines": lambda file: file.write_bytes(
        file.read_bytes()[:-48] + (1).to_bytes(8, sys.byteorder) * 6
    ),
    "with places beyond any file": lambda file: file.write_bytes(file.read_bytes()[:-48] + b"\xff" * 48),
    "open to others": lambda file: file.chmod(0o666),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
@pytest.mark.usefixtures("long")
def test_an_index_that_is_none_costs_time_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], object]
) -> None:
    before = plain_answers(path, monkeypatch)
    spoil(kept(path))
    assert answers(path) == before


def test_an_index_of_another_ledger_is_not_believed(
    path: Path, lines: Lines, long: list[LedgerLine], monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in (long[2:], [*long[:-1], number(9)], [*lines("uji-4", notes=20)], long[::-1]):
        write(path, other)
        assert answers(path) == plain_answers(path, monkeypatch)


SEQUENCE = "2026/semua.jsonl"


def number(urut: int, *, last: int = 0) -> NumberLine:
    """A line of the register, not chained yet."""
    entry = RegisterEntry(
        urut=urut, nomor=f"000/{urut}", kode="000", at=NOW, id="", document="", perihal="Undangan", by="akun", last=last
    )
    return NumberLine(previous="", sequence=SEQUENCE, entry=entry)


def write(path: Path, lines: Iterable[LedgerLine]) -> None:
    path.write_bytes(ledger.encode_chain(lines, ""))


def index(path: Path) -> LedgerIndex:
    return LedgerIndex(Workspace(path.parent.parent))


def kept(path: Path) -> Path:
    return path.parent / "cache" / account_folder() / ledger_index.NAME


def heads(lines: Iterable[EventLine]) -> list[tuple[str, int]]:
    return [(line.case, line.revision) for line in lines]
