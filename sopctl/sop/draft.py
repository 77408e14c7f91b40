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
from sopctl.sop.model import END, Columns

AGREED, TURNED_DOWN = "sesuai", "tidak sesuai"
"""The labels of a row that may hand the work back."""

_LONGEST_ID = 45
_PLAIN = re.compile(r"[A-Za-z0-9](?:[^:#\[\]{}]*[^:#\[\]{}\s])?")
_NOTHING = "null"
_BOOLEAN = re.compile("y|n|yes|no|on|off|true|false", re.IGNORECASE)
_KEYS = {"no": '"no"'}
"""Keys written in quotes: readers of YAML 1.1 take a bare `no` for false."""


class DraftRow(Struct, frozen=True, kw_only=True):
    """A row of the form; ``pelaksana`` and rows that it leads to are counted from 1.

    ``back_to`` is a row to hand back to; ``exits`` are labels and rows (None ends the case); ``decides`` are who holds
    a diamond, each with its own exits. ``no`` is the printed number, its place where it is None. ``marks`` are remarks
    by the key that they concern. ``further`` are the texts of columns that only this form has. ``id`` is that of the
    row where it has one already; ``sop`` the SOP that does it as YAML, ``together`` that all act at once, ``optional``
    that it may be left out; ``kind`` is that of its decision, ``more_output`` what it makes beside ``output``.
    """

    kegiatan: str
    pelaksana: tuple[int, ...]
    id: str = ""
    sop: str = ""
    together: bool = False
    optional: bool = False
    kind: str = ""
    no: str | None = None
    kelengkapan: tuple[str, ...] = ()
    waktu: str = ""
    output: str = ""
    more_output: tuple[str, ...] = ()
    keterangan: str = ""
    further: tuple[tuple[str, str], ...] = ()
    back_to: int | None = None
    exits: tuple[tuple[str, int | None], ...] = ()
    next: tuple[int, ...] = ()
    decides: tuple[tuple[int, tuple[tuple[str, int | None], ...]], ...] = ()
    marks: tuple[tuple[str, str], ...] = ()


class SopDraft(Struct, frozen=True, kw_only=True):
    """What a new SOP is to say; every text is one line without characters that no form prints.

    ``columns`` are those of the form that differ from the usual ones, as the model takes them. ``identitas`` are the
    keys of the cover sheet with their text or list; ``marks`` are remarks by key, like those of a row, and ``notes``
    are remarks at the top. ``start`` are the rows at which a case may begin, the first where there is none. ``keys``
    are those of the pelaksana, made of their names where there are none.
    """

    id: str
    nama: str
    pelaksana: tuple[str, ...]
    rows: tuple[DraftRow, ...]
    columns: Columns = {}
    identitas: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    start: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def doubts(self) -> int:
        """How many remarks want to be settled."""
        return len(self.marks) + sum(len(row.marks) for row in self.rows)


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


def propose_ids(texts: Iterable[str], otherwise: str) -> list[str]:
    """An id for each of the texts as `propose_id` makes it, no two alike."""
    ids: list[str] = []
    for text in texts:
        ids.append(propose_id(text, ids, otherwise))
    return ids


def write_sop(draft: SopDraft) -> str:
    """The text of the SOP's file."""
    keys = propose_ids(draft.keys or draft.pelaksana, "pelaksana")
    ids = propose_ids((row.id or row.kegiatan.partition(" ")[0] for row in draft.rows), "baris")
    pelaksana = [f"  {key}: {write_scalar(nama)}" for key, nama in zip(keys, draft.pelaksana, strict=True)]
    steps = [_write_row(number, row, ids, keys) for number, row in enumerate(draft.rows, 1)]
    return _FILE.format(
        id=draft.id,
        notes="".join(f"# {note}\n" for note in draft.notes),
        nama=f"{_write_remarks(draft.marks, 'nama')}nama: {write_scalar(draft.nama)}",
        identitas=_write_identitas(draft),
        columns=_write_columns(draft.columns),
        start=f"\nstart: {_write_next(draft.start, ids)}\n" if draft.start not in {(), (1,)} else "",
        pelaksana=_write_remarks(draft.marks, "pelaksana")
        + "pelaksana: # kolom-kolom di bawah Pelaksana, dari kiri ke kanan\n"
        + "\n".join(pelaksana),
        steps="\n\n".join(steps),
    )


_FILE = """\
# Kata, angka, dan ejaan mengikuti formulir, juga yang tampak keliru. Hal yang masih terbuka dicatat di dekat barisnya.
{notes}
id: {id}
{nama}

{identitas}

{pelaksana}
{columns}{start}
# Isian (`fields`) dan surat (`documents`) ditulis di sini. Tanpa `documents` setiap output menjadi lembar hasil.

steps: # baris-baris tabel; kelengkapannya ditulis pada barisnya, misalnya kelengkapan: [Kertas, ATK]
{steps}
"""


_NO_COVER = (
    "# Lembar identitas (nomor, tanggal, dasar hukum …) ditulis di sini sebagai `identitas`, bila formulirnya "
    "mempunyainya."
)


def _write_identitas(draft: SopDraft) -> str:
    """The cover sheet as YAML, a remark where there is none; remarks on keys that it lacks stand above it."""
    there = {key for key, _ in draft.identitas} | {"nama", "pelaksana"}
    lines = [f"# {remark}" for about, remark in draft.marks if about not in there]
    if not draft.identitas:
        return "\n".join((*lines, _NO_COVER))
    lines.append("identitas:")
    for key, value in draft.identitas:
        mark = _write_remarks(draft.marks, key, "  ")
        if isinstance(value, str):
            lines.append(f"{mark}  {key}: {write_scalar(value)}")
        else:
            lines += [f"{mark}  {key}:", *(f"  - {write_scalar(item)}" for item in value)]
    return "\n".join(lines)


def _write_remarks(marks: tuple[tuple[str, str], ...], key: str, indent: str = "") -> str:
    """The remarks on a key as comment lines above it."""
    return "".join(f"{indent}# {remark}\n" for about, remark in marks if about == key)


def _write_row(number: int, row: DraftRow, ids: list[str], keys: list[str]) -> str:
    """A row as an item of `steps`; a remark stands above the key that it concerns, or above `kegiatan` without it."""
    acting = [keys[one - 1] for one in row.pelaksana]
    outputs = (row.output, *row.more_output)
    entries = {
        "id": ids[number - 1],
        "no": write_scalar(row.no) if row.no else str(number) if row.no is None else "",
        "kegiatan": write_scalar(row.kegiatan),
        "pelaksana": _one_or_list(acting),
        "together": "ya" if row.together else "",
        "decides": _write_deciders(row, ids, keys),
        "kelengkapan": _flow_list([write_scalar(item, flow=True) for item in row.kelengkapan]),
        "waktu": write_scalar(row.waktu) if row.waktu else "",
        "output": _one_or_list([write_scalar(one, flow=bool(row.more_output)) for one in outputs])
        if row.output
        else "",
        "keterangan": write_scalar(row.keterangan) if row.keterangan else "",
        **{key: write_scalar(text) for key, text in row.further},
        "sop": row.sop,
        "optional": "ya" if row.optional else "",
        "kind": row.kind,
        "branches": _write_branches(number, row, ids),
        "next": _write_next(row.next, ids),
    }
    lines = []
    for key, text in entries.items():
        above = [about if entries.get(about) else "kegiatan" for about, _ in row.marks]
        lines += [f"# {remark}" for at, (_, remark) in zip(above, row.marks, strict=True) if at == key]
        lines += [f"{_KEYS.get(key, key)}: {text}"] if text else []
    return "\n".join(f"  {'  ' if n else '- '}{line}" for n, line in enumerate(lines))


def _write_columns(columns: Columns) -> str:
    """The columns of the form that differ from the usual ones, as a line of YAML; empty where none do."""
    words = {True: "ya", False: "tidak"}
    pairs = [
        f"{key}: {words[heading] if isinstance(heading, bool) else write_scalar(heading, flow=True)}"
        for key, heading in columns.items()
    ]
    return f"\ncolumns: {{{', '.join(pairs)}}}\n" if pairs else ""


def _write_next(targets: tuple[int, ...], ids: list[str]) -> str:
    return _one_or_list([_write_target(one, ids) for one in targets])


def _one_or_list(items: list[str]) -> str:
    return items[0] if len(items) == 1 else _flow_list(items)


def _flow_list(items: list[str]) -> str:
    return f"[{', '.join(items)}]" if items else ""


def _write_branches(number: int, row: DraftRow, ids: list[str]) -> str:
    """The exits of a row, or the pair of a row that may hand back."""
    exits = row.exits
    if row.back_to is not None:
        exits = ((AGREED, number + 1 if number < len(ids) else None), (TURNED_DOWN, row.back_to))
    apart = len({exits for _, exits in row.decides}) > 1
    return "" if apart else _write_exits(exits, ids)


def _write_exits(exits: tuple[tuple[str, int | None], ...], ids: list[str]) -> str:
    pairs = [f"{write_scalar(label, flow=True)}: {_write_target(to, ids)}" for label, to in exits]
    return f"{{{', '.join(pairs)}}}" if pairs else ""


def _write_deciders(row: DraftRow, ids: list[str], keys: list[str]) -> str:
    """Who decides, where that is not just the last: their names, or each with its own exits where these differ."""
    who = [keys[one - 1] for one, _ in row.decides]
    if who in ([], [keys[one - 1] for one in row.pelaksana[-1:]]) or not row.exits:
        return ""
    if len({exits for _, exits in row.decides}) == 1:
        return _one_or_list(who)
    parts = [f"{name}: {_write_exits(exits, ids)}" for name, (_, exits) in zip(who, row.decides, strict=True)]
    return f"{{{', '.join(parts)}}}"


def _write_target(to: int | None, ids: list[str]) -> str:
    return END if to is None or to > len(ids) else ids[to - 1]


def write_scalar(text: str, *, flow: bool = False) -> str:
    """The text as YAML reads it back: as it is, or in quotes where some of its signs mean something.

    With ``flow`` it stands in a list or mapping on one line.
    """
    plain = _PLAIN.fullmatch(text) and text != _NOTHING and not _BOOLEAN.fullmatch(text) and not (flow and "," in text)
    return text if plain else "'" + text.replace("'", "''") + "'"
