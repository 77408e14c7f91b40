"""`notify` at the terminal: what it shows without sending, and what it says where it cannot send."""

import socket
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Office

OFFICIALS = "officials:\n  - {nama: Budi, pelaksana: [kadis], pos_el: budi@kantor.go.id}\n"


@pytest.fixture
def office(office: "Office") -> "Office":
    yaml = (office.root / "sopctl.yaml").read_text(encoding="utf-8")
    say(office, yaml.replace("officials: []\n", OFFICIALS))
    office.ok("start", "sk-tim", "--subject", "Tim Nelayan")
    return office


def say(office: "Office", text: str) -> None:
    (office.root / "sopctl.yaml").write_text(text, encoding="utf-8")


def add(office: "Office", text: str) -> None:
    with (office.root / "sopctl.yaml").open("a", encoding="utf-8") as file:
        file.write(text)


def test_a_dry_run_shows_whole_mails(office: "Office") -> None:
    shown = office.ok("notify", "--dry-run")
    for words in ("Kepada: Budi <budi@kantor.go.id>", "Perihal: 1 pekerjaan menunggu Anda", "Tim Nelayan"):
        assert words in shown
    found = office.json("notify", "--dry-run")
    assert found["dry_run"] is True
    (mail,) = found["mails"]
    assert {name: mail[name] for name in ("account", "nama", "to", "waiting", "late", "confidential", "outcome")} == {
        "account": "page:budi", "nama": "Budi", "to": "budi@kantor.go.id",
        "waiting": 1, "late": 0, "confidential": 0, "outcome": "dry_run",
    }  # fmt: skip


def test_where_nothing_waits_nobody_is_told(office: "Office") -> None:
    office.ok("cancel", "sk-tim-1", "--note", "batal")
    assert "Tidak ada yang perlu diberi tahu" in office.ok("notify", "--dry-run")


def test_a_password_that_is_missing_is_asked_for_by_its_variable(
    office: "Office", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOPCTL_MAIL_PASSWORD", raising=False)
    add(office, "mail: {host: localhost, from: sop@kantor.go.id, user: sopctl}\n")
    assert "SOPCTL_MAIL_PASSWORD_FILE" in office.refused(5, "notify")["message"]


def test_a_server_that_is_not_there_makes_the_exit_code(office: "Office") -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        add(office, f"mail: {{host: 127.0.0.1, port: {unused.getsockname()[1]}, from: sop@kantor.go.id, tls: none}}\n")
        result = office.type("notify")
    assert (result.exit_code, "Budi <budi@kantor.go.id>: tidak terkirim. Server pos-el" in result.stdout) == (6, True)
