"""The program `sopctl`: its commands in the order in which an office meets them."""

import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated

import typer

from sopctl.cli.group import Command, Group

_COMMANDS = {
    "start": "moving",
    "approve": "moving",
    "reject": "moving",
    "decide": "moving",
    "report": "reporting",
    "inbox": "waiting",
    "why": "waiting",
    "status": "looking",
    "docs": "looking",
    "list": "sops",
    "show": "sops",
    "form": "form",
    "check": "sops",
    "begin": "moving",
    "set": "moving",
    "attach": "moving",
    "note": "moving",
    "assign": "moving",
    "withdraw": "moving",
    "suspend": "moving",
    "resume": "moving",
    "cancel": "moving",
    "agenda": "agenda",
    "template": "template",
    "verify": "verifying",
    "doctor": "record",
    "anchor": "record",
    "bundle": "record",
    "migrate": "record",
    "init": "sops",
    "schema": "sops",
}
"""The commands in the order of the help, and the module of this room where each stands."""


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
        module = import_module(f"sopctl.cli.{_COMMANDS[name]}")
        command = getattr(module, name, None) or getattr(module, f"{name}_")
        app.command(name, cls=Command, options_metavar="[PILIHAN]")(command)
    return app


def root(version: Version = False) -> None:
    """Every command stands for itself; nothing is shared before one is chosen."""


def full() -> typer.Typer:
    """The whole command line."""
    return program(_COMMANDS)


def main() -> None:
    """Run the program; of its commands only the one that is called is built, for starting quickly is a feature."""
    called = sys.argv[1] if sys.argv[1:] else ""
    (program([called]) if called in _COMMANDS else full())()
