"""Text for XML that is written by hand."""

import re

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def replace_illegal(text: str) -> str:
    """A text as XML can hold it; a character that XML forbids becomes `�`."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)


def escape_text(text: str) -> str:
    """A text as the content of an element."""
    return replace_illegal(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quote_attribute(text: str) -> str:
    """A text on one line as the value of an attribute, with its quotes."""
    return '"' + " ".join(escape_text(text).split()).replace('"', "&quot;") + '"'
