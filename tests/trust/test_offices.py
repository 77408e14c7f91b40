"""By which `sopctl.yaml` an event was allowed is kept with it: a file slipped in for a while leaves its mark."""

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Room


def recorded(room: "Room") -> list[str]:
    """The office version of each event, in the order of the ledger."""
    lines = (room.root / "data" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    return [line.get("office", "") for line in map(json.loads, lines) if line["kind"] == "event"]


def kept(room: "Room") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (room.root / "data" / "office").iterdir()}


def test_the_office_file_is_kept_once_and_every_event_names_it(room: "Room") -> None:
    text = (room.root / "sopctl.yaml").read_bytes()
    version = sha256(text).hexdigest()
    room.approve(room.letter())
    assert kept(room) == {f"{version}.yaml": text}
    assert set(recorded(room)) == {version}


def test_an_office_file_that_was_put_back_stays_known(room: "Room") -> None:
    room.start("sk-tim")
    path = room.root / "sopctl.yaml"
    honest = path.read_bytes()
    path.write_bytes(honest + b"# lain\n")
    room.approve("sk-tim-1")
    path.write_bytes(honest)
    room.approve("sk-tim-1")
    first, second, third = recorded(room)
    assert first == third != second
    assert kept(room)[f"{second}.yaml"] == honest + b"# lain\n"


def test_a_refused_command_keeps_no_office_file(room: "Room") -> None:
    room.start("sk-tim")
    (room.root / "sopctl.yaml").write_bytes((room.root / "sopctl.yaml").read_bytes() + b"# lain\n")
    before = room.record()
    with pytest.raises(AssertionError):
        room.reject("sk-tim-1")
    assert room.record() == before
