"""Memeriksa bundel sebuah berkas SOP tanpa sopctl: cukup Python 3.8 atau lebih baru, tanpa pustaka lain.

    python periksa.py [BUNDEL.zip]

The one file of a bundle that an inspector runs. It trusts nothing but the bundle's own bytes: it recomputes the
chain of events, compares every file with the sha256 in its event, the SOP with the version that the case names, and
the case with the lines of the office's ledger. Exit code 0: all of it fits; 1: something does not; 2: this is no
bundle.
"""

# ruff: noqa: B905, T201 — it prints, and it runs on Pythons older than this project's

from __future__ import annotations

import hashlib
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

LARGEST = 300_000_000
SPACES = re.compile(r'"(?:[^"\\]|\\.)*"|\s+')
HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def main(arguments: list[str]) -> int:
    """Check the bundle that is named, or the one that this file was unpacked from."""
    place = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        parts = dict(members(place))
        manifest = json.loads(parts["manifest.json"])
        wanted = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        say(f"{place} bukan bundel sopctl yang utuh ({error}).")
        return 2
    faults = list(listed(parts, wanted))
    for name in sorted(parts):
        if re.fullmatch(r"berkas/[a-z0-9-]+\.json", name):
            faults += case(name, parts)
    faults += list(offices(parts))
    fingerprint = hashlib.sha256(parts["manifest.json"]).hexdigest()
    say(f"Sidik bundel: {fingerprint}")
    say(f"Jangkar buku besar saat bundel dibuat: {manifest.get('anchor', '-')}")
    for fault in faults:
        say(f"TIDAK COCOK: {fault}")
    say("Semua cocok." if not faults else f"{len(faults)} hal tidak cocok.")
    return 1 if faults else 0


def members(place: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a bundle, in the zip or unpacked."""
    if place.is_dir() and not (place / "manifest.json").exists():
        zips = sorted(place.glob("*.zip"))
        place = zips[0] if len(zips) == 1 else place
    if place.is_dir():
        for path in sorted(place.rglob("*")):
            if path.is_file() and path.stat().st_size <= LARGEST:
                yield path.relative_to(place).as_posix(), path.read_bytes()
        return
    with zipfile.ZipFile(place) as bundle:
        for part in bundle.infolist():
            if part.file_size > LARGEST:
                raise ValueError(f"{part.filename} terlalu besar")
            yield part.filename, bundle.read(part)


def listed(parts: dict[str, bytes], wanted: dict[str, str]) -> Iterator[str]:
    """What differs from the list of files in the manifest."""
    for name, digest in sorted(wanted.items()):
        if name not in parts:
            yield f"{name} tidak ada dalam bundel"
        elif sha256(parts[name]) != digest:
            yield f"isi {name} bukan yang dibundel"
    for name in sorted(parts):
        if name not in wanted and name != "manifest.json":
            yield f"{name} tidak termasuk bundel ini"


def case(name: str, parts: dict[str, bytes]) -> Iterator[str]:
    """What does not fit about one case; its story is printed on the way."""
    try:
        text = parts[name].decode("utf-8")
        stored = json.loads(text)
        texts = events(text)
        told = ledger(parts, stored["id"])
        yield from chain(stored, texts)
        yield from against_the_ledger(stored["id"], texts, told)
        yield from files(stored, parts)
        story(stored)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        yield f"{name} tidak terbaca ({error!r})"


def events(text: str) -> list[str]:
    """The events letter by letter as their hashes were made of them: without blanks between the values."""
    plain = SPACES.sub(lambda found: found.group() if found.group()[0] == '"' else "", text)
    decoder, found = json.JSONDecoder(), []
    at = plain.index('"events":[') + len('"events":[')
    while plain[at] != "]":
        _, end = decoder.raw_decode(plain, at)
        found.append(plain[at:end])
        at = end + 1 if plain[end] == "," else end
    return found


def chain(stored: dict[str, Any], texts: list[str]) -> Iterator[str]:
    """Where the chain of events breaks."""
    first = next((event["before"] for event in stored["events"] if event["kind"] == "migrated"), stored["version"])
    previous = sha256(f"{stored['id']}\n{first}".encode())
    if stored["revision"] != len(texts):
        yield f"{stored['id']}: jumlah catatan {len(texts)}, seharusnya {stored['revision']}"
    for number, (event, text) in enumerate(zip(stored["events"], texts), 1):
        if event["number"] != number or event["previous"] != previous:
            yield f"{stored['id']}: rantai putus pada catatan nomor {number}; catatan itu atau yang sebelumnya diubah"
        previous = sha256(text.encode())
    if previous != stored["head"]:
        yield f"{stored['id']}: catatan terakhir diubah, atau catatan sesudahnya dibuang"


def ledger(parts: dict[str, bytes], id: str) -> dict[int, tuple[str, str]]:
    """The event and its hash that the office's ledger has for each number of the case."""
    found: dict[int, tuple[str, str]] = {}
    for line in parts["buku-besar.jsonl"].decode("utf-8").splitlines():
        said = json.loads(line)
        if said["case"] == id:
            at = line.index('"event":{') + len('"event":')
            _, end = json.JSONDecoder().raw_decode(line, at)
            found[said["revision"]] = line[at:end], said["head"]
    return found


def against_the_ledger(id: str, texts: list[str], told: dict[int, tuple[str, str]]) -> Iterator[str]:
    """Where the case differs from the office's ledger."""
    for number, text in enumerate(texts, 1):
        said: tuple[str, str] | None = told.get(number)
        if said is None:
            yield f"{id}: catatan nomor {number} tidak ada dalam buku besar"
        elif said[0] != text or said[1] != sha256(text.encode()):
            yield f"{id}: catatan nomor {number} berbeda dari buku besar"
    for number in sorted(told):
        if number > len(texts):
            yield f"{id}: catatan nomor {number} ada dalam buku besar, tetapi tidak dalam berkas"


def files(stored: dict[str, Any], parts: dict[str, bytes]) -> Iterator[str]:
    """Files that are not what their events recorded, and SOP versions that are not the ones named."""
    versions = {stored["version"]}
    for event in stored["events"]:
        versions |= {event["before"], event["version"]} if event["kind"] == "migrated" else set()
        for file in (*event.get("attachments", ()), *event.get("documents", ())):
            if file["path"] not in parts:
                yield f"{file['path']} (catatan nomor {event['number']}) tidak ada dalam bundel"
            elif sha256(parts[file["path"]]) != file["sha256"]:
                yield f"{file['path']} bukan yang dicatat pada catatan nomor {event['number']}"
    for version in sorted(versions):
        if sha256(parts.get(f"sop/{version}.yaml", b"")) != version:
            yield f"teks SOP {version[:12]}… tidak ada atau diubah"


def offices(parts: dict[str, bytes]) -> Iterator[str]:
    """Versions of sopctl.yaml that lines of the ledger name and that are not there as they were."""
    named = set()
    for line in parts.get("buku-besar.jsonl", b"").splitlines():
        with suppress(ValueError, AttributeError):  # a line that cannot be read is told with its case
            named.add(str(json.loads(line).get("office", "")))
    for version in sorted(named - {""}):
        if sha256(parts.get(f"kantor/{version}.yaml", b"")) != version:
            yield f"sopctl.yaml {version[:12]}… (berlaku saat mencatat) tidak ada atau diubah"


def story(stored: dict[str, Any]) -> None:
    """Who did what, when, and on which kelengkapan."""
    say(f"Berkas {stored['id']}: {stored['subject']}")
    for event in stored["events"]:
        parts = [f"{event['number']:>4}. {event['at']}  {event['kind']:<10} {event['by']}"]
        parts += [f"untuk {event['for']}"] if event.get("for") else []
        parts += [f"langkah {event['step']}"] if event.get("step") else []
        parts += [f"({event['label']})"] if event.get("label") else []
        parts += [f'"{event["note"]}"'] if event.get("note") else []
        say("  ".join(parts))
        if event.get("kelengkapan"):
            say(f"      kelengkapan: {', '.join(event['kelengkapan'])}")
        for file in (*event.get("attachments", ()), *event.get("documents", ())):
            nomor = f"  nomor {file['nomor']}" if file.get("nomor") else ""
            say(f"      {file.get('item') or file.get('name')}: {file['path']}{nomor}")


def sha256(data: bytes) -> str:
    """The sha256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def say(text: str) -> None:
    """Print a line without what could steer a terminal."""
    print(HIDDEN.sub("\ufffd", text))


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))
