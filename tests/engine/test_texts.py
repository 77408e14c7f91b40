"""What stands above a signature is what was signed, and a paraf stands only under the text that it was put under."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.engine.effects import find_effect, steps_without_paraf
from sopctl.engine.fold import fold
from sopctl.engine.signings import document_text, find_signature
from sopctl.sop.decode import read_sop

if TYPE_CHECKING:
    from tests.engine.conftest import Walk

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang 3, sekretaris: Sekretaris, kadis: Kepala Dinas}
fields:
  tugas: {label: Tugas}
  dasar: {label: Dasar}
documents:
  surat: {template: surat-tugas.docx, kode: 800.1.11.1}
  laporan: {template: lembar-hasil.docx}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, document: {name: surat, act: draft}}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, document: {name: surat, act: initial}}
  - id: tandatangan
    kegiatan: Menandatangani
    pelaksana: kadis
    branches: {setuju: terima, tidak: susun}
    document: {name: surat, act: sign}
  - {id: terima, kegiatan: Menerima, pelaksana: kabid, document: {name: surat, act: receive}}
  - {id: lapor, kegiatan: Melapor, pelaksana: tim, document: {name: laporan, act: initial}}
  - id: ulang
    kegiatan: Menandatangani ulang
    pelaksana: sekretaris
    branches: {selesai: end, tidak: susun}
    document: {name: surat, act: sign}
"""
SEVERAL = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang 3, kadis: Kepala Dinas}
fields: {tugas: {label: Tugas}}
documents: {surat: {template: surat-tugas.docx}}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, document: {name: surat, act: draft}}
  - id: akhir
    kegiatan: Memutuskan
    pelaksana: [kadis, kabid]
    decides: kadis
    branches: {ya: end, tidak: susun}
    document: {name: surat, act: ACT}
"""


def acts(walk: "Walk", document: str = "surat") -> list[str]:
    return [f"{one.act} {one.pelaksana}" for one in walk.state.signings.get(document, ())]


def text(walk: "Walk", document: str = "surat") -> object:
    return document_text(walk.state, document).fields.get("tugas")


def at(walk: "Walk", step: str, tugas: str = "lama") -> "Walk":
    """The case at a step, with one of its fields filled in before."""
    walk.fill(tugas=tugas)
    walk.approve_until(step)
    return walk


def test_what_was_signed_stays_as_it_was_signed(walk: "Walk") -> None:
    at(walk, "terima").fill(tugas="baru", dasar="belakangan")
    assert walk.state.fields == {"tugas": "baru", "dasar": "belakangan"}
    assert document_text(walk.state, "surat").fields == {"tugas": "lama"}
    assert document_text(walk.state, "laporan").fields == walk.state.fields
    walk.approve(walk.request(fields={"tugas": "lebih baru"}))
    assert (text(walk), acts(walk)[-1]) == ("lama", "receive kabid")


def test_what_is_changed_with_the_signature_is_signed(walk: "Walk") -> None:
    at(walk, "tandatangan").approve(walk.request(fields={"tugas": "baru"}))
    assert (text(walk), acts(walk)) == ("baru", ["draft tim", "sign kadis"])


def test_a_file_laid_beside_the_case_later_is_not_in_what_was_signed(walk: "Walk") -> None:
    walk.approve_until("tandatangan")
    walk.approve(walk.request(items=("foto",)))
    walk.approve(walk.request(items=("lampiran lain",)))
    assert [one.item for one in document_text(walk.state, "surat").attachments] == ["foto"]


def test_a_later_signature_is_one_under_the_text_as_it_is_then(walk: "Walk") -> None:
    at(walk, "ulang").fill(tugas="baru")
    before = walk.state
    assert walk.approve() == "done"
    assert (text(walk), acts(walk)) == ("baru", ["draft tim", "sign sekretaris"])
    did = find_effect(before, walk.state, walk.case.instance.events[-1])
    assert [one.pelaksana for one in did.dropped["surat"]] == ["kabid", "kadis"]


def test_a_later_signature_under_the_same_text_leaves_the_others(walk: "Walk") -> None:
    at(walk, "ulang").fill(dasar="diisi belakangan")
    walk.approve()
    assert acts(walk) == ["draft tim", "initial kabid", "sign kadis", "receive kabid", "sign sekretaris"]


def test_turning_the_letter_down_lets_its_text_change_again(walk: "Walk") -> None:
    at(walk, "ulang").fill(tugas="baru")
    walk.reject()
    assert (text(walk), find_signature(walk.state, "surat")) == ("baru", None)


def test_a_signature_that_is_taken_back_lets_the_text_change_again(walk: "Walk") -> None:
    at(walk, "terima").withdraw()
    walk.fill(tugas="baru")
    assert (text(walk), acts(walk)) == ("baru", ["draft tim"])


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        pytest.param({"tugas": "baru"}, ["draft tim"], id="another value"),
        pytest.param({"tugas": ""}, ["draft tim"], id="emptied"),
        pytest.param({"tugas": "lama"}, ["draft tim", "initial kabid"], id="the same value"),
        pytest.param({"dasar": "diisi"}, ["draft tim", "initial kabid"], id="one that was empty"),
        pytest.param({"dasar": ""}, ["draft tim", "initial kabid"], id="empty as before"),
    ],
)
def test_a_paraf_falls_with_its_text(walk: "Walk", fields: dict[str, str], left: list[str]) -> None:
    at(walk, "tandatangan")
    before = walk.state
    walk.fill(**fields)
    assert acts(walk) == left
    did = find_effect(before, walk.state, walk.case.instance.events[-1])
    assert bool(did.dropped) == (len(left) == 1)
    assert steps_without_paraf(walk.sop, walk.state, "surat") == (("periksa",) if len(left) == 1 else ())


def test_a_paraf_under_what_is_signed_stays(walk: "Walk") -> None:
    at(walk, "ulang").fill(tugas="baru")
    assert acts(walk) == ["draft tim", "initial kabid", "sign kadis", "receive kabid"]
    assert acts(walk, "laporan") == []


def test_a_paraf_comes_back_with_the_text_when_the_move_is_taken_back(walk: "Walk") -> None:
    at(walk, "tandatangan").approve(walk.request(fields={"tugas": "baru"}))
    walk.withdraw()
    assert (text(walk), acts(walk)) == ("lama", ["draft tim", "initial kabid"])


def test_a_paraf_is_put_anew_under_the_new_text(walk: "Walk") -> None:
    at(walk, "tandatangan").fill(tugas="baru")
    walk.reject()
    walk.approve_until("terima")
    assert (text(walk), acts(walk)) == ("baru", ["draft tim", "initial kabid", "sign kadis"])


@pytest.mark.parametrize(
    ("act", "shows", "left"),
    [
        pytest.param("sign", "lama", ["draft tim", "sign kadis"], id="a signature"),
        pytest.param("initial", "baru", ["draft tim"], id="a paraf"),
    ],
)
def test_in_a_row_of_several_the_text_is_that_of_the_decider(
    read: "Callable[[str], Walk]", act: str, shows: str, left: list[str]
) -> None:
    walk = at(read(SEVERAL.replace("ACT", act)), "akhir")
    walk.approve()
    walk.approve(walk.request(fields={"tugas": "baru"}))
    assert (walk.state.status, text(walk), acts(walk)) == ("completed", shows, left)


MOVES = st.sampled_from(["approve", "approve", "approve", "reject", "withdraw", "note"])
FIELDS = st.dictionaries(st.sampled_from(["tugas", "dasar"]), st.sampled_from(["", "a", "b"]), max_size=2)


@given(st.lists(st.tuples(MOVES, FIELDS), max_size=25))
def test_under_every_act_stands_its_text_whatever_happens(
    walks: "type[Walk]", way: list[tuple[str, dict[str, str]]]
) -> None:
    sop, _ = read_sop(FORM.encode(), "sops/uji.yaml")
    assert sop is not None
    walk = walks(sop)
    commands: dict[str, Callable[[], str]] = {
        "approve": walk.approve,
        "reject": walk.reject,
        "withdraw": walk.withdraw,
        "note": walk.note,
    }
    history = {walk.state.last: walk.state}
    for move, fields in way:
        if fields:
            walk.fill(**fields)
        commands[move]()
        history[walk.state.last] = walk.state
        assert fold(walk.sop, walk.case.instance.events) == walk.state
        for document, signings in walk.state.signings.items():
            signature = find_signature(walk.state, document)
            shown = document_text(walk.state, document).fields
            assert shown == (history[signature.at].fields if signature else walk.state.fields)
            for one in signings:
                stood = {name: value for name, value in one.text.fields.items() if value}
                assert one.act in {"draft", "receive"} or stood.items() <= shown.items()
