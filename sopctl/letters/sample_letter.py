"""What a template would say of a letter that is signed now: the preview of whoever edits it, also with sample values.

Each sample value says that it is one, and none names a person.
"""

from msgspec.structs import replace

from sopctl.engine.events import Approved, FieldValue, Started
from sopctl.engine.fold import apply_event, fold
from sopctl.letters.field_values import columns_of
from sopctl.letters.move_context import MoveFacts, build_context
from sopctl.sop.model import Document, Field, Sop, StepDocument
from sopctl.store.record import Record
from sopctl.word.letterhead import read_logo

_ROWS = 4
"""One more than a surat tugas names in its body, so that its lampiran is seen too."""

_SCALARS: dict[str, FieldValue] = {"date": "2026-01-31", "number": 12, "money": 1_500_000, "nip": "18 angka NIP"}


def build_sample_context(
    record: Record, sop: Sop, template: str, subject: str, fields: dict[str, FieldValue]
) -> dict[str, object]:
    """The context of a signature now: of an SOP cut down to one row, its first, that signs a document of the template.

    Raises:
        WrongError: where the logo of the office cannot be used.
    """
    now, account, office = record.now(), record.account, record.office
    step = replace(
        sop.step(sop.start[0]),
        document=StepDocument("contoh", "sign"), branches=(), decides={}, sop=None, next=("end",),
    )  # fmt: skip
    document = Document(name="contoh", template=template, kode="000", source=step.source)
    sop = replace(sop, steps=(step,), start=(step.id,), documents={"contoh": document})
    opened = Started(at=now, recorded_at=now, by=account, step=step.id, subject=subject, fields=fields)
    after = fold(sop, (opened,))
    for pelaksana in step.pelaksana:
        event = Approved(at=now, recorded_at=now, by=account, for_=pelaksana, step=step.id, to="end")
        before, after = after, apply_event(sop, after, event)
    facts = MoveFacts(
        office=office, sop=sop, id="contoh-1", before=before, after=after, event=event,
        nomor="000/0/CONTOH", logo=read_logo(record.workspace, office),
    )  # fmt: skip
    return build_context(facts)


def sample_value(field: Field) -> FieldValue:
    """A value that fits the field."""
    label = field.label.lower()
    match field.type:
        case "table":
            rows = range(1, _ROWS + 1)
            return [{column: f"contoh {column} {row}" for column in columns_of(field)} for row in rows]
        case "list":
            return [f"Contoh {label} yang {which}" for which in ("pertama", "kedua", "ketiga")]
        case "choice":
            return field.choices[0]
        case _:
            return _SCALARS.get(field.type, f"contoh {label}")
