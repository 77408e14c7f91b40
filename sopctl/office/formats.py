"""How the values of sopctl.yaml are written that a type alone does not describe."""

from string import Formatter

from sopctl.notation.decoders import Invalid, ScalarDecoder
from sopctl.notation.faults import quoted
from sopctl.notation.scalars import name
from sopctl.notation.structs import Formats
from sopctl.office.letter_numbers import find_pattern_error
from sopctl.office.model import LetterNumber, Office
from sopctl.office.working_hours import WorkingHoursDecoder
from sopctl.sop.formats import column_heading, column_key

_PATTERN = LetterNumber().pattern


def _time_zone(_what: str) -> ScalarDecoder[str]:
    """A time zone of the IANA database."""
    expects = "zona waktu, misalnya Asia/Pontianak"
    return ScalarDecoder(parse=_parse_zone, blank=Office().timezone, expects=expects, form={"type": "string"})


def _parse_zone(typed: str) -> str | Invalid:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 — only an office that names its zone pays for it

    try:
        ZoneInfo(typed)
    except (KeyError, ValueError, OSError):  # KeyError: no such zone; the others: no name at all, or a folder of zones
        return Invalid(
            f"Zona waktu {quoted(typed)} tidak dikenal. Tulis Asia/Jakarta atau Asia/Pontianak (WIB), Asia/Makassar "
            "(WITA) atau Asia/Jayapura (WIT)."
        )
    return typed


def _letter_number(_what: str) -> ScalarDecoder[str]:
    """A pattern of placeholders, `{nomor}` among them."""
    expects = f"pola nomor surat, misalnya {_PATTERN}"
    return ScalarDecoder(parse=_parse_pattern, blank=_PATTERN, expects=expects, form={"type": "string"})


def _parse_pattern(typed: str) -> str | Invalid:
    if error := find_pattern_error(typed):
        return Invalid(error)
    if "nomor" not in [name for _, name, _, _ in Formatter().parse(typed)]:
        return Invalid(f"Pola nomor surat harus memuat {{nomor}}. Tulis misalnya {_PATTERN}.")
    return typed


FORMATS: Formats = {
    "time_zone": _time_zone,
    "letter_number": _letter_number,
    "country": lambda _: name("[A-Z]{2}", "kode negara dua huruf besar, misalnya ID"),
    "column_key": column_key,
    "column_heading": column_heading,
    "working_hours": lambda _: WorkingHoursDecoder(),
}
"""What the keys of the model call these forms."""
