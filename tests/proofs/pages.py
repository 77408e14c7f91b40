"""The pages of a letter as LibreOffice lays them out, read back: what an official would refuse to sign."""

import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from sopctl.word.pdf import convert_to_pdf

_LEAST = 2
_WORDS = re.compile(r"[A-Za-z]{3,}")
_BEGINS = re.compile(r"(?:Ditetapkan|Dikeluarkan) di|Pontianak, \d|[Pp]ada tanggal|\bKEPALA [A-Z]")
"""The lines that a block begins with: place and date, or the jabatan alone where the date is at the head."""

_NO_TEXT = re.compile(
    r"Lampiran|Nomor|Tanggal|Tentang|No\s|Paraf|Riwayat|Jumlah|KONSEP|DIPARAF|DITANDATANGANI|DITERIMA"
)


def read_pages(files: Sequence[Path], folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """The text of each page of each Word file, laid out as on paper."""
    for pdf in convert_to_pdf(files, folder):
        shown = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
        yield pdf, shown.stdout.removesuffix("\f").split("\f")


def find_faults(pages: Sequence[str], signer: str) -> list[str]:
    """What is wrong with the pages of a signed letter."""
    return [fault for number, page in enumerate(pages, 1) for fault in _page_faults(page, signer, f"page {number}")]


def _page_faults(page: str, signer: str, where: str) -> Iterator[str]:
    lines = [line for line in page.splitlines() if line.strip()]
    inside = [line for line in lines if not _is_margin(line)]
    if len(inside) < _LEAST:
        yield f"{where}: {len(inside)} line(s) alone" if inside else f"{where} is empty"
    if any(line.strip() == "Tembusan:" for line in lines) and " NIP " not in page.partition("Tembusan:")[0]:
        yield f"{where}: tembusan without the signature"
    signed = [number for number, line in enumerate(lines) if signer in line and _is_signature(lines[number:])]
    if not signed:
        return
    begins = [number for number, line in enumerate(lines[: signed[-1]]) if _BEGINS.search(line)]
    if not begins:
        yield f"{where}: the signature block is split"
        return
    first = begins[-1]
    while first - 1 in begins:
        first -= 1
    text = [line for line in lines[:first] if _says_something(line)]
    if len(text) < _LEAST:
        yield f"{where}: {len(text)} line(s) of text above the signature"


def _is_signature(lines: Sequence[str]) -> bool:
    """Whether these lines begin with a name under which stand pangkat and NIP."""
    return bool(re.search(r"\bNIP \d", "".join(lines[1:3])))


def _says_something(line: str) -> bool:
    return len(_WORDS.findall(line)) >= _LEAST and not line.isupper() and not _NO_TEXT.match(line.strip())


def _is_margin(line: str) -> bool:
    """Whether a line is the number, the state or the foot of a page."""
    return bool(re.fullmatch(r"\s*(- )?\d+( -)?\s*|\s*(KONSEP|DIPARAF).*", line)) or " · " in line
