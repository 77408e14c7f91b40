"""The tables of keys in the guides are those of the models; `make docs` writes them anew."""

import re
from pathlib import Path

import pytest

from sopctl.notation.keys import YamlStruct
from sopctl.notation.structs import key_table
from sopctl.office.model import (
    HolidayRules,
    Instansi,
    LetterNumber,
    MailServer,
    Margins,
    Office,
    Official,
    Pages,
    RecordSettings,
    WebPage,
)
from sopctl.sop.model import (
    Branch,
    Document,
    DocumentVariant,
    Field,
    FieldColumn,
    FieldDefault,
    Identitas,
    Kelengkapan,
    Optionality,
    Sop,
    SopCall,
    Step,
    StepDocument,
    Waktu,
)
from sopctl.worktime.hours import RamadanPeriod

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"(?<=^<!-- keys: )([\w-]+) -->\n(.*?)(?=^<!-- end -->$)", re.MULTILINE | re.DOTALL)

TABLES: dict[str, dict[str, type[YamlStruct]]] = {
    "menulis-sop.md": {
        "sop": Sop,
        "identitas": Identitas,
        "step": Step,
        "waktu": Waktu,
        "kelengkapan": Kelengkapan,
        "branch": Branch,
        "step-document": StepDocument,
        "optional": Optionality,
        "call": SopCall,
        "field": Field,
        "column": FieldColumn,
        "default": FieldDefault,
        "document": Document,
        "instead": DocumentVariant,
    },
    "kantor.md": {
        "office": Office,
        "instansi": Instansi,
        "ramadan": RamadanPeriod,
        "holidays": HolidayRules,
        "letter_number": LetterNumber,
        "official": Official,
        "pages": Pages,
        "margins": Margins,
        "record": RecordSettings,
        "web": WebPage,
        "mail": MailServer,
    },
}


def rewritten(page: str) -> str:
    """The page with the tables of its models."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return BLOCK.sub(lambda block: f"{block[1]} -->\n{key_table(TABLES[page][block[1]])}", text)


@pytest.mark.parametrize("page", TABLES)
def test_a_guide_has_the_keys_of_the_models(page: str) -> None:
    assert (DOCS / page).read_text(encoding="utf-8") == rewritten(page), "run `make docs`"


@pytest.mark.parametrize("page", TABLES)
def test_a_guide_has_a_table_for_every_mapping(page: str) -> None:
    assert sorted(name for name, _ in BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))) == sorted(TABLES[page])


def test_every_mapping_that_is_read_has_a_table() -> None:
    tables = {struct for page in TABLES.values() for struct in page.values()}
    assert tables == {struct for struct in YamlStruct.__subclasses__() if struct.__module__.startswith("sopctl.")}


if __name__ == "__main__":
    for name in TABLES:
        (DOCS / name).write_text(rewritten(name), encoding="utf-8")
