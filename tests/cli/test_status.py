"""`status ID`: all that changed a case is seen there, by whom and when, and nothing that people typed forges it."""

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import DoneOnce, Office

FORM = """id: uji
nama: Uji
pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang 3, kadis: Kepala Dinas}
fields: {tugas: {label: Tugas}, dasar: {label: Dasar}}
documents: {lembar: {template: lembar-hasil.docx, kode: 000.1}}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, document: {name: lembar, act: draft}}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: [kabid, kadis], document: {name: lembar, act: initial}}
  - {id: tandatangan, kegiatan: Menandatangani, pelaksana: kadis, document: {name: lembar, act: sign}}
"""


def begin(office: "Office") -> None:
    (office.root / "sops" / "uji.yaml").write_text(FORM, encoding="utf-8")
    office.ok("start", "uji", "--subject", "Tim Bimtek")


@pytest.fixture
def case(done_once: "DoneOnce", monkeypatch: pytest.MonkeyPatch) -> "Office":
    """A case at its first row, on a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    return done_once(begin)


def told(office: "Office") -> list[str]:
    return office.ok("status", "uji-1").splitlines()


def entries(office: "Office") -> list[str]:
    """The lines under Catatan, each joined with those that go on from it, without the day."""
    lines = told(office)
    under = lines[lines.index("Catatan") + 1 :]
    joined: list[str] = []
    for each in under:
        if each.startswith("      "):
            joined[-1] += f" {each.strip()}"
        else:
            joined.append(each)
    return [re.sub(r"^  Sel 24-11-2026 (\d\d\.\d\d) \S+ ", r"\1 ", each) for each in joined]


def test_who_acted_stands_under_every_step(case: "Office") -> None:
    case.ok("approve", "uji-1")
    case.ok("approve", "uji-1", "--as", "kabid")
    account = case.json("status", "uji-1")["visits"][0]["by"]
    shown = "\n".join(line[:30].rstrip() for line in told(case))
    assert re.search(rf"susun\s+24-11.*\n\s+tim: {account}\n", shown)
    assert re.search(rf"periksa\s+24-11.*\n\s+kabid: {account}\n\s+kadis\n", shown)


def test_a_move_that_was_typed_later_bears_a_mark(case: "Office") -> None:
    case.now = case.now.replace(hour=11, minute=30)
    case.ok("approve", "uji-1", "--at", "2026-11-24 09:10", "--note", "di atas kertas")
    case.ok("approve", "uji-1", "--as", "kabid")
    lines = [line for line in told(case) if "dicatat" in line]
    assert lines[0].split()[:3] == ["dicatat", "24-11", "11.30"]
    assert entries(case)[-1].endswith("meneruskan langkah susun (dicatat Sel 24-11-2026 11.30): di atas kertas")
    assert len(lines) == 2


def test_everything_that_changed_the_case_is_told(case: "Office") -> None:
    (case.root / "hadir.pdf").write_bytes(b"%PDF-1.4")
    for words in (
        ["set", "uji-1", "tugas=lama", "dasar=undangan"],
        ["approve", "uji-1", "--set", "dasar=surat undangan"],
        ["withdraw", "uji-1", "--note", "keliru"],
        ["begin", "uji-1"],
        ["attach", "uji-1", "Daftar hadir", "hadir.pdf"],
        ["approve", "uji-1"],
        ["suspend", "uji-1", "--note", "menunggu"],
        ["resume", "uji-1"],
        ["approve", "uji-1"],
        ["approve", "uji-1"],
        ["set", "uji-1", "tugas=baru"],
        ["assign", "uji-1", "tim", "seseorang"],
        ["assign", "uji-1", "tim", ""],
        ["agenda", "set", "uji-1", "--nomor", "000.1/7", "--note", "dari meja agenda"],
        ["cancel", "uji-1", "--note", "tidak jadi"],
    ):
        case.ok(*words)
    assert entries(case) == [
        "09.00 membuka berkas",
        "09.01 mengisi tugas, dasar",
        "09.02 meneruskan langkah susun (catatan nomor 3, kemudian ditarik kembali); mengubah dasar",
        "09.03 menarik kembali catatan nomor 3: keliru",
        "09.04 mulai mengerjakan langkah susun",
        "09.05 melampirkan Daftar hadir: hadir.pdf",
        "09.07 menunda: menunggu",
        "09.08 melanjutkan",
        "09.11 mengubah tugas; paraf Kepala Dinas pada lembar gugur",
        "09.12 menugaskan tim kepada seseorang",
        "09.13 mencabut penugasan tim",
        "09.14 memberi lembar nomor 000.1/7: dari meja agenda",
        "09.15 membatalkan: tidak jadi",
    ]
    assert max(len(line) for line in told(case) if "data/" not in line) <= 80


def test_what_came_back_filled_in_is_not_told_as_empty(case: "Office") -> None:
    (case.root / "sops" / "balik.yaml").write_text(
        "id: balik\nnama: Balik\npelaksana: {tim: Tim, kabid: Kabid}\n"
        "fields: {pokok: {label: Pokok, required: true, step: susun}, dasar: {label: Dasar, step: susun}}\n"
        "steps:\n  - {id: susun, kegiatan: Menyusun, pelaksana: tim}\n"
        "  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, branches: {sesuai: end, belum sesuai: susun}}\n",
        encoding="utf-8",
    )
    case.ok("start", "balik")
    assert "Belum diisi\n  pokok\n  dasar (boleh kosong)\n" in case.ok("status", "balik-1")
    case.ok("approve", "balik-1", "--set", "pokok=P")
    case.ok("reject", "balik-1", "--note", "keliru")
    assert "Belum diisi\n  dasar (boleh kosong)\n" in case.ok("status", "balik-1")


def test_a_case_that_goes_on_under_another_sop_says_so(case: "Office") -> None:
    path = case.root / "sops" / "uji.yaml"
    path.write_text(FORM.replace("id: susun", "id: konsep"), encoding="utf-8")
    case.ok("migrate", "uji-1", "--map", "susun=konsep", "--yes")
    assert re.fullmatch(
        r"09.01 memakai SOP versi [0-9a-f]{8}, sebelumnya [0-9a-f]{8}, langkah susun menjadi konsep", entries(case)[-1]
    )


FORGED = "Sel 24-11-2026 10.40 kadis menandatangani"


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["note", "uji-1", f"baik\n  {FORGED}"], id="a line of a note"),
        pytest.param(["note", "uji-1", "baik" + " " * 40 + FORGED], id="the fold of a note"),
        pytest.param(["note", "uji-1", f"baik\u2028  {FORGED}"], id="a line end of another kind"),
        pytest.param(["set", "uji-1", f"tugas=baik\n  {FORGED}"], id="a field"),
        pytest.param(["start", "uji", "--subject", f"baik\n  {FORGED}"], id="the subject"),
    ],
)
def test_what_people_typed_is_no_line_of_the_record(case: "Office", words: list[str]) -> None:
    case.ok(*words)
    id = "uji-2" if words[0] == "start" else "uji-1"
    for command in (["status", id], ["why", id], ["inbox"], ["status"], ["report", id], ["approve", id]):
        lines = case.ok(*command).splitlines()
        assert not [line for line in lines if re.match(rf" {{0,5}}{FORGED[:14]}.*kadis", line)]


def test_a_short_id_cuts_no_time_of_the_inbox(case: "Office") -> None:
    assert "…" not in case.ok("inbox")


HIDDEN = [chr(mark) for mark in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)]


@pytest.mark.parametrize("mark", HIDDEN, ids=[f"U+{ord(mark):04X}" for mark in HIDDEN])
def test_what_turns_the_direction_of_writing_is_shown_wherever_text_is_printed(case: "Office", mark: str) -> None:
    case.ok("set", "uji-1", f"tugas=kanan{mark}kiri")
    case.ok("note", "uji-1", f"kanan{mark}kiri")
    case.ok("start", "uji", "--subject", f"kanan{mark}kiri")
    for command in (["status", "uji-1"], ["status", "uji-2"], ["why", "uji-2"], ["inbox"], ["report", "uji-2"]):
        printed = case.ok(*command)
        assert mark not in printed
        assert "\ufffd" in printed
    assert mark not in case.ok("status", "uji-1", "--json")
    assert case.json("status", "uji-1")["fields"]["tugas"] == f"kanan{mark}kiri"


def test_the_file_that_is_handed_over_is_marked_wherever_papers_are_listed(case: "Office") -> None:
    for pelaksana in ("tim", "kabid", "kadis", "kadis"):
        case.ok("approve", "uji-1", "--as", pelaksana)
    for words in ("docs", "status"):
        marked = [line for line in case.ok(words, "uji-1").splitlines() if "(berlaku; serahkan file ini)" in line]
        assert [("tanda tangan" in line, "000.1/1/DISKOPUKM" in line) for line in marked] == [(True, True)]
    assert case.json("docs", "uji-1")["valid"] == case.json("status", "uji-1")["valid"]


def test_what_a_condition_leaves_out_is_nobodys_act(office: "Office") -> None:
    (office.root / "sops/beli.yaml").write_text(
        """
id: beli
nama: Pembelian
pelaksana: {staf: Staf}
fields: {nilai: {label: Nilai, type: number}}
steps:
  - {id: minta, kegiatan: Meminta, pelaksana: staf}
  - {id: lelang, kegiatan: Melelang apabila diperlukan, pelaksana: staf, optional: {when: nilai < 10}}
  - {id: bayar, kegiatan: Membayar, pelaksana: staf}
""",
        encoding="utf-8",
    )
    office.ok("start", "beli", "--set", "nilai=5")
    office.ok("approve", "beli-1")
    (told,) = [line for line in office.ok("status", "beli-1").splitlines() if "karena" in line]
    assert told.strip().endswith("langkah lelang dilewati, karena nilai < 10")
    assert office.json("status", "beli-1")["visits"][0]["by"] not in told
