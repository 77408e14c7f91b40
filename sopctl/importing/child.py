"""Reads one file in a process of its own, with limits: what a hostile file does ends with the process.

`python -m sopctl.importing.child FILE ID` prints one JSON value, an `Answer`.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from sopctl.errors import SopctlError, WrongError

if TYPE_CHECKING:
    from sopctl.importing.reading import ReadSop
    from sopctl.importing.seen import SeenForm

MEMORY = 1_000_000_000
"""What the process may take, in bytes."""

SECONDS = 120
"""How long it may compute, in seconds."""


class ImportedSop(Struct, frozen=True):
    """An SOP that was read: the text of its file, how many rows it has, how many remarks want to be confirmed.

    ``mentions`` are its texts that may name other SOPs (keterkaitan and Ket). ``review`` is the page on which a person
    compares it with the form.
    """

    id: str
    nama: str
    text: str
    rows: int
    doubts: int
    mentions: tuple[str, ...]
    review: str


class Answer(Struct, frozen=True):
    """What became of a file: its SOPs, or why there are none, with the exit code."""

    sops: tuple[ImportedSop, ...] = ()
    problem: str = ""
    code: int = 0


def read_file(path: Path, id: str) -> Answer:
    """The SOPs in a file; the first gets ``id``, the others a number behind it."""
    from sopctl.importing.files import read_form  # noqa: PLC0415 — inside the limits
    from sopctl.importing.reading import explain_nothing, read_sops  # noqa: PLC0415

    try:
        form = read_form(path)
        found = read_sops(form, id)
    except SopctlError as error:
        return Answer(problem=error.message, code=error.exit_code)
    except MemoryError:
        return Answer(problem=f"{path.name} memerlukan terlalu banyak memori.", code=WrongError.exit_code)
    except Exception as error:  # noqa: BLE001 — libraries raise whatever a damaged file makes them
        return Answer(problem=f"{path.name} tidak dapat dibaca ({type(error).__name__}).", code=WrongError.exit_code)
    if not found:
        return Answer(problem=explain_nothing(form), code=WrongError.exit_code)
    return Answer(tuple(_describe(path, form, one) for one in found))


def _describe(path: Path, form: "SeenForm", sop: "ReadSop") -> ImportedSop:
    from sopctl.importing.review import write_review  # noqa: PLC0415 — inside the limits
    from sopctl.sop.draft import write_sop  # noqa: PLC0415

    text, draft = write_sop(sop.draft), sop.draft
    remarks = (row.keterangan for row in draft.rows if row.keterangan)
    mentions = (*dict(draft.identitas).get("keterkaitan", ()), *remarks)
    review = write_review(path, form, sop, text)
    return ImportedSop(draft.id, draft.nama, text, len(draft.rows), sop.doubts, mentions, review)


def _limit() -> None:
    """Bound memory and time where the system can; elsewhere the parent watches the clock."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))


def main() -> None:
    """Read the file that the command line names."""
    _limit()
    answer = read_file(Path(sys.argv[1]), sys.argv[2])
    sys.stdout.buffer.write(msgspec.json.encode(answer))


if __name__ == "__main__":
    main()
