"""Every name in an SOP file must refer to something: targets, pelaksana, documents and fields that are named exist.

The values are already decoded; the nodes are asked only for the place of a mistake. A value that could not be read is
empty by now and was reported, so that it is not reported again.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Sequence as SequenceOf
from itertools import islice

from msgspec import Struct

from sopctl.notation.faults import Faults, listed, quoted
from sopctl.notation.nearest import suggestion
from sopctl.notation.node import Node, locate_key, locate_value
from sopctl.notation.structs import key_names, report_unknown_key
from sopctl.sop.durations import complete_waktu
from sopctl.sop.model import COLUMNS, END, Branch, Columns, Document, Duration, Field, FieldType, Sop, Step

_SHOWN = 8
_COUNTING: tuple[FieldType, ...] = ("number", "list", "table")
"""Types of fields that say how many there are of something."""

_STEP_KEYS = key_names(Step)

_SEPARATOR = re.compile(r"\s*[,;/+&]\s*|\s+dan\s+")
"""What stands between names that should be a list."""

KeyPath = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""


def check_references(sop: Sop, node: Node, reserved: frozenset[str], faults: Faults) -> None:
    """Add what does not agree; ``reserved`` are names that a template already knows."""
    places = _Places(node, faults, _ids_by_number(sop.steps))
    steps = frozenset(step.id for step in sop.steps)
    places.require_unique([step.id for step in sop.steps], "Id langkah", ("steps",), "id")
    places.require_all(sop.start, steps, "Langkah", ("start",))
    for index, step in enumerate(sop.steps):
        _check_row(step, sop, steps, places, ("steps", index))
        _check_exits(step, steps | {END}, places, ("steps", index))
    _check_columns(sop, places)
    for field in sop.fields.values():
        _check_field(field, steps, reserved, places)
    for document in sop.documents.values():
        _check_document(document, sop, places)


class _Places(Struct, frozen=True):
    """The file, where a mistake is reported at the place of a value or of its key."""

    node: Node
    faults: Faults
    numbered: Mapping[str, list[str]]
    """The ids of the rows with a printed number, which is what a form names and this language does not."""

    def add(self, code: str, message: str, path: KeyPath) -> None:
        """Add a mistake in the value at this place."""
        self.faults.add(locate_value(self.node, *path), code, message)

    def add_at_key(self, code: str, message: str, path: KeyPath) -> None:
        """Add a mistake in the key itself."""
        self.faults.add(locate_key(self.node, *path), code, message)

    def require(self, word: str | None, known: Collection[str], what: str, path: KeyPath) -> None:
        """Add a mistake where a word is none of those that are known."""
        if word and word not in known and not self.faults.full:
            others = self._name_rows(word, known) or _name_others(word, known)
            self.add("reference", f"{what} {quoted(word)} tidak ada di sini{others}.", path)

    def _name_rows(self, number: str, known: Collection[str]) -> str:
        """What to write instead of the number of a row."""
        ids = [id for id in self.numbered.get(number.removesuffix("."), ()) if id in known]
        return f"; id baris bernomor {number.removesuffix('.')}: {listed(ids, 'dan')}" if ids else ""

    def _split(self, text: str, known: Collection[str]) -> list[str]:
        """The names that were written as one text, none where they are not all known; a row by its number, too."""
        names: list[str] = []
        for part in _SEPARATOR.split(text.strip()):
            found = [part] if part in known else [id for id in self.numbered.get(part, ()) if id in known]
            if len(found) != 1:
                return []
            names += found
        return names

    def require_unique(self, words: SequenceOf[str], what: str, path: KeyPath, *key: str) -> None:
        """Add a mistake for every word of a list that occurs before; ``key`` holds it within its item."""
        first: dict[str, int] = {}
        for index, word in enumerate(words):
            earlier = first.setdefault(word, index)
            if word and earlier != index and not self.faults.full:
                line = locate_value(self.node, *path, earlier, *key).line
                message = f"{what} {quoted(word)} sudah tertulis pada baris {line}. Ganti atau hapus salah satu."
                self.add("repeated", message, (*path, index, *key))

    def require_all(self, words: SequenceOf[str], known: Collection[str], what: str, path: KeyPath) -> None:
        """Add a mistake for every word of a list that is not known or occurs before."""
        for index, word in enumerate(words):
            if len(names := self._split(word, known)) > 1:
                message = f"{quoted(word)} bukan satu nama. Beberapa ditulis sebagai daftar: [{', '.join(names)}]."
                self.add("reference", message, (*path, index))
            else:
                self.require(word, known, what, (*path, index))
        self.require_unique(words, what.split(maxsplit=1)[0], path)


def _ids_by_number(steps: SequenceOf[Step]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for step in steps:
        if step.no is not None and step.id:
            found.setdefault(str(step.no).removesuffix("."), []).append(step.id)
    return found


def _check_row(step: Step, sop: Sop, steps: frozenset[str], places: _Places, at: KeyPath) -> None:
    places.require_all(step.pelaksana, sop.pelaksana, "Pelaksana", (*at, "pelaksana"))
    places.require_all(step.not_by, steps - {step.id}, "Langkah lain", (*at, "not_by"))
    if step.document:
        places.require(step.document.name, sop.documents, "Dokumen", (*at, "document", "name"))
        if step.document.copy and step.document.act != "receive":
            places.add_at_key(
                "copy", "Salinan hanya diserahkan. Tulis act: receive, atau hapus copy.", (*at, "document", "copy")
            )
    if not decide_all(step):
        for who in step.decides:
            places.require(who, step.pelaksana, "Pemutus", (*at, "decides", who))
    _check_waktu(step, sop, steps, places, (*at, "waktu"))


def _check_waktu(step: Step, sop: Sop, steps: frozenset[str], places: _Places, at: KeyPath) -> None:
    """A time is relative to one thing, which is there and counts or has a date, and has an amount then."""
    waktu, read = step.waktu, complete_waktu(step.waktu)
    if isinstance(read, str):
        places.add("waktu", read, at)
        return
    given = [key for key in ("per", "before", "after") if getattr(waktu, key)]
    dates = {name for name, field in sop.fields.items() if field.type == "date"}
    if len(given) > 1:
        places.add_at_key("waktu", f"{listed(given, 'dan')} tidak dapat dipakai bersama. Pilih satu.", (*at, given[1]))
    elif given and read.maximum is None:
        message = f"Dengan {given[0]} harus ada lamanya. Tulis reading, misalnya reading: 3 hari."
        places.add_at_key("waktu", message, (*at, given[0]))
    elif waktu.anchor and _has_hours(read.maximum) and (waktu.before or waktu.anchor in dates):
        message = "Tanggal tidak menyebut jam. Tulis reading dalam hari, minggu atau bulan."
        places.add_at_key("waktu", message, (*at, given[0]))
    counts = {name for name, field in sop.fields.items() if field.type in _COUNTING}
    places.require(waktu.per, counts, "Isian yang menghitung (number, list atau table)", (*at, "per"))
    for key in ("before", "after"):
        known = dates | (steps - {step.id})
        places.require(getattr(waktu, key), known, "Isian berjenis date atau langkah lain", (*at, key))


def _has_hours(time: Duration | None) -> bool:
    return time is not None and (time.unit in ("detik", "menit", "jam") or _has_hours(time.plus))


def decide_all(step: Step) -> bool:
    """Whether the row says `decides: all`."""
    return [*step.decides] == ["all"] and "all" not in step.pelaksana


def find_column_errors(columns: Columns) -> Iterator[tuple[str, str]]:
    """The keys of columns that cannot be as they are said to be, each with a sentence."""
    for key, heading in columns.items():
        if key in ("kegiatan", "pelaksana") and heading is False:
            yield key, f"Kolom {quoted(key)} selalu ada. Hapus baris ini, atau tulis judul lain."
        elif key not in COLUMNS and key in _STEP_KEYS:
            yield key, f"{quoted(key)} punya arti sendiri pada sebuah langkah. Pakai kunci kolom lain."
        elif key not in COLUMNS and isinstance(heading, bool):
            hint = suggestion(key, COLUMNS) or f"; yang biasa: {', '.join(COLUMNS)}"
            yield key, f"Kolom {quoted(key)} bukan kolom formulir yang biasa{hint}. Tulis judulnya bila kolom baru."


def _check_columns(sop: Sop, places: _Places) -> None:
    """The columns can be so, and a row has no key that is not one of them."""
    for key, message in find_column_errors(sop.columns):
        places.add_at_key("columns", message, ("columns", key))
    known = (*_STEP_KEYS, *(key for key in sop.columns if key not in COLUMNS))
    for index, step in enumerate(sop.steps):
        for key in step.columns:
            if key not in sop.columns:
                report_unknown_key(key, locate_key(places.node, "steps", index, key), known, places.faults)


def _check_exits(step: Step, targets: frozenset[str], places: _Places, at: KeyPath) -> None:
    places.require_all(step.next, targets, "Langkah", (*at, "next"))
    own = {who: exits for who, exits in step.decides.items() if exits}
    if step.next and (step.branches or own):
        message = "Langkah ini memakai next dan branches sekaligus. Hapus salah satu."
        places.add_at_key("branches", message, (*at, "next"))
    if step.branches and own and len(own) == len(step.decides):
        message = "Setiap pemutus mempunyai cabangnya sendiri. Hapus branches, atau cabang sendiri itu."
        places.add_at_key("branches", message, (*at, "branches"))
    if step.kind and not step.branches and not own:
        message = "Langkah ini tidak memberi pilihan. Hapus kind, atau tulis branches."
        places.add_at_key("kind", message, (*at, "kind"))
    if step.decides and not step.branches and len(own) < len(step.decides):
        message = "Langkah ini tidak memberi pilihan. Hapus decides, atau tulis branches."
        places.add_at_key("decides", message, (*at, "decides"))
    _check_branches(step.branches, targets, places, (*at, "branches"))
    for who, exits in own.items():
        _check_branches(exits, targets, places, (*at, "decides", who))


def _check_branches(branches: tuple[Branch, ...], targets: frozenset[str], places: _Places, at: KeyPath) -> None:
    """The exits of a diamond, written at this place."""
    if len(branches) == 1:
        message = 'Satu cabang bukan keputusan. Tulis cabang kedua (misalnya "tidak: …"), atau pakai next.'
        places.add_at_key("branches", message, at)
    seen: dict[str, str] = {}
    for branch in branches:
        places.require(branch.to, targets, "Langkah", (*at, branch.label, "to"))
        first = seen.setdefault(branch.label.casefold(), branch.label)  # a label may be typed in any case
        if first != branch.label:
            message = f"Label {quoted(branch.label)} sama dengan {quoted(first)}. Pakai kata yang berbeda."
            places.add_at_key("branches", message, (*at, branch.label))


def _check_signers(document: Document, sop: Sop, places: _Places) -> None:
    """The signers of a document are pelaksana, and those of its rows that sign it are among them."""
    places.require_all(document.signers, sop.pelaksana, "Pelaksana", ("documents", document.name, "signers"))
    for index, step in enumerate(sop.steps if document.signers else ()):
        done = step.document
        deciders = [who for who in step.pelaksana if who in step.decides or decide_all(step)]
        signer = (deciders or step.pelaksana or ("",))[-1]
        if done and (done.name, done.act) == (document.name, "sign") and signer not in ("", *document.signers):
            message = (
                f"{sop.pelaksana.get(signer, signer)} tidak termasuk signers dokumen {quoted(document.name)}, jadi "
                "tidak dapat menandatanganinya. Ubah signers, atau pindahkan `act: sign` ke baris lain."
            )
            places.add("signers", message, ("steps", index, "document"))


def _check_field(field: Field, steps: frozenset[str], reserved: frozenset[str], places: _Places) -> None:
    """A table has columns and a choice has choices, each once; a list may offer choices, no other type has any."""
    at = ("fields", field.name)
    if field.name in reserved:
        message = f"Nama isian {quoted(field.name)} sudah dipakai oleh templat. Pakai nama lain."
        places.add_at_key("reserved", message, at)
    places.require(field.step, steps, "Langkah", (*at, "step"))
    places.require_unique(field.choices, "Isi", (*at, "choices"))
    for key, given, belongs in (("columns", field.columns, "table"), ("choices", field.choices, "choice")):
        if field.type == belongs and not given:
            message = f"Isian berjenis {belongs} memerlukan {key}. Tulis {key}: [ … ]."
            places.add("field", message, (*at, key))
        if given and field.type != belongs and (key, field.type) != ("choices", "list"):
            message = f"{key} hanya untuk isian berjenis {belongs}. Hapus {key}, atau tulis type: {belongs}."
            places.add("field", message, (*at, key))


def _check_document(document: Document, sop: Sop, places: _Places) -> None:
    at = ("documents", document.name)
    places.require(document.tujuan, sop.fields, "Isian", (*at, "tujuan"))
    places.require_all(document.wajib, sop.fields, "Isian", (*at, "wajib"))
    _check_signers(document, sop, places)
    for index, other in enumerate(document.instead):
        places.require(other.field, sop.fields, "Isian", (*at, "instead", index, "field"))
        places.require_all(other.wajib or (), sop.fields, "Isian", (*at, "instead", index, "wajib"))
        field = sop.fields.get(other.field)
        if field is not None and field.type == "choice":
            places.require(other.value, field.choices, "Pilihan", (*at, "instead", index, "is"))
        elif field is not None:
            message = f"Isian {quoted(field.name)} bukan pilihan. Tulis isian berjenis choice."
            places.add("reference", message, (*at, "instead", index, "field"))


def _name_others(word: str, known: Collection[str]) -> str:
    if meant := suggestion(word, known):
        return meant
    names = [name for name in islice(sorted(known), _SHOWN) if name]
    return f"; yang ada: {listed(names, 'dan')}" if names else ""
