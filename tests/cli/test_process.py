"""sopctl as a process: what it loads, how it ends when it is interrupted or its reader goes away."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import run_here

READERS = ("lxml", "numpy", "openpyxl", "pdfplumber", "pypdfium2")
PAGE = ("flask", "werkzeug", "waitress", "argon2", "sqlite3")
HEAVY = ("rich", "docx", "docxtpl", "jinja2", "holidays", "yaml", "num2words", "psycopg", *READERS, *PAGE)


def loaded(program: str, *args: str, cwd: Path | None = None) -> set[str]:
    """Which heavy modules a program has loaded at its end."""
    code = f"import sys\nsys.argv[1:] = {list(args)!r}\ntry:\n    {program}\nexcept SystemExit: pass\n"
    code += "print(*sorted(m for m in sys.modules if '.' not in m), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=cwd)
    return {*done.stderr.splitlines()[-1].split()} & {*HEAVY}


@pytest.fixture
def kantor(workspace: Path) -> Path:
    run_here(workspace, "start", "sk-tim")
    return workspace


def sopctl(kantor: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sopctl.cli", *words], cwd=kantor, capture_output=True, text=True, check=False
    )


def events(kantor: Path) -> int:
    """How many events the case has."""
    return len(run_here(kantor, "status", "sk-tim-1")["events"])


def test_the_command_line_loads_nothing_heavy() -> None:
    assert loaded("import sopctl.cli.app") == set()
    assert loaded("from sopctl.cli.app import main; main()", "--help") == set()


def test_looking_loads_nothing_heavy_once_the_cache_is_warm(kantor: Path) -> None:
    sopctl(kantor, "inbox", "--json")
    assert loaded("from sopctl.cli.app import main; main()", "inbox", "--json", cwd=kantor) == set()
    assert loaded("from sopctl.cli.app import main; main()", "status", "sk-tim-1", "--json", cwd=kantor) == set()


def test_no_other_command_loads_what_only_the_page_needs(kantor: Path) -> None:
    run = "from sopctl.cli.app import main; main()"
    for words in (("serve", "--help"), ("approve", "sk-tim-1"), ("verify",), ("doctor",)):
        assert loaded(run, *words, cwd=kantor).isdisjoint(PAGE), words


def test_reading_forms_loads_their_libraries_in_its_own_process_only(kantor: Path) -> None:
    form = Path(__file__).parents[1] / "importing/forms/dev-07.pdf"
    run = "from sopctl.cli.app import main; main()"
    assert loaded(run, "import", str(form), cwd=kantor).isdisjoint(READERS)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_ctrl_c_in_mid_command_leaves_the_case_before_or_after(kantor: Path) -> None:
    for delay in (0.05, 0.15, 0.25, 0.35, 0.45):
        before = events(kantor)
        process = subprocess.Popen(
            [sys.executable, "-m", "sopctl.cli", "note", "sk-tim-1", "Catatan"],
            cwd=kantor,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
        starting = process.returncode == 1 and "site-packages" not in errors and "sopctl" not in errors
        assert process.returncode in {0, 130, -signal.SIGINT} or starting, errors  # Python itself was starting
        assert events(kantor) in {before, before + 1}
        assert process.returncode != 0 or events(kantor) == before + 1
        assert process.returncode != 130 or "Traceback" not in errors
        assert "tidak ada yang tercatat" not in errors or events(kantor) == before
        assert "Yang sudah tercatat" not in errors or events(kantor) == before + 1
    assert sopctl(kantor, "verify").returncode == 0


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")


@FULL
@pytest.mark.parametrize("json", [[], ["--json"]], ids=["text", "json"])
def test_a_move_whose_words_cannot_be_printed_is_done_all_the_same(kantor: Path, json: list[str]) -> None:
    before = events(kantor)
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "sopctl.cli", "approve", "sk-tim-1", *json]
        done = subprocess.run(command, cwd=kantor, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, events(kantor)) == (0, before + 1)
    assert "Sudah tercatat, tetapi hasilnya tidak dapat ditampilkan" in done.stderr


@FULL
def test_a_look_whose_words_cannot_be_printed_says_so(kantor: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "sopctl.cli", "status"]
        done = subprocess.run(command, cwd=kantor, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "Sistem menolak" in done.stderr


def test_a_move_whose_reader_went_away_is_done_all_the_same(kantor: Path) -> None:
    shell = f"({sys.executable} -m sopctl.cli approve sk-tim-1; echo ended with $? >&2) | true"
    before = events(kantor)
    done = subprocess.run(shell, shell=True, cwd=kantor, capture_output=True, text=True, check=True)  # noqa: S602 — a pipe is the point
    assert events(kantor) == before + 1
    assert "ended with 0" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="closing a stream is said in a shell's words")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_takes_nothing_and_hinders_nothing(kantor: Path, closed: str) -> None:
    before = events(kantor)
    shell = f"{sys.executable} -m sopctl.cli approve sk-tim-1 {closed}"
    done = subprocess.run(shell, shell=True, cwd=kantor, capture_output=True, text=True, check=True)  # noqa: S602 — a shell is the point
    assert "Traceback" not in done.stderr
    assert events(kantor) == before + 1
    assert sopctl(kantor, "verify").returncode == 0


def test_a_reader_that_goes_away_is_no_traceback(kantor: Path) -> None:
    shell = f"{sys.executable} -m sopctl.cli show bimtek | head -1"
    done = subprocess.run(shell, shell=True, cwd=kantor, capture_output=True, text=True, check=True)  # noqa: S602 — a pipe is the point
    assert "Traceback" not in done.stderr


def test_a_terminal_without_the_letters_gets_marks_instead_of_an_error(kantor: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sopctl.cli", "show", "bimtek"],
        cwd=kantor,
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert b"Kegiatan" in done.stdout
