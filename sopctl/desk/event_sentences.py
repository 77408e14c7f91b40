"""What each event of a case did, in words; of a move only where there is more to say than its timeline shows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from sopctl.desk.history import HistoryEntry
from sopctl.engine import events as record
from sopctl.measure.timeline import was_typed_later
from sopctl.sop.model import ACTS

_SHORT = 8
"""Letters of an SOP version that tell it from the others."""


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
    events: Sequence[record.Event], history: Sequence[HistoryEntry], names: Mapping[str, str]
) -> Iterator[HistoryLine]:
    """A line for each event of which there is more to say than its timeline shows; ``names`` of page accounts."""
    for event, entry in zip(events, history, strict=True):
        if words := tuple(_describe_history_entry(event, entry)):
            yield _make_line(event, words, names)


def list_all_lines(events: Sequence[record.Event], history: Sequence[HistoryEntry]) -> Iterator[HistoryLine]:
    """A line for each event by the account that made it, with the documents that it wrote."""
    for event, entry in zip(events, history, strict=True):
        words = tuple(_describe_history_entry(event, entry)) or tuple(_describe_plain_move(event))
        yield _make_line(event, (*words, *map(_describe_document, event.written)), {})


def _make_line(event: record.Event, words: tuple[str, ...], names: Mapping[str, str]) -> HistoryLine:
    return HistoryLine(
        at=event.at,
        typed=event.recorded_at if was_typed_later(event.at, event.recorded_at) else None,
        by="" if isinstance(event, record.Skipped) and event.condition else names.get(event.by, event.by),
        words=words,
        note=event.note,
    )


def _describe_plain_move(event: record.Event) -> Iterator[str]:
    if isinstance(event, record.Approved | record.Decided):
        yield f"meneruskan langkah {event.step}" + (f" ({event.label})" if event.label else "")


def _describe_document(file: record.Written) -> str:
    done = {"sign": "ditandatangani", "initial": "diparaf", "draft": "ditulis", "receive": "diterima"}[file.act]
    return f"{file.name} {done}" + (f", nomor {file.nomor}" if file.nomor else "")


def _describe_history_entry(event: record.Event, entry: HistoryEntry) -> Iterator[str]:
    """What an event did, then what became of fields, files and documents; nothing where the timeline shows it all."""
    yield from _describe_act(event, entry)
    yield from _describe_changes(event, entry)


def describe_attachment(file: record.Attachment) -> str:
    """An attached file: `Daftar hadir: foto.jpg "Pembukaan"`."""
    return f"{file.item}: {file.name}" + (f' "{file.caption}"' if file.caption else "")


def _describe_act(  # noqa: C901, PLR0912 — one arm for each kind of event
    event: record.Event, entry: HistoryEntry
) -> Iterator[str]:
    match event:
        case record.Approved() | record.Rejected() | record.Decided() | record.Completed() | record.Skipped():
            yield from _describe_move(event, entry)
        case record.Started():
            letter = f" dari surat masuk No. Agenda {event.agenda.nomor}" if event.agenda else ""
            yield f"membuka berkas{' rahasia' if event.confidential else ''}{letter}"
        case record.Withdrawn():
            yield f"menarik kembali catatan nomor {event.move}"
        case record.Called():
            yield f"langkah {event.step} menunggu {event.child or 'tidak lagi berkas lain'}"
        case record.Begun():
            yield f"mulai mengerjakan langkah {event.step}"
        case record.Filled():
            if event.subject:
                yield f"mengganti perihal menjadi {event.subject}"
            elif not (entry.filled or entry.changed):
                yield "mengisi tanpa mengubah apa pun"
        case record.Noted():
            yield "mencatat"
        case record.Assigned():
            to = f"menugaskan {event.pelaksana} kepada {event.to}"
            yield to if event.to else f"mencabut penugasan {event.pelaksana}"
        case record.Suspended():
            yield "menunda"
        case record.Resumed():
            yield "melanjutkan"
        case record.Numbered():
            yield f"memberi {event.document} nomor {event.nomor}" if event.nomor else f"menarik nomor {event.document}"
        case record.Returned():
            yield f"menerima kembali {event.document} yang ditandatangani di luar sopctl"
        case record.Migrated():
            steps = "".join(f", langkah {before} menjadi {now}" for before, now in event.steps.items())
            yield f"memakai SOP versi {event.version[:_SHORT]}, sebelumnya {event.before[:_SHORT]}{steps}"
        case record.Cancelled():
            yield "membatalkan"
        case record.Attached():
            pass


def _describe_move(event: record.Move, entry: HistoryEntry) -> Iterator[str]:
    """A move that says more than the timeline, or that the timeline does not show: it was taken back."""
    taken_back = f" (catatan nomor {event.number}, kemudian ditarik kembali)" if entry.withdrawn else ""
    if isinstance(event, record.Completed):
        yield f"menyelesaikan langkah {event.step} lewat {event.child}"
    elif isinstance(event, record.Skipped):
        met = f"langkah {event.step} dilewati, karena {event.condition}"
        yield f"{met if event.condition else f'melewati langkah {event.step}'}{taken_back}"
    elif taken_back or event.note or event.fields or event.attachments or entry.dropped or event.on_behalf:
        done = "mengembalikan" if isinstance(event, record.Rejected) else "meneruskan"
        yield f"{done} langkah {event.step}{taken_back}"
    if event.on_behalf:
        files = "".join(f", bukti {one.name} ({one.path})" for one in event.evidence) or ", tanpa bukti"
        yield f"dicatat untuk {event.on_behalf}, yang mengerjakannya di atas kertas{files}"


def _describe_changes(event: record.Event, entry: HistoryEntry) -> Iterator[str]:
    """What became of fields, files and documents."""
    if entry.filled:
        yield f"mengisi {', '.join(entry.filled)}"
    if entry.changed:
        yield f"mengubah {', '.join(entry.changed)}"
    for one in event.attachments:
        yield f"melampirkan {describe_attachment(one)}"
    for document, acts in entry.dropped.items():
        yield f"{', '.join(f'{ACTS[one.act]} {one.jabatan}' for one in acts)} pada {document} gugur"
