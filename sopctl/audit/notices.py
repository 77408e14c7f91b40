"""Notices about a record that fits: what `doctor --mend` added to the ledger, and times that no right clock gives."""

from collections.abc import Iterator, Mapping

from sopctl.audit.audited_case import AuditedCase
from sopctl.audit.findings import Finding, case_finding, describe_event, format_list, format_numbers
from sopctl.audit.ledger_summary import CLOCK_SKEW, ClockRegression, LedgerSummary
from sopctl.engine.moments import format_moment, format_two_moments
from sopctl.store.record import Record

_NAMED = 5
"""Cases that one notice names."""


def ledger_repairs(ledger: LedgerSummary, id: str | None) -> Iterator[Finding]:
    """The lines that `doctor --mend` added to the ledger or accepted, or those about one case."""
    accepted = {fault.number for fault in ledger.accepted if id in {None, fault.case}}
    for line in ledger.mended:
        if line.ahead is not None and id is None:
            now, ahead = format_two_moments(line.at, line.ahead)
            message = f"Catatan yang dibuat {ahead} mendahului jam; {line.by} melanjutkan pencatatan pada {now}."
            yield Finding("", ledger.name, message, "mended")
        if numbers := accepted.intersection(line.accepted):
            message = (
                f"Buku catatan baris {format_numbers(numbers)}, yang tidak ditambahkan oleh sopctl, diterima oleh "
                f"{line.by} pada {format_moment(line.at)}; bandingkan dengan sidik catatan atau cadangan."
            )
            yield Finding(id or "", ledger.name, message, "mended")
        if line.lines and (id is None or id in line.cases):
            parts = [f"berkas {case} catatan nomor {format_numbers(found)}" for case, found in line.cases.items()]
            parts += [f"buku agenda {name} baris {format_numbers(found)}" for name, found in line.sequences.items()]
            what = "Buku catatan yang hilang disusun kembali" if line.anew else "Buku catatan dilengkapi"
            message = (
                f"{what} ({line.lines} baris) oleh {line.by} pada {format_moment(line.at)}: "
                f"{format_list(parts, at_most=_NAMED)}; bandingkan dengan sidik catatan atau cadangan."
            )
            yield Finding(id or "", ledger.name, message, "mended")


def clock_notices(
    record: Record, ledger: LedgerSummary, cases: Mapping[str, AuditedCase], *, all_cases: bool
) -> Iterator[Finding]:
    """Times that no right clock gives: in the order of the ledger, in the future, before the event itself."""
    now = record.now()
    regressions = (one for one in ledger.regressions if all_cases or one.line.case in cases)
    yield from (Finding(one.line.case, ledger.name, _describe_regression(one), "time") for one in regressions)
    for case in cases.values():
        for event in case.misdated:
            said = f"{describe_event(event)} direkam pada {format_moment(event.recorded_at)}"
            if event.recorded_at - now > CLOCK_SKEW:
                why = f"padahal sekarang {format_moment(now)}: jam komputer yang merekamnya atau komputer ini keliru."
                yield case_finding(case.id, f"{said}, {why}", "time")
            if event.at > event.recorded_at:
                yield case_finding(case.id, f"{said}, sebelum terjadi: jam komputer keliru.", "time")


def paper_notices(cases: Mapping[str, AuditedCase]) -> Iterator[Finding]:
    """The moves that an account recorded for an official who made them on paper, a notice for each case."""
    for case in cases.values():
        if case.on_behalf:
            said = [f"nomor {one.number} untuk {one.on_behalf} oleh {one.by}" for one in case.on_behalf]
            moves = format_list(said, at_most=_NAMED)
            yield case_finding(case.id, f"Dikerjakan di atas kertas dan dicatat orang lain: {moves}.", "paper")


def _describe_regression(one: ClockRegression) -> str:
    return (
        f"Buku catatan baris {one.number} (berkas {one.line.case} catatan nomor {one.line.revision}) direkam pada "
        f"{format_moment(one.line.event.recorded_at)}, lebih awal dari baris sebelumnya "
        f"({format_moment(one.before)}): jam komputer pernah keliru, atau catatan itu ditambahkan kemudian."
    )
