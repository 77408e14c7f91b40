"""`bundle ID`: everything of a case in one zip that proves itself to an inspector who has no sopctl.

It holds the case and those that it called, their Word files and attachments, the SOP versions, the office's file
with the calendar in force and every version of it by which their events were recorded, their lines of the ledger and of
the register, and a verifier that is one file of plain Python. Same record, same bytes: the times in the zip are those
of the last event.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from importlib.resources import files as resources
from io import BytesIO
from pathlib import Path

import msgspec
from msgspec import Struct

from sopctl.desk.desk import Desk
from sopctl.desk.trust.anchor import anchor
from sopctl.desk.trust.letters import Kept
from sopctl.desk.trust.verify import LARGEST, verify
from sopctl.engine.case import Case
from sopctl.engine.events import Called, Migrated, opened_with
from sopctl.errors import DamagedError, UsageError
from sopctl.store import cases, files, ledger, register

README = """Bundel berkas {ids}

Isi: berkas/ (catatan peristiwa), data/ (dokumen Word dan lampiran), sop/ (SOP yang berlaku), kantor/
(sopctl.yaml yang berlaku saat setiap catatan dibuat: siapa yang berwenang), sopctl.yaml dan kalender.json (jam kerja
dan hari libur), buku-besar.jsonl dan agenda.jsonl (baris buku besar dan buku agenda).

Memeriksa: python periksa.py      (Python 3.8 atau lebih baru, tanpa pemasangan apa pun)

Pemeriksaan menghitung ulang rantai catatan, membandingkan setiap dokumen, lampiran dan SOP dengan catatannya, dan
setiap catatan dengan buku besar kantor. Yang tidak dapat dibuktikan oleh bundel sendiri: bahwa kantor tidak menyusun
ulang seluruh catatannya. Untuk itu bandingkan jangkar pada manifest.json dengan jangkar yang disimpan di luar kantor:
sopctl verify --anchor.
"""


class Bundled(Struct, frozen=True, kw_only=True):
    """The bundle that was written: its path, the sha256 of its manifest (which names every file), the cases in it."""

    path: str
    fingerprint: str
    ids: tuple[str, ...]
    files: int


def bundle(desk: Desk, id: str, target: Path | None) -> Bundled:
    """Write the bundle of a case; by default `<id>-bundel.zip` where one stands.

    Raises:
        DamagedError: where the case is not as it was recorded: a bundle of it would not prove anything.
        UsageError: where the target is there already.
    """
    found = [*_with_called(desk, desk.store.matching(id))]
    for case in found:
        findings = verify(desk, case.id).findings
        if findings:
            raise DamagedError(f"Berkas {case.id} tidak utuh: {findings[0].message}", code="not_intact")
    path = target or Path(f"{found[0].id}-bundel.zip")
    if path.exists():
        raise UsageError(f"{path} sudah ada; sebutkan nama lain dengan --out BERKAS.zip.", code="file_exists")
    parts = dict(_parts(desk, found))
    manifest = _manifest(desk, found, parts)
    files.replace(path, _zipped({"manifest.json": manifest, **parts}, max(case.state.last for case in found)))
    ids = tuple(case.id for case in found)
    return Bundled(path=str(path), fingerprint=sha256(manifest).hexdigest(), ids=ids, files=len(parts))


def _with_called(desk: Desk, id: str) -> Iterator[Case]:
    """The case, then those that did its steps, and theirs."""
    case = desk.case(id)
    yield case
    called = {event.child: None for event in case.instance.events if isinstance(event, Called) and event.child}
    for child in called:
        yield from _with_called(desk, child)


def _parts(desk: Desk, found: list[Case]) -> Iterator[tuple[str, bytes]]:
    workspace = desk.workspace
    ids = {case.id for case in found}
    yield "BACA-DAHULU.txt", README.format(ids=", ".join(sorted(ids))).encode()
    yield "periksa.py", (resources("sopctl.desk.trust") / "periksa.py").read_bytes()
    yield workspace.office.name, files.read(workspace.office, limit=LARGEST)
    yield "kalender.json", _calendar(desk, found)
    for case in found:
        yield f"berkas/{case.id}.json", files.read(cases.file_of(workspace.instances, case.id), limit=LARGEST)
        for version in sorted(_versions(case)):
            yield f"sop/{version}.yaml", desk.store.version(version)
        for office in sorted({line.office for line in ledger.lines_of(workspace.ledger, case.id)} - {""}):
            yield f"kantor/{office}.yaml", desk.store.office(office)
        for _, file in Kept.of(case).files:
            yield file.path, files.read(workspace.root / file.path, limit=LARGEST)
    lines = [line for case in found for line in ledger.texts_of(workspace.ledger, case.id)]
    yield "buku-besar.jsonl", b"".join(line + b"\n" for line in lines)
    yield "agenda.jsonl", b"".join(register.line(entry) for entry in desk.store.entries() if entry.id in ids)


def _versions(case: Case) -> set[str]:
    events = case.instance.events
    moved = {event.version for event in events if isinstance(event, Migrated)}
    return {opened_with(case.instance.version, events), *moved}


def _calendar(desk: Desk, found: list[Case]) -> bytes:
    """The days off of the years in which the cases ran, by date."""
    first = min(case.state.started for case in found).year
    last = max(case.state.last for case in found).year
    every = (date(first, 1, 1) + timedelta(days=number) for number in range(366 * (last - first + 1)))
    days = {str(day): name for day in every if (name := desk.calendar.holiday(day))}
    return msgspec.json.format(msgspec.json.encode({"timezone": desk.office.timezone, "holidays": days})) + b"\n"


def _manifest(desk: Desk, found: list[Case], parts: dict[str, bytes]) -> bytes:
    said = {
        "schema": 1,
        "ids": [case.id for case in found],
        "anchor": anchor(desk).text,
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
