"""Every type that a field or a column may have, through the commands that read it, name it and print it."""

from typing import TYPE_CHECKING, get_args

import pytest

from sopctl.sop.model import ColumnType, FieldType

if TYPE_CHECKING:
    from tests.cli.conftest import Office

COLUMNS = ", ".join(f"{type_}: {type_}" for type_ in get_args(ColumnType))
MORE = {"choice": ", choices: [a, b]", "table": f", columns: {{{COLUMNS}}}"}
GIVEN = {
    "text": "a",
    "number": "1,5",
    "date": "3/11",
    "nip": "19800101 200501 1 001",
    "money": "Rp 1.500,00",
    "list": "a;b",
    "table": "a|1|3/11||5",
    "choice": "b",
}
STEP = "steps:\n  - {id: susun, kegiatan: Menyusun, pelaksana: tim, output: Lembar}\n"


@pytest.mark.parametrize("type_", get_args(FieldType))
def test_a_field_of_each_type_is_checked_asked_for_and_printed(office: "Office", type_: str) -> None:
    field = f"fields:\n  f: {{label: F, type: {type_}, required: true, step: susun{MORE.get(type_, '')}}}\n"
    (office.root / "sops" / "s.yaml").write_text(f"id: s\nnama: S\npelaksana: {{tim: Tim}}\n{field}{STEP}")
    office.ok("check", "s")
    office.ok("show", "s")
    office.ok("start", "s")
    refused = office.type("approve", "s-1")
    assert refused.exit_code == 3
    assert "--set f=" in refused.output
    office.ok("approve", "s-1", "--set", f"f={GIVEN[type_]}")
    office.ok("status", "s-1")


@pytest.mark.parametrize("type_", ["number", "money"])
def test_a_field_that_holds_nought_is_filled_in(office: "Office", type_: str) -> None:
    field = f"fields:\n  f: {{label: F, type: {type_}}}\n"
    (office.root / "sops" / "s.yaml").write_text(f"id: s\nnama: S\npelaksana: {{tim: Tim}}\n{field}{STEP}")
    office.ok("start", "s")
    assert "(dikosongkan)" not in office.ok("set", "s-1", "f=0")
    assert "  f: 0" in office.ok("status", "s-1")
