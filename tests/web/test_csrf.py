"""Every form must be our own, on every route that takes one; a test walks them all, so that no new one is left out."""

import re
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sopctl.web.app import OPEN
from tests.web.conftest import PASSWORD, Browse, Send

if TYPE_CHECKING:
    from tests.conftest import Room


@pytest.fixture(autouse=True)
def _officials(room: "Room") -> None:
    room.say("officials:\n  - {nama: Siti Aminah, pelaksana: [kabid]}\n  - {nama: Budi Santoso, pelaksana: [kadis]}")


def paths(site: Flask, method: str, *, but: frozenset[str] = frozenset()) -> list[str]:
    """An address of each route that takes the method."""
    rules = [rule for rule in site.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint not in but]
    return [re.sub(r"<[^>]*>", "1", rule.rule) for rule in rules]


def token_of(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]*)"', client.get(page).text)
    assert found
    return found[1]


def test_a_stranger_is_led_to_the_log_in_by_every_route_that_is_not_open(site: Flask) -> None:
    walked = [(method, path) for method in ("GET", "POST") for path in paths(site, method, but=OPEN)]
    assert len(walked) > 8
    for method, path in walked:
        answer = site.test_client().open(path, method=method)
        assert (path, answer.status_code, answer.location) == (path, 303, "/masuk")


def test_no_route_takes_a_form_that_is_not_ours(room: "Room", site: Flask, enter: Browse) -> None:
    client, other = enter("siti-aminah"), enter("budi-santoso")
    before = room.record()
    forged = ["", "0" * 64, token_of(other, "/akun"), token_of(site.test_client(), "/masuk"), "\xff"]
    walked = paths(site, "POST")
    assert {"/masuk", "/keluar", "/sandi", "/undangan/1", "/akun/sesi"} <= set(walked)
    for path in walked:
        for token in forged:
            assert client.post(path, data={"csrf": token}).status_code == 400, path
        assert client.post(path).status_code == 400, path
        assert client.post(f"{path}?csrf={token_of(client, '/akun')}").status_code == 400, path
    assert client.get("/akun").status_code == 200
    assert room.record() == before


def test_a_stranger_needs_the_cookie_that_came_with_the_form(site: Flask, enter: Browse) -> None:
    enter("siti-aminah")
    form = {"nama": "siti-aminah", "sandi": PASSWORD}
    token = token_of(site.test_client(), "/masuk")
    other = site.test_client()
    assert other.post("/masuk", data={**form, "csrf": token}).status_code == 400
    token_of(other, "/masuk")
    assert other.post("/masuk", data={**form, "csrf": token}).status_code == 400
    assert other.post("/masuk", data={**form, "csrf": token_of(other, "/masuk")}).status_code == 303


def test_a_token_ends_with_its_log_in(send: Send, enter: Browse) -> None:
    client = enter("siti-aminah")
    old = token_of(client, "/akun")
    send(client, "/masuk", nama="siti-aminah", sandi=PASSWORD)
    assert client.post("/akun/sesi", data={"csrf": old}).status_code == 400


def test_what_the_proxy_says_is_not_enough_for_a_form(browse: Browse) -> None:
    client = browse("siti-aminah")
    assert client.post("/akun/sesi").status_code == 400
    token = token_of(browse("budi-santoso"), "/akun")
    assert client.post("/akun/sesi", data={"csrf": token}).status_code == 400
    assert client.post("/akun/sesi", data={"csrf": token_of(client, "/akun")}).status_code == 303


def test_strangers_open_no_files(site: Flask) -> None:
    """Each file of a form is an open one: a thousand of them fit into the little that a stranger may send."""
    client = site.test_client()
    token = token_of(client, "/masuk")
    parts = "".join("--b\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n\r\n" for _ in range(900))
    sent = f"{parts}--b\r\nContent-Disposition: form-data; name=csrf\r\n\r\n{token}\r\n--b--\r\n"
    assert client.post("/masuk", data=sent, content_type="multipart/form-data; boundary=b").status_code == 413


@pytest.mark.parametrize(
    ("files", "texts", "length", "status"),
    [(101, 0, 1, 413), (0, 5, 1_000_000, 413), (1, 1, 3_900_000, 404), (100, 100, 30_000, 404)],
)
def test_a_form_with_many_files_or_with_long_texts_together_is_refused(
    enter: Browse, files: int, texts: int, length: int, status: int
) -> None:
    client = enter("siti-aminah")
    sent = [("csrf", token_of(client, "/akun")), *(("catatan", "a" * length) for _ in range(texts))]
    sent += [("lampiran; filename=a.txt", "a" * length) for _ in range(files)]
    parts = "".join(f"--b\r\nContent-Disposition: form-data; name={name}\r\n\r\n{text}\r\n" for name, text in sent)
    answer = client.post(
        "/berkas/x/lampirkan", input_stream=BytesIO(f"{parts}--b--\r\n".encode()),
        content_length=len(parts) + 7, content_type="multipart/form-data; boundary=b",
    )  # fmt: skip
    assert answer.status_code == status


def test_a_form_without_files_holds_no_more_texts_than_one_with_files(enter: Browse) -> None:
    client = enter("siti-aminah")
    sent = {"csrf": token_of(client, "/akun"), "a": ["" for _ in range(5_000)]}
    assert client.post("/akun/sesi", data=sent).status_code == 413
