"""What the sentence of an activity says about turning back, as a second witness beside the drawing."""

import re
from collections.abc import Sequence

from sopctl.importing.flow import RowFlow
from sopctl.importing.step_table import SeenRow

_BACK = re.compile(
    r"\b(?:jika|bila|apabila|kalau)\b[^.;]*?\b(?:dikembalikan|mengembalikan|kembali)\b(?:[^.;]*?\b(?:ke|kepada|pada|oleh)\s+(?P<whom>[^.;,)]+))?",
    re.IGNORECASE,
)


def find_contradiction(row: SeenRow, flow: RowFlow, flows: Sequence[RowFlow], names: Sequence[str]) -> str:
    """Why the sentence of a row and its drawing disagree about turning back, empty where they agree.

    ``names`` are the headings of the columns of pelaksana.
    """
    sentence = " ".join(row.texts.get("kegiatan", "").split())
    match = _BACK.search(sentence)
    if match is None:
        return ""
    if not flow.exits:
        return f"kalimatnya menyebut pengembalian ('{match[0].strip()}'), gambarnya tidak bercabang"
    whom = _find_pelaksana(match["whom"] or "", names)
    drawn = {column for one in flow.exits for column in flows[one.target].pelaksana}
    if whom is not None and whom not in drawn:
        return f"kalimatnya mengembalikan ke '{names[whom]}', gambarnya tidak"
    return ""


def _find_pelaksana(text: str, names: Sequence[str]) -> int | None:
    """The pelaksana whose name a text begins with, in any case."""
    folded = _fold(text)
    found = [n for n, name in enumerate(names) if _fold(name) and folded.startswith(_fold(name))]
    return max(found, key=lambda n: len(names[n]), default=None)


def _fold(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
