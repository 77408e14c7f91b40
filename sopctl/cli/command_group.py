"""The root of the command line: Indonesian help, and the one place where errors become exit codes."""

import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout, suppress
from io import StringIO
from itertools import groupby
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from sopctl.cli import output
from sopctl.cli.interruptions import is_interruption, is_out_of_memory
from sopctl.cli.invocation import invocation
from sopctl.errors import SopctlError, UsageError, because

UNEXPECTED = 1
USAGE = 2
INTERRUPTED = 130

_STOPPED = {
    None: "Dihentikan.",
    "nothing": "Dihentikan; tidak ada yang tercatat.",
    "perhaps": "Dihentikan selagi mencatat. Periksa dengan sopctl status apakah perintah ini sempat tercatat.",
    "yes": "Dihentikan. Yang sudah tercatat tetap tercatat; lihat sopctl status.",
}
"""What Ctrl-C came to, by what had been recorded then."""

_LONGEST_HELP = 200
"""Characters of a command's first sentence on the page of all commands: more than any has."""

HELP = {
    "Show this message and exit.": "Tampilkan bantuan ini.",
    "Install completion for the current shell.": "Pasang pelengkap otomatis (tombol Tab) untuk shell ini.",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "Tampilkan naskah pelengkap otomatis untuk shell ini."
    ),
}
"""The help of options that typer adds by itself."""

SHARED_OPTIONS = {
    "workspace": TyperOption(
        param_decls=["--workspace"], metavar="FOLDER", help="Folder kantor (yang berisi sopctl.yaml)."
    ),
    "json": TyperOption(
        param_decls=["--json"], is_flag=True, default=False, help="Cetak satu nilai JSON untuk program lain."
    ),
}
"""The options that all commands have."""

_OF_NO_OFFICE = {"init": ("json",), "restore": ("json",), "schema": ()}
"""Those of the commands that open no office; a schema is JSON in any case."""


class _Indonesian:
    """What a command and the group of them share: help in Indonesian."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 — typer's own type is not public
        """The parameters, those that typer adds in Indonesian too."""
        return _translated(super().get_params(ctx))  # type: ignore[misc]  # the mixin stands before a command

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 — as above
        """The help page."""
        from sopctl.cli import typer_translation

        return typer_translation.help_text(super().get_help(ctx))  # type: ignore[misc]  # as above


class Command(_Indonesian, TyperCommand):
    """A command with its help in Indonesian, and with the options that all share, which the invocation keeps."""

    def __init__(self, name: str | None, **rest: Any) -> None:  # noqa: ANN401 — as above
        super().__init__(name, **rest)
        self.params += [SHARED_OPTIONS[option] for option in _OF_NO_OFFICE.get(name or "", SHARED_OPTIONS)]

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 — as above
        """Run the command, which takes only the options of its own."""
        invocation.workspace = ctx.params.pop("workspace", None)
        invocation.json = ctx.params.pop("json", False)
        return super().invoke(ctx)


class Group(_Indonesian, TyperGroup):
    """All commands; whatever goes wrong in one becomes a sentence and an exit code here."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:  # noqa: ANN401 — typer's own
        """Run a command and leave with its exit code."""
        given = sys.argv[1:] if args is None else list(args)
        output.survive_any_terminal()
        invocation.begin(json="--json" in given)
        code = self._run(given, *rest, **{**extra, "standalone_mode": False})
        for sentence in invocation.kept_answers.values():
            output.complain(sentence)
        for folder in invocation.made_folders():
            output.complain(f"Folder {folder} belum ada, jadi dibuat.")
        sys.exit(code)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 — typer's own types are not public
        """Write the commands under the headings of their groups, no sentence cut off."""
        names = self.list_commands(ctx)
        width = max(map(len, names))
        for heading, members in groupby(names, key=lambda name: getattr(self.commands[name], "rich_help_panel", None)):
            with formatter.section(str(heading)):
                rows = [(one.ljust(width), self.commands[one].get_short_help_str(_LONGEST_HELP)) for one in members]
                formatter.write_dl(rows)

    def _run(self, args: list[str], *rest: Any, **extra: Any) -> int:  # noqa: ANN401 — typer's own
        try:
            return self._ended(args, *rest, **extra)
        except SopctlError as error:
            return _failed(error)
        except typer.TyperException as error:
            return _misused(error)
        except OSError as error:  # of a stream where it names no file
            return _unheard(error) if error.filename is None else _failed(output.trouble(error))
        except (MemoryError, ImportError) as error:
            if not is_out_of_memory(error):
                raise
            return _failed(output.trouble(MemoryError()))

    def _ended(self, args: list[str], *rest: Any, **extra: Any) -> int:  # noqa: ANN401 — typer's own
        """Run a command to its end, or to where somebody stopped it."""
        try:
            result = super().main(args, *rest, **extra)
            sys.stdout.flush()
        except SystemExit as stop:
            if stop.code != UNEXPECTED:
                raise
            return _unheard(None)  # so typer and rich leave where the reader of a pipe went away
        except (typer.Abort, KeyboardInterrupt):
            return _stopped()
        except RuntimeError as error:
            if not is_interruption(error):
                raise
            return _stopped()
        code = result if isinstance(result, int) else 0
        return _stopped() if code == INTERRUPTED else code


def _stopped() -> int:
    output.complain(f"\n{_STOPPED[invocation.recorded]}")
    return INTERRUPTED


def _failed(error: SopctlError) -> int:
    """Tell what went wrong; what was recorded before is done all the same."""
    if invocation.recorded == "yes":
        return _done_unheard(f" ({output.sentences(error)})")
    return _tell(output.failed(error), output.sentences(error), error.exit_code)


def _unheard(error: OSError | None) -> int:
    """What a command came to whose words nobody hears; without an error their reader just went away."""
    output.hush()
    if invocation.recorded == "yes":
        return _done_unheard()
    if error is not None:
        output.complain(f"Sistem menolak: {because(error)}.")
    return UNEXPECTED


def _done_unheard(why: str = "") -> int:
    """What was recorded is done, whatever became of the words: whoever is told otherwise does it twice."""
    output.complain(f"Sudah tercatat, tetapi hasilnya tidak dapat ditampilkan{why}; lihat sopctl status.")
    return 0


def _misused(error: typer.TyperException) -> int:
    """Tell what is off with the words of a command; without any words the help is the answer."""
    from sopctl.cli import typer_translation

    message = error.format_message()
    sentence = typer_translation.sentence(message)
    if "\n" in sentence:
        output.say(typer_translation.help_text(message))
        return USAGE
    return _tell({"error": {"code": "usage", "message": sentence}}, sentence, USAGE)


def _tell(facts: dict[str, object], sentences: str, code: int) -> int:
    return output.show(facts, lambda _: output.complain(sentences), code=code)


def _translated(params: list[Any]) -> list[Any]:
    for param in params:
        param.help = HELP.get(param.help or "", param.help)
        if param.name == "install_completion" and param.callback.__module__ != __name__:
            param.callback = _installing(param.callback)
    return params


def _installing(install: Callable[..., object]) -> Callable[..., object]:
    """Typer's installation of completion, telling in Indonesian where it went."""

    def installed(ctx: Any, param: Any, value: object) -> object:  # noqa: ANN401 — typer's own types are not public
        if not value or ctx.resilient_parsing:
            return value
        said = StringIO()
        with suppress(SystemExit, typer.Exit), redirect_stdout(said):
            install(ctx, param, value)
        shell, installed_in, path = said.getvalue().partition("\n")[0].partition(" completion installed in ")
        if not installed_in:
            raise UsageError("Shell ini tidak dikenal; pelengkap otomatis ada untuk bash, zsh, fish dan PowerShell.")
        output.say(f"Pelengkap otomatis untuk {shell.removeprefix('Shells.')} dipasang di {path}.")
        output.say("Buka terminal baru agar tombol Tab bekerja.")
        raise typer.Exit

    return installed
