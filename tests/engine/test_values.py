"""What people type, paste or hand over in files becomes a value of a field, or is refused with what to type."""

import json
import math
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.engine import values
from sopctl.engine.events import FieldValue
from sopctl.engine.text import LONGEST, clean_text
from sopctl.errors import UsageError
from sopctl.problems import Source
from sopctl.sop.model import Field, FieldColumn, FieldType

HERE = Source("sops/uji.yaml", 1, 1)
TODAY = date(2026, 11, 27)
COLUMNS = ("nama", "nip", "peran")
CHOICES = ("Di Atas Ekspektasi", "Sesuai Ekspektasi")
TYPES: tuple[FieldType, ...] = ("text", "number", "date", "nip", "money", "list", "table", "choice")


def field(type_: FieldType, *, required: bool = False) -> Field:
    columns = tuple(map(FieldColumn, COLUMNS)) if type_ == "table" else ()
    choices = CHOICES if type_ == "choice" else ()
    return Field(
        name="isian", label="Isian", type=type_, required=required, columns=columns, choices=choices, source=HERE
    )


def row(nama: str, nip: str = "", peran: str = "") -> dict[str, str]:
    return {"nama": nama, "nip": nip, "peran": peran}


@pytest.mark.parametrize(
    ("type_", "texts", "value"),
    [
        pytest.param("text", ["  Aula kantor "], "Aula kantor", id="text without the blanks around it"),
        pytest.param("text", ["a;b|c"], "a;b|c", id="text keeps its signs"),
        pytest.param("text", ["baris satu\r\nbaris dua\x0bbaris tiga"], "baris satu\nbaris dua\nbaris tiga",
                     id="line breaks of Windows and Word"),
        pytest.param("text", ["satu\u2028dua\u2029tiga\x85empat\rlima\x0cenam"], "satu\ndua\ntiga\nempat\nlima\nenam",
                     id="all other line breaks"),
        pytest.param("number", ["75"], 75, id="whole number"),
        pytest.param("number", ["75,5"], 75.5, id="decimal comma"),
        pytest.param("number", ["75.5"], 75.5, id="decimal point"),
        pytest.param("number", ["1.250.000"], 1_250_000, id="thousands"),
        pytest.param("number", ["1.250"], 1250, id="one thousand"),
        pytest.param("number", ["1.250,5"], 1250.5, id="thousands and a comma"),
        pytest.param("number", ["0.500"], 0.5, id="no thousand begins with zero"),
        pytest.param("number", ["-3"], -3, id="below zero"),
        pytest.param("number", ["-0"], 0, id="minus zero"),
        pytest.param("number", ["1000000000000000"], 10**15, id="the largest"),
        pytest.param("date", ["2026-11-24"], "2026-11-24", id="ISO date"),
        pytest.param("date", ["24-11-2026"], "2026-11-24", id="date with lines"),
        pytest.param("date", ["24/11/2026"], "2026-11-24", id="date with slashes"),
        pytest.param("date", [" 4  NOVEMBER 2026 "], "2026-11-04", id="date in words"),
        pytest.param("date", ["29 Februari 2028"], "2028-02-29", id="leap day"),
        pytest.param("date", ["24 Nopember 2026"], "2026-11-24", id="the older spelling of a month"),
        pytest.param("date", ["Selasa, 24 Nov 2026"], "2026-11-24", id="day of the week and a short month"),
        pytest.param("date", ["rabu 7 okt"], "2026-10-07", id="the nearest such day"),
        pytest.param("date", ["2026/10/07"], "2026-10-07", id="year first"),
        pytest.param("date", ["7.10.2026"], "2026-10-07", id="date with points"),
        pytest.param("date", ["24-11-26"], "2026-11-24", id="a year of two digits"),
        pytest.param("date", ["3.1.27"], "2027-01-03", id="a year of two digits, with points"),
        pytest.param("date", ["Selasa, 24/11/26"], "2026-11-24", id="a year of two digits and the day of the week"),
        pytest.param("date", ["26 Nov 24"], "2024-11-26", id="a year of two digits behind the name of a month"),
        pytest.param("date", ["3/11"], "2026-11-03", id="without a year: the nearest one"),
        pytest.param("date", ["2/1"], "2027-01-02", id="without a year: beyond the turn of the year"),
        pytest.param("date", ["29 feb"], "2028-02-29", id="without a year: the nearest leap day"),
        pytest.param("date", ["besok"], "2026-11-28", id="tomorrow"),
        pytest.param("date", ["Kemarin"], "2026-11-26", id="yesterday"),
        pytest.param("nip", ["19800101 200501 1 001"], "198001012005011001", id="NIP with blanks"),
        pytest.param("nip", ["199001012023211011"], "199001012023211011", id="NIP of a PPPK"),
        pytest.param("money", ["Rp 1.500.000,00"], 1_500_000, id="money as on paper"),
        pytest.param("money", ["rp.1.500.000,-"], 1_500_000, id="money with a dash"),
        pytest.param("money", ["1500000"], 1_500_000, id="money in digits"),
        pytest.param("money", ["1.500"], 1500, id="money in thousands"),
        pytest.param("money", ["2.500,50"], 2500.5, id="money with cents"),
        pytest.param("list", ["satu;;dua;tiga"], ["satu;dua", "tiga"], id="a semicolon in a line"),
        pytest.param("table", ["Ani\t1\tKetua\nBudi\t2\t\n"], [row("Ani", "1", "Ketua"), row("Budi", "2")],
                     id="table pasted from a spreadsheet"),
        pytest.param("table", ["Ani;1;Ketua\nBudi;2;"], [row("Ani", "1", "Ketua"), row("Budi", "2")],
                     id="table parted by semicolons, in lines"),
        pytest.param("table", ["Ani, S.E.|1\nBudi; S.H.|2"], [row("Ani, S.E.", "1"), row("Budi; S.H.", "2")],
                     id="other signs in the cells"),
        pytest.param("table", ["NIP\tNama\n7\tAni"], [row("Ani", "7")], id="table with a heading"),
        pytest.param("table", ["nama,nip,peran\nAni,1,Ketua"], [row("Ani", "1", "Ketua")], id="commas below a heading"),
        pytest.param("table", ['"Ani, S.E.",1,Ketua\nBudi,2,'], [row("Ani, S.E.", "1", "Ketua"), row("Budi", "2")],
                     id="commas with quotes"),
        pytest.param("table", ["Ani, S.E.\nBudi, S.H."], [row("Ani, S.E."), row("Budi, S.H.")], id="a comma in names"),
        pytest.param("table", ["Ani;;S.E.|1;Budi|2"], [row("Ani;S.E.", "1"), row("Budi", "2")],
                     id="a semicolon in a cell"),
        pytest.param("table", ["Ani\t1\tKetua\t\t\nBudi\t2\t\t\t"], [row("Ani", "1", "Ketua"), row("Budi", "2")],
                     id="empty cells beyond the columns"),
        pytest.param("table", ["\ufeffNama\tNIP\nAni\t1"], [row("Ani", "1")], id="a byte order mark"),
        pytest.param("table", ['"Ani\nSari",1,Ketua'], [row("Ani\nSari", "1", "Ketua")], id="a line break in quotes"),
        pytest.param("table", ['Ani, "1", "Ketua, satu"'], [row("Ani", "1", "Ketua, satu")], id="a blank, then quotes"),
        pytest.param("table", ['"Gus" Ani, S.E.\nBudi'], [row('"Gus" Ani, S.E.'), row("Budi")],
                     id="a name in quotes in a name"),
        pytest.param("text", ["\ufeff Aula"], "Aula", id="text behind a byte order mark"),
        pytest.param("date", ["Jum\u2019at 27 Nov"], "2026-11-27", id="an apostrophe of Word"),
        pytest.param("choice", ["sesuai EKSPEKTASI"], "Sesuai Ekspektasi", id="choice in any case"),
        pytest.param("list", ["satu;dua; ;"], ["satu", "dua"], id="list parted by semicolons"),
        pytest.param("list", ["satu", "dua;tiga"], ["satu", "dua", "tiga"], id="list given several times"),
        pytest.param("list", ["satu\r\ndua\n\ntiga"], ["satu", "dua", "tiga"], id="list in lines"),
        pytest.param("table", ["Ani|1|Ketua", "Budi"], [row("Ani", "1", "Ketua"), row("Budi")], id="table in rows"),
        pytest.param("table", [" Ani | 1 ;Budi||Anggota"], [row("Ani", "1"), row("Budi", "", "Anggota")],
                     id="table parted by semicolons"),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_a_value_of_the_fields_type(
    type_: FieldType, texts: list[str], value: FieldValue
) -> None:
    got = values.parse_typed(field(type_), texts, TODAY)
    assert (got, type(got)) == (value, type(value))


@pytest.mark.parametrize(
    ("type_", "texts", "says"),
    [
        pytest.param("text", [""], "kosong", id="empty text"),
        pytest.param("text", ["\u00a0 \n"], "kosong", id="text of blanks"),
        pytest.param("text", ["a", "b"], "hanya satu nilai", id="text twice"),
        pytest.param("text", ["a\x07b"], "0x7", id="bell"),
        pytest.param("text", ["a\x00b"], "0x0", id="null"),
        pytest.param("text", ["a\x1b[31mb"], "0x1b", id="escape sequence"),
        pytest.param("text", ["a\x9bb"], "0x9b", id="eight-bit control character"),
        pytest.param("text", ["a\ud800b"], "0xd800", id="half a character"),
        pytest.param("text", ["x" * (LONGEST + 1)], "terlalu panjang", id="too long a text"),
        pytest.param("number", ["banyak"], "bukan angka", id="a word"),
        pytest.param("number", ["NaN"], "bukan angka", id="not a number"),
        pytest.param("number", ["Infinity"], "bukan angka", id="infinity"),
        pytest.param("number", ["1e5"], "bukan angka", id="exponent"),
        pytest.param("number", ["1,250,000"], "bukan angka", id="thousands of another country"),
        pytest.param("number", ["12 orang"], "bukan angka", id="with a unit"),
        pytest.param("number", ["9" * 400], "terlalu besar", id="beyond what a float can say"),
        pytest.param("number", ["1000000000000001"], "terlalu besar", id="beyond what other programs keep"),
        pytest.param("date", ["26-11-24"], "26 November 2024 atau 24 November 2026", id="either end may be the year"),
        pytest.param("date", ["12-05-85"], "empat angka", id="a century that nobody named"),
        pytest.param("date", ["31-11-26"], "bukan tanggal", id="a day that is not, in a year of two digits"),
        pytest.param("date", ["30-02-2026"], "bukan tanggal", id="a day that is not"),
        pytest.param("date", ["24-13-2026"], "bukan tanggal", id="a month that is not"),
        pytest.param("date", ["24 Nupember 2026"], "bukan tanggal", id="a month misspelt"),
        pytest.param("date", ["Kamis, 7 Oktober 2026"], "adalah hari Rabu", id="another day of the week"),
        pytest.param("date", ["10/25/2026"], "bukan tanggal", id="month first"),
        pytest.param("nip", ["12345"], "18 angka", id="too few digits"),
        pytest.param("nip", ["19800101200501100X"], "18 angka", id="a letter"),
        pytest.param("nip", ["198013012005011001"], "tanggal lahir", id="a day of birth that is not"),
        pytest.param("nip", ["198001012005131001"], "pengangkatan", id="no month of appointment"),
        pytest.param("money", ["1,500,000"], "bukan jumlah uang", id="money of another country"),
        pytest.param("money", ["banyak"], "bukan jumlah uang", id="a word for money"),
        pytest.param("money", ["999999999999999,99"], "terlalu panjang", id="money that would be rounded"),
        pytest.param("number", ["123456789012345,6"], "terlalu panjang", id="a number that would be rounded"),
        pytest.param("text", ["1,98001E+17"], "dipotong oleh Excel", id="digits cut by a spreadsheet"),
        pytest.param("table", ["Ani;1;Ketua"], "tidak jelas", id="one row, or three"),
        pytest.param("nip", ["198001012005013001"], "1 atau 2", id="18 digits, none of them a sex"),
        pytest.param("table", ["Ani;1;Ketua\nBudi|2|"], "sebagian baris", id="another sign in each line"),
        pytest.param("table", ["Ani|1|Ketua\nBudi\t2\t"], "sebagian baris", id="a tab in some lines"),
        pytest.param(
            "table", ["Nama\tNIP\tKantor\nAni\t1\tB"], "tidak dikenal kantor", id="a heading with an unknown word"
        ),
        pytest.param(
            "table", ["nama\tnama\tnip\nAni\tSari\t1"], "nama dua kali", id="a heading that names a column twice"
        ),
        pytest.param("table", ["Ani;1\nBudi"], "sebagian baris", id="semicolons in some lines"),
        pytest.param("table", ["nama;nip\nAni;1;Ketua"], "baris 1: 3 kolom", id="a cell beyond the heading"),
        pytest.param("date", ["minggu depan"], "bukan tanggal", id="a word for a week"),
        pytest.param("choice", ["Baik"], "Di Atas Ekspektasi, Sesuai Ekspektasi", id="none of the choices"),
        pytest.param("list", [" ; \n"], "kosong", id="empty list"),
        pytest.param("list", ["satu;d\x07ua"], "0x7", id="a control character in a line"),
        pytest.param("table", ["; ;"], "kosong", id="empty table"),
        pytest.param("table", ["Ani|1|Ketua|lebih"], "paling banyak 3", id="too many cells"),
        pytest.param("table", ["|1|Ketua"], "kolom nama kosong", id="a row without its first cell"),
        pytest.param("table", ["Ani", "Bu\x07di"], "baris 2", id="a control character in a cell"),
    ],
)
def test_what_is_no_value_of_the_type_is_refused_with_what_to_type(
    type_: FieldType, texts: list[str], says: str
) -> None:
    with pytest.raises(UsageError, match="isian") as refused:
        values.parse_typed(field(type_, required=True), texts, TODAY)
    assert says in refused.value.message


@pytest.mark.parametrize(
    ("type_", "value", "kept"),
    [
        pytest.param("text", 2026, "2026", id="a number where text is wanted"),
        pytest.param("number", 75, 75, id="number"),
        pytest.param("number", 1.125, 1.125, id="a number of JSON has a decimal point"),
        pytest.param("number", 1250.0, 1250, id="a whole number"),
        pytest.param("number", 1e-05, 0.00001, id="a small number"),
        pytest.param("number", "1.250", 1250, id="a text is read as it is written here"),
        pytest.param("date", date(2026, 11, 24), "2026-11-24", id="date"),
        pytest.param("list", ["satu", 2], ["satu", "2"], id="list"),
        pytest.param("list", "satu;dua", ["satu", "dua"], id="list in one text"),
        pytest.param("list", ["a;b"], ["a;b"], id="a line of a list keeps its signs"),
        pytest.param("table", [{"nama": "Ani", "nip": 1}], [row("Ani", "1")], id="table"),
        pytest.param("table", [{"nama": "Ani", "nip": None}], [row("Ani")], id="a cell that says nothing"),
        pytest.param("table", "Ani|1", [row("Ani", "1")], id="table in one text"),
        pytest.param("choice", "sesuai ekspektasi", "Sesuai Ekspektasi", id="choice"),
    ],
)
def test_what_a_data_file_gives_becomes_a_value(type_: FieldType, value: object, kept: FieldValue) -> None:
    assert values.parse_given(field(type_), value, TODAY) == kept


@pytest.mark.parametrize(
    ("type_", "value", "says"),
    [
        pytest.param("number", math.nan, "bukan angka", id="NaN"),
        pytest.param("number", math.inf, "terlalu besar", id="infinity"),
        pytest.param("number", 10**400, "terlalu besar", id="huge"),
        pytest.param("number", True, "harus angka", id="yes for a number"),
        pytest.param("text", None, "kosong", id="nothing"),
        pytest.param("text", ["a"], "harus teks", id="a list for a text"),
        pytest.param("text", {"a": "b"}, "harus teks", id="a mapping for a text"),
        pytest.param("date", 20261124, "bukan tanggal", id="a number for a date"),
        pytest.param("list", [], "kosong", id="empty list"),
        pytest.param("list", ["a", ["b"]], "harus daftar teks", id="a list in a list"),
        pytest.param("list", ["a", ""], "kosong", id="an empty line"),
        pytest.param("list", {"a": 1}, "harus daftar teks", id="a mapping for a list"),
        pytest.param("table", [], "kosong", id="empty table"),
        pytest.param("table", ["Ani"], "baris 1: harus berisi", id="a text for a row"),
        pytest.param("table", [row("Ani"), {"nama": ["B"]}], "harus daftar baris", id="a list for a cell"),
        pytest.param("table", [{"nama": "Ani", "gaji": 1}], "tidak dikenal gaji", id="an unknown column"),
        pytest.param("table", [{"nama": "Ani", "NAMA": "Sari"}], "dua kali", id="a column twice"),
        pytest.param("table", [{"nip": "1"}], "kolom nama kosong", id="a row without its first cell"),
    ],
)
def test_what_a_data_file_gives_wrongly_is_refused(type_: FieldType, value: object, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        values.parse_given(field(type_, required=True), value, TODAY)
    assert says in refused.value.message


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param("nama,nip,peran\nAni,1,Ketua\n", [row("Ani", "1", "Ketua")], id="parted by commas"),
        pytest.param("nama;nip;peran\r\nAni;1;Ketua\r\n", [row("Ani", "1", "Ketua")], id="parted as Excel does here"),
        pytest.param("No,Peran,NAMA, Nip \n1,Ketua,Ani,7", [row("Ani", "7", "Ketua")], id="columns in any order"),
        pytest.param("nama,nip,peran\n\n,,\nAni\n", [row("Ani")], id="empty and short lines"),
        pytest.param('nama,nip,peran\n"Ani, S.E.",1,\n', [row("Ani, S.E.", "1")], id="a comma in quotes"),
        pytest.param('nama,nip,peran\n"Ani\nBudi",1,\n', [row("Ani\nBudi", "1")], id="two lines in a cell"),
        pytest.param("nama,nip,peran\nAni\x0bBudi,1,\n", [row("Ani\nBudi", "1")], id="a line break of Word in a cell"),
        pytest.param("nama,nip,peran\rAni,1,\r", [row("Ani", "1")], id="lines of an old Macintosh"),
        pytest.param("nama,nip,peran,\nAni,1,,\n", [row("Ani", "1")], id="an empty column at the end"),
        pytest.param("nama,nip,peran\nAni,1,,,\n", [row("Ani", "1")], id="empty cells beyond the heading"),
    ],
)
def test_a_table_comes_from_csv(text: str, rows: FieldValue) -> None:
    assert values.parse_csv_table(field("table"), text, TODAY) == rows


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", "kolom nama, nip, peran", id="empty file"),
        pytest.param("\n\n", "kolom nama, nip, peran", id="empty lines"),
        pytest.param("nama,nip\nAni,1\n", "tidak memuat kolom peran", id="missing column"),
        pytest.param("nama,nip,peran\n", "kosong", id="heading only"),
        pytest.param("nama,nip,peran,gaji\nAni,1,Ketua,9\n", "tidak dikenal gaji", id="unknown column"),
        pytest.param("nama,nip,peran\nAni, S.E.,1,Ketua\n", "baris 1: 4 kolom", id="a comma without quotes"),
        pytest.param(
            'nama,nip,peran\n"Ani,1,Ketua\nBudi,2,\n', "CSV tidak terbaca", id="a quotation mark that is not closed"
        ),
        pytest.param("nama,nip,peran,nama\nAni,1,Ketua,Sari\n", "nama dua kali", id="a column twice"),
        pytest.param("nama,nip,peran\n,1,Ketua\n", "kolom nama kosong", id="first cell empty"),
        pytest.param("nama,nip,peran\nA\x00ni,1,\n", "0x0", id="null in a cell"),
        pytest.param(f"nama,nip,peran\n{'x' * 200_000},1,\n", "CSV tidak terbaca", id="an endless cell"),
    ],
)
def test_csv_that_would_lose_anything_is_refused(text: str, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        values.parse_csv_table(field("table"), text, TODAY)
    assert says in refused.value.message


@pytest.mark.parametrize("numbered", ["nomor", "no"])
@pytest.mark.parametrize("separator", ["\t", ";"])
def test_a_column_that_is_named_like_a_numbering_keeps_its_cells(numbered: str, separator: str) -> None:
    columns = (FieldColumn("perihal"), FieldColumn(numbered))
    surat = Field(name="surat", label="Surat", type="table", columns=columns, source=HERE)
    text = "\n".join(separator.join(cells) for cells in (("", "Perihal", numbered), ("1", "Undangan", "12")))
    kept = [{"perihal": "Undangan", numbered: "12"}]
    assert values.parse_typed(surat, [text], TODAY) == values.parse_csv_table(surat, text, TODAY) == kept


HOSTILE = st.text(st.characters(codec=None), max_size=30)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | HOSTILE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*COLUMNS, "x"]), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("type_", TYPES)
@given(value=ANYTHING)
def test_whatever_a_data_file_holds_is_a_storable_value_or_a_usage_error(type_: FieldType, value: object) -> None:
    try:
        kept = values.parse_given(field(type_), value, TODAY)
    except UsageError:
        return
    assert msgspec.json.decode(msgspec.json.encode(kept), type=FieldValue) == kept
    assert json.loads(json.dumps(kept)) == kept


@pytest.mark.parametrize("type_", TYPES)
@given(text=HOSTILE)
def test_what_was_kept_is_kept_again_as_it_is(type_: FieldType, text: str) -> None:
    try:
        kept = values.parse_typed(field(type_), [text], TODAY)
    except UsageError:
        return
    assert values.parse_given(field(type_), kept, TODAY) == kept


@given(text=HOSTILE)
def test_whatever_text_is_a_csv_file_is_rows_or_a_usage_error(text: str) -> None:
    try:
        rows = values.parse_csv_table(field("table"), f"nama,nip,peran\n{text}", TODAY)
    except UsageError:
        return
    assert isinstance(rows, list)
    assert rows
    assert all(isinstance(one, dict) and tuple(one) == COLUMNS and one["nama"] for one in rows)


@given(text=HOSTILE)
def test_clean_text_is_clean(text: str) -> None:
    try:
        plain = clean_text(text, "Catatan")
    except UsageError:
        return
    assert clean_text(plain, "Catatan") == plain == plain.strip()
    assert not any(letter < " " for letter in plain if letter not in "\n\t")


@pytest.mark.parametrize(
    ("type_", "kept"),
    [
        ("text", ""),
        ("number", ""),
        ("date", ""),
        ("nip", ""),
        ("money", ""),
        ("choice", ""),
        ("list", []),
        ("table", []),
    ],
)
def test_nothing_empties_a_field_that_is_not_required(type_: FieldType, kept: FieldValue) -> None:
    assert values.parse_typed(field(type_), [" "], TODAY) == kept
    assert values.parse_given(field(type_), None, TODAY) == kept


def test_there_is_no_day_after_the_last_one() -> None:
    with pytest.raises(UsageError, match="bukan tanggal"):
        values.parse_typed(field("date"), ["besok"], date.max)


@pytest.mark.parametrize("type_", ["list", "table"])
def test_a_list_and_a_table_have_an_end(type_: FieldType) -> None:
    """A page with a hundred thousand rows took minutes to be made, each time anybody looked at the case."""
    one: object = "a" if type_ == "list" else row("a")
    assert values.parse_given(field(type_), [one] * values.MOST_ROWS, TODAY)
    with pytest.raises(UsageError, match="paling banyak 5000"):
        values.parse_given(field(type_), [one] * (values.MOST_ROWS + 1), TODAY)
