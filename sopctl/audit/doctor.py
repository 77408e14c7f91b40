"""`doctor`: sweep what a crash left, find what is wrong, and, when asked to, mend what can be mended without guessing.

What is mended comes from the newest whole copy: a case and a register are made again from the ledger, which holds every
event and every number; a line that the ledger lacks is added from a case whose own chain holds, after a line that says
who added it, for whoever forges an entry can ask for that too. An event that the SOP has no way for is never added.
Nothing is thrown away: what is replaced goes to `data/aside`. Where the ledger itself does not hold, nothing is taken
from it.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from msgspec import Struct

from sopctl.audit import folders, unfinished
from sopctl.audit.verify import as_written, compare, doubtful
from sopctl.audit.witness import Finding, Witness, chain_of, numbers, witness
from sopctl.engine.case import Case
from sopctl.engine.events import digest, find_broken_link
from sopctl.engine.instance import Instance
from sopctl.errors import DamagedError, NotFoundError, SopctlError
from sopctl.store import disk
from sopctl.store.files import cases, journal, ledger, register
from sopctl.store.files.json_transaction import event_lines
from sopctl.store.files.ledger import LedgerLine, NumberLine
from sopctl.store.files.lock import hold_lock
from sopctl.store.files.register import RegisterEntry
from sopctl.store.record import Record


class Mended(Struct, frozen=True):
    """What `doctor` put right, and what it found and left alone."""

    mended: tuple[str, ...]
    findings: tuple[Finding, ...]
    notices: tuple[Finding, ...] = ()


def doctor(record: Record, *, mend: bool = False) -> Mended:
    """Finish or sweep what a dead process left, verify everything, and mend what was found where asked to."""
    workspace = record.workspace
    with disk.use_umask(record.office.record.umask), hold_lock(workspace.lock, f"akun {record.account}"):
        done = [*_swept(record, mend=mend)]
        if mend:
            done += _Mending(record).everything()
        found = compare(record, None)
    wrong = (*found.findings, *folders.access(record), *folders.unused(record))
    return Mended(tuple(done), wrong, found.notices)


def _swept(record: Record, *, mend: bool) -> Iterator[str]:
    workspace = record.workspace
    waiting = unfinished.look(record)
    if waiting.findings and not mend:
        raise DamagedError(waiting.findings[0].message, code="journal")
    if waiting.findings:
        aside = _aside(record, "perubahan-terputus")
        journal.set_aside(workspace.data, aside)
        yield f"Perubahan terputus yang rusak disisihkan ke {workspace.relative_path(aside)}."
    journal.recover(workspace.data)
    yield from (notice.message for notice in waiting.notices(finished=True) if not waiting.findings)
    for path in folders.rubbish(workspace.data):
        with disk.translate_errors(path):
            path.unlink()
        yield f"Sisa berkas sementara dihapus: {workspace.relative_path(path)}."


class _Mending:
    """The lock is held; what is mended is one change after another, each whole."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._workspace = record.workspace
        self._lines: list[LedgerLine] = []
        self._cases: dict[str, tuple[int, ...]] = {}
        self._sequences: dict[str, tuple[int, ...]] = {}

    def everything(self) -> Iterator[str]:
        """Mend, telling what."""
        if any(folders.access(self._record)):
            disk.restrict_folder(self._workspace.data, self._record.office.record.umask)
            yield "Izin folder data disesuaikan dengan sopctl.yaml."
        if opened := folders.open_to_the_group(self._record):
            yield f"{opened} berkas dan folder catatan dibuka bagi kelompok."
        told = witness(self._workspace)
        if told.torn:
            yield self._cut()
            told = witness(self._workspace)
        if told.faults:
            yield "Buku besar rusak; tidak ada yang dipulihkan darinya, dan tidak ada yang ditambahkan kepadanya."
            return
        for name in sorted(told.sequences.keys() | register.sequence_names(self._workspace.agenda)):
            yield from self._register(name, told.sequences.get(name, []))
        for id in sorted(told.cases.keys() | set(self._record.store.list_ids())):
            yield from self._case(id, told)
        if self._lines:
            self._append(anew=not told.lines)

    def _cut(self) -> str:
        """Cut off the last line of the ledger, which is not whole: a change that had not happened."""
        path = self._workspace.ledger
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        aside = self._put_aside(path)
        disk.replace_file(path, whole)
        return f"Baris terakhir buku besar yang terpotong dibuang; aslinya disisihkan ke {aside}."

    def _case(self, id: str, told: Witness) -> Iterator[str]:
        said = {one.revision: one.head for one in told.cases.get(id, [])}
        if len(said) != len(told.cases.get(id, [])):
            return  # two histories of one case: which is the right one is not for a program to say
        try:
            case = self._record.load_case(id)
        except (DamagedError, NotFoundError) as error:
            if error.code != "newer_schema":
                yield from self._again(id)
            return
        heads = {event.number: digest(event) for event in case.instance.events}
        differs = any(head != heads.get(number, head) for number, head in said.items()) or said.keys() - heads.keys()
        if differs or (heads.keys() == said.keys() and not as_written(self._record, case)):
            yield from self._again(id)
        elif missing := sorted(heads.keys() - said.keys()):
            yield from self._told(case, missing)

    def _told(self, case: Case, missing: list[int]) -> Iterator[str]:
        """Add to the ledger what it lacks of a case whose own chain holds, and whose events can all have been."""
        if doubt := doubtful(self._record, case):
            yield (
                f"Buku besar tidak dilengkapi dari berkas {case.id}: catatan nomor {doubt.number} tidak mungkin "
                "menurut SOP-nya. Pulihkan berkas itu dari cadangan."
            )
            return
        self._lines += [line for line in event_lines(case.instance, 0) if line.revision in missing]
        self._cases[case.id] = tuple(missing)
        yield f"Buku besar dilengkapi dengan catatan nomor {numbers(missing)} berkas {case.id}."

    def _again(self, id: str) -> Iterator[str]:
        """Make a case again from the ledger, where that has all of it and the chain holds."""
        instance = self._from_the_ledger(id)
        if instance is None:
            yield f"Berkas {id} tidak dapat disusun kembali dari buku besar; pulihkan dari cadangan."
            return
        path = cases.path_of(self._workspace.instances, id)
        aside = f"; yang lama disisihkan ke {self._put_aside(path)}" if path.exists() else ""
        disk.replace_file(path, cases.encode(instance))
        yield f"Berkas {id} disusun kembali dari buku besar ({instance.revision} catatan){aside}."

    def _from_the_ledger(self, id: str) -> Instance | None:
        chain = chain_of(self._workspace, id)
        events = tuple(line.event for line in chain)
        if not chain or find_broken_link(id, chain[0].version, events, chain[-1].head) is not None:
            return None
        try:
            case = Case.from_events(id, chain[0].version, events, self._record.load_sop)
            return case.instance if doubtful(self._record, case) is None else None
        except (SopctlError, KeyError, ValueError, IndexError):
            return None

    def _register(self, name: str, told: list[RegisterEntry]) -> Iterator[str]:
        """Make a sequence of the register again from the ledger, or tell the ledger the lines that it lacks."""
        path = self._workspace.agenda / name
        try:
            there: list[RegisterEntry] | None = list(register.read_entries(path)) if path.exists() else []
        except DamagedError:
            there = None
        if there == told:
            return
        if there is not None and there[: len(told)] == told:
            self._lines += [NumberLine(previous="", sequence=name, entry=entry) for entry in there[len(told) :]]
            self._sequences[name] = tuple(range(len(told) + 1, len(there) + 1))
            yield f"Buku besar dilengkapi dengan {len(there) - len(told)} baris buku agenda {name}."
            return
        aside = f"; yang lama disisihkan ke {self._put_aside(path)}" if path.exists() else ""
        disk.replace_file(path, b"".join(map(register.encode_entry, told)))
        yield f"Buku agenda {name} disusun kembali dari buku besar ({len(told)} baris){aside}."

    def _append(self, *, anew: bool) -> None:
        """Add the lines to the ledger, after one that says who added them: cut off it would take them along."""
        path = self._workspace.ledger
        before = ledger.read_last_line(path)
        said = ledger.MendLine(
            previous="", at=self._record.now(), by=self._record.account, lines=len(self._lines),
            cases=self._cases, sequences=self._sequences, anew=anew,
        )  # fmt: skip
        change = journal.FileTransaction(self._workspace.data)
        change.append_line(path, ledger.encode_chain([said, *self._lines], ledger.hash_line(before) if before else ""))
        change.commit()

    def _put_aside(self, path: Path) -> str:
        """Keep a copy of a file that is about to be replaced; where it lies now."""
        target = _aside(self._record, path.name)
        disk.replace_file(target, path.read_bytes())
        return self._workspace.relative_path(target)


def _aside(record: Record, name: str) -> Path:
    """A path in the folder of what was put aside that nothing has yet."""
    paths = (record.workspace.aside / f"{record.now():%Y%m%d-%H%M%S}-{number}-{name}" for number in count(1))
    return next(path for path in paths if not path.exists())
