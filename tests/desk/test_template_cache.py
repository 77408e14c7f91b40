"""Compiled templates in the cache: taken where they fit and are the account's own, read anew else, never needed."""

from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import msgspec
import pytest
from docx import Document

from sopctl.letters.template_cache import CachedTemplate, TemplateCache
from sopctl.store.caches.account_cache import CHECKSUM, Cache, account_folder

if TYPE_CHECKING:
    from tests.conftest import Room

NAME = "disposisi.docx"


def shelves(room: "Room") -> Path:
    return room.root / "data" / "cache" / account_folder()


def shelf(kept: Path) -> TemplateCache:
    return TemplateCache(Cache(kept.parents[2]))


@pytest.fixture
def kept(room: "Room") -> Path:
    """The cached template of a disposisi."""
    (room.root / "data").mkdir()
    room.session().renderer.load_compiled(NAME)
    (path,) = shelves(room).glob("disposisi.*")
    return path


def read_kept(path: Path) -> CachedTemplate:
    return msgspec.msgpack.decode(path.read_bytes()[:-CHECKSUM], type=CachedTemplate)


def write_kept(path: Path, template: CachedTemplate) -> None:
    data = msgspec.msgpack.encode(template)
    path.write_bytes(data + crc32(data).to_bytes(CHECKSUM, "little"))


def test_a_template_is_kept_as_it_was_read(room: "Room", kept: Path) -> None:
    found = shelf(kept).get(NAME)
    assert found is not None
    assert found == room.session().renderer.load_compiled(NAME)


@pytest.mark.parametrize(
    "data",
    [pytest.param(b"", id="empty"), pytest.param(b"\xc1" * 40, id="rubbish"), pytest.param(None, id="gone")],
)
def test_a_cache_that_is_spoilt_is_no_cache(room: "Room", kept: Path, data: bytes | None) -> None:
    if data is None:
        kept.unlink()
    else:
        kept.write_bytes(data)
    assert shelf(kept).get(NAME) is None
    assert room.session().renderer.load_compiled(NAME).name == NAME


def test_what_another_edition_compiled_is_not_taken(kept: Path) -> None:
    found = read_kept(kept)
    write_kept(kept, CachedTemplate(found.edition - 1, found.compiled))
    assert shelf(kept).get(NAME) is None


def test_a_letter_is_not_written_from_what_somebody_else_put_into_the_cache(room: "Room") -> None:
    id = room.letter()
    path = shelves(room) / "surat-tugas.templat"
    forged = read_kept(path)
    for part in forged.compiled.parts:
        part.sources.update({name: text.replace("SURAT TUGAS", "SURAT PALSU") for name, text in part.sources.items()})
    write_kept(path, forged)
    path.chmod(0o666)
    written = room.approve(id).documents[0]
    texts = [paragraph.text for paragraph in Document(str(room.root / written.path)).paragraphs]
    assert "SURAT TUGAS" in texts
