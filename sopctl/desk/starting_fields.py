"""The fields that a case opens with besides what was given: those of an earlier case, else the defaults of its SOP."""

from contextlib import suppress
from datetime import date

from sopctl.desk.field_input import parse_texts
from sopctl.engine.case import Case
from sopctl.engine.events import EMPTY, FieldValue
from sopctl.errors import DamagedError, UsageError
from sopctl.sop.model import Field, Sop
from sopctl.store.record import Record


def starting_fields(record: Record, sop: Sop, today: date, like: Case | None = None) -> dict[str, FieldValue]:
    """The values, by field; ``like`` is an earlier case whose fields are copied where they are of the same type.

    Raises:
        UsageError: where a default is no value of its field.
    """
    copied = copied_fields(sop, like) if like else {}
    wanted = [field for field in sop.fields.values() if field.default is not None and field.name not in copied]
    last = _last_case(record, sop) if any(field.default and field.default.last for field in wanted) else None
    found = {field.name: _default_value(record, field, last, today) for field in wanted}
    return {name: value for name, value in (found | copied).items() if value not in EMPTY}


def copied_fields(sop: Sop, like: Case) -> dict[str, FieldValue]:
    """The values of an earlier case that a new one takes over."""
    fields = like.state.fields.items()
    return {name: value for name, value in fields if value not in EMPTY and _fits(sop, like.sop, name)}


def _fits(sop: Sop, other: Sop, name: str) -> bool:
    """Whether both SOPs mean the same by a field: its type, its columns, its choices."""
    return name in sop.fields and name in other.fields and _shape(sop.fields[name]) == _shape(other.fields[name])


def _shape(field: Field) -> tuple[object, ...]:
    return (field.type, field.columns, field.choices)


def _default_value(record: Record, field: Field, last: Case | None, today: date) -> FieldValue:
    default = field.default
    if default is None:
        return ""
    if default.last:
        return _last_value(field, last)
    text: str = getattr(record.office.instansi, default.office) if default.office else default.text
    return parse_texts(field, [text], today) if text else ""


def _last_value(field: Field, last: Case | None) -> FieldValue:
    if last is None or field.name not in last.sop.fields or _shape(last.sop.fields[field.name]) != _shape(field):
        return ""
    return last.state.fields.get(field.name, "")


def _last_case(record: Record, sop: Sop) -> Case | None:
    """The case of the SOP that was opened last; one that is damaged or confidential is passed over."""
    for id in sorted(record.store.list_ids(sop.id), key=lambda id: -int(id.rpartition("-")[2])):
        with suppress(DamagedError):
            case = record.load_case(id)
            if not case.is_marked_confidential:
                return case
    return None


def find_wrong_default(field: Field, today: date) -> str:
    """What is wrong with the default of a field, empty where nothing is."""
    if field.default is None or not field.default.text:
        return ""
    try:
        parse_texts(field, [field.default.text], today)
    except UsageError as mistake:
        return mistake.message
    return ""
