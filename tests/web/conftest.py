"""The page of an office, asked as a browser asks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from sopctl.store.workspace import Workspace
from sopctl.web.app import create_app
from sopctl.web.settings import WebSettings

if TYPE_CHECKING:
    from tests.conftest import Room

Browse = Callable[[str], FlaskClient]


@pytest.fixture
def browse(room: "Room") -> Browse:
    """A browser of whoever has the page account (`siti-aminah`), logged in by the proxy; of a stranger for none."""
    settings = WebSettings(
        workspace=Workspace(room.root), key=b"k" * 32, clock=lambda: room.now, behind_proxy=True, remote_user=True
    )
    app = create_app(settings)

    def open_browser(account: str) -> FlaskClient:
        client = app.test_client()
        if account:
            client.environ_base["HTTP_REMOTE_USER"] = account
        return client

    return open_browser
