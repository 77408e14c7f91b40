"""The national holidays of a year, looked up once and then kept in the cache.

The file may be deleted at any time: it is made again from the `holidays` package, which is slow to load. A newly
installed package is noticed by the time of its file. What a moving command records or prints as due rests on these
days, so they are taken from what this account looked up itself and from nobody else (`store.caches`).
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from zlib import crc32

import msgspec
from msgspec import Struct

from sopctl.store.caches.account_cache import Cache
from sopctl.store.struct_decoders import make_json_decoder


class _Kept(Struct, frozen=True):
    edition: int
    country: str
    year: int
    days: dict[date, str]
    cuti_bersama: bool


def cached_holidays(cache: Cache, year: int, country: str) -> Mapping[date, str]:
    """The national days off of a year, cuti bersama among them."""
    return _kept(cache, year, country).days


def knows_cuti_bersama(cache: Cache, year: int, country: str) -> bool:
    """Whether the cuti bersama of a year are known; a country that has none of them misses nothing."""
    return _kept(cache, year, country).cuti_bersama


def _kept(cache: Cache, year: int, country: str) -> _Kept:
    name = f"holidays-{country.lower()}-{year}.json"
    kept = cache.read_as(name, make_json_decoder(_Kept).decode)
    if kept is not None and (kept.edition, kept.country, kept.year) == (package_edition(), country, year):
        return kept
    from sopctl.worktime.national import has_cuti_bersama, national_holidays  # noqa: PLC0415 — needed once a year

    kept = _Kept(package_edition(), country, year, national_holidays(year, country), has_cuti_bersama(year, country))
    cache.write(name, msgspec.json.encode(kept))
    return kept


@lru_cache
def package_edition() -> int:
    """When the `holidays` package was installed, in nanoseconds."""
    spec = find_spec("holidays")
    return Path(spec.origin).stat().st_mtime_ns if spec and spec.origin else 0


@lru_cache
def package_checksum() -> int:
    """The CRC-32 of what the `holidays` package says of its version."""
    spec = find_spec("holidays")
    return crc32(Path(spec.origin).with_name("version.py").read_bytes()) if spec and spec.origin else 0
