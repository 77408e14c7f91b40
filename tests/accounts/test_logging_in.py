"""Invitations, log-ins and sessions: what lets somebody in, how long, and what ends it."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sopctl.accounts.accounts import LoginRefused
from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError

if TYPE_CHECKING:
    from tests.accounts.conftest import Desk

OTHER = "sembilan payung kuning"


def reason(outcome: object) -> str:
    assert isinstance(outcome, Refused)
    return outcome.reason


def test_an_invitation_is_used_up_once(desk: "Desk") -> None:
    token = desk.invite("siti-aminah")
    for _ in range(2):
        found = desk.accounts.find_invitation(token, desk.now)
        assert found is not None
        assert found.account == "siti-aminah"
    assert reason(desk.accounts.redeem(token, "pendek", desk.now)) == "password_short"
    assert desk.accounts.redeem(token, "tujuh perahu biru", desk.now) == "siti-aminah"
    assert desk.accounts.find_invitation(token, desk.now) is None
    assert reason(desk.accounts.redeem(token, OTHER, desk.now)) == "invitation"
    assert isinstance(desk.try_password("siti-aminah"), str)


def test_of_two_at_the_same_time_one_wins(desk: "Desk") -> None:
    token = desk.invite("siti-aminah")
    choices = [f"perahu nomor {number} dari hulu" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda one: desk.accounts.redeem(token, one, desk.now), choices))
    assert outcomes.count("siti-aminah") == 1
    assert isinstance(desk.try_password("siti-aminah", choices[outcomes.index("siti-aminah")]), str)


def test_the_newest_invitation_counts(desk: "Desk") -> None:
    older, newer = desk.invite("siti-aminah"), desk.invite("siti-aminah")
    assert reason(desk.accounts.redeem(older, OTHER, desk.now)) == "invitation"
    assert desk.accounts.redeem(newer, OTHER, desk.now) == "siti-aminah"


@pytest.mark.parametrize(("hours", "holds"), [(71.99, True), (72, False), (-0.05, True), (-1, False)])
def test_an_invitation_lasts_72_hours_and_no_longer_where_the_clock_goes_back(
    desk: "Desk", *, hours: float, holds: bool
) -> None:
    token = desk.invite("siti-aminah")
    desk.wait(hours=hours)
    assert (desk.accounts.find_invitation(token, desk.now) is not None) == holds
    assert (desk.accounts.redeem(token, OTHER, desk.now) == "siti-aminah") == holds


@pytest.mark.parametrize(
    ("steps", "holds"),
    [
        pytest.param([29.9], True, id="before-the-idle-end"),
        pytest.param([30], False, id="at-the-idle-end"),
        pytest.param([20, 20, 20], True, id="in-use"),
        pytest.param([20] * 35 + [19.9], True, id="before-the-absolute-end"),
        pytest.param([20] * 36, False, id="at-the-absolute-end"),
        pytest.param([-4], True, id="a-clock-put-right"),
        pytest.param([-6], False, id="a-clock-that-went-back"),
        pytest.param([20, -10], False, id="behind-the-last-page"),
    ],
)
def test_a_session_ends(desk: "Desk", *, steps: list[float], holds: bool) -> None:
    token = desk.join("siti-aminah")
    for minutes in steps[:-1]:
        desk.wait(minutes=minutes)
        assert desk.who(token) == "siti-aminah"
    desk.wait(minutes=steps[-1])
    assert (desk.who(token) == "siti-aminah") == holds


def test_log_out_ends_one_session_and_no_other(desk: "Desk") -> None:
    one, other = desk.join("siti-aminah"), desk.try_password("siti-aminah")
    assert isinstance(other, str)
    desk.accounts.log_out(one)
    assert (desk.who(one), desk.who(other)) == ("", "siti-aminah")


def test_reset_ends_all_sessions_and_the_password(desk: "Desk") -> None:
    session, feed = desk.join("siti-aminah"), desk.accounts.renew_feed("siti-aminah")
    token = desk.reset("siti-aminah")
    assert desk.who(session) == ""
    assert desk.accounts.find_feed(feed) is None
    assert desk.try_password("siti-aminah") == LoginRefused()
    assert desk.accounts.redeem(token, OTHER, desk.now) == "siti-aminah"
    assert isinstance(desk.try_password("siti-aminah", OTHER), str)


def test_a_new_password_ends_the_sessions_of_the_old_one(desk: "Desk") -> None:
    session = desk.join("siti-aminah")
    token = desk.invite("siti-aminah")
    assert desk.who(session) == "siti-aminah"
    desk.accounts.redeem(token, OTHER, desk.now)
    assert desk.who(session) == ""
    assert desk.try_password("siti-aminah") == LoginRefused()


def test_disable_lets_nobody_in_until_the_next_invitation(desk: "Desk") -> None:
    session, feed = desk.join("siti-aminah"), desk.accounts.renew_feed("siti-aminah")
    open_link = desk.invite("siti-aminah")
    desk.disable("siti-aminah")
    assert desk.who(session) == ""
    assert desk.accounts.find_feed(feed) is None
    assert desk.try_password("siti-aminah") == LoginRefused()
    assert reason(desk.accounts.redeem(open_link, OTHER, desk.now)) == "invitation"
    with pytest.raises(NotFoundError):
        desk.accounts.renew_feed("siti-aminah")
    assert [one.state for one in desk.accounts.list(desk.now)] == ["disabled"]
    desk.accounts.redeem(desk.invite("siti-aminah"), OTHER, desk.now)
    assert isinstance(desk.try_password("siti-aminah", OTHER), str)


@pytest.mark.parametrize("act", ["reset", "disable"])
def test_what_is_not_recorded_is_not_done(desk: "Desk", act: str) -> None:
    session = desk.join("siti-aminah")

    def fail() -> None:
        raise NotFoundError("Buku catatan tidak dapat ditulis.")

    acts: dict[str, Callable[[], object]] = {
        "reset": lambda: desk.accounts.reset("siti-aminah", desk.now, record=fail),
        "disable": lambda: desk.accounts.disable("siti-aminah", record=fail),
    }
    with pytest.raises(NotFoundError):
        acts[act]()
    assert desk.who(session) == "siti-aminah"
    assert isinstance(desk.try_password("siti-aminah"), str)
    with pytest.raises(NotFoundError):
        desk.accounts.invite("budi", desk.now, record=fail)
    assert [one.account for one in desk.accounts.list(desk.now)] == ["siti-aminah"]


def test_who_has_no_account_is_not_found(desk: "Desk") -> None:
    for act in (desk.reset, desk.disable):
        with pytest.raises(NotFoundError):
            act("siti-aminah")
    assert desk.acts == []


def test_an_official_is_told_once_of_what_others_did(desk: "Desk") -> None:
    desk.invite("siti-aminah", "Diundang oleh budi.")
    desk.join("joko")
    assert desk.accounts.take_notices("joko") == ()
    assert desk.accounts.take_notices("siti-aminah") == ("Diundang oleh budi.",)
    assert desk.accounts.take_notices("siti-aminah") == ()


def test_five_wrong_passwords_make_the_sixth_wait_there_and_nobody_else(desk: "Desk") -> None:
    desk.join("siti-aminah")
    desk.join("joko")
    assert [desk.try_password("siti-aminah", "salah sama sekali") for _ in range(5)] == [LoginRefused()] * 5
    assert desk.try_password("siti-aminah") == LoginRefused(wait=180)
    assert isinstance(desk.try_password("siti-aminah", address="10.0.0.8"), str)
    assert isinstance(desk.try_password("joko"), str)
    desk.wait(seconds=180)
    assert isinstance(desk.try_password("siti-aminah"), str)
    assert [desk.try_password("siti-aminah", "salah sama sekali") for _ in range(5)] == [LoginRefused()] * 5


def test_names_that_nobody_has_are_answered_alike(desk: "Desk") -> None:
    desk.join("siti-aminah")
    for name in ("siti-aminah", "tidak-ada"):
        outcomes = [desk.try_password(name, "salah sama sekali") for _ in range(6)]
        assert outcomes == [*[LoginRefused()] * 5, LoginRefused(wait=180)]


def test_many_tries_at_once_are_counted_before_they_are_looked_at(desk: "Desk") -> None:
    desk.join("siti-aminah")
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda _: desk.try_password("siti-aminah", "salah sama sekali"), range(16)))
    assert outcomes.count(LoginRefused()) == 5


def test_an_attack_from_one_address_keeps_out_no_one_who_logged_in_from_there(desk: "Desk") -> None:
    desk.join("siti-aminah")
    desk.accounts.redeem(desk.invite("joko"), OTHER, desk.now)
    for number in range(121):
        outcome = desk.try_password(f"siapa-{number}", "salah sama sekali")
    assert outcome == LoginRefused(wait=15)
    assert desk.try_password("joko", OTHER) == LoginRefused(wait=15)
    assert isinstance(desk.try_password("joko", OTHER, "10.0.0.8"), str)
    assert [type(desk.try_password("siti-aminah")) for _ in range(5)] == [str] * 5
    assert desk.try_password("joko", OTHER) == LoginRefused(wait=15)  # those log-ins made no room for it


def test_an_attack_from_many_addresses_keeps_no_official_out_of_the_own_one(desk: "Desk") -> None:
    desk.join("siti-aminah")
    outcomes = [desk.try_password("siti-aminah", "salah sama sekali", f"10.1.0.{one}") for one in range(61)]
    assert outcomes[-1] == LoginRefused(wait=60)
    assert isinstance(desk.try_password("siti-aminah"), str)


def test_the_addresses_of_one_subscriber_are_one(desk: "Desk") -> None:
    desk.join("siti-aminah")
    outcomes = [desk.try_password("siti-aminah", "salah sama sekali", f"2001:db8:1:2::{one}") for one in range(6)]
    assert outcomes[-1] == LoginRefused(wait=180)
    assert desk.try_password("siti-aminah", "salah sama sekali", "2001:db8:1:3::1") == LoginRefused()


def test_a_clock_that_goes_back_locks_nobody_out_for_long(desk: "Desk") -> None:
    desk.join("siti-aminah")
    for _ in range(5):
        desk.try_password("siti-aminah", "salah sama sekali")
    desk.wait(days=-365)
    assert desk.try_password("siti-aminah") == LoginRefused(wait=180)
    desk.wait(seconds=180)
    assert isinstance(desk.try_password("siti-aminah"), str)


def test_a_calendar_has_one_token(desk: "Desk") -> None:
    desk.join("siti-aminah")
    one, other = desk.accounts.renew_feed("siti-aminah"), desk.accounts.renew_feed("siti-aminah")
    assert (desk.accounts.find_feed(one), desk.accounts.find_feed(other)) == (None, "siti-aminah")


def test_the_list_says_how_each_account_stands(desk: "Desk") -> None:
    desk.join("siti-aminah")
    desk.invite("joko")
    assert [(one.account, one.state, one.sessions) for one in desk.accounts.list(desk.now)] == [
        ("joko", "invited", 0),
        ("siti-aminah", "active", 1),
    ]
    desk.wait(hours=72)
    assert [(one.state, one.sessions) for one in desk.accounts.list(desk.now)] == [("expired", 0), ("active", 0)]


def test_no_secret_is_in_the_file(desk: "Desk") -> None:
    session = desk.join("siti-aminah")
    secrets = [session, desk.invite("joko"), desk.accounts.renew_feed("siti-aminah"), "tujuh perahu biru"]
    desk.try_password("kata sandi di tempat nama")
    data = desk.file.read_bytes()
    assert [one for one in (*secrets, "kata sandi di tempat nama") if one.encode() in data] == []
    with closing(sqlite3.connect(desk.file)) as file:
        assert file.execute("SELECT count(*) FROM session").fetchone() == (1,)
