"""`import`: forms become SOP files; each source is read in a process of its own, and nothing is ever replaced."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from difflib import SequenceMatcher
from importlib.util import find_spec
from pathlib import Path
from subprocess import TimeoutExpired

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sopctl.desk.new_sop import create_file
from sopctl.desk.session import Session
from sopctl.errors import NotFoundError, SopctlError, UsageError, WrongError
from sopctl.importing.files import SUFFIXES
from sopctl.importing.overlay import overlay_form
from sopctl.importing.reader_process import Answer, ImportedSop
from sopctl.sop.check import SopNames
from sopctl.sop.decode import read_sop
from sopctl.sop.differences import list_differences
from sopctl.sop.draft import propose_ids
from sopctl.sop.formats import id_complaint
from sopctl.sop.unconfirmed import confirm, list_remarks
from sopctl.sop.wording import keep_letters
from sopctl.store import disk
from sopctl.store.struct_decoders import make_json_decoder
from sopctl.word.child_processes import ChildProcesses

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
    """The result for one source: the SOPs written, or the problem with its exit code and what helps against it."""

    source: str
    sops: tuple[WrittenSop, ...] = ()
    problem: str = ""
    code: int = 0
    advice: str = ""


class Comparison(Struct, frozen=True):
    """How a form differs from an SOP that is there, as sentences, and what of the form was read with doubts."""

    differences: tuple[str, ...]
    doubts: tuple[str, ...]


def list_sources(paths: Sequence[Path]) -> list[Path]:
    """The files to read: those named, and those of the kinds that are read in the folders named.

    Raises:
        NotFoundError: where something named is not there, or a folder holds no such file.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            with disk.translate_errors(path):
                inside = sorted(one for one in path.iterdir() if _is_form(one))
            if not inside:
                raise NotFoundError(
                    f"Folder {path} tidak memuat file PDF, Excel (.xlsx), Word (.docx) atau BPMN.", code="file"
                )
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise NotFoundError(f"Tidak ada file {path}.", code="file")
    return found


def _is_form(path: Path) -> bool:
    """Whether a file in a folder is one to read: not a folder, not hidden, not what Office keeps while it is open."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(("~$", ".")) and not path.is_dir()


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

    ``names`` are the SOPs that are there, by id. Each file is written as soon as it is read: an interruption leaves
    whole files only.

    Raises:
        NotFoundError: where the libraries that read forms are not installed.
        UsageError: where ``id`` can be no id of an SOP, or is given for several sources.
    """
    if id and len(sources) > 1:
        raise UsageError("Id hanya dapat diberikan untuk satu file.")
    if id and (complaint := id_complaint(id)):
        raise UsageError(f"'{id}' tidak dapat menjadi id SOP: {complaint}")
    _require_readers()
    ids = [id] if id else propose_ids((source.stem for source in sources), "sop")
    children = ChildProcesses()

    def import_one(source: Path, name: str) -> tuple[ImportedFile, SopNames]:
        return _write_all(source, read_in_child(source, name, children, review=review), target)

    with ThreadPoolExecutor(max_workers=min(len(sources), os.cpu_count() or 1)) as pool:
        waiting = [pool.submit(import_one, source, name) for source, name in zip(sources, ids, strict=True)]
        try:
            for done, _ in enumerate(as_completed(waiting), 1):
                if on_file:
                    on_file(done, len(waiting))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            children.end_all()
            raise
    answers = [one.result() for one in waiting]
    known = {**names, **{id: nama for _, found in answers for id, nama in found.items()}}
    return [_name_mentions(file, known) for file, _ in answers]


def compare_form(session: Session, source: Path, id: str) -> Comparison:
    """How the form in a file differs from an SOP that is there; nothing is written.

    Of several SOPs in the file the one whose nama is most like that of the SOP is taken.

    Raises:
        NotFoundError: where there is no such SOP or file. WrongError: where one of the two cannot be read, or the form
            leaves open who acts.
    """
    _require_readers()
    there = session.library.read_sop(id)
    answer = read_in_child(source, id, ChildProcesses(), review=False)
    if answer.problem:
        raise WrongError(answer.problem)
    nearest = max(answer.sops, key=lambda sop: SequenceMatcher(None, sop.nama.lower(), there.nama.lower()).ratio())
    form, problems = read_sop(confirm(nearest.text).encode(), f"{id}.yaml")
    if form is None:
        raise WrongError(
            f"{source.name} belum dapat dibandingkan; yang belum terbaca disebut di bawah.", problems=problems
        )
    merged, renamed = overlay_form(there, form)
    return Comparison(tuple(list_differences(there, merged, renamed)), list_remarks(nearest.text))


def _require_readers() -> None:
    """Raise NotFoundError where a library that reads forms is not installed."""
    missing = [name for name in ("pdfplumber", "pypdfium2", "openpyxl", "numpy") if find_spec(name) is None]
    if missing:
        raise NotFoundError(f"Pembaca formulir belum terpasang ({', '.join(missing)}).", code="import_extra")


def _write_all(source: Path, answer: Answer, target: Path) -> tuple[ImportedFile, SopNames]:
    """The result for a source once its SOPs are written, and their names by id; ``mentions`` have no ids yet."""
    written: list[WrittenSop] = []
    names = {sop.id: sop.nama for sop in answer.sops}
    try:
        written += (_write(sop, target) for sop in answer.sops)
    except SopctlError as error:
        exists = "import_exists" if error.code == "import_exists" else ""
        return ImportedFile(str(source), tuple(written), error.message, error.exit_code, exists), names
    return ImportedFile(str(source), tuple(written), answer.problem, answer.code), names


def _write(sop: ImportedSop, target: Path) -> WrittenSop:
    """Write an SOP and its review page, both or none.

    Raises:
        SopctlError: with the code `import_exists` where one of the two files is there already.
    """
    path, page = target / f"{sop.id}.yaml", target / f"{sop.id}.review.html"
    create_file(path, sop.text.encode(), code="import_exists")
    try:
        if sop.review:
            create_file(page, sop.review.encode(), code="import_exists")
    except BaseException:
        disk.remove_file(path)
        raise
    mentions = tuple((text, "") for text in sop.mentions)
    return WrittenSop(sop.id, str(path), sop.rows, sop.doubts, str(page) if sop.review else "", mentions)


def _name_mentions(file: ImportedFile, names: SopNames) -> ImportedFile:
    """The file with the SOPs that its texts name."""
    return replace(file, sops=tuple(replace(sop, mentions=tuple(_list_mentions(sop, names))) for sop in file.sops))


def _list_mentions(sop: WrittenSop, names: SopNames) -> Iterator[tuple[str, str]]:
    """The texts of an SOP that hold the nama of another one."""
    for text, _ in sop.mentions:
        for id, nama in names.items():
            if id != sop.id and len(_fold_name(nama)) >= _SHORTEST_NAME and _fold_name(nama) in _fold_name(text):
                yield text, id


def _fold_name(text: str) -> str:
    """The letters and figures of a nama, without the word SOP before it."""
    return re.sub(r"^(sop|standaroperasionalprosedur)", "", keep_letters(text))


def read_in_child(source: Path, id: str, children: ChildProcesses, *, review: bool) -> Answer:
    """What a process of its own reads from a file; a process that dies or takes too long is an answer, too.

    It looks for no module in the folder in which the user stands, as that may hold files of others.
    """
    module = "sopctl.importing.reader_process"
    command = [sys.executable, "-P", "-m", module, str(source), id, *(["review"] if review else [])]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1", "PYTHONWARNINGS": "ignore"}
    try:
        return make_json_decoder(Answer).decode(children.run(command, environment))
    except TimeoutExpired:
        why = "terlalu lama dibaca; pisahkan halamannya dahulu."
    except msgspec.DecodeError:
        why = "tidak dapat dibaca: pembacanya berhenti; filenya rusak atau terlalu besar."
    return Answer(problem=f"{source.name} {why}", code=WrongError.exit_code)
