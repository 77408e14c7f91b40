"""The five SOPs and the office's own text, cell by cell: a letter changed in a YAML turns this red.

`seed.txt` is the text copy of the signed forms, byte for byte. Tabs part the cells of a table; the actor columns hold
only what survived the copy, the words that stood at the arrows of a diamond.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import pytest

from sopctl.problems import errors_of
from sopctl.sop.check import check_sop
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop, Step

ROOT = Path(__file__).parents[2]
SEED = (Path(__file__).parent / "seed.txt").read_text(encoding="utf-8").split("\n")

TITLES = {
    "sk-tim": "SOP PEMBUATAN SK TIM KERJA BIDANG 3",
    "penugasan": "SOP PENUGASAN KEGIATAN BIDANG 3",
    "bimtek": "SOP Pelaksanaan Pelatihan/Bimtek Bidang 3",
    "pelaporan-bimtek": "SOP PELAPORAN KEGIATAN PELATIHAN/BIMTEK BIDANG 3",
    "mekanisme-pelaporan": "SOP - MEKANISME PELAPORAN TIM KERJA BIDANG 3",
}
EVERY_SOP = pytest.mark.parametrize("name", TITLES)


class Row(NamedTuple):
    """What a row of the form prints, but for its actor columns."""

    no: str
    kegiatan: str
    kelengkapan: tuple[str, ...]
    waktu: str
    output: str
    keterangan: str


class Form(NamedTuple):
    """A flowchart table: its actor columns from left to right, its rows, and per row the words at the arrows."""

    pelaksana: tuple[str, ...]
    rows: tuple[Row, ...]
    marks: tuple[tuple[str, ...], ...]


def form(title: str) -> Form:
    """The table under this heading; two header rows, then rows up to an empty line."""
    start = SEED.index(title) + 2
    _, actors, *lines = (line.split("\t") for line in takewhile(bool, SEED[start:]))
    return Form(
        pelaksana=tuple(actors[2:-4]),
        rows=tuple(
            Row(no, kegiatan, tuple(kelengkapan.split(", ")), waktu, output, ket)
            for no, kegiatan, *_, kelengkapan, waktu, output, ket in lines
        ),
        marks=tuple(tuple(cells[2:-4]) for cells in lines),
    )


def sheet() -> dict[str, str]:
    """The identity sheet, label to content: pairs in one line above, a line of labels over one of contents below."""
    start = SEED.index("BIDANG PEMBERDAYAAN KOPERASI") + 2
    lines = [line.split("\t") for line in takewhile(bool, SEED[start:])]
    above = {label: content for _, label, content in lines[:6]}
    for labels, contents in zip(lines[6::2], lines[7::2], strict=True):
        above |= dict(zip(labels[:2], contents[:2], strict=True))
    return above


def numbered(cell: str) -> tuple[str, ...]:
    """The items of `1. … 2. …`; a cell without numbers is one item."""
    return tuple(item for item in re.split(r"(?:^| )\d\. ", cell) if item)


def sop(name: str) -> Sop:
    path = ROOT / "sops" / f"{name}.yaml"
    decoded, problems = read_sop(path.read_bytes(), path.name)
    assert decoded is not None, [str(problem) for problem in problems]
    assert not problems
    return decoded


def printed(step: Step) -> Row:
    """The row as the form prints it."""
    return Row(
        no=str(step.no),
        kegiatan=step.kegiatan,
        kelengkapan=tuple(item.nama for item in step.kelengkapan),
        waktu=step.waktu.text,
        output=step.output_name,
        keterangan=step.keterangan,
    )


def marked(marks: tuple[str, ...]) -> Iterator[str]:
    """The words at the arrows of one row."""
    for cell in marks:
        yield from cell.split()


@EVERY_SOP
def test_every_row_reads_as_on_the_form(name: str) -> None:
    assert tuple(printed(step) for step in sop(name).steps) == form(TITLES[name]).rows


@EVERY_SOP
def test_the_actor_columns_are_those_of_the_form_in_their_order(name: str) -> None:
    assert tuple(sop(name).pelaksana.values()) == form(TITLES[name]).pelaksana


@pytest.mark.parametrize("name", [name for name in TITLES if name != "bimtek"])
def test_a_title_reads_as_the_heading_but_for_its_capitals(name: str) -> None:
    assert sop(name).nama.upper() == re.sub(r"^SOP (- )?", "", TITLES[name])


@EVERY_SOP
def test_the_words_at_the_arrows_are_the_labels_of_the_branches(name: str) -> None:
    on_form = Counter(word for marks in form(TITLES[name]).marks for word in marked(marks))
    labels = Counter(branch.label for step in sop(name).steps for branch in step.branches)
    assert not on_form or on_form == labels


@pytest.mark.parametrize(
    ("name", "exits"),
    [
        pytest.param("sk-tim", {"periksa": ("tandatangan", "susun")}, id="sk-tim"),
        pytest.param("penugasan", {}, id="penugasan"),
        pytest.param(
            "bimtek",
            {
                "verifikasi": ("koreksi", "siapkan"),
                "koreksi": ("telaah", "verifikasi"),
                "telaah": ("laksanakan", "koreksi"),
            },
            id="bimtek",
        ),
        pytest.param(
            "pelaporan-bimtek",
            {
                "periksa-ketua": ("periksa-kabid", "susun"),
                "periksa-kabid": ("setujui", "periksa-ketua"),
                "setujui": ("terima", "periksa-kabid"),
            },
            id="pelaporan-bimtek",
        ),
        pytest.param("mekanisme-pelaporan", {"nilai": ("terima", "susun")}, id="mekanisme-pelaporan"),
    ],
)
def test_a_diamond_leads_on_first_and_back_last(name: str, exits: dict[str, tuple[str, ...]]) -> None:
    diamonds = {step.id: tuple(branch.to for branch in step.branches) for step in sop(name).steps if step.branches}
    assert diamonds == exits


def test_the_identity_sheet_reads_as_on_the_form() -> None:
    decoded, cells = sop("bimtek"), sheet()
    identitas = decoded.identitas
    assert decoded.nama == cells["Nama SOP"]
    assert identitas.nomor == cells["Nomor SOP"]
    assert (identitas.tanggal_pembuatan, cells["Tanggal Pembuatan"]) == (date(2023, 8, 31), "31-Aug-23")
    assert (identitas.tanggal_revisi, cells["Tanggal Revisi"]) == (None, "")
    assert (identitas.tanggal_efektif, cells["Tanggal Efektif"]) == (None, "")
    assert identitas.disahkan_oleh == cells["Disahkan oleh"]
    assert identitas.dasar_hukum == numbered(cells["Dasar Hukum"])
    assert identitas.kualifikasi_pelaksana == numbered(cells["Kualifikasi pelaksana"])
    assert identitas.keterkaitan == numbered(cells["Keterkaitan"])
    assert identitas.peralatan == numbered(cells["Peralatan/perlengkapan"])
    assert identitas.peringatan == numbered(cells["Peringatan"])
    assert identitas.pencatatan == numbered(cells["Pencatatan dan pendataan"])


@pytest.mark.parametrize(
    ("name", "menit", "hari"),
    [
        pytest.param("sk-tim", 70, 0, id="sk-tim"),
        pytest.param("penugasan", 35, 0, id="penugasan"),
        pytest.param("bimtek", 115, 2, id="bimtek"),
        pytest.param("pelaporan-bimtek", 125, 0, id="pelaporan-bimtek"),
        pytest.param("mekanisme-pelaporan", 230, 0, id="mekanisme-pelaporan"),
    ],
)
def test_the_standards_add_up_to_the_total_of_the_form(name: str, menit: int, hari: int) -> None:
    total: Counter[str] = Counter()
    for step in sop(name).steps:
        assert step.waktu.maximum is not None
        total[step.waktu.maximum.unit] += int(step.waktu.maximum.amount)
    assert (total["menit"] + 60 * total["jam"], total["hari"]) == (menit, hari)


@EVERY_SOP
def test_an_sop_of_the_office_passes_its_own_check(name: str) -> None:
    assert errors_of(check_sop(sop(name), {known: sop(known).nama for known in TITLES})) == ()


@EVERY_SOP
def test_every_row_with_an_output_writes_a_document_of_the_sop(name: str) -> None:
    decoded = sop(name)
    written = {step.document.name if step.document else "" for step in decoded.steps if step.output}
    assert written == set(decoded.documents)


@EVERY_SOP
def test_a_field_is_asked_for_at_a_row_of_the_sop(name: str) -> None:
    decoded = sop(name)
    steps = {step.id for step in decoded.steps}
    assert {field.step for field in decoded.fields.values()} <= steps
