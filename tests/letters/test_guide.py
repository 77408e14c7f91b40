from pathlib import Path

import msgspec
import pytest

from sopctl.letters.context import GLOBAL_NAMES, Foto, TemplateContext
from sopctl.letters.template_guide import GLOBAL, PARTS, REGISTER, VARIABLES, guide

README = Path(__file__).parents[2] / "templates" / "README.md"


def test_the_page_beside_the_templates_is_the_one_that_the_context_makes() -> None:
    assert README.read_text(encoding="utf-8") == guide()


def test_every_name_of_the_context_has_its_sentence() -> None:
    assert set(VARIABLES) == set(TemplateContext.__struct_fields__)
    assert set(GLOBAL) == GLOBAL_NAMES


@pytest.mark.parametrize("part", [*PARTS, *REGISTER])
def test_every_name_of_a_part_has_its_sentence(part: type[msgspec.Struct]) -> None:
    _, said = (PARTS | REGISTER)[part]
    names = set(part.__struct_fields__)
    assert set(said) == (names - {"read"} | {"gambar"} if part is Foto else names)
