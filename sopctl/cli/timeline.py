"""One case for people, 80 columns wide: where it stands, its timeline, and everything that was recorded about it.

What people typed stays within its own line or cell: a line that goes on is indented deeper than any line that begins,
so that no note, subject or file name can pass for an entry of the record.
"""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, TypeVar

from sopctl.cli.command_lines import next_commands, typed_by_hand
from sopctl.cli.output import line, plain
from sopctl.cli.record_files import shown_path, ways_to_letters
from sopctl.cli.remedies import sentence
from sopctl.cli.screen import console, hanging, styled, table
from sopctl.cli.terminal_input import at_a_terminal
from sopctl.desk.documents import HANDED_OVER
from sopctl.desk.history import describe_attachment, list_history_lines
from sopctl.engine.events import EMPTY, FieldValue, Written
from sopctl.engine.guards import ABSENT
from sopctl.engine.moments import format_day_time, format_short_moment
from sopctl.engine.state import STATUS
from sopctl.measure.timeline import was_typed_later
from sopctl.reports.content import by_clock, format_cell, format_count, format_due
from sopctl.sop.model import ACTS

if TYPE_CHECKING:
    from rich.console import Console

    from sopctl.desk.outcome import OpenTurn
    from sopctl.desk.status import CaseStatus
    from sopctl.measure.timeline import VisitAct, VisitRow
    from sopctl.sop.model import Clock
    from sopctl.store.record import Record

Entry = TypeVar("Entry")


def status(found: "CaseStatus", record: "Record", *, at_most: int | None = None) -> None:
    """One case: where it stands, its timeline, fields, documents and what was recorded beside the moves.

    Of visits, documents, attachments and what was recorded no more than the latest ``at_most`` are shown.
    """
    screen, zone = console(), record.office.zone
    hanging(screen, f"{found.id} · {line(found.subject)}", indent=0, style="bold")
    screen.print(plain(_standing(found, zone)))
    if found.confidential:
        screen.print(plain("Rahasia: di halaman hanya dibaca oleh yang terlibat"))
    for notice in found.notices:
        hanging(screen, f"Penting: {sentence(notice)}", indent=0)
    heading, right = ("No", "Langkah", "Dari", "Sampai", "Hasil", "Terpakai", "Standar"), ("Terpakai", "Standar")
    visits = _latest(screen, found.visits, at_most)
    screen.print(table(*heading, rows=(_visit(one, found) for one in visits), right=right))
    commands = (*next_commands(found.id, found.next, asks=at_a_terminal()), *typed_by_hand(found.next))
    if commands:
        screen.print(styled("Lanjut"))
        screen.print(plain("\n".join(f"  {command}" for command in commands)), soft_wrap=True)
    _section(
        screen, "Isian", [f"{name}: {_value(value)}" for name, value in found.fields.items() if value not in EMPTY]
    )
    unfilled = [name if required else f"{name} (boleh kosong)" for name, required in found.unfilled.items()]
    _section(screen, "Belum diisi", unfilled)
    given = [
        f"{name}: {found.who(to)}{f', {ABSENT}' if name in found.absent else ''}"
        for name, to in found.assigned.items()
        if to
    ]
    _section(screen, "Ditugaskan", given)
    documents = [(_document(one, valid=one.path in found.valid), shown_path(record, one.path)) for one in found.written]
    _section(screen, "Dokumen", documents, at_most)
    for command in ways_to_letters(record, found.id) if documents else ():
        screen.print(plain(f"  {command}"), soft_wrap=True)
    attached = [(describe_attachment(one), shown_path(record, one.path)) for one in found.attachments]
    _section(screen, "Lampiran", attached, at_most)
    _section(screen, "Catatan", list(_entries(found, zone)), at_most)


def _latest(screen: "Console", entries: Sequence[Entry], at_most: int | None) -> Sequence[Entry]:
    """The latest of the entries, once it is said how many there are before them."""
    shown = entries[-at_most:] if at_most else entries
    if len(shown) < len(entries):
        screen.print(f"  {format_count(len(entries) - len(shown))} yang lebih awal ditampilkan dengan --all.")
    return shown


def _section(
    screen: "Console", title: str, entries: Sequence[str | tuple[str, str]], at_most: int | None = None
) -> None:
    """Entries under a title, nothing where there are none.

    The path of a file stands on a line of its own, whole, for whoever wants to copy it.
    """
    if entries:
        screen.print(styled(title))
    for entry in _latest(screen, entries, at_most):
        text, path = (entry, "") if isinstance(entry, str) else entry
        hanging(screen, text)
        if path:
            screen.print(plain(f"      {path}"), soft_wrap=True)


def _standing(found: "CaseStatus", zone: tzinfo) -> str:
    if found.step is None or found.status == "suspended":
        when = f" {format_day_time(found.ended.astimezone(zone))}" if found.ended else ""
        return f"{STATUS[found.status].capitalize()}{when}"
    return "\n".join(_turn(turn, zone) for turn in found.turns)


def _turn(turn: "OpenTurn", zone: tzinfo) -> str:
    due = format_due(turn.due, turn.due_need, zone)
    waits = f" · menunggu {turn.child}" if turn.child else ""
    return f"Giliran {', '.join(turn.jabatan)} · batas {due}{waits}"


def _visit(visit: "VisitRow", found: "CaseStatus") -> tuple[str, ...]:
    again = f" ({visit.round})" if visit.round > 1 else ""
    return (
        "" if visit.no is None else str(visit.no),
        "\n".join([f"{visit.step}{again}", *_parts(visit, found)]),
        format_short_moment(visit.from_),
        format_short_moment(visit.until),
        visit.outcome,
        _time(visit.elapsed_minutes, visit.clock),
        _time(visit.standard_minutes, visit.clock),
    )


def _parts(visit: "VisitRow", found: "CaseStatus") -> Iterator[str]:
    """Who acted with which account, then those of the row who did not."""
    for part in visit.acts:
        who = found.who(part.by)
        yield f"{part.pelaksana}: {who}" if part.pelaksana else who
        if part.on_behalf:
            yield f"untuk {part.on_behalf}"
        if was_typed_later(part.at, part.recorded_at):
            yield f"dicatat {_short(part)}"
    if visit.awaited:
        yield ", ".join(visit.awaited)


def _short(part: "VisitAct") -> str:
    """When a move was typed, with the year where it is another one than that of the move."""
    year = "" if part.at.year == part.recorded_at.year else "-%Y"
    return part.recorded_at.strftime(f"%d-%m{year} %H.%M")


def _document(document: Written, *, valid: bool) -> str:
    gaps = f"; kosong: {'; '.join(document.gaps)}" if document.gaps else ""
    mark = f" ({HANDED_OVER})" if valid else ""
    return f"{document.name} ({ACTS[document.act]}) {document.nomor}".rstrip() + mark + gaps + carried(document)


def carried(document: Written) -> str:
    """What the PDF of a letter that was signed elsewhere carries; empty for what sopctl wrote."""
    if not document.is_returned:
        return ""
    from sopctl.word.pdf_signatures import describe_certificates

    return f"; PDF {describe_certificates(document.certificates)}"


def _entries(found: "CaseStatus", zone: tzinfo) -> Iterator[str]:
    """What was recorded beside the timeline: when, who, what, and the note."""
    for entry in list_history_lines(found.events, found.history, found.names):
        late = f" (dicatat {format_day_time(entry.typed.astimezone(zone))})" if entry.typed else ""
        note = f": {entry.note}" if entry.note else ""
        who = f"{entry.by} " if entry.by else ""
        yield f"{format_day_time(entry.at.astimezone(zone))} {who}{'; '.join(entry.words)}{late}{note}"


def _value(value: FieldValue) -> str:
    if not isinstance(value, list):
        return str(value)
    return "; ".join(each if isinstance(each, str) else ", ".join(filter(None, each.values())) for each in value)


def _time(minutes: float | None, clock: "Clock") -> str:
    """`45 mnt`, `7,5 jam`, `14,0 kal.`, or `-` where there is no standard; working hours however many."""
    return format_cell(by_clock(minutes, clock), "minutes", 0)
