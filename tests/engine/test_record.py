"""The record of a case: state is the fold of its events, and nobody changes an event unnoticed."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sopctl.engine import case_changes
from sopctl.engine.case import Case
from sopctl.engine.events import Attached, Event, Filled, Move, Written, chain_root, digest, find_broken_link
from sopctl.engine.fold import fold
from sopctl.engine.instance import SCHEMA, Instance
from sopctl.errors import DamagedError
from sopctl.problems import Source
from sopctl.sop.model import END, Branch, Document, Kelengkapan, Sop, Step, StepDocument
from sopctl.store import case_json

if TYPE_CHECKING:
    from tests.engine.conftest import Walk

HERE = Source("sops/uji.yaml", 1, 1)
PELAKSANA = ("a", "b", "c")
FILE = Path("uji-1.json")
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)


@st.composite
def steps(draw: st.DrawFn, index: int, ids: list[str]) -> Step:
    """A row that leads anywhere, held by anybody."""
    pelaksana = tuple(draw(st.lists(st.sampled_from(PELAKSANA), min_size=1, unique=True)))
    targets = st.sampled_from([*ids, END])
    labels = draw(st.sampled_from([(), ("ya", "tidak"), ("x", "y", "z")]))
    branches = tuple(Branch(label, draw(targets)) for label in labels)
    deciders = draw(st.sets(st.sampled_from(pelaksana), min_size=1)) if labels else set()
    return Step(
        id=ids[index],
        kegiatan="Menyusun",
        pelaksana=pelaksana,
        together=draw(st.booleans()),
        decides={who: branches for who in pelaksana if who in deciders},
        kelengkapan=(Kelengkapan("ATK"),),
        output=draw(st.sampled_from(["", "Laporan"])),
        next=() if labels else tuple(draw(st.lists(targets, max_size=3, unique=True))),
        branches=branches,
        document=StepDocument("surat", draw(st.sampled_from(["draft", "initial", "sign", "receive"]))),
        source=HERE,
    )


@st.composite
def sops(draw: st.DrawFn) -> Sop:
    """An SOP of one to five rows."""
    ids = [f"s{number}" for number in range(draw(st.integers(1, 5)))]
    return Sop(
        id="uji",
        nama="Uji",
        pelaksana={name: name.upper() for name in PELAKSANA},
        documents={"surat": Document(name="surat", template="surat.docx", source=HERE)},
        steps=tuple(draw(steps(index, ids)) for index in range(len(ids))),
        start=(ids[0],),
        source=HERE,
    )


MOVES: dict[str, Callable[["Walk", str], object]] = {
    "approve": lambda walk, text: walk.approve(walk.request(as_=turn(walk), note=text)),
    "reject": lambda walk, text: walk.reject(walk.request(as_=turn(walk), note=text)),
    "decide": lambda walk, text: walk.decide(label(walk), walk.request(as_=turn(walk), note=text)),
    "withdraw": lambda walk, text: walk.withdraw(walk.request(note=text)),
    "begin": lambda walk, text: walk.begin(walk.request(as_=turn(walk), note=text)),
    "fill": lambda walk, text: walk.take(
        case_changes.fill(walk.sop, walk.state, walk.request(fields={text: [text, {text: text}]}))
    ),
    "attach": lambda walk, text: walk.take(case_changes.attach(walk.state, walk.request(items=(text,)))),
    "assign": lambda walk, text: walk.take(case_changes.assign(walk.state, walk.request(), "a", text)),
    "note": lambda walk, text: walk.note(text),
    "suspend": lambda walk, text: walk.suspend(text),
    "resume": lambda walk, _: walk.resume(),
    "cancel": lambda walk, text: walk.cancel(text) if text < "0" else None,
}


def turn(walk: "Walk") -> str:
    """Somebody of the row that was worked on least, so that all arms of a fork go on."""
    row = min(walk.state.rows, key=lambda row: row.visit.since)
    return row.turn[-1] if row.turn else ""


def label(walk: "Walk") -> str:
    """The middle exit of the step at hand; any word where it has none, for the row is asked first."""
    exits = walk.sop.step(walk.state.visit.step).branches
    return exits[len(exits) // 2].label if exits else "ya"


FORM = """
id: uji
nama: Uji
pelaksana: {a: A}
steps:
  - {id: s, kegiatan: Menyusun, pelaksana: a}
"""

asked = st.lists(st.tuples(st.sampled_from(sorted(MOVES)), TEXT), max_size=25)


def walked(opened: "type[Walk]", sop: Sop, wanted: list[tuple[str, str]]) -> "Walk":
    """A case after these moves, as far as they are allowed; at every one, what is carried along is the fold."""
    walk = opened(sop)
    for name, text in wanted:
        MOVES[name](walk, text)
        assert fold(sop, walk.case.instance.events) == walk.state
    return walk


@given(sop=sops(), wanted=asked)
def test_the_state_carried_along_is_the_fold_of_the_events(
    walks: "type[Walk]", sop: Sop, wanted: list[tuple[str, str]]
) -> None:
    walk = walked(walks, sop, wanted)
    case = walk.case
    assert case.agrees()
    assert Case.read(sop, case.instance) == case
    assert [event.number for event in case.instance.events] == list(range(1, case.instance.revision + 1))
    assert (
        (walk.state.step is None) == (walk.state.status in {"completed", "cancelled"}) == (walk.state.ended is not None)
    )
    assert bool(walk.state.turn) == (walk.state.step is not None)


@given(sop=sops(), wanted=asked)
def test_what_a_move_wrote_can_be_added_to_it_before_it_is_stored(
    walks: "type[Walk]", sop: Sop, wanted: list[tuple[str, str]]
) -> None:
    case = walked(walks, sop, wanted).case
    letter = Written(name="surat", act="draft", step=sop.start[0], path="surat.docx", sha256="0" * 64)
    if not isinstance(case.instance.events[-1], Move | Filled | Attached):
        with pytest.raises(TypeError):
            case.with_documents((letter,))
        return
    instance = case.with_documents((letter,)).instance
    assert Case.read(sop, instance) == case.with_documents((letter,))
    assert {*instance.events[-1].files} == {*case.instance.events[-1].files, letter}
    assert find_broken_link(instance.id, instance.version, instance.events, instance.head) is None


@given(sop=sops(), wanted=asked)
def test_visits_follow_each_other_without_a_gap(walks: "type[Walk]", sop: Sop, wanted: list[tuple[str, str]]) -> None:
    visits = walked(walks, sop, wanted).state.visits
    for visit, following in pairwise(visits):
        assert visit.until == following.since
        assert visit.outcome
    for step in sop.steps:
        assert [visit.round for visit in visits if visit.step == step.id] == [
            number + 1 for number in range(sum(visit.step == step.id for visit in visits))
        ]


@given(sop=sops(), wanted=asked)
def test_a_case_is_read_from_its_file_as_it_was_written(
    walks: "type[Walk]", sop: Sop, wanted: list[tuple[str, str]]
) -> None:
    case = walked(walks, sop, wanted).case
    data = case_json.encode(case.instance)
    read = case_json.decode(data, FILE, case.id)
    assert case_json.encode(read) == data
    assert Case.read(sop, read).state == case.state


@given(sop=sops(), wanted=asked, data=st.data())
def test_a_changed_missing_added_or_moved_event_is_noticed(
    walks: "type[Walk]", sop: Sop, wanted: list[tuple[str, str]], data: st.DataObject
) -> None:
    instance = walked(walks, sop, wanted).case.instance
    events = instance.events
    at = data.draw(st.integers(0, len(events) - 1))
    other = data.draw(st.integers(0, len(events) - 1))
    forged = data.draw(st.sampled_from([*_forged(events, at, other)]))
    assert find_broken_link(instance.id, instance.version, events, instance.head) is None
    assert find_broken_link(instance.id, instance.version, forged, instance.head) is not None


def _forged(events: tuple[Event, ...], at: int, other: int) -> list[tuple[Event, ...]]:
    """The events after somebody changed, renumbered, removed, doubled or swapped one."""
    event = events[at]
    swapped = list(events)
    swapped[at], swapped[other] = swapped[other], swapped[at]
    return [
        (*events[:at], replace(event, note=f"{event.note}x"), *events[at + 1 :]),
        (*events[:at], replace(event, at=event.at + timedelta(seconds=1)), *events[at + 1 :]),
        (*events[:at], replace(event, by="orang-lain"), *events[at + 1 :]),
        (*events[:at], replace(event, number=event.number + 1), *events[at + 1 :]),
        (*events[:at], *events[at + 1 :]),
        (*events[:at], event, *events[at:]),
        *([tuple(swapped)] if at != other else []),
    ]


def test_the_number_of_the_first_broken_link_is_told(walk: "Walk") -> None:
    for _ in range(4):
        walk.note()
    instance = walk.case.instance
    changed = replace(instance.events[2], note="lain")
    forged = (*instance.events[:2], changed, *instance.events[3:])
    assert find_broken_link(instance.id, instance.version, forged, instance.head) == 4


def test_events_are_numbered_one_by_one_however_well_they_are_chained(walk: "Walk") -> None:
    walk.note()
    first, second = walk.case.instance.events
    skipped = second.chained(5, digest(first))
    assert find_broken_link(walk.case.id, "versi", (first, skipped), digest(skipped)) == 2


def test_a_chain_belongs_to_one_case_one_version_and_one_head(walk: "Walk") -> None:
    walk.note()
    one = walk.case.instance
    assert find_broken_link("uji-2", one.version, one.events, one.head) == 1
    assert find_broken_link(one.id, "lain", one.events, one.head) == 1
    assert find_broken_link(one.id, one.version, one.events, "0" * 64) == 3
    assert find_broken_link(one.id, one.version, one.events[:-1], digest(one.events[0])) is None


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"subject": "Perihal lain"}, id="subject"),
        pytest.param({"fields": {"nilai": 100}}, id="fields"),
        pytest.param({"sop": "lain"}, id="sop"),
    ],
)
def test_an_envelope_that_says_other_than_its_events_is_noticed(walk: "Walk", change: dict[str, object]) -> None:
    instance = replace(walk.case.instance, **change)
    assert not Case.read(walk.sop, instance).agrees()


@given(sop=sops(), wanted=asked, data=st.data())
def test_no_letter_of_a_file_is_changed_unnoticed(
    walks: "type[Walk]", sop: Sop, wanted: list[tuple[str, str]], data: st.DataObject
) -> None:
    instance = walked(walks, sop, wanted).case.instance
    text = case_json.encode(instance)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.integers(0, 255))
    changed = text[:at] + bytes([letter]) + text[at + 1 :]
    assert _unnoticed(sop, changed, instance.id) in (None, instance)


def _unnoticed(sop: Sop, data: bytes, id: str) -> Instance | None:
    """The case that these bytes say, None where reading it tells that they are not what was written."""
    try:
        read = case_json.decode(data, FILE, id)
    except DamagedError:
        return None
    # Whoever writes 1 for 2 in `schema` changes nothing that is read.
    return replace(read, schema=SCHEMA) if Case.read(sop, read).agrees() else None


def test_events_that_do_not_begin_with_the_start_are_no_case(walk: "Walk") -> None:
    walk.note()
    with pytest.raises(KeyError):
        fold(walk.sop, walk.case.instance.events[1:])


def test_every_event_is_chained_to_the_one_before(walk: "Walk") -> None:
    for _ in range(3):
        walk.note()
    first, *rest = walk.case.instance.events
    assert first.previous == chain_root(walk.case.id, "versi")
    assert [event.previous for event in rest] == [digest(event) for event in walk.case.instance.events[:-1]]
    assert walk.case.instance.head == digest(rest[-1])
    assert msgspec.json.decode(msgspec.json.encode(rest[-1]), type=Event) == rest[-1]
