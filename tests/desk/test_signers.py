"""Who really signed stands under the letter, told by the account that signed or by whom it was recorded for."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document

from sopctl.desk.move_input import MoveInput

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
