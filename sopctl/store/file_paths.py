"""The paths by which the record names the files of cases and letters, whichever store holds them."""

import re

from sopctl.errors import NotFoundError
from sopctl.store.case_ids import folder_of

LONGEST_PATH = 180
"""Letters that the path of a Word file has at most, counted from the workspace: Windows takes 260 of the whole."""

LARGEST_FILE = 200_000_000
"""Bytes of a Word file or an attachment that are read."""

_FILE = re.compile(r"data/(?:documents|attachments)/[^\0\ud800-\udfff]+")

_UNSAFE = re.compile(r"[^\w .,()+-]+", re.ASCII)
"""Signs that do not stand in the name of a Word file; `/` is not allowed in any, `:` and `?` are not on Windows."""


def is_file_path(path: str) -> bool:
    """Whether a path can be that of a document, attachment or scan: below their folders, of letters that a name has."""
    return _FILE.fullmatch(path) is not None and ".." not in path.split("/")


def document_path(id: str, name: str, suffix: str = ".docx") -> str:
    """The path of a document of a case below the workspace, every sign in its name one that every system stores.

    A name that is too long is cut off at its end: what tells files apart belongs to its beginning.
    """
    folder = f"data/documents/{folder_of(id)}/{id}/"
    safe = " ".join(_UNSAFE.sub("-", name).split())
    return f"{folder}{safe[: LONGEST_PATH - len(folder) - len(suffix)].rstrip(' .')}{suffix}"


def attachment_path(id: str, name: str) -> str:
    """The path of an attachment of a case."""
    return f"data/attachments/{folder_of(id)}/{id}/{name}"


def scan_path(sequence: str, name: str) -> str:
    """The path of the scan of an incoming letter of a sequence."""
    return f"data/attachments/{sequence.removesuffix('.jsonl')}/{name}"


def no_file_error(path: str) -> NotFoundError:
    """The error where the record has no file of a path (any more)."""
    return NotFoundError(f"Dokumen {path} tidak ada lagi.", code="file", advice="verify")
