"""Where a Word file comes from: told by its bytes, else by the code at its foot, else by the place where it lies."""

import re
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from sopctl.audit.printed_codes import printed_codes
from sopctl.audit.trace import TracedAttachment, TracedLetter, trace_file
from sopctl.audit.verify import verify
from sopctl.cli.remedies import sentence
from sopctl.desk import agenda, migrate
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.engine.verification_code import PATTERN, verification_code
from sopctl.errors import DamagedError, NotFoundError
from sopctl.store.files import ledger_file
from sopctl.store.ledger import LoggedEvent

if TYPE_CHECKING:
    from tests.audit.conftest import Record
    from tests.conftest import Room


def trace(session: Session, path: Path) -> TracedLetter:
    found = trace_file(session.record, path)
    assert isinstance(found, TracedLetter)
    return found


def edited(source: Path, target: Path, old: bytes, new: bytes) -> None:
    """The file with other words in its text, as somebody saves it from Word."""
    with ZipFile(source) as word:
        parts = {name: word.read(name) for name in word.namelist()}
    assert any(old in data for data in parts.values())
    with ZipFile(target, "w") as word:
        for name, data in parts.items():
            word.writestr(name, data.replace(old, new))


def test_every_document_bears_the_code_of_its_event(record: "Record") -> None:
    case = record.room.session().record.load_case("sk-tim-1")
    codes = {verification_code(case.id, event.number, event.previous) for event in case.instance.events}
    for path in record.papers():
        with ZipFile(path) as word:
            text = "".join(
                re.sub(r"<[^>]*>", "", word.read(name).decode()) for name in word.namelist() if "foot" in name
            )
        (shown,) = set(re.findall(PATTERN, text))
        assert shown in codes
        codes.remove(shown)


def test_an_untouched_file_is_told_with_step_and_state(record: "Record", tmp_path: Path) -> None:
    copy = tmp_path / "surat.docx"
    copy.write_bytes(record.papers()[-1].read_bytes())
    traced = trace(record.room.session(), copy)
    assert (traced.id, traced.number, traced.step, traced.act) == ("sk-tim-1", 6, "tandatangan", "sign")
    assert (traced.nomor, traced.altered, traced.latest) == ("800.1.11.1/1/DISKOPUKM", False, "")


def test_an_altered_copy_is_known_by_its_code(record: "Record", tmp_path: Path) -> None:
    copy = tmp_path / "surat.docx"
    edited(record.papers()[-1], copy, b"Menyusun laporan", b"Menerima honor")
    traced = trace(record.room.session(), copy)
    assert (traced.id, traced.step, traced.altered) == ("sk-tim-1", "tandatangan", True)


def test_an_altered_file_is_known_by_its_place(record: "Record") -> None:
    paper = record.papers()[-1]
    paper.write_bytes(b"bukan Word lagi")
    traced = trace(record.room.session(), paper)
    assert (traced.id, traced.step, traced.altered) == ("sk-tim-1", "tandatangan", True)


def test_an_older_draft_names_the_newer_one(record: "Record") -> None:
    traced = trace(record.room.session(), record.papers()[2])
    assert traced.latest.endswith("05 surat-tugas ditandatangani 800.1.11.1-1-DISKOPUKM.docx")


def test_a_withdrawn_move_is_said_to_be(room: "Room") -> None:
    room.start("sk-tim")
    written = room.root / room.approve("sk-tim-1").documents[0].path
    room.withdraw("sk-tim-1")
    assert trace(room.session(), written).withdrawn


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xff" * 500], ids=["empty", "half a zip", "binary"])
def test_a_file_from_elsewhere_is_told(record: "Record", tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.docx").write_bytes(data)
    with pytest.raises(DamagedError, match="bukan dokumen yang ditulis sopctl"):
        trace(record.room.session(), tmp_path / "x.docx")


def test_a_file_that_is_not_there_is_told(record: "Record", tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="tidak ada"):
        trace(record.room.session(), tmp_path / "x.docx")


def signed(record: "Record") -> Path:
    return record.papers()[-1]


def shown(path: Path) -> str:
    """The code at the foot of a Word file."""
    (found,) = printed_codes(path.read_bytes())
    return found


def of_kind(found: TracedLetter) -> list[str]:
    return [finding.kind for finding in found.findings]


def test_a_signed_letter_is_told_with_day_signer_and_place(record: "Record") -> None:
    traced = trace(record.room.session(), signed(record))
    assert (traced.tanggal, traced.signer) == ("2026-11-24", "Kepala Dinas")
    assert record.room.root / traced.path == signed(record)
    assert trace(record.room.session(), record.papers()[2]).signer == ""


def test_the_signer_is_named_as_the_office_of_then_named_him(room: "Room") -> None:
    letter = "officials: [{nama: Pejabat A, jabatan: Kepala Dinas, pelaksana: [kadis], as: Plt.}]"
    room.say(letter)
    path = room.root / room.approve(room.letter()).documents[0].path
    room.say(letter.replace("Pejabat A", "Pejabat B"))
    assert trace(room.session(), path).signer == "Pejabat A, Plt. Kepala Dinas"


def sha(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def test_a_letter_whose_event_was_forged_with_it_is_held_against_the_ledger(record: "Record") -> None:
    copy = signed(record)
    edited(copy, copy, b"Menyusun laporan", b"Menerima honor")
    record.rewrite(lambda case: case["events"][5]["documents"][0].update(sha256=sha(copy)), chained=True)
    traced = trace(record.room.session(), copy)
    assert (traced.altered, of_kind(traced)) == (False, ["changed"])


def test_without_a_ledger_nothing_is_proven(record: "Record") -> None:
    record.ledger.unlink()
    assert of_kind(trace(record.room.session(), signed(record))) == ["ledger"]
    assert [finding.kind for finding in verify(record.room.session().record, "sk-tim-1").findings] == ["ledger"]


def test_a_break_anywhere_in_the_ledger_is_told_with_one_case_too(record: "Record") -> None:
    record.line(record.ledger, -1, lambda line: line.replace(b"Undangan", b"Undanqan"))
    record.line(record.ledger, -2, lambda line: line.replace(b"akun", b"akum"))
    found = verify(record.room.session().record, "sk-tim-1", whole_ledger=True)
    assert {finding.kind for finding in found.findings} == {"ledger"}
    assert set(of_kind(trace(record.room.session(), signed(record)))) == {"ledger"}


@pytest.mark.parametrize("beside", [0, 1, 2], ids=["the line before", "its own line", "the line after"])
def test_a_break_beside_the_lines_of_a_case_is_told_though_only_these_are_read(record: "Record", beside: int) -> None:
    lines = [read.line for read in ledger_file.read_lines(record.ledger)]
    own = next(at for at, line in enumerate(lines) if isinstance(line, LoggedEvent) and line.case == "sk-tim-2")
    record.line(record.ledger, own - 1 + beside, lambda line: line.replace(b'"previous":"', b'"previous":"0', 1))
    found = verify(record.room.session().record, "sk-tim-2").findings
    assert "ledger" in {finding.kind for finding in found}


def test_another_file_of_the_case_casts_no_doubt(record: "Record") -> None:
    record.papers()[0].unlink()
    assert trace(record.room.session(), signed(record)).findings == ()


def test_a_genuine_letter_of_a_case_that_was_damaged_is_known_by_the_ledger(record: "Record") -> None:
    record.case().write_bytes(b"{")
    traced = trace(record.room.session(), signed(record))
    assert (traced.id, traced.nomor, of_kind(traced)) == ("sk-tim-1", "800.1.11.1/1/DISKOPUKM", ["case"])
    record.case().unlink()
    assert of_kind(trace(record.room.session(), signed(record))) == ["lost"]


def test_a_letter_of_a_cancelled_case_says_so(record: "Record") -> None:
    record.room.cancel("sk-tim-1", "salah orang")
    standing = trace(record.room.session(), signed(record)).standing
    assert standing is not None
    assert (standing.kind, standing.by, standing.note) == ("cancelled", "akun", "salah orang")


def test_a_letter_whose_number_was_withdrawn_says_so(record: "Record") -> None:
    record.room.ask(lambda session: agenda.withdraw(session, "800.1.11.1/1/DISKOPUKM", "keliru"))  # type: ignore[arg-type, return-value]  # no outcome of a case
    session = record.room.session()
    standing = trace(session, signed(record)).standing
    assert standing is not None
    assert (standing.kind, standing.note) == ("number_withdrawn", "keliru")
    assert trace(session, record.papers()[2]).standing is None
    assert trace(session, record.papers("sk-tim-2")[-1]).standing is None


def test_a_letter_from_before_a_step_was_renamed_is_told_by_its_old_name(record: "Record") -> None:
    path = record.room.root / "sops" / "sk-tim.yaml"
    path.write_text(re.sub(r"\btandatangan\b", "teken", path.read_text(encoding="utf-8")), encoding="utf-8")
    planned = migrate.plan(record.room.session(), "sk-tim-1", ("tandatangan=teken",))
    assert isinstance(planned, migrate.MigrationPlan)
    assert isinstance(migrate.migrate(record.room.session(), planned, MoveInput(note="direvisi")), Outcome)
    traced = trace(record.room.session(), signed(record))
    assert (traced.step, traced.no, "ditandatangani" in traced.kegiatan.lower()) == ("tandatangan", 5, True)


def rebuilt(source: Path, target: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """The Word file with other parts."""
    with ZipFile(source) as word:
        parts = {name: word.read(name) for name in word.namelist()}
    change(parts)
    with ZipFile(target, "w") as word:
        for name, data in parts.items():
            word.writestr(name, data)


def foot(code: str) -> bytes:
    paragraph = f"<w:p><w:r><w:t>{code[:6]}</w:t></w:r><w:r><w:t>{code[6:]}</w:t></w:r></w:p>"
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return f"<w:ftr {space}>{paragraph}<w:p><w:r><w:t>2</w:t></w:r></w:p></w:ftr>".encode()


def test_a_code_in_a_part_that_word_never_shows_is_not_read(record: "Record", tmp_path: Path) -> None:
    other = shown(record.papers("sk-tim-2")[-1])
    copy = tmp_path / "x.docx"

    def hidden(parts: dict[str, bytes]) -> None:
        parts["word/x.xml"] = foot(other)
        parts["word/footer9.xml"] = foot(other)
        parts["word/document.xml"] = parts["word/document.xml"].replace(b"Menyusun laporan", other.encode())

    rebuilt(signed(record), copy, hidden)
    traced = trace(record.room.session(), copy)
    assert (traced.id, traced.altered, [one.id for one in traced.codes]) == ("sk-tim-1", True, ["sk-tim-1"])


def test_a_letter_without_a_code_at_its_foot_is_known_by_that_in_its_properties(room: "Room", tmp_path: Path) -> None:
    room.say("pages: {verification_code: tidak}")
    room.approve(room.start("sk-tim").id)
    (path,) = (room.root / "data").rglob("*.docx")
    with ZipFile(path) as word:
        assert not any(re.search(PATTERN, word.read(name).decode()) for name in word.namelist() if "foot" in name)
    copy = tmp_path / "salinan.docx"
    edited(path, copy, b"Kepala Dinas", b"Kepala Biro")
    traced = trace(room.session(), copy)
    assert (traced.id, traced.step, traced.altered, len(traced.codes)) == ("sk-tim-1", "perintah", True, 1)


def test_all_codes_of_an_altered_file_are_named(record: "Record", tmp_path: Path) -> None:
    mine, other = shown(signed(record)), shown(record.papers("sk-tim-2")[-1])
    copy = tmp_path / "x.docx"

    def several(parts: dict[str, bytes]) -> None:
        for name in [name for name in parts if re.fullmatch(r"word/footer[0-9]*\.xml", name)]:
            text = f"{other} {mine} AAAA-BBBB-CCCC"
            parts[name] = parts[name].replace(mine.encode(), text.encode())

    rebuilt(signed(record), copy, several)
    traced = trace(record.room.session(), copy)
    assert [(one.code, one.id, one.number) for one in traced.codes] == [
        (other, "sk-tim-2", 6), (mine, "sk-tim-1", 6), ("AAAA-BBBB-CCCC", "", 0),
    ]  # fmt: skip
    assert traced.id == "sk-tim-2"


def laid(session: Session, path: Path) -> TracedAttachment:
    found = trace_file(session.record, path)
    assert isinstance(found, TracedAttachment)
    return found


def test_an_attachment_is_known_by_its_content_wherever_it_lies(record: "Record", tmp_path: Path) -> None:
    copy = tmp_path / "lain.txt"
    copy.write_text("bukti", encoding="utf-8")
    (one,) = laid(record.room.session(), copy).attachments
    assert (one.id, one.item, one.name, one.number) == ("penugasan-1", "Kertas", "bukti.txt", 2)


def test_an_attachment_that_was_changed_is_known_by_its_place(record: "Record") -> None:
    path = next((record.data / "attachments").rglob("*.txt"))
    path.write_text("lain", encoding="utf-8")
    found = laid(record.room.session(), path)
    assert (found.altered, found.attachments[0].id) == (True, "penugasan-1")


def zipped(**parts: bytes) -> bytes:
    whole = BytesIO()
    with ZipFile(whole, "w") as out:
        for name, data in parts.items():
            out.writestr(name, data)
    return whole.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"%PDF-1.7", "PDF tidak dapat diperiksa", id="pdf"),
        pytest.param(zipped(mimetype=b"application/vnd.oasis.opendocument.text"), "format lain", id="odt"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1", "format lain", id="doc"),
    ],
)
def test_what_cannot_be_compared_says_what_can(record: "Record", tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "surat").write_bytes(data)
    with pytest.raises(DamagedError, match=says) as raised:
        trace_file(record.room.session().record, tmp_path / "surat")
    assert "sopctl verify KODE" in sentence(raised.value)


def test_a_letter_of_another_office_names_its_code(record: "Record", tmp_path: Path) -> None:
    mine, copy = signed(record), tmp_path / "x.docx"
    edited(mine, copy, shown(mine).encode(), b"AAAA-BBBB-CCCC")
    with pytest.raises(DamagedError, match="AAAA-BBBB-CCCC"):
        trace_file(record.room.session().record, copy)
