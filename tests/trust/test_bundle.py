"""A bundle proves a case to somebody who has no sopctl; whatever is changed in it is found by its own verifier."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.desk.ask import Ask
from sopctl.desk.trust.bundle import bundle
from sopctl.errors import DamagedError, UsageError

if TYPE_CHECKING:
    from tests.conftest import Room
    from tests.trust.conftest import Record

Parts = dict[str, bytes]


@pytest.fixture(scope="module")
def parts(kept: "Room", tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """What a bundle of a signed letter holds."""
    path = tmp_path_factory.mktemp("bundle") / "b.zip"
    bundle(kept.desk(), "sk-tim-1", path)
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def checked(folder: Path, parts: Parts) -> subprocess.CompletedProcess[str]:
    """The bundle unpacked and its verifier run by a Python without any library."""
    for name, data in parts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return subprocess.run(
        [sys.executable, "-I", "-S", folder / "periksa.py"],
        env={"PYTHONIOENCODING": "utf-8", "PATH": os.environ["PATH"]},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_bundle_proves_itself_without_sopctl(tmp_path: Path, parts: Parts) -> None:
    ended = checked(tmp_path, parts)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Semua cocok." in ended.stdout
    assert "nomor 800.1.11.1/1/DISKOPUKM" in ended.stdout
    assert "kelengkapan: Kertas, ATK" in ended.stdout


def test_a_bundle_is_checked_as_a_zip_too(tmp_path: Path, kept: "Room", parts: Parts) -> None:
    (tmp_path / "periksa.py").write_bytes(parts["periksa.py"])
    bundle(kept.desk(), "sk-tim-1", tmp_path / "b.zip")
    command = [sys.executable, "-I", "-S", str(tmp_path / "periksa.py"), str(tmp_path / "b.zip")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_bundle_holds_everything_that_was_in_force(parts: Parts) -> None:
    names = set(parts)
    assert {"BACA-DAHULU.txt", "periksa.py", "sopctl.yaml", "kalender.json", "manifest.json"} <= names
    assert {"berkas/sk-tim-1.json", "buku-besar.jsonl", "agenda.jsonl"} <= names
    assert sum(name.endswith(".docx") for name in names) == 5
    assert sum(name.startswith("sop/") for name in names) == 1
    assert [parts[name] for name in names if name.startswith("kantor/")] == [parts["sopctl.yaml"]]
    assert "2026-12-25" in json.loads(parts["kalender.json"])["holidays"]
    assert b"sk-tim-2" not in parts["buku-besar.jsonl"] + parts["agenda.jsonl"]


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
        from hashlib import sha256  # noqa: PLC0415 — beside its only use

        manifest = json.loads(parts["manifest.json"])
        manifest["files"][name] = sha256(spoilt[name]).hexdigest()
        spoilt["manifest.json"] = json.dumps(manifest).encode()
    ended = checked(tmp_path, spoilt)
    # What no event vouches for (calendar, register) is held by the fingerprint of the list alone.
    held = prefix not in {"kalender.json", "agenda.jsonl"} or not listed
    assert ended.returncode == int(held), ended.stdout + ended.stderr
    assert ended.stderr == ""


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
        bundle(kept.desk(), "sk-tim-1", tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_no_bundle_is_made_of_a_case_that_does_not_hold(record: "Record", tmp_path: Path) -> None:
    record.papers()[0].write_bytes(b"")
    with pytest.raises(DamagedError, match="tidak utuh"):
        bundle(record.room.desk(), "sk-tim-1", tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


def test_a_bundle_overwrites_nothing(kept: "Room", tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"milik orang")
    with pytest.raises(UsageError, match="sudah ada"):
        bundle(kept.desk(), "sk-tim-1", tmp_path / "b.zip")


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
    for ask in (Ask(sets=texts), Ask(sets=("nilai=999999999999999",)), Ask(sets=("nilai=12,50",))):
        room.start("angka", 'Perihal "events":[ \u202e', ask=ask)
    for number in (1, 2, 3):
        path = tmp_path / f"{number}.zip"
        bundle(room.desk(), f"angka-{number}", path)
        with zipfile.ZipFile(path) as zipped:
            parts = {name: zipped.read(name) for name in zipped.namelist()}
        ended = checked(tmp_path / str(number), parts)
        assert ended.returncode == 0, ended.stdout
        assert "\u202e" not in ended.stdout
