"""Every command that is named as the next one is accepted as it stands, once its placeholders are filled in.

Random SOPs (chains, rows together, pairs and more branches, conditions, required fields, evidence, called SOPs) are
walked by the named commands alone; at each stop every one of them is tried on a copy of the record.
"""

import json
import re
import shlex
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sopctl.cli import session
from sopctl.cli.app import program
from tests.model.test_machine import PEOPLE

if TYPE_CHECKING:
    from typer.testing import Result

    from tests.conftest import Room

APP = program(
    ["start", "approve", "reject", "decide", "skip", "set", "attach", "suspend", "resume", "cancel", "why", "status"]
)
TYPES = {
    "text": "", "number": ", type: number", "date": ", type: date", "list": ", type: list",
    "table": ", type: table, columns: [nama, nip]", "choice": ", type: choice, choices: [Baik, Kurang]",
}  # fmt: skip
FILLED = {
    r"=@BERKAS\.csv$": "=@isi.csv", r"=BERKAS$": "=bukti.pdf", r"=BARIS;BARIS$": "=satu;dua",
    r"=TANGGAL$": "=2026-11-24", r"=TEKS$": "=isi", r"=Baik\|Kurang$": "=Kurang", r"^…$": "alasan",
}  # fmt: skip
CALLED = """
    id: anak
    nama: Anak
    pelaksana: {{tim: Tim}}
    fields:
      pokok: {{label: Pokok, required: {required}}}
    steps:
      - {{id: kerja, kegiatan: Mengerjakan, pelaksana: tim}}
"""
MOST = 4
"""Rows of a form; so many may be a row, two that run beside each other, and one that waits for both."""

Row = dict[str, Any]


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """The rows of an SOP: a branch that leads on is always there."""
    ids = [f"langkah-{number}" for number in range(1, draw(st.integers(1, MOST)) + 1)]
    form = [draw(_row(ids, number)) for number in range(len(ids))]
    if len(ids) == MOST and draw(st.booleans()):
        form[0] = {name: value for name, value in form[0].items() if name not in {"branches", "decides", "when"}}
        form[0]["next"] = ids[1:3]
        for row in form[1:3]:  # an arm of its own, which leads to the last row or back
            if "branches" in row:
                ways = {label: draw(st.sampled_from([ids[0], row["id"], ids[3]])) for label in row["branches"]}
                row["branches"] = ways | {next(iter(ways)): ids[3]}
            else:
                row["next"] = ids[3]
    return form


@st.composite
def _row(draw: st.DrawFn, ids: list[str], number: int) -> Row:
    pelaksana = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))
    row: Row = {"id": ids[number], "pelaksana": pelaksana, "together": draw(st.booleans()) and len(pelaksana) > 1}
    row["optional"] = draw(st.sampled_from(["", "", "ya", "{when: bebas == 'x'}"]))
    if draw(st.integers(0, 3)) == 0:
        return row | {"sop": draw(st.sampled_from(["anak", "{id: anak, optional: ya}"]))}
    row["field"] = draw(st.sampled_from([None, None, *TYPES]))
    row["evidence"] = draw(st.sampled_from([None, None, "Daftar hadir", "Bukti $(x)"]))
    if draw(st.booleans()):
        below = ids[number + 1] if number + 1 < len(ids) else "end"
        others = draw(st.lists(st.sampled_from([*ids, "end"]), min_size=1, max_size=3))
        names = draw(st.permutations(["ya", "tidak", "lain-lain", "$(id)"]))
        row["branches"] = dict(zip(names, draw(st.permutations([below, *others])), strict=False))
        row["decides"] = draw(st.sampled_from([*pelaksana, "all", f"[{', '.join(pelaksana[:2])}]"]))
        row["when"] = draw(st.booleans())
    return row


def written(form: list[Row], *, judul: bool) -> str:
    """The SOP as YAML."""
    lines = ["id: uji", "nama: Uji", "pelaksana: {kadis: Kepala Dinas, kabid: Kepala Bidang, tim: Tim}", "fields:"]
    lines += ["  bebas: {label: Bebas}"] + (["  pokok: {label: Pokok}"] if judul else [])
    for at, row in enumerate(form):
        if row.get("field"):
            lines.append(f"  isi_{at}: {{label: Isi, required: ya, step: {row['id']}{TYPES[row['field']]}}}")
        if row.get("when"):
            lines.append(f"  nilai_{at}: {{label: Nilai, type: number}}")
    lines.append("steps:")
    for at, row in enumerate(form):
        lines += [
            f"  - id: {row['id']}",
            "    kegiatan: Mengerjakan",
            f"    pelaksana: [{', '.join(row['pelaksana'])}]",
        ]
        lines += ["    together: ya"] if row["together"] else []
        lines += [f"    next: {row['next']}"] if "next" in row else []
        lines += [f"    optional: {row['optional']}"] if row["optional"] else []
        lines += [f"    sop: {row['sop']}"] if "sop" in row else []
        lines += [f"    kelengkapan: [{{nama: '{row['evidence']}', evidence: true}}]"] if row.get("evidence") else []
        if "branches" in row:
            signs = [f"nilai_{at} >= 75", f"nilai_{at} < 10", None, f"nilai_{at} > 50"]
            exits = zip(row["branches"].items(), signs, strict=False)
            ways = (f"{{to: {to}, when: '{sign}'}}" if row["when"] and sign else to for (_, to), sign in exits)
            pairs = (f"'{label}': {way}" for label, way in zip(row["branches"], ways, strict=True))
            lines += [f"    branches: {{{', '.join(pairs)}}}", f"    decides: {row['decides']}"]
    return "\n".join(lines) + "\n"


class Clerk:
    """Types what is named, with something in the place of the placeholders."""

    def __init__(self, room: "Room", data: st.DataObject) -> None:
        self.room, self.data = room, data

    def type(self, *words: str) -> "Result":
        return CliRunner().invoke(APP, [*words, "--workspace", str(self.room.root)], catch_exceptions=False)

    def next(self, id: str) -> list[str]:
        """The commands that `why` names for a case; `status` names the same."""
        found = json.loads(self.type("why", id, "--json").stdout)
        assert [one["command"] for one in json.loads(self.type("status", id, "--json").stdout)["next"]] == [
            one["command"] for one in found["next"]
        ]
        labels = [one["label"] for one in found["next"] if one["kind"] == "decide" and "$" in one["label"]]
        return [
            command.replace(" LABEL", f" {shlex.quote(labels[0])}" if labels else "") for command in found["commands"]
        ]

    def follow(self, command: str) -> "Result":
        words = [self.filled(word) for word in shlex.split(command)[1:]]
        assert not {word for word in words if word.isupper()}, command
        return self.type(*words)

    def filled(self, word: str) -> str:
        for pattern, value in FILLED.items():
            word = re.sub(pattern, value, word)
        word = word.replace("KELENGKAPAN=bukti.pdf", "Bukti $(x)=bukti.pdf")
        number = self.data.draw(st.sampled_from(["5", "60", "80"])) if "=ANGKA" in word else ""
        return word.replace("=ANGKA", f"={number}")


@settings(
    max_examples=30,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    print_blob=True,
)
@given(form=rows(), calls=st.tuples(st.booleans(), st.booleans()), data=st.data())
def test_each_command_that_is_named_is_accepted(
    seed: Path,
    rooms: "type[Room]",
    tmp_path_factory: pytest.TempPathFactory,
    form: list[Row],
    calls: tuple[bool, bool],
    data: st.DataObject,
) -> None:
    judul, required = calls
    assume(judul or not required or not any("sop" in row for row in form))
    root = shutil.copytree(seed, Path(mkdtemp(dir=tmp_path_factory.getbasetemp())) / "kantor")
    room = rooms(root)
    room.write(CALLED.format(required="ya" if required else "tidak"), written(form, judul=judul))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setattr(session, "clock", lambda: room.now)
        (root / "isi.csv").write_text("nama,nip\nsatu,1\n", encoding="utf-8")
        (root / "bukti.pdf").write_bytes(b"%PDF-1.4\n")
        walk(Clerk(room, data), "pokok=Hal" if judul and data.draw(st.booleans()) else "bebas=x")
    shutil.rmtree(root)


def walk(clerk: Clerk, at_first: str) -> None:
    """Open a case and follow what is named, a few steps far."""
    room = clerk.room
    assume(clerk.type("start", "uji", "--set", at_first).exit_code == 0)
    for _ in range(6):
        ids = [path.stem for path in sorted((room.root / "data" / "instances").rglob("*.json"))]
        id = clerk.data.draw(st.sampled_from(ids))
        if clerk.data.draw(st.integers(0, 9)) == 7 and clerk.next(id):
            clerk.type(clerk.data.draw(st.sampled_from(["suspend", "suspend", "cancel"])), id, "--note", "jeda")
        commands = clerk.next(id)
        for command in commands:
            before = shutil.copytree(room.root / "data", Path(mkdtemp(dir=room.root)) / "data")
            done = clerk.follow(command)
            assert done.exit_code == 0, f"{command}: {done.output}"
            shutil.rmtree(room.root / "data")
            before.rename(room.root / "data")
        if commands:
            assert clerk.follow(clerk.data.draw(st.sampled_from(commands))).exit_code == 0
