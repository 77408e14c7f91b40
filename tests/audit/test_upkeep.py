"""Who may mend the record and take a case out of the house, and how much of many findings is told."""

import json
from typing import TYPE_CHECKING, get_args

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from sopctl.audit.findings import KIND_WORDS, Finding, FindingKind
from sopctl.cli.app import full
from sopctl.cli.finding_messages import first_few, sum_up
from sopctl.desk import session
from sopctl.desk.upkeep import run_doctor, write_bundle
from sopctl.engine.refused import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Room

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
  - {id: kirim, kegiatan: Mengirim, pelaksana: tim}
"""
OFFICIALS = """
officials:
  - {nama: Pejabat A, jabatan: Ketua Tim, pelaksana: [tim], accounts: [ketua]}
  - {nama: Pejabat B, jabatan: Sekretaris, pelaksana: [lain], accounts: [Sekretaris]}
  - {nama: Pejabat C, jabatan: Kepala Bidang 3, pelaksana: [kabid], accounts: [dulu], until: 2026-11-23}
  - {nama: Staf D, jabatan: Staf, pelaksana: [], accounts: [staf]}
  - {nama: Staf E, jabatan: Staf, pelaksana: [], accounts: [petugas]}
"""


@pytest.fixture
def staffed(room: "Room") -> "Room":
    """An office whose officials have accounts, and a case that staf has to do."""
    from sopctl.desk import moves  # noqa: PLC0415 — beside its only use
    from sopctl.desk.move_input import MoveInput  # noqa: PLC0415 — the same

    room.write(FORM)
    room.say(OFFICIALS)
    room.account = "ketua"
    room.start("uji")
    room.ask(lambda session: moves.assign(session, "uji-1", "tim", "staf", MoveInput()))
    return room


MAY = {"ketua": "mend bundle", "sekretaris": "mend bundle", "staf": "bundle", "petugas": "", "dulu": "", "tamu": ""}


@pytest.mark.parametrize(("account", "may"), MAY.items())
def test_who_holds_no_post_neither_mends_nor_bundles(staffed: "Room", tmp_path: "Path", account: str, may: str) -> None:
    staffed.account = account
    before = staffed.record()
    mended = run_doctor(staffed.session(), mend=True)
    bundled = write_bundle(staffed.session(), "uji-1", tmp_path / "b.zip")
    done = {"mend": mended, "bundle": bundled}
    assert [what for what, answer in done.items() if not isinstance(answer, Refused)] == may.split()
    assert (tmp_path / "b.zip").exists() == ("bundle" in may)
    assert staffed.record() == before
    assert not isinstance(run_doctor(staffed.session(), mend=False), Refused)


def test_a_refusal_is_told_with_its_exit_code(staffed: "Room", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(staffed.root)
    monkeypatch.setattr(session, "account", lambda: "tamu")
    mended = CliRunner().invoke(full(), ["doctor", "--mend"])
    assert (mended.exit_code, "Tanpa --mend, sopctl doctor memeriksa saja." in mended.stderr) == (3, True)
    bundled = CliRunner().invoke(full(), ["bundle", "uji-1", "--json"])
    assert (bundled.exit_code, json.loads(bundled.stdout)["error"]["code"]) == (3, "not_permitted")
    assert CliRunner().invoke(full(), ["doctor"]).exit_code == 0


def test_a_refusal_names_who_may(staffed: "Room", tmp_path: "Path") -> None:
    staffed.account = "tamu"
    for refused in (run_doctor(staffed.session(), mend=True), write_bundle(staffed.session(), "uji", tmp_path / "b")):
        assert isinstance(refused, Refused)
        assert "Akun tamu tidak menjabat di kantor ini" in refused.message
        assert "Yang boleh: ketua, Sekretaris." in refused.message


def test_every_kind_of_finding_has_its_words() -> None:
    assert set(KIND_WORDS) == set(get_args(FindingKind))


def test_many_findings_of_a_kind_are_one_with_examples() -> None:
    one = Finding("uji-1", "data/instances/uji-1", "Hilang.", "lost")
    found = [replace(one, id=f"uji-{number}") for number in range(1, 117_001)]
    few = [replace(one, kind="file")] * 5
    texts = [*sum_up([*found, *few])]
    assert len(texts) == 6
    assert texts[0].splitlines() == [
        "117.000 hal tentang berkas yang hilang (semuanya: --json), di antaranya:",
        "  uji-1: Hilang.", "  uji-2: Hilang.", "  uji-3: Hilang.",
    ]  # fmt: skip
    assert texts[1] == "uji-1: Hilang."


def test_many_lines_are_cut() -> None:
    assert [*first_few(["a", "b", "c"], 2)] == ["a", "b", "… dan 1 lagi (semuanya: --json)."]
    assert [*first_few(["a", "b"], 2)] == ["a", "b"]
