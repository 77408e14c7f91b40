"""Where the sentence of an activity and the drawing disagree about whether and to whom work goes back."""

import re
from collections.abc import Sequence

from sopctl.importing.flow import RowFlow
from sopctl.importing.step_table import SeenRow
from sopctl.sop.wording import keep_letters

_BACK = re.compile(
    r"\b(?:jika|bila|apabila|kalau)\b[^.;]*?\b(?:dikembalikan|mengembalikan|kembali)\b(?:[^.;]*?\b(?:ke|kepada|pada|oleh)\s+(?P<whom>[^.;,)]+))?",
    re.IGNORECASE,
)


def find_contradiction(row: SeenRow, flow: RowFlow, flows: Sequence[RowFlow], names: Sequence[str]) -> str:
    """Why the sentence of a row and its drawing disagree about whether work goes back, empty where they agree.

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
    """Which pelaksana (counted from 0) a text begins with, in any letter case; None where it begins with none."""
    folded = keep_letters(text)
    found = [n for n, name in enumerate(names) if keep_letters(name) and folded.startswith(keep_letters(name))]
    return max(found, key=lambda n: len(names[n]), default=None)
