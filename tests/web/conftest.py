"""The page of an office, asked as a browser asks."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from sopctl.store.workspace import Workspace
from sopctl.web.app import create_app
from sopctl.web.settings import WebSettings

if TYPE_CHECKING:
    from tests.conftest import Room

PASSWORD = "kuda baterai staples 92"  # noqa: S105 — of nobody

Browse = Callable[[str], FlaskClient]


class CompiledPages(BytecodeCache):
    """The templates of the pages, compiled once for all tests; jinja2 looks whether the text is still the same."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


COMPILED = CompiledPages()


class Send(Protocol):
    """Fill in the form of a page and send it to the same address, or to ``to``."""

    def __call__(self, client: FlaskClient, page: str, *, to: str = "", **fields: str) -> TestResponse: ...


def serving(room: "Room", *, remote_user: bool = False, secure: bool = False) -> Flask:
    """The page of an office, by the clock of its room."""
    settings = WebSettings(
        workspace=Workspace(room.root),
        key=b"k" * 32,
        clock=lambda: room.now,
        secure=secure,
        behind_proxy=remote_user or secure,
        remote_user=remote_user,
    )
    app = create_app(settings)
    app.jinja_env.bytecode_cache = COMPILED
    return app


@pytest.fixture
def browse(room: "Room") -> Browse:
    """A browser of whoever has the page account (`siti-aminah`), logged in by the proxy; of a stranger for none."""
    app = serving(room, remote_user=True)

    def open_browser(account: str) -> FlaskClient:
        client = app.test_client()
        if account:
            client.environ_base["HTTP_REMOTE_USER"] = account
        return client

    return open_browser


@pytest.fixture
def site(room: "Room", light_passwords: None) -> Flask:  # noqa: ARG001 — is in force
    """The page on which everybody logs in by a password."""
    return serving(room)


@pytest.fixture
def send() -> Send:
    """Fill in a form as a browser does, the hidden token with it."""

    def fill_in(client: FlaskClient, page: str, *, to: str = "", **fields: str) -> TestResponse:
        hidden = re.search(r'name="csrf" value="([^"]*)"', client.get(page).text)
        assert hidden, page
        return client.post(to or page, data={"csrf": hidden[1], **fields})

    return fill_in


@pytest.fixture
def invite(room: "Room") -> Callable[[str], str]:
    """Invite an official by page account; the path of the link."""

    def make_link(account: str) -> str:
        accounts = WebSettings(workspace=Workspace(room.root), key=b"", clock=lambda: room.now).accounts
        return f"/undangan/{accounts.invite(account, room.now, record=lambda: None)}"

    return make_link


@pytest.fixture
def enter(site: Flask, send: Send, invite: Callable[[str], str]) -> Browse:
    """A browser of an official who was invited, chose `PASSWORD` and is logged in by that."""

    def open_browser(account: str) -> FlaskClient:
        client = site.test_client()
        answer = send(client, invite(account), sandi=PASSWORD, sandi_ulang=PASSWORD)
        assert (answer.status_code, answer.location) == (303, "/")
        return client

    return open_browser
