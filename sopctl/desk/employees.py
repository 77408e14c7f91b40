"""The people of the office, from `pegawai.csv` beside sopctl.yaml: a row of a table that names one is completed.

The file holds personal data: it is never pinned, recorded or bundled; only what a case's own fields say is.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sopctl.desk.input_files import read_text
from sopctl.engine.text import fold_text
from sopctl.engine.values import parse_csv_table
from sopctl.problems import Source
from sopctl.sop.model import Field, FieldColumn
from sopctl.store.workspace import EMPLOYEES, Workspace

Employee = Mapping[str, str]
"""One of them: nama, nip, pangkat, golongan, jabatan, unit; what is not known is empty."""

_COLUMNS = (
    FieldColumn("nama"),
    FieldColumn("nip", "nip"),
    *map(FieldColumn, ("pangkat", "golongan", "jabatan", "unit")),
)
_TABLE = Field(name=EMPLOYEES, label=EMPLOYEES, type="table", columns=_COLUMNS, source=Source(EMPLOYEES, 1, 1))
_SHORTEST = 3
"""Letters of a name that are enough to mean somebody."""


def read_employees(workspace: Workspace) -> tuple[Employee, ...]:
    """All of them; none where there is no file.

    Raises:
        UsageError: where the file is no CSV with these columns, or a NIP in it is none.
    """
    path = workspace.root / EMPLOYEES
    if not path.is_file():
        return ()
    rows = parse_csv_table(_TABLE, read_text(path), date.max)
    return tuple(row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()


def find_employees(employees: Sequence[Employee], text: str) -> list[Employee]:
    """Those with exactly this nama or NIP, else those whose nama has all of the words or whose NIP has the digits."""
    wanted = fold_text(text).strip()
    exact = [one for one in employees if wanted in (fold_text(one["nama"]), one["nip"]) and wanted]
    if exact or len(wanted) < _SHORTEST:
        return exact
    digits = wanted.replace(" ", "")
    if digits.isdecimal():
        return [one for one in employees if digits in one["nip"]]
    return [one for one in employees if all(word in fold_text(one["nama"]) for word in wanted.split())]


def complete_row(field: Field, row: Mapping[str, str], employees: Sequence[Employee]) -> dict[str, str]:
    """A row with what is known of the one person whom its first cell names; cells that were given stay.

    Where a table has no column for the golongan, it stands in brackets behind the pangkat, as letters print it.
    """
    first = field.column_names[0]
    known = [name for name in field.column_names if name in _TABLE.column_names]
    if first != "nama" or len(known) == 1:
        return dict(row)
    found = find_employees(employees, row.get(first, ""))
    if len(found) != 1:
        return dict(row)
    (one,) = found
    cells = {name: row.get(name) or one[name] for name in known} | {first: one["nama"]}
    if "golongan" not in known and "pangkat" in known and not row.get("pangkat") and one["golongan"]:
        cells["pangkat"] = f"{one['pangkat']} ({one['golongan']})".strip()
    return {**row, **cells}
