"""How the page is served: which office, by which clock, and what is known of the way to it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from sopctl.accounts.accounts import Accounts
from sopctl.store.workspace import Workspace


class WebSettings(Struct, frozen=True, kw_only=True):
    """What `serve` was told.

    ``key`` are the secret bytes that sign what a browser sends back, ``clock`` gives the present moment with a zone.
    Where ``secure``, browsers reach the page by TLS only. ``behind_proxy`` trusts one proxy's `X-Forwarded-` headers.
    ``remote_user`` takes a log-in over from the header `Remote-User` of that proxy.
    """

    workspace: Workspace
    key: bytes
    clock: Callable[[], datetime]
    secure: bool = False
    behind_proxy: bool = False
    remote_user: bool = False

    @property
    def accounts(self) -> Accounts:
        """Who may log in, and who is."""
        return Accounts(self.workspace.accounts)

    @property
    def root(self) -> Path:
        """The folder of the office."""
        return self.workspace.root
