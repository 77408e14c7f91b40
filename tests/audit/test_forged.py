"""Who forges the newest entries: what the SOP has no way for is found, and what `doctor --mend` takes over is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from typer.testing import CliRunner

from sopctl.audit.anchor import check_anchors, read_anchors, take_anchor
from sopctl.audit.doctor import run_doctor
from sopctl.audit.verify import verify
from sopctl.cli import session
from sopctl.cli.app import full
from sopctl.cli.remedies import sentence
from sopctl.engine.events import Approved, Event, Noted, digest
from sopctl.engine.instance import Instance
from sopctl.store import case_json, ledger
from sopctl.store.files import cases, ledger_file
from sopctl.store.ledger import event_lines

if TYPE_CHECKING:
    from tests.audit.conftest import Record

ENTRY = (
    b'{"urut":4,"nomor":"000.1/4/DISKOPUKM","kode":"000.1","at":"2026-11-24T10:15:00+07:00","id":"","document":"",'
    b'"perihal":"Palsu","by":"orang lain","kind":"entered","last":3}\n'
)


def skipping(last: Event) -> Event:
    """An approval that skips the last row: sk-tim-1 stands at row 6, held by another."""
    return Approved(at=last.at, recorded_at=last.recorded_at, by="orang lain", for_="kabid", step="serahkan", to="end")


def noted(last: Event) -> Event:
    """A note that anybody could have left."""
    return Noted(at=last.at, recorded_at=last.recorded_at, by="orang lain", note="setuju")


def with_one_more(record: "Record", forge: Callable[[Event], Event]) -> Instance:
    """The case sk-tim-1 with a forged event, its chain made anew."""
    old = cases.load(record.data / "instances", "sk-tim-1")
    event = msgspec.structs.replace(forge(old.events[-1]), at=record.room.now, recorded_at=record.room.now)
    event = event.chained(old.revision + 1, old.head)
    events = (*old.events, event)
    return msgspec.structs.replace(old, events=events, revision=len(events), head=digest(event))


def into_the_case(record: "Record", forge: Callable[[Event], Event]) -> None:
    record.case().write_bytes(case_json.encode(with_one_more(record, forge)))


def into_the_ledger(record: "Record", forge: Callable[[Event], Event]) -> None:
    forged = with_one_more(record, forge)
    office = record.room.session().record.office_version
    lines = ledger.encode_chain(
        event_lines(forged, forged.revision - 1, office), ledger.hash_line(ledger_file.read_last_line(record.ledger))
    )
    with record.ledger.open("ab") as file:
        file.write(lines)


def kinds(record: "Record") -> list[str]:
    return [finding.kind for finding in verify(record.room.session().record, None).findings]


@pytest.mark.parametrize("where", [into_the_case, into_the_ledger])
def test_an_event_that_cannot_be_is_never_taken_over(
    record: "Record", where: Callable[["Record", Callable[[Event], Event]], None]
) -> None:
    where(record, skipping)
    before = kinds(record)
    mended = run_doctor(record.room.session().record, mend=True)
    assert [finding.kind for finding in mended.findings] == before
    assert any("dari cadangan" in line for line in mended.mended)
    assert mended.notices == ()


def test_an_event_that_cannot_be_is_named_though_case_and_ledger_agree(record: "Record") -> None:
    into_the_ledger(record, skipping)
    into_the_case(record, skipping)
    (finding,) = verify(record.room.session().record, None).findings
    assert finding.kind == "impossible"
    assert "Catatan nomor 7 (disetujui, langkah serahkan" in finding.message
    assert "tidak mungkin menurut SOP-nya" in finding.message
    assert "--mend" not in sentence(finding)


def test_a_possible_event_is_taken_over_when_asked_and_told_ever_after(record: "Record") -> None:
    into_the_case(record, noted)
    (finding,) = verify(record.room.session().record, None).findings
    assert "Bandingkan dahulu dengan cadangan atau sidik catatan" in finding.message
    record.room.account = "penolong"
    assert run_doctor(record.room.session().record, mend=True).findings == ()
    record.room.account = "akun"
    record.room.approve("penugasan-1")
    (told,) = verify(record.room.session().record, None).notices
    assert "(1 baris) oleh penolong pada 24-11-2026" in told.message
    assert "berkas sk-tim-1 catatan nomor 7; bandingkan dengan sidik catatan atau cadangan" in told.message
    assert [one.kind for one in verify(record.room.session().record, "sk-tim-1").notices] == ["mended"]
    assert verify(record.room.session().record, "sk-tim-2").notices == ()


def test_a_forged_number_is_taken_over_when_asked_and_told_ever_after(record: "Record") -> None:
    with record.register.open("ab") as file:
        file.write(ENTRY)
    (finding,) = verify(record.room.session().record, None).findings
    assert "ditambahkan di luar sopctl, atau baris buku catatannya hilang" in finding.message
    mended = run_doctor(record.room.session().record, mend=True)
    assert mended.findings == ()
    assert "buku agenda 2026/semua.jsonl baris 4" in mended.notices[0].message


def test_who_mended_stands_before_what_was_added(record: "Record") -> None:
    """Cut off, the lines that were added would be missing again."""
    into_the_case(record, noted)
    run_doctor(record.room.session().record, mend=True)
    said = [json.loads(line)["kind"] for line in record.ledger.read_bytes().splitlines()]
    assert said[-2:] == ["mended", "event"]
    record.line(record.ledger, -1, lambda _: b"")
    assert "ahead" in kinds(record)


def test_a_ledger_that_was_made_anew_says_so_and_holds_no_older_anchor(record: "Record") -> None:
    kept = read_anchors(take_anchor(record.room.session().record).text)
    record.rewrite(lambda case: case["events"][1].update(by="lain"), chained=True)
    record.ledger.unlink()
    mended = run_doctor(record.room.session().record, mend=True)
    assert mended.findings == ()
    (told,) = mended.notices
    assert "Buku catatan yang hilang disusun kembali (18 baris) oleh akun" in told.message
    assert [finding.kind for finding in check_anchors(record.room.session().record, kept)] == ["anchor"]


def test_what_was_told_once_is_no_fault(record: "Record", monkeypatch: pytest.MonkeyPatch) -> None:
    into_the_case(record, noted)
    monkeypatch.chdir(record.room.root)
    monkeypatch.setattr(session, "clock", lambda: record.room.now)
    assert "Semua cocok; bacalah 1 hal penting di atas." in CliRunner().invoke(full(), ["doctor", "--mend"]).stdout
    result = CliRunner().invoke(full(), ["verify"])
    assert result.exit_code == 0
    assert "Penting: data: Buku catatan dilengkapi (1 baris)" in result.stdout
    shown = json.loads(CliRunner().invoke(full(), ["verify", "--json"]).stdout)
    assert (shown["findings"], [one["kind"] for one in shown["notices"]]) == ([], ["mended"])


BROKEN: dict[str, Callable[["Record"], object]] = {
    "a forged event": lambda r: into_the_case(r, noted),
    "a changed event": lambda r: r.rewrite(lambda case: case["events"][1].update(by="lain"), chained=True),
    "an event cut off": lambda r: r.rewrite(lambda case: case["events"].pop(), chained=True),
    "a case deleted": lambda r: r.case().unlink(),
    "a forged number": lambda r: r.register.write_bytes(r.register.read_bytes() + ENTRY),
    "a number cut off": lambda r: r.line(r.register, 2, lambda _: b""),
}  # fmt: skip


@pytest.mark.parametrize("spoil", BROKEN.values(), ids=BROKEN.keys())
def test_nothing_is_promised_of_a_ledger_that_does_not_hold(
    record: "Record", spoil: Callable[["Record"], object]
) -> None:
    spoil(record)
    assert any("--mend" in sentence(finding) for finding in verify(record.room.session().record, None).findings)
    record.line(record.ledger, 2, lambda line: line.replace(b"akun", b"akum"))
    assert not any("--mend" in sentence(finding) for finding in verify(record.room.session().record, None).findings)


def test_an_older_sopctl_s_ledger_is_read_and_mended_lines_in_it_are_no_faults(record: "Record") -> None:
    into_the_case(record, noted)
    run_doctor(record.room.session().record, mend=True)
    assert all(read.line is not None for read in ledger_file.read_lines(Path(record.ledger)))
    assert run_doctor(record.room.session().record, mend=True).mended == ()
