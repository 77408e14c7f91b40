"""The form that sopctl prints is read back as the SOP that it was printed from."""

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from sopctl.form.document import write_form
from sopctl.form.identity import build_identity
from sopctl.form.layout import lay_out_flowchart
from sopctl.importing.overlay import overlay_form
from sopctl.office.decode import read_office
from sopctl.office.model import Office
from sopctl.sop.decode import read_sop
from sopctl.sop.differences import list_differences
from sopctl.sop.draft import write_sop
from sopctl.sop.model import Sop
from sopctl.word.pdf import convert_to_pdf
from tests.importing.conftest import read

SOPS = Path(__file__).parents[2] / "sops"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The forms of the five SOPs, as Word and as PDF."""
    folder = tmp_path_factory.mktemp("forms")
    office, _ = read_office((SOPS.parent / "sopctl.yaml").read_bytes(), "sopctl.yaml")
    assert office is not None
    for path in SOPS.glob("*.yaml"):
        sop = _sop(path)
        identity = build_identity(sop, office, date(2026, 11, 24))
        (folder / f"{path.stem}.docx").write_bytes(write_form(lay_out_flowchart(sop, office.paper), identity))
    convert_to_pdf(sorted(folder.glob("*.docx")), folder)
    return folder


def _sop(path: Path) -> Sop:
    sop, problems = read_sop(path.read_bytes(), path.name)
    assert sop is not None, problems
    return sop


@pytest.mark.parametrize("kind", ["docx", "pdf"])
@pytest.mark.parametrize("id", sorted(path.stem for path in SOPS.glob("*.yaml")))
def test_a_printed_form_comes_back_equal(printed: Path, id: str, kind: str) -> None:
    (found,) = read(printed / f"{id}.{kind}")
    assert [row.marks for row in found.draft.rows if row.marks] == []
    form, problems = read_sop(write_sop(found.draft).encode(), "form.yaml")
    assert form is not None, problems
    there = _sop(SOPS / f"{id}.yaml")
    assert list(list_differences(there, *overlay_form(there, form))) == []


def test_a_form_with_columns_of_its_own_comes_back_with_them(tmp_path: Path) -> None:
    text = """
id: izin
nama: Penerbitan izin
pelaksana: {petugas: Petugas, teknis: Kasi Teknis, hukum: Kasi Hukum}
columns: {kegiatan: Uraian Prosedur, risiko: Risiko, waktu: ya, keterangan: tidak}
steps:
  - {id: terima, no: 1, kegiatan: Menerima surat, pelaksana: petugas, waktu: 5 menit, output: Berkas, next: [a, b]}
  - {id: a, no: 2, kegiatan: Menelaah, pelaksana: teknis, waktu: 2 hari, output: Telaah, next: susun, risiko: Salah}
  - {id: b, no: 3, kegiatan: Menelaah hukum, pelaksana: hukum, waktu: 1 hari, output: Telaah hukum}
  - {id: susun, no: 4, kegiatan: Menyusun izin, pelaksana: petugas, waktu: 1 jam, output: Izin}
"""
    sop, problems = read_sop(text.encode(), "izin.yaml")
    assert sop is not None, problems
    path = tmp_path / "izin.docx"
    path.write_bytes(write_form(lay_out_flowchart(sop, "A4"), build_identity(sop, Office(), date(2026, 11, 24))))
    (found,) = read(path)
    assert found.draft.columns == {
        "kegiatan": "Uraian Prosedur",
        "risiko": "Risiko",
        "waktu": True,
        "keterangan": False,
    }
    assert [row.further for row in found.draft.rows] == [(), (("risiko", "Salah"),), (), ()]
    assert [row.next for row in found.draft.rows] == [(2, 3), (4,), (), ()]
    assert [field for row in found.draft.rows for field, _ in row.marks] == ["next"]


@pytest.mark.parametrize("who", list(permutations(("kasi", "kabid", "sekretaris"))), ids=" ".join)
def test_who_decides_one_after_the_other_comes_back_in_that_order(tmp_path: Path, who: tuple[str, ...]) -> None:
    text = f"""
id: izin
nama: Penerbitan izin
pelaksana: {{kasi: Kasi, kabid: Kepala Bidang, sekretaris: Sekretaris, staf: Staf}}
steps:
  - {{id: susun, no: 1, kegiatan: Menyusun konsep, pelaksana: staf, waktu: 1 jam, output: Konsep}}
  - {{id: periksa, no: 2, kegiatan: Memeriksa, pelaksana: [{", ".join(who)}], decides: all, waktu: 1 hari,
     branches: {{ya: kirim, tidak: susun}}}}
  - {{id: kirim, no: 3, kegiatan: Mengirim, pelaksana: staf, waktu: 1 hari, output: Surat}}
"""
    sop, problems = read_sop(text.encode(), "izin.yaml")
    assert sop is not None, problems
    path = tmp_path / "izin.docx"
    path.write_bytes(write_form(lay_out_flowchart(sop, "A4"), build_identity(sop, Office(), date(2026, 11, 24))))
    (found,) = read(path)
    row, keys = found.draft.rows[1], list(sop.pelaksana)
    assert [keys[one - 1] for one in row.pelaksana] == list(who)
    assert {exits for _, exits in row.decides} == {(("ya", 3), ("tidak", 1))}
