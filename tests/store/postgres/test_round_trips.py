"""How often a move asks the server and waits: over a slow network that is what it costs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.desk.move_input import MoveInput
from tests.conftest import Room
from tests.postgres_cluster import Database
from tests.store.postgres.conftest import ROLE

if TYPE_CHECKING:
    from tests.cutting_proxy import CuttingProxy

MOST = 5


@pytest.fixture
def office(database: Database, proxy: "CuttingProxy", workspace: Path) -> Room:
    """An office whose record lies behind the proxy, to which it is connected."""
    database.add_office("dinas", ROLE)
    database.add_service("jauh", ROLE, host="127.0.0.1", port=proxy.port)
    room = Room(workspace)
    room.say("record: {store: postgres, service: jauh}")
    room.session().now()
    return room


def test_a_move_takes_few_round_trips(office: Room, proxy: "CuttingProxy") -> None:
    taken: dict[str, int] = {}

    def count(name: str, act: Callable[[], object]) -> None:
        before = proxy.round_trips
        act()
        taken[name] = proxy.round_trips - before

    def approve(name: str, *sets: str) -> None:
        count(name, lambda: office.approve("sk-tim-1", MoveInput(sets=sets)))

    count("start", lambda: office.start("sk-tim"))
    approve("approve")
    approve("again")
    approve("filled", "tugas=Menyusun laporan", "anggota=Anggota pertama")
    approve("initialled")
    approve("signed")
    count("note", lambda: office.note("sk-tim-1", "Catatan"))
    count("start another", lambda: office.start("sk-tim"))
    count("cancel", lambda: office.cancel("sk-tim-2"))
    assert {name: trips for name, trips in taken.items() if trips > MOST} == {}
    assert (taken["approve"], taken["signed"]) == (3, 5)
    assert proxy.setups == 1
