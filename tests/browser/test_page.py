"""The report's page in a real browser: it sorts, filters, turns dark, prints, and loads nothing."""

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

from sopctl.desk.move_input import MoveInput
from sopctl.desk.report import publish
from sopctl.measure.query import Query

Room = Any  # the class stands in a conftest


@pytest.fixture
def page(tab: Page, complaints: list[str], room: Room, tmp_path: Path) -> Page:
    """The page of an office with cases on their way, opened."""
    for number in range(3):
        room.start("penugasan", f'<b>Uji</b> {number} & "petik" \'')
        room.now = room.now.replace(minute=room.now.minute + 2 * number)
        room.approve(f"penugasan-{number + 1}", MoveInput(sets=("tugas=satu",)))
    room.start("sk-tim", "<img src=x onerror=alert(1)>")
    path = tmp_path / "laporan.html"
    publish(room.session(looking=True), Query(), {"html": path})
    tab.goto(path.as_uri())
    complaints.clear()
    return tab


def column(page: Page, section: str, number: int) -> list[str]:
    """The texts of one column of a table, as they are seen."""
    rows = f"[...document.querySelectorAll('#{section} tbody tr')].filter(row => row.checkVisibility())"
    found: list[str] = page.evaluate(f"{rows}.map(row => row.cells[{number}].textContent)")
    return found


def click(page: Page, section: str, heading: str) -> str:
    """Press the button of a heading; how the column is sorted then."""
    find = f"[...document.querySelectorAll('#{section} th')].find(th => th.textContent === '{heading}')"
    page.evaluate(f"{find}.querySelector('[role=button]').click()")
    return str(page.evaluate(f"{find}.getAttribute('aria-sort')"))


def test_a_table_is_sorted_by_a_press_on_its_heading(page: Page) -> None:
    before = column(page, "menunggu", 0)
    assert click(page, "menunggu", "Berkas") == "ascending"
    assert column(page, "menunggu", 0) == sorted(before)
    assert click(page, "menunggu", "Berkas") == "descending"
    assert column(page, "menunggu", 0) == sorted(before, reverse=True)
    assert page.evaluate("document.querySelectorAll('#menunggu th[aria-sort]').length") == 1


def test_a_heading_answers_to_the_keyboard(page: Page) -> None:
    page.evaluate(
        "const heading = document.querySelector('#menunggu th [role=button]'); heading.focus();"
        "heading.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}))"
    )
    assert page.evaluate("document.querySelector('#menunggu th').getAttribute('aria-sort')") == "ascending"


def test_numbers_are_sorted_as_numbers_and_empty_cells_come_last(page: Page) -> None:
    click(page, "langkah", "Median")
    values = page.evaluate(
        "[...document.querySelectorAll('#langkah tbody tr')].map(row => +row.cells[7].dataset.value)"
    )
    assert values == sorted(values)
    click(page, "langkah", "Menunggu")
    assert column(page, "langkah", 11)[-1] == "-"


def test_a_table_is_cut_down_to_what_is_typed(page: Page) -> None:
    page.evaluate(
        "const field = document.querySelector('#menunggu input'); field.value = 'SK-TIM memerintahkan';"
        "field.dispatchEvent(new Event('input'))"
    )
    assert column(page, "menunggu", 0) == ["sk-tim-1"]
    assert page.evaluate("document.querySelector('#menunggu output').textContent") == "1 dari 4 baris"


def test_what_users_typed_is_text_and_nothing_is_loaded_or_blocked(page: Page, complaints: list[str]) -> None:
    assert "<img src=x onerror=alert(1)>" in column(page, "menunggu", 1)
    assert page.evaluate("document.querySelectorAll('img, b, iframe, link').length") == 0
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    assert complaints == []


def test_the_policy_stops_a_script_that_is_not_the_pages_own(page: Page) -> None:
    page.evaluate(
        "const other = document.createElement('script'); other.textContent = 'window.harm = 1';"
        "document.body.append(other)"
    )
    assert page.evaluate("window.harm") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_light_or_dark_as_the_reader_has_it(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (max(int(part) for part in colour[4:-1].split(",")) < 80) is (scheme == "dark")


def test_paper_is_white_and_has_no_tools(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    hidden = page.evaluate("getComputedStyle(document.querySelector('.tools')).display")
    assert (colour, hidden) == ("rgb(255, 255, 255)", "none")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_every_chart_has_a_name_and_every_field_a_label(page: Page) -> None:
    assert page.evaluate("[...document.querySelectorAll('svg')].every(svg => svg.getAttribute('aria-label'))")
    assert page.evaluate("document.querySelectorAll('svg').length") >= 4
    assert page.evaluate("[...document.querySelectorAll('input')].every(input => input.labels.length === 1)")
    assert page.evaluate("document.documentElement.lang") == "id"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
