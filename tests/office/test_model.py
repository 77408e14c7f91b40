"""Who may act, who signs and when the office works, on the days on which that changes."""

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from sopctl.office.model import HolidayRules, Instansi, Office, Official, SigningCapacity
from sopctl.office.page_accounts import is_page_account

DAY = date(2026, 11, 24)

KADIS = Official(jabatan="Kepala Dinas", pelaksana=("kadis",), accounts=("akun-kadis",))
KABID = Official(jabatan="Kepala Bidang", pelaksana=("kabid", "tim"), accounts=("Akun-Kabid",))
OPEN = Office(officials=(Official(pelaksana=("kadis",)),))
CLOSED = Office(officials=(KADIS, KABID))


def held(as_: SigningCapacity = "", since: str = "", until: str = "", nama: str = "") -> Official:
    return Official(
        nama=nama,
        pelaksana=("kadis",),
        as_=as_,
        since=date.fromisoformat(since) if since else None,
        until=date.fromisoformat(until) if until else None,
    )


@pytest.mark.parametrize(
    ("office", "account", "pelaksana", "permitted"),
    [
        pytest.param(Office(), "siapa-saja", "kadis", True, id="nobody-is-named"),
        pytest.param(OPEN, "siapa-saja", "tim", True, id="officials-without-accounts"),
        pytest.param(CLOSED, "akun-kadis", "kadis", True, id="the-own-post"),
        pytest.param(CLOSED, "AKUN-KABID", "tim", True, id="letter-case-aside"),
        pytest.param(CLOSED, "akun-kadis", "kabid", False, id="another-post"),
        pytest.param(CLOSED, "siapa-saja", "kadis", False, id="an-unknown-account"),
    ],
)
def test_who_may_act(office: Office, account: str, pelaksana: str, permitted: bool) -> None:  # noqa: FBT001 — a table
    allowed = office.pelaksana_of(account, DAY)
    assert (allowed is None or pelaksana in allowed) is permitted


def test_an_account_may_act_only_while_its_official_is_in_office() -> None:
    office = Office(
        officials=(
            Official(
                pelaksana=("kadis",),
                accounts=("akun-plt",),
                since=date(2026, 11, 1),
                until=date(2026, 11, 30),
                as_="Plt.",
            ),
        )
    )
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)]
    assert [office.pelaksana_of("akun-plt", day) for day in days] == [
        frozenset(),
        frozenset({"kadis"}),
        frozenset({"kadis"}),
        frozenset(),
    ]


def test_an_account_serves_all_posts_of_its_officials() -> None:
    office = Office(officials=(KADIS, KABID, Official(pelaksana=("kabid",), accounts=("akun-kadis",), as_="Plh.")))
    assert office.pelaksana_of("akun-kadis", DAY) == frozenset({"kadis", "kabid"})
    assert office.pelaksana_of("akun-lain", DAY) == frozenset()
    assert OPEN.pelaksana_of("akun-lain", DAY) is None
    assert (CLOSED.restricts, OPEN.restricts) == (True, False)


ANI = Official(nama="Ani", nip="1 2", accounts=("ani",))


@pytest.mark.parametrize(
    ("other", "one"),
    [
        pytest.param(Official(nama="Ani, S.E.", nip="12"), True, id="the same NIP"),
        pytest.param(Official(nama="Ani", nip="13"), False, id="another NIP"),
        pytest.param(Official(nama="ANI"), True, id="the same name and no NIP"),
        pytest.param(Official(nama="Ina"), False, id="another name"),
        pytest.param(Official(), False, id="no name at all"),
    ],
)
def test_one_person_stands_in_the_file_for_several_posts(other: Official, one: bool) -> None:  # noqa: FBT001 — a table
    office = Office(officials=(ANI, replace(other, accounts=("lain", "Lagi"), until=date(2020, 1, 1)), KADIS))
    more = {"lain", "Lagi", *filter(None, (other.nama,))}
    found = {name for name in office.names_of_person("ani") if not is_page_account(name)}
    assert found == {"Ani", "ani"} | (more if one else set())
    assert office.names_of_person("siapa-saja") == {"siapa-saja"}


def test_who_shares_an_account_with_a_successor_is_not_the_successor() -> None:
    """The account of a post goes from hand to hand; the own accounts of both stay two people's."""
    before, after = (Official(nama=nama, accounts=("kadis", nama)) for nama in ("Ani", "Ina"))
    office = Office(officials=(before, after))
    assert office.names_of_person("Ina") == {"Ina", "kadis", "page:ina"}


@pytest.mark.parametrize(
    ("officials", "signs"),
    [
        pytest.param([], None, id="nobody"),
        pytest.param([held(nama="definitif")], "definitif", id="the-holder"),
        pytest.param([held(nama="definitif"), held("Plt.", nama="plt")], "plt", id="acting-wins"),
        pytest.param(
            [held("Plh.", "2026-11-24", "2026-11-24", "plh"), held(nama="definitif")], "plh", id="for-one-day"
        ),
        pytest.param([held("Plt.", "2026-01-01", "2026-11-23", "plt"), held(nama="definitif")], "definitif", id="over"),
        pytest.param([held("Plt.", "2026-11-25", nama="plt"), held(nama="definitif")], "definitif", id="not-yet"),
        pytest.param([held(nama="lama"), held("", "2026-01-01", nama="baru")], "baru", id="appointed-later"),
        pytest.param([held(nama="satu"), held(nama="dua")], "satu", id="first-in-the-file"),
        pytest.param([held("a.n.", nama="an"), held(nama="definitif")], "definitif", id="an-without-dates-yields"),
        pytest.param([held("a.n.", "2026-11-01", nama="an"), held(nama="definitif")], "an", id="an-with-dates-signs"),
        pytest.param([held("a.n.", nama="an")], "an", id="an-for-want-of-a-holder"),
    ],
)
def test_who_signs(officials: list[Official], signs: str | None) -> None:
    found = Office(officials=tuple(officials)).find_signer("kadis", "", DAY)
    assert (found.nama if found else None) == signs


def test_the_calendar_knows_the_office_s_own_days_and_country() -> None:
    asked: list[tuple[int, str]] = []

    def holidays_of(year: int, country: str) -> dict[date, str]:
        asked.append((year, country))
        return {date(year, 6, 1): "Hari Lahir Pancasila", date(year, 12, 25): "Natal"}

    rules = HolidayRules(country="ID", add={date(2026, 7, 1): "Hari jadi"}, remove={date(2026, 6, 1): "Surat edaran"})
    office = Office(holidays=rules)
    calendar = office.calendar(holidays_of)
    assert calendar.is_working_day(date(2026, 6, 1))
    assert calendar.holiday(date(2026, 7, 1)) == "Hari jadi"
    assert calendar.holiday(date(2026, 12, 25)) == "Natal"
    assert asked == [(2026, "ID")]
    began = datetime(2026, 12, 24, 15, 30, tzinfo=office.zone)  # 30 minutes, Natal, a weekend, and 420 on Monday
    assert calendar.elapsed(began, began + timedelta(days=4)) == timedelta(minutes=450)


@pytest.mark.parametrize(
    ("given", "full", "bare"),
    [
        pytest.param({"nama": "Pejabat A"}, "Pejabat A", "Pejabat A", id="none"),
        pytest.param({"nama": "Pejabat A, S.E., M.M."}, "Pejabat A, S.E., M.M.", "Pejabat A", id="after-the-comma"),
        pytest.param({"nama": "Dr. Ir. H. Ani, M.T."}, "Dr. Ir. H. Ani, M.T.", "Ani", id="known-before"),
        pytest.param({"nama": "Prof.drg.Ani"}, "Prof.drg.Ani", "Ani", id="without-spaces"),
        pytest.param({"nama": "Dr.rer.nat. Ani"}, "Dr.rer.nat. Ani", "Ani", id="german"),
        pytest.param({"nama": "Dr.-Ing. Ani, M.T."}, "Dr.-Ing. Ani, M.T.", "Ani", id="with-a-hyphen"),
        pytest.param({"nama": "Dr. (H.C.) Ir. Ani"}, "Dr. (H.C.) Ir. Ani", "Ani", id="in-brackets"),
        pytest.param({"nama": "Assoc. Prof. Dr. H. M. Ani"}, "Assoc. Prof. Dr. H. M. Ani", "M. Ani", id="four-before"),
        pytest.param({"nama": "Ani S.E."}, "Ani S.E.", "Ani", id="behind-without-comma"),
        pytest.param({"nama": "apt. Ani S.Farm., M. Si"}, "apt. Ani S.Farm., M. Si", "Ani", id="behind-before-comma"),
        pytest.param({"nama": "ANI S.SOS MSi"}, "ANI S.SOS MSi", "ANI", id="capitals"),
        pytest.param({"nama": "Ani S.E.", "gelar_belakang": "S.E."}, "Ani, S.E.", "Ani", id="said-and-in-nama"),
        pytest.param({"nama": "Ani M.S.", "gelar_belakang": ""}, "Ani M.S.", "Ani M.S.", id="none-behind"),
        pytest.param({"nama": "M. Ahmad S. Putra"}, "M. Ahmad S. Putra", "M. Ahmad S. Putra", id="initials"),
        pytest.param({"nama": "Harun Irwan Drajat"}, "Harun Irwan Drajat", "Harun Irwan Drajat", id="parts-of-words"),
        pytest.param(
            {"nama": "Ani", "gelar_depan": "Ir.", "gelar_belakang": "M.T."}, "Ir. Ani, M.T.", "Ani", id="apart"
        ),
        pytest.param({"nama": "H. Ani", "gelar_depan": ""}, "H. Ani", "H. Ani", id="said-to-be-none"),
        pytest.param({"nama": ""}, "", "", id="nobody"),
    ],
)
def test_a_nama_is_printed_with_gelar_and_without(given: dict[str, str], full: str, bare: str) -> None:
    official = Official(**given)  # type: ignore[arg-type]
    assert (official.nama_gelar, official.nama_tanpa_gelar) == (full, bare)


@pytest.mark.parametrize(
    ("pemerintah", "nama", "pimpinan"),
    [
        ("Pemerintah Provinsi Kalimantan Barat", "Dinas Koperasi", "Kepala Dinas Koperasi Provinsi Kalimantan Barat"),
        ("PEMERINTAH DAERAH KABUPATEN SAMBAS", "Badan Keuangan", "Kepala Badan Keuangan KABUPATEN SAMBAS"),
        ("Pemerintah Daerah Istimewa Yogyakarta", "Dinas A", "Kepala Dinas A Daerah Istimewa Yogyakarta"),
        ("Pemerintah Kota Pontianak", "Dinas A Kota Pontianak", "Kepala Dinas A Kota Pontianak"),
        ("", "Dinas A", "Kepala Dinas A"),
        ("Pemerintah Kota Pontianak", "", ""),
    ],
)
def test_the_head_is_called_by_office_and_region(pemerintah: str, nama: str, pimpinan: str) -> None:
    assert Instansi(pemerintah=pemerintah, nama=nama).nama_pimpinan == pimpinan


def test_an_office_may_call_its_head_otherwise() -> None:
    assert Instansi(nama="Inspektorat", pimpinan="Inspektur Provinsi").nama_pimpinan == "Inspektur Provinsi"
