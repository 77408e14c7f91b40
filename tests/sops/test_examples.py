"""The examples in `sops/contoh`: clean, walked to their end, and their letters as an official signs them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from docx import Document
from openxml_audit import OpenXmlValidator

from sopctl.desk import migrate, report, setup
from sopctl.desk.case_choice import offer_recent
from sopctl.desk.check import check
from sopctl.desk.move_input import MoveInput
from sopctl.desk.sops import list_sops
from sopctl.errors import NotFoundError, UsageError
from sopctl.measure.query import Query
from sopctl.sop.model import Field, Sop
from sopctl.store.workspace import find_workspace

if TYPE_CHECKING:
    from tests.conftest import Room

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.stem for path in (ROOT / "sops" / "contoh").glob("*.yaml"))
TYPED = {"date": "2026-12-08", "number": "2", "nip": "198001012005011001"}
PRINTED = {"date": "8 Desember 2026", "number": "2 (dua)", "nip": "19800101 200501 1 001"}
OFFICIAL = "  - {{nama: 'Nama {key}', nip: '197001011995031001', pangkat: IV/a, jabatan: {title}, pelaksana: [{key}]}}"


@pytest.fixture
def office(tmp_path: Path, rooms: type["Room"]) -> "Room":
    """A new office with the examples."""
    setup.init(tmp_path / "kantor", examples=True)
    return rooms(tmp_path / "kantor")


def cells(field: Field, rows: int) -> list[tuple[str, str]]:
    """What is typed into a field, and what its letter must say then."""
    if field.type == "table":
        columns = [(one.type, f"{one.name} {field.name} {row}") for row in range(1, rows + 1) for one in field.columns]
        return [(TYPED.get(kind, text), PRINTED.get(kind, text)) for kind, text in columns]
    if field.type == "list":
        return [(f"{field.name} ke-{row}", f"{field.name} ke-{row}") for row in range(1, rows + 1)]
    if field.choices:
        return [(field.choices[-1], field.choices[-1])]
    text = f"isi {field.name}"
    return [(TYPED.get(field.type, text), PRINTED.get(field.type, text))]


def typed(field: Field, rows: int) -> str:
    words = [word for word, _ in cells(field, rows)]
    width = len(field.columns) or 1
    lines = ["|".join(words[at : at + width]) for at in range(0, len(words), width)]
    return f"{field.name}={';'.join(lines)}"


def walk(office: "Room", name: str, rows: int, *, optional: bool = True) -> tuple[Sop, str]:
    """Start an example, fill in its fields where their row asks for them, approve to the end; the SOP and the id."""
    sop = office.session().library.read_sop(f"contoh/{name}")
    officials = [OFFICIAL.format(key=key, title=title) for key, title in sop.pelaksana.items()]
    office.say("\n".join(["officials:", *officials]))
    fields = [field for field in sop.fields.values() if optional or field.required]
    first = tuple(typed(field, rows) for field in fields if field.step is None)
    id = office.start(f"contoh/{name}", "Perihal berkas", typed=MoveInput(sets=first)).id
    for step in sop.steps:
        asked = tuple(typed(field, rows) for field in fields if field.step == step.id)
        office.approve(id, MoveInput(sets=asked))
    return sop, id


def text_of(path: Path) -> str:
    root = Document(str(path)).element
    return "\n".join("".join(paragraph.xpath(".//w:t/text()")) for paragraph in root.xpath("//w:p"))


def test_what_is_there_stays_when_the_examples_come_along(tmp_path: Path) -> None:
    setup.init(tmp_path)
    folder = tmp_path / "sops" / "contoh"
    folder.mkdir()
    (folder / "undangan.yaml").write_text("milik kantor")
    (folder / "nota-dinas.yaml").symlink_to(tmp_path / "tidak terpasang")
    made = setup.init(tmp_path, examples=True)
    assert "sops/contoh/surat-dinas.yaml" in made
    assert (folder / "undangan.yaml").read_text() == "milik kantor"
    assert (folder / "nota-dinas.yaml").is_symlink()


def test_the_examples_are_in_no_list_and_are_found_by_their_folder(office: "Room") -> None:
    library = office.session().library
    assert not {one.id for one in list_sops(library)} & set(EXAMPLES)
    assert library.list_examples() == [f"contoh/{name}" for name in EXAMPLES]
    assert library.read_sop("contoh/undangan").id == "undangan"
    for outside in ("contoh/../sk-tim", "../sops/sk-tim", "contoh", "contoh/"):
        with pytest.raises(NotFoundError):
            library.read_file(outside)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_clean(office: "Room", name: str) -> None:
    assert check(office.session(), (f"contoh/{name}",)).problems == ()


def test_all_examples_are_checked_with_all(office: "Room") -> None:
    of_all = check(office.session(), (), everything=True).files
    assert set(of_all) - set(check(office.session(), ()).files) == {f"sops/contoh/{name}.yaml" for name in EXAMPLES}
    (office.root / "sops" / "contoh" / "Surat Lain.yml").write_text("id: x\n")
    assert "sops/contoh/Surat Lain.yml" in {one.source.path for one in check(office.session(), ()).problems}


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_goes_from_start_to_a_letter_that_says_all(office: "Room", name: str, rows: int) -> None:
    sop, id = walk(office, name, rows)
    record = office.session().record
    state = record.load_case(id).state
    assert (id, state.status) == (f"{name}-1", "completed")
    written = {one.name: office.root / one.path for one in state.documents if one.act == "sign"}
    assert not [one.gaps for one in state.documents if one.gaps]
    texts = {document: text_of(path) for document, path in written.items()}
    for field in sop.fields.values():
        for _, word in cells(field, rows):
            assert any(word in text for text in texts.values()), (field.name, word)
    assert not re.search("…{12}", texts[name])  # the document that an example is about is called like it
    for path in written.values():
        assert [error.description for error in OpenXmlValidator().validate(path).errors] == []


def test_a_laporan_perjalanan_dinas_names_its_order_and_who_travelled(office: "Room") -> None:
    _, id = walk(office, "perjalanan-dinas", 13)
    documents = office.session().record.load_case(id).state.documents
    order = next(one.nomor for one in documents if one.act == "sign" and one.nomor)
    text = text_of(next(office.root / one.path for one in documents if one.name == "laporan"))
    assert f"Surat Perintah Perjalanan Dinas Nomor {order} tanggal 24 November 2026." in text
    for row in (1, 13):
        assert text.count(f"nama pegawai {row}\n") == 2  # in the table, and where each signs


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_an_example_does_not_require_leaves_no_dotted_line(office: "Room", name: str) -> None:
    _, id = walk(office, name, 1, optional=False)
    assert [one.gaps for one in office.session().record.load_case(id).state.documents if one.gaps] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_diamond_of_an_example_hands_the_work_back(office: "Room", name: str) -> None:
    sop, _ = walk(office, name, 1)
    for step in sop.steps:
        if step.branches:
            assert len(step.branches) == 2
            assert sop.row(step.branches[-1].to) < sop.row(step.id)


def test_the_cases_of_an_example_are_reported_and_migrated_like_any(office: "Room") -> None:
    _, id = walk(office, "nota-dinas", 1)
    other = office.start("contoh/nota-dinas", "Perihal").id
    path = office.root / "sops" / "contoh" / "nota-dinas.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("45 menit", "50 menit"), encoding="utf-8")
    planned = migrate.plan(office.session(), other, ())
    assert isinstance(planned, migrate.MigrationPlan)
    assert any("50 menit" in sentence for sentence in planned.sentences)
    report.publish(office.session(), Query(sop="nota-dinas"), {"html": office.root.parent / "laporan.html"})
    assert id in {one.id for one in offer_recent(office.session(), ["completed"]).cases}


def test_an_office_that_makes_an_example_its_own_goes_on_with_its_cases(office: "Room") -> None:
    _, id = walk(office, "undangan", 1)
    shutil.copy(office.root / "sops/contoh/undangan.yaml", office.root / "sops/undangan.yaml")
    library = office.session().library
    assert "undangan" in library.list_ids()
    assert library.read_file("undangan").path == "sops/undangan.yaml"
    assert office.start("undangan").id == "undangan-2"
    assert office.start("contoh/undangan").id == "undangan-3"
    assert id == "undangan-1"


def test_examples_come_only_when_asked_for_and_to_an_office_that_is_there(tmp_path: Path) -> None:
    setup.init(tmp_path)
    assert not (tmp_path / "sops" / "contoh").exists()
    (tmp_path / "sops" / "sk-tim.yaml").unlink()
    (tmp_path / "templates" / "undangan.docx").unlink()
    with pytest.raises(UsageError):
        setup.init(tmp_path)
    made = setup.init(tmp_path, examples=True)
    assert made == ("templates/undangan.docx", *(f"sops/contoh/{name}.yaml" for name in EXAMPLES))
    assert find_workspace(tmp_path, None).sops.is_dir()


def test_a_wheel_carries_the_examples_and_their_templates(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    carried = [*(ROOT / "sops").rglob("*.yaml"), *(ROOT / "templates").glob("*.docx")]
    assert {f"sopctl/seed/{path.relative_to(ROOT).as_posix()}" for path in carried} <= names
