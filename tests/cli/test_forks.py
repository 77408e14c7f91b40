"""Rows that are worked on at the same time, as they are typed: which row a command means, and what is told of each."""

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Office

FORM = """id: rapat
nama: Rapat
pelaksana: {kabag: Kepala Bagian, staf: Staf, protokol: Protokol}
steps:
  - {id: perintah, no: 1, kegiatan: Memerintahkan, pelaksana: kabag, waktu: 5 menit, next: [undangan, tempat]}
  - {id: undangan, no: 2, kegiatan: Menyusun, pelaksana: staf, waktu: 1 jam, branches: {ya: laksana, ulang: perintah}}
  - {id: tempat, no: 3, kegiatan: Menyiapkan, pelaksana: protokol, waktu: 2 jam, next: laksana}
  - {id: laksana, no: 4, kegiatan: Melaksanakan, pelaksana: kabag}
"""
ID = "rapat-1"


@pytest.fixture
def forked(office: "Office") -> "Office":
    (office.root / "sops" / "rapat.yaml").write_text(FORM, encoding="utf-8")
    office.ok("start", "rapat", "--subject", "Rapat kerja")
    office.ok("approve", ID)
    return office


def test_a_command_that_may_mean_several_rows_names_them_and_ends_with_three(forked: "Office") -> None:
    for command in (("approve", ID), ("begin", ID), ("decide", ID, "ya"), ("reject", ID, "--note", "x")):
        error = forked.refused(3, *command)
        assert error["code"] == "several_rows"
        assert "--step undangan atau --step tempat" in error["message"]
    assert forked.refused(3, "approve", ID, "--as", "kabag")["code"] == "not_your_turn"
    assert forked.refused(3, "approve", ID, "--step", "laksana")["code"] == "elsewhere"


def test_the_row_is_named_or_is_the_one_of_the_pelaksana(forked: "Office") -> None:
    forked.ok("begin", ID, "--step", "tempat")
    forked.ok("set", ID, "--subject", "Rapat koordinasi", "--step", "undangan")
    forked.ok("assign", ID, "kabag", "Ani", "--step", "undangan")
    assert forked.json("approve", ID, "--as", "protokol")["step"] == "undangan"
    assert forked.json("decide", ID, "ya")["step"] == "laksana"


def test_every_turn_stands_in_json_and_what_is_said_of_the_step_is_of_the_first(forked: "Office") -> None:
    for found in (forked.json("status", ID), forked.json("why", ID)):
        turns = [(one["step"], one["no"], one["turn"]) for one in found["turns"]]
        assert turns == [("undangan", 2, ["staf"]), ("tempat", 3, ["protokol"])]
        assert (found["step"], found["no"], found["due"]) == ("undangan", 2, found["turns"][0]["due"])
    assert forked.json("start", "rapat")["turns"][0]["turn"] == ["kabag"]
    assert {(one["step"], one["pelaksana"]) for one in forked.json("inbox") if one["id"] == ID} == {
        ("undangan", "staf"), ("tempat", "protokol"),
    }  # fmt: skip
    forked.ok("cancel", ID, "--note", "tidak jadi")
    assert forked.json("status", ID)["turns"] == []


def test_people_read_of_every_row(forked: "Office") -> None:
    for words in (("status", ID), ("why", ID)):
        told = forked.ok(*words)
        assert "Staf" in told
        assert "Protokol" in told
        assert re.findall(r"--step (\w+)", told) == ["undangan", "undangan", "tempat"]
    assert "1 perintah: -> undangan dan tempat" in forked.ok("show", "rapat")
