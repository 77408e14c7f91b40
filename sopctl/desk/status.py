"""`status`: one case with all that was recorded of it, and the list of cases."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from sopctl.desk.authority import find_absent
from sopctl.desk.documents import valid_letters
from sopctl.desk.history import HistoryEntry, list_history
from sopctl.desk.move_input import MoveInput, find_row
from sopctl.desk.move_warnings import Notice
from sopctl.desk.outcome import Outcome, exits, outcome_of
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.engine.events import EMPTY, Attachment, Event, FieldValue, Written
from sopctl.engine.requirements import missing_kelengkapan
from sopctl.engine.state import Status
from sopctl.engine.text import fold_text
from sopctl.errors import DamagedError, NotFoundError
from sopctl.measure.timeline import VisitRow, timeline
from sopctl.office.page_accounts import is_page_account
from sopctl.store import case_search
from sopctl.store.case_search import load_found_case
from sopctl.store.library import Library
from sopctl.store.readable_registers import load_letters
from sopctl.store.record import Record

if TYPE_CHECKING:
    from sopctl.store.protocol import OnProgress


class CaseStatus(Outcome, frozen=True, kw_only=True):
    """Where a case stands, with its fields, visits and all that was recorded; ``history`` goes with ``events``.

    ``revision`` tells this state of the case from all others.

    ``absent`` are the pelaksana of ``assigned`` whose person cannot act in the office any more.

    ``documents``, and ``written`` for programs that know that name, are all of the case's; ``valid`` are the paths of
    those that are handed over. ``names`` are the officials of the page accounts among those that acted.
    """

    revision: int
    started: datetime
    ended: datetime | None
    parent: str
    child: str
    fields: dict[str, FieldValue]
    confidential: bool
    assigned: dict[str, str]
    absent: tuple[str, ...]
    missing_items: tuple[str, ...]
    visits: tuple[VisitRow, ...]
    attachments: tuple[Attachment, ...]
    written: tuple[Written, ...]
    valid: tuple[str, ...]
    events: tuple[Event, ...]
    history: tuple[HistoryEntry, ...]
    names: dict[str, str]

    @property
    def unfilled(self) -> dict[str, bool]:
        """The empty fields that the open rows ask for, and whether one of them requires it; those come first."""
        required = dict.fromkeys((name for turn in self.turns for name in turn.wanted), True)
        offered = (name for turn in self.turns for name in turn.offered if self.fields.get(name) in EMPTY)
        return required | {name: False for name in offered if name not in required}

    def who(self, account: str) -> str:
        """Who an account is, as people read it."""
        return self.names.get(account, account)


class CaseSummary(Struct, frozen=True, kw_only=True):
    """One case in the list of all: where it stands and whose turn it is; ``step`` is None once it ended."""

    id: str
    sop: str
    subject: str
    status: Status
    step: str | None
    jabatan: tuple[str, ...]
    started: datetime
    ended: datetime | None
    confidential: bool


class CaseList(Struct, frozen=True):
    """Cases of ``all`` that there are; ``damaged`` are the sentences about those that cannot be read."""

    rows: tuple[CaseSummary, ...]
    all: int
    damaged: tuple[str, ...]


def list_cases(record: Record, *, at_most: int | None = None, on_progress: "OnProgress | None" = None) -> CaseList:
    """All cases, ended ones too, the one with the last event first; no more than ``at_most`` of them are read."""
    from sopctl.store.case_index import load_tallies  # noqa: PLC0415 — few commands ask

    known = load_tallies(record, on_progress=on_progress)
    moved = [(-course.last, course.id) for tally in known.tallies for course in tally.courses]
    return _read_summaries(record, [id for _, id in sorted(moved)], at_most, known.damaged)


def _read_summaries(record: Record, ids: list[str], at_most: int | None, damaged: tuple[str, ...]) -> CaseList:
    """The first of these cases, and the sentences about those that cannot be read, after those that are known."""
    rows, sentences = [], list(damaged)
    for id in ids[:at_most]:
        try:
            rows.append(_summary(record, record.load_case(id)))
        except (DamagedError, NotFoundError) as error:  # since the index was asked
            sentences += [error.message] if record.reader is None else []
    return CaseList(tuple(rows), len(ids), tuple(sentences))


def search_cases(record: Record, text: str, *, at_most: int) -> CaseList:
    """The cases whose id or subject has all of these words, or one of whose letters bears this number."""
    found = case_search.search_cases(record, text)
    nomor = fold_text(text).strip()
    register = load_letters(record, record.whole_store.read_sequences())
    letters = [one.id for one in register if nomor and nomor in fold_text(one.nomor)]
    return _read_summaries(record, [*dict.fromkeys((*filter(None, letters), *found))], at_most, ())


def _summary(record: Record, case: Case) -> CaseSummary:
    state = case.state
    return CaseSummary(
        id=case.id,
        sop=case.sop.id,
        subject=state.subject,
        status=state.status,
        step=state.step,
        jabatan=tuple(case.sop.pelaksana[name] for name in state.whole_turn),
        started=state.started,
        ended=state.ended,
        confidential=record.is_confidential(case),
    )


def case_status(record: Record, id: str, library: Library | None = None) -> CaseStatus:
    """All that is known of one case; ``library`` is asked what an SOP that the step calls requires at its start."""
    return describe_case(load_found_case(record, id), record, library)


def describe_case(case: Case, record: Record, library: Library | None) -> CaseStatus:
    """The same of a case that was loaded."""
    state, step = case.state, case.step
    here = outcome_of(case, record, library)
    notices = (*here.notices, *_warn_of_unaccepted_events(record, case.id))
    return CaseStatus(
        **{name: getattr(here, name) for name in here.__struct_fields__ if name not in {"documents", "notices"}},
        documents=tuple(state.documents),
        notices=notices,
        revision=case.instance.revision,
        started=state.started,
        ended=state.ended,
        parent=state.parent,
        child=state.visit.child,
        fields=state.fields,
        confidential=record.is_confidential(case),
        assigned=state.assigned,
        absent=tuple(find_absent(record.office, case, record.now().date())),
        missing_items=missing_kelengkapan(state, step) if step else (),
        visits=timeline(case, record.calendar, record.now()),
        attachments=state.attachments,
        written=tuple(state.documents),
        valid=valid_letters(case),
        events=case.instance.events,
        history=list_history(case, record.load_sop),
        names=_name_accounts(case, record),
    )


def _name_accounts(case: Case, record: Record) -> dict[str, str]:
    accounts = dict.fromkeys((*(event.by for event in case.instance.events), *case.state.assigned.values()))
    return {account: record.shown_name(account) for account in accounts if is_page_account(account)}


def _warn_of_unaccepted_events(record: Record, id: str) -> tuple[Notice, ...]:
    """The notice about events that were recorded by a `sopctl.yaml` that the office did not accept.

    Where only one was ever in use there is nothing to look for.
    """
    if not record.had_other_offices:
        return ()
    from sopctl.audit.findings import format_numbers  # noqa: PLC0415 — few cases need it
    from sopctl.audit.office_history import find_unaccepted_events  # noqa: PLC0415 — the same

    numbers = find_unaccepted_events(record, id)
    message = f"Catatan nomor {format_numbers(numbers)} dicatat menurut sopctl.yaml yang tidak pernah diterima kantor."
    return (Notice(message, "unaccepted", {"id": id}),) if numbers else ()


def open_labels(session: Session, id: str, typed: MoveInput) -> tuple[str, ...]:
    """The labels of the branches that may be chosen at the step that a move is for; none where there is none."""
    found = find_row(session, id, typed)
    return exits(found[0]) if found else ()


def running_ids(record: Record) -> Iterator[str]:
    """The ids of the cases that have not ended, as far as they can be read."""
    from sopctl.store.case_index import load_tallies  # noqa: PLC0415 — few commands ask

    tallies = load_tallies(record).tallies
    return (course.id for tally in tallies for course in tally.courses if not course.ended)
