"""The pages on a phone, a tablet, a desk and paper, as a real browser lays them out: nothing sticks out or is cut."""

import json
import shutil
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from sopctl.desk import moves
from sopctl.desk.inbox import inbox, publish_inbox
from sopctl.desk.move_input import MoveInput
from sopctl.desk.report import publish
from sopctl.measure.query import Query

Room = Any  # the class stands in a conftest

STEPS = 40
SAME = "Menerima, meneliti dan mencatat kelengkapan berkas permohonan yang disampaikan pemohon melalui loket"
HOSTILE = ("<b>Menerima</b> & 'menolak'", "W" * 180, "\u202eMenerima\u202c berkas", "berkas/" * 30)
"""Rows that a page must survive: markup, a word wider than a phone, letters from right to left, no place to break."""

WIDTHS = (390, 768, 1280)
PAPER = 1017
"""A4 across, less its margins, in the browser's pixels."""

BESIDE = """[...document.querySelectorAll('main *')]
    .filter(one => one.checkVisibility() && !one.closest('svg'))
    .filter(one => { const box = one.getBoundingClientRect(); return box.left < -.5 || box.right > innerWidth + .5; })
    .map(one => one.tagName + ' ' + one.textContent.slice(0, 40))"""
"""The elements that are not wholly within the width of the page."""

SCROLLED = """[document.documentElement, ...document.querySelectorAll('main, main div')]
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.id || one.className || one.tagName)"""
"""What can be moved sideways."""

CUT = """[...document.querySelectorAll('.label, .value, td, h1, h2, dd, figcaption')]
    .filter(one => one.checkVisibility())
    .filter(one => getComputedStyle(one).textOverflow === 'ellipsis' || getComputedStyle(one).overflowX !== 'visible')
    .map(one => one.textContent.slice(0, 40))"""

SHARES = """[...document.querySelectorAll('#tepat li')].map(row => {
    const width = kind => row.querySelector(kind).getBoundingClientRect().width;
    return [width('.timely') / width('.track'), parseInt(row.querySelector('.value').textContent) / 100]; })"""
"""Of each row how much of its track is filled, and the share that is written beside it."""

BARS = """[...document.querySelectorAll('#CHART .chart li')].flatMap(row => {
    const said = row.querySelector('.value').textContent.match(/\\d+/g).map(Number);
    const widths = [...row.querySelectorAll('rect')].map(bar => bar.getBoundingClientRect().width);
    const drawn = 'CHART' === 'alur' ? widths : [widths.reduce((one, other) => one + other)];
    return drawn.map((width, at) => [width, said[at]]);
})"""
"""Of each bar of a chart its length, and the number that is written beside it."""


def kegiatan(number: int) -> str:
    return HOSTILE[number - 1] if number <= len(HOSTILE) else f"{SAME} {number}"


@pytest.fixture(scope="module")
def pages(rooms: Any, seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ANN401 — of a conftest
    """The report and the sheet of an office with a form of forty rows: a case through it, others on their way.

    One row runs by the clock and one is left out, so that the tables have every column.
    """
    folder = tmp_path_factory.mktemp("halaman")
    room: Room = rooms(shutil.copytree(seed, folder / "kantor"))
    rows = [f"  - {{id: s{no}, no: {no}, kegiatan: {json.dumps(kegiatan(no))}, pelaksana: p, waktu: 3 menit}}"
            for no in range(1, STEPS + 1)]  # fmt: skip
    rows[3] = rows[3].replace("3 menit", "2 x 24 jam")
    rows[7] = rows[7].replace("3 menit", "3 menit, optional: ya")
    room.write("\n".join([f"id: panjang\nnama: {SAME} dan {SAME}\npelaksana: {{p: '{SAME}'}}\nsteps:", *rows]))
    for done in (STEPS, STEPS // 2, 7, 3, 1):
        id = room.start("panjang", f"<i>{'x' * 150}</i>").id
        for step in range(done):
            room.now += timedelta(minutes=step * done % 5)
            room.approve(id)
        if done == 7:
            room.ask(lambda session, id=id: moves.skip(session, id, MoveInput(note="sudah ada")))
    room.now += timedelta(days=1)
    session = room.session(looking=True)
    publish(session, Query(), {"html": folder / "laporan.html"})
    publish_inbox(session, inbox(session), {"html": folder / "inbox.html"})
    return folder


@pytest.fixture(params=["laporan", "inbox"])
def page(request: pytest.FixtureRequest, tab: Page, pages: Path) -> Page:
    tab.goto((pages / f"{request.param}.html").as_uri())
    return tab


@pytest.fixture
def report(tab: Page, pages: Path) -> Page:
    tab.goto((pages / "laporan.html").as_uri())
    return tab


def widen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_lies_beside_the_page_and_no_text_is_cut(page: Page, width: int) -> None:
    widen(page, width)
    assert page.evaluate("innerWidth") == width
    assert page.evaluate("document.querySelectorAll('td').length") > STEPS // 10
    assert (page.evaluate(BESIDE), page.evaluate(SCROLLED), page.evaluate(CUT)) == ([], [], [])


@pytest.mark.parametrize("width", WIDTHS)
def test_every_row_of_a_chart_has_its_whole_label(report: Page, width: int) -> None:
    widen(report, width)
    labels = report.evaluate("[...document.querySelectorAll('#lama .label')].map(one => one.textContent)")
    assert labels == [f"{no}. {kegiatan(no)}" for no in range(1, STEPS + 1)]


@pytest.mark.parametrize("width", WIDTHS)
def test_bars_are_as_long_as_their_figures_say(report: Page, width: int) -> None:
    widen(report, width)
    shares = report.evaluate(SHARES)
    assert len(shares) == STEPS
    assert len({said for _, said in shares}) > 1
    assert [drawn for drawn, _ in shares] == [pytest.approx(said, abs=0.01) for _, said in shares]
    for chart in ("antrean", "alur"):
        bars = report.evaluate(BARS.replace("CHART", chart))
        longest, most = max(bars)
        assert [width for width, _ in bars] == [pytest.approx(longest * said / most, abs=1) for _, said in bars]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_box_with_a_single_value_is_seen_and_so_is_its_median(report: Page, width: int) -> None:
    widen(report, width)
    widths = report.evaluate(
        "[...document.querySelectorAll('#lama .box, #lama .beyond')].map(one => one.getBBox().width)"
    )
    assert len(widths) == STEPS
    assert min(widths) >= 1
    stroke, paper = (report.evaluate(f"getComputedStyle(document.querySelector('{one}'))['{key}']")
                     for one, key in (("svg .median", "stroke"), ("body", "backgroundColor")))  # fmt: skip
    assert stroke != paper


@pytest.mark.parametrize("width", WIDTHS)
def test_the_scale_names_the_standard(report: Page, width: int) -> None:
    widen(report, width)
    shown = report.evaluate("""[...document.querySelectorAll('#lama .scale text')].filter(one => one.checkVisibility())
        .map(one => [one.textContent, one.getBoundingClientRect().left, one.getBoundingClientRect().right])""")
    assert "standar" in [words for words, _, _ in shown]
    assert all(right < left for (_, _, right), (_, left, _) in pairwise(shown))


def test_no_two_places_of_the_page_have_one_name(page: Page) -> None:
    assert page.evaluate("""[...document.querySelectorAll('nav a')].every(one =>
        document.querySelectorAll(one.getAttribute('href')).length === 1)""")


@pytest.mark.parametrize("width", [390, 768])
def test_a_narrow_table_names_every_cell_and_still_sorts_and_filters(page: Page, width: int) -> None:
    widen(page, width)
    names = "[...document.querySelectorAll('#menunggu tr td:first-child')]"
    shown = f"{names}.filter(one => one.checkVisibility()).map(one => one.textContent)"
    title = page.evaluate(f"{names}[0].dataset.label")
    assert title in page.evaluate(f"getComputedStyle({names}[0], '::before').content")
    buttons = "[...document.querySelectorAll('#menunggu th [role=button]')]"
    page.evaluate(f"{buttons}.find(one => one.textContent === '{title}').click()")
    assert page.evaluate(shown) == sorted(page.evaluate(shown))
    page.evaluate(
        "const field = document.querySelector('#menunggu input'); field.value = 'tidak ada';"
        "field.dispatchEvent(new Event('input'))"
    )
    assert page.evaluate(shown) == []


def test_paper_takes_every_column(page: Page) -> None:
    widen(page, PAPER)
    page.emulate_media(media="print")
    assert (page.evaluate(BESIDE), page.evaluate(SCROLLED)) == ([], [])
    assert page.evaluate("getComputedStyle(document.querySelector('td')).display") == "table-cell"
