"""How often a password may be tried: a leaky bucket for each account at an address, each account, each address.

An attempt is counted before the password is looked at, so that many at once win nothing, and taken off again where it
was right. Who fails at one address can still log in at another, and others at that address are not kept out: what is
counted for the whole address allows for an office behind one, and whoever logged in from there before is exempt.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from sqlite3 import Connection
from typing import NamedTuple

from sopctl.accounts.database import seconds

_TRUST = int(timedelta(days=90).total_seconds())
"""Seconds for which an account is known at an address where it logged in."""

_HOUR = 3600


class _Bucket(NamedTuple):
    """One count: ``size`` attempts at once, and so many more in an hour."""

    key: bytes
    account: str | None
    size: int
    per_hour: int


class Attempt(NamedTuple):
    """Somebody who wants to log in: the account that is meant, or what was typed for one where there is none."""

    name: str
    address: str
    known: bool

    @property
    def pair(self) -> bytes:
        """The account at the address; a name may be a password in the wrong place, so only a hash is kept."""
        return _key("pair", self.name, _network(self.address))

    @property
    def buckets(self) -> tuple[_Bucket, ...]:
        """What counts it, that of the account at the address first."""
        account = self.name if self.known else None
        return (
            _Bucket(self.pair, account, 5, 20),
            _Bucket(_key("account", self.name), account, 60, 60),
            _Bucket(_key("address", _network(self.address)), None, 120, 240),
        )


def count_attempt(connection: Connection, attempt: Attempt, now: datetime) -> int:
    """Count an attempt; where there were too many it is not counted, and how many seconds to wait is told."""
    at = seconds(now)
    connection.execute("DELETE FROM trusted WHERE at < ?", (at - _TRUST,))
    buckets = _list_buckets(connection, attempt)
    levels = [_read_level(connection, bucket, at) for bucket in buckets]
    excess = (
        (level + 1 - bucket.size) * _HOUR / bucket.per_hour for bucket, level in zip(buckets, levels, strict=True)
    )
    wait = max(0, ceil(max(excess)))
    for bucket, level in zip(buckets, levels, strict=True):
        row = (bucket.key, bucket.account, level + (not wait), at)
        connection.execute("REPLACE INTO attempts VALUES (?, ?, ?, ?)", row)
    connection.execute("DELETE FROM attempts WHERE at < ?", (at - 6 * _HOUR,))  # empty by then
    return wait


def forgive_attempt(connection: Connection, attempt: Attempt, now: datetime) -> None:
    """The password was right: take the attempt off, forget those before it, and know the account at this address."""
    for bucket in _list_buckets(connection, attempt)[1:]:
        connection.execute("UPDATE attempts SET level = max(0, level - 1) WHERE key = ?", (bucket.key,))
    connection.execute("DELETE FROM attempts WHERE key = ?", (attempt.pair,))
    connection.execute("REPLACE INTO trusted VALUES (?, ?)", (attempt.pair, seconds(now)))


def _list_buckets(connection: Connection, attempt: Attempt) -> tuple[_Bucket, ...]:
    """What counts an attempt: of who logged in from there before only that of the account at the address."""
    trusted = connection.execute("SELECT 1 FROM trusted WHERE key = ?", (attempt.pair,)).fetchone()
    return attempt.buckets[:1] if trusted else attempt.buckets


def forget_attempts(connection: Connection, account: str) -> None:
    """Forget those of an account, which has another password now."""
    connection.execute("DELETE FROM attempts WHERE account = ?", (account,))


def _read_level(connection: Connection, bucket: _Bucket, at: int) -> float:
    """How full a bucket is now; a clock that went back empties none, and keeps none full for longer."""
    row = connection.execute("SELECT level, at FROM attempts WHERE key = ?", (bucket.key,)).fetchone()
    if row is None:
        return 0.0
    level, then = float(row[0]), int(row[1])
    return max(0.0, level - max(0, at - then) * bucket.per_hour / _HOUR)


def _network(address: str) -> str:
    """The address, of IPv6 the network that one subscriber has."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((int(found), 64), strict=False))


def _key(*parts: str) -> bytes:
    return sha256("\0".join(parts).encode(errors="replace")).digest()
