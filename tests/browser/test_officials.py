"""A day of an office with the page: an official who is invited, reads, sends back and signs, and a clerk who types.

All of it is real: `sopctl serve` and the clerk's commands are processes on one folder, the official is a browser.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

PASSWORD = "kuda baterai staples 92"  # noqa: S105 — of nobody
PHONE, DESK = 390, 1280

OFFICE = """
officials:
  - {nama: Pejabat Kepala Dinas, jabatan: Kepala Dinas, pelaksana: [kadis]}
  - {nama: Pejabat Kepala Bidang, jabatan: Kepala Bidang 3, pelaksana: [kabid]}
"""

Sopctl = Callable[..., str]


@pytest.fixture
def kantor(workspace: Path) -> Path:
    path = workspace / "sopctl.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("officials: []", OFFICE), encoding="utf-8")
    return workspace


@pytest.fixture
def sopctl(kantor: Path) -> Sopctl:
    """A command of the clerk, which must succeed; what it prints."""

    def run(*words: str) -> str:
        command = [sys.executable, "-m", "sopctl.cli", *words]
        done = subprocess.run(command, cwd=kantor, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def address(kantor: Path) -> Iterator[str]:
    """Where the page is served."""
    command = [sys.executable, "-m", "sopctl.cli", "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, cwd=kantor, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout
        told = "".join(iter(served.stdout.readline, "}\n"))
        yield json.loads(f"{told}}}")["url"].rstrip("/")
        served.terminate()


def open_tab(chromium: Browser, address: str, width: int) -> Page:
    context = chromium.new_context(base_url=address, viewport={"width": width, "height": 844})
    return context.new_page()


def log_in(page: Page, sopctl: Sopctl, address: str, nama: str) -> None:
    """Take an invitation up and log in by the password."""
    link = json.loads(sopctl("account", "invite", nama, "--url", address, "--json"))["link"]
    page.goto(link)
    page.get_by_label("Sandi", exact=False).first.fill(PASSWORD)
    page.locator("[name=sandi_ulang]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").click()
    if page.url.endswith("/masuk"):
        page.get_by_label("Nama").fill(nama)
        page.get_by_label("Sandi").fill(PASSWORD)
        page.get_by_role("button", name="Masuk").click()


def find_serious(page: Page) -> list[str]:
    """What axe-core finds serious or critical on a phone and on a desk, and every place of it."""
    return [
        f"{page.url} {width}: {one['id']}: {node['html']}"
        for width in (PHONE, DESK)
        for one in _run_axe(page, width)
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def _run_axe(page: Page, width: int) -> list[dict[str, Any]]:
    page.set_viewport_size({"width": width, "height": 844})
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return found


def test_an_official_sends_a_letter_back_and_signs_it_on_a_phone(
    chromium: Browser, sopctl: Sopctl, address: str
) -> None:
    sopctl("start", "sk-tim", "--subject", "Tim Kerja 2027")
    for sets in ((), (), ("--set", "tugas=Menyusun laporan", "--set", "anggota=Anggota pertama")):
        sopctl("approve", "sk-tim-1", *sets)

    kabid = open_tab(chromium, address, DESK)
    log_in(kabid, sopctl, address, "Pejabat Kepala Bidang")
    kabid.goto("/")
    kabid.get_by_role("link", name="Tim Kerja 2027").click()
    assert "Anggota pertama" in kabid.get_by_role("main").inner_text()
    kabid.get_by_label("Catatan").first.fill("Nama anggota kurang lengkap")
    kabid.get_by_role("button", name="Kembalikan").click()
    assert "Sudah dicatat" in kabid.get_by_role("status").inner_text()

    assert "Nama anggota kurang lengkap" in sopctl("why", "sk-tim-1")
    sopctl("approve", "sk-tim-1", "--set", "anggota=Anggota pertama|198001012005011001|Penata|Analis|Ketua")
    kabid.goto("/berkas/sk-tim-1")
    kabid.get_by_role("button", name="Setujui").click()

    kadis = open_tab(chromium, address, PHONE)
    log_in(kadis, sopctl, address, "Pejabat Kepala Dinas")
    kadis.goto("/")
    kadis.get_by_role("link", name="Tim Kerja 2027").click()
    assert "Pejabat Kepala Dinas, Kepala Dinas menandatangani" in kadis.get_by_role("main").inner_text()
    kadis.get_by_role("link", name="Baca suratnya").click()
    picture = kadis.locator("img.sheet").first
    while not picture.count():  # LibreOffice is at work on the one that the case's page showed
        kadis.get_by_role("link", name="Muat ulang").click()
        kadis.wait_for_timeout(500)
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 500
    kadis.go_back()
    kadis.get_by_role("button", name="tanda tangani").click()
    kosong = kadis.locator("[name=kosong]")
    if kosong.count():  # nama, pangkat and NIP that the office did not give are dotted lines, and asked about
        kosong.check()
        kadis.get_by_role("button", name="tanda tangani").click()
    assert "Sudah dicatat" in kadis.get_by_role("status").inner_text()
    assert kadis.evaluate("document.documentElement.scrollWidth") <= PHONE

    status = json.loads(sopctl("status", "sk-tim-1", "--json"))
    moves = [(one["kind"], one["by"], one.get("via", "")) for one in status["events"] if one["kind"] != "started"]
    assert moves[3] == ("rejected", "page:pejabat-kepala-bidang", "web")
    assert moves[-1] == ("approved", "page:pejabat-kepala-dinas", "web")
    assert moves[4][0] == "approved"
    assert not moves[4][1].startswith("page:")
    report = sopctl("report", "sk-tim-1")
    assert "Pejabat Kepala Bidang" in sopctl("status", "sk-tim-1", "--all")
    assert "sesuai" in report
    kadis.goto("/laporan?sop=sk-tim")
    assert "Waktu" in kadis.get_by_role("main").inner_text()
    sopctl("verify")


def test_a_screen_reader_and_a_keyboard_find_nothing_serious_in_their_way(
    chromium: Browser, sopctl: Sopctl, address: str
) -> None:
    sopctl("start", "sk-tim", "--subject", "Tim Kerja 2027")
    sopctl("approve", "sk-tim-1")
    page = open_tab(chromium, address, DESK)
    page.goto("/masuk")
    found = find_serious(page)
    log_in(page, sopctl, address, "Pejabat Kepala Bidang")
    paths = ("/", "/berkas/sk-tim-1", "/mulai", "/mulai/sk-tim", "/laporan", "/agenda", "/sop", "/sop/sk-tim", "/cari",
             "/akun", "/sandi", "/berkas/tidak-ada")  # fmt: skip
    for path in paths:
        page.goto(path)
        found += find_serious(page)
    assert found == []


def test_the_whole_way_goes_by_the_keyboard_alone(chromium: Browser, sopctl: Sopctl, address: str) -> None:
    sopctl("start", "sk-tim", "--subject", "Tim Kerja 2027")
    sopctl("approve", "sk-tim-1")
    page = open_tab(chromium, address, DESK)
    log_in(page, sopctl, address, "Pejabat Kepala Bidang")
    page.goto("/")
    press_until(page, "Langsung ke isi")
    page.keyboard.press("Enter")
    press_until(page, "Tim Kerja 2027")
    page.keyboard.press("Enter")
    page.wait_for_url("**/berkas/sk-tim-1")
    press_until(page, "Setujui")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    assert "Sudah dicatat" in page.get_by_role("status").inner_text()


def test_a_session_is_kept_while_somebody_types(chromium: Browser, sopctl: Sopctl, address: str) -> None:
    page = open_tab(chromium, address, PHONE)
    log_in(page, sopctl, address, "Pejabat Kepala Bidang")
    page.clock.install()
    page.goto("/mulai/sk-tim")
    page.get_by_label("Perihal").press_sequentially("Tim")
    page.clock.fast_forward("06:00")
    with page.expect_response("**/sesi") as kept:
        page.get_by_label("Perihal").press_sequentially(" Kerja")
    assert kept.value.status == 204


def press_until(page: Page, words: str, most: int = 60) -> None:
    """Press Tab until what has the focus begins with these words."""
    for _ in range(most):
        page.keyboard.press("Tab")
        text = str(page.evaluate("document.activeElement.textContent.trim()"))
        if text.startswith(words):
            return
    pytest.fail(f"the keyboard does not come to {words}")


def test_what_waits_comes_by_itself_and_the_keyboard_stays_where_it_was(
    chromium: Browser, sopctl: Sopctl, address: str
) -> None:
    sopctl("start", "sk-tim", "--subject", "Tim Kerja 2027")
    page = open_tab(chromium, address, DESK)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    log_in(page, sopctl, address, "Pejabat Kepala Dinas")
    page.clock.install()
    page.goto("/")
    page.get_by_role("link", name="Tim Kerja 2027").focus()
    sopctl("start", "sk-tim", "--subject", "Tim Kerja 2028")
    page.clock.fast_forward("00:21")
    page.get_by_role("link", name="Tim Kerja 2028").wait_for()
    assert "Daftar ini berubah pukul" in page.get_by_role("status").inner_text()
    assert page.evaluate("document.activeElement.textContent") == "Tim Kerja 2027"
    page.context.clear_cookies()
    page.clock.fast_forward("00:21")
    page.get_by_text("Anda tidak masuk lagi").wait_for()
    assert find_serious(page) == complaints == []
