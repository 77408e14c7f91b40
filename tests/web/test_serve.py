"""`sopctl serve` as a process: it answers, ends with a sentence, and is refused where it would be a danger."""

import gc
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any, cast
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener, urlopen

import pytest
from flask import Response

from sopctl.accounts.accounts import Accounts
from sopctl.store.workspace import Workspace
from sopctl.web import server
from sopctl.web.app import create_app
from sopctl.web.settings import WebSettings

PASSWORD = "kuda baterai staples 92"  # noqa: S105 — of nobody
OFFICIALS = "officials:\n  - {nama: Siti Aminah, pelaksana: [kabid]}\n"

Start = Callable[..., tuple[subprocess.Popen[str], int]]


class KeepRedirect(HTTPRedirectHandler):
    """Take a redirect for the answer that it is."""

    def http_error_303(self, _request: Request, answer: Any, *_: object) -> Any:  # noqa: ANN401 — as urllib has it
        return answer


def command(kantor: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "sopctl.cli", "serve", "--workspace", str(kantor), *words]


@pytest.fixture
def start(workspace: Path) -> Iterator[Start]:
    """Start the page, by default at a free port; the process and its port."""
    started: list[subprocess.Popen[str]] = []

    def open_page(*words: str) -> tuple[subprocess.Popen[str], int]:
        process = subprocess.Popen(
            command(workspace, "--port", "0", "--json", *words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout
        told = "".join(iter(process.stdout.readline, "}\n"))
        return process, int(json.loads(f"{told}}}")["url"].rsplit(":", 1)[1].rstrip("/"))

    yield open_page
    for process in started:
        process.kill()
        process.communicate()


def send_by_drops(client: socket.socket, drop: bytes = b"a") -> None:
    for _ in range(3000):
        client.sendall(drop)
        time.sleep(0.01)


def refused(kantor: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(kantor, *words), capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_page_answers_until_it_is_stopped_and_says_so(start: Start, ending: signal.Signals) -> None:
    process, port = start()
    with urlopen(f"http://127.0.0.1:{port}/sehat") as answer:
        assert json.load(answer) == {"ok": True}
        assert answer.headers["Server"] is None
    process.send_signal(ending)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "Halaman ditutup.\n")


def test_a_port_that_is_taken_is_a_sentence(start: Start, workspace: Path) -> None:
    _, port = start()
    done = refused(workspace, "--port", str(port))
    assert done.returncode == 6
    assert done.stderr == f"Port {port} sedang dipakai program lain. Pilih port lain dengan --port.\n"


def test_a_killed_page_leaves_its_port_to_the_next(start: Start) -> None:
    process, port = start()
    process.kill()
    process.communicate()
    _, again = start("--port", str(port))
    with urlopen(f"http://127.0.0.1:{again}/sehat") as answer:
        assert (again, answer.status) == (port, 200)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--host", "0.0.0.0"), "--behind-proxy"),  # noqa: S104 — that it is refused is the point
        (("--host", "tidak-ada.invalid", "--insecure"), "bukan alamat komputer ini"),
        (("--port", "65536"), "65535"),
        (("--remote-user",), "--behind-proxy"),
        (("--remote-user", "--behind-proxy", "--host", "0.0.0.0"), "loopback"),  # noqa: S104 — the same
    ],
)
def test_an_address_that_would_be_a_danger_is_refused(workspace: Path, words: tuple[str, ...], told: str) -> None:
    done = refused(workspace, *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_without_tls_other_computers_are_let_in_with_a_warning_only(start: Start) -> None:
    process, _ = start("--host", "0.0.0.0", "--insecure")  # noqa: S104 — that it warns is the point
    process.send_signal(signal.SIGINT)
    assert "Peringatan: tanpa TLS" in process.communicate(timeout=30)[1]


def test_at_another_port_it_is_told_how_invitations_lead_there(workspace: Path) -> None:
    def told(*words: str) -> str:
        with subprocess.Popen(command(workspace, "--port", "0", *words), stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            first = process.stdout.readline()
            process.send_signal(signal.SIGINT)
            return first + process.stdout.read()

    first, second = told().splitlines()
    address = first.split()[2].rstrip("/")
    assert second.endswith(f"account invite NAMA --url {address}")
    assert "--url" not in told("--behind-proxy")
    with (workspace / "sopctl.yaml").open("a", encoding="utf-8") as file:
        file.write('web: {url: "https://sop.contoh.go.id"}\n')
    assert "--url" not in told()


def test_an_office_file_that_is_wrong_is_told_before_the_page_opens(workspace: Path) -> None:
    (workspace / "sopctl.yaml").write_text("timezone: Bulan/Kawah\n", encoding="utf-8")
    assert refused(workspace, "--port", "0").returncode == 5


def test_without_the_extra_it_is_told_what_to_install(workspace: Path) -> None:
    hide = "import sys; sys.modules['flask'] = None; sys.argv[0] = 'sopctl'; from sopctl.cli.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", hide, "serve", "--workspace", str(workspace)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "pip install flask" in done.stderr


def test_an_official_goes_from_invitation_to_log_out_over_the_network(start: Start, workspace: Path) -> None:
    """What other programs rely on: addresses, names of fields and statuses."""
    office = workspace / "sopctl.yaml"
    office.write_text(re.sub(r"(?ms)^officials:.*?(?=^\w|\Z)", OFFICIALS, office.read_text(encoding="utf-8")), "utf-8")
    _, port = start()
    base = f"http://127.0.0.1:{port}"
    done = subprocess.run(
        [sys.executable, "-m", "sopctl.cli", "account", "invite", "Siti Aminah", "--json", "--url", base],
        cwd=workspace,
        capture_output=True,
        text=True,
        check=True,
    )
    ask = build_opener(HTTPCookieProcessor(), KeepRedirect)
    for page, fields, leads in (
        (json.loads(done.stdout)["link"], {"sandi": PASSWORD, "sandi_ulang": PASSWORD}, "/"),
        (f"{base}/keluar", {}, "/masuk"),
        (f"{base}/masuk", {"nama": "siti-aminah", "sandi": PASSWORD}, "/"),
    ):
        form = ask.open(f"{base}/akun" if page.endswith("/keluar") else page).read().decode()
        hidden = re.search(r'name="csrf" value="([^"]*)"', form)
        assert hidden
        answer = ask.open(page, data=urlencode({"csrf": hidden[1], **fields}).encode())
        assert (answer.status, answer.headers["Location"]) == (303, leads)
    assert ask.open(f"{base}/").status == 200


@pytest.mark.parametrize(("flags", "status"), [((), b"303"), (("--remote-user", "--behind-proxy"), b"200")])
def test_the_name_that_a_proxy_gives_counts_where_it_was_told_to_and_as_one_header(
    start: Start, workspace: Path, flags: tuple[str, ...], status: bytes
) -> None:
    office = workspace / "sopctl.yaml"
    office.write_text(re.sub(r"(?ms)^officials:.*?(?=^\w|\Z)", OFFICIALS, office.read_text(encoding="utf-8")), "utf-8")
    _, port = start(*flags)
    for header, expected in (
        (b"Remote-User: siti-aminah", status),
        (b"Remote_User: siti-aminah", b"303"),
        (b"Remote-User: siti-aminah\r\nRemote-User: root", b"303"),
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
            client.sendall(b"GET /akun HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n\r\n")
            assert client.recv(64).split()[1] == expected, header


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives a file to another account")
def test_accounts_of_another_system_account_are_left_alone(workspace: Path) -> None:
    Accounts(workspace / "accounts").session_key()
    os.chown(workspace / "accounts" / "accounts.sqlite3", 1, 1)
    done = refused(workspace, "--port", "0")
    assert done.returncode == 3
    assert "akun komputer" in done.stderr


@pytest.fixture
def serve_here(workspace: Path) -> Iterator[Callable[[], int]]:
    """Serve the page in a thread of this process, with a long answer at `/panjang`; its port."""
    settings = WebSettings(workspace=Workspace(workspace), key=b"k", clock=lambda: datetime.now(UTC))
    app = create_app(settings)
    app.before_request_funcs = {}
    app.add_url_rule("/panjang", view_func=lambda: Response(b"a" * 1_000_000 for _ in range(40)))
    pages: list[server.PageServer] = []

    def serve() -> int:
        pages.append(server.bind_server(app, "127.0.0.1", 0, behind_proxy=False))
        Thread(target=pages[0].run, daemon=True).start()
        return int(pages[0].effective_port)

    yield serve
    for page in pages:
        page.task_dispatcher.shutdown(timeout=1)
        page.close()


def test_a_request_that_drips_takes_up_no_connection(
    serve_here: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_SILENCE", 0.3)
    with socket.create_connection(("127.0.0.1", serve_here()), timeout=30) as slow:
        slow.sendall(b"GET /sehat HTTP/1.1\r\nHost: x\r\nX-Pelan: ")
        with pytest.raises(ConnectionError):
            send_by_drops(slow)


def test_readers_that_take_nothing_hold_up_nobody(serve_here: Callable[[], int]) -> None:
    port = serve_here()
    slow = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(server.THREADS + 2)]
    for client in slow:
        client.sendall(b"GET /panjang HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 200"
    with urlopen(f"http://127.0.0.1:{port}/sehat", timeout=20) as answer:
        assert answer.status == 200
    for client in slow:
        client.close()


def test_a_header_without_end_and_a_body_beyond_the_limit_are_refused(start: Start) -> None:
    _, port = start()
    for head, status in (
        (b"GET /sehat HTTP/1.1\r\nHost: x\r\nX-Besar: " + b"a" * 40_000, b"431"),
        (b"POST /sehat HTTP/1.1\r\nHost: x\r\nContent-Length: 200000000\r\n\r\n", b"413"),
        (b"GET /sehat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", b"200"),
        (b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", b"303"),
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
            client.sendall(head)
            assert client.recv(64).split()[1] == status, head[:60]


def test_the_page_runs_with_the_garbage_collector_that_commands_go_without() -> None:
    class Server:
        seen: bool | None = None

        def run(self) -> None:
            self.seen = gc.isenabled()

        def close(self) -> None:
            pass

    stopped, handler = Server(), signal.getsignal(signal.SIGTERM)
    gc.disable()
    try:
        server.serve_until_stopped(cast("server.PageServer", stopped))
    finally:
        gc.enable()
        signal.signal(signal.SIGTERM, handler)
    assert stopped.seen


def test_what_is_sent_by_many_at_once_does_not_fill_the_disk(
    serve_here: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_SMALL", 10_000)
    monkeypatch.setattr(server, "_MOST_WAITING", 100_000)
    port, head = serve_here(), b"POST /sehat HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=30) as first:
        first.sendall(head % 200_000 + b"a" * 80_000)
        with socket.create_connection(("127.0.0.1", port), timeout=30) as second:
            second.sendall(head % 200_000)
            with pytest.raises(ConnectionError):
                send_by_drops(second, b"a" * 1000)
        with socket.create_connection(("127.0.0.1", port), timeout=30) as small:
            small.sendall(head % 2 + b"aa")
            assert small.recv(12) == b"HTTP/1.1 405"
