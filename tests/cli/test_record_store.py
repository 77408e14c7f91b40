"""`sopctl record status` and `record move` as a clerk sees them."""

import json
import time
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sopctl.store.files.lock import hold_lock
from sopctl.store.postgres import connections
from sopctl.store.workspace import JOURNAL, Workspace
from tests.postgres_cluster import OWNER, SUPERUSER, Database

if TYPE_CHECKING:
    from tests.cli.conftest import Office

ONE = "dinas_satu"


@pytest.fixture
def moved(office: "Office", database: Database) -> "Office":
    """An office with a case, whose record lies in a database."""
    database.add_office(ONE, ONE)
    office.ok("start", "sk-tim")
    office.ok("record", "move", "--to", "postgres", "--service", ONE)
    return office


def test_files_are_told_with_who_writes_there(office: "Office") -> None:
    office.ok("start", "sk-tim")
    office.ok("approve", "sk-tim-1")
    with hold_lock(Workspace(office.root).lock, "akun petugas"):
        held = office.json("record", "status")
    assert "akun petugas" in held["folder"]["holder"]
    told = office.json("record", "status")
    assert (told["store"], told["moved_to"], told["database"], told["folder"]["holder"]) == ("files", "", None, "")
    anchor = office.json("anchor")
    assert (told["size"]["lines"], told["size"]["head"]) == (anchor["lines"], anchor["head"])
    assert told["size"]["cases"] == 1
    papers = [path.stat().st_size for path in (office.root / "data" / "documents").rglob("*.docx")]
    assert (told["size"]["files"], told["size"]["bytes"]) == (len(papers), sum(papers))


def test_a_database_is_told_without_its_address_and_password(moved: "Office", database: Database) -> None:
    told = moved.json("record", "status")
    assert told["store"] == "postgres"
    one = told["database"]
    assert (one["service"], one["office"], one["tables"], one["needed"]) == (ONE, ONE, 1, 1)
    assert (one["encrypted"], one["local"], one["listens"], one["standby"]) == (False, True, True, False)
    assert (one["is_owner"], one["is_superuser"], one["bypasses_policies"]) == (False, False, False)
    said = moved.ok("record", "status")
    assert str(database.cluster.folder) not in said
    assert database.cluster.passwords[ONE] not in said
    assert max(len(line) for line in said.splitlines() if not line.startswith("Sidik")) <= 80


@pytest.mark.parametrize(("role", "said"), [(OWNER, "Peran ini pemilik tabelnya"), (SUPERUSER, "tidak dibatasi")])
def test_what_nothing_prevents_is_told(moved: "Office", role: str, said: str) -> None:
    assert said in moved.type("record", "status", "--service", role).stdout


@pytest.mark.parametrize("role", [OWNER, SUPERUSER])
def test_one_role_for_everything_works_beside_an_office_of_another(
    moved: "Office", database: Database, role: str
) -> None:
    moved.ok("approve", "sk-tim-1")
    alone = moved.json("record", "status")["size"]
    moved.ok("record", "move", "--to", "files")
    moved.ok("record", "upgrade", "--service", role, "--grant", role)
    assert moved.json("record", "move", "--to", "postgres", "--service", role)["head"] == alone["head"]
    moved.ok("start", "sk-tim")
    told = moved.json("record", "status")
    assert (told["database"]["office"], told["size"]["cases"], told["size"]["lines"]) == (role, 2, alone["lines"] + 1)
    assert [one["id"] for one in moved.json("status")] == ["sk-tim-2", "sk-tim-1"]
    assert moved.ok("verify")
    with database.connect() as connection:
        assert connection.execute("SELECT office, lines, moved_to FROM sopctl.offices ORDER BY 1").fetchall() == [
            (ONE, alone["lines"], "files"),
            (role, alone["lines"] + 1, ""),
        ]


def test_a_pooler_is_told_apart_from_the_server(moved: "Office", database: Database, pgbouncer: int) -> None:
    database.add_service("pooled", ONE, port=pgbouncer)
    assert moved.json("record", "status", "--service", "pooled")["database"]["listens"] is False


@pytest.mark.usefixtures("database")
def look(office: "Office", service: str = "") -> Any:  # noqa: ANN401 — the shape is what tests look at
    """What is told of a record that cannot be worked with as it is."""
    said = office.type("record", "status", *(["--service", service] if service else []), "--json")
    assert said.exit_code == 6
    return json.loads(said.stdout)


def test_an_office_that_is_not_the_roles_is_told_with_those_that_are(moved: "Office", database: Database) -> None:
    database.add_office("lain", ONE)
    add_office_to_settings(moved, "salah")
    assert (look(moved)["database"]["office"], look(moved)["database"]["offices"]) == ("", [ONE, "lain"])
    assert f"Peran ini bekerja untuk: {ONE}, lain." in moved.type("record", "status").stdout
    for words in (["inbox"], ["approve", "sk-tim-1"], ["verify"], ["check"]):
        said = moved.type(*words)
        assert (said.exit_code, f"tetapi untuk {ONE}, lain" in " ".join(said.output.split())) == (6, True), words


def add_office_to_settings(office: "Office", name: str) -> None:
    path = office.root / "sopctl.yaml"
    text = path.read_text(encoding="utf-8").replace(f"service: {ONE}", f"service: {ONE}, office: {name}")
    path.write_text(text, encoding="utf-8")


def test_a_server_that_is_off_is_told_to_who_only_looks(
    moved: "Office", database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.2)
    (moved.root / "sopctl.yaml").write_text(
        (moved.root / "sopctl.yaml").read_text(encoding="utf-8").replace(ONE, "mati"), encoding="utf-8"
    )
    database.add_service("mati", ONE, host=str(moved.root))
    for words in (["inbox"], ["status"], ["report"], ["verify"], ["record", "status"], ["check"]):
        said = moved.type(*words)
        told = " ".join(said.output.split())
        assert said.exit_code == 6, words
        assert "catatan tidak dapat dibaca dan tidak berubah" in told, words
        assert "yang dicatat" not in told, words
    assert "0 kesalahan" in moved.type("check").stdout
    assert moved.ok("check", "sk-tim")  # an SOP is checked without its record


def test_a_move_to_files_that_stopped_is_told_with_what_finishes_it(moved: "Office", database: Database) -> None:
    assert moved.json("record", "status")["left"] == {
        "folder": str(moved.root / "data"),
        "lines": 1,
        "is_closed": True,
    }
    database.change("UPDATE offices SET moved_to = 'files'")
    assert look(moved)["left"]["is_closed"] is True
    said = " ".join(moved.type("record", "status").stdout.split())
    assert "sopctl record move --to files" in said
    assert "tertutup, 1 baris" in said
    database.change("UPDATE offices SET moved_to = ''")
    (moved.root / "data" / JOURNAL).unlink()
    assert look(moved)["left"]["is_closed"] is False
    assert "TERBUKA" in moved.type("record", "status").stdout


def test_a_database_that_is_not_ready_says_who_makes_it_so(office: "Office", database: Database) -> None:
    database.change("UPDATE migrations SET number = 0")
    told = look(office, OWNER)["database"]
    assert (told["tables"], told["needed"], told["office"]) == (0, 1, "")
    assert "sopctl record upgrade" in office.type("record", "status", "--service", OWNER).stdout
    database.change("DROP SCHEMA sopctl CASCADE")
    assert look(office, ONE)["database"]["tables"] == 0


def test_a_record_moves_through_a_pooler_too(office: "Office", database: Database, pgbouncer: int) -> None:
    database.add_office(ONE, ONE)
    database.add_service("pooled", ONE, port=pgbouncer)
    office.ok("start", "sk-tim")
    anchor = office.json("anchor")
    made = office.json("record", "move", "--to", "postgres", "--service", "pooled")
    assert made == {"to": "postgres", "cases": 1, "lines": anchor["lines"], "head": anchor["head"]}
    assert office.json("anchor")["head"] == anchor["head"]
    assert office.json("record", "move", "--to", "files")["head"] == anchor["head"]


def test_a_folder_that_was_left_says_where_the_record_lies(moved: "Office") -> None:
    text = (moved.root / "sopctl.yaml").read_text(encoding="utf-8")
    (moved.root / "sopctl.yaml").write_text(text.replace("store: postgres", "store: files"), encoding="utf-8")
    for words in (["status"], ["inbox"], ["approve", "sk-tim-1"], ["verify"], ["doctor"], ["doctor", "--mend"]):
        said = moved.type(*words)
        assert said.exit_code == 6, words
        assert "sopctl record move --to postgres" in said.stderr
    assert look(moved)["moved_to"] == "postgres"
    assert "tertutup" in moved.type("record", "status").stdout
    moved.ok("record", "move", "--to", "postgres")  # nothing but sopctl.yaml was left to change
    assert moved.json("status")[0]["id"] == "sk-tim-1"


def test_tables_of_another_sopctl_are_neither_read_nor_written(moved: "Office", database: Database) -> None:
    database.change("INSERT INTO migrations (number, name, sha256) VALUES (2, '0002_lain', '')")
    for words in (["inbox"], ["start", "sk-tim"], ["verify"]):
        assert moved.refused(6, *words)["code"] == "newer_schema"
    database.change("UPDATE migrations SET number = 0 WHERE number = 1")
    database.change("DELETE FROM migrations WHERE number = 2")
    said = moved.type("inbox")
    assert (said.exit_code, "sopctl record upgrade" in said.stderr) == (6, True)


def test_letters_in_a_database_are_named_with_what_opens_them(moved: "Office", tmp_path: Path) -> None:
    said = moved.ok("approve", "sk-tim-1")
    name = "01 disposisi ditandatangani.docx"
    shown = [said, moved.ok("status", "sk-tim-1"), moved.ok("docs", "sk-tim-1")]
    for text in shown:
        assert name in text
        assert "data/documents" not in text
    for text in shown[:2]:
        assert "sopctl docs sk-tim-1 --open" in text
        assert "sopctl docs sk-tim-1 -o FOLDER" in text
    (document,) = moved.json("docs", "sk-tim-1")["documents"]
    assert document["path"].startswith("data/documents/")
    copied = tmp_path / "salinan" / name
    assert moved.json("docs", "sk-tim-1", "-o", str(copied.parent))["files"] == [str(copied)]
    assert sha256(copied.read_bytes()).hexdigest() == document["sha256"]
    assert "data/documents" not in moved.ok("verify", str(copied))


def test_a_letter_that_a_database_has_otherwise_is_not_copied(
    moved: "Office", database: Database, tmp_path: Path
) -> None:
    moved.ok("approve", "sk-tim-1")
    (document,) = moved.json("docs", "sk-tim-1")["documents"]
    database.change("UPDATE contents SET data = %s WHERE sha256 = %s", b"lain", document["sha256"])
    assert moved.refused(6, "docs", "sk-tim-1", "-o", str(tmp_path / "salinan"))["code"] == "file"
    assert not (tmp_path / "salinan").exists()
    said = moved.type("docs", "sk-tim-1", "--open")
    assert said.exit_code == 6
    assert "tidak sama dengan yang dicatat" in said.stderr


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        pytest.param(600.0, "10 menit", id="minutes"),
        pytest.param(-10_800.0, "3 jam", id="hours"),
        pytest.param(315_360_000.0, "3650 hari", id="years"),
    ],
)
def test_how_far_the_servers_clock_is_off_is_told_in_a_unit_that_people_use(
    moved: "Office", monkeypatch: pytest.MonkeyPatch, offset: float, said: str
) -> None:
    now = time.time() - offset
    monkeypatch.setattr(time, "time", lambda: now)
    assert f"{said} lebih {'cepat' if offset > 0 else 'lambat'}" in moved.ok("record", "status")


HOSTED = {
    "timezone": "Pacific/Kiritimati",
    "datestyle": "SQL, DMY",
    "intervalstyle": "sql_standard",
    "bytea_output": "escape",
    "client_encoding": "LATIN1",
    "search_path": "pg_catalog",
    "standard_conforming_strings": "off",
    "default_transaction_isolation": "serializable",
    "default_transaction_deferrable": "on",
    "statement_timeout": "2s",
    "lock_timeout": "1ms",
    "idle_in_transaction_session_timeout": "2s",
    "idle_session_timeout": "2s",
    "plan_cache_mode": "force_generic_plan",
}


def test_what_whoever_runs_the_server_sets_for_a_role_changes_nothing(office: "Office", database: Database) -> None:
    database.add_office(ONE, ONE)
    with database.connect() as connection:
        for name, value in HOSTED.items():
            connection.execute(f"ALTER ROLE {ONE} IN DATABASE {database.name} SET {name} = '{value}'")
    office.ok("start", "sk-tim", "--subject", "Rapat 😀 'dinas' %s")
    anchor = office.json("anchor")
    assert office.json("record", "move", "--to", "postgres", "--service", ONE)["head"] == anchor["head"]
    office.ok("approve", "sk-tim-1")
    assert office.json("status")[0]["subject"] == "Rapat 😀 'dinas' %s"
    for words in (["inbox"], ["report"], ["verify"], ["record", "status"]):
        office.ok(*words)
    assert office.json("record", "move", "--to", "files")["head"] == office.json("anchor")["head"]


def test_where_to_has_to_be_said(office: "Office") -> None:
    assert office.refused(2, "record", "move")["code"] == "usage"


def test_what_is_not_there_is_told_without_traceback(office: "Office") -> None:
    error = office.refused(6, "record", "move", "--to", "postgres", "--service", "hilang")
    assert (error["code"], "--service hilang: " in error["message"]) == ("service", True)
    assert office.json("record", "status")["store"] == "files"
