"""BPMN files become drafts of SOPs: what sopctl wrote comes back, what others wrote is taken or told."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from sopctl.errors import WrongError
from sopctl.form.bpmn import write_bpmn
from sopctl.importing.bpmn import read_bpmn
from sopctl.importing.reader_process import read_file
from sopctl.sop.decode import read_sop
from sopctl.sop.draft import write_sop
from sopctl.sop.model import Sop
from sopctl.sop.unconfirmed import confirm, list_remarks
from tests.form.rich_sops import LONG_FORM, rich_sops

SOPS = sorted((Path(__file__).parents[2] / "sops").rglob("*.yaml"))
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x">'
FOREIGN = f"""<?xml version="1.0"?>
{HEAD}
<collaboration id="c">
  <participant id="p" name="Izin ruang" processRef="izin"/>
  <participant id="q" name="Pemohon"/>
  <messageFlow id="m" name="Permohonan" sourceRef="q" targetRef="a"/></collaboration>
<process id="izin">
  <laneSet id="l"><lane id="l1" name="Staf"><flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef></lane>
    <lane id="l2" name="Kepala"><flowNodeRef>c</flowNodeRef><flowNodeRef>d</flowNodeRef><flowNodeRef>e</flowNodeRef>
    </lane></laneSet>
  <startEvent id="s"/>
  <userTask id="a" name="Menerima permohonan"><dataInputAssociation id="i"><sourceRef>berkas</sourceRef>
    <targetRef>a</targetRef></dataInputAssociation><dataOutputAssociation id="o"><targetRef>agenda</targetRef>
    </dataOutputAssociation></userTask>
  <parallelGateway id="g1"/>
  <serviceTask id="b" name="Menghitung biaya"/>
  <task id="c" name="Memeriksa ruang"><standardLoopCharacteristics/></task>
  <parallelGateway id="g2"/>
  <callActivity id="d" name="Menandatangani" calledElement="tanda-tangan"/>
  <exclusiveGateway id="x"/>
  <task id="e" name="Menyerahkan izin"/>
  <boundaryEvent id="t" name="Lewat tiga hari" attachedToRef="e"><timerEventDefinition id="td"/></boundaryEvent>
  <endEvent id="end"/>
  <dataObject id="o1"/><dataObjectReference id="berkas" name="Surat permohonan" dataObjectRef="o1"/>
  <dataObject id="o2"/><dataObjectReference id="agenda" name="Buku agenda" dataObjectRef="o2"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="g1"/>
  <sequenceFlow id="f3" sourceRef="g1" targetRef="b"/><sequenceFlow id="f4" sourceRef="g1" targetRef="c"/>
  <sequenceFlow id="f5" sourceRef="b" targetRef="g2"/><sequenceFlow id="f6" sourceRef="c" targetRef="g2"/>
  <sequenceFlow id="f7" sourceRef="g2" targetRef="d"/><sequenceFlow id="f8" sourceRef="d" targetRef="x"/>
  <sequenceFlow id="f9" name="setuju" sourceRef="x" targetRef="e"/>
  <sequenceFlow id="f10" name="tidak setuju" sourceRef="x" targetRef="a"/>
  <sequenceFlow id="f11" sourceRef="e" targetRef="end"/>
</process></definitions>"""


def tell(sop: Sop) -> list[Any]:
    """What a round trip keeps of each row; of the exits after the first the order is that of the diagram."""
    return [
        (
            step.id,
            str(step.no or ""),
            " ".join(step.kegiatan.split()),
            [sop.pelaksana[who] for who in step.pelaksana],
            step.together,
            [
                (sop.pelaksana[who], exits[0], sorted(exits, key=lambda one: one.label))
                for who, exits in step.decides.items()
            ],
            () if step.branches else sop.exits(step),
            step.kind,
            step.optional is not None,
            " ".join(step.waktu.text.split()),
            [item.nama for item in step.kelengkapan],
            step.output,
            step.keterangan,
            step.sop,
        )
        for step in sop.steps
    ]


def sent_round(sop: Sop, folder: Path) -> Sop:
    """The SOP after its export and import, all remarks confirmed."""
    (folder / "x.bpmn").write_bytes(write_bpmn(sop))
    (draft,) = read_bpmn(folder / "x.bpmn", sop.id)
    again, problems = read_sop(confirm(write_sop(draft)).encode(), "x.yaml")
    assert again, problems
    return again


@pytest.mark.parametrize("path", SOPS, ids=lambda path: path.stem)
def test_what_was_exported_comes_back(path: Path, tmp_path: Path) -> None:
    sop, _ = read_sop(path.read_bytes(), path.name)
    assert sop
    again = sent_round(sop, tmp_path)
    assert tell(again) == tell(sop)
    assert list(again.pelaksana.items()) == list(sop.pelaksana.items())


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sop=rich_sops())
def test_any_sop_that_was_exported_comes_back(sop: Sop, tmp_path: Path) -> None:
    assume(len(sop.steps) <= LONG_FORM)
    mixed = [step for step in sop.steps if step.together and len(step.diamonds) > 1]
    assume(not mixed)  # BPMN has one gateway for all of them
    again = sent_round(sop, tmp_path)
    assert tell(again) == tell(sop)
    assert again.start == sop.start


def test_a_file_of_another_tool_is_taken_and_the_rest_is_told(tmp_path: Path) -> None:
    (tmp_path / "izin.bpmn").write_text(FOREIGN)
    answer = read_file(tmp_path / "izin.bpmn", "izin", review=False)
    (found,) = answer.sops
    assert list_remarks(found.text) == (
        "bpmn: peristiwa pada tepi kegiatan (timer) 'Lewat tiga hari' [t] tidak diambil",
        "bpmn: aliran pesan 'Permohonan' [m] tidak diambil",
        "bpmn: kolam 'Pemohon' [q] tidak diambil, karena tidak memuat kegiatan",
        "kegiatan: pada BPMN ini tugas sistem",
        "kegiatan: pada BPMN kegiatan ini berulang",
    )
    assert found.doubts == 5
    sop, problems = read_sop(confirm(found.text).encode(), "izin.yaml")
    assert sop, problems
    assert sop.nama == "Izin ruang"
    assert [
        (
            step.id,
            [sop.pelaksana[who] for who in step.pelaksana],
            [(branch.label, branch.to) for branch in step.branches],
            sop.exits(step),
            [item.nama for item in step.kelengkapan],
            step.output_name,
            step.sop.sop if step.sop else "",
        )
        for step in sop.steps
    ] == [
        ("menerima", ["Staf"], [], ("menghitung", "memeriksa"), ["Surat permohonan"], "Buku agenda", ""),
        ("menghitung", ["Staf"], [], ("menandatangani",), [], "", ""),
        ("memeriksa", ["Kepala"], [], ("menandatangani",), [], "", ""),
        ("menandatangani", ["Kepala"], [("setuju", "menyerahkan"), ("tidak setuju", "menerima")],
         ("menyerahkan", "menerima"), [], "", "tanda-tangan"),
        ("menyerahkan", ["Kepala"], [], ("end",), [], "", ""),
    ]  # fmt: skip


def test_no_page_to_compare_with_is_made_of_bpmn(tmp_path: Path) -> None:
    (tmp_path / "izin.bpmn").write_text(FOREIGN)
    answer = read_file(tmp_path / "izin.bpmn", "izin", review=True)
    assert not answer.sops
    assert answer.problem == (
        "izin.bpmn adalah BPMN, yang tidak mempunyai halaman pemeriksaan: bandingkan rancangannya dengan diagramnya. "
        "Impor tanpa halaman itu."
    )


MANY = "".join(f"<task id='t{n}'/>" for n in range(501))


def gateways(*, twice: bool, length: int) -> bytes:
    """A task before gateways, each with one flow to the next, or two."""
    ids = ["a", *(f"g{number}" for number in range(length))]
    flows = [f'<sequenceFlow sourceRef="{one}" targetRef="{two}"/>' for one, two in pairwise(ids)] * (1 + twice)
    gates = "".join(f'<exclusiveGateway id="{id}"/>' for id in ids[1:])
    return f"{HEAD}<process id='p'><task id='a'/>{gates}{''.join(flows)}</process></definitions>".encode()


BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(f"{BOMB}{HEAD}&b;</definitions>".encode(), "DOCTYPE", id="entities"),
        pytest.param(b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>', "DOCTYPE", id="a-file-of-ours"),
        pytest.param(FOREIGN[:900].encode(), "baris 1", id="cut"),
        pytest.param(b'<?xml version="1.0" encoding="UTF-8"?>\n<d>\xff</d>', "baris 2", id="wrong-encoding"),
        pytest.param(b'<?xml version="1.0" encoding="rot13"?><d/>', "baris 1", id="no-such-encoding"),
        pytest.param(b"<svg/>", "svg", id="other-xml"),
        pytest.param(f"{HEAD}<process id='p'/></definitions>".encode(), "tidak memuat proses", id="nothing-in-it"),
        pytest.param(b"<d>" * 400 + b"</d>" * 400, "baris 1", id="too-deep"),
        pytest.param(HEAD.encode() + b" " * 30_000_001, "terlalu besar", id="too-large"),
        pytest.param(
            f"{HEAD}<process id='p'>{MANY}</process></definitions>".encode(),
            "paling banyak 500",
            id="too-many-rows",
        ),
        pytest.param(
            f"{HEAD}{'<process><task/></process>' * 20_000}</definitions>".encode(),
            "mempunyai 20000 proses; paling banyak 300",
            id="too-many-processes",
        ),
        pytest.param(gateways(twice=True, length=40), "terlalu banyak aliran", id="ways-without-number"),
        pytest.param(gateways(twice=False, length=2000), "terlalu banyak aliran", id="gateways-without-end"),
    ],
)
def test_a_hostile_file_is_refused_in_a_sentence(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "x.bpmn").write_bytes(data)
    with pytest.raises(WrongError, match=r"x\.bpmn") as caught:
        read_bpmn(tmp_path / "x.bpmn", "x")
    assert said in caught.value.message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "iso-8859-1"])
def test_a_file_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    named = FOREIGN.replace(
        '<?xml version="1.0"?>', f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    )
    (tmp_path / "x.bpmn").write_bytes(named.replace("Izin ruang", "Izin ruang Café").encode(encoding))
    answer = read_file(tmp_path / "x.bpmn", "x", review=False)
    assert [one.nama for one in answer.sops] == ["Izin ruang Café"], answer.problem


def test_tasks_without_ids_are_rows_of_their_own(tmp_path: Path) -> None:
    to_end = "<task id='c' name='C'/><endEvent id='e'/><sequenceFlow sourceRef='c' targetRef='e'/>"
    tasks = f"<task name='A'/><task name='B'/>{to_end}"
    (tmp_path / "x.bpmn").write_text(f"{HEAD}<process id='p'>{tasks}</process></definitions>")
    (draft,) = read_bpmn(tmp_path / "x.bpmn", "x")
    assert [(row.kegiatan, row.next) for row in draft.rows] == [("A", (4,)), ("B", (4,)), ("C", ())]


def test_gateways_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    flows = ("a", "g"), ("g", "h"), ("h", "g"), ("g", "a")
    lines = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{one}" targetRef="{two}"/>' for n, (one, two) in enumerate(flows)
    )
    gates = '<task id="a" name="A"/><exclusiveGateway id="g"/><exclusiveGateway id="h"/>'
    (tmp_path / "x.bpmn").write_text(f"{HEAD}<process id='p'>{gates}{lines}</process></definitions>")
    (draft,) = read_bpmn(tmp_path / "x.bpmn", "x")
    assert [row.kegiatan for row in draft.rows] == ["A"]
