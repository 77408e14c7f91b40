"""README's table names the commands as `sopctl --help` shows them, the guide of the page its options and buttons."""

import re
from inspect import signature
from pathlib import Path

from sopctl.cli.app import COMMAND_GROUPS
from sopctl.cli.serve_command import serve

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_has_the_commands_in_the_groups_of_the_help() -> None:
    found: dict[str, list[str]] = {}
    group = ""
    for row in re.findall(r"^\| (.*) \|$", README.partition("| group |")[2].partition("\n\n")[0], re.MULTILINE):
        heading, commands, _ = re.split(r" ?(?<!\\)\| ", row, maxsplit=2)
        group = heading or group
        found.setdefault(group, []).extend(re.findall(r"`([a-z]+)", commands))
    assert found == {heading: list(commands) for heading, commands in COMMAND_GROUPS.items()}


def test_the_guide_of_the_page_names_every_option_of_serve() -> None:
    guide = (ROOT / "docs/halaman.md").read_text(encoding="utf-8")
    rows = guide.partition("| pilihan `serve` |")[2].partition("\n\n")[0]
    named = {option for row in rows.splitlines()[2:] for option in re.findall(r"`--([a-z-]+)`", row.split(" | ")[0])}
    assert named == {name.replace("_", "-") for name in signature(serve).parameters} - {"workspace", "json"}


def test_the_guide_of_the_page_calls_buttons_as_the_page_does() -> None:
    guide = (ROOT / "docs/halaman.md").read_text(encoding="utf-8").partition("## Menyiapkan")[0]
    named = {" ".join(words.rstrip(".").split()) for words in re.findall(r"\*\*(.+?)\*\*", guide, re.DOTALL)}
    files = [path for path in sorted((ROOT / "sopctl/web").rglob("*")) if path.suffix in {".html", ".py"}]
    page = "".join(path.read_text(encoding="utf-8") for path in files)
    shown = page + re.sub(r"{[{%].*?[%}]}", "", page)
    assert len(named) > 25
    assert sorted(words for words in named if words not in shown) == []
