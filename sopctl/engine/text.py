"""Text that people typed or pasted, made fit to be kept: it must survive JSON, Word and a terminal."""

import re

from sopctl.errors import UsageError

LONGEST = 100_000
"""Letters that one value may have."""

SHORTENED = 200
"""Letters that are left of a text where there is no room for all."""

HIDDEN = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
"""Control characters, what nobody sees or what turns the direction or ends a line, and halves of characters."""

_REPLACED = str.maketrans(
    {"\ufeff": "", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\r": "\n"}
)


def fold_text(text: str) -> str:
    """The text as it is compared in a search: in small letters, without marks on them; `Müller` is `muller`."""
    if text.isascii():
        return text.lower()
    from unicodedata import combining, normalize  # noqa: PLC0415 — few texts need it

    return "".join(letter for letter in normalize("NFKD", text.casefold()) if not combining(letter))


def one_line(text: str) -> str:
    """A text that people typed on one line, so that it cannot pass for lines of the program; `HIDDEN` shows as `�`."""
    return " ".join(re.sub(HIDDEN, "\N{REPLACEMENT CHARACTER}", text).split())


def shorten_line(text: str) -> str:
    """The text on one line, at most `SHORTENED` letters of it: for mails and calendars, which show fewer."""
    text = one_line(text)
    return text if len(text) <= SHORTENED else f"{text[: SHORTENED - 1]}…"


def clean_text(text: str, label: str) -> str:
    """The text with plain line breaks (Word pastes others), no byte order mark and no blanks around it.

    Raises:
        UsageError: where it holds a control character, half a character or more than `LONGEST` letters.
    """
    if len(text) > LONGEST:
        raise UsageError(f"{label}: teks terlalu panjang ({len(text)} huruf); paling banyak {LONGEST}.")
    plain = text.replace("\r\n", "\n").translate(_REPLACED).strip()
    for letter in plain:
        if "\ud800" <= letter <= "\udfff" or (letter < " " and letter not in "\n\t") or "\x7f" <= letter <= "\x9f":
            raise UsageError(
                f"{label}: memuat karakter yang tidak dapat disimpan (kode {ord(letter):#x}); ketik ulang bagian itu."
            )
    return plain
