"""PDF out of Word files: the one place that runs LibreOffice.

Its start costs seconds, so many files go through one process; each run has a profile of its own, because a LibreOffice
that is open on the desk would otherwise take the work and give nothing back. Threads of one process run it one after
the other: each run takes some 200 MB.
"""

import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from sopctl.errors import BusyError, NotFoundError, because

_PROGRAMS = ("soffice.com", "soffice.exe") if sys.platform == "win32" else ("soffice", "libreoffice")
_USUAL = (
    Path("C:/Program Files/LibreOffice/program/soffice.com"),
    Path("C:/Program Files (x86)/LibreOffice/program/soffice.com"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)
"""Where LibreOffice lies on computers whose PATH does not name it."""

_BATCH = 50
"""Files that one process is given: Windows takes 32,000 letters a command."""

_START, _EACH = 120, 30
"""Seconds that a process may take, and those that each file adds."""

WORK = ".sopctl-pdf-"
"""How the folder is called in which LibreOffice works, beside the PDFs."""

_STALE = 3600
"""Seconds after which such a folder was left by a process that was killed."""


_one_at_a_time = Lock()


def convert_to_pdf(files: Sequence[Path], folder: Path, *, mode: int | None = None) -> tuple[Path, ...]:
    """Write each Word file as a PDF of the same name into ``folder``; the PDFs in the order of the files.

    The names must differ. A PDF that lies there already is replaced, whole or not at all, and its permissions stay;
    ``mode`` are those of a new one, None those that LibreOffice gives.

    Raises:
        NotFoundError: where LibreOffice is not installed. BusyError: where it does not manage, or the disk refuses.
    """
    if len({file.stem for file in files}) < len(files):
        raise ValueError("two files would become the same PDF")
    program = _find_program() if files else ""
    batches = (files[start : start + _BATCH] for start in range(0, len(files), _BATCH))
    return tuple(pdf for batch in batches for pdf in _convert(program, batch, folder, mode))


def find_libreoffice() -> str | None:
    """The program that converts; None where it is not installed."""
    usual = (str(path) for path in _USUAL if path.is_absolute() and path.is_file())
    return next((path for path in chain(_on_path(), usual) if path), None)


def _find_program() -> str:
    program = find_libreoffice()
    if program is None:
        raise NotFoundError(
            "LibreOffice tidak terpasang, padahal PDF dibuat dengannya. Pasang dari https://www.libreoffice.org, "
            "atau buka dokumen Word-nya lalu simpan sebagai PDF.",
            code="libreoffice",
        )
    return program


def _on_path() -> Iterator[str | None]:
    """LibreOffice in the absolute folders of PATH.

    Never in the current folder, where anybody may have laid a program: an empty or relative entry of PATH means it, and
    Windows would look there first.
    """
    folders = map(Path, os.environ.get("PATH", os.defpath).split(os.pathsep))
    whole = [folder for folder in folders if folder.is_absolute()]
    return (shutil.which(folder / name) for name in _PROGRAMS for folder in whole)


def _convert(program: str, files: Sequence[Path], folder: Path, mode: int | None) -> list[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_stale_folders(folder, WORK)
        with TemporaryDirectory(prefix=WORK, dir=folder, ignore_cleanup_errors=True) as work:
            _run(program, files, Path(work))
            made = [Path(work, f"{file.stem}.pdf") for file in files]
            missing = [file.name for file, pdf in zip(files, made, strict=True) if not pdf.is_file()]
            if missing:
                raise BusyError(f"LibreOffice tidak dapat membuat PDF dari {', '.join(missing)}.", code="libreoffice")
            return [_placed(pdf, folder / pdf.name, mode) for pdf in made]
    except OSError as error:
        raise BusyError(f"PDF tidak dapat ditulis ke {folder}: {because(error)}.", code="disk") from error


def remove_stale_folders(folder: Path, prefix: str) -> None:
    """Remove the folders that killed processes worked in, the Word files' content among it."""
    for left in folder.glob(f"{prefix}*"):
        with suppress(FileNotFoundError):  # another process sweeps too
            if time.time() - left.lstat().st_mtime > _STALE:
                shutil.rmtree(left, ignore_errors=True)


def _placed(pdf: Path, target: Path, mode: int | None) -> Path:
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else mode
    if mode is not None:
        pdf.chmod(mode)
    return pdf.replace(target)


def _run(program: str, files: Sequence[Path], work: Path) -> None:
    profile = f"-env:UserInstallation={(work / 'profile').resolve().as_uri()}"
    options = ["--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(work)]
    try:
        with _one_at_a_time:
            subprocess.run(  # noqa: S603 — LibreOffice itself, with paths as single words
                [program, profile, *options, *map(str, files)],
                check=True,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=_START + _EACH * len(files),
            )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise BusyError(
            "LibreOffice gagal membuat PDF. Tutup LibreOffice yang sedang terbuka, lalu ulangi.", code="libreoffice"
        ) from error
