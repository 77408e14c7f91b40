"""A bundle proves a case to somebody who has no sopctl; whatever is changed in it is found by its own verifier."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec.structs import replace

from sopctl.audit import periksa
from sopctl.audit.bundle import write_bundle
from sopctl.audit.doctor import run_doctor
from sopctl.desk import agenda, moves
from sopctl.desk.move_input import MoveInput
from sopctl.engine.instance import Instance
from sopctl.errors import DamagedError, UsageError
from sopctl.store import case_json, ledger
from sopctl.store.ledger import event_lines

if TYPE_CHECKING:
    from tests.audit.conftest import Record
    from tests.conftest import Room

Parts = dict[str, bytes]


@pytest.fixture(scope="module")
def parts(kept: "Room", tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """What a bundle of a signed letter holds."""
    path = tmp_path_factory.mktemp("bundle") / "b.zip"
    write_bundle(kept.session().record, "sk-tim-1", path)
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def checked(folder: Path, parts: Parts) -> subprocess.CompletedProcess[str]:
    """The bundle unpacked and its verifier run by a Python without any library."""
    for name, data in parts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return run(folder / "periksa.py")


def run(*words: Path) -> subprocess.CompletedProcess[str]:
    """The verifier run by a Python without any library."""
    return subprocess.run(
        [sys.executable, "-I", "-S", *words],
        env={"PYTHONIOENCODING": "utf-8", "PATH": os.environ["PATH"]},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_bundle_proves_itself_without_sopctl(tmp_path: Path, parts: Parts) -> None:
    ended = checked(tmp_path, parts)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    last = ended.stdout.splitlines()[-1]
    assert last.startswith("Semua cocok di dalam bundel ini.")
    assert "bandingkan sidik di atas" in last
    assert "sopctl verify BUNDEL.zip" in last
    assert "nomor 800.1.11.1/1/DISKOPUKM" in ended.stdout
    assert "kelengkapan: Kertas, ATK" in ended.stdout


def test_a_bundle_is_checked_as_a_zip_too(tmp_path: Path, kept: "Room", parts: Parts) -> None:
    (tmp_path / "periksa.py").write_bytes(parts["periksa.py"])
    write_bundle(kept.session().record, "sk-tim-1", tmp_path / "b.zip")
    assert run(tmp_path / "periksa.py", tmp_path / "b.zip").returncode == 0


def test_a_bundle_holds_everything_that_was_in_force(parts: Parts) -> None:
    names = set(parts)
    assert {"BACA-DAHULU.txt", "periksa.py", "sopctl.yaml", "kalender.json", "manifest.json"} <= names
    assert {"berkas/sk-tim-1.json", "buku-besar.jsonl", "agenda.jsonl"} <= names
    assert sum(name.endswith(".docx") for name in names) == 5
    assert sum(name.startswith("sop/") for name in names) == 1
    assert [parts[name] for name in names if name.startswith("kantor/")] == [parts["sopctl.yaml"]]
    assert "2026-12-25" in json.loads(parts["kalender.json"])["holidays"]
    assert b"sk-tim-2" not in parts["buku-besar.jsonl"] + parts["agenda.jsonl"]


def relisted(parts: Parts, **said: object) -> Parts:
    """The bundle with a list that fits again, as somebody writes it who knows how it is done."""
    manifest = json.loads(parts["manifest.json"]) | said
    manifest["files"] = {name: sha256(data).hexdigest() for name, data in parts.items() if name != "manifest.json"}
    return {**parts, "manifest.json": json.dumps(manifest).encode()}


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old, new, 1)


CHANGES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a letter of an event": ("berkas/sk-tim-1.json", swap(b'"by": "akun"', b'"by": "alun"')),
    "the last hash": ("berkas/sk-tim-1.json", swap(b'"head": "', b'"head": "0')),
    "a line of the ledger": ("buku-besar.jsonl", swap(b'"by":"akun"', b'"by":"alun"')),
    "the ledger cut short": ("buku-besar.jsonl", lambda data: data[: data.rindex(b"\n", 0, -1) + 1]),
    "the SOP": ("sop/", swap(b"waktu: 5 Menit", b"waktu: 6 Menit")),
    "the office of then": ("kantor/", swap(b"officials: []", b"officials: [ ]")),
    "a Word file": ("data/documents/", lambda data: data + b"x"),
    "the calendar": ("kalender.json", swap(b"2026-12-25", b"2026-12-26")),
    "the register": ("agenda.jsonl", swap(b"/1/", b"/2/")),
    "no JSON": ("berkas/sk-tim-1.json", lambda _: b"["),
}


@pytest.mark.parametrize("listed", [False, True], ids=["as it lies", "with the list forged too"])
@pytest.mark.parametrize(("prefix", "change"), CHANGES.values(), ids=CHANGES.keys())
def test_whatever_is_changed_in_a_bundle_is_found(
    tmp_path: Path, parts: Parts, prefix: str, change: Callable[[bytes], bytes], *, listed: bool
) -> None:
    name = next(name for name in sorted(parts) if name.startswith(prefix))
    spoilt = {**parts, name: change(parts[name])}
    assert spoilt[name] != parts[name]
    if listed:
        spoilt = relisted(spoilt)
    ended = checked(tmp_path, spoilt)
    held = prefix != "kalender.json" or not listed  # no event vouches for it, only the fingerprint of the list
    assert ended.returncode == int(held), ended.stdout + ended.stderr
    assert ended.stderr == ""


CASE, LEDGER, REGISTER = "berkas/sk-tim-1.json", "buku-besar.jsonl", "agenda.jsonl"


def lines(parts: Parts, change: Callable[[list[bytes]], list[bytes]], name: str = LEDGER) -> Parts:
    return {**parts, name: b"".join(change(parts[name].splitlines(keepends=True)))}


def envelope(parts: Parts, **said: object) -> Parts:
    return relisted({**parts, CASE: json.dumps({**json.loads(parts[CASE]), **said}, indent=1).encode()})


def second_key(parts: Parts) -> Parts:
    """The genuine events first, then forged ones under the same key."""
    stored = json.loads(parts[CASE])
    events = json.dumps([{**event, "by": "bupati", "note": "PALSU"} for event in stored["events"]])
    return relisted({**parts, CASE: parts[CASE].replace(b'"head":', f'"events": {events}, "head":'.encode())})


def unchained(found: list[bytes]) -> list[bytes]:
    zeros = rb'"previous":"%s",\1' % (b"0" * 64)
    return [re.sub(rb'"previous":"[0-9a-f]{64}",("case"|"sequence")', zeros, line) for line in found]


def places(parts: Parts, change: Callable[[list[int]], list[int]]) -> list[int]:
    return change(json.loads(parts["manifest.json"])["ledger"])


def without(parts: Parts, *names: str) -> Parts:
    return {name: data for name, data in parts.items() if name not in names}


def third_line_twice(parts: Parts) -> Parts:
    """Two lines for the third event: another one beside the genuine one."""

    def change(found: list[bytes]) -> list[bytes]:
        return [*found[:3], found[2].replace(b'"by":"akun"', b'"by":"alun"'), *found[3:]]

    return relisted(lines(parts, change), ledger=places(parts, lambda n: [*n[:3], 4, *(k + 1 for k in n[3:])]))


def first_line_twice(parts: Parts) -> Parts:
    twice = lines(parts, lambda found: [found[0], *found])
    return relisted(twice, ledger=places(parts, lambda n: [1, *(k + 1 for k in n)]))


def scattered(parts: Parts) -> Parts:
    """Lines without their chain, said to stand so far apart that none follows another."""
    apart = places(parts, lambda n: [2 * k for k in n])
    return relisted(lines(parts, unchained), ledger=apart, anchor=f"sopctl 99 {'0' * 64}")


def renumbered(parts: Parts) -> Parts:
    """Another number in the register and in the ledger alike, not on the letter."""
    entry = re.sub(rb'("entry":.*)/1/', rb"\1/9/", parts[LEDGER])
    return relisted({**parts, REGISTER: parts[REGISTER].replace(b"/1/", b"/9/"), LEDGER: entry})


def given_again(parts: Parts) -> Parts:
    """The number given once more, in the register and in the ledger alike."""

    def change(found: list[bytes]) -> list[bytes]:
        return [*found, *(line for line in found if b'"kind":"number"' in line)]

    twice = lines(lines(parts, change), lambda found: found * 2, REGISTER)
    return relisted(twice, ledger=places(parts, lambda n: [*n, n[-1] + 1]))


def of_another(found: list[bytes]) -> list[bytes]:
    return [*found, found[0].replace(b"sk-tim-1", b"sk-tim-7")]


def bare(parts: Parts) -> Parts:
    return {name: parts[name] for name in ("periksa.py", "manifest.json")}


LIST: dict[str, tuple[Callable[[Parts], Parts], str]] = {
    "nothing but the list": (lambda p: relisted(bare(p)), "buku-besar.jsonl tidak termasuk daftar"),
    "no case at all": (lambda p: relisted(without(p, CASE), ids=[]), "tidak memuat satu berkas pun"),
    "the case left out": (lambda p: relisted(without(p, CASE)), "memuat berkas sk-tim-1; yang ada: -"),
    "another case in the list": (lambda p: relisted(p, ids=["sk-tim-1", "sk-tim-2"]), "seharusnya memuat berkas"),
    "a list of another schema": (lambda p: relisted(p, schema=2), "schema 2"),
    "a case under another name": (
        lambda p: relisted({**p, "berkas/sk-tim-2.json": p[CASE]}, ids=["sk-tim-1", "sk-tim-2"]),
        "berkas/sk-tim-2.json sebenarnya berkas sk-tim-1",
    ),
    "a Word file that no event wrote": (
        lambda p: relisted({**p, "data/documents/sk-tim/0000/sk-tim-1/009-palsu.docx": b"PALSU"}),
        "tidak disebut catatan mana pun",
    ),
    "an office file with another's name": (
        lambda p: relisted({**p, f"kantor/{'0' * 64}.yaml": b"x"}),
        "yaml diubah",
    ),
}  # fmt: skip

ENVELOPE: dict[str, tuple[Callable[[Parts], Parts], str]] = {
    "the subject": (lambda p: envelope(p, subject="SUBJEK PALSU"), "subject pada berkas bukan menurut"),
    "the fields": (lambda p: envelope(p, fields={"tugas": ["PALSU"]}), "fields pada berkas bukan menurut"),
    "the SOP's name": (lambda p: envelope(p, sop="lain"), "sop pada berkas bukan menurut"),
    "the number of events": (lambda p: envelope(p, revision=5), "revision pada berkas bukan menurut"),
    "a second key": (second_key, "kunci ganda"),
}  # fmt: skip

LINES: dict[str, tuple[Callable[[Parts], Parts], str]] = {
    "a second key in a line": (
        lambda p: relisted({**p, LEDGER: swap(b'"event":', b'"event":{},"event":')(p[LEDGER])}),
        "kunci ganda",
    ),
    "two lines for one event": (third_line_twice, "catatan nomor 3 sebanyak 2 kali"),
    "a line twice": (first_line_twice, "catatan nomor 1 sebanyak 2 kali"),
    "no line is chained": (lambda p: relisted(lines(p, unchained)), "rantai buku catatan putus pada baris 2"),
    "no line is chained, none follows another": (scattered, "menyebut baris sebelumnya yang sama"),
    "lines in another order": (lambda p: relisted(lines(p, lambda found: found[::-1])), "rantai buku catatan putus"),
    "their numbers in another order": (
        lambda p: relisted(p, ledger=places(p, lambda n: n[::-1])),
        "tidak pada tempatnya",
    ),
    "a number too many": (lambda p: relisted(p, ledger=places(p, lambda n: [*n, 9])), "tidak terbaca"),
    "another anchor": (lambda p: relisted(p, anchor=f"sopctl 7 {'0' * 64}"), "bukan yang disebut sidik catatan"),
    "a line of a sort that nobody knows": (
        lambda p: relisted({**p, LEDGER: p[LEDGER].replace(b'"kind":"number"', b'"kind":"gift"')}),
        "berjenis gift, yang tidak dikenal",
    ),
}  # fmt: skip

NUMBERS: dict[str, tuple[Callable[[Parts], Parts], str]] = {
    "an empty register": (lambda p: relisted({**p, REGISTER: b""}), "dari buku catatan tidak ada dalam buku agenda"),
    "another number in the register": (
        lambda p: relisted({**p, REGISTER: p[REGISTER].replace(b"/1/", b"/9/")}),
        "nomor 800.1.11.1/9/DISKOPUKM dalam buku agenda tidak ada dalam buku catatan",
    ),
    "a number given again in both": (given_again, "800.1.11.1/1/diskopukm diberikan 2 kali"),
    "another number in register and ledger": (renumbered, "tetapi berkasnya tidak"),
    "an entry of another letter": (
        lambda p: relisted(lines(p, of_another, REGISTER)),
        "dalam buku agenda tidak ada dalam buku catatan",
    ),
}  # fmt: skip

FORGERIES = {**LIST, **ENVELOPE, **LINES, **NUMBERS}


@pytest.mark.parametrize(("forge", "says"), FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forgery_is_told_though_the_list_fits_it(
    tmp_path: Path, parts: Parts, forge: Callable[[Parts], Parts], says: str
) -> None:
    forged = forge(parts)
    assert forged != parts
    ended = checked(tmp_path, forged)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert says in ended.stdout
    assert "PALSU" not in ended.stdout.partition("TIDAK COCOK")[0]


@pytest.mark.parametrize(
    "case", [b"{}", b"[]", b'{"id": 1, "events": [{}]}', b'{"id": "a-1", "events": [1]}', b"[" * 99_999]
)
def test_a_case_that_is_none_is_told(tmp_path: Path, parts: Parts, case: bytes) -> None:
    ended = checked(tmp_path, relisted({**parts, CASE: case}))
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "tidak terbaca" in ended.stdout


def test_the_verifier_is_written_for_old_pythons_too() -> None:
    source = Path(periksa.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 9))
    imported = {name for line in source.splitlines() if (name := re.fullmatch(r"(?:from|import) (\w+).*", line))}
    assert {match[1] for match in imported} - {"__future__"} <= sys.stdlib_module_names


@pytest.mark.parametrize("name", ["genuine", "capitals"])
def test_a_name_that_stands_twice_in_the_zip_is_told(tmp_path: Path, kept: "Room", parts: Parts, name: str) -> None:
    write_bundle(kept.session().record, "sk-tim-1", tmp_path / "b.zip")
    paper = next(name for name in parts if name.endswith("DISKOPUKM.docx"))
    with zipfile.ZipFile(tmp_path / "b.zip", "a") as zipped, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        zipped.writestr(paper if name == "genuine" else paper.upper(), parts[paper])
    (tmp_path / "periksa.py").write_bytes(parts["periksa.py"])
    ended = run(tmp_path / "periksa.py", tmp_path / "b.zip")
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "ada dua kali dalam bundel" in ended.stdout


def test_a_bundle_that_was_unpacked_and_zipped_again_still_fits(tmp_path: Path, parts: Parts) -> None:
    checked(tmp_path / "isi", parts)
    shutil.make_archive(str(tmp_path / "b"), "zip", tmp_path / "isi")
    ended = run(tmp_path / "isi" / "periksa.py", tmp_path / "b.zip")
    assert ended.returncode == 0, ended.stdout


def test_the_whole_bundle_forged_fits_itself_and_says_what_that_is_worth(
    tmp_path: Path, parts: Parts, forge: Callable[[bytes], bytes]
) -> None:
    ended = checked(tmp_path, forged_whole(parts, forge))
    assert ended.returncode == 0, ended.stdout
    assert "bupati" in ended.stdout
    assert "Semua cocok di dalam bundel ini. Bahwa isinya catatan kantor: bandingkan sidik" in ended.stdout


def forged_whole(parts: Parts, forge: Callable[[bytes], bytes]) -> Parts:
    """Another account in every event, with events, ledger and list made anew; only the anchor is left."""
    instance = msgspec.json.decode(forge(parts[CASE].replace(b'"by": "akun"', b'"by": "bupati"')), type=Instance)
    written: list[bytes] = []
    previous, events = "", iter(event_lines(instance, 0))
    for text in parts[LEDGER].splitlines():
        line = msgspec.json.decode(text, type=ledger.EventLine | ledger.NumberLine)
        new = replace(next(events), office=line.office) if isinstance(line, ledger.EventLine) else line
        written.append(ledger.encode_chain([new], previous))
        previous = ledger.hash_line(written[-1][:-1])
    anchor = f"sopctl 18 {'0' * 64}"
    return relisted({**parts, CASE: case_json.encode(instance), LEDGER: b"".join(written)}, anchor=anchor)


def test_a_field_that_is_named_events_is_no_forgery(room: "Room", tmp_path: Path) -> None:
    room.write(
        """
        id: acara
        nama: Acara
        pelaksana: {tim: Tim}
        fields: {events: {label: Acara, type: list}, head: {label: Kepala}, entry: {label: Isi}}
        steps: [{id: susun, kegiatan: Menyusun, pelaksana: tim}]
        """
    )
    id = room.start(
        "acara", 'x "events":[1]', typed=MoveInput(sets=("events=a;b", 'head="event":{', 'entry={"a":1,"a":2}'))
    ).id
    room.ask(lambda session: moves.fill(session, id, MoveInput(sets=("events=c",))))
    write_bundle(room.session().record, id, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as zipped:
        ended = checked(tmp_path / "isi", {name: zipped.read(name) for name in zipped.namelist()})
    assert ended.returncode == 0, ended.stdout


def test_fields_that_a_withdrawn_move_brought_are_none(room: "Room", tmp_path: Path) -> None:
    id = room.letter()
    room.withdraw(id)
    write_bundle(room.session().record, id, tmp_path / "a.zip")
    room.approve(id, MoveInput(sets=("masa_tugas=sehari",)))
    room.ask(lambda session: moves.fill(session, id, MoveInput(sets=("masa_tugas=sehari",))))
    room.approve(id, MoveInput(sets=("masa_tugas=seminggu",)))
    room.withdraw(id)
    write_bundle(room.session().record, id, tmp_path / "b.zip")
    for name in ("a.zip", "b.zip"):
        assert run(Path(periksa.__file__), tmp_path / name).returncode == 0


def test_a_case_with_every_turn_that_a_number_takes_fits(room: "Room", tmp_path: Path) -> None:
    id = room.letter()
    room.approve(id)
    room.withdraw(id)
    agenda.withdraw(room.session(), "800.1.11.1/1/DISKOPUKM", "batal")
    room.approve(id)
    room.cancel(id)
    room.say('letter_number: {pattern: "{nomor}", when: desk}')
    other = room.letter()
    room.approve(other)
    agenda.set_number(room.session(), other, "451/SEKRE", "", "")
    for each in (id, other):
        write_bundle(room.session().record, each, tmp_path / f"{each}.zip")
        ended = run(Path(periksa.__file__), tmp_path / f"{each}.zip")
        assert ended.returncode == 0, ended.stdout
    assert "nomor 451/SEKRE" in ended.stdout


def test_a_case_that_others_did_steps_of_comes_with_them(room: "Room", tmp_path: Path) -> None:
    room.write(
        """
        id: induk
        nama: Induk
        pelaksana: {tim: Tim}
        steps:
          - {id: minta, kegiatan: Meminta, pelaksana: tim, sop: anak}
          - {id: akhir, kegiatan: Menutup, pelaksana: tim}
        """,
        """
        id: anak
        nama: Anak
        pelaksana: {tim: Tim}
        steps: [{id: kerja, kegiatan: Mengerjakan, pelaksana: tim}]
        """,
    )
    room.start("induk")
    room.approve("anak-1")
    made = write_bundle(room.session().record, "induk-1", tmp_path / "b.zip")
    assert made.ids == ("induk-1", "anak-1")
    with zipfile.ZipFile(tmp_path / "b.zip") as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    assert checked(tmp_path / "isi", parts).returncode == 0
    alone = without(parts, "berkas/anak-1.json")
    ended = checked(tmp_path / "sendiri", relisted(alone, ids=["induk-1"]))
    assert "berkas anak-1, yang mengerjakan langkah berkas lain di sini, tidak ada" in ended.stdout


def test_what_doctor_added_to_the_ledger_is_in_the_bundle_and_told(record: "Record", tmp_path: Path) -> None:
    record.ledger.unlink()
    run_doctor(record.room.session().record, mend=True)
    write_bundle(record.room.session().record, "sk-tim-1", tmp_path / "b.zip")
    ended = run(Path(periksa.__file__), tmp_path / "b.zip")
    assert ended.returncode == 0, ended.stdout
    assert "Buku catatan baris 1: dilengkapi dengan doctor --mend oleh akun" in ended.stdout


def test_the_calendar_of_a_bundle_is_not_what_the_cache_says(record: "Record", tmp_path: Path) -> None:
    session = record.room.session()
    session.calendar.holiday(date(2026, 12, 25))
    for path in (record.data / "cache").rglob("holidays-id-2026.json"):
        path.write_bytes(path.read_bytes().replace(b"2026-12-25", b"2026-12-28"))
    write_bundle(record.room.session().record, "sk-tim-1", tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as zipped:
        days = json.loads(zipped.read("kalender.json"))["holidays"]
    assert ("2026-12-25" in days, "2026-12-28" in days) == (True, False)


def test_no_bundle_is_made_where_the_register_is_not_what_the_ledger_says(record: "Record", tmp_path: Path) -> None:
    record.line(record.register, 0, lambda line: line.replace(b'"by":"akun"', b'"by":"alun"'))
    with pytest.raises(DamagedError, match="Bundel tidak ditulis"):
        write_bundle(record.room.session().record, "sk-tim-1", tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


@pytest.mark.parametrize("added", [False, True], ids=["removed", "added"])
def test_files_that_are_missing_or_too_many_are_found(tmp_path: Path, parts: Parts, *, added: bool) -> None:
    if added:
        assert checked(tmp_path, {**parts, "data/lain.docx": b""}).returncode == 1
    else:
        name = next(name for name in parts if name.endswith(".docx"))
        assert checked(tmp_path, {key: data for key, data in parts.items() if key != name}).returncode == 1


@pytest.mark.parametrize("manifest", [b"", b"[]", b'{"files": 1}', b"\xff"], ids=["empty", "list", "number", "binary"])
def test_what_is_no_bundle_is_told(tmp_path: Path, parts: Parts, manifest: bytes) -> None:
    ended = checked(tmp_path, {"periksa.py": parts["periksa.py"], "manifest.json": manifest})
    assert (ended.returncode, ended.stderr) == (2, "")


def test_the_same_record_makes_the_same_bundle(kept: "Room", tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write_bundle(kept.session().record, "sk-tim-1", tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_no_bundle_is_made_of_a_case_that_does_not_hold(record: "Record", tmp_path: Path) -> None:
    record.papers()[0].write_bytes(b"")
    with pytest.raises(DamagedError, match="tidak utuh"):
        write_bundle(record.room.session().record, "sk-tim-1", tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


def test_a_bundle_overwrites_nothing(kept: "Room", tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"milik orang")
    with pytest.raises(UsageError, match="sudah ada"):
        write_bundle(kept.session().record, "sk-tim-1", tmp_path / "b.zip")


def test_numbers_and_odd_letters_keep_their_hashes_without_sopctl(room: "Room", tmp_path: Path) -> None:
    room.write(
        """
        id: angka
        nama: Angka
        pelaksana: {tim: Tim}
        fields: {nilai: {label: Nilai, type: number}, teks: {label: Teks}}
        steps: [{id: susun, kegiatan: Menyusun, pelaksana: tim}]
        """
    )
    texts = ('teks= " \\ / \t é \u2028 \U0001f600 "events":[ \x7e', "nilai=0,0000001")
    for typed in (MoveInput(sets=texts), MoveInput(sets=("nilai=999999999999999",)), MoveInput(sets=("nilai=12,50",))):
        room.start("angka", 'Perihal "events":[ \u202e', typed=typed)
    for number in (1, 2, 3):
        path = tmp_path / f"{number}.zip"
        write_bundle(room.session().record, f"angka-{number}", path)
        with zipfile.ZipFile(path) as zipped:
            parts = {name: zipped.read(name) for name in zipped.namelist()}
        ended = checked(tmp_path / str(number), parts)
        assert ended.returncode == 0, ended.stdout
        assert "\u202e" not in ended.stdout
