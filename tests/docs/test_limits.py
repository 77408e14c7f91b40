"""What docs/menulis-sop.md says cannot be written really cannot: whoever makes it possible takes it off that list."""

import pytest

from sopctl.problems import errors_of
from sopctl.sop.check import check_sop
from sopctl.sop.decode import read_sop

FORM = """id: uji
nama: Uji
pelaksana: {staf: Staf, kabid: Kepala Bidang}
fields:
  jenis: {label: Jenis, type: choice, choices: [biasa, segera]}
  anggota: {label: Anggota, type: table, columns: [nama]}
  mulai: {label: Mulai, type: date}
documents:
  surat: {template: lembar-hasil.docx}
  nota: {template: lembar-hasil.docx}
steps:
  - {id: satu, kegiatan: Menyusun, pelaksana: staf, waktu: 1 jam, output: Konsep, document: surat}
  - {id: dua, kegiatan: Memeriksa, pelaksana: [kabid, staf], waktu: 1 jam, kelengkapan: [Konsep], document: nota,
     branches: {ya: end, tidak: satu}}
"""


def errors(text: str) -> list[str]:
    sop, problems = read_sop(text.encode(), "sops/uji.yaml")
    return [one.message for one in (*problems, *(errors_of(check_sop(sop, {"lain": "Lain"})) if sop else ()))]


def test_the_form_itself_can_be_written() -> None:
    assert errors(FORM) == []


@pytest.mark.parametrize(
    ("was", "now"),
    [
        pytest.param("ya: end", "ya: [end, satu]", id="branch-to-two-rows"),
        pytest.param("output: Konsep", "output: Konsep, next: [dua, end]", id="arm-that-ends-alone"),
        pytest.param("[kabid, staf],", "[kabid, staf], together: 1,", id="one-of-several-pelaksana"),
        pytest.param("[Konsep]", "[{nama: Konsep, when: jenis == 'segera'}]", id="kelengkapan-where"),
        pytest.param("[Konsep]", "[[KTP, SIM]]", id="one-kelengkapan-or-another"),
        pytest.param("output: Konsep", "output: [{nama: Konsep, when: jenis == 'segera'}]", id="output-where"),
        pytest.param("waktu: 1 jam, kel", "waktu: [1 jam, 2 jam], kel", id="waktu-of-each-pelaksana"),
        pytest.param("waktu: 1 jam, kel", "waktu: {biasa: 5 hari, segera: 1 hari}, kel", id="waktu-by-kind"),
        pytest.param("staf: Staf", "staf: {nama: Staf, working_hours: {senin: ['20:00-23:00']}}", id="shifts"),
        pytest.param("document: surat", "document: [surat, nota]", id="two-letters"),
        pytest.param("steps:\n", "steps:\n  - {kegiatan: Persiapan}\n", id="heading-among-the-rows"),
        pytest.param("staf: Staf", "bidang: {staf: Staf}", id="group-of-columns"),
        pytest.param("ya: end", "ya: {to: end, when: hari_ini > mulai}", id="branch-by-the-day"),
        pytest.param("ya: end", "ya: {to: end, when: anggota > 3}", id="branch-by-the-rows-of-a-table"),
        pytest.param("ya: end", "ya: {to: end, when: Konsep}", id="branch-by-a-kelengkapan"),
        pytest.param("type: date", "type: date, required: {when: jenis == 'segera'}", id="required-where"),
        pytest.param("type: date", "type: time", id="time-of-day"),
        pytest.param("type: date", "type: file", id="file"),
        pytest.param("document: surat", "document: surat, sop: {id: lain, step: tengah}", id="call-from-the-middle"),
        pytest.param("document: surat", "document: surat, sop: [lain, lain]", id="several-calls"),
    ],
)
def test_what_is_said_to_be_impossible_is_refused(was: str, now: str) -> None:
    assert was in FORM
    assert errors(FORM.replace(was, now, 1))
