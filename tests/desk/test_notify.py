"""The mail of the day, given to a real mail server: who gets it, when, and what becomes of those that fail."""

import asyncio
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from sopctl.desk import moves, start
from sopctl.desk.inbox import make_calendar_feed
from sopctl.desk.mail_sending import PATIENCE, find_password
from sopctl.desk.move_input import MoveInput
from sopctl.desk.notify import DigestMail, notify
from sopctl.desk.start import StartInput
from sopctl.engine.refused import Refused
from sopctl.errors import WrongError
from sopctl.office.model import MailServer

if TYPE_CHECKING:
    from tests.conftest import Room

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it is TLS all the way

FORM = """
    id: uji
    nama: Uji
    pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang 3}
    steps:
      - {id: susun, no: 1, kegiatan: Menyusun konsep, pelaksana: tim, waktu: 30 menit}
      - {id: periksa, no: 2, kegiatan: Memeriksa konsep, pelaksana: kabid, waktu: 2 hari}
"""
CALLING = """
    id: induk
    nama: Induk
    pelaksana: {kadis: Kepala Dinas}
    steps:
      - {id: panggil, kegiatan: Memanggil, pelaksana: kadis, sop: uji}
    """
OFFICIALS = """
officials:
  - {nama: "Siti Aminah, S.E.", pelaksana: [kabid], pos_el: siti@kantor.go.id}
  - {nama: Budi, pelaksana: [tim], pos_el: budi@kantor.go.id}
  - {nama: Budi, pelaksana: [tim], until: 2026-11-01, pos_el: lama@kantor.go.id}
  - {nama: Ani, pelaksana: [tim]}
  - {nama: Pergi, pelaksana: [tim, kabid], until: 2026-11-23, pos_el: pergi@kantor.go.id}
  - {nama: Lain, pelaksana: [lain], pos_el: lain@kantor.go.id}
"""


class MailBox:
    """A mail server at work.

    ``refused`` are addresses that it does not take; at those of ``breaks`` it goes away, at ``hangs`` it says nothing.
    """

    def __init__(self) -> None:
        self.port = 0
        self.mails: list[tuple[str, EmailMessage]] = []
        self.refused: set[str] = set()
        self.breaks: set[str] = set()
        self.hangs: set[str] = set()
        self.hung = threading.Event()

    async def handle_RCPT(  # noqa: N802 — the name that the server calls
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 Alamat tidak dikenal"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: object, envelope: Envelope) -> str:  # noqa: N802 — the same
        (to,) = envelope.rcpt_tos
        if to in self.breaks:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if to in self.hangs:
            self.hung.set()
            await asyncio.sleep(3600)
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append((to, mail))
        return "250 OK"

    @property
    def addressees(self) -> list[str]:
        return [to for to, _ in self.mails]


@contextmanager
def serving(box: MailBox, secure: ssl.SSLContext | None = None, **settings: Any) -> Iterator[None]:  # noqa: ANN401 — as the server has them
    """Serve a mail box in a thread of its own; with ``secure`` from the first byte by TLS."""
    ready, stop = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        loops.append(loop)
        server = await loop.create_server(
            lambda: SMTP(box, loop=loop, hostname="uji", **settings), "127.0.0.1", 0, ssl=secure
        )
        box.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture
def box() -> Iterator[MailBox]:
    box = MailBox()
    with serving(box):
        yield box


@pytest.fixture
def told(room: "Room", box: MailBox) -> "Room":
    """An office with that mail server, a case that is late for Budi and one that waits for Siti."""
    room.write(FORM)
    room.say(OFFICIALS)
    room.say("web: {url: https://sop.kantor.go.id/}")
    use_server(room, box, "none")
    room.start("uji", "Tim Nelayan")
    room.start("uji", "Tim Tani")
    room.approve("uji-2")
    room.now = room.now.replace(hour=14, minute=0)
    return room


def use_server(room: "Room", box: MailBox, tls: str, more: str = "", host: str = "127.0.0.1") -> None:
    room.say(f"mail: {{host: {host}, port: {box.port}, from: sop@kantor.go.id, tls: {tls}{more}}}")


def tell(room: "Room", *, dry_run: bool = False) -> dict[str, DigestMail]:
    run = notify(room.session(looking=True), dry_run=dry_run)
    assert run.damaged == ()
    return {mail.account: mail for mail in run.mails}


def outcomes(room: "Room") -> dict[str, str]:
    return {account.removeprefix("page:"): mail.outcome for account, mail in tell(room).items()}


def test_each_official_in_office_with_an_address_is_told_what_waits(told: "Room", box: MailBox) -> None:
    assert outcomes(told) == {"siti-aminah": "sent", "budi": "sent"}
    assert box.addressees == ["siti@kantor.go.id", "budi@kantor.go.id"]
    (_, siti), (_, budi) = box.mails
    assert (siti["Subject"], siti["From"]) == ("1 pekerjaan menunggu Anda", "sopctl <sop@kantor.go.id>")
    assert siti["To"] == "siti@kantor.go.id"
    assert budi["Subject"] == "1 pekerjaan menunggu Anda, 1 di antaranya terlambat"
    assert budi.get_content().splitlines()[:7] == [
        "Yth. Budi",
        "",
        "Sel 24-11-2026 14.00: 1 pekerjaan menunggu Anda, 1 di antaranya terlambat.",
        "",
        "TERLAMBAT, batasnya Sel 24-11-2026 10.31",
        "  Tim Nelayan",
        "  1. Menyusun konsep (Tim Kerja)",
    ]
    assert "https://sop.kantor.go.id/berkas/uji-1" in budi.get_content()
    assert "Tim Tani" not in budi.get_content()


def test_a_person_gets_one_mail_a_day_and_none_when_nothing_waits(told: "Room", box: MailBox) -> None:
    told.approve("uji-2")
    assert [outcomes(told) for _ in range(2)] == [{"budi": "sent"}, {"budi": "already"}]
    told.now = told.now.replace(day=25)
    assert outcomes(told) == {"budi": "sent"}
    assert box.addressees == ["budi@kantor.go.id"] * 2
    assert [path.name for path in (told.root / "notified").iterdir() if path.is_dir()] == ["2026-11-25"]


def test_what_is_noted_is_no_part_of_the_record(told: "Room") -> None:
    before, office = told.record(), (told.root / "sopctl.yaml").read_bytes()
    tell(told)
    assert told.record() == before
    assert (told.root / "sopctl.yaml").read_bytes() == office
    noted = told.root / "notified" / "2026-11-24"
    assert sorted(path.name for path in noted.iterdir()) == ["budi", "siti-aminah"]
    assert {path.stat().st_mode & 0o77 for path in (noted, noted.parent, *noted.iterdir())} == {0}


def test_a_dry_run_composes_all_without_a_server_and_notes_nothing(told: "Room", box: MailBox) -> None:
    told.say("mail:")
    mails = tell(told, dry_run=True)
    assert {mail.outcome for mail in mails.values()} == {"dry_run"}
    assert "Tim Nelayan" in mails["page:budi"].text
    assert (box.mails, (told.root / "notified").exists()) == ([], False)


def test_whom_the_server_refuses_hinders_nobody_and_is_tried_again(told: "Room", box: MailBox) -> None:
    box.refused = {"siti@kantor.go.id"}
    first = tell(told)
    assert {mail.nama: mail.outcome for mail in first.values()} == {"Siti Aminah, S.E.": "refused", "Budi": "sent"}
    assert "550 5.1.1 Alamat tidak dikenal" in first["page:siti-aminah"].message
    box.refused = set()
    assert outcomes(told) == {"siti-aminah": "sent", "budi": "already"}


def test_what_may_have_been_taken_is_not_sent_again(told: "Room", box: MailBox) -> None:
    box.breaks = {"siti@kantor.go.id"}
    assert outcomes(told) == {"siti-aminah": "unknown", "budi": "sent"}
    assert outcomes(told) == {"siti-aminah": "already", "budi": "already"}


def test_a_server_that_is_not_there_is_asked_once_and_later_again(told: "Room", box: MailBox) -> None:
    port, box.port = box.port, 1
    use_server(told, box, "none")
    first = tell(told)
    assert {mail.outcome for mail in first.values()} == {"unsent"}
    assert "127.0.0.1 tidak dapat dipakai: sambungannya ditolak" in first["page:budi"].message
    box.port = port
    use_server(told, box, "none")
    assert set(outcomes(told).values()) == {"sent"}


def test_an_office_without_a_mail_server_is_told_what_to_write(told: "Room") -> None:
    told.say("mail:")
    with pytest.raises(WrongError, match="belum menyebut server pos-el"):
        tell(told)


def command(room: "Room") -> list[str]:
    return [sys.executable, "-m", "sopctl.cli", "notify", "--json", "--workspace", str(room.root)]


def test_who_is_killed_while_a_mail_is_sent_never_sends_it_again(told: "Room", box: MailBox) -> None:
    box.hangs = {"siti@kantor.go.id"}
    with subprocess.Popen(command(told)) as run:
        assert box.hung.wait(60)
        run.kill()
    box.hangs = set()
    again = json.loads(subprocess.run(command(told), check=True, capture_output=True, timeout=60).stdout)
    assert {mail["nama"]: mail["outcome"] for mail in again["mails"]} == {
        "Siti Aminah, S.E.": "already",
        "Budi": "sent",
    }


def test_who_stops_it_does_not_wait_for_a_server_that_says_nothing(told: "Room", box: MailBox) -> None:
    box.hangs = {"siti@kantor.go.id"}
    with subprocess.Popen(command(told), stdout=subprocess.PIPE) as run:
        assert box.hung.wait(60)
        run.send_signal(signal.SIGINT)
        assert run.wait(PATIENCE * 0.75) == 130


def test_runs_at_the_same_time_send_each_mail_once(told: "Room", box: MailBox) -> None:
    runs = [subprocess.Popen(command(told), stdout=subprocess.PIPE) for _ in range(4)]
    assert [run.wait(60) for run in runs] == [0] * 4
    for run in runs:
        assert run.stdout is not None
        run.stdout.close()
    assert sorted(box.addressees) == ["budi@kantor.go.id", "siti@kantor.go.id"]


HOSTILE = "Tim\r\nBcc: jahat@kantor.go.id\r\n\r\n.\r\nQUIT\x07\u202e"


def test_no_text_reaches_a_header_or_ends_the_mail(told: "Room", box: MailBox) -> None:
    told.say(
        'officials: [{nama: "Budi\\r\\nBcc: jahat@kantor.go.id\\r\\n\\r\\nhalo <x@y.id>, \\"a\\" (b)", '
        "pelaksana: [tim], pos_el: budi@kantor.go.id}]"
    )
    told.start("uji", HOSTILE.rstrip("\x07\u202e").replace("\x07", ""))
    tell(told)
    ((to, mail),) = box.mails
    assert to == "budi@kantor.go.id"
    assert sorted(mail.keys()) == sorted([
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    ])  # fmt: skip
    assert (mail["To"], mail.get_content_type()) == ("budi@kantor.go.id", "text/plain")
    assert "Tim Bcc: jahat@kantor.go.id . QUIT" in mail.get_content()


def test_what_a_case_assigned_to_somebody_is_told_to_them_alone(told: "Room", box: MailBox) -> None:
    told.ask(lambda session: moves.assign(session, "uji-1", "tim", "Siti Aminah, S.E.", MoveInput()))
    assert outcomes(told) == {"siti-aminah": "sent"}
    assert "Tim Nelayan" in box.mails[0][1].get_content()


def open_case(room: "Room", sop: str, subject: str, **of: Any) -> None:  # noqa: ANN401 — as the input has them
    opening = StartInput(subject=subject, **of)
    answer = room.ask(lambda session: start.start(session, sop, opening, MoveInput()))
    assert not isinstance(answer, Refused), answer


def test_of_confidential_cases_only_their_number_is_told(told: "Room", box: MailBox) -> None:
    told.write(FORM.replace("id: uji", "id: lain", 1), CALLING)
    told.say("confidential: [lain, induk]")
    open_case(told, "lain", "Rahasia menurut SOP-nya")
    open_case(told, "uji", "Rahasia sejak dibuka", confidential=True)
    open_case(told, "induk", "Rahasia induknya")  # which calls uji
    mail = tell(told)["page:budi"]
    assert (mail.waiting, mail.late, mail.confidential) == (4, 1, 3)
    assert "\n3 berkas rahasia.\n" in mail.text
    assert "Tim Nelayan" in mail.text
    told.account = "page:budi"
    feed = make_calendar_feed(told.session(looking=True)).decode()
    assert (feed.count("1 berkas rahasia"), "Tim Nelayan" in feed) == (3, True)
    for sent in (feed, *(str(mail) for _, mail in box.mails)):
        assert not [words for words in ("Rahasia", "lain-", "induk", "uji-3", "uji-4") if words in sent]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory, needs: Callable[[str], str]) -> Path:
    """A certificate that `localhost` signed itself, with its key in the same file."""
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    subprocess.run(
        [needs("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", path, "-out", f"{path}.crt"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture(params=["starttls", "ssl"])
def secured(
    request: pytest.FixtureRequest, told: "Room", certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple["Room", MailBox]]:
    """A server that wants TLS, a user and a password."""

    def check(_server: object, _session: object, _envelope: object, _mechanism: str, login: Any) -> AuthResult:  # noqa: ANN401 — as called
        is_right = (login.login, login.password) == (b"sopctl", b"rahasia sekali")
        return AuthResult(success=is_right, handled=False)

    box, context = MailBox(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    settings: dict[str, Any] = {"authenticator": check, "auth_required": True}
    if request.param == "starttls":
        settings |= {"tls_context": context, "require_starttls": True}
    else:
        settings |= {"auth_require_tls": False}
    monkeypatch.setenv("SOPCTL_MAIL_PASSWORD", "rahasia sekali")
    with serving(box, context if request.param == "ssl" else None, **settings):
        use_server(told, box, request.param, ", user: sopctl", host="localhost")
        yield told, box


def test_a_server_whose_certificate_is_known_gets_user_and_password(
    secured: tuple["Room", MailBox], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, box = secured
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    monkeypatch.setenv("SOPCTL_MAIL_PASSWORD", "keliru")
    assert "nama pengguna atau sandinya ditolak" in tell(room)["page:budi"].message
    monkeypatch.setenv("SOPCTL_MAIL_PASSWORD", "rahasia sekali")
    assert set(outcomes(room).values()) == {"sent"}
    assert len(box.mails) == 2


def test_a_certificate_that_nobody_vouches_for_gets_nothing(secured: tuple["Room", MailBox]) -> None:
    room, box = secured
    assert "sertifikatnya tidak dapat dipercaya" in tell(room)["page:budi"].message
    assert box.mails == []


def test_a_server_without_encryption_is_not_spoken_to_in_the_open(told: "Room", box: MailBox) -> None:
    use_server(told, box, "starttls")
    assert "tidak dikenalnya" in tell(told)["page:budi"].message
    assert box.mails == []


def test_a_password_comes_from_the_environment_or_a_file_that_is_closed(tmp_path: Path) -> None:
    server, file = MailServer(host="localhost", from_="a@b.id", user="u"), tmp_path / "sandi"
    file.write_text("dari file\n")
    file.chmod(0o600)
    assert find_password(server, {"SOPCTL_MAIL_PASSWORD_FILE": str(file)}) == "dari file"
    assert find_password(server, {"SOPCTL_MAIL_PASSWORD": "x"}) == "x"
    assert find_password(MailServer(host="localhost", from_="a@b.id"), {}) == ""
    with pytest.raises(WrongError, match="belum diberikan"):
        find_password(server, {})
    with pytest.raises(WrongError, match="tanpa tanda"):
        find_password(server, {"SOPCTL_MAIL_PASSWORD": "kàta"})


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_file_that_others_can_read_gives_no_password(tmp_path: Path) -> None:
    server, file = MailServer(host="localhost", from_="a@b.id", user="u"), tmp_path / "sandi"
    file.write_text("dari file\n")
    file.chmod(0o640)
    with pytest.raises(WrongError, match="chmod 600"):
        find_password(server, {"SOPCTL_MAIL_PASSWORD_FILE": str(file)})
