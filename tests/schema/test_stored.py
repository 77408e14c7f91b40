"""Stored files of every released schema stay here for ever, and every later sopctl reads them as they were meant.

The folder `1` is a record as the first sopctl wrote it, `2` one with every kind of event and of line in the ledger,
with its `sopctl.yaml`. Those after it have the kinds that came last: `2-returned` a letter that was signed elsewhere,
beside a photo with a caption; `2-skipped` rows that were left out, by somebody and by a condition; `2-forked`
a case in two arms of a fork; `2-page` one that officials moved on the page, to which one of them was
invited. They are never changed; a new schema gets a folder of its own.
"""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import msgspec
import pytest

from sopctl.audit.doctor import run_doctor
from sopctl.audit.verify import verify
from sopctl.desk import status
from sopctl.engine.events import Event
from sopctl.engine.instance import SCHEMA
from sopctl.errors import DamagedError
from sopctl.store import case_json
from sopctl.store.files import cases
from sopctl.store.ledger import EventLine, LedgerLine

if TYPE_CHECKING:
    from tests.conftest import Room

STORED = Path(__file__).parent
HOLDS = {"1": (2, 10, 7, 2, 12), "2": (7, 44, 26, 8, 54)}
NEXT_NUMBER = {"1": 3, "2": 6}
"""Cases, events, files, letter numbers and lines of the ledger of each record."""


@pytest.fixture(params=sorted(path.name for path in STORED.iterdir() if path.name.isdecimal()))
def schema(request: pytest.FixtureRequest) -> str:
    """The schema of a record."""
    name: str = request.param
    return name


@pytest.fixture
def old(schema: str, room: "Room") -> "Room":
    """An office whose record an older sopctl wrote."""
    shutil.copytree(STORED / schema, room.root, dirs_exist_ok=True)
    room.now = room.now.replace(hour=15)
    return room


def test_an_old_record_holds(old: "Room", schema: str) -> None:
    verified = verify(old.session().record, None)
    assert verified.findings == ()
    assert (verified.cases, verified.events, verified.files, verified.numbers, verified.lines) == HOLDS[schema]


def test_the_newest_record_has_every_kind_of_event_and_line() -> None:
    texts = [
        (STORED / name / "data" / "ledger.jsonl").read_bytes()
        for name in (str(SCHEMA), f"{SCHEMA}-returned", f"{SCHEMA}-skipped", f"{SCHEMA}-page")
    ]
    lines = [msgspec.json.decode(line, type=LedgerLine) for text in texts for line in text.splitlines()]
    assert {type(line) for line in lines} == set(get_args(LedgerLine))
    assert {type(line.event) for line in lines if isinstance(line, EventLine)} == set(get_args(Event))


def test_a_letter_that_came_back_is_still_the_one_that_is_handed_over(room: "Room") -> None:
    shutil.copytree(STORED / "2-returned", room.root, dirs_exist_ok=True)
    room.now = room.now.replace(hour=15)
    assert verify(room.session().record, None).findings == ()
    found = status.case_status(room.session().record, "surat-1")
    assert found.valid == ("data/documents/surat/0000/surat-1/02 surat ditandatangani.pdf",)
    assert [one.subject for one in found.written[-1].certificates] == ["Pejabat Contoh, S.E."]
    assert [one.caption for one in found.attachments] == ["Rapat di aula"]


def test_rows_that_were_left_out_still_are(room: "Room") -> None:
    shutil.copytree(STORED / "2-skipped", room.root, dirs_exist_ok=True)
    room.now = room.now.replace(hour=15)
    assert verify(room.session().record, None).findings == ()
    found = status.case_status(room.session().record, "tera-1")
    assert [one.outcome for one in found.visits] == ["dilewati", "dilewati", ""]
    room.withdraw("tera-1")
    assert status.case_status(room.session().record, "tera-1").step == "tinjau"


def test_a_case_in_two_arms_stands_where_it_stood(room: "Room") -> None:
    shutil.copytree(STORED / "2-forked", room.root, dirs_exist_ok=True)
    room.now = room.now.replace(hour=15)
    assert verify(room.session().record, None).findings == ()
    found = status.case_status(room.session().record, "rapat-1")
    assert [(one.step, one.outcome) for one in found.visits] == [
        ("perintah", "selesai"), ("undangan", "ulang"), ("tempat", "ditarik"),
        ("perintah", "selesai"), ("undangan", ""), ("tempat", "selesai"),
    ]  # fmt: skip
    assert [one.step for one in found.turns] == ["undangan"]
    assert room.approve("rapat-1").step == "laksana"


def test_what_was_done_on_the_page_is_still_its_official_s(room: "Room") -> None:
    shutil.copytree(STORED / "2-page", room.root, dirs_exist_ok=True)
    room.now = room.now.replace(hour=15)
    assert verify(room.session().record, None).findings == ()
    found = status.case_status(room.session().record, "uji-1")
    assert [(event.by, event.via) for event in found.events[:2]] == [("petugas", ""), ("page:budi", "web")]
    assert found.names == {"page:budi": "Budi", "page:siti-aminah": "Siti Aminah"}
    room.account, room.via = "page:budi", "web"
    assert room.approve("uji-1").step == "periksa"


def test_an_old_case_says_what_it_said(old: "Room") -> None:
    found = status.case_status(old.session().record, "sk-tim-1")
    assert (found.status, found.step, found.subject) == ("running", "serahkan", "Tim Bimtek")
    assert found.fields["tugas"] == ["Menyusun laporan"]
    assert [written.nomor for written in found.written if written.act == "sign"][-1] == "800.1.11.1/1/DISKOPUKM"
    assert status.case_status(old.session().record, "penugasan-1").status == "cancelled"


def test_an_old_case_goes_on_and_its_numbers_too(old: "Room", schema: str) -> None:
    path = cases.path_of(old.root / "data" / "instances", "sk-tim-1")
    assert case_json.decode(path.read_bytes(), path, "sk-tim-1").schema == int(schema)
    old.approve("sk-tim-1")
    old.approve("sk-tim-1")
    assert case_json.decode(path.read_bytes(), path, "sk-tim-1").schema == SCHEMA
    assert status.case_status(old.session().record, "sk-tim-1").status == "completed"
    assert old.approve(old.letter()).documents[0].nomor == f"800.1.11.1/{NEXT_NUMBER[schema]}/DISKOPUKM"
    verified = verify(old.session().record, None)
    assert verified.findings == ()
    assert verified.offices[-1].current


def test_events_of_before_office_files_were_kept_are_told_apart(room: "Room") -> None:
    shutil.copytree(STORED / "1", room.root, dirs_exist_ok=True)
    room.now = room.now.replace(hour=15)
    room.approve("sk-tim-1")
    before, since = verify(room.session().record, None).offices
    assert (before.version, before.events, before.accounts, since.current) == ("", 10, None, True)


def test_an_old_record_is_made_again_as_it_was(old: "Room") -> None:
    (old.root / "data").chmod(0o700)
    before = old.record()
    shutil.rmtree(old.root / "data" / "instances")
    shutil.rmtree(old.root / "data" / "agenda")
    assert run_doctor(old.session().record, mend=True).findings == ()
    made = old.record()
    for name in filter(lambda name: name.startswith("instances/"), before):
        before[name] = before[name].replace(b'"schema": 1', b'"schema": 2', 1)  # written by this sopctl now
    assert made == before


def changed(room: "Room", **said: object) -> None:
    path = cases.path_of(room.root / "data" / "instances", "sk-tim-1")
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**told, **said}), encoding="utf-8")


@pytest.mark.parametrize("more", [{}, {"vessel": {}}, {"events": []}], ids=["alone", "with more", "with other events"])
def test_a_newer_schema_is_refused_with_what_to_do_and_left_alone(old: "Room", more: dict[str, object]) -> None:
    changed(old, schema=3, **more)
    before = old.record()
    with pytest.raises(DamagedError, match="perbarui sopctl di sini") as raised:
        old.approve("sk-tim-1")
    assert raised.value.code == "newer_schema"
    run_doctor(old.session().record, mend=True)
    kept = cases.path_of(old.root / "data" / "instances", "sk-tim-1").read_bytes()
    assert kept == before["instances/sk-tim/0000/sk-tim-1.json"]
