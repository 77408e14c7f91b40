"""README's table names the commands as `sopctl --help` shows them, the guide of the page the options of `serve`."""

import re
from inspect import signature
from pathlib import Path

from sopctl.cli.app import COMMAND_GROUPS
from sopctl.cli.serve_command import serve

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_readme_has_the_commands_in_the_groups_of_the_help() -> None:
    found: dict[str, list[str]] = {}
    group = ""
    for row in re.findall(r"^\| (.*) \|$", README.partition("| group |")[2].partition("\n\n")[0], re.MULTILINE):
        heading, commands, _ = re.split(r" ?(?<!\\)\| ", row, maxsplit=2)
        group = heading or group
        found.setdefault(group, []).extend(re.findall(r"`([a-z]+)", commands))
    assert found == {heading: list(commands) for heading, commands in COMMAND_GROUPS.items()}


def test_the_guide_of_the_page_names_every_option_of_serve() -> None:
    guide = (Path(__file__).parents[2] / "docs/halaman.md").read_text(encoding="utf-8")
    rows = guide.partition("| pilihan `serve` |")[2].partition("\n\n")[0]
    named = {option for row in rows.splitlines()[2:] for option in re.findall(r"`--([a-z-]+)`", row.split(" | ")[0])}
    assert named == {name.replace("_", "-") for name in signature(serve).parameters} - {"workspace", "json"}
