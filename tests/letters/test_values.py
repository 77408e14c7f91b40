import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.engine.events import FieldValue
from sopctl.letters.context import TableRow
from sopctl.letters.field_values import filled_field, template_value
from sopctl.problems import Source
from sopctl.sop.model import Field, FieldColumn, FieldType
from sopctl.word.dates import Angka, Rupiah, Tanggal
from sopctl.word.printed_values import Blank

HERE = Source("sops/uji.yaml", 1, 1)
TYPES: tuple[FieldType, ...] = ("text", "number", "date", "nip", "money", "list", "table", "choice")


def field(type_: FieldType, columns: tuple[str, ...] = ("nama", "nip")) -> Field:
    return Field(name="isian", label="Isian", type=type_, columns=tuple(map(FieldColumn, columns)), source=HERE)


@pytest.mark.parametrize(
    ("type_", "value", "seen"),
    [
        pytest.param("text", "apa adanya", "apa adanya", id="text"),
        pytest.param("number", 12.5, Angka(12.5), id="number"),
        pytest.param("number", "1200", Angka(1200), id="number-as-text"),
        pytest.param("number", "banyak", "banyak", id="no-number"),
        pytest.param("date", "2026-11-24", Tanggal(2026, 11, 24), id="date"),
        pytest.param("date", "besok", "besok", id="no-date"),
        pytest.param("money", 1500000, Rupiah(1_500_000), id="money"),
        pytest.param("nip", "198001012005011001", "19800101 200501 1 001", id="nip"),
        pytest.param("nip", "tidak ada", "tidak ada", id="no-nip"),
        pytest.param("list", ["a", "b"], ["a", "b"], id="list"),
        pytest.param("list", "satu saja", ["satu saja"], id="list-of-one"),
        pytest.param("choice", "Segera", "Segera", id="choice"),
        pytest.param("text", ["a", "b"], "a\nb", id="text-in-lines"),
    ],
)
def test_a_field_has_the_type_that_the_sop_gives_it(type_: FieldType, value: FieldValue, seen: object) -> None:
    assert template_value(field(type_), value) == seen


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("value", [None, "", []])
def test_a_field_that_nobody_filled_in_is_blank(type_: FieldType, value: FieldValue | None) -> None:
    blank = template_value(field(type_), value)
    assert isinstance(blank, Blank)
    assert (bool(blank), len(blank), list(blank), blank.label) == (False, 0, [], "Isian")
    assert set(str(blank)) == {"…"}


def test_a_row_has_its_cells_by_name() -> None:
    rows = template_value(field("table"), [{"nama": "A", "lain": "x"}, "B"])
    assert isinstance(rows, list)
    first, second = rows
    assert isinstance(first, TableRow)
    assert isinstance(second, TableRow)
    assert (first.nama, str(first.nip), second.nama) == ("A", "", "B")
    assert not hasattr(first, "lain")
    assert not hasattr(first, "__wrapped__")


def test_a_sheet_of_everything_heads_its_tables_with_words() -> None:
    shown = filled_field(field("table", ("penanggung_jawab", "nip")), [{"penanggung_jawab": "A", "nip": "1"}])
    assert shown.columns == ("Penanggung jawab", "NIP")
    assert shown.rows == (("A", "1"),)


_rows = st.lists(st.text() | st.dictionaries(st.sampled_from(["nama", "nip", "lain"]), st.text()))


@given(type_=st.sampled_from(TYPES), value=st.text() | st.integers() | st.floats() | _rows)
def test_no_value_is_too_odd_to_print(type_: FieldType, value: FieldValue) -> None:
    str(template_value(field(type_), value))
    filled_field(field(type_), value)
