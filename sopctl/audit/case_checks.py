"""The checks of one case: its file, its events against SOP, ledger and permissions, its Word files and attachments."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import attrgetter

from sopctl.audit.audited_case import first_impossible_event, is_canonical
from sopctl.audit.file_hashes import FileHashes, check_file, is_as_recorded
from sopctl.audit.findings import COMPARE_FIRST, Finding, case_finding, describe_event, format_numbers
from sopctl.audit.ledger_summary import LedgerEvent, LedgerSummary
from sopctl.audit.permissions import PermissionChecks
from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, Event, Written, first_version
from sopctl.engine.moments import format_moment
from sopctl.engine.state import State
from sopctl.sop.model import ACTS, Sop
from sopctl.store.case_json import REMEDY


def check_case(
    permissions: PermissionChecks,
    ledger: LedgerSummary,
    hashes: FileHashes,
    case: Case,
    data: bytes,
    states: Sequence[tuple[Sop, State]],
) -> Iterator[Finding]:
    """What is not as recorded about a case that can be read from these bytes; ``states`` are those after each event."""
    record = permissions.record
    if not is_canonical(case.instance, data):
        message = f"Berkas {case.id} ditulis ulang di luar sopctl, walaupun isinya sama. {REMEDY}"
        yield case_finding(case.id, message, "changed", "rebuild")
    impossible = first_impossible_event(record, case.instance, states)
    if impossible is not None:
        message = (
            f"{describe_event(case.instance.events[impossible.number - 1])} tidak mungkin menurut SOP-nya. Pada saat "
            f"itu: {impossible.why} {COMPARE_FIRST}, dan pulihkan dari cadangan."
        )
        yield case_finding(case.id, message, "impossible")
    if ledger.exists:
        recorded = ledger.cases.get(case.id, [])
        yield from _check_against_ledger(case, recorded, ledger, doubtful=impossible is not None)
        yield from permissions.check(case, recorded)
    for event in case.instance.events:
        for file in event.files:
            if not is_as_recorded(hashes, file):
                yield from check_file(record, file, _describe_file(event, file), case.id)


def _check_against_ledger(
    case: Case, recorded: Sequence[LedgerEvent], ledger: LedgerSummary, *, doubtful: bool
) -> Iterator[Finding]:
    """How the events of a case differ from what the ledger says of them: the first difference of each sort.

    A case that is ``doubtful`` may be a forgery: nothing is made of it.
    """
    events = case.instance.events
    own = [*(event.previous for event in events[1:]), case.instance.head]  # the chain of a case that is read holds
    version = first_version(case.instance.version, events)
    columns = [[*map(attrgetter(name), recorded)] for name in ("head", "revision", "version")]
    if columns == [own, [*range(1, len(own) + 1)], [version] * len(own)]:
        return
    if other := [one.revision for one in recorded if one.version != version]:
        message = (
            f"Buku catatan mencatat versi SOP lain untuk catatan nomor {format_numbers(other)}: diubah di luar sopctl."
        )
        yield case_finding(case.id, message, "changed")
    yield from _compare_events(case, own, recorded, partial(ledger.remedy, doubtful=doubtful))


def _compare_events(
    case: Case, own: Sequence[str], recorded: Sequence[LedgerEvent], remedy: Callable[[str], tuple[str, str]]
) -> Iterator[Finding]:
    """The events that the ledger has in two ways, otherwise than the case (with these hashes), not at all, or alone."""
    events, heads = case.instance.events, {one.revision: one.head for one in recorded}
    twice = {one.revision for one in recorded if heads[one.revision] != one.head}
    if twice:
        message = (
            f"Buku catatan mencatat catatan nomor {format_numbers(twice)} dua kali dengan isi berbeda: berkas ini "
            "pernah diganti dengan keadaan yang lebih lama. Bandingkan dengan cadangan."
        )
        yield case_finding(case.id, message, "changed")
    (restore, rebuild), (add, complete) = remedy("rebuild_case"), remedy("complete_ledger")
    once = (event for event in events if event.number in heads and event.number not in twice)
    changed = next((event for event in once if heads[event.number] != own[event.number - 1]), None)
    if changed is not None:
        what = f"{describe_event(changed)} berbeda dari buku catatan"
        message = f"{what}: diubah di luar sopctl, atau sesudah dicatat. {restore}"
        yield case_finding(case.id, message, "changed", rebuild)
    if ahead := [event for event in events if event.number not in heads]:
        more = f" dan {len(ahead) - 1} catatan lain" if len(ahead) > 1 else ""
        message = (
            f"{describe_event(ahead[0])}{more} tidak ada dalam buku catatan: disisipkan di luar sopctl, atau baris "
            f"buku catatannya hilang. {add}"
        )
        yield case_finding(case.id, message, "ahead", complete)
    if behind := [number for number in heads if number > len(events)]:
        message = f"Catatan nomor {format_numbers(behind)} terhapus dari berkas; buku catatan mencatatnya. {restore}"
        yield case_finding(case.id, message, "behind", rebuild)


def _describe_file(event: Event, file: Written | Attachment) -> str:
    what = f"dokumen {file.name} ({ACTS[file.act]})" if isinstance(file, Written) else f"lampiran {file.item}"
    step = getattr(event, "step", "")
    return f"{what}{f' dari langkah {step}' if step else ''}, {format_moment(event.at)}"
