"""What an SOP file says twice must agree: targets, pelaksana, documents and fields that are named must be there.

The values are already decoded; the nodes are asked only for the place of a mistake. A value that could not be read is
empty by now and was reported, so that it is not reported again.
"""

from collections.abc import Callable, Collection
from collections.abc import Sequence as SequenceOf
from itertools import islice

from sopctl.notation.faults import Faults, listed, quoted
from sopctl.notation.nearest import suggestion
from sopctl.notation.node import Node, locate_key, locate_value
from sopctl.sop.model import END, Document, Field, FieldType, Sop, Step

_SHOWN = 8

KeyPath = tuple[str | int, ...]


def check_references(sop: Sop, node: Node, reserved: frozenset[str], faults: Faults) -> None:
    """Add what does not agree; ``reserved`` are names that a template already knows."""
    _References(sop, node, faults).check(reserved)


class _References:
    """One SOP with the names that may be referred to."""

    def __init__(self, sop: Sop, node: Node, faults: Faults) -> None:
        self.sop = sop
        self.node = node
        self.faults = faults
        self.steps = frozenset(step.id for step in sop.steps)
        self.targets = self.steps | {END}

    def check(self, reserved: frozenset[str]) -> None:
        """Everything that refers to something, in the order of the file."""
        self._once([step.id for step in self.sop.steps], "Id langkah", lambda index: ("steps", index, "id"))
        for index, id in enumerate(self.sop.start):
            self._known(id, self.steps, "Langkah", "start", index)
        self._once(self.sop.start, "Langkah", lambda index: ("start", index))
        for index, step in enumerate(self.sop.steps):
            self._row(step, "steps", index)
            self._exits(step, "steps", index)
        for field in self.sop.fields.values():
            self._field(field, reserved)
        for document in self.sop.documents.values():
            self._document(document)

    def _row(self, step: Step, *at: str | int) -> None:
        for index, pelaksana in enumerate(step.pelaksana):
            self._known(pelaksana, self.sop.pelaksana, "Pelaksana", *at, "pelaksana", index)
        self._once(step.pelaksana, "Pelaksana", lambda index: (*at, "pelaksana", index))
        for index, id in enumerate(step.not_by):
            self._known(id, self.steps - {step.id}, "Langkah lain", *at, "not_by", index)
        self._once(step.not_by, "Langkah", lambda index: (*at, "not_by", index))
        if step.document:
            self._known(step.document.name, self.sop.documents, "Dokumen", *at, "document", "name")
        if step.decides and not step.branches:
            self._add_at_key(
                "decides", "Langkah ini tidak bercabang. Hapus decides, atau tulis branches.", *at, "decides"
            )
        elif step.decides:
            self._known(step.decides, step.pelaksana, "Pemutus", *at, "decides")

    def _exits(self, step: Step, *at: str | int) -> None:
        if step.next:
            self._known(step.next, self.targets, "Langkah", *at, "next")
        if step.next and step.branches:
            self._add_at_key(
                "branches", "Langkah ini memakai next dan branches sekaligus. Hapus salah satu.", *at, "next"
            )
        if len(step.branches) == 1:
            message = 'Satu cabang bukan keputusan. Tulis cabang kedua (misalnya "tidak: …"), atau pakai next.'
            self._add_at_key("branches", message, *at, "branches")
        for branch in step.branches:
            self._known(branch.to, self.targets, "Langkah", *at, "branches", branch.label, "to")
        self._labels_apart(step, *at)

    def _labels_apart(self, step: Step, *at: str | int) -> None:
        """`decide` takes a label in any case, so labels must differ by more."""
        seen: dict[str, str] = {}
        for branch in step.branches:
            first = seen.setdefault(branch.label.casefold(), branch.label)
            if first != branch.label:
                message = f"Label {quoted(branch.label)} sama dengan {quoted(first)}. Pakai kata yang berbeda."
                self._add_at_key("branches", message, *at, "branches", branch.label)

    def _field(self, field: Field, reserved: frozenset[str]) -> None:
        if field.name in reserved:
            message = f"Nama isian {quoted(field.name)} sudah dipakai oleh templat. Pakai nama lain."
            self._add_at_key("reserved", message, "fields", field.name)
        if field.step:
            self._known(field.step, self.steps, "Langkah", "fields", field.name, "step")
        self._parts(field, "columns", field.columns, "table")
        self._parts(field, "choices", field.choices, "choice")

    def _parts(self, field: Field, key: str, given: tuple[str, ...], belongs: FieldType) -> None:
        """A table has columns and a choice has choices, each once, and no other type has any."""
        if field.type == belongs and not given:
            message = f"Isian berjenis {belongs} memerlukan {key}. Tulis {key}: [ … ]."
            self._add("field", message, "fields", field.name, key)
        if field.type != belongs and given:
            message = f"{key} hanya untuk isian berjenis {belongs}. Hapus {key}, atau tulis type: {belongs}."
            self._add("field", message, "fields", field.name, key)
        self._once(given, "Isi", lambda index: ("fields", field.name, key, index))

    def _document(self, document: Document) -> None:
        at = ("documents", document.name)
        for index, name in enumerate(document.wajib):
            self._known(name, self.sop.fields, "Isian", *at, "wajib", index)
        self._once(document.wajib, "Isian", lambda index: (*at, "wajib", index))
        for index, other in enumerate(document.instead):
            self._known(other.field, self.sop.fields, "Isian", *at, "instead", index, "field")
            field = self.sop.fields.get(other.field)
            if field is not None and field.type == "choice":
                self._known(other.value, field.choices, "Pilihan", *at, "instead", index, "is")
            elif field is not None:
                message = f"Isian {quoted(field.name)} bukan pilihan. Tulis isian berjenis choice."
                self._add("reference", message, *at, "instead", index, "field")

    def _once(self, words: SequenceOf[str], what: str, at: Callable[[int], KeyPath]) -> None:
        first: dict[str, int] = {}
        for index, word in enumerate(words):
            earlier = first.setdefault(word, index)
            if word and earlier != index and not self.faults.full:
                line = locate_value(self.node, *at(earlier)).line
                message = f"{what} {quoted(word)} sudah tertulis pada baris {line}. Ganti atau hapus salah satu."
                self._add("repeated", message, *at(index))

    def _known(self, word: str, known: Collection[str], what: str, *at: str | int) -> None:
        if word and word not in known and not self.faults.full:
            message = f"{what} {quoted(word)} tidak ada di sini{_instead(word, known)}."
            self._add("reference", message, *at)

    def _add(self, code: str, message: str, *at: str | int) -> None:
        """Add a mistake in the value at this place."""
        if not self.faults.full:
            self.faults.add(locate_value(self.node, *at), code, message)

    def _add_at_key(self, code: str, message: str, *at: str | int) -> None:
        """Add a mistake in the key itself."""
        if not self.faults.full:
            self.faults.add(locate_key(self.node, *at), code, message)


def _instead(word: str, known: Collection[str]) -> str:
    if meant := suggestion(word, known):
        return meant
    names = [name for name in islice(sorted(known), _SHOWN) if name]
    return f"; yang ada: {listed(names, 'dan')}" if names else ""
