"""PDF for `docs --pdf`: the folder that the files go to, and a message while LibreOffice works."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sopctl.desk.session import Session
    from sopctl.engine.events import Written


def written(session: "Session", id: str, documents: "Sequence[Written]", folder: Path | None) -> tuple[Path, ...]:
    """These documents of a case as PDF, in ``folder`` or in one named after the case below the current one.

    What came back signed is copied as it is.

    Raises:
        UsageError: where nothing may be written into the folder. NotFoundError: where LibreOffice is not installed, or
            a Word file is not there. BusyError: where it fails.
    """
    from sopctl.desk.documents import document_path
    from sopctl.store import outputs
    from sopctl.word.pdf import convert_to_pdf

    target = outputs.check_output_folder(session.record, folder or Path("pdf") / id)
    paths = [document_path(session.record, document) for document in documents]
    copies = [path for path in paths if path.suffix == ".pdf"]
    files = [path for path in paths if path not in copies]
    mode = outputs.private_mode(session.record)
    for path in copies:
        target.mkdir(parents=True, exist_ok=True)
        outputs.write_output(target / path.name, [path.read_bytes()], mode=mode)
    copied = [target / path.name for path in copies]
    if not files or not sys.stderr.isatty():
        return (*convert_to_pdf(files, target, mode=mode), *copied)
    from sopctl.cli.screen import console

    with console(stderr=True).status(f"LibreOffice menulis {len(files)} PDF ke {target} …"):
        return (*convert_to_pdf(files, target, mode=mode), *copied)
