"""One case of a generated office on its way through its SOP, at the pace of people."""

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256

from msgspec.structs import replace

from sopctl.engine import case_changes, moves
from sopctl.engine.case import Case
from sopctl.engine.events import Event, FieldValue, Move, Rejected, Started, Written
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.signings import document_form
from sopctl.engine.values import parse_typed
from sopctl.letters.case_numbers import number_of, perihal
from sopctl.sop.model import Duration, Field, Sop
from sopctl.store import case_ids
from sopctl.store.ledger import NumberLine
from sopctl.store.register import RegisterEntry
from sopctl.worktime.calendar import Calendar

ACCOUNT = "akun-uji"
SAMPLES = {"text": "Aula kantor", "number": "40", "date": "2026-11-24", "list": "satu;dua", "table": "satu"}

Letters = Mapping[str, bytes]
"""The Word file that each template of the office makes; empty where no case writes any."""

Numbers = Mapping[str, Mapping[str, NumberLine]]
"""The line of the register that gives a letter its number, by case and document."""


_DAY = date(2026, 1, 1)
"""A day for days without a year; the samples have none."""


class Walk:
    """One case on its way, at the pace of an office."""

    def __init__(
        self, calendar: Calendar, now: datetime, letters: Letters, numbers: Numbers, chance: random.Random
    ) -> None:
        self._calendar, self._now, self._letters, self._numbers, self._chance = calendar, now, letters, numbers, chance
        self.signed: list[RegisterEntry] = []
        """The letters that were signed, each as the register tells of it, without its number."""

    def to_the_end(self, sop: Sop, version: str, id: str, at: datetime, *, rests: bool) -> Case:
        """Start at ``at`` and go on; a case that ``rests`` stops somewhere before its end."""
        self._sop, self._version, self._id, now = sop, version, id, self._now
        started = Started(
            at=at, recorded_at=at, by=ACCOUNT, step=self._sop.start[0],
            subject=f"Uji {self._sop.nama} {self._id}", fields=self._fields(None),
        )  # fmt: skip
        case = Case.opened(self._sop, self._id, self._version, started)
        left = self._chance.randint(0, len(self._sop.steps) - 1) if rests else -1
        while case.state.step is not None and left != 0:
            at = self._later(case, at)
            if at > now:
                if rests:
                    break
                at = now
            case = self._moved(case, at)
            left -= 1
        return case

    def _later(self, case: Case, at: datetime) -> datetime:
        """When the row at hand is left."""
        waktu = self._sop.step(case.state.visit.step).waktu
        standard = self._calendar.minutes(waktu.maximum) if waktu.maximum else 60
        minutes = standard * self._chance.lognormvariate(-0.3, 0.7)
        if self._chance.random() < 0.1:  # noqa: PLR2004 — it lay on a desk
            minutes += self._chance.randint(200, 2500)
        after = self._calendar.due(at, Duration(max(1, round(minutes)), "menit"))
        return after + timedelta(seconds=self._chance.randint(0, 59))

    def _moved(self, case: Case, at: datetime) -> Case:
        """The case after the next move, and after what else happened on the way there."""
        state, step = case.state, self._sop.step(case.state.visit.step)
        half = state.last + (at - state.last) / 2
        if not state.visit.begun and self._chance.random() < 0.3:  # noqa: PLR2004 — who works with `begin`
            case = self._after(case, moves.begin(self._sop, state, self._request(case, half)))
        elif self._chance.random() < 0.01:  # noqa: PLR2004 — it waits for somebody outside
            paused = self._request(case, half, note="menunggu pihak luar")
            case = self._after(case, case_changes.suspend(state, paused))
            case = self._after(case, case_changes.resume(case.state, self._request(case, half + (at - half) / 2)))
        turned_down = state.turn[0] in step.decides and self._chance.random() < 1 / 6
        if turned_down:
            request = self._request(case, at, note="belum sesuai")
            return self._after(case, moves.reject(self._sop, case.state, request))
        request = self._request(case, at, fields=self._fields(step.id), typed_later=self._chance.random() < 0.08)  # noqa: PLR2004 — from paper
        return self._after(case, moves.approve(self._sop, case.state, request))

    def _request(
        self,
        case: Case,
        at: datetime,
        *,
        note: str = "",
        fields: dict[str, FieldValue] | None = None,
        typed_later: bool = False,
    ) -> Request:
        at = max(at.replace(microsecond=0), case.state.last)
        typed_at = at + timedelta(hours=self._chance.randint(1, 48)) if typed_later else at
        typed_at = min(max(typed_at, case.instance.events[-1].recorded_at), self._now)
        return Request(
            at=at, now=typed_at, by=f"akun-{case.state.turn[0]}", as_=case.state.turn[0], note=note, fields=fields or {}
        )

    def _after(self, case: Case, event: Event | Refused) -> Case:
        if isinstance(event, Refused):
            raise RuntimeError(event.message)  # noqa: TRY004 — the walk is wrong, not a type
        if isinstance(event, Move) and not isinstance(event, Rejected):
            event = replace(event, documents=self._papers(case, event))
        return case.after(event)

    def _papers(self, case: Case, event: Move) -> tuple[Written, ...]:
        """The Word file that a move writes, with the number of the letter where it has one."""
        act = self._sop.step(event.step).document
        if not self._letters or act is None or not event.to:
            return ()
        form = document_form(self._sop, case.after(event).state, act.name)
        nomor = number_of(case, act.name)
        if nomor is None and act.act == "sign" and form.kode is not None:
            line = self._numbers.get(case.id, {}).get(act.name)
            nomor = line.entry.nomor if line else ""
            self.signed.append(
                RegisterEntry(
                    urut=0, nomor=nomor, kode=form.kode, at=event.at, id=case.id, document=act.name,
                    perihal=perihal(case.sop, case.state), by=ACCOUNT, recorded_at=event.recorded_at,
                )
            )  # fmt: skip
        name = f"{case.instance.revision + 1:03d}-{event.step}-{act.name}.docx"
        path = f"data/documents/{case_ids.folder_of(case.id)}/{case.id}/{name}"
        digest = sha256(self._letters[form.template]).hexdigest()
        written = Written(name=act.name, act=act.act, step=event.step, path=path, sha256=digest, nomor=nomor or "")
        return (written,)

    def _fields(self, step: str | None) -> dict[str, FieldValue]:
        return {
            name: parse_typed(field, [_sample(field)], _DAY)
            for name, field in self._sop.fields.items()
            if field.required and field.step == step
        }


def _sample(field: Field) -> str:
    return field.choices[0] if field.choices else SAMPLES[field.type]
