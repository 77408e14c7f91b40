"""What each event of a case did that it does not say itself, found by folding the events once more, and in words.

Of a move there are words only where there is more to say than its timeline shows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from msgspec import Struct

from sopctl.engine import events as record
from sopctl.engine.case import Case
from sopctl.engine.effects import find_effect
from sopctl.engine.fold import Versions, states_after_each
from sopctl.measure.timeline import was_typed_later
from sopctl.sop.model import ACTS, Act, Sop

_SHORT = 8
"""Letters of an SOP version that tell it from the others."""


class DroppedAct(Struct, frozen=True):
    """An act upon a document that no longer counts, and whose it was."""

    act: Act
    jabatan: str


class HistoryEntry(Struct, frozen=True, kw_only=True):
    """The event with this ``number``.

    ``filled`` are fields that were empty before, ``changed`` those that had another value. ``dropped`` are the acts
    that no longer count, by the document. ``withdrawn`` says that the move was taken back.
    """

    number: int
    filled: tuple[str, ...]
    changed: tuple[str, ...]
    dropped: dict[str, tuple[DroppedAct, ...]]
    withdrawn: bool


def list_history(case: Case, versions: Versions) -> tuple[HistoryEntry, ...]:
    """An entry for each event, in order."""
    return tuple(_entries(case, versions))


def _entries(case: Case, versions: Versions) -> Iterator[HistoryEntry]:
    events = case.instance.events
    withdrawn = {event.move for event in events if isinstance(event, record.Withdrawn)}
    first = versions(record.first_version(case.instance.version, events))
    before = None
    for event, (sop, state) in zip(events, states_after_each(first, events, versions), strict=True):
        if before is None or isinstance(event, record.Started):
            yield HistoryEntry(number=event.number, filled=tuple(event.fields), changed=(), dropped={}, withdrawn=False)
        else:
            did = find_effect(before, state, event)
            yield HistoryEntry(
                number=event.number,
                filled=did.filled,
                changed=did.changed,
                dropped={
                    document: tuple(DroppedAct(one.act, sop.pelaksana[one.pelaksana]) for one in acts)
                    for document, acts in did.dropped.items()
                },
                withdrawn=event.number in withdrawn,
            )
        before = state


class Wording(Struct, frozen=True, kw_only=True):
    """What the lines call steps, fields, documents and pelaksana, by their names in the SOP; others by those."""

    steps: Mapping[str, str] = {}
    fields: Mapping[str, str] = {}
    documents: Mapping[str, str] = {}
    pelaksana: Mapping[str, str] = {}

    def step(self, id: str) -> str:
        """`langkah 3`, else with the id."""
        return f"langkah {self.steps.get(id, id)}"

    def document(self, name: str) -> str:
        """A document."""
        return self.documents.get(name, name)

    def word_names(self, sentence: str) -> str:
        """A sentence with the numbers of rows, the words of documents and the labels of fields for their names."""
        sentence = re.sub(r"(?<= dilewati, karena ).+", lambda found: self.condition(found[0]), sentence)
        return _replace_names("dokumen", self.documents, _replace_names("langkah", self.steps, sentence))

    def condition(self, text: str) -> str:
        """A condition of the SOP with the labels of its fields; what stands in quotation marks is no name."""
        return re.sub(r"\"[^\"]*\"|'[^']*'|\w+", lambda found: self.fields.get(found[0], found[0]), text)

    def list_fields(self, names: Sequence[str]) -> str:
        """Fields, one after the other."""
        return ", ".join(self.fields.get(name, name) for name in names)


def _replace_names(kind: str, words: Mapping[str, str], sentence: str) -> str:
    """The sentence with the words for each of the names that follow this one: `langkah susun dan periksa`."""
    if not words:
        return sentence
    name = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    listed = re.compile(rf"(?<=\b{kind} )(?:(?:, | dan )?(?:{name})(?![\w-]))+", re.IGNORECASE)
    return listed.sub(lambda found: re.sub(name, lambda one: words.get(one[0], one[0]), found[0]), sentence)


BY_NAMES = Wording()
"""For whoever types those names in commands."""


def read_wording(sop: Sop) -> Wording:
    """The words of the form: the numbers of its rows, its labels and its jabatan."""
    return Wording(
        steps={step.id: str(step.no) for step in sop.steps if step.no is not None},
        fields={field.name: field.label for field in sop.fields.values()},
        documents={document.name: document.shown_name for document in sop.documents.values()},
        pelaksana=sop.pelaksana,
    )


class HistoryLine(Struct, frozen=True, kw_only=True):
    """What one event did: when, by which account or official (empty where nobody acted), in words, and with which note.

    ``typed`` is when it was recorded, where that was later.
    """

    at: datetime
    typed: datetime | None
    by: str
    words: tuple[str, ...]
    note: str


def list_history_lines(
    events: Sequence[record.Event],
    history: Sequence[HistoryEntry],
    names: Mapping[str, str],
    wording: Wording = BY_NAMES,
    *,
    every: bool = False,
) -> Iterator[HistoryLine]:
    """A line for each event of which there is more to say than its timeline shows; ``names`` of page accounts.

    With ``every`` there is a line for each event, with the documents that it wrote.
    """
    for event, entry in zip(events, history, strict=True):
        words = (*_describe_act(event, entry, wording), *_describe_changes(event, entry, wording))
        if every:
            documents = (_describe_document(one, wording) for one in event.written)
            words = (*(words or _describe_plain_move(event, wording)), *documents)
        if every or words:
            yield HistoryLine(
                at=event.at,
                typed=event.recorded_at if was_typed_later(event.at, event.recorded_at) else None,
                by="" if isinstance(event, record.Skipped) and event.condition else names.get(event.by, event.by),
                words=words,
                note=event.note,
            )


def _describe_plain_move(event: record.Event, wording: Wording) -> Iterator[str]:
    if isinstance(event, record.Approved | record.Decided):
        yield f"meneruskan {wording.step(event.step)}" + (f" ({event.label})" if event.label else "")


def _describe_document(file: record.Written, wording: Wording) -> str:
    done = {"sign": "ditandatangani", "initial": "diparaf", "draft": "ditulis", "receive": "diterima"}[file.act]
    return f"{wording.document(file.name)} {done}" + (f", nomor {file.nomor}" if file.nomor else "")


def describe_attachment(file: record.Attachment) -> str:
    """An attached file: `Daftar hadir: foto.jpg "Pembukaan"`."""
    return f"{file.item}: {file.name}" + (f' "{file.caption}"' if file.caption else "")


def _describe_act(  # noqa: C901, PLR0912 — one arm for each kind of event
    event: record.Event, entry: HistoryEntry, wording: Wording
) -> Iterator[str]:
    match event:
        case record.Approved() | record.Rejected() | record.Decided() | record.Completed() | record.Skipped():
            yield from _describe_move(event, entry, wording)
        case record.Started():
            letter = f" dari surat masuk No. Agenda {event.agenda.nomor}" if event.agenda else ""
            yield f"membuka berkas{' rahasia' if event.confidential else ''}{letter}"
        case record.Withdrawn():
            yield f"menarik kembali catatan nomor {event.move}"
        case record.Called():
            yield f"{wording.step(event.step)} menunggu {event.child or 'tidak lagi berkas lain'}"
        case record.Begun():
            yield f"mulai mengerjakan {wording.step(event.step)}"
        case record.Filled():
            if event.subject:
                yield f"mengganti perihal menjadi {event.subject}"
            elif not (entry.filled or entry.changed):
                yield "mengisi tanpa mengubah apa pun"
        case record.Noted():
            yield "mencatat"
        case record.Assigned():
            pelaksana = wording.pelaksana.get(event.pelaksana, event.pelaksana)
            yield f"menugaskan {pelaksana} kepada {event.to}" if event.to else f"mencabut penugasan {pelaksana}"
        case record.Suspended():
            yield "menunda"
        case record.Resumed():
            yield "melanjutkan"
        case record.Numbered():
            document = wording.document(event.document)
            yield f"memberi {document} nomor {event.nomor}" if event.nomor else f"menarik nomor {document}"
        case record.Returned():
            yield f"menerima kembali {wording.document(event.document)} yang ditandatangani di luar sopctl"
        case record.Migrated():
            steps = "".join(f", langkah {before} menjadi {now}" for before, now in event.steps.items())
            yield f"memakai SOP versi {event.version[:_SHORT]}, sebelumnya {event.before[:_SHORT]}{steps}"
        case record.Cancelled():
            yield "membatalkan"
        case record.Attached():
            pass


def _describe_move(event: record.Move, entry: HistoryEntry, wording: Wording) -> Iterator[str]:
    """A move that says more than the timeline, or that the timeline does not show: it was taken back."""
    taken_back = f" (catatan nomor {event.number}, kemudian ditarik kembali)" if entry.withdrawn else ""
    if isinstance(event, record.Completed):
        yield f"menyelesaikan {wording.step(event.step)} lewat {event.child}"
    elif isinstance(event, record.Skipped):
        met = f"{wording.step(event.step)} dilewati, karena {wording.condition(event.condition)}"
        yield f"{met if event.condition else f'melewati {wording.step(event.step)}'}{taken_back}"
    elif taken_back or event.note or event.fields or event.attachments or entry.dropped or event.on_behalf:
        done = "mengembalikan" if isinstance(event, record.Rejected) else "meneruskan"
        yield f"{done} {wording.step(event.step)}{taken_back}"
    if event.on_behalf:
        files = (
            "".join(f", bukti {one.name} ({PurePosixPath(one.path).name})" for one in event.evidence) or ", tanpa bukti"
        )
        yield f"dicatat untuk {event.on_behalf}, yang mengerjakannya di atas kertas{files}"


def _describe_changes(event: record.Event, entry: HistoryEntry, wording: Wording) -> Iterator[str]:
    """What became of fields, files and documents."""
    if entry.filled:
        yield f"mengisi {wording.list_fields(entry.filled)}"
    if entry.changed:
        yield f"mengubah {wording.list_fields(entry.changed)}"
    for one in event.attachments:
        yield f"melampirkan {describe_attachment(one)}"
    for document, acts in entry.dropped.items():
        yield f"{', '.join(f'{ACTS[one.act]} {one.jabatan}' for one in acts)} pada {wording.document(document)} gugur"
