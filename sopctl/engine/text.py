"""Text that people typed or pasted, made fit to be kept: it must survive JSON, Word and a terminal."""

from sopctl.errors import UsageError

LONGEST = 100_000
"""Letters that one value may have."""

_REPLACED = str.maketrans(
    {"\ufeff": "", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\r": "\n"}
)


def fold_text(text: str) -> str:
    """The text as it is compared in a search: in small letters, without marks on them; `Müller` is `muller`."""
    if text.isascii():
        return text.lower()
    from unicodedata import combining, normalize  # noqa: PLC0415 — few texts need it

    return "".join(letter for letter in normalize("NFKD", text.casefold()) if not combining(letter))


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
