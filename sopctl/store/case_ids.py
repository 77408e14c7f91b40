"""The ids of cases: how they are made, read and found, and the group of a thousand that each belongs to."""

import re
from collections.abc import Sequence

from sopctl.errors import NotFoundError
from sopctl.notation.nearest import suggestion

PER_FOLDER = 1000

_ID = re.compile(r"(?P<sop>[a-z0-9][a-z0-9-]*)-(?P<n>[1-9][0-9]{0,11})")
_SHOWN = 5


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


def is_id(text: str) -> bool:
    """Whether a text has the form of an id."""
    return _ID.fullmatch(text) is not None


def lies_in(folder: str, id: str) -> bool:
    """Whether a case with this id belongs in this folder, such as `sk-tim/0000`; elsewhere its file is not read."""
    try:
        return folder_of(id) == folder
    except NotFoundError:
        return False


def no_case(id: str) -> NotFoundError:
    """The error where there is no case with an id, or none that the account may read."""
    return NotFoundError(f"Tidak ada berkas {id}.", code="id")


def choose_id(ids: Sequence[str], text: str) -> str:
    """The only one of these ids that ends with the text, else the only one that holds it; letter case aside.

    Raises:
        NotFoundError: where it is a part of none, or of several; the message names some.
    """
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
