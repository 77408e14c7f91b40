"""Writers that are killed at any moment, and a server that is stopped at once: what was acknowledged is there, once."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from sopctl.audit.verify import verify
from sopctl.desk import agenda, moves, start
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.errors import BusyError
from sopctl.store.workspace import Workspace
from tests.store.contract.acts import LETTER

if TYPE_CHECKING:
    from tests.conftest import Room
    from tests.postgres_cluster import PostgresCluster

WRITERS = 3
ENOUGH, KILLS = 30, 6
"""Signatures that are acknowledged, and writers that are killed, before it ends."""


def sign_letters(root: Path, account: str, told: Path) -> None:
    """Open cases and sign their letters until killed; what was acknowledged is written down, a line each."""
    with told.open("a", encoding="utf-8", buffering=1) as lines:
        while True:
            with suppress(BusyError):
                sign_letter(root, account, lambda said: lines.write(f"{said}\n"))


def sign_letter(root: Path, account: str, tell: Callable[[str], object]) -> None:
    session = Session(Workspace(root), now=lambda: datetime.now(UTC), account=account)
    opened = start.start(session, "surat", start.StartInput(subject=account), MoveInput())
    assert isinstance(opened, Outcome)
    tell(opened.id)
    session = Session(Workspace(root), now=lambda: datetime.now(UTC), account=account)
    signed = moves.approve(session, opened.id, MoveInput())
    assert isinstance(signed, Outcome)
    tell(f"{opened.id} {signed.documents[0].nomor}")


def acknowledged(folder: Path) -> list[str]:
    """What writers were told, whole lines only."""
    return [line for told in folder.glob("*.told") for line in told.read_text(encoding="utf-8").split("\n")[:-1]]


def write_and_kill(rooms: "list[Room]", folder: Path, harm: Callable[[Random], object]) -> list[str]:
    """What was acknowledged to writers of whom one is killed now and then, while other harm is done."""
    spawn, chance = get_context("spawn"), Random(19)  # noqa: S311 — no secret
    writers: list[BaseProcess] = []
    give_up, kills = time.monotonic() + 240, 0
    while kills < KILLS or len([line for line in acknowledged(folder) if " " in line]) < ENOUGH:
        assert time.monotonic() < give_up, acknowledged(folder)
        while len(writers) < WRITERS:
            number = len([*folder.glob("*.told")])
            told = folder / f"{number}.told"
            told.touch()
            work = partial(sign_letters, rooms[number % 2].root, f"akun-{number}", told)
            writers.append(spawn.Process(target=work, daemon=True))
            writers[-1].start()
        time.sleep(chance.uniform(0.2, 1))
        if acknowledged(folder):
            harm(chance)
            kills += 1
            killed = writers.pop(chance.randrange(len(writers)))
            killed.kill()
            killed.join()
    for writer in writers:
        writer.kill()
        writer.join()
    return acknowledged(folder)


def check(room: "Room", told: list[str]) -> None:
    """What was acknowledged is there; every number was given once, none is missing, and the record is intact."""
    room.now = datetime.now(UTC)
    record = room.session().record
    assert verify(record, None).findings == ()
    letters = agenda.list_letters(record, None)
    numbers = sorted(letter.urut for letter in letters)
    assert numbers == [*range(1, len(letters) + 1)]
    signed = {line for line in told if " " in line}
    assert signed <= {f"{letter.id} {letter.nomor}" for letter in letters}
    assert {line.partition(" ")[0] for line in told} <= {*room.session().store.list_ids()}
    assert len(signed) >= ENOUGH
    with suppress(BusyError):
        room.start("surat")
    assert verify(room.session().record, None).findings == ()


def test_what_was_acknowledged_outlives_writers_that_are_killed(rooms_of_one: "list[Room]", tmp_path: Path) -> None:
    for room in rooms_of_one:
        room.write(LETTER)
    check(rooms_of_one[1], write_and_kill(rooms_of_one, tmp_path, lambda _: None))


@pytest.mark.parametrize("rooms_of_one", ["postgres"], indirect=True)
def test_what_was_acknowledged_outlives_a_server_that_is_stopped_at_once(
    rooms_of_one: "list[Room]", tmp_path: Path, postgres_cluster: "PostgresCluster"
) -> None:
    def stop(chance: Random) -> None:
        postgres_cluster.stop("immediate")
        time.sleep(chance.uniform(0, 0.5))
        postgres_cluster.start()

    for room in rooms_of_one:
        room.write(LETTER)
    check(rooms_of_one[1], write_and_kill(rooms_of_one, tmp_path, stop))
