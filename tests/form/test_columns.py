"""The columns that an SOP or its office wants on the form: named, ordered, dropped, added."""

import pytest
from msgspec.structs import replace

from sopctl.form.columns import form_columns, with_columns_of_office
from sopctl.form.layout import lay_out_flowchart
from sopctl.office.decode import read_office
from sopctl.sop.check import check_sop
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Kelengkapan, Sop
from tests.form.conftest import sop_of, step
from tests.form.test_word import cells, tables, written

FILE = """\
id: arsip
nama: Peminjaman Arsip
columns: {kegiatan: Aktivitas, kelengkapan: Persyaratan, risiko: Risiko, keterangan: false}
pelaksana: {arsiparis: Arsiparis}
steps:
  - {id: pinjam, no: 1, kegiatan: Meminjamkan, pelaksana: arsiparis, output: Kartu, risiko: Berkas hilang}
  - {id: simpan, no: 2, kegiatan: Menyimpan, pelaksana: arsiparis, risiko: [Salah simpan, Rusak]}
"""


def read(text: str) -> Sop:
    sop, problems = read_sop(text.encode(), "arsip.yaml")
    assert sop is not None, problems
    return sop


def keys(columns: dict[str, str | bool]) -> list[str]:
    return [column.key for column in form_columns(replace(sop_of(1, step("s1", "a")), columns=columns))]


@pytest.mark.parametrize(
    ("columns", "order"),
    [
        pytest.param({}, "no kegiatan pelaksana kelengkapan waktu output keterangan", id="usual"),
        pytest.param({"no": False, "waktu": False}, "kegiatan pelaksana kelengkapan output keterangan", id="dropped"),
        pytest.param(
            {"risiko": "R"}, "no kegiatan pelaksana kelengkapan waktu output keterangan risiko", id="further-one-last"
        ),
        pytest.param(
            {"risiko": "R", "keterangan": True},
            "no kegiatan pelaksana kelengkapan waktu output risiko keterangan",
            id="further-one-before-the-next-that-is-named",
        ),
        pytest.param(
            {"risiko": "R", "catatan": "C", "waktu": "W"},
            "no kegiatan pelaksana kelengkapan risiko catatan waktu output keterangan",
            id="two-further-ones",
        ),
        pytest.param(
            {"output": "O", "kelengkapan": "K"},
            "no kegiatan pelaksana output waktu kelengkapan keterangan",
            id="in-another-order",
        ),
    ],
)
def test_the_columns_stand_as_they_are_named(columns: dict[str, str | bool], order: str) -> None:
    assert keys(columns) == order.split()


def test_the_form_prints_exactly_these_columns() -> None:
    (_, table) = tables(written(read(FILE)))
    assert cells(table.rows[1]) == ["No", "Aktivitas", "Arsiparis", "Persyaratan", "Waktu", "Output", "Risiko"]
    assert cells(table.rows[0])[2:] == ["Pelaksana", "Mutu Baku", "Mutu Baku", "Mutu Baku", "Risiko"]
    assert [cells(row)[-1] for row in table.rows[2:]] == ["Berkas hilang", "1. Salah simpan\n2. Rusak"]


@pytest.mark.parametrize(
    ("columns", "groups"),
    [
        pytest.param({}, [(2, 3), (3, 6)], id="usual"),
        pytest.param({"kelengkapan": False, "waktu": False, "output": False}, [(2, 3)], id="no-mutu-baku"),
        pytest.param({"risiko": "R", "output": True}, [(2, 3), (3, 7)], id="a-further-one-within"),
        pytest.param({"pelaksana": "Pelaku", "kegiatan": "Uraian"}, [(1, 2), (3, 6)], id="pelaksana-first"),
        pytest.param({"keterangan": True, "output": True}, [(2, 3), (3, 5), (6, 7)], id="keterangan-within"),
    ],
)
def test_headings_stand_over_their_columns(columns: dict[str, str | bool], groups: list[tuple[int, int]]) -> None:
    sop = replace(sop_of(1, step("s1", "a"), step("s2", "a")), columns=columns)
    drawn = lay_out_flowchart(sop, "A4")
    assert list(drawn.groups) == groups
    assert min(text.size for text in drawn.pages[0].header) >= 7


def test_an_office_has_columns_for_all_its_forms_unless_the_sop_says_otherwise() -> None:
    office, problems = read_office(b"columns: {keterangan: tidak, output: Hasil, waktu: Lama}", "sopctl.yaml")
    assert office is not None, problems
    found = form_columns(with_columns_of_office(read(FILE.replace("false", "ya")), office.columns))
    assert [column.heading for column in found[3:]] == ["Persyaratan", "Hasil", "Lama", "Risiko", "Ket"]


@pytest.mark.parametrize(
    ("was", "now", "line", "said"),
    [
        pytest.param("risiko: Berkas", "risko: Berkas", 6, 'Kunci "risko" tidak dikenal; mungkin', id="typo"),
        pytest.param("risiko: Risiko, ", "", 6, 'Kunci "risiko" tidak dikenal', id="not-named"),
        pytest.param("risiko: Berkas hilang", "risiko: {a: b}", 6, 'Kunci "risiko" tidak dikenal', id="no-text"),
        pytest.param("keterangan: f", "ketrangan: f", 3, 'mungkin maksudnya "keterangan"', id="unknown-dropped"),
        pytest.param("kegiatan: Aktivitas", "kegiatan: tidak", 3, "selalu ada", id="needed"),
        pytest.param("risiko: Risiko", "next: Risiko", 3, "punya arti sendiri", id="reserved"),
    ],
)
def test_what_cannot_be_a_column_is_told_at_its_place(was: str, now: str, line: int, said: str) -> None:
    assert was in FILE
    _, problems = read_sop(FILE.replace(was, now, 1).encode(), "arsip.yaml")
    assert any(one.source.line == line and said in one.message for one in problems), list(map(str, problems))


@pytest.mark.parametrize("long", ["kegiatan", "kelengkapan", "output", "keterangan", "risiko"])
def test_texts_that_fit_a_sheet_take_one_page(long: str) -> None:
    """The column with the long texts is widened, the others keep what their words need."""
    text = "Surat permohonan bermeterai, salinan akta, daftar hadir rapat, neraca dan hitungan hasil usaha; " * 3
    value = {"kelengkapan": (Kelengkapan(text),), "output": (text,), "risiko": {"risiko": (text,)}}.get(long, text)
    more = {"columns" if long == "risiko" else long: value}
    rows = (step(f"s{n}", "abc"[n % 3], **({"kegiatan": "Memeriksa berkas"} | more)) for n in range(1, 7))
    drawn = lay_out_flowchart(replace(sop_of(3, *rows), columns={"risiko": "Risiko"}), "A4")
    assert len(drawn.pages) == 1


def test_a_text_in_a_column_that_is_not_printed_is_told() -> None:
    lost = read(FILE.replace("output: Kartu", "output: Kartu, keterangan: Lihat buku"))
    assert [one.code for one in check_sop(lost, {})].count("unprinted") == 1
    assert "unprinted" not in [one.code for one in check_sop(read(FILE), {})]
