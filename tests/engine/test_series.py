"""A series says what a tuple would say, whoever else goes on from where it ends, and shares what it has in common."""

import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.engine.events import Approved, Rejected, Started
from sopctl.engine.fold import states_after_each
from sopctl.engine.series import Series
from sopctl.sop.model import Sop

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim, kabid: Kepala Bidang}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, branches: {sesuai: end, belum sesuai: susun}}
"""

CHANGES = st.lists(st.tuples(st.integers(0, 99), st.booleans(), st.lists(st.integers(), min_size=1, max_size=3)))


@given(changes=CHANGES)
def test_a_series_is_what_the_tuple_would_be(changes: list[tuple[int, bool, list[int]]]) -> None:
    made: list[tuple[Series[int], tuple[int, ...]]] = [(Series(), ())]
    for of, adds, items in changes:
        series, plain = made[of % len(made)]
        if adds or not plain:
            made.append((series.extend(items), (*plain, *items)))
        else:
            made.append((series.replace_last(items[0]), (*plain[:-1], items[0])))
    for series, plain in made:
        assert (tuple(series), len(series), tuple(reversed(series))) == (plain, len(plain), plain[::-1])
        assert [series[place] for place in range(-len(plain), len(plain))] == [*plain, *plain]
        assert (series[1:-1], series) == (plain[1:-1], Series[int]().extend(plain))
        for place in (len(plain), -len(plain) - 1):
            with pytest.raises(IndexError):
                series[place]


def test_all_states_of_a_case_together_grow_with_it_and_not_with_its_square(sop: Sop) -> None:
    assert bytes_of_states(sop, 800) < 2.5 * bytes_of_states(sop, 400)


def bytes_of_states(sop: Sop, rejections: int) -> int:
    at = datetime(2026, 11, 24, 3, tzinfo=UTC)
    sent = Approved(at=at, recorded_at=at, by="akun", for_="tim", step="susun", to="periksa")
    back = Rejected(at=at, recorded_at=at, by="akun", for_="kabid", step="periksa", label="belum sesuai", to="susun")
    events = (Started(at=at, recorded_at=at, by="akun", step="susun"), *(sent, back) * rejections)
    tracemalloc.start()
    try:
        kept = list(states_after_each(sop, events))
        assert len(kept) == len(events)
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
