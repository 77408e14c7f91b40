"""`start --confidential`: what is told of it, and what of it goes on in other cases."""

from pathlib import Path
from typing import Any

import pytest

Office = Any  # the class stands in a conftest

PARENT = """id: induk
nama: Pelaksanaan Kegiatan
pelaksana: {ketua: Ketua Tim}
fields:
  tempat: {label: Tempat, default: {last: ya}}
steps:
  - {id: perintah, kegiatan: Memerintahkan, pelaksana: ketua}
  - {id: tugaskan, kegiatan: Menugaskan, pelaksana: ketua, sop: anak}
"""
CHILD = """id: anak
nama: Penugasan Kegiatan
pelaksana: {ketua: Ketua Tim}
steps:
  - {id: rinci, kegiatan: Merinci, pelaksana: ketua}
"""


@pytest.fixture
def called(office: Office) -> Office:
    """An office with an SOP that calls another."""
    for id, text in (("induk", PARENT), ("anak", CHILD)):
        Path(office.root / "sops" / f"{id}.yaml").write_text(text, encoding="utf-8")
    return office


def test_a_confidential_case_says_so_on_every_screen_that_lists_it(office: Office) -> None:
    office.ok("start", "sk-tim", "--confidential")
    office.ok("start", "sk-tim")
    assert [office.json("status", id)["confidential"] for id in ("sk-tim-1", "sk-tim-2")] == [True, False]
    assert {row["id"]: row["confidential"] for row in office.json("status")} == {"sk-tim-1": True, "sk-tim-2": False}
    assert "Rahasia" in office.ok("status", "sk-tim-1")
    assert "Rahasia" not in office.ok("status", "sk-tim-2")
    assert office.ok("status").count("rahasia") == 1
    assert office.json("verify")["findings"] == []


def test_the_case_that_it_calls_is_confidential_too(called: Office) -> None:
    for id, option in (("induk-1", ["--confidential"]), ("induk-2", [])):
        called.ok("start", "induk", *option)
        called.ok("approve", id)
    assert [called.json("status", id)["confidential"] for id in ("anak-1", "anak-2")] == [True, False]


def test_a_case_that_somebody_opens_for_it_is_confidential_too(called: Office) -> None:
    path = called.root / "sops" / "induk.yaml"
    path.write_text(PARENT.replace("sop: anak", "sop: {id: anak, optional: true}"), encoding="utf-8")
    called.ok("start", "induk", "--confidential")
    called.ok("approve", "induk-1")
    called.ok("start", "anak", "--parent", "induk-1")
    assert called.json("status", "anak-1")["confidential"]


def test_neither_its_copy_nor_the_next_case_takes_it_over(called: Office) -> None:
    called.ok("start", "induk", "--set", "tempat=Aula")
    called.ok("start", "induk", "--confidential", "--set", "tempat=Ruang tertutup")
    called.ok("start", "induk")
    assert called.json("status", "induk-3")["fields"] == {"tempat": "Aula"}
    called.ok("start", "induk", "--like", "induk-2")
    copy = called.json("status", "induk-4")
    assert (copy["fields"], copy["confidential"]) == ({"tempat": "Ruang tertutup"}, False)


def test_a_case_is_confidential_by_its_sop_and_stays_so_by_its_opening(called: Office) -> None:
    called.ok("start", "induk")
    called.ok("approve", "induk-1")
    path = called.root / "sopctl.yaml"
    listed = path.read_text(encoding="utf-8")
    path.write_text(f"{listed}\nconfidential: [induk]\n", encoding="utf-8")
    called.ok("start", "induk")
    called.ok("approve", "induk-2")
    assert all(row["confidential"] for row in called.json("status"))
    path.write_text(listed, encoding="utf-8")
    shown = {row["id"]: row["confidential"] for row in called.json("status")}
    assert shown == {"induk-1": False, "anak-1": False, "induk-2": False, "anak-2": True}
