"""What a commit must pass is said three times, for three callers, and is the same each time: CI, make, pre-commit."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from bench.mutation import ROOMS

ROOT = Path(__file__).parents[2]
CHECKS = ["ruff check", "ruff format --check", "mypy", "lint-imports"]


def test_pre_commit_runs_what_ci_runs() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [hook["entry"] for repo in config["repos"] for hook in repo["hooks"]] == CHECKS


@pytest.mark.parametrize("caller", [".ci/run", "Makefile"])
def test_ci_and_make_run_the_same_checks(caller: str) -> None:
    lines = (line.strip() for line in (ROOT / caller).read_text(encoding="utf-8").splitlines())
    assert [line.removesuffix(" .") for line in lines if re.match(r"(ruff|mypy|lint-imports)\b", line)] == CHECKS


@pytest.mark.parametrize("word", ["check", "test", "bench"])
def test_contributing_says_what_make_does(word: str) -> None:
    assert re.search(rf"^{word}:.* ## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert f"`make {word}`" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_mutation_breaks_what_is_there() -> None:
    named = {path for room in ROOMS.values() for path in (*room.code, *room.tests)}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_no_two_classes_have_one_name() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "sopctl").rglob("*.py")]
    names = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert [name for name, count in names.items() if count > 1] == []
