"""Who may put another `sopctl.yaml` in the place of the one that holds: a post is needed, and nothing may be won."""

from datetime import date

import pytest
from msgspec.structs import replace

from sopctl.office.acceptance import find_acceptance_fault
from sopctl.office.decode import read_office
from sopctl.office.model import Office

KETUA = "{nama: Ani, pelaksana: [tim], accounts: [ketua]}"
KABID = "{nama: Budi, pelaksana: [kabid], accounts: [kabid]}"
STAF = "{nama: Citra, pelaksana: [], accounts: [staf]}"
BEFORE = (KETUA, KABID, STAF)


def office(*officials: str) -> Office:
    read, problems = read_office(f"officials: [{', '.join(officials)}]".encode(), "sopctl.yaml")
    assert read is not None, problems
    return read


def fault(after: tuple[str, ...], account: str = "ketua", before: tuple[str, ...] = BEFORE) -> str:
    return find_acceptance_fault(office(*before), office(*after), account, date(2026, 11, 24))


FAULTS = {
    "nothing of it changes": ("", BEFORE),
    "somebody else comes": ("", (*BEFORE, "{nama: Dewi, pelaksana: [kabid], accounts: [baru]}")),
    "somebody else wins": ("", (KETUA, KABID.replace("[kabid],", "[kabid, kadis],"), STAF)),
    "it loses": ("", (KETUA.replace("[ketua]", "[lain]"), KABID, STAF)),
    "somebody else leaves, and his post stays": ("", (KETUA, KABID.replace("[kabid]}", "[kabid], until: 2026-11-30}"))),
    "it wins": ("wins", (KETUA.replace("[tim]", "[tim, kabid]"), KABID, STAF)),
    "it wins by a second entry": ("wins", (*BEFORE, "{pelaksana: [kabid], accounts: [KETUA]}")),
    "it wins on the page": ("wins", (*BEFORE, "{nama: Ani, pelaksana: [kabid]}")),
    "it wins later": ("wins", (*BEFORE, "{nama: Ani, pelaksana: [kabid], accounts: [ketua], from: 2027-01-01}")),
    "it wins earlier": ("wins", (*BEFORE, "{nama: Ani, pelaksana: [kabid], accounts: [ketua], until: 2025-01-01}")),
    "a post that nobody had": ("wins", (KETUA.replace("[tim]", "[tim, baru]"), KABID, STAF)),
    "another's post is free for all": ("wins", (KETUA, STAF)),
    "another's nama": ("wins", (KETUA, KABID, STAF, "{nama: budi, pelaksana: [], accounts: [ketua]}")),
    "everybody may act": ("opens", ("{nama: Ani, pelaksana: [tim]}",)),
}


@pytest.mark.parametrize(("expected", "after"), FAULTS.values(), ids=FAULTS.keys())
def test_an_official_may_bring_in_what_wins_him_nothing(expected: str, after: tuple[str, ...]) -> None:
    assert fault(after) == expected


def test_an_end_that_is_put_off_wins() -> None:
    acting = "{nama: Ani, pelaksana: [kabid], accounts: [ketua], until: 2026-11-30}"
    assert fault((*BEFORE, acting.replace("11-30", "12-31")), before=(*BEFORE, acting)) == "wins"
    assert fault((*BEFORE, acting.replace("11-30", "11-25")), before=(*BEFORE, acting)) == ""


def test_hours_of_another_time_zone_win() -> None:
    acting = "{nama: Ani, pelaksana: [kabid], accounts: [ketua], until: 2026-11-30}"
    before, after = office(*BEFORE, acting), replace(office(*BEFORE, acting), timezone="Pacific/Pago_Pago")
    faults = [find_acceptance_fault(before, after, account, date(2026, 11, 24)) for account in ("ketua", "kabid")]
    assert faults == ["wins", ""]


def test_who_looks_like_two_people_wins() -> None:
    before = (*BEFORE, "{nama: Ani, pelaksana: [tim], accounts: [ketua-2]}")
    assert fault((*BEFORE, "{nama: Ina, pelaksana: [tim], accounts: [ketua-2]}"), before=before) == "wins"
    assert fault((*BEFORE, "{nama: Ina, pelaksana: [tim], accounts: [ketua-2]}"), "kabid", before) == ""


def test_where_nobody_is_in_a_post_any_more_the_new_officials_may() -> None:
    lapsed = tuple(one.replace("]}", "], until: 2026-11-23}") for one in BEFORE)
    assert [fault(BEFORE, account, lapsed) for account in ("ketua", "kabid", "tamu")] == ["", "", "no_post"]
    assert fault(("{nama: Ani, pelaksana: [tim]}",), before=lapsed) == "opens"


def test_a_post_may_be_given_up_by_who_has_it() -> None:
    assert fault((KETUA, STAF), "kabid") == ""


@pytest.mark.parametrize("account", ["staf", "tamu"])
def test_without_a_post_nothing_may_be_brought_in(account: str) -> None:
    assert fault(BEFORE, account) == "no_post"
    assert fault((KETUA, KABID), account) == "no_post"


def test_without_accounts_everybody_may() -> None:
    assert fault(BEFORE, "tamu", ("{nama: Ani, pelaksana: [tim]}",)) == ""


def test_a_page_account_may_bring_in_what_wins_its_official_nothing() -> None:
    assert fault(BEFORE, "page:ani") == ""
    assert fault(BEFORE, "page:siapa") == "no_post"
    assert fault((KETUA.replace("[tim]", "[tim, kabid]"), KABID, STAF), "page:ani") == "wins"
    assert fault((KETUA.replace("nama: Ani", "nama: Ina"), KABID, STAF), "page:ani") == "wins"
