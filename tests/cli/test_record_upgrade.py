"""`sopctl record upgrade` as an administrator types it."""

from typing import TYPE_CHECKING

import pytest

from tests.postgres_cluster import OWNER, Database

if TYPE_CHECKING:
    from tests.cli.conftest import Office


@pytest.fixture(autouse=True)
def _empty(database: Database) -> None:
    database.change("DROP SCHEMA sopctl CASCADE")


def test_a_database_is_made_ready_with_one_command_for_two_offices(office: "Office") -> None:
    words = "record", "upgrade", "--service", OWNER, "--grant", "dinas_satu", "--grant", "dinas_dua=diskop"
    assert office.json(*words) == {
        "applied": ["0001_record"],
        "number": 1,
        "admitted": {"dinas_satu": "dinas_satu", "dinas_dua": "diskop"},
    }
    assert office.ok(*words) == (
        "Tabel di basis data itu sudah yang terbaru.\nPeran dinas_satu: kantor dinas_satu.\n"
        "Peran dinas_dua: kantor diskop.\n"
    )


def test_the_service_and_the_office_stand_in_sopctl_yaml(office: "Office") -> None:
    with (office.root / "sopctl.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\nrecord: {{store: postgres, service: {OWNER}, office: diskop}}\n")
    assert office.json("record", "upgrade")["admitted"] == {OWNER: "diskop"}


def test_no_workspace_is_needed_where_the_service_is_named(office: "Office", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office.root.parent)
    assert office.json("record", "upgrade", "--service", OWNER)["admitted"] == {OWNER: OWNER}
    assert office.refused(4, "record", "upgrade")["code"] == "workspace"


@pytest.mark.parametrize("typed", ["", "=kantor", "peran=", "peran=a b"])
def test_a_grant_that_names_no_role_or_office_is_refused(office: "Office", typed: str) -> None:
    assert office.refused(2, "record", "upgrade", "--service", OWNER, "--grant", typed)["code"] == "grant"


def test_a_service_that_nobody_wrote_down_is_told_without_traceback(office: "Office") -> None:
    assert office.refused(6, "record", "upgrade", "--service", "hilang")["code"] == "service"


def test_who_is_not_the_owner_is_told_what_to_type(office: "Office") -> None:
    said = office.type("record", "upgrade", "--service", "dinas_satu")
    assert said.exit_code == 3
    assert "--service layanan pemiliknya" in said.stderr
