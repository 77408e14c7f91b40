"""The registers of letters as the account of a record may read them: every number with its day, the rest by the rule.

A letter of a case that may not be read keeps its number and its day, so that the register has no holes; so does an
incoming letter from which only such cases were opened.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from sopctl.engine.events import IncomingLetter
from sopctl.store.case_index import list_readable
from sopctl.store.incoming_register import RegisteredIncoming, sum_up_incoming
from sopctl.store.record import Record
from sopctl.store.register import RegisteredLetter, RegisterEntry, sum_up_letters

_NOTHING = IncomingLetter(surat_dari="", perihal="")


def load_letters(record: Record, sequences: Mapping[str, list[RegisterEntry]]) -> tuple[RegisteredLetter, ...]:
    """What the lines of the sequences add up to; without a letter of another's case that waits for its number."""
    letters = sum_up_letters(sequences)
    if record.reader is None:
        return letters
    readable = {"", *list_readable(record)}
    shown = (one if one.id in readable else _hide_letter(one) for one in letters)
    return tuple(one for one in shown if one.nomor or not one.withheld)


def load_incoming(record: Record) -> tuple[RegisteredIncoming, ...]:
    """The register of incoming letters; of the cases that were opened from one only those that may be read."""
    letters = sum_up_incoming(record.whole_store.read_sequences())
    if record.reader is None:
        return letters
    readable = list_readable(record)
    return tuple(_hide_cases(one, readable) if one.cases else one for one in letters)


def _hide_letter(letter: RegisteredLetter) -> RegisteredLetter:
    return RegisteredLetter(
        sequence=letter.sequence, urut=letter.urut, nomor=letter.nomor, kode="", at=letter.at, id="", document="",
        perihal="", by="", status="withdrawn" if letter.status == "withdrawn" else "given", withheld=True,
    )  # fmt: skip


def _hide_cases(letter: RegisteredIncoming, readable: set[str]) -> RegisteredIncoming:
    cases = tuple(id for id in letter.cases if id in readable)
    if cases:
        return replace(letter, cases=cases)
    return RegisteredIncoming(
        sequence=letter.sequence, urut=letter.urut, nomor=letter.nomor, at=letter.at, by="", letter=_NOTHING,
        status="withdrawn" if letter.status == "withdrawn" else "given", withheld=True,
    )  # fmt: skip
