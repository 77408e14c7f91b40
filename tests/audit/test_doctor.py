"""What `doctor` mends when asked to, and what it leaves to people: it never guesses and throws nothing away."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.audit.doctor import run_doctor
from sopctl.audit.verify import verify
from sopctl.engine.moments import format_moment
from sopctl.errors import DamagedError
from sopctl.store import disk
from sopctl.store.files.journal import Journal, JournalOperation
from sopctl.store.files.json_transaction import JsonTransaction
from sopctl.store.workspace import JOURNAL, STAGING

if TYPE_CHECKING:
    from tests.audit.conftest import Record

Spoil = Callable[["Record"], object]


def last_line_away(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


MENDED: dict[str, Spoil] = {
    "a case deleted": lambda r: r.case().unlink(),
    "a case cut short": lambda r: r.case().write_bytes(r.case().read_bytes()[:900]),
    "a case of zeros": lambda r: r.case().write_bytes(b"\0" * 900),
    "a case changed, with a forged chain": lambda r: r.rewrite(
        lambda case: case["events"][1].update(by="lain"), chained=True
    ),
    "the register deleted": lambda r: r.register.unlink(),
    "the register cut in a line": lambda r: r.register.write_bytes(r.register.read_bytes()[:-20]),
    "the register without its last number": lambda r: last_line_away(r.register),
    "all cases deleted": lambda r: shutil.rmtree(r.data / "instances"),
    "the data folder open to all": lambda r: r.data.chmod(0o755),
}  # fmt: skip


@pytest.mark.parametrize("spoil", MENDED.values(), ids=MENDED.keys())
def test_what_the_ledger_knows_is_made_again_as_it_was(record: "Record", spoil: Spoil) -> None:
    before = record.room.record()
    spoil(record)
    assert run_doctor(record.room.session().record).findings != ()
    mended = run_doctor(record.room.session().record, mend=True)
    assert (mended.findings, len(mended.mended) > 0) == ((), True)
    after = record.room.record()
    assert {name: data for name, data in after.items() if not name.startswith("aside/")} == before


REPLACED = {name: spoil for name, spoil in MENDED.items() if "deleted" not in name and "open" not in name}


@pytest.mark.parametrize("spoil", REPLACED.values(), ids=REPLACED.keys())
def test_what_is_replaced_is_kept_aside(record: "Record", spoil: Spoil) -> None:
    spoil(record)
    spoilt = set(record.room.record().values())
    run_doctor(record.room.session().record, mend=True)
    aside = [data for name, data in record.room.record().items() if name.startswith("aside/")]
    assert len(aside) == 1
    assert aside[0] in spoilt


ADDED: dict[str, Spoil] = {
    "the last line": lambda r: last_line_away(r.ledger),
    "all of it": lambda r: r.ledger.unlink(),
    "half a line": lambda r: r.ledger.write_bytes(r.ledger.read_bytes()[:-20]),
}


@pytest.mark.parametrize("spoil", ADDED.values(), ids=ADDED.keys())
def test_what_the_ledger_lost_is_added_from_what_is_there(record: "Record", spoil: Spoil) -> None:
    spoil(record)
    assert run_doctor(record.room.session().record).findings != ()
    assert run_doctor(record.room.session().record, mend=True).findings == ()
    verified = verify(record.room.session().record, None)
    assert verified.lines == 19
    (told,) = verified.notices
    assert f"oleh akun pada {format_moment(record.room.now)}" in told.message
    assert "bandingkan dengan sidik catatan atau cadangan" in told.message
    assert record.room.approve(record.room.letter()).documents[0].nomor == "800.1.11.1/4/DISKOPUKM"


def test_nothing_is_taken_from_a_ledger_that_does_not_hold(record: "Record") -> None:
    record.line(record.ledger, 2, lambda line: line.replace(b"akun", b"akum"))
    record.case("sk-tim-2").unlink()
    before = record.room.record()
    mended = run_doctor(record.room.session().record, mend=True)
    assert record.room.record() == before
    assert len(mended.findings) >= 2
    assert "tidak ada yang dipulihkan" in mended.mended[0]


def test_of_two_histories_of_a_case_none_is_chosen(record: "Record", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JsonTransaction, "_check_ledger_agrees", lambda *_: None)  # as an older sopctl went on
    old = record.case("penugasan-1").read_bytes()
    record.room.approve("penugasan-1")
    record.case("penugasan-1").write_bytes(old)
    record.room.approve("penugasan-1")
    before = record.room.record()
    assert run_doctor(record.room.session().record, mend=True).findings != ()
    assert record.room.record() == before


def test_without_being_asked_only_rubbish_is_swept(record: "Record") -> None:
    record.case().write_bytes(b"{")
    before = record.room.record()
    rubbish = record.case().with_name(".sk-tim-1.json.4194305.tmp")
    rubbish.write_bytes(b"")
    mended = run_doctor(record.room.session().record)
    assert len(mended.mended) == 1
    assert record.room.record() == before


def test_a_word_file_that_is_gone_is_left_to_a_backup(record: "Record") -> None:
    record.papers()[0].unlink()
    assert [finding.kind for finding in run_doctor(record.room.session().record, mend=True).findings] == ["file"]


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(
            JournalOperation("put", "staging/1", "instances/sk-tim/0000/sk-tim-1.json", "0" * 64), id="another sha256"
        ),
        pytest.param(JournalOperation("put", "staging/1", "../sopctl.yaml", "0" * 64), id="out of the folder"),
        pytest.param(JournalOperation("put", "staging/9", "x", "0" * 64), id="a file that is not there"),
        pytest.param(JournalOperation("append", "staging/1", "ledger.jsonl", "0" * 64, 10**9), id="behind the end"),
    ],
)
def test_a_journal_that_lies_is_told_and_put_aside_when_asked(record: "Record", operation: JournalOperation) -> None:
    import msgspec  # noqa: PLC0415 — beside its only use

    disk.make_folder(record.data / STAGING)
    (record.data / STAGING / "1").write_bytes(b"{}")
    (record.data / JOURNAL).write_bytes(msgspec.json.encode(Journal((operation,))))
    before = (record.case().read_bytes(), (record.room.root / "sopctl.yaml").read_bytes())
    with pytest.raises(DamagedError, match="atau sisihkan perubahan itu"):
        record.room.approve("penugasan-1")
    with pytest.raises(DamagedError):
        run_doctor(record.room.session().record)
    assert run_doctor(record.room.session().record, mend=True).findings == ()
    assert (record.case().read_bytes(), (record.room.root / "sopctl.yaml").read_bytes()) == before
    record.room.approve("penugasan-1")


def test_links_out_of_the_record_are_told(record: "Record", tmp_path: Path) -> None:
    (record.data / "documents" / "luar").symlink_to(tmp_path)
    assert "access" in [finding.kind for finding in run_doctor(record.room.session().record).findings]
