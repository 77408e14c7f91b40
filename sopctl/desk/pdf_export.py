"""`docs --pdf`: the documents of a case as PDF files."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from sopctl.engine.events import Written
from sopctl.store import outputs
from sopctl.store.record import Record
from sopctl.word.pdf import convert_to_pdf


def export_pdfs(
    record: Record,
    id: str,
    documents: Sequence[Written],
    folder: Path | None,
    show_work: Callable[[int, Path], AbstractContextManager[object]],
) -> tuple[Path, ...]:
    """These documents of a case as PDF, in ``folder`` or in one named after the case below the current one.

    What came back signed is copied as it is. ``show_work`` is entered with the number of files and their folder while
    LibreOffice works.

    Raises:
        UsageError: where nothing may be written into the folder. NotFoundError: where LibreOffice is not installed, or
            a Word file is not there. BusyError: where it fails.
    """
    target = outputs.check_output_folder(record, folder or Path("pdf") / id)
    paths = [record.whole_store.locate_file(document.path) for document in documents]
    files, mode = [path for path in paths if path.suffix != ".pdf"], outputs.private_mode(record)
    copied = []
    for path in (path for path in paths if path.suffix == ".pdf"):
        target.mkdir(parents=True, exist_ok=True)
        outputs.write_output(target / path.name, [path.read_bytes()], mode=mode)
        copied.append(target / path.name)
    with show_work(len(files), target):
        return (*convert_to_pdf(files, target, mode=mode), *copied)
