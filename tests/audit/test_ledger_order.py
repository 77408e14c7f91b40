"""Lines of the ledger that a chain made anew vouches for, and that sopctl would not have added there."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from sopctl.audit import periksa
from sopctl.audit.bundle import write_bundle
from sopctl.audit.doctor import run_doctor
from sopctl.audit.verify import verify
from sopctl.store import ledger
from sopctl.store.files import ledger_file
from sopctl.store.ledger import EventLine, LedgerLine, MendLine, NumberLine

if TYPE_CHECKING:
    from tests.audit.conftest import Record

Lines = list[LedgerLine]
Change = Callable[[Lines], object]


def read(record: "Record") -> Lines:
    lines = (ledger.decode_line(line.text) for line in ledger_file.read_lines(record.ledger))
    return [line for line in lines if line is not None]


def rechained(record: "Record", change: Change) -> None:
    """Change the lines, and make the chain anew."""
    lines = read(record)
    change(lines)
    record.ledger.write_bytes(ledger.encode_chain(lines, ""))


def place(lines: Lines, of: type, **said: object) -> int:
    """Where the first line of a kind stands that says this."""
    return next(
        n for n, line in enumerate(lines)
        if isinstance(line, of) and all(getattr(line, name) == value for name, value in said.items())
    )  # fmt: skip


def again(of: type, **said: object) -> Change:
    """A line once more, at the end."""
    return lambda lines: lines.append(lines[place(lines, of, **said)])


def swapped(one: dict[str, Any], other: dict[str, Any], of: type = EventLine) -> Change:
    def change(lines: Lines) -> None:
        first, second = place(lines, of, **one), place(lines, of, **other)
        lines[first], lines[second] = lines[second], lines[first]

    return change


def to_front(lines: Lines) -> None:
    """The last event of a case comes first of all."""
    lines.insert(0, lines.pop(place(lines, EventLine, case="sk-tim-2", revision=6)))


def mended(**said: object) -> Change:
    """A line of `doctor --mend` that nothing was added with."""
    line = MendLine(previous="", at=datetime(2026, 11, 24, 3, 0, tzinfo=UTC), by="akun", lines=0)
    return lambda lines: lines.append(msgspec.structs.replace(line, **said))


def nameless(lines: Lines) -> None:
    """The office file is taken out of the newest line."""
    at = place(lines, EventLine, case="penugasan-1", revision=3)
    lines[at] = msgspec.structs.replace(lines[at], office="")


FIRST, SECOND = {"case": "sk-tim-1", "revision": 2}, {"case": "sk-tim-1", "revision": 3}
CHANGES: dict[str, tuple[Change, str]] = {
    "an event twice": (again(EventLine, **FIRST), "memuat baris catatan nomor 2 berkas sk-tim-1 sekali lagi"),
    "the first event twice": (again(EventLine, case="penugasan-1", revision=1), "catatan nomor 1 berkas penugasan-1"),
    "a number twice": (again(NumberLine), "memuat baris buku agenda 2026/semua.jsonl sekali lagi"),
    "two events swapped": (swapped(FIRST, SECOND), "catatan nomor 3 berkas sk-tim-1 tidak pada urutannya"),
    "the last event moved to the front": (to_front, "baris 1 memuat catatan nomor 6 berkas sk-tim-2 tidak pada urut"),
    "minus five lines mended": (mended(lines=-5), "menyebut baris lain"),
    "no lines mended": (mended(), "menyebut baris lain"),
    "lines mended that do not follow": (mended(lines=2, cases={"x-1": (1, 2)}), "menyebut baris"),
    "a line accepted that is in its place": (mended(accepted=(3,)), "menyebut baris lain"),
    "an event without its office": (nameless, "catatan nomor 3 berkas penugasan-1 tanpa sopctl.yaml"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "says"), CHANGES.values(), ids=CHANGES.keys())
def test_a_line_that_sopctl_would_not_have_added_is_named_accepted_and_told_for_good(
    record: "Record", change: Change, says: str
) -> None:
    rechained(record, change)
    room = record.room
    (finding,) = verify(room.session().record, None).findings
    assert (says in finding.message, finding.advice) == (True, "accept_lines"), finding.message
    for id in ("sk-tim-1", "sk-tim-2", "penugasan-1"):
        room.note(id, "masih jalan")
    agreed = run_doctor(room.session().record, mend=True)
    assert (agreed.findings, len(agreed.mended)) == ((), 1)
    for _ in range(2):
        found = verify(room.session().record, None)
        assert found.findings == ()
        assert ["diterima oleh akun" in notice.message for notice in found.notices].count(True) == 1
        assert run_doctor(room.session().record, mend=True).mended == ()
        room.note("penugasan-1", "masih jalan")
        room.approve(room.letter())


def test_an_event_that_the_ledger_lost_is_added_and_those_behind_it_accepted(record: "Record") -> None:
    rechained(record, lambda lines: lines.pop(place(lines, EventLine, **SECOND)))
    assert [finding.kind for finding in verify(record.room.session().record, None).findings] == ["ledger", "ahead"]
    assert run_doctor(record.room.session().record, mend=True).findings == ()
    assert read(record)[-2].accepted != ()  # type: ignore[union-attr]
    record.room.note("sk-tim-1", "masih jalan")
    assert verify(record.room.session().record, None).findings == ()


def test_two_numbers_that_were_swapped_are_not_given_again(record: "Record") -> None:
    numbers = [line.entry.urut for line in read(record) if isinstance(line, NumberLine)]
    rechained(record, lambda lines: lines.append(lines.pop(place(lines, NumberLine))))
    (finding,) = verify(record.room.session().record, None).findings
    assert "buku agenda 2026/semua.jsonl tidak pada urutannya" in finding.message
    assert run_doctor(record.room.session().record, mend=True).findings == ()
    assert record.room.approve(record.room.letter()).documents[0].nomor == f"800.1.11.1/{max(numbers) + 1}/DISKOPUKM"


def test_a_bundle_takes_an_accepted_repeat_for_what_it_is(record: "Record", tmp_path: Path) -> None:
    rechained(record, again(EventLine, **FIRST))
    rechained(record, again(NumberLine))
    run_doctor(record.room.session().record, mend=True)
    write_bundle(record.room.session().record, "sk-tim-1", tmp_path / "b.zip")
    bundle = periksa.opened(tmp_path / "b.zip")
    assert list(periksa.faults(bundle)) == []
    lines = periksa.ledger_of(bundle.parts["buku-besar.jsonl"], bundle.manifest["ledger"])
    assert len(periksa.repeats(lines)) == 2
    assert len(periksa.repeats([line for line in lines if line.said["kind"] != "mended"])) == 0
