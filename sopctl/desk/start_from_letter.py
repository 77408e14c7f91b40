"""The incoming letter that a case is opened from: its values in the SOP's fields, its scan, its entry.

The case keeps what the register said then. What an SOP has a field for goes there; the rest a template finds in
`agenda_masuk`.
"""

from datetime import date
from hashlib import sha256
from pathlib import PurePosixPath

from sopctl.desk.field_input import parse_texts
from sopctl.desk.incoming_register import find_incoming, line_about, list_incoming
from sopctl.desk.unit_of_work import UnitOfWork
from sopctl.engine.case import Case
from sopctl.engine.events import AgendaReference, Attached, Attachment, FieldValue, Started
from sopctl.engine.refused import Refused
from sopctl.errors import DamagedError, UsageError
from sopctl.sop.model import Sop
from sopctl.store.incoming_register import RegisteredIncoming
from sopctl.store.record import Record

_UNLISTED = "Surat masuk"
"""What the scan is attached as where no kelengkapan of the first step is a letter."""

_LETTERS = ("surat masuk", "surat dari", "surat dinas", "undangan", "permohonan")
"""Words in the name of a kelengkapan that is a letter from elsewhere."""


def refer_to_agenda(record: Record, nomor: str) -> AgendaReference:
    """The entry with this No. Agenda, as a case keeps it.

    Raises:
        NotFoundError: where there is none.
    """
    return _reference(record, find_incoming(record, nomor))


def _reference(record: Record, row: RegisteredIncoming) -> AgendaReference:
    received = row.at.astimezone(record.office.zone).date()
    return AgendaReference(sequence=row.sequence, nomor=row.nomor, received=str(received), letter=row.letter)


def letter_fields(sop: Sop, agenda: AgendaReference | None, today: date) -> dict[str, FieldValue]:
    """What the letter says in the fields of the SOP that are named like it; what does not fit a field is left out."""
    if agenda is None:
        return {}
    letter = agenda.letter
    said = {name: getattr(letter, name) for name in ("surat_dari", "nomor_surat", "tanggal_surat", "sifat")}
    said |= {"tanggal_diterima": agenda.received, "nomor_agenda": agenda.nomor}
    found: dict[str, FieldValue] = {}
    for name, text in said.items():
        if text and name in sop.fields and not text.startswith("@"):
            try:
                found[name] = parse_texts(sop.fields[name], [text], today)
            except UsageError:  # a sifat that the SOP does not offer is asked for
                continue
    return found


def refuse_letter(work: UnitOfWork, record: Record, sop: str, agenda: AgendaReference) -> RegisteredIncoming | Refused:
    """The entry under the lock; Refused where it changed, was withdrawn, or such a case was opened from it already."""
    rows = list_incoming(record)
    row = next(one for one in rows if (one.sequence, one.nomor) == (agenda.sequence, agenda.nomor))
    if row.status == "withdrawn":
        return Refused(reason="not_in_use", message=f"No. Agenda {row.nomor} sudah ditarik: {row.note}.")
    if _reference(record, row) != agenda:
        return Refused(reason="agenda_changed", message=f"No. Agenda {row.nomor} baru saja diperbaiki; ulangi.")
    same = (id for id in row.cases if id.rpartition("-")[0] == sop)
    if opened := next((id for id in same if work.case(id).state.status != "cancelled"), ""):
        message = f"Dari surat masuk No. Agenda {row.nomor} sudah dibuka berkas {opened}."
        return Refused(reason="already_opened", message=message)
    return row


def enter_case(work: UnitOfWork, row: RegisteredIncoming, id: str, event: Started) -> Refused | None:
    """Enter the case that was opened from the letter into its register, and attach the scan to the case."""
    work.change.add_entry(line_about(row, "opened", event.by, event.recorded_at, id=id), row.sequence)
    if row.letter.scan is None:
        return None
    attached = _copy_scan(work, work.case(id), row.letter.scan)
    return work.record(
        id,
        Attached(at=event.at, recorded_at=event.recorded_at, by=event.by, via=event.via, attachments=(attached,)),
    )


def _copy_scan(work: UnitOfWork, case: Case, scan: Attachment) -> Attachment:
    """The scan as a file of the case, which so holds everything that its letters show."""
    data = work.change.read_file(scan.path)
    if sha256(data).hexdigest() != scan.sha256:
        raise DamagedError(f"Isi {scan.path} tidak sama dengan yang dicatat. Pulihkan dari cadangan.", code="changed")
    path = work.change.add_attachment(case.id, f"001{PurePosixPath(scan.path).suffix}", data)
    return Attachment(item=_find_item(case), path=path, sha256=scan.sha256, name=scan.name)


def _find_item(case: Case) -> str:
    """The kelengkapan that is a letter from elsewhere: of the first step one that wants a file before others.

    None that the SOP itself makes. Where there is none, the only one of that step that wants a file; then the incoming
    letter by whatever name a later step calls it.
    """
    here, later = case.sop.step(case.state.visit.step), case.sop.steps
    outputs = {name.casefold() for step in later for name in step.output} - {_UNLISTED.casefold()}
    items = sorted(here.kelengkapan, key=lambda one: not one.evidence)
    letters = [one.nama for one in items if _is_letter(one.nama.casefold(), outputs)]
    wanting = [one.nama for one in items if one.evidence]
    if letters or len(wanting) == 1:
        return (letters or wanting)[0]
    named = (one.nama for step in later for one in step.kelengkapan if one.nama.casefold() == _UNLISTED.casefold())
    return next(named, _UNLISTED)


def _is_letter(nama: str, outputs: set[str]) -> bool:
    return nama not in outputs and (nama == "surat" or any(word in nama for word in _LETTERS))
