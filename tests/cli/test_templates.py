"""`sopctl template`, `sopctl agenda` and `sopctl docs --pdf` as they are typed."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document
from docx.oxml.ns import qn
from openxml_audit import OpenXmlValidator

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Office

IZIN = """id: izin
nama: Pemberian Izin
pelaksana: {kadis: Kepala Dinas}
fields: {pemohon: {label: Pemohon, required: true, step: terbit}}
documents: {izin: {template: surat-izin.docx, kode: "000.1"}}
steps:
  - {id: terbit, no: 1, kegiatan: Menandatangani izin, pelaksana: kadis, waktu: 5 menit, output: Surat Izin, document: {name: izin, act: sign}}
"""  # noqa: E501 — a row of the form is a line
ANGGOTA = "anggota=Anggota 1|||Pelaksana|Ketua"


@pytest.fixture
def signed(office: "Office") -> str:
    """A case whose letter is signed."""
    id = str(office.json("start", "sk-tim", "--subject", "Tim Bimtek")["id"])
    for extra in ([], [], ["--set", "tugas=Rapat", "--set", ANGGOTA], [], []):
        office.ok("approve", id, *extra)
    return id


def test_templates_are_checked_all_at_once_or_one(office: "Office") -> None:
    assert "0 kesalahan" in office.ok("template", "check")
    template = office.root / "templates" / "disposisi.docx"
    document = Document(str(template))
    document.paragraphs[1].text = "{{ sifta }}"
    document.save(str(template))
    result = office.type("template", "check", "disposisi")
    assert result.exit_code == 5
    assert "disposisi.docx: variabel `sifta` tidak dikenal. Maksudnya `sifat`?" in result.stdout
    found = json.loads(office.type("template", "check", "--json").stdout)
    assert [one["template"] for one in found if one["mistakes"]] == ["disposisi.docx"]


@pytest.mark.parametrize("name", ["surat-tugas", "keputusan.docx", "nota-dinas", "daftar-hadir", "agenda", "kop"])
def test_a_preview_shows_a_template_with_samples(office: "Office", name: str) -> None:
    path = Path(office.json("template", "preview", name)["path"])
    assert path.name == f"contoh-{name.removesuffix('.docx')}.docx"
    assert Document(str(office.root / path)).element.body is not None


def test_a_preview_shows_a_template_with_the_fields_of_a_case(office: "Office", signed: str) -> None:
    office.ok("template", "preview", "surat-tugas", "--case", signed, "--out", "lihat.docx")
    tables = Document(str(office.root / "lihat.docx")).tables
    assert "Rapat" in "\n".join(cell.text for table in tables for row in table.rows for cell in row.cells)
    before = office.json("docs", signed)
    assert office.json("docs", signed) == before


def test_the_variables_of_a_template_say_where_they_come_from(office: "Office") -> None:
    found = {one["name"]: one["origin"] for one in office.json("template", "vars", "surat-tugas")}
    assert (found["nomor"], found["anggota"], found["ditetapkan"]) == ("sopctl", "isian", "templat")
    assert "nomor surat" in office.ok("template", "vars", "surat-tugas")
    assert {one["name"] for one in office.json("template", "vars", "agenda")} >= {"surat", "tahun"}
    for own in ("agenda-masuk", "inbox", "monitoring"):
        assert all(one["about"] for one in office.json("template", "vars", own))


def test_a_new_template_is_sound_and_has_the_paper_and_margins_of_the_office(office: "Office") -> None:
    settings = office.root / "sopctl.yaml"
    text = settings.read_text(encoding="utf-8").replace("paper: A4", "paper: F4")
    settings.write_text(f"{text}\npages: {{margins: {{top: 20, right: 20, bottom: 25, left: 40}}}}\n", encoding="utf-8")
    said = office.ok("template", "new", "surat-izin")
    assert "templates/surat-izin.docx" in said
    assert "sopctl template check surat-izin" in said
    file = office.root / "templates" / "surat-izin.docx"
    section = Document(str(file)).sections[0]
    sizes = (section.page_width, section.page_height, section.left_margin)
    assert [round(size.mm) for size in sizes if size] == [215, 330, 40]
    assert OpenXmlValidator().validate(file).errors == []
    assert office.json("template", "check", "surat-izin") == [{"template": file.name, "mistakes": [], "notes": []}]
    assert {one["name"] for one in office.json("template", "vars", "surat-izin")} >= {"instansi", "signer", "paraf"}
    office.ok("template", "preview", "surat-izin")
    assert "tanda tangan" not in office.ok("template", "new", "kaki-lain", "--like", "kaki.docx")


def test_the_blank_word_file_of_the_guide_becomes_a_letter_with_the_look_of_ours(office: "Office") -> None:
    guide = (Path(__file__).parents[2] / "docs" / "templat.md").read_text(encoding="utf-8")
    lines = next(
        block for block in re.findall(r"```text\n(.*?)```", guide, re.DOTALL) if "kop.docx" in block
    ).splitlines()
    blank = Document(str(office.root / "templates" / "foto.docx"))
    blank.element.body.clear_content()
    for style in [one for one in blank.styles if one.style_id not in {"Normal", "DefaultParagraphFont", "TableNormal"}]:
        style.delete()
    for line in lines:
        blank.add_paragraph(line)
    blank.save(str(office.root / "templates" / "surat-izin.docx"))
    (office.root / "sops" / "izin.yaml").write_text(IZIN, encoding="utf-8")
    assert office.json("template", "check", "surat-izin")[0]["mistakes"] == []
    assert office.json("check", "izin")["problems"] == []
    id = office.json("start", "izin", "--subject", "penelitian")["id"]
    letter = office.root / office.json("approve", id, "--set", "pemohon=Ani")["documents"][0]["path"]
    assert OpenXmlValidator().validate(letter).errors == []
    written = Document(str(letter))
    used = {one.get(qn("w:val")) for one in written.element.iter(qn("w:pStyle"))}
    assert used <= {style.style_id for style in written.styles}
    assert {"KopNama", "TandaTangan"} <= used
    assert "Diberikan izin kepada Ani untuk penelitian." in [one.text for one in written.paragraphs]


def test_a_new_template_may_begin_as_a_copy_and_replaces_nothing(office: "Office") -> None:
    (office.root / "templates" / "dasar.docx").unlink()  # as in an office from before it came
    office.ok("template", "new", "surat-izin.docx")
    made = (office.root / "templates" / "surat-izin.docx").read_bytes()
    assert office.refused(2, "template", "new", "surat-izin")["code"] == "template_exists"
    assert office.refused(2, "template", "new", "../surat")["code"] == "file_name"
    assert office.refused(2, "template", "new", "con")["code"] == "file_name"
    assert office.refused(2, "template", "new", "a" * 300)["code"] == "file_name"
    for same in ("SURAT-IZIN", "Surat-izin.DOCX"):  # one file on Windows
        assert office.refused(2, "template", "new", same)["code"] == "template_exists"
    assert office.refused(4, "template", "new", "lain", "--like", "undangn")["code"] == "template"
    (office.root / "templates" / "folder.docx").mkdir()
    for action in (["check"], ["new", "lain", "--like"]):
        assert office.refused(4, "template", *action, "folder")["code"] == "template"
    assert "folder.docx" not in office.ok("template", "check")
    assert (office.root / "templates" / "surat-izin.docx").read_bytes() == made
    assert office.json("template", "new", "IZIN.DOCX")["path"] == "templates/IZIN.docx"
    assert office.json("template", "new", " surat tugas .docx.DOCX")["path"] == "templates/surat tugas.docx"
    path = office.json("template", "new", "panggilan", "--like", "undangan")["path"]
    assert "Dalam rangka" in "\n".join(one.text for one in Document(str(office.root / path)).paragraphs)


def test_check_of_an_sop_names_what_is_flawed_in_its_templates_and_lets_it_start(office: "Office") -> None:
    path = office.root / "templates" / "surat-tugas.docx"
    document = Document(str(path))
    document.paragraphs[0].paragraph_format.page_break_before = True
    document.save(str(path))
    found = [one for one in office.json("check", "sk-tim")["problems"] if "pergantian halaman" in one["message"]]
    assert [(one["severity"], one["path"]) for one in found] == [("note", "sops/sk-tim.yaml")]
    assert office.type("template", "check", "surat-tugas").exit_code == 5
    office.ok("start", "sk-tim", "--subject", "Tim")


def test_only_missing_templates_are_restored(office: "Office") -> None:
    own = office.root / "templates" / "kop.docx"
    edited = Document(str(own))
    edited.add_paragraph("Milik kantor")
    edited.save(str(own))
    mine = own.read_bytes()
    (office.root / "templates" / "agenda.docx").unlink()
    assert office.json("template", "restore")["files"] == ["templates/agenda.docx"]
    assert own.read_bytes() == mine
    assert "sudah ada" in office.ok("template", "restore")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param(["template", "preview"], 2, "Sebutkan templatnya", id="preview-of-nothing"),
        pytest.param(
            ["template", "preview", "kop", "--out", "templates/kop.docx"],
            2,
            "folder lain",
            id="preview-over-a-template",
        ),
        pytest.param(["template", "vars", "surat-tgas"], 4, "mungkin maksudnya", id="no-such-template"),
        pytest.param(["agenda", "set"], 2, "belum diisi: ID", id="set-without-case"),
        pytest.param(["agenda", "withdraw"], 2, "Sebutkan nomor surat", id="withdraw-nothing"),
        pytest.param(["agenda", "add", "x"], 2, "tidak memakai id", id="add-with-id"),
        pytest.param(["agenda", "add", "--year", "2026"], 2, "tidak memakai --year", id="add-with-a-year"),
        pytest.param(["agenda", "withdraw", "9", "--note", "x"], 4, "Tidak ada nomor", id="withdraw-unknown"),
    ],
)
def test_what_cannot_be_is_told(office: "Office", words: list[str], code: int, says: str) -> None:
    result = office.type(*words)
    assert (result.exit_code, says in result.stderr) == (code, True), result.output


def test_the_agenda_is_listed_set_withdrawn_and_printed(office: "Office", signed: str) -> None:
    office.ok("agenda", "add", "--perihal", "Undangan", "--kode", "000.1.5", "--nomor", "5", "--note", "buku lama")
    number = "800.1.11.1/1/DISKOPUKM"
    assert f"Nomor {number} ditarik" in office.ok("agenda", "withdraw", number, "--note", "salah alamat")
    assert office.refused(3, "agenda", "withdraw", number, "--note", "lagi")["code"] == "not_in_use"
    done = office.json("agenda", "set", signed, "--nomor", "6")
    assert done["entry"]["nomor"] == "800.1.11.1/6/DISKOPUKM"
    assert [paper["step"] for paper in done["documents"]] == ["tandatangan"]
    states = [(row["nomor"], row["status"]) for row in office.json("agenda")]
    assert states == [
        (number, "withdrawn"),
        ("2–4", "skipped"),
        ("000.1.5/5/DISKOPUKM", "given"),
        ("800.1.11.1/6/DISKOPUKM", "given"),
    ]
    assert "ditarik" in office.ok("agenda")
    assert office.ok("agenda", "--csv", "--year", "2026").splitlines()[1].endswith("ditarik,salah alamat,Anggota 1")
    office.ok("agenda", "--docx", "buku.docx", "--year", "2026")
    assert "TAHUN 2026" in [paragraph.text for paragraph in Document(str(office.root / "buku.docx")).paragraphs]
    assert office.json("verify")["findings"] == []


def test_documents_become_pdf_in_one_go(office: "Office", signed: str, needs: "Callable[[str], str]") -> None:
    needs("soffice")
    made = office.json("docs", signed, "--pdf")["pdf"]
    assert len(made) == 5
    assert all((office.root / path).read_bytes().startswith(b"%PDF") for path in made)
    assert "kertas" in office.ok("docs", signed, "--pdf", "--out", "kertas")


def test_pdf_without_libreoffice_is_told_with_a_way_out(
    office: "Office", signed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = office.type("docs", signed, "--pdf")
    assert result.exit_code == 4
    assert "LibreOffice tidak terpasang" in result.stderr


@pytest.mark.parametrize(
    ("kind", "says"),
    [("attachedTemplate", "menaut templat lain"), ("image", "mengambil gambar dari luar")],
)
def test_a_template_that_fetches_something_is_named_by_check_and_writes_no_letter(
    office: "Office", kind: str, says: str
) -> None:
    template = office.root / "templates" / "disposisi.docx"
    document = Document(str(template))
    office_kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    document.part.relate_to("http://x.example/a", office_kind, is_external=True)
    document.save(str(template))
    result = office.type("template", "check", "disposisi")
    assert result.exit_code == 5
    assert says in result.stdout
    assert office.type("start", "sk-tim", "--subject", "Tim").exit_code == 5
    assert not list((office.root / "data" / "documents").rglob("*.docx"))


LOGOS = {
    "missing": (None, "lambang.png", "tidak ada"),
    "outside": (None, "../lambang.png", "di luar|tidak berada di dalam"),
    "folder": (None, "sops", "folder"),
    "empty": (b"", "lambang.png", "bukan gambar yang utuh"),
    "of-no-size": (b"\x89PNG\r\n\x1a\n" + bytes(16), "lambang.png", "bukan gambar yang utuh"),
    "no-picture": (b"%PDF-1.7", "lambang.png", "bukan gambar yang utuh"),
    "too-large": (b"\x89PNG" + bytes(21_000_000), "lambang.png", "lebih besar dari"),
}


@pytest.mark.parametrize(("data", "name", "says"), LOGOS.values(), ids=LOGOS)
def test_a_logo_that_cannot_be_printed_is_told_by_check_and_by_the_form(
    office: "Office", data: bytes | None, name: str, says: str
) -> None:
    if data is not None:
        (office.root / name).write_bytes(data)
    file = office.root / "sopctl.yaml"
    file.write_text(file.read_text().replace("instansi:", f"instansi:\n  logo: {name}", 1))
    for words in (("check",), ("form", "sk-tim", "-o", str(office.root / "f.docx"))):
        result = office.type(*words)
        assert result.exit_code == 5
        assert "instansi.logo" in result.output
        assert re.search(says, " ".join(result.output.split()))
