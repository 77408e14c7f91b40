"""SOPs to draw: the five of the office, hard invented ones, and any that hypothesis thinks of."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import strategies as st

from sopctl.form.geometry import Flowchart
from sopctl.form.layout import lay_out_flowchart
from sopctl.problems import Source
from sopctl.sop.decode import read_sop
from sopctl.sop.model import END, Branch, Kelengkapan, Sop, Step, Waktu

HERE = Source("sops/uji.yaml", 1, 1)
SOPS = Path(__file__).parents[2] / "sops"
LABELS = ("ya", "tidak lengkap", "Administratif")
KEGIATAN = "Memeriksa kelengkapan berkas permohonan dan menyampaikan hasilnya kepada atasan langsung"
TITLES = (
    "Pemohon", "Petugas Loket", "Petugas Verifikasi", "Kasubbag TU/Umpar", "Kasubbag Keuangan",
    "Kasubbag Program dan Data", "Kepala Seksi Kelembagaan", "Kepala Seksi Pengawasan", "Kepala Bidang 1",
    "Kepala Bidang 2", "Kepala Bidang 3", "Sekretaris", "Kepala Dinas (Pejabat Penilai Kinerja)", "Asisten",
    "Sekretaris Daerah",
)  # fmt: skip


def step(id: str, pelaksana: str, **more: object) -> Step:
    """A row; ``pelaksana`` and ``decides`` are keys of one letter, ``to`` its exits by label."""
    to = more.pop("to", {})
    assert isinstance(to, dict)
    branches = tuple(Branch(label, target) for label, target in to.items())
    plain: dict[str, object] = {
        "no": int(id[1:]),
        "kegiatan": KEGIATAN,
        "kelengkapan": (Kelengkapan("Berkas permohonan"),),
        "waktu": Waktu("15 menit"),
        "output": ("Berkas",),
    }
    deciders = str(more.pop("decides", pelaksana[-1]))
    plain["decides"] = {who: branches for who in pelaksana if branches and who in deciders}
    return Step(id=id, pelaksana=tuple(pelaksana), branches=branches, source=HERE, **(plain | more))  # type: ignore[arg-type]


def sop_of(columns: int, *steps: Step, start: tuple[str, ...] = ("s1",), id: str = "uji") -> Sop:
    """An SOP of so many columns a, b, c …"""
    pelaksana = {chr(ord("a") + number): TITLES[number] for number in range(columns)}
    return Sop(id=id, nama=f"Uji {id}", pelaksana=pelaksana, steps=steps, start=start, source=HERE)


def _fifteen() -> Sop:
    deciding = (4, 7, 10, 13)
    rows = (
        step(
            f"s{n}",
            chr(ord("a") + n - 1),
            to={"lengkap": f"s{n + 1}", "tidak lengkap": f"s{n - 3}"} if n in deciding else {},
        )
        for n in range(1, 16)
    )
    return sop_of(15, *rows)


def _forty() -> Sop:
    back = {5: 2, 10: 7, 16: 3, 22: 20, 29: 15, 34: 33, 38: 1}
    rows = (
        step(f"s{n}", "abcdef"[n * 7 % 6], to={"ya": f"s{n + 1}", "tidak": f"s{back[n]}"} if n in back else {})
        for n in range(1, 41)
    )
    return sop_of(6, *rows)


LONG = (KEGIATAN + "; ") * 7

HARD: dict[str, Sop] = {
    "one-step": sop_of(1, step("s1", "a")),
    "chains": sop_of(
        4,
        step("s1", "a"),
        step("s2", "bcd"),
        step("s3", "ac"),
        step("s4", "db", to={"ya": "s5", "tidak": "s1"}),
        step("s5", "ca"),
    ),
    "together": sop_of(
        4,
        step("s1", "ab", together=True),
        step("s2", "abd", together=True),
        step("s3", "bcd", together=True, decides="c", to={"setuju": "s4", "tidak setuju": "s2"}),
        step("s4", "ad", together=True),
        step("s5", "abcd", together=True),
    ),
    "long-loops": sop_of(
        4,
        step("s1", "a"),
        step("s2", "b"),
        step("s3", "c", to={"ya": "s4", "tidak": "s1"}),
        step("s4", "d"),
        step("s5", "c", to={"ya": "s6", "tidak": "s1"}),
        step("s6", "b"),
        step("s7", "d", to={"ya": "s8", "tidak": "s2"}),
        step("s8", "a"),
    ),
    "three-loops-to-one": sop_of(
        3,
        step("s1", "a"),
        step("s2", "a"),
        step("s3", "b", to={"ya": "s4", "tidak": "s2"}),
        step("s4", "c", to={"ya": "s5", "tidak": "s2"}),
        step("s5", "b", to={"sesuai": "s6", "belum sesuai": "s2"}),
        step("s6", "a"),
    ),
    "three-exits": sop_of(
        4,
        step("s1", "a"),
        step("s2", "b", to={"Teknis": "s3", "Administratif": "s4", "Ditolak": "s6"}),
        step("s3", "c", next=("s5",)),
        step("s4", "a", next=("s5",)),
        step("s5", "d", to={"setuju": "s6", "perbaiki": "s3", "batal": END}),
        step("s6", "a"),
    ),
    "several-starts-and-ends": sop_of(
        4,
        step("s1", "a", next=("s3",)),
        step("s2", "b", next=("s3",)),
        step("s3", "c", to={"lanjut": "s4", "berhenti": END}),
        step("s4", "d", next=(END,)),
        step("s5", "d", to={"ya": "s6", "tidak": "s4"}),
        step("s6", "a"),
        start=("s1", "s2", "s5"),
    ),
    "first-and-last-decide": sop_of(
        4,
        step("s1", "b", to={"lengkap": "s2", "tidak lengkap": END}),
        step("s2", "c"),
        step("s3", "d", to={"ya": END, "tidak": "s2"}),
    ),
    "all-in-one-column": sop_of(
        3,
        step("s1", "a"),
        *(
            step(f"s{n}", "a", to={"ya": f"s{n + 1}", "tidak": f"s{back}"})
            for n, back in ((2, 1), (3, 1), (4, 2), (5, 3))
        ),
        step("s6", "b"),
    ),
    "skipped-steps": sop_of(
        4,
        step("s1", "a", to={"mudah": "s6", "sedang": "s4", "sulit": "s2"}),
        step("s2", "b"),
        step("s3", "c"),
        step("s4", "b"),
        step("s5", "d", to={"ya": "s6", "tidak": "s2"}),
        step("s6", "a", to={"dinas": "s7", "pribadi": "s8"}),
        step("s7", "c", next=(END,)),
        step("s8", "b"),
    ),
    "decided-in-the-middle": sop_of(
        4,
        step("s1", "a"),
        step("s2", "bcd", decides="b", to={"ya": "s3", "tidak": "s1"}),
        step("s3", "abc", decides="b", to={"A": "s4", "B": "s5", "ulang": "s1"}),
        step("s4", "d", next=(END,)),
        step("s5", "a"),
    ),
    "six-hundred-letters": sop_of(
        4,
        step("s1", "a", kegiatan=LONG[:600]),
        step("s2", "b", kegiatan="Memeriksa", to={"ya": "s3", "tidak": "s1"}),
        step("s3", "d", kegiatan=LONG[:420]),
    ),
    "fifteen-columns": _fifteen(),
    "forty-steps": _forty(),
}
"""Flows that are hard to draw."""


def office_sops() -> dict[str, Sop]:
    """The SOPs of the repository."""
    found = {}
    for path in sorted(SOPS.glob("*.yaml")):
        sop, _ = read_sop(path.read_bytes(), path.name)
        assert sop is not None
        found[path.stem] = sop
    return found


KNOWN = {**office_sops(), **HARD}


@st.composite
def sops(draw: st.DrawFn, most: int = 6) -> Sop:
    """Any SOP that the reader accepts, also one that `check` would not let start."""
    keys = [chr(ord("a") + number) for number in range(draw(st.integers(1, 8)))]
    ids = [f"s{number}" for number in range(1, draw(st.integers(1, most)) + 1)]
    targets = st.sampled_from([*ids, END])
    rows = []
    for id in ids:
        pelaksana = "".join(draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True)))
        exits = draw(st.sampled_from((0, 0, 0, 2, 2, 3)))
        rows.append(
            step(
                id,
                pelaksana,
                together=draw(st.booleans()),
                kegiatan="Memeriksa berkas " * draw(st.integers(1, 12)),
                decides="".join(draw(st.lists(st.sampled_from(pelaksana), min_size=1, unique=True))),
                next=tuple(draw(st.lists(targets, max_size=2, unique=True))) if not exits else (),
                to={label: draw(targets) for label in LABELS[:exits]},
            )
        )
    start = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=2, unique=True))
    return sop_of(len(keys), *rows, start=tuple(start))


@pytest.fixture(params=list(KNOWN), scope="session")
def known(request: pytest.FixtureRequest) -> Sop:
    """Each of the known SOPs."""
    return KNOWN[request.param]


@pytest.fixture(scope="session")
def drawn(known: Sop) -> Flowchart:
    """Its flowchart on A4, drawn once for all tests."""
    return lay_out_flowchart(known, "A4")


@pytest.fixture(scope="session")
def sops_of_any_kind() -> Callable[[], st.SearchStrategy[Sop]]:
    """The strategy, for tests that draw their own."""
    return sops


@pytest.fixture(scope="session")
def plain() -> Callable[..., Step]:
    """What makes a row."""
    return step
