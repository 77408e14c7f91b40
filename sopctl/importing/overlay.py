"""A form merged into an existing SOP, so that the two can be compared as versions of one SOP."""

from difflib import SequenceMatcher

from msgspec.structs import replace

from sopctl.sop.model import END, Branch, Kelengkapan, Sop, Step
from sopctl.sop.wording import keep_letters

_ALIKE = 0.6
"""Activities at least this much alike (of 1) are the same row."""


def overlay_form(existing: Sop, form: Sop) -> tuple[Sop, dict[str, str]]:
    """The existing SOP with what the form prints, and the ids of the rows that both have, by their old ids.

    What no form prints (fields, documents, conditions, who may not act) stays as the existing SOP has it.
    """
    same = _pair_rows(existing, form)
    ids = {row.id: old for old, row in same.items()}
    names = {keep_letters(name): key for key, name in existing.pelaksana.items()}
    keys = {key: names.get(keep_letters(name), key) for key, name in form.pelaksana.items()}
    headings = {heading: key for key, heading in existing.columns.items()}
    own = {key: headings.get(heading, key) for key, heading in form.columns.items()}
    steps = tuple(_overlay_row(existing, _rename_columns(row, own), ids, keys) for row in form.steps)
    pelaksana = {keys[key]: name for key, name in form.pelaksana.items()}
    merged = replace(existing, nama=form.nama, identitas=form.identitas, pelaksana=pelaksana, steps=steps)
    return merged, {old: old for old in same}


def _pair_rows(existing: Sop, form: Sop) -> dict[str, Step]:
    """The row of the form for each row of the existing SOP, by its id: the one whose activity is most alike."""
    left = list(form.steps)
    pairs = {}
    for step in existing.steps:
        best = max(left, key=lambda row: _likeness(step, row), default=None)
        if best is not None and _likeness(step, best) >= _ALIKE:
            pairs[step.id] = best
            left.remove(best)
    return pairs


def _likeness(one: Step, other: Step) -> float:
    return SequenceMatcher(None, keep_letters(one.kegiatan), keep_letters(other.kegiatan), autojunk=False).ratio()


def _overlay_row(existing: Sop, row: Step, ids: dict[str, str], keys: dict[str, str]) -> Step:
    """A row of the form under the id and with the settings of the existing row, where there is one."""
    id = ids.get(row.id, row.id)
    known = next((step for step in existing.steps if step.id == id), None)
    branches = _rename_exits(row.branches, ids)
    pelaksana = tuple(keys[key] for key in row.pelaksana)
    next_ = tuple(_rename(target, ids) for target in row.next)
    decides = {keys[who]: _rename_exits(exits, ids) for who, exits in row.decides.items()}
    if known is None:
        return replace(row, id=id, pelaksana=pelaksana, branches=branches, next=next_, decides=decides)
    return replace(
        known,
        no=row.no,
        kegiatan=row.kegiatan,
        pelaksana=pelaksana,
        decides=decides,
        kelengkapan=tuple(_keep_evidence(item, known) for item in row.kelengkapan),
        waktu=row.waktu,
        output=row.output,
        keterangan=row.keterangan,
        columns=row.columns,
        branches=branches,
        next=next_,
    )


def _rename_columns(row: Step, own: dict[str, str]) -> Step:
    """A row with the texts of the form's own columns under the keys that the SOP gives to their headings."""
    return replace(row, columns={own.get(key, key): texts for key, texts in row.columns.items()})


def _keep_evidence(item: Kelengkapan, known: Step) -> Kelengkapan:
    return next((one for one in known.kelengkapan if keep_letters(one.nama) == keep_letters(item.nama)), item)


def _rename_exits(exits: tuple[Branch, ...], ids: dict[str, str]) -> tuple[Branch, ...]:
    return tuple(replace(branch, to=_rename(branch.to, ids)) for branch in exits)


def _rename(target: str, ids: dict[str, str]) -> str:
    return target if target == END else ids.get(target, target)
