"""The flow as text: for the terminal, for Mermaid, for Graphviz, and as SVG."""

from collections.abc import Callable
from textwrap import dedent
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sopctl.form.flow_graph import build_flow_graph
from sopctl.form.geometry import Flowchart
from sopctl.form.graph_languages import to_dot, to_mermaid
from sopctl.form.plain_text import describe_flow
from sopctl.form.svg import page_svg
from sopctl.form.terminal import draw_flow
from sopctl.sop.model import Sop, Step

Strategy = Callable[[], st.SearchStrategy[Sop]]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def loop(plain: Callable[..., Step]) -> Sop:
    """Three rows, of which the last turns back."""
    steps = (plain("s1", "a"), plain("s2", "b", to={"ya": "s3", 'tidak "baik"': "s1"}), plain("s3", "a"))
    return Sop(
        id="uji", nama="Uji", pelaksana={"a": "Staf", "b": "Kepala"}, steps=steps, start=("s1",), source=steps[0].source
    )


def test_the_terminal_shows_the_flow(plain: Callable[..., Step]) -> None:
    steps = (plain("s1", "a"), plain("s2", "b", to={"ya": "s3", "tidak": "s1"}), plain("s3", "b"))
    sop = Sop(
        id="uji", nama="Uji", pelaksana={"a": "Staf", "b": "Kepala"}, steps=steps, start=("s1",), source=steps[0].source
    )
    drawing = """
                Staf              Kepala
        ──────────────────────────────────────

               ( 1 )────────────────┐
                 ▲                  │
                 │                  ▼
                 └────────────────< 2 >
                             tidak  │ya
                                    ▼
                                  ( 3 )
    """
    assert draw_flow(sop, 40).rstrip() == dedent(drawing).strip("\n").rstrip()


def test_a_known_flow_is_drawn_in_letters(known: Sop) -> None:
    drawn = draw_flow(known, 100)
    for symbol in build_flow_graph(known).symbols:
        no = known.steps[symbol.row].no
        opened, closed = {"capsule": ("(", ")"), "box": ("[", "]"), "diamond": ("<", ">")}[symbol.kind]
        text = symbol.text or str(no)
        assert f"{opened}{text.center(7 if symbol.text else 3)}{closed}" in drawn
    plain_letters = draw_flow(known, 100, plain=True)
    assert plain_letters.isascii()
    assert len(plain_letters.splitlines()) == len(drawn.splitlines())


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_flow_is_drawn_in_letters(sops_of_any_kind: Strategy, data: st.DataObject) -> None:
    sop = data.draw(sops_of_any_kind())
    drawn = draw_flow(sop, 80)
    heads = sum(drawn.count(head) for head in "▲▼◄►")
    told = sum(line.startswith("* ") for line in drawn.splitlines())
    assert heads + told >= sum(link.arrow for link in build_flow_graph(sop).edges)


def test_what_has_no_room_as_a_line_stands_below_in_words(plain: Callable[..., Step]) -> None:
    exits = {"ya": "s3", "tidak lengkap": "s2", "ulang": "s1"}
    steps = (plain("s1", "a"), plain("s2", "abcdefgh", together=True, decides="abcdefgh", to=exits), plain("s3", "a"))
    titles = {key: f"Pejabat {key.upper()}" for key in "abcdefgh"}
    drawn = draw_flow(
        Sop(id="uji", nama="Uji", pelaksana=titles, steps=steps, start=("s1",), source=steps[0].source), 100
    )
    told = [line for line in drawn.splitlines() if line.startswith("* ")]
    assert told
    assert all(line.startswith("* langkah 2, Pejabat ") for line in told)
    assert all(line.endswith((", ke langkah 1", ", ke langkah 2", ", ke langkah 3")) for line in told)
    assert "< 2*>" in drawn


def test_titles_that_do_not_fit_are_numbered(known: Sop) -> None:
    drawn = draw_flow(known, 20)
    if any(len(word) > 7 for title in known.pelaksana.values() for word in title.split()):
        assert drawn.startswith(f" 1 {next(iter(known.pelaksana.values()))}\n")


def test_mermaid_has_a_node_for_each_symbol_and_an_edge_for_each_link(known: Sop) -> None:
    first, *lines = to_mermaid(known).splitlines()
    own = build_flow_graph(known)
    assert first == "flowchart TD"
    assert len(lines) == len(own.symbols) + len(own.edges)


def test_mermaid_and_dot_escape_what_they_would_read(loop: Sop) -> None:
    assert '  s1 -->|"tidak #quot;baik#quot;"| s0' in to_mermaid(loop).splitlines()
    assert '  s1 -> s0 [label="tidak \\"baik\\""]' in to_dot(loop).splitlines()


def test_dot_joins_those_who_act_together_without_a_head(plain: Callable[..., Step]) -> None:
    step = plain("s1", "ab", together=True)
    sop = Sop(
        id="uji", nama="Uji", pelaksana={"a": "Staf", "b": "Kepala"}, steps=(step,), start=("s1",), source=step.source
    )
    assert "  s0 -> s1 [dir=none, constraint=false]" in to_dot(sop).splitlines()
    assert "  s0 --- s1" in to_mermaid(sop).splitlines()


def test_an_svg_page_draws_every_shape_line_and_word(drawn: Flowchart) -> None:
    for page in drawn.pages:
        root = ET.fromstring(page_svg(drawn, page))  # noqa: S314 — our own
        said = "".join(text.text or "" for text in root.iter(f"{SVG}text")).replace(" ", "")
        assert len(list(root.iter(f"{SVG}polyline"))) == len(page.routes)
        assert all(label.text.replace(" ", "") in said for label in page.labels)
        for row in page.rows:
            assert all("".join(cell.text.split()) in said for cell in row.cells)


def test_each_who_decides_has_a_diamond_with_its_own_ways_back(sop: Sop) -> None:
    """
    id: uji
    nama: Uji
    pelaksana: {a: A, b: B, c: C}
    steps:
      - {id: satu, kegiatan: Menyusun, pelaksana: a}
      - {id: dua, kegiatan: Menelaah, pelaksana: b}
      - id: tiga
        kegiatan: Memeriksa
        pelaksana: [a, b, c]
        decides: {a: {lengkap: empat, kurang: satu}, c: {setuju: empat, tidak: dua}}
      - {id: empat, kegiatan: Menyimpan, pelaksana: a}
    """
    graph = build_flow_graph(sop)
    third = [(number, one) for number, one in enumerate(graph.symbols) if one.row == 2]
    assert [one.kind for _, one in third] == ["diamond", "box", "diamond"]
    (one, _), (_, _), (three, _) = third
    ways = {(edge.label, graph.symbols[edge.targets[0]].row) for edge in graph.edges if edge.sources == (one,)}
    assert ways == {("kurang", 0), ("lengkap", 2)}
    ways = {(edge.label, graph.symbols[edge.targets[0]].row) for edge in graph.edges if edge.sources == (three,)}
    assert ways == {("tidak", 1), ("setuju", 3)}
    assert describe_flow(sop, sop.step("tiga")).endswith(
        "a: lengkap -> empat, kurang -> satu; c: setuju -> empat, tidak -> dua"
    )
