"""Every name that leads nowhere is told at its own place, with what could stand there."""

import pytest

from sopctl.sop.check import check_sop
from sopctl.sop.conditions import find_condition_error
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


NEVER_ENDS = """id: uji
nama: Uji
identitas:
  tanggal_pembuatan: 2026-05-01
  tanggal_efektif: 2026-04-01
  keterkaitan: [SOP Satu, SOP Dua, SOP Tiga]
pelaksana: {tim: Tim, kabid: Kepala, kadis: Kadis, sekre: Sekretaris}
fields:
  nilai: {label: Nilai, type: number}
steps:
  - {id: satu, kegiatan: Menyusun, pelaksana: tim, waktu: 1 jam, output: Surat}
  - {id: dua, kegiatan: Memeriksa, pelaksana: kabid, waktu: 1 jam, branches: {kembali: satu, terus: tiga}}
  - {id: tiga, kegiatan: Menilai, pelaksana: tim, waktu: 1 jam,
     branches: {a: {to: empat, when: nilia > 1}, b: {to: lima, when: nilai <= 1}}}
  - {id: empat, kegiatan: Menunggu, pelaksana: tim, waktu: 1 jam, next: lima}
  - {id: lima, kegiatan: Mengulang, pelaksana: tim, waktu: 1 jam, sop: uji, next: enam}
  - {id: enam, kegiatan: Memilih, pelaksana: tim, waktu: 1 jam, sop: lain, branches: {a: empat, b: lima, c: enam}}
"""

FOUND = [
    (1, "unused", "advice", 'Pelaksana "Kadis" dan "Sekretaris" tidak bertindak. Sebut pada langkahnya, atau hapus.'),
    (1, "tanggal", "advice", "Tanggal efektif 2026-04-01 lebih awal daripada tanggal pembuatan 2026-05-01."),
    (
        1,
        "keterkaitan",
        "remark",
        'Keterkaitan menyebut SOP yang tidak ada di sini: "SOP Satu", "SOP Dua" dan "SOP Tiga".',
    ),
    (
        11,
        "endless",
        "error",
        (
            "Dari langkah satu, dua, tiga, empat, lima, enam akhir tidak dapat dicapai. "
            "Tambahkan next: end, atau cabang yang keluar."
        ),
    ),
    (11, "no", "remark", "Tanpa nomor: langkah satu, dua, tiga, empat, lima, enam."),
    (
        12,
        "branches",
        "important",
        'Cabang pertama "kembali" kembali ke atas, padahal persetujuan mengambilnya. Tulis jalan maju dahulu.',
    ),
    (12, "output", "remark", "Tanpa output: langkah dua, tiga, empat, lima, enam."),
    (13, "condition", "error", 'Syarat cabang "a" memakai isian "nilia" yang tidak ada; mungkin maksudnya "nilai".'),
    (13, "branches", "important", "Semua cabang bersyarat. Bila tidak satu pun terpenuhi, berkas berhenti di sini."),
    (16, "call", "error", 'Langkah "lima" memanggil SOP ini sendiri. Sebut SOP lain.'),
    (17, "call", "error", 'SOP "lain" tidak ada di sini; mungkin maksudnya "lian".'),
    (
        17,
        "call",
        "error",
        (
            'Langkah "enam" dikerjakan SOP lain, yang tidak dapat memilih di antara 3 cabang. '
            "Beri cabangnya syarat (when), atau pindahkan keputusannya ke langkah berikut."
        ),
    ),
    (
        17,
        "branches",
        "important",
        'Cabang pertama "a" kembali ke atas, padahal persetujuan mengambilnya. Tulis jalan maju dahulu.',
    ),
]


def test_each_finding_of_a_check_is_told_at_its_row_with_its_weight() -> None:
    sop, problems = read_sop(NEVER_ENDS.encode(), "sops/uji.yaml")
    assert sop is not None, problems
    found = [
        (one.source.line, one.code, one.weight, one.message) for one in check_sop(sop, {"uji": "Uji", "lian": "Lian"})
    ]
    assert found == FOUND


@pytest.mark.parametrize(
    ("sign", "meant"), [("=>", ">="), ("=<", "<="), ("&&", "and"), ("||", "or"), ("<>", "!=")], ids=lambda it: it
)
def test_a_sign_of_another_language_is_told_with_ours(sign: str, meant: str) -> None:
    assert f'; ganti "{sign}" dengan "{meant}"' in (find_condition_error(f"nilai {sign} 5") or "")


def test_an_equals_sign_alone_is_told_with_two() -> None:
    assert '; tulis "==" untuk sama dengan' in (find_condition_error("nilai = 5") or "")
