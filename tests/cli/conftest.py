"""The command line as a user meets it: a workspace of the office, a clock that stands where a test puts it."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner, Result

from sopctl.cli import session
from sopctl.cli.app import full

PONTIANAK = ZoneInfo("Asia/Pontianak")


class Office:
    """A workspace and the commands that are typed in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=PONTIANAK)
        self._runner = CliRunner()
        self._app = full()

    def type(self, *words: str, stdin: str | None = None) -> Result:
        """Run one command; whatever it raises is the test's own failure."""
        result = self._runner.invoke(self._app, list(words), input=stdin, catch_exceptions=False)
        self.now += timedelta(minutes=1)
        return result

    def ok(self, *words: str) -> str:
        """Run one command that must succeed; what it printed."""
        result = self.type(*words)
        assert result.exit_code == 0, result.output
        return result.stdout

    def json(self, *words: str) -> Any:  # noqa: ANN401 — the shape is what tests look at
        """Run one command with `--json` that must succeed; the value it printed."""
        return json.loads(self.ok(*words, "--json"))

    def refused(self, code: int, *words: str) -> Any:  # noqa: ANN401 — the shape is what tests look at
        """Run one command with `--json` that must end with this exit code; its error."""
        result = self.type(*words, "--json")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)["error"]


def run_here(root: Path, *words: str) -> Any:  # noqa: ANN401 — the shape is what tests look at
    """What a command prints as JSON that runs in the process of the tests, by the real clock."""
    done = CliRunner().invoke(full(), [*words, "--json", "--workspace", str(root)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def office(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office(workspace)
    monkeypatch.chdir(office.root)
    monkeypatch.delenv("SOPCTL_WORKSPACE", raising=False)
    monkeypatch.setattr(session, "clock", lambda: office.now)
    return office


Work = Callable[[Office], object]
DoneOnce = Callable[[Work], Office]


@pytest.fixture(scope="session")
def worked() -> dict[Work, Office]:
    """Copies of the offices in which something was done, by what it was."""
    return {}


@pytest.fixture
def done_once(office: Office, worked: dict[Work, Office], tmp_path_factory: pytest.TempPathFactory) -> DoneOnce:
    """The test's office after some work: the first test that asks for it does it, the others get a copy."""

    def bring(work: Work) -> Office:
        if work in worked:
            shutil.copytree(worked[work].root, office.root, dirs_exist_ok=True)
            office.now = worked[work].now
        else:
            work(office)
            worked[work] = Office(shutil.copytree(office.root, tmp_path_factory.mktemp("worked") / "kantor"))
            worked[work].now = office.now
        return office

    return bring
