"""Where the lines of the ledger stand that a command asks for: a posting list beside the other caches.

It is one file of two sorted arrays: the first eight bytes of the sha256 of a key, and where a line with that key
begins. A command looks there and in the lines that were added since, so that it costs the same however long the ledger
is. Like every cache it may be deleted at any time and is never the truth: its header says which bytes of the ledger it
covers and what the last line of them is. Where that does not hold, or a line is not what was looked for, it is made
anew from the whole ledger. Without a folder for caches every command reads the whole ledger.
"""

import mmap
import os
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sopctl.store import case_ids, disk, ledger
from sopctl.store.caches.account_cache import CHECKSUM, Cache
from sopctl.store.files import ledger_file
from sopctl.store.ledger import ACCOUNT, MENDED, OFFICE, EventLine, OfficeChanges, ReadLine, case_key
from sopctl.store.struct_decoders import make_json_decoder
from sopctl.store.workspace import Workspace

NAME = "ledger.index"
"""The file of the index in the folder of the account's caches."""

_EDITION = f"3 {sys.byteorder}"
_HEADER = 512
"""Bytes of the header, filled up with spaces."""

_TAIL, _SHARE = 65_536, 512
"""The index is made longer when more bytes than this were added, and more than this part of what it covers."""

_BLOCK = 1_000_000
_NONE = memoryview(array("Q"))


class LedgerIndex:
    """The ledger of a workspace as it is when it is first asked, with its lines by key."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._path = workspace.ledger
        self._cache = workspace.cache
        self._postings: _Postings | None = None

    @property
    def name(self) -> str:
        """Its path as the record names it."""
        return self._workspace.relative_path(self._path)

    @property
    def exists(self) -> bool:
        """Whether there is a file of lines."""
        return disk.exists(self._path)

    def read_lines(self) -> Iterator[ReadLine]:
        """Every line, from the first on; not from the index."""
        return ledger_file.read_lines(self._path)

    def count_lines(self) -> int:
        """How many line breaks there are, and what stands behind the last one."""
        with ledger_file.open_ledger(self._path) as file:
            return ledger_file.count_lines(file) if file else 0

    def read_texts(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """The lines with these numbers, counted from the first line on."""
        wanted = set(numbers)
        return {line.number: line.text for line in self.read_lines() if line.number in wanted}

    def last_line(self) -> bytes:
        """The last line, empty where there is none."""
        if self._postings is None:
            self._read(MENDED, newest=True)
        if self._postings and not self._postings.ends_whole:
            raise ledger_file.broken_end_error(self._path)
        return self._postings.last_line if self._postings else b""

    def latest_event_lines(self, case: str) -> list[EventLine]:
        """The lines of the highest revision of a case: one, unless the ledger was changed outside of sopctl.

        Where its newest line is not the n-th of n, all lines of the case are read.
        """
        key = case_key(case)
        if found := self.find_texts(key, newest=True):
            newest = ledger.decode_line(found[-1][1])
            skipped = self._postings.count_skipped(key) if self._postings else 0
            if isinstance(newest, EventLine) and (newest.case, newest.revision) == (case, skipped + len(found)):
                return [newest]
        lines = ledger.find_event_lines(self, case)
        highest = max((line.revision for line in lines), default=0)
        return [line for line in lines if line.revision == highest]

    def highest_case_number(self, sop: str) -> int:
        """The highest number of a case of this SOP, 0 where none was opened."""
        return self._highest(f"sop:{sop}")

    def highest_letter_number(self, sequence: str) -> int:
        """The highest number that a sequence of letters gave, 0 where it gave none."""
        return self._highest(f"sequence:{sequence}")

    def find_texts(self, key: str, *, newest: bool = False) -> list[tuple[int, bytes]]:
        """The lines with a key as they stand in the ledger, and where they begin, oldest first.

        Every one of them has the key: where the index says what the ledger does not, it is made anew. With ``newest``
        those that the index covers are left out but for the last, and the others are all that may have the key.
        """
        if not _is_key(key):
            return []
        found = self._read(key, newest=newest)
        return self._read(key, newest=newest, anew=True) or [] if found is None else found

    def find_neighbours(self, texts: Iterable[tuple[int, bytes]]) -> list[tuple[bytes, bytes]]:
        """The lines before and after each of these lines, given with where it begins; empty where there is none."""
        with ledger_file.open_ledger(self._path) as file:
            if file is None:
                return []
            places = ((place, place + len(text) + 1) for place, text in texts)
            return [
                (ledger_file.read_line_before(file, at), ledger_file.read_line_at(file, after)) for at, after in places
            ]

    def make_anew(self) -> None:
        """Read the whole ledger again, for what is kept may be damaged where it disagrees with the record."""
        with ledger_file.open_ledger(self._path) as file:
            if file is not None:
                self._postings = self._load(file, anew=True)

    def _highest(self, key: str) -> int:
        read = (_KeyFields.read(text) for _, text in self.find_texts(key, newest=True))
        return max((fields.number for fields in read if key in fields.keys), default=0)

    def _read(self, key: str, *, newest: bool, anew: bool = False) -> list[tuple[int, bytes]] | None:
        """The lines with a key; None where one that the index covers is another now."""
        found: list[tuple[int, bytes]] = []
        if anew or self._postings is None or self._postings.places(key):
            with ledger_file.open_ledger(self._path) as file:
                if file is None:
                    return []
                if self._postings is None or anew:
                    self._postings = self._load(file, anew=anew)
                places = self._postings.places(key, newest=newest)
                found = [(place, ledger_file.read_line_at(file, place)) for place in places]
        if not all(key in _KeyFields.read(text).keys for _, text in found):
            return None
        return [*found, *self._postings.find_in_tail(key, unread=newest)]

    def _load(self, file: BinaryIO, *, anew: bool) -> "_Postings":
        """What is kept, with the bytes that were added since; kept again where these are many."""
        size = file.seek(0, os.SEEK_END)
        postings = _Postings() if anew or size <= _TAIL else _read_kept(self._cache, file)
        covered = postings.coverage.covered
        if size - covered > max(_TAIL, covered // _SHARE):
            postings = _Scan(file, postings).run()  # Windows replaces no file that is mapped
            self._cache.write(NAME, postings.encode())
        postings.read_tail(file)
        return postings


class _Entry(Struct, frozen=True):
    urut: int = 0
    last: int = 0


class _KeyFields(Struct, frozen=True):
    """What a line says that its keys are made of."""

    kind: str = ""
    case: str = ""
    revision: int = 0
    office: str = ""
    sequence: str = ""
    entry: _Entry = _Entry()

    @classmethod
    def read(cls, text: bytes) -> "_KeyFields":
        """Those of a line; a line that cannot be read has no keys."""
        try:
            return _decode_fields(text)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return cls()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys under which the line may be found."""
        if self.kind == "event":
            opened = (f"sop:{self.case.rpartition('-')[0]}",) if self.revision == 1 else ()
            return (case_key(self.case), OFFICE, *opened)
        if self.kind == "number":
            return (f"sequence:{self.sequence}", OFFICE)
        return (self.kind, OFFICE) if self.kind == ACCOUNT else (self.kind,)

    @property
    def number(self) -> int:
        """The number of its case or letter; 0 where there is none."""
        return case_ids.number_of(self.case) if self.kind == "event" else max(self.entry.urut, self.entry.last)


_decode_fields = make_json_decoder(_KeyFields).decode


class _Coverage(Struct, frozen=True, forbid_unknown_fields=True):
    """The header: so many bytes of the ledger are covered; the ``last`` line of them begins there, with this sha256.

    ``office`` is the office file that the last of them that names one does.
    """

    edition: str = _EDITION
    covered: int = 0
    last: int = 0
    digest: str = ""
    office: str = ""
    entries: int = 0

    def holds_for(self, file: BinaryIO) -> bool:
        """Whether the ledger still has the last line that is covered."""
        text = ledger_file.read_line_at(file, self.last)
        return self.last + len(text) + 1 == self.covered and ledger.hash_line(text) == self.digest


class _Postings:
    """Where the lines of each key begin that are covered, sorted by the hash of their key, and the lines since then."""

    def __init__(self, coverage: _Coverage = _Coverage(), keys: memoryview = _NONE, places: memoryview = _NONE) -> None:  # noqa: B008 — frozen
        self.coverage = coverage
        self.last_line, self._torn = b"", False
        self._keys, self._places, self._tail = keys, places, b""

    def read_tail(self, file: BinaryIO) -> None:
        """Take the lines of the ledger that are not covered."""
        file.seek(self.coverage.covered)
        whole, end, torn = file.read().rpartition(b"\n")
        self._tail, self._torn = whole + end, bool(torn)
        if self._tail:
            self.last_line = whole[whole.rfind(b"\n") + 1 :]
        elif self.coverage.covered:
            self.last_line = ledger_file.read_line_at(file, self.coverage.last)

    @property
    def ends_whole(self) -> bool:
        """Whether the last line is one that sopctl writes, or there is none."""
        is_empty = not self._tail and not self.coverage.covered
        return not self._torn and (is_empty or ledger.is_whole(self.last_line))

    def places(self, key: str, *, newest: bool = False) -> list[int]:
        """Where the covered lines with a key begin, oldest first; or the newest alone."""
        begins, ends = self._range(key)
        return [*self._places[max(begins, ends - 1) if newest else begins : ends]]

    def count_skipped(self, key: str) -> int:
        """How many covered lines with a key are older than the newest."""
        begins, ends = self._range(key)
        return max(0, ends - begins - 1)

    def find_in_tail(self, key: str, *, unread: bool) -> list[tuple[int, bytes]]:
        """The lines with a key that are not covered, and where they begin; ``unread`` all that may have it."""
        lines = [*self._lines_with(_text_of(key))]
        if unread:
            return lines
        read = ((place, text, _KeyFields.read(text)) for place, text in lines)
        found = [one for one in read if key in one[2].keys]
        offices = OfficeChanges(self.coverage.office)
        return [(place, text) for place, text, of in found if key != OFFICE or offices.follow(of.kind, of.office)]

    def added(self, lines: Iterable[tuple[str, int]], coverage: _Coverage) -> "_Postings":
        """The same with more keys and places sorted in; of the lines with one key a later one stays later."""
        keys, places, done = array("Q"), array("Q"), 0
        for hashed, place in sorted((_hash(key), place) for key, place in lines):
            upto = bisect_right(self._keys, hashed, done)
            keys.frombytes(self._keys[done:upto].tobytes())
            places.frombytes(self._places[done:upto].tobytes())
            keys.append(hashed)
            places.append(place)
            done = upto
        keys.frombytes(self._keys[done:].tobytes())
        places.frombytes(self._places[done:].tobytes())
        return _Postings(replace(coverage, entries=len(keys)), memoryview(keys), memoryview(places))

    def encode(self) -> bytes:
        """The file."""
        return b"".join((msgspec.json.encode(self.coverage).ljust(_HEADER), self._keys, self._places))

    def _range(self, key: str) -> tuple[int, int]:
        hashed = _hash(key)
        begins = bisect_left(self._keys, hashed)
        return begins, bisect_right(self._keys, hashed, begins)

    def _lines_with(self, text: bytes) -> Iterator[tuple[int, bytes]]:
        """The lines that are not covered and hold a text, and where they begin."""
        tail, at = self._tail, 0
        while at < len(tail) and (at := tail.find(text, at)) >= 0:
            begins, ends = tail.rfind(b"\n", 0, at) + 1, tail.find(b"\n", at)
            yield self.coverage.covered + begins, tail[begins:ends]
            at = ends + 1


def _text_of(key: str) -> bytes:
    """What every line with a key holds, as sopctl writes it."""
    kind, _, name = key.partition(":")
    quoted = msgspec.json.encode(name)
    texts = {OFFICE: b"", "case": b'"case":' + quoted, "sop": b'"case":' + quoted[:-1] + b"-"}
    return texts.get(kind, b'"sequence":' + quoted if name else b'"kind":' + msgspec.json.encode(kind))


def _is_key(key: str) -> bool:
    """Whether a line can have the key; the name of a case is an id."""
    kind, _, name = key.partition(":")
    return kind != "case" or case_ids.is_id(name)


def _hash(key: str) -> int:
    return int.from_bytes(sha256(key.encode()).digest()[:8], "big")


def _read_kept(cache: Cache, file: BinaryIO) -> _Postings:
    """What is kept; nothing where that is not of this ledger."""
    descriptor = cache.open(NAME)
    if descriptor is None:
        return _Postings()
    try:
        text = memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ))
        coverage = make_json_decoder(_Coverage).decode(text[:_HEADER])
        places = text[_HEADER:-CHECKSUM].cast("Q")
    except (OSError, ValueError, TypeError):  # an empty or a cut file
        return _Postings()
    finally:
        os.close(descriptor)
    if coverage.edition != _EDITION or len(places) != 2 * coverage.entries or not coverage.holds_for(file):
        return _Postings()
    return _Postings(coverage, places[: coverage.entries], places[coverage.entries :])


class _Scan:
    """Adds the lines that an index does not cover to it.

    Of an SOP and of a sequence of letter numbers only the highest number is asked, so of their lines only those are
    added that have a higher one than all before.
    """

    def __init__(self, file: BinaryIO, postings: _Postings) -> None:
        self._file, self._postings = file, postings
        self._offices = OfficeChanges(postings.coverage.office)
        self._highest: dict[str, int] = {}

    def run(self) -> _Postings:
        """Read to the end of the last whole line."""
        before, last, added = self._postings.coverage, b"", list[tuple[str, int]]()
        covered = before.covered
        for text in self._whole_lines(covered):
            fields = _KeyFields.read(text)
            added += [(key, covered) for key in fields.keys if self._is_wanted(key, fields)]
            covered, last = covered + len(text), text
        if not last:
            return self._postings
        begins, digest = covered - len(last), ledger.hash_line(last[:-1])
        coverage = replace(before, covered=covered, last=begins, digest=digest, office=self._offices.named)
        return self._postings.added(added, coverage)

    def _whole_lines(self, begins: int) -> Iterator[bytes]:
        """The lines from a place on, read in blocks, for between two of them other lines may be read."""
        while True:
            self._file.seek(begins)
            texts = self._file.readlines(_BLOCK)
            if texts and not texts[-1].endswith(b"\n"):
                texts.pop()
            if not texts:
                return
            yield from texts
            begins += sum(map(len, texts))

    def _is_wanted(self, key: str, fields: _KeyFields) -> bool:
        if key == OFFICE:
            return self._offices.follow(fields.kind, fields.office)
        return not key.startswith(("sop:", "sequence:")) or self._is_higher(key, fields.number)

    def _is_higher(self, key: str, number: int) -> bool:
        before = self._highest.get(key)
        if before is None:
            texts = (ledger_file.read_line_at(self._file, place) for place in self._postings.places(key, newest=True))
            before = max((_KeyFields.read(text).number for text in texts), default=0)
        self._highest[key] = max(before, number)
        return number > before
