"""`import` of files that want to harm: each ends in a sentence, with what it started; nothing is run or fetched."""

import ctypes
import os
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from sopctl.desk.import_sops import read_in_child
from sopctl.sop.decode import read_sop
from sopctl.word import child_processes as limits
from sopctl.word.child_processes import ChildProcesses, JobLimits, join_job

if TYPE_CHECKING:
    from tests.cli.conftest import Office

FORMS = Path(__file__).parents[1] / "importing" / "forms"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/package/2006/relationships"
O = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"  # noqa: E741
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha" * 99}">' for n in range(9))
TABLE = "<w:tbl><w:tr><w:tc>"


def write_pdf(path: Path, box: str = "842 595", image: bytes = b"", kids: str = "3 0 R", count: int = 1) -> None:
    """A PDF of hand-written objects: a page of this size with a picture."""
    content = b"q 500 0 0 500 0 0 cm /I Do Q"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>".encode(),
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {box}]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>".encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        image or b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>stream\n\nendstream",
    )
    body = b"\n".join(b"%d 0 obj%s endobj" % (n, one) for n, one in enumerate(objects, 1))
    path.write_bytes(b"%PDF-1.7\n" + body + b"\ntrailer<</Root 1 0 R>>\n%%EOF")


def _image(width: int, height: int, data: bytes) -> bytes:
    keys = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8"
    packed = zlib.compress(data, 9)
    head = f"<<{keys}/Filter/FlateDecode/Length {len(packed)}>>stream\n".encode()
    return head + packed + b"\nendstream"


def _write_package(path: Path, main: str, kind: str, xml: str, **more: str) -> None:
    relation = f'<Relationships xmlns="{R}"><Relationship Id="r" Type="{O}/{{}}" Target="{{}}"/></Relationships>'
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    of = "application/vnd.openxmlformats-"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{types}"><Default Extension="rels" ContentType="{of}package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="{of}officedocument.spreadsheetml.worksheet+xml"/>'
            f'<Override PartName="/{main}" ContentType="{of}officedocument.{kind}.main+xml"/></Types>',
        )
        archive.writestr("_rels/.rels", relation.format("officeDocument", main))
        archive.writestr("xl/_rels/workbook.xml.rels", relation.format("worksheet", "worksheets/a.xml"))
        archive.writestr(main, xml)
        for name, text in more.items():
            archive.writestr(name.replace("__", "/") + ".xml", text)


def write_docx(path: Path, body: str, before: str = "") -> None:
    """A Word file with this body, and what stands before it."""
    xml = f'{before}<w:document xmlns:w="{W}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    _write_package(path, "word/document.xml", "wordprocessingml.document", xml)


def write_xlsx(path: Path, sheet: str, before: str = "") -> None:
    """A workbook with a sheet of these elements, and what stands before it."""
    xml = f'<workbook xmlns="{S}" xmlns:r="{O}"><sheets><sheet name="S" sheetId="1" r:id="r"/></sheets></workbook>'
    cells = f'{before}<worksheet xmlns="{S}">{sheet}</worksheet>'
    _write_package(path, "xl/workbook.xml", "spreadsheetml.sheet", xml, xl__worksheets__a=cells)


def _lie(path: Path) -> None:
    """A workbook that states to hold less than it does."""
    write_xlsx(path, "<sheetData>" + "<row/>" * 5_000_000 + "</sheetData>")
    with ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/a.xml").file_size
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little")))


def _name_file(text: str) -> str:
    return f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData>'


FILE_ENTITY = '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
HOSTILE: dict[str, Callable[[Path], None]] = {
    "halaman-besar.pdf": lambda path: write_pdf(path, "14400 14400", _image(10, 10, bytes(100))),
    "gambar-besar.pdf": lambda path: write_pdf(path, image=_image(30_000, 30_000, bytes(30_000_000))),
    "banyak-halaman.pdf": lambda path: write_pdf(path, kids="3 0 R " * 5000, count=5000),
    "halaman-sendiri.pdf": lambda path: write_pdf(path, kids="2 0 R 2 0 R", count=2),
    "jumlah-palsu.pdf": lambda path: write_pdf(path, count=100_000_000),
    "gambar-sendiri.pdf": lambda path: write_pdf(
        path,
        image=b"<</Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</I 5 0 R>>>>/Length 5>>stream\n/I Do\nendstream",
    ),
    "tawa.docx": lambda path: write_docx(path, "<w:p><w:r><w:t>&a8;</w:t></w:r></w:p>", f"<!DOCTYPE r [{LAUGHS}]>"),
    "tawa.xlsx": lambda path: write_xlsx(path, _name_file("&a8;"), f"<!DOCTYPE r [{LAUGHS}]>"),
    "rujukan.docx": lambda path: write_docx(path, "<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", FILE_ENTITY),
    "rujukan.xlsx": lambda path: write_xlsx(path, _name_file("&a;"), FILE_ENTITY),
    "bersarang.docx": lambda path: write_docx(path, TABLE * 5000 + "<w:p/></w:tc></w:tr></w:tbl>" * 5000),
    "kolom.docx": lambda path: write_docx(
        path, f'{TABLE}<w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    ),
    "gabungan.xlsx": lambda path: write_xlsx(
        path, '<sheetData><row r="1048576"/></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "ukuran-palsu.xlsx": _lie,
    "kosong.docm": lambda path: write_docx(path, "<w:p/>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_a_sentence(office: "Office", tmp_path: Path, name: str) -> None:
    HOSTILE[name](tmp_path / name)
    result = office.type("import", str(tmp_path / name), "--review", "-o", str(tmp_path / "hasil"))
    assert result.exit_code == 5
    assert name in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "hasil").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a named pipe has no name among files there")
def test_what_is_no_file_is_told_and_stops_no_other(office: "Office", tmp_path: Path) -> None:
    folder = tmp_path / "formulir"
    (folder / "map.pdf").mkdir(parents=True)
    os.mkfifo(folder / "pipa.pdf")
    (folder / "putaran.docx").symlink_to(folder / "putaran.docx")
    (folder / "nama\x1b[31m[bold]\n.xlsx").write_bytes(b"")
    (folder / "dev-07.pdf").write_bytes((FORMS / "dev-07.pdf").read_bytes())
    result = office.type("import", str(folder), "-o", str(tmp_path / "hasil"))
    assert result.exit_code == 5
    assert "pipa.pdf: bukan file biasa." in result.output
    assert "Tidak ada file" in result.output
    assert "\x1b" not in result.output
    assert "[bold]" in result.output
    assert [path.name for path in (tmp_path / "hasil").iterdir()] == ["dev-07.yaml"]


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell script")
def test_a_reader_that_never_ends_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, started = tmp_path / "tesseract", tmp_path / "started"
    program.write_text(f'#!/bin/sh\n[ "$1" = --list-langs ] && echo ind && exit\necho $$ > {started}\nexec sleep 600\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(limits, "SECONDS", 8)
    write_pdf(tmp_path / "pindai.pdf", image=_image(10, 10, bytes(100)))
    answer = read_in_child(tmp_path / "pindai.pdf", "pindai", ChildProcesses(), review=False)
    assert answer.code == 5
    assert "terlalu lama" in answer.problem
    assert _is_gone(int(started.read_text()))


def _is_gone(process: int) -> bool:
    for _ in range(100):
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat")
            if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_the_folder_in_which_the_user_stands_gives_no_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "csv.py").write_text("raise SystemExit('jahat')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_in_child(FORMS / "dev-07.pdf", "dev-07", ChildProcesses(), review=False).sops


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that another process sends")
def test_an_interruption_ends_the_readers_and_leaves_whole_files(office: "Office", tmp_path: Path) -> None:
    folder, target = tmp_path / "formulir", tmp_path / "hasil"
    folder.mkdir()
    for n in range(40):
        (folder / f"{n:02}.pdf").write_bytes((FORMS / "dev-07.pdf").read_bytes())
    command = [sys.executable, "-m", "sopctl.cli", "import", str(folder), "-o", str(target)]
    with subprocess.Popen(
        command, cwd=office.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True
    ) as run:
        while not list(target.glob("*.yaml")):
            assert run.poll() is None
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert "Traceback" not in said
    written = list(target.iterdir())
    assert 0 < len(written) < 40
    assert all(path.suffix == ".yaml" and path.read_text(encoding="utf-8").rstrip()[-1:] for path in written)


TEXTS = (
    "[bold red]merah[/]", "</script><b>x</b>", "a: b", "# periksa: nama: palsu", "W" * 500, "\u202eterbalik\u202c",
    "'kutip\"", "{a: [b", "&anchor *x", "!!python/object:os.system", "null", "ya", "1e3", "2026-01-01", "@x %y `z`",
    '=HYPERLINK("http://x")', "dua\nbaris\n# periksa: x", "nol\ufeff", "garis\u2028baru",
)  # fmt: skip


def test_texts_that_mean_something_elsewhere_are_only_texts(office: "Office", tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("SOP", 0)
    sheet.append(["No", "Kegiatan", "Pelaksana", None, "Kelengkapan", "Waktu", "Output", "Ket"])
    sheet.append([None, None, "Kepala: [x]", "# periksa <b>"])
    for area in ("A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2", "G1:G2", "H1:H2"):
        sheet.merge_cells(area)
    for number, text in enumerate(TEXTS, 1):
        sheet.append([number, text, "√", None, "Berkas", "5 menit", text, text])
    book.save(tmp_path / "teks.xlsx")
    office.ok("import", str(tmp_path / "teks.xlsx"), "--review")
    office.ok("check", "teks", "--accept")
    sop, problems = read_sop((office.root / "sops/teks.yaml").read_bytes(), "teks.yaml")
    assert sop is not None, problems
    printed = [" ".join(text.replace("\ufeff", "").split()) for text in TEXTS]
    assert [step.kegiatan for step in sop.steps] == printed
    assert [step.keterangan for step in sop.steps] == printed
    page = (office.root / "sops/teks.review.html").read_text(encoding="utf-8")
    assert "</script>" not in page
    assert "<b>x" not in page


class _Kernel:
    """What is asked of Windows, noted."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[object, ...]]] = []
        self.CreateJobObjectW = self._Function(self, "create")
        self.SetInformationJobObject = self._Function(self, "limit")
        self.AssignProcessToJobObject = self._Function(self, "join")

    class _Function:
        restype: object = None

        def __init__(self, kernel: "_Kernel", name: str) -> None:
            self.kernel, self.name = kernel, name

        def __call__(self, *arguments: object) -> int:
            self.kernel.asked.append((self.name, arguments))
            return 77


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the sizes are those of 64 bits")
def test_on_windows_the_reader_joins_a_job_with_limits() -> None:
    kernel = _Kernel()
    join_job(kernel)
    assert [name for name, _ in kernel.asked] == ["create", "limit", "join"]
    job, kind, given, size = kernel.asked[1][1]
    assert (getattr(job, "value", None), kind, size) == (77, 9, 144)
    told = getattr(given, "_obj", None)
    assert isinstance(told, JobLimits)
    assert (told.basic.flags, told.process_memory) == (0x2102, limits.MEMORY)
    assert (JobLimits.process_memory.offset, JobLimits.basic.offset) == (112, 0)
