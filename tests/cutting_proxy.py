"""A proxy between a program and its PostgreSQL server that counts the round trips and cuts the connection at a word."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Literal

_READY = b"Z\0\0\0\5"
"""How the message begins, of a byte more, by which the server says that it waits for the next one."""


class CuttingProxy:
    """Listens at ``port`` of this computer and passes on to a server's socket.

    A round trip is counted where the program sends something after the server has answered what it sent before;
    ``setups`` are connections made, whose first exchanges are not counted.
    """

    def __init__(self, server: Path) -> None:
        self._server = str(server)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.setups = self.round_trips = self.cuts = 0
        self._lock = Lock()
        self._at = b""
        self._when: Literal["before", "after"] = "before"
        self.farewell = b""
        self._closed = False
        Thread(target=self._accept, daemon=True).start()

    def cut_once(self, when: Literal["before", "after"], word: bytes, *, farewell: bytes = b"") -> None:
        """Cut the next connection whose program sends this, before the server gets it or after it has answered.

        With a ``farewell`` the program gets the answer, and this instead of the message that the server waits again.
        """
        with self._lock:
            self._at, self._when, self.farewell = word, when, farewell

    def close(self) -> None:
        """Accept no more connections; the others go on."""
        self._closed = True
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while not self._closed:
            with suppress(OSError):
                program, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(self._server)
                except OSError:
                    program.close()
                    continue
                program.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                _Connection(self, program, server)

    def takes_cut(self, sent: bytes) -> Literal["before", "after", ""]:
        """Whether what a program sent is where a connection shall be cut, which is so once."""
        with self._lock:
            if not self._at or self._at not in sent:
                return ""
            self._at = b""
            self.cuts += 1
            return self._when

    def count(self, *, setup: bool) -> None:
        """Count a connection made, or a round trip."""
        with self._lock:
            self.setups += setup
            self.round_trips += not setup


class _Connection:
    """One connection, with a thread for each direction."""

    def __init__(self, proxy: CuttingProxy, program: socket.socket, server: socket.socket) -> None:
        self._proxy, self._program, self._server = proxy, program, server
        self._answered = self._is_set_up = self._cuts_at_answer = False
        for work in (self._pass_requests, self._pass_answers):
            Thread(target=work, daemon=True).start()

    def _pass_requests(self) -> None:
        with suppress(OSError):
            while data := self._program.recv(1 << 16):
                if self._answered:
                    self._answered = False
                    self._proxy.count(setup=False)
                when = self._proxy.takes_cut(data)
                if when == "before":
                    break
                self._cuts_at_answer |= when == "after"
                self._server.sendall(data)
        self._close()

    def _pass_answers(self) -> None:
        end = b""
        with suppress(OSError):
            while data := self._server.recv(1 << 16):
                end = (end + data)[-6:]
                if end.startswith(_READY):
                    if self._cuts_at_answer:
                        if self._proxy.farewell:
                            self._program.sendall(data[: -len(_READY) - 1] + self._proxy.farewell)
                        break
                    if not self._is_set_up:
                        self._is_set_up = True
                        self._proxy.count(setup=True)
                    self._answered = True
                if not self._cuts_at_answer or self._proxy.farewell:
                    self._program.sendall(data)
        self._close()

    def _close(self) -> None:
        for one in (self._program, self._server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@contextmanager
def run_proxy(server: Path) -> Iterator[CuttingProxy]:
    """A proxy for the length of a block."""
    proxy = CuttingProxy(server)
    try:
        yield proxy
    finally:
        proxy.close()
