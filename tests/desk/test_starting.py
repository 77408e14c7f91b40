"""What a case opens with: the defaults of its SOP, the fields of an earlier case, a line of a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.cli.move_messages import moved
from sopctl.desk import check, start, status
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.engine.refused import Refused
from sopctl.errors import UsageError, WrongError

if TYPE_CHECKING:
    from sopctl.engine.events import FieldValue
    from tests.conftest import Room

FORM = """
id: awal
nama: Nilai awal
pelaksana: {tim: Tim Kerja}
fields:
  tempat: {label: Tempat, default: {office: kota}}
  sifat: {label: Sifat surat, type: choice, choices: [Biasa, Segera], default: Biasa}
  bahan: {label: Bahan, type: list, default: kertas;tinta}
  pemeriksa: {label: Pemeriksa, default: {last: ya}, step: susun}
  hari: {label: Hari, type: date, required: true}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
"""
DAY = ("hari=2026-12-01",)


def fields(room: "Room", id: str) -> "dict[str, FieldValue]":
    return status.case_status(room.session().record, id).fields


def opened(room: "Room", path: Path) -> tuple[Outcome, ...] | Refused:
    each = start.StartInput(each=path)
    return start.start_each(room.session(), "awal", each, MoveInput())


def test_a_case_opens_with_the_defaults_of_its_sop(room: "Room") -> None:
    room.write(FORM)
    room.start("awal", typed=MoveInput(sets=(*DAY, "pemeriksa=Orang Satu")))
    first = fields(room, "awal-1")
    assert (first["tempat"], first["sifat"], first["bahan"]) == ("Pontianak", "Biasa", ["kertas", "tinta"])
    room.start("awal", typed=MoveInput(sets=(*DAY, "sifat=Segera")))
    second = fields(room, "awal-2")
    assert (second["sifat"], second["pemeriksa"]) == ("Segera", "Orang Satu")


@pytest.mark.parametrize("wrong", ["default: Penting", "default: {office: kode_pos}", "default: {lama: ya}"])
def test_a_default_that_is_no_value_of_its_field_stops_a_start(room: "Room", wrong: str) -> None:
    room.write(FORM.replace("default: Biasa", wrong))
    with pytest.raises(WrongError) as raised:
        room.start("awal", typed=MoveInput(sets=DAY))
    assert [problem.source.line for problem in raised.value.problems] == [6]
    assert any(problem.source.line == 6 for problem in check.check(room.session(), ("awal",)).problems)


def test_a_case_like_another_opens_with_its_fields(room: "Room") -> None:
    room.write(FORM)
    room.start("awal", typed=MoveInput(sets=(*DAY, "sifat=Segera", "bahan=map")))
    like = start.StartInput(like="awal-1")
    answer = start.start(room.session(), "awal", like, MoveInput(sets=("hari=2026-12-05",)))
    assert isinstance(answer, Outcome)
    assert fields(room, answer.id) == fields(room, "awal-1") | {"hari": "2026-12-05"}
    assert answer.copied
    assert {*answer.copied} == {*fields(room, "awal-1")} - {"hari"}
    assert f"  Isian    disalin dari berkas terdahulu: {', '.join(answer.copied)}" in moved(
        room.session().record, answer, "dibuka"
    )


def test_a_file_opens_a_case_a_line(room: "Room", tmp_path: Path) -> None:
    room.write(FORM)
    path = tmp_path / "daftar.csv"
    path.write_text("Perihal;Hari;Sifat surat\nRapat;1 Des 2026;Segera\n;2026-12-02;\n", encoding="utf-8")
    answer = opened(room, path)
    assert isinstance(answer, tuple)
    assert [(one.id, one.subject) for one in answer] == [("awal-1", "Rapat"), ("awal-2", "Nilai awal")]
    assert [fields(room, one.id)["sifat"] for one in answer] == ["Segera", "Biasa"]
    assert fields(room, "awal-1")["hari"] == "2026-12-01"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param("hari,sifat\n2026-12-01,Biasa\nkapan,Biasa\n2026-12-03,Lain\n", "Baris 3", id="two wrong"),
        pytest.param("hari,siapa\n2026-12-01,Orang\n", "siapa", id="an unknown column"),
        pytest.param("hari\n", "tidak memuat", id="no line"),
        pytest.param(
            "hari,tempat,tempat\nbesok,a,b\nbesok,a,b\n", "^[^\n]*csv: [^\n]*dua kali[^\n]*$", id="a column twice"
        ),
    ],
)
def test_a_file_with_a_wrong_line_opens_no_case(room: "Room", tmp_path: Path, lines: str, message: str) -> None:
    room.write(FORM)
    path = tmp_path / "daftar.csv"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        opened(room, path)
    assert not [*room.session().store.list_ids()]


def test_a_damaged_case_closes_no_other(room: "Room") -> None:
    room.write(FORM)
    for person in ("Orang Satu", "Orang Dua"):
        room.start("awal", typed=MoveInput(sets=(*DAY, f"pemeriksa={person}")))
    (path,) = (room.root / "data" / "instances").rglob("awal-2.json")
    path.write_text("{")
    assert fields(room, room.start("awal", typed=MoveInput(sets=DAY)).id)["pemeriksa"] == "Orang Satu"


def test_a_cell_of_the_file_names_no_other_file(room: "Room", tmp_path: Path) -> None:
    room.write(FORM)
    (tmp_path / "rahasia.txt").write_text("milik orang lain")
    path = tmp_path / "daftar.csv"
    path.write_text(f"hari,tempat\nbesok,@{tmp_path / 'rahasia.txt'}\n")
    assert isinstance(opened(room, path), tuple)
    assert fields(room, "awal-1")["tempat"] == f"@{tmp_path / 'rahasia.txt'}"


def test_a_line_that_the_sop_refuses_opens_no_case(room: "Room", tmp_path: Path) -> None:
    room.write(FORM)
    path = tmp_path / "daftar.csv"
    path.write_text("perihal,hari\nRapat,2026-12-01\nKunjungan,\n", encoding="utf-8")
    answer = opened(room, path)
    assert isinstance(answer, Refused)
    assert answer.message.startswith("Baris 3: ")
    assert not [*room.session().store.list_ids()]


def test_a_column_that_is_no_field_is_told_once(room: "Room", tmp_path: Path) -> None:
    room.write(FORM)
    path = tmp_path / "daftar.csv"
    path.write_text("No,perihal,hari,harri,tempt\n1,Satu,besok,x,y\n2,Dua,besok,x,y\n")
    with pytest.raises(UsageError) as raised:
        opened(room, path)
    told = raised.value.message.split("\n")
    assert [line[: line.index(";")] for line in told] == [
        f"Baris 1: SOP awal tidak mempunyai isian '{name}'" for name in ("harri", "tempt")
    ]
