"""The national holidays and cuti bersama of a year, from the `holidays` package.

The government changes cuti bersama at short notice and announces it a year at a time: an office adds and removes days
in its own file, and `has_cuti_bersama` is false until they are known.
"""

from datetime import date

from sopctl.errors import WrongError


def national_holidays(year: int, country: str = "ID") -> dict[date, str]:
    """The days off of a year with their Indonesian names; WrongError where the country is not known."""
    from holidays import GOVERNMENT, PUBLIC  # noqa: PLC0415 — slow to import

    categories = _categories(country).intersection((PUBLIC, GOVERNMENT))
    return {day: name for day, name in sorted(_days(year, country, categories).items()) if day.year == year}


def has_cuti_bersama(year: int, country: str = "ID") -> bool:
    """Whether the cuti bersama of a year are known; a country that has none of them misses nothing."""
    from holidays import GOVERNMENT  # noqa: PLC0415 — slow to import

    return GOVERNMENT not in _categories(country) or bool(_days(year, country, {GOVERNMENT}))


def _categories(country: str) -> set[str]:
    from holidays import country_holidays  # noqa: PLC0415 — slow to import

    try:
        return set(country_holidays(country).supported_categories)
    except NotImplementedError:
        message = f'Negara "{country}" tidak dikenal; tulis kode ISO dua huruf pada `holidays.country`, misalnya ID.'
        raise WrongError(message, code="unknown_country") from None


def _days(year: int, country: str, categories: set[str]) -> dict[date, str]:
    from holidays import country_holidays  # noqa: PLC0415 — slow to import

    return dict(country_holidays(country, years=year, categories=tuple(categories), language="id"))
