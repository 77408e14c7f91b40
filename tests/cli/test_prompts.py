"""What a clerk is asked at a real terminal, and what becomes of the answers."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sopctl.cli.field_display import show_value
from sopctl.problems import Source
from sopctl.sop.model import Field, FieldColumn
from tests.cli.conftest import run_here
from tests.cli.terminals import ENV, SOPCTL, answer, begin_command, finish, interrupt, send

PEOPLE = """nama,nip,pangkat,golongan,jabatan,unit
Pegawai Satu,198001012005011001,Penata,III/c,Analis,Bidang 3
Pegawai Dua,198101012006011002,Penata Muda,III/a,Pengolah,Bidang 3
"""


class Terminal:
    """An office and what is typed in it at a terminal."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *words: str) -> Any:  # noqa: ANN401 — the shape is what tests look at
        """Run a command off the terminal; what it printed as JSON."""
        return run_here(self.root, *words)

    def ask(self, *words: str) -> Any:  # noqa: ANN401 — pexpect has no types
        """Begin a command at the terminal."""
        return begin_command(self.root, *words)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, seed: Path) -> Path:
    """An office with one case, two rows far."""
    found = Terminal(shutil.copytree(seed, tmp_path_factory.mktemp("begun") / "kantor"))
    (found.root / "isi.json").write_text("{}", encoding="utf-8")
    found.run("start", "sk-tim", "--subject", "Uji")
    found.run("approve", "sk-tim-1")
    found.run("approve", "sk-tim-1")
    return found.root


@pytest.fixture
def terminal(begun: Path, tmp_path: Path) -> Terminal:
    return Terminal(shutil.copytree(begun, tmp_path / "kantor"))


def test_a_letter_is_asked_for_field_by_field_and_people_by_a_part_of_their_name(terminal: Terminal) -> None:
    (terminal.root / "pegawai.csv").write_text(PEOPLE)
    child = terminal.ask("approve", "sk-tim-1")
    answer(
        child,
        ("sk-tim-1: Uji", ""),
        ("  1:", "Menyusun; rencana"),
        ("  2:", ""),
        ("Baris 1, nama", "satu"),
        ("= Pegawai Satu, 198001012005011001, Penata (III/c), Analis", ""),
    )
    answer(child, ("Baris 2, nama", "pegawai"), ("2 Pegawai Dua", "2"), ("peran", "Anggota"))
    answer(child, ("Baris 3, nama", "Orang Luar"), ("nip", "123"), ("18 angka", ""), ("pangkat", ""))
    answer(child, ("jabatan", ""), ("peran", "Anggota"), ("Baris 4, nama", ""), ("Sudah benar?", ""))
    answer(child, ("2 Keputusan", "1"), ("Dasar penugasan", ""), ("Masa tugas", "1 bulan"), ("Tembusan", ""))
    assert finish(child) == 0
    fields = terminal.run("status", "sk-tim-1")["fields"]
    assert fields["tugas"] == ["Menyusun; rencana"]
    assert [row["nama"] for row in fields["anggota"]] == ["Pegawai Satu", "Pegawai Dua", "Orang Luar"]
    assert fields["anggota"][1]["nip"] == "198101012006011002"
    assert (fields["bentuk"], fields["masa_tugas"]) == ("Surat Tugas", "1 bulan")
    assert "menimbang" not in fields


def test_rows_are_pasted_and_what_was_typed_before_ctrl_c_is_offered_again(terminal: Terminal) -> None:
    child = terminal.ask("approve", "sk-tim-1")
    answer(child, ("  1:", "Menyusun"), ("  2:", ""))
    child.expect_exact("Baris 1, nama")
    send(child, "Orang Satu\t\tPenata\tAnalis\tKetua\n\nOrang Dua\t\t\tStaf\tAnggota\n")
    answer(child, ("Baris 3, nama", ""), ("Sudah benar?", ""))
    child.expect_exact("Bentuk naskah")
    interrupt(child)
    assert terminal.run("status", "sk-tim-1")["fields"] == {}

    child = terminal.ask("approve", "sk-tim-1", "--step", "susun")
    answer(child, ("1. Menyusun", ""), ("Orang Dua", ""))
    answer(child, ("2 Keputusan", ""), ("Dasar penugasan", ""), ("Masa tugas", ""), ("Tembusan", ""))
    assert finish(child) == 0
    fields = terminal.run("status", "sk-tim-1")["fields"]
    assert [row["jabatan"] for row in fields["anggota"]] == ["Analis", "Staf"]
    assert fields["tugas"] == ["Menyusun"]


def test_the_rows_of_a_table_are_kept_at_ctrl_c_and_the_end_says_so(terminal: Terminal) -> None:
    child = terminal.ask("approve", "sk-tim-1", "--step", "susun")
    answer(child, ("  1:", "Menyusun"), ("  2:", ""), ("Baris 1, nama", "Orang Satu"), ("nip", ""), ("pangkat", ""))
    answer(child, ("jabatan", ""), ("peran", "Ketua"))
    child.expect_exact("Baris 2, nama")
    told = interrupt(child)
    assert "tidak ada yang tercatat" in told
    assert "  Tugas yang diberikan (1 baris), Anggota tim (1 baris)" in told

    child = terminal.ask("approve", "sk-tim-1", "--step", "susun")
    answer(child, ("1. Menyusun", "t"), ("  2:", "Melapor"))
    child.expect_exact("  3:")
    assert "Tugas yang diberikan (2 baris), 1 jawaban yang disimpan sebelumnya" in interrupt(child)

    child = terminal.ask("approve", "sk-tim-1", "--step", "susun")
    answer(child, ("2. Melapor", ""), ("Orang Satu", "t"), ("Baris 2, nama", "Orang Dua"), ("nip", ""))
    answer(child, ("pangkat", ""), ("jabatan", ""), ("peran", "Anggota"), ("Baris 3, nama", ""))
    answer(child, ("Sudah benar?", "1"), ("(Enter = Orang Satu;", ""), ("nip", ""), ("pangkat", "Penata"))
    answer(child, ("jabatan", ""), ("peran (Enter = Ketua; - = kosong)", ""), ("Sudah benar?", ""))
    answer(child, ("2 Keputusan", ""), ("Dasar penugasan", ""), ("Masa tugas", ""), ("Tembusan", ""))
    assert finish(child) == 0
    fields = terminal.run("status", "sk-tim-1")["fields"]
    assert fields["tugas"] == ["Menyusun", "Melapor"]
    rows = [(row["nama"], row["pangkat"], row["peran"]) for row in fields["anggota"]]
    assert rows == [("Orang Satu", "Penata", "Ketua"), ("Orang Dua", "", "Anggota")]


def test_what_is_wrong_on_the_command_line_is_told_before_anything_is_asked(terminal: Terminal) -> None:
    for words, told in (
        (("approve", "sk-tim-1", "--step", "susun", "--set", "anggota=@tidak-ada.csv"), "tidak-ada.csv"),
        (("approve", "sk-tim-1", "--for", "kasubbag", "--evidence", "hilang.pdf"), "hilang.pdf"),
        (("approve", "sk-tim-1", "--attach", "Kertas=hilang.jpg"), "hilang.jpg"),
        (("approve", "sk-tim-1", "--set", "tugaz=x"), "tidak mempunyai isian 'tugaz'"),
        (("approve", "sk-tim-1", "--at", "2030-01-01 10:00"), "belum terjadi"),
        (("start", "sk-tim", "--set", "tugas=@hilang.txt"), "hilang.txt"),
        (("start", "sk-tim", "--like", "sk-tim-9"), "sk-tim-9"),
        (("cancel", "sk-tim-9"), "sk-tim-9"),
        (("reject", "sk-tim-1"), "tidak memberi pilihan"),
    ):
        child = terminal.ask(*words)
        assert finish(child) not in (0, 130)
        assert told in child.before
        assert not [word for word in ("Perihal,", "Alasan:", "Lanjutkan?", "  1:") if word in child.before]


def test_a_refusal_after_the_questions_keeps_the_answers(terminal: Terminal) -> None:
    child = terminal.ask("approve", "sk-tim-1", "--step", "susun")
    answer(child, ("  1:", "Menyusun"), ("  2:", ""))
    child.expect_exact("Baris 1, nama")
    terminal.run("note", "sk-tim-1", "dari meja lain")
    answer(child, ("", "Orang Satu;;;;"), ("Baris 2, nama", ""), ("Sudah benar?", ""))
    answer(child, ("2 Keputusan", ""), ("Dasar penugasan", ""), ("Masa tugas", ""), ("Tembusan", ""))
    child.expect_exact("baru saja diubah oleh")
    child.expect_exact("  Tugas yang diberikan (1 baris), Anggota tim (1 baris)")
    assert finish(child) == 3
    child = terminal.ask("approve", "sk-tim-1", "--step", "susun")
    answer(child, ("1. Menyusun", ""), ("Orang Satu", ""))
    answer(child, ("2 Keputusan", ""), ("Dasar penugasan", ""), ("Masa tugas", ""), ("Tembusan", ""))
    child.expect_exact("sopctl reject sk-tim-1 --step periksa\r\n")
    assert finish(child) == 0


def test_a_paste_that_is_not_taken_is_said_and_a_wrong_cell_is_asked_for(terminal: Terminal) -> None:
    terminal.run("approve", "sk-tim-1", "--set", "tugas=Menyusun", "--set", "anggota=Orang Lama")
    terminal.run("reject", "sk-tim-1", "--note", "Keliru")
    child = terminal.ask("approve", "sk-tim-1", "--step", "susun")
    answer(child, ("1. Menyusun", ""))
    child.expect_exact("Baris 1, nama")
    send(child, "Satu\t1\t2\t3\t4\t5\t6\nDua\t\t\t\t\t\n")
    child.expect_exact("Dari 2 baris yang ditempel tidak satu pun diambil")
    answer(child, ("Baris 1, nama", ""), ("Yang tadi tidak diambil", ""), ("Orang Lama", "u"))
    child.expect_exact("Baris 1, nama")
    send(child, "Satu\t198001012005011001\t\tStaf\tKetua\nDua\t123\t\tStaf\tAnggota\n")
    child.expect_exact("Satu \u2502 198001012005011001 \u2502  \u2502 Staf")
    answer(child, ("baris 2, nip: '123' bukan NIP", ""), ("Baris 3, nama", ""), ("Sudah benar?", ""))
    answer(child, ("2 Keputusan", ""), ("Dasar penugasan", ""), ("Masa tugas", ""), ("Tembusan", ""))
    assert finish(child) == 0
    rows = terminal.run("status", "sk-tim-1")["fields"]["anggota"]
    assert [(row["nama"], row["nip"]) for row in rows] == [("Satu", "198001012005011001"), ("Dua", "")]


def test_a_pick_list_takes_a_number_or_a_name_and_asks_about_a_name_that_nobody_has(terminal: Terminal) -> None:
    (terminal.root / "pegawai.csv").write_text(PEOPLE)
    child = terminal.ask("approve", "sk-tim-1", "--step", "susun")
    answer(child, ("  1:", "Menyusun"), ("  2:", ""), ("Baris 1, nama", "pegawai"), ("Nomor atau nama", "9"))
    answer(child, ("Ketik nomor 1 sampai 2", ""), ("nip", ""))
    interrupt(child)
    child = terminal.ask("approve", "sk-tim-1", "--step", "susun")
    answer(child, ("1. Menyusun", ""), ("Baris 1, nama", "pegawai"), ("Nomor atau nama", "Orang Luar"))
    answer(child, ("Orang Luar tidak ada di pegawai.csv. Pakai nama itu?", ""), ("Nomor atau nama", "dua"))
    answer(child, ("= Pegawai Dua, 198101012006011002", ""), ("Baris 2, nama", "pegawau dua"))
    child.expect_exact('tidak ada di pegawai.csv; mungkin maksudnya "Pegawai Dua"')
    interrupt(child)


def test_a_mistyped_name_is_typed_again_at_the_question_that_follows(terminal: Terminal) -> None:
    (terminal.root / "pegawai.csv").write_text(PEOPLE)
    child = terminal.ask("approve", "sk-tim-1", "--step", "susun")
    answer(child, ("  1:", "Menyusun"), ("  2:", ""), ("Baris 1, nama", "pegawai"), ("Nomor atau nama", "9x"))
    answer(child, ("Pakai nama itu?", "2"), ("= Pegawai Dua", "Ketua"), ("Baris 2, nama", "stu"))
    answer(child, ("Bila salah ketik, ketik lagi namanya.", "satu"), ("= Pegawai Satu", "Anggota"), ("Baris 3", ""))
    answer(child, ("Sudah benar?", ""), ("2 Keputusan", ""), ("Dasar", ""), ("Masa tugas", ""), ("Tembusan", ""))
    assert finish(child) == 0
    rows = terminal.run("status", "sk-tim-1")["fields"]["anggota"]
    assert [(row["nama"], row["peran"]) for row in rows] == [("Pegawai Dua", "Ketua"), ("Pegawai Satu", "Anggota")]


def test_whose_case_it_is_is_said_before_a_yes(terminal: Terminal) -> None:
    terminal.run("approve", "sk-tim-1", "--set", "tugas=Menyusun", "--set", "anggota=Satu")
    child = terminal.ask("approve", "sk-tim-1")
    child.expect_exact("Lanjutkan?")
    assert "Uji" in child.before
    assert "4. Menerima" in child.before
    interrupt(child)


def test_set_without_a_field_offers_them_all_and_asks_for_the_value(terminal: Terminal) -> None:
    child = terminal.ask("set", "sk-tim-1")
    answer(child, ("Masa tugas\r\n", "masa tugaz"))
    child.expect_exact("tidak mempunyai isian 'masa tugaz'")
    assert finish(child) == 4
    child = terminal.ask("set", "sk-tim-1")
    answer(child, ("4 Tugas yang diberikan", "4"), ("  1:", "Menyusun"), ("  2:", ""))
    assert finish(child) == 0
    child = terminal.ask("set", "sk-tim-1")
    answer(child, ("Isian yang mana", "tugas"), ("1. Menyusun", ""))
    assert finish(child) == 2
    assert terminal.run("status", "sk-tim-1")["fields"] == {"tugas": ["Menyusun"]}


def test_who_does_not_sign_is_told_how_a_gap_is_filled_and_a_letter_without_number_says_so(terminal: Terminal) -> None:
    terminal.run("start", "sk-tim", "--subject", "Lain")
    child = terminal.ask("approve", "sk-tim-2")
    answer(child, ("Pilih (Enter", ""), ("teks lain.", ""))
    child.expect_exact("Nomor    tidak bernomor")
    answer(child, ("Tanda tangani?", ""))
    child.expect_exact("sopctl set sk-tim-2")
    assert finish(child) == 3


def test_what_is_wrong_is_said_by_the_label_and_a_day_is_offered_as_it_is_printed(terminal: Terminal) -> None:
    terminal.run("start", "mekanisme-pelaporan", "--subject", "Uji Rapat")
    for words in ((), ("--set", "bahan=x")):
        terminal.run("approve", "mekanisme-pelaporan-1", *words)
    child = terminal.ask("approve", "mekanisme-pelaporan-1", "--step", "rapat")
    answer(child, ("Keputusan rapat", "Dikirim"), ("  2:", ""), ("Tanggal rapat", "kapan"))
    answer(child, ("Tanggal rapat: 'kapan' bukan tanggal", "2026-11-24"))
    child.expect_exact("Waktu rapat")
    interrupt(child)
    child = terminal.ask("approve", "mekanisme-pelaporan-1", "--step", "rapat")
    answer(child, ("1. Dikirim", ""), ("Enter = 24 November 2026", ""))
    child.expect_exact("Waktu rapat")
    interrupt(child)


def test_an_entry_of_a_list_is_corrected_from_what_it_was_and_a_withdrawal_says_of_what(terminal: Terminal) -> None:
    terminal.run("set", "sk-tim-1", "tugas=Menyusun bahen;Melapor")
    child = terminal.ask("set", "sk-tim-1")
    answer(child, ("Isian yang mana", "tugas"), ("1. Menyusun", "1"))
    child.expect_exact("Tab = teks lama")
    send(child, "\t")
    child.expect_exact("Menyusun bahen")
    answer(child, ("", "\b\ban"), ("Sudah", ""))
    assert finish(child) == 0
    assert terminal.run("status", "sk-tim-1")["fields"]["tugas"] == ["Menyusun bahan", "Melapor"]
    child = terminal.ask("withdraw", "sk-tim-1")
    child.expect_exact("Yang ditarik: 2. Menerima disposisi")
    answer(child, ("Alasan", "Salah"))
    assert finish(child) == 0
    assert terminal.run("status", "sk-tim-1")["step"] == "teruskan"


def test_start_without_an_sop_offers_those_of_the_office(terminal: Terminal) -> None:
    child = terminal.ask("start")
    answer(child, ("5 sk-tim", "5"), ("Perihal", "Uji Pilih"))
    assert finish(child) == 0
    assert terminal.run("why", "pilih")["id"] == "sk-tim-2"
    child = terminal.ask("start")
    answer(child, ("SOP yang mana", ""))
    assert finish(child) == 2


def test_a_keputusan_is_asked_for_in_the_order_in_which_it_is_read(terminal: Terminal) -> None:
    child = terminal.ask("approve", "sk-tim-1", "--step", "susun", "--set", "tugas=Menyusun", "--set", "anggota=Satu")
    answer(child, ("2 Keputusan", "2"))
    for label in ("Menimbang", "Mengingat", "Memperhatikan", "Masa tugas", "Sumber biaya", "Diktum lain", "Tembusan"):
        answer(child, (label, ""))
    assert finish(child) == 0


def test_work_that_came_back_tells_why_and_offers_what_stands_there(terminal: Terminal) -> None:
    terminal.run("approve", "sk-tim-1", "--set", "tugas=Menyusun", "--set", "anggota=Orang Satu")
    terminal.run("reject", "sk-tim-1", "--note", "Tugas belum memuat laporan")
    child = terminal.ask("approve", "sk-tim-1")
    child.expect_exact("Dikembalikan oleh Kepala Bidang 3")
    child.expect_exact("Tugas belum memuat laporan")
    answer(child, ("1. Menyusun", "Menyusun"), ("  2:", "Melapor"), ("  3:", ""), ("2. Melapor", ""))
    answer(child, ("Orang Satu", ""))
    answer(child, ("2 Keputusan", ""), ("Dasar penugasan", ""), ("Masa tugas", ""), ("Tembusan", ""))
    assert finish(child) == 0
    assert terminal.run("status", "sk-tim-1")["fields"]["tugas"] == ["Menyusun", "Melapor"]


def test_an_echoed_table_is_plain_text_on_a_terminal_with_colors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    source = Source("x", 1, 1)
    field = Field(name="anggota", label="Anggota", type="table", columns=(FieldColumn("nama"),), source=source)
    assert "\x1b" not in show_value(field, [{"nama": "Orang Satu"}])


def test_a_case_is_opened_with_its_subject(terminal: Terminal) -> None:
    child = terminal.ask("start", "sk-tim")
    answer(child, ("Perihal", "Pembinaan Koperasi Nelayan"))
    assert finish(child) == 0
    assert terminal.run("why", "nelayan")["id"] == "sk-tim-2"


def test_a_signature_shows_what_it_puts_on_paper_and_a_no_records_nothing(terminal: Terminal) -> None:
    terminal.run("approve", "sk-tim-1", "--set", "tugas=Menyusun", "--set", "anggota=Satu", "--set", "bentuk=Keputusan")
    terminal.run("approve", "sk-tim-1")
    before = terminal.run("status", "sk-tim-1")
    for typed, code in (("", 3), ("t", 3), ("y", 0)):
        child = terminal.ask("approve", "sk-tim-1")
        child.expect_exact("Anda mencatat sebagai Kepala Dinas")
        answer(child, ("Menimbang", ""), ("Mengingat", ""))
        for words in ("100.3.3/1/DISKOPUKM", "Oleh     Kepala Dinas", "Menimbang; Mengingat; "):
            child.expect_exact(words)
        answer(child, ("Tanda tangani?", typed))
        assert finish(child) == code
        after = terminal.run("status", "sk-tim-1")
        assert (after["documents"] == before["documents"]) == (code == 3)
    assert after["documents"][-1]["gaps"][:2] == ["Menimbang", "Mengingat"]


def test_the_letter_of_the_case_above_that_is_signed_with_it_is_shown_too(terminal: Terminal) -> None:
    terminal.run("start", "bimtek", "--subject", "Pelatihan")
    terminal.run("start", "penugasan", "--parent", "bimtek-1")
    terminal.run("approve", "penugasan-1")
    terminal.run("approve", "penugasan-1", "--set", "tugas=Menyusun")
    before = terminal.run("status", "bimtek-1")["documents"]
    for typed, code in (("", 3), ("y", 0)):
        child = terminal.ask("approve", "penugasan-1", "--data", "isi.json")
        for words in ("Surat    rincian-tugas", "Oleh     Ketua Tim Kerja/Pejabat Pegawai"):
            child.expect_exact(words)
        for words in ("Surat    disposisi, berkas bimtek-1", "Oleh     Ketua Tim Kerja\r", "nama Ketua Tim Kerja"):
            child.expect_exact(words)
        answer(child, ("Tanda tangani?", typed))
        assert finish(child) == code
        assert (terminal.run("status", "bimtek-1")["documents"] == before) == (code == 3)


def test_what_a_list_offers_is_chosen_by_number_and_the_rest_is_typed(terminal: Terminal) -> None:
    terminal.run("start", "sk-tim", "--subject", "Dua")
    child = terminal.ask("approve", "sk-tim-2")
    answer(child, ("1 Biasa", "1"), ("3 Koordinasi/konfirmasi", "1, 3"), ("  3:", "Siapkan rapat"), ("  4:", ""))
    answer(child, ("Tanda tangani?", "y"))
    assert finish(child) == 0
    fields = terminal.run("status", "sk-tim-2")["fields"]
    assert fields["instruksi"] == ["Tanggapan dan saran", "Koordinasi/konfirmasi", "Siapkan rapat"]
    assert fields["sifat"] == "Biasa"


def test_a_number_that_a_list_does_not_offer_is_no_item_and_loses_none(terminal: Terminal) -> None:
    terminal.run("start", "sk-tim", "--subject", "Dua")
    child = terminal.ask("approve", "sk-tim-2")
    answer(child, ("1 Biasa", "1"), ("teks lain.", "2 7"))
    child.expect_exact("7 tidak ada; pilih 1–3.")
    child.expect_exact("  1:")
    assert "Dengan hormat harap" not in interrupt(child)
    terminal.run("set", "sk-tim-2", "instruksi=Siapkan rapat")
    for typed, told in (("0,98, 1", "0, 98 tidak ada; pilih 1–3."), ("4", "4 tidak ada; pilih 1–3.")):
        child = terminal.ask("set", "sk-tim-2")
        answer(child, ("Isian yang mana", "instruksi"), ("1. Siapkan rapat", typed), (told, ""))
        answer(child, ("Yang tadi tidak diambil", ""), ("1. Siapkan rapat", ""))
        assert finish(child) == 2
    child = terminal.ask("set", "sk-tim-2")
    answer(child, ("Isian yang mana", "instruksi"), ("1. Siapkan rapat", "99"), ("99 tidak ada", "3 orang, 99 hari"))
    answer(child, ("  2:", "1"), ("  3:", ""))
    child.expect_exact("2. Tanggapan dan saran")
    answer(child, ("Sudah benar? Enter = ya, t = tambah", "x"), ("Jawab dengan Enter, t atau u.", ""))
    assert finish(child) == 0
    assert terminal.run("status", "sk-tim-2")["fields"]["instruksi"] == ["3 orang, 99 hari", "Tanggapan dan saran"]


def test_a_list_that_was_replaced_is_shown_before_it_is_taken_and_what_was_there_comes_back(terminal: Terminal) -> None:
    terminal.run("set", "sk-tim-1", "tugas=Menyusun;Melapor")
    child = terminal.ask("set", "sk-tim-1")
    answer(child, ("Isian yang mana", "tugas"), ("2. Melapor", "oke"), ("  2:", ""), ("1. oke", "tidak"))
    answer(child, ("Jawab dengan Enter, nomor 1 sampai 1, t atau u.", "u"), ("  1:", ""))
    answer(child, ("2. Melapor", ""))
    assert finish(child) == 2
    assert terminal.run("status", "sk-tim-1")["fields"]["tugas"] == ["Menyusun", "Melapor"]
    child = terminal.ask("set", "sk-tim-1")
    answer(child, ("Isian yang mana", "tugas"), ("2. Melapor", "Menyusun bahan"), ("  2:", ""))
    child.expect_exact("1. Menyusun bahan")
    answer(child, ("Sudah benar? Enter = ya, nomor = ubah baris itu, t = tambah", ""))
    assert finish(child) == 0
    assert terminal.run("status", "sk-tim-1")["fields"]["tugas"] == ["Menyusun bahan"]


def test_the_last_command_repeated_is_not_the_next_officials_step(terminal: Terminal) -> None:
    terminal.run("approve", "sk-tim-1", "--set", "tugas=Menyusun", "--set", "anggota=Satu")
    child = terminal.ask("approve", "sk-tim-1")
    child.expect_exact("Sebelum ini Anda mencatat sebagai Kasubbag TU/Umpar")
    answer(child, ("Lanjutkan?", ""))
    assert finish(child) == 3
    assert terminal.run("status", "sk-tim-1")["step"] == "periksa"
    assert finish(terminal.ask("approve", "sk-tim-1", "--step", "periksa")) == 0
    child = terminal.ask("approve", "sk-tim-1", "--step", "periksa")
    child.expect_exact("sekarang di langkah tandatangan")
    assert finish(child) == 3


def test_a_command_that_names_its_step_is_not_the_next_pelaksanas_part_of_that_row(terminal: Terminal) -> None:
    (terminal.root / "sops" / "edar.yaml").write_text(
        "id: edar\nnama: Edar\npelaksana: {satu: Kasi Satu, dua: Kasi Dua}\n"
        "steps:\n  - {id: paraf, kegiatan: Memeriksa, pelaksana: [satu, dua]}\n"
    )
    terminal.run("start", "edar", "--subject", "Uji")
    assert finish(terminal.ask("approve", "edar-1", "--step", "paraf")) == 0
    child = terminal.ask("approve", "edar-1", "--step", "paraf")
    child.expect_exact("Sebelum ini Anda mencatat sebagai Kasi Satu. Sekarang giliran Kasi Dua")
    answer(child, ("Lanjutkan?", ""))
    assert finish(child) == 3
    assert terminal.run("status", "edar-1")["turn"] == ["dua"]
    assert finish(terminal.ask("approve", "edar-1", "--step", "paraf", "--as", "dua")) == 0


def test_what_a_command_gives_decides_which_letter_is_asked_about(terminal: Terminal) -> None:
    child = terminal.ask("approve", "sk-tim-1", "--step", "susun", "--set", "bentuk=keputusan")
    answer(child, ("  1:", "Menyusun"), ("  2:", ""), ("Baris 1, nama", "Orang Satu"), ("nip", ""), ("pangkat", ""))
    answer(child, ("jabatan", ""), ("peran", ""), ("Baris 2, nama", ""), ("Sudah benar?", ""))
    answer(child, ("Menimbang", "bahwa perlu"))
    interrupt(child)


def test_a_row_that_others_end_before_it_is_signed_asks_whether_to_go_on(terminal: Terminal) -> None:
    (terminal.root / "sops" / "berdua.yaml").write_text(
        "id: berdua\nnama: Berdua\npelaksana: {tim: Tim, kabid: Kepala Bidang, kadis: Kepala Dinas}\n"
        "documents: {lembar: {template: lembar-hasil.docx}}\nsteps:\n"
        "  - {id: susun, kegiatan: Menyusun, pelaksana: tim}\n"
        "  - {id: teken, kegiatan: Menandatangani, pelaksana: [kabid, kadis], document: {name: lembar, act: sign}}\n"
    )
    terminal.run("start", "berdua", "--subject", "Uji")
    terminal.run("approve", "berdua-1")
    child = terminal.ask("approve", "berdua-1")
    answer(child, ("Lanjutkan?", ""))
    assert finish(child) == 3
    assert terminal.run("status", "berdua-1")["turn"] == ["kabid"]


def test_a_case_of_the_sop_that_may_do_a_step_is_offered_and_opened(terminal: Terminal) -> None:
    child = terminal.ask("start", "bimtek", "--subject", "Pelatihan")
    child.expect_exact("boleh dikerjakan lewat SOP penugasan")
    answer(child, ("Buka berkas SOP penugasan untuk langkah ini sekarang?", "y"))
    child.expect_exact("penugasan-1 dibuka: Pelatihan")
    assert finish(child) == 0
    assert terminal.run("status", "bimtek-1")["child"] == "penugasan-1"


def test_a_case_is_offered_after_a_decision_and_after_a_step_that_is_skipped_too(terminal: Terminal) -> None:
    (terminal.root / "sops" / "pilih.yaml").write_text(
        "id: pilih\nnama: Memilih\npelaksana: {tim: Tim}\nsteps:\n"
        "  - {id: timbang, kegiatan: Menimbang, pelaksana: tim, branches: {lanjut: siap, ulang: timbang}}\n"
        "  - {id: siap, kegiatan: Menyiapkan, pelaksana: tim, optional: true, sop: {id: sk-tim, optional: true}}\n"
        "  - {id: tugas, kegiatan: Menugasi, pelaksana: tim, sop: {id: sk-tim, optional: true}}\n"
    )
    terminal.run("start", "pilih", "--subject", "Uji")
    for words, done in (("decide pilih-1 lanjut", "diputuskan (lanjut)"), ("skip pilih-1 --note x", "melewati")):
        child = terminal.ask(*words.split())
        child.expect_exact(done)
        answer(child, ("Buka berkas SOP sk-tim untuk langkah ini sekarang?", ""))
        assert finish(child) == 0
    assert terminal.run("status", "pilih-1")["step"] == "tugas"


def test_what_a_case_was_opened_with_is_offered_again_at_its_step(terminal: Terminal) -> None:
    terminal.run("start", "sk-tim", "--set", "tugas=Menyusun", "--set", "anggota=Orang Satu")
    terminal.run("start", "sk-tim", "--like", "sk-tim-2")
    terminal.run("approve", "sk-tim-3")
    terminal.run("approve", "sk-tim-3")
    child = terminal.ask("approve", "sk-tim-3")
    answer(child, ("1. Menyusun", "Melapor"), ("  2:", ""), ("Sudah benar?", ""), ("Orang Satu", ""))
    answer(child, ("2 Keputusan", ""), ("Dasar penugasan", ""), ("Masa tugas", ""), ("Tembusan", ""))
    assert finish(child) == 0
    fields = terminal.run("status", "sk-tim-3")["fields"]
    assert (fields["tugas"], fields["anggota"][0]["nama"]) == (["Melapor"], "Orang Satu")


def test_an_sop_is_made_from_questions_and_checked_at_once(terminal: Terminal) -> None:
    before = (terminal.root / "sops" / "sk-tim.yaml").read_bytes()
    child = terminal.ask("new")
    answer(child, ("Nama SOP", ""), ("Wajib diisi", "Izin: 'Ruang' #1"), ("(Enter = izin-ruang-1)", "sk-tim"))
    answer(child, ("sops/sk-tim.yaml sudah ada", "Izin Ruang"), ("tulis misalnya", ""))
    answer(child, ("  1:", "Pemohon"), ("  2:", "Pemohon"), ("  3:", ""), ("masing-masing satu kali", "Pemohon"))
    answer(child, ("  2:", "Kasubbag TU/Umpar"), ("  3:", ""))
    answer(child, ("Baris 1, kegiatan", ""), ("Wajib diisi", "- Mengajukan {permohonan}"), ("Pelaksana, nomor", "3"))
    answer(
        child, ("1 sampai 2", "1"), ("Waktu", "25 mneit"), ("25 menit", "10 Menit"), ("Output", "Permohonan: @ruang")
    )
    answer(child, ("Baris 2, kegiatan", "Memeriksa"), ("Pelaksana, nomor", "kasubbag tu/umpar, 1"))
    answer(child, ("Waktu", "secepatnya"), ("(Enter = secepatnya;", "-"))
    answer(child, ("Output", ""), ("kembali ke baris", "3"), ("satu nomor, 1 sampai 2", "1"))
    answer(child, ("Baris 3, kegiatan", ""))
    child.expect_exact("baris 1")
    answer(child, ("Sudah benar?", ""))
    child.expect_exact("Ditulis: sops/izin-ruang-1.yaml")
    child.expect_exact("1 file diperiksa: 0 kesalahan")
    assert finish(child) == 0
    sop = terminal.run("show", "izin-ruang-1")
    assert (sop["nama"], list(sop["pelaksana"].values())) == ("Izin: 'Ruang' #1", ["Pemohon", "Kasubbag TU/Umpar"])
    first, second = sop["steps"]
    assert (first["kegiatan"], first["output"]) == ("- Mengajukan {permohonan}", "Permohonan: @ruang")
    assert second["pelaksana"] == ["kasubbag-tu-umpar", "pemohon"]
    assert [branch["to"] for branch in second["branches"]] == ["end", first["id"]]
    assert terminal.run("start", "izin-ruang-1")["step"] == first["id"]
    assert (terminal.root / "sops" / "sk-tim.yaml").read_bytes() == before


def test_rows_of_a_new_sop_are_corrected_and_ctrl_c_keeps_them(terminal: Terminal) -> None:
    child = terminal.ask("new")
    answer(child, ("Nama SOP", "Izin"), ("(Enter = izin)", ""), ("  1:", "Pemohon"), ("  2:", ""))
    answer(child, ("Baris 1, kegiatan", "Mengajukan"), ("Waktu", "5 menit"), ("Output", "Permohonan"))
    answer(child, ("Baris 2, kegiatan", "Memeriksa"), ("Waktu", ""), ("Output", ""), ("kembali ke baris", "1"))
    child.expect_exact("Baris 3, kegiatan")
    interrupt(child)
    child = terminal.ask("new")
    child.expect_exact("SOP Izin belum selesai: 2 baris")
    answer(child, ("Lanjutkan SOP itu?", ""), ("Baris 3, kegiatan", ""))
    answer(child, ("Sudah benar?", "9"), ("1 sampai 2", "sisip 1"), ("Baris 1, kegiatan", "Datang"), ("Waktu", ""))
    answer(child, ("Output", ""), ("Sudah benar?", "2"), ("(Enter = Mengajukan)", ""), ("(Enter = 5 menit;", "1 jam"))
    answer(child, ("(Enter = Permohonan; - = tidak ada)", "-"), ("(Enter = tidak kembali)", ""), ("Sudah benar?", "y"))
    assert finish(child) == 0
    steps = terminal.run("show", "izin")["steps"]
    assert [step["kegiatan"] for step in steps] == ["Datang", "Mengajukan", "Memeriksa"]
    assert [step["waktu"]["text"] for step in steps] == ["", "1 jam", ""]
    assert (steps[1]["output"], steps[2]["branches"][1]["to"]) == ("", steps[1]["id"])
    child = terminal.ask("new")
    child.expect_exact("Nama SOP")
    interrupt(child)


def test_a_new_sop_that_is_given_up_leaves_nothing_and_off_a_terminal_nothing_is_asked(terminal: Terminal) -> None:
    before = sorted((terminal.root / "sops").iterdir())
    child = terminal.ask("new")
    answer(child, ("Nama SOP", "Izin"), ("(Enter = izin)", ""), ("  1:", "Pemohon"), ("  2:", ""))
    answer(child, ("Baris 1, kegiatan", "Mengajukan"))
    child.expect_exact("Waktu")
    interrupt(child)
    done = subprocess.run([SOPCTL, "new"], cwd=terminal.root, env=ENV, capture_output=True, text=True, check=False)
    assert (done.returncode, "Jalankan sopctl new di terminal" in done.stderr) == (2, True)
    assert sorted((terminal.root / "sops").iterdir()) == before


def test_an_incoming_letter_is_entered_corrected_and_answered_by_questions(terminal: Terminal) -> None:
    (terminal.root / "surat.pdf").write_bytes(b"%PDF-1.4")
    child = terminal.ask("agenda", "masuk", "add")
    answer(
        child,
        ("Surat dari", "Sekretariat Daerah"),
        ("Nomor suratnya", "005/77/UM"),
        ("Tanggal suratnya", "20/11/2026"),
        ("Perihal", ""),
        ("Wajib diisi", "Undangan rapat"),
        ("Sifat", "Segera"),
        ("File pindaian", "tidak-ada.pdf"),
        ("tidak ada", "surat.pdf"),
        ("Diterima", ""),
    )
    child.expect_exact("No. Agenda 1 dicatat")
    assert finish(child) == 0
    child = terminal.ask("agenda", "masuk", "correct")
    answer(child, ("No. Agenda", "1"), ("Surat dari", ""), ("Nomor suratnya", "-"), ("Tanggal suratnya", ""))
    answer(child, ("Perihal", ""), ("Sifat", ""), ("File pindaian", ""), ("Alasan", "salah baca"))
    assert finish(child) == 0
    (row,) = terminal.run("agenda", "masuk")
    letter = row["letter"]
    assert (letter["surat_dari"], letter.get("nomor_surat"), letter["sifat"]) == ("Sekretariat Daerah", None, "Segera")
    assert letter["scan"]["name"] == "surat.pdf"
    child = terminal.ask("start", "sk-tim", "--from-agenda", "1")
    child.expect_exact("sk-tim-2 dibuka: Undangan rapat")
    assert finish(child) == 0


def test_a_list_of_people_that_cannot_be_read_is_told_where_they_are_asked_for(terminal: Terminal) -> None:
    (terminal.root / "pegawai.csv").write_text(PEOPLE.replace("198001012005011001", "123"))
    child = terminal.ask("approve", "sk-tim-1", "--step", "susun", "--set", "tugas=x")
    child.expect_exact("pegawai.csv tidak dapat dipakai")
    child.expect_exact("Baris 1, nama")
    assert "tidak dapat dipakai" not in interrupt(child)
