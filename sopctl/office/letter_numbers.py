"""Letter numbers: how the office's pattern becomes `800.1.11.1/0012/DISKOPUKM`.

The register (`store`) gives the next number; here it is only formatted, and parsed again.
"""

from datetime import date
from string import Formatter

from sopctl.errors import WrongError
from sopctl.notation.faults import quoted
from sopctl.notation.nearest import suggestion
from sopctl.office.model import PLACEHOLDER_LIST, PLACEHOLDERS, LetterNumber

ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def format_letter_number(settings: LetterNumber, kode: str, urut: int, singkatan: str, day: date) -> str:
    """The number that the letter shows.

    ``urut`` is its place in the register, padded to ``settings.padding`` digits; ``day`` is the day of the letter.
    WrongError where the pattern has something else between braces than `PLACEHOLDERS`.
    """
    parts = {
        "kode": kode,
        "nomor": f"{urut:0{max(settings.padding, 1)}d}",
        "singkatan": singkatan,
        "bulan": f"{day.month:02d}",
        "bulan_romawi": ROMAN_MONTHS[day.month - 1],
        "tahun": str(day.year),
    }
    return "".join(literal + (parts[name] if name else "") for literal, name in _pieces(settings.pattern))


def normalize_number(nomor: str) -> str:
    """A number as it is compared with others: blanks and capital letters make no other number."""
    return "".join(nomor.split()).casefold()


def parse_letter_number(settings: LetterNumber, nomor: str, singkatan: str) -> tuple[int, str] | None:
    """The place in the register and the kode that a number shows, None where the pattern did not make it.

    The kode is empty where the pattern names none. Blanks and capital letters make no difference.
    """
    import re  # noqa: PLC0415 — only what is typed by hand is read

    forms = {
        "kode": r"(?P<kode>.+?)", "nomor": r"(?P<nomor>\d+)", "singkatan": re.escape(normalize_number(singkatan)),
        "bulan": r"\d\d", "bulan_romawi": "[IVX]+", "tahun": r"\d{4}",
    }  # fmt: skip
    seen: set[str] = set()
    pattern = ""
    for literal, name in _pieces(settings.pattern):
        pattern += re.escape(normalize_number(literal))
        if name is not None:
            pattern += forms[name] if name not in seen else f"(?P={name})" if name in {"kode", "nomor"} else forms[name]
            seen.add(name)
    found = re.fullmatch(pattern, "".join(nomor.split()), re.IGNORECASE)
    return (int(found["nomor"]), found.groupdict().get("kode") or "") if found else None


def number_shows_year(settings: LetterNumber, nomor: str, singkatan: str) -> bool:
    """Whether a number says its year, so that no other year has the same one."""
    names = {name for _, name in _pieces(settings.pattern)}
    return "tahun" in names and parse_letter_number(settings, nomor, singkatan) is not None


def find_pattern_error(pattern: str) -> str | None:
    """Why a pattern cannot be used (Indonesian, with what to write), None where it can."""
    try:
        placed = [part[1:] for part in Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        return f"Kurung kurawal pada {quoted(pattern)} tidak berpasangan. Tulis misalnya {LetterNumber().pattern}."
    for name, spec, conversion in placed:
        if name not in PLACEHOLDERS:
            hint = suggestion(str(name), PLACEHOLDERS)
            return f"{quoted(f'{{{name}}}')} tidak dikenal{hint}. Yang dapat dipakai: {PLACEHOLDER_LIST}."
        if spec or conversion:
            return f"Format pada {{{name}}} tidak dikenal. Tulis nama saja di antara kurung kurawal."
    return None


def _pieces(pattern: str) -> list[tuple[str, str | None]]:
    """The pattern as pairs of literal text and the name after it."""
    if error := find_pattern_error(pattern):
        raise WrongError(f"letter_number.pattern: {error}")
    return [(literal, name) for literal, name, _, _ in Formatter().parse(pattern)]
