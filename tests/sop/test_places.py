"""Every name that leads nowhere is told at its own place, with what could stand there."""

from sopctl.sop.decode import read_sop

FORM = """id: uji
nama: Uji
pelaksana: {tim: Tim, kabid: Kepala}
fields:
  hal: {label: Hal, step: tiada}
  nilai: {label: Nilai, type: choice, choices: [a, b]}
  teks: {label: Teks, choices: [a]}
documents:
  surat:
    template: a.docx
    instead:
      - {field: tiada, is: x, template: b.docx}
      - {field: nilai, is: c, template: b.docx}
steps:
  - {id: satu, kegiatan: Menyusun, pelaksana: [tim, siapa], not_by: satu}
  - id: dua
    kegiatan: Memeriksa
    pelaksana: kabid
    decides: tim
    document: {name: nota, act: draft}
    branches: {ya: tiada, tidak: satu}
  - {id: satu, kegiatan: Menutup, pelaksana: tim}
"""

TOLD = [
    (5, 27, "reference", 'Langkah "tiada" tidak ada di sini; yang ada: "dua" dan "satu".'),
    (7, 32, "field", "choices hanya untuk isian berjenis choice. Hapus choices, atau tulis type: choice."),
    (12, 17, "reference", 'Isian "tiada" tidak ada di sini; yang ada: "hal", "nilai" dan "teks".'),
    (13, 28, "reference", 'Pilihan "c" tidak ada di sini; yang ada: "a" dan "b".'),
    (15, 53, "reference", 'Pelaksana "siapa" tidak ada di sini; yang ada: "kabid" dan "tim".'),
    (15, 69, "reference", 'Langkah lain "satu" tidak ada di sini; yang ada: "dua".'),
    (19, 14, "reference", 'Pemutus "tim" tidak ada di sini; yang ada: "kabid".'),
    (20, 22, "reference", 'Dokumen "nota" tidak ada di sini; yang ada: "surat".'),
    (21, 20, "reference", 'Langkah "tiada" tidak ada di sini; yang ada: "dua", "end" dan "satu".'),
    (22, 10, "repeated", 'Id langkah "satu" sudah tertulis pada baris 15. Ganti atau hapus salah satu.'),
]


def test_each_reference_that_leads_nowhere_is_told_where_it_stands() -> None:
    _, problems = read_sop(FORM.encode(), "sops/uji.yaml")
    told = [(one.source.line, one.source.column, one.code, one.message) for one in problems]
    assert told == TOLD
