"""Who really signed stands under the letter, told by the account that signed or by whom it was recorded for."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document

from sopctl.audit.trace import TracedLetter, trace_file
from sopctl.desk import agenda, moves
from sopctl.desk.check import check
from sopctl.desk.move_input import MoveInput
from sopctl.engine.refused import Refused

if TYPE_CHECKING:
    from tests.conftest import Room

OFFICE = """
officials:
  - {nama: Pejabat A, jabatan: Kepala Dinas, pelaksana: [kadis], accounts: [kepala]}
  - {nama: Pejabat S, jabatan: Sekretaris, pelaksana: [kadis], accounts: [sekretaris], as: AS}
  - {nama: Pejabat B, jabatan: Kepala Bidang, pelaksana: [kabid, kasubbag], accounts: [akun]}
on_behalf: open
"""


def letter_text(path: Path) -> str:
    """The paragraphs of a Word file, those of its tables too."""
    body = Document(str(path)).element.body
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(f"{{{paragraph.nsmap['w']}}}t"))
        for paragraph in body.iter(f"{{{body.nsmap['w']}}}p")
    )


def signed_letter(room: "Room", as_: str, account: str, typed: MoveInput | None = None) -> tuple[str, str]:
    """The end of a Surat Tugas that an account signed, and who is told to have signed it."""
    room.say(OFFICE.replace("AS", as_))
    room.account = account
    id = room.start("sk-tim").id
    room.approve(id)
    room.account = "akun"
    for sets in ((), ("tugas=Menyusun laporan", "anggota=Anggota pertama"), ()):
        room.approve(id, MoveInput(sets=sets))
    room.account = account
    done = room.approve(id, typed or MoveInput())
    return letter_text(room.root / done.documents[-1].path).split("Ditetapkan")[-1], done.signed[0].signer


@pytest.mark.parametrize(
    ("as_", "account", "named", "line"),
    [
        pytest.param("a.n.", "kepala", "Pejabat A", "KEPALA DINAS,", id="the-head-himself"),
        pytest.param("a.n.", "sekretaris", "Pejabat S", "a.n.KEPALA DINAS", id="who-signs-for-him"),
        pytest.param("'Plh.', from: 2026-01-01", "kepala", "Pejabat A", "KEPALA DINAS,", id="the-head-beside-a-plh"),
        pytest.param("'Plh.', from: 2026-01-01", "sekretaris", "Pejabat S", "Plh. SEKRETARIS,", id="the-plh"),
    ],
)
def test_the_block_names_who_signed(room: "Room", as_: str, account: str, named: str, line: str) -> None:
    block, told = signed_letter(room, as_, account)
    assert [name for name in ("Pejabat A", "Pejabat S") if name in block] == [named]
    assert line in block.splitlines()
    assert told.startswith(named)
    assert ("a.n." in block) == ("a.n." in line)


def test_a_signature_on_paper_is_that_of_the_post(room: "Room") -> None:
    """A clerk records it for the pelaksana: the official who holds the post signed."""
    block, _ = signed_letter(room, "a.n.", "kepala", MoveInput(for_="kadis", note="di kertas"))
    assert "Pejabat A" in block


def keputusan(room: "Room", *sets: str, menimbang: str = "bahwa perlu") -> str:
    """The text of a signed Keputusan."""
    id = room.start("sk-tim", "Tim Kerja Pembinaan").id
    given = ("bentuk=Keputusan", "tugas=Menyusun;Melaporkan", "anggota=Anggota", f"menimbang={menimbang}", *sets)
    for sets_ in ((), (), given, ()):
        room.approve(id, MoveInput(sets=sets_))
    return letter_text(room.root / room.approve(id).documents[-1].path)


def test_on_paper_too_another_than_the_head_may_have_signed_for_him(room: "Room") -> None:
    block, told = signed_letter(room, "a.n.", "kepala", MoveInput(for_="pejabat s", note="di kertas"))
    assert ("a.n.KEPALA DINAS" in block, "Pejabat S" in block, told) == (True, True, "Pejabat S, a.n. Kepala Dinas")


NAMED = """
officials:
  - {nama: "Dr. H. Pejabat A, S.E., M.M.", jabatan: Kepala Dinas, pelaksana: [kadis]}
"""


def test_a_keputusan_names_its_office_and_its_signer_without_gelar(room: "Room") -> None:
    room.say(NAMED)
    text = keputusan(room, "mengingat=Undang-Undang A;Peraturan B;Peraturan C.")
    head = "KEPALA DINAS KOPERASI, USAHA KECIL DAN MENENGAH PROVINSI KALIMANTAN BARAT"
    assert f"KEPUTUSAN {head}" in text.splitlines()
    assert f"{head}," in text.splitlines()
    assert "S.E." not in text
    assert text.splitlines().count("Pejabat A") == 2
    assert [line for line in text.splitlines() if re.search("A;$|B;$|C[.]$|Melaporkan", line)] == [
        "1.Undang-Undang A;",
        "2.Peraturan B;",
        "3.Peraturan C.",
        "b.Melaporkan.",
    ]


@pytest.mark.parametrize(("count", "mark", "last"), [(28, "ab", "KEENAM"), (55, "bc", "KEENAM")])
def test_more_items_than_letters_go_on_with_two(room: "Room", count: int, mark: str, last: str) -> None:
    items = ";".join(f"bahwa butir {number}" for number in range(1, count + 1))
    text = keputusan(room, "mengingat=Peraturan B", "diktum=Diktum empat;Diktum lima.", menimbang=items)
    assert f"{mark}.bahwa butir {count}." in text.splitlines()
    assert last in text.splitlines()


def test_the_dictums_are_counted_as_far_as_they_go(room: "Room") -> None:
    items = ";".join(f"Diktum {number}" for number in range(4, 55))
    lines = keputusan(room, "mengingat=Peraturan B", f"diktum={items}").splitlines()
    for word in ("KESEPULUH", "KESEBELAS", "KEDUA PULUH", "KELIMA PULUH EMPAT", "KELIMA PULUH LIMA"):
        assert word in lines


def test_a_numbered_letter_is_signed_by_whom_the_office_lets_sign_one(room: "Room") -> None:
    room.say("letter_number: {signers: [kabid]}")
    id = room.letter()
    answer = room.ask(lambda session: moves.approve(session, id, MoveInput()))
    assert isinstance(answer, Refused)
    assert (answer.reason, "Kepala Bidang 3" in answer.message) == ("may_not_sign", True)
    room.say("letter_number: {signers: [kadis]}")
    assert room.approve(id).documents[-1].nomor
    assert not [one for one in check(room.session(), ("sk-tim",)).problems if one.code == "signers"]
    room.say("letter_number: {signers: [kasubbag]}")
    (told,) = [one for one in check(room.session(), ("sk-tim",)).problems if one.code == "signers"]
    assert told.severity == "note"


def test_an_sop_that_has_another_sign_than_it_lets_is_wrong(room: "Room") -> None:
    path = room.root / "sops" / "penugasan.yaml"
    path.write_text(path.read_text("utf-8").replace("[kadis, kabid]", "[kadis]"), "utf-8")
    assert [one.code for one in check(room.session(), ("penugasan",)).problems] == ["signers"]


def test_a_task_is_given_to_the_known_head_of_the_team_and_his_own_paper_has_no_number(room: "Room") -> None:
    room.say("officials: [{nama: Pegawai D, nip: 199001012015031004, jabatan: Analis, pelaksana: [ketua]}]")
    id = room.start("penugasan").id
    room.approve(id)
    (letter,) = room.approve(id, MoveInput(sets=("tugas=Menyusun",))).documents
    assert (letter.act, letter.nomor) == ("sign", "800.1.11.1/1/DISKOPUKM")
    text = letter_text(room.root / letter.path)
    assert "Nama:Pegawai D" in text
    assert "NIP:19900101 201503 1 004" in text
    (own,) = room.approve(id, MoveInput(sets=("pembagian=Anggota|Menyusun",))).documents
    assert (own.name, own.act, own.nomor) == ("rincian-tugas", "sign", "")


@pytest.mark.parametrize("known", ["official", "assigned", "member"])
def test_the_assessment_names_both_who_sign_it(room: "Room", known: str) -> None:
    held = "[ketua]" if known == "official" else "[]"
    room.say(f"officials: [{{nama: Pegawai D, nip: 199001012015031004, pelaksana: {held}}}]")
    id = room.start("mekanisme-pelaporan").id
    if known == "assigned":
        room.account = "Pegawai D"
        room.ask(lambda session: moves.assign(session, id, "ketua", "Pegawai D", MoveInput()))
    ratings = ("hasil_kerja=Sesuai Ekspektasi", "perilaku_kerja=Di Bawah Ekspektasi")
    member = ("anggota=Pegawai D|199001012015031004|Penata|Analis|Ketua Tim",) if known == "member" else ()
    for sets in ((), ("bahan=data|kantor|ada",), ("keputusan=Setuju",), ("hasil=Selesai",), (*ratings, *member)):
        done = room.approve(id, MoveInput(sets=sets))
    lines = letter_text(room.root / done.documents[-1].path).splitlines()
    assert lines.count("Pegawai D") >= 2
    assert "NIP 19900101 201503 1 004" in lines
    assert "Kurang" in lines


def test_a_keputusan_is_handed_over_as_a_certified_copy(room: "Room") -> None:
    room.say(NAMED + "  - {nama: Pejabat B, jabatan: Kepala Bidang, pelaksana: [kabid], nip: 197901012003121002}")
    original = keputusan(room, "mengingat=Peraturan B")
    text = letter_text(room.root / room.approve("sk-tim-1").documents[-1].path)
    for word, times in (("SALINAN", 1), ("Salinan sesuai dengan aslinya", 2), ("KEPALA BIDANG,", 2), ("ttd", 2)):
        assert text.splitlines().count(word) == times
        assert word not in original.splitlines()
    assert "Pejabat B" in text.splitlines()
    handed = room.approve("sk-tim-1").documents[-1]
    assert "SALINAN" not in letter_text(room.root / handed.path).splitlines()


def test_a_surat_tugas_is_handed_over_itself(room: "Room") -> None:
    id = room.letter()
    room.approve(id)
    assert "salinan" not in letter_text(room.root / room.approve(id).documents[-1].path).casefold()


@pytest.mark.parametrize(
    ("now", "named"),
    [
        pytest.param("nama: Pejabat C", ["Pejabat A"], id="another-official"),
        pytest.param("nama: Pejabat A, as: Plt.", ["Pejabat A"], id="the-same-in-another-capacity"),
        pytest.param("nama: Pejabat A, nip: 198001012005011001", ["Pejabat A", "19800101"], id="more-of-the-same"),
    ],
)
def test_who_signed_stays_who_signed_though_the_office_file_names_another_since(
    room: "Room", now: str, named: list[str]
) -> None:
    """Both where the signed letter gets its number later and where it is handed over."""
    office = 'letter_number: {pattern: "{nomor}", when: desk}\nofficials: [{HEAD, jabatan: Kepala, pelaksana: [kadis]}]'
    room.say(office.replace("HEAD", "nama: Pejabat A"))
    id = room.letter()
    room.approve(id)
    room.say(office.replace("HEAD", now))
    agenda.set_number(room.session(), id, "7", "surat-tugas", "")
    numbered = room.session().record.load_case(id).state.documents[-1]
    for written in (numbered, *room.approve(id).documents):
        text = letter_text(room.root / written.path)
        found = [one for one in ("Pejabat A", "Pejabat C", "Plt.", "19800101") if one in text]
        traced = trace_file(room.session().record, room.root / written.path)
        assert isinstance(traced, TracedLetter)
        assert (written.nomor, found, traced.signer) == ("7", named, "Pejabat A, Kepala")
