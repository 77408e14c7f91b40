"""Commands are worded in `cli` alone: the rooms below say what is wrong and what helps, as data."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sopctl
from sopctl.cli import remedies
from sopctl.cli.app import COMMANDS

ROOT = Path(sopctl.__file__).parent
DOCUMENTS = {
    Path("audit/periksa.py"),
    Path("letters/template_guide.py"),
    Path("letters/context.py"),
}
"""Texts that are read on paper or beside the templates, by outsiders too: they may name commands."""
FOREIGN = {Path("importing/scan.py"), Path("word/pdf.py")}
"""Options of other programs."""

NAMES = "|".join(COMMANDS)
NAMED = re.compile(
    rf"sopctl (?:{NAMES})\b|(?<![\w-])--[a-z]|(?:gunakan|jalankan|ketik|dengan|lewat|dahulu) (?:{NAMES})\b",
    re.IGNORECASE,
)


def texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """The strings of a module that are no docstrings."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node


MODULES = [
    path.relative_to(ROOT)
    for path in sorted(ROOT.rglob("*.py"))
    if "cli" not in path.relative_to(ROOT).parts and path.relative_to(ROOT) not in DOCUMENTS | FOREIGN
]


@pytest.mark.parametrize("room", sorted({path.parts[0] for path in MODULES}))
def test_no_room_below_cli_names_a_command_or_an_option(room: str) -> None:
    named = [
        f"{path}:{text.lineno}: {text.value!r}"
        for path in MODULES
        if path.parts[0] == room
        for text in texts(ast.parse((ROOT / path).read_text()))
        if NAMED.search(str(text.value))
    ]
    assert named == []


def test_every_advice_has_its_sentence() -> None:
    given = {
        text.value
        for path in MODULES
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "advice"
        for text in ast.walk(word.value)
        if isinstance(text, ast.Constant) and text.value
    }
    assert given - remedies.ADVICE == set()
