"""`doctor`: complete or sweep interrupted changes, find what is wrong, and, when asked to, mend it without guessing.

A case and a sequence of the register are restored from the ledger, which holds every event and every number; a line
that the ledger lacks is added from a case whose own chain holds, after a line that says who added it, for whoever
forges an entry can ask for that too. An event that the SOP does not allow is never added. A line of the ledger that
sopctl would not have added there is accepted by its number. Nothing is thrown away: what is replaced goes to
`data/aside`. Where the ledger's own chain is broken, nothing is taken from it.
"""

from collections.abc import Iterator
from pathlib import PurePath

from msgspec import Struct

from sopctl.audit import folders
from sopctl.audit.audited_case import first_impossible_event, is_canonical
from sopctl.audit.findings import Finding, format_numbers
from sopctl.audit.interrupted_changes import complete_interrupted_changes
from sopctl.audit.ledger_summary import LedgerSummary, ledger_events_of, summarize_ledger
from sopctl.audit.verify import compare_record, find_lasting
from sopctl.engine.case import Case
from sopctl.engine.events import digest, find_broken_link
from sopctl.engine.instance import Instance
from sopctl.engine.moments import check_clock, format_two_moments
from sopctl.errors import BusyError, DamagedError, NotFoundError, SopctlError
from sopctl.store import ledger
from sopctl.store.ledger import LedgerLine, NumberLine, event_lines
from sopctl.store.protocol import Repair
from sopctl.store.record import Record
from sopctl.store.register import RegisterEntry, decode_entries


class DoctorReport(Struct, frozen=True):
    """What `doctor` mended, in sentences, and what it found and left alone."""

    mended: tuple[str, ...]
    findings: tuple[Finding, ...]
    notices: tuple[Finding, ...] = ()


def run_doctor(record: Record, *, mend: bool = False) -> DoctorReport:
    """Complete or sweep interrupted changes, verify everything, and mend what was found where asked to.

    Raises:
        DamagedError: where an interrupted change cannot be true and mending was not asked for. BusyError: where what
            the computer's clock says cannot be, and something is to be mended.
    """
    if mend:
        check_clock(record.now(), None)
    with record.whole_store.repair(record.now()) as repair:
        done = [*complete_interrupted_changes(record, mend=mend), *folders.sweep_leftovers(record)]
        if mend:
            done += _Repairs(record, repair).run()
        found = compare_record(record, None)
        if found.findings:  # as others' work looks where a connection to a database was lost, and the lock with it
            found = find_lasting(record, None, found)
    findings = (
        *found.findings,
        *folders.check_access(record),
        *folders.check_account_paths(record),
        *folders.check_cache(record),
    )
    return DoctorReport(tuple(done), findings, found.notices)


class _Repairs:
    """Mends one thing after another under the lock; the lines for the ledger are collected for one change."""

    def __init__(self, record: Record, repair: Repair) -> None:
        self._record, self._repair, self._store = record, repair, record.whole_store
        self._lines: list[LedgerLine] = []
        self._cases: dict[str, tuple[int, ...]] = {}
        self._sequences: dict[str, tuple[int, ...]] = {}

    def run(self) -> Iterator[str]:
        """Mend; the sentences that say what was done."""
        yield from folders.mend_access(self._record)
        summary = summarize_ledger(self._store.open_ledger())
        if any(fault.number == summary.lines for fault in summary.faults):
            yield from self._cut_broken_end()
            summary = summarize_ledger(self._store.open_ledger())
        if summary.faults:
            yield "Buku catatan rusak; tidak ada yang dipulihkan darinya, dan tidak ada yang ditambahkan kepadanya."
            yield from self._accept_clock()
            return
        for name in sorted(summary.sequences.keys() | set(self._store.list_sequences())):
            yield from self._mend_sequence(name, summary.sequences.get(name, []))
        for id in sorted(summary.cases.keys() | set(self._record.store.list_ids())):
            yield from self._mend_case(id, summary)
        if any(one.derivable for one in self._store.find_wrong_projections()):
            self._repair.derive_projections()
            yield "Ulangan catatan dalam basis data disusun lagi dari buku catatan dan berkas."
        accepted = tuple(fault.number for fault in summary.order_faults)
        if accepted:
            yield (
                f"Buku catatan baris {format_numbers(accepted)}, yang tidak ditambahkan oleh sopctl, diterima; "
                "dicatat siapa yang menerimanya."
            )
        if self._lines or accepted:
            self._append_lines(accepted, anew=not summary.lines)
        yield from self._accept_clock()

    def _cut_broken_end(self) -> Iterator[str]:
        """Cut off the last lines of the ledger that are not whole, or none of sopctl's: nothing can follow them.

        What they told of and did happen is in the cases and in the register, from which it is added again.
        """
        lines, aside = self._repair.cut_broken_end()
        if lines:
            yield (
                f"{lines} baris terakhir buku catatan, yang terpotong atau rusak, dibuang; aslinya "
                f"disisihkan ke {aside}."
            )

    def _mend_case(self, id: str, summary: LedgerSummary) -> Iterator[str]:
        recorded = summary.cases.get(id, [])
        said = {one.revision: one.head for one in recorded}
        if len(said) != len(recorded):
            return  # two histories of one case: which is the right one is not for a program to say
        try:
            case = self._record.load_case(id)
        except (DamagedError, NotFoundError) as error:
            if error.code != "newer_schema":
                yield self._restore_case(id)
            return
        heads = {event.number: digest(event) for event in case.instance.events}
        differs = any(head != heads.get(number) for number, head in said.items())
        rewritten = heads.keys() == said.keys() and not is_canonical(case.instance, self._store.read_case(id))
        if differs or rewritten:
            yield self._restore_case(id)
        elif missing := sorted(heads.keys() - said.keys()):
            yield self._add_events(case, missing)

    def _add_events(self, case: Case, missing: list[int]) -> str:
        """Add to the ledger what it lacks of a case whose own chain holds, and whose events are all possible."""
        if impossible := first_impossible_event(self._record, case.instance):
            return (
                f"Buku catatan tidak dilengkapi dari berkas {case.id}: catatan nomor {impossible.number} tidak mungkin "
                "menurut SOP-nya. Pulihkan berkas itu dari cadangan."
            )
        self._lines += [line for line in event_lines(case.instance, 0) if line.revision in missing]
        self._cases[case.id] = tuple(missing)
        return f"Buku catatan dilengkapi dengan catatan nomor {format_numbers(missing)} berkas {case.id}."

    def _restore_case(self, id: str) -> str:
        """Write a case again from the ledger, where that has all of it and its chain holds."""
        instance = self._replay_ledger(id)
        if instance is None:
            return f"Berkas {id} tidak dapat disusun kembali dari buku catatan; pulihkan dari cadangan."
        aside = _put_aside(self._repair.replace_case(instance))
        return f"Berkas {id} disusun kembali dari buku catatan ({instance.revision} catatan){aside}."

    def _replay_ledger(self, id: str) -> Instance | None:
        lines = ledger_events_of(self._store.open_ledger(), id)
        events = tuple(line.event for line in lines)
        if not lines or find_broken_link(id, lines[0].version, events, lines[-1].head) is not None:
            return None
        try:
            instance = Case.from_events(id, lines[0].version, events, self._record.load_sop).instance
            return instance if first_impossible_event(self._record, instance) is None else None
        except (SopctlError, KeyError, ValueError, IndexError):
            return None

    def _mend_sequence(self, name: str, recorded: list[RegisterEntry]) -> Iterator[str]:
        """Write a sequence of the register again from the ledger, or add to the ledger the lines that it lacks."""
        try:
            stored: list[RegisterEntry] | None = [*decode_entries(self._store.read_sequence(name), PurePath(name))]
        except DamagedError:
            stored = None
        if stored == recorded:
            return
        added = stored[len(recorded) :] if stored is not None and stored[: len(recorded)] == recorded else []
        if added and {*recorded}.isdisjoint(added):  # sopctl never writes a line twice
            self._lines += [NumberLine(previous="", sequence=name, entry=entry) for entry in added]
            self._sequences[name] = tuple(range(len(recorded) + 1, len(recorded) + len(added) + 1))
            yield f"Buku catatan dilengkapi dengan {len(added)} baris buku agenda {name}."
            return
        aside = _put_aside(self._repair.replace_sequence(name, recorded))
        yield f"Buku agenda {name} disusun kembali dari buku catatan ({len(recorded)} baris){aside}."

    def _accept_clock(self) -> Iterator[str]:
        """Where the last line was recorded by a clock that ran ahead, add one of today, which counts from then on."""
        now, last = self._record.now(), ledger.recording_moment(self._store.open_ledger().last_line())
        try:
            check_clock(now, last)
        except BusyError:
            mended = ledger.MendLine(previous="", at=now, by=self._record.account, lines=0, ahead=last)
            self._repair.append_lines([mended])
            said, ahead = format_two_moments(now, last or now)
            yield (
                f"Catatan terakhir dibuat {ahead}, sesudah jam komputer ini ({said}): jam waktu itu keliru. "
                "Pencatatan berlanjut dengan jam ini."
            )

    def _append_lines(self, accepted: tuple[int, ...], *, anew: bool) -> None:
        """Add the lines to the ledger, after one that says who added them: cut off it would take them along."""
        mended = ledger.MendLine(
            previous="", at=self._record.now(), by=self._record.account, lines=len(self._lines),
            cases=self._cases, sequences=self._sequences, anew=anew, accepted=accepted,
        )  # fmt: skip
        self._repair.append_lines([mended, *self._lines])


def _put_aside(aside: str) -> str:
    """The end of a sentence that says where what was replaced was put, empty where there was nothing."""
    return f"; yang lama disisihkan ke {aside}" if aside else ""
