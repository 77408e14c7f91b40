"""The cases that are offered where a command names none."""

from typing import TYPE_CHECKING

import pytest

from sopctl.desk.case_choice import list_waiting_at, offer_recent, offer_waiting
from sopctl.store.files.cases import path_of

if TYPE_CHECKING:
    from tests.conftest import Room

STAFF = """
officials:
  - {nama: Kepala, jabatan: Kepala Dinas, pelaksana: [kadis], accounts: [kepala]}
  - {nama: Bidang, jabatan: Kepala Bidang, pelaksana: [kabid], accounts: [bidang]}
"""


@pytest.fixture
def room(room: "Room") -> "Room":
    """Two cases of sk-tim, the second of which went on to kabid."""
    for subject in ("A", "B"):
        room.start("sk-tim", subject)
    room.approve("sk-tim-2")
    return room


@pytest.mark.parametrize(
    ("account", "offered"),
    [("kepala", ["sk-tim-1"]), ("bidang", ["sk-tim-2"]), ("orang-lain", ["sk-tim-1", "sk-tim-2"])],
)
def test_where_accounts_act_their_own_turns_are_offered(room: "Room", account: str, offered: list[str]) -> None:
    room.say(STAFF)
    room.account = account
    assert sorted(one.id for one in offer_waiting(room.session()).cases) == offered


def test_what_moved_last_comes_first(room: "Room") -> None:
    assert [one.id for one in offer_recent(room.session(), ["running"]).cases] == ["sk-tim-2", "sk-tim-1"]
    assert offer_recent(room.session(), ["completed"]).cases == []


def test_a_case_that_cannot_be_read_is_told_and_hides_no_other(room: "Room") -> None:
    path_of(room.root / "data" / "instances", "sk-tim-1").write_text("rusak", encoding="utf-8")
    for found in (offer_waiting(room.session()), list_waiting_at(room.session(), "sk-tim", "teruskan")):
        assert [one.id for one in found.cases] == ["sk-tim-2"]
        assert "sk-tim-1.json" in found.damaged[0]
