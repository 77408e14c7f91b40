"""PyYAML's complaints in the words of somebody who never read its manual.

The parser names what it expected; a clerk needs to know which letter to change. The table holds what occurs, in
libyaml's words and in those of the pure Python parser.
"""

from typing import NamedTuple


class _Advice(NamedTuple):
    """What to write instead; with ``at_start`` the mistake is where the unfinished construct began."""

    message: str
    at_start: bool = False


_INDENT = _Advice(
    "Susunan baris ini tidak terbaca. Samakan spasi di awal baris dengan baris di atasnya; teks yang memuat tanda "
    "{ } [ ] atau tanda kutip harus diapit tanda kutip seluruhnya."
)
_LIST = _Advice("Daftar dalam kurung siku tidak selesai. Tulis [a, b, c], dengan koma di antara isi dan ] di akhir.")
_RECORD = _Advice("Isi dalam kurung kurawal tidak selesai. Tulis {kunci: nilai, kunci: nilai}, dengan } di akhir.")
_QUOTE = _Advice("Tanda kutip ini tidak ditutup. Tambahkan tanda kutip yang sama di akhir teks.", at_start=True)
_COLON = _Advice(
    "Titik dua di dalam teks dibaca sebagai kunci baru. Apit seluruh teks dengan tanda kutip, misalnya "
    '"Hal: undangan"; bila ini memang kunci, samakan spasi di awal baris dengan kunci yang setingkat.'
)
_NO_COLON = _Advice(
    'Baris ini tidak memuat titik dua sesudah nama kunci. Tulis "kunci: nilai", atau beri indentasi bila baris ini '
    "lanjutan teks di atasnya.",
    at_start=True,
)
_FORBIDDEN = _Advice(
    "Teks tidak boleh diawali tanda ini (misalnya @, %, ` atau tab). Apit seluruh teks dengan tanda kutip."
)
_ESCAPE = _Advice(
    "Garis miring terbalik \\ tidak dapat dipakai begini di antara tanda kutip ganda. Pakai tanda kutip tunggal, '…'."
)
_DASH = _Advice(
    'Tanda "-" di sini dibaca sebagai awal daftar. Kosongkan nilainya, apit "-" dengan tanda kutip, atau tulis daftar '
    "mulai pada baris berikut."
)
_BLOCK = _Advice("Tanda | atau > harus menjadi tanda terakhir pada barisnya; teksnya mulai pada baris berikut.")
_ANCHOR = _Advice('Tanda & dan * di awal teks punya arti lain. Apit seluruh teks dengan tanda kutip, misalnya "*".')
_TAG = _Advice('Tanda ! di awal teks punya arti lain. Apit seluruh teks dengan tanda kutip, misalnya "!".')
_DOCUMENT = _Advice(
    'Baris ini tidak dapat menjadi bagian dari isi di atasnya. Tulis seluruh file sebagai "kunci: nilai".'
)

_TABLE: tuple[tuple[str, _Advice], ...] = (
    ("mapping values are not allowed", _COLON),
    ("block sequence entries", _DASH),
    ("sequence entries are not allowed", _DASH),
    ("could not find expected ':'", _NO_COLON),
    ("end of stream", _QUOTE),
    ("document separator", _QUOTE),
    ("expected ',' or ']'", _LIST),
    ("expected ',' or '}'", _RECORD),
    ("cannot start any token", _FORBIDDEN),
    ("escape", _ESCAPE),
    ("expected hexdecimal", _ESCAPE),
    ("comment or line break", _BLOCK),
    ("alphabetic or numeric character", _ANCHOR),
    ("while scanning an anchor", _ANCHOR),
    ("while scanning an alias", _ANCHOR),
    ("tag", _TAG),
    ("document start", _DOCUMENT),
    ("directive", _FORBIDDEN),
)


def explain_syntax_error(problem: str, context: str) -> tuple[str, bool]:
    """What to write instead, and whether the mistake is where the parser's context began."""
    complaint = f"{context}: {problem}"
    found = next((known for words, known in _TABLE if words in complaint), _INDENT)
    return found.message, found.at_start
