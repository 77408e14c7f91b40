"""Bad input: a sentence that helps, the right exit code, and nothing lost."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.cli import prompts

if TYPE_CHECKING:
    from tests.cli.conftest import DoneOnce, Office

ANGGOTA = "anggota=Anggota 1|||Pelaksana|Ketua"


def begin(office: "Office") -> None:
    office.ok("start", "sk-tim", "--subject", "Tim Kerja")
    office.ok("approve", "sk-tim-1")
    office.ok("approve", "sk-tim-1")


@pytest.fixture
def case(done_once: "DoneOnce") -> str:
    """A case of `sk-tim` at the step that wants fields."""
    done_once(begin)
    return "sk-tim-1"


def record(office: "Office") -> dict[str, bytes]:
    """Every byte of the record, but for what may be deleted at any time."""
    data = office.root / "data"
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in sorted(data.rglob("*"))
        if path.is_file() and "cache" not in path.parts and path.name != "lock"
    }


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param(["start", "sk-tm"], 4, 'mungkin maksudnya "sk-tim"', id="unknown-sop"),
        pytest.param(["approve", "sk-tim-99"], 4, "Tidak ada berkas 'sk-tim-99'", id="unknown-id"),
        pytest.param(["status", "../../etc/passwd"], 4, "Tidak ada berkas", id="path-as-id"),
        pytest.param(
            ["start", "bimtek", "--step", "telaah"], 4, "tidak dapat dimulai dari 'telaah'", id="unknown-step"
        ),
        pytest.param(["set", "sk-tim-1", "tugaas=x"], 4, 'mungkin maksudnya "tugas"', id="unknown-field"),
        pytest.param(
            ["approve", "sk-tim-1", "--as", "bupati"], 4, "Tidak ada pelaksana 'bupati'", id="unknown-pelaksana"
        ),
        pytest.param(["inbox", "--as", "kabidd"], 4, 'mungkin maksudnya "kabid"', id="unknown-pelaksana-in-inbox"),
        pytest.param(["report", "--sop", "sktim"], 4, 'mungkin maksudnya "sk-tim"', id="unknown-sop-in-report"),
        pytest.param(["approve", "sk-tim-1", "--as", "kadis"], 3, "bukan giliran Kepala Dinas", id="not-their-turn"),
        pytest.param(
            ["reject", "sk-tim-1", "--note", "x"], 3, "tidak memberi pilihan", id="reject-where-nothing-branches"
        ),
        pytest.param(["approve", "sk-tim-1"], 3, "--set anggota=", id="required-fields-missing"),
        pytest.param(["cancel", "sk-tim-1"], 3, "Tuliskan alasannya", id="cancel-without-reason"),
        pytest.param(["resume", "sk-tim-1"], 3, "tidak sedang ditunda", id="resume-what-runs"),
        pytest.param(["approve", "sk-tim-1", "--at", "2030-01-01 10:00"], 3, "belum terjadi", id="at-in-the-future"),
        pytest.param(
            ["approve", "sk-tim-1", "--at", "2020-01-01 10:00"],
            3,
            "mendahului catatan terakhir",
            id="at-before-the-last",
        ),
        pytest.param(["approve", "sk-tim-1", "--at", "kemarin"], 2, "bukan waktu", id="at-that-is-no-time"),
        pytest.param(["set", "sk-tim-1", "anggota=a|b|c|d|e|f"], 2, "6 kolom", id="too-many-cells"),
        pytest.param(["set", "sk-tim-1", "tugas=\x1b[31m"], 2, "tidak dapat disimpan", id="terminal-escape"),
        pytest.param(["set", "sk-tim-1", "tugas"], 2, "Tulis nama=nilai", id="no-value"),
        pytest.param(["set", "sk-tim-1", "anggota=@tim.csv"], 4, "tim.csv tidak ada", id="csv-that-is-not-there"),
        pytest.param(["attach", "sk-tim-1", "Surat", "tidak-ada.pdf"], 4, "tidak ada", id="file-that-is-not-there"),
        pytest.param(["attach", "sk-tim-1", "Surat", "data"], 4, "adalah folder", id="folder-as-file"),
        pytest.param(["attach", "sk-tim-1", "Surat", ""], 2, "Yang wajib belum diisi: FILE", id="no-file-to-attach"),
        pytest.param(["attach", "sk-tim-1", "Surat", "besar.bin"], 2, "paling besar 100 MB", id="file-too-large"),
        pytest.param(["set", "sk-tim-1", "anggota=@besar.bin"], 2, "paling besar 10 MB", id="csv-too-large"),
        pytest.param(["init", "x" * 300], 2, "terlalu panjang", id="name-too-long"),
        pytest.param(
            ["agenda", "add", "--perihal", "x", "--kode", "1" * 300], 2, "paling banyak 100", id="kode-too-long"
        ),
        pytest.param(
            ["agenda", "add", "--perihal", "x", "--kode", "1", "--nomor", "9" * 20, "--note", "x"],
            2,
            "nomor urut paling besar",
            id="number-too-high",
        ),
        pytest.param(
            ["agenda", "add", "--perihal", "x", "--kode", "1", "--nomor", "9" * 5000], 2, "huruf", id="number-too-long"
        ),
        pytest.param(["report", "--from", "kemarin"], 2, "bukan tanggal", id="report-from-no-date"),
        pytest.param(
            ["report", "--from", "2026-12-01", "--to", "2026-11-01"], 2, "lebih awal", id="report-that-ends-before"
        ),
        pytest.param(["aprove", "sk-tim-1"], 2, "mungkin maksudnya 'approve'", id="unknown-command"),
        pytest.param(["approve"], 2, "Yang wajib belum diisi", id="id-missing"),
        pytest.param(["account"], 2, "Pilihannya: invite, list, disable, reset.", id="no-choice"),
        pytest.param(["record", "mov"], 2, 'tidak ada; mungkin maksudnya "move"; pilihannya', id="mistyped-choice"),
        pytest.param(["record", "xyz"], 2, "tidak ada; pilihannya: 'status'", id="unknown-choice"),
        pytest.param(["status", "sk-tim-1", "--jsn"], 2, "mungkin maksudnya --json", id="unknown-option"),
        pytest.param(["inbox", "--sop", "sk-tim"], 2, "Tidak ada pilihan --sop.", id="option-like-no-other"),
        pytest.param(["note", "sk-tim-1", "dua", "kata"], 2, "petik", id="sentence-without-quotes"),
        pytest.param(["init", "."], 2, "sudah menjadi ruang kerja", id="init-twice"),
        pytest.param(["verify", "sopctl.yaml"], 6, "bukan dokumen yang ditulis sopctl", id="foreign-word-file"),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(
    office: "Office", case: str, words: Sequence[str], code: int, says: str
) -> None:
    with (office.root / "besar.bin").open("wb") as file:
        file.truncate(100_000_001)
    before = record(office)
    result = office.type(*words)
    assert (result.exit_code, says in result.stderr) == (code, True), result.output
    assert result.stdout == ""
    assert record(office) == before
    error = office.refused(code, *words)
    assert says in error["message"].replace('\\"', '"')
    assert case in office.ok("inbox")


def test_an_option_without_its_value_is_told(office: "Office", case: str) -> None:
    result = office.type("reject", case, "--note")
    assert (result.exit_code, "membutuhkan nilai" in result.stderr) == (2, True)


def test_what_is_missing_is_named_for_programs(office: "Office", case: str) -> None:
    assert office.refused(3, "approve", case)["fields"] == ["tugas", "anggota"]
    assert office.refused(3, "approve", case, "--set", "tugas=Rapat")["fields"] == ["anggota"]


def test_every_wrong_value_is_named_at_once(office: "Office", case: str) -> None:
    message = office.refused(2, "set", case, "tugas= ", "anggota=|x")["message"]
    assert message.count("\n") == 1


def test_a_beginning_that_fits_several_cases_is_refused_with_their_ids(office: "Office", case: str) -> None:
    office.ok("start", "sk-tim")
    assert "sk-tim-1, sk-tim-2" in office.refused(4, "status", "sk-t")["message"]
    assert office.json("status", "SK-TIM-1")["id"] == case


@pytest.mark.parametrize(
    ("end", "says"),
    [
        pytest.param(["cancel", "sk-tim-1", "--note", "Salah buka"], "sudah dibatalkan", id="cancelled"),
        pytest.param(["suspend", "sk-tim-1", "--note", "Menunggu"], "sedang ditunda", id="suspended"),
    ],
)
def test_a_case_that_stands_still_is_not_approved(office: "Office", case: str, end: Sequence[str], says: str) -> None:
    office.ok(*end)
    assert says in office.refused(3, "approve", case)["message"]


def test_a_finished_case_is_not_approved(office: "Office") -> None:
    office.ok("start", "penugasan")
    for _ in range(3):
        office.type("approve", "penugasan-1", "--set", "tugas=Rapat")
        office.type("approve", "penugasan-1")
    assert "sudah selesai" in office.refused(3, "approve", "penugasan-1")["message"]


def test_a_rejection_needs_a_reason(office: "Office", case: str) -> None:
    office.ok("approve", case, "--set", "tugas=Rapat", "--set", ANGGOTA)
    assert "Tuliskan alasannya" in office.refused(3, "reject", case)["message"]
    assert "pilihannya: sesuai, belum sesuai" in office.refused(4, "decide", case, "setuju")["message"]
    assert office.json("decide", case, "BELUM SESUAI", "--note", "Salah nama")["step"] == "susun"


def test_several_ids_are_moved_each_on_its_own(office: "Office", case: str) -> None:
    office.ok("start", "sk-tim")
    result = office.type("approve", case, "sk-tim-2", "sk-tim-77")
    assert result.exit_code == 3
    assert "sk-tim-2 diteruskan" in result.stdout
    assert "sk-tim-77" in result.stderr


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def one_letter_changed(path: Path) -> None:
    path.write_text(path.read_text().replace("Tim Kerja", "Tim Karya", 1))


def from_a_newer_sopctl(path: Path) -> None:
    path.write_text(path.read_text().replace('"schema": 2', '"schema": 3'))


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        pytest.param(cut_short, "rusak atau terpotong", id="cut-short"),
        pytest.param(one_letter_changed, "diubah di luar sopctl", id="one-letter-changed"),
        pytest.param(from_a_newer_sopctl, "sopctl yang lebih baru", id="newer-schema"),
    ],
)
def test_a_damaged_case_is_refused_and_hides_no_other(
    office: "Office", case: str, harm: Callable[[Path], None], says: str
) -> None:
    office.ok("start", "penugasan")
    harm(office.root / "data/instances/sk-tim/0000/sk-tim-1.json")
    assert says in office.refused(6, "approve", case)["message"]
    assert says in office.refused(6, "status", case)["message"]
    assert "penugasan-1" in office.type("inbox").stdout
    result = office.type("verify")
    assert (result.exit_code, says in result.stderr) == (6, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(b"id: sk-tim\n\tnama: x\n", "tab", id="tab"),
        pytest.param(b"id: sk-tim\nid: dua\n", "sudah ditulis pada baris 1", id="repeated-key"),
        pytest.param(b"a: &a [*a]\n", "", id="anchor-without-end"),
        pytest.param("id: sk-tim\n".encode("utf-16"), "UTF-8", id="wrong-encoding"),
        pytest.param(b"a: 1\n" * 2_500_000, "MB", id="ten-megabytes"),
        pytest.param(b"", "kosong", id="empty"),
    ],
)
def test_an_sop_file_that_cannot_be_read_is_told_with_its_place(office: "Office", text: bytes, says: str) -> None:
    (office.root / "sops/sk-tim.yaml").write_bytes(text)
    error = office.refused(5, "start", "sk-tim")
    assert all(problem["path"] == "sops/sk-tim.yaml" and problem["line"] >= 1 for problem in error["problems"])
    assert any(says in problem["message"] for problem in error["problems"])
    assert office.type("check").exit_code == 5
    assert "sk-tim" in office.ok("list")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"Surat tugas", "surat-tugas.docx", id="no-word-file"),
        pytest.param(None, "surat-tugas.docx", id="missing"),
    ],
)
def test_a_template_that_cannot_be_used_stops_the_step_and_nothing_is_lost(
    office: "Office", case: str, data: bytes | None, says: str
) -> None:
    template = office.root / "templates/surat-tugas.docx"
    if data is None:
        template.unlink()
    else:
        template.write_bytes(data)
    before = record(office)
    result = office.type("approve", case, "--set", "tugas=Rapat", "--set", ANGGOTA)
    assert result.exit_code in {4, 5}
    assert says in result.stderr
    assert record(office) == before
    assert office.type("start", "sk-tim").exit_code == 5


def test_an_office_file_with_mistakes_names_them_all(office: "Office") -> None:
    (office.root / "sopctl.yaml").write_text("timezon: Asia/Pontianak\nworking_hours: {senen: ['07:30-12:00']}\n")
    error = office.refused(5, "inbox")
    assert len(error["problems"]) == 2
    assert "timezone" in error["problems"][0]["message"]


def test_an_empty_name_of_a_workspace_is_not_taken_for_none(office: "Office", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office.root / "sops")
    assert office.ok("list")
    assert office.type("list", "--workspace", "").exit_code == 4


def test_what_one_command_was_called_with_is_not_the_next_ones(
    office: "Office", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path.parent)
    assert office.json("list", "--workspace", str(office.root))
    assert office.type("list").exit_code == 4
    assert office.ok("list", "--workspace", str(office.root)).startswith("Id ")


def test_a_missing_workspace_is_told_with_what_to_do(office: "Office", tmp_path: Path) -> None:
    error = office.refused(4, "inbox", "--workspace", str(tmp_path))
    assert "sopctl init" in error["message"]


def test_an_interrupted_prompt_leaves_nothing(office: "Office", case: str, monkeypatch: pytest.MonkeyPatch) -> None:

    before = record(office)
    monkeypatch.setattr(prompts, "at_a_terminal", lambda **_: True)
    result = office.type("approve", case, stdin="")
    assert result.exit_code == 130
    assert record(office) == before


def test_missing_fields_are_asked_for_at_a_terminal(
    office: "Office", case: str, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr(prompts, "at_a_terminal", lambda **_: True)
    office_answers = "Menyusun bahan\nMelapor\n\na|b|c|d|e|f\n\nAnggota 1|||Pelaksana|Ketua\n" + "\n" * 6
    result = office.type("approve", case, stdin=office_answers)
    assert result.exit_code == 0, result.output
    assert office.json("status", case)["fields"]["tugas"] == ["Menyusun bahan", "Melapor"]


def test_one_file_that_is_too_large_keeps_nobody_from_the_others(office: "Office") -> None:
    for path in (office.root / "sops" / "besar.yaml", office.root / "templates" / "besar.docx"):
        path.write_bytes(b"id: besar\n")
        os.truncate(path, 21_000_000)
    (office.root / "sops" / "folder.yaml").mkdir()
    office.ok("start", "sk-tim")
    office.ok("check", "sk-tim")
    assert {"besar", "sk-tim"} <= {row["id"] for row in office.json("list")}
    for command in (("check", "besar"), ("start", "besar"), ("show", "besar"), ("check",)):
        result = office.type(*command)
        assert result.exit_code == 5
        assert "sops/besar.yaml:1:1: File " in result.output
    assert "sops/folder.yaml:1:1: saran: Ini tidak dibaca: bukan file biasa" in office.type("check").output
    result = office.type("template", "check")
    assert result.exit_code == 5
    assert "Templat besar.docx: File " in result.output


def test_a_mistyped_template_is_told_with_the_one_that_was_meant(office: "Office") -> None:
    sop = office.root / "sops/sk-tim.yaml"
    sop.write_text(sop.read_text("utf-8").replace("disposisi.docx", "disposisii.docx"), encoding="utf-8")
    says = office.type("check").stdout
    assert 'disposisii.docx: file tidak ada di folder templat; mungkin maksudnya "disposisi.docx"' in says


@pytest.mark.parametrize(
    "words",
    [
        ["approve", "sk-tim-1", "--set", "sifat=TEKS"],
        ["approve", "sk-tim-1", "--set", "tugas=BARIS;BARIS"],
        ["set", "sk-tim-1", "tugas=BARIS"],
        ["set", "sk-tim-1", "masa_tugas=TANGGAL"],
        ["cancel", "sk-tim-1", "--note", "…"],
        ["agenda", "withdraw", "1", "--note", "…"],
    ],
)
def test_a_word_that_stands_for_a_value_is_none(office: "Office", case: str, words: list[str]) -> None:
    assert case == "sk-tim-1"
    assert "penanda tempat" in office.refused(2, *words)["message"]
    assert office.json("status", case)["fields"] == {}


def test_a_backup_is_told_from_a_bundle_and_read(office: "Office", case: str) -> None:
    office.ok("backup", "kantor.zip")
    assert case
    told = office.ok("verify", "kantor.zip")
    assert told.startswith("kantor.zip adalah cadangan kantor")
    assert 'sopctl restore "kantor.zip" FOLDER' in told
    (office.root / "kantor.zip").write_bytes((office.root / "kantor.zip").read_bytes()[:-30])
    assert office.type("verify", "kantor.zip").exit_code == 6
