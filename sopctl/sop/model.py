"""What an SOP says: the columns of the form as frozen values.

A word that the form prints keeps its name (`kegiatan`, `waktu`, …); what it does not print is English.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sopctl.problems import Source

Act = Literal["draft", "initial", "sign", "receive"]
"""What a step does to its document."""

ACTS: dict[Act, str] = {"draft": "konsep", "initial": "paraf", "sign": "tanda tangan", "receive": "diterima"}
"""How people call it."""

FieldType = Literal["text", "number", "date", "list", "table", "choice"]

Unit = Literal["detik", "menit", "jam", "hari", "minggu", "bulan", "tahun"]

END = "end"
"""The branch target that ends the case."""


class Duration(Struct, frozen=True):
    """An amount of time as the form counts it: `menit` and `jam` are working time, `hari` working days."""

    amount: float
    unit: Unit


class Waktu(Struct, frozen=True):
    """The standard of a row: the form's own text, and what it says where it says a time.

    ``minimum`` and ``maximum`` are equal but for a range (`1-2 hari`); both are None for "tanpa standar".
    """

    text: str = ""
    minimum: Duration | None = None
    maximum: Duration | None = None


class Kelengkapan(Struct, frozen=True):
    """One item that must be there before a step is approved; with ``evidence`` a file is attached first."""

    nama: str
    evidence: bool = False


class Branch(Struct, frozen=True):
    """One exit of a diamond: its label as printed, the step it leads to (or `end`), its condition if any."""

    label: str
    to: str
    when: str | None = None


class StepDocument(Struct, frozen=True):
    """Which document a step writes, and what it does to it; ``koordinasi`` marks a paraf of another unit's official."""

    name: str
    act: Act = "draft"
    koordinasi: bool = False


class SopCall(Struct, frozen=True):
    """Another SOP that does this step; where it is ``optional`` the step may also be approved by hand."""

    sop: str
    optional: bool = False


class Step(Struct, frozen=True, kw_only=True):
    """One row of the form.

    ``no`` is the printed number and may repeat or be missing; ``id`` is unique. ``pelaksana`` are keys of
    `Sop.pelaksana` in the order in which the row passes along them; with ``together`` they act in any order.
    ``decides`` is never None where the row branches. Whoever acted at one of the steps ``not_by`` may not act here.
    ``next`` is a step id, `end`, or None for the row below.
    """

    id: str
    no: int | str | None = None
    kegiatan: str
    pelaksana: tuple[str, ...]
    together: bool = False
    decides: str | None = None
    not_by: tuple[str, ...] = ()
    kelengkapan: tuple[Kelengkapan, ...] = ()
    waktu: Waktu = Waktu()
    output: str = ""
    keterangan: str = ""
    next: str | None = None
    branches: tuple[Branch, ...] = ()
    document: StepDocument | None = None
    sop: SopCall | None = None
    source: Source


class Field(Struct, frozen=True, kw_only=True):
    """A value that people fill in; ``name`` is its template variable.

    ``step`` is the step at whose approval a required field must be there; None means at the start.
    ``columns`` belongs to `table`, ``choices`` to `choice`.
    """

    name: str
    label: str
    type: FieldType = "text"
    required: bool = False
    step: str | None = None
    columns: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    source: Source


class DocumentVariant(Struct, frozen=True, kw_only=True):
    """Another form of a document, written where the field says so: a Keputusan in the place of a Surat Tugas."""

    field: str
    value: str
    template: str
    kode: str | None = None
    judul: str | None = None
    source: Source


class Document(Struct, frozen=True, kw_only=True):
    """A Word document of the SOP: the template it is written from, and the kode of its letter number.

    Without ``kode`` it takes no number. ``judul`` is a title that a shared template prints. ``wajib`` are fields that
    must be filled in before it is signed. A ``srikandi`` document shows the placeholders of the national system, which
    numbers and signs it. The first of ``instead`` whose field has its value is written in its place.
    """

    name: str
    template: str
    kode: str | None = None
    judul: str | None = None
    wajib: tuple[str, ...] = ()
    srikandi: bool = False
    instead: tuple[DocumentVariant, ...] = ()
    source: Source

    def written_for(self, fields: Mapping[str, object]) -> "Document":
        """The document as these fields want it."""
        for other in self.instead:
            if fields.get(other.field) == other.value:
                return replace(self, template=other.template, kode=other.kode, judul=other.judul, instead=())
        return self


class Identitas(Struct, frozen=True, kw_only=True):
    """The cover sheet; every item is optional, and an empty one stays empty on paper."""

    nomor: str = ""
    tanggal_pembuatan: date | None = None
    tanggal_revisi: date | None = None
    tanggal_efektif: date | None = None
    disahkan_oleh: str = ""
    dasar_hukum: tuple[str, ...] = ()
    kualifikasi_pelaksana: tuple[str, ...] = ()
    keterkaitan: tuple[str, ...] = ()
    peralatan: tuple[str, ...] = ()
    peringatan: tuple[str, ...] = ()
    pencatatan: tuple[str, ...] = ()


class Sop(Struct, frozen=True, kw_only=True, dict=True):
    """A whole SOP; ``start`` holds at least one step id, the first is the default entry."""

    id: str
    nama: str
    identitas: Identitas = Identitas()
    pelaksana: dict[str, str]
    fields: dict[str, Field] = {}
    documents: dict[str, Document] = {}
    steps: tuple[Step, ...]
    start: tuple[str, ...]
    source: Source

    def step(self, id: str) -> Step:
        """The row with this id; KeyError where there is none."""
        return self.steps[self._rows[id]]

    def row(self, id: str) -> int:
        """Where the row stands on the form, counted from 0; KeyError where there is none."""
        return self._rows[id]

    @cached_property
    def _rows(self) -> dict[str, int]:
        """Where each row stands; of two with one id (which `decode` refuses) the first."""
        return {step.id: index for index, step in reversed([*enumerate(self.steps)])}

    @cached_property
    def required(self) -> dict[str | None, tuple[str, ...]]:
        """The names of the required fields by the step that asks for them, None for the start."""
        found: dict[str | None, tuple[str, ...]] = {}
        for field in self.fields.values():
            if field.required:
                found[field.step] = (*found.get(field.step, ()), field.name)
        return found

    def below(self, step: Step) -> str:
        """Where a row without branches leads: its `next`, else the row below, else the end."""
        if step.next is not None:
            return step.next
        index = self.row(step.id) + 1
        return self.steps[index].id if index < len(self.steps) else END

    def rejects(self, step: Step, branch: Branch) -> bool:
        """Whether taking the branch turns the work down, so that the step's output is not made.

        A branch that leads to its own row or to one above it hands the work back. So does the second of two
        unconditional exits (`tidak`), wherever it leads.
        """
        if branch.to != END and self.row(branch.to) <= self.row(step.id):
            return True
        pair = len(step.branches) == 2 and all(exit_.when is None for exit_ in step.branches)  # noqa: PLR2004 — ya and tidak
        return pair and branch == step.branches[-1]
