"""No command adds a line to a ledger that ends with something else than a line of sopctl's, and all say so alike."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sopctl.audit.doctor import run_doctor
from sopctl.audit.verify import verify
from sopctl.desk import agenda
from sopctl.errors import DamagedError

if TYPE_CHECKING:
    from tests.conftest import Room

Command = Callable[["Room"], object]

ENDS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "cut off": lambda lines: [*lines[:-1], lines[-1][:-20]],
    "without a line break": lambda lines: [*lines[:-1], lines[-1].rstrip()],
    "another text": lambda lines: [*lines[:-1], b"bukan baris\n"],
    "one text more": lambda lines: [*lines, b"{}\n"],
    "an empty line more": lambda lines: [*lines, b"\n"],
    "zeros": lambda lines: [*lines, bytes(100)],
    "zeros and a line break": lambda lines: [*lines, bytes(100) + b"\n"],
    "another note": lambda lines: [*lines[:-1], lines[-1].replace(b"segera", b"besok!")],
    "nothing": lambda _: [],
}
COMMANDS: dict[str, Command] = {
    "note": lambda room: room.note("sk-tim-1", "x"),
    "note of the last case": lambda room: room.note("sk-tim-2", "x"),
    "sign": lambda room: room.approve("sk-tim-1"),
    "start": lambda room: room.start("penugasan"),
    "agenda add": lambda room: room.ask(
        lambda session: agenda.add(session, agenda.NewLetter(perihal="Undangan", kode="000.1"))  # type: ignore[arg-type, return-value]  # no outcome of a case
    ),
}


@pytest.fixture
def office(room: "Room") -> "Room":
    room.approve(room.letter())
    room.start("sk-tim")
    room.note("sk-tim-2", "mohon segera")
    return room


@pytest.mark.parametrize("end", ENDS)
def test_every_command_refuses_it_alike_and_doctor_has_a_way_out(office: "Room", end: str) -> None:
    ledger = office.root / "data" / "ledger.jsonl"
    ledger.write_bytes(b"".join(ENDS[end](ledger.read_bytes().splitlines(keepends=True))))
    before = office.record()
    for command in COMMANDS.values():
        with pytest.raises(DamagedError, match="uku catatan") as refused:
            command(office)
        assert refused.value.code == "ledger"
    assert office.record() == before
    assert verify(office.session().record, None).findings != ()
    assert run_doctor(office.session().record, mend=True).findings == ()
    for command in COMMANDS.values():
        command(office)
    assert verify(office.session().record, None).findings == ()
