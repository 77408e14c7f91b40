"""`bundle ID`: everything of a case in one zip that an inspector can verify without sopctl.

It holds the case and those that it called, their Word files and attachments, the SOP versions, the office's file with
the calendar in force and every version of it by which their events were recorded, their lines of the ledger and of the
register, and a verifier that is one file of plain Python. Same record, same bytes: the files in the zip bear no clock's
time.

Whoever holds a bundle can make all of it anew. What ties it to the office is its fingerprint, or that the office
compares it with its record (`returned_bundle`).
"""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import msgspec
from msgspec import Struct

from sopctl.audit import periksa
from sopctl.audit.anchor import take_anchor
from sopctl.audit.audited_case import AuditedCase
from sopctl.audit.file_hashes import open_recorded_file
from sopctl.audit.verify import verify
from sopctl.engine.case import Case
from sopctl.engine.events import Called
from sopctl.errors import DamagedError, UsageError
from sopctl.office.model import Office
from sopctl.store import disk, ledger
from sopctl.store.case_search import find_case
from sopctl.store.file_paths import LARGEST_FILE
from sopctl.store.ledger import AccountLine, LoggedEvent, MendLine, NumberLine, OfficeLine, PassingLine
from sopctl.store.outputs import check_output_path, private_mode, write_output
from sopctl.store.record import Record
from sopctl.store.register import encode_entry
from sopctl.worktime.national import national_holidays


class WrittenBundle(Struct, frozen=True, kw_only=True):
    """The bundle that was written: its path, the sha256 of its manifest (which names every file), the cases in it.

    ``notices`` are those that BACA-DAHULU.txt tells: events by a `sopctl.yaml` that the office did not accept.
    """

    path: str
    fingerprint: str
    ids: tuple[str, ...]
    files: int
    notices: tuple[str, ...] = ()


def write_bundle(record: Record, id: str, target: Path | None) -> WrittenBundle:
    """Write the bundle of a case; by default as `<id>-bundel.zip` in the current folder.

    Raises:
        DamagedError: where the case is not as it was recorded: a bundle of it would not prove anything.
        UsageError: where the target is there already, or may not be written.
    """
    found = [*_case_and_called(record, find_case(record, id))]
    notices: list[str] = []
    for case in found:
        findings = verify(record, case.id, whole_ledger=True).findings
        notices += [finding.message for finding in findings if finding.kind == "unaccepted"]
        if wrong := next((finding for finding in findings if finding.kind != "unaccepted"), None):
            raise DamagedError(f"Berkas {case.id} tidak utuh: {wrong.message}", code="not_intact", advice=wrong.advice)
    path = check_output_path(record, target or Path(f"{found[0].id}-bundel.zip"), "bundle", ".zip")
    if path.exists():
        raise UsageError(f"{path} sudah ada.", code="file_exists", advice="other_bundle")
    ids = tuple(case.id for case in found)
    whole = record.whole_store.open_ledger()
    offices = {line.office for id in ids for line in ledger.find_event_lines(whole, id)} - {""}
    lines = dict(_ledger_lines(record, {*ids}, offices, _letters(found)))
    parts = dict(_parts(record, found, offices, lines.values()))
    parts["BACA-DAHULU.txt"] += "".join(f"\nPenting: {notice}\n" for notice in notices).encode()
    parts[periksa.MANIFEST] = manifest = _manifest(record, ids, lines.keys(), parts)
    _check_parts(parts)
    write_output(path, [_zip(parts)], mode=private_mode(record))
    fingerprint = sha256(manifest).hexdigest()
    return WrittenBundle(path=str(path), fingerprint=fingerprint, ids=ids, files=len(parts) - 1, notices=tuple(notices))


def calendar_of(office: Office, first: int, last: int) -> bytes:
    """The days off of some years by date, as JSON; not from the cache, whose content proves nothing."""
    calendar = office.calendar(national_holidays)
    every = (date(first, 1, 1) + timedelta(days=number) for number in range(366 * (last - first + 1)))
    days = {str(day): name for day in every if day.year <= last and (name := calendar.holiday(day))}
    return msgspec.json.format(msgspec.json.encode({"timezone": office.timezone, "holidays": days})) + b"\n"


def _check_parts(parts: dict[str, bytes]) -> None:
    """Check the parts with the bundle's own verifier before they are written.

    Raises:
        DamagedError: where it finds something: the record does not fit, or was changed meanwhile.
    """
    wrong = next(periksa.faults(periksa.bundled(parts)), None)
    if wrong is not None:
        raise DamagedError(
            f"Bundel tidak ditulis, karena isinya tidak cocok: {wrong}. Ulangi; bila tetap begitu, periksa catatannya.",
            code="not_intact",
            advice="verify",
        )


def _case_and_called(record: Record, id: str) -> Iterator[Case]:
    """The case, then those that it called, and theirs; each once, whatever the events say."""
    queue, seen = [id], {id}
    while queue:
        case = record.load_case(queue.pop(0))
        yield case
        called = [event.child for event in case.instance.events if isinstance(event, Called) and event.child]
        queue += [child for child in dict.fromkeys(called) if child not in seen]
        seen.update(called)


def _parts(
    record: Record, found: list[Case], offices: Iterable[str], lines: Iterable[bytes]
) -> Iterator[tuple[str, bytes]]:
    workspace = record.workspace
    ids = {case.id for case in found}
    years = min(case.state.started for case in found).year, max(case.state.last for case in found).year
    yield "BACA-DAHULU.txt", _read_resource("baca-dahulu.txt").decode().format(ids=", ".join(sorted(ids))).encode()
    yield "periksa.py", verifier()
    yield workspace.office.name, disk.read_file(workspace.office, limit=LARGEST_FILE)
    yield "kalender.json", calendar_of(record.office, *years)
    for case in found:
        summary = AuditedCase.of(case, record.now())
        yield f"berkas/{case.id}.json", record.whole_store.read_case(case.id)
        for version in sorted(summary.versions):
            yield f"sop/{version}.yaml", record.whole_store.read_version("sops", version)
        for file in (one for event in case.instance.events for one in event.files):
            with disk.translate_errors(workspace.root / file.path), open_recorded_file(record, file) as opened:
                yield file.path, opened.read()
    for office in sorted(offices):
        yield f"kantor/{office}.yaml", record.whole_store.read_version("office", office)
    yield "buku-besar.jsonl", b"".join(line + b"\n" for line in lines)
    letters = _letters(found)
    registers = record.whole_store.read_sequences().items()
    entries = [one for name, entries in registers for one in entries if one.id in ids or (name, one.nomor) in letters]
    yield "agenda.jsonl", b"".join(map(encode_entry, entries))


def verifier() -> bytes:
    """The verifier that a bundle carries."""
    return _read_resource("periksa.py")


def _read_resource(name: str) -> bytes:
    return (files("sopctl.audit") / name).read_bytes()


def _letters(found: Iterable[Case]) -> set[tuple[str, str]]:
    """The incoming letters that the cases answer, by their sequence and number."""
    return {(letter.sequence, letter.nomor) for case in found if (letter := case.state.agenda)}


def _ledger_lines(
    record: Record, ids: set[str], offices: set[str], letters: set[tuple[str, str]]
) -> Iterator[tuple[int, bytes]]:
    """The lines of the ledger about some cases, office files and incoming letters, and those that accept one of them.

    Each has its number.
    """
    taken: set[int] = set()
    for read in record.whole_store.open_ledger().read_lines():
        accepts = isinstance(read.line, MendLine) and not taken.isdisjoint(read.line.accepted)
        if read.line is not None and (accepts or _is_about(read.line, ids, offices, letters)):
            taken.add(read.number)
            yield read.number, read.text


def _is_about(line: PassingLine, ids: set[str], offices: set[str], letters: set[tuple[str, str]]) -> bool:
    match line:
        case LoggedEvent():
            return line.case in ids
        case NumberLine():
            return line.entry.id in ids or (line.sequence, line.entry.nomor) in letters
        case OfficeLine():
            return line.office in offices
        case AccountLine():
            return False
        case MendLine():
            return not ids.isdisjoint(line.cases)


def _manifest(record: Record, ids: tuple[str, ...], lines: Iterable[int], parts: dict[str, bytes]) -> bytes:
    manifest = {
        "schema": 1,
        "ids": ids,
        "anchor": take_anchor(record).text,
        "ledger": list(lines),
        "files": {name: sha256(data).hexdigest() for name, data in sorted(parts.items())},
    }
    return msgspec.json.format(msgspec.json.encode(manifest)) + b"\n"


def _zip(parts: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in sorted(parts.items()):
            part = zipfile.ZipInfo(name)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            out.writestr(part, data)
    return target.getvalue()
