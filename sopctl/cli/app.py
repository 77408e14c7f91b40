"""The program `sopctl`: its commands in the order in which an office meets them."""

import typer

from sopctl.cli import looking, moving, record, sops
from sopctl.cli.group import Command, Group

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

_COMMANDS = (
    moving.start,
    moving.approve,
    moving.reject,
    moving.decide,
    looking.report,
    looking.inbox,
    looking.status,
    looking.docs,
    sops.list_,
    sops.show,
    sops.check,
    moving.begin,
    moving.set_,
    moving.attach,
    moving.note,
    moving.assign,
    moving.withdraw,
    moving.suspend,
    moving.resume,
    moving.cancel,
    record.agenda,
    record.verify,
    record.doctor,
    sops.init,
    sops.schema,
)

for command in _COMMANDS:
    app.command(command.__name__.rstrip("_"), cls=Command, options_metavar="[PILIHAN]")(command)


@app.callback()
def root() -> None:
    """Every command stands for itself; nothing is shared before one is chosen."""


def main() -> None:
    """Run the program."""
    app()
