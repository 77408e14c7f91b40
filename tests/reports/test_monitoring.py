"""The half-yearly form: whole sentences as evidence, a row where nothing ran, and a place to sign."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as WordDocument
from openxml_audit import OpenXmlValidator

from sopctl.desk.report import publish
from sopctl.measure.query import Query

Room = Any  # the class stands in a conftest

LONG = "Menerima dan meneliti kelengkapan berkas permohonan yang disampaikan pemohon melalui loket"
ROWS = "\n".join(f"  - {{id: s{no}, kegiatan: {LONG} {no}, pelaksana: p, waktu: 1 menit}}" for no in range(1, 4))


@pytest.fixture
def form(room: Room, tmp_path: Path, request: pytest.FixtureRequest) -> WordDocument:
    """The form of an office in which a case of three late rows ended so often; the file is valid."""
    room.write(f"id: panjang\nnama: Pelayanan\npelaksana: {{p: Petugas}}\nsteps:\n{ROWS}")
    for _ in range(getattr(request, "param", 0)):
        id = room.start("panjang").id
        for _ in range(3):
            room.now += timedelta(minutes=7)
            room.approve(id)
    path = tmp_path / "pemantauan.docx"
    publish(room.session(looking=True), Query(), {"docx": path})
    assert OpenXmlValidator().validate(path).errors == []
    return Document(str(path))


@pytest.mark.parametrize("form", [6], indirect=True)
def test_what_is_often_late_is_named_whole_and_its_share_said_in_words(form: WordDocument) -> None:
    evidence = form.tables[-1].rows[1].cells[3].text
    for no in (1, 2, 3):
        assert f"Sering terlambat: “{LONG} {no}”, hanya " in evidence
    assert evidence.count("% tepat waktu (median 8 mnt).") == len(ROWS.splitlines())
    assert "…" not in evidence


def test_a_form_without_cases_says_so_and_can_be_signed(form: WordDocument) -> None:
    assert [cell.text for cell in form.tables[-1].rows[1].cells][1] == "Tidak ada berkas pada masa ini."


def test_who_assesses_signs_with_place_date_jabatan_name_and_nip(form: WordDocument) -> None:
    signed = [
        paragraph.text for paragraph in form.paragraphs if paragraph.style and paragraph.style.name == "Tanda Tangan"
    ]
    assert signed[0].startswith("Pontianak, …")
    assert signed[1] == "Penilai,"
    assert signed[2].endswith("… (jabatan)")
    assert set(signed[-2]) == {"…"}
    assert signed[-1].startswith("NIP …")
    assert form.tables[-1].rows[0].cells[-1].text == "Paraf penilai"
