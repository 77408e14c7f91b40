"""An encrypted way to the server: it is checked as the service file says, and what is wrong with it is told."""

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from select import select
from threading import Thread

import pytest

from sopctl.errors import BusyError
from sopctl.store.postgres import errors
from sopctl.store.postgres.facts import describe_database
from tests.postgres_cluster import PORT, Database
from tests.store.postgres.conftest import ROLE, OpenStore

WRONG = {
    "another authority": ("localhost", "sslmode=verify-full\nsslrootcert={folder}/lain.pem\n", "certificate"),
    "no authority": ("localhost", "sslmode=verify-full\nsslrootcert={folder}/hilang.pem\n", "certificate"),
    "another name": ("127.0.0.1", "sslmode=verify-full\nsslrootcert={folder}/server.pem\n", "certificate"),
    "an old protocol": ("localhost", "sslmode=require\nssl_max_protocol_version=TLSv1\n", "encryption"),
    "no such mode": ("localhost", "sslmode=verifyfull\n", "settings"),
}


@pytest.fixture
def encrypted(database: Database, needs: Callable[[str], str], tmp_path: Path) -> Iterator[int]:
    """Encrypt before the server, as it does itself with `ssl = on`; the port, on this computer."""
    for name in ("server", "lain"):
        words = f"req -x509 -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.pem -subj /CN=localhost"
        names = ["-addext", "subjectAltName=DNS:localhost"]
        subprocess.run([needs("openssl"), *words.split(), *names], cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    with socket.create_server(("127.0.0.1", 0)) as server:
        behind = str(database.cluster.folder / f".s.PGSQL.{PORT}")
        Thread(target=_serve, args=(server, context, behind), daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, context: ssl.SSLContext, behind: str) -> None:
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return
        Thread(target=_join, args=(client, context, behind), daemon=True).start()


def _join(client: socket.socket, context: ssl.SSLContext, behind: str) -> None:
    """Answer the wish to encrypt, then hand on what is sent in either direction."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as to_server, client:
        client.recv(8)
        client.sendall(b"S")
        with context.wrap_socket(client, server_side=True) as inside:
            to_server.connect(behind)
            data = b"-"
            while data:
                (ready, *_), _, _ = select([inside, to_server], [], [])
                data = ready.recv(65536) if ready is to_server else _read_all(inside)
                (inside if ready is to_server else to_server).sendall(data)


def _read_all(inside: ssl.SSLSocket) -> bytes:
    """What has come, decrypted: nothing of it may stay where `select` does not see it."""
    data = inside.recv(65536)
    while inside.pending():
        data += inside.recv(65536)
    return data


def test_a_server_with_the_certificate_that_is_asked_for_is_worked_with(
    database: Database, open_store: OpenStore, encrypted: int, tmp_path: Path
) -> None:
    database.add_service("tls", ROLE, host="localhost", port=encrypted)
    with (tmp_path / "pg_service.conf").open("a") as file:
        file.write(f"sslmode=verify-full\nsslrootcert={tmp_path}/server.pem\n")
    assert open_store("tls").state() == "0"
    found = describe_database("tls", "").database
    assert found is not None
    assert (found.encrypted, found.local) == (True, False)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_server_that_may_be_another_is_not_asked(
    database: Database, open_store: OpenStore, encrypted: int, tmp_path: Path, wrong: str
) -> None:
    host, text, code = WRONG[wrong]
    database.add_service("tls", ROLE, host=host, port=encrypted)
    with (tmp_path / "pg_service.conf").open("a") as file:
        file.write(text.format(folder=tmp_path))
    with pytest.raises(BusyError) as raised:
        open_store("tls").state()
    assert raised.value.code == code
    assert code not in errors.LOST  # so nobody waits for it
