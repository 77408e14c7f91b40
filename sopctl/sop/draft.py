"""A new SOP as somebody tells it, written as the YAML of an SOP file in the style of those in `sops`.

Only what was told stands there; comments name the keys that nobody was asked for. Reading the file gives back the same
texts, whatever signs they hold.
"""

import re
from collections.abc import Collection, Iterable
from unicodedata import normalize

from msgspec import Struct
from msgspec.structs import replace

from sopctl.sop.formats import id_complaint
from sopctl.sop.model import END

AGREED, TURNED_DOWN = "sesuai", "tidak sesuai"
"""The labels of a row that may hand the work back."""

_LONGEST_ID = 45
_PLAIN = re.compile(r"[A-Za-z0-9](?:[^:#\[\]{}]*[^:#\[\]{}\s])?")
_NOTHING = "null"


class DraftRow(Struct, frozen=True, kw_only=True):
    """A row of the form; ``pelaksana`` and ``back_to``, a row to hand back to, are counted from 1."""

    kegiatan: str
    pelaksana: tuple[int, ...]
    waktu: str = ""
    output: str = ""
    back_to: int | None = None


class SopDraft(Struct, frozen=True, kw_only=True):
    """What a new SOP is to say; every text is one line without characters that no form prints."""

    id: str
    nama: str
    pelaksana: tuple[str, ...]
    rows: tuple[DraftRow, ...]


def remove_row(rows: tuple[DraftRow, ...], number: int) -> tuple[DraftRow, ...]:
    """The rows without this one, counted from 1; who hands back to it hands back no longer."""
    return _renumber((*rows[: number - 1], *rows[number:]), number, -1)


def insert_row(rows: tuple[DraftRow, ...], number: int, row: DraftRow) -> tuple[DraftRow, ...]:
    """The rows with this one more, which gets the number; who hands back to a row hands back to the same one."""
    moved = _renumber(rows, number, 1)
    return (*moved[: number - 1], row, *moved[number - 1 :])


def _renumber(rows: tuple[DraftRow, ...], number: int, by: int) -> tuple[DraftRow, ...]:
    """The rows, where those from this number on have got another; none stands for the one that went."""

    def renumber(to: int | None) -> int | None:
        return to if to is None or to < number else None if by < 0 and to == number else to + by

    return tuple(replace(row, back_to=renumber(row.back_to)) for row in rows)


def propose_id(text: str, taken: Collection[str], otherwise: str) -> str:
    """An id made of the words of a text, none of those ``taken``; ``otherwise`` where no letter of it will do."""
    letters = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub("[^a-z0-9]+", "-", letters).strip("-")
    short = words if len(words) <= _LONGEST_ID else words[: _LONGEST_ID + 1].rpartition("-")[0] or words[:_LONGEST_ID]
    id = short or otherwise
    if id_complaint(id, frozenset({END, _NOTHING})):
        id = f"{otherwise}-{id}"
    numbered = (f"{id}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (id, *numbered) if one not in taken)


def write_sop(draft: SopDraft) -> str:
    """The text of the SOP's file."""
    keys = _name_each(draft.pelaksana, "pelaksana")
    ids = _name_each((row.kegiatan.partition(" ")[0] for row in draft.rows), "baris")
    pelaksana = [f"  {key}: {_scalar(nama)}" for key, nama in zip(keys, draft.pelaksana, strict=True)]
    steps = [_write_row(number, row, ids, keys) for number, row in enumerate(draft.rows, 1)]
    return _FILE.format(id=draft.id, nama=_scalar(draft.nama), pelaksana="\n".join(pelaksana), steps="\n\n".join(steps))


_FILE = """\
# Kata, angka, dan ejaan mengikuti formulir, juga yang tampak keliru. Hal yang masih terbuka dicatat di dekat barisnya.

id: {id}
nama: {nama}

# Lembar identitas (nomor, tanggal, dasar hukum …) ditulis di sini sebagai `identitas`, bila formulirnya mempunyainya.

pelaksana: # kolom-kolom di bawah Pelaksana, dari kiri ke kanan
{pelaksana}

# Isian (`fields`) dan surat (`documents`) ditulis di sini. Tanpa `documents` setiap output menjadi lembar hasil.

steps: # baris-baris tabel; kelengkapannya ditulis pada barisnya, misalnya kelengkapan: [Kertas, ATK]
{steps}
"""


def _name_each(texts: Iterable[str], otherwise: str) -> list[str]:
    """An id for each of the texts, no two alike."""
    names: list[str] = []
    for text in texts:
        names.append(propose_id(text, names, otherwise))
    return names


def _write_row(number: int, row: DraftRow, ids: list[str], keys: list[str]) -> str:
    acting = [keys[one - 1] for one in row.pelaksana]
    lines = [
        f"- id: {ids[number - 1]}",
        f"  no: {number}",
        f"  kegiatan: {_scalar(row.kegiatan)}",
        f"  pelaksana: {acting[0] if len(acting) == 1 else '[' + ', '.join(acting) + ']'}",
        *([f"  waktu: {_scalar(row.waktu)}"] if row.waktu else []),
        *([f"  output: {_scalar(row.output)}"] if row.output else []),
    ]
    if row.back_to is not None:
        on = ids[number] if number < len(ids) else END
        lines.append(f"  branches: {{{AGREED}: {on}, {TURNED_DOWN}: {ids[row.back_to - 1]}}}")
    return "\n".join(f"  {line}" for line in lines)


def _scalar(text: str) -> str:
    """The text as YAML reads it back: as it is, or in quotes where some of its signs mean something."""
    return text if _PLAIN.fullmatch(text) and text != _NOTHING else "'" + text.replace("'", "''") + "'"
