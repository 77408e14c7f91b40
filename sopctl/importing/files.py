"""Which reader reads a file, told by what the file holds and not by its name; and why one cannot be read."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from msgspec.structs import replace

from sopctl.errors import NotFoundError, WrongError
from sopctl.importing.seen import SeenForm
from sopctl.notation.compose import UNPRINTABLE
from sopctl.store import disk

SUFFIXES = frozenset({".pdf", ".xlsx", ".xlsm", ".docx", ".docm", ".bpmn"})
"""The names of files that a folder is searched for."""

_LARGEST, _LONGEST_XML = 200_000_000, 30_000_000
"""The most that a package unpacks to, and that its XML alone does, in bytes."""

_MOST_SOPS = 300
"""A PDF has no more pages than this, a workbook no more sheets, and a BPMN file no more processes."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def read_form(path: Path) -> SeenForm:
    """The form in a file, without the characters that no form prints.

    Raises:
        NotFoundError: where there is no such file.
        WrongError: where it is none of the kinds, damaged, encrypted, or too large; the message says which.
        AccessError: where it may not be read.
    """
    if not path.exists():
        raise NotFoundError(f"Tidak ada file {path}.", code="file")
    if not path.is_file():
        raise WrongError(f"{path.name} bukan file biasa.")
    with disk.translate_errors(path), path.open("rb") as file:
        start = file.read(1024)
    if not start:
        raise WrongError(f"{path.name} kosong (0 byte), bukan PDF, Excel, Word atau BPMN.")
    if b"%PDF-" in start:
        return _drop_unprintable(_read_pdf(path))
    if start.startswith(b"PK"):
        return _drop_unprintable(_read_package(path))
    if start.startswith(_OLD_OFFICE):
        raise WrongError(
            f"{path.name} berformat Office lama atau dilindungi kata sandi; simpan dahulu sebagai .docx atau .xlsx "
            "tanpa kata sandi."
        )
    raise WrongError(f"{path.name} bukan PDF, Excel (.xlsx), Word (.docx) atau BPMN.")


def _drop_unprintable(form: SeenForm) -> SeenForm:
    return replace(
        form,
        pages=tuple(
            replace(
                page,
                cells=tuple(replace(one, text=_clean_text(one.text)) for one in page.cells),
                labels=tuple(replace(one, text=_clean_text(one.text)) for one in page.labels),
                headlines=tuple(replace(one, text=_clean_text(one.text)) for one in page.headlines),
            )
            for page in form.pages
        ),
    )


def _clean_text(text: str) -> str:
    """The text without the characters that no form prints; those that are spaces become spaces."""
    return UNPRINTABLE.sub(lambda found: " " if found[0].isspace() else "", text)


def _read_pdf(path: Path) -> SeenForm:
    """The form in a PDF; raises WrongError where it is damaged, encrypted or has too many pages."""
    import pypdfium2  # noqa: PLC0415 — only where a PDF is read

    from sopctl.importing.pdf import read_pdf  # noqa: PLC0415

    try:
        with pypdfium2.PdfDocument(path) as pdf:
            pages = len(pdf)
    except pypdfium2.PdfiumError as error:
        why = "dilindungi kata sandi" if "password" in str(error).lower() else "rusak"
        raise WrongError(f"{path.name} tidak dapat dibaca: PDF itu {why}.") from error
    refuse_too_many(path, pages, "halaman")
    return read_pdf(path)


def refuse_too_many(path: Path, count: int, what: str) -> None:
    """Raise WrongError where a file holds more of what may be an SOP each than anybody compares with its form."""
    if count > _MOST_SOPS:
        raise WrongError(f"{path.name} mempunyai {count} {what}; paling banyak {_MOST_SOPS}. Pisahkan dahulu per SOP.")


def _read_package(path: Path) -> SeenForm:
    """The form in a workbook or Word file; raises WrongError where it is neither, damaged or too large."""
    try:
        with ZipFile(path) as archive:
            sizes = {one.filename: one.file_size for one in archive.infolist()}
    except BadZipFile as error:
        raise WrongError(f"{path.name} tidak dapat dibaca: file itu rusak.") from error
    xml = sum(size for name, size in sizes.items() if name.endswith((".xml", ".rels", ".vml")))
    for size, most in ((sum(sizes.values()), _LARGEST), (xml, _LONGEST_XML)):
        if size > most:
            raise WrongError(f"{path.name} terlalu besar: isinya lebih dari {most // 1_000_000} MB.")
    if "xl/workbook.xml" in sizes:
        refuse_too_many(path, sum(name.startswith("xl/worksheets/sheet") for name in sizes), "lembar")
        from sopctl.importing.xlsx import read_xlsx  # noqa: PLC0415

        return read_xlsx(path)
    if "word/document.xml" in sizes:
        from sopctl.importing.word_file import read_docx  # noqa: PLC0415

        return read_docx(path)
    raise WrongError(f"{path.name} bukan dokumen Word (.docx) atau buku kerja Excel (.xlsx).")
