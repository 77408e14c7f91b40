"""The form that sopctl prints is read back as the SOP that it was printed from."""

from datetime import date
from pathlib import Path

import pytest

from sopctl.form.document import write_form
from sopctl.form.identity import build_identity
from sopctl.form.layout import lay_out_flowchart
from sopctl.importing.overlay import overlay_form
from sopctl.office.decode import read_office
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
