"""README's table names the commands in the groups and the order in which `sopctl --help` shows them."""

import re
from pathlib import Path

from sopctl.cli.app import COMMAND_GROUPS

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_readme_has_the_commands_in_the_groups_of_the_help() -> None:
    found: dict[str, list[str]] = {}
    group = ""
    for row in re.findall(r"^\| (.*) \|$", README.partition("| group |")[2].partition("\n\n")[0], re.MULTILINE):
        heading, commands, _ = re.split(r" ?(?<!\\)\| ", row, maxsplit=2)
        group = heading or group
        found.setdefault(group, []).extend(re.findall(r"`([a-z]+)", commands))
    assert found == {heading: list(commands) for heading, commands in COMMAND_GROUPS.items()}
