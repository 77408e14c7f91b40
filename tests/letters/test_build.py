from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from sopctl.engine.events import Approved, Assigned, Rejected, Started
from sopctl.engine.fold import apply_event, fold
from sopctl.engine.state import State
from sopctl.letters.context import CONTEXT_NAMES, GLOBAL_NAMES, TemplateContext
from sopctl.letters.move_context import MoveFacts, build_context
from sopctl.letters.template_sandbox import GLOBALS
from sopctl.office.model import Office
from sopctl.sop.model import Sop
from sopctl.word.dates import Tanggal
from sopctl.word.printed_values import Blank, Picture

Build = Callable[..., dict[str, object]]
Case = tuple[Sop, State, Approved]
BEGAN = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


@pytest.fixture
def case(sop: Sop) -> Case:
    """A case at its first row, and the move that drafts the document."""
    opened = Started(at=BEGAN, recorded_at=BEGAN, by="meja", step="draft", subject="Uji")
    event = Approved(at=BEGAN, recorded_at=BEGAN, by="meja", for_="kadis", step="draft", to="initial")
    return sop, fold(sop, (opened,)), event


def test_the_context_says_everything_that_templates_may_ask(build: Build) -> None:
    said = build("surat-tugas.docx", "sign")
    assert not set(TemplateContext.__struct_fields__) - set(said)
    assert {"dasar", "anggota", "tugas", "masa_tugas", "tembusan"} <= set(said)


@pytest.mark.parametrize(
    ("step", "status", "signed", "acts"),
    [
        pytest.param("draft", "KONSEP", False, ["Konsep disusun"], id="konsep"),
        pytest.param("initial", "DIPARAF", False, ["Konsep disusun", "Diparaf"], id="paraf"),
        pytest.param("sign", "DITANDATANGANI", True, ["Konsep disusun", "Diparaf", "Ditandatangani"], id="signed"),
        pytest.param(
            "receive", "DITERIMA", True, ["Konsep disusun", "Diparaf", "Ditandatangani", "Diterima"], id="received"
        ),
        pytest.param("selesai", "SELESAI", False, [], id="no-document"),
    ],
)
def test_a_document_says_how_far_it_is(build: Build, step: str, status: str, signed: bool, acts: list[str]) -> None:  # noqa: FBT001 — a table of cases
    said = build("surat-tugas.docx", step)
    assert (said["status"], said["signed"]) == (status, signed)
    assert [act.perbuatan for act in said["signatures"]] == acts  # type: ignore[attr-defined]


def test_the_date_is_a_dotted_line_until_the_document_is_signed(build: Build) -> None:
    assert isinstance(build("surat-tugas.docx", "initial")["tanggal"], Blank)
    assert build("surat-tugas.docx", "sign")["tanggal"] == Tanggal(2026, 11, 24)
    assert build("surat-tugas.docx", "receive")["tanggal"] == Tanggal(2026, 11, 24)


def test_whoever_signs_stands_under_every_version(build: Build, staffed: Office) -> None:
    for step in ("draft", "initial", "sign", "receive"):
        signer = build("surat-tugas.docx", step, at=staffed)["signer"]
        assert (signer.pelaksana, signer.as_) == ("kadis", "Plt.")  # type: ignore[attr-defined]
        assert signer.jabatan == "Kepala Dinas Koperasi, Usaha Kecil dan Menengah"  # type: ignore[attr-defined]


def test_an_unknown_name_is_a_dotted_line_over_the_jabatan_of_the_form(build: Build) -> None:
    signer = build("surat-tugas.docx")["signer"]
    assert signer.jabatan == "Kepala Dinas"  # type: ignore[attr-defined]
    assert isinstance(signer.nama, Blank)  # type: ignore[attr-defined]
    assert isinstance(signer.nip, Blank)  # type: ignore[attr-defined]


def test_a_row_without_a_document_is_signed_by_who_acted(build: Build) -> None:
    said = build("lembar-hasil.docx", "selesai")
    assert said["signer"] == said["actor"]
    assert said["judul"] == "Dokumentasi"


def test_the_next_in_turn_are_the_recipients(build: Build) -> None:
    recipients = build("disposisi.docx", "draft")["recipients"]
    assert [person.jabatan for person in recipients] == ["Kepala Bidang 3"]  # type: ignore[attr-defined]
    assert build("disposisi.docx", "selesai")["recipients"] == ()


def test_kelengkapan_are_there_when_confirmed_or_attached(build: Build) -> None:
    items = build("lembar-hasil.docx")["kelengkapan"]
    assert [(item.nama, item.ada, item.berkas) for item in items] == [  # type: ignore[attr-defined]
        ("Kertas", True, ""),
        ("Bahan terkait", True, "terlampir"),
    ]


def test_what_is_not_filled_in_is_blank_and_not_missing(build: Build) -> None:
    said = build("surat-tugas.docx", kind="missing", nomor=None)
    assert all(isinstance(said[name], Blank) for name in ("subject", "nomor", "anggota", "tugas"))
    assert said["filled"] == ()


def test_a_logo_is_a_picture_of_two_centimetres(build: Build) -> None:
    instansi = build("surat-tugas.docx", logo=b"\x89PNG")["instansi"]
    assert instansi.logo == Picture(b"\x89PNG", 20, alt="Lambang Pemerintah Provinsi Kalimantan Barat")  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(CONTEXT_NAMES))
def test_no_field_stands_in_the_way_of_a_template(case: Case, name: str) -> None:
    sop, state, event = case
    field = replace(next(iter(sop.fields.values())), name=name)
    after = replace(state, fields={name: "isian"})
    said = build_context(
        MoveFacts(
            office=Office(), sop=replace(sop, fields={name: field}), id="x", before=state, after=after, event=event
        )
    )
    assert said.get(name) != "isian"


def test_every_template_is_given_what_the_context_says_it_is() -> None:
    assert set(GLOBALS) == GLOBAL_NAMES


def test_a_case_may_name_another_official(case: Case, staffed: Office) -> None:
    sop, state, event = case
    deputy = replace(staffed.officials[0], nama="Nama Pengganti", pelaksana=("kabid",), as_="Plh.", accounts=("wakil",))
    office = replace(staffed, officials=(*staffed.officials, deputy))
    for name in ("Nama Pengganti", "WAKIL"):
        moved = Assigned(at=event.at, recorded_at=event.at, by="meja", pelaksana="kadis", to=name)
        after = apply_event(sop, apply_event(sop, state, event), moved)
        said = build_context(MoveFacts(office=office, sop=sop, id="x", before=state, after=after, event=event))
        assert said["signer"].nama == "Nama Pengganti"  # type: ignore[attr-defined]


def test_an_assigned_stranger_is_a_dotted_line_and_no_account_name(case: Case, staffed: Office) -> None:
    sop, state, event = case
    after = replace(apply_event(sop, state, event), assigned={"kadis": "orang-lain"})
    said = build_context(MoveFacts(office=staffed, sop=sop, id="x", before=state, after=after, event=event))
    assert isinstance(said["signer"].nama, Blank)  # type: ignore[attr-defined]


def test_a_draft_that_was_turned_down_has_lost_its_acts(case: Case) -> None:
    sop, state, event = case
    drafted = apply_event(sop, state, event)
    back = Rejected(
        at=event.at, recorded_at=event.at, by="meja", for_="kabid", step="initial", label="belum", to="draft"
    )
    redrafted = apply_event(sop, drafted, back)
    again = apply_event(sop, redrafted, event)
    said = build_context(MoveFacts(office=Office(), sop=sop, id="x", before=redrafted, after=again, event=event))
    assert [act.act for act in said["signatures"]] == ["draft"]  # type: ignore[attr-defined]


def test_what_a_called_sop_put_out_is_there(case: Case) -> None:
    sop, state, event = case
    called = replace(state, produced=("Bahan  terkait",))
    said = build_context(
        MoveFacts(office=Office(), sop=sop, id="x", before=called, after=apply_event(sop, called, event), event=event)
    )
    assert [(item.nama, item.ada) for item in said["kelengkapan"]][-1] == ("Bahan terkait", True)  # type: ignore[attr-defined]
