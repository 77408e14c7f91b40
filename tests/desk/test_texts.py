"""The papers of a case whose fields change: above a signature stands what was signed, and who changes it is told."""

from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from docx import Document

from sopctl.cli.options import move_input
from sopctl.cli.remedies import sentence
from sopctl.desk import agenda, moves, status
from sopctl.desk.agenda import RegisterChange
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.engine.refused import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from sopctl.desk.session import Session
    from tests.conftest import Answer, Room

TUGAS = MoveInput(sets=("tugas=Mencairkan honor dua kali",))


@pytest.fixture
def signed(room: "Room") -> "Room":
    """A case of sk-tim whose letter was just signed."""
    room.approve(room.letter("Tim Bimtek"))
    return room


def asked(room: "Room", command: "Callable[[Session], Answer]") -> Outcome:
    answer = room.ask(command)
    assert isinstance(answer, Outcome), answer
    return answer


def fill(room: "Room", *sets: str) -> Outcome:
    return asked(room, lambda session: moves.fill(session, "sk-tim-1", MoveInput(sets=sets)))


def text(room: "Room", path: str) -> str:
    """All that a Word file shows, its tables too."""
    document = Document(str(room.root / path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def latest(room: "Room", id: str = "sk-tim-1") -> str:
    return text(room, status.case_status(room.session().record, id).written[-1].path)


def test_a_letter_shows_what_was_signed_though_a_field_changes_later(signed: "Room") -> None:
    changed = fill(signed, "tugas=Mencairkan honor dua kali", "masa_tugas=selamanya")
    (notice,) = changed.notices
    assert notice.message.startswith(
        "Dokumen surat-tugas sudah ditandatangani dan tidak ikut berubah (masa_tugas, tugas "
    )
    signed.approve("sk-tim-1")
    assert "Menyusun laporan" in latest(signed)
    assert "honor" not in latest(signed)
    assert "selamanya" not in latest(signed)
    assert status.case_status(signed.session().record, "sk-tim-1").fields["tugas"] == ["Mencairkan honor dua kali"]


def test_a_field_that_changes_with_a_later_move_does_not_reach_the_letter_either(signed: "Room") -> None:
    received = signed.approve("sk-tim-1", TUGAS)
    assert "Dokumen surat-tugas sudah ditandatangani" in received.notices[0].message
    assert "Menyusun laporan" in text(signed, received.documents[0].path)
    assert "honor" not in text(signed, received.documents[0].path)


@pytest.mark.parametrize(
    "sets",
    [
        pytest.param(("tugas=Menyusun laporan",), id="the same value"),
        pytest.param(("instruksi=Segera dikerjakan", "menimbang=bahwa"), id="a field that the letter does not show"),
    ],
)
def test_nobody_is_told_of_what_the_letter_does_not_miss(signed: "Room", sets: tuple[str, ...]) -> None:
    fill(signed, "sifat=Biasa")
    assert not any("surat-tugas" in notice.message for notice in fill(signed, *sets).notices)


def test_a_letter_keeps_the_form_and_kode_that_it_was_signed_in(signed: "Room") -> None:
    assert "Dokumen surat-tugas" in fill(signed, "bentuk=Keputusan").notices[0].message
    (written,) = signed.approve("sk-tim-1").documents
    assert written.nomor == "800.1.11.1/1/DISKOPUKM"
    assert "SURAT TUGAS" in text(signed, written.path)
    signed.cancel("sk-tim-1")
    (row,) = agenda.list_letters(signed.session().record, None)
    assert (row.kode, row.status) == ("800.1.11.1", "withdrawn")


def test_a_letter_that_gets_its_number_later_is_written_again_as_it_was_signed(room: "Room") -> None:
    room.say('letter_number: {pattern: "{kode}/{nomor}/{singkatan}", when: desk}')
    room.approve(room.letter())
    fill(room, "tugas=Mencairkan honor dua kali")
    done = agenda.set_number(room.session(), "sk-tim-1", "800/7", "", "")
    assert isinstance(done, RegisterChange), done
    assert "Menyusun laporan" in text(room, done.documents[0].path)
    room.approve("sk-tim-1")
    again = agenda.withdraw(room.session(), "800/7", "salah")
    assert isinstance(again, RegisterChange), again
    done = agenda.set_number(room.session(), "sk-tim-1", "800/8", "", "")
    assert isinstance(done, RegisterChange), done
    assert "Menyusun laporan" in text(room, done.documents[0].path)
    assert "800/8" in text(room, done.documents[0].path)


def test_a_letter_whose_signature_was_taken_back_is_not_written_again(room: "Room") -> None:
    room.say('letter_number: {pattern: "{kode}/{nomor}/{singkatan}", when: desk}')
    room.approve(room.letter())
    room.withdraw("sk-tim-1")
    done = agenda.set_number(room.session(), "sk-tim-1", "800/7", "", "")
    assert isinstance(done, RegisterChange), done
    assert done.documents == ()
    (written,) = room.approve("sk-tim-1").documents
    assert written.nomor == "800/7"


def test_whoever_is_assigned_later_does_not_stand_under_the_letter(signed: "Room") -> None:
    signed.say(
        """
        officials:
          - {nama: Ibu Kepala, jabatan: Kepala Dinas, pelaksana: [kadis]}
          - {nama: Orang Lain, jabatan: Staf, pelaksana: [tim]}
        """
    )
    asked(signed, lambda session: moves.assign(session, "sk-tim-1", "kadis", "Orang Lain", MoveInput()))
    signed.approve("sk-tim-1")
    assert "Ibu Kepala" in latest(signed)
    assert "Orang Lain" not in latest(signed)


def test_a_picture_that_is_attached_later_is_not_in_what_was_signed(room: "Room") -> None:
    room.write(
        """
        id: surat
        nama: Surat
        pelaksana: {kadis: Kepala Dinas}
        documents: {lembar: {template: lembar-hasil.docx}}
        steps:
          - {id: satu, kegiatan: Menandatangani, pelaksana: kadis, document: {name: lembar, act: sign}}
          - {id: dua, kegiatan: Menerima, pelaksana: kadis, document: {name: lembar, act: receive}}
        """
    )
    picture = room.root / "foto.png"
    picture.write_bytes(bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"))
    room.start("surat")
    room.approve("surat-1", move_input(attach=[f"Foto pertama={picture}"]))
    room.approve("surat-1", move_input(attach=[f"Foto kedua={picture}"]))
    with ZipFile(room.root / status.case_status(room.session().record, "surat-1").written[-1].path) as word:
        shown = word.read("word/document.xml").decode()
    assert ("Foto pertama" in shown, "Foto kedua" in shown) == (True, False)


def test_a_paraf_that_falls_is_told_with_what_to_do(room: "Room") -> None:
    room.letter()
    assert fill(room, "dasar=Surat undangan").notices == ()
    (notice,) = fill(room, "tugas=Mencairkan honor dua kali").notices
    assert notice.message.startswith("Paraf Kepala Bidang 3 pada surat-tugas gugur karena tugas berubah; mintalah ")
    notice, _gaps = room.approve("sk-tim-1").notices
    assert notice.message.startswith("Dokumen surat-tugas ditandatangani tanpa paraf dari langkah periksa")


def test_a_paraf_that_falls_with_the_signature_is_told_with_the_way_back(room: "Room") -> None:
    room.letter()
    notice, _gaps = room.approve("sk-tim-1", TUGAS).notices
    assert sentence(notice).endswith('tarik kembali tanda tangannya. Perintahnya: sopctl withdraw sk-tim-1 --note "…".')


BACK = """
id: uji
nama: Uji
pelaksana: {{tim: Tim Kerja, kabid: Kepala Bidang 3, kadis: Kepala Dinas}}
fields: {{hasil: {{label: Hasil}}}}
documents: {{lembar: {{template: lembar-hasil.docx}}}}
steps:
  - {{id: susun, kegiatan: Menyusun, pelaksana: tim, document: {{name: lembar, act: draft}}}}
  - {{id: periksa, kegiatan: Memeriksa, pelaksana: kabid, document: {{name: lembar, act: initial}}}}
  - id: tandatangan
    kegiatan: Menandatangani
    pelaksana: kadis
    branches: {{{branches}}}
    document: {{name: lembar, act: sign}}
"""


@pytest.mark.parametrize(
    ("branches", "command"),
    [
        pytest.param("ya: end, tidak: periksa", 'sopctl reject uji-1 --note "…"', id="a pair"),
        pytest.param("ya: end, lain: end, tidak: susun", 'sopctl reject uji-1 --note "…"', id="the only way back"),
        pytest.param("ya: end, tidak: susun, lagi: periksa", 'sopctl decide uji-1 "tidak" --note "…"', id="of two"),
    ],
)
def test_the_way_back_to_a_paraf_is_the_one_of_the_sop(room: "Room", branches: str, command: str) -> None:
    room.write(BACK.format(branches=branches))
    room.start("uji", typed=MoveInput(sets=("hasil=lama",)))
    room.approve("uji-1")
    room.approve("uji-1")
    changed = asked(room, lambda session: moves.fill(session, "uji-1", MoveInput(sets=("hasil=baru",))))
    (notice,) = changed.notices
    fell = "Paraf Kepala Bidang 3 pada lembar gugur karena hasil berubah; kembalikan agar diparaf lagi."
    assert sentence(notice) == f"{fell} Perintahnya: {command}."


def test_a_draft_is_turned_down_at_the_act_of_the_decider_not_at_the_end_of_the_row(room: "Room") -> None:
    room.write(
        """
        id: uji
        nama: Uji
        pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang 3, kadis: Kepala Dinas}
        fields: {hasil: {label: Hasil}}
        documents: {lembar: {template: lembar-hasil.docx, wajib: [hasil]}}
        steps:
          - {id: susun, kegiatan: Menyusun, pelaksana: tim, document: {name: lembar, act: draft}}
          - id: tandatangan
            kegiatan: Menandatangani
            pelaksana: [kadis, kabid]
            decides: kadis
            branches: {ya: end, tidak: susun}
            document: {name: lembar, act: sign}
        """
    )
    room.start("uji")
    room.approve("uji-1")
    answer = room.ask(lambda session: moves.approve(session, "uji-1", MoveInput()))
    assert isinstance(answer, Refused)
    assert answer.fields == ("hasil",)
    room.approve("uji-1", MoveInput(sets=("hasil=lama",)))
    (written,) = room.approve("uji-1", MoveInput(sets=("hasil=baru",))).documents
    assert "lama" in text(room, written.path)
    assert "baru" not in text(room, written.path)
