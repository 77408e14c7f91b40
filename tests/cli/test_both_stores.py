"""The five SOPs from start to end on files and on PostgreSQL: every command says the same, to the letter."""

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tests.cli.test_walks import IDS, given, sop_of

if TYPE_CHECKING:
    from tests.cli.conftest import Office
    from tests.postgres_cluster import Database

ROLE = "dinas_satu"
QUESTIONS = (
    ("inbox",), ("inbox", "--as", "kadis"), ("status",), ("report",), ("report", "--by", "pelaksana"), ("agenda",),
    ("report", "--late"), ("doctor",),
)  # fmt: skip
OF_CASE = ("status", "why", "docs", "report", "verify")
"""Questions about one case."""


def walk(office: "Office") -> list[Any]:
    """What the commands say by which a case of each SOP comes to its end, turned down where it can be."""
    office.now = office.now.replace(hour=8)
    said: list[Any] = []
    cases = [office.json("start", id, "--subject", f"Uji {id}")["id"] for id in IDS]
    for id, case in zip(IDS, cases, strict=True):
        sop, turned_down = sop_of(id), set[str]()
        while (here := office.json("status", case))["status"] == "running":
            step = sop.step(here["step"])
            if step.branches and step.id not in turned_down:
                turned_down.add(step.id)
                said.append(office.json("reject", case, "--note", "Perbaiki dahulu"))
            else:
                said.append(office.json("approve", case, *given(sop, step.id)))
        said += [here, *(office.json(word, case) for word in OF_CASE)]
    said.append(office.json("agenda", "masuk", "add", "--from", "Bappeda", "--perihal", "Rapat"))
    said.append(office.json("start", "sk-tim", "--from-agenda", "1"))
    said.append(office.json("note", "sk-tim-2", "sudah ditelepon"))
    said.append(office.json("approve", "sk-tim-2"))
    said.append(office.json("withdraw", "sk-tim-2", "--note", "keliru"))
    said.append(office.json("cancel", "sk-tim-2", "--note", "tidak jadi"))
    said += [office.json(*words) for words in (*QUESTIONS, ("agenda", "masuk"), ("verify",))]
    return said


def version_of(office: "Office") -> str:
    return sha256(office.root.joinpath("sopctl.yaml").read_bytes()).hexdigest()


def test_the_five_sops_come_to_the_same_on_both_stores(office: "Office", database: "Database") -> None:
    began = office.now
    on_files, version = walk(office), version_of(office)
    database.add_office(ROLE, ROLE)
    assert office.refused(4, "status", "sk-tim-3")["code"] == "id"
    office.root.joinpath("data").rename(office.root / "data-files")
    with office.root.joinpath("sopctl.yaml").open("a", encoding="utf-8") as file:
        file.write(f"record: {{store: postgres, service: {ROLE}}}\n")
    office.now = began
    on_database = walk(office)
    for one, other in zip(on_files, on_database, strict=True):
        text = json.dumps(other, indent=1).replace(version_of(office), version)  # which says where the record lies
        assert text == json.dumps(one, indent=1)
    assert not (office.root / "data" / "instances").exists()
