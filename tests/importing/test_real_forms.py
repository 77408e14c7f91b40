"""Forms that offices use come back as SOPs that say what stands on them."""

from functools import cache

import pytest

from tests.importing.conftest import FORMS, NAMES, find_wrong, fold, read, truth_of

read_once = cache(read)


@pytest.mark.parametrize("name", NAMES)
def test_a_real_form_is_read_whole(name: str) -> None:
    truth = truth_of(name)
    (sop,) = read_once(FORMS / truth["source"])
    assert list(find_wrong(sop, truth)) == []
    assert [fold(one) for one in sop.draft.pelaksana] == [fold(one) for one in truth["pelaksana"]]
    assert fold(sop.draft.nama).removeprefix("sop").removeprefix("standaroperasionalprosedur") in fold(truth["title"])
    if "number" in truth:
        assert dict(sop.draft.identitas)["nomor"] == truth["number"]


def test_few_rows_that_are_right_are_marked() -> None:
    rows = [row for name in NAMES for sop in read_once(FORMS / truth_of(name)["source"]) for row in sop.draft.rows]
    assert sum(bool(row.marks) for row in rows) <= len(rows) * 0.15
