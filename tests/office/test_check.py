"""Notes on an office: worth a look, and none of them stops a start."""

from datetime import date

import pytest

from sopctl.office.check import check_office
from sopctl.office.model import HolidayRules, LetterNumber, Office, Official, RecordSettings, WebPage
from sopctl.worktime.hours import RAMADAN_HOURS, RamadanPeriod

FASTING = (RamadanPeriod(date(2026, 2, 18), date(2026, 3, 20), RAMADAN_HOURS),)
KADIS = Official(jabatan="Kepala Dinas", nip="19700101 199501 1 001", pelaksana=("kadis",), accounts=("akun-kadis",))
NUMBERS = LetterNumber(pattern="{kode}/{nomor}/{tahun}")


def codes(office: Office, year: int = 2026, pelaksana: tuple[str, ...] = ()) -> list[str]:
    return [note.code for note in check_office(office, year, pelaksana)]


def test_an_office_in_order_has_no_notes() -> None:
    assert check_office(Office(letter_number=NUMBERS, officials=(KADIS,), ramadan=FASTING), 2026, ("kadis",)) == ()


@pytest.mark.parametrize(
    ("official", "code"),
    [
        pytest.param(Official(pelaksana=("kadis",), nip="123"), "nip", id="short-nip"),
        pytest.param(Official(pelaksana=("kadis",), nip="1970010119950110x1"), "nip", id="nip-with-a-letter"),
        pytest.param(Official(accounts=("akun-lain",)), "no_pelaksana", id="acts-for-nobody"),
        pytest.param(Official(pelaksana=("kadis",)), "two_holders", id="two-holders"),
        pytest.param(Official(pelaksana=("kadus",)), "unknown_pelaksana", id="unknown-pelaksana"),
    ],
)
def test_an_official_worth_a_look(official: Official, code: str) -> None:
    office = Office(letter_number=NUMBERS, officials=(KADIS, official), ramadan=FASTING)
    assert code in codes(office, pelaksana=("kadis",))
    assert {note.severity for note in check_office(office, 2026, ("kadis",))} == {"note"}


def test_a_mistyped_pelaksana_is_told_with_the_one_that_was_meant() -> None:
    office = Office(letter_number=NUMBERS, officials=(Official(pelaksana=("kadiss",)),), ramadan=FASTING)
    (found,) = [note for note in check_office(office, 2026, ("kabid", "kadis")) if note.code == "unknown_pelaksana"]
    assert 'mungkin maksudnya "kadis"' in found.message


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Official(pelaksana=("kadis",), as_="Plt."), id="acting"),
        pytest.param(Official(pelaksana=("kabid",)), id="another-post"),
    ],
)
def test_no_two_holders(other: Official) -> None:
    assert "two_holders" not in codes(Office(letter_number=NUMBERS, officials=(KADIS, other)))


def test_one_holder_after_the_other_is_no_mistake() -> None:
    before = Official(pelaksana=("kadis",), until=date(2026, 6, 30))
    after = Official(pelaksana=("kadis",), since=date(2026, 7, 1))
    assert "two_holders" not in codes(Office(letter_number=NUMBERS, officials=(before, after)))


def test_without_accounts_whoever_is_at_the_keyboard_acts() -> None:
    (note,) = check_office(Office(letter_number=NUMBERS, ramadan=FASTING), 2026)
    assert note.code == "no_accounts"
    assert "siapa pun di depan papan ketik" in note.message


def test_a_year_that_nobody_has_announced_yet_is_told() -> None:
    assert codes(Office(letter_number=NUMBERS, officials=(KADIS,)), 2040) == ["no_cuti_bersama", "no_ramadan"]
    own = HolidayRules(add={date(2040, 11, 1): "Cuti bersama"})
    assert codes(Office(letter_number=NUMBERS, officials=(KADIS,), holidays=own), 2040) == ["no_ramadan"]


def test_an_unknown_country_is_a_mistake() -> None:
    (problem,) = check_office(
        Office(letter_number=NUMBERS, officials=(KADIS,), holidays=HolidayRules(country="XX")), 2026
    )
    assert (problem.code, problem.severity) == ("unknown_country", "error")


def test_a_pelaksana_without_an_account_is_told_once_accounts_are_needed() -> None:
    assert codes(Office(letter_number=NUMBERS, officials=(KADIS,), ramadan=FASTING), pelaksana=("kadis", "kabid")) == [
        "nobody"
    ]
    (note,) = check_office(Office(letter_number=NUMBERS, officials=(KADIS,), ramadan=FASTING), 2026, ("kadis", "ketua"))
    assert "orangnya ditugaskan pada setiap berkas" in note.message
    gone = Official(pelaksana=("kabid",), accounts=("akun-kabid",), until=date(2025, 12, 31))
    assert codes(
        Office(letter_number=NUMBERS, officials=(KADIS, gone), ramadan=FASTING), pelaksana=("kadis", "kabid")
    ) == ["nobody"]


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        pytest.param(LetterNumber(), ["no_year"], id="the-seeds-own-pattern"),
        pytest.param(LetterNumber(reset="never"), [], id="never-anew"),
        pytest.param(LetterNumber(when="desk"), [], id="another-book-counts"),
        pytest.param(LetterNumber(sequence="per-kode", pattern="{nomor}/{tahun}"), ["no_kode"], id="per-kode"),
    ],
)
def test_sequences_that_print_the_same_numbers_again_are_a_note(numbers: LetterNumber, found: list[str]) -> None:
    office = Office(letter_number=numbers, officials=(KADIS,), ramadan=FASTING)
    assert codes(office, pelaksana=("kadis",)) == found
    assert {note.severity for note in check_office(office, 2026, ("kadis",))} <= {"note"}


def test_how_a_keputusan_prints_a_nama_is_shown_until_the_office_says_it() -> None:
    found, told = (
        Office(letter_number=NUMBERS, officials=(Official(nama="H. Ani, S.E.", pelaksana=("kadis",), gelar_depan=one),))
        for one in (None, "H.")
    )
    (note,) = [one for one in check_office(found, 2026) if one.code == "gelar"]
    assert "H. Ani, S.E. menjadi Ani" in note.message
    assert "gelar" not in codes(told)


@pytest.mark.parametrize(("jabatan", "told"), [("Kepala Bidang 2", True), ("KEPALA DINAS", False), ("", False)])
def test_who_acts_in_a_post_under_a_jabatan_of_their_own_is_told(jabatan: str, *, told: bool) -> None:
    holder = Official(nama="Ani", jabatan="Kepala Dinas", pelaksana=("kadis",))
    acting = Official(nama="Budi", jabatan=jabatan, pelaksana=("kadis",), as_="Plh.", since=date(2026, 1, 1))
    found = Office(letter_number=NUMBERS, officials=(holder, acting))
    assert ("acting_jabatan" in codes(found)) is told


@pytest.mark.parametrize(("nama", "shown"), [("Xyz. Ani", True), ("Ani (S.E.)", True), ("Moh. Ani", False)])
def test_a_nama_with_a_shortened_word_that_may_be_a_gelar_is_shown(nama: str, *, shown: bool) -> None:
    found = Office(letter_number=NUMBERS, officials=(Official(nama=nama, pelaksana=("kadis",)),))
    notes = [one.message for one in check_office(found, 2026) if one.code == "gelar"]
    assert [f"{nama} tetap {nama}" in note for note in notes] == [True] * shown


def test_who_can_have_no_page_account_is_told_where_the_office_uses_the_page() -> None:
    people = tuple(Official(nama="Ani", nip=nip, pelaksana=("kadis",)) for nip in ("", "1" * 18, "2" * 18))
    found = [[one.code for one in check_office(office, 2026)] for office in (
        Office(officials=people), Office(officials=people, web=WebPage())
    )]  # fmt: skip
    assert [codes.count("no_page_account") for codes in found] == [0, 1]


def test_who_acts_on_the_page_needs_no_account_of_the_system() -> None:
    officials = (
        Official(nama="Ani", pelaksana=("kadis",), accounts=("ani",)),
        Official(nama="Ina", pelaksana=("tim",)),
    )
    for web, count in ((None, 1), (WebPage(), 0)):
        codes = [one.code for one in check_office(Office(officials=officials, web=web), 2026, ("kadis", "tim"))]
        assert codes.count("nobody") == count


def test_who_shares_a_folder_that_holds_no_record_is_told_so() -> None:
    assert "share_unused" in codes(Office(record=RecordSettings(store="postgres", share="group")))
    assert "share_unused" not in codes(Office(record=RecordSettings(store="postgres")))
    assert "share_unused" not in codes(Office(record=RecordSettings(share="group")))
