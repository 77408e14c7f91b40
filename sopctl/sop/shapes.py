"""The SOP file, key by key: what the reader accepts and what the JSON Schema promises, said once."""

from msgspec.structs import replace

from sopctl.notation.leaves import choice, text, yes_no
from sopctl.notation.record import Key, Record, Values
from sopctl.notation.shape import Many, MapOf, Mapped
from sopctl.sop.model import Document, DocumentVariant, Field, FieldType, Identitas, Sop
from sopctl.sop.names import column_name, field_name, identifier, template_name
from sopctl.sop.rows import STEP
from sopctl.sop.sheet import IDENTITAS

_TYPES: tuple[FieldType, ...] = ("text", "number", "date", "list", "table", "choice")

FIELD_LABEL = Key("label", text("label"), "Nama isian untuk orang, misalnya Anggota tim.")
FIELD_TYPE = Key[FieldType](
    "type", choice(*_TYPES), "Jenis isian: text, number, date, list, table atau choice.", default="text"
)
FIELD_REQUIRED = Key("required", yes_no(), "ya: wajib diisi.", default=False)
FIELD_STEP = Key[str | None](
    "step", text("id langkah"), "Langkah yang memerlukannya; tanpa ini sejak awal.", default=None
)
FIELD_COLUMNS = Key[tuple[str, ...]]("columns", Many(column_name()), "Kolom sebuah table, berurutan.", default=())
FIELD_CHOICES = Key[tuple[str, ...]]("choices", Many(text()), "Pilihan sebuah choice.", default=())

_FIELD_KEYS = (FIELD_LABEL, FIELD_TYPE, FIELD_REQUIRED, FIELD_STEP, FIELD_COLUMNS, FIELD_CHOICES)


def _field(values: Values) -> Field:
    return Field(
        name="",
        label=values[FIELD_LABEL],
        type=values[FIELD_TYPE],
        required=values[FIELD_REQUIRED],
        step=values[FIELD_STEP],
        columns=values[FIELD_COLUMNS],
        choices=values[FIELD_CHOICES],
        source=values.source,
    )


def _named_fields(fields: dict[str, Field]) -> dict[str, Field]:
    return {name: replace(field, name=name) for name, field in fields.items()}


DOCUMENT_TEMPLATE = Key("template", template_name(), "Berkas Word di folder templates, misalnya disposisi.docx.")
DOCUMENT_KODE = Key[str | None](
    "kode", text("kode klasifikasi"), "Kode klasifikasi nomor surat; tanpa ini tidak bernomor.", default=None
)
DOCUMENT_JUDUL = Key[str | None]("judul", text("judul"), "Judul yang dicetak oleh templat bersama.", default=None)
DOCUMENT_WAJIB = Key[tuple[str, ...]](
    "wajib", Many(text("nama isian")), "Isian yang harus ada sebelum dokumen ini ditandatangani.", default=()
)
DOCUMENT_SRIKANDI = Key(
    "srikandi", yes_no(), "ya: nomor dan tanda tangan diisi SRIKANDI; naskah memuat penandanya.", default=False
)

INSTEAD_FIELD = Key("field", text("nama isian"), "Isian berjenis choice yang menentukannya.")
INSTEAD_IS = Key("is", text("pilihan"), "Nilai isian itu.")


def _instead(values: Values) -> DocumentVariant:
    return DocumentVariant(
        field=values[INSTEAD_FIELD],
        value=values[INSTEAD_IS],
        template=values[DOCUMENT_TEMPLATE],
        kode=values[DOCUMENT_KODE],
        judul=values[DOCUMENT_JUDUL],
        source=values.source,
    )


_INSTEAD = Record(
    "bentuk lain dokumen", (INSTEAD_FIELD, INSTEAD_IS, DOCUMENT_TEMPLATE, DOCUMENT_KODE, DOCUMENT_JUDUL), _instead
)

DOCUMENT_INSTEAD = Key[tuple[DocumentVariant, ...]](
    "instead", Many(_INSTEAD), "Bentuk lain dokumen ini, bila sebuah isian menghendakinya.", default=()
)

_DOCUMENT = (
    DOCUMENT_TEMPLATE, DOCUMENT_KODE, DOCUMENT_JUDUL, DOCUMENT_WAJIB, DOCUMENT_SRIKANDI, DOCUMENT_INSTEAD,
)  # fmt: skip


def _document(values: Values) -> Document:
    return Document(
        name="",
        template=values[DOCUMENT_TEMPLATE],
        kode=values[DOCUMENT_KODE],
        judul=values[DOCUMENT_JUDUL],
        wajib=values[DOCUMENT_WAJIB],
        srikandi=values[DOCUMENT_SRIKANDI],
        instead=values[DOCUMENT_INSTEAD],
        source=values.source,
    )


def _named_documents(documents: dict[str, Document]) -> dict[str, Document]:
    return {name: replace(document, name=name) for name, document in documents.items()}


MOST_STEPS, MOST_PELAKSANA = 500, 60
"""More than any form prints: a real one has some forty rows and fifteen columns."""

SOP_ID = Key("id", identifier("id SOP"), "Id SOP, sama dengan nama berkasnya, misalnya sk-tim.")
SOP_NAMA = Key("nama", text("nama SOP"), "Nama SOP seperti tercetak.")
SOP_IDENTITAS = Key(
    "identitas",
    IDENTITAS,
    "Lembar identitas; semua kunci boleh kosong.",
    default=Identitas(),
)
SOP_PELAKSANA = Key(
    "pelaksana",
    MapOf(identifier("kunci pelaksana"), text("nama pelaksana seperti tercetak"), at_least=1, at_most=MOST_PELAKSANA),
    "Kolom pelaksana menurut urutan formulir: kunci: nama tercetak.",
)
SOP_FIELDS = Key[dict[str, Field]](
    "fields",
    Mapped(MapOf(field_name(), Record("isian", _FIELD_KEYS, _field)), _named_fields),
    "Isian; setiap nama menjadi variabel templat.",
    default={},
)
SOP_DOCUMENTS = Key[dict[str, Document]](
    "documents",
    Mapped(
        MapOf(
            identifier("nama dokumen"),
            Record("dokumen", _DOCUMENT, _document),
        ),
        _named_documents,
    ),
    "Dokumen Word yang ditulis langkah-langkah.",
    default={},
)
SOP_START = Key[tuple[str, ...]](
    "start", Many(text("id langkah")), "Langkah awal; yang pertama dipakai bila tidak dipilih.", default=()
)
SOP_STEPS = Key(
    "steps",
    Many(STEP, lone=False, at_least=1, at_most=MOST_STEPS),
    "Baris-baris formulir menurut urutannya.",
)


def _sop(values: Values) -> Sop:
    steps = values[SOP_STEPS]
    return Sop(
        id=values[SOP_ID],
        nama=values[SOP_NAMA],
        identitas=values[SOP_IDENTITAS],
        pelaksana=values[SOP_PELAKSANA],
        fields=values[SOP_FIELDS],
        documents=values[SOP_DOCUMENTS],
        steps=steps,
        start=values[SOP_START] or tuple(step.id for step in steps[:1]),
        source=values.source,
    )


SOP = Record(
    "SOP", (SOP_ID, SOP_NAMA, SOP_IDENTITAS, SOP_PELAKSANA, SOP_FIELDS, SOP_DOCUMENTS, SOP_START, SOP_STEPS), _sop
)
"""One SOP file."""
