"""Checks the register of incoming letters: its numbers, its scans, and the cases that were opened from its entries.

That its lines are those of the ledger is checked with those of outgoing letters.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from sopctl.audit.audited_case import AuditedCase
from sopctl.audit.file_hashes import FileHashes, check_file, is_as_recorded
from sopctl.audit.findings import Finding, register_finding
from sopctl.store.incoming_register import list_scans
from sopctl.store.record import Record
from sopctl.store.register import RegisterEntry


def check_incoming_register(
    record: Record,
    sequences: Mapping[str, list[RegisterEntry]],
    cases: Mapping[str, AuditedCase],
    hashes: FileHashes,
    *,
    all_cases: bool,
) -> Iterator[Finding]:
    """What does not fit; of one case only whether it and its entry name each other."""
    if all_cases:
        for name, entries in sequences.items():
            yield from _wrong_numbers(name, entries)
            for scan in list_scans(entries):
                if not is_as_recorded(hashes, scan):
                    yield from check_file(record, scan, f"pindaian surat masuk (buku agenda {name})")
    yield from _contradicted_cases(record, sequences, cases)


def _wrong_numbers(name: str, entries: list[RegisterEntry]) -> Iterator[Finding]:
    """Numbers that were given more than once, and lines about a number that was not given."""
    given = Counter(entry.nomor for entry in entries if entry.kind in {"given", "entered"})
    for nomor, times in given.items():
        if times > 1:
            yield register_finding(
                f"No. Agenda {nomor} diberikan {times} kali dalam buku agenda {name}.", sequence=name
            )
    for nomor in dict.fromkeys(entry.nomor for entry in entries if entry.nomor not in given):
        message = f"Buku agenda {name} menyebut No. Agenda {nomor}, yang tidak pernah diberikan."
        yield register_finding(message, sequence=name)


def _contradicted_cases(
    record: Record, sequences: Mapping[str, list[RegisterEntry]], cases: Mapping[str, AuditedCase]
) -> Iterator[Finding]:
    """Cases that name an entry which does not name them, and the other way round; of unreadable ones nothing."""
    opened = [(name, entry) for name, lines in sequences.items() for entry in lines if entry.kind == "opened"]
    told = {entry.id for _, entry in opened}
    for case in cases.values():
        if case.agenda is not None and case.id not in told:
            name, nomor = case.agenda
            message = f"Berkas {case.id} menyebut No. Agenda {nomor} ({name}), yang tidak menyebut berkas itu."
            yield register_finding(message, id=case.id, sequence=name)
    stored = set(record.store.list_ids()) if told - cases.keys() else {*cases}
    for name, entry in opened:
        id = entry.id
        if id in cases and cases[id].agenda != (name, entry.nomor):
            message = f"Buku agenda {name} menyebut berkas {id} pada No. Agenda {entry.nomor}; berkas itu tidak."
            yield register_finding(message, id=id, sequence=name)
        elif id not in stored:
            yield register_finding(f"Buku agenda {name} menyebut berkas {id}, yang tidak ada.", id=id, sequence=name)
