"""The files of a case for whoever takes one away: each is handed out only as it was recorded."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from sopctl.audit.file_hashes import open_recorded_file
from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, Move, Written
from sopctl.errors import DamagedError, NotFoundError
from sopctl.store.record import Record


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
