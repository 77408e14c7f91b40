"""The limit on the work of drawing: more than a real form needs many times over, and an end for what no form is."""

from collections.abc import Callable
from hashlib import sha256

import pytest

from sopctl.errors import WrongError
from sopctl.form import routed_pages, search_limit
from sopctl.form.layout import lay_out_flowchart
from sopctl.form.search_limit import MOST, PLENTY, SearchLimit
from sopctl.form.terminal import draw_flow
from sopctl.problems import Source
from sopctl.sop.model import Branch, Sop, Step

PART = 10
"""What part of the steps is given to the flows that no form is: the work is bounded in proportion to them."""
LIMITS = 3
"""How many limits are spent until what has no line is told in words."""
CALLS_PER_STEP = 20
"""Functions that are called at most for each step that is counted."""


def rows(count: int, columns: int, exits: Callable[[int], list[int]], *, each: int = 1) -> Sop:
    """An SOP of so many rows, each passing along ``each`` columns; ``exits`` names the rows that a row leads to."""
    keys = [f"p{column}" for column in range(columns)]
    steps = []
    for row in range(count):
        own = tuple(keys[(row + more) % columns] for more in range(each))
        branches = tuple(Branch(f"ke {to}", f"s{to % count}") for to in exits(row))
        decides = {own[-1]: branches} if branches else {}
        steps.append(
            Step(id=f"s{row}", kegiatan="Memeriksa", pelaksana=own, branches=branches, decides=decides, source=HERE)
        )
    return Sop(
        id="uji", nama="Uji", pelaksana={key: f"Pejabat {key}" for key in keys}, steps=tuple(steps), start=("s0",),
        source=HERE,
    )  # fmt: skip


HERE = Source("sops/uji.yaml", 1, 1)
HOSTILE = {
    "every-row-branches": rows(500, 3, lambda row: [row * 3, row * 7, row * 11]),
    "sixty-in-few-rows": rows(40, 60, lambda _: [], each=60),
}


@pytest.mark.parametrize(
    "draw", [lambda sop: lay_out_flowchart(sop, "A4"), lambda sop: draw_flow(sop, 120)], ids=["paper", "screen"]
)
@pytest.mark.parametrize("sop", HOSTILE.values(), ids=HOSTILE)
def test_what_no_form_is_gets_an_answer_soon(
    sop: Sop,
    draw: Callable[[Sop], object],
    count_calls: Callable[[Callable[[], object]], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search_limit, "MOST", MOST // PART)
    monkeypatch.setattr(search_limit, "PLENTY", PLENTY // PART)
    assert count_calls(lambda: draw(sop)) < LIMITS * CALLS_PER_STEP * MOST // PART


@pytest.mark.parametrize(
    "draw", [lambda sop: lay_out_flowchart(sop, "A4"), lambda sop: draw_flow(sop, 120)], ids=["paper", "screen"]
)
def test_what_nobody_could_read_in_words_either_is_refused(draw: Callable[[Sop], object]) -> None:
    with pytest.raises(WrongError, match="terlalu rumit untuk digambar"):
        draw(rows(500, 60, lambda _: [], each=60))


def test_a_long_flow_is_drawn_all_the_same() -> None:
    assert len(lay_out_flowchart(rows(500, 6, lambda _: []), "A4").pages) >= 50


@pytest.fixture
def efforts(monkeypatch: pytest.MonkeyPatch) -> list[SearchLimit]:
    """The efforts that drawing makes."""
    made: list[SearchLimit] = []

    def effort() -> SearchLimit:
        made.append(SearchLimit())
        return made[-1]

    monkeypatch.setattr(routed_pages, "SearchLimit", effort)
    return made


def test_every_known_flow_leaves_half_of_what_makes_it_pretty(efforts: list[SearchLimit], known: Sop) -> None:
    lay_out_flowchart(known, "A4")
    draw_flow(known, 120)
    assert len(efforts) == 2
    for effort in efforts:
        effort.count(PLENTY // 2)
        assert not effort.low


def test_effort_is_counted_in_steps_and_ends() -> None:
    effort = SearchLimit()
    effort.count(PLENTY + 1)
    assert effort.low
    effort.count(MOST - PLENTY - 1)
    assert not effort.exhausted
    effort.count(1)
    assert effort.exhausted


def winding(count: int) -> Sop:
    """A flow whose rows lead onward and seven rows back."""
    return rows(count, 3, lambda row: [row + 1, row - 7] if 7 < row < count - 1 else [])


def test_a_winding_flow_is_drawn_all_the_same() -> None:
    assert len(lay_out_flowchart(winding(40), "A4").pages) >= 3


def test_a_winding_flow_is_drawn_alike_each_time() -> None:
    one, two = (sha256(repr(lay_out_flowchart(winding(20), "A4")).encode()).hexdigest() for _ in range(2))
    assert one == two
