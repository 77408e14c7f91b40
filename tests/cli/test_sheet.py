"""`inbox --html` and `--docx`: a sheet that says who is to do what, since when and until when."""

from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from docx import Document
from openxml_audit import OpenXmlValidator

if TYPE_CHECKING:
    from tests.cli.conftest import Office


@pytest.fixture
def office(office: "Office") -> "Office":
    office.ok("start", "sk-tim", "--subject", "Tim <b>&</b> {{ nelayan }}")
    office.ok("start", "pelaporan-bimtek", "--subject", "Bimtek A")
    office.ok("approve", "sk-tim-1")
    return office


def cells(office: "Office", name: str) -> list[list[str]]:
    (table,) = [one for one in Document(str(office.root / name)).tables if one.rows[0].cells[0].text == "No"]
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_word_sheet_has_a_row_for_each_turn(office: "Office") -> None:
    assert office.ok("inbox", "--docx", "tempel.docx").strip() == "Ditulis: tempel.docx"
    heading, *rows = cells(office, "tempel.docx")
    assert heading == ["No", "Giliran", "Berkas dan perihal", "Langkah", "Sejak", "Batas"]
    turns = office.json("inbox")
    assert [row[2].partition(" · ")[0] for row in rows] == [turn["id"] for turn in turns]
    assert {row[1] for row in rows} == {turn["jabatan"] for turn in turns}
    assert "sk-tim-1 · Tim <b>&</b> {{ nelayan }}" in [row[2] for row in rows]
    assert all("24-11-2026" in row[4] for row in rows)
    assert OpenXmlValidator().validate(office.root / "tempel.docx").errors == []


def test_one_pelaksana_gets_a_sheet_of_his_own_and_nothing_is_a_sheet_too(office: "Office") -> None:
    office.ok("inbox", "--as", "kabid", "--docx", "kabid.docx")
    (_, row) = cells(office, "kabid.docx")
    assert row[1] == "Kepala Bidang 3"
    for id in ("sk-tim-1", "pelaporan-bimtek-1"):
        office.ok("cancel", id, "--note", "batal")
    office.ok("inbox", "--docx", "kosong.docx")
    assert cells(office, "kosong.docx")[1][0] == "Tidak ada yang menunggu."


def test_the_page_says_the_same_and_loads_nothing(office: "Office") -> None:
    files = office.json("inbox", "--html", "gantung.html", "--docx", "tempel.docx")["files"]
    page = (office.root / "gantung.html").read_text(encoding="utf-8")
    assert files == {"html": str(office.root / "gantung.html"), "docx": str(office.root / "tempel.docx")}
    for words in ("Kepala Bidang 3", "Tim &lt;b&gt;&amp;&lt;/b&gt; {{ nelayan }}", "24-11-2026", "Bimtek A"):
        assert words in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")


def test_a_sheet_is_never_laid_among_the_office_s_own_files(office: "Office") -> None:
    assert "--docx" in office.refused(2, "inbox", "--docx", "templates/inbox.docx")["message"]
    assert office.refused(2, "inbox", "--html", "lembar.pdf")["code"] == "output"


def test_an_office_without_the_template_is_told_how_to_get_it(office: "Office") -> None:
    (office.root / "templates" / "inbox.docx").unlink()
    assert "sopctl template restore" in office.refused(5, "inbox", "--docx", "tempel.docx")["message"]
    office.ok("template", "restore")
    office.ok("inbox", "--docx", "tempel.docx")
    office.ok("template", "check")
    office.ok("template", "preview", "inbox")
    assert ZipFile(office.root / "tempel.docx").testzip() is None


def test_what_waits_is_a_calendar_too(office: "Office") -> None:
    assert office.ok("inbox", "--ics", "giliran.ics").strip() == "Ditulis: giliran.ics"
    text = (office.root / "giliran.ics").read_text(encoding="utf-8")
    assert text.startswith("BEGIN:VCALENDAR")
    assert text.count("BEGIN:VEVENT") == sum(turn["due"] is not None for turn in office.json("inbox")) == 2
    assert "Bimtek A" in text
