"""Whatever is changed, removed or inserted behind sopctl's back is found, and said to be what it is."""

import json
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from sopctl.audit import processes, verify
from sopctl.desk import agenda
from sopctl.errors import DamagedError
from sopctl.store.files import ledger_index
from sopctl.store.files.json_transaction import JsonTransaction

if TYPE_CHECKING:
    from tests.audit.conftest import Record


Spoil = Callable[["Record"], object]


def event(number: int, **said: object) -> Callable[[dict[str, Any]], None]:
    """What sets something in an event."""

    def change(case: dict[str, Any]) -> None:
        case["events"][number - 1].update(said)

    return change


def cut(case: dict[str, Any]) -> None:
    del case["events"][-1]


def inserted(case: dict[str, Any]) -> None:
    case["events"].insert(3, {**case["events"][2], "kind": "noted", "note": "disisipkan"})
    for key in ("step", "to", "documents", "kelengkapan", "for", "label"):
        case["events"][3].pop(key, None)


def nothing(_: bytes) -> bytes:
    return b""


def spoilt(data: bytes) -> bytes:
    return data.replace(b"petugas", b"penjaga").replace(b"akun", b"akum")


CASE: dict[str, tuple[Spoil, str]] = {
    "one letter of a note": (lambda r: r.rewrite(event(2, note="ya")), "mulai catatan nomor 3"),
    "who it was, with a forged chain": (
        lambda r: r.rewrite(event(3, by="lain"), chained=True),
        "Catatan nomor 3 (disetujui, langkah teruskan, 24-11-2026 10.03, akun lain) berbeda dari buku catatan",
    ),
    "when it was, with a forged chain": (
        lambda r: r.rewrite(event(2, at="2026-11-24T10:02:30+07:00"), chained=True),
        "Catatan nomor 2",
    ),
    "a time without its zone": (
        lambda r: r.rewrite(event(2, recorded_at="2026-11-24T10:02:00")),
        "rusak atau terpotong",
    ),
    "the last event cut off": (lambda r: r.rewrite(cut), "diubah di luar sopctl"),
    "the last event cut off, with a forged chain": (
        lambda r: r.rewrite(cut, chained=True),
        "Catatan nomor 6 terhapus dari berkas",
    ),
    "an event inserted, with a forged chain": (
        lambda r: r.rewrite(inserted, chained=True),
        "Catatan nomor 4 (catatan, 24-11-2026",
    ),
    "the file cut short": (lambda r: r.case().write_bytes(r.case().read_bytes()[:900]), "rusak atau terpotong"),
    "the file deleted": (lambda r: r.case().unlink(), "Berkas sk-tim-1 hilang: buku catatan mencatat 6 catatannya"),
    "the SOP version deleted": (
        lambda r: (r.data / "sops" / f"{r.room.session().record.load_case('sk-tim-1').instance.version}.yaml").unlink(),
        "tidak dapat dibaca",
    ),
    "a Word file changed": (
        lambda r: r.papers()[-1].write_bytes(b"PK"),
        "dokumen surat-tugas (tanda tangan) dari langkah tandatangan, 24-11-2026 10.06",
    ),
    "a Word file deleted": (
        lambda r: r.papers()[0].unlink(),
        "hilang: dokumen disposisi (tanda tangan) dari langkah perintah",
    ),
    "a Word file beside the others": (
        lambda r: shutil.copy(r.papers()[0], r.papers()[0].with_name("009-palsu.docx")),
        "009-palsu.docx tidak dicatat oleh berkas mana pun",
    ),
    "an attachment changed": (
        lambda r: next((r.data / "attachments").rglob("*.txt")).write_bytes(b"lain"),
        "lampiran Kertas",
    ),
}  # fmt: skip

REGISTER: dict[str, tuple[Spoil, str]] = {
    "deleted": (lambda r: r.register.unlink(), "kehilangan 3 baris mulai baris 1"),
    "emptied": (lambda r: r.register.write_bytes(b""), "kehilangan 3 baris"),
    "cut short": (lambda r: r.line(r.register, 2, nothing), "kehilangan 1 baris mulai baris 3"),
    "cut in a line": (lambda r: r.register.write_bytes(r.register.read_bytes()[:-20]), "rusak"),
    "one line changed": (lambda r: r.line(r.register, 1, spoilt), "baris 2 berbeda dari buku catatan"),
    "one line removed": (lambda r: r.line(r.register, 0, nothing), "baris 1 berbeda dari buku catatan"),
    "a line repeated": (lambda r: r.line(r.register, 2, lambda line: line * 2), "baris 4 (nomor 000.1/3/DISKOPUKM)"),
}  # fmt: skip

LEDGER: dict[str, tuple[Spoil, str]] = {
    "deleted": (lambda r: r.ledger.unlink(), "Buku catatan data/ledger.jsonl tidak ada"),
    "cut short by a line": (lambda r: r.line(r.ledger, -1, nothing), "tidak ada dalam buku catatan"),
    "cut in a line": (lambda r: r.ledger.write_bytes(r.ledger.read_bytes()[:-20]), "terpotong"),
    "one line changed": (lambda r: r.line(r.ledger, 2, spoilt), "putus pada baris 4"),
    "one line removed": (lambda r: r.line(r.ledger, 2, nothing), "putus pada baris 3"),
    "a line repeated": (lambda r: r.line(r.ledger, 2, lambda line: line * 2), "putus pada baris 4"),
    "a time without its zone": (
        lambda r: r.line(r.ledger, 2, lambda line: line.replace(b"+07:00", b"")),
        "baris 3 tidak terbaca",
    ),
    "rubbish in a line": (lambda r: r.line(r.ledger, 2, lambda _: b"\xff{\n"), "baris 3 tidak terbaca"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "says"), CASE.values(), ids=CASE.keys())
def test_what_was_changed_about_a_case_is_named(record: "Record", spoil: Spoil, says: str) -> None:
    spoil(record)
    assert any(says in finding.message for finding in verify.verify(record.room.session().record, None).findings)


@pytest.mark.parametrize(("spoil", "says"), REGISTER.values(), ids=REGISTER.keys())
def test_what_was_changed_in_the_register_is_named(record: "Record", spoil: Spoil, says: str) -> None:
    spoil(record)
    assert any(says in finding.message for finding in verify.verify(record.room.session().record, None).findings)


@pytest.mark.parametrize(("spoil", "says"), LEDGER.values(), ids=LEDGER.keys())
def test_what_was_changed_in_the_ledger_is_named(record: "Record", spoil: Spoil, says: str) -> None:
    spoil(record)
    assert any(says in finding.message for finding in verify.verify(record.room.session().record, None).findings)


def test_an_untouched_record_holds(record: "Record") -> None:
    verified = verify.verify(record.room.session().record, None)
    assert verified.findings == ()
    assert (verified.cases, verified.events, verified.files, verified.numbers) == (3, 15, 12, 3)
    assert verified.lines == verified.events + verified.numbers


def test_a_case_that_was_put_back_and_went_on_is_found(record: "Record", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JsonTransaction, "_check_ledger_agrees", lambda *_: None)  # as an older sopctl went on
    room = record.room
    old = record.case("penugasan-1").read_bytes()
    room.approve("penugasan-1")
    record.case("penugasan-1").write_bytes(old)
    assert "terhapus dari berkas" in verify.verify(room.session().record, "penugasan-1").findings[0].message
    room.approve("penugasan-1")
    assert "dua kali dengan isi berbeda" in verify.verify(room.session().record, "penugasan-1").findings[0].message


def test_a_number_on_a_letter_that_the_register_does_not_have_is_found_though_the_ledger_is_gone(
    record: "Record",
) -> None:
    record.ledger.unlink()
    record.line(record.register, 1, nothing)
    messages = [finding.message for finding in verify.verify(record.room.session().record, None).findings]
    assert any("pada surat surat-tugas berkas sk-tim-2 tidak ada dalam buku agenda" in message for message in messages)


def test_a_number_of_the_register_whose_case_is_gone_is_found_though_the_ledger_is_gone(record: "Record") -> None:
    record.ledger.unlink()
    record.case("sk-tim-2").unlink()
    messages = [finding.message for finding in verify.verify(record.room.session().record, None).findings]
    assert any("untuk berkas sk-tim-2, yang tidak ada" in message for message in messages)
    assert any("documents/sk-tim/0000/sk-tim-2" in message for message in messages)


def without_ledger(record: "Record", *lines: bytes) -> list[str]:
    """What is found about a register to which somebody added lines, and took the ledger away."""
    record.ledger.unlink()
    record.register.write_bytes(record.register.read_bytes() + b"".join(lines))
    return [finding.message for finding in verify.verify(record.room.session().record, None).findings]


def test_a_number_that_is_withdrawn_for_the_register_alone_is_found(record: "Record") -> None:
    line = record.register.read_bytes().splitlines(keepends=True)[0]
    messages = without_ledger(record, line.replace(b"}", b',"kind":"withdrawn","note":"palsu"}'))
    assert any("berkas sk-tim-1 sudah ditarik menurut buku agenda" in message for message in messages)


def test_a_number_that_is_withdrawn_for_its_case_alone_is_found(record: "Record") -> None:
    number = "800.1.11.1/1/DISKOPUKM"
    agenda.withdraw(record.room.session(), number, "batal")
    record.line(record.register, -1, nothing)
    messages = without_ledger(record)
    assert any(f"Nomor {number} pada surat surat-tugas berkas sk-tim-1 masih berlaku" in text for text in messages)


def test_a_number_that_stands_twice_in_one_sequence_is_found(record: "Record") -> None:
    line = record.register.read_bytes().splitlines(keepends=True)[-1]
    messages = without_ledger(record, line.replace(b"DISKOPUKM", b"diskopukm"))
    assert "Nomor 000.1/3/DISKOPUKM diberikan 2 kali dalam buku agenda 2026/semua.jsonl." in messages


def test_a_number_that_says_its_year_stands_in_one_year_only(record: "Record") -> None:
    record.room.say('letter_number: {pattern: "{kode}/{nomor}/{tahun}"}')
    line = record.register.read_bytes().splitlines(keepends=True)[-1].replace(b"DISKOPUKM", b"2026")
    other = record.register.parent.parent / "2025" / "semua.jsonl"
    other.parent.mkdir()
    other.write_bytes(line)
    assert any("Nomor 000.1/3/2026 memuat tahun" in message for message in without_ledger(record, line))


def test_no_number_is_given_again_after_the_register_was_cut_short(record: "Record") -> None:
    id = record.room.letter()
    record.register.write_bytes(b"")
    with pytest.raises(DamagedError, match="tidak ada nomor yang diberikan"):
        record.room.approve(id)


def test_no_id_is_given_again_after_the_last_case_was_deleted(record: "Record") -> None:
    record.case("sk-tim-2").unlink()
    assert record.room.start("sk-tim").id == "sk-tim-3"


def test_a_deleted_case_can_still_be_asked_for(record: "Record") -> None:
    record.case("sk-tim-2").unlink()
    assert [finding.kind for finding in verify.verify(record.room.session().record, "sk-tim-2").findings] == ["lost"]


def test_one_damaged_case_does_not_hide_another(record: "Record") -> None:
    record.case("sk-tim-1").write_bytes(b"{")
    record.papers("sk-tim-2")[0].unlink()
    assert [finding.id for finding in verify.verify(record.room.session().record, None).findings] == [
        "sk-tim-1",
        "sk-tim-2",
    ]


def test_several_processes_find_what_one_does(record: "Record", monkeypatch: pytest.MonkeyPatch) -> None:
    record.case("sk-tim-1").write_bytes(b"{")
    record.papers("sk-tim-2")[0].unlink()
    record.case("penugasan-1").unlink()
    documents = record.data / "documents"
    strays = ("a.docx", "sk-tim/b.docx", "sk-tim/0000/c.docx", "sk-tim/0000/sk-tim-3/d.docx", "x/y/z/e.docx")
    for name in strays:
        (documents / name).parent.mkdir(parents=True, exist_ok=True)
        (documents / name).write_bytes(b"d")
    (documents / "x" / "link").symlink_to(documents / "sk-tim")
    found = []
    for many in (1_000, 1):
        monkeypatch.setattr(processes, "_MANY", many)
        monkeypatch.setattr(processes, "count_cores", lambda: 2)
        found.append(verify.verify(record.room.session().record, None))
    assert found[0] == found[1]
    assert len(found[0].findings) == 3 + len(strays) + 1
    named = {one.path.removeprefix("data/documents/") for one in found[0].findings if one.kind == "stray"}
    assert named == {*strays, "x/link"}


def test_of_one_case_no_more_is_read_where_there_are_many(
    record: "Record", monkeypatch: pytest.MonkeyPatch, count_calls: Callable[[Callable[[], object]], int]
) -> None:
    monkeypatch.setattr(ledger_index, "_TAIL", 0)
    calls = []
    for more in (1, 30):
        for _ in range(more):
            record.room.start("penugasan")
        session = record.room.session()
        assert verify.verify(session.record, "sk-tim-1").findings == ()
        calls.append(count_calls(lambda: verify.verify(session.record, "sk-tim-1")))  # noqa: B023 — called here
    assert calls[0] == calls[1]


def test_verify_reads_and_changes_nothing(record: "Record") -> None:
    record.case("sk-tim-1").write_bytes(b"{")
    before = record.room.record()
    verify.verify(record.room.session().record, None)
    assert record.room.record() == before


def test_the_ledger_holds_every_event_whole(record: "Record") -> None:
    told = [json.loads(line) for line in record.ledger.read_text(encoding="utf-8").splitlines()]
    kept = json.loads(record.case().read_text(encoding="utf-8"))["events"]
    assert [line["event"] for line in told if line.get("case") == "sk-tim-1"] == kept
