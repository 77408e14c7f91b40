"""`docs --open` opens the newest Word file that still counts; `--pdf` makes the one that is asked for."""

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import DoneOnce, Office

SOPCTL = str(Path(sys.executable).with_name("sopctl"))
Opened = Callable[..., str]


@pytest.fixture
def opened(office: "Office", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """What `docs` with these options opens, by a viewer that only notes its name, and what is told beside."""
    viewer, seen = tmp_path / "bin" / "xdg-open", tmp_path / "seen.txt"
    viewer.parent.mkdir()
    viewer.write_text(f'#!/bin/sh\necho "$1" > {seen}\n', encoding="utf-8")
    viewer.chmod(viewer.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(viewer.parent), prepend=":")

    def named(*options: str) -> str:
        seen.unlink(missing_ok=True)
        done = subprocess.run(
            [SOPCTL, "docs", "sk-tim-1", "--open", *options],
            cwd=office.root,
            capture_output=True,
            text=True,
            check=True,
        )
        while not (seen.exists() and seen.read_text(encoding="utf-8")):  # the viewer is not waited for
            time.sleep(0.05)
        return Path(seen.read_text(encoding="utf-8").strip()).name + "".join(done.stderr.splitlines())

    return named


def draft(office: "Office") -> None:
    office.ok("start", "sk-tim", "--subject", "Uji")
    for sets in ((), (), ("--set", "tugas=Menyusun", "--set", "anggota=Orang")):
        office.ok("approve", "sk-tim-1", *sets)


@pytest.fixture
def office(done_once: "DoneOnce") -> "Office":
    """A case whose letter has been drafted."""
    return done_once(draft)


def test_what_was_written_last_is_opened_as_long_as_it_counts(office: "Office", opened: Opened) -> None:
    assert opened() == "03 surat-tugas konsep.docx"
    office.ok("approve", "sk-tim-1")
    assert opened() == "04 surat-tugas diparaf.docx"
    office.ok("withdraw", "sk-tim-1", "--note", "keliru")
    assert opened() == "03 surat-tugas konsep.docx"
    office.ok("reject", "sk-tim-1", "--note", "belum sesuai")
    assert opened("--document", "disposisi") == "01 disposisi ditandatangani.docx"
    assert opened() != "03 surat-tugas konsep.docx"


def test_a_number_that_was_withdrawn_makes_a_letter_void(office: "Office", opened: Opened) -> None:
    office.ok("approve", "sk-tim-1")
    office.ok("approve", "sk-tim-1", "--with-gaps")
    signed = opened("--document", "surat-tugas")
    assert "ditandatangani" in signed
    office.ok("agenda", "withdraw", office.json("agenda")[0]["nomor"], "--note", "batal")
    assert opened("--document", "surat-tugas") != signed


def test_of_a_cancelled_case_the_last_one_is_opened_and_told_to_be_void(office: "Office", opened: Opened) -> None:
    office.ok("cancel", "sk-tim-1", "--note", "batal")
    assert opened().startswith("03 surat-tugas konsep.docxTidak ada yang masih berlaku")
    assert office.json("docs", "sk-tim-1")["newest"] is None


def test_one_letter_is_made_a_pdf_and_opened(office: "Office", opened: Opened, needs: Callable[[str], str]) -> None:
    needs("soffice")
    assert opened("--pdf") == "03 surat-tugas konsep.pdf"
    assert office.json("docs", "sk-tim-1", "--pdf", "--document", "disposisi")["pdf"] == [
        "pdf/sk-tim-1/01 disposisi ditandatangani.pdf"
    ]


@pytest.mark.parametrize("viewer", ["#!/bin/sh\necho no method available for opening >&2; exit 3\n", ""])
def test_without_a_viewer_the_file_is_named_in_indonesian(office: "Office", tmp_path: Path, viewer: str) -> None:
    (tmp_path / "bin").mkdir()
    if viewer:
        (tmp_path / "bin" / "xdg-open").write_text(viewer, encoding="utf-8")
        (tmp_path / "bin" / "xdg-open").chmod(0o755)
    done = subprocess.run(
        [SOPCTL, "docs", "sk-tim-1", "--open"],
        cwd=office.root,
        env={**os.environ, "PATH": f"{tmp_path / 'bin'}:/bin" if viewer else str(tmp_path / "bin")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.startswith("Tidak ada program yang dapat membuka dokumen di komputer ini. Bukalah sendiri: /")
    assert done.stderr.endswith("/03 surat-tugas konsep.docx\n")


def test_letters_are_copied_as_they_were_recorded(office: "Office") -> None:
    papers = {path.name: path for path in (office.root / "data" / "documents").rglob("*.docx")}
    folder = office.root / "salinan"
    folder.mkdir()
    there, *_ = sorted(papers)
    (folder / there).write_bytes(b"lama")
    (folder / there).chmod(0o604)
    said = office.ok("docs", "sk-tim-1", "-o", "salinan").splitlines()
    assert said == [f"salinan/{name}" for name in sorted(papers)]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        name: path.read_bytes() for name, path in papers.items()
    }
    assert stat.S_IMODE((folder / there).stat().st_mode) == 0o604
    assert office.json("docs", "sk-tim-1", "-o", "satu", "--document", "surat-tugas")["files"] == [
        "satu/03 surat-tugas konsep.docx"
    ]
    papers[there].write_bytes(b"diubah")
    refused = office.refused(6, "docs", "sk-tim-1", "-o", "dua")
    assert there in refused["message"]
    assert {path.name for path in (office.root / "dua").iterdir()} == papers.keys() - {there}
    assert office.refused(2, "docs", "sk-tim-1", "-o", "data")["code"] == "output"


def test_a_letter_that_is_not_there_is_told(office: "Office") -> None:
    assert office.refused(4, "docs", "sk-tim-1", "--document", "laporan")["code"] == "document"
