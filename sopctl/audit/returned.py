"""`verify BUNDLE.zip`: a bundle that comes back to the office is compared with the office's own record.

What a bundle says of itself anybody can make anew; that its events and lines are those of the ledger only the office
can say. Files that no event vouches for are told where they differ from what the office would put into a bundle today:
an office file or a calendar may have changed since.
"""

import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from sopctl.audit import periksa
from sopctl.audit.bundle import calendar_of, verifier
from sopctl.audit.verify import LARGEST as LARGEST_FILE
from sopctl.audit.witness import numbers
from sopctl.errors import DamagedError
from sopctl.store import disk
from sopctl.store.files import ledger
from sopctl.store.files.ledger import EventLine
from sopctl.store.record import Record

LARGEST = 2_000_000_000
"""Bytes of a bundle that is read at all."""

MANY_YEARS = 100
"""Years that no case runs for."""


class Since(Struct, frozen=True):
    """A case of the bundle: how many events it has there, and how many more the record has now."""

    id: str
    events: int
    since: int


class Returned(Struct, frozen=True, kw_only=True):
    """What became of the comparison; ``findings`` are where the bundle is not the record, ``notices`` worth knowing."""

    path: str
    fingerprint: str
    cases: tuple[Since, ...]
    events: int
    lines: int
    findings: tuple[str, ...]
    notices: tuple[str, ...]


def is_bundle(path: Path) -> bool:
    """Whether a file is a bundle, or says by its name that it may be one."""
    if path.suffix.lower() == ".zip":
        return True
    try:
        with zipfile.ZipFile(path) as file:
            return periksa.MANIFEST in file.namelist()
    except periksa.UNREADABLE:
        return False


def returned(record: Record, path: Path) -> Returned:
    """Compare a bundle with itself and with the record.

    Raises:
        DamagedError: where the file is no bundle.
    """
    with disk.translate_errors(path):
        size = path.stat().st_size
    try:
        if size > LARGEST:
            raise ValueError(size)
        bundle = periksa.opened(path)
    except periksa.UNREADABLE as error:
        raise DamagedError(f"{path.name} bukan bundel sopctl yang utuh ({error}).", code="bundle") from error
    own = tuple(f"Di dalam bundel: {fault}." for fault in periksa.faults(bundle))
    cases, lines = _read(bundle)
    known = _Excerpt.of(record, {case.id for case in cases}, {line.number for line in lines} | {_anchored(bundle)[0]})
    findings = (*own, *known.faults, *_lines(known, lines), *_anchor(known, bundle), *_events(known, cases))
    return Returned(
        path=str(path),
        fingerprint=bundle.fingerprint,
        cases=tuple(
            Since(case.id, len(case.texts), len(known.heads.get(case.id, {})) - len(case.texts)) for case in cases
        ),
        events=sum(len(case.texts) for case in cases),
        lines=len(lines),
        findings=tuple(findings),
        notices=tuple(_unvouched(record, bundle, cases)),
    )


class _Excerpt(Struct, frozen=True):
    """What the ledger has of some cases and lines: the hash of each event by its number, the text of each line."""

    heads: dict[str, dict[int, str]]
    texts: dict[int, bytes]
    faults: tuple[str, ...]

    @classmethod
    def of(cls, record: Record, ids: set[str], wanted: set[int]) -> "_Excerpt":
        """Read the ledger once."""
        heads: dict[str, dict[int, str]] = {}
        texts: dict[int, bytes] = {}
        broken: list[int] = []
        previous = ""
        for read in ledger.read_lines(record.workspace.ledger):
            broken += [fault.number for fault in ledger.find_faults(read, previous)]
            previous = ledger.hash_line(read.text)
            if read.number in wanted:
                texts[read.number] = read.text
            if isinstance(read.line, EventLine) and read.line.case in ids:
                heads.setdefault(read.line.case, {})[read.line.revision] = read.line.head
        found = f"Buku besar kantor sendiri tidak utuh pada baris {numbers(broken)}; periksa dengan sopctl verify."
        return cls(heads, texts, (found,) if broken else ())


def _read(bundle: periksa.Bundle) -> tuple[list[periksa.Case], list[periksa.Line]]:
    """The cases and lines of a bundle, as far as they can be read: what cannot is told with the bundle itself."""
    cases: list[periksa.Case] = []
    for name in sorted(bundle.parts):
        if name.startswith("berkas/"):
            try:
                cases.append(periksa.case_of(bundle.parts[name]))
            except periksa.WRONG:
                continue
    try:
        return cases, periksa.ledger_of(bundle.parts["buku-besar.jsonl"], bundle.manifest["ledger"])
    except periksa.WRONG:
        return cases, []


def _lines(record: _Excerpt, lines: list[periksa.Line]) -> Iterator[str]:
    other = [line.number for line in lines if record.texts.get(line.number) != line.text.encode()]
    if other:
        yield f"Baris buku besar {numbers(other)} dalam bundel bukan baris itu dalam buku besar kantor."


def _anchor(record: _Excerpt, bundle: periksa.Bundle) -> Iterator[str]:
    number, head = _anchored(bundle)
    if number not in record.texts or ledger.hash_line(record.texts[number]) != head:
        yield f"Jangkar dalam bundel (baris {number}) bukan keadaan buku besar kantor."


def _anchored(bundle: periksa.Bundle) -> tuple[int, str]:
    """The line and the hash that the bundle says the ledger ended with; line 0 where it says none."""
    try:
        _, number, head = bundle.manifest["anchor"].split()
        return int(number), head
    except periksa.WRONG:
        return 0, ""


def _events(record: _Excerpt, cases: list[periksa.Case]) -> Iterator[str]:
    for case in cases:
        heads = record.heads.get(case.id, {})
        if not heads:
            yield f"Berkas {case.id} tidak ada dalam buku besar kantor."
            continue
        texts = enumerate(case.texts, 1)
        other = [number for number, text in texts if heads.get(number) != sha256(text.encode()).hexdigest()]
        if other:
            yield f"Catatan nomor {numbers(other)} berkas {case.id} bukan yang dicatat kantor."


def _unvouched(record: Record, bundle: periksa.Bundle, cases: list[periksa.Case]) -> Iterator[str]:
    """The files of a bundle that no event vouches for, where they are not what the office has now."""
    office = record.workspace.office
    now = {"periksa.py": verifier(), office.name: disk.read_file(office, limit=LARGEST_FILE)}
    years = _years(cases)
    if years is not None:
        now["kalender.json"] = calendar_of(record.office, *years)
    other = [name for name, data in now.items() if bundle.parts.get(name, data) != data]
    if other:
        yield (
            f"{', '.join(other)} dalam bundel bukan yang ada di kantor sekarang: berubah sejak bundel dibuat, atau "
            "diganti. Hanya sidik bundel yang menjaganya."
        )


def _years(cases: list[periksa.Case]) -> tuple[int, int] | None:
    """The first and the last year in which the cases ran; None where no event says it."""
    try:
        found = [int(event["at"][:4]) for case in cases for event in case.events]
    except periksa.WRONG:
        return None
    return (min(found), max(found)) if found and max(found) - min(found) < MANY_YEARS else None
