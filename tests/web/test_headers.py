"""What goes with every answer, and what a request cannot bend."""

from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import Browse

if TYPE_CHECKING:
    from tests.conftest import Room

OFFICIALS = "officials:\n  - {nama: Siti Aminah, pelaksana: [kabid]}"
EVERYWHERE = ("/sehat", "/", "/tidak-ada", "/static/style.css", "/static/../app.py", "//sehat")


@pytest.fixture(autouse=True)
def _officials(room: "Room") -> None:
    room.say(OFFICIALS)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_shuts_others_out(browse: Browse, path: str) -> None:
    headers = browse("siti-aminah").get(path, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/sehat/", "//sehat", "//evil.example/%2e%2e", "/static//style.css"])
def test_no_redirect_goes_where_the_host_header_says(browse: Browse, path: str) -> None:
    answer = browse("siti-aminah").get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert "evil" not in answer.headers.get("Location", "")
    assert b"evil.example" not in answer.data


@pytest.mark.parametrize(
    "path", ["/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2fsettings.py", "/static//etc/passwd"]
)
def test_static_files_are_all_that_lies_there(browse: Browse, path: str) -> None:
    assert browse("siti-aminah").get(path).status_code == 404


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "DELETE", "PROPFIND"])
def test_other_methods_do_nothing_and_echo_nothing(browse: Browse, method: str) -> None:
    client: FlaskClient = browse("siti-aminah")
    answer = client.open("/sehat", method=method, headers={"X-Gema": "rahasia"})
    assert answer.status_code == 405
    assert b"rahasia" not in answer.data


def test_a_page_is_not_kept_and_a_style_sheet_is(browse: Browse) -> None:
    assert browse("").get("/sehat").headers["Cache-Control"] == "no-store"
    assert "max-age=3600" in browse("").get("/static/style.css", buffered=True).headers["Cache-Control"]
