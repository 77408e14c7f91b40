"""How the values of sopctl.yaml are written that a type alone does not describe."""

import re
from collections.abc import Callable
from string import Formatter

from sopctl.notation.decoders import Invalid, ScalarDecoder
from sopctl.notation.faults import quoted
from sopctl.notation.scalars import name
from sopctl.notation.structs import Formats
from sopctl.office.letter_numbers import find_pattern_error
from sopctl.office.model import LetterNumber, Office
from sopctl.office.read_rules import ReadRulesDecoder
from sopctl.office.working_hours import WorkingHoursDecoder
from sopctl.sop.formats import column_heading, column_key

_PATTERN = LetterNumber().pattern
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*"
_URL = re.compile(rf"https?://(?:{_HOST}|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?(?:/[A-Za-z0-9._~%-]+)*/?")

DATABASE_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
"""What `record` may call a service of PostgreSQL, or an office in a database."""


def _text(
    parse: Callable[[str], str | Invalid], expects: str, blank: str = "", **form: str
) -> Callable[[str], ScalarDecoder[str]]:
    """What decodes a text that ``parse`` accepts; ``form`` is what the JSON Schema says of it besides its type."""
    decoder = ScalarDecoder(parse=parse, blank=blank, expects=expects, form={"type": "string", **form})
    return lambda _: decoder


def _parse_zone(typed: str) -> str | Invalid:
    """A time zone of the IANA database."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 — only an office that names its zone pays for it

    try:
        ZoneInfo(typed)
    except (KeyError, ValueError, OSError):  # KeyError: no such zone; the others: no name at all, or a folder of zones
        return Invalid(
            f"Zona waktu {quoted(typed)} tidak dikenal. Tulis Asia/Jakarta atau Asia/Pontianak (WIB), Asia/Makassar "
            "(WITA) atau Asia/Jayapura (WIT)."
        )
    return typed


def _parse_pattern(typed: str) -> str | Invalid:
    """A pattern of placeholders, `{nomor}` among them."""
    if error := find_pattern_error(typed):
        return Invalid(error)
    if "nomor" not in [name for _, name, _, _ in Formatter().parse(typed)]:
        return Invalid(f"Pola nomor surat harus memuat {{nomor}}. Tulis misalnya {_PATTERN}.")
    return typed


def _mail_address(_what: str) -> ScalarDecoder[str]:
    """An address in ASCII letters without a comment or quotes: what any mail server takes, and one line of a header."""
    local = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    return name(rf"{local}@{_HOST}", "alamat pos-el, misalnya kadis@kantor.go.id", _find_length_error)


def _find_length_error(typed: str) -> str | None:
    """An address has at most 254 letters, 64 of them before the sign (RFC 5321, section 4.5.3.1)."""
    local, _, _ = typed.partition("@")
    too_long = len(typed) > 254 or len(local) > 64  # noqa: PLR2004 — the docstring says whose limits
    return "Alamat pos-el paling banyak 254 huruf, 64 di depan @." if too_long else None


def _parse_url(typed: str) -> str | Invalid:
    """The address of a site or of a folder on it, without what the page itself adds."""
    if not _URL.fullmatch(typed):
        return Invalid(
            f"Alamat {quoted(typed)} tidak dapat dipakai. Tulis https:// (atau http://) dan nama situsnya, tanpa tanda "
            "tanya, pagar atau nama pengguna, misalnya https://sop.kantor.go.id."
        )
    return typed.rstrip("/")


def _parse_database_name(typed: str) -> str | Invalid:
    """A name that a database knows; what is none may hold a password, and is not told again."""
    if not DATABASE_NAME.fullmatch(typed):
        return Invalid(
            "Di sini ditulis sebuah nama saja, dari huruf, angka, titik, _ dan -. Alamat server dan sandinya tidak "
            "pernah ditulis di file ini, melainkan dalam file layanan PostgreSQL dan .pgpass."
        )
    return typed


FORMATS: Formats = {
    "time_zone": _text(_parse_zone, "zona waktu, misalnya Asia/Pontianak", Office().timezone),
    "letter_number": _text(_parse_pattern, f"pola nomor surat, misalnya {_PATTERN}", _PATTERN),
    "mail_address": _mail_address,
    "host": lambda _: name(rf"{_HOST}|[0-9A-Fa-f:.]+", "nama server, misalnya smtp.kantor.go.id"),
    "account": lambda what: name("(?![Pp][Aa][Gg][Ee]:)[^\n]*", what),
    "url": _text(_parse_url, "alamat halaman, misalnya https://sop.kantor.go.id", format="uri"),
    "database_name": _text(_parse_database_name, "nama tanpa spasi", pattern=f"^(?:{DATABASE_NAME.pattern})$"),
    "country": lambda _: name("[A-Z]{2}", "kode negara dua huruf besar, misalnya ID"),
    "column_key": column_key,
    "column_heading": column_heading,
    "read_rules": lambda _: ReadRulesDecoder(),
    "working_hours": lambda _: WorkingHoursDecoder(),
}
"""What the keys of the model call these forms."""
