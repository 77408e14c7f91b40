"""The commands for the record as they are typed: their words, their exit codes, their JSON."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from sopctl.audit.printed_codes import printed_codes
from sopctl.cli import session
from sopctl.cli.app import full

if TYPE_CHECKING:
    from tests.audit.conftest import Record


class Typed:
    """Commands typed in the office of a record."""

    def __init__(self, record: "Record") -> None:
        self.record = record

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(full(), list(words), catch_exceptions=False)

    def json(self, *words: str) -> Any:  # noqa: ANN401 — the shape is what tests look at
        return json.loads(self(*words, "--json").stdout)


@pytest.fixture
def typed(record: "Record", monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.chdir(record.room.root)
    monkeypatch.delenv("SOPCTL_WORKSPACE", raising=False)
    monkeypatch.setattr(session, "clock", lambda: record.room.now)
    return Typed(record)


def test_verify_says_how_much_it_looked_at(typed: Typed) -> None:
    result = typed("verify")
    assert result.exit_code == 0
    assert "3 berkas, 15 catatan, 12 dokumen, 3 nomor dan 18 baris buku catatan diperiksa." in result.stdout
    assert typed.json("verify")["findings"] == []


def test_verify_of_a_word_file_tells_where_it_comes_from(typed: Typed) -> None:
    result = typed("verify", str(typed.record.papers()[-1]))
    assert result.exit_code == 0
    for line in (
        "05 surat-tugas ditandatangani 800.1.11.1-1-DISKOPUKM.docx asli.",
        "sk-tim-1: Tim Bimtek",
        "5. tandatangan",
        "tanda tangan, nomor 800.1.11.1/1/DISKOPUKM",
        "24-11-2026 10.06 oleh akun, catatan nomor 6",
    ):
        assert line in result.stdout


def test_verify_of_a_withdrawn_draft_says_so(typed: Typed) -> None:
    result = typed("verify", str(typed.record.papers("penugasan-1")[0]))
    assert result.exit_code == 0
    first, _ = result.stdout.split("\n", 1)
    assert first.startswith("01 disposisi ditandatangani.docx asli, tetapi langkahnya ditarik kembali 24-11-2026 10.15")
    assert first.endswith("oleh akun: keliru; naskah ini tidak berlaku.")


def test_verify_of_a_changed_file_in_its_place_names_case_and_step(typed: Typed) -> None:
    paper = typed.record.papers()[-1]
    paper.write_bytes(b"x")
    result = typed("verify", str(paper))
    assert result.exit_code == 6
    assert "sudah diubah sesudah ditulis" in result.stderr
    assert "sk-tim-1" in result.stderr
    assert typed.json("verify", str(paper))["altered"] is True


def shown(path: Path) -> str:
    (found,) = printed_codes(path.read_bytes())
    return found


def first(result: Result) -> str:
    return (result.stdout or result.stderr).splitlines()[0]


@pytest.mark.parametrize("spelt", ["{}", "{lower}", "{plain}"])
def test_verify_of_a_code_says_what_the_paper_should_say(typed: Typed, spelt: str) -> None:
    code = shown(typed.record.papers()[-1])
    result = typed("verify", spelt.format(code, lower=code.lower(), plain=code.replace("-", "")))
    assert result.exit_code == 0
    assert first(result) == f"Kode {code} milik surat-tugas berkas sk-tim-1."
    for line in (
        "nomor 800.1.11.1/1/DISKOPUKM",
        "Tertanda Kepala Dinas, tanggal 24-11-2026",
        "Naskah   data/documents/sk-tim/0000/sk-tim-1/05 surat-tugas ditandatangani 800.1.11.1-1-DISKOPUKM.docx",
        "kata demi kata",
    ):
        assert line in result.stdout


def test_a_code_may_be_typed_as_three_words(typed: Typed) -> None:
    code = shown(typed.record.papers()[-1])
    assert typed("verify", *code.split("-")).exit_code == 0
    assert typed("verify", "sk-tim-1", "sk-tim-2").exit_code == 2


def test_a_code_that_nobody_wrote_is_told(typed: Typed) -> None:
    result = typed("verify", "aaaa bbbb cccc")
    assert (result.exit_code, "Kode AAAA-BBBB-CCCC tidak dikenal" in result.stderr) == (4, True)
    assert typed.json("verify", "AAAA-BBBB-CCCC")["error"]["code"] == "code"


def test_an_id_of_twelve_letters_is_still_an_id(typed: Typed) -> None:
    result = typed("verify", "penugasan-123")
    assert (result.exit_code, "Tidak ada berkas 'penugasan-123'" in result.stderr) == (4, True)


@pytest.mark.parametrize("word", ["sk-tim-1", "FILE", "CODE"])
def test_an_anchor_is_compared_whatever_is_verified(typed: Typed, word: str) -> None:
    paper = typed.record.papers()[-1]
    target = {"FILE": str(paper), "CODE": shown(paper)}.get(word, word)
    line = typed.json("anchor")["text"]
    result = typed("verify", target, "--anchor", line)
    assert (result.exit_code, "masih memuat semua 18 baris" in result.stdout) == (0, True)
    wrong = typed("verify", target, "--anchor", line[:-4] + "0000")
    assert (wrong.exit_code, "disusun ulang" in wrong.stderr) == (6, True)
    assert [one["kind"] for one in typed.json("verify", target, "--anchor", line[:-4] + "0000")["findings"]] == [
        "anchor"
    ]


def test_verify_of_a_genuine_letter_of_a_broken_record_does_not_call_it_genuine(typed: Typed) -> None:
    typed.record.case().write_bytes(b"{")
    result = typed("verify", str(typed.record.papers()[-1]))
    assert result.exit_code == 6
    assert first(result) == (
        "05 surat-tugas ditandatangani 800.1.11.1-1-DISKOPUKM.docx sama dengan yang dicatat, "
        "tetapi catatannya sendiri tidak utuh, jadi keasliannya tidak terbukti."
    )
    assert "sk-tim-1.json rusak atau terpotong" in result.stderr


def test_verify_of_a_letter_that_does_not_count_says_so_first(typed: Typed) -> None:
    typed.record.room.cancel("sk-tim-1", "salah orang")
    typed("agenda", "withdraw", "800.1.11.1/2/DISKOPUKM", "--note", "keliru")
    result = typed("verify", str(typed.record.papers()[-1]))
    assert (result.exit_code, "asli, tetapi berkas sk-tim-1 dibatalkan" in first(result)) == (0, True)
    result = typed("verify", str(typed.record.papers("sk-tim-2")[-1]))
    assert (result.exit_code, "asli, tetapi nomornya ditarik" in first(result)) == (0, True)
    result = typed("verify", shown(typed.record.papers("sk-tim-2")[-1]))
    assert (result.exit_code, "nomornya ditarik" in first(result)) == (0, True)


def test_verify_of_an_attachment_says_whose_it_is(typed: Typed) -> None:
    result = typed("verify", str(typed.record.room.root / "bukti.txt"))
    assert (result.exit_code, first(result)) == (0, "bukti.txt adalah lampiran, sama dengan yang dicatat.")
    assert "Lampiran Kertas (bukti.txt)" in result.stdout


def test_verify_names_the_office_files_that_were_in_force(typed: Typed) -> None:
    (version,) = (path.stem for path in (typed.record.data / "office").iterdir())
    result = typed("verify")
    line = f"  {version[:12]}…  24-11-2026 10.01 sampai 24-11-2026 10.15: 15 catatan, tanpa akun"
    assert line in result.stdout
    assert typed.json("verify")["offices"][0]["accounts"] == 0


@pytest.mark.parametrize("name", ["tidak-ada.docx", "folder/tidak-ada", "../x.docx"])
def test_verify_of_a_file_that_is_not_there_says_so(typed: Typed, name: str) -> None:
    result = typed("verify", name)
    assert result.exit_code == 4
    assert f"File {name} tidak ada di sini" in result.stderr


def test_what_is_wrong_is_told_with_the_exit_code_of_a_damaged_store(typed: Typed) -> None:
    typed.record.papers()[0].unlink()
    result = typed("verify")
    assert result.exit_code == 6
    assert "sk-tim-1: data/documents/sk-tim/0000/sk-tim-1/01 disposisi ditandatangani.docx hilang" in result.stderr
    assert typed("doctor").exit_code == 6
    assert "hilang; periksa dengan sopctl verify sk-tim-1" in typed("docs", "sk-tim-1").stderr
    assert "hilang; periksa dengan sopctl verify sk-tim-1" in typed("status", "sk-tim-1").stderr


def test_doctor_mends_when_asked(typed: Typed) -> None:
    typed.record.case().unlink()
    assert typed("doctor").exit_code == 6
    result = typed("doctor", "--mend")
    assert result.exit_code == 0
    assert "Berkas sk-tim-1 disusun kembali dari buku catatan (6 catatan)." in result.stdout
    assert "Semua utuh." in result.stdout


def test_an_anchor_goes_out_and_comes_back(typed: Typed, tmp_path: Path) -> None:
    kept = tmp_path / "jangkar.txt"
    assert typed("anchor", "--out", str(kept)).exit_code == 0
    result = typed("verify", "--anchor", str(kept))
    assert result.exit_code == 0
    assert "masih memuat semua 18 baris" in result.stdout
    line = typed.json("anchor")["text"]
    typed.record.line(typed.record.ledger, -1, lambda _: b"")
    result = typed("verify", "--anchor", line)
    assert result.exit_code == 6
    assert "dipotong" in result.stderr


def test_a_bundle_is_written_where_it_is_wanted(typed: Typed, tmp_path: Path) -> None:
    made = typed.json("bundle", "sk-tim-1", "--out", str(tmp_path / "b.zip"))
    assert (Path(made["path"]).is_file(), len(made["fingerprint"])) == (True, 64)


def test_a_bundle_that_comes_back_is_compared_with_the_record(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    print_ = typed("bundle", "sk-tim-1", "--out", str(path)).stdout.splitlines()[1]
    typed.record.room.approve("sk-tim-1")
    result = typed("verify", str(path))
    assert result.exit_code == 0
    assert print_ in result.stdout.splitlines()
    assert "6 catatan dan 7 baris buku catatan dalam bundel sama dengan catatan kantor." in result.stdout
    assert "sejak bundel dibuat bertambah 1 catatan" in result.stdout
    anchor = typed.json("anchor")["text"]
    assert "masih memuat semua 19 baris" in typed("verify", str(path), "--anchor", anchor).stdout
    assert typed("verify", str(path), "--anchor", anchor.replace("19", "18")).exit_code == 6
    typed.record.line(typed.record.ledger, 1, lambda line: line.replace(b"akun", b"alun"))
    result = typed("verify", str(path))
    assert result.exit_code == 6
    assert "tidak dapat dipakai sebagai bukti" in result.stdout
    assert typed.json("verify", str(path))["findings"]


def test_a_zip_that_is_no_bundle_or_not_there_is_told(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"x")
    assert typed("verify", str(tmp_path / "b.zip")).exit_code == 6
    assert typed("verify", "lain.zip").exit_code == 4


def test_migrate_asks_before_it_does_anything(typed: Typed) -> None:
    path = typed.record.room.root / "sops" / "sk-tim.yaml"
    text = path.read_text(encoding="utf-8")
    assert typed.json("migrate", "sk-tim-1")["error"]["code"] == "same_version"
    path.write_text(text.replace("waktu: 5 Menit", "waktu: 6 Menit"), encoding="utf-8")
    before = typed.record.room.record()
    result = typed("migrate", "sk-tim-1")
    assert 'waktu "5 Menit" menjadi "6 Menit"' in result.stdout
    assert "--yes" in result.stderr
    assert typed.record.room.record() == before
    assert typed.json("migrate", "sk-tim-1", "--yes", "--note", "SOP direvisi")["step"] == "serahkan"
