"""The register of incoming letters: numbers in order, corrections and withdrawals aloud, cases opened from an entry."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from docx import Document

from sopctl.audit import verify
from sopctl.desk import agenda, incoming_register, start
from sopctl.desk.incoming_register import IncomingChange, IncomingInput
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.engine.refused import Refused
from sopctl.errors import DamagedError, NotFoundError, UsageError
from sopctl.letters.register_print import render_incoming
from sopctl.store.incoming_register import RegisteredIncoming

if TYPE_CHECKING:
    from tests.conftest import Room

INVITED = {
    "surat_dari": "Sekretariat Daerah",
    "nomor_surat": "005/77/UM",
    "tanggal_surat": "2026-11-20",
    "perihal": "Undangan rapat koordinasi",
    "sifat": "Segera",
}
INCOMING = """
id: surat-masuk
nama: Surat masuk
pelaksana: {kadis: Kepala Dinas, staf: Staf}
fields:
  surat_dari: {label: Surat dari}
  tanggal_surat: {label: Tanggal surat, type: date}
  sifat: {label: Sifat, type: choice, choices: [Biasa, Segera]}
documents:
  disposisi: {template: disposisi.docx}
steps:
  - id: terima
    kegiatan: Memberi disposisi
    pelaksana: kadis
    kelengkapan: [Kertas, {nama: Surat undangan, evidence: ya}]
    output: Disposisi
    document: {name: disposisi, act: sign}
  - {id: laksanakan, kegiatan: Melaksanakan, pelaksana: staf}
"""


def added(room: "Room", scan: Path | None = None, urut: int = 0, note: str = "", **other: str) -> RegisteredIncoming:
    typed = IncomingInput(values=INVITED | other, scan=scan, urut=urut, note=note)
    return changed(incoming_register.add_incoming(room.session(), typed))


def changed(answer: IncomingChange | Refused) -> RegisteredIncoming:
    assert isinstance(answer, IncomingChange), answer
    return answer.entry


def reason(answer: object) -> str:
    assert isinstance(answer, Refused), answer
    return answer.reason


def correct(room: "Room", nomor: str, note: str = "salah ketik", **values: str) -> IncomingChange | Refused:
    return incoming_register.correct_incoming(room.session(), nomor, IncomingInput(values=values, note=note))


def register(room: "Room") -> tuple[RegisteredIncoming, ...]:
    return incoming_register.list_incoming(room.session().record)


def opened(room: "Room", sop: str, nomor: str = "1", subject: str = "") -> Outcome:
    answer = room.ask(
        lambda session: start.start(session, sop, start.StartInput(agenda=nomor, subject=subject), MoveInput())
    )
    assert isinstance(answer, Outcome), answer
    return answer


def refused(room: "Room", sop: str, nomor: str = "1") -> str:
    opening = start.StartInput(agenda=nomor)
    return reason(room.ask(lambda session: start.start(session, sop, opening, MoveInput())))


def sheet(room: "Room", outcome: Outcome) -> str:
    (path,) = [one.path for one in outcome.documents if one.name == "disposisi"]
    cells = [cell.text for table in Document(str(room.root / path)).tables for row in table.rows for cell in row.cells]
    return "\n".join(cells)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "undangan.pdf"
    path.write_bytes(b"%PDF-1.4 undangan")
    return path


def sound(room: "Room") -> bool:
    return verify.verify(room.session().record, None).findings == ()


def test_numbers_follow_each_other_beside_those_of_outgoing_letters(room: "Room", scan: Path) -> None:
    assert [added(room).nomor, added(room, scan).nomor] == ["1", "2"]
    letter = agenda.NewLetter(perihal="Jawaban", kode="000.1.5")
    assert isinstance(agenda.add(room.session(), letter), agenda.RegisterChange)
    assert added(room).nomor == "3"
    assert [one.nomor for one in agenda.list_letters(room.session().record, None)] == ["000.1.5/1/DISKOPUKM"]
    assert [one.nomor for one in register(room)] == ["1", "2", "3"]
    assert sound(room)


def test_a_letter_counts_in_the_year_in_which_it_was_received(room: "Room") -> None:
    added(room)
    room.now += timedelta(days=60)
    assert added(room).nomor == "1"
    late = IncomingInput(values=INVITED, at="2026-12-30 10:00")
    assert changed(incoming_register.add_incoming(room.session(), late)).sequence == "masuk/2026.jsonl"
    assert [(one.year, one.nomor) for one in register(room)] == [(2026, "1"), (2026, "2"), (2027, "1")]
    found = [incoming_register.find_incoming(room.session().record, text) for text in ("1", "2", "1/2026")]
    assert [one.year for one in found] == [2027, 2026, 2026]
    with pytest.raises(NotFoundError):
        incoming_register.find_incoming(room.session().record, "3/2026")


def test_the_book_on_paper_is_continued_with_a_reason(room: "Room") -> None:
    assert (
        reason(incoming_register.add_incoming(room.session(), IncomingInput(values=INVITED, urut=512)))
        == "gap_unexplained"
    )
    added(room, urut=512, note="menyambung buku lama")
    assert [(one.nomor, one.status) for one in register(room)] == [("1–511", "skipped"), ("512", "given")]
    assert added(room).nomor == "513"
    assert (
        reason(incoming_register.add_incoming(room.session(), IncomingInput(values=INVITED, urut=512)))
        == "number_taken"
    )
    assert sound(room)


@pytest.mark.parametrize(("wanting", "code"), [("surat_dari", "surat_dari"), ("perihal", "perihal")])
def test_an_entry_says_whom_the_letter_is_from_and_what_about(room: "Room", wanting: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        incoming_register.add_incoming(room.session(), IncomingInput(values=INVITED | {wanting: " "}))
    assert caught.value.code == code
    assert register(room) == ()


def test_a_correction_says_why_and_keeps_what_was_written(room: "Room", scan: Path) -> None:
    added(room, scan)
    assert reason(correct(room, "1", note="", perihal="Rapat")) == "note_needed"
    assert reason(correct(room, "1", perihal=INVITED["perihal"])) == "nothing_changed"
    assert changed(correct(room, "1", perihal="Rapat", sifat="-")) == register(room)[0]
    (row,) = register(room)
    assert (row.letter.perihal, row.letter.sifat, row.letter.surat_dari) == ("Rapat", "", INVITED["surat_dari"])
    assert (row.status, row.note, row.letter.scan is not None) == ("corrected", "salah ketik", True)
    assert INVITED["perihal"].encode() in (room.root / "data/agenda/masuk/2026.jsonl").read_bytes()
    anew = IncomingInput(values={}, scan=scan, note="dipindai ulang")
    assert changed(incoming_register.correct_incoming(room.session(), "1", anew)).letter.scan != row.letter.scan
    assert sound(room)


def test_a_withdrawn_number_is_not_given_again_and_opens_nothing(room: "Room") -> None:
    added(room)
    assert reason(incoming_register.withdraw_incoming(room.session(), "1", " ")) == "note_needed"
    assert changed(incoming_register.withdraw_incoming(room.session(), "1", "dicatat dua kali")).status == "withdrawn"
    assert reason(incoming_register.withdraw_incoming(room.session(), "1", "lagi")) == "not_in_use"
    assert reason(correct(room, "1", perihal="Rapat")) == "not_in_use"
    assert refused(room, "sk-tim") == "not_in_use"
    assert added(room).nomor == "2"
    assert sound(room)


def test_a_case_is_opened_with_what_the_register_says(room: "Room", scan: Path) -> None:
    room.write(INCOMING)
    added(room, scan)
    case = opened(room, "surat-masuk")
    assert case.subject == INVITED["perihal"]
    state = room.session().record.load_case(case.id).state
    assert state.fields == {name: INVITED[name] for name in ("surat_dari", "tanggal_surat", "sifat")}
    assert [(one.item, one.name) for one in state.attachments] == [("Surat undangan", "undangan.pdf")]
    assert register(room)[0].cases == (case.id,)
    text = sheet(room, room.approve(case.id))
    for printed in ("Sekretariat Daerah", "005/77/UM", "20 November 2026", "No. Agenda\t: 1", "24 November 2026"):
        assert printed in text
    assert sound(room)


@pytest.mark.parametrize("sop", ["sk-tim", "bimtek", "penugasan", "pelaporan-bimtek", "mekanisme-pelaporan"])
def test_the_disposisi_of_every_sop_prints_the_letter_without_a_question_more(room: "Room", sop: str) -> None:
    added(room)
    case = opened(room, sop, subject="Perihal sendiri")
    assert case.subject == "Perihal sendiri"
    state = room.session().record.load_case(case.id).state
    if not any(step.document and step.document.name == "disposisi" for step in state_steps(room, case.id)):
        return
    text = sheet(room, room.approve(case.id))
    for printed in ("Sekretariat Daerah", "005/77/UM", "20 November 2026", "No. Agenda\t: 1"):
        assert printed in text
    assert "☑ Segera" in text
    assert state.agenda is not None


def state_steps(room: "Room", id: str) -> tuple:  # type: ignore[type-arg]
    return room.session().record.load_case(id).sop.steps


def test_a_disposisi_without_a_letter_has_lines_to_fill_in_by_hand_that_are_no_gaps(room: "Room") -> None:
    done = room.approve(room.start("sk-tim").id)
    text = sheet(room, done)
    for label in ("Surat dari", "No. Surat", "Tgl. Surat", "Diterima tgl.", "No. Agenda"):
        assert f"{label}\t: …" in text
    (written,) = done.documents
    assert not [gap for gap in written.gaps if not gap.startswith(("nama", "NIP", "pangkat"))]


def test_an_entry_opens_one_case_of_an_sop_and_another_when_that_is_cancelled(room: "Room") -> None:
    added(room)
    first = opened(room, "sk-tim")
    assert refused(room, "sk-tim") == "already_opened"
    other = opened(room, "penugasan")
    room.cancel(first.id)
    second = opened(room, "sk-tim")
    assert register(room)[0].cases == (first.id, other.id, second.id)
    assert sound(room)


def test_a_case_keeps_what_the_register_said_when_it_was_opened(room: "Room") -> None:
    added(room)
    case = opened(room, "sk-tim")
    changed(correct(room, "1", surat_dari="Bappeda"))
    assert "Sekretariat Daerah" in sheet(room, room.approve(case.id))


@pytest.mark.parametrize(
    ("first", "later", "item"),
    [
        ("[Buku agenda surat]", "[Surat Masuk]", "Surat Masuk"),
        ("[Surat Tugas, Surat dari instansi lain]", "[Kertas]", "Surat dari instansi lain"),
        ("[Undangan rapat, {nama: Surat permohonan, evidence: ya}]", "[Kertas]", "Surat permohonan"),
        ("[Surat Tugas, Kertas]", "[Undangan]", "Surat masuk"),
        ("[{nama: Pindaian, evidence: ya}, Kertas]", "[Kertas]", "Pindaian"),
    ],
)
def test_the_scan_is_the_kelengkapan_that_it_fits(room: "Room", scan: Path, first: str, later: str, item: str) -> None:
    room.write(f"""
        id: catat
        nama: Catat
        pelaksana: {{tu: Tata usaha}}
        steps:
          - {{id: terima, kegiatan: Menerima, pelaksana: tu, kelengkapan: {first}, output: Surat Masuk}}
          - {{id: periksa, kegiatan: Memeriksa, pelaksana: tu, kelengkapan: {later}}}
    """)
    added(room, scan)
    (attached,) = room.session().record.load_case(opened(room, "catat").id).state.attachments
    assert attached.item == item


def test_a_number_that_is_not_there_opens_nothing(room: "Room") -> None:
    before = room.record()
    with pytest.raises(NotFoundError):
        refused(room, "sk-tim", "7")
    assert room.record() == before


def test_the_register_prints_on_the_template_of_the_office(room: "Room") -> None:
    added(room)
    added(room, nomor_surat="", perihal="Permintaan data")
    opened(room, "sk-tim")
    changed(incoming_register.withdraw_incoming(room.session(), "2", "salah alamat"))
    session = room.session()
    data = render_incoming(session.record, session.renderer, register(room), 2026)
    table = Document(BytesIO(data)).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][:4] == ["No. Agenda", "Diterima", "Surat dari", "Nomor surat"]
    assert rows[1][:5] == ["1", "24 November 2026", "Sekretariat Daerah", "005/77/UM", "20 November 2026"]
    assert rows[1][7:] == ["sk-tim-1", ""]
    assert (rows[2][3], rows[2][8]) == ("–", "ditarik: salah alamat")
    with ZipFile(BytesIO(data)) as package:
        feet = [package.read(name).decode() for name in package.namelist() if name.startswith("word/footer")]
    assert not [foot for foot in feet if "surat keluar" in foot]


def test_a_number_that_was_mistyped_does_not_close_the_register(room: "Room") -> None:
    assert added(room, urut=999_999_999, note="salah ketik").nomor == "999999999"
    assert added(room).nomor == "1000000000"
    assert incoming_register.find_incoming(room.session().record, "1000000000").urut == 1_000_000_000
    with pytest.raises(UsageError, match="paling besar"):
        added(room, urut=1_000_000_002, note="salah ketik")


def test_a_lost_scan_is_damage_of_the_record(room: "Room", tmp_path: Path) -> None:
    room.write(INCOMING)
    scan = tmp_path / "surat.pdf"
    scan.write_bytes(b"%PDF-1.4")
    entry = added(room, scan)
    assert entry.letter.scan is not None
    (room.root / entry.letter.scan.path).unlink()
    before = room.record()
    with pytest.raises(DamagedError, match="hilang"):
        room.ask(lambda session: start.start(session, "surat-masuk", start.StartInput(agenda="1"), MoveInput()))
    assert room.record() == before


def test_a_letter_that_is_entered_twice_or_dated_after_its_receipt_is_told(room: "Room") -> None:
    def doubts(**other: str) -> list[str]:
        answer = incoming_register.add_incoming(room.session(), IncomingInput(values=INVITED | other))
        assert isinstance(answer, IncomingChange)
        return [one.rpartition(" ")[2] for one in answer.doubts]

    assert doubts() == []
    assert doubts(nomor_surat="005/ 77/um", perihal="Rapat") == ["1."]
    assert doubts(nomor_surat="") == []
    assert doubts(nomor_surat="6", tanggal_surat="2036-11-20") == ["diterimanya."]
    corrected = incoming_register.correct_incoming(
        room.session(), "4", IncomingInput(values={"nomor_surat": "7", "tanggal_surat": "2026-11-20"}, note="salah")
    )
    assert isinstance(corrected, IncomingChange)
    assert corrected.doubts == ()
