"""Forks: which rows run beside each other, and what `check` says of arms that cannot be run."""

import pytest

from sopctl.problems import errors_of
from sopctl.sop.check import check_sop
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop

ROWS = """id: rapat
nama: Penyelenggaraan Rapat
pelaksana: {k: Kepala, s: Staf, p: Protokol}
steps:
  - {id: perintah, kegiatan: Memerintahkan, pelaksana: k, next: [undangan, tempat]}
  - {id: undangan, kegiatan: Menyusun, pelaksana: s}
  - {id: paraf, kegiatan: Memeriksa, pelaksana: k, branches: {ya: laksana, tidak: undangan}}
  - {id: tempat, kegiatan: Menyiapkan, pelaksana: p, next: laksana}
  - {id: laksana, kegiatan: Melaksanakan, pelaksana: k, branches: {ya: arsip, tidak: undangan}}
  - {id: arsip, kegiatan: Mengarsipkan, pelaksana: s}
"""


def sop_of(text: str) -> Sop:
    sop, problems = read_sop(text.encode(), "f.yaml")
    assert sop is not None, problems
    return sop


def errors_in(text: str) -> list[tuple[int, str]]:
    return [(one.source.line, one.message) for one in errors_of(check_sop(sop_of(text), {}))]


def test_rows_of_different_arms_run_beside_each_other() -> None:
    sop = sop_of(ROWS)
    assert errors_in(ROWS) == []
    assert sop.beside == {
        "undangan": frozenset({"tempat"}),
        "paraf": frozenset({"tempat"}),
        "tempat": frozenset({"undangan", "paraf"}),
    }


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        pytest.param(
            ("ya: laksana, tidak: undangan}}\n  - {id: tempat", "ya: end, tidak: undangan}}\n  - {id: tempat"),
            5, "tidak bertemu lagi", id="never-join",
        ),
        pytest.param(("p, next: laksana", "p, next: end"), 5, "tidak bertemu lagi", id="an-arm-that-only-ends"),
        pytest.param(("p, next: laksana", "p, next: [laksana, end]"), 8, "tidak bertemu", id="a-fork-to-the-end"),
        pytest.param(
            ("p, next: laksana", "p, branches: {ya: laksana, beres: end, ulang: perintah}"),
            8, "mengakhiri berkas", id="an-arm-that-may-end-alone",
        ),
        pytest.param(("{ya: laksana", "{ya: tempat"), 7, 'menyambung ke "tempat"', id="an-arm-that-leads-into-another"),
        pytest.param(("s}\n  - {id: paraf", "s, next: tempat}\n  - {id: paraf"), 6, "menyambung", id="a-row-below"),
        pytest.param(("[undangan, tempat]", "[undangan, laksana]"), 7, "menyambung", id="the-join-as-an-arm"),
        pytest.param(
            ("p, next: laksana", "p, branches: {ya: laksana, cepat: arsip, ulang: perintah}"),
            5, "laksana", id="arms-that-meet-at-two-rows",
        ),
        pytest.param(("p, next: laksana", "p, next: perintah"), 5, "Hanya cabang penolakan", id="back-by-next"),
        pytest.param(
            ("p, next: laksana", "p, branches: {ya: laksana, tidak: paraf}"),
            8, "meninggalkan jalannya", id="a-rejection-into-another-arm",
        ),
        pytest.param(
            ("p, next: laksana", "p, branches: {ya: laksana, tidak: end}"), 8, "meninggalkan", id="a-rejection-to-end"
        ),
        pytest.param(("tempat]", "tmpat]"), 5, '"tmpat"', id="no-such-row"),
        pytest.param(("tempat]", "undangan]"), 5, "sudah tertulis", id="the-same-row-twice"),
    ],
)  # fmt: skip
def test_arms_that_cannot_be_run_are_errors(change: tuple[str, str], line: int, words: str) -> None:
    text = ROWS.replace(*change)
    assert text != ROWS
    sop, problems = read_sop(text.encode(), "f.yaml")
    found = errors_of(check_sop(sop, {})) if sop else problems
    assert [one.source.line for one in found if words in one.message] == [line], found


def test_a_row_may_lead_out_of_a_fork_to_before_it_by_turning_down() -> None:
    assert errors_in(ROWS.replace("p, next: laksana", "p, branches: {ya: laksana, tidak: perintah}")) == []


def test_forks_may_be_nested_and_arms_may_meet_one_after_the_other() -> None:
    assert (
        errors_in("""id: tiga
nama: Tiga
pelaksana: {a: A}
steps:
  - {id: mulai, kegiatan: Memulai, pelaksana: a, next: [satu, dua, tiga]}
  - {id: satu, kegiatan: Menyusun, pelaksana: a, next: gabung}
  - {id: dua, kegiatan: Menyusun, pelaksana: a}
  - {id: gabung, kegiatan: Menggabungkan, pelaksana: a, next: [x, y]}
  - {id: x, kegiatan: Menyusun, pelaksana: a, next: akhir}
  - {id: y, kegiatan: Menyusun, pelaksana: a, next: akhir}
  - {id: tiga, kegiatan: Menyusun, pelaksana: a}
  - {id: akhir, kegiatan: Mengakhiri, pelaksana: a}
""")
        == []
    )


@pytest.mark.parametrize(("act", "lines"), [("draft", [9]), ("sign", [9]), ("initial", [])])
def test_a_document_that_two_arms_work_on_is_told_unless_both_initial_it(act: str, lines: list[int]) -> None:
    text = ROWS.replace("steps:", "documents: {surat: {template: nota-dinas.docx}}\nsteps:")
    for row, acts in (("s}", "initial"), ("p, next: laksana}", act)):
        text = text.replace(f"pelaksana: {row}", f"pelaksana: {row[:-1]}, document: {{name: surat, act: {acts}}}}}", 1)
    found = [one for one in check_sop(sop_of(text), {}) if "dikerjakan bersamaan" in one.message]
    assert [(one.source.line, one.weight) for one in found] == [(line, "important") for line in lines]
