"""What users read is Indonesian, every command has help, and README names them all."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer

from sopctl.cli.app import COMMAND_GROUPS, full
from sopctl.cli.app import COMMANDS as NAMES

if TYPE_CHECKING:
    from tests.cli.conftest import Office

ENGLISH = re.compile(r"\b(Usage|Options|Commands|Arguments|required|default|Show|exit|the|this|and|is)\b")
COMMANDS = typer.main.get_command(full()).commands  # type: ignore[attr-defined]  # a group has commands


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_a_command_is_complete_and_indonesian(office: "Office", name: str) -> None:
    page = office.ok(name, "--help")
    assert page.startswith("Pemakaian: ")
    assert not ENGLISH.findall(re.sub(r"--[a-z-]+|\[[^\]]*\]", "", page))
    assert all(param.help for param in COMMANDS[name].params)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_prints_json_and_stands_in_the_readme(name: str) -> None:
    assert name == "schema" or "json" in {param.name for param in COMMANDS[name].params}
    assert re.search(rf"\bsopctl {name}\b|`{name}\b", Path("README.md").read_text())


def test_the_first_page_names_all_commands(office: "Office") -> None:
    page = office.ok("--help")
    assert all(re.search(rf"^  {name}\s", page, re.MULTILINE) for name in NAMES)
    assert not ENGLISH.findall(re.sub(r"--[a-z-]+", "", page))


def test_the_first_page_fits_a_narrow_terminal_and_cuts_nothing_off(
    office: "Office", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    page = office.ok("--help")
    headings = [line.removesuffix(":") for line in page.splitlines() if re.fullmatch(r"[A-Z][\w-]*:", line)]
    assert headings == ["Pilihan", *COMMAND_GROUPS]
    assert "..." not in page.split("Sehari-hari:")[1]
    assert max(map(len, page.splitlines())) <= 80
    entries = [line for line in page.splitlines() if re.match(r"  [a-z]+ +[A-Z]", line)]
    assert len(entries) == len(NAMES)
    assert all(line.endswith(".") for line in entries), "one line a command"


def test_completion_is_installed_in_indonesian(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sopctl.cli", "--install-completion", "bash"],
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(tmp_path), "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
        check=True,
    )
    assert done.stdout.startswith("Pelengkap otomatis untuk bash dipasang di ")
    assert "Buka terminal baru" in done.stdout
    assert not ENGLISH.findall(done.stdout)


def test_what_users_typed_is_printed_as_typed(office: "Office") -> None:
    office.ok("start", "penugasan", "--subject", "[red]Rapat[/red] :smile: {{ 7*7 }} =SUM(A1)")
    for words in (["inbox"], ["status", "penugasan-1"]):
        assert "[red]Rapat" in office.ok(*words)
    assert "{{ 7*7 }}" in office.ok("status", "penugasan-1")
    office.ok("approve", "penugasan-1")


@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_tables_fit_the_terminal(office: "Office", monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setenv("TERM", "dumb")
    office.ok("start", "mekanisme-pelaporan")
    office.ok("approve", "mekanisme-pelaporan-1")
    for words in (["list"], ["show", "bimtek"], ["inbox"], ["report"], ["agenda"]):
        assert max(len(line) for line in office.ok(*words).splitlines()) <= int(width)
