from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from msgspec.structs import replace

from sopctl.engine.events import Approved, Started
from sopctl.engine.fold import apply_event, fold
from sopctl.letters.move_context import MoveFacts, build_context
from sopctl.letters.renderer import Renderer
from sopctl.office.model import Office, Official, SigningCapacity
from sopctl.sop.model import Act, Sop, StepDocument

Build = Callable[..., dict[str, object]]
Lines = Callable[..., list[str]]
BEGAN = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


def posts(as_: SigningCapacity) -> tuple[Official, ...]:
    """A head, and who signs in this way; no such persons exist."""
    head = Official(jabatan="Kepala Dinas Koperasi", pelaksana=("kadis",), until=date(2026, 11, 1))
    between = Official(jabatan="Sekretaris", pelaksana=("kadis",), as_="a.n.", until=date(2026, 11, 1))
    jabatan = "Kasubbag Umum" if as_ in {"a.n.", "u.b."} else "Kepala Dinas Koperasi"
    return head, between, Official(jabatan=jabatan, pelaksana=("kadis",), as_=as_)


@pytest.mark.parametrize(
    ("as_", "block"),
    [
        pytest.param("", ["KEPALA DINAS KOPERASI,"], id="definitive"),
        pytest.param("Plt.", ["Plt. KEPALA DINAS KOPERASI,"], id="plt"),
        pytest.param("Plh.", ["Plh. KEPALA DINAS KOPERASI,"], id="plh"),
        pytest.param("Pj.", ["Pj. KEPALA DINAS KOPERASI,"], id="pj"),
        pytest.param("a.n.", ["a.n.\tKEPALA DINAS KOPERASI", "\tKASUBBAG UMUM,"], id="one-down"),
        pytest.param(
            "u.b.", ["a.n.\tKEPALA DINAS KOPERASI", "\tSEKRETARIS,", "u.b.", "\tKASUBBAG UMUM,"], id="two-down"
        ),
    ],
)
def test_the_signature_block_says_for_whom_it_stands(
    build: Build, renderer: Renderer, lines: Lines, office: Office, as_: SigningCapacity, block: list[str]
) -> None:
    said = build("surat-tugas.docx", "sign", at=replace(office, officials=posts(as_)))
    text = lines(renderer.render("surat-tugas.docx", said, created=BEGAN, title="Uji"))
    start = text.index("pada tanggal 24 November 2026") + 1
    assert text[start : start + len(block)] == block
    assert text[start + len(block)] == ""


class Case:
    """A row for each act upon one document, done by these pelaksana."""

    def __init__(self, sop: Sop, acts: list[tuple[str, StepDocument]]) -> None:
        base = sop.steps[0]
        rows = [
            replace(base, id=f"r{number}", pelaksana=(who,), document=document)
            for number, (who, document) in enumerate(acts)
        ]
        titles = {who: who.title() for who, _ in acts}
        self.sop = replace(sop, steps=tuple(rows), start=("r0",), pelaksana=titles)

    def said(self) -> dict[str, Any]:
        """The context when the last row is done."""
        state = fold(self.sop, (Started(at=BEGAN, recorded_at=BEGAN, by="a", step="r0"),))
        for row in self.sop.steps:
            event = Approved(
                at=BEGAN, recorded_at=BEGAN, by="a", for_=row.pelaksana[0], step=row.id, to=self.sop.step_after(row)
            )
            before, state = state, apply_event(self.sop, state, event)
        return build_context(MoveFacts(office=Office(), sop=self.sop, id="x", before=before, after=state, event=event))


def does(act: Act, *, koordinasi: bool = False) -> StepDocument:
    return StepDocument("naskah", act, koordinasi)


def test_at_most_three_initial_and_nobody_who_drafted(sop: Sop) -> None:
    names = ["staf", "kasi", "kabid", "sekretaris", "asisten"]
    acts = [("staf", does("draft")), *((name, does("initial")) for name in names), ("kadis", does("sign"))]
    said = Case(sop, acts).said()
    assert [one.person.pelaksana for one in said["paraf"]] == ["kabid", "sekretaris", "asisten"]


def test_officials_of_other_units_initial_apart(sop: Sop) -> None:
    acts = [
        ("staf", does("draft")),
        ("hukum", does("initial", koordinasi=True)),
        ("kabid", does("initial")),
        ("kadis", does("sign")),
    ]
    said = Case(sop, acts).said()
    assert [one.person.pelaksana for one in said["paraf"]] == ["kabid"]
    assert [one.person.pelaksana for one in said["koordinasi"]] == ["hukum"]
    assert all(one.waktu == "24 November 2026 10.30 WIB" for one in said["koordinasi"])


def test_the_boxes_of_initials_are_printed_where_there_are_any(build: Build, renderer: Renderer, lines: Lines) -> None:
    for step, boxes in (("draft", 0), ("initial", 1)):
        text = lines(renderer.render("surat-tugas.docx", build("surat-tugas.docx", step), created=BEGAN, title="Uji"))
        assert text.count("Paraf hierarki") == boxes
        assert "Paraf koordinasi" not in text


@pytest.fixture
def srikandi(sop: Sop, lines: Lines, renderer: Renderer) -> Callable[[str], list[str]]:
    """The paragraphs of a surat tugas that the national system numbers and signs, at one act."""

    def text(step: str) -> list[str]:
        case = Case(sop, [("kadis", does("draft")), ("kadis", does("sign"))])
        document = replace(case.sop.documents["naskah"], srikandi=True)
        case.sop = replace(case.sop, documents={"naskah": document}, steps=case.sop.steps[: 1 + (step == "sign")])
        return lines(renderer.render("surat-tugas.docx", case.said(), created=BEGAN, title="Uji"))

    return text


@pytest.mark.parametrize("step", ["draft", "sign"])
def test_srikandi_finds_its_placeholders_and_nothing_claims_a_signature(
    srikandi: Callable[[str], list[str]], step: str
) -> None:
    text = srikandi(step)
    for line in ("NOMOR ${nomor_naskah}", "pada tanggal ${tanggal_naskah}", "${ttd_pengirim}", "${nama_pengirim}"):
        assert text.count(line) == 1
    assert "NIP ${nip_pengirim}" in text
    assert "DITANDATANGANI" not in "\n".join(text)


def test_each_placeholder_of_srikandi_lies_in_one_run(renderer: Renderer, sop: Sop) -> None:
    case = Case(sop, [("kadis", does("sign"))])
    case.sop = replace(case.sop, documents={"naskah": replace(case.sop.documents["naskah"], srikandi=True)})
    data = renderer.render("surat-tugas.docx", case.said(), created=BEGAN, title="Uji")
    runs = [text.text or "" for text in Document(BytesIO(data)).element.iter(qn("w:t"))]
    for name in ("nomor_naskah", "tanggal_naskah", "ttd_pengirim", "nama_pengirim", "nip_pengirim"):
        assert any(f"${{{name}}}" in run for run in runs)
