"""The office's people: who is meant by a part of a name, and what of them goes into a row."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

from sopctl.desk.check import check
from sopctl.desk.employees import complete_row, find_employees, read_employees
from sopctl.desk.move_input import MoveInput
from sopctl.problems import Source
from sopctl.sop.model import Field, FieldColumn

if TYPE_CHECKING:
    from tests.conftest import Room

CSV = """nama;nip;pangkat;golongan;jabatan;unit
Ani, S.E.;198001012005011001;Penata;III/c;Analis;Bidang 3
Budi Santosa;198101012006011002;Penata Muda;III/a;Pengolah;Bidang 3
Budi Santoso;;;;Staf;
Renée;;;;Staf;
"""


def table(*columns: str) -> Field:
    return Field(
        name="anggota",
        label="Anggota",
        type="table",
        columns=tuple(map(FieldColumn, columns)),
        source=Source("x", 1, 1),
    )


@pytest.fixture
def people(room: "Room") -> tuple[Mapping[str, str], ...]:
    (room.root / "pegawai.csv").write_text(CSV, encoding="utf-16")
    return read_employees(room.session().workspace)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("ani, s.e.", ["Ani, S.E."], id="the whole name"),
        pytest.param("ani", ["Ani, S.E."], id="a part of it"),
        pytest.param("santos bud", ["Budi Santosa", "Budi Santoso"], id="parts of several"),
        pytest.param("budi santoso", ["Budi Santoso"], id="one of two that are alike"),
        pytest.param("19810101 200601 1 002", ["Budi Santosa"], id="the NIP"),
        pytest.param("19800101", ["Ani, S.E."], id="digits of it"),
        pytest.param("RENEE", ["Renée"], id="without the mark on a letter"),
        pytest.param("Rene\u0301e", ["Renée"], id="a letter and its mark apart"),
        pytest.param("an", [], id="too little"),
        pytest.param("", [], id="nothing"),
        pytest.param("citra", [], id="somebody else"),
    ],
)
def test_who_is_meant(people: tuple[Mapping[str, str], ...], text: str, meant: list[str]) -> None:
    assert [one["nama"] for one in find_employees(people, text)] == meant


def test_a_row_keeps_what_was_typed_and_gets_the_rest(people: tuple[Mapping[str, str], ...]) -> None:
    row = {"nama": "ani", "nip": "", "pangkat": "", "jabatan": "Ketua Tim", "peran": "Ketua"}
    assert complete_row(table(*row), row, people) == {
        "nama": "Ani, S.E.", "nip": "198001012005011001", "pangkat": "Penata (III/c)", "jabatan": "Ketua Tim",
        "peran": "Ketua",
    }  # fmt: skip
    split = {"nama": "ani", "pangkat": "", "golongan": ""}
    assert complete_row(table(*split), split, people) == {
        "nama": "Ani, S.E.", "pangkat": "Penata", "golongan": "III/c",
    }  # fmt: skip


@pytest.mark.parametrize("row", [{"nama": "budi", "nip": ""}, {"bahan": "ani", "sumber": ""}, {"nama": "ani"}])
def test_a_row_that_names_nobody_for_sure_stays(people: tuple[Mapping[str, str], ...], row: dict[str, str]) -> None:
    assert complete_row(table(*row), row, people) == row


def test_a_table_that_is_typed_is_completed(room: "Room") -> None:
    (room.root / "pegawai.csv").write_text(CSV)
    id = room.start("sk-tim").id
    room.approve(id)
    room.approve(id)
    room.approve(id, MoveInput(sets=("tugas=Menyusun", "anggota=ani||||Ketua;Orang Luar")))
    rows = room.session().record.load_case(id).state.fields["anggota"]
    assert isinstance(rows, list)
    assert [row["nip"] for row in rows if isinstance(row, dict)] == ["198001012005011001", ""]


def test_a_list_that_cannot_be_read_stops_no_work_and_is_told_by_check(room: "Room") -> None:
    (room.root / "pegawai.csv").write_text("nama,nip,pangkat,golongan,jabatan,unit\nAni,123,,,,\n")
    assert room.session().employees() == ()
    (problem,) = [one for one in check(room.session(), ()).office if one.code == "employees"]
    assert "pegawai.csv baris 1" in problem.message
    assert "18 angka" in problem.message


def test_a_nip_that_two_people_have_is_told_by_check(room: "Room") -> None:
    (room.root / "pegawai.csv").write_text(CSV.replace("198101012006011002", "19800101 200501 1 001"))
    (told,) = [one for one in check(room.session(), ()).office if one.code == "employees"]
    assert (told.weight, told.message) == (
        "advice",
        'NIP 198001012005011001 tertulis pada "Ani, S.E." dan "Budi Santosa". Perbaiki atau hapus salah satu.',
    )
