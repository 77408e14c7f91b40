"""What an SOP says never runs in the shell of whoever works with it: not on Tab, not in a command that is suggested."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Office

PROGRAM = Path(sys.executable).with_name("sopctl")

SOP = r"""
id: uji
nama: Uji
pelaksana: {petugas: Petugas}
fields:
  sifat: {label: Sifat, type: choice, choices: [biasa, "$(touch PWNED)"], required: true, step: pilih}
steps:
  - id: pilih
    kegiatan: Memilih
    pelaksana: petugas
    kelengkapan: [{nama: "`touch PWNED`", evidence: true}, {nama: Surat masuk, evidence: true}]
    waktu: 5 menit
    branches: {"\\$(touch PWNED)": putus, "`touch PWNED`": end, "ya (baru)": putus, "x;touch PWNED": end}
  - id: putus
    kegiatan: Memutuskan
    pelaksana: petugas
    waktu: 5 menit
    branches: {"$(touch PWNED)": end, kembali: pilih}
"""

EVIL = ("$(", "`touch")


@pytest.fixture
def kantor(office: "Office") -> "Office":
    (office.root / "sops" / "uji.yaml").write_text(SOP, encoding="utf-8")
    office.ok("start", "uji")
    return office


def suggested(text: str) -> list[str]:
    """The lines that hold a command or an option to copy."""
    return [line for line in text.splitlines() if "sopctl " in line or "--" in line]


def test_no_suggested_command_holds_what_a_shell_acts_on(kantor: "Office") -> None:
    (kantor.root / "bukti").write_text("x")
    said = [kantor.ok("start", "uji"), kantor.ok("why", "uji-1")]
    why = kantor.json("why", "uji-1")
    said += why["commands"]
    said.append(kantor.type("decide", "uji-1", "ya (baru)").stderr.partition("Tambahkan")[2])
    said.append(kantor.type("decide", "uji-1", "ya (baru)", "--set", "sifat=biasa").stderr.partition("Tambahkan")[2])
    evidence = ("--attach", "`touch PWNED`=bukti", "--attach", "Surat masuk=bukti")
    moved = kantor.ok("decide", "uji-1", "ya (baru)", "--set", "sifat=biasa", *evidence)
    said += [moved, kantor.ok("why", "uji-1")]
    lines = [line for text in said for line in suggested(text)]
    assert len(lines) > 8
    assert [line for line in lines if any(evil in line for evil in EVIL)] == []
    assert 'sopctl decide uji-1 "ya (baru)" --step pilih --set sifat="PILIHAN" --attach KELENGKAPAN=BERKAS' not in lines
    options = '--step pilih --set sifat=PILIHAN --attach KELENGKAPAN=BERKAS --attach "Surat masuk=BERKAS"'
    assert f'sopctl decide uji-1 "ya (baru)" {options}' in why["commands"]
    assert "sopctl decide uji-1 LABEL --step pilih" in said[0] + " ".join(why["commands"])
    assert any(note.startswith("Ketik sendiri LABEL: ") for note in why["notes"])
    assert "cabang ke-1: sopctl approve uji-1 --step putus" in moved
    assert 'kembali: sopctl reject uji-1 --step putus --note "…"' in moved


@pytest.mark.skipif(not PROGRAM.exists(), reason="sopctl is not installed as a program")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_tab_key_offers_nothing_that_a_shell_acts_on(kantor: "Office", shell: str) -> None:
    words = {"_SOPCTL_COMPLETE": f"complete_{shell}", "COMP_WORDS": "sopctl decide uji-1 ", "COMP_CWORD": "3"}
    words |= {"_TYPER_COMPLETE_ARGS": "sopctl decide uji-1 ", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    done = subprocess.run(
        [PROGRAM], cwd=kantor.root, env={**os.environ, **words}, capture_output=True, text=True, check=False
    )
    assert "ya (baru)" in done.stdout
    assert "PWNED" not in done.stdout


@pytest.mark.skipif(not PROGRAM.exists(), reason="sopctl is not installed as a program")
def test_the_tab_key_looks_in_the_workspace_that_is_named(kantor: "Office", tmp_path: Path) -> None:
    words = f"sopctl decide --workspace {kantor.root} uji-1 "
    asked = {"_SOPCTL_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "5"}
    done = subprocess.run(
        [PROGRAM], cwd=tmp_path, env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("ya (baru)\n", "")


@pytest.mark.skipif(not PROGRAM.exists(), reason="sopctl is not installed as a program")
def test_bash_completes_a_label_and_runs_nothing(kantor: "Office", needs: "Callable[[str], str]") -> None:
    script = f"""
    export PATH="{PROGRAM.parent}:$PATH"
    source <(sopctl --show-completion bash)
    COMP_WORDS=(sopctl decide uji-1 ""); COMP_CWORD=3
    _sopctl_completion sopctl
    printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run([needs("bash"), "-c", script], cwd=kantor.root, capture_output=True, text=True, check=True)
    assert done.stdout == "ya (baru)\n"
    assert not list(kantor.root.glob("PWNED*"))


@pytest.mark.skipif(not PROGRAM.exists(), reason="sopctl is not installed as a program")
def test_zsh_evaluates_an_answer_that_runs_nothing(kantor: "Office", needs: "Callable[[str], str]") -> None:
    script = f"""
    export PATH="{PROGRAM.parent}:$PATH"
    compdef() {{ }}
    _arguments() {{ print -r -- "$@" }}
    eval "$(sopctl --show-completion zsh)"
    words=(sopctl decide uji-1 ""); CURRENT=4
    _sopctl_completion
    """
    command = [needs("zsh"), "-f", "-c", script]
    done = subprocess.run(command, cwd=kantor.root, capture_output=True, text=True, check=True)
    assert "ya (baru)" in done.stdout
    assert not list(kantor.root.glob("PWNED*"))
