"""What stands in a command that people paste must be taken literally by every shell."""

import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.cli import command_lines
from sopctl.engine.next_actions import NextAction
from sopctl.sop.decode import read_sop

if TYPE_CHECKING:
    from tests.cli.conftest import Office

ACTED_ON = ["$(touch x)", "`id`", 'a" b', "%PATH%", "wah!", "a\\b", "a\nb", "a“b", "a\u202eb", "a\x1bb", "-x"]


@pytest.mark.parametrize("text", ACTED_ON)
def test_what_a_shell_acts_on_is_in_no_command(text: str) -> None:
    assert command_lines.word(text, "LABEL") == "LABEL"
    assert command_lines.attachments([text]) == ("--attach KELENGKAPAN=BERKAS",)


def test_one_command_stands_for_all_labels_that_are_typed_by_hand() -> None:
    labels = ("ya, lanjut", "$(a)", "tidak (ulang); lagi", "`b`\nc")
    actions = [NextAction(kind="decide", step="periksa", pelaksana="kabid", label=label) for label in labels]
    assert command_lines.next_commands("sk-tim-1", actions) == (
        'sopctl decide sk-tim-1 "ya, lanjut" --step periksa --as kabid',
        "sopctl decide sk-tim-1 LABEL --step periksa --as kabid",
        'sopctl decide sk-tim-1 "tidak (ulang); lagi" --step periksa --as kabid',
    )
    assert command_lines.typed_by_hand(actions) == ("Ketik sendiri LABEL: $(a) atau `b` c",)
    assert command_lines.typed_by_hand(actions[:1]) == ()


@pytest.mark.skipif(shutil.which("sh") is None, reason="no Unix shell here")
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12), min_size=1, max_size=30))
def test_a_shell_hands_on_what_was_meant(texts: list[str]) -> None:
    safe = [text for text in texts if command_lines.literal(text)]
    words = " ".join(command_lines.word(text, "") for text in safe)
    done = subprocess.run(["sh", "-c", f"printf '%s\\n' {words}"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == (safe or [""])


@pytest.mark.parametrize(
    ("type_", "sample"),
    [
        pytest.param("{label: X}", "TEKS", id="text"),
        pytest.param("{label: X, type: date}", "TANGGAL", id="date"),
        pytest.param("{label: X, type: table, columns: [a, b]}", "@BERKAS.csv", id="table"),
        pytest.param("{label: X, type: choice, choices: [Baik, Kurang]}", "Baik|Kurang", id="choice"),
    ],
)
def test_the_option_of_a_field_says_what_its_type_wants(type_: str, sample: str) -> None:
    text = (
        f"id: uji\nnama: Uji\npelaksana: {{a: A}}\nfields:\n  x: {type_}\n"
        "steps:\n  - {id: s, kegiatan: Menyusun, pelaksana: a}\n"
    )
    sop, _ = read_sop(text.encode(), "uji.yaml")
    assert sop is not None
    assert command_lines.field_option(sop.fields["x"]) == f'--set x="{sample}"'


CALLED = """\
id: anak
nama: Anak
pelaksana: {a: Kepala A}
fields:
  perlu: {label: Perlu, required: true}
steps:
  - {id: satu, kegiatan: Satu, pelaksana: a, waktu: 5 menit, output: X}
"""
CALLER = """\
id: induk
nama: Induk
pelaksana: {a: Kepala A}
fields:
  perlu: {label: Perlu}
steps:
  - {id: mulai, kegiatan: Mulai, pelaksana: a, waktu: 5 menit, output: K, branches: {ya: akhir, tidak: panggil}}
  - {id: panggil, kegiatan: Panggil, pelaksana: a, waktu: 5 menit, output: Y, sop: anak}
  - {id: akhir, kegiatan: Akhir, pelaksana: a, waktu: 5 menit, output: Z}
"""


@pytest.fixture
def caller(office: "Office") -> "Office":
    """An office with an SOP whose last branch leads into a step that another SOP does."""
    for id, text in (("anak", CALLED), ("induk", CALLER)):
        (office.root / "sops" / f"{id}.yaml").write_text(text, encoding="utf-8")
    office.ok("start", "induk")
    return office


def test_a_rejection_that_opens_another_sop_names_what_that_one_requires(caller: "Office") -> None:
    named = next(one["command"] for one in caller.json("status", "induk-1")["next"] if one["kind"] == "reject")
    assert named == 'sopctl reject induk-1 --step mulai --set perlu="TEKS" --note "…"'
    caller.ok(*shlex.split(named.replace("TEKS", "perlu sekali").replace("…", "belum"))[1:])
    assert caller.json("status", "induk-1")["child"] == "anak-1"


@pytest.mark.parametrize("text", [None, "id: anak\nnama: [\n"], ids=["not-there", "broken"])
def test_no_command_leads_to_an_sop_that_cannot_be_opened(caller: "Office", text: str | None) -> None:
    file = caller.root / "sops" / "anak.yaml"
    file.unlink()
    if text is not None:
        file.write_text(text, encoding="utf-8")
    assert [one["kind"] for one in caller.json("status", "induk-1")["next"]] == ["approve"]


def test_set_echoes_what_it_took(office: "Office") -> None:
    office.ok("start", "sk-tim")
    said = office.ok("set", "sk-tim-1", "masa_tugas=1 Desember 2026", "tugas=Menyusun;Melapor", "anggota=Orang Satu")
    for part in ("Masa tugas", "1 Desember 2026", "1. Menyusun", "2. Melapor", "Anggota tim:", "Orang Satu"):
        assert part in said
    assert "(dikosongkan)" in office.ok("set", "sk-tim-1", "masa_tugas=")
    assert office.json("set", "sk-tim-1", "masa_tugas=2 Desember 2026")["filled"] == {"masa_tugas": "2 Desember 2026"}


@pytest.mark.parametrize(
    "words", [["--for", "kadis", "--as", "kadis"], ["--evidence", "bukti.pdf"]], ids=["as", "alone"]
)
def test_what_was_done_on_paper_names_whose_it_is_and_nobody_else(office: "Office", words: list[str]) -> None:
    office.ok("start", "sk-tim")
    assert office.refused(2, "approve", "sk-tim-1", *words)["code"] == "usage"
    assert office.json("approve", "sk-tim-1", "--for", "kadis", "--note", "di kertas")["step"] == "teruskan"
    assert "dicatat untuk Kepala Dinas" in " ".join(office.ok("status", "sk-tim-1").split())
    assert "Di atas kertas: perintah oleh Kepala Dinas" in office.ok("report", "sk-tim-1")


def test_an_example_that_is_not_here_says_how_to_take_it(office: "Office") -> None:
    assert "--with-examples" in office.refused(4, "start", "contoh/undangan")["message"]
    office.ok("init", str(office.root), "--with-examples")
    assert "--with-examples" not in office.refused(4, "start", "contoh/undangn")["message"]
