"""Pictures and PDFs of letters: each made once, by few processes at a time, and kept in the cache of the account.

A request waits for its turn, and then finds the letter that another one has made meanwhile; beyond a few of them,
whoever comes is told to try again. A letter that could not be drawn is not tried again for a while.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from subprocess import TimeoutExpired
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore, Lock
from time import monotonic

import msgspec
from flask import current_app
from msgspec import Struct

from sopctl.errors import BusyError, NotFoundError
from sopctl.store.caches.account_cache import LARGEST, Cache
from sopctl.store.struct_decoders import make_msgpack_decoder
from sopctl.word.child_processes import ChildProcesses
from sopctl.word.page_pictures import MOST_PAGES, PDF
from sopctl.word.pdf import find_libreoffice, remove_stale_folders

AT_ONCE, IN_LINE = 1, 4
"""Letters that are drawn at the same time, and requests that wait for one."""

MOST_KEPT = 200_000_000
"""Bytes of all pictures and PDFs that are kept; the oldest go."""

_SECONDS, _PATIENCE = 60, 30
"""What drawing one may take, and how long a request waits for its turn."""

_FORGET = 300
"""Seconds for which a letter that could not be drawn is not tried again."""

_NAME, _WORK = "gambar-", ".gambar-"
_SPARE = 1000


class LetterPictures(Struct, frozen=True):
    """A letter as PDF, and its pages as PNG; no pages where only the PDF could be made."""

    pdf: bytes
    pages: tuple[bytes, ...]


class Previews:
    """The pictures of one office's letters, for all threads of the page."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._lock = Lock()
        self._slots = BoundedSemaphore(AT_ONCE)
        self._waiting = 0
        self._failed: dict[str, float] = {}

    def draw(self, data: bytes, suffix: str) -> LetterPictures:
        """The pictures of a Word file (`.docx`) or PDF.

        Raises:
            NotFoundError: where LibreOffice is not installed, or no PDF comes of it. BusyError: where too many wait.
        """
        key = sha256(data).hexdigest()
        if found := self._find(key):
            return found
        if suffix != ".pdf" and find_libreoffice() is None:
            raise NotFoundError("LibreOffice tidak terpasang.", code="libreoffice")
        with self._take_turn():
            return self._find(key) or self._make(key, data, suffix)

    @contextmanager
    def _take_turn(self) -> Iterator[None]:
        """The turn of a request, once those before it are done: it may have been one of the same letter."""
        with self._lock:
            if self._waiting >= AT_ONCE + IN_LINE:
                raise _too_many()
            self._waiting += 1
        try:
            if not self._slots.acquire(timeout=_PATIENCE):
                raise _too_many()
            try:
                yield
            finally:
                self._slots.release()
        finally:
            with self._lock:
                self._waiting -= 1

    def _find(self, key: str) -> LetterPictures | None:
        """What is kept of a letter, None where nothing is; NotFoundError for one that could not be drawn just now."""
        if monotonic() - self._failed.get(key, -_FORGET) < _FORGET:
            raise _cannot_draw()
        kept = self._cache.read(_NAME + key)
        try:
            return make_msgpack_decoder(LetterPictures).decode(kept) if kept else None
        except msgspec.MsgspecError:
            return None

    def _make(self, key: str, data: bytes, suffix: str) -> LetterPictures:
        made = _draw(self._cache.folder, data, suffix)
        if made is None:
            now = monotonic()
            self._failed = {one: at for one, at in self._failed.items() if now - at < _FORGET} | {key: now}
            raise _cannot_draw()
        self._cache.write(_NAME + key, msgspec.msgpack.encode(made), durable=False)
        self._cache.trim(_NAME, MOST_KEPT)
        return made


def find_previews() -> Previews:
    """Those of the application at work."""
    found: Previews = current_app.extensions["sopctl-previews"]
    return found


def _draw(folder: Path | None, data: bytes, suffix: str) -> LetterPictures | None:
    """What the process that draws has written; None where it has not, or took too long."""
    if folder:
        remove_stale_folders(folder, _WORK)
    with TemporaryDirectory(prefix=_WORK, dir=folder, ignore_cleanup_errors=True) as work:
        source = Path(work, f"naskah{suffix}")
        source.write_bytes(data)
        command = [sys.executable, "-m", "sopctl.word.page_pictures", str(source), work]
        try:
            ChildProcesses().run(command, {**os.environ, "HOME": work}, _SECONDS)
        except TimeoutExpired:
            return None
        pdf = Path(work, PDF)
        if not pdf.is_file() or pdf.stat().st_size > LARGEST - _SPARE:
            return None
        return LetterPictures(pdf.read_bytes(), _read_pages(Path(work), LARGEST - _SPARE - pdf.stat().st_size))


def _read_pages(work: Path, room: int) -> tuple[bytes, ...]:
    """The pictures of the pages from the first on, as many as there is room for in the cache."""
    pages: list[bytes] = []
    for number in range(1, MOST_PAGES + 1):
        path = work / f"{number}.png"
        if not path.is_file() or (room := room - path.stat().st_size - _SPARE) < 0:
            break
        pages.append(path.read_bytes())
    return tuple(pages)


def _too_many() -> BusyError:
    return BusyError("Pratinjau surat lain sedang dibuat. Coba lagi sebentar lagi.", code="preview")


def _cannot_draw() -> NotFoundError:
    return NotFoundError("Pratinjau surat ini tidak dapat dibuat.", code="preview")
