"""Checks letter numbers: the register against the ledger, and both against the numbers on the letters of the cases.

The same number in the sequences of two years is two letters, unless it says its year.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from sopctl.audit.audited_case import AuditedCase
from sopctl.audit.file_hashes import FileHashes
from sopctl.audit.findings import Finding, register_finding
from sopctl.audit.incoming_register import check_incoming_register
from sopctl.audit.ledger_summary import LedgerSummary
from sopctl.errors import DamagedError
from sopctl.office.letter_numbers import normalize_number, number_shows_year
from sopctl.store.record import Record
from sopctl.store.register import IN_USE, INCOMING, RegisterEntry, sum_up_letters

_Sequences = Mapping[str, list[RegisterEntry]]


def check_letter_numbers(
    record: Record, ledger: LedgerSummary, cases: Mapping[str, AuditedCase], hashes: FileHashes, *, only: str | None
) -> Iterator[Finding]:
    """What does not fit; where ``only`` one case is asked for, its own numbers alone are looked for."""
    try:
        sequences = record.whole_store.read_sequences(only)
    except DamagedError as error:
        yield register_finding(error.message, advice=error.advice)
        return
    if only is None and ledger.exists:
        yield from _check_against_ledger(ledger, sequences)
    incoming = {name: lines for name, lines in sequences.items() if name.startswith(INCOMING)}
    yield from check_incoming_register(record, incoming, cases, hashes, all_cases=only is None)
    sequences = {name: lines for name, lines in sequences.items() if name not in incoming}
    entries = [entry for lines in sequences.values() for entry in lines]
    yield from _unregistered_numbers(entries, cases)
    yield from _contradicted_letters(sequences, cases)
    if only is None:
        yield from _repeated_numbers(record, sequences)
        yield from _unknown_numbers(record, entries, cases)


def _check_against_ledger(ledger: LedgerSummary, sequences: _Sequences) -> Iterator[Finding]:
    """The first difference of each sequence."""
    for name in sorted(ledger.sequences.keys() | sequences.keys()):
        recorded, stored = ledger.sequences.get(name, []), sequences.get(name, [])
        pairs = enumerate(zip_longest(recorded, stored), 1)
        differing = next(((number, *pair) for number, pair in pairs if pair[0] != pair[1]), None)
        if differing is None:
            continue
        number, said, found = differing
        mend = "rebuild_register"
        if found is None and said is not None:
            rest = len(recorded) - number + 1
            message = f"kehilangan {rest} baris mulai baris {number} (nomor {said.nomor or '–'})"
        elif said is None and found is not None:
            message = (
                f"baris {number} (nomor {found.nomor or '–'}) tidak ada dalam buku catatan: ditambahkan di luar "
                "sopctl, atau baris buku catatannya hilang"
            )
            mend = "complete_ledger"
        else:
            message = f"baris {number} berbeda dari buku catatan: diubah, dihapus, atau disisipkan"
        remedy, advice = ledger.remedy(mend)
        yield register_finding(f"Buku agenda {name} {message}. {remedy}", sequence=name, advice=advice)


def _unregistered_numbers(entries: Iterable[RegisterEntry], cases: Mapping[str, AuditedCase]) -> Iterator[Finding]:
    """Numbers on the letters of cases that the register does not have."""
    known = {(entry.id, entry.document, entry.nomor) for entry in entries}
    for case in cases.values():
        for document, nomor in sorted(case.numbers):
            if (case.id, document, nomor) not in known:
                message = f"Nomor {nomor} pada surat {document} berkas {case.id} tidak ada dalam buku agenda."
                yield register_finding(message, id=case.id)


def _contradicted_letters(sequences: _Sequences, cases: Mapping[str, AuditedCase]) -> Iterator[Finding]:
    """Numbers that are in use for the register and withdrawn for their case, or the other way round."""
    for row in sum_up_letters(sequences):
        case, letter = cases.get(row.id), (row.document, row.nomor)
        if case is None or letter not in case.numbers or (row.status in IN_USE) == (letter in case.valid):
            continue
        status = "masih berlaku" if row.status in IN_USE else "sudah ditarik"
        message = (
            f"Nomor {row.nomor} pada surat {row.document} berkas {row.id} {status} menurut buku agenda, tetapi tidak "
            "menurut berkasnya."
        )
        yield register_finding(message, id=row.id, sequence=row.sequence)


def _repeated_numbers(record: Record, sequences: _Sequences) -> Iterator[Finding]:
    """Numbers that were given more than once: in one sequence, or in several though they say their year."""
    given: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, lines in sequences.items():
        for entry in lines:
            if entry.kind in {"given", "entered", "set"} and entry.nomor:
                given[normalize_number(entry.nomor)].append((name, entry.nomor))
    settings, singkatan = record.office.letter_number, record.office.instansi.singkatan
    for found in given.values():
        nomor, names = found[0][1], [name for name, _ in found]
        for name in dict.fromkeys(names):
            if names.count(name) > 1:
                message = f"Nomor {nomor} diberikan {names.count(name)} kali dalam buku agenda {name}."
                yield register_finding(message, sequence=name)
        if len(set(names)) > 1 and number_shows_year(settings, nomor, singkatan):
            yield register_finding(
                f"Nomor {nomor} memuat tahun, tetapi diberikan dalam beberapa buku agenda: {', '.join(names)}."
            )


def _unknown_numbers(
    record: Record, entries: Iterable[RegisterEntry], cases: Mapping[str, AuditedCase]
) -> Iterator[Finding]:
    """Numbers of the register that their cases do not have; cases that cannot be read are left out."""
    stored = set(record.store.list_ids()) if {entry.id for entry in entries} - {"", *cases} else {*cases}
    for entry in entries:
        if not entry.id or not entry.nomor or entry.kind == "withdrawn":
            continue
        case = cases.get(entry.id)
        if case is None and entry.id not in stored:
            yield register_finding(
                f"Buku agenda mencatat nomor {entry.nomor} untuk berkas {entry.id}, yang tidak ada.", id=entry.id
            )
        elif case is not None and (entry.document, entry.nomor) not in case.numbers:
            message = (
                f"Buku agenda mencatat nomor {entry.nomor} untuk surat {entry.document} berkas {entry.id}, tetapi "
                f"berkas itu tidak memuatnya."
            )
            yield register_finding(message, id=entry.id)
