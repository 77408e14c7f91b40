"""Cases on disk: found by the beginning of an id, numbered without a repeat, read only as they were written."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from sopctl.engine.case import Case
from sopctl.engine.events import Noted, Started
from sopctl.engine.instance import Instance
from sopctl.errors import BusyError, DamagedError, NotFoundError
from sopctl.sop.model import Sop
from sopctl.store import case_ids, case_json, disk
from sopctl.store.files import cases

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
"""
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def lay(folder: Path, *ids: str) -> None:
    """Empty files in the places of these cases."""
    for id in ids:
        path = cases.path_of(folder, id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


@pytest.fixture
def stored(sop: Sop) -> Instance:
    """A case with two events."""
    started = Started(at=NOW, recorded_at=NOW, by="akun", step="susun", subject="Perihal surat")
    case = Case.opened(sop, "uji-1", "v1", started)
    return case.after(Noted(at=NOW, recorded_at=NOW, by="akun", note="Catatan pertama")).instance


@pytest.mark.parametrize(
    ("id", "place"),
    [
        ("sk-tim-1", "sk-tim/0000"),
        ("sk-tim-999", "sk-tim/0000"),
        ("sk-tim-1000", "sk-tim/0001"),
        ("a-12345678", "a/12345"),
    ],
)
def test_a_folder_holds_a_thousand_cases(id: str, place: str) -> None:
    assert case_ids.folder_of(id) == place


@pytest.mark.parametrize(
    "id", ["", "sk-tim", "sk-tim-0", "sk-tim-01", "-1", "../x-1", "x/y-1", "X-1", "x-1\n", "x-1.json"]
)
def test_what_is_no_id_has_no_place(id: str) -> None:
    with pytest.raises(NotFoundError, match="contoh id: sk-tim-1"):
        case_ids.folder_of(id)


@pytest.mark.parametrize(
    ("there", "number"),
    [
        pytest.param([], 1, id="none yet"),
        pytest.param(["uji-1", "uji-2"], 3, id="after the last"),
        pytest.param(["uji-2", "uji-10", "uji-9"], 11, id="counted, not spelt"),
        pytest.param(["uji-1", "uji-7"], 8, id="a gap stays a gap"),
        pytest.param(["uji-998", "uji-999"], 1000, id="into the next folder"),
        pytest.param(["uji-5", "uji-1003"], 1004, id="in the last folder"),
        pytest.param(["uji-3", "lain-9"], 4, id="of its own SOP"),
    ],
)
def test_the_next_number_is_one_more_than_the_highest(tmp_path: Path, there: list[str], number: int) -> None:
    lay(tmp_path, *there)
    assert cases.next_number(tmp_path, "uji") == number


@pytest.mark.parametrize(
    "rubbish", ["0001/", "Thumbs.db", "0000/desktop.ini", "0000/.uji-9.json.7.tmp", "0000/uji-9.docx"]
)
def test_rubbish_beside_the_cases_gives_no_number_twice(tmp_path: Path, rubbish: str) -> None:
    lay(tmp_path, "uji-998")
    path = tmp_path / "uji" / rubbish
    if rubbish.endswith("/"):
        path.mkdir()
    else:
        path.touch()
    assert cases.next_number(tmp_path, "uji") == 999
    assert list(cases.iter_ids(tmp_path)) == ["uji-998"]


@pytest.mark.parametrize(
    "place", ["0001/uji-3.json", "0000/lain-3.json", "0001/uji-1004.json.json", "0000/uji-1004.json"]
)
def test_a_case_in_the_wrong_folder_is_none(tmp_path: Path, place: str) -> None:
    lay(tmp_path, "uji-1", "uji-2")
    path = tmp_path / "uji" / place
    path.parent.mkdir(exist_ok=True)
    path.touch()
    assert list(cases.iter_ids(tmp_path)) == ["uji-1", "uji-2"]
    assert cases.next_number(tmp_path, "uji") == 3
    assert cases.find_id(tmp_path, "uji-2") == "uji-2"


def test_of_very_many_that_are_meant_some_are_named(tmp_path: Path) -> None:
    lay(tmp_path, *(f"uji-{number}" for number in range(1, 30)))
    with pytest.raises(NotFoundError, match=r"uji-1, uji-2, uji-3, uji-4, uji-5, …"):
        cases.find_id(tmp_path, "u")


def test_a_case_is_read_as_it_was_written(tmp_path: Path, stored: Instance) -> None:
    disk.replace_file(cases.path_of(tmp_path, "uji-1"), case_json.encode(stored))
    assert cases.load(tmp_path, "uji-1") == stored


def test_a_file_has_a_line_for_every_value_so_that_two_can_be_compared(stored: Instance) -> None:
    lines = case_json.encode(stored).decode().splitlines()
    assert ' "subject": "Perihal surat",' in lines
    assert case_json.encode(stored).endswith(b"}\n")


def edited(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """What changes some letters of a file by hand."""

    def change(data: bytes) -> bytes:
        assert data.count(old) >= 1
        return data.replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(lambda data: data[: len(data) // 2], "damaged", id="cut short"),
        pytest.param(lambda data: data[:-3], "damaged", id="cut short by three bytes"),
        pytest.param(lambda _: b"", "damaged", id="empty"),
        pytest.param(lambda data: b"\0" * len(data), "damaged", id="zeros after a power cut"),
        pytest.param(lambda _: bytes(range(256)), "damaged", id="binary"),
        pytest.param(lambda _: b"[]", "damaged", id="another JSON value"),
        pytest.param(lambda _: b'{"schema": 1, "x": ' + b"[" * 100_000, "damaged", id="deeply nested"),
        pytest.param(lambda data: data + b"{}", "damaged", id="something after the end"),
        pytest.param(edited(b"pertama", b"p\xff\xfertama"), "damaged", id="broken letters"),
        pytest.param(edited(b'"schema": 2', b'"schema": "2"'), "damaged", id="a schema that is no number"),
        pytest.param(edited(b'"subject"', b'"urgent": true, "subject"'), "damaged", id="an extra field"),
        pytest.param(edited(b'"step": "susun"', b'"step": "susun", "x": 1'), "damaged", id="one more below"),
        pytest.param(edited(b'"kind": "noted"', b'"kind": "nodded"'), "damaged", id="an unknown kind of event"),
        pytest.param(edited(b'"schema": 2', b'"schema": 3'), "newer_schema", id="a newer schema"),
        pytest.param(edited(b'"schema": 2', b'"schema": 3, "vessel": {}'), "newer_schema", id="newer and different"),
        pytest.param(edited(b"Catatan", b"catatan"), "changed", id="one letter of the last note"),
        pytest.param(edited(b'"by": "akun"', b'"by": "alun"'), "changed", id="one letter of who it was"),
        pytest.param(edited(b'"revision": 2', b'"revision": 3'), "changed", id="another revision"),
        pytest.param(edited(b'"version": "v1"', b'"version": "v2"'), "changed", id="another SOP version"),
        pytest.param(edited(b'"id": "uji-1"', b'"id": "uji-2"'), "changed", id="the id of another case"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_was_written_is_told_and_why(
    tmp_path: Path, stored: Instance, change: Callable[[bytes], bytes], code: str
) -> None:
    path = cases.path_of(tmp_path, "uji-1")
    disk.replace_file(path, change(case_json.encode(stored)))
    with pytest.raises(DamagedError) as raised:
        cases.load(tmp_path, "uji-1")
    assert (raised.value.code, raised.value.exit_code) == (code, 6)
    assert str(path) in raised.value.message


def test_a_file_in_the_place_of_another_case_is_told(tmp_path: Path, stored: Instance) -> None:
    disk.replace_file(cases.path_of(tmp_path, "uji-2"), case_json.encode(stored))
    with pytest.raises(DamagedError):
        cases.load(tmp_path, "uji-2")


def test_a_case_without_events_is_none(tmp_path: Path, stored: Instance) -> None:
    empty = msgspec.structs.replace(stored, events=(), revision=0)
    disk.replace_file(cases.path_of(tmp_path, "uji-1"), case_json.encode(empty))
    with pytest.raises(DamagedError):
        cases.load(tmp_path, "uji-1")


def test_an_enormous_file_is_not_read(tmp_path: Path) -> None:
    path = cases.path_of(tmp_path, "uji-1")
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(case_json.LARGEST + 1)
    with pytest.raises(DamagedError, match="lebih besar"):
        cases.load(tmp_path, "uji-1")


def test_a_folder_in_the_place_of_a_case_is_told(tmp_path: Path) -> None:
    cases.path_of(tmp_path, "uji-1").mkdir(parents=True)
    with pytest.raises((NotFoundError, BusyError), match="folder"):
        cases.load(tmp_path, "uji-1")
