"""The documents of an SOP: what they may refer to, which form is written, how many initial them."""

import pytest

from sopctl.sop.check import check_sop
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Document, Sop

FORM = """id: a
nama: Surat
pelaksana: {k: Kepala, s: Staf}
fields:
  bentuk: {label: Bentuk, type: choice, choices: [Surat Tugas, Keputusan]}
  dasar: {label: Dasar, type: list}
documents:
  surat:
    template: surat-tugas.docx
    kode: 800.1
    wajib: [dasar]
    instead: {field: bentuk, is: Keputusan, template: keputusan.docx, kode: 100.3.3}
steps:
  - {id: satu, no: 1, kegiatan: Menyusun, pelaksana: s, waktu: 1 jam, output: Surat, document: surat}
  - {id: dua, no: 2, kegiatan: Memaraf, pelaksana: k, waktu: 1 jam, output: Surat,
     document: {name: surat, act: initial, koordinasi: ya}}
"""


def read(text: str) -> Sop:
    sop, problems = read_sop(text.encode(), "f.yaml")
    assert problems == ()
    assert sop is not None
    return sop


def form(fields: dict[str, object]) -> Document:
    return read(FORM).documents["surat"].written_for(fields)


@pytest.mark.parametrize(
    ("fields", "template", "kode"),
    [
        pytest.param({}, "surat-tugas.docx", "800.1", id="nothing-said"),
        pytest.param({"bentuk": "Surat Tugas"}, "surat-tugas.docx", "800.1", id="the-usual-form"),
        pytest.param({"bentuk": "Keputusan"}, "keputusan.docx", "100.3.3", id="the-other-form"),
    ],
)
def test_the_form_that_is_written_is_the_one_that_the_field_says(
    fields: dict[str, object], template: str, kode: str
) -> None:
    assert (form(fields).template, form(fields).kode, form(fields).wajib) == (template, kode, ("dasar",))


@pytest.mark.parametrize(
    ("said", "wajib"),
    [
        pytest.param("", ("dasar",), id="says-nothing"),
        pytest.param(", wajib: [bentuk]", ("bentuk",), id="its-own"),
        pytest.param(", wajib: []", (), id="none"),
    ],
)
def test_a_form_wants_what_it_says_itself_or_else_what_the_document_says(said: str, wajib: tuple[str, ...]) -> None:
    document = read(FORM.replace("kode: 100.3.3", f"kode: 100.3.3{said}")).documents["surat"]
    assert document.written_for({"bentuk": "Keputusan"}).wajib == wajib
    assert document.written_for({}).wajib == ("dasar",)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(("wajib: [dasar]", "wajib: [dsar]"), 'Isian "dsar" tidak ada', id="unknown-wajib"),
        pytest.param(("kode: 100.3.3", "wajib: [dsar]"), 'Isian "dsar" tidak ada', id="unknown-wajib-of-a-form"),
        pytest.param(("wajib: [dasar]", "wajib: [dasar, dasar]"), "sudah tertulis", id="wajib-twice"),
        pytest.param(("field: bentuk", "field: bentk"), 'Isian "bentk" tidak ada', id="unknown-field"),
        pytest.param(("is: Keputusan", "is: SK"), 'Pilihan "SK" tidak ada', id="unknown-choice"),
        pytest.param(("field: bentuk", "field: dasar"), 'Isian "dasar" bukan pilihan', id="no-choice"),
    ],
)
def test_a_document_refers_to_fields_that_are_there(change: tuple[str, str], says: str) -> None:
    _, problems = read_sop(FORM.replace(*change).encode(), "f.yaml")
    assert [says in problem.message for problem in problems] == [True]


def test_a_paraf_of_another_unit_is_marked_in_its_row() -> None:
    first, second = (step.document for step in read(FORM).steps)
    assert first is not None
    assert second is not None
    assert (first.koordinasi, second.koordinasi) == (False, True)


@pytest.mark.parametrize(("initials", "notes"), [(3, 0), (4, 1)])
def test_more_initials_than_a_letter_shows_are_a_note(initials: int, notes: int) -> None:
    rows = "".join(
        f"  - {{id: p{number}, no: {number + 3}, kegiatan: Memaraf, pelaksana: k, waktu: 1 jam, output: Surat, "
        "document: {name: surat, act: initial}}\n"
        for number in range(initials)
    )
    found = [problem for problem in check_sop(read(FORM + rows), {}) if problem.code == "paraf"]
    assert len(found) == notes
    assert all("koordinasi" in problem.message for problem in found)
