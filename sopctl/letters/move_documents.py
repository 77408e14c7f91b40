"""The Word file of a move: which one is due, whether it may be signed, its bytes, and its line in the event."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.events import (
    EMPTY,
    Attached,
    Filled,
    Move,
    Numbered,
    Rejected,
    Skipped,
    Withdrawn,
    Written,
    first_version,
)
from sopctl.engine.fold import states_after_each
from sopctl.engine.refused import Refused
from sopctl.engine.requirements import missing_wajib, refuse_missing_fields
from sopctl.engine.signings import document_form, find_signature, is_document_act, shown_act
from sopctl.engine.state import Signing, State
from sopctl.engine.verification_code import verification_code
from sopctl.errors import DamagedError, NotFoundError, WrongError
from sopctl.letters.case_numbers import find_signers, number_of, take_number
from sopctl.letters.move_context import MoveFacts, build_context
from sopctl.office.model import Office
from sopctl.sop.model import Act, Document, Field, Sop, Step
from sopctl.store.record import Record
from sopctl.store.transaction import Transaction
from sopctl.word.letterhead import read_logo
from sopctl.word.printed_values import Gaps, collected_gaps

if TYPE_CHECKING:
    from sopctl.letters.renderer import Renderer

PHOTO_NAMES = ("foto", "foto_baris")
ATTACHED_NAMES = ("lampiran", "kelengkapan", *PHOTO_NAMES)
"""The names by which a template prints the files beside the case."""


_ACT_WORDS: dict[Act, str] = {
    "draft": "konsep", "initial": "diparaf", "sign": "ditandatangani", "receive": "diterima"
}  # fmt: skip
"""What the name of a Word file says of the act that it shows."""


class MoveDocuments:
    """Writes the Word files of the moves of one change, and takes their letter numbers.

    ``with_gaps`` says that a letter may be signed without fields that it calls wajib.
    """

    def __init__(self, record: Record, renderer: "Renderer", change: Transaction, *, with_gaps: bool = False) -> None:
        self._with_gaps = with_gaps
        self._record = record
        self._renderer = renderer
        self._change = change

    def record_move(self, case: Case, event: Move) -> Case | Refused:
        """The case after a move of the row at hand, its Word file added to the change; Refused where it is not signed.

        A step writes its file when it is done: not while the row still passes along, and not when the work was turned
        down. It is signed when the decider of the row acts.

        Raises:
            WrongError: where the template cannot be used; then nothing is written at all.
        """
        step = case.sop.step(event.step)
        after = case.after(event)
        if step.document is None or isinstance(event, Rejected | Skipped):
            return self.add_changed_drafts(case, after, event)
        visit = after.state.visits[case.state.visit_number - 1]
        done = visit.until is not None
        document = document_form(after.sop, after.state, step.document.name)
        if step.document.act == "sign" and is_document_act(step, step.document, visit, leaves=done):
            refused = self._may_not_sign(after, document) or _turned_down(case, step)
            refused = refused or self._incomplete(after, step, document)
            if refused is not None:
                return refused
        if not done:
            return self.add_changed_drafts(case, after, event)
        if step.document.act == "sign":
            nomor = take_number(self._record, self._change, after, event, document)
        else:
            nomor = number_of(case, document.name) or ""
        after = after.with_documents((self._write(case, after.state, event, nomor),))
        return self.add_changed_drafts(case, after, event)

    def add_changed_drafts(self, case: Case, after: Case, event: Move | Filled | Attached) -> Case:
        """The case after an event that wrote anew what is not signed yet and now says something else."""
        drafts: list[Written] = []
        for document in {one.name: None for one in case.state.documents} if _may_change(event) else ():
            move = _find_draft(after, document)
            if move is not None and self._says_otherwise(case, after, document):
                nomor = number_of(after, document) or ""
                beside = len(after.instance.events[-1].written) + len(drafts)
                drafts.append(self._write(case, after.state, replace(move, at=event.at), nomor, beside=beside))
        return after.with_documents(tuple(drafts))

    def _says_otherwise(self, case: Case, after: Case, document: str) -> bool:
        """Whether what a document prints, or what decides its form, is different after an event."""
        before, now = case.state, after.state
        changed = [name for name in now.fields if now.fields[name] != before.fields.get(name)]
        if before.attachments != now.attachments:
            changed += ATTACHED_NAMES
        if before.subject != now.subject:
            changed.append("subject")
        return bool(find_printed_names(self._renderer, after, document, changed))

    def rewrite_numbered(self, case: Case, event: Numbered) -> Numbered:
        """The event with the signed Word file written again, now with its number; a draft gets it when next written.

        A document of the national system is not written again: that system prints the number itself. Nor is one whose
        signature was taken back or turned down: it is a draft again.
        """
        elsewhere = case.sop.documents[event.document].srikandi
        signed = event.nomor and not elsewhere and find_signature(case.state, event.document)
        last = next(_moves_writing(case, event.document), None) if signed else None
        if last is None:
            return event
        move, _ = last
        events = case.instance.events
        first = self._record.load_sop(first_version(case.instance.version, events))
        states = states_after_each(first, events[: move.number], self._record.load_sop)
        (sop, before), (_, after) = deque(states, maxlen=2)
        written = self._write(replace(case, sop=sop, state=before), after, move, event.nomor)
        return replace(event, documents=(written,))

    def _write(self, case: Case, after: State, event: Move, nomor: str, *, beside: int = 0) -> Written:
        """Write the file of a move that led from the state of the case to the one after; the next event records it.

        ``beside`` counts the files that the same event records before this one.
        """
        step = case.sop.step(event.step)
        act, number = shown_act(after, step), case.instance.revision + 1
        if step.document is None or act is None:
            raise KeyError(step.id)
        document, office = document_form(case.sop, after, step.document.name), self._record.office
        facts = MoveFacts(
            office=office, sop=case.sop, id=case.id, before=case.state, after=after, event=event,
            nomor=nomor or None, logo=read_logo(self._record.workspace, office), read=self._change.read_file,
            code=(code := verification_code(case.id, number, case.instance.head)),
            number_of=partial(number_of, case),
            recorded_by=partial(_find_office, self._record, case, cache(partial(_read_offices, self._record, case.id))),
        )  # fmt: skip
        title = f"{step.output_name or document.judul or document.name} {case.id}"
        token = collected_gaps.set(gaps := Gaps())
        try:
            data = self._renderer.render(
                document.template, build_context(facts), created=event.at, title=title, code=code
            )
        finally:
            collected_gaps.reset(token)
        return Written(
            name=document.name,
            act=act,
            step=step.id,
            path=self._change.add_document(case.id, file_name(case, document.name, act, nomor, beside), data),
            sha256=sha256(data).hexdigest(),
            nomor=nomor,
            gaps=gaps.names if act == "sign" else (),
        )

    def _may_not_sign(self, case: Case, document: Document) -> Refused | None:
        """The refusal of a signature under a numbered letter by a pelaksana who may not sign such letters."""
        may = find_signers(document, self._record.office.letter_number)
        signing = find_signature(case.state, document.name)
        if signing is None or not may or signing.pelaksana in may:
            return None
        who = " atau ".join(case.sop.pelaksana.get(name, name) for name in may)
        message = (
            f"{case.sop.pelaksana[signing.pelaksana]} tidak berwenang menandatangani surat bernomor {document.name}; "
            f"yang berwenang: {who}."
        )
        return Refused(reason="may_not_sign", message=message)

    def _incomplete(self, case: Case, step: Step, document: Document) -> Refused | None:
        """What the letter still lacks: required fields that its template prints, and the fields that it calls wajib.

        A field that a later row asks for is not due yet.
        """
        wajib = missing_wajib(document, case.state.fields)
        stays = {visit.step: visit for visit in case.state.visits}
        skipped = {id for id, visit in stays.items() if visit.is_skipped}
        fields = [field for field in case.sop.fields.values() if field.step not in skipped]
        empty = [field for field in fields if case.state.fields.get(field.name) in EMPTY]
        due = [field.name for field in empty if _is_due(case.sop, field, step)]
        printed = self._renderer.load_compiled(document.template).names if due else ()
        missing = tuple(name for name in due if name in printed)
        wanted = missing if self._with_gaps else (*missing, *wajib)
        named = tuple(name for name in case.sop.fields if name in wanted)
        refused = refuse_missing_fields(case.sop, step.id, named) if named else None
        return replace(refused, advice="with_gaps") if refused and not missing else refused


def file_name(case: Case, document: str, act: Act, nomor: str, beside: int = 0) -> str:
    """`05 surat-tugas ditandatangani 800.1.11.1-12`: which of the case's documents it is, and what it is.

    Files of moves that were withdrawn count too, so that no two have the same number.
    """
    written = sum(isinstance(file, Written) for event in case.instance.events for file in event.files)
    return f"{written + beside + 1:02d} {document} {_ACT_WORDS[act]} {nomor}"


def find_printed_names(renderer: "Renderer", case: Case, document: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of the names that a document prints or that decide its form; all where its template cannot be read."""
    form = document_form(case.sop, case.state, document)
    try:
        shown = renderer.load_compiled(form.template).names
    except (NotFoundError, WrongError):
        return tuple(names)
    deciding = {other.field for other in case.sop.documents[document].instead}
    every = case.sop.fields.keys() if "filled" in shown else ()
    return tuple(name for name in names if name in shown or name in deciding or name in every)


def _may_change(event: Move | Filled | Attached) -> bool:
    """Whether an event can change what a draft says."""
    return bool(event.fields or event.attachments or (isinstance(event, Filled) and event.subject))


def _find_draft(case: Case, document: str) -> Move | None:
    """The last move that wrote a draft of a document, where it is one still: with its paraf, if that counts.

    Where the SOP has no row that drafts it, the last paraf that counts no more is the draft.
    None where the document is signed or was handed over, or where the last event wrote it.
    """
    acts = case.state.signings.get(document, ())
    last = [one.name for one in case.instance.events[-1].written]
    if document in last or any(one.act in {"sign", "receive"} for one in acts):
        return None
    counted = {(one.act, one.step) for one in acts}
    steps = {one.path: one.step for one in case.state.documents}  # as the SOP version at hand calls them
    earlier: dict[Act, Move] = {}
    for move, written in _moves_writing(case, document):
        here = steps[written.path]
        if (written.act, here) in counted:
            return replace(move, step=here)
        earlier.setdefault(written.act, replace(move, step=here))
    return earlier.get("draft") or earlier.get("initial")


def _moves_writing(case: Case, document: str) -> Iterator[tuple[Move, Written]]:
    """The moves that wrote a document and were not taken back, with what they wrote, the last first."""
    events = case.instance.events
    withdrawn = {one.move for one in events if isinstance(one, Withdrawn)}
    for one in reversed(events):
        if isinstance(one, Move) and one.number not in withdrawn:
            yield from ((one, written) for written in one.documents if written.name == document)


def _turned_down(case: Case, step: Step) -> Refused | None:
    """Whether the draft that is to be signed is one that was turned down, and that nobody has worked on since."""
    name = step.document_name
    others = {one.id for one in case.sop.steps if one.document_name == name} - {step.id}
    ended = (visit for visit in reversed(case.state.visits) if visit.until is not None and not visit.is_skipped)
    last = next((visit for visit in ended if visit.step in others), None)
    if last is None or not last.rejected:
        return None
    message = f"Naskah {name} ditolak pada langkah {last.step} dan belum diperbaiki; tidak dapat ditandatangani."
    return Refused(reason="turned_down", message=message)


def _is_due(sop: Sop, field: Field, step: Step) -> bool:
    return field.required and (field.step is None or sop.row(field.step) <= sop.row(step.id))


def _read_offices(record: Record, case: str) -> Mapping[int, str]:
    """The office file by which each event of a case was recorded; empty where only the present one was ever in use."""
    if not record.had_other_offices:
        return {}
    from sopctl.store.ledger import find_event_lines  # noqa: PLC0415 — looking at letters needs none of it

    lines = find_event_lines(record.whole_store.open_ledger(), case)
    return {line.revision: line.office for line in lines}


def _find_office(
    record: Record, case: Case, offices: Callable[[], Mapping[int, str]], signing: Signing
) -> Office | None:
    """The office file by which an act was recorded, None where it is the present one, or not known or kept.

    ``offices`` reads the office files of the case's events, which few letters need.
    """
    moves = (one for one in reversed(case.instance.events) if isinstance(one, Move))
    number = next((one.number for one in moves if (one.step, one.at) == (signing.step, signing.at)), 0)
    version = offices().get(number, "")
    try:
        return record.load_office(version) if version not in {"", record.office_version} else None
    except (NotFoundError, DamagedError):
        return None
