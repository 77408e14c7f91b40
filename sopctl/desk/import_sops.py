"""`import`: forms become SOP files; each source is read in a process of its own, and nothing is ever replaced."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib.util import find_spec
from pathlib import Path

import msgspec
from msgspec import Struct

from sopctl.desk.new_sop import create_file
from sopctl.desk.session import Session
from sopctl.errors import NotFoundError, SopctlError, UsageError, WrongError
from sopctl.importing.child import SECONDS, Answer, ImportedSop
from sopctl.importing.files import SUFFIXES
from sopctl.importing.overlay import overlay_form
from sopctl.sop.check import SopNames
from sopctl.sop.decode import read_sop
from sopctl.sop.differences import list_differences
from sopctl.sop.draft import propose_id
from sopctl.sop.formats import id_complaint
from sopctl.sop.unconfirmed import confirm

_SHORTEST_NAME = 10
"""A nama with fewer letters is found in any text."""

OnFile = Callable[[int, int], None]
"""Is told how many files of how many have been read."""


class WrittenSop(Struct, frozen=True):
    """An SOP that was written: its id, its file, how many rows and remarks it has, and its review page, if wanted.

    ``mentions`` are its texts (keterkaitan and Ket) that name other SOPs of the office, with their ids.
    """

    id: str
    path: str
    rows: int
    doubts: int
    review: str = ""
    mentions: tuple[tuple[str, str], ...] = ()


class ImportedFile(Struct, frozen=True):
    """What became of one source: the SOPs written, or the problem with its exit code."""

    source: str
    sops: tuple[WrittenSop, ...] = ()
    problem: str = ""
    code: int = 0


def list_sources(paths: Sequence[Path]) -> list[Path]:
    """The files to read: those named, and those of the kinds that are read in the folders named.

    Raises:
        NotFoundError: where something named is not there, or a folder holds no such file.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                one for one in path.iterdir() if one.suffix.lower() in SUFFIXES and not one.name.startswith(("~$", "."))
            )
            if not inside:
                raise NotFoundError(
                    f"Folder {path} tidak memuat file PDF, Excel (.xlsx) atau Word (.docx).", code="file"
                )
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise NotFoundError(f"Tidak ada file {path}.", code="file")
    return found


def import_files(
    sources: Sequence[Path],
    target: Path,
    names: SopNames,
    *,
    id: str = "",
    review: bool = False,
    on_file: OnFile | None = None,
) -> list[ImportedFile]:
    """Read the sources side by side and write their SOPs into a folder; the answers in the order of the sources.

    ``names`` are the SOPs that are there, by id.

    Raises:
        NotFoundError: where the libraries that read forms are not installed.
        UsageError: where ``id`` can be no id of an SOP, or is given for several sources.
    """
    if id and len(sources) > 1:
        raise UsageError("--id hanya untuk satu file.")
    if id and (complaint := id_complaint(id)):
        raise UsageError(f"'{id}' tidak dapat menjadi id SOP: {complaint}")
    _require_readers()
    ids = [id] if id else list(_propose_ids(sources))
    with ThreadPoolExecutor(max_workers=min(len(sources), os.cpu_count() or 1)) as pool:
        waiting = [pool.submit(read_in_child, path, name) for path, name in zip(sources, ids, strict=True)]
        for done, _ in enumerate(as_completed(waiting), 1):
            if on_file:
                on_file(done, len(waiting))
    answers = [one.result() for one in waiting]
    known = {**names, **{sop.id: sop.nama for answer in answers for sop in answer.sops}}
    pairs = zip(sources, answers, strict=True)
    return [_write_all(source, answer, target, known, review=review) for source, answer in pairs]


def compare_form(session: Session, source: Path, id: str) -> tuple[str, ...]:
    """How the form in a file differs from an SOP that is there, as sentences; nothing is written.

    Raises:
        NotFoundError: where there is no such SOP or file. WrongError: where one of the two cannot be read, or the form
            leaves open who acts.
    """
    _require_readers()
    there = session.library.read_sop(id)
    answer = read_in_child(source, id)
    if answer.problem:
        raise WrongError(answer.problem)
    form, problems = read_sop(confirm(answer.sops[0].text).encode(), f"{id}.yaml")
    if form is None:
        raise WrongError(
            f"{source.name} belum dapat dibandingkan; yang belum terbaca disebut di bawah.", problems=problems
        )
    merged, renamed = overlay_form(there, form)
    return tuple(list_differences(there, merged, renamed))


def _propose_ids(sources: Sequence[Path]) -> Iterator[str]:
    """An id for each source, made of its name; no two alike."""
    taken: list[str] = []
    for source in sources:
        taken.append(propose_id(source.stem, taken, "sop"))
        yield taken[-1]


def _require_readers() -> None:
    missing = [name for name in ("pdfplumber", "pypdfium2", "openpyxl", "numpy") if find_spec(name) is None]
    if missing:
        raise NotFoundError(f"Pembaca formulir belum terpasang ({', '.join(missing)}).", code="import_extra")


def _write_all(source: Path, answer: Answer, target: Path, names: SopNames, *, review: bool) -> ImportedFile:
    """What became of a source, once its SOPs are written."""
    if answer.problem:
        return ImportedFile(str(source), problem=answer.problem, code=answer.code)
    written: list[WrittenSop] = []
    for sop in answer.sops:
        try:
            written.append(_write(sop, target, names, review=review))
        except SopctlError as error:
            return ImportedFile(str(source), tuple(written), error.message, error.exit_code)
    return ImportedFile(str(source), tuple(written))


def _write(sop: ImportedSop, target: Path, names: SopNames, *, review: bool) -> WrittenSop:
    path = target / f"{sop.id}.yaml"
    create_file(path, sop.text.encode(), code="import_exists")
    page = ""
    if review:
        page = str(target / f"{sop.id}.review.html")
        create_file(Path(page), sop.review.encode(), code="import_exists")
    return WrittenSop(sop.id, str(path), sop.rows, sop.doubts, page, tuple(_list_mentions(sop, names)))


def _list_mentions(sop: ImportedSop, names: SopNames) -> Iterator[tuple[str, str]]:
    """The texts of an SOP that hold the nama of another one."""
    for text in sop.mentions:
        for id, nama in names.items():
            if id != sop.id and len(_fold_name(nama)) >= _SHORTEST_NAME and _fold_name(nama) in _fold_name(text):
                yield text, id


def _fold_name(text: str) -> str:
    """The letters and figures of a nama, without the word SOP before it."""
    return re.sub(r"^(sop|standaroperasionalprosedur)", "", re.sub(r"[^a-z0-9]", "", text.lower()))


def read_in_child(source: Path, id: str) -> Answer:
    """What a process of its own reads from a file; a process that dies or takes too long is an answer, too."""
    command = [sys.executable, "-m", "sopctl.importing.child", str(source), id]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, env=environment, check=False)  # noqa: S603
        return msgspec.json.decode(done.stdout, type=Answer)
    except subprocess.TimeoutExpired:
        return Answer(
            problem=f"{source.name} terlalu lama dibaca; pisahkan halamannya dahulu.", code=WrongError.exit_code
        )
    except msgspec.DecodeError:
        return Answer(problem=f"{source.name} tidak dapat dibaca: pembacanya berhenti.", code=WrongError.exit_code)
