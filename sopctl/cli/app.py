"""The program `sopctl`: its commands in the order in which an office meets them."""

import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated

import typer

from sopctl.cli.group import Command, Group

COMMAND_GROUPS = {
    "Sehari-hari": {
        "start": "moving",
        "approve": "moving",
        "reject": "moving",
        "decide": "moving",
        "report": "reporting",
        "begin": "moving",
        "set": "moving",
        "attach": "moving",
        "note": "moving",
        "assign": "moving",
        "withdraw": "moving",
        "suspend": "moving",
        "resume": "moving",
        "cancel": "moving",
    },
    "Melihat": {"inbox": "waiting", "why": "waiting", "status": "looking"},
    "SOP": {"list": "sops", "show": "sops", "form": "form", "check": "sops", "migrate": "record", "schema": "sops"},
    "Naskah": {"docs": "looking", "agenda": "agenda", "template": "template"},
    "Keandalan": {"verify": "verifying", "doctor": "record", "anchor": "record", "bundle": "record"},
    "Kantor": {"init": "sops"},
}
"""The commands in the order of the help, by the heading under which they stand, with the module of each."""

COMMANDS = {name: module for group in COMMAND_GROUPS.values() for name, module in group.items()}


def _say_version(asked: bool) -> None:  # noqa: FBT001 — typer calls it with the flag
    """Print the version and leave."""
    if asked:
        from importlib.metadata import version

        typer.echo(f"sopctl {version('sopctl')}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Tampilkan versi sopctl.")
]


def program(names: Iterable[str]) -> typer.Typer:
    """The command line with these commands."""
    app = typer.Typer(
        name="sopctl",
        cls=Group,
        help="Menjalankan SOP kantor: membuka berkas, meneruskannya dari meja ke meja, menulis suratnya, "
        "dan melaporkan waktunya.",
        epilog="Sehari-hari cukup tiga perintah: start, approve, report.",
        rich_markup_mode=None,
        no_args_is_help=True,
        options_metavar="[PILIHAN]",
        subcommand_metavar="PERINTAH [ARGUMEN]...",
        context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
    )
    app.callback()(root)
    for name in names:
        module = import_module(f"sopctl.cli.{COMMANDS[name]}")
        command = getattr(module, name, None) or getattr(module, f"{name}_")
        heading = next(heading for heading, group in COMMAND_GROUPS.items() if name in group)
        app.command(name, cls=Command, options_metavar="[PILIHAN]", rich_help_panel=heading)(command)
    return app


def root(version: Version = False) -> None:
    """Every command stands for itself; nothing is shared before one is chosen."""


def full() -> typer.Typer:
    """The whole command line."""
    return program(COMMANDS)


def main() -> None:
    """Run the program; of its commands only the one that is called is built, for starting quickly is a feature."""
    called = sys.argv[1] if sys.argv[1:] else ""
    (program([called]) if called in COMMANDS else full())()
