"""A record of each kind of store, one after the other."""

import shutil
from pathlib import Path

import pytest

from sopctl.store.protocol import RecordStore
from tests.store.contract.acts import Kept
from tests.store.contract.stores import KeptInFiles, KeptInMemory

KINDS = "files", "memory"


@pytest.fixture(params=KINDS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    """An empty record."""
    return KeptInFiles(tmp_path) if request.param == "files" else KeptInMemory(tmp_path)


@pytest.fixture
def seed_into(kept: Kept, seed: Path) -> None:
    """Lay the office of the seeds into the folder of the record."""
    shutil.copytree(seed, kept.workspace.root, dirs_exist_ok=True)


@pytest.fixture
def store(kept: Kept) -> RecordStore:
    """Its store."""
    return kept.open()
