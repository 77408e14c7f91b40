"""The program `sopctl`: its commands in the order in which an office meets them."""

import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated

import typer

from sopctl.cli.command_group import Command, Group

COMMAND_GROUPS = {
    "Sehari-hari": {
        "start": "start_command",
        "approve": "move_commands",
        "reject": "move_commands",
        "decide": "move_commands",
        "skip": "move_commands",
        "report": "report_command",
        "begin": "case_commands",
        "set": "case_commands",
        "attach": "case_commands",
        "note": "case_commands",
        "assign": "case_commands",
        "withdraw": "case_commands",
        "suspend": "case_commands",
        "resume": "case_commands",
        "cancel": "case_commands",
    },
    "Melihat": {
        "inbox": "inbox_commands",
        "why": "inbox_commands",
        "status": "status_commands",
        "notify": "notify_command",
    },
    "SOP": {
        "list": "sop_commands",
        "show": "sop_commands",
        "form": "form_command",
        "simulate": "simulate_command",
        "new": "sop_commands",
        "import": "import_command",
        "check": "sop_commands",
        "migrate": "record_commands",
        "schema": "sop_commands",
    },
    "Naskah": {"docs": "status_commands", "agenda": "agenda_command", "template": "template_command"},
    "Keandalan": {
        "verify": "verify_command",
        "doctor": "record_commands",
        "anchor": "record_commands",
        "bundle": "record_commands",
        "backup": "backup_commands",
        "restore": "backup_commands",
    },
    "Kantor": {
        "init": "sop_commands",
        "account": "account_command",
        "record": "record_store_command",
        "serve": "serve_command",
    },
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
