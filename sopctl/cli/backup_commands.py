"""The commands for a second copy of an office: `backup` writes it, `restore` makes an office of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopctl.cli import finding_messages, output, progress
from sopctl.cli.invocation import invocation
from sopctl.cli.session import clock, opened
from sopctl.engine.moments import format_moment

if TYPE_CHECKING:
    from sopctl.audit.backup import WrittenBackup
    from sopctl.audit.restore import RestoredBackup

BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="File cadangan, misalnya kantor-2026-11-27.zip.")]
TargetFolder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder baru, atau ruang kerja tanpa catatan.")]
Damaged = Annotated[
    bool, typer.Option("--damaged", help="Pulihkan juga bila catatan di dalamnya tidak utuh; temuannya disebut.")
]


def backup(file: BackupFile) -> int:
    """Cadangkan kantor ke satu file zip, selagi yang lain bekerja.

    Isinya sopctl.yaml, sops, templates dan seluruh catatan di data pada satu saat. File lain di ruang kerja tidak ikut.
    """
    from sopctl.audit.backup import write_backup

    session = opened()
    invocation.note_folders(file)
    with progress.reading() as on_progress:
        made = write_backup(session.record, file, on_progress)

    def say(made: "WrittenBackup") -> None:
        finding_messages.say_findings(made.findings, ())
        output.say(
            f"{made.path}: {made.cases} berkas, {made.files} file; keadaan {format_moment(made.at)}.\n"
            f"{_anchored(made.anchor)}Sesudah ditulis, cadangan ini dibaca kembali dan cocok."
        )
        if made.findings:
            output.say(
                f"Catatannya sendiri tidak utuh ({len(made.findings)} temuan di atas): simpan cadangan yang lama."
            )

    return finding_messages.show_audit(made, say)


def restore(file: BackupFile, folder: TargetFolder, damaged: Damaged = False) -> int:
    """Pulihkan kantor dari cadangannya ke folder baru. Ruang kerja tanpa catatan mendapat catatannya saja."""
    from sopctl.audit.restore import restore_backup
    from sopctl.desk.session import account

    made = restore_backup(file, folder, clock, account(), damaged=damaged)

    def say(made: "RestoredBackup") -> None:
        finding_messages.say_findings(made.findings, made.notices)
        what = "Catatan dipulihkan ke" if made.only_data else "Ruang kerja dipulihkan di"
        output.say(
            f"{what} {made.workspace}: {made.cases} berkas; keadaan {format_moment(made.at)}.\n{_anchored(made.anchor)}"
            + finding_messages.conclusion(made.findings, made.notices)
        )

    return finding_messages.show_audit(made, say)


def _anchored(anchor: str) -> str:
    return f"Sidik catatannya: {anchor}\n" if anchor else ""
