"""The national holidays of a year, looked up once and then kept beside the record as a cache.

The file may be deleted at any time: it is made again from the `holidays` package, which is slow to load. A newly
installed package is noticed by the time of its file.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import msgspec
from msgspec import Struct

from sopctl.errors import BusyError
from sopctl.store import files


class _Kept(Struct, frozen=True):
    edition: int
    country: str
    year: int
    days: dict[date, str]
    cuti_bersama: bool


def cached_holidays(cache: Path, year: int, country: str) -> Mapping[date, str]:
    """The national days off of a year, cuti bersama among them."""
    return _kept(cache, year, country).days


def knows_cuti_bersama(cache: Path, year: int, country: str) -> bool:
    """Whether the cuti bersama of a year are known; a country that has none of them misses nothing."""
    return _kept(cache, year, country).cuti_bersama


def _kept(cache: Path, year: int, country: str) -> _Kept:
    path = cache / f"holidays-{country.lower()}-{year}.json"
    kept = _read(path)
    if kept is not None and (kept.edition, kept.country, kept.year) == (edition(), country, year):
        return kept
    from sopctl.worktime.national import has_cuti_bersama, national_holidays  # noqa: PLC0415 — needed once a year

    kept = _Kept(edition(), country, year, national_holidays(year, country), has_cuti_bersama(year, country))
    with suppress(BusyError):
        files.replace(path, msgspec.json.encode(kept))
    return kept


@lru_cache
def edition() -> int:
    """When the `holidays` package was installed, in nanoseconds."""
    spec = find_spec("holidays")
    return Path(spec.origin).stat().st_mtime_ns if spec and spec.origin else 0


def _read(path: Path) -> _Kept | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
