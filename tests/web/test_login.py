"""Who gets in, by what, and for how long."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sopctl.accounts import passwords
from sopctl.accounts.accounts import Accounts
from sopctl.store.workspace import Workspace
from tests.web.conftest import PASSWORD, Browse, Send, serving

if TYPE_CHECKING:
    from tests.conftest import Room

OFFICIALS = """
officials:
  - {nama: "Siti Aminah, S.E.", nip: "198001012005012001", pelaksana: [kabid]}
  - {nama: Budi Santoso, pelaksana: [kadis], until: 2026-12-31}
"""
OTHER = "sapu tangan jendela 71"
SESSION = "sopctl-sesi"


@pytest.fixture(autouse=True)
def _officials(room: "Room") -> None:
    room.say(OFFICIALS)


@pytest.fixture
def accounts(room: "Room") -> Accounts:
    return Accounts(Workspace(room.root).accounts)


def token_of(client: FlaskClient) -> str:
    cookie = client.get_cookie(SESSION)
    return cookie.value if cookie else ""


def is_in(client: FlaskClient) -> bool:
    answer = client.get("/akun")
    assert answer.status_code in {200, 303}
    return answer.status_code == 200


def log_in(site: Flask, send: Send, name: str, password: str = PASSWORD) -> tuple[FlaskClient, TestResponse]:
    client = site.test_client()
    return client, send(client, "/masuk", nama=name, sandi=password)


def test_an_invitation_is_used_up_by_choosing_a_password_and_not_by_looking(
    site: Flask, send: Send, invite: Callable[[str], str]
) -> None:
    link = invite("siti-aminah")
    client = site.test_client()
    assert "Siti Aminah" in client.get(link).text
    for wrong in (
        {"sandi": PASSWORD, "sandi_ulang": OTHER},
        {"sandi": "siti aminah 1", "sandi_ulang": "siti aminah 1"},
    ):
        assert send(client, link, **wrong).status_code == 422
    assert send(client, link, sandi=PASSWORD, sandi_ulang=PASSWORD).location == "/"
    assert is_in(client)
    assert site.test_client().get(link).status_code == 404
    assert send(client, "/sandi", to=link, sandi=OTHER, sandi_ulang=OTHER).status_code == 404
    assert site.test_client().get("/undangan/tidak-ada").status_code == 404


@pytest.mark.parametrize(
    "name", ["siti-aminah", "page:siti-aminah", "Siti Aminah, S.E.", "siti  aminah", "19800101 200501 2 001"]
)
def test_account_nama_or_nip_log_an_official_in(site: Flask, send: Send, enter: Browse, name: str) -> None:
    enter("siti-aminah")
    client, answer = log_in(site, send, name)
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_in(client)


def test_an_unknown_name_is_answered_like_a_wrong_password_by_the_same_work(
    room: "Room", site: Flask, send: Send, enter: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter("siti-aminah")
    enter("budi-santoso")
    room.now += timedelta(days=60)  # the second has left
    tried: list[str] = []
    real = passwords.is_password

    def counting(kept: str | None, password: str) -> bool:
        tried.append(password)
        return real(kept, password)

    monkeypatch.setattr(passwords, "is_password", counting)
    answers = []
    for name in ("siti-aminah", "tidak-ada", "budi-santoso", "siti", "' OR 1=1 --", "\x00", ""):
        _, answer = log_in(site, send, name, OTHER)
        answers.append((answer.status_code, re.sub(r'value="\w{64}"', "", answer.text)))
        assert "Set-Cookie" not in answer.headers
    assert {status for status, _ in answers} == {403}
    assert len({text for _, text in answers}) == 1
    assert tried == [OTHER] * 7


def test_a_log_in_takes_no_token_over_and_ends_the_one_before(site: Flask, send: Send, enter: Browse) -> None:
    enter("siti-aminah")
    client = site.test_client()
    client.set_cookie(SESSION, "dari-penyerang")
    send(client, "/masuk", nama="siti-aminah", sandi=PASSWORD)
    first = token_of(client)
    assert first != "dari-penyerang"
    send(client, "/masuk", nama="siti-aminah", sandi=PASSWORD)
    assert token_of(client) != first
    thief = site.test_client()
    thief.set_cookie(SESSION, first)
    assert not is_in(thief)


def test_logging_out_ends_the_session_and_not_only_the_cookie(site: Flask, send: Send, enter: Browse) -> None:
    client = enter("siti-aminah")
    token = token_of(client)
    answer = send(client, "/akun", to="/keluar")
    assert (answer.status_code, answer.location) == (303, "/masuk")
    assert token_of(client) == ""
    thief = site.test_client()
    thief.set_cookie(SESSION, token)
    assert not is_in(thief)


def test_disabling_resetting_and_leaving_the_office_end_a_session_at_once(
    room: "Room", enter: Browse, accounts: Accounts
) -> None:
    client = enter("siti-aminah")
    accounts.reset("siti-aminah", room.now, record=lambda: None)
    assert not is_in(client)
    client = enter("siti-aminah")
    accounts.disable("siti-aminah", record=lambda: None)
    assert not is_in(client)
    client = enter("budi-santoso")
    room.say("officials:\n  - {nama: Budi Santoso, pelaksana: [kadis], until: 2026-11-01}")
    assert not is_in(client)


def test_a_session_ends_when_nothing_is_asked_for_and_at_the_latest_after_half_a_day(
    room: "Room", enter: Browse
) -> None:
    client = enter("siti-aminah")
    assert "berakhir" not in client.get("/masuk").text
    room.now += timedelta(minutes=31)
    assert not is_in(client)
    assert "Sesi Anda sudah berakhir" in client.get("/masuk").text
    client = enter("siti-aminah")
    for _ in range(35):
        room.now += timedelta(minutes=20)
        assert is_in(client)
    room.now += timedelta(minutes=25)
    assert not is_in(client)


def test_who_had_to_log_in_first_is_led_on_to_the_page_asked_for(site: Flask, send: Send, enter: Browse) -> None:
    enter("siti-aminah")
    client = site.test_client()
    assert client.get("/laporan?sop=sk-tim").location == "/masuk"
    client.get("/akun", headers={"Sec-Fetch-Dest": "image"})
    client.get("/favicon.ico")
    client.post("/mulai")
    assert send(client, "/masuk", nama="siti-aminah", sandi=PASSWORD).location == "/laporan?sop=sk-tim"
    assert client.get_cookie("sopctl-tujuan") is None


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/",
        "//evil.example",
        "//[",
        "/\\evil.example",
        "\\\\evil.example",
        "/%09/evil.example\t",
        "javascript:alert(1)",
        "evil.example",
        "/a\r\nSet-Cookie: x=y",
        "http:evil.example",
    ],
)
def test_no_log_in_leads_to_another_site(site: Flask, send: Send, enter: Browse, asked: str) -> None:
    enter("siti-aminah")
    client = site.test_client()
    client.set_cookie("sopctl-tujuan", asked)
    answer = send(client, f"/masuk?next={asked}", nama="siti-aminah", sandi=PASSWORD, next=asked)
    assert answer.location == "/"
    assert "x=y" not in str(answer.headers)


def test_too_many_attempts_are_told_when_to_go_on_and_shut_nobody_else_out(
    room: "Room", site: Flask, send: Send, enter: Browse
) -> None:
    enter("siti-aminah")
    statuses = []
    for _ in range(8):
        _, answer = log_in(site, send, "siti-aminah", OTHER)
        statuses.append(answer.status_code)
    assert statuses[:5] == [403] * 5
    assert statuses[-1] == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "menit" in answer.text
    elsewhere = site.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    assert send(elsewhere, "/masuk", nama="siti-aminah", sandi=PASSWORD).status_code == 303
    room.now += timedelta(hours=1)
    assert log_in(site, send, "siti-aminah")[1].status_code == 303


def test_a_new_password_wants_the_old_one_and_ends_all_other_sessions(site: Flask, send: Send, enter: Browse) -> None:
    enter("siti-aminah")
    client, other = (log_in(site, send, "siti-aminah")[0] for _ in range(2))
    token = token_of(client)
    for old, new, again, status in (
        (OTHER, OTHER, OTHER, 422),
        (PASSWORD, OTHER, PASSWORD, 422),
        (PASSWORD, "pendek", "pendek", 422),
        (PASSWORD, OTHER, OTHER, 303),
    ):
        answer = send(client, "/sandi", sandi_lama=old, sandi=new, sandi_ulang=again)
        assert answer.status_code == status
    assert token_of(client) not in {"", token}
    assert "Sandi Anda sudah diganti." in client.get("/akun").text
    assert is_in(client)
    assert not is_in(other)
    assert log_in(site, send, "siti-aminah")[1].status_code == 403
    assert log_in(site, send, "siti-aminah", OTHER)[1].status_code == 303


def test_what_was_done_with_an_account_is_told_once(
    room: "Room", site: Flask, send: Send, enter: Browse, accounts: Accounts
) -> None:
    client = enter("siti-aminah")
    accounts.invite("siti-aminah", room.now, "Admin <b> mengundang Anda.", record=lambda: None)
    client, _ = log_in(site, send, "siti-aminah")
    assert "Admin &lt;b&gt; mengundang Anda." in client.get("/akun").text
    assert "mengundang" not in client.get("/akun").text


def test_sessions_are_shown_and_the_others_ended(site: Flask, send: Send, enter: Browse) -> None:
    first = enter("siti-aminah")
    second, _ = log_in(site, send, "siti-aminah")
    page = second.get("/akun").text
    assert (page.count("Sesi ini:"), page.count("Sesi lain:")) == (1, 1)
    assert send(second, "/akun", to="/akun/sesi").location == "/akun"
    assert is_in(second)
    assert not is_in(first)


def test_a_calendar_link_is_shown_once_and_the_one_before_works_no_more(
    site: Flask, send: Send, enter: Browse, accounts: Accounts
) -> None:
    client, program = enter("siti-aminah"), site.test_client()
    links = []
    for _ in range(2):
        found = re.search(r"<code>(\S+)</code>", send(client, "/akun", to="/akun/kalender").text)
        assert found
        links.append(found[1])
    assert links[1] not in client.get("/akun").text
    feed = program.get(links[1])
    assert (feed.status_code, feed.content_type) == (200, "text/calendar; charset=utf-8")
    assert feed.text.startswith("BEGIN:VCALENDAR")
    assert "Set-Cookie" not in feed.headers
    for dead in (links[0], "/kalender/.ics", "/kalender/tidak-ada.ics"):
        assert program.get(dead).status_code in {303, 404}
    accounts.disable("siti-aminah", record=lambda: None)
    assert program.get(links[1]).status_code == 404


def test_a_calendar_link_begins_with_the_address_of_the_office_and_never_with_that_of_the_request(
    room: "Room", send: Send, enter: Browse
) -> None:
    room.say("web: {url: 'https://sop.contoh.go.id/'}")
    client = enter("siti-aminah")
    client.environ_base["HTTP_HOST"] = "evil.example"
    page = send(client, "/akun", to="/akun/kalender").text
    assert "https://sop.contoh.go.id/kalender/" in page
    assert "evil" not in page


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_are_for_our_own_forms_only(room: "Room", send: Send, enter: Browse, *, secure: bool) -> None:
    enter("siti-aminah")
    client = serving(room, secure=secure).test_client()
    client.environ_base["wsgi.url_scheme"] = "https" if secure else "http"
    cookies = client.get("/masuk").headers.getlist("Set-Cookie")
    cookies += send(client, "/masuk", nama="siti-aminah", sandi=PASSWORD).headers.getlist("Set-Cookie")
    assert len(cookies) > 2
    for cookie in cookies:
        assert cookie.startswith("__Host-sopctl-" if secure else "sopctl-")
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert ("Secure" in cookie.split("; ")) == secure
        assert "Domain" not in cookie


def test_the_name_of_a_proxy_counts_only_where_it_is_trusted(site: Flask) -> None:
    client = site.test_client()
    assert client.get("/akun", headers={"Remote-User": "siti-aminah"}).status_code == 303


@pytest.mark.parametrize("name", ["siti-aminah", "198001012005012001", "SITI-AMINAH"])
def test_a_trusted_proxy_logs_an_official_in_by_account_or_nip(browse: Browse, name: str) -> None:
    assert "Siti Aminah" in browse(name).get("/akun").text
    assert "proksi" in browse(name).get("/masuk").text


@pytest.mark.parametrize("name", ["siti", "Siti Aminah", "tidak-ada", "root", "page:", "<b>"])
def test_whom_the_proxy_names_and_the_office_does_not_know_is_nobody(browse: Browse, name: str) -> None:
    client = browse(name)
    assert client.get("/akun").status_code == 303
    page = client.get("/masuk").text
    assert "tidak ada pejabat" in page
    assert "<b>" not in page


def test_whom_the_proxy_names_is_shut_out_by_disabling_the_account(
    enter: Browse, browse: Browse, accounts: Accounts
) -> None:
    enter("siti-aminah")
    assert is_in(browse("siti-aminah"))
    accounts.disable("siti-aminah", record=lambda: None)
    assert not is_in(browse("siti-aminah"))


def test_whom_the_proxy_names_without_an_account_is_told_what_the_calendar_wants(browse: Browse, send: Send) -> None:
    page = send(browse("siti-aminah"), "/akun", to="/akun/kalender")
    assert page.status_code == 200
    assert "diundang dahulu" in page.text


def test_an_address_that_a_client_claims_counts_only_behind_a_proxy(
    room: "Room", site: Flask, send: Send, enter: Browse
) -> None:
    enter("siti-aminah")
    for app, ends in ((site, 429), (serving(room, secure=True), 403)):
        statuses = []
        for number in range(7):
            client = app.test_client()
            client.environ_base["wsgi.url_scheme"] = "https" if ends == 403 else "http"
            client.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
            statuses.append(send(client, "/masuk", nama="siti-aminah", sandi=OTHER).status_code)
        assert statuses[-1] == ends
        room.now += timedelta(hours=2)


def test_an_account_file_that_is_damaged_is_a_sentence_on_every_page(room: "Room", enter: Browse) -> None:
    client = enter("siti-aminah")
    (room.root / "accounts" / "accounts.sqlite3").write_bytes(b"bukan basis data" * 99)
    for path in ("/", "/akun", "/masuk"):
        page = client.get(path)
        assert page.status_code in {200, 500}
        assert str(room.root) not in page.text
        assert "Traceback" not in page.text


def test_a_stranger_sends_no_more_than_a_form_holds(site: Flask) -> None:
    client = site.test_client()
    client.get("/masuk")
    for path in ("/masuk", "/undangan/1"):
        for sent in ({"nama": "a" * 70_000}, {"nama": (BytesIO(b"a" * 70_000), "a.txt")}):
            assert client.post(path, data=sent).status_code == 413, path


def test_an_address_too_long_to_be_kept_leads_to_the_log_in_all_the_same(site: Flask) -> None:
    answer = site.test_client().get(f"/cari?q={'ä' * 3000}")
    assert (answer.status_code, answer.location) == (303, "/masuk")
    assert "tujuan" not in str(answer.headers)


def test_a_form_without_files_is_read_to_a_limit_of_its_own(enter: Browse) -> None:
    client = enter("siti-aminah")
    assert client.post("/akun/sesi", data={"csrf": "a" * 4_000_000}).status_code == 413
