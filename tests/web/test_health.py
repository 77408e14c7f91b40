"""The page is there."""

from collections.abc import Callable

from flask.testing import FlaskClient


def test_whoever_watches_over_the_page_needs_no_account(browse: Callable[[str], FlaskClient]) -> None:
    answer = browse("").get("/sehat")
    assert (answer.status_code, answer.get_json()) == (200, {"ok": True})
