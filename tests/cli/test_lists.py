"""The list of cases: what moved last is on top, and a long record does not run off the screen."""

from typing import TYPE_CHECKING

import pytest

from sopctl.cli import status_commands

if TYPE_CHECKING:
    from tests.cli.conftest import DoneOnce, Office


def open_three(office: "Office") -> None:
    for _ in range(3):
        office.ok("start", "penugasan")
    office.ok("cancel", "penugasan-2", "--note", "Salah ketik")
    office.ok("approve", "penugasan-1")


@pytest.fixture
def three(done_once: "DoneOnce") -> "Office":
    """Three cases; the first one moved last."""
    return done_once(open_three)


def listed(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines() if line.startswith("penugasan-")]


def test_the_case_that_moved_last_is_on_top(three: "Office") -> None:
    assert listed(three.ok("status")) == ["penugasan-1", "penugasan-2", "penugasan-3"]
    assert [row["status"] for row in three.json("status")] == ["running", "cancelled", "running"]


def test_the_inbox_shows_what_each_case_is_about_at_80_columns(office: "Office") -> None:
    subjects = ("Tim Kerja Pelatihan Pembukuan", "Tim Kerja Pelatihan Pemasaran")
    for subject in subjects:
        office.ok("start", "sk-tim", "--subject", subject)
    told = office.ok("inbox")
    assert all(len(one) <= 80 for one in told.splitlines())
    for words in (*subjects, "Kepala Dinas", "1. Memerintahkan"):
        assert words in told


def test_a_long_list_is_cut_and_says_so(three: "Office", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_commands, "_SHOWN", 2)
    told = three.ok("status")
    assert listed(told) == ["penugasan-1", "penugasan-2"]
    assert told.splitlines()[-1] == "3 berkas; 1 lagi dengan --all."
    assert len(listed(three.ok("status", "--all"))) == len(three.json("status")) == 3


def test_a_long_history_is_cut_and_says_so(three: "Office", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_commands, "_SHOWN", 2)
    for number in range(3):
        three.ok("note", "penugasan-3", f"Catatan ke-{number}")
    told, whole = three.ok("status", "penugasan-3"), three.ok("status", "penugasan-3", "--all")
    assert "2 yang lebih awal ditampilkan dengan --all." in told
    assert ("membuka berkas" in told, "Catatan ke-0" in told, "Catatan ke-1" in told) == (False, False, True)
    assert "membuka berkas" in whole
    assert "--all" not in whole


def test_a_case_that_cannot_be_read_hides_no_other(three: "Office") -> None:
    next(three.root.rglob("penugasan-3.json")).write_text("{", encoding="utf-8")
    result = three.type("status")
    assert listed(result.stdout) == ["penugasan-1", "penugasan-2"]
    assert "penugasan-3.json rusak" in result.stderr


def test_an_overview_says_what_helps_against_a_damaged_case(three: "Office") -> None:
    (path,) = three.root.glob("data/instances/*/*/penugasan-1.json")
    path.write_text("{junk", encoding="utf-8")
    for words in (["inbox"], ["status"], ["report"]):
        result = three.type(*words)
        assert result.exit_code == 6
        assert "sopctl doctor --mend" in result.stderr


def test_the_columns_of_a_table_are_names_for_programs_too(office: "Office") -> None:
    field = office.json("show", "sk-tim")["fields"]["anggota"]
    assert field["columns"] == ["nama", "nip", "pangkat", "jabatan", "peran"]
    assert field["column_types"] == ["text", "nip", "text", "text", "text"]


def test_a_row_that_was_only_left_out_has_no_time_in_the_report(office: "Office") -> None:
    (office.root / "sops" / "uji.yaml").write_text(
        "id: uji\nnama: Uji\npelaksana: {k: Kasi}\nsteps:\n"
        "  - {id: tinjau, no: 1, kegiatan: Meninjau, pelaksana: k, optional: ya}\n"
        "  - {id: jawab, no: 2, kegiatan: Menjawab, pelaksana: k}\n",
        encoding="utf-8",
    )
    office.ok("start", "uji", "--subject", "Surat")
    office.ok("skip", "uji-1", "--note", "sudah ditinjau")
    told = office.ok("report")
    assert "mnt" not in next(line for line in told.splitlines() if "1 tinjau" in line)
    assert "Dilewati 1 kali: 1 tinjau." in told
