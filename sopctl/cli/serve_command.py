"""`serve`: the office's page for officials, at an address of this computer."""

from typing import TYPE_CHECKING, Annotated

import typer

from sopctl.cli import output, session
from sopctl.cli.progress import reading
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from sopctl.store.workspace import Workspace
    from sopctl.web.server import PageServer

PORT = 8080

_HIGHEST_PORT = 65_535

Host = Annotated[str, typer.Option("--host", metavar="ALAMAT", help="Alamat komputer ini yang dibuka.")]
Port = Annotated[int, typer.Option("--port", metavar="ANGKA", help="Nomor portnya; 0 = yang sedang bebas.")]
BehindProxy = Annotated[
    bool, typer.Option("--behind-proxy", help="Halaman dicapai lewat proksi dengan TLS (Caddy, nginx).")
]
RemoteUser = Annotated[
    bool, typer.Option("--remote-user", help="Proksi itu sudah mengenali orangnya dan menyebutnya pada Remote-User.")
]
Insecure = Annotated[
    bool, typer.Option("--insecure", help="Buka juga untuk komputer lain tanpa TLS (hanya untuk uji coba).")
]


def serve(
    host: Host = "127.0.0.1",
    port: Port = PORT,
    behind_proxy: BehindProxy = False,
    remote_user: RemoteUser = False,
    insecure: Insecure = False,
) -> int:
    """Buka halaman kantor untuk para pejabat di peramban sampai Ctrl-C."""
    from sopctl.accounts.passwords import check_installed

    check_installed()
    if not 0 <= port <= _HIGHEST_PORT:
        raise UsageError(f"--port {port}: tulis angka dari 0 sampai {_HIGHEST_PORT}.")
    _refuse_open_door(host, behind_proxy=behind_proxy, remote_user=remote_user, insecure=insecure)
    from sopctl.store.case_index import load_turns
    from sopctl.web.server import serve_until_stopped

    looking = session.opened(looking=True)
    with reading() as on_progress:  # whoever asks first need not wait for the index
        load_turns(looking.record, on_progress=on_progress)
    server = _bind(looking.workspace, host, port, behind_proxy=behind_proxy, remote_user=remote_user)
    _tell_address(server, host, known=behind_proxy or looking.office.page_url != "")
    serve_until_stopped(server)
    output.complain("Halaman ditutup.")
    return 0


def _refuse_open_door(host: str, *, behind_proxy: bool, remote_user: bool, insecure: bool) -> None:
    """Refuse an address where passwords could be read in the network, or others' names be given; warn of the first."""
    from sopctl.web.server import is_loopback

    alone = is_loopback(host)
    if remote_user and not (behind_proxy and alone):
        raise UsageError(
            "--remote-user hanya bersama --behind-proxy dan pada alamat loopback: siapa pun yang mencapai port itu "
            "tanpa proksi dapat menyebut nama orang lain."
        )
    if not (alone or behind_proxy or insecure):
        raise UsageError(
            f"--host {host} dapat dicapai komputer lain, dan tanpa TLS sandi terbaca di jaringan. Taruh proksi dengan "
            "TLS di depannya (--behind-proxy), atau pakai --insecure untuk uji coba."
        )
    if not (alone or behind_proxy):
        output.complain("Peringatan: tanpa TLS sandi dan isi berkas dapat dibaca siapa pun di jaringan ini.")


def _bind(workspace: "Workspace", host: str, port: int, *, behind_proxy: bool, remote_user: bool) -> "PageServer":
    from sopctl.accounts.accounts import Accounts
    from sopctl.web.app import create_app
    from sopctl.web.server import bind_server
    from sopctl.web.settings import WebSettings

    settings = WebSettings(
        workspace=workspace,
        key=Accounts(workspace.accounts).session_key(),
        clock=session.clock,
        secure=behind_proxy,
        behind_proxy=behind_proxy,
        remote_user=remote_user,
    )
    return bind_server(create_app(settings), host, port, behind_proxy=behind_proxy)


def _tell_address(server: "PageServer", host: str, *, known: bool) -> None:
    """Say where the page is, before it answers, and how invitations lead there unless they do by themselves."""
    import sys

    from sopctl.desk.accounts import LOOPBACK

    address = f"http://{f'[{host}]' if ':' in host else host}:{server.effective_port}"
    told = f"Halaman kantor: {address}/ (Ctrl-C menutupnya)"
    if not known and address != LOOPBACK:
        told += f"\nUndangan ke alamat ini: sopctl account invite NAMA --url {address}"
    output.show({"url": f"{address}/"}, told)
    sys.stdout.flush()
