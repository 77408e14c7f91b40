"""What the guides say of the SOP language: the examples are sound, the times are read, the words are the model's."""

import re
from pathlib import Path

import pytest

from sopctl.letters.context import TemplateContext
from sopctl.problems import errors_of
from sopctl.sop.check import check_sop
from sopctl.sop.decode import read_sop
from sopctl.sop.durations import complete_waktu, read_time
from sopctl.sop.model import Identitas, Kelengkapan, Sop, Step, Waktu
from sopctl.sop.readings import Reading, describe_time
from sopctl.word.printed_values import Person

DOCS = Path(__file__).parents[2] / "docs"
WRITING = (DOCS / "menulis-sop.md").read_text(encoding="utf-8")
GLOSSARY = (DOCS / "istilah.md").read_text(encoding="utf-8")
NOT_PRINTED = frozenset(
    {
        "id",
        "no",
        "together",
        "decides",
        "not_by",
        "next",
        "branches",
        "kind",
        "optional",
        "document",
        "sop",
        "columns",
        "source",
    }
)
EXAMPLES = re.findall(r"```yaml\n(id: .*?)```", WRITING, re.DOTALL)


def section(page: str, title: str) -> str:
    """The text under a heading, up to the next one of any level; headings in code blocks have none of this form."""
    found = re.search(rf"^#+ {re.escape(title)}$(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def first_cells(page: str, title: str) -> list[str]:
    """What stands in the first column of the table under a heading."""
    return [
        row.split(" | ")[0].removeprefix("| ") for row in section(page, title).splitlines() if row.startswith("| `")
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=range(1, len(EXAMPLES) + 1))
def test_every_stage_of_the_example_is_an_sop_without_errors(example: str) -> None:
    decoded, problems = read_sop(example.encode(), "izin-ruang.yaml")
    assert decoded is not None, [str(problem) for problem in problems]
    assert errors_of((*problems, *check_sop(decoded, {decoded.id: decoded.nama}))) == ()


def test_the_example_grows_to_the_end() -> None:
    stages = [read_sop(example.encode(), "izin-ruang.yaml")[0] for example in EXAMPLES]
    assert len(stages) == 4
    assert stages[-1]
    assert stages[-1].documents
    assert stages[-1].fields


def rows_of_waktu() -> list[tuple[list[str], str]]:
    """The texts of each row of the table under Waktu, and what it says that they are read as."""
    rows = [row.strip("| ").split(" | ") for row in section(WRITING, "Waktu").splitlines() if row.startswith("| `")]
    return [(re.findall(r"`([^`]*)`", row[0]), row[1].strip("` ") if len(row) > 2 else "") for row in rows]


@pytest.mark.parametrize(("texts", "read"), rows_of_waktu())
def test_every_waktu_that_is_shown_is_read_as_the_guide_says(texts: list[str], read: str) -> None:
    assert texts
    for text in texts:
        found = read_time(text)
        assert isinstance(found, Reading)
        ends = list(dict.fromkeys(map(describe_time, filter(None, (found.minimum, found.maximum)))))
        standard = complete_waktu(Waktu(text))
        assert isinstance(standard, Waktu)
        said = "tanpa standar" if standard.maximum is None else "dengan catatan" if found.doubt else " - ".join(ends)
        assert said == (read or said)


@pytest.mark.parametrize("line", re.findall("^waktu: .*$", section(WRITING, "Waktu"), re.MULTILINE))
def test_every_waktu_with_keys_that_is_shown_is_sound(line: str) -> None:
    fields = "tanggal_rapat: {label: T, type: date}, jumlah_berkas: {label: J, type: number}"
    row = "{id: disposisi, kegiatan: x, pelaksana: a, waktu: 1 jam}"
    text = f"id: a\nnama: A\npelaksana: {{a: A}}\nfields: {{{fields}}}\nsteps:\n  - {row}\n"
    decoded, problems = read_sop(f"{text}  - id: b\n    kegiatan: x\n    pelaksana: a\n    {line}\n".encode(), "a.yaml")
    assert problems == ()
    assert decoded
    assert "waktu" not in {problem.code for problem in check_sop(decoded, {})}


def test_the_glossary_has_the_words_of_the_form_as_the_model_has_them() -> None:
    words = {cell.strip("`") for cell in first_cells(GLOSSARY, "Kata formulir")}
    row = set(Step.__struct_fields__) - NOT_PRINTED
    assert words == {"nama", *row, *Identitas.__struct_fields__}
    assert "nama" in Sop.__struct_fields__
    assert "nama" in Kelengkapan.__struct_fields__


def test_a_template_finds_the_words_of_a_row_under_their_own_names() -> None:
    row = set(Step.__struct_fields__) - NOT_PRINTED
    assert row - set(TemplateContext.__struct_fields__) == {"pelaksana"}
    assert "pelaksana" in Person.__struct_fields__
