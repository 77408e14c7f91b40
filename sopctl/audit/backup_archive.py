"""The zip of a backup: what it may hold, how it is written piece by piece, and read though anybody may have made it.

Its list (`cadangan.json`) names every file with its sha256, the moment, and the anchor of the ledger then. Names are
those of a workspace, so that somebody without sopctl can unpack it too.
"""

import os
import re
import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from sopctl.audit.periksa import UNREADABLE
from sopctl.errors import DamagedError
from sopctl.store import disk
from sopctl.store.struct_decoders import make_json_decoder
from sopctl.store.workspace import EMPLOYEES, IGNORED, OFFICE, Workspace

MANIFEST = "cadangan.json"

_MOST = 500_000_000
"""Bytes of a list: that of some million files."""

_RATIO = 200
"""How many times longer than the zip its files may be: cases and ledger come to twenty, a zip made to fill disks to a
thousand and more."""

_SMALL = 100_000_000
"""Bytes that a zip may unpack to however short it is."""

_PACKED = ("data/documents/", "data/attachments/", "templates/")
"""Files that are packed already, most of them."""

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f\ud800-\udfff\\:*?"<>|]|[ .]$|^[ .]')
"""What no part of a name has on every system: hidden files are no part of an office either."""

_YEARS = range(1980, 2107)
"""Those that a zip can name: a clock without a battery is in none of them."""

_DATA = frozenset(path.name for path in (*Workspace(Path()).record, Workspace(Path()).aside))

Part = tuple[str, Iterable[bytes]]
"""A file by its name in the zip, in pieces."""


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup holds: when it was made, the anchor of the ledger (empty where there was none), its files."""

    schema: int = 1
    at: datetime
    anchor: str
    files: dict[str, str]


def may_hold(name: str) -> bool:
    """Whether a backup may hold a file of this name: one of the office's own, the logo, or part of the record."""
    top, *below = name.split("/")
    if name in {OFFICE, EMPLOYEES, IGNORED}:
        return True
    if any(not part or _UNSAFE.search(part) for part in (top, *below)):
        return False
    if not below or top not in {"data", "sops", "templates"}:
        return name.lower().endswith(_PICTURES)
    return top != "data" or below[0] in _DATA


class _Pieces:
    """What zipfile writes, taken away piece by piece."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes, /) -> int:
        """Hold what is written."""
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Nothing is waited for here."""

    def close(self) -> None:
        """Nothing is open here."""

    def take(self) -> bytes:
        """What was written since."""
        held, self._held = bytes(self._held), bytearray()
        return held


class ArchiveWriter:
    """Writes the zip; ``files`` are the names and sha256 of what was written."""

    def __init__(self, at: datetime) -> None:
        self.files: dict[str, str] = {}
        self._stamp = min(max(at.year, _YEARS[0]), _YEARS[-1]), *at.timetuple()[1:6]

    def pack(self, parts: Iterable[Part]) -> Iterator[bytes]:
        """The bytes of the zip with these files, each taken when its turn comes."""
        pieces = _Pieces()
        with zipfile.ZipFile(pieces, "w") as archive:
            for name, content in parts:
                digest = sha256()
                with archive.open(self._about(name), "w", force_zip64=True) as part:
                    for piece in content:
                        digest.update(piece)
                        part.write(piece)
                        yield pieces.take()
                self.files[name] = digest.hexdigest()
        yield pieces.take()

    def _about(self, name: str) -> zipfile.ZipInfo:
        about = zipfile.ZipInfo(name, self._stamp)
        about.compress_type = zipfile.ZIP_STORED if name.startswith(_PACKED) else zipfile.ZIP_DEFLATED
        about.external_attr = (stat.S_IFREG | 0o600) << 16
        return about


class Archive:
    """A backup that was opened and whose list was read; its files are compared with it as they are read."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self.path, self._file = path, file
        try:
            self._parts = _parts(path, file)
            if self._parts[MANIFEST].file_size > _MOST:
                raise ValueError(MANIFEST)
            self.manifest = make_json_decoder(Manifest).decode(file.read(self._parts[MANIFEST]))
        except (*UNREADABLE, msgspec.MsgspecError) as error:
            raise broken(path, str(error)) from error
        if self._parts.keys() != {*self.manifest.files, MANIFEST} or OFFICE not in self._parts:
            raise broken(path, "isinya bukan yang disebut daftarnya")

    @property
    def size(self) -> int:
        """Bytes that all of it takes when it is unpacked."""
        return sum(part.file_size for part in self._parts.values())

    def read(self, name: str) -> Iterator[bytes]:
        """The bytes of a file, in pieces.

        Raises:
            DamagedError: at the end, where they are not those that the list names.
        """
        digest = sha256()
        try:
            with self._file.open(self._parts[name]) as part:
                for piece in disk.read_pieces(part):
                    digest.update(piece)
                    yield piece
        except UNREADABLE as error:
            raise broken(self.path, f"{name}: {error}") from error
        if digest.hexdigest() != self.manifest.files[name]:
            raise broken(self.path, f"{name} berubah")


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """A backup to read from.

    Raises:
        DamagedError: where the file is no backup, or one that holds what no backup does.
    """
    with disk.translate_errors(path), open(path, "rb", opener=disk.open_nonblocking) as source:
        if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):  # of a pipe or a device no end can be waited for
            raise broken(path, "bukan file biasa")
        try:
            file = zipfile.ZipFile(source)
        except UNREADABLE as error:
            raise broken(path, str(error)) from error
        with file:
            yield Archive(path, file)


def is_backup(path: Path) -> bool:
    """Whether a file is a zip with the list of a backup in it."""
    return holds_part(path, MANIFEST)


def holds_part(path: Path, name: str) -> bool:
    """Whether a file is a zip with a part of this name in it."""
    try:
        with zipfile.ZipFile(path) as file:
            return name in file.namelist()
    except UNREADABLE:
        return False


def check_archive(path: Path) -> Manifest:
    """Read a backup from its first byte to its last; its list.

    Raises:
        DamagedError: where something in it is not what the list says.
    """
    with open_archive(path) as archive:
        for name in archive.manifest.files:
            for _ in archive.read(name):
                pass
        return archive.manifest


def broken(path: Path, why: str) -> DamagedError:
    """The error about a file that is no backup, or not as it was written."""
    return DamagedError(f"{path.name} bukan cadangan sopctl yang utuh ({why}).", code="backup")


def _parts(path: Path, file: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of the zip by name.

    Raises:
        ValueError: where one could land elsewhere, be something else than a file, or fill the disk.
    """
    found: dict[str, zipfile.ZipInfo] = {}
    for part in file.infolist():
        name = part.orig_filename
        kind = stat.S_IFMT(part.external_attr >> 16)
        if name != MANIFEST and not may_hold(name):
            raise ValueError(f"{name!r} tidak dapat menjadi bagian cadangan")
        if kind not in {0, stat.S_IFREG} or part.flag_bits & 1 or part.is_dir() or name in found:
            raise ValueError(f"{name} bukan file biasa, atau ada dua kali")
        found[name] = part
    for name in found:
        if not found.keys().isdisjoint(map(str, PurePosixPath(name).parents)):
            raise ValueError(f"{name} terletak di bawah sebuah file")
    if sum(part.file_size for part in found.values()) > max(_SMALL, _RATIO * path.stat().st_size):
        raise ValueError("isinya jauh lebih besar daripada zipnya")
    return found
