"""The `waktu` column: what real SOPs write in it, and what they plainly got wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.sop.durations import parse_waktu
from sopctl.sop.model import Duration, Unit, Waktu


@pytest.mark.parametrize(
    ("text", "minimum", "maximum"),
    [
        ("5 menit", (5, "menit"), (5, "menit")),
        ("5 Menit", (5, "menit"), (5, "menit")),
        ("  5  MENIT ", (5, "menit"), (5, "menit")),
        ("5menit", (5, "menit"), (5, "menit")),
        ("5 mnt", (5, "menit"), (5, "menit")),
        ("5 mnt.", (5, "menit"), (5, "menit")),
        ("5'", (5, "menit"), (5, "menit")),
        ("5’", (5, "menit"), (5, "menit")),
        ("30 detik", (30, "detik"), (30, "detik")),
        ("1 jam", (1, "jam"), (1, "jam")),
        ("2 Hari", (2, "hari"), (2, "hari")),
        ("2 hr", (2, "hari"), (2, "hari")),
        ("3 hari kerja", (3, "hari"), (3, "hari")),
        ("2 minggu", (2, "minggu"), (2, "minggu")),
        ("1 bln", (1, "bulan"), (1, "bulan")),
        ("1 tahun", (1, "tahun"), (1, "tahun")),
        ("20 tahun", (20, "tahun"), (20, "tahun")),
        ("240 bulan", (240, "bulan"), (240, "bulan")),
        ("999.999 menit", (999_999, "menit"), (999_999, "menit")),
        ("1-2 hari kerja", (1, "hari"), (2, "hari")),
        ("1 – 2 hari", (1, "hari"), (2, "hari")),
        ("30 menit - 3 jam", (30, "menit"), (3, "jam")),
        ("1 s.d. 2 hari", (1, "hari"), (2, "hari")),
        ("1 s/d 2 hari", (1, "hari"), (2, "hari")),
        ("1 sampai dengan 2 hari", (1, "hari"), (2, "hari")),
        ("1 hingga 2 bulan", (1, "bulan"), (2, "bulan")),
        ("1 x 24 jam", (1, "hari"), (1, "hari")),
        ("2x24 jam", (2, "hari"), (2, "hari")),
        ("2 × 60 menit", (120, "menit"), (120, "menit")),
        ("±15 menit", (15, "menit"), (15, "menit")),
        ("kurang lebih 15 menit", (15, "menit"), (15, "menit")),
        ("120 menit / 3 hari", (120, "menit"), (3, "hari")),
        ("120 Menit/3 Hari", (120, "menit"), (3, "hari")),
        ("1 (satu) hari", (1, "hari"), (1, "hari")),
        ("3 (tiga) hari kerja", (3, "hari"), (3, "hari")),
        ("Paling lambat 17 hari kerja", (17, "hari"), (17, "hari")),
        ("maks. 3 hari", (3, "hari"), (3, "hari")),
        ("1,5 jam", (1.5, "jam"), (1.5, "jam")),
        ("1.5 jam", (1.5, "jam"), (1.5, "jam")),
        ("½ jam", (0.5, "jam"), (0.5, "jam")),
        ("1½ jam", (1.5, "jam"), (1.5, "jam")),
        ("1.000 menit", (1000, "menit"), (1000, "menit")),
        ("1 jam 30 menit", (90, "menit"), (90, "menit")),
        ("1 jam dan 30 menit", (90, "menit"), (90, "menit")),
        ("1 minggu 2 hari", (7, "hari"), (7, "hari")),
        ("1 tahun 2 bulan", (14, "bulan"), (14, "bulan")),
        ("2 menit 30 detik", (150, "detik"), (150, "detik")),
        ("15 menit per berkas", (15, "menit"), (15, "menit")),
        ("15 menit/berkas", (15, "menit"), (15, "menit")),
        ("2 hari setelah disposisi", (2, "hari"), (2, "hari")),
        ("24 jam - 2 hari", (24, "jam"), (2, "hari")),
    ],
)
def test_every_way_of_writing_a_time_is_read(
    text: str, minimum: tuple[float, Unit], maximum: tuple[float, Unit]
) -> None:
    assert parse_waktu(text) == Waktu(text.strip(), Duration(*minimum), Duration(*maximum))


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "–", "--", ".", "Sesuai jadwal", "Menyesuaikan", "Setiap hari kerja", "Jam kerja", "insidentil"],
)
def test_no_number_means_no_standard_and_never_zero(text: str) -> None:
    assert parse_waktu(text) == Waktu(text.strip())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5 mneit", '"5 menit"'),
        ("5 menti", '"5 menit"'),
        ("3 hri", '"3 hari"'),
        ("10", "satuan"),
        ("menit 5", '"5 menit"'),
        ("lima menit", "angka"),
        ("sehari", "angka"),
        ("setengah jam", "angka"),
        ("dua puluh lima menit", "angka"),
        ("2-1 hari", "terbalik"),
        ("3 hari / 120 menit", "terbalik"),
        ("1 minggu - 1 jam", "terbalik"),
        ("1 hari 4 jam", "satu satuan"),
        ("1 hari 4 mneit", '"4 menit"'),
        ("30 menit 1 jam", "satu satuan"),
        ("0 menit", "bukan standar"),
        ("0 x 24 jam", "bukan standar"),
        ("-5 menit", "15 menit"),
        ("1 - 2", "satuan"),
        ("1-2-3 hari", "15 menit"),
        ("8:00", "15 menit"),
        ("07.30 WIB", "wib"),
        ("12 hari kalender", "15 menit"),
        ("10 menit 5", "15 menit"),
        ("5 menit!", "15 menit"),
        ("Sesuai PP 35", "15 menit"),
        ("999999999 hari", "15 menit"),
        ("5 menit, " * 20, "terlalu panjang"),
        ("999999 bulan", "lebih dari 20 tahun"),
        ("999999 jam", "lebih dari 20 tahun"),
        ("21 tahun", "lebih dari 20 tahun"),
        ("1 menit - 5000 hari", "lebih dari 20 tahun"),
        ("٥ menit", "15 menit"),
    ],
)
def test_what_was_meant_as_a_time_and_is_none_says_what_to_write(text: str, words: str) -> None:
    said = parse_waktu(text)
    assert isinstance(said, str)
    assert words in said


@given(st.text(max_size=40) | st.text(alphabet="0123456789 .,-/x±½()menitjamhrsd'", max_size=40))
def test_no_text_raises_and_no_standard_is_zero_or_reversed(text: str) -> None:
    said = parse_waktu(text)
    if isinstance(said, Waktu) and said.minimum and said.maximum:
        assert said.minimum.amount > 0
        assert said.minimum.unit != said.maximum.unit or said.minimum.amount <= said.maximum.amount


@given(st.integers(1, 240), st.integers(1, 240), st.sampled_from(["detik", "menit", "jam", "hari", "minggu", "bulan"]))
def test_a_range_holds_both_its_ends(one: int, other: int, unit: Unit) -> None:
    low, high = sorted((one, other))
    assert parse_waktu(f"{low}-{high} {unit}") == Waktu(
        f"{low}-{high} {unit}", Duration(low, unit), Duration(high, unit)
    )


@pytest.mark.parametrize(
    ("forward", "reversed_"),
    [
        ("3600 detik - 1 jam", "3601 detik - 1 jam"),
        ("1 jam - 3600 detik", "1 jam - 3599 detik"),
        ("60 menit - 1 jam", "61 menit - 1 jam"),
        ("1 jam - 60 menit", "1 jam - 59 menit"),
        ("24 jam - 1 hari", "25 jam - 1 hari"),
        ("1 hari - 5 jam", "1 hari - 4 jam"),
        ("168 jam - 1 minggu", "169 jam - 1 minggu"),
        ("1 minggu - 25 jam", "1 minggu - 24 jam"),
        ("744 jam - 1 bulan", "745 jam - 1 bulan"),
        ("1 bulan - 100 jam", "1 bulan - 99 jam"),
        ("8784 jam - 1 tahun", "8785 jam - 1 tahun"),
        ("1 tahun - 1200 jam", "1 tahun - 1199 jam"),
    ],
)
def test_a_range_of_two_units_is_reversed_only_where_it_surely_is(forward: str, reversed_: str) -> None:
    assert isinstance(parse_waktu(forward), Waktu)
    assert "terbalik" in str(parse_waktu(reversed_))
