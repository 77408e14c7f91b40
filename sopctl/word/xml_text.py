"""Text for XML that is written by hand."""

import re
from html import escape

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def replace_illegal(text: str) -> str:
    """A text as XML can hold it; a character that XML forbids becomes `�`."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def escape_text(text: str) -> str:
    """A text as the content of an element."""
    return escape(replace_illegal(text), quote=False)


def quote_attribute(text: str) -> str:
    """A text on one line as the value of an attribute, with its quotes."""
    return '"' + " ".join(escape_text(text).split()).replace('"', "&quot;") + '"'
