"""What waits, as it is told: the inbox on a terminal, and the answer to "kenapa macet"."""

from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from sopctl.cli import inbox_tables, session
from sopctl.cli.app import full
from sopctl.cli.command_lines import next_commands
from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.why import why

Room = Any  # the class stands in a conftest


@pytest.fixture
def office(room: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    room.start("sk-tim", "Tim Pelatihan")
    monkeypatch.chdir(room.root)
    monkeypatch.delenv("SOPCTL_WORKSPACE", raising=False)
    monkeypatch.setattr(session, "clock", lambda: room.now)
    return room


def typed(*words: str) -> str:
    result = CliRunner(env={"COLUMNS": "80"}).invoke(full(), list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_why_names_the_holder_the_time_what_is_missing_and_the_command(office: Room) -> None:
    for _ in range(2):
        office.approve("sk-tim-1")
    office.now = office.now.replace(hour=11, minute=3)
    assert typed("why", "sk-tim-1").splitlines() == [
        "sk-tim-1 · Tim Pelatihan",
        "  Langkah  3. Membuat dan menyusun surat tugas sesuai dengan tugas dan fungsi yang akan dikerjakan",
        "  Pemegang Kasubbag TU/Umpar; siapa pun yang memegang komputer dapat bertindak",
        "  Sejak    Sel 24-11-2026 10.03, terpakai 60 mnt dari 25 mnt waktu kerja",
        "  Batas    Sel 24-11-2026 10.28, lewat 35 mnt",
        "  Mulai    belum ada catatan mulai dikerjakan (sopctl begin)",
        "  Kurang   Tugas yang diberikan, Anggota tim",
        '  Perintah sopctl approve sk-tim-1 --step susun --set tugas="BARIS;BARIS" --set anggota="@BERKAS.csv"',
    ]


def _to_periksa(room: Room) -> None:
    for typed in (None, None, MoveInput(sets=("tugas=satu", "anggota=satu"))):
        room.approve("sk-tim-1", typed)


def _suspended(room: Room) -> None:
    room.ask(lambda session: moves.suspend(session, "sk-tim-1", MoveInput(note="menunggu provinsi")))


@pytest.mark.parametrize(
    ("before", "commands", "words"),
    [
        pytest.param(
            lambda _: None,
            ["sopctl approve sk-tim-1 --step perintah"],
            "tinggal menunggu tindakan",
            id="nothing-missing",
        ),
        pytest.param(
            _to_periksa,
            ["sopctl approve sk-tim-1 --step periksa", 'sopctl reject sk-tim-1 --step periksa --note "…"'],
            "Kepala Bidang 3",
            id="a-diamond",
        ),
        pytest.param(_suspended, ["sopctl resume sk-tim-1"], "menunggu provinsi", id="suspended"),
        pytest.param(lambda room: room.cancel("sk-tim-1"), [], "dibatalkan", id="ended"),
    ],
)
def test_why_gives_the_exact_next_command(
    office: Room, before: Callable[[Room], object], commands: list[str], words: str
) -> None:
    before(office)
    assert list(next_commands("sk-tim-1", why(office.session(looking=True), "sk-tim-1").next)) == commands
    assert words in typed("why", "sk-tim-1")


def test_why_says_who_may_act_today(office: Room) -> None:
    """
    officials:
      - {nama: Pejabat Satu, jabatan: Kepala Dinas, pelaksana: [kadis], accounts: [akun-satu], until: 2026-11-23}
      - {nama: Pejabat Dua, jabatan: Kepala Dinas, pelaksana: [kadis], accounts: [akun-dua], as: Plt.}
    """
    settings = office.root / "sopctl.yaml"
    text = settings.read_text(encoding="utf-8").replace("officials: []", "")
    officials = (test_why_says_who_may_act_today.__doc__ or "").replace("\n    ", "\n")
    settings.write_text(text + officials.rstrip() + "\n", encoding="utf-8")
    (holder,) = why(office.session(looking=True), "sk-tim-1").holders
    assert (holder.people, holder.anybody) == (("Plt. Pejabat Dua (akun-dua)",), False)


def test_why_of_a_case_that_waits_for_another_points_there(office: Room) -> None:
    office.start("bimtek", "Bimtek")
    office.start("penugasan", parent="bimtek-1")
    found = why(office.session(looking=True), "bimtek-1")
    assert (found.child, next_commands("bimtek-1", found.next)) == ("penugasan-1", ("sopctl why penugasan-1",))
    assert "  Kurang   berkas penugasan-1 belum selesai" in typed("why", "bimtek-1")


def test_the_inbox_shows_the_most_urgent_and_counts_the_rest(office: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        office.start("penugasan")
    monkeypatch.setattr(inbox_tables, "SHOWN", 2)
    office.now = office.now.replace(hour=10, minute=6, second=30)
    short, whole = typed("inbox"), typed("inbox", "--all")
    assert "4 menunggu, 1 terlambat; 2 lagi dengan --all." in short
    assert short.index("sk-tim-1") < short.index("penugasan-1")
    assert "penugasan-3" not in short
    assert "penugasan-3" in whole
    assert "lewat" in short
    assert all(len(line) <= 80 for line in whole.splitlines())


def test_the_report_fits_eighty_columns(office: Room) -> None:
    _to_periksa(office)
    for words in (("report",), ("report", "--by", "pelaksana"), ("report", "--propose"), ("report", "sk-tim-1")):
        assert all(len(line) <= 80 for line in typed(*words).splitlines()), words


def test_proposals_say_where_there_is_too_little(office: Room) -> None:
    _to_periksa(office)
    assert "data terlalu sedikit" in typed("report", "--propose")


def test_a_year_without_cuti_bersama_is_told(office: Room) -> None:
    office.now = office.now.replace(year=2040)
    result = CliRunner().invoke(full(), ["inbox"], catch_exceptions=False)
    assert "Cuti bersama 2040 belum dikenal" in result.stderr
