"""Commands that name no case: at a real terminal it is chosen, elsewhere it must be named; a pile is chosen at once."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminals import answer, begin_command, finish

if TYPE_CHECKING:
    from tests.cli.conftest import DoneOnce, Office

SIGN, AGAIN = ("Tanda tangani?", "y"), "Ketik nomor 1 sampai 3"
NO_FIELDS = ("--data", "isi.json")
"""With a file of fields, though it has none, nothing is asked for."""


def typed(office: "Office", *words: str, answers: tuple[tuple[str, str], ...]) -> tuple[int, str]:
    """The exit code and the screen of a command at a terminal of 80 columns, with what is typed after each text."""
    (office.root / "isi.json").write_text("{}", encoding="utf-8")
    child = begin_command(office.root, *words)
    screen = answer(child, *answers)
    code = finish(child)
    return code, screen + child.before


def open_three(office: "Office") -> None:
    for name in "ABC":
        office.ok("start", "pelaporan-bimtek", "--subject", f"Bimtek {name}", "--at", "2026-11-24 08:00")


@pytest.fixture
def waiting(done_once: "DoneOnce") -> "Office":
    """Three cases at the first row."""
    return done_once(open_three)


def steps(office: "Office") -> list[str]:
    return [row["step"] for row in sorted(office.json("status"), key=lambda row: row["id"])]


def test_the_one_case_that_waits_is_named_and_confirmed(office: "Office") -> None:
    office.ok("start", "sk-tim", "--subject", "Tim Nelayan")
    code, screen = typed(office, "approve", *NO_FIELDS, answers=(("Berkas ini?", "t"),))
    assert (code, steps(office)) == (2, ["perintah"])
    code, screen = typed(office, "approve", *NO_FIELDS, answers=(("Berkas ini?", ""), SIGN))
    assert (code, steps(office)) == (0, ["teruskan"])
    for words in ("sk-tim-1: Tim Nelayan", "Kepala Dinas: 1. Memerintahkan"):
        assert words in " ".join(screen.split())


@pytest.mark.parametrize(
    ("answer", "moved"),
    [("2", [1]), ("1 3", [0, 2]), ("2-3", [1, 2]), ("3,1", [0, 2])],
    ids=["one", "two", "from", "comma"],
)
def test_several_cases_are_chosen_by_number(waiting: "Office", answer: str, moved: list[int]) -> None:
    ids = [row["id"] for row in waiting.json("inbox")]
    code, screen = typed(
        waiting, "approve", *NO_FIELDS, answers=(("Nomor", "9"), (AGAIN, answer), *[SIGN for _ in moved])
    )
    assert code == 0
    assert all(len(line) <= 80 for line in screen.partition("Nomor")[0].splitlines())
    assert screen.index("1 pelaporan-bimtek-1: Bimtek A") < screen.index("2 pelaporan-bimtek-2")
    chosen = {ids[place] for place in moved}
    assert {row["id"] for row in waiting.json("status") if row["step"] != "perintah"} == chosen


def test_the_other_commands_choose_too(waiting: "Office") -> None:
    for words, there in ((["why"], "Bimtek"), (["suspend", "--note", "x"], "ditunda"), (["begin"], "mulai dikerjakan")):
        code, screen = typed(waiting, *words, answers=(("Nomor", "1"),))
        assert (code, there in screen) == (0, True), screen
    assert typed(waiting, "resume", answers=(("Berkas ini?", ""),))[0] == 0
    assert typed(waiting, "cancel", "--note", "x", answers=(("Nomor", ""),))[0] == 2


def test_a_decision_is_chosen_with_its_label(office: "Office") -> None:
    office.ok("start", "sk-tim", "--subject", "Tim")
    for sets in ((), (), ("--set", "tugas=Menyusun", "--set", "anggota=Orang")):
        office.ok("approve", "sk-tim-1", *sets)
    code, _ = typed(office, "decide", "--note", "x", answers=(("Berkas ini?", "y"), ("2 belum sesuai", "2")))
    assert (code, steps(office)) == (0, ["susun"])


def test_only_a_step_that_can_be_turned_down_is_offered_to_reject_and_decide(waiting: "Office") -> None:
    for command in ("reject", "decide"):
        code, screen = typed(waiting, command, answers=())
        assert (code, "Tidak ada berkas untuk perintah ini" in screen) == (4, True), screen
    for sets in ((), ("--set", "hasil=Terlatih")):
        waiting.ok("approve", "pelaporan-bimtek-2", *sets)
    code, screen = typed(waiting, "reject", "--note", "x", answers=(("Berkas ini?", "y"),))
    assert (code, "pelaporan-bimtek-2 dikembalikan" in screen) == (0, True), screen


def test_what_is_added_to_a_case_asks_which_one_and_for_what_was_left_out(waiting: "Office") -> None:
    (waiting.root / "bahan.txt").write_text("isi", encoding="utf-8")
    second, account = ("Nomor", "2"), waiting.json("status", "pelaporan-bimtek-1")["events"][0]["by"]
    for words, answers, done in (
        (["set", "simpulan=Baik"], (), "diisi"),
        (["set", "--subject", "Bimtek Baru"], (), "berganti perihal"),
        (["note", "Menunggu undangan"], (), "dicatat"),
        (["note"], (("Isi catatan", "Menunggu"),), "dicatat"),
        (["attach", "Disposisi", "bahan.txt"], (), "dilampiri"),
        (["attach"], (("1 Disposisi", "1"), ("Nama file", "bahan.txt")), "dilampiri"),
        (["assign", "kabid", account], (), "ditugaskan"),
        (["assign"], (("1 Ketua Tim Kerja", "3"), ("Nama pejabat", account)), "ditugaskan"),
    ):
        code, screen = typed(waiting, *words, answers=(second, *answers))
        assert (code, re.search(rf"pelaporan-bimtek-\d {done}", screen) is not None) == (0, True), screen
    code, screen = typed(waiting, "note", "pelaporan-bimtek-1", answers=(("Isi catatan", ""),))
    assert code == 2


@pytest.mark.parametrize(
    "words",
    [
        ["approve"],
        ["reject"],
        ["decide"],
        ["withdraw"],
        ["why"],
        ["docs"],
        ["resume"],
        ["bundle"],
        ["migrate"],
        ["agenda", "set"],
        ["set", "simpulan=Baik"],
        ["attach"],
        ["note"],
        ["assign"],
    ],
    ids=lambda words: words[0],
)
def test_elsewhere_a_case_must_be_named(waiting: "Office", words: list[str]) -> None:
    assert waiting.refused(2, *words)["message"] == "Yang wajib belum diisi: ID."


def test_a_migration_is_agreed_to_in_indonesian(office: "Office") -> None:
    office.ok("start", "sk-tim")
    path = office.root / "sops" / "sk-tim.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("nama: Pembuatan", "nama: Penerbitan"), encoding="utf-8")
    code, screen = typed(office, "migrate", "sk-tim-1", answers=(("SOP yang baru?", ""),))
    assert (code, "[y/N]" in screen) == (0, False)
    code, screen = typed(office, "migrate", "sk-tim-1", answers=(("SOP yang baru?", "ya"),))
    assert (code, "sk-tim-1 memakai SOP yang baru" in screen) == (0, True)


def test_a_pile_of_one_step_is_moved_at_once(waiting: "Office") -> None:
    waiting.ok("approve", "pelaporan-bimtek-2")
    pile = ("--sop", "pelaporan-bimtek")
    assert "perintah (2 berkas); " in waiting.refused(2, "approve", *pile)["message"]
    assert waiting.refused(4, "approve", *pile, "--step", "terima")["code"] == "step"
    assert waiting.refused(4, "approve", "--sop", "tidak-ada", "--step", "perintah")["code"] == "sop"
    assert waiting.refused(2, "approve", "pelaporan-bimtek-1", *pile, "--step", "perintah")["code"] == "usage"
    moved = waiting.json("approve", *pile, "--step", "perintah")
    assert [one["id"] for one in moved] == ["pelaporan-bimtek-1", "pelaporan-bimtek-3"]
    assert len(set(steps(waiting))) == 1


def test_at_a_terminal_the_pile_is_shown_before(waiting: "Office") -> None:
    words = ("approve", "--sop", "pelaporan-bimtek", "--step", "perintah", *NO_FIELDS)
    assert typed(waiting, *words, answers=(("3 pelaporan-bimtek-3", "1-2"), SIGN, SIGN))[0] == 0
    assert steps(waiting)[2] == "perintah"
    assert typed(waiting, *words, answers=(("Berkas ini?", ""), SIGN))[0] == 0
    assert len(set(steps(waiting))) == 1


def test_a_move_that_names_a_step_is_made_there_only(office: "Office") -> None:
    office.ok("start", "sk-tim", "--subject", "Tim")
    office.ok("approve", "sk-tim-1", "--step", "perintah")
    error = office.refused(3, "approve", "sk-tim-1", "--step", "perintah")
    assert error["code"] == "elsewhere"
    assert "sekarang di langkah teruskan" in error["message"]
