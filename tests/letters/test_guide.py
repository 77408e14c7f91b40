from pathlib import Path

import pytest

from sopctl.letters.template_guide import TABLES, guide

README = Path(__file__).parents[2] / "templates" / "README.md"


def test_the_tables_beside_the_templates_are_those_that_the_context_makes() -> None:
    page = README.read_text(encoding="utf-8")
    assert guide(page) == page


def test_a_page_that_lacks_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="Variabel semua templat"):
        guide("# Templat surat\n")


@pytest.mark.parametrize("table", TABLES)
def test_every_name_that_a_template_finds_has_its_sentence(table: str) -> None:
    assert all(TABLES[table].values())
