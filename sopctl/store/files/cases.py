"""Cases on disk: which file holds which, how they are found, read and written.

Folders stay small: at most a thousand cases lie in one, whatever their number.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from sopctl.engine.instance import Instance
from sopctl.store import disk
from sopctl.store.case_ids import choose_id, folder_of, is_id, lies_in, new_id, no_case, number_of
from sopctl.store.case_json import LARGEST, decode_again


def path_of(folder: Path, id: str) -> Path:
    """The file of a case below the folder of all cases."""
    return folder / f"{folder_of(id)}/{id}.json"


def load(folder: Path, id: str) -> Instance:
    """The stored case with exactly this id.

    Raises:
        NotFoundError: where there is none. DamagedError: where its file is not what sopctl wrote.
    """
    path = f"{folder}{os.sep}{folder_of(id)}{os.sep}{id}.json"  # a third of the time that `Path` takes
    return decode_again(read(path, id), path, id)


def read(path: Path | str, id: str) -> bytes:
    """The bytes of the file of a case.

    Raises:
        NotFoundError: where there is none.
    """
    data = disk.read_file_if_there(path, limit=LARGEST)
    if data is None:
        raise no_case(id)
    return data


def find_id(folder: Path, text: str) -> str:
    """The id that ``text`` is, else what `choose_id` says."""
    wanted = text.strip().lower()
    if is_id(wanted) and disk.exists(path_of(folder, wanted)):
        return wanted
    return choose_id(list(iter_ids(folder)), text)


def iter_ids(folder: Path, sop: str | None = None) -> Iterator[str]:
    """The ids of all cases, or those of one SOP: by SOP, then in the order in which they were opened."""
    for name in list_names(folder) if sop is None else [sop] if is_id(new_id(sop, 1)) else []:
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
