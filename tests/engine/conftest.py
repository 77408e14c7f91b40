"""A case in the hands of a test: moves are asked of the engine and what it answers is recorded or told."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from sopctl.engine import case_changes, moves
from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, Called, Event, FieldValue, Started
from sopctl.engine.guards import choose_row
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.state import State
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop

BEGAN = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DONE = "done"


class Walk:
    """One case of an SOP; every move takes a minute and answers `done` or the reason of the refusal."""

    def __init__(self, sop: Sop, step: str = "") -> None:
        self.now = BEGAN
        self.refused = Refused(reason="", message="")
        started = Started(at=BEGAN, recorded_at=BEGAN, by="akun", step=step or sop.start[0], subject="Perihal")
        self.case = Case.opened(sop, f"{sop.id}-1", "versi", started)

    @property
    def sop(self) -> Sop:
        return self.case.sop

    @property
    def state(self) -> State:
        return self.case.state

    @property
    def way(self) -> list[str]:
        """The steps that the case came to, in order."""
        return [visit.step for visit in self.state.visits]

    def request(
        self,
        *,
        as_: str = "",
        note: str = "",
        by: str = "akun",
        fields: Mapping[str, FieldValue] | None = None,
        items: tuple[str, ...] = (),
        allowed: frozenset[str] | None = None,
        allowed_now: frozenset[str] | None = None,
        person: frozenset[str] = frozenset(),
        at: datetime | None = None,
    ) -> Request:
        """What a user asks for, a minute after the move before."""
        self.now += timedelta(minutes=1)
        folder = f"data/attachments/{self.case.sop.id}/0000/{self.case.id}"
        attachments = tuple(
            Attachment(item=item, path=f"{folder}/{number:03d}", sha256="0" * 64) for number, item in enumerate(items)
        )
        return Request(
            at=at or self.now,
            now=self.now,
            by=by,
            as_=as_,
            allowed=allowed,
            allowed_now=allowed_now,
            person=person,
            note=note,
            fields=dict(fields or {}),
            attachments=attachments,
        )

    def take(self, answer: Event | Refused) -> str:
        """Record an event, or tell why there is none."""
        if isinstance(answer, Refused):
            self.refused = answer
            return answer.reason
        self.case = self.case.after(answer)
        return DONE

    def move(self, ask: Callable[[Sop, State, Request], Event | Refused], request: Request, step: str = "") -> str:
        """Ask for a move of the named row, else of the one that the request is for."""
        row = choose_row(self.sop, self.state, step, request.as_, request.allowed, request.allowed_now)
        return self.take(row if isinstance(row, Refused) else ask(self.sop, row, request))

    def approve(self, request: Request | None = None, step: str = "") -> str:
        return self.move(moves.approve, request or self.request(), step)

    def reject(self, request: Request | None = None, step: str = "") -> str:
        return self.move(moves.reject, request or self.request(note="belum sesuai"), step)

    def decide(self, label: str, request: Request | None = None) -> str:
        return self.move(partial(moves.decide, label=label), request or self.request(note="sebab"))

    def begin(self, request: Request | None = None, step: str = "") -> str:
        return self.move(moves.begin, request or self.request(), step)

    def withdraw(self, request: Request | None = None) -> str:
        return self.take(moves.withdraw(self.state, request or self.request(note="keliru"), self.case.last_move))

    def complete(self, child: str, *outputs: str, by: str = "akun", step: str = "") -> str:
        return self.take(moves.complete(self.sop, self.state.at(step), self.request(by=by), child, outputs))

    def call(self, child: str, step: str = "") -> None:
        said = self.request().event_fields()
        self.take(Called(**said, step=self.state.at(step).visit.step, child=child))

    def fill(self, by: str = "akun", **fields: FieldValue) -> str:
        return self.take(case_changes.fill(self.sop, self.state, self.request(by=by, fields=fields)))

    def note(self, text: str = "catatan") -> str:
        return self.take(case_changes.note(self.state, self.request(note=text)))

    def suspend(self, note: str = "menunggu data") -> str:
        return self.take(case_changes.suspend(self.state, self.request(note=note)))

    def resume(self) -> str:
        return self.take(case_changes.resume(self.state, self.request()))

    def cancel(self, note: str = "tidak jadi") -> str:
        return self.take(case_changes.cancel(self.state, self.request(note=note)))

    def approve_until(self, step: str | None) -> None:
        """Approve until the case stands at ``step`` (None: has ended)."""
        while self.state.step != step:
            assert self.approve() == DONE, self.refused


@pytest.fixture
def walk(sop: Sop) -> Walk:
    """A case of the SOP in the test's docstring, or of the module's `FORM`."""
    return Walk(sop)


@pytest.fixture
def read() -> Callable[[str], Walk]:
    """A case of the SOP in a text."""

    def opened(text: str) -> Walk:
        sop, problems = read_sop(text.encode(), "sops/uji.yaml")
        assert sop is not None, [str(problem) for problem in problems]
        return Walk(sop)

    return opened


@pytest.fixture(scope="session")
def walks() -> type[Walk]:
    """What opens a case, for properties that make their own SOPs."""
    return Walk
