"""Nothing that an SOP says can change without a sentence about it, also what the language learns later."""

from inspect import cleandoc

import pytest
from msgspec import Struct

from sopctl.sop.decode import read_sop
from sopctl.sop.differences import list_differences
from sopctl.sop.model import (
    Branch,
    Document,
    DocumentVariant,
    Field,
    Kelengkapan,
    Sop,
    SopCall,
    Step,
    StepDocument,
    Waktu,
)

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim, kabid: Kepala Bidang, kadis: Kepala Dinas}
columns: {risiko: Risiko}
fields:
  tugas: {label: Uraian, step: susun}
  anggota: {label: Anggota, type: table, columns: [nama, nip]}
  sifat: {label: Sifat, type: choice, choices: [Biasa, Segera]}
  bentuk: {label: Bentuk, type: choice, choices: [Biasa, Segera]}
documents:
  surat:
    template: surat-tugas.docx
    kode: 800.1
    instead: {field: sifat, is: Segera, template: keputusan.docx, kode: 100.3}
  nota: {template: nota-dinas.docx}
steps:
  - id: susun
    no: 1
    kegiatan: Menyusun
    pelaksana: tim
    kelengkapan: [Kertas]
    waktu: 5 menit
    output: Konsep
    keterangan: Lihat lampiran
    document: {name: surat}
  - {id: tugaskan, kegiatan: Menugaskan, pelaksana: kabid, sop: anak}
  - id: periksa
    kegiatan: Memeriksa
    pelaksana: [kabid, kadis]
    not_by: susun
    branches: {sesuai: akhir, belum sesuai: susun}
  - {id: akhir, kegiatan: Mengakhiri, pelaksana: kadis, output: Surat}
"""
EYES = "    not_by: susun\n"
EXITS = "    branches: {sesuai: akhir, belum sesuai: susun}\n"
KODE = "    kode: 800.1\n"

CHANGES: dict[tuple[type[Struct], str], tuple[str, str, str]] = {
    (Sop, "nama"): ("nama: Uji", "nama: Coba", 'Nama SOP "Uji" menjadi "Coba".'),
    (Sop, "pelaksana"): ("kadis: Kepala Dinas", "kadis: Kadis", 'Pelaksana kadis: "Kepala Dinas" menjadi "Kadis".'),
    (Step, "no"): ("no: 1", "no: 2", 'Langkah susun: nomor "1" menjadi "2".'),
    (Step, "kegiatan"): ("Menyusun", "Menulis", 'Langkah susun: kegiatan "Menyusun" menjadi "Menulis".'),
    (Step, "pelaksana"): ("pelaksana: tim", "pelaksana: kadis", '"Tim (tim)" menjadi "Kepala Dinas (kadis)".'),
    (Step, "together"): (EYES, f"{EYES}    together: ya\n", 'Langkah periksa: bersama-sama "tidak" menjadi "ya".'),
    (Step, "decides"): (EYES, f"{EYES}    decides: kabid\n", 'Langkah periksa: pemutus "kadis" menjadi "kabid".'),
    (Step, "not_by"): (EYES, "", 'Langkah periksa: tidak boleh oleh pelaku "susun" menjadi "–".'),
    (Step, "kelengkapan"): ("[Kertas]", "[ATK]", 'Langkah susun: kelengkapan "Kertas" menjadi "ATK".'),
    (Step, "waktu"): ("5 menit", "9 menit", 'Langkah susun: waktu "5 menit" menjadi "9 menit".'),
    (Waktu, "text"): ("waktu: 5 menit", "waktu: 9 menit", 'Langkah susun: waktu "5 menit" menjadi "9 menit".'),
    (Waktu, "reading"): ("waktu: 5 menit", "waktu: {text: 5 menit, reading: '-'}", 'menjadi "5 menit (dibaca -)".'),
    (Waktu, "per"): ("waktu: 5 menit", "waktu: {text: 5 menit, per: anggota}", 'menjadi "5 menit (per anggota)".'),
    (Waktu, "before"): ("waktu: 5 menit", "waktu: {text: H-1, before: akhir}", 'menjadi "H-1 (sebelum akhir)".'),
    (Waktu, "after"): ("waktu: 5 menit", "waktu: {text: H+1, after: akhir}", 'menjadi "H+1 (sesudah akhir)".'),
    (Step, "output"): ("output: Konsep", "output: Surat", 'Langkah susun: output "Konsep" menjadi "Surat".'),
    (Step, "keterangan"): ("Lihat lampiran", "Asli", 'Langkah susun: keterangan "Lihat lampiran" menjadi "Asli".'),
    (Step, "columns"): ("output: Konsep", "output: Konsep\n    risiko: Hilang", 'kolom "–" menjadi "risiko: Hilang".'),
    (Step, "next"): ("Mengakhiri,", "Mengakhiri, next: susun,", 'Langkah akhir: lanjut ke "end" menjadi "susun".'),
    (Step, "branches"): (EXITS, "", 'Langkah periksa: cabang "sesuai: akhir, belum sesuai: susun (kembali)" menj'),
    (Step, "kind"): (EYES, f"{EYES}    kind: approval\n", 'Langkah periksa: jenis keputusan "–" menjadi "approval".'),
    (Step, "optional"): (
        EYES,
        f"{EYES}    optional: ya\n",
        'Langkah periksa: boleh tanpa "–" menjadi "boleh dilewati".',
    ),
    (Step, "document"): (", output: Surat", "", 'Langkah akhir: dokumen "akhir (konsep)" menjadi "–".'),
    (Step, "sop"): (", sop: anak", "", 'Langkah tugaskan: lewat SOP "anak" menjadi "–".'),
    (Kelengkapan, "nama"): ("[Kertas]", "[]", 'Langkah susun: kelengkapan "Kertas" menjadi "–".'),
    (Kelengkapan, "external"): ("[Kertas]", "[{nama: Kertas, external: ya}]", '"Kertas" menjadi "Kertas (dari luar)".'),
    (Kelengkapan, "evidence"): ("[Kertas]", "[{nama: Kertas, evidence: ya}]", '"Kertas" menjadi "Kertas (bukti)".'),
    (Branch, "label"): ("belum sesuai: susun", "tidak: susun", 'menjadi "sesuai: akhir, tidak: susun (kembali)".'),
    (Branch, "to"): ("sesuai: akhir,", "sesuai: end,", 'menjadi "sesuai: end, belum sesuai: susun (kembali)".'),
    (Branch, "when"): ("sesuai: akhir,", "sesuai: {to: akhir, when: sifat},", 'menjadi "sesuai: akhir bila sifat, '),
    (StepDocument, "name"): ("{name: surat}", "{name: nota}", '"surat (konsep)" menjadi "nota (konsep)".'),
    (StepDocument, "act"): ("{name: surat}", "{name: surat, act: sign}", '(konsep)" menjadi "surat (tanda tangan)".'),
    (StepDocument, "copy"): (
        "{name: surat}",
        "{name: surat, act: receive, copy: ya}",
        '(konsep)" menjadi "surat (diterima, salinan)".',
    ),
    (StepDocument, "koordinasi"): (
        "{name: surat}",
        "{name: surat, koordinasi: ya}",
        'menjadi "surat (konsep, koordinasi)".',
    ),
    (SopCall, "sop"): ("sop: anak", "sop: cucu", 'Langkah tugaskan: lewat SOP "anak" menjadi "cucu".'),
    (SopCall, "optional"): ("sop: anak", "sop: {id: anak, optional: ya}", '"anak" menjadi "anak (boleh tanpa)".'),
    (Field, "label"): ("label: Uraian", "label: Rincian", 'Isian tugas: label "Uraian" menjadi "Rincian".'),
    (Field, "type"): ("Uraian,", "Uraian, type: list,", 'Isian tugas: jenis "text" menjadi "list".'),
    (Field, "required"): ("Uraian,", "Uraian, required: ya,", 'Isian tugas: wajib "tidak" menjadi "ya".'),
    (Field, "step"): ("Uraian, step: susun", "Uraian, step: akhir", 'Isian tugas: langkah "susun" menjadi "akhir".'),
    (Field, "columns"): (
        "[nama, nip]",
        "[nama]",
        'Isian anggota: kolom "nama (text), nip (text)" menjadi "nama (text)".',
    ),
    (Field, "choices"): ("[Biasa, Segera]", "[Segera]", 'Isian sifat: pilihan "Biasa, Segera" menjadi "Segera".'),
    (Field, "default"): (
        "Uraian,",
        "Uraian, default: {last: ya},",
        'nilai awal "–" menjadi "(nilai berkas terakhir)".',
    ),
    (Document, "template"): ("surat-tugas.docx", "laporan.docx", '"surat-tugas.docx" menjadi "laporan.docx".'),
    (Document, "kode"): ("kode: 800.1", "kode: 800.2", 'Dokumen surat: kode "800.1" menjadi "800.2".'),
    (Document, "judul"): (KODE, f"{KODE}    judul: X\n", 'Dokumen surat: judul "–" menjadi "X".'),
    (Document, "tujuan"): (KODE, f"{KODE}    tujuan: tugas\n", 'Dokumen surat: isian tujuan "–" menjadi "tugas".'),
    (Document, "wajib"): (KODE, f"{KODE}    wajib: [tugas]\n", 'Dokumen surat: isian wajib "–" menjadi "tugas".'),
    (Document, "signers"): (
        KODE,
        f"{KODE}    signers: [kadis]\n",
        'Dokumen surat: penanda tangan "–" menjadi "kadis".',
    ),
    (Document, "srikandi"): (KODE, f"{KODE}    srikandi: ya\n", 'Dokumen surat: srikandi "tidak" menjadi "ya".'),
    (Document, "instead"): (", kode: 100.3}", "}", "Dokumen surat: bentuk lain"),
    (DocumentVariant, "field"): ("field: sifat", "field: bentuk", "Dokumen surat: bentuk lain"),
    (DocumentVariant, "value"): ("is: Segera", "is: Biasa", "Dokumen surat: bentuk lain"),
    (DocumentVariant, "template"): ("keputusan.docx", "laporan.docx", "Dokumen surat: bentuk lain"),
    (DocumentVariant, "kode"): ("kode: 100.3", "kode: 100.4", "Dokumen surat: bentuk lain"),
    (DocumentVariant, "judul"): ("kode: 100.3", "kode: 100.3, judul: X", "Dokumen surat: bentuk lain"),
    (DocumentVariant, "wajib"): ("kode: 100.3", "kode: 100.3, wajib: [tugas]", "Dokumen surat: bentuk lain"),
}
"""A change of every attribute: what stands in the form, what will stand there, and what is said about it."""

NOT_TOLD: dict[type[Struct], set[str]] = {
    Sop: {"id", "source", "identitas", "columns", "start", "fields", "documents", "steps"},
    Step: {"id", "source"},
    Waktu: {"minimum", "maximum", "doubt"},
    Field: {"name", "source"},
    Document: {"name", "source"},
    DocumentVariant: {"source"},
}
"""What names a thing or its place, what only the cover sheet or a start needs, and what is told by what it holds."""


def read(text: str) -> Sop:
    sop, problems = read_sop(cleandoc(text).encode(), "sops/uji.yaml")
    assert sop is not None, [str(problem) for problem in problems]
    return sop


@pytest.mark.parametrize("key", CHANGES, ids=lambda key: f"{key[0].__name__}.{key[1]}")
def test_a_change_is_told(key: tuple[type[Struct], str]) -> None:
    was, now, told = CHANGES[key]
    assert was in FORM
    sentences = [*list_differences(read(FORM), read(FORM.replace(was, now, 1)), {})]
    assert any(told in sentence for sentence in sentences), sentences


MODELS = [Sop, Step, Field, Document, Kelengkapan, Branch, StepDocument, SopCall, DocumentVariant]


@pytest.mark.parametrize("struct", MODELS)
def test_every_attribute_has_a_change_that_is_told(struct: type[Struct]) -> None:
    told = {name for of, name in CHANGES if of is struct}
    assert told | NOT_TOLD.get(struct, set()) == {*struct.__struct_fields__}
    assert not told & NOT_TOLD.get(struct, set())


def test_nothing_is_told_where_nothing_changed() -> None:
    """A comment, an order of keys, a step under a new id that is told already: no more than one sentence."""
    assert [*list_differences(read(FORM), read(f"# direvisi\n{cleandoc(FORM)}"), {})] == []
    renamed = FORM.replace("susun", "tulis")
    assert [*list_differences(read(FORM), read(renamed), {"susun": "tulis"})] == [
        "Langkah susun sekarang bernama tulis."
    ]


def test_what_comes_and_what_goes_is_told() -> None:
    new = (
        FORM.replace("pelaksana: {tim: Tim, ", "pelaksana: {staf: Staf, tim: Tim, ")
        .replace("pelaksana: tim", "pelaksana: staf")
        .replace("  sifat:", "  arti:")
        .replace("field: sifat", "field: arti")
        .replace("id: tugaskan", "id: tunjuk")
        .replace("  surat:", "  naskah:")
        .replace("name: surat", "name: naskah")
        .replace("{label: Uraian,", "{label: Uraian, required: ya,")
    )
    sentences = [*list_differences(read(FORM), read(new), {})]
    assert sentences == [
        "Pelaksana baru: staf (Staf).",
        "Langkah tugaskan tidak ada lagi.",
        'Langkah susun: pelaksana "Tim (tim)" menjadi "Staf (staf)".',
        'Langkah susun: lanjut ke "tugaskan" menjadi "tunjuk".',
        'Langkah susun: dokumen "surat (konsep)" menjadi "naskah (konsep)".',
        "Langkah baru: tunjuk (Menugaskan).",
        "Isian baru: arti (Sifat), boleh kosong.",
        'Isian tugas: wajib "tidak" menjadi "ya".',
        "Isian sifat tidak dipakai lagi; nilainya tetap tersimpan.",
        "Dokumen baru: naskah (templat surat-tugas.docx).",
        "Dokumen surat tidak ada lagi.",
    ]


def test_an_exit_that_turns_the_work_down_no_more_is_told() -> None:
    """The rows changed places; the exits read the same."""
    head = "id: uji\nnama: Uji\npelaksana: {a: A}\nstart: satu\nsteps:\n"
    one = "  - {id: satu, kegiatan: Menyusun, pelaksana: a, next: dua}\n"
    two = "  - {id: dua, kegiatan: Memeriksa, pelaksana: a, branches: {x: tiga, y: satu, z: end}}\n"
    three = "  - {id: tiga, kegiatan: Mengakhiri, pelaksana: a}\n"
    assert [*list_differences(read(f"{head}{one}{two}{three}"), read(f"{head}{two}{one}{three}"), {})] == [
        'Langkah dua: cabang "x: tiga, y: satu (kembali), z: end" menjadi "x: tiga, y: satu, z: end".'
    ]
