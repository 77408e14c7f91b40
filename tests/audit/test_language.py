"""What an SOP may say for the record's sake, and what could never be completed."""

from inspect import cleandoc

import pytest

from sopctl.sop.check import check_sop
from sopctl.sop.decode import read_sop

ROWS = """
id: uji
nama: Uji
pelaksana: {{tim: Tim, kabid: Kepala Bidang}}
fields: {{nilai: {{label: Nilai, type: number}}}}
steps:
  - {{id: susun, kegiatan: Menyusun, pelaksana: tim}}
  - {{id: periksa, kegiatan: Memeriksa, pelaksana: kabid, {more}}}
  - {{id: selesai, kegiatan: Menyelesaikan, pelaksana: tim}}
"""
THREE = "branches: {satu: susun, dua: selesai, tiga: end}"


@pytest.mark.parametrize(
    ("said", "steps"), [("not_by: susun", ("susun",)), ("not_by: [susun, selesai]", ("susun", "selesai"))]
)
def test_a_row_names_those_whose_actors_it_is_closed_to(said: str, steps: tuple[str, ...]) -> None:
    sop, problems = read_sop(cleandoc(ROWS.format(more=said)).encode(), "sops/uji.yaml")
    assert (sop.step("periksa").not_by if sop else None, problems) == (steps, ())


@pytest.mark.parametrize(
    ("said", "says"),
    [
        pytest.param("not_by: susnu", "mungkin maksudnya", id="mistyped"),
        pytest.param("not_by: periksa", "tidak ada di sini", id="its own row"),
        pytest.param("not_by: [susun, susun]", "sudah tertulis", id="twice"),
    ],
)
def test_a_row_that_is_not_there_is_told(said: str, says: str) -> None:
    _, problems = read_sop(cleandoc(ROWS.format(more=said)).encode(), "sops/uji.yaml")
    assert any(says in problem.message for problem in problems), problems


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        pytest.param(f"sop: lain, {THREE}", True, id="three exits without a condition"),
        pytest.param(
            'sop: lain, branches: {satu: {to: susun, when: "nilai > 2"}, dua: selesai, tiga: end}',
            False,
            id="a condition",
        ),
        pytest.param("sop: lain, branches: {ya: selesai, tidak: susun}", False, id="two exits"),
        pytest.param(THREE, False, id="no call"),
    ],
)
def test_the_end_of_a_called_sop_cannot_choose_among_three(more: str, *, wrong: bool) -> None:
    sop, problems = read_sop(cleandoc(ROWS.format(more=more)).encode(), "sops/uji.yaml")
    assert sop is not None, problems
    found = [problem for problem in check_sop(sop, {"lain": "Lain"}) if problem.code == "call"]
    assert [problem.severity for problem in found] == ["error"] * wrong
