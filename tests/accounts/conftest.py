"""The accounts of a page in a folder of their own, and what a person does with them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sopctl.accounts.accounts import Accounts

PASSWORD = "tujuh perahu biru"  # noqa: S105 — of nobody
ADDRESS = "10.0.0.7"


class Desk:
    """Accounts with a clock that is set by hand; ``acts`` are those that were recorded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.accounts = Accounts(folder)
        self.now = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
        self.acts: list[str] = []

    @property
    def file(self) -> Path:
        return self.folder / "accounts.sqlite3"

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def invite(self, account: str, notice: str = "") -> str:
        return self.accounts.invite(account, self.now, notice, record=lambda: self.acts.append(account))

    def reset(self, account: str) -> str:
        return self.accounts.reset(account, self.now, record=lambda: self.acts.append(account))

    def disable(self, account: str) -> None:
        self.accounts.disable(account, record=lambda: self.acts.append(account))

    def join(self, account: str, password: str = PASSWORD) -> str:
        """An account with a password; the token of its first session."""
        assert self.accounts.redeem(self.invite(account), password, self.now) == account
        token = self.try_password(account, password)
        assert isinstance(token, str)
        return token

    def try_password(self, name: str, password: str = PASSWORD, address: str = ADDRESS) -> object:
        return self.accounts.log_in(name, password, address, self.now)

    def who(self, token: str) -> str:
        found = self.accounts.find_session(token, self.now)
        return found.account if found else ""


@pytest.fixture
def desk(tmp_path: Path, light_passwords: None) -> Desk:  # noqa: ARG001 — is in force
    return Desk(tmp_path / "accounts")
