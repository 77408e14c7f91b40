"""Sample values for the preview of a template: each says that it is one, and none names a person."""

from sopctl.engine.events import FieldValue
from sopctl.letters.field_values import columns_of
from sopctl.sop.model import Field

_ROWS = 4
"""One more than a surat tugas names in its body, so that its lampiran is seen too."""


_SCALARS: dict[str, FieldValue] = {"date": "2026-01-31", "number": 12, "money": 1_500_000, "nip": "18 angka NIP"}


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
