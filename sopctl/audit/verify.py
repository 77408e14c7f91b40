"""`verify`: everything is compared with everything that tells of it: events, ledger, SOP version, files, numbers.

It reads without waiting for anybody. What does not fit is looked at once more as the one writer, after what a dead
process left on its way is finished: so a command at work, or one that was killed, is never taken for a damage.
"""

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from sopctl.audit import folders, notices, unfinished
from sopctl.audit import numbers as letters
from sopctl.audit.offices import Office, not_kept, offices_used, opened_to_all
from sopctl.audit.permitted import unpermitted
from sopctl.audit.witness import COMPARE, Finding, Told, Witness, event_of, named, numbers, spans, upper, witness
from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, Written, digest, first_version
from sopctl.engine.guards import format_moment
from sopctl.engine.instance import SCHEMA
from sopctl.engine.replay import ImpossibleEvent, find_impossible_event
from sopctl.errors import BusyError, DamagedError, NotFoundError, SopctlError
from sopctl.sop.model import ACTS
from sopctl.store import disk
from sopctl.store.files import cases
from sopctl.store.files.cases import REMEDY
from sopctl.store.record import Record

LARGEST = 200_000_000
"""Bytes of a Word file or an attachment that are read."""


class Verified(Struct, frozen=True, kw_only=True):
    """What `verify` looked at (cases, events, files, letter numbers, lines of the ledger) and what it found.

    ``notices`` are worth knowing, though nothing differs from what was recorded.
    """

    cases: int
    events: int
    files: int
    numbers: int
    lines: int
    findings: tuple[Finding, ...]
    notices: tuple[Finding, ...] = ()
    offices: tuple[Office, ...] = ()


def verify(record: Record, id: str | None) -> Verified:
    """Compare one case, or all, with everything that was recorded of it.

    Raises:
        NotFoundError: where neither a case nor the ledger knows the id.
    """
    waiting = unfinished.unfinished(record)
    found = compare(record, id)
    if found.findings and not waiting.findings:
        with suppress(BusyError, DamagedError), record.store.begin():
            found = compare(record, id)
    left = waiting.notices(finished=not unfinished.there(record))
    return replace(found, findings=(*waiting.findings, *found.findings), notices=(*left, *found.notices))


def compare(record: Record, id: str | None) -> Verified:
    """The same, as things lie at this moment."""
    told = witness(record.workspace)
    ids = [_matching(record, told, id)] if id else _every(record, told)
    look = _Look(record, told)
    findings = [*_ledger(record, told)]
    for name in ids:
        findings += look.case(name)
    findings += letters.compare(record, told, look.cases, whole=id is None)
    every = offices_used(record, told.offices)
    used = every if id is None else offices_used(record, spans(told.cases.get(ids[0], [])))
    findings += not_kept(record, used)
    seen = [*notices.mended(record, told, ids[0] if id else None), *opened_to_all(every, {one.version for one in used})]
    seen += notices.times(record, told, look.cases, whole=id is None)
    if id is None:
        findings += folders.strays(record, look.cases, ids)
        seen += folders.unknown(record, told, look.cases, ids)
    return Verified(
        cases=len(ids),
        events=sum(len(case.events) for case in look.cases.values()),
        files=look.files,
        numbers=sum(map(len, told.sequences.values())) if id is None else look.numbers,
        lines=told.lines,
        findings=tuple(findings),
        notices=tuple(seen),
        offices=used,
    )


class _Look:
    """One look at the cases; ``cases`` grows with those that could be read."""

    def __init__(self, record: Record, told: Witness) -> None:
        self._record = record
        self._told = told
        self.cases: dict[str, letters.Kept] = {}
        self.files = 0
        self.numbers = 0

    def case(self, id: str) -> Iterator[Finding]:
        """What is not as recorded about one case."""
        told = self._told.cases.get(id, [])
        path = f"data/instances/{id}"
        try:
            case = self._record.load_case(id)
        except NotFoundError as error:
            yield _lost(id, self._told, error)
            return
        except DamagedError as error:
            yield Finding(id, path, error.message)
            return
        kept = letters.Kept.of(case)
        self.cases[id] = kept
        self.numbers += len(kept.numbers)
        if not as_written(self._record, case):
            message = f"Berkas {id} ditulis ulang di luar sopctl, walaupun isinya sama. {REMEDY}"
            yield Finding(id, path, message, "changed")
        doubt = doubtful(self._record, case)
        if doubt is not None:
            message = (
                f"{upper(event_of(case.instance, doubt.number))} tidak mungkin menurut SOP-nya. Pada saat itu: "
                f"{doubt.why} {COMPARE}, dan pulihkan dari cadangan."
            )
            yield Finding(id, path, message, "impossible")
        if self._told.there:
            yield from _against_the_ledger(case, told, self._told, doubt)
            yield from unpermitted(self._record, case, told)
        for number, file in kept.files:
            self.files += 1
            yield from _file(self._record, case, number, file)


def doubtful(record: Record, case: Case) -> ImpossibleEvent | None:
    """The first event of a case that the engine would not have allowed."""
    events = case.instance.events
    return find_impossible_event(first_version(case.instance.version, events), events, record.load_sop)


def _matching(record: Record, told: Witness, text: str) -> str:
    """The id that is meant: of a case that is there, else of one that the ledger knows."""
    try:
        return record.store.find_id(text)
    except NotFoundError:
        if text.strip().lower() in told.cases:
            return text.strip().lower()
        raise


def _every(record: Record, told: Witness) -> list[str]:
    there = list(record.store.list_ids())
    return there + sorted(told.cases.keys() - set(there))


def _ledger(record: Record, told: Witness) -> Iterator[Finding]:
    """What is wrong with the ledger itself."""
    path = record.workspace.relative_path(record.workspace.ledger)
    if not told.there and (record.workspace.instances.exists() or record.workspace.agenda.exists()):
        yield Finding(
            "",
            path,
            f"Buku besar {path} tidak ada. Pulihkan dari cadangan; bila memang tidak ada cadangannya, sopctl doctor "
            "--mend menyusunnya dari berkas-berkas yang ada dan mencatat siapa yang melakukannya.",
            "ledger",
        )
    for fault in told.faults:
        if fault.reason == "unreadable":
            end = " terpotong" if told.torn and fault.number == told.lines else " tidak terbaca"
            message = f"Buku besar {path} baris {fault.number}{end}. Pulihkan dari cadangan."
        else:
            message = (
                f"Rantai buku besar {path} putus pada baris {fault.number}: baris itu atau baris sebelumnya diubah, "
                "dihapus, atau disisipkan. Pulihkan dari cadangan."
            )
        yield Finding("", path, message, "ledger")


def _lost(id: str, told: Witness, error: NotFoundError) -> Finding:
    """A case that is not there, or whose SOP version is not."""
    if error.code == "id":
        mend = ", atau dari buku besar dengan sopctl doctor --mend" if told.whole else ""
        message = (
            f"Berkas {id} hilang: buku besar mencatat {len(told.cases.get(id, []))} catatannya. Pulihkan dari "
            f"cadangan{mend}."
        )
        return Finding(id, f"data/instances/{id}", message, "lost")
    return Finding(id, "", f"{error.message} Tanpa itu berkas {id} tidak dapat dibaca; pulihkan dari cadangan.")


def _against_the_ledger(
    case: Case, told: list[Told], witness: Witness, doubt: ImpossibleEvent | None
) -> Iterator[Finding]:
    """How the events of a case differ from what the ledger says of them: the first difference of each sort."""
    events = case.instance.events
    said = {one.revision: one.head for one in told}
    path = f"data/instances/{case.id}"
    restored = "Pulihkan dari cadangan." if doubt else witness.remedy("menyusun kembali berkas ini dari buku besar")
    version = first_version(case.instance.version, events)
    other = [one.revision for one in told if one.version != version]
    if other:
        message = f"Buku besar mencatat versi SOP lain untuk catatan nomor {numbers(other)}: diubah di luar sopctl."
        yield Finding(case.id, path, message, "changed")
    twice = sorted({one.revision for one in told if said[one.revision] != one.head})
    if twice:
        message = (
            f"Buku besar mencatat catatan nomor {numbers(twice)} dua kali dengan isi berbeda: berkas ini pernah "
            "diganti dengan keadaan yang lebih lama. Bandingkan dengan cadangan."
        )
        yield Finding(case.id, path, message, "changed")
    for event in events:
        if event.number in said and said[event.number] != digest(event) and event.number not in twice:
            message = (
                f"{upper(named(event))} berbeda dari buku besar: diubah di luar sopctl, atau sesudah dicatat. "
                f"{restored}"
            )
            yield Finding(case.id, path, message, "changed")
            break
    ahead = [event.number for event in events if event.number not in said]
    if ahead:
        mend = "melengkapi buku besar dan mencatat siapa yang melengkapinya"
        message = (
            f"{upper(event_of(case.instance, ahead[0]))}{_and_more(ahead)} tidak ada dalam buku besar: disisipkan di "
            f"luar sopctl, atau baris buku besarnya hilang. "
            f"{'Pulihkan dari cadangan.' if doubt else witness.remedy(mend)}"
        )
        yield Finding(case.id, path, message, "ahead")
    behind = sorted(number for number in said if number > len(events))
    if behind:
        message = f"Catatan nomor {numbers(behind)} terhapus dari berkas; buku besar mencatatnya. {restored}"
        yield Finding(case.id, path, message, "behind")


def _and_more(found: list[int]) -> str:
    return f" dan {len(found) - 1} catatan lain" if len(found) > 1 else ""


def as_written(record: Record, case: Case) -> bool:
    """Whether the file of a case is byte for byte what sopctl writes of it; another schema is written anew some day."""
    data = disk.read_file(cases.path_of(record.workspace.instances, case.id), limit=cases.LARGEST)
    return case.instance.schema != SCHEMA or data == cases.encode(case.instance)


def _file(record: Record, case: Case, number: int, file: Written | Attachment) -> Iterator[Finding]:
    """Whether a file of a case is what its event recorded."""
    event = case.instance.events[number - 1]
    what = f"dokumen {file.name} ({ACTS[file.act]})" if isinstance(file, Written) else f"lampiran {file.item}"
    step = getattr(event, "step", "")
    owner = f"{what}{f' dari langkah {step}' if step else ''}, {format_moment(event.at)}"
    try:
        data = disk.read_file(record.workspace.root / file.path, limit=LARGEST)
    except NotFoundError:
        message = f"{file.path} hilang: {owner}. Pulihkan dari cadangan."
        yield Finding(case.id, file.path, message, "file")
        return
    except SopctlError as error:
        yield Finding(case.id, file.path, error.message, "file")
        return
    if sha256(data).hexdigest() != file.sha256:
        message = f"Isi {file.path} tidak sama dengan yang dicatat: {owner}. Pulihkan dari cadangan."
        yield Finding(case.id, file.path, message, "file")
