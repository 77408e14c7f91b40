"""The form as text: the cells of its rows, where each row leads, and what people fill in."""

from sopctl.form.columns import cell_text, form_columns, numbered_lines
from sopctl.form.flow_graph import Edge, FlowGraph, Symbol
from sopctl.sop.model import END, Branch, Field, Sop, Step

_KINDS = {
    "text": "teks",
    "number": "angka",
    "date": "tanggal",
    "list": "daftar",
    "table": "tabel",
    "choice": "pilihan",
    "nip": "NIP",
    "money": "jumlah uang",
}
"""The types of fields."""


def list_cells(sop: Sop, step: Step) -> tuple[str, ...]:
    """The cells of a row in the order of the form's columns."""
    joint = " bersama " if step.together else " lalu "
    special = {
        "pelaksana": joint.join(sop.pelaksana[name] for name in step.pelaksana),
        "kelengkapan": numbered_lines(
            [item.nama + (" (dilampirkan)" if item.evidence else "") for item in step.kelengkapan]
        ),
    }
    return tuple(special.get(column.key) or cell_text(step, column.key) for column in form_columns(sop))


def describe_flow(sop: Sop, step: Step) -> str:
    """Where a row leads: `  4 periksa: sesuai -> tandatangan, belum sesuai -> susun`."""
    no = "" if step.no is None else str(step.no)
    if step.branches:
        own = step.decides.items() if len(step.diamonds) > 1 else [("", step.branches)]
        exits = "; ".join(f"{f'{who}: ' if who else ''}{_describe_exits(branches)}" for who, branches in own)
    else:
        exits = f"-> {' dan '.join(map(_target, sop.exits(step)))}"
    entry = "* " if step.id in sop.start else "  "
    called = f" [SOP {step.sop.sop}{', boleh' if step.sop.optional else ''}]" if step.sop else ""
    skipped = " [boleh dilewati]" if step.optional and step.optional.allowed else ""
    return f"{entry}{no:>2} {step.id}{called}{skipped}: {exits}"


def _describe_exits(branches: tuple[Branch, ...]) -> str:
    return ", ".join(
        f"{_one_line(branch.label)} -> {_target(branch.to)}{f' (bila {branch.when})' if branch.when else ''}"
        for branch in branches
    )


def tell_exits(sop: Sop, graph: FlowGraph) -> dict[int, list[str]]:
    """The edges that are told in words, by the row that they leave: `Kepala Bidang: tidak lengkap, ke langkah 2`."""
    found: dict[int, list[str]] = {}
    for edge in graph.told:
        source, target = graph.symbols[edge.sources[-1]], graph.symbols[edge.targets[0]]
        label = f"{_one_line(edge.label)}, " if edge.label else ""
        words = f"{_name_symbol(sop, source)}: {label}{_name_target(sop, edge, source, target)}"
        found.setdefault(source.row, []).append(words)
    return found


def name_row(sop: Sop, row: int) -> str:
    """What a row is called: by its number where no other has it, else by its place."""
    no = sop.steps[row].no
    alone = no is not None and sum(step.no == no for step in sop.steps) == 1
    return f"langkah {no}" if alone else f"baris ke-{row + 1}"


def _name_symbol(sop: Sop, symbol: Symbol) -> str:
    return _one_line(list(sop.pelaksana.values())[symbol.column]) if symbol.position == "row" else symbol.text


def _name_target(sop: Sop, edge: Edge, source: Symbol, target: Symbol) -> str:
    """Where an edge leads: on within its row by who acts there, else by its row."""
    if target.position != "row":
        return target.text.lower()
    if target.row == source.row and (edge.targets[0] > edge.sources[-1] or not edge.arrow):
        return f"{'ke' if edge.arrow else 'bersama'} {_name_symbol(sop, target)}"
    return f"ke {name_row(sop, target.row)}"


def describe_field(field: Field) -> str:
    """What people fill in: `  tugas (daftar, wajib, langkah susun): Tugas yang diberikan`."""
    facts = [_KINDS[field.type], "wajib" if field.required else "boleh kosong"]
    facts.append(f"langkah {field.step}" if field.step else "saat dibuka")
    return f"  {field.name} ({', '.join(facts)}): {_one_line(field.label)}"


def _target(to: str) -> str:
    return "selesai" if to == END else to


def _one_line(text: str) -> str:
    return " ".join(text.split())
