"""An SOP as BPMN 2.0: valid by OMG's schema, drawn as a modeller would draw it, and the same each time."""

from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest
import SpiffWorkflow
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]

from sopctl.form.bpmn import format_duration, write_bpmn
from sopctl.form.bpmn_layout import TEXT
from sopctl.form.font_metrics import TWIPS, wrap
from sopctl.form.geometry import Rect, bounding_rect
from sopctl.sop.decode import read_sop
from sopctl.sop.durations import read_time
from sopctl.sop.model import Sop, Step
from tests.form.rich_sops import LONG_FORM, rich_sops

EXAMPLES = sorted((Path(__file__).parents[2] / "sops").rglob("*.yaml"))
HEAD_LINES = 2
"""Lines of a name in the strip of a pool or lane."""

NAMES = {
    "b": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "w": "http://www.omg.org/spec/DD/20100524/DI",
}
RARE = """
id: langka
nama: 'Cara & "tanda" <khusus>'
pelaksana: {a: Petugas Loket, b: Kepala Bidang, c: Kepala Dinas}
documents:
  surat: {template: lembar-hasil.docx}
fields: {nilai: {label: Nilai, type: number}}
start: [terima, ulang]
steps:
  - {id: terima, no: 1, kegiatan: Menerima, pelaksana: a, waktu: 3 hari kalender, output: Berkas}
  - {id: ulang, no: 2, kegiatan: Mengulang, pelaksana: [a, b, c], waktu: 2 x 24 jam, optional: {when: nilai > 3}}
  - {id: bagi, no: 3, kegiatan: Membagi, pelaksana: b, next: [kiri, kanan, tengah], optional: ya}
  - {id: kiri, no: 4, kegiatan: Kiri, pelaksana: a, next: temu}
  - {id: kanan, no: 5, kegiatan: Kanan, pelaksana: b, branches: {ya: temu, ragu: kanan-lagi, tidak: terima}}
  - {id: kanan-lagi, no: 6, kegiatan: Kanan lagi, pelaksana: c, next: temu}
  - {id: tengah, no: 7, kegiatan: Tengah, pelaksana: c, waktu: 1 minggu kalender}
  - id: temu
    no: 8
    kegiatan: Bertemu
    pelaksana: [a, b, c]
    together: ya
    decides: {b: {setuju: akhir, tidak: end}, c: {setuju: akhir, tidak: ulang}}
    document: {name: surat, act: sign}
  - {id: akhir, no: 9, kegiatan: Menerima, pelaksana: [c, a], document: {name: surat, act: receive}, sop: langka}
"""


def read(text: str) -> Sop:
    sop, problems = read_sop(text.encode(), "sops/uji.yaml")
    assert sop is not None, problems
    return sop


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema:
    """OMG's own, as the package of SpiffWorkflow carries it."""
    return etree.XMLSchema(etree.parse(str(Path(SpiffWorkflow.__file__).parent / "bpmn/parser/schema/BPMN20.xsd")))


def drawn(sop: Sop) -> etree._Element:
    data = write_bpmn(sop)
    assert data == write_bpmn(sop)
    return etree.fromstring(data)


def check(schema: etree.XMLSchema, root: etree._Element) -> None:
    """All that is asked of a file: the schema, each element drawn, nothing drawn over anything."""
    assert schema.validate(root), schema.error_log.filter_from_errors()
    shown = [one.get("bpmnElement") for one in root.iter(f"{{{NAMES['di']}}}BPMNShape", f"{{{NAMES['di']}}}BPMNEdge")]
    assert len(shown) == len(set(shown))
    elements = root.xpath(
        "//b:process//b:*[@id][not(self::b:laneSet or self::b:dataObject or self::b:dataState or self::b:property)]"
        "[not(contains(local-name(), 'EventDefinition'))]/@id",
        namespaces=NAMES,
    )
    assert sorted(shown) == sorted([*elements, "kolam"])
    assert not [*overlaps(root)]
    assert not [*crossings(root)]


def bounds(shape: etree._Element, inside: str = "dc:Bounds") -> Rect | None:
    found = shape.find(inside, NAMES)
    if found is None:
        return None
    x, y, width, height = (int(found.get(key) or "") for key in ("x", "y", "width", "height"))
    return Rect(x, y, x + width, y + height)


def boxes(root: etree._Element) -> dict[str, Rect]:
    """Every shape but the pool and its lanes, and the label of each."""
    lanes = {"kolam", *root.xpath("//b:lane/@id", namespaces=NAMES)}
    found = {}
    for shape in root.iterfind(".//di:BPMNShape", NAMES):
        if shape.get("bpmnElement") not in lanes:
            found[str(shape.get("bpmnElement"))] = bounds(shape)
    labels = root.xpath("//di:BPMNLabel", namespaces=NAMES)
    found |= {f"label {label.getparent().get('bpmnElement')}": bounds(label) for label in labels}
    return {name: frame for name, frame in found.items() if frame}


def overlaps(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Shapes and labels that lie on each other, or outside the pool; a timer sits on the border of its task."""
    timers = dict(
        zip(
            *(root.xpath(f"//b:boundaryEvent/@{key}", namespaces=NAMES) for key in ("id", "attachedToRef")), strict=True
        )
    )
    found = boxes(root)
    for (one, frame), (two, other) in combinations(found.items(), 2):
        if frame.overlaps(other) and one not in {timers.get(two), two} and two not in {timers.get(one), one}:
            yield one, two
    pool = bounds(root.xpath("//di:BPMNShape[@bpmnElement='kolam']", namespaces=NAMES)[0])
    assert pool
    yield from ((name, "kolam") for name, frame in found.items() if not frame.within(pool))


def crossings(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Lines that run through a shape or label, are not at right angles, or do not end at their shapes."""
    found = boxes(root)
    ends = edge_ends(root)
    for edge in root.iterfind(".//di:BPMNEdge", NAMES):
        id = str(edge.get("bpmnElement"))
        points = [(int(one.get("x") or ""), int(one.get("y") or "")) for one in edge.iterfind("w:waypoint", NAMES)]
        segments = [bounding_rect(*pair) for pair in pairwise(points)]
        if any(segment.width and segment.height for segment in segments):
            yield id, "aslant"
        for end, point in zip(ends[id], (points[0], points[-1]), strict=True):
            if not on_border(root, end, point, found[end]):
                yield id, f"does not end at {end}"
        for name, frame in found.items():
            inner = segments[name == ends[id][0] and is_gateway(root, name) :]
            inner = inner[: len(inner) - (name == ends[id][1] and is_gateway(root, name))]
            if any(segment.overlaps(frame) for segment in inner):
                yield id, name


def is_gateway(root: etree._Element, id: str) -> bool:
    return bool(root.xpath("//*[contains(local-name(), 'Gateway')][@id=$id]", id=id))


def on_border(root: etree._Element, id: str, point: tuple[int, int], frame: Rect) -> bool:
    """Whether a point lies on the border of a shape: that of a gateway is a diamond."""
    (x, y), (to_x, to_y) = frame.center, point
    if is_gateway(root, id):
        return abs(to_x - x) + abs(to_y - y) == frame.width // 2
    return bounding_rect(point).within(frame) and not bounding_rect(point).overlaps(frame)


def edge_ends(root: etree._Element) -> dict[str, tuple[str, str]]:
    found = {
        str(one.get("id")): (str(one.get("sourceRef")), str(one.get("targetRef")))
        for one in root.iter(*(f"{{{NAMES['b']}}}{tag}" for tag in ("sequenceFlow", "association")))
    }
    for one in root.iter(f"{{{NAMES['b']}}}dataOutputAssociation"):
        found[str(one.get("id"))] = (str(one.getparent().get("id")), one.findtext("b:targetRef", "", NAMES))
    for one in root.iter(f"{{{NAMES['b']}}}dataInputAssociation"):
        found[str(one.get("id"))] = (one.findtext("b:sourceRef", "", NAMES), str(one.getparent().get("id")))
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_sop_of_the_office_and_every_example_is_valid_and_well_drawn(path: Path, schema: etree.XMLSchema) -> None:
    check(schema, drawn(read(path.read_text())))


def test_hard_flows_are_valid_and_well_drawn(known: Sop, schema: etree.XMLSchema) -> None:
    check(schema, drawn(known))


def test_everything_rare_at_once_is_valid_and_well_drawn(schema: etree.XMLSchema) -> None:
    check(schema, drawn(read(RARE)))


@settings(deadline=None, max_examples=12)
@given(data=st.data())
def test_any_sop_is_valid_and_well_drawn(
    data: st.DataObject, sops_of_any_kind: Callable[[], st.SearchStrategy[Sop]], schema: etree.XMLSchema
) -> None:
    sop = data.draw(sops_of_any_kind())
    check(schema, drawn(sop))


@settings(deadline=None, max_examples=8)
@given(sop=rich_sops())
def test_an_sop_with_everything_is_valid_and_well_drawn(schema: etree.XMLSchema, sop: Sop) -> None:
    assume(len(sop.steps) <= LONG_FORM)
    check(schema, drawn(sop))


def test_more_lines_than_a_gateway_has_corners_lie_on_each_other(
    schema: etree.XMLSchema, plain: Callable[..., Step]
) -> None:
    exits = {"ya": "s3", "tidak lengkap": "s2", "ulang": "s1"}
    steps = (plain("s1", "a"), plain("s2", "abcdefgh", together=True, decides="abcdefgh", to=exits), plain("s3", "a"))
    titles = {key: f"Pejabat {key.upper()}" for key in "abcdefgh"}
    check(
        schema,
        drawn(Sop(id="uji", nama="Uji", pelaksana=titles, steps=steps, start=("s1",), source=steps[0].source)),
    )


LONG = """
id: panjang
nama: {nama}
pelaksana: {{a: {pelaksana}, b: Kepala}}
steps:
  - {{id: isi, kegiatan: Mengisi, pelaksana: a, waktu: 3 hari kalender sejak {waktu}}}
"""


def test_long_names_and_times_fit_where_they_stand(schema: etree.XMLSchema) -> None:
    words = "permohonan diterima lengkap oleh petugas loket pelayanan terpadu satu pintu " * 3
    sop = read(LONG.format(nama=words * 2, pelaksana=words, waktu=words))
    root = drawn(sop)
    check(schema, root)
    names = {"kolam": sop.nama, "pelaksana.a": sop.pelaksana["a"]}
    for id, name in names.items():
        frame = bounds(root.xpath("//di:BPMNShape[@bpmnElement=$id]", id=id, namespaces=NAMES)[0])
        assert frame
        assert len(wrap(name, frame.height * TWIPS, TEXT)) <= HEAD_LINES


def test_a_timer_runs_only_where_the_time_runs_by_the_clock() -> None:
    root = drawn(read(RARE))
    timers = root.xpath("//b:boundaryEvent", namespaces=NAMES)
    assert [(one.get("attachedToRef"), one.get("cancelActivity")) for one in timers] == [
        ("kegiatan.terima", "false"),
        ("kegiatan.tengah", "false"),
    ]
    assert root.xpath("//b:timeDuration/text()", namespaces=NAMES) == ["P3D", "P7D"]
    notes = root.xpath("//b:textAnnotation/b:text/text()", namespaces=NAMES)
    assert notes == ["Waktu: 3 hari kalender", "Waktu: 2 x 24 jam", "Waktu: 1 minggu kalender"]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1 x 24 jam", "P1D"),
        ("14 hari kalender", "P14D"),
        ("2 minggu kalender", "P14D"),
        ("1 bulan", "P1M"),
        ("setengah hari kalender", "PT12H"),
        ("1,5 jam kalender", "PT1H30M"),
        ("2,5 minggu kalender", "P17DT12H"),
        ("0,5 bulan", "P15D"),
    ],
)
def test_durations_are_written_as_iso_8601(text: str, iso: str) -> None:
    found = read_time(text)
    assert not isinstance(found, str)
    assert found.maximum
    assert format_duration(found.maximum) == iso
