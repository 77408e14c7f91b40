"""Reading a form of ten pages against pdfplumber, which only takes its words out; and how much is read rightly.

`python -m bench.importing` prints both: the speed as a ratio in one run, and for each kind of file how many rows of the
real forms in `tests/importing/forms` are right in every field, how many are wrong without a remark, and how many right
ones carry a remark.
"""

from collections import Counter
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pdfplumber
import pypdfium2

from bench.ratio import Result, medians, table, timed
from tests.importing.conftest import FORMS, NAMES, find_wrong, read, truth_of

ROUNDS = 5
PAGES = ("dev-01", "dev-02", "dev-03", "dev-07", "dev-09")
"""Forms of two pages each."""


def measured(rounds: int = ROUNDS) -> list[Result]:
    """Seconds to read ten pages as SOPs, and to take out their words."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sepuluh.pdf"
        with pypdfium2.PdfDocument.new() as whole:
            for name in PAGES:
                with pypdfium2.PdfDocument(FORMS / f"{name}.pdf") as part:
                    whole.import_pages(part)
            whole.save(path)
        if len(read(path)) != len(PAGES):
            raise SystemExit("the ten pages are not read as five SOPs")
        ours, theirs = medians([timed(partial(read, path)), timed(partial(_take_words, path))], rounds)
    return [Result(what="an SOP form of ten pages", peer="pdfplumber: its words", ours=ours, theirs=theirs, at_most=3)]


def _take_words(path: Path) -> int:
    with pdfplumber.open(path) as pdf:
        return sum(len(page.extract_words()) for page in pdf.pages)


def count_rows() -> dict[str, Counter[str]]:
    """For each kind of file: rows, those right in every field, wrong ones without a remark, right ones with one."""
    counts: dict[str, Counter[str]] = {}
    for name in NAMES:
        truth = truth_of(name)
        path = FORMS / truth["source"]
        (sop,) = read(path)
        wrong = {line.partition(" ")[0] for line in find_wrong(sop, truth)}
        kind = counts.setdefault(path.suffix, Counter())
        for row in sop.draft.rows:
            right = (row.no or "None") not in wrong
            kind.update(
                {"rows": 1, "right": right, "silent": not right and not row.marks, "marked": right and bool(row.marks)}
            )
    return counts


if __name__ == "__main__":
    print(table(measured()))
    for suffix, kind in count_rows().items():
        print(
            f"{suffix}: {kind['right']} of {kind['rows']} rows right, {kind['silent']} wrong without a remark, "
            f"{kind['marked']} right ones with one"
        )
