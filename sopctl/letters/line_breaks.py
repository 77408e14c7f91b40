"""Line ends and tabs that stand in a value, as Word writes them.

XML would show both as a blank; the rules are docxtpl's, so that a template gives the same text here as there.
"""

import re

_SIGNS = re.compile("[\n\t\a\f]")
_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>.*?</w:p>", re.DOTALL)
_RUN = re.compile(r"<w:r(?: [^>]*)?>.*?</w:r>", re.DOTALL)
_TEXT = re.compile(r"<w:t(?: [^>]*)?>.*?</w:t>", re.DOTALL)
_OF_PARAGRAPH = re.compile(r"<w:pPr>.*?</w:pPr>", re.DOTALL)
_OF_RUN = re.compile(r"<w:rPr>.*?</w:rPr>", re.DOTALL)
_BEGIN = '<w:t xml:space="preserve">'


def insert_breaks(xml: str) -> str:
    """The XML with a line break for each line feed in a text, and a tab for each tab."""
    if not _SIGNS.search(xml):
        return xml
    return _PARAGRAPH.sub(_in_paragraph, xml)


def _in_paragraph(found: re.Match[str]) -> str:
    text = found[0]
    if not _SIGNS.search(text):
        return text
    properties = _first(_OF_PARAGRAPH, text)
    return _RUN.sub(lambda run: _in_run(run[0], properties), text)


def _in_run(run: str, paragraph: str) -> str:
    properties = _first(_OF_RUN, run)
    return _TEXT.sub(lambda text: _in_text(text[0], properties, paragraph), run)


def _in_text(text: str, run: str, paragraph: str) -> str:
    begin = f"<w:r>{run}{_BEGIN}"
    anew = f"</w:t></w:r></w:p><w:p>{paragraph}{begin}"
    page = f'</w:t></w:r></w:p><w:p><w:r><w:br w:type="page"/></w:r></w:p><w:p>{paragraph}{begin}'
    text = text.replace("\t", f"</w:t></w:r><w:r>{run}<w:tab/></w:r>{begin}").replace("\a", anew)
    return text.replace("\n", f"</w:t><w:br/>{_BEGIN}").replace("\f", page)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""
