"""A case is found by words of its subject where no id is meant."""

from typing import TYPE_CHECKING

import pytest

from sopctl.errors import NotFoundError
from sopctl.store.case_search import find_case

if TYPE_CHECKING:
    from tests.conftest import Room


@pytest.fixture
def opened(room: "Room") -> "Room":
    for subject in ("Pembinaan Koperasi Nelayan", "Pengawasan Koperasi Simpan Pinjam", "Pembinaan lama", "Pénguatan"):
        room.start("sk-tim", subject)
    room.cancel("sk-tim-3")
    return room


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("nelayan", "sk-tim-1"),
        ("PINJAM pengawasan", "sk-tim-2"),
        ("pembinaan", "sk-tim-1"),
        ("lama", "sk-tim-3"),
        ("tim-2", "sk-tim-2"),
        ("penguatan", "sk-tim-4"),
        ("PE\u0301NGUATAN", "sk-tim-4"),
    ],
)
def test_words_of_the_subject_mean_a_case_and_running_ones_come_first(opened: "Room", text: str, id: str) -> None:
    assert find_case(opened.session().record, text) == id


@pytest.mark.parametrize(("text", "code", "says"), [("koperasi", "ambiguous", "Nelayan"), ("kapal", "id", "kapal")])
def test_words_that_mean_several_or_none_are_told(opened: "Room", text: str, code: str, says: str) -> None:
    with pytest.raises(NotFoundError, match=says) as raised:
        find_case(opened.session().record, text)
    assert raised.value.code == code
