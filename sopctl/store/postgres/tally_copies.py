"""Tallies of groups as this account read them last: what has not changed since does not cross the network again.

A copy goes by the digest of the tally, so that it is true of whatever database names the same one.
"""

from hashlib import sha256

from sopctl.store.caches.account_cache import Cache


class TallyCopies:
    """The copies in the cache of an account, one for each group."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def list_digests(self, beginning: str) -> list[str]:
        """The digests of the copies of those groups whose names begin so, perhaps with some others."""
        return [name.rpartition(".")[2] for name in self._cache.list_names(_name_copy(beginning, ""))]

    def read(self, group: str, digest: str) -> bytes | None:
        """The tally of a group; None where it is not kept (any more)."""
        return self._cache.read(_name_copy(f"{group}.", digest))

    def forget(self) -> None:
        """Let go of all copies."""
        for name in self._cache.list_names(_name_copy("", "")):
            self._cache.remove(name)

    def keep(self, group: str, digest: str, tally: bytes) -> None:
        """Keep the tally of a group in the place of an earlier one."""
        for name in self._cache.list_names(_name_copy(f"{group}.", "")):
            self._cache.remove(name)
        self._cache.write(_name_copy(f"{group}.", digest), tally, durable=False)


def digest_tally(tally: bytes) -> str:
    """The digest by which a copy goes."""
    return sha256(tally).hexdigest()


def _name_copy(group: str, digest: str) -> str:
    return f"tally-{group.replace('/', '-')}{digest}"
