"""The clock of a computer without a battery: it records nothing, and what an older sopctl recorded by it is read."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from sopctl.store.files.json_transaction import JsonTransaction

if TYPE_CHECKING:
    from tests.cli.conftest import Office

CHANGES = (
    "start sk-tim", "approve sk-tim-1", 'approve sk-tim-1 --at "2026-11-24 09:05"', "note sk-tim-1 x",
    "set sk-tim-1 tugas=x", "assign sk-tim-1 kabid akun", "suspend sk-tim-1 --note x", "cancel sk-tim-1 --note x",
    "begin sk-tim-1", "migrate sk-tim-1 --yes", "agenda add --perihal Surat --kode 800",
    "agenda set sk-tim-1 --nomor 5", "agenda withdraw 800/1/DISKOPUKM --note x", "doctor --mend",
)  # fmt: skip

LOOKS = (
    "status", "status sk-tim-1", "inbox", "report", "report --by month", "report --html r.html", "report --docx r.docx",
    "report --xlsx r.xlsx", "report --xes r.xes", "agenda", "agenda --docx a.docx", "why sk-tim-1", "docs sk-tim-1",
    "list", "check", "verify", "anchor", "bundle sk-tim-1 --out {}.zip", "form sk-tim -o f.docx", "doctor",
)  # fmt: skip


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Pontianak"))


def files(root: Path) -> dict[str, bytes]:
    kept = (path for path in (root / "data").rglob("*") if path.is_file() and "cache" not in path.parts)
    return {str(path): path.read_bytes() for path in kept if path.name != "lock"}


def look_at_all(office: "Office", name: str) -> None:
    for line in LOOKS:
        office.ok(*shlex.split(line.format(name)))


@pytest.fixture
def begun(office: "Office") -> "Office":
    """An office with a record of today, whose SOP has changed since."""
    office.ok("start", "sk-tim")
    office.ok("agenda", "add", "--perihal", "Surat", "--kode", "800")
    sop = office.root / "sops" / "sk-tim.yaml"
    sop.write_text(f"{sop.read_text(encoding='utf-8')}# berubah\n", encoding="utf-8")
    return office


@pytest.mark.parametrize("clock", ["1970-01-01 08:00", "1980-01-01 00:00", "1985-03-04 10:00", "2001-03-04 10:00"])
def test_a_clock_that_cannot_be_right_records_nothing_and_shows_all(begun: "Office", clock: str) -> None:
    before = files(begun.root)
    begun.now = moment(clock)
    for line in CHANGES:
        error = begun.refused(6, *shlex.split(line))
        assert error["code"] == "clock", line
        assert f"{begun.now:%d-%m-%Y}" in error["message"]
    assert files(begun.root) == before
    look_at_all(begun, "mundur")
    begun.now = moment("2026-11-24 12:00")
    begun.ok("note", "sk-tim-1", "jam sudah betul")
    assert files(begun.root).keys() == before.keys()


def test_a_clock_that_ran_ahead_is_left_behind_by_who_says_so(begun: "Office") -> None:
    begun.now = moment("2041-05-06 10:00")
    begun.ok("note", "sk-tim-1", "jam maju")
    begun.now = moment("2026-11-24 12:00")
    look_at_all(begun, "maju")
    error = begun.refused(6, "note", "sk-tim-1", "x")
    assert "padahal catatan terakhir dibuat 06-05-2041 10.00" in error["message"]
    assert "sopctl doctor --mend" in begun.type("note", "sk-tim-1", "x").stderr
    assert "06-05-2041 10.00" in begun.ok("doctor", "--mend")
    begun.ok("note", "sk-tim-1", "jam sudah betul")
    begun.ok("approve", "sk-tim-1")
    before = files(begun.root)
    begun.ok("doctor", "--mend")
    assert files(begun.root) == before
    assert "melanjutkan pencatatan pada 24-11-2026" in begun.ok("verify")


@pytest.mark.parametrize("clock", ["1970-01-01 08:00", "1985-03-04 10:00"])
def test_what_an_older_sopctl_recorded_by_such_a_clock_is_read_and_ended(
    begun: "Office", monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    with monkeypatch.context() as older:
        older.setattr(JsonTransaction, "check_clock", lambda *_: None)
        begun.now = moment(clock)
        begun.ok("note", "sk-tim-1", "jam mati")
        begun.ok("agenda", "add", "--perihal", "Surat lama", "--kode", "800")
        assert begun.json("start", "sk-tim")["id"] == "sk-tim-2"
        begun.ok("approve", "sk-tim-2")
    begun.now = moment("2026-11-24 12:00")
    assert (begun.root / "data" / "agenda" / clock[:4] / "semua.jsonl").exists()
    look_at_all(begun, "lama")
    assert {row["id"] for row in begun.json("inbox")} == {"sk-tim-1", "sk-tim-2"}
    begun.ok("approve", "sk-tim-2")
    begun.ok("set", "sk-tim-2", "tugas=Menyusun laporan", "anggota=Anggota pertama")
    for _ in range(3):
        begun.ok("approve", "sk-tim-2")
    begun.ok("bundle", "sk-tim-2", "--out", "lama2.zip")
    begun.ok("approve", "sk-tim-1")
    begun.ok("cancel", "sk-tim-1", "--note", "jam mati")
    begun.ok("verify")
    begun.ok("doctor", "--mend")


@pytest.mark.skipif(os.name == "nt", reason="faketime is a library of Linux and macOS")
def test_the_computers_own_clock_is_asked(begun: "Office", needs: Callable[[str], str]) -> None:
    before = files(begun.root)
    done = subprocess.run(
        [needs("faketime"), "-f", "@1970-01-02 10:00:00", sys.executable, "-m", "sopctl.cli", "start", "sk-tim"],
        cwd=begun.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, files(begun.root)) == (6, before)
    assert "Jam komputer ini menunjukkan 02-01-1970" in done.stderr
