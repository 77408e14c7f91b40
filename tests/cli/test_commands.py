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
start: mulai
steps:
"""
ROWS = {
    "mulai": "  - {id: mulai, kegiatan: Mulai, pelaksana: a, waktu: 5 menit, output: K, "
    "branches: {ya: akhir, tidak: panggil}}\n",
    "panggil": "  - {id: panggil, kegiatan: Kerja, pelaksana: a, waktu: 5 menit, output: Y, sop: anak, next: akhir}\n",
    "akhir": "  - {id: akhir, kegiatan: Akhir, pelaksana: a, waktu: 5 menit, output: Z}\n",
}
BELOW, ABOVE = ("mulai", "panggil", "akhir"), ("panggil", "mulai", "akhir")
"""The rows in the order in which the other SOP is called by a choice, or by a rejection."""


def calling(office: "Office", order: tuple[str, ...]) -> "Office":
    """The office with a case at a row whose last branch leads into a step that another SOP does."""
    for id, text in (("anak", CALLED), ("induk", CALLER + "".join(ROWS[id] for id in order))):
        (office.root / "sops" / f"{id}.yaml").write_text(text, encoding="utf-8")
    office.ok("start", "induk")
    return office


@pytest.mark.parametrize(
    ("order", "kind", "start", "end"),
    [
        pytest.param(ABOVE, "reject", "reject induk-1 --step mulai", ' --note "…"', id="rejection"),
        pytest.param(BELOW, "decide", 'decide induk-1 "tidak" --step mulai', "", id="choice"),
    ],
)
def test_a_branch_that_opens_another_sop_names_what_that_one_requires(
    office: "Office", order: tuple[str, ...], kind: str, start: str, end: str
) -> None:
    caller = calling(office, order)
    named = caller.json("status", "induk-1")["next"][-1]
    assert (named["kind"], named["command"]) == (kind, f'sopctl {start} --set perlu="TEKS"{end}')
    caller.ok(*shlex.split(named["command"].replace("TEKS", "perlu sekali").replace("…", "belum"))[1:])
    assert caller.json("status", "induk-1")["child"] == "anak-1"


@pytest.mark.parametrize(("order", "kind"), [(ABOVE, "approve"), (BELOW, "decide")], ids=["rejection", "choice"])
@pytest.mark.parametrize("text", [None, "id: anak\nnama: [\n"], ids=["not-there", "broken"])
def test_no_command_leads_to_an_sop_that_cannot_be_opened(
    office: "Office", order: tuple[str, ...], kind: str, text: str | None
) -> None:
    caller = calling(office, order)
    file = caller.root / "sops" / "anak.yaml"
    file.unlink()
    if text is not None:
        file.write_text(text, encoding="utf-8")
    left = caller.json("status", "induk-1")["next"]
    assert [(one["kind"], one["label"]) for one in left] == [(kind, "ya")]
    caller.ok(*shlex.split(left[0]["command"])[1:])


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


@pytest.mark.parametrize("named", ["PENUGASAN", "sops/penugasan.yaml", "./sops/penugasan.yaml", r"sops\penugasan.yaml"])
def test_an_sop_is_named_by_its_id_in_any_case_or_by_the_path_of_its_file(office: "Office", named: str) -> None:
    office.json("start", named)
    office.json("approve", "penugasan-1")
    assert office.json("check", named)["files"] == ["sops/penugasan.yaml"]
    reported = office.json("report", "--sop", named)
    assert reported["rows"] == office.json("report", "--sop", "penugasan")["rows"] != []
