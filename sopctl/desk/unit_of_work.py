"""The cases that one command changes, and what one of them sets off in another.

One SOP can be a step of another: the case of the called SOP is opened with the step, and its end ends the step.
All of it is one change: what is refused anywhere is refused everywhere.
"""

from msgspec.structs import replace

from sopctl.desk.authority import name_people
from sopctl.desk.move_warnings import Notice, list_move_warnings
from sopctl.desk.outcome import Outcome, SignedLetter, outcome_of
from sopctl.desk.sop_checks import startable_sop
from sopctl.desk.starting_fields import starting_fields
from sopctl.engine import moves
from sopctl.engine.case import Case
from sopctl.engine.events import (
    Attached,
    Called,
    Cancelled,
    Event,
    FieldValue,
    Filled,
    Migrated,
    Move,
    Numbered,
    Started,
    Withdrawn,
    Written,
)
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.requirements import missing_fields, refuse_missing_fields
from sopctl.engine.signings import find_signature
from sopctl.engine.skipping import skip_unneeded
from sopctl.letters.case_numbers import register_signatures, withdraw_numbers
from sopctl.letters.move_documents import MoveDocuments
from sopctl.letters.renderer import Renderer
from sopctl.sop.model import Field, Sop
from sopctl.store.library import Library, SopFile
from sopctl.store.record import Record
from sopctl.store.transaction import Transaction

_PARENT_REFUSED = Refused(
    reason="parent_refused",
    message="Berkas induk berkas ini belum dapat dilanjutkan, jadi berkas ini belum dapat diselesaikan.",
)
"""What is told where the case that called this one stops it, to whom may not read that case."""


class UnitOfWork:
    """The cases that one change of the record moves, under its lock; ``documents`` are the Word files written.

    ``with_gaps`` lets letters be signed without fields that they call wajib.
    """

    def __init__(
        self, record: Record, library: Library, renderer: Renderer, change: Transaction, *, with_gaps: bool = False
    ) -> None:
        self.change = change
        self.documents: tuple[Written, ...] = ()
        self._signed: tuple[SignedLetter, ...] = ()
        self._filled: tuple[tuple[Field, FieldValue], ...] = ()
        self._opened: tuple[str, ...] = ()
        self._moved: tuple[str, ...] = ()
        self._warnings: dict[str, tuple[Notice, ...]] = {}
        self._record = record
        self._library = library
        self._renderer = renderer
        self._writer = MoveDocuments(record, renderer, change, with_gaps=with_gaps)
        self._cases: dict[str, Case] = {}

    def case(self, id: str) -> Case:
        """The case as it is now, with what was recorded already."""
        if id not in self._cases:
            self._cases[id] = self._record.open_case(self.change.load_instance(id))
        return self._cases[id]

    def start(self, sop: Sop, source: SopFile, event: Started) -> str | Refused:
        """Open a case of an SOP that nothing stops from being started, read from this file; its id."""
        missing = missing_fields(sop, None, event.fields)
        if missing:
            return refuse_missing_fields(sop, None, missing)
        id = self.change.new_id(sop.id)
        self.change.pin_sop(source.version, source.text)
        self._keep(Case.opened(sop, id, source.version, event))
        return self._enter_rows(id, event) or id

    def record(self, id: str, event: Event) -> Refused | None:
        """Record an event of a case, with the Word files it writes and what it sets off in other cases."""
        case = self.case(id).at(getattr(event, "step", ""))
        if isinstance(event, Withdrawn) and self._went_on(case):
            return Refused(
                reason="parent_went_on",
                message=f"Berkas induk {case.state.parent} sudah berlanjut karena berkas ini selesai; "
                "langkah ini tidak dapat ditarik lagi.",
            )
        if isinstance(event, Move):
            after = self._writer.record_move(case, event)
            if isinstance(after, Refused):
                return after
        elif isinstance(event, Numbered):
            after = case.after(self._writer.rewrite_numbered(case, event))
        elif isinstance(event, Filled | Attached):
            after = self._writer.add_changed_drafts(case, case.after(event), event)
            self._filled = tuple((case.sop.fields[name], value) for name, value in event.fields.items())
        else:
            after = case.after(event)
        self._note_written(after, after.state.documents[len(case.state.documents) :], event)
        self._keep(after)
        register_signatures(self._record, self.change, case, after, event)
        self._warn(case, after, event)
        if after.state.status == "completed":
            return self._complete_parent(after, event)
        if isinstance(event, Cancelled):
            withdraw_numbers(self._record, self.change, after, event)
        if after.state.status == "cancelled":
            self._free_parent(after, event)
            return None
        return self._enter_rows(id, event, len(case.state.visits))

    def call(self, id: str, step: str, child: str, event: Event) -> None:
        """Record in a case which case does a step (``child``; empty for none any more)."""
        case = self.case(id)
        called = Called(
            at=max(event.at, case.state.last),
            recorded_at=event.recorded_at,
            by=event.by,
            via=event.via,
            step=step,
            child=child,
        )
        self._keep(case.after(called))

    def migrate(self, id: str, sop: Sop, event: Migrated) -> Refused | None:
        """Move a case to another version of its SOP, and open the case that its step may call there."""
        case = self.case(id)
        after = case.migrated(sop, event)
        self._keep(after)
        self._warn(case, after, event)
        return self._enter_rows(id, event)

    def outcome(self, id: str) -> Outcome:
        """Where a case stands after the change, with the other cases that it moved."""

        def describe(id: str) -> Outcome:
            found = outcome_of(self.case(id), self._record, self._library)
            return replace(found, notices=(*self._warnings.get(id, ()), *found.notices))

        also = tuple(map(describe, self._moved))
        made = replace(describe(id), documents=self.documents, signed=self._signed, filled=self._filled)
        return replace(made, opened=self._opened, also=also)

    def commit(self) -> None:
        """Commit the whole change."""
        self.change.commit()

    def _note_written(self, case: Case, written: tuple[Written, ...], event: Event) -> None:
        """Note what an event wrote, and what of it a move signed; nothing of a case that the account may not read."""
        if not self._record.may_read(case):
            return
        self.documents += written
        signed = (one for one in written if one.act == "sign" and isinstance(event, Move))
        self._signed += tuple(self._describe_signature(case, one) for one in signed)

    def _describe_signature(self, case: Case, written: Written) -> SignedLetter:
        """A letter that was just signed, with who signed it: the official of the day, else the pelaksana."""
        signing = find_signature(case.state, written.name)
        title, signer = "", None
        if signing is not None:
            title, day = case.sop.pelaksana[signing.pelaksana], signing.at.astimezone(self._record.office.zone).date()
            signer = self._record.office.find_signer(signing.pelaksana, signing.assigned, day, signing.by)
        told = signer.format_signer(title) if signer else title
        form = case.sop.documents[written.name].written_for(case.state.fields)
        return SignedLetter(
            id=case.id,
            name=written.name,
            nomor=written.nomor,
            numbered=form.kode is not None or form.srikandi,
            signer=told,
            gaps=written.gaps,
        )

    def _keep(self, case: Case) -> None:
        self._cases[case.id] = case
        self.change.save_instance(case.instance)
        self._record.remember(case)

    def _warn(self, case: Case, after: Case, event: Event) -> None:
        found = list_move_warnings(self._renderer, case, after, event, self.change.read_file)
        self._warnings[case.id] = (*self._warnings.get(case.id, ()), *found)

    def _enter_rows(self, id: str, event: Event, known: int = 0) -> Refused | None:
        """Leave out each row that the case came to and does not need, or open the case that it calls.

        The first ``known`` visits are those that there were before.
        """
        steps = [row.state.step for row in self.case(id).rows if row.state.visit_number > known]
        refusals = (self._enter_row(id, step, event) for step in steps if step)
        return next(filter(None, refusals), None)

    def _enter_row(self, id: str, step: str, event: Event) -> Refused | None:
        case = self.case(id).at(step)
        skipped = skip_unneeded(case.sop, case.state, event)
        return self.record(id, skipped) if skipped else self._open_called_case(id, step, event)

    def _open_called_case(self, id: str, here: str, event: Event) -> Refused | None:
        """Open the case that a step of this case calls, where it calls one that is not optional."""
        case = self.case(id)
        step = case.sop.step(here)
        if step.sop is None or step.sop.optional:
            return None
        if step.sop.sop in self._callers(case):
            return Refused(
                reason="endless_calls", message=f"SOP {step.sop.sop} memanggil dirinya sendiri lewat {case.sop.id}."
            )
        source = self._library.read_file(step.sop.sop)
        sop = startable_sop(source, self._library, self._renderer)
        fields = {name: value for name, value in case.state.fields.items() if name in sop.fields}
        started = Started(
            at=event.at,
            recorded_at=event.recorded_at,
            by=event.by,
            via=event.via,
            step=sop.start[0],
            subject=case.state.subject,
            parent=id,
            agenda=case.state.agenda,
            fields=starting_fields(self._record, sop, event.at.date()) | fields,
            carried={name: case.state.writers[name] for name in fields},
            confidential=self._record.is_confidential(case),
        )
        child = self.start(sop, source, started)
        if isinstance(child, Refused):
            return replace(child, message=f"SOP {sop.id} untuk langkah {step.id}: {child.message}")
        self._opened += (child,)
        self.call(id, step.id, child, event)
        return None

    def _callers(self, case: Case) -> set[str]:
        """The SOPs of the case and of those that called it."""
        sops = {case.sop.id}
        while case.state.parent:
            case = self.case(case.state.parent)
            sops.add(case.sop.id)
        return sops

    def _complete_parent(self, case: Case, event: Event) -> Refused | None:
        """Complete the step that called a completed case, where one did."""
        parent = self._waiting_parent(case)
        if parent is None:
            return None
        on_behalf = event.on_behalf if isinstance(event, Move) else ""
        request = Request(
            at=max(event.at, parent.state.last),
            now=event.recorded_at,
            by=event.by,
            via=event.via,
            on_behalf=on_behalf,
            person=self._record.office.names_to_separate(on_behalf or event.by),
        )
        completed = moves.complete(parent.sop, parent.state, request, case.id, case.state.produced)
        if not self._record.may_read(parent):
            refused = completed if isinstance(completed, Refused) else self.record(parent.id, completed)
            return _PARENT_REFUSED if refused else None
        if isinstance(completed, Refused):
            done = f"Ini sekaligus menyelesaikan langkah {parent.state.visit.step} berkas induk {parent.id}"
            return name_people(self._record.office, replace(completed, message=f"{done}. {completed.message}"))
        self._moved += (parent.id,)
        return self.record(parent.id, completed)

    def _free_parent(self, case: Case, event: Event) -> None:
        """Record that the calling step waits no more for a case that was cancelled."""
        parent = self._waiting_parent(case)
        if parent is not None:
            self.call(parent.id, parent.state.visit.step, "", event)

    def _waiting_parent(self, case: Case) -> Case | None:
        """The case that called this one and waits for it, with the row that does at hand."""
        rows = self.case(case.state.parent).rows if case.state.parent else ()
        return next((row for row in rows if row.state.step is not None and row.state.visit.child == case.id), None)

    def _went_on(self, case: Case) -> bool:
        """Whether the case ended and its end completed a step of its parent."""
        return case.state.status == "completed" and bool(case.state.parent) and self._waiting_parent(case) is None
