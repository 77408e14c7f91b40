"""What is otherwise in a new version of an SOP, in sentences.

Rows, fields and documents are compared attribute by attribute, by the attributes that their structs have: what the
language learns later is told here too, under its own name until it is given a better one.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from sopctl.sop.model import ACTS, Document, Field, Sop, Step

LEFT_OUT = frozenset({"id", "name", "source"})
"""What names a row, field or document, or its place in the file."""

_LABELS = {
    "no": "nomor",
    "together": "bersama-sama",
    "decides": "pemutus",
    "not_by": "tidak boleh oleh pelaku",
    "next": "lanjut ke",
    "branches": "cabang",
    "document": "dokumen",
    "sop": "lewat SOP",
    "type": "jenis",
    "required": "wajib",
    "step": "langkah",
    "columns": "kolom",
    "choices": "pilihan",
    "template": "templat",
    "wajib": "isian wajib",
    "instead": "bentuk lain",
    "evidence": "bukti",
    "optional": "boleh tanpa",
}


def differences(old: Sop, new: Sop, steps: Mapping[str, str]) -> Iterator[str]:
    """What is otherwise; ``steps`` are the new ids of the steps that have another one."""
    yield from _titles(old, new)
    yield from _rows(old, new, steps)
    yield from _fields(old, new, steps)
    yield from _documents(old, new)


def _titles(old: Sop, new: Sop) -> Iterator[str]:
    """The SOP itself and its columns of pelaksana."""
    if old.nama != new.nama:
        yield f'Nama SOP "{old.nama}" menjadi "{new.nama}".'
    for key in sorted(new.pelaksana.keys() - old.pelaksana.keys()):
        yield f"Pelaksana baru: {key} ({new.pelaksana[key]})."
    for key, title in old.pelaksana.items():
        if key not in new.pelaksana:
            yield f"Pelaksana {key} ({title}) tidak ada lagi."
        elif new.pelaksana[key] != title:
            yield f'Pelaksana {key}: "{title}" menjadi "{new.pelaksana[key]}".'


def _rows(old: Sop, new: Sop, steps: Mapping[str, str]) -> Iterator[str]:
    there = {step.id for step in new.steps}
    before = {steps.get(step.id, step.id): step for step in old.steps}
    for id, step in before.items():
        if id not in there:
            yield f"Langkah {step.id} tidak ada lagi."
        elif id != step.id:
            yield f"Langkah {step.id} sekarang bernama {id}."
    for step in new.steps:
        if step.id in before:
            titles = old.pelaksana | new.pelaksana
            was, now = _row(old, before[step.id], titles, steps), _row(new, step, titles, {})
            yield from _changes(f"Langkah {step.id}", was, now)
        else:
            yield f"Langkah baru: {step.id} ({step.kegiatan})."


def _fields(old: Sop, new: Sop, steps: Mapping[str, str]) -> Iterator[str]:
    for name, field in sorted(new.fields.items()):
        if name in old.fields:
            yield from _changes(f"Isian {name}", _field(old.fields[name], steps), _field(field, {}))
        else:
            wanted = "wajib" if field.required else "boleh kosong"
            yield f"Isian baru: {name} ({field.label}), {wanted}."
    for name in sorted(old.fields.keys() - new.fields.keys()):
        yield f"Isian {name} tidak dipakai lagi; nilainya tetap tersimpan."


def _documents(old: Sop, new: Sop) -> Iterator[str]:
    for name, document in sorted(new.documents.items()):
        if name in old.documents:
            yield from _changes(f"Dokumen {name}", _document(old.documents[name]), _document(document))
        else:
            yield f"Dokumen baru: {name} (templat {document.template})."
    for name in sorted(old.documents.keys() - new.documents.keys()):
        yield f"Dokumen {name} tidak ada lagi."


def _changes(what: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each attribute that says something else."""
    for name, text in now.items():
        if was[name] != text:
            yield f'{what}: {_LABELS.get(name, name)} "{was[name] or "–"}" menjadi "{text or "–"}".'


def _said(value: Struct, ways: Mapping[str, Callable[[], str]]) -> dict[str, str]:
    """Every attribute of a row, field or document as text; ``ways`` are those that are not told as they are."""
    names = [name for name in value.__struct_fields__ if name not in LEFT_OUT]
    return {name: ways[name]() if name in ways else _text(getattr(value, name)) for name in names}


def _row(sop: Sop, step: Step, titles: Mapping[str, str], steps: Mapping[str, str]) -> dict[str, str]:
    """What a row says, its exits as they work: the row below counts, and which exit turns the work down."""

    def named(id: str) -> str:
        return steps.get(id, id)

    def branches() -> str:
        return ", ".join(
            f"{branch.label}: {named(branch.to)}"
            f"{f' bila {branch.when}' if branch.when else ''}{' (kembali)' if sop.rejects(step, branch) else ''}"
            for branch in step.branches
        )

    ways: dict[str, Callable[[], str]] = {
        "pelaksana": lambda: ", ".join(f"{titles[key]} ({key})" for key in step.pelaksana),
        "not_by": lambda: ", ".join(map(named, step.not_by)),
        "waktu": lambda: step.waktu.text,
        "next": lambda: "" if step.branches else named(sop.below(step)),
        "branches": branches,
    }
    return _said(step, ways)


def _field(field: Field, steps: Mapping[str, str]) -> dict[str, str]:
    return _said(field, {"step": lambda: steps.get(field.step, field.step) if field.step else ""})


def _document(document: Document) -> dict[str, str]:
    return _said(document, {})


def _text(value: Any) -> str:  # noqa: ANN401 — whatever an attribute holds, those that the language learns later too
    """A value as people read it; what is a struct of its own, with all that it says."""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    if isinstance(value, Struct):
        first, *others = (_part(name, getattr(value, name)) for name in value.__struct_fields__ if name != "source")
        more = ", ".join(filter(None, others))
        return f"{first} ({more})" if more else first
    return "" if value is None else str(value)


def _part(name: str, value: Any) -> str:  # noqa: ANN401 — as above
    """An attribute inside another: one that is yes or no by its name, where it is yes."""
    if isinstance(value, bool):
        return _LABELS.get(name, name) if value else ""
    return _text(ACTS.get(value, value) if name == "act" else value)
