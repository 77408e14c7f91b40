"""What a move does hardly depends on how often its case was sent back: calls are counted, no clock is looked at."""

from collections.abc import Callable
from typing import Any

import pytest

from sopctl.errors import DamagedError
from sopctl.store.files import cases

Room = Any  # the class stands in a conftest

FORM = """
id: bolak
nama: Bolak-balik
pelaksana: {tim: Tim, kabid: Kepala Bidang}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, output: Konsep}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, branches: {sesuai: end, belum sesuai: susun}}
"""
REJECTIONS = 100


@pytest.fixture
def old(room: Room) -> Room:
    """A case that was sent back many times; it waits for the next rejection."""
    room.write(FORM)
    opened(room)
    for _ in range(REJECTIONS):
        round_of(room, "bolak-1")
    return room


def opened(room: Room) -> str:
    id: str = room.start("bolak").id
    room.approve(id)
    return id


def round_of(room: Room, id: str) -> None:
    room.reject(id)
    room.approve(id)


def test_a_round_of_an_old_case_takes_hardly_more_than_its_first(
    old: Room, count_calls: Callable[[Callable[[], object]], int]
) -> None:
    young = opened(old)
    first = count_calls(lambda: round_of(old, young))
    assert count_calls(lambda: round_of(old, "bolak-1")) < 1.3 * first


def test_what_was_altered_between_two_moves_is_found(old: Room) -> None:
    path = cases.path_of(old.root / "data" / "instances", "bolak-1")
    path.write_bytes(path.read_bytes().replace(b"belum sesuai", b"tidak sesuai", 1))
    with pytest.raises(DamagedError, match="diubah di luar sopctl"):
        old.reject("bolak-1")
