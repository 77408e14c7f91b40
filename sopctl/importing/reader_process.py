"""Reads one file in a process of its own, with limits: what a damaged or malicious file does ends with the process.

`python -m sopctl.importing.reader_process FILE ID [review]` prints one JSON value, an `Answer`.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from sopctl.errors import SopctlError, UsageError, WrongError
from sopctl.word.child_processes import bound_this_process

if TYPE_CHECKING:
    from sopctl.importing.reading import ReadSop
    from sopctl.importing.seen import SeenForm
    from sopctl.sop.draft import SopDraft

_LONGEST = 50_000_000
"""An answer has at most so many bytes: the process that waits for it keeps it in its memory."""


_NO_PAGE = (
    "{} adalah BPMN, yang tidak mempunyai halaman pemeriksaan: bandingkan rancangannya dengan diagramnya. "
    "Impor tanpa halaman itu."
)


class ImportedSop(Struct, frozen=True):
    """An SOP that was read: the text of its file, how many rows it has, how many remarks want to be confirmed.

    ``mentions`` are its texts that may name other SOPs (keterkaitan and Ket). ``review`` is the page on which a person
    compares it with the form, empty where nobody asked for it.
    """

    id: str
    nama: str
    text: str
    rows: int
    doubts: int
    mentions: tuple[str, ...]
    review: str


class Answer(Struct, frozen=True):
    """The result of reading a file: its SOPs, or why there are none, with the exit code."""

    sops: tuple[ImportedSop, ...] = ()
    problem: str = ""
    code: int = 0


def read_file(path: Path, id: str, *, review: bool) -> Answer:
    """The SOPs in a file; the first gets ``id``, the others a number behind it.

    What goes wrong is an answer, too: nothing is raised.
    """
    from sopctl.importing.bpmn import read_bpmn  # noqa: PLC0415 — inside the limits
    from sopctl.importing.bpmn_xml import is_markup  # noqa: PLC0415
    from sopctl.importing.files import read_form  # noqa: PLC0415
    from sopctl.importing.reading import explain_nothing, read_sops  # noqa: PLC0415

    try:
        if path.is_file() and is_markup(path):
            if review:
                return Answer(problem=_NO_PAGE.format(path.name), code=UsageError.exit_code)
            return Answer(tuple(_describe_draft(draft) for draft in read_bpmn(path, id)))
        form = read_form(path)
        found = read_sops(form, id)
        sops = tuple(_describe(path, form, one, review=review) for one in found)
    except SopctlError as error:
        return Answer(problem=error.message, code=error.exit_code)
    except (MemoryError, RecursionError):
        return Answer(
            problem=f"{path.name} memerlukan terlalu banyak memori; pisahkan halamannya dahulu.",
            code=WrongError.exit_code,
        )
    except Exception as error:  # noqa: BLE001 — libraries raise whatever a damaged file makes them
        why = f"{path.name} tidak dapat dibaca; tampaknya rusak ({type(error).__name__})."
        return Answer(problem=why, code=WrongError.exit_code)
    return Answer(sops) if sops else Answer(problem=explain_nothing(form), code=WrongError.exit_code)


def _describe(path: Path, form: "SeenForm", sop: "ReadSop", *, review: bool) -> ImportedSop:
    from sopctl.importing.review import write_review  # noqa: PLC0415 — inside the limits

    found = _describe_draft(sop.draft)
    return msgspec.structs.replace(found, review=write_review(path, form, sop, found.text)) if review else found


def _describe_draft(draft: "SopDraft") -> ImportedSop:
    """An SOP that was read, without a page to compare it with."""
    from sopctl.sop.draft import write_sop  # noqa: PLC0415 — inside the limits

    remarks = (row.keterangan for row in draft.rows if row.keterangan)
    mentions = (*dict(draft.identitas).get("keterkaitan", ()), *remarks)
    return ImportedSop(draft.id, draft.nama, write_sop(draft), len(draft.rows), draft.doubts, mentions, "")


def main() -> None:
    """Read the file that the command line names and print its answer as JSON."""
    bound_this_process()
    path = Path(sys.argv[1])
    answer = msgspec.json.encode(read_file(path, sys.argv[2], review=sys.argv[3:] == ["review"]))
    if len(answer) > _LONGEST:
        answer = msgspec.json.encode(Answer(problem=f"{path.name} terlalu besar.", code=WrongError.exit_code))
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
