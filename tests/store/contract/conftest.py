"""A record of each kind of store, one after the other."""

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
def store(kept: Kept) -> RecordStore:
    """Its store."""
    return kept.open()
