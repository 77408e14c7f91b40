"""Files that a user asks for by name: never in the place of what the office works with, closed like the record."""

import os
import shutil
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import DoneOnce, Office

KEPT = ("sopctl.yaml", "sops/sk-tim.yaml", "templates/surat-tugas.docx", "data/ledger.jsonl")

COMMANDS = [
    pytest.param(["anchor", "--out"], "", id="anchor"),
    pytest.param(["bundle", "sk-tim-1", "--out"], ".zip", id="bundle"),
    *(pytest.param(["form", "sk-tim", option], ".docx", id=option) for option in ("--out", "-o", "--output")),
    pytest.param(["agenda", "--docx"], ".docx", id="agenda"),
    pytest.param(["template", "preview", "kop", "-o"], ".docx", id="preview"),
    pytest.param(["report", "--xlsx"], ".xlsx", id="xlsx"),
    pytest.param(["report", "--html"], ".html", id="html"),
    pytest.param(["report", "--docx"], ".docx", id="monitoring"),
    pytest.param(["report", "--xes"], ".xes", id="xes"),
    pytest.param(["report", "--jsonl"], ".jsonl", id="jsonl"),
    pytest.param(["inbox", "--ics"], ".ics", id="ics"),
]

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions elsewhere")


def begin(office: "Office") -> None:
    office.ok("start", "sk-tim", "--subject", "Tim Kerja")
    office.ok("approve", "sk-tim-1")


@pytest.fixture
def kantor(done_once: "DoneOnce") -> "Office":
    """An office with a case whose first document is written."""
    return done_once(begin)


def kept(office: "Office") -> dict[str, bytes]:
    """What no output may touch."""
    folders = ("sops", "templates", "data/instances", "data/documents", "data/ledger.jsonl", "sopctl.yaml")
    return {
        path.relative_to(office.root).as_posix(): path.read_bytes()
        for name in folders
        for path in ((office.root / name).rglob("*") if (office.root / name).is_dir() else (office.root / name,))
        if path.is_file()
    }


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(("words", "ending"), COMMANDS)
@pytest.mark.parametrize("folder", ["data", "data/documents/baru", "sops", "templates"])
def test_no_output_lies_where_the_office_keeps_its_own(
    kantor: "Office", words: list[str], ending: str, folder: str
) -> None:
    before = kept(kantor)
    error = kantor.refused(2, *words, f"{folder}/hasil{ending}")
    assert error["code"] == "output"
    assert "folder lain" in error["message"]
    assert kept(kantor) == before
    assert not (kantor.root / folder / f"hasil{ending}").exists()


@pytest.mark.parametrize(("words", "ending"), COMMANDS)
@pytest.mark.parametrize("name", ["", ".", "folder{}", "pipa{}"], ids=["no-name", "here", "a-folder", "a-pipe"])
def test_what_is_no_plain_file_is_no_output(kantor: "Office", words: list[str], ending: str, name: str) -> None:
    path = name.format(ending)
    if name.startswith("folder"):
        (kantor.root / path).mkdir()
    if name.startswith("pipa"):
        os.mkfifo(kantor.root / path)
    assert kantor.refused(2, *words, path)["code"] == "output"


@pytest.mark.parametrize(("words", "ending"), COMMANDS)
@pytest.mark.parametrize("path", KEPT)
def test_no_output_replaces_a_file_of_the_office(kantor: "Office", words: list[str], ending: str, path: str) -> None:
    before = kept(kantor)
    assert kantor.refused(2, *words, path)["code"] == "output"
    (kantor.root / f"tautan{ending}").symlink_to(kantor.root / path)
    assert kantor.refused(2, *words, f"tautan{ending}")["code"] == "output"
    assert kept(kantor) == before


def test_another_workspace_is_left_alone_too(kantor: "Office", tmp_path: Path) -> None:
    kantor.ok("init", str(tmp_path / "lain"))
    assert "folder lain" in kantor.refused(2, "anchor", "--out", "../lain/data/ledger.txt")["message"]
    kantor.ok("anchor", "--out", "../lain/jangkar.txt")


def test_a_folder_under_another_name_is_the_same_folder(kantor: "Office", tmp_path: Path) -> None:
    shutil.move(kantor.root / "data", tmp_path / "arsip")
    (kantor.root / "data").symlink_to(tmp_path / "arsip")
    assert kantor.refused(2, "anchor", "--out", str(tmp_path / "arsip" / "x.txt"))["code"] == "output"


def test_the_default_name_is_none_below_the_templates(kantor: "Office", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(kantor.root / "templates")
    assert "-o" in kantor.refused(2, "form", "sk-tim")["message"]
    assert "--out" in kantor.refused(2, "docs", "sk-tim-1", "--pdf")["message"]


def test_drawings_beside_a_form_are_outputs_too(kantor: "Office") -> None:
    (kantor.root / "sk-tim-1.svg").mkdir()
    assert "folder" in kantor.refused(2, "form", "sk-tim", "--svg")["message"]
    assert not (kantor.root / "sk-tim.docx").exists()


@pytest.mark.parametrize(
    ("words", "name"),
    [
        pytest.param(["anchor", "--out"], "surat.docx", id="anchor"),
        pytest.param(["bundle", "sk-tim-1", "--out"], "bundel", id="bundle"),
        pytest.param(["agenda", "--docx"], "buku.pdf", id="agenda"),
        pytest.param(["template", "preview", "kop", "--out"], "kop.pdf", id="preview"),
        pytest.param(["report", "--html"], "laporan.htm", id="html"),
    ],
)
def test_a_name_with_another_ending_is_refused_with_one_that_fits(
    kantor: "Office", words: list[str], name: str
) -> None:
    (kantor.root / name).write_text("milik kantor")
    message = kantor.refused(2, *words, name)["message"]
    assert "harus berakhir dengan" in message
    assert f"misalnya {Path(name).stem}." in message
    assert (kantor.root / name).read_text() == "milik kantor"


@pytest.mark.parametrize("name", ["jangkar.txt", "jangkar"])
def test_a_file_of_ones_own_is_replaced(kantor: "Office", name: str) -> None:
    (kantor.root / name).write_text("yang lama")
    kantor.ok("anchor", "--out", name)
    assert (kantor.root / name).read_text().startswith("sopctl ")


@POSIX
def test_what_the_record_says_is_closed_to_others_outside_too(kantor: "Office") -> None:
    kantor.ok("bundle", "sk-tim-1", "--out", "b.zip")
    kantor.ok("agenda", "--docx", "buku.docx")
    kantor.ok("report", "--html", "l.html", "--xes", "l.xes")
    assert {mode(kantor.root / name) for name in ("b.zip", "buku.docx", "l.html", "l.xes")} == {0o600}
    (kantor.root / "l.html").chmod(0o644)
    kantor.ok("report", "--html", "l.html")
    assert mode(kantor.root / "l.html") == 0o644


@POSIX
def test_an_office_that_shares_lets_its_group_read_what_is_written(kantor: "Office") -> None:
    with (kantor.root / "sopctl.yaml").open("a", encoding="utf-8") as file:
        file.write("\nrecord: {share: group}\n")
    kantor.ok("bundle", "sk-tim-1", "--out", "b.zip")
    assert mode(kantor.root / "b.zip") & 0o447 == 0o440


@POSIX
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_a_pdf_is_closed_to_others_and_what_a_killed_process_left_is_swept(kantor: "Office") -> None:
    folder = kantor.root / "pdf" / "sk-tim-1"
    (folder / ".sopctl-pdf-lama" / "profile").mkdir(parents=True)
    (folder / ".sopctl-pdf-baru").mkdir()
    long_ago = time.time() - 7200
    os.utime(folder / ".sopctl-pdf-lama", (long_ago, long_ago))
    made = kantor.json("docs", "sk-tim-1", "--pdf")["pdf"]
    assert {mode(kantor.root / path) for path in made} == {0o600}
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == [".sopctl-pdf-baru"]


@pytest.mark.parametrize(("words", "ending"), COMMANDS)
def test_a_folder_that_is_made_for_a_file_is_told(kantor: "Office", words: list[str], ending: str) -> None:
    told = "Folder hasil belum ada, jadi dibuat."
    assert told in kantor.type(*words, f"hasil/berkas{ending}").stderr
    assert told not in kantor.type(*words, f"hasil/berkas{ending}").stderr


def test_a_folder_that_was_not_made_is_not_told(kantor: "Office") -> None:
    assert "dibuat" not in kantor.type("report", "--html", "hasil/laporan.docx").output
