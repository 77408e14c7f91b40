"""The files of a case for whoever takes one away, `docs --out` and `docs --pdf` too: each only as it was recorded."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import BinaryIO

from sopctl.audit.file_hashes import open_recorded_file
from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, Move, Written
from sopctl.errors import DamagedError, NotFoundError
from sopctl.store import disk, outputs
from sopctl.store.record import Record
from sopctl.word.pdf import WORK, convert_to_pdf


def list_attachments(case: Case) -> Iterator[tuple[int, Attachment]]:
    """The files beside a case that count, and what shows an act on paper, each with the number it is known by."""
    counting = {one.path for one in case.state.attachments}
    number = 0
    for event in case.instance.events:
        evidence = event.evidence if isinstance(event, Move) else ()
        for file in event.files:
            if isinstance(file, Attachment):
                number += 1
                if file.path in counting or file in evidence:
                    yield number, file


def find_attachment(case: Case, number: int) -> Attachment:
    """The file with this number.

    Raises:
        NotFoundError: where the case has none such.
    """
    found = dict(list_attachments(case)).get(number)
    if found is None:
        raise NotFoundError(f"Berkas {case.id} tidak mempunyai lampiran nomor {number}.", code="file")
    return found


def open_case_file(record: Record, file: Written | Attachment) -> BinaryIO:
    """A file of a case, open for reading from its beginning.

    Raises:
        DamagedError: where it is missing, or is not the file that was recorded.
    """
    try:
        return open_recorded_file(record, file)
    except NotFoundError:
        name = PurePosixPath(file.path).name
        raise DamagedError(f"File {name} hilang dari catatan. Pulihkan dari cadangan.", code="file") from None


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
