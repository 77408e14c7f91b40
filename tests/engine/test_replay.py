"""An event that the engine would not have allowed is found, whatever its hashes say; one that it allowed never is."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from sopctl.engine import case_changes
from sopctl.engine.events import (
    Approved,
    Assigned,
    Attached,
    Attachment,
    Begun,
    Called,
    Cancelled,
    Completed,
    Decided,
    Event,
    Filled,
    Migrated,
    Noted,
    Numbered,
    Rejected,
    Resumed,
    Started,
    Suspended,
    Withdrawn,
    Written,
)
from sopctl.engine.replay import ImpossibleEvent, find_impossible_event

if TYPE_CHECKING:
    from sopctl.sop.model import Sop
    from tests.engine.conftest import Walk

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim, kabid: Kepala Bidang, kadis: Kepala Dinas}
fields:
  hal: {label: Hal, required: true, step: susun}
documents:
  surat: {template: surat-tugas.docx, kode: 000.1}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, document: {name: surat, act: draft}}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, not_by: susun, branches: {sesuai: lewat, belum sesuai: susun}}
  - {id: lewat, kegiatan: Mengerjakan, pelaksana: [tim, kabid], sop: {id: lain, optional: true}}
  - {id: pilih, kegiatan: Memilih, pelaksana: kadis, branches: {satu: akhir, dua: end, tiga: susun}}
  - {id: akhir, kegiatan: Menyelesaikan, pelaksana: tim, kelengkapan: [{nama: Bukti, evidence: true}]}
"""


def found(walk: "Walk", *events: Event) -> ImpossibleEvent | None:
    """What the replay says of a case to which these events were forged."""
    chain = list(walk.case.instance.events)
    for number, event in enumerate(events, len(chain) + 1):
        chain.append(event.chained(number, "x"))
    return find_impossible_event("versi", tuple(chain), lambda _: walk.sop)


@pytest.fixture
def drafted(walk: "Walk") -> "Walk":
    """A case whose draft was turned down once and made again; it stands at `periksa`."""
    walk.approve(walk.request(by="penyusun", fields={"hal": "Undangan"}))
    walk.begin()
    walk.reject()
    walk.note()
    walk.suspend()
    walk.resume()
    walk.approve(walk.request(by="penyusun", fields={"hal": "Undangan"}))
    assert walk.state.step == "periksa"
    return walk


def said(walk: "Walk", **more: Any) -> dict[str, Any]:  # noqa: ANN401 — whatever an event may say
    """What every event says, a minute after the one before."""
    walk.now += timedelta(minutes=1)
    return {"at": walk.now, "recorded_at": walk.now, "by": "orang"} | more


def test_what_the_engine_allowed_is_possible(drafted: "Walk") -> None:
    walk = drafted
    walk.withdraw(walk.request(by="penyusun", note="keliru"))
    walk.approve(walk.request(by="penyusun"))
    walk.approve()
    walk.call("lain-1")
    walk.call("")
    walk.call("lain-2")
    walk.complete("lain-2", "Laporan")
    walk.decide("TIGA")
    walk.approve()
    walk.approve(walk.request(by="lain"))
    walk.approve()
    walk.approve()
    walk.decide("satu")
    walk.approve(walk.request(items=("Bukti",)))
    walk.note("sesudah selesai")
    assert walk.state.status == "completed"
    assert found(walk) is None


OLDER = """
id: uji
nama: Uji
pelaksana: {tim: Tim, kabid: Kepala Bidang}
fields:
  nilai: {label: Nilai, type: number}
documents:
  nota: {template: nota-dinas.docx}
steps:
  - {id: pilah, kegiatan: Memilah, pelaksana: [tim, kabid], decides: tim, branches: {ringan: jawab, berat: rapat}}
  - {id: jawab, kegiatan: Menjawab, pelaksana: tim, next: end}
  - {id: rapat, kegiatan: Merapatkan, pelaksana: tim, output: Risalah}
  - {id: nilai, kegiatan: Menilai, pelaksana: kabid,
     branches: {lulus: {to: pilih, when: nilai >= 75}, tidak lulus: {to: end, when: nilai < 75}}}
  - {id: pilih, kegiatan: Memilih, pelaksana: kabid, branches: {satu: tutup, rapat lagi: rapat, batal: end}}
  - {id: tutup, kegiatan: Menutup, pelaksana: tim}
"""


def older(walk: "Walk", *events: Event) -> "Walk":
    """A case as the older program recorded it: of a pair the second branch was turned down, and no label was read."""
    for event in events:
        walk.case = walk.case.after(event)
    return walk


@pytest.mark.parametrize(
    ("last", "status", "rejected"),
    [
        pytest.param({"kind": Decided, "step": "pilih", "label": "batal", "to": "end"}, "completed", False, id="of-3"),
        pytest.param(
            {"kind": Rejected, "step": "pilih", "label": "rapat lagi", "to": "rapat", "note": "belum"},
            "running", True, id="up",
        ),
        pytest.param(None, "running", False, id="none"),
    ],
)  # fmt: skip
def test_what_the_older_program_recorded_along_such_branches_is_possible_and_goes_on(
    read: "Callable[[str], Walk]", last: dict[str, Any] | None, status: str, *, rejected: bool
) -> None:
    walk = read(OLDER)
    older(
        walk,
        Rejected(**said(walk), for_="tim", step="pilah", label="berat", to="rapat", note="perlu rapat"),
        Approved(**said(walk), for_="tim", step="rapat", to="nilai"),
    )
    assert [(one.outcome, one.rejected) for one in walk.state.visits] == [
        ("berat", True), ("selesai", False), ("", False),
    ]  # fmt: skip
    assert found(walk) is None
    failed = Approved(**said(walk), fields={"nilai": 60}, for_="kabid", step="nilai", label="tidak lulus", to="end")
    assert found(older(read(OLDER), *walk.case.instance.events[1:], failed)) is None
    older(walk, Approved(**said(walk), fields={"nilai": 80}, for_="kabid", step="nilai", label="lulus", to="pilih"))
    if last:
        kind = last.pop("kind")
        older(walk, kind(**said(walk), for_="kabid", **last))
    assert found(walk) is None
    assert (walk.state.status, walk.state.visits[3].rejected) == (status, rejected)
    if status == "running":
        walk.approve_until("pilih")
        assert [walk.decide("satu"), walk.approve(), found(walk)] == ["done", "done", None]


def test_a_row_with_a_kind_is_no_older_one(read: "Callable[[str], Walk]") -> None:
    walk = read(OLDER.replace("berat: rapat}", "berat: rapat}, kind: choice"))
    event = Rejected(**said(walk), for_="tim", step="pilah", label="berat", to="rapat", note="perlu rapat")
    impossible = found(older(walk, event))
    assert impossible is not None
    assert impossible.number == 2


FORGED: dict[str, "tuple[Callable[[Walk], Event], str]"] = {
    "a step that is not at hand": (
        lambda w: Approved(**said(w), for_="tim", step="akhir", to="end", kelengkapan=("Bukti",)),
        "bukan giliran Tim",
    ),
    "another target": (
        lambda w: Approved(**said(w), for_="kabid", step="periksa", label="sesuai", to="end"),
        'Langkah berikutnya tercatat "end", menurut SOP "lewat"',
    ),
    "another pelaksana": (
        lambda w: Approved(**said(w), for_="kadis", step="periksa", label="sesuai", to="lewat"),
        "bukan giliran Kepala Dinas",
    ),
    "a pelaksana that is none": (
        lambda w: Approved(**said(w), for_="walikota", step="periksa", label="sesuai", to="lewat"),
        "tidak mempunyai pelaksana 'walikota'",
    ),
    "an approval for nobody": (lambda w: Approved(**said(w), step="periksa", label="sesuai", to="lewat"), "pelaksana"),
    "by who drafted": (
        lambda w: Approved(**said(w, by="Penyusun"), for_="kabid", step="periksa", label="sesuai", to="lewat"),
        "tidak boleh dilakukan akun Penyusun",
    ),
    "a rejection without a reason": (
        lambda w: Rejected(**said(w), for_="kabid", step="periksa", label="belum sesuai", to="susun"),
        "alasannya",
    ),
    "a label that is not there": (
        lambda w: Decided(**said(w), for_="kabid", step="periksa", label="mungkin", to="susun"),
        "tidak mempunyai cabang",
    ),
    "before the last event": (
        lambda w: Noted(at=w.state.last - timedelta(days=1), recorded_at=w.now, by="orang"),
        "mendahului",
    ),
    "after it was typed": (
        lambda w: Noted(at=w.now + timedelta(days=1), recorded_at=w.now, by="orang"),
        "belum terjadi",
    ),
    "resumed while it runs": (lambda w: Resumed(**said(w)), "tidak sedang ditunda"),
    "suspended without a reason": (lambda w: Suspended(**said(w)), "alasannya"),
    "cancelled without a reason": (lambda w: Cancelled(**said(w)), "alasannya"),
    "begun for another step": (
        lambda w: Begun(**said(w), for_="kabid", step="lewat"),
        'Langkah tercatat "lewat", menurut SOP "periksa"',
    ),
    "somebody else's move withdrawn": (
        lambda w: Withdrawn(**said(w, note="x"), for_="tim", move=w.case.instance.revision),
        "hanya pelakunya",
    ),
    "called where nothing calls": (lambda w: Called(**said(w), step="periksa", child="lain-1"), "tidak dikerjakan"),
    "completed by a case that nobody called": (
        lambda w: Completed(**said(w), step="periksa", label="sesuai", to="lewat", child="lain-1"),
        "tidak menunggu berkas lain-1",
    ),
    "opened again": (lambda w: Started(**said(w), step="susun"), "sudah dibuka"),
    "freed where nothing is waited for": (
        lambda w: Called(**said(w), step="periksa", child=""),
        "Langkah periksa saat itu tidak dikerjakan berkas lain.",
    ),
    "another exit than was chosen": (
        lambda w: Approved(**said(w), for_="kabid", step="periksa", label="belum sesuai", to="lewat"),
        'Pilihan tercatat "belum sesuai", menurut SOP "sesuai"',
    ),
    "kelengkapan that the step has not": (
        lambda w: Approved(
            **said(w), for_="kabid", step="periksa", label="sesuai", to="lewat", kelengkapan=("Bukti",)
        ),
        "Kelengkapan tercatat",
    ),
    "a number for a document that is none": (
        lambda w: Numbered(**said(w), document="undangan", nomor="1"),
        "tidak mempunyai dokumen undangan",
    ),
    "another version from one that it did not have": (
        lambda w: Migrated(**said(w), before="lain", version="versi"),
        "versi SOP yang lain",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("forge", "why"), FORGED.values(), ids=FORGED.keys())
def test_what_the_engine_would_not_have_allowed_is_named(
    drafted: "Walk", forge: "Callable[[Walk], Event]", why: str
) -> None:
    answer = found(drafted, forge(drafted))
    assert answer is not None
    assert answer.number == drafted.case.instance.revision + 1
    assert why in answer.why


def test_a_field_or_evidence_that_was_wanted_is_missed(walk: "Walk") -> None:
    draft = Approved(**said(walk), for_="tim", step="susun", to="periksa")
    assert found(walk, draft) == ImpossibleEvent(2, "Langkah susun membutuhkan isian: Hal.")
    assert found(walk, replace(draft, fields={"hal": "ada"})) is None
    walk.approve(walk.request(fields={"hal": "ada"}))
    walk.approve(walk.request(by="lain"))
    walk.approve()
    walk.approve()
    walk.decide("satu")
    last = Approved(**said(walk), for_="tim", step="akhir", to="end", kelengkapan=("Bukti",))
    assert "belum dilampirkan" in getattr(found(walk, last), "why", "")
    assert found(walk, replace(last, attachments=(Attachment(item="bukti", path="x", sha256="0" * 64),))) is None


def test_a_rule_that_came_later_judges_nothing_from_before(drafted: "Walk") -> None:
    # That who wrote a step's fields counts as who did it. What else cannot be is found all the same.
    drafted.fill(by="pengisi", hal="Rapat")
    moved = Approved(**said(drafted, by="pengisi"), for_="kabid", step="periksa", label="sesuai", to="lewat")
    assert found(drafted, moved) is None
    assert found(drafted, replace(moved, fields={"hal": "lain"})) is None
    assert "Langkah berikutnya" in getattr(found(drafted, replace(moved, to="end")), "why", "")


def test_papers_are_no_part_of_the_question(drafted: "Walk") -> None:
    paper = Written(name="surat", act="sign", step="periksa", path="x", sha256="0" * 64)
    moved = Approved(**said(drafted), for_="kabid", step="periksa", label="sesuai", to="lewat", documents=(paper,))
    assert found(drafted, moved) is None
    assert found(drafted, moved, Numbered(**said(drafted), document="surat", nomor="9", documents=(paper,))) is None


def test_a_beginning_that_is_none_is_found(sop: "Sop", walks: "type[Walk]") -> None:
    assert "tidak dapat dimulai dari langkah akhir" in getattr(found(walks(sop, step="akhir")), "why", "")
    walk = walks(sop)
    noted = Noted(**said(walk)).chained(1, "x")
    assert find_impossible_event("versi", (noted,), lambda _: sop) == ImpossibleEvent(
        1, "Catatan pertama bukan pembukaan berkas."
    )


def test_the_first_of_several_is_named(drafted: "Walk") -> None:
    number = drafted.case.instance.revision
    answer = found(drafted, Noted(**said(drafted)), Resumed(**said(drafted)), Resumed(**said(drafted)))
    assert answer is not None
    assert answer.number == number + 2


def test_everything_beside_the_moves_is_possible_and_the_end_of_a_case_too(walk: "Walk") -> None:
    walk.take(case_changes.attach(walk.state, walk.request(items=("Bukti",))))
    walk.take(case_changes.assign(walk.state, walk.request(), "kabid", "Nama Pejabat"))
    walk.fill(hal="Rapat")
    walk.cancel()
    walk.note("sesudah dibatalkan")
    assert walk.state.status == "cancelled"
    assert found(walk) is None


ENDED: "dict[str, Callable[[Walk], Event]]" = {
    "attached": lambda w: Attached(**said(w)),
    "assigned": lambda w: Assigned(**said(w), pelaksana="kabid", to="Nama"),
    "filled": lambda w: Filled(**said(w, fields={"hal": "lain"})),
    "begun": lambda w: Begun(**said(w), for_="tim", step="susun"),
    "suspended": lambda w: Suspended(**said(w, note="x")),
    "cancelled": lambda w: Cancelled(**said(w, note="x")),
    "called": lambda w: Called(**said(w), step="susun", child="lain-1"),
    "given a number": lambda w: Numbered(**said(w), document="surat", nomor="9"),
}


@pytest.mark.parametrize("forge", ENDED.values(), ids=ENDED)
def test_a_cancelled_case_only_takes_notes_and_loses_numbers(walk: "Walk", forge: "Callable[[Walk], Event]") -> None:
    walk.cancel()
    assert found(walk, Numbered(**said(walk), document="surat", nomor="")) is None
    assert found(walk, Noted(**said(walk))) is None
    answer = found(walk, forge(walk))
    assert answer is not None
    assert answer.number == 3


def test_a_number_is_set_and_taken_away_in_its_turn_only(walk: "Walk") -> None:
    early = said(walk, at=walk.state.last - timedelta(minutes=1))
    assert found(walk, Numbered(**said(walk), document="surat", nomor="9")) is None
    for nomor in ("9", ""):
        assert "mendahului" in getattr(found(walk, Numbered(**early, document="surat", nomor=nomor)), "why", "")


def test_an_opening_that_lacks_a_field_is_found_by_its_label(read: "Callable[[str], Walk]") -> None:
    walk = read(FORM.replace("required: true, step: susun", "required: true"))
    assert found(walk) == ImpossibleEvent(1, "Pembukaan berkas membutuhkan isian: Hal.")
