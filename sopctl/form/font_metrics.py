"""How wide a text prints and where it wraps, from the advance widths of Arial: no font has to be installed.

Liberation Sans, which LibreOffice takes where Arial is missing, has the same widths, so that a row is as high on every
computer. All lengths of the form are whole twips (1/20 point, 635 EMU); sizes of type are points.
"""

from collections.abc import Iterator, Mapping

TWIPS = 20
"""Twips of a point."""

_EM = 2048
_LINE_SPACING = 1.17
"""Height of a line for each point of type: Arial's own, and a little."""

USABLE = 0.985
"""The share of a cell that is filled: word processors round differently."""


def _by_letter(widths: Mapping[int, str]) -> dict[str, int]:
    return {letter: width for width, letters in widths.items() for letter in letters}


_REGULAR = _by_letter({
    384: "′", 391: "'", 455: "ijl‘’", 532: "|¦", 569: " !,./:;I[\\]ft\xa0·ÌÍÎÏìíîï", 682: "()-`r¡¨\xad²³´¸¹“”„",
    684: "{}", 717: "•", 725: "″", 727: '"', 748: "º", 758: "ª", 797: "*", 819: "°", 961: "^", 1024: "Jcksvxyzçýÿ↑↓",
    1100: "¶", 1124: "±÷≠≤≥", 1131: "¯", 1139: "#$0123456789?L_abdeghnopqu¢£¤¥§«»àáâãäåèéêëðñòóôõöùúûüþ–€", 1180: "µ",
    1196: "+<=>~¬×−", 1251: "FTZ¿ßø", 1366: "&ABEKPSVXYÀÁÂÃÄÅÈÉÊËÝÞ", 1479: "CDHNRUwÇÐÑÙÚÛÜ", 1509: "©®",
    1593: "GOQÒÓÔÕÖØ", 1706: "Mm", 1708: "¼½¾", 1821: "%æ", 1933: "W", 2048: "Æ—…‰←→", 2079: "@",
})  # fmt: skip
_BOLD = _by_letter({
    487: "'", 491: "′", 569: " ,./I\\ijl\xa0·ÌÍÎÏìíîï‘’", 573: "|¦", 682: "!()-:;[]`ft¡¨\xad²³´¸¹", 717: "•",
    748: "º", 758: "ª", 797: "*r{}", 819: "°", 971: '"', 981: "″", 1024: "z“”„↑↓", 1124: "±÷≠≤≥", 1131: "¯",
    1139: "#$0123456789J_aceksvxy¢£¤¥§«¶»àáâãäåçèéêëýÿ–€", 1180: "µ", 1196: "+<=>^~¬×−",
    1251: "?FLTZbdghnopqu¿ßðñòóôõöøùúûüþ", 1366: "EPSVXYÈÉÊËÝÞ", 1479: "&ABCDHKNRUÀÁÂÃÄÅÇÐÑÙÚÛÜ", 1509: "©®",
    1593: "GOQwÒÓÔÕÖØ", 1706: "M", 1708: "¼½¾", 1821: "%mæ", 1933: "W", 1997: "@", 2048: "Æ—…‰←→",
})  # fmt: skip
"""Advance widths in 1/2048 of the size of type, by letter; an unknown letter counts as a whole em."""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a text on one line, in twips."""
    table = _BOLD if bold else _REGULAR
    return sum(table.get(letter, _EM) for letter in text) * size * TWIPS / _EM


def line_height(size: float) -> int:
    """The height of a line, in twips."""
    return round(size * _LINE_SPACING * TWIPS)


def wrap(text: str, limit: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """The lines that a text takes in a column ``limit`` twips wide; an empty text takes one.

    It breaks at spaces only, and inside a word that is wider than the column. A word processor that breaks at more
    places needs no more lines than these.
    """
    return tuple(
        line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, limit * USABLE, size, bold=bold)
    )


def longest_word_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of the widest word, in twips."""
    return max((text_width(word, size, bold=bold) for word in text.split()), default=0)


def _wrap_paragraph(paragraph: str, limit: float, size: float, *, bold: bool) -> Iterator[str]:
    line = ""
    for word in paragraph.split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, bold=bold) <= limit:
            line = longer
            continue
        if line:
            yield line
        *pieces, line = _split_word(word, limit, size, bold=bold)
        yield from pieces
    yield line


def _split_word(word: str, limit: float, size: float, *, bold: bool) -> list[str]:
    """A word in pieces that fit; a piece has at least one letter."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size, bold=bold) > limit:
            pieces.append("")
        pieces[-1] += letter
    return pieces
