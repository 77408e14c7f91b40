"""`bundle ID`: everything of a case in one zip that proves itself to an inspector who has no sopctl.

It holds the case and those that it called, their Word files and attachments, the SOP versions, the office's file with
the calendar in force and every version of it by which their events were recorded, their lines of the ledger and of the
register, and a verifier that is one file of plain Python. Same record, same bytes: the times in the zip are those of
the last event.

Whoever has a bundle in hands can make all of it anew. What ties it to the office is its fingerprint, or that the office
compares it with its record (`returned`).
"""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from importlib.resources import files as resources
from io import BytesIO
from pathlib import Path

import msgspec
from msgspec import Struct

from sopctl.audit import periksa
from sopctl.audit.anchor import anchor
from sopctl.audit.numbers import Kept
from sopctl.audit.verify import LARGEST, verify
from sopctl.engine.case import Case
from sopctl.engine.events import Called, Migrated, first_version
from sopctl.errors import DamagedError, UsageError
from sopctl.office.model import Office
from sopctl.store import disk
from sopctl.store.files import cases, ledger, register
from sopctl.store.files.ledger import EventLine, LedgerLine, MendLine, NumberLine
from sopctl.store.outputs import check_output_path, private_mode, write_output
from sopctl.store.record import Record
from sopctl.worktime.national import national_holidays

README = """Bundel berkas {ids}

Isi: berkas/ (catatan peristiwa), data/ (dokumen Word dan lampiran), sop/ (SOP yang berlaku), kantor/
(sopctl.yaml yang berlaku saat setiap catatan dibuat: siapa yang berwenang), sopctl.yaml dan kalender.json (jam kerja
dan hari libur), buku-besar.jsonl dan agenda.jsonl (baris buku besar dan buku agenda).

Memeriksa: python periksa.py      (Python 3.9 atau lebih baru, tanpa pemasangan apa pun)

Pemeriksaan itu menghitung ulang rantai catatan, membandingkan setiap dokumen, lampiran dan SOP dengan catatannya,
setiap catatan dengan baris buku besarnya, dan nomor surat dengan buku agenda. Hasilnya: isi bundel ini cocok satu sama
lain.

Yang tidak dapat dibuktikan oleh bundel sendiri: bahwa isinya catatan kantor. Siapa pun yang pernah memegang bundel ini
dapat menyusun ulang seluruhnya, termasuk periksa.py dan jangkar pada manifest.json. Karena itu:

1. Bandingkan sidik bundel yang dicetak periksa.py (sha256 dari manifest.json) dengan sidik yang dicatat atau
   disebutkan kantor saat menyerahkannya, misalnya dalam berita acara.
2. Atau bawa bundel ini kembali ke kantor dan mintalah menjalankan di hadapan Anda:  sopctl verify NAMA-BUNDEL.zip
   Perintah itu membandingkan setiap catatan dan setiap baris buku besar di sini dengan yang ada di kantor.
3. Bahwa kantor tidak menyusun ulang catatannya sendiri diperiksa di kantor, dengan jangkar yang disimpan di luar
   kantor:  sopctl verify --anchor
"""


class Bundled(Struct, frozen=True, kw_only=True):
    """The bundle that was written: its path, the sha256 of its manifest (which names every file), the cases in it."""

    path: str
    fingerprint: str
    ids: tuple[str, ...]
    files: int


def bundle(record: Record, id: str, target: Path | None) -> Bundled:
    """Write the bundle of a case; by default `<id>-bundel.zip` where one stands.

    Raises:
        DamagedError: where the case is not as it was recorded: a bundle of it would not prove anything.
        UsageError: where the target is there already, or may not be written.
    """
    found = [*_with_called(record, record.store.find_id(id))]
    for case in found:
        findings = verify(record, case.id).findings
        if findings:
            raise DamagedError(f"Berkas {case.id} tidak utuh: {findings[0].message}", code="not_intact")
    path = check_output_path(record, target or Path(f"{found[0].id}-bundel.zip"), "--out", ".zip")
    if path.exists():
        raise UsageError(f"{path} sudah ada; sebutkan nama lain dengan --out BERKAS.zip.", code="file_exists")
    ids = tuple(case.id for case in found)
    lines = dict(_lines(record, {*ids}))
    parts = dict(_parts(record, found, lines.values()))
    parts[periksa.MANIFEST] = manifest = _manifest(record, ids, lines.keys(), parts)
    _proves_itself(parts)
    write_output(path, [_zipped(parts, max(case.state.last for case in found))], mode=private_mode(record))
    return Bundled(path=str(path), fingerprint=sha256(manifest).hexdigest(), ids=ids, files=len(parts) - 1)


def calendar_of(office: Office, first: int, last: int) -> bytes:
    """The days off of some years by date, looked up anew: a cache beside the record may say anything."""
    calendar = office.calendar(national_holidays)
    every = (date(first, 1, 1) + timedelta(days=number) for number in range(366 * (last - first + 1)))
    days = {str(day): name for day in every if day.year <= last and (name := calendar.holiday(day))}
    return msgspec.json.format(msgspec.json.encode({"timezone": office.timezone, "holidays": days})) + b"\n"


def _proves_itself(parts: dict[str, bytes]) -> None:
    """Let the bundle's own verifier look at it before it is written.

    Raises:
        DamagedError: where it finds something: the record does not fit, or changed in the middle of this.
    """
    wrong = next(periksa.faults(periksa.bundled(parts)), None)
    if wrong is not None:
        raise DamagedError(
            f"Bundel tidak ditulis, karena isinya tidak cocok: {wrong}. Ulangi perintah ini; bila tetap begitu, "
            "periksa dengan sopctl verify.",
            code="not_intact",
        )


def _with_called(record: Record, id: str) -> Iterator[Case]:
    """The case, then those that did its steps, and theirs; each once, whatever the events say."""
    waiting, seen = [id], {id}
    while waiting:
        case = record.load_case(waiting.pop(0))
        yield case
        called = [event.child for event in case.instance.events if isinstance(event, Called) and event.child]
        waiting += [child for child in dict.fromkeys(called) if child not in seen]
        seen.update(called)


def _parts(record: Record, found: list[Case], lines: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    workspace = record.workspace
    ids = {case.id for case in found}
    yield "BACA-DAHULU.txt", README.format(ids=", ".join(sorted(ids))).encode()
    yield "periksa.py", verifier()
    yield workspace.office.name, disk.read_file(workspace.office, limit=LARGEST)
    yield "kalender.json", calendar_of(record.office, *years(found))
    for case in found:
        yield f"berkas/{case.id}.json", disk.read_file(cases.path_of(workspace.instances, case.id), limit=LARGEST)
        for version in sorted(_versions(case)):
            yield f"sop/{version}.yaml", record.store.read_sop_text(version)
        for office in sorted({line.office for line in ledger.find_event_lines(workspace.ledger, case.id)} - {""}):
            yield f"kantor/{office}.yaml", record.store.read_office_text(office)
        for _, file in Kept.of(case).files:
            yield file.path, disk.read_file(workspace.root / file.path, limit=LARGEST)
    yield "buku-besar.jsonl", b"".join(line + b"\n" for line in lines)
    yield (
        "agenda.jsonl",
        b"".join(register.encode_entry(entry) for entry in record.store.read_register() if entry.id in ids),
    )


def verifier() -> bytes:
    """The verifier that a bundle carries."""
    return (resources("sopctl.audit") / "periksa.py").read_bytes()


def _lines(record: Record, ids: set[str]) -> Iterator[tuple[int, bytes]]:
    """The lines of the ledger about some cases, with their numbers."""
    for read in ledger.read_lines(record.workspace.ledger):
        if read.line is not None and _speaks_of(read.line, ids):
            yield read.number, read.text


def _speaks_of(line: LedgerLine, ids: set[str]) -> bool:
    match line:
        case EventLine():
            return line.case in ids
        case NumberLine():
            return line.entry.id in ids
        case MendLine():
            return not ids.isdisjoint(line.cases)


def _versions(case: Case) -> set[str]:
    events = case.instance.events
    moved = {event.version for event in events if isinstance(event, Migrated)}
    return {first_version(case.instance.version, events), *moved}


def years(found: list[Case]) -> tuple[int, int]:
    """The first and the last year in which the cases ran."""
    return min(case.state.started for case in found).year, max(case.state.last for case in found).year


def _manifest(record: Record, ids: tuple[str, ...], lines: Iterable[int], parts: dict[str, bytes]) -> bytes:
    said = {
        "schema": 1,
        "ids": ids,
        "anchor": anchor(record).text,
        "ledger": list(lines),
        "files": {name: sha256(data).hexdigest() for name, data in sorted(parts.items())},
    }
    return msgspec.json.format(msgspec.json.encode(said)) + b"\n"


def _zipped(parts: dict[str, bytes], at: datetime) -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in sorted(parts.items()):
            part = zipfile.ZipInfo(name, at.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            out.writestr(part, data)
    return whole.getvalue()
