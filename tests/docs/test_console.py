"""Whoever copies the commands of README and of the office's guide, line by line, sees each of them succeed.

The commands of a page run in one shell, from the first to the last, in a copy of what a clone has. `python3 -m venv`,
`pip` and `pipx` are stand-ins that take nothing from the network: they check that what is to be installed is there, and
put the sopctl under test where the real ones would. CI runs README's first command with the real ones.
"""

import os
import re
import shutil
import sys
from pathlib import Path
from subprocess import run

import pytest

ROOT = Path(__file__).parents[2]
GUIDES = ["docs/panduan.md", "docs/templat.md", "docs/impor.md", "docs/simulasi.md"]
RUN, NOT_RUN = "sh", {"powershell", "yaml", "text"}

PIP = """#!/bin/sh
for word; do
    case $word in
    install | -q | -e) ;;
    .) test -e pyproject.toml || exit 1 ;;
    .\\[*\\]) grep -q "^$(echo "$word" | tr -d '.[]') = \\[" pyproject.toml || exit 1 ;;
    *) echo "not installed here: $word" >&2; exit 1 ;;
    esac
done
"""
PYTHON = """#!/bin/sh
[ "$1 $2" = "-m venv" ] || exec {python} "$@"
mkdir -p "$3/bin"
cp "{stands_in}/pip" "$3/bin/pip"
ln -sf {bin}/sopctl {bin}/pytest "$3/bin/"
echo 'PATH="'"$PWD/$3/bin"':$PATH"' >"$3/bin/activate"
"""


def blocks(page: str) -> list[tuple[str, str]]:
    """The code blocks of a page: their language and their text."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        (language, code)
        for _, language, code in re.findall(r"^( *)```(\w*)\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    ]


def script(page: str) -> str:
    """The commands of a page, each announced before it runs; the shell stops at the first that fails.

    The suite itself is only asked for its list of tests, and for those of one folder: it is running already.
    """
    commands = [line for language, code in blocks(page) if language == RUN for line in code.splitlines() if line]
    told = [f"echo {_quoted('$ ' + line)}\n{line.replace('pytest -n auto', 'pytest --version')}" for line in commands]
    return "\n".join(["set -e", *told])


def _quoted(line: str) -> str:
    return "'" + line.replace("'", "'\\''") + "'"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with what a clone has, as far as an office needs it."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for name in ("pyproject.toml", "sopctl.yaml"):
        shutil.copy(ROOT / name, folder)
    for name in ("sops", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture
def stands_in(tmp_path: Path) -> Path:
    """A folder for PATH with the stand-ins and the sopctl under test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    own = Path(sys.executable).parent
    python = PYTHON.format(python=sys.executable, stands_in=folder, bin=own)
    for name, text in {"pip": PIP, "pipx": PIP, "python3": python}.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    (folder / "sopctl").symlink_to(own / "sopctl")
    return folder


def copied(page: str, clone: Path, stands_in: Path) -> str:
    """What the commands of the page print when they are copied into a terminal of 80 columns; all must succeed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SOPCTL_")}
    environment |= {"PATH": f"{stands_in}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "80"}
    done = run(["bash", "-c", script(page)], cwd=clone, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout[-1500:], done.stderr[-1500:])
    assert "Traceback" not in done.stderr
    return done.stdout


def test_every_command_of_readme_succeeds_when_copied(clone: Path, stands_in: Path) -> None:
    printed = copied("README.md", clone, stands_in)
    (number,) = re.findall(
        r"register of outgoing letters: (\S+)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert number in printed.partition("$ sopctl agenda")[2]


@pytest.mark.parametrize("page", GUIDES)
def test_every_command_of_the_guide_succeeds_when_copied(page: str, clone: Path, stands_in: Path) -> None:
    copied(page, clone, stands_in)


@pytest.mark.parametrize("page", ["README.md", *GUIDES])
def test_no_block_escapes_for_want_of_a_language(page: str) -> None:
    assert {language for language, _ in blocks(page)} <= {RUN, *NOT_RUN}
