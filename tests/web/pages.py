"""A browser on one page: what it posts carries the hidden inputs of the page that it saw."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Page:
    """A browser on a page at ``address``."""

    def __init__(self, client: FlaskClient, address: str) -> None:
        self.client, self.address = client, address
        self.text = self.look()

    def look(self) -> str:
        """The page as it is now."""
        answer = self.client.get(self.address)
        assert answer.status_code == 200, answer.text
        self.text = answer.text
        return answer.text

    def hidden(self, name: str) -> str:
        """The value of a hidden input, empty where there is none."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        return found[1] if found else ""

    def post(self, verb: str = "", **data: object) -> TestResponse:
        """Send a form."""
        sent = {name: self.hidden(name) for name in ("csrf", "revisi", "sesudah") if self.hidden(name)} | data
        return self.client.post(f"{self.address}/{verb}".rstrip("/"), data=sent)
