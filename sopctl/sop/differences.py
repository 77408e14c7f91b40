"""What changed between two versions of an SOP, in Indonesian sentences.

Steps, fields and documents are compared attribute by attribute, by the attributes that their structs have: a key that
the model declares later is compared too, under its own name until it gets a label.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from sopctl.sop.model import ACTS, Branch, Sop, Step, Waktu

LEFT_OUT = frozenset({"id", "name", "source"})
"""What names a row, field or document, or its place in the file."""

_LABELS = {
    "no": "nomor",
    "together": "bersama-sama",
    "decides": "pemutus",
    "not_by": "tidak boleh oleh pelaku",
    "next": "lanjut ke",
    "branches": "cabang",
    "kind": "jenis keputusan",
    "document": "dokumen",
    "sop": "lewat SOP",
    "type": "jenis",
    "required": "wajib",
    "step": "langkah",
    "columns": "kolom",
    "choices": "pilihan",
    "default": "nilai awal",
    "last": "nilai berkas terakhir",
    "template": "templat",
    "tujuan": "isian tujuan",
    "wajib": "isian wajib",
    "signers": "penanda tangan",
    "instead": "bentuk lain",
    "evidence": "bukti",
    "external": "dari luar",
    "optional": "boleh tanpa",
    "allowed": "boleh dilewati",
    "when": "bila",
    "copy": "salinan",
}


def list_differences(old: Sop, new: Sop, renamed: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each change; ``renamed`` are the new ids of the steps that have another one."""
    if old.nama != new.nama:
        yield f'Nama SOP "{old.nama}" menjadi "{new.nama}".'
    yield from _pelaksana(old.pelaksana, new.pelaksana)
    yield from _steps(old, new, renamed)
    was = {name: _describe(field, step=renamed.get(field.step or "")) for name, field in old.fields.items()}
    now = {name: _describe(field) for name, field in new.fields.items()}
    wanted = {True: "wajib", False: "boleh kosong"}
    came = {name: f"({field.label}), {wanted[field.required]}" for name, field in new.fields.items()}
    yield from _entries("Isian", was, now, came, "tidak dipakai lagi; nilainya tetap tersimpan")
    was, now = ({name: _describe(one) for name, one in sop.documents.items()} for sop in (old, new))
    came = {name: f"(templat {document.template})" for name, document in new.documents.items()}
    yield from _entries("Dokumen", was, now, came, "tidak ada lagi")


def _pelaksana(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for key in sorted(new.keys() - old.keys()):
        yield f"Pelaksana baru: {key} ({new[key]})."
    for key, title in old.items():
        if key not in new:
            yield f"Pelaksana {key} ({title}) tidak ada lagi."
        elif new[key] != title:
            yield f'Pelaksana {key}: "{title}" menjadi "{new[key]}".'


def _steps(old: Sop, new: Sop, renamed: Mapping[str, str]) -> Iterator[str]:
    there = {step.id for step in new.steps}
    before = {renamed.get(step.id, step.id): step for step in old.steps}
    for id, step in before.items():
        if id not in there:
            yield f"Langkah {step.id} tidak ada lagi."
        elif id != step.id:
            yield f"Langkah {step.id} sekarang bernama {id}."
    titles = old.pelaksana | new.pelaksana
    for step in new.steps:
        if step.id in before:
            was, now = _describe_step(old, before[step.id], titles, renamed), _describe_step(new, step, titles, {})
            yield from _changes(f"Langkah {step.id}", was, now)
        else:
            yield f"Langkah baru: {step.id} ({step.kegiatan})."


def _entries(
    what: str,
    old: Mapping[str, Mapping[str, str]],
    new: Mapping[str, Mapping[str, str]],
    came: Mapping[str, str],
    gone: str,
) -> Iterator[str]:
    """A sentence for each entry that changed, came (``came`` describes it) or is gone."""
    for name, now in sorted(new.items()):
        if name in old:
            yield from _changes(f"{what} {name}", old[name], now)
        else:
            yield f"{what} baru: {name} {came[name]}."
    for name in sorted(old.keys() - new.keys()):
        yield f"{what} {name} {gone}."


def _changes(what: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each attribute with another value."""
    for name, text in now.items():
        if was[name] != text:
            yield f'{what}: {_LABELS.get(name, name)} "{was[name] or "–"}" menjadi "{text or "–"}".'


def _describe(value: Struct, **special: str | None) -> dict[str, str]:
    """Every attribute of a step, field or document as text; ``special`` are the texts of some."""
    names = [name for name in value.__struct_fields__ if name not in LEFT_OUT]
    return {name: special.get(name) or _text(getattr(value, name)) for name in names}


def _describe_step(sop: Sop, step: Step, titles: Mapping[str, str], renamed: Mapping[str, str]) -> dict[str, str]:
    """The texts of a row; its exits with their effect: an implied row below is named, a way back is marked."""

    def tell(exits: Iterable[Branch]) -> str:
        return ", ".join(
            f"{branch.label}: {renamed.get(branch.to, branch.to)}"
            f"{f' bila {branch.when}' if branch.when else ''}{' (kembali)' if sop.rejects(step, branch) else ''}"
            for branch in exits
        )

    own = len(step.diamonds) > 1
    return _describe(
        step,
        pelaksana=", ".join(f"{titles[key]} ({key})" for key in step.pelaksana),
        not_by=", ".join(renamed.get(id, id) for id in step.not_by),
        waktu=_describe_waktu(step.waktu, renamed),
        next="" if step.branches else ", ".join(renamed.get(id, id) for id in sop.exits(step)),
        branches=tell(step.branches),
        decides=", ".join(f"{who} ({tell(exits)})" if own else who for who, exits in step.decides.items()),
    )


def _describe_waktu(waktu: Waktu, renamed: Mapping[str, str]) -> str:
    words = {"dibaca": waktu.reading, "per": waktu.per, "sebelum": waktu.before, "sesudah": waktu.after}
    more = ", ".join(f"{word} {renamed.get(name, name)}" for word, name in words.items() if name)
    return f"{waktu.text} ({more})".strip() if more else waktu.text


def _text(value: Any, name: str = "") -> str:  # noqa: ANN401 — whatever an attribute holds, later ones too
    """A value as people read it; inside a struct a yes is the attribute's ``name`` and a no is left out."""
    if isinstance(value, bool):
        yes, no = (_LABELS.get(name, name), "") if name else ("ya", "tidak")
        return yes if value else no
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(one)}" for key, one in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    if isinstance(value, Struct):
        inner = [part for part in value.__struct_fields__ if part != "source"]
        first, *others = (_text(getattr(value, part), part) for part in inner)
        more = ", ".join(filter(None, others))
        return f"{first} ({more})".strip() if more else first
    return "" if value is None else str(ACTS.get(value, value) if name == "act" else value)
