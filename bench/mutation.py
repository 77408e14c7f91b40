"""Mutation testing: code broken on purpose, room by room, each against the room's own tests in one process.

    python -m bench.mutation [--room engine]… [--sample 400] [--seed 1] [--keep FOLDER]

mutmut makes the mutants, of what stands in functions, and forks a process for each. They are drawn by chance, of all
that change more than the letters of a sentence: how a message is worded is not what these tests are about. A copy of
the project is broken, never the project itself. The exit code is 1 where less than nine in ten of a room are killed.
"""

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

ROOT = Path(__file__).parents[1]
ENOUGH = 0.9
UNNOTICED = {0, 5, 33}
"""mutmut's exit codes of mutants that no test noticed, or that it knows no test of."""


class Room(Struct, frozen=True):
    """Code to break, and the tests that must notice."""

    code: tuple[str, ...]
    tests: tuple[str, ...]


_COMMIT_PATH = ("journal", "prepared", "lock", "ledger_file", "json_transaction")
_COMMIT_TESTS = ("journal", "leftovers", "transaction", "files", "ledger")
ROOMS = {
    "engine": Room(("sopctl/engine",), ("tests/engine",)),
    "worktime": Room(("sopctl/worktime",), ("tests/worktime",)),
    "sop": Room(("sopctl/sop",), ("tests/sop",)),
    "store": Room(
        (
            "sopctl/store/disk.py",
            "sopctl/store/transaction.py",
            *(f"sopctl/store/files/{name}.py" for name in _COMMIT_PATH),
        ),
        ("tests/store/contract", *(f"tests/store/test_{name}.py" for name in _COMMIT_TESTS)),
    ),
}

_CONFIGURATION = """
[tool.mutmut]
source_paths = {code}
also_copy = ["sopctl", "sops", "templates", "sopctl.yaml", "tests", "bench"]
pytest_add_cli_args_test_selection = {tests}
"""


def copied(folder: Path, room: Room) -> None:
    """The project in another folder, set up for mutmut."""
    for name in ("sopctl", "sops", "templates", "tests", "bench"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "sopctl.yaml", folder)
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    configuration = _CONFIGURATION.format(code=json.dumps(room.code), tests=json.dumps(room.tests))
    (folder / "pyproject.toml").write_text(text + configuration, encoding="utf-8")


def mutmut(folder: Path, *mutants: str) -> subprocess.CompletedProcess[str]:
    """Make the mutants that are not there yet, and run these."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *mutants]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def noticed_alone(folder: Path, room: str, mutant: str) -> bool:
    """Whether the tests notice a mutant in a process of their own: what was made before a fork was made unbroken."""
    environment = os.environ | {"MUTANT_UNDER_TEST": mutant, "PYTHONPATH": "."}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *ROOMS[room].tests]
    return bool(
        subprocess.run(command, cwd=folder / "mutants", env=environment, capture_output=True, check=False).returncode
    )


def exit_codes(folder: Path) -> dict[str, int | None]:
    """How each mutant that was made ended; None where it was not run."""
    found: dict[str, int | None] = {}
    for path in sorted((folder / "mutants").rglob("*.meta")):
        found |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def worth_running(folder: Path) -> list[str]:
    """The mutants that change more than the letters of a sentence."""
    return [name for path in sorted((folder / "mutants" / "sopctl").rglob("*.py")) for name in _of_file(folder, path)]


def _of_file(folder: Path, path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    module = path.relative_to(folder / "mutants").with_suffix("").as_posix().replace("/", ".")
    for name, function in functions.items():
        base, mark, number = name.rpartition("__mutmut_")
        if mark and number.isdecimal() and _said(function) != _said(functions[f"{base}__mutmut_orig"]):
            yield f"{module}.{name}"


def _said(function: ast.FunctionDef) -> str:
    """The code of a function without its name and without its sentences."""
    plain = ast.parse(ast.unparse(function)).body[0]
    for node in ast.walk(plain):
        if isinstance(node, ast.JoinedStr):
            node.values = [part for part in node.values if not isinstance(part, ast.Constant)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            node.value = " "
        elif isinstance(node, ast.FunctionDef):
            node.name = ""
    return ast.dump(plain)


def tried(name: str, folder: Path, sample: int, seed: int) -> bool:
    """Break one room; whether enough was noticed."""
    copied(folder, ROOMS[name])
    mutmut(folder, "none.such")  # makes them all, and runs none
    mutants = worth_running(folder)
    drawn = sorted(random.Random(seed).sample(mutants, min(sample, len(mutants))))  # noqa: S311 — a sample, no secret
    if not drawn:
        raise SystemExit(f"mutmut made no mutants of {name}")
    ended = mutmut(folder, *drawn)
    codes = exit_codes(folder)
    if any(codes[one] is None for one in drawn):
        raise SystemExit(f"mutmut stopped early: {ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    left = [one for one in drawn if codes[one] in UNNOTICED and not noticed_alone(folder, name, one)]
    for one in left:
        print(f"  survived: {one}", flush=True)
    killed = len(drawn) - len(left)
    print(f"{name:<9} {killed} of {len(drawn)} killed ({killed / len(drawn):.1%}); {len(mutants)} in all, seed {seed}")
    return killed >= ENOUGH * len(drawn)


def main() -> int:
    """Run and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--room", action="append", choices=ROOMS)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the broken copies, to look at with `mutmut show`")
    given = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        done = [tried(name, folder / name, given.sample, given.seed) for name in given.room or ROOMS]
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
