"""The five SOPs from start to end and every other move on files and on PostgreSQL say the same, to the letter."""

import json
from collections.abc import Callable
from hashlib import sha256
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli import test_forks
from tests.cli.test_walks import IDS, given, sop_of
from tests.desk import test_calls, test_skipping

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


ACTS = """\
start rapat --subject Rapat --confidential
approve rapat-1
begin rapat-1 --step tempat
approve rapat-1 --step tempat --attach Denah=bukti.txt
attach rapat-1 Foto kosong.txt
attach rapat-1 Foto pindaian.pdf bukti.txt --step undangan
decide rapat-1 ya --step undangan
withdraw rapat-1 --note keliru
start induk --set tempat=Aula
approve induk-1
start anak --parent induk-1
approve anak-1
suspend anak-1 --note menunggu
approve anak-1
resume anak-1
approve anak-1
decide induk-1 tidak --note ulangi
start tera --set nilai=3
approve tera-1
skip tera-1 --note tidak_perlu
assign tera-1 kabid Ani
set tera-1 --subject Pasar nilai=4
approve tera-1
cancel tera-1 --note salah_alamat
start tera --like tera-1
start tera --parent induk-1
migrate rapat-1 --yes
agenda add --perihal Surat_lain --kode 000.1 --tujuan Bappeda
agenda add --perihal Surat_lain --kode 000.1 --nomor 9 --note buku_lama
agenda withdraw 9 --note batal
agenda add --perihal Lagi --kode 000.1
agenda masuk add --from Bappeda --perihal Rapat --scan pindaian.pdf
agenda masuk add --from Bappeda --perihal Rapat --urut 7 --note buku_lama
start sk-tim --from-agenda 7
start rapat --from-agenda 7
status Rapat
status rapat-1
status
why
why rapat-1
docs induk-1
inbox
inbox --as staf
report
report rapat
report rapat-1
report --propose
agenda
agenda masuk
verify rapat-1
verify
bundle rapat-1 -o satu.zip
verify satu.zip
anchor
backup dua.zip
simulate rapat --from-record --runs 1 --cases 5
doctor
doctor --mend
approve tidak-ada-1"""
"""Commands in their order; some are refused. A `_` is a blank."""


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


def do_all_else(office: "Office") -> list[Any]:
    """What all other commands say: of rows side by side, of called SOPs, of rows that may be left out."""
    for form in (test_forks.FORM, test_calls.OPTIONAL, test_calls.CHILD, test_skipping.FORM):
        text = cleandoc(form)
        name = text.partition("\n")[0].removeprefix("id: ")
        (office.root / "sops" / f"{name}.yaml").write_text(f"{text}\n", encoding="utf-8")
    for name, data in (("kosong.txt", b""), ("bukti.txt", b"bukti"), ("pindaian.pdf", b"%PDF-1.4\n" + bytes(600_000))):
        (office.root / name).write_bytes(data)
    return [_say(office, *line.split()) for line in ACTS.split("\n")]


def _say(office: "Office", *words: str) -> tuple[str, int, Any]:
    """The exit code of a command, and what it says, but for the fingerprint of what names the office file."""
    result = office.type(*(word.replace("_", " ") for word in words), "--json")
    said = json.loads(result.stdout)
    for key in ("fingerprint", "head", "text", "anchor"):
        if isinstance(said, dict):
            said.pop(key, None)
    return " ".join(words), result.exit_code, said


def version_of(office: "Office") -> str:
    return sha256(office.root.joinpath("sopctl.yaml").read_bytes()).hexdigest()


@pytest.mark.parametrize("act", [walk, do_all_else])
def test_the_same_commands_come_to_the_same_on_both_stores(
    office: "Office", database: "Database", act: Callable[["Office"], list[Any]]
) -> None:
    began = office.now
    on_files, version = act(office), version_of(office)
    database.add_office(ROLE, ROLE)
    assert office.refused(4, "status", "sk-tim-3")["code"] == "id"
    office.root.joinpath("data").rename(office.root / "data-files")
    for made in office.root.glob("*.zip"):
        made.unlink()
    with office.root.joinpath("sopctl.yaml").open("a", encoding="utf-8") as file:
        file.write(f"record: {{store: postgres, service: {ROLE}}}\n")
    office.now = began
    on_database = act(office)
    for one, other in zip(on_files, on_database, strict=True):
        text = json.dumps(other, indent=1).replace(version_of(office), version)  # which says where the record lies
        assert text == json.dumps(one, indent=1)
    assert not (office.root / "data" / "instances").exists()
