"""SOPs with everything that BPMN can carry, as hypothesis thinks of them: forks in forks, chains, calls, papers."""

import json
from typing import Any

from hypothesis import strategies as st

from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop

PEOPLE = {"a": "Petugas Loket", "b": "Kepala Bidang", "c": "Sekretaris", "d": "Kepala Dinas"}
KEGIATAN = ("Memeriksa", "Menerima & mencatat <surat>", "Mengerjakan berkas permohonan yang lengkap " * 5)
WAKTU = ("15 menit", "3 hari kalender", "1 x 24 jam", "2 minggu kalender sejak berkas diterima lengkap oleh petugas")
PAPERS = ("Berkas", "Laporan hasil pemeriksaan berkas permohonan", "Surat, yang ditandatangani")
LONG_FORM = 15
"""Rows that are drawn fast."""

ON = "sesudahnya"
"""Where a branch leads that goes on to whatever comes next."""

Row = dict[str, Any]


@st.composite
def rich_sops(draw: st.DrawFn) -> Sop:
    """An SOP whose end can be reached from every row."""
    form = _Form(draw)
    form.add_sequence(draw(st.integers(0, 2)), inner=False)
    for number, row in enumerate(form.rows, 1):
        row["no"] = number
        _lead_on(row, form.rows[number]["id"] if number < len(form.rows) else "end")
    starts = [form.rows[0]["id"], *draw(st.lists(st.sampled_from(form.outer), max_size=1))]
    whole: Row = {"id": "uji", "nama": "Uji & coba", "pelaksana": PEOPLE, "start": list(dict.fromkeys(starts))}
    whole |= {"documents": {"surat": {"template": "lembar-hasil.docx"}}, "steps": form.rows}
    sop, problems = read_sop(json.dumps(whole).encode(), "sops/uji.yaml")
    assert sop is not None, (problems, whole)
    return sop


def _lead_on(row: Row, to: str) -> None:
    """Let the exits of a row that lead on lead to a row."""
    held = [row.get("branches", {}), *(row["decides"].values() if isinstance(row.get("decides"), dict) else ())]
    for exits in held:
        exits.update({label: to for label, target in exits.items() if target == ON})


class _Form:
    """The rows in their order; ``outer`` are those that no fork does at the same time as others."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw: Any = draw
        self.rows: list[Row] = []
        self.outer: list[str] = []

    def add_sequence(self, depth: int, *, inner: bool) -> None:
        """Rows and forks one after the other; what hands back within an arm stays in it."""
        own: list[str] = []
        for _ in range(self.draw(st.integers(1, 3))):
            if depth and self.draw(st.booleans()):
                self._add_fork(own, depth, inner=inner)
            else:
                self._add_row(own, inner=inner)
        for row in self.rows:
            later = own[own.index(row["id"]) + 1 :] if row["id"] in own and _may_choose(row) else []
            if later and self.draw(st.booleans()):
                row["branches"]["langsung"] = self.draw(st.sampled_from(later))

    def _add_fork(self, own: list[str], depth: int, *, inner: bool) -> None:
        fork = self._add_row(own, inner=inner, plain=True)
        fork["next"], lasts = [], []
        for _ in range(self.draw(st.integers(2, 3))):
            first = len(self.rows)
            self.add_sequence(depth - 1, inner=True)
            fork["next"].append(self.rows[first]["id"])
            lasts.append(self.rows[-1])
        join = self._add_row(own, inner=inner)["id"]
        for last in lasts:
            _lead_on(last, join)
            if "branches" not in last and "decides" not in last:
                last["next"] = join

    def _add_row(self, own: list[str], *, inner: bool, plain: bool = False) -> Row:
        draw, id = self.draw, f"s{len(self.rows) + 1}"
        own.append(id)
        self.outer += [] if inner else [id]
        row: Row = {"id": id, "kegiatan": draw(st.sampled_from(KEGIATAN)).strip()}
        row["pelaksana"] = draw(st.lists(st.sampled_from(sorted(PEOPLE)), min_size=1, max_size=3, unique=True))
        row["together"] = len(row["pelaksana"]) > 1 and draw(st.booleans())
        self.rows.append(row)
        row |= {key: draw(of) for key, of in _CELLS.items() if draw(st.booleans())}
        if not plain and draw(st.booleans()):
            back = st.sampled_from(own if inner else [*own, "end"])
            row["branches"] = {"setuju": ON, "tidak setuju": draw(back)}
            if _may_choose(row) and draw(st.booleans()):
                row["branches"]["perbaiki, ulangi"] = draw(st.sampled_from(own))
            if len(row["pelaksana"]) > 1:
                self._share_decision(row, back)
        return row

    def _share_decision(self, row: Row, back: st.SearchStrategy[str]) -> None:
        """Who holds a diamond: several with the same exits, or each with its own."""
        who = self.draw(st.lists(st.sampled_from(row["pelaksana"]), min_size=1, unique=True))
        row["decides"] = sorted(who, key=row["pelaksana"].index)
        if self.draw(st.booleans()):
            *others, last = row["decides"]
            row["decides"] = {one: {"ya": ON, f"tidak kata {one}": self.draw(back)} for one in others}
            row["decides"][last] = row.pop("branches")


def _may_choose(row: Row) -> bool:
    """Whether more than two exits are allowed: another SOP cannot choose among them."""
    return "branches" in row and "sop" not in row


_CELLS: dict[str, st.SearchStrategy[object]] = {
    "waktu": st.sampled_from(WAKTU),
    "output": st.lists(st.sampled_from(PAPERS), min_size=1, max_size=2, unique=True),
    "kelengkapan": st.lists(st.sampled_from(PAPERS), min_size=1, max_size=2, unique=True),
    "keterangan": st.just("Apabila diperlukan: lihat lampiran"),
    "optional": st.just("ya"),
    "document": st.sampled_from(("draft", "sign", "receive")).map(lambda act: {"name": "surat", "act": act}),
    "sop": st.sampled_from(("lain", {"id": "lain", "optional": True})),
}
