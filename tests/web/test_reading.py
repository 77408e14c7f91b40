"""Every route as each kind of person: what may not be read is answered as what was never there."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile, is_zipfile

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from sopctl.desk import moves, start
from sopctl.desk.input_files import InputFile
from sopctl.desk.move_input import MoveInput
from sopctl.desk.start import StartInput
from sopctl.engine.refused import Refused

if TYPE_CHECKING:
    from tests.conftest import Room

Browse = Callable[[str], FlaskClient]

HIDDEN, NEVER = "sk-tim-2", "sk-tim-99"
WORDS = ("Kodenama", "Penggugat", "Rahasia sekali", HIDDEN)
OFFICIALS = """
officials:
  - {nama: Kadis Satu, pelaksana: [kadis], unit: Pimpinan}
  - {nama: Staf Tiga, pelaksana: [tim], unit: Bidang 3}
  - {nama: Orang Luar, pelaksana: [arsip], unit: Bidang 3}
  - {nama: Pengawas, pelaksana: [arsip]}
readers: [Pengawas]
"""
VALUES = {
    "name": "surat-tugas",
    "step": "laksanakan",
    "file": "surat.docx",
    "number": "1",
    "kind": "xlsx",
    "token": "x",
    "page": "1",
    "sha256": "0" * 64,
}
"""What stands in an address besides the id of a case; of a name that is not here any text."""


@pytest.fixture(autouse=True)
def office(room: "Room", tmp_path: Path) -> "Room":
    """A case that everybody reads, and a confidential one; the letters of both are signed, and both hold a file."""
    path = tmp_path / "lampiran.txt"
    path.write_text("Rahasia sekali", encoding="utf-8")
    file = InputFile(path=path, item="Foto", name="Rahasia sekali.txt")
    room.say(OFFICIALS)
    for subject, task in (("Pelatihan", "Melatih"), ("Kodenama", "Penggugat")):
        opening = StartInput(subject=subject, confidential=subject == "Kodenama")
        answer = start.start(room.session(), "sk-tim", opening, MoveInput())
        assert not isinstance(answer, Refused), answer
        for sets in ((), (), (f"tugas={task}", f"anggota={task}"), (), ()):
            room.approve(answer.id, MoveInput(sets=sets))
        attached = file if task == "Penggugat" else replace(file, name="foto.txt")
        moves.attach(room.session(), answer.id, MoveInput(attach=(attached,)))
    return room


def addresses(client: FlaskClient, method: str, id: str) -> Iterator[str]:
    """An address of each route that has this method; where it names a case this one."""
    for rule in client.application.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint != "static":
            yield _fill(client, rule, id)


def _fill(client: FlaskClient, rule: Rule, id: str) -> str:
    named = {name: VALUES.get(name, "x") for name in rule.arguments}
    if "id" in named:
        named["id"] = "sk-tim" if rule.rule.startswith("/sop") else id
    for name, converter in rule._converters.items():  # noqa: SLF001 — which words an address may have is told nowhere else
        named[name] = next(iter(getattr(converter, "items", [named[name]])))
    with client.application.test_request_context():
        built = rule.build(named)
    assert built is not None, rule
    return built[1]


def read(answer: TestResponse) -> str:
    """What an answer says, within a Word file or a workbook too."""
    if not is_zipfile(BytesIO(answer.data)):
        return bytes(answer.data).decode("utf-8", "replace")
    with ZipFile(BytesIO(answer.data)) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def neutral(answer: TestResponse, id: str) -> tuple[int, str]:
    """An answer without the id that was asked for, and without what differs in every answer."""
    text = re.sub(r'name="csrf" value="[^"]*"', "", read(answer))
    return answer.status_code, text.replace(id, "")


@pytest.mark.parametrize("who", ["orang-luar", "staf-tiga", "orang-asing", ""])
def test_a_case_that_may_not_be_read_is_answered_as_one_that_never_was(browse: Browse, who: str) -> None:
    client = browse(who)
    for asked, never in zip(addresses(client, "GET", HIDDEN), addresses(client, "GET", NEVER), strict=True):
        answer = client.get(asked)
        if HIDDEN in asked:
            assert answer.status_code in ({303, 404} if who in {"orang-asing", ""} else {404}), asked
            assert neutral(answer, HIDDEN) == neutral(client.get(never), NEVER), asked
        assert not [word for word in WORDS if word in read(answer).replace(asked, "")], asked


def test_nor_can_it_be_moved(office: "Room", browse: Browse) -> None:
    client, before = browse("orang-luar"), office.record()
    csrf = re.search(r'name="csrf" value="([^"]*)"', client.get("/berkas/sk-tim-1").text)
    for asked, never in zip(addresses(client, "POST", HIDDEN), addresses(client, "POST", NEVER), strict=True):
        if HIDDEN in asked:
            sent = {"csrf": csrf[1] if csrf else "", "revisi": "1", "catatan": "x"}
            answer, other = (client.post(one, data=sent) for one in (asked, never))
            assert answer.status_code == 404, asked
            assert neutral(answer, HIDDEN) == neutral(other, NEVER), asked
    assert office.record() == before


@pytest.mark.parametrize("who", ["kadis-satu", "pengawas"])
def test_who_may_read_it_finds_it_everywhere(office: "Room", browse: Browse, who: str) -> None:
    if who == "kadis-satu":
        office.withdraw(HIDDEN)
    client = browse(who)
    assert client.get(f"/berkas/{HIDDEN}").status_code == 200
    for page in ("/laporan", "/agenda", "/cari", "/cari?q=kodenama"):
        assert HIDDEN in client.get(page).get_data(as_text=True), page
