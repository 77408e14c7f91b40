"""What a signed letter lacks is said, recorded, and refused where the SOP calls it wajib."""

from typing import TYPE_CHECKING

from sopctl.desk import moves, status
from sopctl.desk.move_input import MoveInput
from sopctl.engine.refused import Refused

if TYPE_CHECKING:
    from tests.conftest import Room

CELLS = [f"Anggota tim: {column} (baris 1)" for column in ("Pangkat", "NIP", "Jabatan")]
SIGNER = ["nama Kepala Dinas", "pangkat Kepala Dinas", "NIP Kepala Dinas"]
KEPUTUSAN = MoveInput(sets=("bentuk=Keputusan",))


def told(room: "Room", id: str) -> list[str]:
    """What `status` says that the signed letters of the case lack."""
    documents = status.case_status(room.session().record, id).documents
    return [gap for one in documents if (one.name, one.act) == ("surat-tugas", "sign") for gap in one.gaps]


def test_every_dotted_line_of_a_signed_letter_is_named_and_recorded(room: "Room") -> None:
    id = room.letter()
    signed = room.approve(id)
    assert told(room, id) == ["Dasar penugasan", *CELLS, *SIGNER]
    (notice,) = signed.notices
    assert "Dasar penugasan; Anggota tim: Pangkat (baris 1); " in notice.message


def test_the_empty_cells_of_a_table_are_named_by_column_and_row(room: "Room") -> None:
    id = room.letter()
    anggota = "A|197001012000031001|Penata|Analis|Ketua\nB||Penata||\nC|||Analis|Anggota\nD||||\nE|||Analis|"
    room.approve(id, MoveInput(sets=("dasar=Surat A", f"anggota={anggota}")))
    columns = {"Pangkat": "3-5", "NIP": "2-5", "Jabatan": "2, 4", "Peran": "2, 4-5"}
    named = [f"Anggota tim: {column} (baris {rows})" for column, rows in columns.items()]
    assert sorted(told(room, id)) == sorted([*SIGNER, *named])


def test_a_table_whose_rows_stay_empty_on_paper_is_named(room: "Room") -> None:
    id = room.start("mekanisme-pelaporan").id
    named = []
    for sets in ((), ("bahan=Data A|Bidang|",), ("keputusan=Setuju",)):
        named += [gap for one in room.approve(id, MoveInput(sets=sets)).documents for gap in one.gaps]
    assert {"Bahan/data: Ada (baris 1)", "Tindak lanjut"} <= set(named)


def test_what_comes_later_is_no_gap_and_neither_is_what_is_there(room: "Room") -> None:
    room.say("""
        officials:
          - {nama: Pejabat A, nip: "197501012000031001", pangkat: Pembina, jabatan: Kepala Dinas, pelaksana: [kadis]}
        letter_number: {when: desk}
    """)
    id = room.letter()
    signed = room.approve(id, MoveInput(sets=("dasar=Surat A",)))
    assert (signed.documents[0].nomor, told(room, id)) == ("", CELLS)


def test_a_form_of_a_letter_is_not_signed_without_what_it_calls_wajib(room: "Room") -> None:
    id = room.letter()
    before = room.record()
    refused = room.ask(lambda session: moves.approve(session, id, KEPUTUSAN))
    assert isinstance(refused, Refused)
    assert (refused.fields, refused.advice) == (("menimbang", "mengingat"), "with_gaps")
    assert room.record() == before
    sets = ("menimbang=bahwa perlu", "mengingat=Peraturan A")
    assert room.approve(id, MoveInput(sets=(*KEPUTUSAN.sets, *sets))).documents[0].nomor.startswith("100.3.3/1/")


def test_with_gaps_it_is_signed_and_says_what_it_lacks(room: "Room") -> None:
    id = room.letter()
    room.approve(id, MoveInput(sets=KEPUTUSAN.sets, with_gaps=True))
    assert told(room, id) == [
        "Menimbang",
        "Mengingat",
        "Sumber biaya",
        *SIGNER,
        CELLS[2],
        CELLS[2].replace("Jabatan", "Peran"),
    ]


def test_the_next_commands_ask_for_what_the_letter_will_be_refused_without(room: "Room") -> None:
    id = room.start("sk-tim").id
    for sets in ((), (), ("tugas=A", "anggota=B", *KEPUTUSAN.sets)):
        room.approve(id, MoveInput(sets=sets))
    (action, *_) = room.approve(id).next
    assert [field.name for field in action.fields] == ["menimbang", "mengingat"]
