"""The page of the architecture names rooms and modules that are there, and the order of imports that is held."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ROOT / "sopctl"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_every_path_on_the_page_is_there() -> None:
    named = set(re.findall(r"`([\w./]+/[\w./]*|\w+\.py)`", PAGE))
    assert len(named) > 30
    assert sorted(path for path in named if not (CODE / path).exists() and not (ROOT / path).exists()) == []


def test_every_room_stands_in_the_table() -> None:
    rooms = {path.parent.name for path in CODE.glob("*/__init__.py")}
    table = PAGE.partition("## The rooms")[2].partition("\n\nImports")[0]
    assert rooms == set(re.findall(r"`(\w+)/`", "\n".join(row.split(" | ")[0] for row in table.splitlines())))


def test_the_order_of_imports_is_the_one_that_is_held() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    told = PAGE.partition("holds it:")[2].partition(".\n")[0]
    assert [sorted(re.findall(r"\w+", part)) for part in told.split("→")] == [
        sorted(re.findall(r"sopctl\.(\w+)", layer)) for layer in layers
    ]


def test_only_what_concerns_folders_opens_paths_of_the_record() -> None:
    """Everything else asks the store, so that it works on a record in a database too."""
    names = "data|instances|documents|attachments|versions|offices|agenda|ledger|lock"
    opens = re.compile(rf"workspace\.({names})\b|store\.files")
    others = (path for path in CODE.rglob("*.py") if not path.is_relative_to(CODE / "store"))
    found = {path.relative_to(CODE).as_posix() for path in others if opens.search(path.read_text(encoding="utf-8"))}
    assert found == {"audit/folders.py", "audit/interrupted_changes.py", "audit/restore.py"}
