"""`new`: an SOP that somebody told is checked and becomes a file of the workspace; no file is ever replaced."""

import os
from pathlib import Path

from sopctl.desk.check import CheckResult, rank_problems, read_names
from sopctl.desk.session import Session
from sopctl.desk.sop_checks import check_file
from sopctl.errors import UsageError
from sopctl.notation.compose import UNPRINTABLE, describe_unprintable
from sopctl.sop.decode import read_sop
from sopctl.sop.draft import SopDraft, write_sop
from sopctl.sop.durations import parse_waktu
from sopctl.sop.formats import id_complaint
from sopctl.sop.model import Waktu
from sopctl.store import disk
from sopctl.store.library import SopFile
from sopctl.store.workspace import Workspace


def accept_text(text: str) -> str:
    """A text of the form, on one line.

    Raises:
        UsageError: where it holds a character that no form prints.
    """
    line = " ".join(text.split())
    if hidden := UNPRINTABLE.search(line):
        raise UsageError(describe_unprintable(hidden.group()))
    return line


def accept_waktu(text: str) -> Waktu:
    """The waktu of a row, of words without a number one that has no standard; UsageError where it cannot be read."""
    read = parse_waktu(text)
    if isinstance(read, str):
        raise UsageError(read)
    return read


def accept_id(workspace: Workspace, id: str) -> str:
    """The id of a new SOP; UsageError where it can be none, or a file of its name is there already."""
    if complaint := id_complaint(id):
        raise UsageError(f"'{id}' tidak dapat menjadi id SOP: {complaint}")
    if os.path.lexists(_path(workspace, id)):
        raise UsageError(f"sops/{id}.yaml sudah ada; pakai id lain.", code="sop_exists")
    return id


def create_sop(session: Session, draft: SopDraft) -> CheckResult:
    """Write the SOP as a new file, and what `check` says of it.

    Raises:
        UsageError: where a file of its name is there already; it stays as it is.
    """
    text, path = write_sop(draft).encode(), _path(session.workspace, draft.id)
    source = SopFile(session.workspace.relative_path(path), text, *read_sop(text, f"sops/{draft.id}.yaml"))
    problems = check_file(source, read_names(session.library), session.renderer)
    create_file(path, text, code="sop_exists")
    return rank_problems([source.path], problems)


def _path(workspace: Workspace, id: str) -> Path:
    return workspace.sops / f"{id}.yaml"


def create_file(path: Path, content: bytes, *, code: str) -> None:
    """Make a file that is not there: its name is taken first, so that of two at once one is told.

    Raises:
        UsageError: with this code, where it is there already.
    """
    with disk.translate_errors(path):
        disk.make_folder(path.parent)
        try:
            with disk.open_descriptor(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL):
                pass
        except FileExistsError as error:
            raise UsageError(f"{path} sudah ada; tidak ada yang diubah.", code=code) from error
        try:
            disk.replace_file(path, content)
        except BaseException:
            disk.remove_file(path)
            raise
