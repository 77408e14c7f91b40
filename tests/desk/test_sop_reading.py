"""Which SOP files a command parses: those that it works with, each once, and none of those again under the lock."""

from typing import TYPE_CHECKING

import pytest

from sopctl.desk import start
from sopctl.desk.check import check
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.errors import WrongError
from sopctl.sop import decode

if TYPE_CHECKING:
    from tests.conftest import Room

CALLED = """
    id: anak
    nama: Anak
    pelaksana: {satu: Satu}
    steps:
      - {id: a, kegiatan: Mengerjakan, pelaksana: satu}
"""

CALLER = """
    id: induk
    nama: Induk
    identitas: {keterkaitan: [Pembuatan SK Tim Kerja Bidang 3]}
    pelaksana: {satu: Satu}
    steps:
      - {id: a, kegiatan: Mengerjakan, pelaksana: satu, sop: anak}
"""


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are parsed from now on, in order."""
    paths: list[str] = []
    read_sop = decode.read_sop

    def counted(text: bytes, path: str, reserved: frozenset[str] = frozenset()) -> object:
        paths.append(path)
        return read_sop(text, path, reserved)

    monkeypatch.setattr(decode, "read_sop", counted)
    return paths


def test_start_parses_the_sop_that_it_opens_once_and_no_other(room: "Room", parsed: list[str]) -> None:
    assert isinstance(start.start(room.session(), "sk-tim", start.StartInput(), MoveInput()), Outcome)
    assert parsed == ["sops/sk-tim.yaml"]


def test_start_parses_what_the_first_step_calls(room: "Room", parsed: list[str]) -> None:
    room.write(CALLED, CALLER)
    assert isinstance(start.start(room.session(), "induk", start.StartInput(), MoveInput()), Outcome)
    assert parsed == ["sops/induk.yaml", "sops/anak.yaml"]


def test_a_called_sop_that_cannot_be_read_stops_the_start(room: "Room") -> None:
    room.write(CALLED.replace("kegiatan", "kegiatn"), CALLER)
    with pytest.raises(WrongError) as caught:
        start.start(room.session(), "induk", start.StartInput(), MoveInput())
    assert any("anak" in problem.message for problem in caught.value.problems)
    assert room.record() == {}


def test_check_parses_every_sop_once(room: "Room", parsed: list[str]) -> None:
    session = room.session()
    check(session, ())
    assert sorted(parsed) == [f"sops/{id}.yaml" for id in session.library.list_ids()]
