"""Documents, attachments and scans in the database: a path names a sha256, whose content lies in parts.

A content is there once, whatever paths name it. It is read a few parts at a time, so that no large file is ever in
memory as a whole.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath
from shutil import rmtree
from tempfile import SpooledTemporaryFile, gettempdir, mkdtemp
from time import time
from typing import BinaryIO, cast

from sopctl.errors import DamagedError, NotFoundError
from sopctl.store import case_ids, disk, file_paths
from sopctl.store.caches.account_cache import Cache
from sopctl.store.postgres.connections import Ask, Statement, read_portions

PART = 262_144
"""Bytes of a part; the table takes no larger one."""

PORTION = 16
"""Parts that are read or written at a time."""

_FILES = 500
"""Files that the server hashes at a time: of at most 2 GiB, for it gives up a statement of two minutes."""

_IN_MEMORY = PORTION * PART
"""Bytes of an open file that are kept in memory; a larger one lies in a temporary file."""

_KEPT = 7 * 86_400.0
"""Seconds for which a copy for other programs is kept."""

_MOST_KEPT = 100_000_000
"""Bytes of such copies that are kept."""

_COPIES = "copies"
_TEMPORARY = "sopctl-copy-"

ADD_VERSION = (
    "INSERT INTO sopctl.versions (office, kind, version, text) VALUES (%(office)s, %(kind)s, %(version)s, %(text)s)"
    " ON CONFLICT (office, kind, version) DO NOTHING"
)
ADD_PART = (
    "INSERT INTO sopctl.contents (office, sha256, part, data) VALUES (%(office)s, %(sha256)s, %(part)s, %(data)s)"
    " ON CONFLICT (office, sha256, part) DO NOTHING"
)
ADD_FILE = (
    "INSERT INTO sopctl.files (office, path, sha256) SELECT %(office)s, %(path)s, %(sha256)s WHERE NOT EXISTS (SELECT"
    " FROM sopctl.files WHERE office = %(office)s AND path = %(path)s AND sha256 = %(sha256)s)"
)
"""Fails where the path names another content."""

KNOWN_CONTENTS = (
    "SELECT sha256 FROM sopctl.contents WHERE office = %(office)s AND part = 0 AND sha256 = ANY(%(sha256)s)"
)
_PARTS = (
    "SELECT c.part, c.data FROM sopctl.files f LEFT JOIN sopctl.contents c ON c.office = f.office AND"
    " c.sha256 = f.sha256 AND c.part >= %(first)s AND c.part < %(first)s + %(portion)s"
    " WHERE f.office = %(office)s AND f.path = %(path)s ORDER BY c.part"
)
_KNOWN_FILES = "SELECT path FROM sopctl.files WHERE office = %(office)s AND path = ANY(%(paths)s)"
_FOLDERS = (
    r"SELECT DISTINCT substring(path FROM '^(?:[^/]*/){3}[^/]*') FROM sopctl.files WHERE office = %(office)s ORDER BY 1"
)
_HASHES = (
    "SELECT f.path, CASE WHEN (SELECT max(part) FROM sopctl.contents c WHERE c.office = f.office AND"
    " c.sha256 = f.sha256) < %(parts)s THEN (SELECT encode(sha256(string_agg(c.data, '' ORDER BY c.part)), 'hex')"
    " FROM sopctl.contents c WHERE c.office = f.office AND c.sha256 = f.sha256) END FROM sopctl.files f"
    " WHERE f.office = %(office)s AND f.path > %(after)s AND f.path < %(end)s ORDER BY f.path LIMIT %(portion)s"
)
"""The sha256 of what is stored, worked out by the server for all but large files."""


def add_content(digest: str, data: bytes) -> Iterator[Statement]:
    """The statements that store a content."""
    for number, part in enumerate(cut_parts([data])):
        yield ADD_PART, {"sha256": digest, "part": number, "data": part}


def cut_parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in parts that the table takes, each piece by itself; of none there is one empty part."""
    empty = True
    for piece in pieces:
        for at in range(0, len(piece), PART):
            empty = False
            yield piece[at : at + PART]
    if empty:
        yield b""


def read_parts(ask: Ask, path: str) -> Iterator[bytes]:
    """The content of a file by its path.

    Raises:
        NotFoundError: where no file has the path. DamagedError: where parts of its content are missing.
    """
    first, more = 0, file_paths.is_file_path(path)
    if not more:
        raise file_paths.no_file_error(path)
    while more:
        (rows,) = ask((_PARTS, {"path": path, "first": first, "portion": PORTION}))
        if not rows and not first:
            raise file_paths.no_file_error(path)
        more = len(rows) == PORTION
        for number, (part, data) in enumerate(rows, first):
            if first and part is None:
                break
            if part != number:
                raise DamagedError(
                    f"Isi {path} dalam basis data tidak lengkap. Pulihkan dari cadangan.", code="file", advice="verify"
                )
            yield data
        first += PORTION


def open_spooled(ask: Ask, path: str) -> BinaryIO:
    """A file, open for reading from its beginning."""
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 — the caller closes it
    try:
        for data in read_parts(ask, path):
            file.write(data)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return cast("BinaryIO", file)


def list_missing(ask: Ask, paths: list[str]) -> list[str]:
    """Those of these paths that no file has."""
    (rows,) = ask((_KNOWN_FILES, {"paths": [*filter(file_paths.is_file_path, paths)]}))
    known = {path for (path,) in rows}
    return [path for path in paths if path not in known]


def list_parts(ask: Ask, case: str | None) -> list[str]:
    """The folders of a thousand cases each, or those of one case, below which files may be."""
    if case is None:
        (rows,) = ask((_FOLDERS, {}))
        return [folder for (folder,) in rows if folder]
    own = f"{case_ids.folder_of(case)}/{case}" if case_ids.is_id(case) else ""
    return [f"data/{kind}/{own}" for kind in ("documents", "attachments")] if own else []


def hash_part(ask: Ask, part: str) -> dict[str, dict[str, str]]:
    """The sha256 of the files below a folder, by folder and name; empty of one that cannot be read."""
    found: dict[str, dict[str, str]] = {}
    rows = read_portions(ask, _HASHES, {"after": f"{part}/"}, _FILES, end=f"{part}0", parts=PORTION)
    for path, digest in rows:
        folder, _, name = path.rpartition("/")
        found.setdefault(folder, {})[name] = digest or _hash_file(ask, path)
    return found


def copy_file(ask: Ask, cache: Cache, path: str) -> Path:
    """A copy that other programs open, in the account's cache or else among temporary files, named as the file is."""
    kept = cache.folder / _COPIES if cache.folder else None
    _remove_old(kept.glob("*") if kept else Path(gettempdir()).glob(f"{_TEMPORARY}*"))
    with open_spooled(ask, path) as file:
        digest = sha256()
        for piece in disk.read_pieces(file):
            digest.update(piece)
        folder = kept / digest.hexdigest()[:16] if kept else Path(mkdtemp(prefix=_TEMPORARY))
        target = folder / PurePosixPath(path).name
        file.seek(0)
        disk.replace_file(target, disk.read_pieces(file), mode=0o600, durable=False)
    return target


def _hash_file(ask: Ask, path: str) -> str:
    digest = sha256()
    try:
        for data in read_parts(ask, path):
            digest.update(data)
    except (DamagedError, NotFoundError):
        return ""
    return digest.hexdigest()


def _remove_old(copies: Iterable[Path]) -> None:
    """Let go of copies that were made long ago, and of the oldest until the others are small enough."""
    left = _MOST_KEPT
    for copy in sorted(copies, key=_made_at, reverse=True):
        with suppress(OSError):  # another account's, or one that was removed meanwhile
            left -= sum(file.lstat().st_size for file in copy.iterdir())
            if left < 0 or _made_at(copy) < time() - _KEPT:
                rmtree(copy, ignore_errors=True)


def _made_at(copy: Path) -> float:
    """When it was written, in seconds; 0 where it was removed meanwhile."""
    with suppress(OSError):
        return copy.lstat().st_mtime
    return 0.0
