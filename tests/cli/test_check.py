"""What `check` tells: what somebody should do something about, the most important first; the rest with `--all`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Office

DOUBTFUL = """id: surat
nama: Pengelolaan Surat Keluar
pelaksana: {staf: Staf, kepala: Kepala Kantor, tamu: Tamu}
steps:
  - {id: susun, kegiatan: Menyusun konsep, pelaksana: staf, output: Konsep surat}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kepala, branches: {kurang: susun, baik: tanda}}
  - {id: tanda, kegiatan: Menandatangani, pelaksana: kepala, kelengkapan: [Konsep suart], sop: {id: x, optional: true}}
"""
BROKEN = "id: rusak\nnama: Rusak\npelaksana: {a: A}\nsteps: [{id: s, kegiatan: X, pelaksana: a, next: s}]\n"


def write(office: "Office", id: str, text: str) -> None:
    (office.root / "sops" / f"{id}.yaml").write_text(text, encoding="utf-8")


def test_the_sops_that_are_there_have_nothing_to_mend(office: "Office") -> None:
    found = office.json("check")
    assert {one["path"] for one in found["problems"]} == {"sopctl.yaml"}
    assert found["hidden"] == 8
    for id in office.json("list"):
        assert office.json("check", id["id"])["problems"] == []


def test_the_most_important_comes_first_and_the_office_stands_apart(office: "Office") -> None:
    write(office, "surat", DOUBTFUL)
    write(office, "rusak", BROKEN)
    (office.root / "sops" / "Salah.yaml").touch()
    result = office.type("check")
    assert result.exit_code == 5
    *said, summary = [line.split(" ")[:2] for line in result.stdout.splitlines()]
    assert said == [
        ["sops/rusak.yaml:4:9:", "Dari"],
        ["sops/surat.yaml:6:5:", "perhatian:"],
        ["sops/surat.yaml:7:5:", "perhatian:"],
        ["sops/Salah.yaml:1:1:", "saran:"],
        ["sops/surat.yaml:1:1:", "saran:"],
        ["sops/surat.yaml:7:5:", "saran:"],
        [""],
        ["Kantor:"],
        ["sopctl.yaml:3:1:", "saran:"],
    ]
    assert summary == ["8", "file"]
    assert "1 kesalahan, 2 perhatian, 4 saran. 14 hal lain disebut oleh sopctl check --all." in result.stdout


def test_all_is_everything_there_is_to_say_of_what_is_checked(office: "Office") -> None:
    write(office, "surat", DOUBTFUL)
    weights = [one["weight"] for one in office.json("check", "surat", "--all")["problems"]]
    assert weights == ["important", "important", "advice", "advice", "remark", "remark", "remark"]
    assert office.json("check", "surat", "--all")["files"] == ["sops/surat.yaml"]
    whole, told = office.json("check", "--all"), office.json("check")
    assert (whole["hidden"], len(whole["problems"])) == (0, len(told["problems"]) + told["hidden"])
    assert {one["severity"] for one in whole["problems"]} == {"note"}
    assert "hal lain:" in office.ok("check", "--all")
