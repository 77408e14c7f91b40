"""What a move came to, in a few lines of plain text."""

import re
from datetime import tzinfo
from typing import TYPE_CHECKING

from sopctl.cli import command_lines, output
from sopctl.cli.field_display import show_values
from sopctl.cli.output import line
from sopctl.cli.record_files import shown_path, ways_to_letters
from sopctl.cli.remedies import sentence
from sopctl.cli.terminal_input import at_a_terminal
from sopctl.engine.state import STATUS
from sopctl.reports.content import format_due
from sopctl.sop.model import ACTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sopctl.desk.outcome import OpenTurn, Outcome
    from sopctl.desk.session import Session
    from sopctl.engine.refused import Refused
    from sopctl.store.record import Record


def show_move(session: "Session", answer: "Outcome | Refused", done: str) -> int:
    """Print what a move came to; its exit code."""
    return output.show(answer, lambda outcome: output.say(moved(session.record, outcome, done)), encode=output.answered)


def moved(record: "Record", outcome: "Outcome", done: str) -> str:
    """The lines after a move: what was written, whose turn it is, until when, what to type next."""
    zone = record.office.zone
    lines = [f"{outcome.id} {done}: {line(outcome.subject)}"]
    lines += [show_values(outcome.filled)] if outcome.filled else []
    if outcome.copied is not None:
        lines.append(f"  Isian    disalin dari berkas terdahulu: {', '.join(outcome.copied) or 'tidak ada yang cocok'}")
    lines += _documents(record, outcome)
    lines += [f"  Berkas   {child} dibuka untuk langkah ini" for child in outcome.opened]
    lines += [*_notices(outcome), *_where(zone, outcome)]
    for other in outcome.also:
        lines += [f"{other.id} maju: {line(other.subject)}", *_notices(other), *_where(zone, other)]
    return "\n".join(lines)


def _documents(record: "Record", outcome: "Outcome") -> "Iterator[str]":
    """The letters that were written, each with where it is; then what opens them, where that is no path."""
    for document in outcome.documents:
        nomor = f" nomor {line(document.nomor)}" if document.nomor else ""
        yield f"  Dokumen  {document.name} ({ACTS[document.act]}){nomor}"
        yield f"           {shown_path(record, document.path)}"
    if outcome.documents:
        yield from (f"           {command}" for command in ways_to_letters(record, outcome.id))


def _notices(outcome: "Outcome") -> list[str]:
    """What is not to be overlooked."""
    return [f"  Penting  {sentence(notice)}" for notice in outcome.notices]


def _where(zone: tzinfo, outcome: "Outcome") -> list[str]:
    """Where a case stands now."""
    if outcome.step is None:
        taken = f" lewat cabang '{line(outcome.outcome)}'" if outcome.outcome else ""
        return [f"  Berkas ini {STATUS[outcome.status]}{taken}."]
    return [
        *(text for turn in outcome.turns for text in _turn(zone, outcome, turn)),
        *_called(outcome),
        *(f"  Lanjut   {command}" for command in dict.fromkeys(_next(outcome))),
        *(f"  Penting  {told}" for told in command_lines.typed_by_hand(outcome.next)),
    ]


def _turn(zone: tzinfo, outcome: "Outcome", turn: "OpenTurn") -> list[str]:
    """Whose turn it is at a row, until when, the fields that it asks for, and those that it offers."""
    wanted = [f"wajib: {', '.join(turn.wanted)}"] if turn.wanted else []
    offered = [f"boleh: {', '.join(turn.offered)}"] if turn.offered else []
    return [
        f"  Giliran  {line(', '.join(turn.jabatan))}",
        f"  Langkah  {output.numbered(turn.no, turn.kegiatan)}",
        f"  Batas    {_due(zone, outcome, turn)}",
        *([f"  Isian    {'; '.join(wanted + offered)}"] if wanted or offered else []),
    ]


def _called(outcome: "Outcome") -> list[str]:
    """The SOP that does the step, or may do it, and what its case is for."""
    by_hand = {action.step for action in outcome.next if action.kind in {"approve", "decide"}}
    return [
        f"  SOP      Langkah ini {'boleh ' if action.step in by_hand else ''}dikerjakan lewat SOP {action.called}: "
        "berkasnya dibuka tersendiri, dan bila berkas itu selesai, langkah ini selesai."
        for action in outcome.next
        if action.kind == "start"
    ]


def _next(outcome: "Outcome") -> "Iterator[str]":
    """The commands that move the case from here; of approve and reject with the branch that they take."""
    labels = {turn.step: turn.labels for turn in outcome.turns}
    for action in outcome.next:
        label = action.label if action.kind != "decide" else ""
        which = f"{_plain(label, labels[action.step].index(label) + 1)}: " if label else ""
        yield which + command_lines.command(outcome.id, action, asks=at_a_terminal())


def _plain(label: str, number: int) -> str:
    """A label as it may stand on the line of a command: somebody will paste the whole line."""
    return label if re.fullmatch(r"[\w .,/-]+", label) else f"cabang ke-{number}"


def _due(zone: tzinfo, outcome: "Outcome", turn: "OpenTurn") -> str:
    if outcome.status == "suspended":
        return "ditunda; waktunya tidak dihitung"
    return format_due(turn.due, turn.due_need, zone) + (f" ({turn.waktu})" if turn.due else "")
