"""The five SOPs as the engine runs them: from the first row to the last, and back where a diamond says no."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sopctl.engine import moves
from sopctl.engine.events import Event, FieldValue, Started
from sopctl.engine.fold import fold
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.state import State
from sopctl.engine.values import parse_typed
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Field, Sop

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
FORMS = ["sk-tim", "penugasan", "bimtek", "pelaporan-bimtek", "mekanisme-pelaporan"]
SAMPLES = {"text": "Aula kantor", "number": "40", "date": "2026-11-24", "list": "satu;dua", "table": "satu"}


class Case:
    """One case of an SOP, moved by whoever's turn it is."""

    def __init__(self, name: str) -> None:
        path = ROOT / "sops" / f"{name}.yaml"
        sop, problems = read_sop(path.read_bytes(), path.name)
        assert sop is not None, [str(problem) for problem in problems]
        self.sop: Sop = sop
        self._events: tuple[Event, ...] = (Started(at=NOW, recorded_at=NOW, by="akun", step=sop.start[0], number=1),)

    @property
    def state(self) -> State:
        return fold(self.sop, self._events)

    def required(self) -> dict[str, FieldValue]:
        """A value for every field that the row cannot do without."""
        here = self.state.step
        return {
            name: parse_typed(field, [sample(field)], NOW.date())
            for name, field in self.sop.fields.items()
            if wanted(field, here)
        }

    def approve(self, fields: dict[str, FieldValue] | None = None) -> Refused | None:
        return self._take(moves.approve(self.sop, self.state, Request(at=NOW, now=NOW, by="akun", fields=fields or {})))

    def reject(self) -> Refused | None:
        return self._take(moves.reject(self.sop, self.state, Request(at=NOW, now=NOW, by="akun", note="belum lengkap")))

    def _take(self, answer: Event | Refused) -> Refused | None:
        if isinstance(answer, Refused):
            return answer
        self._events += (answer.chained(len(self._events) + 1, ""),)
        return None


def wanted(field: Field, step: str | None) -> bool:
    return field.required and field.step == step


def sample(field: Field) -> str:
    return field.choices[0] if field.choices else SAMPLES[field.type]


@pytest.mark.parametrize("name", FORMS)
def test_a_case_runs_down_the_rows_with_nothing_but_the_required_fields(name: str) -> None:
    case = Case(name)
    while case.state.status == "running":
        assert case.approve(case.required()) is None
    assert [visit.step for visit in case.state.visits] == [step.id for step in case.sop.steps]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        pytest.param("sk-tim", {"susun": ["tugas", "anggota"]}, id="sk-tim"),
        pytest.param("penugasan", {"rencana": ["tugas"]}, id="penugasan"),
        pytest.param(
            "bimtek", {"laksanakan": ["tanggal_kegiatan", "tempat_kegiatan"], "laporkan": ["hasil"]}, id="bimtek"
        ),
        pytest.param("pelaporan-bimtek", {"susun": ["hasil"]}, id="pelaporan-bimtek"),
        pytest.param(
            "mekanisme-pelaporan",
            {
                "siapkan": ["bahan"],
                "rapat": ["keputusan"],
                "susun": ["hasil"],
                "nilai": ["hasil_kerja", "perilaku_kerja"],
            },
            id="mekanisme-pelaporan",
        ),
    ],
)
def test_a_row_is_refused_without_what_its_letter_cannot_do_without(name: str, asked: dict[str, list[str]]) -> None:
    case, refusals = Case(name), {}
    while case.state.status == "running":
        refused = case.approve()
        if refused is not None:
            refusals[case.state.step] = list(refused.fields)
            assert case.approve(case.required()) is None
    assert refusals == asked


@pytest.mark.parametrize("name", [name for name in FORMS if name != "penugasan"])
def test_every_diamond_hands_the_work_back_to_a_row_above_and_gets_it_again(name: str) -> None:
    case, back = Case(name), []
    while case.state.status == "running":
        here = case.state.step
        if here is not None and case.sop.step(here).branches and here not in back:
            assert case.reject() is None
            assert case.sop.row(case.state.visit.step) < case.sop.row(here)
            back.append(here)
        else:
            assert case.approve(case.required()) is None
    assert back == [step.id for step in case.sop.steps if step.branches]


def test_the_materials_of_bimtek_fall_back_one_desk_at_a_time() -> None:
    case = Case("bimtek")
    turns = []
    while case.state.step != "telaah":
        assert case.approve(case.required()) is None
    while case.state.step != "siapkan":
        turns.append(case.state.turn)
        assert case.reject() is None
    assert turns == [("kadis",), ("kabid",), ("ketua",)]
    assert case.state.turn == ("anggota",)
