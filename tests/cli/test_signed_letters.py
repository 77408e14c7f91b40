"""`attach --signed`: the PDF of a letter that was signed elsewhere."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import DoneOnce, Office


def sign(office: "Office") -> None:
    office.ok("start", "sk-tim", "--subject", "Tim")
    for sets in ((), (), ("--set", "tugas=Menyusun", "--set", "anggota=Orang"), (), ()):
        office.ok("approve", "sk-tim-1", *sets)
    Path("kembali.pdf").write_bytes(b"%PDF-1.4\n%%EOF")


@pytest.fixture
def signed(done_once: "DoneOnce") -> "Office":
    """An office with a signed Surat Tugas, and a scan of it."""
    return done_once(sign)


def test_docs_names_what_came_back_as_the_file_to_hand_over_and_copies_it(signed: "Office") -> None:
    said = " ".join(signed.ok("attach", "sk-tim-1", "--signed", "kembali.pdf", "--document", "surat-tugas").split())
    assert "PDF ini tanpa tanda tangan elektronik; dicatat sebagai pindaian." in said
    listed = signed.ok("docs", "sk-tim-1", "--document", "surat-tugas").splitlines()
    marked = [line for line in listed if "(berlaku; serahkan file ini)" in line]
    assert [line.partition("; PDF ")[2] for line in marked] == ["tanpa tanda tangan elektronik"]
    (copied,) = signed.json("docs", "sk-tim-1", "--document", "surat-tugas", "--pdf")["pdf"]
    assert Path(copied).read_bytes() == b"%PDF-1.4\n%%EOF"
    assert "menerima kembali surat-tugas" in " ".join(signed.ok("status", "sk-tim-1").split())
    assert "sopctl tidak memeriksa sah tidaknya" in signed.ok("verify", "kembali.pdf")


def test_which_letter_is_asked_for_where_several_are_signed(signed: "Office") -> None:
    error = signed.refused(2, "attach", "sk-tim-1", "--signed", "kembali.pdf")
    assert "disposisi, surat-tugas" in error["message"]
    assert "--document surat-tugas" in error["message"]


def test_at_a_terminal_the_letter_is_chosen_from_those_that_are_signed(signed: "Office") -> None:
    from tests.cli.terminals import answer, begin_command, finish  # noqa: PLC0415 — Windows has no such terminal

    child = begin_command(signed.root, "attach", "sk-tim-1", "--signed", "kembali.pdf")
    child.expect_exact("2 surat-tugas")
    answer(child, ("Surat yang mana", "2"))
    child.expect_exact("menerima surat bertanda tangan")
    assert finish(child) == 0


@pytest.mark.parametrize("words", [("SK", "kembali.pdf", "--signed", "kembali.pdf"), ("--document", "surat-tugas")])
def test_a_signed_letter_is_no_kelengkapan(signed: "Office", words: tuple[str, ...]) -> None:
    assert "--signed FILE.pdf" in signed.refused(2, "attach", "sk-tim-1", *words)["message"]
