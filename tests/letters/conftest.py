"""Cases to write documents of: one SOP that takes a document from konsep to diterima, filled in four ways."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from msgspec.structs import replace

from sopctl.engine.events import Approved, Attachment, FieldValue, Move, Started
from sopctl.engine.fold import apply_event, fold
from sopctl.letters.context import FilledField, TableRow
from sopctl.letters.move_context import MoveFacts, build_context
from sopctl.letters.renderer import Renderer
from sopctl.office.model import Instansi, Office, Official
from sopctl.problems import Source
from sopctl.sop.model import Act, Document, Field, FieldColumn, Kelengkapan, Sop, Step, StepDocument, Waktu
from sopctl.word.printed_values import Blank

HERE = Source("sops/uji.yaml", 1, 1)
TEMPLATES = Path(__file__).parents[2] / "templates"
BEGAN = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
ACTS: tuple[Act, ...] = ("draft", "initial", "sign", "receive")
HOSTILE = "&<>\"' {{ 7*7 }} {% raw %} {_{ 1 }_} ]]> &amp;\nbaris kedua\x07\ud800\r\nbaris ketiga"
LONG = "Anggota Tim Kerja " + "dengan Nama Panjang " * 3 + "X"  # 79 letters

TABLES = {
    "anggota": ("nama", "nip", "pangkat", "jabatan", "peran"),
    "peserta": ("nama", "nip", "jabatan"),
    "bahan": ("bahan", "sumber", "ada"),
    "pembagian": ("nama", "tugas"),
    "tindak_lanjut": ("tindak_lanjut", "penanggung_jawab", "batas_waktu"),
    "pihak_kedua": ("nama", "nip", "jabatan"),
    "mengetahui": ("nama", "nip", "jabatan"),
    "barang": ("nama", "jumlah", "keadaan"),
    "kiriman": ("uraian", "banyaknya", "catatan"),
    "undangan": ("nama", "instansi"),
    "pegawai": ("nama", "nip", "pangkat", "jabatan"),
    "ekspektasi": ("rencana", "indikator", "target", "realisasi", "bukti", "umpan_balik"),
}
LISTS = (
    "dasar", "tugas", "tembusan", "kegiatan_dilaksanakan", "hasil", "simpulan", "saran", "pembahasan", "keputusan",
    "uraian_kegiatan", "menimbang", "mengingat", "memperhatikan", "isi", "saksi", "instruksi",
    "kepada", "catatan_undangan", "hasil_perjalanan", "simpulan_saran",
)  # fmt: skip
DATES = ("tanggal_rapat", "tanggal_kegiatan", "tanggal_berangkat", "tanggal_kembali")
NUMBERS = ("jumlah_peserta", "jumlah_lampiran", "lama_perjalanan")
CHOICES = {
    "sifat": ("Sangat segera", "Segera", "Rahasia"),
    "hasil_kerja": ("Di Atas Ekspektasi", "Sesuai Ekspektasi", "Di Bawah Ekspektasi"),
    "perilaku_kerja": ("Di Atas Ekspektasi", "Sesuai Ekspektasi", "Di Bawah Ekspektasi"),
}

FIELDS = {
    "disposisi.docx": ("sifat", "instruksi", "bahan"),
    "keputusan.docx": (
        "menimbang", "mengingat", "memperhatikan", "tugas", "biaya", "masa_tugas", "anggota", "tembusan",
    ),
    "nota-dinas.docx": ("kepada", "isi", "sifat", "tembusan"),
    "dasar.docx": (),
    "surat-dinas.docx": ("kepada", "kota_tujuan", "sifat", "jumlah_lampiran", "isi", "tembusan"),
    "undangan.docx": (
        "undangan", "kota_tujuan", "sifat", "jumlah_lampiran", "maksud", "tanggal_rapat", "waktu_rapat", "tempat_rapat",
        "acara", "catatan_undangan", "tembusan",
    ),
    "surat-pengantar.docx": ("kepada", "kota_tujuan", "kiriman", "tembusan"),
    "surat-keterangan.docx": ("pegawai", "isi", "keperluan", "tembusan"),
    "perjalanan-dinas.docx": (
        "pegawai", "maksud_perjalanan", "tempat_tujuan", "tingkat_biaya", "alat_angkutan", "tempat_berangkat",
        "tanggal_berangkat", "tanggal_kembali", "lama_perjalanan", "beban_instansi", "beban_rekening",
        "keterangan_lain",
    ),
    "laporan-perjalanan-dinas.docx": (
        "pegawai", "maksud_perjalanan", "tempat_tujuan", "tanggal_berangkat", "tanggal_kembali", "lama_perjalanan",
        "hasil_perjalanan", "simpulan_saran",
    ),
    "daftar-hadir.docx": ("tanggal_kegiatan", "tempat_kegiatan", "peserta"),
    "surat-tugas.docx": ("dasar", "anggota", "tugas", "masa_tugas", "tembusan"),
    "laporan.docx": (
        "umum", "maksud_tujuan", "ruang_lingkup", "dasar", "kegiatan_dilaksanakan", "hasil", "simpulan", "saran",
    ),
    "notulen.docx": (
        "tanggal_rapat", "waktu_rapat", "tempat_rapat", "pimpinan_rapat", "notulis", "peserta", "pembahasan",
        "keputusan", "tindak_lanjut",
    ),
    "bahan-data.docx": ("bahan",),
    "berita-acara.docx": (
        "tanggal_kegiatan", "tempat_kegiatan", "jumlah_peserta", "uraian_kegiatan", "peserta", "pihak_kedua", "saksi",
        "barang", "mengetahui",
    ),
    "penilaian-kinerja.docx": (
        "periode", "anggota", "ekspektasi", "hasil_kerja", "perilaku_kerja", "umpan_balik_perilaku", "rekomendasi",
    ),
    "rincian-tugas.docx": ("tugas", "masa_tugas", "pembagian"),
    "lembar-hasil.docx": ("umum", "dasar", "anggota", "jumlah_peserta", "tanggal_kegiatan", "sifat"),
}  # fmt: skip
"""The documents of the office, and the fields that each of them prints."""


def field(name: str) -> Field:
    """The field as an SOP would declare it."""
    label = name.replace("_", " ").capitalize()
    if name in TABLES:
        return Field(name=name, label=label, type="table", columns=tuple(map(FieldColumn, TABLES[name])), source=HERE)
    if name in CHOICES:
        return Field(name=name, label=label, type="choice", choices=CHOICES[name], source=HERE)
    if name in LISTS:
        return Field(name=name, label=label, type="list", source=HERE)
    if name in DATES:
        return Field(name=name, label=label, type="date", source=HERE)
    return Field(name=name, label=label, type="number" if name in NUMBERS else "text", source=HERE)


def sop_of(template: str, fields: tuple[str, ...]) -> Sop:
    """Four rows that draft, initial, sign and receive one document; a fifth has an output and no document."""
    output = "Surat Tugas Tim Kerja"
    rows = [
        Step(
            id=act,
            no=number,
            kegiatan="Menerima konsep surat yang telah dibuat, kemudian diserahkan untuk ditindaklanjuti",
            pelaksana=("kabid",) if act in {"initial", "receive"} else ("kadis",),
            kelengkapan=(Kelengkapan(nama="Kertas"), Kelengkapan(nama="Bahan terkait", evidence=True)),
            waktu=Waktu("5 Menit"),
            output=(output,) if output else (),
            document=StepDocument("naskah", act),
            source=HERE,
        )
        for number, act in enumerate(ACTS, 1)
    ]
    last = Step(id="selesai", kegiatan="Mendokumentasikan", pelaksana=("tim",), output=("Dokumentasi",), source=HERE)
    return Sop(
        id="uji",
        nama="Pembuatan SK Tim Kerja Bidang 3",
        pelaksana={"kadis": "Kepala Dinas", "kabid": "Kepala Bidang 3", "tim": "Tim Kerja"},
        fields={name: field(name) for name in fields},
        documents={"naskah": Document(name="naskah", template=template, kode="800.1.11.1", source=HERE)},
        steps=(*rows, last),
        start=("draft",),
        source=HERE,
    )


def values(kind: str, fields: tuple[str, ...]) -> dict[str, FieldValue]:
    """What people filled in: `short`, `long` (30 rows, 80 letters), `missing` (nothing) or `hostile`."""
    if kind == "missing":
        return {}
    return {name: _value(kind, name) for name in fields}


def _value(kind: str, name: str) -> FieldValue:
    text, rows = {
        "short": ("Pembinaan koperasi di kabupaten dan kota", 3),
        "long": ("Pembinaan, pendampingan dan pengawasan koperasi serta usaha kecil dan menengah. " * 4, 30),
        "hostile": (HOSTILE, 2),
    }[kind]
    if name in DATES and kind != "hostile":
        return "2026-11-24"
    if name in NUMBERS and kind != "hostile":
        return 1234
    if name in CHOICES and kind != "hostile":
        return CHOICES[name][1]
    if name in TABLES:
        return [{column: _cell(kind, column, row) for column in TABLES[name]} for row in range(1, rows + 1)]
    if name in LISTS:
        return [f"{text} ({row})" for row in range(1, min(rows, 12) + 1)]
    return text


def _cell(kind: str, column: str, row: int) -> str:
    if kind == "hostile":
        return HOSTILE
    if column == "nama":
        return LONG if kind == "long" else f"Anggota Tim {row}"
    known = {
        "nip": "19000101 190001 1 001",
        "pangkat": "Penata Muda Tingkat I (III/b)",
        "ada": "Ada",
        "peran": "Anggota",
    }
    return known.get(column, "Analis Kebijakan Ahli Muda" if kind == "long" else "Analis")


@pytest.fixture
def office() -> Office:
    """The office of the seeds, nobody in its posts."""
    return Office(
        instansi=Instansi(
            pemerintah="Pemerintah Provinsi Kalimantan Barat",
            nama="Dinas Koperasi, Usaha Kecil dan Menengah",
            bidang="Bidang Pemberdayaan Koperasi",
            singkatan="DISKOPUKM",
            alamat="Jalan Sutan Syahrir Nomor 5 Pontianak",
            kota="Pontianak",
            telepon="(0561) 732690",
            laman="diskopukm.kalbarprov.go.id",
            pos_el="diskopukm@kalbarprov.go.id",
        )
    )


@pytest.fixture
def staffed(office: Office) -> Office:
    """The same office with a head in its posts; no such person exists."""
    head = Official(
        nama="Nama Pejabat, S.E.",
        nip="19000101 190001 1 001",
        pangkat="Pembina Utama Muda (IV/c)",
        jabatan="Kepala Dinas Koperasi, Usaha Kecil dan Menengah",
        pelaksana=("kadis",),
        since=date(2026, 1, 1),
        as_="Plt.",
    )
    return Office(instansi=office.instansi, officials=(head,))


@pytest.fixture
def sop() -> Sop:
    """The SOP of all these documents, with the fields of a Surat Tugas."""
    return sop_of("surat-tugas.docx", FIELDS["surat-tugas.docx"])


@pytest.fixture
def began() -> datetime:
    """When every case here is opened."""
    return BEGAN


Build = Callable[..., dict[str, object]]


@pytest.fixture
def build(office: Office) -> Build:
    """The context of a template at one act: ``build("laporan.docx", "sign", kind="long")``."""

    def built(
        template: str,
        step: str = "sign",
        *,
        kind: str = "short",
        fields: tuple[str, ...] | None = None,
        at: Office = office,
        nomor: str | None = "800.1.11.1/0012/DISKOPUKM",
        logo: bytes | None = None,
        signs: str = "kadis",
        code: str = "",
    ) -> dict[str, object]:
        names = FIELDS.get(template, ()) if fields is None else fields
        sop = sop_of(template, names)
        sop = replace(sop, steps=tuple(replace(s, pelaksana=(signs,)) if s.id == "sign" else s for s in sop.steps))
        subject = {"missing": "", "hostile": HOSTILE, "long": LONG * 2}.get(kind, "Pembinaan koperasi")
        filled = {} if fields is not None else values(kind, names)
        opened = Started(at=BEGAN, recorded_at=BEGAN, by="meja", step="draft", subject=subject, fields=filled)
        state = fold(sop, (opened,))
        for number, row in enumerate(sop.steps):
            when = BEGAN + timedelta(hours=number)
            event: Move = Approved(
                at=when,
                recorded_at=when,
                by="meja",
                for_=row.pelaksana[0],
                step=row.id,
                to=sop.step_after(row),
                note=HOSTILE if kind == "hostile" else "",
                kelengkapan=("Kertas",),
                attachments=(Attachment("Bahan terkait", f"data/{number}.pdf", "", f"lampiran-{number}.pdf"),),
            )
            before, state = state, apply_event(sop, state, event)
            if row.id == step:
                break
        return build_context(
            MoveFacts(
                office=at,
                sop=sop,
                id="uji-1",
                before=before,
                after=state,
                event=event,
                nomor=nomor,
                logo=logo,
                code=code,
            )
        )

    return built


@pytest.fixture
def marked(build: Build, renderer: Renderer) -> Callable[[str], tuple[bytes, dict[str, str]]]:
    """A document in which every line and every first cell is a word of its own; the words with their fields."""

    def written(template: str) -> tuple[bytes, dict[str, str]]:
        said = build(template)
        markers: dict[str, str] = {}

        def mark(name: str, number: int) -> str:
            marker = f"tanda{len(markers):03d}x"
            markers[marker] = name
            return f"{marker} {number}"

        for name in FIELDS[template]:
            if name in LISTS:
                said[name] = [mark(name, number) for number in range(3)]
            elif name in TABLES:
                first, *others = TABLES[name]
                blanks = dict.fromkeys(others, Blank("", dots=0))
                said[name] = [TableRow({first: mark(name, number), **blanks}) for number in range(5)]
        said["filled"] = tuple(_filled(name, said[name]) for name in FIELDS[template] if name in {*LISTS, *TABLES})
        return renderer.render(template, said, created=BEGAN, title="Uji"), markers

    return written


def _filled(name: str, value: Any) -> FilledField:  # noqa: ANN401 — a list's lines or a table's rows
    if name in LISTS:
        return FilledField(name=name, label=name, type="list", lines=tuple(value))
    first = TABLES[name][0]
    return FilledField(
        name=name, label=name, type="table", columns=(first,), rows=tuple((getattr(r, first),) for r in value)
    )


@pytest.fixture
def renderer() -> Renderer:
    """The office's own templates."""
    return Renderer(TEMPLATES)


@pytest.fixture
def write(build: Build, renderer: Renderer) -> Callable[..., bytes]:
    """The document itself: what `build` takes, as a Word file."""

    def written(template: str, step: str = "sign", **options: object) -> bytes:
        said = build(template, step, **options)
        return renderer.render(template, said, created=BEGAN, title="Uji")

    return written


@pytest.fixture
def word_file() -> Callable[..., bytes]:
    """Makes a Word file of paragraphs."""

    def made(*paragraphs: str) -> bytes:
        document = Word()
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
        target = BytesIO()
        document.save(target)
        return target.getvalue()

    return made


@pytest.fixture
def lines() -> Callable[..., list[str]]:
    """Reads the paragraphs of a part, those in tables too, in reading order; line breaks as line feeds."""

    def read(data: bytes, part: str = "word/document.xml") -> list[str]:
        root = parse_xml(ZipFile(BytesIO(data)).read(part))
        return [_visible(paragraph) for paragraph in root.iter(qn("w:p"))]

    return read


def _visible(paragraph: Any) -> str:  # noqa: ANN401 — lxml has no types
    signs = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    found = (element for element in paragraph.iter(qn("w:t"), *signs) if element.getparent().tag == qn("w:r"))
    return "".join(signs.get(element.tag) or element.text or "" for element in found)


@pytest.fixture
def repack() -> Callable[[bytes, dict[str, bytes | None]], bytes]:
    """Changes parts of a package: new bytes for a name, or None to leave it out."""

    def packed(data: bytes, parts: dict[str, bytes | None]) -> bytes:
        target = BytesIO()
        with ZipFile(BytesIO(data)) as source, ZipFile(target, "w") as package:
            kept = {name: source.read(name) for name in source.namelist()}
            for name, content in {**kept, **parts}.items():
                if content is not None:
                    package.writestr(name, content)
        return target.getvalue()

    return packed
