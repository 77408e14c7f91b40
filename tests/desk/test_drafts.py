"""What is not signed yet says on paper what the case says, from the moment when it is changed."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document

from sopctl.audit.verify import verify
from sopctl.cli.options import move_input
from sopctl.desk import agenda, moves, status
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.engine.refused import Refused

if TYPE_CHECKING:
    from tests.conftest import Room

ADDED = """
id: dua
nama: Dua naskah
pelaksana: {tim: Tim Kerja, kadis: Kepala Dinas}
fields:
  tugas: {label: Tugas, type: list}
documents:
  satu: {template: laporan-umum.docx}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, document: {name: satu, act: draft}}
  - {id: baca, kegiatan: Membaca, pelaksana: tim}
  - {id: teken, kegiatan: Menandatangani, pelaksana: kadis, document: {name: satu, act: sign}}
"""


def text(room: "Room", path: str) -> str:
    """All that a Word file says."""
    found = Document(str(room.root / path))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in found.paragraphs), *cells])


def fill(room: "Room", id: str, *sets: str) -> Outcome:
    answer = room.ask(lambda session: moves.fill(session, id, MoveInput(sets=sets)))
    assert isinstance(answer, Outcome), answer
    return answer


def drafted(room: "Room") -> str:
    """A case of sk-tim whose konsep lies before Kepala Bidang; its id."""
    id = room.start("sk-tim", "Tim").id
    for sets in ((), (), ("tugas=Menyusun laporan", "anggota=Orang Satu")):
        room.approve(id, MoveInput(sets=sets))
    return id


def test_a_field_that_is_set_stands_in_the_newest_draft_at_once(room: "Room") -> None:
    id = drafted(room)
    (written,) = fill(room, id, "masa_tugas=1 Desember 2026").documents
    assert (written.name, written.act, written.step) == ("surat-tugas", "draft", "susun")
    assert "1 Desember 2026" in text(room, written.path)
    (again,) = fill(room, id, "masa_tugas=2 Desember 2026").documents
    assert "2 Desember 2026" in text(room, again.path)
    assert written.path != again.path
    assert verify(room.session().record, None).findings == ()


def test_a_paraf_stands_in_the_new_draft_while_it_counts(room: "Room") -> None:
    id = drafted(room)
    room.approve(id)
    (added,) = fill(room, id, "masa_tugas=1 Desember 2026").documents
    assert added.act == "initial"
    (changed,) = fill(room, id, "masa_tugas=2 Desember 2026").documents
    assert changed.act == "draft"
    assert "KONSEP" in text(room, changed.path)


def test_what_came_back_is_a_draft_that_is_written_anew(room: "Room") -> None:
    id = drafted(room)
    room.reject(id)
    (written,) = fill(room, id, "tugas=Menyusun rencana").documents
    assert written.act == "draft"
    assert "Menyusun rencana" in text(room, written.path)


def test_a_draft_that_is_written_anew_says_which_round_it_is(room: "Room") -> None:
    id = drafted(room)
    assert "PUTARAN" not in text(room, status.case_status(room.session().record, id).written[-1].path)
    room.reject(id)
    for written in (fill(room, id, "tugas=Menyusun rencana").documents[0], room.approve(id).documents[0]):
        assert "KONSEP, PUTARAN KE-2" in text(room, written.path)
    (paraf,) = room.approve(id).documents
    assert "DIPARAF, PUTARAN KE-2" in text(room, paraf.path)
    (signed,) = room.approve(id).documents
    assert "PUTARAN" not in text(room, signed.path)


def test_a_move_that_changes_a_field_writes_the_drafts_of_other_rows_anew(room: "Room") -> None:
    room.write(ADDED.replace("laporan-umum.docx", "surat-tugas.docx"))
    room.start("dua")
    room.approve("dua-1", MoveInput(sets=("tugas=Menyusun",)))
    (written,) = room.approve("dua-1", MoveInput(sets=("tugas=Melaporkan",))).documents
    assert (written.name, written.act) == ("satu", "draft")
    assert "Melaporkan" in text(room, written.path)


def test_a_file_that_is_attached_stands_in_the_draft_that_lists_it(room: "Room", tmp_path: Path) -> None:
    photo = tmp_path / "foto.txt"
    photo.write_text("isi")
    room.write(ADDED.replace("laporan-umum.docx", "laporan.docx"))
    room.start("dua")
    room.approve("dua-1")
    answer = room.ask(lambda session: moves.attach(session, "dua-1", move_input(attach=[f"Lain={photo}"])))
    assert isinstance(answer, Outcome)
    (written,) = answer.documents
    printed = text(room, written.path)
    assert "1.\tLain" in printed
    assert "foto.txt" not in printed


@pytest.mark.parametrize("sets", ["masa_tugas=1 Desember 2026", "bentuk=Keputusan"])
def test_what_is_signed_stays_as_it_is(room: "Room", sets: str) -> None:
    id = room.letter()
    room.approve(id)
    assert fill(room, id, sets).documents == ()


def test_a_value_that_no_draft_prints_or_that_stays_writes_nothing(room: "Room") -> None:
    id = drafted(room)
    assert fill(room, id, "tugas=Menyusun laporan").documents == ()
    assert fill(room, id, "sifat=Segera").documents == ()


def change_subject(room: "Room", id: str, subject: str) -> Outcome | Refused:
    return room.ask(lambda session: moves.fill(session, id, MoveInput(subject=subject)))


def test_the_subject_is_corrected_until_a_letter_with_a_number_is_signed(room: "Room") -> None:
    id = drafted(room)
    fill(room, id, "bentuk=Keputusan", "menimbang=Perlu", "mengingat=Aturan")
    answer = change_subject(room, id, "Tim Pembinaan")
    assert isinstance(answer, Outcome)
    assert answer.subject == status.case_status(room.session().record, id).subject == "Tim Pembinaan"
    (written,) = answer.documents
    assert "Tim Pembinaan" in text(room, written.path)
    assert ["disposisi" in notice.message for notice in answer.notices] == [True]
    for _ in range(2):
        room.approve(id)
    refused = change_subject(room, id, "Lain")
    assert isinstance(refused, Refused)
    assert refused.reason == "letter_signed"
    assert isinstance(change_subject(room, id, "Tim Pembinaan"), Outcome)
    assert agenda.list_letters(room.session().record, None)[0].perihal == "Tim Pembinaan"
    assert verify(room.session().record, None).findings == ()


def test_a_field_of_a_later_row_is_no_mistake_in_what_was_signed_before(room: "Room") -> None:
    room.start("mekanisme-pelaporan")
    room.approve("mekanisme-pelaporan-1", MoveInput(sets=("sifat=Segera",)))
    outcome = room.approve("mekanisme-pelaporan-1", MoveInput(sets=("bahan=Data",)))
    assert not [notice for notice in outcome.notices if "disposisi" in notice.message]
    (notice,) = fill(room, "mekanisme-pelaporan-1", "sifat=Biasa").notices
    assert "surat perbaikan" in notice.message


def test_what_was_only_initialled_is_written_anew_as_a_draft_once_its_text_is_another(room: "Room") -> None:
    room.write(ADDED.replace("laporan-umum.docx", "surat-tugas.docx").replace("act: draft", "act: initial"))
    id = room.start("dua", typed=MoveInput(sets=("tugas=Menyusun",))).id
    (paraf,) = room.approve(id).documents
    assert paraf.act == "initial"
    (written,) = fill(room, id, "tugas=Melaporkan").documents
    assert (written.act, written.step) == ("draft", "susun")
    said = text(room, written.path)
    assert ("Melaporkan" in said, "KONSEP" in said, "DIPARAF" in said) == (True, True, False)
    room.approve(id)
    assert room.approve(id).documents[0].act == "sign"
    assert verify(room.session().record, None).findings == ()


INCOMING = """
id: masuk
nama: Surat Masuk
pelaksana: {kadis: Kepala Dinas, kabid: Kepala Bidang}
fields:
  sifat: {label: Sifat, type: choice, choices: [Biasa, Segera, Penting], step: arahkan}
  instruksi: {label: Harap, type: list, choices: [Proses lebih lanjut, Koordinasi/konfirmasi], step: arahkan}
  surat_dari: {label: Surat dari, step: arahkan}
  nomor_surat: {label: Nomor surat, step: arahkan}
  tanggal_surat: {label: Tanggal surat, type: date, step: arahkan}
  tanggal_diterima: {label: Diterima, type: date, step: arahkan}
  nomor_agenda: {label: Nomor agenda, step: arahkan}
  catatan_disposisi: {label: Catatan, step: arahkan}
documents: {disposisi: {template: disposisi.docx}}
steps:
  - {id: arahkan, kegiatan: Mengarahkan, pelaksana: kadis, document: {name: disposisi, act: sign}}
  - {id: laksana, kegiatan: Melaksanakan, pelaksana: kabid}
"""


@pytest.mark.parametrize("sifat", ["Biasa", "Segera", "Penting"])
def test_a_disposisi_prints_all_that_its_sop_asks_for(room: "Room", sifat: str) -> None:
    room.write(INCOMING)
    id = room.start("masuk", "Undangan").id
    sets = (
        f"sifat={sifat}", "instruksi=koordinasi/konfirmasi;Wakili", "surat_dari=Sekretariat Daerah",
        "nomor_surat=005/77/UM", "tanggal_surat=2026-11-20", "tanggal_diterima=2026-11-21", "nomor_agenda=512",
        "catatan_disposisi=Laporkan",
    )  # fmt: skip
    (sheet,) = room.approve(id, MoveInput(sets=sets)).documents
    said = text(room, sheet.path)
    for words in ("Sekretariat Daerah", "005/77/UM", "20 November 2026", "21 November 2026", "512", "Laporkan"):
        assert words in said
    for ticked in (sifat, "Koordinasi/konfirmasi", "Wakili"):
        assert f"☑ {ticked}" in said
    assert said.count("☑") == 3
    assert room.session().record.load_case(id).state.fields["instruksi"] == ["Koordinasi/konfirmasi", "Wakili"]
