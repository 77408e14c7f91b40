"""What the contract asks of a store: the record that it holds opened as another process does, and damage done to it."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, Noted, Started
from sopctl.engine.instance import Instance
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop
from sopctl.store import ledger
from sopctl.store.protocol import RecordStore
from sopctl.store.register import EntryKind, RegisterEntry
from sopctl.store.transaction import Transaction
from sopctl.store.workspace import VERSION_KINDS, VersionKind, Workspace

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SEQUENCE = "2026/semua.jsonl"
INCOMING = "masuk/2026.jsonl"
KEYS = ledger.OFFICE, ledger.MENDED, ledger.ACCOUNT
LETTER = """
id: surat
nama: Surat
pelaksana: {kadis: Kepala Dinas}
documents:
  lembar: {template: lembar-hasil.docx, kode: 000.1}
steps:
  - {id: tandatangan, kegiatan: Menandatangani, pelaksana: kadis, document: {name: lembar, act: sign}}
"""


class Kept(Protocol):
    """A record of a test's own in one kind of store."""

    workspace: Workspace
    is_append_only: bool
    """Whether nobody can remove a line of the ledger, a broken one neither."""

    def open(self) -> RecordStore:
        """The store as another process opens it."""

    def close(self) -> None:
        """Let go of what this process holds of it."""

    def put_case(self, instance: Instance) -> None:
        """Put a case in the place of the one with its id, and add nothing to the ledger."""

    def lose_case(self, id: str) -> None:
        """Take a case away."""

    def put_file(self, path: str, data: bytes | None) -> None:
        """Put other bytes into a file; None takes it away."""

    def put_version(self, kind: VersionKind, version: str, text: bytes) -> None:
        """Put another text in the place of a pinned one."""

    def lose_number(self, sequence: str) -> None:
        """Take away the last number of a sequence, but not from the ledger."""

    def put_line(self, number: int, text: bytes) -> None:
        """Put another text in the place of a line of the ledger."""

    def lose_line(self, number: int) -> None:
        """Take away one line of the ledger; who is careful numbers those after it anew."""

    def lose_lines(self, first: int) -> None:
        """Take away the lines of the ledger from this number on."""


def sop_text(id: str) -> bytes:
    """An SOP of one row."""
    step = "{id: susun, kegiatan: Menyusun, pelaksana: tim, waktu: 1 hari}"
    return f"id: {id}\nnama: Uji\npelaksana: {{tim: Tim Kerja}}\nsteps: [{step}]\n".encode()


def sop_of(id: str) -> Sop:
    read, problems = read_sop(sop_text(id), f"sops/{id}.yaml")
    assert read is not None, problems
    return read


def opened(id: str = "uji-1", subject: str = "Perihal", version: str = "v1") -> Case:
    """A case that is just opened."""
    started = Started(at=NOW, recorded_at=NOW, by="akun", step="susun", subject=subject)
    return Case.opened(sop_of(id.rpartition("-")[0]), id, version, started)


def noted(case: Case, note: str = "Catatan", *files: Attachment) -> Case:
    """A case with a note more, a minute later."""
    at = case.instance.events[-1].at + timedelta(minutes=1)
    return case.after(Noted(at=at, recorded_at=at, by="akun", note=note, attachments=files))


def read(instance: Instance) -> Case:
    """The case that a stored instance is."""
    return Case.read(sop_of(instance.sop), instance)


def entry(urut: int, document: str = "surat", kind: EntryKind = "given", id: str = "uji-1") -> RegisterEntry:
    return RegisterEntry(
        urut=urut, nomor=f"1/{urut}", kode="1", at=NOW, id=id, document=document, perihal="Rapat", by="akun", kind=kind
    )


def save(store: RecordStore, *cases: Case) -> None:
    """Store these cases in one transaction."""
    with store.begin() as change:
        for case in cases:
            change.save_instance(case.instance)
        change.commit()


def add_note(store: RecordStore, id: str, note: str = "Catatan") -> Case:
    """Store a note more of a case."""
    with store.begin() as change:
        case = noted(read(change.load_instance(id)), note)
        change.save_instance(case.instance)
        change.commit()
    return case


def give_number(change: Transaction, document: str, sequence: str = SEQUENCE) -> int:
    """Give a letter the next number of a sequence."""
    number = change.next_urut(sequence)
    change.add_entry(entry(number, document), sequence)
    return number


def lines(store: RecordStore) -> list[bytes]:
    """The lines of the ledger, whose chain must hold."""
    found = list(store.open_ledger().read_lines())
    previous = ""
    for line in found:
        assert ledger.find_faults(line, previous) == (), line
        previous = ledger.hash_line(line.text)
    assert [line.number for line in found] == list(range(1, len(found) + 1))
    return [line.text for line in found]


def all_hashes(store: RecordStore, case: str | None = None) -> dict[str, str]:
    """The sha256 of every file by its path."""
    found = [store.hash_files(part) for part in store.list_file_parts(case)]
    return {
        f"{folder}/{name}": sha256 for one in found for folder, names in one.items() for name, sha256 in names.items()
    }


def everything(store: RecordStore) -> dict[str, object]:
    """What can be read of a record, but for what an index answers."""
    ids = list(store.list_ids())
    book = store.open_ledger()
    hashes = all_hashes(store)
    return {
        "ids": ids,
        "cases": {id: store.read_case(id) for id in ids},
        "together": [(id, data) for id, _, data in store.read_cases(ids)],
        "instances": [store.load_instance(id) for id in ids],
        "lines": lines(store),
        "last": book.last_line(),
        "events": {id: ledger.find_event_lines(book, id) for id in ids},
        "keys": {key: [text for _, text in book.find_texts(key)] for key in KEYS},
        "register": list(store.read_register()),
        "sequences": store.read_sequences(),
        "names": store.list_sequences(),
        "sequence": {name: store.read_sequence(name) for name in store.list_sequences()},
        "of cases": {id: {name: found for name, found in store.read_sequences(id).items() if found} for id in ids},
        "versions": {
            (kind, version): store.read_version(kind, version)
            for kind in VERSION_KINDS
            for version in sorted(store.list_versions(kind))
        },
        "hashes": hashes,
        "files": {path: _read(store, path) for path in hashes},
    }  # fmt: skip


def _read(store: RecordStore, path: str) -> bytes:
    with store.open_file(path) as file:
        return file.read()
