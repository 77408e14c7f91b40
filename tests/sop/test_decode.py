"""The SOP file: what a clerk may write, what it means, and every mistake in it at once."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.problems import Source
from sopctl.sop.check import check_sop
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Branch, Duration, Kelengkapan, Sop, SopCall, StepDocument, Waktu

SOPS = Path(__file__).parents[2] / "sops"

FULL = """
id: sk-tim
nama: Pembuatan SK Tim Kerja Bidang 3
identitas:
  nomor: 000.8/1624/DISKOPUKM
  tanggal_pembuatan: 2023-08-31
  dasar_hukum: [Satu, Dua]
  peringatan: Hanya satu butir
pelaksana:
  kadis: Kepala Dinas
  kabid: Kepala Bidang 3
fields:
  tugas: {label: Tugas yang diberikan, type: list, required: true, step: susun}
  anggota: {label: Anggota, type: table, columns: [nama, nip]}
  sifat: {label: Sifat, type: choice, choices: [Biasa, Segera]}
  nilai: {label: Nilai, type: number}
documents:
  disposisi: {template: disposisi.docx}
  surat-tugas: {template: surat-tugas.docx, kode: 0123, judul: Surat Tugas}
steps:
  - id: perintah
    no: 1
    kegiatan: Memerintahkan
    pelaksana: kadis
    kelengkapan: [Kertas, {nama: ATK, evidence: ya}]
    waktu: 5 Menit
    output: Disposisi
    document: disposisi
  - id: susun
    no: 02
    kegiatan: Menyusun
    pelaksana: [kabid, kadis]
    together: true
    kelengkapan: Disposisi
    waktu: "-"
    document: {name: surat-tugas, act: initial}
    sop: {id: penugasan, optional: true}
  - id: periksa
    kegiatan: Memeriksa
    pelaksana: [kabid, kadis]
    branches: {ya: end, tidak: {to: susun, when: nilai < 75}}
    sop: lain
"""

SMALL = """id: a
nama: A
pelaksana: {k: Kepala}
steps:
  - {id: satu, kegiatan: x, pelaksana: k}
  - {id: dua, kegiatan: y, pelaksana: k}
"""


def read_text(text: str) -> tuple[Sop | None, list[str]]:
    sop, problems = read_sop(text.encode(), "f.yaml")
    return sop, [f"{problem.source.line}:{problem.source.column} {problem.code}" for problem in problems]


def sop_of(text: str) -> Sop:
    sop, problems = read_text(text)
    assert problems == []
    assert sop is not None
    return sop


def test_a_whole_sop_is_read() -> None:
    sop = sop_of(FULL)
    assert (sop.id, sop.start, list(sop.pelaksana)) == ("sk-tim", ("perintah",), ["kadis", "kabid"])
    assert sop.identitas.tanggal_pembuatan == date(2023, 8, 31)
    assert sop.identitas.dasar_hukum == ("Satu", "Dua")
    assert sop.identitas.peringatan == ("Hanya satu butir",)
    assert sop.fields["tugas"].step == "susun"
    assert sop.fields["anggota"].column_names == ("nama", "nip")
    assert sop.documents["surat-tugas"].kode == "0123"
    assert sop.documents["disposisi"].name == "disposisi"


def test_each_column_of_a_row_is_read() -> None:
    first, second, third = sop_of(FULL).steps
    assert (first.no, second.no, third.no) == (1, "02", None)
    assert first.waktu == Waktu("5 Menit", Duration(5, "menit"), Duration(5, "menit"))
    assert second.waktu == Waktu("-")
    assert third.waktu == Waktu()
    assert first.kelengkapan == (Kelengkapan("Kertas"), Kelengkapan("ATK", evidence=True))
    assert second.kelengkapan == (Kelengkapan("Disposisi"),)
    assert first.document == StepDocument("disposisi", "draft")
    assert second.document == StepDocument("surat-tugas", "initial")
    assert second.sop == SopCall("penugasan", optional=True)
    assert third.sop == SopCall("lain")
    assert third.branches == (Branch("ya", "end"), Branch("tidak", "susun", "nilai < 75"))
    assert first.source == Source("f.yaml", 21, 5)


def test_the_last_pelaksana_decides_where_the_row_does_not_say() -> None:
    first, _, third = sop_of(FULL).steps
    assert (first.decides, third.decides) == ({}, {"kadis": third.branches})


def test_a_lone_start_is_the_first_of_one() -> None:
    assert sop_of(SMALL + "start: dua\n").start == ("dua",)


def assert_found_at_the_mark(marked: str, *codes: str) -> None:
    """Each `^` in the text stands where a mistake is."""
    places = []
    for line, text in enumerate(marked.splitlines(), 1):
        while "^" in text:
            places.append(f"{line}:{text.index('^') + 1}")
            text = text.replace("^", "", 1)  # noqa: PLW2901 — the marks before this one are gone by then
    sop, found = read_text(marked.replace("^", ""))
    assert sop is None
    assert found == [f"{place} {code}" for place, code in zip(places, codes, strict=True)]


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        pytest.param("pelaksana: ^kk", "reference", id="unknown-pelaksana"),
        pytest.param("pelaksana: [k, ^k]", "repeated", id="pelaksana-twice"),
        pytest.param("pelaksana: ^[]", "value", id="empty-pelaksana"),
        pytest.param("pelaksana: k, next: ^tiga", "reference", id="next-to-nowhere"),
        pytest.param("pelaksana: k, ^next: satu, branches: {a: satu, b: dua}", "branches", id="next-and-branches"),
        pytest.param("pelaksana: k, branches: {a: ^sato, b: dua}", "reference", id="branch-to-nowhere"),
        pytest.param("pelaksana: k, ^branches: {a: satu}", "branches", id="one-branch"),
        pytest.param("pelaksana: k, branches: {a: satu, ^A: dua}", "branches", id="labels-that-differ-by-case"),
        pytest.param("pelaksana: k, branches: {a: end, b: {to: dua, when: ^x =}}", "condition", id="broken-condition"),
        pytest.param("pelaksana: k, branches: {a: end, b: ^{when: x}}", "missing_key", id="branch-without-target"),
        pytest.param("pelaksana: k, ^decides: k", "decides", id="decides-without-branches"),
        pytest.param("pelaksana: k, ^kind: choice", "kind", id="kind-without-branches"),
        pytest.param("pelaksana: k, ^decides: all", "decides", id="all-decide-without-branches"),
        pytest.param("pelaksana: k, ^decides: {k: {}}", "decides", id="a-decider-without-exits"),
        pytest.param("pelaksana: k, decides: {k: {a: satu, b: ^sato}}", "reference", id="own-branch-to-nowhere"),
        pytest.param("pelaksana: k, decides: {^k: {a: satu}}", "branches", id="one-branch-of-ones-own"),
        pytest.param(
            "pelaksana: k, decides: {k: {a: satu, b: dua}}, ^branches: {a: satu, b: dua}", "branches", id="of-nobody"
        ),
        pytest.param("pelaksana: k, decides: ^m, branches: {a: satu, b: end}", "reference", id="decides-elsewhere"),
        pytest.param("pelaksana: k, document: ^surat", "reference", id="unknown-document"),
        pytest.param("pelaksana: k, document: {name: ^surat, act: ^x}", "reference value", id="unknown-act"),
        pytest.param("pelaksana: k, waktu: ^5 m", "waktu", id="two-units-in-waktu"),
        pytest.param("pelaksana: k, waktu: {text: x, reading: ^5 m}", "value", id="a-reading-that-is-not-sure"),
        pytest.param("pelaksana: k, waktu: {text: H-3, before: ^rapat}", "reference", id="before-nothing"),
        pytest.param("pelaksana: k, waktu: {text: H+3, after: ^dua}", "reference", id="after-itself"),
        pytest.param("pelaksana: k, waktu: {text: H+3, ^after: satu, before: satu}", "waktu", id="before-and-after"),
        pytest.param("pelaksana: k, waktu: {text: sesuai, ^before: satu}", "waktu", id="before-without-an-amount"),
        pytest.param("pelaksana: k, waktu: {text: 2 jam, ^before: satu}", "waktu", id="hours-before-a-row"),
        pytest.param("pelaksana: k, waktu: {text: 2 menit/berkas, per: ^satu}", "reference", id="per-no-field"),
        pytest.param("pelaksana: k, together: ^yes", "value", id="not-ya"),
        pytest.param("pelaksana: k, sop: ^X", "id", id="call-with-capitals"),
        pytest.param("pelaksana: k, kelengkapan: [a, ^[b]]", "type", id="list-in-kelengkapan"),
        pytest.param("pelaksana: k, ^wakt: 5 menit", "unknown_key", id="typo-in-key"),
        pytest.param("pelaksana: ^", "missing_key", id="key-left-empty"),
    ],
)
def test_a_mistake_in_a_row_is_found_where_it_stands(row: str, codes: str) -> None:
    marked = SMALL.replace("kegiatan: y, pelaksana: k", f"kegiatan: y, {row}")
    assert_found_at_the_mark(marked, *codes.split())


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        pytest.param("start: [satu, ^satu, ^tiga]", "repeated reference", id="start"),
        pytest.param("fields: {^Nama: {label: x}}", "value", id="field-with-a-capital"),
        pytest.param("fields: {^loop: {label: x}}", "value", id="field-of-jinja"),
        pytest.param("fields: {^class: {label: x}}", "value", id="field-of-python"),
        pytest.param(f"fields: {{^{'a' * 61}: {{label: x}}}}", "value", id="long-field"),
        pytest.param("fields: {x: {label: x, type: ^tabel}}", "value", id="typo-in-type"),
        pytest.param("fields: {x: ^{label: x, type: table}}", "field", id="table-without-columns"),
        pytest.param("fields: {x: {label: x, type: table, columns: [a, ^a]}}", "repeated", id="column-twice"),
        pytest.param("fields: {x: {label: x, type: table, columns: [^items]}}", "value", id="column-of-python"),
        pytest.param("fields: {x: ^{label: x, type: choice}}", "field", id="choice-without-choices"),
        pytest.param("fields: {x: {label: x, choices: ^[a]}}", "field", id="choices-without-choice"),
        pytest.param("fields: {x: {label: x, step: ^tiga}}", "reference", id="field-of-no-step"),
        pytest.param("documents: {x: {template: ^a/b.docx}}", "value", id="template-in-a-folder"),
        pytest.param("documents: {x: {template: ^../b.docx}}", "value", id="template-above"),
        pytest.param("documents: {x: {template: ^b.doc}}", "value", id="template-of-old-word"),
        pytest.param("documents: {x: {template: ^con.docx}}", "value", id="template-of-a-device"),
        pytest.param("documents: {x: {template: ^NUL .docx}}", "value", id="template-of-a-device-and-a-blank"),
        pytest.param("identitas: {tanggal_efektif: ^31-08-2023}", "value", id="day-first"),
        pytest.param("^id: b", "duplicate_key", id="repeated-key"),
        pytest.param("^pelaksanaan: x", "unknown_key", id="unknown-key"),
    ],
)
def test_a_mistake_in_a_part_is_found_where_it_stands(part: str, codes: str) -> None:
    assert_found_at_the_mark(SMALL.replace("steps:\n", f"{part}\nsteps:\n"), *codes.split())


def test_a_template_of_a_device_is_not_told_to_end_in_what_it_ends_in() -> None:
    _, problems = read_sop(
        SMALL.replace("steps:\n", "documents: {x: {template: nul.docx}}\nsteps:\n").encode(), "a.yaml"
    )
    assert [("Windows" in one.message, "berakhiran" in one.message) for one in problems] == [(True, False)]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        pytest.param(("id: a\nnama", "^nama"), "missing_key", id="no-id"),
        pytest.param(("id: a\n", "id: ^Surat Tugas\n"), "id", id="id-with-a-space"),
        pytest.param(("id: a\n", "id: ^con\n"), "id", id="id-of-a-windows-device"),
        pytest.param(("id: a\n", f"id: ^{'a' * 61}\n"), "id", id="long-id"),
        pytest.param(("id: dua", "id: ^end"), "id", id="a-step-called-end"),
        pytest.param(("id: dua", "id: ^satu"), "repeated", id="step-id-twice"),
    ],
)
def test_a_mistake_in_a_name_is_found_where_it_stands(change: tuple[str, str], codes: str) -> None:
    assert_found_at_the_mark(SMALL.replace(*change), *codes.split())


def test_all_mistakes_of_a_file_come_at_once_in_order_of_place() -> None:
    marked = """
^id: ^A B
^nma: x
pelaksana: {k: Kepala}
steps:
  - {id: satu, kegiatan: x, pelaksana: ^kk, waktu: ^5 m}
  - ^{id: dua, pelaksana: k, next: ^tiga, ^next: satu}
  - ^teks saja
"""
    codes = "missing_key id unknown_key reference waktu missing_key reference duplicate_key type"
    assert_found_at_the_mark(marked, *codes.split())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("id: a\n", "id: Surat Tugas\n"), '"surat-tugas"'),
        (("y, pelaksana: k", "y, pelaksana: K"), 'mungkin maksudnya "k"'),
        (("y, pelaksana: k", "y, pelaksana: k, next: saru"), 'mungkin maksudnya "satu"'),
        (("y, pelaksana: k", "y, pelaksana: k, next: zzzz"), '"dua", "end" dan "satu"'),
        (("y, pelaksana: k", "y, no: 1, pelaksana: k, next: 1"), 'tidak ada di sini; id baris bernomor 1: "dua"'),
        (("y, pelaksana: k", "y, no: 7., pelaksana: k, branches: {ya: end, tidak: 7}"), 'baris bernomor 7: "dua"'),
        (("y, pelaksana: k", 'y, no: 2, pelaksana: k, next: "satu, 2"'), "sebagai daftar: [satu, dua]."),
        (("y, pelaksana: k", "y, pelaksana: k, next: satu dan dua"), "sebagai daftar: [satu, dua]."),
        (("id: dua", "id: satu"), "baris 5"),
    ],
)
def test_a_mistake_says_what_to_write_instead(change: tuple[str, str], words: str) -> None:
    _, problems = read_sop(SMALL.replace(*change).encode(), "f.yaml")
    assert words in problems[0].message


def test_a_field_cannot_take_a_name_that_templates_know() -> None:
    text = SMALL.replace("steps:\n", "fields:\n  nomor:\n    label: x\nsteps:\n")
    sop, problems = read_sop(text.encode(), "f.yaml", frozenset({"nomor"}))
    assert sop is None
    assert [(problem.source.line, problem.code) for problem in problems] == [(5, "reserved")]


def test_a_wrong_id_makes_no_reference_to_it_wrong() -> None:
    _, found = read_text(SMALL.replace("id: dua", "id: Dua").replace("x, pelaksana: k", "x, pelaksana: k, next: Dua"))
    assert found == ["6:10 id"]


@pytest.mark.parametrize(
    ("decides", "mistakes"),
    [("all", 0), ("[kadis, kabid]", 0), ("kadis", 0), ("kabid", 1), ("[kabid]", 1)],
)
def test_who_signs_is_the_last_of_the_row_to_decide(decides: str, mistakes: int) -> None:
    row = f"pelaksana: [kabid, kadis], decides: {decides}, document: {{name: surat, act: sign}}"
    _, found = read_text(
        "id: a\nnama: A\npelaksana: {kabid: Kepala Bidang, kadis: Kepala Dinas}\n"
        "documents: {surat: {template: surat.docx, signers: [kadis]}}\n"
        f"steps:\n  - {{id: a, kegiatan: K, {row}, branches: {{ya: end, tidak: a}}}}\n"
    )
    assert len(found) == mistakes, found


@pytest.mark.parametrize("path", sorted(SOPS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_sops_of_the_office_are_read_without_a_mistake(path: Path) -> None:
    sop, problems = read_sop(path.read_bytes(), str(path))
    assert problems == ()
    assert sop is not None
    assert sop.id == path.stem


WORDS = """
    id nama pelaksana steps fields documents start identitas kegiatan branches next document sop waktu kelengkapan
    template label type columns satu dua k end table choice ya 5 to when name act
"""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            SMALL.replace("{k: Kepala}", "{" + ", ".join(f"pelaksana{n}: x" for n in range(8000)) + "}").replace(
                "pelaksana: k", "pelaksana: [" + ", ".join(f"pelaksana{n}" for n in range(8000, 9000)) + "]"
            ),
            id="a-thousand-unknown-among-eight-thousand",
        ),
        pytest.param(SMALL.replace("kegiatan: x", "kegiatan: " + "jika tidak " * 85_000), id="an-endless-sentence"),
        pytest.param(
            SMALL.replace("kegiatan: x", "kegiatan: x, waktu: " + "sekitar " * 100_000), id="an-endless-waktu"
        ),
        pytest.param(
            SMALL
            + "".join(
                f"  - {{id: s{n}, kegiatan: x, pelaksana: k, kelengkapan: hasil{n} dari, output: hasil {n} lain}}\n"
                for n in range(1500)
            ),
            id="as-many-rows-as-fit",
        ),
    ],
)
def test_a_file_of_the_largest_size_is_judged(text: str) -> None:
    sop, _ = read_sop(text.encode(), "f.yaml")
    assert sop is None or isinstance(check_sop(sop, {}), tuple)


def test_the_language_is_loaded_without_what_only_some_files_need() -> None:
    modules = "sopctl.sop.decode, sopctl.sop.check, sopctl.sop.schema"
    program = f"import {modules}, sys; print({{'yaml', 'jinja2', 'difflib', 'rich', 'docx'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


words = st.sampled_from(WORDS.split())
trees = st.recursive(
    words | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=5),
    max_leaves=25,
)


def flow(tree: object) -> str:
    """A tree as YAML in one line."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(flow, tree)) + "]"
    return f"'{str(tree).replace(chr(39), '')}'"


@given(trees)
def test_no_yaml_raises(tree: object) -> None:
    sop, problems = read_sop(flow(tree).encode("utf-8", "replace"), "f.yaml")
    assert (sop is None) is bool(problems)


@given(st.integers(0, len(FULL) - 1), st.integers(0, 30), st.text(alphabet="{}[]:-\n ab'\"", max_size=3))
def test_no_damage_to_a_good_file_raises(at: int, gone: int, put: str) -> None:
    sop, problems = read_sop((FULL[:at] + put + FULL[at + gone :]).encode(), "f.yaml")
    assert (sop is None) is bool(problems)


@given(st.binary(max_size=80))
def test_no_bytes_raise(data: bytes) -> None:
    sop, problems = read_sop(data, "f.yaml")
    assert sop is None
    assert problems


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            SMALL + "".join(f"  - {{id: s{row}, kegiatan: x, pelaksana: k}}\n" for row in range(499)),
            "505:5 paling banyak 500 isi, padahal ada 501",
            id="rows",
        ),
        pytest.param(
            SMALL.replace("{k: Kepala}", "{k: Kepala" + "".join(f", p{n}: Pejabat" for n in range(60)) + "}"),
            "paling banyak 60 isi, padahal ada 61",
            id="pelaksana",
        ),
    ],
)
def test_an_sop_has_no_more_rows_and_pelaksana_than_a_form(text: str, said: str) -> None:
    _, problems = read_sop(text.encode(), "f.yaml")
    assert len(problems) == 1
    place = f"{problems[0].source.line}:{problems[0].source.column}"
    assert said in f"{place} {problems[0].message.removeprefix('Di sini ')}"
