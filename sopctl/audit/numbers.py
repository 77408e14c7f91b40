"""Letter numbers compared: the register with the ledger, and both ways with the numbers on the letters of the cases.

The same number in the sequences of two years is two letters, unless it says its year.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from msgspec import Struct

from sopctl.audit.witness import Finding, Witness
from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, Event, Migrated, Move, Numbered, Written, first_version
from sopctl.errors import DamagedError
from sopctl.letters.case_numbers import number_of
from sopctl.office.letter_numbers import normalize_number, number_shows_year
from sopctl.store.files.register import RegisterEntry, sum_up_letters
from sopctl.store.record import Record


class Kept(Struct, frozen=True):
    """What is remembered of a case while the others are read; ``files`` come with the number of their event.

    ``numbers`` are its documents with every letter number they ever had, ``valid`` those with the one they have now.
    ``versions`` are those of its SOP that it went through.
    """

    id: str
    events: tuple[Event, ...]
    files: tuple[tuple[int, Written | Attachment], ...]
    numbers: frozenset[tuple[str, str]]
    valid: frozenset[tuple[str, str]]
    versions: frozenset[str]

    @classmethod
    def of(cls, case: Case) -> "Kept":
        """What is remembered of this one."""
        files: list[tuple[int, Written | Attachment]] = []
        had: set[tuple[str, str]] = set()
        for event in case.instance.events:
            files += [(event.number, attachment) for attachment in event.attachments]
            written = event.documents if isinstance(event, Move | Numbered) else ()
            files += [(event.number, one) for one in written]
            had |= {(one.name, one.nomor) for one in written if one.nomor}
            if isinstance(event, Numbered) and event.nomor:
                had.add((event.document, event.nomor))
        events = case.instance.events
        versions = {first_version(case.instance.version, events), case.instance.version}
        versions |= {event.version for event in events if isinstance(event, Migrated)}
        documents = () if case.state.status == "cancelled" else {document for document, _ in had}
        valid = frozenset((document, number_of(case, document) or "") for document in documents)
        return cls(case.id, events, tuple(files), frozenset(had), valid, frozenset(versions))


def compare(record: Record, told: Witness, cases: Mapping[str, Kept], *, whole: bool) -> Iterator[Finding]:
    """What does not fit; where the look is not ``whole`` only the numbers of the given cases are looked for."""
    try:
        sequences = record.store.read_sequences()
    except DamagedError as error:
        yield Finding("", "data/agenda", error.message, "register")
        return
    if whole and told.there:
        yield from _against_the_ledger(told, sequences)
    entries = [entry for lines in sequences.values() for entry in lines]
    yield from _unregistered(entries, cases)
    yield from _otherwise(sequences, cases)
    if whole:
        yield from _twice(record, sequences)
        yield from _unknown(entries, cases, set(record.store.list_ids()))


def _against_the_ledger(told: Witness, there: Mapping[str, list[RegisterEntry]]) -> Iterator[Finding]:
    for name in sorted(told.sequences.keys() | there.keys()):
        known = told.sequences.get(name, [])
        pairs = zip_longest(known, there.get(name, []))
        for number, (said, found) in enumerate(pairs, 1):
            if said == found:
                continue
            if found is None and said is not None:
                rest = len(known) - number + 1
                message = f"kehilangan {rest} baris mulai baris {number} (nomor {said.nomor or '–'})"
                mend = "menyusunnya kembali dari buku besar"
            elif said is None and found is not None:
                message = (
                    f"baris {number} (nomor {found.nomor or '–'}) tidak ada dalam buku besar: ditambahkan di luar "
                    "sopctl, atau baris buku besarnya hilang"
                )
                mend = "melengkapi buku besar dan mencatat siapa yang melengkapinya"
            else:
                message = f"baris {number} berbeda dari buku besar: diubah, dihapus, atau disisipkan"
                mend = "menyusunnya kembali dari buku besar"
            yield Finding("", f"data/agenda/{name}", f"Buku agenda {name} {message}. {told.remedy(mend)}", "register")
            break


def _unregistered(entries: list[RegisterEntry], cases: Mapping[str, Kept]) -> Iterator[Finding]:
    """Numbers on the letters of cases that the register does not have."""
    known = {(entry.id, entry.document, entry.nomor) for entry in entries}
    for case in cases.values():
        for document, nomor in sorted(case.numbers):
            if (case.id, document, nomor) not in known:
                message = f"Nomor {nomor} pada surat {document} berkas {case.id} tidak ada dalam buku agenda."
                yield Finding(case.id, "data/agenda", message, "register")


def _otherwise(sequences: Mapping[str, list[RegisterEntry]], cases: Mapping[str, Kept]) -> Iterator[Finding]:
    """Numbers that are in use for the register and withdrawn for their case, or the other way round."""
    for row in sum_up_letters(sequences):
        case, letter = cases.get(row.id), (row.document, row.nomor)
        if case is None or letter not in case.numbers or (row.status == "given") == (letter in case.valid):
            continue
        told = "masih berlaku" if row.status == "given" else "sudah ditarik"
        message = (
            f"Nomor {row.nomor} pada surat {row.document} berkas {row.id} {told} menurut buku agenda, tetapi tidak "
            "menurut berkasnya."
        )
        yield Finding(row.id, f"data/agenda/{row.sequence}", message, "register")


def _twice(record: Record, sequences: Mapping[str, list[RegisterEntry]]) -> Iterator[Finding]:
    """Numbers that were given more than once: in one sequence, or in several though they say their year."""
    given: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, lines in sequences.items():
        for entry in lines:
            if entry.kind in {"given", "entered", "set"} and entry.nomor:
                given[normalize_number(entry.nomor)].append((name, entry.nomor))
    settings, singkatan = record.office.letter_number, record.office.instansi.singkatan
    for found in given.values():
        nomor = found[0][1]
        names = [name for name, _ in found]
        for name in dict.fromkeys(names):
            if names.count(name) > 1:
                message = f"Nomor {nomor} diberikan {names.count(name)} kali dalam buku agenda {name}."
                yield Finding("", f"data/agenda/{name}", message, "register")
        if len(set(names)) > 1 and number_shows_year(settings, nomor, singkatan):
            message = f"Nomor {nomor} memuat tahun, tetapi diberikan dalam beberapa buku agenda: {', '.join(names)}."
            yield Finding("", "data/agenda", message, "register")


def _unknown(entries: list[RegisterEntry], cases: Mapping[str, Kept], there: set[str]) -> Iterator[Finding]:
    """Numbers of the register that their cases do not have; a case that cannot be read is told elsewhere."""
    for entry in entries:
        if not entry.id or not entry.nomor or entry.kind == "withdrawn":
            continue
        case = cases.get(entry.id)
        if case is None and entry.id not in there:
            message = f"Buku agenda mencatat nomor {entry.nomor} untuk berkas {entry.id}, yang tidak ada."
            yield Finding(entry.id, "data/agenda", message, "register")
        elif case is not None and (entry.document, entry.nomor) not in case.numbers:
            message = (
                f"Buku agenda mencatat nomor {entry.nomor} untuk surat {entry.document} berkas {entry.id}, tetapi "
                f"berkas itu tidak memuatnya."
            )
            yield Finding(entry.id, "data/agenda", message, "register")
