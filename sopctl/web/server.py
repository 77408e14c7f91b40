"""The page at an address: waitress with limits on what one client may take up of it."""

import ctypes
import errno
import gc
import logging
import signal
import socket
import sys
import time
from contextlib import suppress
from ipaddress import ip_address

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

from sopctl.errors import BusyError, UsageError, because
from sopctl.web.app import LARGEST_REQUEST

THREADS = 8
"""Pages that are made at a time; others wait, whose connections cost nothing else."""

_SILENCE = 30
"""Seconds for which a connection may be silent."""

_SLOWEST = 2_000
"""Bytes in a second, below which a request may not stay for longer than the silence that it is allowed."""

_SMALL, _MOST_WAITING = 1_000_000, 1_000_000_000
"""Bytes of a request that always finds room, and of all requests together: anybody may send one, and it goes to disk
before it is known who that is."""

_ARENA_MAX = -8
"""`M_ARENA_MAX` of `malloc.h`."""

_LIMITS = {
    "threads": THREADS,
    "connection_limit": 200,
    "channel_timeout": _SILENCE,
    "cleanup_interval": 10,
    "max_request_header_size": 32_768,
    "max_request_body_size": LARGEST_REQUEST,
    "outbuf_high_watermark": 1 << 30,  # what is answered waits on disk for a slow reader, not in a thread
    "asyncore_use_poll": True,
    "ident": None,
}


class TimedChannel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection that is closed where a request comes too slowly.

    It may come as slowly as a poor telephone sends a photo, but not one byte in a while: so few clients would take up
    all connections.
    """

    _began = 0.0
    _bytes = 0

    @property
    def waiting(self) -> int:
        """The bytes that came of a request which is not answered."""
        return self._bytes if self.request is not None or self.requests else 0

    def received(self, data: bytes) -> bool:
        """Take what came of a request, in the time that so many bytes may take."""
        now = time.monotonic()
        if self.request is None:
            self._began, self._bytes = now, 0
        self._bytes += len(data)
        late = now - self._began > _SILENCE + self._bytes / _SLOWEST
        if late or (self._bytes > _SMALL and self.server.waiting > _MOST_WAITING):
            self.will_close = True
            return False
        return bool(super().received(data))


class PageServer(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    """The page of one office at one address."""

    channel_class = TimedChannel

    @property
    def waiting(self) -> int:
        """The bytes of all requests that are not answered."""
        return sum(channel.waiting for channel in [*self.active_channels.values()])


def bind_server(app: Flask, host: str, port: int, *, behind_proxy: bool) -> PageServer:
    """The page at an address, which nobody is answered at before `serve_until_stopped`; a free port for 0.

    Raises:
        UsageError: where this computer has no such address, or its system gives the port to nobody. BusyError: where
            another program has the port.
    """
    _share_heap()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that people wait for a moment is no news
    try:
        listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return PageServer(
            app, listen=listen, ipv6=":" in host, clear_untrusted_proxy_headers=not behind_proxy, **_LIMITS
        )
    except (OSError, ValueError, OverflowError) as error:
        raise _translate_error(error, host, port) from error


def serve_until_stopped(server: PageServer) -> None:
    """Answer until Ctrl-C or the system's request to end; pages that are being made have five seconds.

    Unlike a command, which `cli.entry` runs without it, this process lives long enough for the garbage collector.
    """
    gc.enable()
    signal.signal(signal.SIGTERM, _stop)
    server.run()
    server.close()


def _share_heap() -> None:
    """Let all threads take memory from one heap, where the system is glibc's.

    With a heap for each, every one keeps what a report took: measured 285 MB instead of 147 in an office of 105,000
    cases, after each thread had made the page of the report.
    """
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


def is_loopback(host: str) -> bool:
    """Whether only programs of this computer reach an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _stop(_signal: int, _frame: object) -> None:
    raise SystemExit


def _translate_error(error: Exception, host: str, port: int) -> BusyError | UsageError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return BusyError(f"Port {port} sedang dipakai program lain.", code="port", advice="other_port")
    if isinstance(error, OSError) and error.errno == errno.EACCES:
        return UsageError(f"Port {port} tidak boleh dipakai akun ini.", code="port", advice="other_port")
    why = f": {because(error)}" if isinstance(error, OSError) and not isinstance(error, socket.gaierror) else ""
    return UsageError(f"{host} port {port} bukan alamat komputer ini{why}.", code="host")
