"""Memeriksa bundel sebuah berkas SOP tanpa sopctl: cukup Python 3.9 atau lebih baru, tanpa pustaka lain.

    python periksa.py [BUNDEL.zip]

The one file of a bundle that an inspector runs. It recomputes the chain of events, compares every file with the sha256
in its event, the SOP with the version that the case names, the case with the lines of the office's ledger, and the
numbers on letters with the register. All of that shows whether the bundle fits itself, never that it is the office's:
whoever had it in hands can make all of it anew, this file too. For that its fingerprint is compared with the one that
the office tells, or the office asks its own record: `sopctl verify BUNDEL.zip`.

JSON is taken apart by its structure, and a key that stands twice is refused: what is hashed is what is printed.

Exit code 0: all of it fits; 1: something does not; 2: this is no bundle.
"""

# ruff: noqa: B905, T201 — it prints, and it runs on Pythons older than this project's

from __future__ import annotations

import hashlib
import json
import re
import sys
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

LARGEST = 300_000_000
ALWAYS = ("BACA-DAHULU.txt", "periksa.py", "sopctl.yaml", "kalender.json", "buku-besar.jsonl", "agenda.jsonl")
MANIFEST = "manifest.json"
MOVES = {"approved", "rejected", "decided", "completed", "skipped"}

WRONG = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
"""What a text that is not what it should be brings about."""

UNREADABLE = (*WRONG, OSError, RuntimeError, NotImplementedError, EOFError, zipfile.BadZipFile, zlib.error)
"""The same for a file."""


class Bundle(NamedTuple):
    """The files of a bundle by their names, its list of them, and the names that stand in the zip twice."""

    parts: dict[str, bytes]
    manifest: dict[str, Any]
    doubles: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """The sha256 of the list, which names every file with its own."""
        return sha256(self.parts[MANIFEST])


class CaseFile(NamedTuple):
    """A case: its envelope, its events, and each event letter by letter as its hash was made of it."""

    stored: dict[str, Any]
    events: list[dict[str, Any]]
    texts: list[str]

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.stored["id"])

    @property
    def first(self) -> str:
        """The SOP version that it was opened with."""
        moved = [event for event in self.events if event["kind"] == "migrated"]
        return str(moved[0]["before"] if moved else self.stored["version"])


class ChainLine(NamedTuple):
    """A line of the ledger: its number in the office's ledger, its text, what it says, and its values as texts."""

    number: int
    text: str
    said: dict[str, Any]
    values: dict[str, str]


def main(arguments: list[str]) -> int:
    """Check the bundle that is named, or the one that this file was unpacked from."""
    place = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        bundle = opened(place)
    except UNREADABLE as error:
        say(f"{place} bukan bundel sopctl yang utuh ({error}).")
        return 2
    for name in sorted(bundle.parts):
        if name.startswith("berkas/"):
            with suppress(*WRONG):  # what cannot be read is told below
                story(case_of(bundle.parts[name]))
    with suppress(*WRONG):
        mended(ledger_of(bundle.parts["buku-besar.jsonl"], bundle.manifest["ledger"]))
    say(f"Sidik bundel: {bundle.fingerprint}")
    say(f"Sidik catatan saat bundel dibuat: {bundle.manifest.get('anchor', '-')}")
    found = list(faults(bundle))
    for fault in found:
        say(f"TIDAK COCOK: {fault}")
    if found:
        say(f"{len(found)} hal tidak cocok; bundel ini tidak dapat dipakai sebagai bukti.")
        return 1
    say(
        "Semua cocok di dalam bundel ini. Bahwa isinya catatan kantor: bandingkan sidik di atas dengan yang dicatat "
        "atau disebutkan kantor, atau mintalah kantor menjalankan: sopctl verify BUNDEL.zip"
    )
    return 0


def opened(place: Path) -> Bundle:
    """The bundle in a zip, or in the folder where it was unpacked."""
    if place.is_dir() and not (place / MANIFEST).exists():
        zips = sorted(place.glob("*.zip"))
        place = zips[0] if len(zips) == 1 else place
    parts: dict[str, bytes] = {}
    names: Counter[str] = Counter()
    for name, data in unpacked(place) if place.is_dir() else zipped(place):
        # other systems tell no capitals and no ways to write an accent apart
        names[unicodedata.normalize("NFC", name).casefold()] += 1
        parts[name] = data
    return bundled(parts, tuple(sorted(name for name, times in names.items() if times > 1)))


def bundled(parts: dict[str, bytes], doubles: tuple[str, ...] = ()) -> Bundle:
    """The bundle that these files are."""
    manifest = read(parts[MANIFEST].decode("utf-8"))
    if not (isinstance(manifest["files"], dict) and isinstance(manifest["ids"], list)):
        raise TypeError(MANIFEST)
    return Bundle(parts, manifest, doubles)


def unpacked(place: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a folder."""
    for path in sorted(place.rglob("*")):
        if path.is_file() and path.stat().st_size <= LARGEST:
            yield path.relative_to(place).as_posix(), path.read_bytes()


def zipped(place: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a zip, each as often as it stands there."""
    with zipfile.ZipFile(place) as bundle:
        for part in bundle.infolist():
            if part.file_size > LARGEST:
                raise ValueError(f"{part.filename} terlalu besar")
            if not part.is_dir():
                yield part.orig_filename, bundle.read(part)


def faults(bundle: Bundle) -> Iterator[str]:
    """Everything in a bundle that does not fit the rest of it."""
    parts, manifest = bundle.parts, bundle.manifest
    for name in bundle.doubles:
        yield f"{name} ada dua kali dalam bundel"
    yield from listed(parts, manifest["files"])
    cases: list[CaseFile] = []
    for name in sorted(parts):
        if name.startswith("berkas/"):
            try:
                cases.append(case_of(parts[name]))
            except WRONG as error:
                yield f"{name} tidak terbaca ({why(error)})"
                continue
            if name != f"berkas/{cases[-1].id}.json":
                yield f"{name} sebenarnya berkas {cases[-1].id}"
    yield from guarded("daftar berkas", named(parts, manifest, cases))
    for case in cases:
        yield from guarded(f"berkas {case.stored.get('id')}", one(case, parts))
    yield from guarded("isi bundel", accounted(parts, cases))
    try:
        lines = ledger_of(parts["buku-besar.jsonl"], manifest["ledger"])
        entries = [text for text in split(parts["agenda.jsonl"]) if read(text) is not None]
    except WRONG as error:
        yield f"buku-besar.jsonl atau agenda.jsonl tidak terbaca ({why(error)})"
        return
    yield from guarded("buku catatan", linked(lines, manifest))
    yield from guarded("buku catatan", against_the_ledger(lines, cases, parts))
    yield from guarded("buku agenda", against_the_register(lines, entries, cases))


def guarded(what: str, checks: Iterator[str]) -> Iterator[str]:
    """The faults that checks find; that they cannot be made is one too."""
    try:
        yield from checks
    except WRONG as error:
        yield f"{what} tidak terbaca ({why(error)})"


def why(error: Exception) -> str:
    """What a reader says who stumbled; other errors by their names."""
    return str(error) if isinstance(error, ValueError) else repr(error)


def listed(parts: dict[str, bytes], wanted: dict[str, str]) -> Iterator[str]:
    """What differs from the list of files in the manifest."""
    for name, digest in sorted(wanted.items()):
        if name not in parts:
            yield f"{name} tidak ada dalam bundel"
        elif sha256(parts[name]) != digest:
            yield f"isi {name} bukan yang dibundel"
    for name in sorted(parts):
        if name not in wanted and name != MANIFEST:
            yield f"{name} tidak termasuk bundel ini"
    for name in ALWAYS:
        if name not in wanted:
            yield f"{name} tidak termasuk daftar bundel"


def named(parts: dict[str, bytes], manifest: dict[str, Any], cases: list[CaseFile]) -> Iterator[str]:
    """Whether the cases of the bundle are the ones that it says it is of, and those that they called."""
    ids = manifest["ids"]
    there = [name[len("berkas/") : -len(".json")] for name in parts if re.fullmatch(r"berkas/[^/]+\.json", name)]
    if manifest["schema"] != 1:
        yield f"{MANIFEST} dengan schema {manifest['schema']} tidak dikenal pemeriksa ini"
    if not ids:
        yield "bundel ini tidak memuat satu berkas pun"
    if sorted(ids) != sorted(there):
        yield f"bundel ini seharusnya memuat berkas {', '.join(ids)}; yang ada: {', '.join(sorted(there)) or '-'}"
    called = {event["child"] for case in cases for event in case.events if event["kind"] == "called"} - {""}
    for id in sorted(called - set(ids)):
        yield f"berkas {id}, yang mengerjakan langkah berkas lain di sini, tidak ada dalam bundel"
    for id in ids[1:]:
        if id not in called:
            yield f"berkas {id} tidak dipanggil berkas lain dalam bundel"


def accounted(parts: dict[str, bytes], cases: list[CaseFile]) -> Iterator[str]:
    """Files that nothing in the bundle speaks of, and texts that are not the ones that their names say."""
    known = {MANIFEST, *ALWAYS, *(f"berkas/{case.id}.json" for case in cases)}
    known |= {file["path"] for case in cases for event in case.events for file in files_of(event)}
    known |= {f"sop/{version}.yaml" for case in cases for version in versions(case)}
    for name in sorted(set(parts) - known):
        pinned = re.fullmatch(r"kantor/([0-9a-f]{64})\.yaml", name)
        if pinned is None:
            yield f"{name} tidak disebut catatan mana pun"
        elif sha256(parts[name]) != pinned[1]:
            yield f"{name} diubah"


def one(case: CaseFile, parts: dict[str, bytes]) -> Iterator[str]:
    """What does not fit about one case by itself and with its files."""
    yield from envelope(case)
    yield from chain(case)
    for event in case.events:
        for file in files_of(event):
            if file["path"] not in parts:
                yield f"{file['path']} (catatan nomor {event['number']}) tidak ada dalam bundel"
            elif sha256(parts[file["path"]]) != file["sha256"]:
                yield f"{file['path']} bukan yang dicatat pada catatan nomor {event['number']}"
    for version in sorted(versions(case)):
        if sha256(parts.get(f"sop/{version}.yaml", b"")) != version:
            yield f"teks SOP {version[:12]}… tidak ada atau diubah"


def envelope(case: CaseFile) -> Iterator[str]:
    """Where what the case repeats of its events is not what they say."""
    stored, events = case.stored, case.events
    said: dict[str, Any] = {
        "sop": case.id.rpartition("-")[0],
        "subject": subject(events),
        "fields": fields(events),
        "version": [case.first, *(event["version"] for event in events if event["kind"] == "migrated")][-1],
        "revision": len(events),
    }
    for key, value in said.items():
        if json.dumps(stored[key], sort_keys=True) != json.dumps(value, sort_keys=True):
            yield f"{case.id}: {key} pada berkas bukan menurut catatannya"


def subject(events: list[dict[str, Any]]) -> str:
    """What the case is about: as it was said last."""
    return next((str(event["subject"]) for event in reversed(events) if event.get("subject")), "")


def fields(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The fields that the events add up to; a move that was withdrawn takes back what came with it."""
    found: dict[str, Any] = {}
    earlier: list[dict[str, Any]] = []
    for event in events:
        if event["kind"] == "withdrawn":
            found = earlier.pop()
            continue
        said = event.get("fields", {})
        if event["kind"] in MOVES and not event.get("condition"):
            earlier = [*earlier[-19:], found]
        elif said:
            earlier = [{**one, **said} for one in earlier]
        found = {**found, **said}
    return found


def chain(case: CaseFile) -> Iterator[str]:
    """Where the chain of events breaks."""
    previous = sha256(f"{case.id}\n{case.first}".encode())
    for number, (event, text) in enumerate(zip(case.events, case.texts), 1):
        if event["number"] != number or event["previous"] != previous:
            yield f"{case.id}: rantai putus pada catatan nomor {number}; catatan itu atau yang sebelumnya diubah"
        previous = sha256(text.encode())
    if previous != case.stored["head"]:
        yield f"{case.id}: catatan terakhir diubah, atau catatan sesudahnya dibuang"


def ledger_of(data: bytes, places: list[int]) -> list[ChainLine]:
    """The lines of the ledger, with their numbers there."""
    texts = split(data)
    if len(texts) != len(places) or any(type(place) is not int for place in places):
        raise ValueError(f"{len(texts)} baris, {len(places)} nomor baris")
    return [ChainLine(place, text, read(text), values(text)) for place, text in zip(places, texts)]


def linked(lines: list[ChainLine], manifest: dict[str, Any]) -> Iterator[str]:
    """Where lines of the ledger that follow each other are not chained, or the last is not the one anchored."""
    _, total, head = manifest["anchor"].split()
    before = ChainLine(0, "", {}, {})
    for line in lines:
        previous = line.said["previous"]
        if line.number <= before.number or line.number > int(total):
            yield f"baris buku catatan {line.number} tidak pada tempatnya"
        if not re.fullmatch("[0-9a-f]{64}" if line.number > 1 else "", previous):
            yield f"baris buku catatan {line.number} tidak menyebut baris sebelumnya"
        elif line.number == before.number + 1 and line.number > 1 and previous != sha256(before.text.encode()):
            yield f"rantai buku catatan putus pada baris {line.number}"
        if line.number == int(total) and sha256(line.text.encode()) != head:
            yield f"baris buku catatan {line.number} bukan yang disebut sidik catatan"
        before = line
    for previous, times in Counter(line.said["previous"] for line in lines).items():
        if times > 1:
            yield f"{times} baris buku catatan menyebut baris sebelumnya yang sama ({previous[:12]}…)"


def against_the_ledger(lines: list[ChainLine], cases: list[CaseFile], parts: dict[str, bytes]) -> Iterator[str]:
    """Where the cases differ from the office's ledger, which has one line for each event."""
    events = {(case.id, number): text for case in cases for number, text in enumerate(case.texts, 1)}
    first = {case.id: case.first for case in cases}
    offices = {line.said.get("office") for line in lines if line.said["kind"] == "event"}
    told: Counter[tuple[str, int]] = Counter()
    numbers, again = {line.number for line in lines}, repeats(lines)
    for line in lines:
        kind = line.said["kind"]
        if kind == "event":
            told[line.said["case"], line.said["revision"]] += line.number not in again
            yield from happened(line, events, first, parts)
        elif kind == "mended" and not (first.keys() & line.said["cases"].keys() or numbers & accepted_by(line)):
            yield f"baris buku catatan {line.number} tidak mengenai berkas di sini"
        elif kind == "office" and line.said["office"] not in offices:
            yield f"baris buku catatan {line.number} tidak mengenai catatan di sini"
        elif kind not in {"mended", "number", "office"}:
            yield f"baris buku catatan {line.number} berjenis {kind}, yang tidak dikenal"
    for id, number in sorted({*events, *told}):
        if told[id, number] > 1:
            yield f"{id}: buku catatan memuat catatan nomor {number} sebanyak {told[id, number]} kali"
        elif not told[id, number]:
            yield f"{id}: catatan nomor {number} tidak ada dalam buku catatan"


def accepted_by(line: ChainLine) -> set[int]:
    """The numbers of the lines that the office accepted with a line of doctor --mend, though not added by sopctl."""
    return {*line.said.get("accepted", ())}


def repeats(lines: list[ChainLine]) -> set[int]:
    """The lines that say once more what an earlier one says, and that the office accepted."""
    accepted = {number for line in lines if line.said["kind"] == "mended" for number in accepted_by(line)}
    seen: set[str] = set()
    found: set[int] = set()
    for line in lines:
        said = line.values.get("event") or line.values.get("entry") or ""
        if said in seen and line.number in accepted:
            found.add(line.number)
        seen.add(said)
    return found


def happened(
    line: ChainLine, events: dict[tuple[str, int], str], first: dict[str, str], parts: dict[str, bytes]
) -> Iterator[str]:
    """Where a line of the ledger differs from the event of the case that it tells of."""
    id, number, text = line.said["case"], line.said["revision"], line.values["event"]
    if events.get((id, number)) != text or line.said["head"] != sha256(text.encode()):
        yield f"{id}: catatan nomor {number} berbeda dari buku catatan baris {line.number}"
    if line.said["version"] != first.get(id):
        yield f"{id}: buku catatan baris {line.number} menyebut versi SOP lain"
    office = line.said.get("office", "")
    if office and sha256(parts.get(f"kantor/{office}.yaml", b"")) != office:
        yield f"sopctl.yaml {office[:12]}… dari buku catatan baris {line.number} tidak ada atau diubah"


def against_the_register(lines: list[ChainLine], entries: list[str], cases: list[CaseFile]) -> Iterator[str]:
    """Where the register of letters differs from the ledger and from the numbers on the letters of the cases."""
    again = repeats(lines)
    told = [line for line in lines if line.said["kind"] == "number" and line.number not in again]
    yield from registered(Counter(line.values["entry"] for line in told), Counter(entries))
    yield from given_twice(told)
    given = {(entry["id"], entry["document"], entry["nomor"]) for entry in map(read, entries) if gives(entry)}
    shown = {(case.id, *pair) for case in cases for event in case.events for pair in numbers(event)}
    for id, document, nomor in sorted(shown - given):
        yield f"{id}: nomor {nomor} pada surat {document} tidak ada dalam buku agenda"
    for id, document, nomor in sorted(given - shown):
        yield f"{id or '-'}: buku agenda memuat nomor {nomor} untuk surat {document}, tetapi berkasnya tidak"
    yield from against_the_agenda(told, cases)


def against_the_agenda(told: list[ChainLine], cases: list[CaseFile]) -> Iterator[str]:
    """Where a case says otherwise from which incoming letter it was opened than the register does."""
    opened = {
        (line.said["entry"]["id"], line.said["sequence"], line.said["entry"]["nomor"])
        for line in told
        if line.said["entry"].get("kind") == "opened"
    }
    for case in cases:
        begun = case.events[0]
        letter = None if begun.get("parent") else begun.get("agenda")
        named = {(case.id, letter["sequence"], letter["nomor"])} if letter else set()
        if named != {one for one in opened if one[0] == case.id}:
            yield f"{case.id}: surat masuk yang membuka berkas ini berbeda dari buku agenda"


def registered(told: Counter[str], there: Counter[str]) -> Iterator[str]:
    """Lines of the register that the ledger does not have so often, and the other way round."""
    for text in (told - there).elements():
        yield f"nomor {read(text)['nomor'] or '(menunggu)'} dari buku catatan tidak ada dalam buku agenda"
    for text in (there - told).elements():
        yield f"nomor {read(text)['nomor'] or '(menunggu)'} dalam buku agenda tidak ada dalam buku catatan"


def given_twice(lines: list[ChainLine]) -> Iterator[str]:
    """Numbers that were given more than once in one sequence."""
    given = [line for line in lines if gives(line.said["entry"])]
    numbers = Counter(
        (line.said["sequence"], "".join(line.said["entry"]["nomor"].split()).casefold()) for line in given
    )
    for (sequence, nomor), times in numbers.items():
        if times > 1:
            yield f"nomor {nomor} diberikan {times} kali dalam buku agenda {sequence}"


def gives(entry: dict[str, Any]) -> bool:
    """Whether a line of the register gives an outgoing letter its number."""
    return "masuk" not in entry and bool(entry["nomor"]) and entry.get("kind", "given") in {"given", "entered", "set"}


def numbers(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The documents that an event gives a letter number, with it."""
    if event["kind"] == "numbered" and event.get("nomor"):
        yield event["document"], event["nomor"]
    for file in event.get("documents", ()):
        if file.get("nomor"):
            yield file["name"], file["nomor"]


def files_of(event: dict[str, Any]) -> list[dict[str, Any]]:
    """The files that an event recorded."""
    return [*event.get("attachments", ()), *event.get("evidence", ()), *event.get("documents", ())]


def versions(case: CaseFile) -> set[str]:
    """The SOP versions that a case went through."""
    moved = [event for event in case.events if event["kind"] == "migrated"]
    return {case.stored["version"], *(event[key] for event in moved for key in ("before", "version"))}


def story(case: CaseFile) -> None:
    """Who did what, when, and on which kelengkapan."""
    say(f"Berkas {case.id}: {subject(case.events)}")
    for event in case.events:
        parts = [f"{event['number']:>4}. {event['at']}  {event['kind']:<10} {event['by']}"]
        parts += [f"untuk {event['for']}"] if event.get("for") else []
        parts += ["lewat halaman web"] if event.get("via") == "web" else []
        parts += [f"di atas kertas oleh {event['on_behalf']}"] if event.get("on_behalf") else []
        parts += [f"langkah {event['step']}"] if event.get("step") else []
        parts += [f"({event['label']})"] if event.get("label") else []
        parts += [f"nomor {event.get('nomor') or 'ditarik'}"] if event["kind"] == "numbered" else []
        parts += [f'"{event["note"]}"'] if event.get("note") else []
        say("  ".join(parts))
        if event.get("kelengkapan"):
            say(f"      kelengkapan: {', '.join(event['kelengkapan'])}")
        for file in files_of(event):
            nomor = f"  nomor {file['nomor']}" if file.get("nomor") else ""
            say(f"      {file.get('item') or file.get('name')}: {file['path']}{nomor}")
            for one in file.get("certificates", ()):
                name, by = one.get("subject", "-"), one.get("issuer", "-")
                say(f"      sertifikat atas nama {name}, penerbit {by} (tidak diperiksa)")


def mended(lines: list[ChainLine]) -> None:
    """Tell who added lines to the ledger later, from what lay in cases and register then, or accepted a sopctl.yaml."""
    for line in lines:
        if line.said["kind"] == "office":
            say(
                f"Buku catatan baris {line.number}: sopctl.yaml {line.said['office'][:12]}… diterima untuk kantor oleh "
                f"{line.said['by']}, {line.said['at']}."
            )
        if line.said["kind"] == "mended":
            say(
                f"Buku catatan baris {line.number}: dilengkapi dengan doctor --mend oleh {line.said['by']}, "
                f"{line.said['at']} ({line.said['lines']} baris berikutnya, {len(accepted_by(line))} baris yang tidak "
                "pada tempatnya diterima); mintalah penjelasan kantor."
            )


def case_of(data: bytes) -> CaseFile:
    """A case from its file."""
    text = data.decode("utf-8")
    stored = read(text)
    if not stored["events"] or not isinstance(stored["id"], str):
        raise ValueError("tanpa id atau catatan")
    return CaseFile(stored, stored["events"], [plain(event) for event in inside(values(text)["events"])])


def split(data: bytes) -> list[str]:
    """The lines of a file of lines; nothing but a line break ends one."""
    return data.decode("utf-8").removesuffix("\n").split("\n") if data else []


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, in which no key stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"kunci ganda di antara {', '.join(key for key, _ in pairs)}")
    return found


def unknown(constant: str) -> None:
    """Refuse what is no JSON (NaN, Infinity)."""
    raise ValueError(constant)


DECODER = json.JSONDecoder(object_pairs_hook=once, parse_constant=unknown)
BETWEEN = re.compile(r"[ \t\n\r]*[\[{,:]?[ \t\n\r]*")
"""What stands between two values of a JSON text, or before the first."""
SPACES = re.compile(r'"(?:[^"\\]|\\.)*"|[ \t\n\r]+')


def read(text: str) -> Any:  # noqa: ANN401 — JSON of any shape; what it must be is checked where it is used
    """What a JSON text says."""
    return DECODER.decode(text)


def values(text: str) -> dict[str, str]:
    """The values of a JSON object, which was read already, letter by letter by their keys."""
    parts = inside(text)
    return {read(key): value for key, value in zip(parts, parts)}  # keys and values take turns


def inside(text: str) -> Iterator[str]:
    """What a JSON list or object, which was read already, holds, letter by letter; of an object the keys as well."""
    at = beyond(text, 0)
    while text[at] not in "]}":
        _, end = DECODER.raw_decode(text, at)
        yield text[at:end]
        at = beyond(text, end)


def beyond(text: str, at: int) -> int:
    """Where the next value of a JSON text begins, or what holds them ends."""
    found = BETWEEN.match(text, at)
    return found.end() if found else at


def plain(text: str) -> str:
    """A JSON text without blanks between its values, as hashes are made of it."""
    return SPACES.sub(lambda found: found[0] if found[0][0] == '"' else "", text)


def sha256(data: bytes) -> str:
    """The sha256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def say(text: str) -> None:
    """Print a line without what could steer a terminal or turn the reading direction."""
    print(
        "".join("\ufffd" if unicodedata.category(sign)[0] == "C" or sign in "\u2028\u2029" else sign for sign in text)
    )


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))
