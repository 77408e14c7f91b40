"""Pictures of every letter of the SOPs and of every template, small and large, on one sheet to look at.

Usage: python -m tests.proofs [--out DIR] [--only PART]

Needs LibreOffice and poppler. Writes DIR/index.html with a picture of each page; what `find_faults` finds stands
beside it.
"""

import argparse
import subprocess
from collections.abc import Iterator
from html import escape
from pathlib import Path

from tests.proofs.letters import SIGNER, Letter, Size, read_sops, sop_letters, template_letter, template_names
from tests.proofs.pages import find_faults, read_pages

SIZES = (Size(1), Size(4), Size(16), Size(60), Size(12, long=True), Size(4, titles=True))


def main() -> None:
    """Write the sheet."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs", description="Pictures of every letter.")
    parser.add_argument("--out", type=Path, default=Path("proofs"), help="the folder to write to")
    parser.add_argument("--only", default="", help="letters whose file name has this part")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    letters = [letter for letter in _letters() if asked.only in letter.name]
    files = [letter.write(asked.out) for letter in letters]
    shown = "".join(_section(pdf, pages) for pdf, pages in read_pages(files, asked.out))
    head = "<!doctype html><meta charset=utf-8><title>Proofs</title><style>img{border:1px solid;margin:4px}</style>"
    (asked.out / "index.html").write_text(head + shown, encoding="utf-8")
    print(asked.out / "index.html")  # noqa: T201 — where to look


def _letters() -> Iterator[Letter]:
    for name, sop in read_sops().items():
        for size in (SIZES[0], SIZES[3]):
            yield from sop_letters(name, sop, size)
    for template in template_names():
        yield template_letter(template, Size(4), "draft")
        for size in SIZES:
            yield template_letter(template, size)


def _section(pdf: Path, pages: list[str]) -> str:
    """The pictures of one letter, and what is wrong with it."""
    subprocess.run(["pdftoppm", "-r", "50", "-png", str(pdf), str(pdf.with_suffix(""))], check=True)
    pictures = "".join(f'<img src="{file.name}">' for file in sorted(pdf.parent.glob(f"{pdf.stem}-*.png")))
    faults = "; ".join(find_faults(pages, SIGNER))
    return f"<h2>{escape(pdf.stem)}</h2><p>{escape(faults)}</p>{pictures}"


if __name__ == "__main__":
    main()
