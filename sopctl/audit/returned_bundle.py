"""`verify BUNDLE.zip`: compares a bundle that came back with the office's own record.

It is kept because nothing else shows that a bundle is of this office: whoever holds one can make all of it anew, its
verifier and fingerprint included, so that only a comparison with the ledger finds the forgery. BACA-DAHULU.txt in every
bundle tells inspectors to ask for it. Files that no event vouches for may have changed since in the office; where they
differ that is a notice.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from sopctl.audit import periksa
from sopctl.audit.backup_archive import holds_part
from sopctl.audit.bundle import calendar_of, verifier
from sopctl.audit.findings import format_numbers
from sopctl.audit.ledger_summary import LedgerSummary, summarize_ledger
from sopctl.errors import DamagedError
from sopctl.store import disk, ledger
from sopctl.store.file_paths import LARGEST_FILE
from sopctl.store.record import Record

LARGEST = 2_000_000_000
"""Bytes of a bundle that is read at all."""

MANY_YEARS = 100
"""Years that no case runs for."""


class BundledCase(Struct, frozen=True):
    """A case of the bundle: how many events it has there, and how many more the record has now."""

    id: str
    events: int
    since: int


class BundleComparison(Struct, frozen=True, kw_only=True):
    """Where the bundle is not the record (``findings``), and what is worth knowing (``notices``)."""

    path: str
    fingerprint: str
    cases: tuple[BundledCase, ...]
    events: int
    lines: int
    findings: tuple[str, ...]
    notices: tuple[str, ...]


def is_bundle(path: Path) -> bool:
    """Whether a file is a bundle, or says by its name that it may be one."""
    return path.suffix.lower() == ".zip" or holds_part(path, periksa.MANIFEST)


def compare_bundle(record: Record, path: Path) -> BundleComparison:
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
    cases, lines = _read(bundle)
    recorded = summarize_ledger(record.whole_store.open_ledger())
    return BundleComparison(
        path=str(path),
        fingerprint=bundle.fingerprint,
        cases=tuple(
            BundledCase(case.id, len(case.texts), len(recorded.cases.get(case.id, [])) - len(case.texts))
            for case in cases
        ),
        events=sum(len(case.texts) for case in cases),
        lines=len(lines),
        findings=(
            *(f"Di dalam bundel: {fault}." for fault in periksa.faults(bundle)),
            *_compare_lines(record, recorded, bundle, lines),
            *_compare_events(recorded, cases),
        ),
        notices=tuple(_compare_unrecorded_files(record, bundle, cases)),
    )


def _read(bundle: periksa.Bundle) -> tuple[list[periksa.CaseFile], list[periksa.ChainLine]]:
    """The cases and lines of a bundle that can be read; `periksa.faults` reports the others."""
    cases: list[periksa.CaseFile] = []
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


def _compare_lines(
    record: Record, recorded: LedgerSummary, bundle: periksa.Bundle, lines: list[periksa.ChainLine]
) -> Iterator[str]:
    """The office's own ledger, the lines of the bundle against it, and the bundle's anchor."""
    if recorded.faults:
        numbers = format_numbers(fault.number for fault in recorded.faults)
        yield f"Buku catatan kantor sendiri tidak utuh pada baris {numbers}."
    anchored, head = _anchor_of(bundle)
    wanted = {anchored, *(line.number for line in lines)}
    texts = record.whole_store.open_ledger().read_texts(wanted)
    other = [line.number for line in lines if texts.get(line.number) != line.text.encode()]
    if other:
        yield f"Baris buku catatan {format_numbers(other)} dalam bundel bukan baris itu dalam buku catatan kantor."
    if anchored not in texts or ledger.hash_line(texts[anchored]) != head:
        yield f"Sidik catatan dalam bundel (baris {anchored}) bukan keadaan buku catatan kantor."


def _anchor_of(bundle: periksa.Bundle) -> tuple[int, str]:
    """The number and hash of the ledger's last line when the bundle was made; line 0 where it names none."""
    try:
        _, number, head = bundle.manifest["anchor"].split()
        return int(number), head
    except periksa.WRONG:
        return 0, ""


def _compare_events(recorded: LedgerSummary, cases: list[periksa.CaseFile]) -> Iterator[str]:
    for case in cases:
        heads = {one.revision: one.head for one in recorded.cases.get(case.id, [])}
        if not heads:
            yield f"Berkas {case.id} tidak ada dalam buku catatan kantor."
            continue
        texts = enumerate(case.texts, 1)
        other = [number for number, text in texts if heads.get(number) != sha256(text.encode()).hexdigest()]
        if other:
            yield f"Catatan nomor {format_numbers(other)} berkas {case.id} bukan yang dicatat kantor."


def _compare_unrecorded_files(record: Record, bundle: periksa.Bundle, cases: list[periksa.CaseFile]) -> Iterator[str]:
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


def _years(cases: list[periksa.CaseFile]) -> tuple[int, int] | None:
    """The first and the last year in which the cases ran; None where no event says it."""
    try:
        found = [int(event["at"][:4]) for case in cases for event in case.events]
    except periksa.WRONG:
        return None
    return (min(found), max(found)) if found and max(found) - min(found) < MANY_YEARS else None
