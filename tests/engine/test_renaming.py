"""Steps under new ids: a renaming and nothing else, when it is asked for and when it stands in a record."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sopctl.engine.events import Migrated
from sopctl.engine.renaming import refuse_renaming
from sopctl.engine.replay import find_impossible_event

if TYPE_CHECKING:
    from tests.engine.conftest import Walk

HEAD = "id: uji\nnama: Uji\npelaksana: {a: A}\nsteps:\n"


def form(*ids: str) -> str:
    return HEAD + "".join(f"  - {{id: {id}, kegiatan: Mengerjakan {id}, pelaksana: a}}\n" for id in ids)


OLD = form("susun", "periksa", "tandatangan", "akhir")


@pytest.mark.parametrize(
    ("new", "steps", "why"),
    [
        pytest.param(("susun", "teliti", "tandatangan", "akhir"), {"periksa": "teliti"}, "", id="a renaming"),
        pytest.param(("tulis", "teliti", "akhir"), {"susun": "tulis", "periksa": "teliti"}, "", id="two of them"),
        pytest.param(("susun", "periksa", "akhir"), {"susun": "periksa"}, "susun masih ada", id="past a step"),
        pytest.param(("susun", "akhir"), {"periksa": "akhir"}, "akhir sudah ada pada versi lama", id="onto another"),
        pytest.param(("baru", "akhir"), {"susun": "baru", "periksa": "baru"}, "lebih dari satu", id="two onto one"),
    ],
)
def test_only_a_renaming_is_one(
    read: "Callable[[str], Walk]", new: tuple[str, ...], steps: dict[str, str], why: str
) -> None:
    old, there = read(OLD), read(form(*new)).sop
    refused = refuse_renaming(old.sop, there, steps)
    assert (refused is None) == (not why)
    migrated = Migrated(**old.request().event_fields(), before="versi", version="baru", steps=steps)
    events = (*old.case.instance.events, migrated.chained(2, "x"))
    found = find_impossible_event("versi", events, lambda version: there if version == "baru" else old.sop)
    assert (found is None) == (not why)
    for told in (refused.message if refused else "", found.why if found else ""):
        assert why in told
