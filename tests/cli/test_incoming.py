"""`agenda masuk` off a terminal: what it prints, what it writes, what it refuses."""

import csv
from io import StringIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from docx import Document

if TYPE_CHECKING:
    from tests.cli.conftest import Office

NEW = ("agenda", "masuk", "add", "--from", "Bappeda", "--perihal", "Rapat")


def test_the_register_is_printed_to_every_kind_of_file(office: "Office") -> None:
    office.ok(*NEW, "--nomor", "005/1", "--dated", "2026-11-20", "--sifat", "Segera")
    office.ok(*NEW)
    office.ok("agenda", "masuk", "withdraw", "2", "--note", "dua kali")
    office.ok("start", "sk-tim", "--from-agenda", "1")
    words = office.ok("agenda", "masuk")
    assert "Bappeda" in words
    assert "sk-tim-1" in words
    assert "bunyi yang lama: sk-tim-1" in office.ok(
        "agenda", "masuk", "correct", "1", "--sifat", "Biasa", "--note", "x"
    )
    rows = list(csv.DictReader(StringIO(office.ok("agenda", "masuk", "list", "--csv"))))
    assert [(row["no. agenda"], row["nomor surat"], row["berkas"], row["keadaan"], row["catatan"]) for row in rows] == [
        ("1", "005/1", "sk-tim-1", "diperbaiki", "x"),
        ("2", "", "", "ditarik", "dua kali"),
    ]
    office.ok("agenda", "masuk", "--docx", str(office.root / "m.docx"), "--xlsx", str(office.root / "m.xlsx"))
    assert "Bappeda" in "".join(cell.text for cell in Document(str(office.root / "m.docx")).tables[-1]._cells)  # noqa: SLF001
    with ZipFile(office.root / "m.xlsx") as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    assert all(f">{text}<" in texts for text in ("No. agenda", "Bappeda", "005/1", "ditarik"))
    assert office.json("agenda", "masuk", "list", "--year", "2025") == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(2, ("agenda", "masuk", "hapus"), id="no-such-action"),
        pytest.param(2, ("agenda", "masuk", "add", "--perihal", "Rapat"), id="from-nobody"),
        pytest.param(2, ("agenda", "masuk", "correct"), id="no-number"),
        pytest.param(4, ("agenda", "masuk", "correct", "9", "--note", "x"), id="no-such-number"),
        pytest.param(4, (*NEW, "--scan", "tidak-ada.pdf"), id="no-such-scan"),
        pytest.param(3, (*NEW, "--urut", "7"), id="a-leap-without-a-reason"),
        pytest.param(2, ("agenda", "add", "--perihal", "Rapat", "--from", "Bappeda"), id="from-of-an-outgoing-letter"),
        pytest.param(2, (*NEW, "--kode", "000.1"), id="kode-of-an-incoming-letter"),
        pytest.param(3, (*NEW, "--urut", "-1"), id="a-number-below-the-first"),
        pytest.param(4, ("start", "sk-tim", "--from-agenda", "abc"), id="started-from-no-number"),
        pytest.param(2, ("start", "sk-tim", "--from-agenda", "1", "--each", "a.csv"), id="many-cases-of-one-letter"),
    ],
)
def test_what_cannot_be_is_told_and_leaves_nothing(office: "Office", code: int, words: tuple[str, ...]) -> None:
    office.refused(code, *words)
    assert office.json("agenda", "masuk") == []
