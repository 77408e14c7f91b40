"""The SOP as frozen values: the columns of the form, each field with the YAML key that it is read from.

A word that the form prints keeps its name (`kegiatan`, `waktu`, …); what it does not print is English.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from sopctl.notation.keys import EntryName, Key, OtherKeys, YamlStruct
from sopctl.problems import Source
from sopctl.sop.forks import Fork, find_rows_beside
from sopctl.sop.graph import StepGraph
from sopctl.sop.wording import says_no

Act = Literal["draft", "initial", "sign", "receive"]
"""What a step does to its document."""

ACTS: dict[Act, str] = {"draft": "konsep", "initial": "paraf", "sign": "tanda tangan", "receive": "diterima"}
"""How people call it."""

ColumnType = Literal["text", "number", "date", "nip", "money"]
"""What a cell of a table may hold; `money` is an amount of rupiah."""

FieldType = Literal["text", "number", "date", "nip", "money", "list", "table", "choice"]

StepKind = Literal["choice", "approval"]
"""What a row with branches decides: which way the work goes, or whether it is agreed to."""

Unit = Literal["detik", "menit", "jam", "hari", "minggu", "bulan", "tahun"]

Texts = tuple[str, ...]

COLUMNS = {
    "no": "No",
    "kegiatan": "Kegiatan",
    "pelaksana": "Pelaksana",
    "kelengkapan": "Kelengkapan",
    "waktu": "Waktu",
    "output": "Output",
    "keterangan": "Ket",
}
"""The columns of the form in their order, with the headings of Permenpan-RB 35/2012."""

Columns = dict[str, str | bool]
"""Columns that differ from these: the heading by key, yes for the usual one, no for a column that is not printed."""

COLUMNS_KEY = Key(
    "Kolom formulir yang lain dari biasanya: kunci: judul tercetak; tidak bila kolomnya tidak ada.",
    "judul kolom seperti tercetak, atau tidak",
    entry=EntryName("kunci kolom, misalnya risiko", "column_key"),
    format="column_heading",
)
"""The key under which an SOP or an office says so."""

END = "end"
"""The branch target that ends the case."""

PAIR = 2
"""Exits that a plain yes tells apart where both lead on: it takes the first. Of more, one is chosen by its label."""

MOST_ARMS = 10
"""Rows that one row may lead to at once, more than any form draws."""

MOST_PARAF = 3
"""Officials in the line of the signer who initial a letter at most, by the rules of naskah dinas."""


Clock = Literal["working", "calendar"]
"""By what a time runs: the office's hours, or the clock, nights and holidays included."""


class Duration(Struct, frozen=True, omit_defaults=True):
    """An amount of time as the form counts it: `menit` and `jam` are working time, `hari` working days.

    By the ``calendar`` clock they are those of the clock, `minggu` seven days. ``plus`` is added, in a smaller unit.
    """

    amount: float
    unit: Unit
    clock: Clock = "working"
    plus: "Duration | None" = None


class Waktu(YamlStruct, frozen=True):
    """The standard of a row: the form's own text, and the time it states, if any.

    ``minimum`` and ``maximum`` are equal but for a range (`1-2 hari`); both are None for "tanpa standar". They are read
    from ``reading``, `-` for none, or from the text where that is empty; ``doubt`` says what of it is not sure.
    The time counts from the coming of the case, or once ``per`` unit of a field, or to a date ``before`` or ``after``
    which it lies: that of a field, or of the completion of another row.
    """

    title = "waktu"
    text: Annotated[
        str, Key("Waktu seperti tercetak pada formulir.", "waktu, misalnya 15 menit", format="waktu", short=True)
    ] = ""
    minimum: Duration | None = None
    maximum: Duration | None = None
    reading: Annotated[
        str, Key('Yang dihitung, bila teksnya tidak terbaca sendiri: misalnya 3 hari, atau "-".', format="reading")
    ] = ""
    per: Annotated[str | None, Key("Isian yang menghitung satuannya; lamanya dikalikan.", "nama isian")] = None
    before: Annotated[
        str | None, Key("Isian tanggal atau id langkah; selesai sekian waktu sebelumnya.", "nama isian")
    ] = None
    after: Annotated[
        str | None, Key("Isian tanggal atau id langkah; selesai sekian waktu sesudahnya.", "nama isian")
    ] = None
    doubt: str = ""

    @property
    def settled(self) -> bool:
        """Whether nothing is to be asked about a row without a standard: its author wrote so, or it has a doubt."""
        return bool(self.reading or self.doubt)

    @property
    def anchor(self) -> str | None:
        """The field or row from whose date the time counts; None where it is the coming of the case."""
        return self.before or self.after

    @property
    def clock(self) -> Clock:
        """By what the time that a visit takes is counted."""
        return "working" if self.maximum is None or self.anchor else self.maximum.clock


class Kelengkapan(YamlStruct, frozen=True):
    """One item that must be there before a step is approved; with ``evidence`` a file is attached first.

    An ``external`` one comes from elsewhere: no output of this SOP is meant, however alike their names are.
    """

    title = "kelengkapan"
    nama: Annotated[str, Key("Nama kelengkapan seperti tercetak.", "nama kelengkapan", short=True)]
    evidence: Annotated[bool, Key("ya: buktinya harus dilampirkan sebelum langkah disetujui.")] = False
    external: Annotated[bool, Key("ya: datang dari luar SOP ini, juga bila namanya mirip output sebuah baris.")] = False


class Branch(YamlStruct, frozen=True):
    """One exit of a diamond: its label as printed, the step it leads to (or `end`), its condition if any."""

    title = "cabang"
    label: Annotated[str, EntryName("label cabang, misalnya ya")]
    to: Annotated[str, Key("Id langkah tujuan, atau end.", "id langkah atau end", short=True)]
    when: Annotated[str | None, Key("Syarat atas isian, misalnya nilai >= 75.", format="condition")] = None


class StepDocument(YamlStruct, frozen=True):
    """Which document a step writes, and what it does to it; ``koordinasi`` marks a paraf of another unit's official.

    With ``copy`` what is handed over is a copy, certified by whoever does the step, where its template has such a form.
    """

    title = "dokumen langkah"
    name: Annotated[str, Key("Nama dokumen dari bagian documents.", "nama dokumen", short=True)]
    act: Annotated[
        Act, Key("Perlakuan atas dokumen: draft (konsep), initial (paraf), sign (tanda tangan), receive (diterima).")
    ] = "draft"
    koordinasi: Annotated[bool, Key("ya: paraf koordinasi pejabat unit kerja lain.")] = False
    copy: Annotated[
        bool, Key("ya: yang diserahkan (receive) adalah salinan, disahkan pelaksana langkah ini; untuk Keputusan.")
    ] = False


class SopCall(YamlStruct, frozen=True):
    """Another SOP that does this step; where it is ``optional`` the step may also be approved by hand."""

    title = "panggilan SOP"
    sop: Annotated[
        str, Key("Id SOP yang mengerjakan langkah ini.", "id SOP", name="id", format="identifier", short=True)
    ]
    optional: Annotated[bool, Key("ya: langkah boleh juga disetujui tanpa SOP itu.")] = False


class Optionality(YamlStruct, frozen=True):
    """Whether a row may be left out ("apabila diperlukan"); with ``when`` as soon as that holds, and only then."""

    title = "baris yang boleh dilewati"
    allowed: Annotated[bool, Key("ya: baris ini boleh dilewati.", short=True)] = True
    when: Annotated[
        str | None, Key("Syarat atas isian; bila terpenuhi, baris ini dilewati sendiri.", format="condition")
    ] = None


class Step(YamlStruct, frozen=True, kw_only=True):
    """One row of the form.

    ``no`` is the printed number and may repeat or be missing; ``id`` is unique. ``pelaksana`` are keys of
    `Sop.pelaksana` in the order in which the row passes along them; with ``together`` they act in any order.
    ``decides`` has, in that order, those who hold a diamond with its exits, as soon as the row branches; ``branches``
    are the exits of all of them, those of the last one first. ``kind`` says what its exits to the end mean where their
    labels do not. Whoever acted at one of the steps ``not_by`` may not act here.
    ``columns`` are the texts of the further columns that the SOP names, each under the key of its column.
    ``next`` is a step id or `end`, empty for the row below; several are a fork: each begins an arm of its own.
    """

    title = "langkah"
    id: Annotated[
        str, Key("Id langkah yang tetap, misalnya periksa; tujuan next dan branches.", "id langkah", format="step_id")
    ]
    no: Annotated[int | str | None, Key("Nomor tercetak pada formulir; boleh kosong atau berulang.")] = None
    kegiatan: Annotated[str, Key("Uraian kegiatan seperti tercetak pada formulir.", "kegiatan")]
    pelaksana: Annotated[
        Texts, Key("Kunci pelaksana, atau daftar kunci menurut urutan baris ini melewatinya.", "pelaksana", minimum=1)
    ]
    together: Annotated[bool, Key("ya: semua pelaksana bertindak bersama, urutan bebas.")] = False
    decides: Annotated[
        dict[str, tuple[Branch, ...]],
        Key(
            "Pelaksana yang memutuskan: satu, daftar, all, atau masing-masing dengan cabangnya sendiri; tanpa ini yang "
            "terakhir.",
            "pelaksana",
            entry=EntryName("pelaksana"),
            listed=True,
        ),
    ] = field(default_factory=dict)
    not_by: Annotated[
        Texts,
        Key(
            "Langkah yang pelakunya tidak boleh bertindak di sini: yang menyusun tidak memeriksa sendiri.", "id langkah"
        ),
    ] = ()
    kelengkapan: Annotated[tuple[Kelengkapan, ...], Key("Kelengkapan yang harus ada sebelum langkah disetujui.")] = ()
    waktu: Annotated[Waktu, Key("Waktu baku, atau {text, reading}; kosong berarti tanpa standar.")] = Waktu()
    output: Annotated[Texts, Key("Output seperti tercetak pada formulir, atau daftar output.", "output")] = ()
    keterangan: Annotated[str, Key("Keterangan (kolom Ket).")] = ""
    columns: Annotated[dict[str, Texts], OtherKeys()] = field(default_factory=dict)
    next: Annotated[
        Texts,
        Key(
            "Id langkah berikutnya, atau end; daftar id bila sesudahnya beberapa baris dikerjakan bersamaan; "
            "tanpa ini baris di bawahnya.",
            "id langkah atau end",
            minimum=1,
            maximum=MOST_ARMS,
        ),
    ] = ()
    branches: Annotated[
        tuple[Branch, ...], Key("Cabang keputusan: label: id langkah; persetujuan mengambil yang pertama.")
    ] = ()
    kind: Annotated[
        StepKind | None,
        Key("Arti cabang ke end: approval (menolak) atau choice (pilihan biasa); tanpa ini menurut labelnya."),
    ] = None
    optional: Annotated[
        Optionality | None,
        Key('ya: baris ini boleh dilewati ("apabila diperlukan"); {when: …}: dilewati bila terpenuhi.'),
    ] = None
    document: Annotated[StepDocument | None, Key("Dokumen yang ditulis langkah ini: nama, atau {name, act}.")] = None
    sop: Annotated[SopCall | None, Key("SOP lain yang mengerjakan langkah ini: id, atau {id, optional}.")] = None
    source: Source

    @property
    def decider(self) -> str:
        """Whose act upon the document is the row's: of those who decide the last one, else the last of the row."""
        return next(reversed(self.decides), self.pelaksana[-1])

    @property
    def diamonds(self) -> "tuple[Step, ...]":
        """The row with the exits of each diamond alone, in the order of ``decides``; those alike once."""
        return tuple(replace(self, branches=exits) for exits in dict.fromkeys(self.decides.values()))

    def seen_by(self, pelaksana: str) -> "Step":
        """The row with the exits of this pelaksana alone, who decides."""
        return self if len(self.decides) == 1 else replace(self, branches=self.decides[pelaksana])

    @property
    def document_name(self) -> str:
        """The name of the document that the row writes; empty where it writes none."""
        return self.document.name if self.document else ""

    @property
    def output_name(self) -> str:
        """The outputs as one name: `Berita acara, daftar hadir dan foto`; empty where the row has none."""
        *others, last = self.output or ("",)
        return f"{', '.join(others)} dan {last}" if others else last


class FieldColumn(YamlStruct, frozen=True):
    """A column of a table."""

    title = "kolom"
    name: Annotated[str, EntryName("judul kolom", "column_name")]
    type: Annotated[ColumnType, Key("Jenis isinya: text, number, date, nip atau money.", short=True)] = "text"


OfficeKey = Literal["pemerintah", "nama", "bidang", "singkatan", "alamat", "kota", "telepon", "laman", "pos_el"]
"""A key of `instansi` in `sopctl.yaml` whose text a field may begin with."""


class FieldDefault(YamlStruct, frozen=True, kw_only=True):
    """What a field holds from the start: a text as people type it, a text of the office, or what it held last."""

    title = "nilai awal"
    text: Annotated[str, Key("Nilai awal, ditulis seperti orang mengetiknya.", "nilai", short=True)] = ""
    office: Annotated[OfficeKey | None, Key("Nilai dari instansi pada sopctl.yaml, misalnya kota.")] = None
    last: Annotated[bool, Key("ya: nilainya pada berkas terakhir menurut SOP ini.")] = False


class Field(YamlStruct, frozen=True, kw_only=True):
    """A value that people fill in; ``name`` is its template variable.

    ``step`` is the step at whose approval a required field must be there; None means at the start.
    ``columns`` belongs to `table` and gives the type of each column; ``choices`` belongs to `choice`; a
    `list` offers them beside whatever else is written.
    """

    title = "isian"
    name: Annotated[str, EntryName(format="field_name")]
    label: Annotated[str, Key("Nama isian untuk orang, misalnya Anggota tim.", "label")]
    type: Annotated[FieldType, Key("Jenis isian: text, number, date, nip, money, list, table atau choice.")] = "text"
    required: Annotated[bool, Key("ya: wajib diisi.")] = False
    step: Annotated[str | None, Key("Langkah yang memerlukannya; tanpa ini sejak awal.", "id langkah")] = None
    columns: Annotated[
        tuple[FieldColumn, ...],
        Key("Kolom sebuah table, berurutan: [nama, nip], atau dengan jenisnya: {nip: nip, mulai: date}.", listed=True),
    ] = ()
    choices: Annotated[Texts, Key("Pilihan sebuah choice, atau butir yang ditawarkan sebuah list.")] = ()
    default: Annotated[
        FieldDefault | None,
        Key("Nilai awal: teks, {office: kota} dari sopctl.yaml, atau {last: ya} dari berkas terakhir SOP ini."),
    ] = None
    source: Source

    @property
    def column_names(self) -> Texts:
        """The names of the columns in their order."""
        return tuple([column.name for column in self.columns])


_Template = Annotated[str, Key("Templat Word di folder templates, misalnya disposisi.docx.", format="template_name")]
_Kode = Annotated[str | None, Key("Kode klasifikasi nomor surat; tanpa ini tidak bernomor.", "kode klasifikasi")]
_Judul = Annotated[str | None, Key("Judul yang dicetak oleh templat bersama.", "judul")]
_ABOUT_WAJIB = "Isian yang harus ada sebelum dokumen ini ditandatangani"


class DocumentVariant(YamlStruct, frozen=True, kw_only=True):
    """Another form of a document, written where a field has a value: a Keputusan for a Surat Tugas.

    Without a ``wajib`` of its own (None) it wants what the document does.
    """

    title = "bentuk lain dokumen"
    field: Annotated[str, Key("Isian berjenis choice yang menentukannya.", "nama isian")]
    value: Annotated[str, Key("Nilai isian itu.", "pilihan", name="is")]
    template: _Template
    kode: _Kode = None
    judul: _Judul = None
    wajib: Annotated[Texts | None, Key(f"{_ABOUT_WAJIB}; tanpa ini yang disebut dokumennya.", "nama isian")] = None
    source: Source


class Document(YamlStruct, frozen=True, kw_only=True):
    """A Word document of the SOP: the template it is written from, and the kode of its letter number.

    Without ``kode`` it takes no number. ``judul`` is a title that a shared template prints. ``tujuan`` is the field
    that names whom it goes to. ``wajib`` are fields that must be filled in before it is signed. ``signers`` are the
    pelaksana who may sign it, empty for those that the office names. A ``srikandi`` document shows the placeholders of
    the national system, which numbers and signs it. The first of ``instead`` whose field has its value is written in
    its place.
    """

    title = "dokumen"
    name: Annotated[str, EntryName("nama dokumen", "identifier")]
    template: _Template
    kode: _Kode = None
    judul: _Judul = None
    tujuan: Annotated[
        str | None,
        Key("Isian yang menyebut tujuan surat dalam buku agenda; tanpa ini kepada, yth atau tujuan.", "nama isian"),
    ] = None
    wajib: Annotated[Texts, Key(f"{_ABOUT_WAJIB}.", "nama isian")] = ()
    signers: Annotated[
        Texts,
        Key(
            "Pelaksana yang boleh menandatangani surat ini; tanpa ini menurut letter_number.signers di sopctl.yaml.",
            "kunci pelaksana",
        ),
    ] = ()
    srikandi: Annotated[bool, Key("ya: nomor dan tanda tangan diisi SRIKANDI; naskah memuat penandanya.")] = False
    instead: Annotated[
        tuple[DocumentVariant, ...], Key("Bentuk lain dokumen ini, bila sebuah isian menghendakinya.")
    ] = ()
    source: Source

    @property
    def shown_name(self) -> str:
        """Its judul, else its name in words: `surat-tugas` is `Surat tugas`."""
        return self.judul or self.name.replace("-", " ").replace("_", " ").capitalize()

    @property
    def templates(self) -> tuple[str, ...]:
        """The templates of all its forms, its own first."""
        return (self.template, *(other.template for other in self.instead))

    def written_for(self, fields: Mapping[str, object]) -> "Document":
        """The document as these fields want it."""
        for other in self.instead:
            if fields.get(other.field) == other.value:
                wajib = self.wajib if other.wajib is None else other.wajib
                return replace(
                    self, template=other.template, kode=other.kode, judul=other.judul, wajib=wajib, instead=()
                )
        return self


class Identitas(YamlStruct, frozen=True, kw_only=True):
    """The cover sheet; every item is optional, and an empty one stays empty on paper."""

    title = "identitas"
    nomor: Annotated[str, Key("Nomor SOP.", "nomor SOP")] = ""
    tanggal_pembuatan: Annotated[date | None, Key("Tanggal SOP pertama kali selesai dibuat.")] = None
    tanggal_revisi: Annotated[date | None, Key("Tanggal revisi; kosong untuk versi pertama.")] = None
    tanggal_efektif: Annotated[date | None, Key("Tanggal mulai berlaku.")] = None
    disahkan_oleh: Annotated[str, Key("Jabatan yang mengesahkan.", "jabatan")] = ""
    dasar_hukum: Annotated[Texts, Key("Dasar hukum, satu per butir.")] = ()
    kualifikasi_pelaksana: Annotated[Texts, Key("Kualifikasi pelaksana, satu per butir.")] = ()
    keterkaitan: Annotated[Texts, Key("SOP lain yang terkait, satu per butir.")] = ()
    peralatan: Annotated[Texts, Key("Peralatan/perlengkapan, satu per butir.")] = ()
    peringatan: Annotated[Texts, Key("Peringatan, satu per butir.")] = ()
    pencatatan: Annotated[Texts, Key("Pencatatan dan pendataan, satu per butir.")] = ()


MOST_STEPS, MOST_PELAKSANA = 500, 60
"""More than any form prints: a real one has some forty rows and fifteen columns."""


class Sop(YamlStruct, frozen=True, kw_only=True, dict=True):
    """A whole SOP; ``start`` holds at least one step id, the first is the default entry."""

    title = "SOP"
    id: Annotated[str, Key("Id SOP, sama dengan nama filenya, misalnya sk-tim.", "id SOP", format="identifier")]
    nama: Annotated[str, Key("Nama SOP seperti tercetak.", "nama SOP")]
    identitas: Annotated[Identitas, Key("Lembar identitas; semua kunci boleh kosong.")] = Identitas()
    pelaksana: Annotated[
        dict[str, str],
        Key(
            "Kolom pelaksana menurut urutan formulir: kunci: nama tercetak.",
            "nama pelaksana seperti tercetak",
            entry=EntryName("kunci pelaksana", "identifier"),
            minimum=1,
            maximum=MOST_PELAKSANA,
        ),
    ]
    columns: Annotated[Columns, COLUMNS_KEY] = field(default_factory=dict)
    fields: Annotated[dict[str, Field], Key("Isian; setiap nama menjadi variabel templat.")] = field(
        default_factory=dict
    )
    documents: Annotated[dict[str, Document], Key("Dokumen Word yang ditulis langkah-langkah.")] = field(
        default_factory=dict
    )
    start: Annotated[Texts, Key("Langkah awal; yang pertama dipakai bila tidak dipilih.", "id langkah")] = ()
    steps: Annotated[
        tuple[Step, ...], Key("Baris-baris formulir menurut urutannya.", lone=False, minimum=1, maximum=MOST_STEPS)
    ]
    source: Source

    def step(self, id: str) -> Step:
        """The row with this id; KeyError where there is none."""
        return self.steps[self._rows[id]]

    def row(self, id: str) -> int:
        """The position of the row on the form, counted from 0; KeyError where there is none."""
        return self._rows[id]

    @cached_property
    def _rows(self) -> dict[str, int]:
        """The position of each row; of two with one id (which `decode` refuses) the first."""
        return {step.id: index for index, step in reversed([*enumerate(self.steps)])}

    @cached_property
    def required(self) -> dict[str | None, Texts]:
        """The names of the required fields by the step that asks for them, None for the start."""
        found: dict[str | None, Texts] = {}
        for name, one in self.fields.items():
            if one.required:
                found[one.step] = (*found.get(one.step, ()), name)
        return found

    def step_after(self, step: Step) -> str:
        """Where a row without branches leads (a fork: its first arm): its `next`, else the row below, else the end."""
        if step.next:
            return step.next[0]
        index = self.row(step.id) + 1
        return self.steps[index].id if index < len(self.steps) else END

    def rejects(self, step: Step, branch: Branch) -> bool:
        """Whether taking the branch turns the work down, so that the step's output is not made.

        A branch that leads to its own row or to one above it hands the work back. One that ends the case turns it down
        where its label says so, or where the row decides on approval and it is not the first.
        """
        if branch.to != END:
            return self.row(branch.to) <= self.row(step.id)
        if step.kind == "choice":
            return False
        agrees = any(branch == exits[0] for exits in (step.branches, *step.decides.values()))
        return says_no(branch.label) or (step.kind == "approval" and not agrees)

    def rejections(self, step: Step) -> tuple[Branch, ...]:
        """The branches of a row that turn the work down."""
        return tuple(branch for branch in step.branches if self.rejects(step, branch))

    def ways_on(self, step: Step) -> tuple[Branch, ...]:
        """The branches of a row that do not."""
        return tuple(branch for branch in step.branches if not self.rejects(step, branch))

    def exits(self, step: Step) -> Texts:
        """The ids of the rows that a row may lead to, `end` among them; a fork leads to all of its at once."""
        return tuple([branch.to for branch in step.branches]) or step.next or (self.step_after(step),)

    @cached_property
    def graph(self) -> StepGraph:
        """Where each row may lead; a condition on a branch is taken to be possible."""
        return {step.id: self.exits(step) for step in self.steps}

    @cached_property
    def forks(self) -> tuple[Fork, ...]:
        """The forks, in the order of the form; where the work is turned down does not count as a way."""
        forks = [step for step in self.steps if len(step.next) > 1]
        onward = {
            step.id: tuple([one.to for one in self.ways_on(step)]) if step.branches else self.exits(step)
            for step in (self.steps if forks else ())
        }
        return tuple([Fork.among(onward, step.id, step.next) for step in forks])

    @cached_property
    def beside(self) -> dict[str, frozenset[str]]:
        """For each row in an arm of a fork, the rows at which the case may stand at the same time."""
        return find_rows_beside(self.forks)
