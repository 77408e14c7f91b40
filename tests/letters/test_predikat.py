import pytest

from sopctl.letters.predikat import DI_ATAS, DI_BAWAH, SESUAI, predikat
from sopctl.word.printed_values import Blank


@pytest.mark.parametrize(
    ("perilaku", "row"),
    [
        pytest.param(DI_ATAS, ("Butuh Perbaikan", "Baik", "Sangat Baik"), id="perilaku-di-atas"),
        pytest.param(SESUAI, ("Butuh Perbaikan", "Baik", "Baik"), id="perilaku-sesuai"),
        pytest.param(DI_BAWAH, ("Sangat Kurang", "Kurang", "Kurang"), id="perilaku-di-bawah"),
    ],
)
def test_the_predikat_follows_the_matrix_of_the_rule(perilaku: str, row: tuple[str, str, str]) -> None:
    assert tuple(predikat(hasil, perilaku) for hasil in (DI_BAWAH, SESUAI, DI_ATAS)) == row


def test_case_and_spaces_of_a_rating_do_not_matter() -> None:
    assert predikat(" sesuai  ekspektasi ", "di atas ekspektasi") == "Baik"


@pytest.mark.parametrize("missing", [Blank("Rating"), None, "", "Luar biasa"])
def test_without_both_ratings_there_is_no_predikat(missing: object) -> None:
    assert isinstance(predikat(missing, SESUAI), Blank)
    assert isinstance(predikat(SESUAI, missing), Blank)
