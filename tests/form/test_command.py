"""`sopctl form` and `show --flow` as a user types them: what is printed, what is written, what is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sopctl.cli.app import program

Type = Callable[..., Result]


@pytest.fixture
def type_(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Types a command in the workspace."""
    monkeypatch.chdir(workspace)
    monkeypatch.delenv("SOPCTL_WORKSPACE", raising=False)
    app, runner = program(["form", "show"]), CliRunner()
    return lambda *words: runner.invoke(app, list(words), catch_exceptions=False)


def test_the_form_is_written_beside_with_its_drawings(type_: Type, workspace: Path) -> None:
    told = json.loads(type_("form", "penugasan", "--svg", "--cover", "--numbered", "--json").stdout)
    assert told == {"sop": "penugasan", "pages": 1, "files": ["penugasan.docx", "penugasan-1.svg"]}
    assert (workspace / "penugasan.docx").read_bytes().startswith(b"PK")
    assert (workspace / "penugasan-1.svg").read_text().startswith("<svg ")


def test_the_form_goes_where_it_is_told(type_: Type, workspace: Path) -> None:
    result = type_("form", "sk-tim", "-o", "cetak/SOP SK.docx")
    assert result.exit_code == 0
    assert "SOP SK.docx" in result.stdout
    assert (workspace / "cetak" / "SOP SK.docx").is_file()


def test_the_same_form_is_the_same_file(type_: Type, workspace: Path) -> None:
    type_("form", "bimtek")
    first = (workspace / "bimtek.docx").read_bytes()
    type_("form", "bimtek")
    assert (workspace / "bimtek.docx").read_bytes() == first


def test_a_pdf_lies_beside(type_: Type, workspace: Path, needs: Callable[[str], str]) -> None:
    needs("soffice")
    told = json.loads(type_("form", "penugasan", "--pdf", "--json").stdout)
    assert told["files"] == ["penugasan.docx", "penugasan.pdf"]
    assert (workspace / "penugasan.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(("option", "begins"), [("--mermaid", "flowchart TD"), ("--dot", "digraph")])
def test_other_tools_get_text_and_no_file(type_: Type, workspace: Path, option: str, begins: str) -> None:
    before = sorted(workspace.iterdir())
    assert type_("form", "sk-tim", option).stdout.startswith(begins)
    told = json.loads(type_("form", "sk-tim", option, "--json").stdout)
    assert told[option.removeprefix("--")].startswith(begins)
    assert sorted(workspace.iterdir()) == before


def test_bpmn_is_written_to_the_file_that_is_named_and_nothing_else(type_: Type, workspace: Path) -> None:
    before = {*workspace.iterdir()}
    assert type_("form", "sk-tim", "--bpmn", "sk.bpmn").stdout == "Ditulis: sk.bpmn\n"
    told = json.loads(type_("form", "sk-tim", "--bpmn", "sk.bpmn", "--json").stdout)
    assert told == {"files": {"bpmn": str(workspace / "sk.bpmn")}}
    assert {*workspace.iterdir()} - before == {workspace / "sk.bpmn"}
    assert (workspace / "sk.bpmn").read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(("sk-tim", "--bpmn", "x.pdf"), 2, "x.bpmn", id="no-bpmn-file"),
        pytest.param(("sk-tim", "--bpmn", "sops/x.bpmn"), 2, "ruang kerja", id="bpmn-among-the-sops"),
        pytest.param(("sk-tim", "--bpmn", "x.bpmn", "--pdf"), 2, "tanpa pilihan lain", id="bpmn-and-file"),
        pytest.param(("sk-tim", "-o", "x.pdf"), 2, "x.docx", id="no-word-file"),
        pytest.param(("sk-tim", "--dot", "--mermaid"), 2, "salah satu", id="two-languages"),
        pytest.param(("sk-tim", "--dot", "--pdf"), 2, "tanpa pilihan lain", id="text-and-file"),
        pytest.param(("sk-tm",), 4, "sk-tim", id="no-such-sop"),
    ],
)
def test_what_cannot_be_is_refused(type_: Type, words: tuple[str, ...], code: int, said: str) -> None:
    result = type_("form", *words)
    assert result.exit_code == code
    assert said in result.stderr


def test_a_logo_that_is_not_there_is_refused(type_: Type, workspace: Path) -> None:
    office = workspace / "sopctl.yaml"
    office.write_text(office.read_text().replace("instansi:", "instansi:\n  logo: lambang.png", 1))
    result = type_("form", "sk-tim")
    assert result.exit_code == 5
    assert "instansi.logo" in result.stderr
    assert not (workspace / "sk-tim.docx").exists()


def test_show_draws_the_flow(type_: Type) -> None:
    drawn = type_("show", "penugasan", "--flow").stdout
    assert drawn.startswith("Penugasan Kegiatan Bidang 3\n")
    assert "( 1 )" in drawn
    assert "[ 2 ]" in drawn
