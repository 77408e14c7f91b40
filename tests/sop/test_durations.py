"""The `waktu` column: what real SOPs write in it, and what they plainly got wrong."""

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.sop.durations import complete_waktu, parse_waktu, read_time
from sopctl.sop.model import Duration, Unit, Waktu
from sopctl.sop.waktu_texts import read_text


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
        ("2 hari efektif", (2, "hari"), (2, "hari")),
        ("3-5 HK", (3, "hari"), (5, "hari")),
        ("5 minit", (5, "menit"), (5, "menit")),
        ('30"', (30, "detik"), (30, "detik")),
        ("1 semester", (6, "bulan"), (6, "bulan")),
        ("1 triwulan", (3, "bulan"), (3, "bulan")),
        ("1 0 Hari Kerja", (10, "hari"), (10, "hari")),
        ("1  0 hari", (10, "hari"), (10, "hari")),
        ("1\u2009000 menit", (1000, "menit"), (1000, "menit")),
        ("1\u00a05 menit", (15, "menit"), (15, "menit")),
        ("24 jam kerja", (24, "jam"), (24, "jam")),
        ("3 x 8 jam", (24, "jam"), (24, "jam")),
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
        ("1/2 jam", (0.5, "jam"), (0.5, "jam")),
        ("1 1/2 jam", (1.5, "jam"), (1.5, "jam")),
        ("lima menit", (5, "menit"), (5, "menit")),
        ("sehari", (1, "hari"), (1, "hari")),
        ("setengah jam", (0.5, "jam"), (0.5, "jam")),
        ("satu setengah jam", (1.5, "jam"), (1.5, "jam")),
        ("dua puluh lima menit", (25, "menit"), (25, "menit")),
        ("satu-dua hari", (1, "hari"), (2, "hari")),
        ("5-7 (lima sampai tujuh) hari kerja", (5, "hari"), (7, "hari")),
        ("1 atau 2 hari", (1, "hari"), (2, "hari")),
        ("3 hari untuk verifikasi", (3, "hari"), (3, "hari")),
        ("5 Menit*)", (5, "menit"), (5, "menit")),
    ],
)
def test_every_way_of_writing_a_time_is_read(
    text: str, minimum: tuple[float, Unit], maximum: tuple[float, Unit]
) -> None:
    assert parse_waktu(text) == Waktu(text.strip(), Duration(*minimum), Duration(*maximum))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "–",
        "--",
        ".",
        "Sesuai jadwal",
        "Menyesuaikan",
        "Setiap hari kerja",
        "Jam kerja",
        "insidentil",
        "Semester II",
        "kegiatan sehari-hari",
    ],
)
def test_no_number_means_no_standard_and_never_zero(text: str) -> None:
    assert parse_waktu(text) == Waktu(text.strip())


@pytest.mark.parametrize(
    ("text", "maximum"),
    [
        ("24 jam", Duration(1, "hari", "calendar")),
        ("48 jam", Duration(2, "hari", "calendar")),
        ("1 x 24 jam", Duration(1, "hari", "calendar")),
        ("2x24 jam", Duration(2, "hari", "calendar")),
        ("1 (satu) × 24 jam", Duration(1, "hari", "calendar")),
        ("3 kali 24 jam", Duration(3, "hari", "calendar")),
        ("12-24 jam", Duration(1, "hari", "calendar")),
        ("14 hari kalender", Duration(14, "hari", "calendar")),
        ("14 (empat belas) hari (kalender)", Duration(14, "hari", "calendar")),
        ("2 minggu kalender", Duration(2, "minggu", "calendar")),
        ("1 minggu 2 hari kalender", Duration(9, "hari", "calendar")),
        ("1 bulan kalender", Duration(1, "bulan")),
        ("2 bulan 1 minggu", Duration(2, "bulan", plus=Duration(1, "minggu"))),
        ("1 hari 4 jam", Duration(1, "hari", plus=Duration(4, "jam"))),
        ("1 hari 2 jam 30 menit", Duration(1, "hari", plus=Duration(150, "menit"))),
    ],
)
def test_times_by_the_clock_and_sums_of_several_units(text: str, maximum: Duration) -> None:
    found = parse_waktu(text)
    assert isinstance(found, Waktu)
    assert (found.maximum, found.doubt) == (maximum, "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("10", "tidak terbaca"),
        ("menit 5", "tidak terbaca"),
        ("satu dua hari", "tidak terbaca"),
        ("2-1 hari", "lebih lama lebih dahulu"),
        ("3 hari / 120 menit", "lebih lama lebih dahulu"),
        ("30 menit 1 jam", "dijumlahkan"),
        ("5 menit, 10 menit", "dijumlahkan"),
        ("1 x 24 jam 2 jam", "dijumlahkan"),
        ("0 menit", "bukan lamanya"),
        ("0 x 24 jam", "bukan lamanya"),
        ("-5 menit", "tidak terbaca"),
        ("1-2-3 hari", "tidak terbaca"),
        ("2 24 jam", "tidak terbaca"),
        ("2/3 hari", "tidak terbaca"),
        ("8:00", "tidak terbaca"),
        ("07.30 WIB", '"wib"'),
        ("1.30 jam", "lebih dari satu cara"),
        ("1 x 1 minggu", "lebih dari satu cara"),
        ("2 x seminggu", '"x"'),
        ("3 bulan sekali", "tidak terbaca"),
        ("5 jam pelajaran", "tidak terbaca"),
        ("7 hari kelender", "tidak terbaca"),
        ("10 menit 5", "tidak terbaca"),
        ("Sesuai PP 35", "tidak terbaca"),
        ("2 bulan 1 minggu; 5 hari kerja; 1 hari", "tidak terbaca"),
        ("5 menit, " * 20, "terlalu panjang"),
        ("999999 bulan", "lebih dari 20 tahun"),
        ("21 tahun", "lebih dari 20 tahun"),
        ("٥ menit", "tidak terbaca"),
        ("tanggal 1-20 tiap bulan", "tanggal"),
        ("Setiap 3 bulan", "seberapa sering"),
        ("> 1 hari", "batas terendah"),
        ("minimal 3 hari", "batas terendah"),
        ("3 (dua) hari", "dua angka yang berbeda"),
        ("3 hal", '"hal"'),
        ("2 jan", '"jan"'),
        ("2 menit/berkas", "per: jumlah_berkas"),
        ("2 menit (per dokumen)", "per: jumlah_berkas"),
        ("5 menit untuk 10 berkas", "per: jumlah_berkas"),
        ("1 jam/1 berkas", "per: jumlah_berkas"),
        ("H-3", "before: tanggal_rapat"),
        ("Paling lambat H-3", "before: tanggal_rapat"),
        ("H-7 s.d. H-3", "before: tanggal_rapat"),
        ("1 hari sebelum rapat", "before: tanggal_rapat"),
        ("H+1", "after: tanggal_rapat"),
    ],
)
def test_what_is_not_understood_has_no_standard_and_one_doubt_with_the_ways_out(text: str, words: str) -> None:
    found = parse_waktu(text)
    assert isinstance(found, Waktu)
    assert (found.text, found.minimum, found.maximum) == (text.strip(), None, None)
    assert words in found.doubt
    assert "{text: …, reading: " in found.doubt
    assert "kata lain" in found.doubt


@pytest.mark.parametrize(
    ("text", "maximum", "words"),
    [
        ("1 bulan (tanggal 1-20)", (1, "bulan"), "(tanggal 1-20)"),
        ("60 menit (maks 2 jam)", (60, "menit"), "(maks 2 jam)"),
        ("1 5 menit", (15, "menit"), '"1 5"'),
        ("25 mneit", (25, "menit"), '"menit"'),
        ("3 hri", (3, "hari"), '"hari"'),
        ("1 hari 4 mneit", (1, "hari"), '"menit"'),
        ("2 hari setelah disposisi", (2, "hari"), "sejak gilirannya tiba"),
    ],
)
def test_what_is_read_but_not_surely_is_told(text: str, maximum: tuple[float, Unit], words: str) -> None:
    found = parse_waktu(text)
    assert isinstance(found, Waktu)
    assert found.maximum
    assert (found.maximum.amount, found.maximum.unit) == maximum
    assert words in found.doubt


@pytest.mark.parametrize("text", ["5 m", "5 mi", "2 jam 10 m", "5 metik"])
def test_a_word_that_is_nearly_two_units_is_a_mistake_that_names_both(text: str) -> None:
    assert '"menit"' in str(parse_waktu(text))
    assert "mungkin maksudnya" in str(parse_waktu(text))


def test_a_reading_stands_for_the_text_and_settles_its_doubt() -> None:
    given = complete_waktu(Waktu("1 bulan (tanggal 1-20)", reading="1 bulan"))
    assert given == Waktu("1 bulan (tanggal 1-20)", Duration(1, "bulan"), Duration(1, "bulan"), reading="1 bulan")
    none = complete_waktu(Waktu("H-3", reading="-"))
    assert none == Waktu("H-3", reading="-")
    assert complete_waktu(Waktu("5 m", reading="5 menit")) == Waktu(
        "5 m", Duration(5, "menit"), Duration(5, "menit"), reading="5 menit"
    )


@pytest.mark.parametrize(
    ("given", "maximum"),
    [
        (Waktu("H-3", before="rapat"), Duration(3, "hari")),
        (Waktu("1 hari sebelum rapat", before="rapat"), Duration(1, "hari")),
        (Waktu("H-3", reading="3 hari kalender", before="rapat"), Duration(3, "hari", "calendar")),
        (Waktu("2 menit/berkas", per="berkas"), Duration(2, "menit")),
        (Waktu("H+2", after="rapat"), Duration(2, "hari")),
        (Waktu("2 hari setelah rapat", after="rapat"), Duration(2, "hari")),
        (Waktu("2 hari", after="rapat"), Duration(2, "hari")),
    ],
)
def test_what_the_time_is_relative_to_settles_the_text(given: Waktu, maximum: Duration) -> None:
    found = complete_waktu(given)
    assert isinstance(found, Waktu)
    assert (found.maximum, found.doubt) == (maximum, "")


@given(st.integers(0, 999), st.sampled_from(get_args(Unit)), st.sampled_from(["", " kerja", " Kerja"]))
def test_plain_times_are_read_as_by_the_reader_of_all_texts(amount: int, unit: Unit, kind: str) -> None:
    for text in (f"{amount} {unit}{kind}", f"{amount}{unit.upper()}{kind}"):
        assert read_time(text) == read_text(text)


WORDS = re.findall(r"\S+", """
    1 2 5 7 10 24 48 1.000 1,5 ½ 1/2 - – / x × ( ) , . ; jam menit hari minggu bulan mnt hk kalender kerja efektif
    satu dua setengah puluh belas sehari per tiap setelah sebelum sejak untuk berkas tanggal H- H+ s.d. s/d sampai
    dan atau maks > ± ke minit mneit
""")  # fmt: skip
phrases = st.lists(st.sampled_from([*WORDS, *" " * 20]), min_size=1, max_size=9).map("".join)
phrases = phrases | st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)


@given(phrases, st.data())
def test_no_number_of_a_text_is_lost_in_silence(text: str, data: st.DataObject) -> None:
    found = parse_waktu(text)
    numbers = [*re.finditer("[0-9]+", text)]
    if isinstance(found, str) or found.maximum is None or found.doubt or not numbers:
        assert isinstance(found, str) or found.maximum or found.doubt or not numbers
        return
    one = data.draw(st.sampled_from(numbers))
    other = parse_waktu(f"{text[: one.start()]}{int(one[0]) + 3}{text[one.end() :]}")
    assert isinstance(other, str) or other.doubt or (other.minimum, other.maximum) != (found.minimum, found.maximum)


@given(st.text(max_size=40) | st.text(alphabet="0123456789 .,-/x±½()menitjamhrsd'", max_size=40))
def test_no_text_raises_and_no_standard_is_zero_or_reversed(text: str) -> None:
    said = parse_waktu(text)
    if isinstance(said, Waktu) and said.minimum and said.maximum:
        assert said.minimum.amount > 0
        assert said.minimum.unit != said.maximum.unit or said.minimum.amount <= said.maximum.amount


@given(st.integers(1, 240), st.integers(1, 240), st.sampled_from(["detik", "menit", "hari", "minggu", "bulan"]))
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
    one, other = parse_waktu(forward), parse_waktu(reversed_)
    assert isinstance(one, Waktu)
    assert isinstance(other, Waktu)
    assert one.maximum
    assert "lebih lama lebih dahulu" in other.doubt
