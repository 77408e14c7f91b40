"""What officials do on the page: for their own posts only, also where nobody has an account, and recorded as theirs."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from sopctl.audit.bundle import write_bundle
from sopctl.audit.verify import verify
from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.session import account
from sopctl.engine.events import Approved
from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError

if TYPE_CHECKING:
    from tests.conftest import Room

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang 3}
fields:
  hasil: {label: Hasil, step: susun}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, not_by: susun, branches: {ya: end, tidak: susun}}
"""
OPEN = """
officials:
  - {nama: Siti Aminah, jabatan: Kepala Bidang 3, pelaksana: [kabid]}
  - {nama: Budi, jabatan: Ketua Tim, pelaksana: [tim]}
  - {nama: Ani, jabatan: Sekretaris, pelaksana: [tim, kabid]}
"""
CLOSED = OPEN.replace("[kabid]}", "[kabid], accounts: [siti]}").replace("[tim]}", "[tim], accounts: [budi]}")


@pytest.fixture(params=[OPEN, CLOSED], ids=["without accounts", "with accounts"])
def office(room: "Room", request: pytest.FixtureRequest) -> "Room":
    room.write(FORM)
    room.say(str(request.param))
    on_page(room, "page:budi").start("uji")
    return room


def on_page(room: "Room", account: str) -> "Room":
    room.account, room.via = account, "web"
    return room


def approving(room: "Room", account: str, **typed: str) -> str:
    try:
        answer = on_page(room, account).ask(lambda session: moves.approve(session, "uji-1", MoveInput(**typed)))  # type: ignore[arg-type]
    except NotFoundError:
        return "unknown"
    return answer.reason if isinstance(answer, Refused) else "done"


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("page:budi", "done"),
        ("page:ani", "done"),
        ("page:siti-aminah", "not_permitted"),
        ("page:siapa", "unknown"),
        ("page:", "unknown"),
    ],
)
def test_a_page_account_acts_for_its_official(office: "Room", account: str, expected: str) -> None:
    assert approving(office, account) == expected
    assert verify(office.session().record, None).findings == ()


def test_an_event_says_by_whom_and_that_it_was_made_on_the_page(office: "Room") -> None:
    office.approve("uji-1")
    events = office.session().store.load_instance("uji-1").events
    assert [(event.by, event.via) for event in events] == [("page:budi", "web")] * 2
    office.account, office.via = "siti", ""
    office.approve("uji-1")
    last = (office.root / "data" / "ledger.jsonl").read_bytes().splitlines()[-1]
    assert b'"via"' not in last


def test_whoever_did_one_step_on_the_page_does_not_check_it(office: "Room") -> None:
    assert approving(office, "page:ani") == "done"
    assert approving(office, "page:ani") == "not_by"
    assert approving(office, "page:siti-aminah") == "done"


def test_own_moves_are_withdrawn_on_the_page_and_nobody_else_s(office: "Room") -> None:
    office.approve("uji-1")

    def withdraw(account: str) -> object:
        return on_page(office, account).ask(lambda session: moves.withdraw(session, "uji-1", MoveInput(note="keliru")))

    refused = withdraw("page:ani")
    assert isinstance(refused, Refused)
    assert refused.reason == "not_yours"
    assert not isinstance(withdraw("page:budi"), Refused)


def test_a_case_is_assigned_by_nama_and_never_to_a_page_account_of_nobody(room: "Room") -> None:
    room.write(FORM)
    room.say(OPEN)
    room.start("uji")
    room.ask(lambda session: moves.assign(session, "uji-1", "tim", "page:siti-aminah", MoveInput()))
    assert room.session().store.load_instance("uji-1").events[-1].to == "Siti Aminah"  # type: ignore[union-attr]
    with pytest.raises(NotFoundError):
        room.ask(lambda session: moves.assign(session, "uji-1", "tim", "page:siapa", MoveInput()))
    assert approving(room, "page:budi") == "not_permitted"
    assert approving(room, "page:siti-aminah") == "done"


def test_verify_finds_what_a_page_account_could_not_do_where_nobody_has_an_account(room: "Room") -> None:
    room.write(FORM)
    room.say(OPEN)
    room.start("uji")
    with on_page(room, "page:siti-aminah").session().unit_of_work() as work:
        at = room.now
        work.record("uji-1", Approved(at=at, recorded_at=at, by=room.account, for_="tim", step="susun", to="periksa"))
        work.commit()
    assert [one.kind for one in verify(room.session().record, None).findings] == ["permission"]


def test_a_page_account_records_for_others_only_where_the_office_says_so(office: "Room") -> None:
    """Without accounts anybody at the command line may, and nothing is said."""
    assert approving(office, "page:ani", for_="Budi") == "on_behalf"
    office.say("on_behalf: open")
    assert approving(office, "page:ani", for_="Budi") == "done"
    assert "permission" not in {one.kind for one in verify(office.session().record, None).findings}


def test_an_account_of_the_system_that_looks_like_one_of_the_page_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory service could give such a name; no file of accounts can."""
    pwd = pytest.importorskip("pwd")
    own = pwd.getpwuid(os.getuid())
    monkeypatch.setattr(pwd, "getpwuid", lambda _: pwd.struct_passwd(("Page:siti-aminah", *own[1:])))
    assert account() == f"uid-{os.getuid()}"


def test_who_waits_for_the_record_reads_who_is_at_it(office: "Room") -> None:
    with on_page(office, "page:siti-aminah").session().begin():
        assert "akun Siti Aminah" in (office.root / "data" / "lock").read_text(encoding="utf-8", errors="replace")


def test_a_bundle_tells_what_was_done_on_the_page(office: "Room", tmp_path: Path) -> None:
    office.approve("uji-1")
    written = write_bundle(office.session().record, "uji-1", tmp_path / "uji.zip")
    with ZipFile(written.path) as bundle:
        bundle.extractall(tmp_path / "bundle")
    (script,) = (tmp_path / "bundle").rglob("periksa.py")
    told = subprocess.run([sys.executable, script], capture_output=True, check=True, cwd=script.parent)
    assert "page:budi  lewat halaman web" in told.stdout.decode()
