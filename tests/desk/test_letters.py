"""Letter numbers: given once, at the signature, in the order of signing, and never twice or again."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from sopctl.audit import verify
from sopctl.desk import agenda, status
from sopctl.desk.documents import case_documents
from sopctl.desk.move_input import MoveInput
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from tests.conftest import Room

FORM = """
id: surat
nama: Surat
pelaksana: {{tim: Tim Kerja, kadis: Kepala Dinas}}
fields:
  anggota: {{label: Anggota, type: table, columns: [nama, nip, pangkat, jabatan, peran]}}
  dasar: {{label: Dasar, type: list}}
  tugas: {{label: Tugas, type: list}}
  masa_tugas: {{label: Masa tugas}}
  tembusan: {{label: Tembusan, type: list}}
documents:
  satu: {{template: surat-tugas.docx, kode: {first}}}
  dua: {{template: surat-tugas.docx, kode: {second}}}
steps:
  - {{id: satu, kegiatan: Menandatangani, pelaksana: kadis, document: {{name: satu, act: sign}}}}
  - {{id: dua, kegiatan: Menandatangani, pelaksana: kadis, document: {{name: dua, act: sign}}}}
  - {{id: terima, kegiatan: Menerima, pelaksana: tim, branches: {{ya: end, tidak: satu}}}}
"""
ONE_KODE = FORM.format(first="000.1", second="000.1")
TWO_KODE = FORM.format(first="000.1", second="800.2/X")


def numbers(room: "Room") -> list[str]:
    """The numbers in the register, in the order of the agenda."""
    return [entry.nomor for entry in agenda.list_letters(room.session().record, None)]


def shown(room: "Room", id: str) -> list[str]:
    """The numbers on the case's letters, oldest first."""
    return [written.nomor for written in room.session().record.load_case(id).state.documents if written.nomor]


def test_a_signature_takes_the_next_number_and_the_register_keeps_it(room: "Room") -> None:
    id = room.letter("Tim Bimtek")
    assert numbers(room) == []
    room.approve(id)
    entry = agenda.list_letters(room.session().record, None)[0]
    assert (entry.nomor, entry.urut, entry.kode) == ("800.1.11.1/1/DISKOPUKM", 1, "800.1.11.1")
    assert (entry.id, entry.document, entry.perihal, entry.by) == (id, "surat-tugas", "Tim Bimtek", "akun")
    assert shown(room, id) == [entry.nomor]


def test_letters_are_numbered_in_the_order_of_signing(room: "Room") -> None:
    ids = [room.letter(), room.letter()]
    for id in reversed(ids):
        room.approve(id)
    assert [shown(room, id) for id in ids] == [["800.1.11.1/2/DISKOPUKM"], ["800.1.11.1/1/DISKOPUKM"]]


def test_a_letter_that_is_signed_anew_keeps_its_number(room: "Room") -> None:
    room.write(ONE_KODE)
    room.start("surat")
    for _ in range(3):
        room.approve("surat-1")
        room.approve("surat-1")
        room.reject("surat-1")
    assert numbers(room) == ["000.1/1/DISKOPUKM", "000.1/2/DISKOPUKM"]
    assert shown(room, "surat-1") == numbers(room) * 3


def test_a_withdrawn_signature_keeps_its_number_for_the_next_one(room: "Room") -> None:
    ids = [room.letter(), room.letter()]
    room.approve(ids[0])
    room.withdraw(ids[0])
    room.approve(ids[1])
    room.approve(ids[0])
    assert [shown(room, id) for id in ids] == [["800.1.11.1/1/DISKOPUKM"], ["800.1.11.1/2/DISKOPUKM"]]
    assert len(numbers(room)) == 2


def test_the_number_of_a_cancelled_case_is_never_given_again(room: "Room") -> None:
    first, second = room.letter(), room.letter()
    room.approve(first)
    room.cancel(first)
    room.approve(second)
    assert shown(room, second) == ["800.1.11.1/2/DISKOPUKM"]


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        pytest.param("one", ["000.1/1", "800.2/X/2", "000.1/3", "800.2/X/4"], id="all letters share one"),
        pytest.param("per-kode", ["000.1/1", "800.2/X/1", "000.1/2", "800.2/X/2"], id="each kode has its own"),
    ],
)
def test_the_office_says_what_a_sequence_belongs_to(room: "Room", sequence: str, expected: list[str]) -> None:
    room.write(TWO_KODE)
    room.say(f'letter_number: {{pattern: "{{kode}}/{{nomor}}", sequence: {sequence}, reset: yearly}}')
    for id in ("surat-1", "surat-2"):
        room.start("surat")
        room.approve(id)
        room.approve(id)
    assert numbers(room) == expected


@pytest.mark.parametrize(
    ("reset", "expected"),
    [
        pytest.param("yearly", ["000.1/1/2026", "000.1/2/2026", "000.1/1/2027", "000.1/2/2027"], id="yearly"),
        pytest.param("never", ["000.1/1/2026", "000.1/2/2026", "000.1/3/2027", "000.1/4/2027"], id="never"),
    ],
)
def test_the_office_says_when_a_sequence_begins_anew(
    room: "Room", when: Callable[[str], datetime], reset: str, expected: list[str]
) -> None:
    room.write(ONE_KODE)
    room.say(f'letter_number: {{pattern: "{{kode}}/{{nomor}}/{{tahun}}", sequence: one, reset: {reset}}}')
    for id, now in {"surat-1": "2026-12-31 10:00", "surat-2": "2027-01-04 10:00"}.items():
        room.now = when(now)
        room.start("surat")
        room.approve(id)
        room.approve(id)
    assert numbers(room) == expected


def test_a_very_long_perihal_does_not_stop_the_letters_after_it(room: "Room") -> None:
    long, other = room.letter("\u00e9" * 100_000), room.letter("lain")
    room.approve(long)
    room.approve(other)
    assert [entry.urut for entry in agenda.list_letters(room.session().record, None)] == [1, 2]


def test_what_is_not_signed_or_has_no_kode_takes_no_number(room: "Room") -> None:
    room.letter()
    assert numbers(room) == []
    assert shown(room, "sk-tim-1") == []


def test_every_letter_of_a_long_way_is_as_it_was_recorded(room: "Room") -> None:
    id = room.letter()
    room.approve(id)
    room.withdraw(id)
    room.approve(id)
    verified = verify.verify(room.session().record, None)
    assert (verified.findings, verified.files) == ((), 6)


def test_a_number_is_not_given_again_where_the_sequences_change_in_mid_year(room: "Room") -> None:
    room.approve(room.letter())
    room.say('letter_number: {pattern: "{kode}/{nomor}/{singkatan}", sequence: per-kode, reset: yearly}')
    id = room.letter()
    with pytest.raises(UsageError, match="sudah dipakai surat lain"):
        room.approve(id)
    agenda.add(
        room.session(), agenda.NewLetter(perihal="Sambungan", nomor="7", kode="800.1.11.1", note="menyambung urutan")
    )
    room.approve(id)
    assert room.session().record.load_case(id).state.documents[-1].nomor == "800.1.11.1/8/DISKOPUKM"


def test_the_register_says_at_once_what_became_of_a_signature(room: "Room") -> None:
    id = room.letter()
    room.approve(id)
    room.withdraw(id, "salah pejabat")
    (row,) = agenda.list_letters(room.session().record, None)
    assert (row.status, row.note) == ("unsigned", "salah pejabat")
    assert verify.verify(room.session().record, None).findings == ()
    room.withdraw(id)
    room.withdraw(id)
    room.approve(id, MoveInput(sets=("tugas=Menyusun", "anggota=Orang Satu")))
    room.approve(id)
    room.approve(id)
    (row,) = agenda.list_letters(room.session().record, None)
    assert (row.status, row.note) == ("given", "")
    assert shown(room, id)[-1] == row.nomor
    assert verify.verify(room.session().record, None).findings == ()


def test_the_register_says_at_once_that_a_signed_letter_was_sent_back(room: "Room") -> None:
    room.write(ONE_KODE)
    room.start("surat")
    room.approve("surat-1")
    room.approve("surat-1")
    room.reject("surat-1", "tanggal keliru")
    assert {(row.status, row.note) for row in agenda.list_letters(room.session().record, None)} == {
        ("unsigned", "tanggal keliru")
    }
    room.cancel("surat-1")
    assert {row.status for row in agenda.list_letters(room.session().record, None)} == {"withdrawn"}
    assert verify.verify(room.session().record, None).findings == ()


def test_every_nip_is_printed_in_its_parts(room: "Room") -> None:
    room.say("""
        officials:
          - {nama: Pejabat A, nip: "197001011990031001", pangkat: Pembina, jabatan: Kepala Dinas, pelaksana: [kadis]}
    """)
    id = room.letter()
    (signed,) = room.approve(id, MoveInput(sets=("anggota=Anggota|198001012005011001|Penata|Analis|Ketua",))).documents
    with ZipFile(room.root / signed.path) as packed:
        text = packed.read("word/document.xml").decode()
    assert [nip in text for nip in ("19700101 199003 1 001", "19800101 200501 1 001")] == [True, True]


def test_of_the_papers_of_a_case_the_one_that_is_handed_over_is_marked(room: "Room") -> None:
    id = room.letter()

    def valid() -> list[tuple[str, str]]:
        found = case_documents(room.session().record, id)
        return [(one.name, one.nomor) for one in found.documents if one.path in found.valid]

    assert valid() == [("disposisi", "")]
    room.approve(id)
    room.approve(id)
    assert valid() == [("disposisi", ""), ("surat-tugas", "800.1.11.1/1/DISKOPUKM")]
    room.withdraw(id)
    room.withdraw(id)
    assert valid() == [("disposisi", "")]
    room.say("letter_number: {when: desk}")
    room.approve(other := room.letter())
    assert [" disposisi " in path for path in status.case_status(room.session().record, other).valid] == [True]
