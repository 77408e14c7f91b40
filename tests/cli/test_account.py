"""`account`: who may do it, what it prints, and what is recorded of it."""

import json
import os
import re
import stat
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sopctl.accounts.accounts import Accounts, LoginRefused
from sopctl.desk.page_login import find_page_session, log_in, redeem
from sopctl.desk.session import Session, account
from sopctl.engine.refused import Refused
from sopctl.store.workspace import Workspace

if TYPE_CHECKING:
    from tests.cli.conftest import Office

pytestmark = pytest.mark.usefixtures("light_passwords")

SANDI = "tujuh perahu biru"

OFFICIALS = """
officials:
  - {nama: "Hj. Siti Aminah, S.E.", nip: 19680101 199003 2 001, jabatan: Kepala Dinas, pelaksana: [kadis]}
  - {nama: Budi Santoso, nip: "197002021995031002", pelaksana: [kabid], accounts: ACCOUNT, admin: ADMIN}
  - {nama: Budi Hartono, nip: "197503031999031003", pelaksana: [kasubbag], accounts: OTHERS}
  - {nama: Joko Lama, nip: "196001011985031004", pelaksana: [tim], until: 2026-10-31}
"""


def say(office: "Office", *, own: str = "[]", others: str = "[]", admin: str = "false", more: str = "") -> None:
    path = office.root / "sopctl.yaml"
    before = path.read_text(encoding="utf-8").partition("\nofficials:")[0]
    said = OFFICIALS.replace("ACCOUNT", own).replace("ADMIN", admin).replace("OTHERS", others)
    path.write_text(f"{before}\n{said}{more}", encoding="utf-8")


def accounts_of(office: "Office") -> Accounts:
    return Accounts(office.root / "accounts")


def session(office: "Office") -> Session:
    return Session(Workspace(office.root), now=lambda: office.now, account=account())


def ledger(office: "Office") -> list[dict[str, Any]]:
    path = office.root / "data" / "ledger.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        pytest.param("Hj. Siti Aminah, S.E.", "siti-aminah", id="nama"),
        pytest.param("siti aminah", "siti-aminah", id="nama-without-gelar"),
        pytest.param("196801011990032001", "siti-aminah", id="nip"),
        pytest.param("siti-aminah", "siti-aminah", id="account"),
        pytest.param("page:siti-aminah", "siti-aminah", id="as-in-the-record"),
    ],
)
def test_an_invitation_is_a_link_for_one_official(office: "Office", typed: str, name: str) -> None:
    say(office)
    made = office.json("account", "invite", typed)
    assert made["account"] == name
    assert re.fullmatch(r"http://127\.0\.0\.1:8080/undangan/[\w-]{43}", made["link"])
    token = made["link"].rpartition("/")[2]
    assert redeem(session(office).office, accounts_of(office), token, SANDI, office.now) == name


@pytest.mark.parametrize(
    ("more", "options", "begins"),
    [
        ("", ("--url", "https://sop.contoh.go.id/"), "https://sop.contoh.go.id/undangan/"),
        ("web: {url: https://sop.contoh.go.id}\n", (), "https://sop.contoh.go.id/undangan/"),
        ("web: {url: https://sop.contoh.go.id}\n", ("--url", "http://10.0.0.1:81"), "http://10.0.0.1:81/undangan/"),
    ],
)
def test_the_link_begins_with_the_address_of_the_page(
    office: "Office", more: str, options: tuple[str, ...], begins: str
) -> None:
    say(office, more=more)
    assert office.json("account", "invite", "siti-aminah", *options)["link"].startswith(begins)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(4, ("invite", "Tidak Ada"), id="nobody"),
        pytest.param(4, ("invite", "Budi"), id="two"),
        pytest.param(4, ("invite", "Joko Lama"), id="left"),
        pytest.param(4, ("reset", "siti-aminah"), id="never-invited"),
        pytest.param(4, ("disable", "siti-aminah"), id="none-to-close"),
        pytest.param(2, ("invite",), id="no-name"),
        pytest.param(2, ("invite", "siti-aminah", "--url", "sop.contoh.go.id"), id="no-address"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(office: "Office", code: int, words: tuple[str, ...]) -> None:
    say(office)
    office.refused(code, "account", *words)
    assert office.json("account", "list") == []
    assert ledger(office) == []


def test_a_name_that_ends_with_a_full_stop_gets_no_second(office: "Office") -> None:
    say(office)
    message = office.refused(4, "account", "invite", "Siti Amina")["message"]
    assert message.endswith("Mungkin maksudnya: Hj. Siti Aminah, S.E.")


def test_each_act_is_recorded_without_a_secret_told_and_listed_by_verify(office: "Office") -> None:
    say(office)
    tokens = [office.json("account", act, "siti-aminah")["link"].rpartition("/")[2] for act in ("invite", "reset")]
    office.ok("account", "disable", "siti-aminah")
    lines = ledger(office)
    assert [(line["kind"], line["act"], line["account"], line["by"]) for line in lines] == [
        ("account", act, "siti-aminah", account()) for act in ("invite", "reset", "disable")
    ]
    assert not any(token in json.dumps(lines) for token in tokens)
    assert accounts_of(office).take_notices("siti-aminah") == (
        f"{account()} membuat undangan baru untuk akun Anda pada 24-11-2026 09.00.",
        f"{account()} mereset akun Anda pada 24-11-2026 09.01: sandi dan sesi yang lama diakhiri.",
        f"{account()} menutup akun Anda pada 24-11-2026 09.02.",
    )
    told = [one["message"] for one in office.json("verify")["notices"] if one["kind"] == "account"]
    assert told == [
        f"Akun halaman siti-aminah {what} oleh {account()} pada 24-11-2026 09.0{minute}."
        for minute, what in enumerate(("diundang", "direset dan diundang lagi", "ditutup"))
    ]


def test_where_officials_have_accounts_only_an_admin_may(office: "Office") -> None:
    say(office, own=f"[{account()}]", others="[lain]")
    for act in ("invite", "reset", "disable"):
        error = office.refused(3, "account", act, "siti-aminah")
        assert "admin" in error["message"]
    assert ledger(office) == []
    say(office, own=f"[{account()}]", others="[lain]", admin="true")
    office.json("account", "invite", "siti-aminah")
    assert office.json("verify")["findings"] == []


def test_an_admin_is_one_also_by_the_file_that_nobody_recorded_by_yet(office: "Office") -> None:
    say(office)
    office.json("account", "invite", "siti-aminah")
    say(office, own="[orang-lain]", others="[lain]")
    error = office.refused(3, "account", "reset", "siti-aminah")
    assert "bukan admin di sopctl.yaml, jadi" in error["message"]
    assert office.json("verify")["findings"] == []


def test_two_invitations_of_one_second_are_two_acts(office: "Office") -> None:
    say(office)
    office.json("account", "invite", "siti-aminah")
    office.now -= timedelta(minutes=1, milliseconds=-300)  # the fixture put it on by a minute
    office.json("account", "invite", "siti-aminah")
    assert len(ledger(office)) == 2
    assert office.json("verify")["findings"] == []


def test_who_makes_himself_admin_is_none_until_another_accepts_it(office: "Office") -> None:
    say(office, own=f"[{account()}]", others="[lain]")
    id = office.json("start", "sk-tim")["id"]
    say(office, own=f"[{account()}]", others="[lain]", admin="true")
    office.ok("note", id, "dicatat dengan file itu")
    error = office.refused(3, "account", "invite", "siti-aminah")
    assert "terakhir diterima kantor" in error["message"]


def test_verify_finds_an_act_of_one_who_is_no_admin(office: "Office") -> None:
    say(office, own=f"[{account()}]", others="[lain]")
    with session(office).begin() as change:
        change.record_account_act("invite", "siti-aminah", office.now, account())
        change.commit()
    found = json.loads(office.type("verify", "--json").stdout)["findings"]
    assert [one["kind"] for one in found] == ["permission"]
    assert "siti-aminah diundang" in found[0]["message"]


def test_verify_finds_an_act_by_a_file_that_the_office_did_not_accept(office: "Office") -> None:
    say(office, own=f"[{account()}]", others="[lain]")
    office.ok("start", "sk-tim")
    say(office, own=f"[{account()}]", others="[lain]", admin="true")  # as in a workspace of one's own
    with session(office).begin() as change:
        change.record_account_act("invite", "siti-aminah", office.now, account())
        change.commit()
    found = json.loads(office.type("verify", "--json").stdout)["findings"]
    assert [one["kind"] for one in found] == ["unaccepted"]


def test_an_official_comes_in_by_any_name_and_only_while_in_a_post(office: "Office") -> None:
    say(office)
    token = office.json("account", "invite", "Budi Santoso")["link"].rpartition("/")[2]
    accounts, kantor = accounts_of(office), session(office).office
    assert redeem(kantor, accounts, token, SANDI, office.now) == "budi-santoso"
    found: object = ""
    for name in ("Budi Santoso", " budi  santoso ", "197002021995031002", "budi-santoso", "page:budi-santoso"):
        found = log_in(kantor, accounts, name, SANDI, "10.0.0.7", office.now)
        assert isinstance(found, str), name
    assert isinstance(found, str)
    assert find_page_session(kantor, accounts, found, office.now) is not None
    for name in ("Budi", "Joko Lama", "", "tidak ada"):
        assert log_in(kantor, accounts, name, SANDI, "10.0.0.7", office.now) == LoginRefused()
    text = (office.root / "sopctl.yaml").read_text(encoding="utf-8")
    (office.root / "sopctl.yaml").write_text(
        text.replace("pelaksana: [kabid],", "pelaksana: [kabid], until: 2026-11-23,"), encoding="utf-8"
    )
    gone = session(office).office
    assert find_page_session(gone, accounts, found, office.now) is None
    assert log_in(gone, accounts, "budi-santoso", SANDI, "10.0.0.7", office.now) == LoginRefused()
    office.ok("account", "disable", "Budi Santoso")  # of one who left too
    assert [one["state"] for one in office.json("account", "list")] == ["disabled"]


@pytest.mark.parametrize("password", ["197002021995031002", "budisantoso99", "Kabid-1970-0202", "BudiSantoso1970!"])
def test_a_password_says_nothing_of_its_official(office: "Office", password: str) -> None:
    say(office)
    token = office.json("account", "invite", "Budi Santoso")["link"].rpartition("/")[2]
    outcome = redeem(session(office).office, accounts_of(office), token, password, office.now)
    assert isinstance(outcome, Refused)
    assert outcome.reason == "password_common"


def test_the_list_tells_how_each_account_stands(office: "Office") -> None:
    say(office)
    assert "Belum ada akun halaman." in office.ok("account", "list")
    made = office.json("account", "invite", "siti-aminah")
    assert office.json("account", "list") == [
        {
            "account": "siti-aminah", "nama": "Hj. Siti Aminah, S.E.", "state": "invited", "last_login": None,
            "invited_until": made["until"], "sessions": 0,
        }
    ]  # fmt: skip
    office.now += timedelta(hours=72)
    assert "undangan kedaluwarsa" in office.ok("account", "list")


def test_the_record_is_written_before_the_account_counts(office: "Office", monkeypatch: pytest.MonkeyPatch) -> None:
    say(office)
    office.ok("account", "invite", "siti-aminah")
    monkeypatch.setattr("sopctl.engine.moments.WRITABLE_YEARS", range(2027, 2028))  # nothing can be recorded
    assert office.refused(6, "account", "invite", "Budi Santoso")["code"] == "clock"
    assert [one["account"] for one in office.json("account", "list")] == ["siti-aminah"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_another_system_account_is_told_the_command(office: "Office") -> None:
    say(office)
    office.ok("account", "invite", "siti-aminah")
    for path in (office.root / "accounts", office.root / "accounts" / "accounts.sqlite3"):
        os.chown(path, 65534, -1)
    for words in (("invite", "siti-aminah"), ("reset", "siti-aminah"), ("disable", "siti-aminah"), ("list",)):
        assert office.refused(3, "account", *words)["message"].endswith(
            "sudo -u nobody sopctl account … (begitu juga serve)."
        )
    assert len(ledger(office)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_doctor_finds_and_closes_a_file_that_others_can_read(office: "Office") -> None:
    say(office)
    office.ok("account", "invite", "siti-aminah")
    file = office.root / "accounts" / "accounts.sqlite3"
    assert office.json("doctor")["findings"] == []
    file.chmod(0o640)
    file.parent.chmod(0o755)
    found = json.loads(office.type("doctor", "--json").stdout)["findings"]
    assert [(one["path"], one["kind"]) for one in found] == [
        ("accounts", "access"),
        ("accounts/accounts.sqlite3", "access"),
    ]
    assert "sopctl doctor --mend" in found[0]["message"]
    office.ok("doctor", "--mend")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file.parent, file)] == [0o700, 0o600]


def test_a_backup_carries_no_account(office: "Office") -> None:
    say(office)
    office.ok("account", "invite", "siti-aminah")
    other = office.root.parent / "lain"
    office.ok("backup", "../cadangan.zip")
    office.ok("restore", "../cadangan.zip", str(other))
    assert not (other / "accounts").exists()
    assert office.json("account", "list", "--workspace", str(other)) == []


def test_without_the_extra_it_is_said_what_to_install_and_the_list_works(office: "Office") -> None:
    say(office)
    code = """
import sys
sys.modules["argon2"] = None
sys.argv = ["sopctl", "account", *sys.argv[1:]]
from sopctl.cli.entry import main
main()
"""
    listed = subprocess.run([sys.executable, "-c", code, "list"], capture_output=True, text=True, check=False)
    assert (listed.returncode, "Belum ada akun halaman." in listed.stdout) == (0, True), listed.stderr
    invited = subprocess.run(
        [sys.executable, "-c", code, "invite", "siti-aminah"], capture_output=True, text=True, check=False
    )
    assert invited.returncode == 2
    assert "pip install" in invited.stderr
    assert ledger(office) == []
