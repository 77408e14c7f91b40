"""Cases on disk: which file holds which, how they are found, read and written.

Folders stay small: at most a thousand cases lie in one, whatever their number.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from sopctl.engine.events import find_broken_link, first_version
from sopctl.engine.instance import SCHEMA, Instance
from sopctl.engine.moments import is_readable
from sopctl.errors import DamagedError, NotFoundError
from sopctl.notation.nearest import suggestion
from sopctl.store import disk
from sopctl.store.recent import Recent

PER_FOLDER = 1000
LONGEST_PATH = 180
"""Letters that the path of a Word file has at most, counted from the workspace: Windows takes 260 of the whole."""

LARGEST = 50_000_000
"""Bytes that one case may take; a larger file was not written by sopctl."""

REMEDY = (
    "Pulihkan berkas itu dari cadangan; bila buku catatannya utuh, berkas itu juga dapat disusun kembali dari buku "
    "catatan."
)
"""What to do about a file of the record that cannot be used."""

_ID = re.compile(r"(?P<sop>[a-z0-9][a-z0-9-]*)-(?P<n>[1-9][0-9]{0,11})")
recent: Recent[tuple[bytes, Instance]] = Recent()
"""Cases with the bytes of their files: what has these bytes still is not decoded and checked again."""

_SHOWN = 5
_UNSAFE = re.compile(r"[^\w .,()+-]+", re.ASCII)
"""Signs that do not stand in the name of a Word file; `/` is not allowed in any, `:` and `?` are not on Windows."""

_NO_FILES = frozenset(("", ".", ".."))


def new_id(sop: str, n: int) -> str:
    """The id of the n-th case of an SOP, counted from 1."""
    return f"{sop}-{n}"


def folder_of(id: str) -> str:
    """The folder of a case below a folder of `data`: `sk-tim/0000` for `sk-tim-7`.

    Raises:
        NotFoundError: where the text is no id.
    """
    match = _ID.fullmatch(id)
    if match is None:
        raise NotFoundError(f"'{id}' bukan id berkas; contoh id: sk-tim-1.", code="id")
    return f"{match['sop']}/{int(match['n']) // PER_FOLDER:04d}"


def number_of(id: str) -> int:
    """The number of a case by its id, 0 where the text is no id."""
    match = _ID.fullmatch(id)
    return int(match["n"]) if match else 0


def path_of(folder: Path, id: str) -> Path:
    """The file of a case below the folder of all cases."""
    return folder / f"{folder_of(id)}/{id}.json"


def document_path(id: str, name: str, suffix: str = ".docx") -> str:
    """The path of a document of a case below the workspace, every sign in its name one that every system stores.

    A name that is too long is cut off at its end: what tells files apart belongs to its beginning.
    """
    folder = f"data/documents/{folder_of(id)}/{id}/"
    safe = " ".join(_UNSAFE.sub("-", name).split())
    return f"{folder}{safe[: LONGEST_PATH - len(folder) - len(suffix)].rstrip(' .')}{suffix}"


def lies_in(folder: str, id: str) -> bool:
    """Whether a case with this id belongs in this folder, such as `sk-tim/0000`; elsewhere its file is not read."""
    try:
        return folder_of(id) == folder
    except NotFoundError:
        return False


def load(folder: Path, id: str) -> Instance:
    """The stored case with exactly this id.

    Raises:
        NotFoundError: where there is none. DamagedError: where its file is not what sopctl wrote.
    """
    path = path_of(folder, id)
    data = read(path, id)
    known = recent.get(id)
    if known is None or known[0] != data:
        known = data, decode(data, path, id)
        recent.put(id, known)
    return known[1]


def read(path: Path, id: str) -> bytes:
    """The bytes of the file of a case.

    Raises:
        NotFoundError: where there is none.
    """
    data = disk.read_file_if_there(path, limit=LARGEST)
    if data is None:
        raise no_case(id)
    return data


def no_case(id: str) -> NotFoundError:
    """The error where there is no case with an id, or none that the account may read."""
    return NotFoundError(f"Tidak ada berkas {id}.", code="id")


def decode(data: bytes, path: Path | str, id: str) -> Instance:
    """The case in these bytes.

    Raises:
        DamagedError: where they are cut short, were changed by hand or come from a newer sopctl.
    """
    try:
        instance = msgspec.json.decode(data, type=Instance)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        _check_schema(_schema_of(data), path)
        raise DamagedError(f"File {path} rusak atau terpotong. {REMEDY}", advice="rebuild") from error
    _check_schema(instance.schema, path)
    broken = find_broken_link(
        instance.id, first_version(instance.version, instance.events), instance.events, instance.head
    )
    complete = (
        instance.events
        and instance.revision == len(instance.events)
        and all(is_readable(event.at) and is_readable(event.recorded_at) for event in instance.events)
    )
    if instance.id != id or not complete or broken is not None or not _names_own_files_only(instance):
        where = f" mulai catatan nomor {min(broken, len(instance.events))}" if broken else ""
        raise DamagedError(f"File {path} diubah di luar sopctl{where}. {REMEDY}", code="changed", advice="rebuild")
    return instance


def _check_schema(schema: int, path: Path | str) -> None:
    if schema < 1:
        raise DamagedError(
            f"File {path} diubah di luar sopctl (schema {schema}). {REMEDY}", code="changed", advice="rebuild"
        )
    if schema > SCHEMA:
        raise DamagedError(
            f"File {path} ditulis oleh sopctl yang lebih baru (schema {schema}); perbarui sopctl di sini.",
            code="newer_schema",
        )


def _schema_of(data: bytes) -> int:
    """The schema that a file names which this sopctl cannot read; ours where it names none."""
    try:
        return msgspec.json.decode(data, type=_Schema).schema
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return SCHEMA


def _names_own_files_only(instance: Instance) -> bool:
    """Whether every file that the events name lies in a folder of this case."""
    paths = [file.path for event in instance.events for file in event.files]
    if not paths:
        return True
    own = f"{folder_of(instance.id)}/{instance.id}"
    folders = f"data/documents/{own}", f"data/attachments/{own}"
    named = (path.rpartition("/") for path in paths)
    return all(folder in folders and name not in _NO_FILES for folder, _, name in named)


def encode(instance: Instance) -> bytes:
    """The bytes of a case: JSON with a line for each value, so that people and tools can compare two of them."""
    return msgspec.json.format(msgspec.json.encode(instance), indent=1) + b"\n"


def find_id(folder: Path, text: str) -> str:
    """The id that ``text`` is, else the only one that ends with it, else the only one that holds it; letter case aside.

    Raises:
        NotFoundError: where it is a part of none, or of several; the message names some.
    """
    wanted = text.strip().lower()
    if _ID.fullmatch(wanted) and disk.exists(path_of(folder, wanted)):
        return wanted
    return choose_id(list(iter_ids(folder)), text)


def choose_id(ids: Sequence[str], text: str) -> str:
    """The same among these ids."""
    wanted = text.strip().lower()
    holding = [id for id in ids if wanted and wanted in id]
    found = [id for id in holding if id.endswith(f"-{wanted}")] or holding
    if not found:
        meant = suggestion(wanted, ids)
        raise NotFoundError(f"Tidak ada berkas '{text}'{meant}.", code="id")
    if len(found) > 1:
        more = ", …" if len(found) > _SHOWN else ""
        raise NotFoundError(
            f"'{text}' dapat berarti beberapa berkas: {', '.join(found[:_SHOWN])}{more}; tulis id yang lengkap.",
            code="ambiguous",
        )
    return found[0]


def iter_ids(folder: Path, sop: str | None = None) -> Iterator[str]:
    """The ids of all cases, or those of one SOP: by SOP, then in the order in which they were opened."""
    for name in [sop] if sop else list_names(folder):
        for thousand in list_names(folder / name):
            yield from list_folder_ids(folder, f"{name}/{thousand}")


def next_number(folder: Path, sop: str) -> int:
    """One more than the highest number of the SOP's cases."""
    for thousand in reversed(list_names(folder / sop)):
        # The last folder is empty where a process died between making and filling it.
        if ids := list_folder_ids(folder, f"{sop}/{thousand}"):
            return 1 + number_of(ids[-1])
    return 1


def list_folder_ids(folder: Path, name: str) -> list[str]:
    """The ids of the cases of one folder, such as `sk-tim/0000`, in the order in which they were opened."""
    ids = (file.removesuffix(".json") for file in list_names(folder / name) if file.endswith(".json"))
    return sorted((id for id in ids if lies_in(name, id)), key=number_of)


def list_names(folder: Path) -> list[str]:
    """The names in a folder in order, hidden ones left out; none where there is no such folder."""
    return [name for name in disk.list_names(folder) if not name.startswith(".")]


class _Schema(msgspec.Struct):
    schema: int
