"""What people read of what was done on the page: the nama of the official; programs read the account."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.registers import open_register
from sopctl.desk.session import Session
from sopctl.engine.refused import Refused
from sopctl.store.workspace import Workspace

if TYPE_CHECKING:
    from tests.cli.conftest import Office

STORED = Path(__file__).parents[1] / "schema" / "2-page"


@pytest.fixture
def moved(office: "Office") -> "Office":
    """An office with a case that officials moved on the page."""
    shutil.copytree(STORED, office.root, dirs_exist_ok=True)
    office.now = office.now.replace(hour=15)
    return office


def on_page(office: "Office", account: str) -> Session:
    return Session(Workspace(office.root), now=lambda: office.now, account=account, via="web")


def test_a_timeline_names_the_official_and_json_the_account(moved: "Office") -> None:
    told = moved.ok("status", "uji-1")
    assert "Budi" in told.partition("Catatan")[0]
    assert "Siti Aminah mengembalikan langkah periksa" in told
    assert "page:" not in told
    found = moved.json("status", "uji-1")
    assert {event["by"] for event in found["events"]} == {"petugas", "page:budi", "page:siti-aminah"}
    assert found["names"] == {"page:budi": "Budi", "page:siti-aminah": "Siti Aminah"}


def test_an_account_of_nobody_any_more_is_named_as_it_is(moved: "Office") -> None:
    text = (moved.root / "sopctl.yaml").read_text(encoding="utf-8")
    (moved.root / "sopctl.yaml").write_text(text.replace("nama: Budi", "nama: Badu"), encoding="utf-8")
    assert "page:budi" in moved.ok("status", "uji-1")


@pytest.mark.parametrize(
    "command",
    [["withdraw", "uji-1", "--note", "keliru"], ["verify"], ["why", "uji-1"], ["report", "uji-1"], ["inbox"]],
    ids=lambda command: str(command[0]),
)
def test_no_answer_for_people_shows_a_page_account(moved: "Office", command: list[str]) -> None:
    assert "page:" not in moved.type(*command).output


def test_a_refusal_names_the_official_who_is_refused_and_who_acted_before(moved: "Office") -> None:
    session = on_page(moved, "page:siti-aminah")
    refused = moves.approve(session, "uji-1", MoveInput())
    assert isinstance(refused, Refused)
    assert "Akun Siti Aminah tidak berwenang" in refused.message
    assert "dilakukan oleh Siti Aminah" in moved.type("withdraw", "uji-1", "--note", "keliru").output


def test_the_register_names_the_official_who_signed(office: "Office") -> None:
    text = (office.root / "sopctl.yaml").read_text(encoding="utf-8")
    person = '{nama: Siti Aminah, nip: "196801011990031001", pelaksana: [kadis, kabid, kasubbag, tim]}'
    text = text.replace("officials: []", f"officials:\n  - {person}\n")
    (office.root / "sopctl.yaml").write_text(text, encoding="utf-8")
    office.ok("start", "sk-tim")
    for sets in ((), (), ("tugas=Menyusun laporan", "anggota=Anggota"), (), ()):
        moves.approve(on_page(office, "page:siti-aminah"), "sk-tim-1", MoveInput(sets=sets))
    register = open_register(on_page(office, "page:siti-aminah"), "keluar", None)
    assert [row.by for row in register.rows] == ["page:siti-aminah"]
    assert [line[register.table.columns.index("oleh")] for line in register.table.lines] == ["Siti Aminah"]
