from collections.abc import Callable

import pytest

from sopctl.errors import WrongError
from sopctl.letters.renderer import Renderer
from sopctl.letters.template_check import check_template

WordFile = Callable[..., bytes]


def test_variables_are_those_of_the_template_and_its_fragments(word_file: WordFile) -> None:
    files = {
        "a.docx": word_file("{{ subject }} {% for a in anggota %}{{ a.nama }}{% endfor %}", '{%p include "b.docx" %}'),
        "b.docx": word_file("{{ instansi.nama }}"),
    }
    assert Renderer(files.__getitem__).load_compiled("a.docx").names == {"subject", "anggota", "instansi"}


@pytest.mark.parametrize(
    ("paragraph", "fields", "says"),
    [
        pytest.param("{{ subject }} {{ tugas }}", {"tugas"}, [], id="known"),
        pytest.param("{{ terbilang(1) }} {{ kosong }}", set(), [], id="given-to-all"),
        pytest.param("{% if tugas is defined %}{{ tugas }}{% endif %}", set(), [], id="asked-first"),
        pytest.param("{{ tugas | default(kosong) }}", set(), [], id="has-a-default"),
        pytest.param("{% if x %}{% set y = 1 %}{% endif %}{{ y }}", {"x"}, [], id="set-by-itself"),
        pytest.param("{{ tugs }}", {"tugas"}, ["`tugs` tidak dikenal. Maksudnya `tugas`?"], id="near-miss"),
        pytest.param("{{ zzzzzz }}", set(), ["Tambahkan di `fields` SOP"], id="nothing-near"),
        pytest.param("{{ qqq }} {{ zzzzzz }}", set(), ["`qqq`", "`zzzzzz`"], id="all-at-once"),
        pytest.param("{{ nama", set(), ["tidak ditutup"], id="syntax"),
        pytest.param('{%p include "x.docx" %}', set(), ["x.docx: file tidak ada"], id="no-fragment"),
    ],
)
def test_check_says_everything_that_is_wrong(
    word_file: WordFile, paragraph: str, fields: set[str], says: list[str]
) -> None:
    found = check_template("a.docx", Renderer({"a.docx": word_file(paragraph)}.__getitem__), fields)
    assert len(found) == len(says)
    for sentence, part in zip(found, says, strict=True):
        assert part in sentence


def test_variables_of_a_broken_file_cannot_be_told() -> None:
    with pytest.raises(WrongError):
        Renderer({"a.docx": b"rusak"}.__getitem__).load_compiled("a.docx")
