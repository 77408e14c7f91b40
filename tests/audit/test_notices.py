"""What is worth knowing and no damage: unfinished changes, wrong clocks, files that the record does not know."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from sopctl.audit import interrupted_changes
from sopctl.audit.doctor import run_doctor
from sopctl.audit.findings import format_numbers
from sopctl.audit.verify import Verification, verify
from sopctl.cli.remedies import sentence
from sopctl.engine.events import Event
from sopctl.errors import DamagedError
from sopctl.store import case_json, ledger
from sopctl.store.disk import make_folder
from sopctl.store.files import ledger_file
from sopctl.store.files.journal import Journal, JournalOperation
from sopctl.store.files.prepared import PreparedWrite, sha256_of
from sopctl.store.ledger import event_lines
from sopctl.store.workspace import JOURNAL, STAGING
from tests.audit.test_forged import noted, skipping, with_one_more

if TYPE_CHECKING:
    from tests.audit.conftest import Record

TARGET = "instances/sk-tim/0000/sk-tim-1.json"


def looked(record: "Record", id: str | None = None) -> Verification:
    return verify(record.room.session().record, id)


def lines_of(record: "Record", forge: Callable[[Event], Event]) -> tuple[bytes, bytes]:
    """The case with one event more, and its line of the ledger."""
    forged = with_one_more(record, forge)
    office = record.room.session().record.office_version
    line = ledger.encode_chain(
        event_lines(forged, forged.revision - 1, office), ledger.hash_line(ledger_file.read_last_line(record.ledger))
    )
    return case_json.encode(forged), line


def journal(record: "Record", forge: Callable[[Event], Event], target: str = TARGET) -> None:
    """A journal as a command leaves it that dies before it puts its files in their places."""
    case, line = lines_of(record, forge)
    make_folder(record.data / STAGING)
    (record.data / STAGING / "1").write_bytes(case)
    (record.data / STAGING / "2").write_bytes(line)
    size = record.ledger.stat().st_size
    operations = (
        JournalOperation("put", f"{STAGING}/1", target, sha256_of(case)),
        JournalOperation("append", f"{STAGING}/2", "ledger.jsonl", sha256_of(line), size),
    )
    (record.data / JOURNAL).write_bytes(msgspec.json.encode(Journal(operations)))


def step(record: "Record", forge: Callable[[Event], Event], *, written: bool = True, content: bytes = b"") -> None:
    """A file laid beside as a command leaves it that dies after (or before) it wrote its line."""
    case, line = lines_of(record, forge)
    beside = PreparedWrite(record.ledger.stat().st_size, sha256_of(line), "ledger.jsonl", TARGET)
    make_folder(record.data / STAGING)
    (record.data / STAGING / beside.file_name).write_bytes(content or case)
    if written:
        with record.ledger.open("ab") as file:
            file.write(line)


def test_a_journal_is_told_before_it_is_finished(record: "Record") -> None:
    journal(record, noted)
    before = record.room.record()
    verified = looked(record)
    assert verified.findings == ()
    (told,) = verified.notices
    assert told.message == (
        f"Perubahan yang belum rampung atas {TARGET} dan ledger.jsonl; perintah berikutnya merampungkannya."
    )
    assert record.room.record() == before
    assert "perintah ini merampungkannya" in run_doctor(record.room.session().record).mended[0]
    assert looked(record).notices == ()


def test_a_file_laid_beside_is_told_though_looking_has_to_finish_it(record: "Record") -> None:
    step(record, noted)
    verified = looked(record)
    assert verified.findings == ()
    assert [one.message for one in verified.notices] == [
        f"Perubahan yang belum rampung atas {TARGET}; perintah ini merampungkannya."
    ]
    assert looked(record).notices == ()


def test_what_never_happened_is_told_to_be_swept(record: "Record") -> None:
    step(record, noted, written=False)
    (told,) = looked(record).notices
    assert (
        told.message == f"Sisa perintah yang tidak pernah berlaku atas {TARGET}; perintah berikutnya membersihkannya."
    )
    assert "membersihkannya" in run_doctor(record.room.session().record).mended[0]


def test_a_copy_of_before_beside_a_ledger_of_after_is_told_to_be_swept(record: "Record") -> None:
    case, _ = lines_of(record, noted)
    lines = record.ledger.read_bytes().splitlines(keepends=True)
    old = PreparedWrite(sum(map(len, lines[:-3])), sha256_of(lines[-3]), "ledger.jsonl", TARGET)
    make_folder(record.data / STAGING)
    (record.data / STAGING / old.file_name).write_bytes(case)
    verified = looked(record)
    assert (verified.findings, len(verified.notices)) == ((), 1)
    assert "tidak pernah berlaku" in verified.notices[0].message
    before = record.case().read_bytes()
    run_doctor(record.room.session().record)
    assert record.case().read_bytes() == before


LIES: dict[str, tuple[Callable[["Record"], None], str]] = {
    "a journal with an event that cannot be": (
        lambda r: journal(r, skipping),
        "catatan nomor 7 tidak mungkin menurut SOP-nya",
    ),
    "a journal for what is no part of the record": (
        lambda r: journal(r, noted, "luar/profile"),
        "bukan bagian catatan",
    ),
    "a file beside with an event that cannot be": (lambda r: step(r, skipping), "tidak mungkin menurut SOP-nya"),
    "a file beside that is no case": (lambda r: step(r, noted, content=b"{}"), "bukan berkas sk-tim-1 yang utuh"),
    "a file beside without the event of its line": (
        lambda r: step(r, noted, content=r.case().read_bytes()),
        "tidak ada pada baris buku catatan",
    ),
    "a journal that cannot be read": (lambda r: bytes_into(r.data / JOURNAL), "diubah di luar sopctl"),
}  # fmt: skip


def bytes_into(path: Path) -> None:
    path.write_bytes(b"{")


@pytest.mark.parametrize(("lie", "says"), LIES.values(), ids=LIES.keys())
def test_what_no_command_left_is_a_finding_and_put_aside_when_asked(
    record: "Record", lie: Callable[["Record"], None], says: str
) -> None:
    lie(record)
    pending = [finding for finding in looked(record).findings if finding.kind == "pending"]
    assert says in pending[0].message
    assert "sopctl doctor --mend" in sentence(pending[0])
    with pytest.raises(DamagedError) as raised:
        run_doctor(record.room.session().record)
    assert "--mend" in sentence(raised.value)
    run_doctor(record.room.session().record, mend=True)
    assert not (record.data / JOURNAL).exists()
    assert not (record.data / STAGING).exists()
    assert "impossible" not in [finding.kind for finding in looked(record).findings]
    assert not (record.data / "luar").exists()


def test_somebody_at_work_is_no_unfinished_change(record: "Record") -> None:
    record.room.approve("penugasan-1")
    assert looked(record).notices == ()


def recorded(record: "Record", **times: timedelta) -> None:
    """Leave a note whose times are moved."""
    office = record.room.session().record
    case = office.load_case("penugasan-1")
    with record.room.session().store.begin() as change:
        change.use_office(office.office_version, office.office_text)
        instance = change.load_instance("penugasan-1")
        now = record.room.now
        event = noted(instance.events[-1])
        said = {"at": now, "recorded_at": now} | {name: now + moved for name, moved in times.items()}
        change.save_instance(case.after(msgspec.structs.replace(event, **said)).instance)
        change.commit()


def test_a_clock_that_went_back_is_told(record: "Record") -> None:
    record.room.now += timedelta(days=1)
    recorded(record)
    record.room.now -= timedelta(hours=20)
    record.room.start("penugasan")
    verified = looked(record)
    assert verified.findings == ()
    messages = [one.message for one in verified.notices]
    assert any(
        "Buku catatan baris 20 (berkas penugasan-2 catatan nomor 1) direkam pada 24-11-2026" in m for m in messages
    )
    assert any("Catatan nomor 4 (catatan, 25-11-2026" in m and "padahal sekarang" in m for m in messages)
    assert {one.kind for one in verified.notices} == {"time"}
    assert [one.id for one in looked(record, "penugasan-2").notices] == ["penugasan-2"]


def test_a_clock_a_few_minutes_apart_is_not_worth_telling(record: "Record") -> None:
    record.room.now += timedelta(minutes=4)
    recorded(record)
    record.room.now -= timedelta(minutes=4)
    record.room.start("penugasan")
    assert looked(record).notices == ()


def test_a_number_that_was_set_by_a_clock_gone_back_is_told(record: "Record") -> None:
    """The registry desk's event never comes before the last one; then its clock shows."""
    from sopctl.desk import agenda  # noqa: PLC0415 — beside its only use

    record.room.now -= timedelta(hours=1)
    agenda.withdraw(record.room.session(), "800.1.11.1/1/DISKOPUKM", "batal")
    verified = looked(record, "sk-tim-1")
    assert verified.findings == ()
    assert any("sebelum terjadi" in one.message for one in verified.notices)


def test_many_wrong_times_are_counted(record: "Record") -> None:
    record.room.now -= timedelta(days=900)
    messages = [one.message for one in looked(record).notices]
    assert len(messages) == 15


STRAYS = (
    "catatan.txt",
    "instances/sk-tim-1.json",
    "instances/sk-tim/0001/sk-tim-1.json",
    "instances/sk-tim/0000/sk-tim-1.json.bak",
    "sops/" + "a" * 64 + ".yaml",
    "sops/sk-tim.yaml",
    "agenda/semua.jsonl",
    "agenda/2026/semua.xlsx",
)


@pytest.mark.parametrize("name", STRAYS)
def test_a_file_that_the_record_does_not_know_is_told_and_not_counted(record: "Record", name: str) -> None:
    path = record.data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(record.case().read_bytes())
    verified = looked(record)
    assert (verified.findings, verified.cases, verified.numbers) == ((), 3, 3)
    assert [(one.kind, one.path) for one in verified.notices] == [("stray", f"data/{name}")]


def test_what_sopctl_itself_leaves_is_no_stray(record: "Record") -> None:
    record.rewrite(lambda case: case["events"][1].update(by="lain"), chained=True)
    run_doctor(record.room.session().record, mend=True)
    (record.data / f".x.{os.getpid()}.tmp").touch()
    assert looked(record).notices == ()


def test_an_sop_version_is_no_stray_while_its_case_cannot_be_read(record: "Record") -> None:
    record.case("penugasan-1").write_bytes(b"{")
    assert looked(record).notices == ()


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ([3], "3"),
        ([2, 5], "2 dan 5"),
        ([4, 5], "4 dan 5"),
        ([5, 3, 4], "3 sampai 5"),
        ([9, 2, 4, 5, 6], "2, 4 sampai 6 dan 9"),
    ],
)
def test_numbers_are_written_as_people_do(found: list[int], text: str) -> None:
    assert format_numbers(found) == text


def test_a_change_that_brings_its_sop_version_along_is_sopctls_own(record: "Record") -> None:
    journal(record, noted)
    for version in (record.data / "sops").iterdir():  # as before the first case of a version, or a migration to it
        version.unlink()
    assert interrupted_changes.inspect_interrupted_changes(record.room.session().record).findings == ()
