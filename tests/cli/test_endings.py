"""How commands end where something is damaged or nobody hears them: the exit code and the last word tell the truth."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import run_here

if TYPE_CHECKING:
    from tests.cli.conftest import Office

POSIX = pytest.mark.skipif(os.name == "nt", reason="said in a Unix shell's words")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")


@pytest.fixture
def harmed(office: "Office") -> "Office":
    """An office whose only case cannot be read."""
    office.ok("start", "sk-tim", "--subject", "Tim Kerja")
    path = office.root / "data/instances/sk-tim/0000/sk-tim-1.json"
    path.write_text(path.read_text()[:-40])
    return office


LOOKS = [
    pytest.param(["inbox"], "tidak ada yang menunggu", id="inbox"),
    pytest.param(["status"], "belum ada berkas", id="status"),
    pytest.param(["report"], "belum ada langkah", id="report"),
    pytest.param(["report", "--propose"], "belum ada langkah", id="propose"),
]


@pytest.mark.parametrize(("words", "nothing"), LOOKS)
def test_a_look_at_damaged_cases_is_no_good_news(harmed: "Office", words: list[str], nothing: str) -> None:
    result = harmed.type(*words)
    assert result.exit_code == 6
    assert "rusak atau terpotong" in result.stderr
    said = " ".join(result.stdout.split())
    assert f"Dari berkas yang dapat dibaca {nothing}" in said
    assert "1 berkas tidak dapat dibaca." in said
    value = harmed.type(*words, "--json")
    assert value.exit_code == 6
    json.loads(value.stdout)


@pytest.mark.parametrize(("words", "nothing"), LOOKS)
def test_a_look_at_what_can_be_read_ends_well(office: "Office", words: list[str], nothing: str) -> None:
    assert f"{nothing.capitalize()}" in " ".join(office.ok(*words).split())


@pytest.mark.parametrize("kind", ["html", "xlsx", "docx", "xes"])
def test_a_report_without_the_damaged_cases_says_so(harmed: "Office", kind: str) -> None:
    harmed.ok("start", "sk-tim")
    result = harmed.type("report", f"--{kind}", f"laporan.{kind}")
    assert result.exit_code == 6
    assert "rusak atau terpotong" in result.stderr
    assert (harmed.root / f"laporan.{kind}").is_file()


def test_a_case_whose_sop_version_is_lost_names_itself_and_the_remedy(office: "Office") -> None:
    office.ok("start", "sk-tim")
    next((office.root / "data" / "sops").iterdir()).unlink()
    message = office.refused(6, "status", "sk-tim-1")["message"]
    for words in ("sk-tim-1", "data/sops/", "cadangan", "sopctl verify"):
        assert words in message


@pytest.fixture
def kantor(workspace: Path) -> Path:
    """An office with two cases that can be approved."""
    for _ in range(2):
        run_here(workspace, "start", "sk-tim")
    return workspace


def sopctl(kantor: Path, *words: str, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sopctl.cli", *words]
    return subprocess.run(command, cwd=kantor, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)


def steps(kantor: Path) -> list[str]:
    return [row["step"] for row in run_here(kantor, "status")]


@FULL
@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["text", "json"])
def test_cases_are_moved_though_nobody_hears_of_the_first(kantor: Path, as_json: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = sopctl(kantor, "approve", "sk-tim-1", "sk-tim-9", "sk-tim-2", *as_json, stdout=full.fileno())
    assert done.returncode == 4
    assert steps(kantor) == ["teruskan", "teruskan"]
    assert "sk-tim-9: Tidak ada berkas" in done.stderr
    last = done.stderr.splitlines()[-1]
    assert "Sudah tercatat: sk-tim-1, sk-tim-2." in last
    assert "Pesan tentang sk-tim-9 ada di atas." in last


@POSIX
def test_cases_are_moved_though_the_reader_went_away(kantor: Path) -> None:
    shell = f"({sys.executable} -m sopctl.cli approve sk-tim-1 sk-tim-2; echo ended with $? >&2) | true"
    done = subprocess.run(shell, shell=True, cwd=kantor, capture_output=True, text=True, check=True)  # noqa: S602 — a pipe is the point
    assert steps(kantor) == ["teruskan", "teruskan"]
    assert "ended with 0" in done.stderr
    assert "Sudah tercatat: sk-tim-1, sk-tim-2." in done.stderr


@POSIX
def test_a_current_folder_that_is_gone_is_told(kantor: Path, tmp_path: Path) -> None:
    shell = f"mkdir {tmp_path}/x; cd {tmp_path}/x; rmdir {tmp_path}/x; {sys.executable} -m sopctl.cli inbox"
    env = {**os.environ, "PYTHONPATH": str(Path.cwd())}

    def typed(more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(shell + more, shell=True, capture_output=True, text=True, check=False, env=env)  # noqa: S602 — a shell can do it

    done = typed("")
    assert (done.returncode, "sudah tidak ada" in done.stderr) == (4, True)
    assert typed(f" --workspace {kantor}").returncode == 0


@POSIX
def test_too_little_memory_is_one_sentence(kantor: Path) -> None:
    told = []
    for kilobytes in range(20_000, 60_000, 4_000):
        shell = f"ulimit -v {kilobytes}; {sys.executable} -m sopctl.cli report"
        done = subprocess.run(shell, shell=True, cwd=kantor, capture_output=True, text=True, check=False)  # noqa: S602 — a shell limits it
        assert "Traceback" not in done.stderr or "sopctl" not in done.stderr, done.stderr  # Python itself was starting
        told.append("Memori komputer tidak cukup" in done.stderr)
    assert any(told) or sys.platform != "linux"


@pytest.mark.parametrize("columns", ["1000000000", "9" * 5000, "²", "0", "-5", "lebar"])
def test_no_width_of_the_environment_is_too_much(
    office: "Office", monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    office.ok("start", "sk-tim")
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("LINES", columns)
    for words in ("list", "show bimtek", "inbox", "status", "status sk-tim-1", "why sk-tim-1", "report"):
        assert max(len(line) for line in office.ok(*words.split()).splitlines()) <= 1000
