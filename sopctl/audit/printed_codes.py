"""The verification codes that a Word file shows at its foot or, where it shows none, holds in its properties.

Only footers that the document itself refers to are read: another part of the zip, which Word never shows, proves
nothing. Loads lxml: import it only where a Word file is looked into.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import Any
from zipfile import ZipFile

from lxml import etree  # type: ignore[import-untyped]

from sopctl.audit.periksa import UNREADABLE
from sopctl.engine.verification_code import PATTERN

_LARGEST_PART = 20_000_000
"""Bytes of a part that is read: a zip can promise any number of them."""

_BREAKS = {"p", "tab", "br", "cr", "ptab"}
_UNSEEN = {"delText", "instrText"}
"""Text that stands in a part and not on paper: what was deleted, and the commands of fields."""


def printed_codes(data: bytes) -> tuple[str, ...]:
    """The codes, each once, in the order in which the document refers to its footers; none where it is no Word file."""
    try:
        with ZipFile(BytesIO(data)) as word:
            texts = [_text(word, part) for part in _footers(word)]
            if not any(re.search(PATTERN, text) for text in texts):
                texts = [_identifier(word)]
    except (*UNREADABLE, etree.LxmlError):
        return ()
    return tuple(dict.fromkeys(found for text in texts for found in re.findall(PATTERN, text)))


def _identifier(word: ZipFile) -> str:
    """The identifier among the properties of the file, empty where it has none."""
    parts = (target for kind, target in _relations(word, "").values() if kind == "core-properties")
    return next((_parsed(word, part).findtext("{*}identifier", "") for part in parts), "")


def _footers(word: ZipFile) -> Iterator[str]:
    """The parts that the sections of the document name as their footers."""
    main = next((target for kind, target in _relations(word, "").values() if kind == "officeDocument"), "")
    if not main:
        return
    related = _relations(word, main)
    for element in _parsed(word, main).iter("{*}footerReference"):
        wanted = next((value for name, value in element.items() if name.endswith("}id")), "")
        kind, target = related.get(wanted, ("", ""))
        if kind == "footer":
            yield target


def _relations(word: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """What a part (empty: the package) refers to inside of the zip, by the id: the kind and the part."""
    folder = dirname(part)
    rels = _parsed(word, join(folder, "_rels", f"{part.removeprefix(f'{folder}/')}.rels"))
    inside = [one for one in rels.iter("{*}Relationship") if one.get("TargetMode") != "External"]
    return {
        one.get("Id", ""): (
            one.get("Type", "").rpartition("/")[2],
            normpath(join("/", folder, one.get("Target", "")))[1:],
        )
        for one in inside
    }


def _text(word: ZipFile, part: str) -> str:
    """The text of a part, a line for each paragraph."""
    pieces: list[str] = []
    for element in _parsed(word, part).iter("{*}*"):
        name = etree.QName(element).localname
        if name in _BREAKS:
            pieces.append("\n")
        elif name not in _UNSEEN:
            pieces.append(element.text or "")
    return "".join(pieces)


def _parsed(word: ZipFile, part: str) -> Any:  # noqa: ANN401 — lxml has no types
    if word.getinfo(part).file_size > _LARGEST_PART:
        raise ValueError(part)
    return etree.fromstring(word.read(part), etree.XMLParser(resolve_entities=False, no_network=True))
