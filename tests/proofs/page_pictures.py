"""The pictures of docs/halaman.md: the page of a small office without names of people, as Chromium shows it.

Usage: python -m tests.proofs.page_pictures [--out DIR]

Needs Chromium and LibreOffice. Writes DIR/halaman-*.png, 390 and 1280 pixels wide.
"""

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from bench.office import FILLED
from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.desk.setup import init
from sopctl.desk.start import StartInput, start
from sopctl.store.workspace import Workspace
from sopctl.web.app import create_app
from sopctl.web.settings import WebSettings

PHONE, DESK = 390, 1280

OFFICIALS = """officials:
  - {nama: Pejabat A, jabatan: Kepala Dinas, pelaksana: [kadis, penilai], nip: 19700101 199501 1 001, pangkat: Pembina}
  - {nama: Pejabat B, jabatan: Kepala Bidang 3, pelaksana: [kabid]}
  - {nama: Pejabat C, jabatan: Kasubbag TU/Umpar, pelaksana: [kasubbag, tim]}
web: {url: "https://sop.kantor.go.id"}
"""

PASSWORD = "kuda baterai staples 92"  # noqa: S105 — of nobody


class Silent(WSGIRequestHandler):
    """A handler that logs no request."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Log nothing."""


class SeededOffice:
    """An office with a letter that waits for its signature, one to be written, and one that is late."""

    def __init__(self, root: Path) -> None:
        init(root)
        file = root / "sopctl.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace("officials: []\n", OFFICIALS), encoding="utf-8")
        self.workspace = Workspace(root)
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Pontianak"))
        self.open("penugasan", "Penugasan pendamping koperasi")
        self.now += timedelta(days=1)
        self.letter = self.open("sk-tim", "Tim Kerja Pembinaan Koperasi")
        for who, sets in (("a", ()), ("b", ()), ("c", FILLED["susun"])):
            self.approve(self.letter, who, sets)
        self.draft = self.open("sk-tim", "Tim Kerja Pelatihan Koperasi")
        for who in ("a", "b"):
            self.approve(self.draft, who)
        self.open("sk-tim", "Tim Kerja Pengawasan Koperasi")

    def session(self, who: str) -> Session:
        """What an official does now on the page; it takes two minutes."""
        self.now += timedelta(minutes=2)
        return Session(self.workspace, now=lambda: self.now, account=f"page:pejabat-{who}", via="web")

    def open(self, sop: str, subject: str) -> str:
        """Open a case as its first official; the id."""
        opened = start(self.session("a"), sop, StartInput(subject=subject), MoveInput())
        assert isinstance(opened, Outcome), opened
        return opened.id

    def approve(self, id: str, who: str, sets: tuple[str, ...] = ()) -> None:
        """Make the next step of a case."""
        done = moves.approve(self.session(who), id, MoveInput(sets=sets))
        assert isinstance(done, Outcome), done

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Serve its page; the address."""
        settings = WebSettings(workspace=self.workspace, key=b"k" * 32, clock=lambda: self.now)
        server = make_server("127.0.0.1", 0, create_app(settings), threaded=True, request_handler=Silent)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.port}"

    def invite(self, who: str) -> str:
        """Invite an official; the path of the link."""
        settings = WebSettings(workspace=self.workspace, key=b"", clock=lambda: self.now)
        return f"/undangan/{settings.accounts.invite(f'pejabat-{who}', self.now, record=lambda: None)}"


class Photographer:
    """A browser that is led through the page, and keeps pictures of it."""

    def __init__(self, browser: Browser, site: str, out: Path) -> None:
        self.page: Page = browser.new_page()
        self._site, self._out = site, out

    def go(self, path: str, width: int) -> None:
        """Open a page as wide as this."""
        self.page.set_viewport_size({"width": width, "height": 844})
        self.page.goto(self._site + path)

    def enter(self, path: str) -> None:
        """Take an invitation up."""
        self.go(path, PHONE)
        for name in ("sandi", "sandi_ulang"):
            self.page.fill(f"[name={name}]", PASSWORD)
        self.page.click("text=Simpan dan masuk")

    def keep(self, name: str, first: str = "body", last: str = "") -> None:
        """Write a picture from the top of one element to the end of another, over the whole width."""
        self.page.evaluate("Promise.all([...document.images].map(one => (one.loading = 'eager', one.decode())))")
        self.page.evaluate("scrollTo(0, 0)")
        boxes = [self.page.locator(one).first.bounding_box() for one in (first, last or first)]
        assert boxes[0], first
        assert boxes[1], last
        width: int = self.page.evaluate("innerWidth")
        top, end = boxes[0]["y"], boxes[1]["y"] + boxes[1]["height"]
        taken = self.page.screenshot(clip={"x": 0, "y": top, "width": width, "height": end - top}, full_page=True)
        Image.open(BytesIO(taken)).quantize(64).save(self._out / f"halaman-{name}.png", optimize=True)


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.page_pictures", description="Pictures of the page.")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="the folder to write to")
    out = parser.parse_args().out
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        office = SeededOffice(Path(folder) / "kantor")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with office.serve() as site:
            _show_reviewer(office, Photographer(browser, site, out))
            _show_head_of_office(office, Photographer(browser, site, out))
            _show_drafter(office, Photographer(browser, site, out))
        browser.close()


def _show_reviewer(office: SeededOffice, camera: Photographer) -> None:
    """A letter that is sent back; in the end it goes on."""
    camera.enter(office.invite("b"))
    camera.go(f"/berkas/{office.letter}", PHONE)
    camera.page.fill("[name=catatan]", "Nama anggota kedua belum ada.")
    camera.keep("kembalikan", "[aria-labelledby=giliran-1-judul]")
    office.approve(office.letter, "b")


def _show_head_of_office(office: SeededOffice, camera: Photographer) -> None:
    """The invitation, what waits, the letter, where the case stands, and what is told where it changed meanwhile."""
    invitation = office.invite("a")
    camera.go(invitation, PHONE)
    camera.keep("undangan")
    camera.enter(invitation)
    camera.go("/", DESK)
    camera.keep("menunggu", "header", "main")
    camera.go(f"/berkas/{office.letter}/surat/tandatangan", PHONE)
    camera.keep("surat", "main")
    camera.go(f"/berkas/{office.letter}", DESK)
    camera.keep("alur", "[aria-labelledby=alur]")
    moves.note(office.session("b"), office.letter, MoveInput(note="Tunggu, anggota masih bertambah."))
    camera.page.click("text=Setujui dan tanda tangani")
    camera.page.set_viewport_size({"width": PHONE, "height": 844})
    camera.keep("berubah", "[role=alert]")


def _show_drafter(office: SeededOffice, camera: Photographer) -> None:
    """A table that is filled in."""
    camera.enter(office.invite("c"))
    camera.go(f"/berkas/{office.draft}", PHONE)
    cells = ("Pejabat D", "", "Penata", "Analis Koperasi", "Ketua")
    for name, text in zip(("nama", "nip", "pangkat", "jabatan", "peran"), cells, strict=True):
        camera.page.fill(f"[name=anggota-0-{name}]", text)
    camera.page.click("text=Tambah baris Anggota tim")
    camera.keep("tabel", "fieldset")


if __name__ == "__main__":
    main()
