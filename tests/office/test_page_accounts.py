"""Who is who on the page: an account for each official, by sopctl.yaml alone."""

from datetime import date

import pytest

from sopctl.errors import NotFoundError
from sopctl.office.decode import read_office
from sopctl.office.find_official import find_official
from sopctl.office.model import Office, Official, WebPage

DAY = date(2026, 11, 24)
NIP, OTHER_NIP = "19680101 199003 1 001", "196801011990031002"
SITI = Official(nama="Hj. Siti Aminah, S.E.", nip=NIP, pelaksana=("kabid",))
PLT = Official(nama="Siti Aminah, S.E., M.M.", nip=NIP, pelaksana=("kadis",), as_="Plt.", until=date(2026, 11, 30))
BUDI = Official(nama="Budi", pelaksana=("tim",))


def office(*officials: Official) -> Office:
    return Office(officials=officials)


@pytest.mark.parametrize(
    ("officials", "accounts"),
    [
        pytest.param([SITI, BUDI], ["page:siti-aminah", "page:budi"], id="nama without gelar"),
        pytest.param([SITI, PLT], ["page:siti-aminah"] * 2, id="two posts"),
        pytest.param([SITI, Official(nama="Sitti A.", nip=NIP)], ["page:siti-aminah"] * 2, id="two spellings"),
        pytest.param([SITI, Official(nama="SITI AMINAH", nip=OTHER_NIP)],
                     ["page:196801011990031001", f"page:{OTHER_NIP}"], id="two persons"),
        pytest.param([Official(nama="Ani"), Official(nama="Ani, S.E.")], ["", ""], id="who are not told apart"),
        pytest.param([Official(nama="Ani"), Official(nama="ani")], ["page:ani"] * 2, id="one without NIP"),
        pytest.param([Official(nama="Ani", nip="-"), Official(nama="Ina", nip="-")], ["page:ani", "page:ina"],
                     id="a stroke is no NIP"),
        pytest.param([Official(nama="Ani", nip="1"), Official(nama="Ani"), Official(nama="Ani", nip="2")],
                     ["page:1", "", "page:2"], id="one of two persons"),
        pytest.param([Official(nama="Nur'aini Çelik"), Official(nip="12"), Official()],
                     ["page:nuraini-celik", "page:12", ""], id="signs, only a NIP, nobody"),
    ],
)  # fmt: skip
def test_each_person_has_one_account(officials: list[Official], accounts: list[str]) -> None:
    here = office(*officials)
    assert [here.page_account(one) for one in officials] == accounts


def test_a_page_account_acts_for_its_own_posts_only_also_where_nobody_has_an_account() -> None:
    for own in ((), ("ani",)):
        here = office(SITI, PLT, BUDI, Official(nama="Ani", accounts=own))
        assert here.pelaksana_of("page:siti-aminah", DAY) == frozenset({"kabid", "kadis"})
        assert here.pelaksana_of("PAGE:Siti-Aminah", date(2026, 12, 1)) == frozenset({"kabid"})
        assert here.pelaksana_of("page:196801011990031001", DAY) == frozenset({"kabid", "kadis"})
        assert here.pelaksana_of("page:siapa", DAY) == frozenset()
        assert (here.employs("page:budi", DAY), here.employs("page:siapa", DAY)) == (True, False)
        assert here.can_be_assigned("page:siapa", DAY) is False
    assert office(SITI).can_be_assigned("siapa", DAY) is True


def test_the_accounts_of_one_person_are_one_person() -> None:
    siti = Official(nama="Siti", nip=NIP, accounts=("siti-os",))
    here = office(siti, BUDI)
    assert {"page:siti", "siti-os", "Siti"} <= here.names_of_person("page:siti") == here.names_of_person("siti-os")
    assert here.is_named("page:siti", "Siti")
    assert here.is_named("page:siti", "siti-os")
    assert here.is_named("siti-os", "page:siti")
    assert not here.is_named("page:budi", "Siti")
    assert here.find_signer("tim", "page:siti", DAY) is siti
    assert here.find_signer("tim", "", DAY, "page:budi") is BUDI


def test_of_two_in_one_post_the_one_who_acted_on_the_page_signs() -> None:
    one, other = (Official(nama=nama, pelaksana=("kadis",)) for nama in ("Ani", "Ina"))
    assert office(one, other).find_signer("kadis", "", DAY, "page:ina") is other


def test_who_is_told_apart_only_today_is_still_kept_from_checking_the_own_work() -> None:
    here, own, former = (
        office(SITI, Official(nama="Siti Aminah", nip=OTHER_NIP)),
        f"page:{OTHER_NIP}",
        "page:siti-aminah",
    )
    assert former in here.names_to_separate(own)
    assert former not in here.names_of_person(own)


def test_a_page_account_is_an_account_to_whom_a_case_may_be_assigned_where_the_office_uses_the_page() -> None:
    ani = Official(nama="Ani", accounts=("ani",))
    assert not Office(officials=(ani, BUDI)).can_be_assigned("Budi", DAY)
    assert Office(officials=(ani, BUDI), web=WebPage()).can_be_assigned("Budi", DAY)


def test_people_read_a_nama_and_no_account() -> None:
    here = office(SITI, BUDI)
    assert here.shown_name("page:siti-aminah") == "Hj. Siti Aminah, S.E."
    assert [here.shown_name(name) for name in ("siti-aminah", "page:siapa")] == ["siti-aminah", "page:siapa"]
    assert here.show_names("Akun page:budi, page:siapa.") == "Akun Budi, page:siapa."


@pytest.mark.parametrize(
    ("typed", "nama"),
    [
        ("siti aminah", SITI.nama), ("Hj. Siti Aminah, S.E.", SITI.nama), (NIP, SITI.nama), ("aminah", SITI.nama),
        ("196801011990031001", SITI.nama), ("siti-aminah", SITI.nama), ("page:budi", BUDI.nama),
    ],
)  # fmt: skip
def test_an_official_is_found_by_what_fits_nobody_else(typed: str, nama: str) -> None:
    assert find_official(office(SITI, PLT, BUDI), typed, DAY).nama == nama


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param("Siapa", "Yang ada: Hj. Siti Aminah, S.E.; Siti Nurhaliza", id="nobody"),
        pytest.param("Bdui", "mungkin maksudnya: Budi", id="a typo"),
        pytest.param("Siti", "beberapa pejabat: Hj. Siti Aminah, S.E. (NIP 19680101 199003 1 001); Siti", id="two"),
        pytest.param("Lama", "Lama tidak menjabat lagi", id="who left"),
        pytest.param("Ani", "Isi dahulu nip", id="not told apart"),
        pytest.param(" ", "Tidak ada pejabat", id="nothing"),
    ],
)
def test_who_cannot_be_found_is_told_why(typed: str, told: str) -> None:
    people = [Official(nama=nama) for nama in ("Siti Nurhaliza", "Budi", "Ani", "Ani, S.E.")]
    left = Official(nama="Lama", until=date(2020, 1, 1))
    with pytest.raises(NotFoundError) as raised:
        find_official(office(SITI, *people, left), typed, DAY)
    assert told.casefold() in raised.value.message.casefold()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("officials: [{nama: A, accounts: [page:a]}]", 1, id="a page account as an account"),
        pytest.param("officials: [{nama: A, accounts: PAGE:a}]", 1, id="in other letters"),
        pytest.param("officials: [{nama: A, accounts: [pageant]}]", 0, id="another account"),
        pytest.param("web: {url: https://sop.kantor.go.id/halaman/}", 0, id="an address"),
        pytest.param("web: {url: 'http://[::1]:8080'}", 0, id="a numeric address"),
        pytest.param("web: {url: javascript:alert(1)}", 1, id="no address"),
        pytest.param("web: {url: 'https://a@b.id/?x'}", 1, id="more than an address"),
    ],
)
def test_the_file_says_no_nonsense_of_the_page(text: str, codes: int) -> None:
    _, problems = read_office(text.encode(), "sopctl.yaml")
    assert len(problems) == codes, problems


def test_an_address_ends_without_a_stroke() -> None:
    read, _ = read_office(b"web: {url: https://sop.kantor.go.id/}", "sopctl.yaml")
    assert read is not None
    assert read.web == WebPage(url="https://sop.kantor.go.id")
