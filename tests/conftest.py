"""What tests of several rooms need: the office's clock, an SOP from a test's docstring, a workspace of the office."""

import shutil
from collections.abc import Callable
from datetime import datetime
from inspect import cleandoc
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sopctl.desk import setup
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop

PONTIANAK = ZoneInfo("Asia/Pontianak")


@pytest.fixture
def when() -> Callable[[str], datetime]:
    """The clock of the office: `when("2026-11-24 10:00")`."""

    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=PONTIANAK)

    return moment


@pytest.fixture
def sop(request: pytest.FixtureRequest) -> Sop:
    """The SOP that stands as YAML in the test's docstring, else the `FORM` of its module; a table may give others."""
    text = cleandoc(getattr(request, "param", "") or request.function.__doc__ or request.module.FORM)
    read, problems = read_sop(text.encode(), "sops/uji.yaml")
    assert read is not None, [str(problem) for problem in problems]
    return read


@pytest.fixture(scope="session")
def _seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("seed") / "kantor"
    setup.init(root)
    return root


@pytest.fixture
def workspace(_seed: Path, tmp_path: Path) -> Path:
    """A workspace of its own with the office's `sopctl.yaml`, SOPs and templates, as `init` makes it."""
    return shutil.copytree(_seed, tmp_path / "kantor")
