"""What waits, as people read it on a terminal: the inbox, two lines a turn, and the answer to "kenapa macet"."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sopctl.cli.command_lines import next_commands, typed_by_hand
from sopctl.cli.output import line, numbered, plain, readable, say
from sopctl.cli.screen import console, styled, table
from sopctl.cli.terminal_input import at_a_terminal
from sopctl.engine.guards import ABSENT
from sopctl.engine.moments import format_day_time, format_short_moment
from sopctl.engine.state import STATUS
from sopctl.reports.content import by_clock, describe_due, format_cell, format_count, format_left, spell_out

if TYPE_CHECKING:
    from rich.text import Text

    from sopctl.desk.why import Holder, Why
    from sopctl.measure.inbox import WaitingTurn

SHOWN = 30
"""Turns that are listed unless all are asked for."""

_FIRST = "Berkas, giliran"
"""The title of the first column, which is never narrower."""

_NARROW = 11
"""Letters that a column has at least."""

_TITLE = 16
"""Letters of a title that widen the first column; a longer one is cut off."""

_GAPS = 6
"""Letters between the four columns."""


def inbox(rows: "Sequence[WaitingTurn]", day_minutes: float, *, at_most: int | None, damaged: int = 0) -> None:
    """What waits for whom, the most urgent first, ``at_most`` so many turns; of the ``damaged`` cases nobody knows."""
    screen = console()
    if not rows:
        screen.print(readable("tidak ada yang menunggu", damaged))
        return
    shown = rows[:at_most]
    columns = table(_FIRST, "Perihal, langkah", "Batas", "Terpakai")
    ends = [(_due(row, day_minutes), _spent(row, day_minutes)) for row in shown]
    due, spent = (max(len(one) for end in column for one in str(end).split("\n")) for column in zip(*ends, strict=True))
    first = max(len(_FIRST), *(max(len(row.id), min(len(row.jabatan), _TITLE)) for row in shown))
    widths = (first, screen.width - first - due - spent - _GAPS, due, spent)
    for column, width in zip(columns.columns, widths, strict=True):
        column.width, column.overflow, column.no_wrap = max(width, _NARROW), "ellipsis", True
    for row, end in zip(shown, ends, strict=True):
        what = f"{line(row.subject)}\n{numbered(row.no, row.kegiatan)}"
        columns.add_row(plain(f"{row.id}\n{row.jabatan}"), plain(what), *end)
    screen.print(columns)
    late = sum(row.late for row in rows)
    more = f"; {format_count(len(rows) - len(shown))} lagi dengan --all" if len(shown) < len(rows) else ""
    screen.print(f"{format_count(len(rows))} menunggu, {format_count(late)} terlambat{more}.")


def why(found: "Why", day_minutes: float) -> None:
    """Who holds a case, since when, what is missing, who may act, what to type."""
    say(f"{found.id} · {line(found.subject)}")
    for row in (found, *found.also):
        for label, words in _answers(row, day_minutes):
            say(f"  {label:<8} {words}")
    for note in (*typed_by_hand(found.next), *found.notes) if found.step and found.status != "suspended" else ():
        say(f"  {'Penting':<8} {note}")
    for number, command in enumerate(next_commands(found.id, found.next, asks=at_a_terminal())):
        say(f"  {'Perintah' if number == 0 else '':<8} {command}")


def _answers(found: "Why", day_minutes: float) -> Iterator[tuple[str, str]]:
    if found.step is None:
        yield "Keadaan", f"{STATUS[found.status]} sejak {format_day_time(found.since)}; tidak ada yang ditunggu."
        return
    again = f" (putaran ke-{found.round})" if found.round > 1 else ""
    yield "Langkah", f"{numbered(found.no, found.kegiatan or '')}{again}"
    if found.status == "suspended":
        yield "Keadaan", f"ditunda sejak {format_day_time(found.since)}: {found.reason}. Waktunya tidak dihitung."
        return
    if (back := found.rejection) is not None:
        sent = format_day_time(back.at.astimezone(found.since.tzinfo))
        yield "Kembali", f"ditolak {line(back.who)}, {sent}, dengan alasan: {line(back.note)}"
    if found.child:
        yield "Menunggu", f"berkas {found.child} dari SOP lain; langkah ini selesai bila berkas itu selesai."
    for holder in found.holders:
        yield "Pemegang", f"{holder.jabatan}{_people(holder)}"
    yield "Sejak", f"{format_day_time(found.since)}, {_used(found, day_minutes)}"
    yield "Batas", describe_due(found, day_minutes)
    yield (
        "Mulai",
        format_day_time(found.begun) if found.begun else "belum ada catatan mulai dikerjakan (sopctl begin)",
    )
    called = [f"berkas {found.child} belum selesai"] if found.child else []
    missing = [*called, *found.missing_fields.values(), *found.missing_items]
    yield "Kurang", ", ".join(missing) if missing else "tidak ada; tinggal menunggu tindakan."


def _people(holder: "Holder") -> str:
    if holder.absent:
        return f"; {holder.absent}, yang ditugasi, {ABSENT}"
    if holder.people:
        return f"; hari ini: {', '.join(holder.people)}"
    if holder.anybody:
        return "; siapa pun yang memegang komputer dapat bertindak"
    return "; tidak ada pejabat yang berwenang hari ini (lihat officials di sopctl.yaml)"


def _used(found: "Why", day_minutes: float) -> str:
    spent, standard = (
        spell_out(format_cell(by_clock(minutes, found.clock), "minutes", day_minutes))
        for minutes in (found.elapsed_minutes or 0, found.standard_minutes)
    )
    if found.standard_minutes is None:
        return f"terpakai {spent} waktu kerja{'' if found.due or found.due_need else ', tanpa standar'}"
    return f"terpakai {spent} dari {standard}{' waktu kerja' if found.clock == 'working' else ''}"


def _due(row: "WaitingTurn", day_minutes: float) -> "Text":
    if row.due is None or row.left_minutes is None:
        return styled("belum diketahui" if row.due_need else "tanpa standar", "")
    left = format_left(row.left_minutes, row.clock, day_minutes) if row.left_minutes or not row.late else "lewat batas"
    words = f"{format_short_moment(row.due)}\n{left}"
    return styled(words, "bold red") if row.late else styled(words, "")


def _spent(row: "WaitingTurn", day_minutes: float) -> str:
    spent, standard = (
        format_cell(by_clock(minutes, row.clock), "minutes", day_minutes)
        for minutes in (row.elapsed_minutes, row.standard_minutes)
    )
    of = "" if row.standard_minutes is None else f" / {standard}"
    return f"{spent}{of}\nsejak {format_short_moment(row.since)}"
