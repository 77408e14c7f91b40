"""What `check` says of an SOP that was read without mistakes: what cannot run, and what is worth a look."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.problems import Problem, Weight, errors_of
from sopctl.sop.check import check_sop
from sopctl.sop.decode import read_sop
from sopctl.sop.model import END, Sop
from sopctl.sop.wording import find_similar_name, is_nearly_same_name, is_same_name, mentions_rejection

SOPS = Path(__file__).parents[2] / "sops"

CLEAN = """id: a
nama: Pelaksanaan Rapat
pelaksana: {k: Kepala, s: Staf}
steps:
  - {id: satu, no: 1, kegiatan: Menyusun, pelaksana: s, waktu: 1 jam, output: Konsep}
  - {id: dua, no: 2, kegiatan: Memeriksa, pelaksana: k, waktu: 1 jam, output: Konsep, kelengkapan: Konsep}
  - {id: tiga, no: 3, kegiatan: Mengarsipkan, pelaksana: s, waktu: 1 jam, output: Arsip, kelengkapan: Konsep}
"""
KNOWN = {"a": "Pelaksanaan Rapat", "undangan": "Pembuatan Undangan Bidang 3"}


def sop_of(text: str) -> Sop:
    sop, problems = read_sop(text.encode(), "f.yaml")
    assert problems == ()
    assert sop is not None
    return sop


def said_of(text: str) -> tuple[Problem, ...]:
    return check_sop(sop_of(text), KNOWN)


def test_a_clean_sop_gets_no_remark() -> None:
    assert said_of(CLEAN) == ()


@pytest.mark.parametrize(
    ("change", "line", "code", "words"),
    [
        pytest.param(("output: Konsep}", "output: Konsep, next: tiga}"), 6, "unreachable", '"dua"', id="unreachable"),
        pytest.param(
            ("output: Arsip", "output: Arsip, next: satu"), 5, "endless", "satu, dua, tiga", id="loop-for-ever"
        ),
        pytest.param(
            ("output: Arsip", "output: Arsip, branches: {a: dua, b: satu}"), 5, "endless", "tiga", id="loop-of-branches"
        ),
        pytest.param(("output: Arsip", "output: Arsip, sop: undang"), 7, "call", '"undangan"', id="call-of-nothing"),
        pytest.param(("output: Arsip", "output: Arsip, sop: a"), 7, "call", "sendiri", id="call-of-itself"),
        pytest.param(
            ("output: Arsip", "output: Arsip, branches: {a: satu, b: {to: end, when: nilai > 1}}"),
            7,
            "condition",
            '"nilai"',
            id="condition-on-no-field",
        ),
    ],
)
def test_what_cannot_run_is_an_error(change: tuple[str, str], line: int, code: str, words: str) -> None:
    (problem,) = errors_of(said_of(CLEAN.replace(*change)))
    assert (problem.source.line, problem.code) == (line, code)
    assert words in problem.message


def test_a_doubtful_waktu_is_one_note_until_its_author_settles_it() -> None:
    for text in ("H-3", "2 menit/berkas", "25 mneit", "1 bulan (tanggal 1-20)"):
        (said,) = said_of(CLEAN.replace("s, waktu: 1 jam, output: Konsep", f's, waktu: "{text}", output: Konsep'))
        assert (said.severity, said.code, said.source.line) == ("note", "waktu", 5)
        assert f'"{text}"' in said.message
        for reading in ("3 hari", '"-"'):
            settled = f's, waktu: {{text: "{text}", reading: {reading}}}, output: Konsep'
            assert said_of(CLEAN.replace("s, waktu: 1 jam, output: Konsep", settled)) == ()


@pytest.mark.parametrize(
    ("change", "line", "code", "words"),
    [
        pytest.param(("s: Staf", "s: Staf, t: Tamu"), 1, "unused", '"Tamu"', id="idle-pelaksana"),
        pytest.param(
            ("steps:", "documents: {x: {template: x.docx}}\nsteps:"), 4, "unused", '"x"', id="unwritten-document"
        ),
        pytest.param(
            ("Memeriksa,", "'Memeriksa, jika belum sesuai di serahkan kembali untuk diperbaiki',"),
            6,
            "branches",
            "dikembalikan",
            id="way-back-only-in-words",
        ),
        pytest.param(
            ("output: Arsip", "output: Arsip, branches: {ringan: end, berat: end}"), 7, "kind", '"berat"', id="no-kind"
        ),
        pytest.param(("waktu: 1 jam", "waktu: '-'"), 5, "waktu", "satu, dua, tiga", id="no-waktu-once-for-all"),
        pytest.param((", output: Arsip", ""), 7, "output", "tiga", id="no-output"),
        pytest.param((", no: 2", ""), 6, "no", "Tanpa nomor: langkah dua", id="no-number"),
        pytest.param(("no: 3", "no: 4"), 7, "no", "Nomor 3 tidak ada", id="gap-in-the-numbers"),
        pytest.param(("no: 3", "no: 9"), 7, "no", "Nomor 3-8 tidak ada", id="long-gap"),
        pytest.param(("no: 1", "no: 2"), 5, "no", "Nomor 1 tidak ada", id="no-first-number"),
        pytest.param(("no: 2", "no: 1"), 5, "no", "Nomor 1 tercetak", id="number-twice"),
        pytest.param(("nama: Pelaksanaan", "nama: SK"), 1, "title", "menyebut SK", id="title-without-its-document"),
        pytest.param(
            ("pelaksana: {", "identitas: {keterkaitan: [SOP Surat Keluar, SOP Pembuatan Undangan]}\npelaksana: {"),
            1,
            "keterkaitan",
            '"SOP Surat Keluar".',
            id="keterkaitan-elsewhere",
        ),
        pytest.param(
            (
                "pelaksana: {",
                "identitas: {tanggal_pembuatan: 2024-01-02, tanggal_efektif: 2024-01-01}\npelaksana: {",
            ),
            1,
            "tanggal",
            "2024-01-01",
            id="in-force-before-it-was-made",
        ),
        pytest.param(("kelengkapan: Konsep", "kelengkapan: Arsip"), 6, "kelengkapan", '"Arsip"', id="made-only-later"),
        pytest.param(
            ("output: Arsip, kelengkapan: Konsep", "output: Arsip, kelengkapan: Konsep surat"),
            7,
            "kelengkapan",
            'output "Konsep"',
            id="like-an-output",
        ),
        pytest.param(
            ("output: Arsip, kelengkapan: Konsep", "output: Arsip, kelengkapan: {nama: Konspe, evidence: true}"),
            7,
            "kelengkapan",
            'output "Konsep". Tulis nama itu, atau `external: true`',
            id="nearly-an-output",
        ),
        pytest.param(
            ("pelaksana: {", 'identitas: {peralatan: ["1. Komputer", "2. ATK"]}\npelaksana: {'),
            1,
            "number",
            'Butir "1. Komputer" bernomor',
            id="numbered-item-of-the-cover",
        ),
        pytest.param(("output: Arsip", "output: [Arsip, 2) Daftar]"), 7, "number", '"2) Daftar"', id="numbered-item"),
        pytest.param(("output: Arsip", "output: [Arsip, arsip]"), 7, "repeated", 'Output "Arsip"', id="output-twice"),
        pytest.param(
            ("kelengkapan: Konsep}\n  - {id: tiga", "kelengkapan: [Konsep, Kertas, Kertas]}\n  - {id: tiga"),
            6,
            "repeated",
            'Kelengkapan "Kertas"',
            id="kelengkapan-twice",
        ),
        pytest.param(
            ("output: Arsip", "output: Arsip, sop: {id: undang, optional: ya}"),
            7,
            "call",
            '"undangan"',
            id="optional-call-of-nothing",
        ),
    ],
)
def test_what_is_worth_a_look_is_a_note(change: tuple[str, str], line: int, code: str, words: str) -> None:
    said = said_of(CLEAN.replace(*change))
    assert errors_of(said) == ()
    assert [(note.source.line, note.code) for note in said if words in note.message] == [(line, code)]


@pytest.mark.parametrize(
    ("change", "weight"),
    [
        pytest.param(("output: Arsip", "output: Arsip, sop: {id: lain, optional: ya}"), "important", id="call"),
        pytest.param(("s: Staf", "s: Staf, t: Tamu"), "advice", id="idle-pelaksana"),
        pytest.param(("kelengkapan: Konsep", "kelengkapan: Konsepp"), "advice", id="nearly-an-output"),
        pytest.param(("kelengkapan: Konsep", "kelengkapan: Konsep akhir"), "remark", id="like-an-output"),
        pytest.param(("kelengkapan: Konsep", "kelengkapan: Arsip"), "remark", id="made-only-later"),
        pytest.param(("waktu: 1 jam", "waktu: '-'"), "remark", id="no-waktu"),
        pytest.param((", output: Arsip", ""), "remark", id="no-output"),
        pytest.param(("no: 2", "no: 1"), "remark", id="number-twice"),
        pytest.param(("nama: Pelaksanaan", "nama: SK"), "remark", id="title"),
        pytest.param(
            ("pelaksana: {", "identitas: {keterkaitan: SOP Surat Keluar}\npelaksana: {"), "remark", id="keterkaitan"
        ),
    ],
)
def test_what_real_forms_have_weighs_less_than_a_likely_mistake(change: tuple[str, str], weight: Weight) -> None:
    assert {problem.weight for problem in said_of(CLEAN.replace(*change))} == {weight}


def test_a_way_back_may_be_drawn_in_the_row_below_its_sentence() -> None:
    text = CLEAN.replace("Menyusun,", "'Memeriksa, jika tidak lengkap dikembalikan kepada pemohon',")
    (told,) = said_of(text)
    assert (told.source.line, told.code, told.weight) == (5, "branches", "important")
    assert said_of(text.replace("output: Konsep, k", "output: Konsep, branches: {ya: tiga, tidak: satu}, k")) == ()


def test_an_external_kelengkapan_is_settled_whatever_it_is_called() -> None:
    for nama in ("Konsepp", "Konsep akhir", "Arsip"):
        assert said_of(CLEAN.replace("kelengkapan: Konsep}", f"kelengkapan: {{nama: {nama}, external: true}}}}")) == ()


def test_the_same_kelengkapan_in_many_rows_is_one_note() -> None:
    said = said_of(CLEAN.replace("kelengkapan: Konsep", "kelengkapan: Konsepp"))
    assert [note.code for note in said] == ["kelengkapan"]
    assert "langkah dua, tiga" in said[0].message


def test_materials_that_nobody_makes_are_no_remark() -> None:
    assert said_of(CLEAN.replace("kelengkapan: Konsep", "kelengkapan: [Kertas, ATK, Bahan terkait]")) == ()


def test_problems_come_in_order_of_place() -> None:
    text = CLEAN.replace("no: 1,", "").replace("s: Staf", "s: Staf, t: T").replace(", output: Arsip", "")
    lines = [problem.source.line for problem in said_of(text)]
    assert lines == sorted(lines)
    assert len(lines) == 3


@pytest.mark.parametrize("path", sorted(SOPS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_nobody_needs_to_mend_the_sops_of_the_office(path: Path) -> None:
    known = {other.stem: other.stem for other in SOPS.glob("*.yaml")}
    sop, _ = read_sop(path.read_bytes(), str(path))
    assert sop is not None
    assert {problem.weight for problem in check_sop(sop, known)} <= {"remark"}


@pytest.mark.parametrize(
    ("kegiatan", "back"),
    [
        ("Menerima konsep, jika belum sesuai di serahkan kembali untuk diperbaiki, jika sudah sesuai …", True),
        ("jika tidak setuju, dikembalikan kepada Anggota Tim Kerja untuk diperbaiki", True),
        ("Apabila berkas tidak lengkap maka dikembalikan", True),
        ("Jika tidak setuju, dikembalikan ke Kepala Ketua Tim Kerja", True),
        ("Menerima surat, kemudian diserahkan kepada Tim Kerja", False),
        ("Jika sudah sesuai diserahkan kembali", False),
    ],
)
def test_a_way_back_is_heard_in_the_sentence(kegiatan: str, *, back: bool) -> None:
    assert mentions_rejection(kegiatan) is back


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("SOP Penugasan Kegiatan", "Penugasan Kegiatan Bidang 3", True),
        ("1. SOP Pelaksanaan rapat", "PELAKSANAAN RAPAT", True),
        ("SOP Rapat", "Rapatan", False),
        ("SOP", "Penugasan", False),
    ],
)
def test_two_ways_of_naming_an_sop_are_the_same(one: str, other: str, *, same: bool) -> None:
    assert is_same_name(one, other) is same


@pytest.mark.parametrize(
    ("item", "found"),
    [
        ("Disposisi dan bahan", "Disposisi dan bahan /materi"),
        ("Disposisi Ketua", "Disposisi"),
        ("Draf laporn kegiatan", "Draf laporan kegiatan"),
        ("Kertas", None),
        ("ATK", None),
    ],
)
def test_an_item_is_compared_with_the_outputs(item: str, found: str | None) -> None:
    assert find_similar_name(item, ["Disposisi", "Disposisi dan bahan /materi", "Draf laporan kegiatan"]) == found


@pytest.mark.parametrize(
    "item",
    [
        pytest.param("Konsep surat kelaur dinas", id="letters-swapped"),
        pytest.param("Konsep surat keluar dinass", id="a-letter-more"),
        pytest.param("Konep surat keluar dinas", id="a-letter-less"),
        pytest.param("Konsip surat keluar dinas", id="another-letter"),
        pytest.param("konsep surat-surat keluar dinas", id="plural"),
        pytest.param("Konsep dinas surat keluar", id="another-order"),
        pytest.param("Konsep suratkeluar dinas", id="a-space-less"),
        pytest.param("Konsep untuk surat keluar dinas", id="a-filler-more"),
        pytest.param("Konsep surat dinas", id="a-word-less"),
        pytest.param("Konsep surat keluar", id="the-last-word-less"),
        pytest.param("Konsep surat keluar kepala dinas", id="a-word-more"),
    ],
)
def test_a_slip_leaves_it_the_same_name(item: str) -> None:
    assert is_nearly_same_name(item, "Konsep surat keluar dinas")
    assert is_nearly_same_name("Konsep surat keluar dinas", item)


@pytest.mark.parametrize(
    ("item", "output"),
    [
        ("Surat Tugas", "Konsep Surat Tugas"),
        ("Fotokopi ijazah", "Ijazah"),
        ("Blanko Bon Permintaan Barang", "Bon Permintaan Barang"),
        ("Draft Publikasi Podes", "Draft publikasi Podes yang telah diperiksa"),
        ("Bon Permintaan Barang", "Bon Permintaan Barang yang terverifikasi"),
        ("Lembar disposisi", "Lembar disposisi terisi"),
        ("Berkas permohonan", "Berkas permohonan lengkap"),
        ("Berkas tidak lengkap", "Berkas lengkap"),
        ("Data PKLNPRT ADHB", "Data PKLNPRT ADHK"),
        ("Laporan triwulan I", "Laporan triwulan II"),
        ("Lampiran 1", "Lampiran 2"),
        ("Surat masuk", "Surat keluar"),
        ("Bukti pengiriman", "Bukti penerimaan"),
        ("Surat pengajuan", "Surat pengujian"),
        ("Dokumen Penawaran", "Hasil evaluasi Dokumen Penawaran"),
        ("Nota dinas", "Nota dinas peminjaman lisensi zoom"),
        ("Kertas", "Kertas Kerja"),
        ("Disposisi Ketua", "Disposisi"),
        ("dan", "yang"),
        ("", ""),
    ],
)
def test_papers_of_another_kind_or_state_are_others(item: str, output: str) -> None:
    assert is_nearly_same_name(item, output) is (item == output)


@st.composite
def forms(draw: st.DrawFn) -> str:
    """An SOP of up to six rows that lead anywhere."""
    ids = [f"s{number}" for number in range(draw(st.integers(1, 6)))]
    target = st.sampled_from([*ids, END])
    rows = []
    for id in ids:
        exits = draw(
            st.one_of(
                st.just(""),
                target.map(lambda to: f", next: {to}"),
                st.lists(target, min_size=2, max_size=3).map(
                    lambda to: ", branches: {" + ", ".join(f"l{n}: {id}" for n, id in enumerate(to)) + "}"
                ),
            )
        )
        rows.append(f"  - {{id: {id}, kegiatan: x, pelaksana: k{exits}}}")
    start = draw(st.lists(st.sampled_from(ids), unique=True, min_size=1, max_size=2))
    return f"id: a\nnama: A\npelaksana: {{k: K}}\nstart: [{', '.join(start)}]\nsteps:\n" + "\n".join(rows) + "\n"


def ways(sop: Sop, id: str) -> Iterator[str]:
    """Where a case may go from a step, as the engine asks it."""
    step = sop.step(id)
    yield from (branch.to for branch in step.branches) if step.branches else (sop.step_after(step),)


def visited(sop: Sop, start: str) -> set[str]:
    seen, waiting = set[str](), [start]
    while waiting:
        id = waiting.pop()
        if id not in seen:
            seen.add(id)
            waiting.extend(ways(sop, id) if id != END else ())
    return seen


@given(forms())
def test_an_sop_without_errors_can_end_from_wherever_it_gets_and_gets_everywhere(text: str) -> None:
    sop = sop_of(text)
    seen = set[str]().union(*(visited(sop, start) for start in sop.start))
    runs = all(END in visited(sop, id) for id in seen - {END}) and seen >= {step.id for step in sop.steps}
    assert (errors_of(check_sop(sop, {})) == ()) is runs
