"""An anchor kept elsewhere shows what a chain alone cannot: that the newest entries of everything were cut off."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.audit.anchor import KeptAnchor, check_anchors, read_anchors, take_anchor
from sopctl.audit.verify import verify
from sopctl.errors import DamagedError, NotFoundError, UsageError
from sopctl.store.ledger import hash_line

if TYPE_CHECKING:
    from tests.audit.conftest import Record
    from tests.conftest import Room


def test_an_anchor_still_holds_after_more_was_recorded(record: "Record") -> None:
    kept = read_anchors(take_anchor(record.room.session().record).text)
    record.room.approve("penugasan-1")
    assert check_anchors(record.room.session().record, kept) == ()


def test_everything_put_back_to_an_older_state_is_shown_by_the_anchor_alone(record: "Record", tmp_path: Path) -> None:
    older = shutil.copytree(record.data, tmp_path / "cadangan")
    record.room.approve("penugasan-1")
    kept = read_anchors(take_anchor(record.room.session().record).text)
    shutil.rmtree(record.data)
    shutil.copytree(older, record.data)
    assert verify(record.room.session().record, None).findings == ()
    assert "dipotong" in check_anchors(record.room.session().record, kept)[0].message
    record.room.now = record.room.now.replace(hour=15)
    record.room.approve("penugasan-1")
    assert verify(record.room.session().record, None).findings == ()
    assert "disusun ulang" in check_anchors(record.room.session().record, kept)[0].message


def test_an_anchor_is_read_from_a_line_or_a_file(record: "Record", tmp_path: Path) -> None:
    taken = take_anchor(record.room.session().record)
    (tmp_path / "jangkar.txt").write_text(f"Jangkar tanggal 24 November:\n{taken.text}  {taken.at}\n", encoding="utf-8")
    (of_file,), (of_line,) = read_anchors(str(tmp_path / "jangkar.txt")), read_anchors(f"  {taken.text} ")
    assert of_file == KeptAnchor(2, taken.lines, taken.head)
    assert of_line == KeptAnchor(1, taken.lines, taken.head)


def test_every_anchor_of_a_file_is_compared_and_the_wrong_ones_are_named(record: "Record", tmp_path: Path) -> None:
    early = "sopctl 3 " + hash_line(record.ledger.read_bytes().splitlines()[2])
    kept = tmp_path / "jangkar.txt"
    lines = [
        early,
        "catatan rapat",
        "sopctl 5 " + "a" * 64,
        take_anchor(record.room.session().record).text,
        "sopctl 99 " + "b" * 64,
    ]
    kept.write_text("\n".join(lines), encoding="utf-8")
    messages = [finding.message for finding in check_anchors(record.room.session().record, read_anchors(str(kept)))]
    assert len(messages) == 2
    assert messages[0].startswith("Sidik catatan pada baris 3 (sopctl 5 aaaaaaaa…): buku catatan sampai baris 5 bukan")
    assert messages[1].startswith(
        "Sidik catatan pada baris 5 (sopctl 99 bbbbbbbb…): buku catatan hanya memuat 18 baris"
    )
    assert [one.place for one in read_anchors(f"{early} {early}")] == [1, 1]


def test_an_anchor_of_no_lines_is_told_for_what_it_is(record: "Record") -> None:
    (finding,) = check_anchors(record.room.session().record, read_anchors("sopctl 0 " + "0" * 64))
    assert "tidak pernah menulis sidik untuk 0 baris" in finding.message


def test_a_broken_ledger_is_not_anchored(record: "Record") -> None:
    record.line(record.ledger, 2, lambda line: line.replace(b"akun", b"akum"))
    with pytest.raises(DamagedError, match="tidak utuh pada baris 3"):
        take_anchor(record.room.session().record)


def test_an_empty_ledger_is_not_anchored(room: "Room") -> None:
    with pytest.raises(NotFoundError, match="masih kosong"):
        take_anchor(room.session().record)


@pytest.mark.parametrize("text", ["sopctl 12", "tidak-ada.txt", "", "x" * 5000, "sopctl 5 " + "z" * 64])
def test_what_is_no_anchor_is_told(text: str) -> None:
    with pytest.raises((UsageError, NotFoundError)):
        read_anchors(text)
