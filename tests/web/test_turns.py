"""The list of what waits, which the page asks for again by itself."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import Browse

if TYPE_CHECKING:
    from tests.conftest import Room


@pytest.fixture(autouse=True)
def _officials(room: "Room") -> None:
    room.say("officials:\n  - {nama: Siti Aminah, pelaksana: [kadis]}")


def state_of(text: str) -> str:
    found = re.search(r'data-keadaan="([^"]+)"', text)
    assert found
    return found[1]


def ask(client: FlaskClient, state: str) -> tuple[int, str]:
    answer = client.get("/giliran", query_string={"keadaan": state})
    return answer.status_code, answer.text


def test_nothing_is_answered_until_the_record_changes_or_a_minute_is_over(room: "Room", browse: Browse) -> None:
    client = browse("siti-aminah")
    state = state_of(client.get("/").text)
    assert ask(client, state) == (204, "")
    room.start("sk-tim", "Baru saja")
    code, text = ask(client, state)
    assert code == 200
    assert "Baru saja" in text
    assert "<html" not in text
    assert ask(client, state_of(text)) == (204, "")
    room.now += timedelta(minutes=1)
    assert ask(client, state_of(text))[0] == 200


def test_a_page_that_asks_by_itself_keeps_no_session(room: "Room", enter: Browse) -> None:
    client = enter("siti-aminah")
    for _ in range(2):
        room.now += timedelta(minutes=14)
        assert ask(client, "")[0] == 200
    room.now += timedelta(minutes=3)
    answer = client.get("/giliran")
    assert (answer.status_code, answer.location) == (303, "/masuk")
