"""What README says of the language holds: its example is sound, its times are read, its words are the model's."""

import re
from pathlib import Path

from sopctl.problems import errors_of
from sopctl.sop.check import check_sop
from sopctl.sop.decode import read_sop
from sopctl.sop.durations import parse_waktu
from sopctl.sop.model import Identitas, Kelengkapan, Sop, Step, Waktu

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under a heading, up to the next one of any level; headings in code blocks have none of this form."""
    found = re.search(rf"^#+ {re.escape(title)}$(.*?)(?=^##|\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def first_cells(title: str) -> list[str]:
    """What stands in the first column of the table under a heading."""
    return [row.split(" | ")[0].removeprefix("| ") for row in section(title).splitlines() if row.startswith("| `")]


def test_the_whole_example_is_an_sop_without_errors() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", section("A whole example"), re.DOTALL)
    decoded, problems = read_sop(example.encode(), "izin-ruang.yaml")
    assert decoded is not None, [str(problem) for problem in problems]
    assert errors_of((*problems, *check_sop(decoded, {decoded.id: decoded.nama}))) == ()


def test_every_waktu_that_readme_shows_is_read_as_a_time() -> None:
    shown = [text for cell in first_cells("Waktu") for text in re.findall(r"`([^`]*)`", cell)]
    read = {text: parse_waktu(text) for text in shown}
    assert len(read) > 10
    assert [text for text, waktu in read.items() if not isinstance(waktu, Waktu) or waktu.maximum is None] == []


def test_the_glossary_has_the_words_of_the_form_as_the_model_has_them() -> None:
    words = {cell.strip("`") for cell in first_cells("Glossary")}
    model = {name for part in (Sop, Step, Kelengkapan) for name in part.__struct_fields__}
    assert set(Identitas.__struct_fields__) <= words
    assert words - set(Identitas.__struct_fields__) <= model


def test_every_key_of_a_row_is_explained() -> None:
    explained = {key for cell in first_cells("Keys of a row") for key in re.findall(r"`(\w+)`", cell)}
    assert explained == set(Step.__struct_fields__) - {"source"}
