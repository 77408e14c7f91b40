"""Compiled templates in the cache: taken where they fit, read anew where they do not, never needed."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from sopctl.desk.shelf import CacheShelf, Kept

if TYPE_CHECKING:
    from tests.conftest import Room

NAME = "disposisi.docx"


@pytest.fixture
def kept(room: "Room") -> Path:
    """The cached template of a disposisi."""
    room.desk().renderer.compiled(NAME)
    (path,) = (room.root / "data" / "cache").glob("disposisi.*")
    return path


def test_a_template_is_kept_as_it_was_read(room: "Room", kept: Path) -> None:
    found = CacheShelf(kept.parent).get(NAME)
    assert found == room.desk().renderer.compiled(NAME)


@pytest.mark.parametrize(
    "data",
    [pytest.param(b"", id="empty"), pytest.param(b"\xc1" * 40, id="rubbish"), pytest.param(None, id="gone")],
)
def test_a_cache_that_is_spoilt_is_no_cache(room: "Room", kept: Path, data: bytes | None) -> None:
    if data is None:
        kept.unlink()
    else:
        kept.write_bytes(data)
    assert CacheShelf(kept.parent).get(NAME) is None
    assert room.desk().renderer.compiled(NAME).name == NAME


def test_what_another_edition_compiled_is_not_taken(kept: Path) -> None:
    found = msgspec.msgpack.decode(kept.read_bytes(), type=Kept)
    kept.write_bytes(msgspec.msgpack.encode(Kept(found.edition - 1, found.compiled)))
    assert CacheShelf(kept.parent).get(NAME) is None
