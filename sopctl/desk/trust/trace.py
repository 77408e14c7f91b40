"""`verify FILE.docx`: which case, step and state a Word file belongs to, or that it was altered."""

import re
import zipfile
import zlib
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from msgspec import Struct

from sopctl.desk.desk import Desk
from sopctl.desk.views import readable
from sopctl.engine.case import Case
from sopctl.engine.code import PATTERN, code
from sopctl.engine.events import Event, Move, Numbered, Withdrawn, Written
from sopctl.errors import DamagedError
from sopctl.sop.model import Act
from sopctl.store import files

LARGEST = 200_000_000

_LARGEST_PART = 20_000_000
"""Bytes of text that are looked through in a Word file: a zip can promise any number of them."""


class Traced(Struct, frozen=True, kw_only=True):
    """Where a Word file comes from.

    ``number`` is its event's; ``act`` what was done to it then, ``withdrawn`` that this was taken back, ``latest`` the
    path of a newer file of the same document (empty where this is the newest). ``altered`` says that the file bears the
    code of that event, or lies in the place of what it wrote, and is not what was written then.
    """

    id: str
    subject: str
    sop: str
    number: int
    step: str
    no: int | str | None
    kegiatan: str
    name: str
    act: Act
    nomor: str
    by: str
    at: str
    code: str
    withdrawn: bool = False
    latest: str = ""
    altered: bool = False


def trace(desk: Desk, path: Path) -> Traced:
    """The case, step and act that a Word file belongs to, found by its content, else by the code at its foot.

    Raises:
        NotFoundError: where there is no such file.
        DamagedError: where no case wrote it and it bears no code of one.
    """
    data = files.read(path, limit=LARGEST)
    wanted, codes = sha256(data).hexdigest(), _codes(data)
    cases, _ = readable(desk, None)
    place = path.resolve()
    claimed: Traced | None = None
    for case in cases:
        for event in case.instance.events:
            for written in event.documents if isinstance(event, Move | Numbered) else ():
                if written.sha256 == wanted:
                    return _traced(desk, case, event, written)
                bears = code(case.id, event.number, event.previous) in codes
                if claimed is None and (bears or (desk.workspace.root / written.path).resolve() == place):
                    claimed = _traced(desk, case, event, written, altered=True)
    if claimed is not None:
        return claimed
    raise DamagedError(
        f"{path.name} bukan berkas yang ditulis sopctl di ruang kerja ini, atau isinya dan kode verifikasinya sudah "
        f"diubah.",
        code="unknown_file",
    )


def _codes(data: bytes) -> frozenset[str]:
    """The verification codes that the text of a Word file shows."""
    found: set[str] = set()
    try:
        with zipfile.ZipFile(BytesIO(data)) as word:
            for part in word.infolist():
                if (
                    part.filename.startswith("word/")
                    and part.filename.endswith(".xml")
                    and part.file_size < _LARGEST_PART
                ):
                    text = re.sub(rb"<[^>]*>", b"", word.read(part)).decode("utf-8", "replace")
                    found.update(re.findall(PATTERN, text))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return frozenset()
    return frozenset(found)


def _traced(desk: Desk, case: Case, event: Event, written: Written, *, altered: bool = False) -> Traced:
    step = case.sop.step(written.step)
    newer = [one for one in case.state.documents if one.name == written.name][-1:]
    return Traced(
        id=case.id,
        subject=case.state.subject,
        sop=case.sop.nama,
        number=event.number,
        step=step.id,
        no=step.no,
        kegiatan=step.kegiatan,
        name=written.name,
        act=written.act,
        nomor=written.nomor,
        by=event.by,
        at=event.at.astimezone(desk.office.zone).isoformat(),
        code=code(case.id, event.number, event.previous),
        withdrawn=any(isinstance(later, Withdrawn) and later.move == event.number for later in case.instance.events),
        latest=newer[0].path if newer and newer[0].path != written.path else "",
        altered=altered,
    )
