"""What leaves the program: JSON for any input, CSV that runs nothing, letters that nobody can hide behind."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.cli import output

if TYPE_CHECKING:
    from tests.cli.conftest import Office

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no words that are no text")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(["status", b"\xff"], 4, id="id"),
        pytest.param(["approve", "sk-tim-1", "--as", b"k\xff"], 4, id="pelaksana"),
        pytest.param(["verify", b"/tmp/\xff.docx"], 4, id="file"),
        pytest.param(["report", "--html", b"\xff.txt"], 2, id="output"),
        pytest.param(["decide", "sk-tim-1", b"\xff"], 3, id="label"),
    ],
)
def test_a_word_that_is_no_text_is_told_as_json(office: "Office", words: list[str | bytes], code: int) -> None:
    office.ok("start", "sk-tim")
    command = [sys.executable, "-m", "sopctl.cli", *words, "--json"]
    done = subprocess.run(command, cwd=office.root, capture_output=True, check=False)
    assert done.returncode == code, done.stderr.decode()
    assert json.loads(done.stdout)["error"]["message"]
    assert done.stderr == b""


@pytest.mark.parametrize("letter", ["\u200b", "\u200e", "\u2060", "\u2066", "\ufeff", "\u061c", "\u2028", "\x9b"])
def test_no_letter_that_nobody_sees_reaches_the_terminal(office: "Office", letter: str) -> None:
    assert output.plain(f"a{letter}b") == "a\ufffdb"
    if letter in "\x9b\u2028":  # no text that is kept
        return
    office.ok("start", "sk-tim", "--subject", f"Tim{letter}Kerja")
    assert letter not in office.ok("status", "sk-tim-1")
    printed = office.ok("status", "sk-tim-1", "--json")
    assert letter not in printed
    kept = "" if letter == "\ufeff" else letter  # a byte order mark is no part of a text
    assert json.loads(printed)["subject"] == f"Tim{kept}Kerja"


@pytest.mark.parametrize(
    "perihal",
    ["=1+1", "Undangan;=cmd|'/C calc'!A0", "Undangan; =1", "a\n+1", "a\t@x", "＝1", 'a;"=1', "-2+3", "a\n;\t=1"],
)
def test_no_cell_is_a_formula_for_any_spreadsheet(office: "Office", perihal: str) -> None:
    office.ok("agenda", "add", "--perihal", perihal, "--kode", "000.1.5")
    text = office.ok("agenda", "--csv")
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            assert [cell for cell in row if cell.strip(' "').startswith(SIGNS)] == []


def test_a_plain_text_stays_as_it_is(office: "Office") -> None:
    office.ok("agenda", "add", "--perihal", "Rapat 2024-2025; tindak lanjut a+b=c, surel x@y.id", "--kode", "000.1.5")
    assert "Rapat 2024-2025; tindak lanjut a+b=c, surel x@y.id" in office.ok("agenda", "--csv")


def test_the_register_cuts_nothing_on_a_narrow_screen(office: "Office", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    words = ["--tujuan", "Para Kepala Dinas se-Kalimantan", "--perihal", "Undangan rapat koordinasi"]
    office.ok("agenda", "add", *words, "--kode", "000.1.5", "--nomor", "7", "--note", "menyambung buku lama")
    printed = office.ok("agenda")
    for text in ("000.1.5/7/DISKOPUKM ", "Para", "Dinas", "koordinasi", "menyambung", "buku"):
        assert text in printed


@given(st.text(max_size=40))
def test_any_text_can_be_printed_as_json(text: str) -> None:
    json.loads(output._encoded({"message": text}))  # noqa: SLF001 — the smallest thing that shows it


def test_a_line_of_the_program_cannot_be_forged_by_an_sop(office: "Office") -> None:
    path = Path("sops/sk-tim.yaml")
    path.write_text(path.read_text().replace("nama: Pembuatan", 'nama: "Pembuatan\\nsk-tim-9 dibuka: PALSU"\n#', 1))
    assert not [line for line in office.ok("show", "sk-tim").splitlines() if line.startswith("sk-tim-9")]


@pytest.mark.parametrize(("no", "words"), [(4, "4. Mengirim"), ("4.", "4. Mengirim"), ("4a", "4a. Mengirim")])
def test_a_number_that_the_form_prints_with_its_dot_has_one(no: int | str, words: str) -> None:
    assert output.numbered(no, "Mengirim") == words
