"""What is worth knowing of a record that fits: what `doctor --mend` added to the ledger, and clocks that were wrong."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from sopctl.audit.numbers import Kept
from sopctl.audit.witness import SKEW, Finding, Turned, Witness, listed, named, numbers, upper
from sopctl.engine.guards import format_moment
from sopctl.store.files.ledger import MendLine
from sopctl.store.record import Record

AT_MOST = 10
"""Notices of one sort that are told one by one."""

_NAMED = 5
"""Cases that one notice names."""


def mended(record: Record, told: Witness, id: str | None) -> Iterator[Finding]:
    """The lines that `doctor --mend` added to the ledger, or those about one case."""
    path = record.workspace.relative_path(record.workspace.ledger)
    for line in told.mended:
        if id is None or id in line.cases:
            parts = [*_cases(line), *_sequences(line)]
            what = "Buku besar yang hilang disusun kembali" if line.anew else "Buku besar dilengkapi"
            message = (
                f"{what} ({line.lines} baris) oleh {line.by} pada {format_moment(line.at)}: "
                f"{listed(parts, at_most=_NAMED)}; bandingkan dengan jangkar atau cadangan."
            )
            yield Finding(id or "", path, message, "mended")


def _cases(line: MendLine) -> Iterator[str]:
    return (f"berkas {case} catatan nomor {numbers(found)}" for case, found in line.cases.items())


def _sequences(line: MendLine) -> Iterator[str]:
    return (f"buku agenda {name} baris {numbers(found)}" for name, found in line.sequences.items())


def times(record: Record, told: Witness, cases: Mapping[str, Kept], *, whole: bool) -> Iterator[Finding]:
    """Times that no right clock gives; it may have been an honest wrong one."""
    path = record.workspace.relative_path(record.workspace.ledger)
    turned = (one for one in told.turned if whole or one.case in cases)
    yield from _some(Finding(one.case, path, _back(one), "time") for one in turned)
    now = record.now()
    every = [(case.id, event) for case in cases.values() for event in case.events]
    ahead = (
        Finding(
            id,
            f"data/instances/{id}",
            f"{upper(named(event))} direkam pada {format_moment(event.recorded_at)}, padahal sekarang "
            f"{format_moment(now)}: jam komputer yang merekamnya atau komputer ini keliru.",
            "time",
        )
        for id, event in every
        if event.recorded_at - now > SKEW
    )
    yield from _some(ahead)
    early = (
        Finding(
            id,
            f"data/instances/{id}",
            f"{upper(named(event))} direkam pada {format_moment(event.recorded_at)}, sebelum terjadi: "
            "jam komputer keliru.",
            "time",
        )
        for id, event in every
        if event.at > event.recorded_at
    )
    yield from _some(early)


def _back(one: Turned) -> str:
    return (
        f"Buku besar baris {one.number} (berkas {one.case} catatan nomor {one.revision}) direkam pada "
        f"{format_moment(one.recorded_at)}, lebih awal dari baris sebelumnya ({format_moment(one.before)}): jam "
        "komputer pernah keliru, atau catatan itu ditambahkan kemudian."
    )


def _some(found: Iterable[Finding]) -> Iterator[Finding]:
    """The first of them, then how many more there are."""
    rest = iter(found)
    yield from islice(rest, AT_MOST)
    more = sum(1 for _ in rest)
    if more:
        yield Finding("", "data", f"… dan {more} catatan lain dengan waktu seperti itu.", "time")
