"""`docs --out` and `docs --pdf`: the documents of a case outside the record, each as it was recorded."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from sopctl.desk.case_files import open_case_file
from sopctl.engine.events import Written
from sopctl.errors import DamagedError
from sopctl.store import disk, outputs
from sopctl.store.record import Record
from sopctl.word.pdf import WORK, convert_to_pdf


def copy_documents(record: Record, documents: Sequence[Written], folder: Path) -> tuple[Path, ...]:
    """These documents of a case in ``folder``, under the names that they have in the record.

    A file of the name that lies there is replaced, whole or not at all, and its permissions stay; a new one is as open
    as the record.

    Raises:
        UsageError: where nothing may be written into the folder. DamagedError: once all others are copied, where some
            are missing or not as they were recorded. BusyError: where the disk refuses.
    """
    target = outputs.check_output_folder(record, folder)
    copied, faults = [], []
    for document in documents:
        try:
            copied.append(_copy(record, document, target))
        except DamagedError as error:
            faults.append(error.message)
    if faults:
        rest = [f"Yang lain disalin ke {target}."] if copied else []
        raise DamagedError("\n".join([*faults, *rest]), code="file")
    return tuple(copied)


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
        UsageError: where nothing may be written into the folder. NotFoundError: where LibreOffice is not installed.
            DamagedError: where a file is missing or not as it was recorded. BusyError: where LibreOffice fails.
    """
    target = outputs.check_output_folder(record, folder or Path("pdf") / id)
    returned = [one for one in documents if one.is_returned]
    words = [one for one in documents if not one.is_returned]
    with TemporaryDirectory(prefix=WORK) as work:
        files = [_copy(record, one, Path(work)) for one in words]
        copied = [_copy(record, one, target) for one in returned]
        with show_work(len(files), target):
            return (*convert_to_pdf(files, target, mode=outputs.private_mode(record)), *copied)


def locate_document(record: Record, document: Written) -> Path:
    """The file that another program opens: that of the record, or where it lies in no folder a copy of it.

    Raises:
        NotFoundError: where it is not there. DamagedError: where what would be copied is not as it was recorded.
    """
    if record.whole_store.folder is None:
        open_case_file(record, document).close()
    return record.whole_store.locate_file(document.path)


def _copy(record: Record, document: Written, folder: Path) -> Path:
    """A document, compared with its sha256, in the folder."""
    path = folder / PurePosixPath(document.path).name
    with open_case_file(record, document) as file:
        outputs.write_output(path, disk.read_pieces(file), mode=outputs.private_mode(record))
    return path
