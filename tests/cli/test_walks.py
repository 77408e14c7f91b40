"""A whole case of each of the five SOPs by command line, turned down wherever the SOP can turn it down."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openxml_audit import OpenXmlValidator

from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop

if TYPE_CHECKING:
    from tests.cli.conftest import Office

FIELDS = {
    "tugas": "Menyusun bahan rapat;Melaporkan hasilnya",
    "anggota": "Anggota 1|||Pelaksana|Ketua;Anggota 2|||Pelaksana|Anggota",
    "hasil": "Peserta memahami laporan keuangan;Modul diterima",
    "tanggal_kegiatan": "2026-11-20",
    "tempat_kegiatan": "Aula Dinas",
    "bahan": "Data koperasi aktif|Bidang 3|Ada",
    "keputusan": "Laporan disusun minggu ini",
    "hasil_kerja": "Sesuai Ekspektasi",
    "perilaku_kerja": "Di Atas Ekspektasi",
}
"""A value for every field that one of the five SOPs requires."""

IDS = ("sk-tim", "penugasan", "bimtek", "pelaporan-bimtek", "mekanisme-pelaporan")


def sop_of(id: str) -> Sop:
    path = Path(f"sops/{id}.yaml")
    sop, _ = read_sop(path.read_bytes(), str(path))
    assert sop is not None
    return sop


def given(sop: Sop, step: str) -> list[str]:
    """The options that fill in what a step requires."""
    names = [field.name for field in sop.fields.values() if field.required and field.step == step]
    return [word for name in names for word in ("--set", f"{name}={FIELDS[name]}")]


@pytest.mark.parametrize("id", IDS)
def test_every_sop_runs_to_its_end_with_a_rejection_wherever_there_is_one(office: "Office", id: str) -> None:
    sop = sop_of(id)
    case = office.json("start", id, "--subject", "Uji coba")["id"]
    turned_down: set[str] = set()
    documents = []
    for _ in range(40):
        here = office.json("status", case)
        if here["status"] != "running":
            break
        step = sop.step(here["step"])
        if step.branches and step.id not in turned_down:
            turned_down.add(step.id)
            back = office.json("reject", case, "--note", "Perbaiki dahulu")
            assert back["step"] == step.branches[-1].to
            assert back["documents"] == []
            continue
        moved = office.json("approve", case, *given(sop, step.id))
        assert [paper["step"] for paper in moved["documents"]] == [step.id]
        documents += moved["documents"]
    done = office.json("status", case)
    assert done["status"] == "completed"
    assert turned_down == {step.id for step in sop.steps if step.branches}
    assert {paper["step"] for paper in documents} == {step.id for step in sop.steps}
    assert all((office.root / paper["path"]).is_file() for paper in documents)
    assert office.json("verify", case)["findings"] == []


@pytest.mark.parametrize("id", IDS)
def test_every_word_file_of_a_case_is_a_valid_word_file(office: "Office", id: str) -> None:
    sop = sop_of(id)
    case = office.json("start", id)["id"]
    while (here := office.json("status", case))["status"] == "running":
        office.ok("approve", case, *given(sop, here["step"]))
    papers = office.json("docs", case)["documents"]
    assert len(papers) == len(sop.steps)
    for paper in papers:
        result = OpenXmlValidator().validate(office.root / paper["path"])
        assert result.errors == [], (paper["path"], result.errors)


def test_a_letter_keeps_its_number_from_signing_to_the_end(office: "Office") -> None:
    sop = sop_of("sk-tim")
    case = office.json("start", "sk-tim")["id"]
    numbers = []
    while (here := office.json("status", case))["status"] == "running":
        moved = office.json("approve", case, *given(sop, here["step"]))
        numbers += [paper.get("nomor", "") for paper in moved["documents"]]
    assert numbers == ["", "", "", "", *["800.1.11.1/1/DISKOPUKM"] * 3]
    assert [entry["nomor"] for entry in office.json("agenda")] == ["800.1.11.1/1/DISKOPUKM"]
