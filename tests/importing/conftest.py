"""Real forms with what a person reads on them, and how an SOP that was read is compared with that."""

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any
from unicodedata import normalize

from sopctl.importing.files import read_form
from sopctl.importing.reading import ReadSop, read_sops
from sopctl.sop.draft import DraftRow

FORMS = Path(__file__).parent / "forms"
NAMES = sorted(path.stem for path in FORMS.glob("*.json"))
TEXTS = ("kegiatan", "kelengkapan", "output", "keterangan")


def read(path: Path) -> list[ReadSop]:
    """The SOPs in a file."""
    return read_sops(read_form(path), path.stem)


def truth_of(name: str) -> dict[str, Any]:
    """What a person reads on a form."""
    truth: dict[str, Any] = json.loads((FORMS / f"{name}.json").read_text(encoding="utf-8"))
    return truth


def fold(value: object) -> str:
    """Letters and figures in small; the numbers of lists, dashes and signs count for nothing."""
    text = "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
    plain = re.sub(r"(^|[\s;,.])\(?\d{1,2}[.)](?=\s|[^\W\d])", r"\1 ", normalize("NFKC", text).casefold())
    return re.sub(r"[\W_]+", "", plain)


def same(one: object, other: object) -> bool:
    """Whether two texts are the same but for a letter that print and eye tell apart."""
    a, b = fold(one), fold(other)
    return a == b or bool(a and b and SequenceMatcher(None, a, b, autojunk=False).ratio() >= 0.95)


def find_wrong(sop: ReadSop, truth: dict[str, Any]) -> Iterator[str]:
    """What an SOP says otherwise than the form, each as the number of the row and the key."""
    if len(sop.draft.rows) != len(truth["steps"]):
        yield f"{len(sop.draft.rows)} rows for {len(truth['steps'])}"
    for row, step in zip(sop.draft.rows, truth["steps"], strict=False):
        unsure = step.get("unsure", ())
        yield from (f"{step['no']} {key}" for key in _list_wrong_keys(row, step, sop, truth) if key not in unsure)


def _list_wrong_keys(row: DraftRow, step: dict[str, Any], sop: ReadSop, truth: dict[str, Any]) -> Iterator[str]:
    if row.no != str(step["no"] or ""):
        yield "no"
    yield from (key for key in TEXTS if key in step and not same(step[key], getattr(row, key)))
    if "".join(row.waktu.casefold().split()).replace("–", "-") != "".join(
        step.get("waktu", "").casefold().split()
    ).replace("–", "-").strip("-"):
        yield "waktu"
    names = {fold(sop.draft.pelaksana[one - 1]) for one in row.pelaksana}
    if names != {fold(name) for name in step["pelaksana"]}:
        yield "pelaksana"
    exits = {fold(label): target for label, target in row.exits}
    wanted = {fold(label): _target(to, truth) for label, to in step.get("branches", {}).items()}
    if exits != wanted or ("next" in step and row.next != (_target(step["next"], truth),)):
        yield "branches"


def _target(to: object, truth: dict[str, Any]) -> int | None:
    """The place of a row among the rows, from 1; None for the end."""
    if to == "end":
        return None
    if isinstance(to, str) and to.startswith("#"):
        return int(to[1:])
    return next(n for n, step in enumerate(truth["steps"], 1) if str(step["no"]) == str(to))
