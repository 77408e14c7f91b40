"""Fields from the command line, from JSON or YAML, and from files behind an `@`."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.cli.remedies import sentence
from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.engine.events import FieldValue
from sopctl.errors import NotFoundError, SopctlError, UsageError, WrongError

if TYPE_CHECKING:
    from tests.conftest import Room

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja}
fields:
  hasil: {label: Hasil}
  peserta: {label: Peserta, type: number}
  mulai: {label: Tanggal mulai, type: date}
  tugas: {label: Tugas, type: list}
  anggota: {label: Anggota, type: table, columns: [nama, peran]}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
"""
KEPT: dict[str, FieldValue] = {
    "hasil": "Baik",
    "peserta": 40,
    "mulai": "2026-11-24",
    "tugas": ["satu", "dua"],
    "anggota": [{"nama": "Ani", "peran": "Ketua"}, {"nama": "Budi", "peran": ""}],
}


@pytest.fixture
def opened(room: "Room") -> "Room":
    room.write(FORM)
    room.start("uji")
    return room


def filled(room: "Room", typed: MoveInput) -> dict[str, FieldValue]:
    """The fields of the case after `set`."""
    room.ask(lambda session: moves.fill(session, "uji-1", typed))
    return room.session().record.load_case("uji-1").state.fields


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("isian.json", json.dumps(KEPT), id="JSON"),
        pytest.param("isian.JSON", f"\ufeff{json.dumps(KEPT)}", id="JSON with a mark of Windows"),
        pytest.param(
            "isian.yaml",
            "hasil: Baik\npeserta: 40\nmulai: 2026-11-24\ntugas: [satu, dua]\n"
            "anggota:\n  - {nama: Ani, peran: Ketua}\n  - {nama: Budi}\n",
            id="YAML",
        ),
        pytest.param(
            "isian.yml",
            "HASIL: Baik\npeserta: '40'\nmulai: 24 November 2026\ntugas: satu;dua\nanggota: Ani|Ketua;Budi\n",
            id="YAML as one would type it",
        ),
    ],
)
def test_a_data_file_fills_in_fields(opened: "Room", tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert filled(opened, MoveInput(data=path)) == KEPT


def test_what_is_typed_stands_before_what_a_file_says(opened: "Room", tmp_path: Path) -> None:
    path = tmp_path / "isian.json"
    path.write_text('{"hasil": "Baik", "peserta": 40}', encoding="utf-8")
    assert filled(opened, MoveInput(data=path, sets=("hasil=Cukup",))) == {"hasil": "Cukup", "peserta": 40}


@pytest.mark.parametrize(
    ("field", "data", "kept"),
    [
        pytest.param("anggota", "nama,peran\nAni,Ketua\n".encode("utf-8-sig"), [{"nama": "Ani", "peran": "Ketua"}],
                     id="CSV of Excel"),
        pytest.param("anggota", "nama;peran\r\nRen\u00e9;\r\n".encode("cp1252"), [{"nama": "Ren\u00e9", "peran": ""}],
                     id="CSV in Windows-1252"),
        pytest.param("tugas", b"satu\r\ndua\r\n", ["satu", "dua"], id="lines of a list"),
        pytest.param("hasil", b" Baik sekali \n", "Baik sekali", id="a text"),
    ],
)  # fmt: skip
def test_a_file_behind_an_at_sign_is_the_value(
    opened: "Room", tmp_path: Path, field: str, data: bytes, kept: FieldValue
) -> None:
    path = tmp_path / "isian.csv"
    path.write_bytes(data)
    assert filled(opened, MoveInput(sets=(f"{field}=@{path}",))) == {field: kept}


@pytest.mark.parametrize(
    ("name", "data", "error", "says"),
    [
        pytest.param("a.json", b'{"hasil": ', UsageError, "bukan JSON", id="JSON cut short"),
        pytest.param("a.json", b'["hasil"]', UsageError, "pasangan nama", id="a list"),
        pytest.param("a.json", b'{"hasil": NaN, "peserta": NaN}', UsageError, "nan", id="NaN"),
        pytest.param("a.json", b"[" * 100_000, UsageError, "bukan JSON", id="deeply nested JSON"),
        pytest.param("a.json", b'{"hasil": 1' + b"0" * 5000 + b"}", UsageError, "bukan JSON", id="endless digits"),
        pytest.param("a.json", b'{"hasil": "\\ud800"}', UsageError, "0xd800", id="half a character"),
        pytest.param("a.json", b'{"hasi": "Baik"}', NotFoundError, "hasil", id="an unknown field"),
        pytest.param("a.json", b'{"hasil": "a", "hasil": "b"}', UsageError, "dua kali", id="a key of JSON twice"),
        pytest.param("a.yaml", b"hasil: a\nHASIL: b\n", UsageError, "dua kali", id="a field twice"),
        pytest.param("a.yaml", b"hasil: [", WrongError, "bukan YAML", id="YAML cut short"),
        pytest.param("a.yaml", b"hasil: a\nhasil: b\n", WrongError, "bukan YAML", id="a key twice"),
        pytest.param("a.yaml", b"- hasil\n", UsageError, "pasangan nama", id="a YAML list"),
        pytest.param("a.yaml", b"hasil: &a [*a]\n", WrongError, "bukan YAML", id="an endless alias"),
        pytest.param("a.yaml", b"\x00\x01", WrongError, "bukan YAML", id="binary"),
        pytest.param("a.yaml", b"", WrongError, "bukan YAML", id="empty"),
    ],
)
def test_a_data_file_that_cannot_be_read_changes_nothing(
    opened: "Room", tmp_path: Path, name: str, data: bytes, error: type[SopctlError], says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    before = opened.record()
    with pytest.raises(error) as raised:
        filled(opened, MoveInput(data=path))
    assert says in sentence(raised.value)
    assert not re.search("Expecting|Exceeds|recursion|char", raised.value.message)
    assert opened.record() == before


def test_every_wrong_value_is_named_at_once(opened: "Room") -> None:
    with pytest.raises(UsageError) as raised:
        filled(opened, MoveInput(sets=("peserta=banyak", "mulai=minggu lalu", "hasil=Baik")))
    assert [line.partition(":")[0] for line in raised.value.message.splitlines()] == ["peserta", "mulai"]


@pytest.mark.parametrize(
    ("sets", "error", "says"),
    [
        pytest.param("hasil", UsageError, "Tulis nama=nilai.", id="no value"),
        pytest.param("hasl=x", NotFoundError, 'maksudnya "hasil"', id="a mistyped field"),
        pytest.param("hasil=@tidak-ada.txt", NotFoundError, "tidak-ada.txt tidak ada", id="no such file"),
        pytest.param("hasil=@", NotFoundError, "folder", id="no file named"),
    ],
)
def test_a_wrong_option_says_what_to_write(opened: "Room", sets: str, error: type[SopctlError], says: str) -> None:
    with pytest.raises(error) as raised:
        filled(opened, MoveInput(sets=(sets,)))
    assert says in sentence(raised.value)
