"""The cover sheet of an SOP: its number, dates and lists, under the labels that offices print."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from sopctl.engine.days import read_month
from sopctl.importing.headings import fold_heading
from sopctl.importing.seen import Cell
from sopctl.sop.unconfirmed import write_remark

_LABELS: tuple[tuple[str, str], ...] = (
    ("nomor", r"(nomor|no) (sop|sop ap|dokumen)|nomor"),
    ("tanggal_pembuatan", r"(tanggal|tgl) (pembuatan|dibuat|penetapan|terbit)"),
    ("tanggal_revisi", r"(tanggal|tgl) revisi"),
    ("tanggal_efektif", r"(tanggal|tgl) (efektif|berlaku|pengesahan|mulai berlaku|disahkan)"),
    ("disahkan_oleh", r"disahkan( oleh)?|pengesahan"),
    ("nama", r"(nama|judul) (sop|sop ap|prosedur)|judul|nama"),
    ("dasar_hukum", r"dasar hukum|landasan hukum"),
    ("kualifikasi_pelaksana", r"kualifikasi (pelaksana|pelaksanaan)"),
    ("keterkaitan", r"keterkaitan( dengan)?( sop( lain)?)?"),
    ("peralatan", r"peralatan( dan)?( perlengkapan)?|perlengkapan( peralatan)?"),
    ("peringatan", r"peringatan"),
    ("pencatatan", r"pencatatan( dan)?( pendataan| pendaftaran| data| pelaporan)?"),
)  # fmt: skip
_LISTS = {"dasar_hukum", "kualifikasi_pelaksana", "keterkaitan", "peralatan", "peringatan", "pencatatan"}
_DATES = {"tanggal_pembuatan", "tanggal_revisi", "tanggal_efektif"}
_ITEM = re.compile(r"^\s*(?:\(?\d{1,2}(?:[.)](?!\d)\s*|,\s+)|[a-z][.)]\s+|[-–•▪●*✓√➢]\s*)")
_POST = re.compile(
    r"^(plt\.?|plh\.?|a\.?n\.?|kepala|ketua|direktur|sekretaris|inspektur|rektor|dekan|bupati|wali ?kota|gubernur|"
    r"camat|lurah|menteri|deputi|panitera|koordinator|kasubbag|kabag|kabid)\b",
    re.IGNORECASE,
)

_EMPTY_LINE = re.compile(r"\s*(nip)?[\W_]*", re.IGNORECASE)
"""A line that is there to be filled in."""


class Cover(Struct, frozen=True):
    """What stands on the cover; dates are ISO days.

    ``marks`` are remarks on what could not be read, by key; ``notes`` are texts of the form that no key holds.
    """

    nama: str = ""
    identitas: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    notes: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()


def read_cover(cells: Sequence[Cell]) -> Cover:
    """The cover among these cells, empty where there is none."""
    found: dict[str, str] = {}
    for key, text in _find_entries(cells):
        if key not in found or not found[key].strip():
            found[key] = text
    identitas: list[tuple[str, str | tuple[str, ...]]] = []
    notes: list[str] = []
    marks: list[tuple[str, str]] = []
    for key, _ in _LABELS:
        text = drop_dash(found.get(key, "").strip(" :\n"))
        if key == "nama" or not text:
            continue
        if key in _LISTS:
            identitas.append((key, split_items(text)))
        elif key in _DATES:
            day = read_date(text)
            if day:
                identitas.append((key, day.isoformat()))
            else:
                marks.append((key, write_remark(key, f"tanggal tercetak '{' '.join(text.split())}' tidak terbaca")))
        elif key == "disahkan_oleh":
            post, rest = _split_post(text)
            identitas += [(key, post)] if post else []
            notes += [f"Pada formulir, yang mengesahkan: {rest}"] if rest else []
        else:
            identitas.append((key, " ".join(text.split())))
    return Cover(" ".join(found.get("nama", "").split()), tuple(identitas), tuple(notes), tuple(marks))


def _find_entries(cells: Sequence[Cell]) -> Iterator[tuple[str, str]]:
    """Each label of the cover and the text that belongs to it."""
    for cell in cells:
        key = _find_key(cell.text)
        if key:
            yield key, _find_value(cell, cells, below=key in _LISTS)
        else:
            yield from _split_cell(cell.text)


def _find_key(text: str) -> str | None:
    """The key of `identitas` (or `nama`) that a label stands for; None where the text is no label."""
    folded = fold_heading(text)
    return next((key for key, words in _LABELS if re.fullmatch(words, folded)), None)


def _find_value(label: Cell, cells: Sequence[Cell], *, below: bool) -> str:
    """The text in the cell to the right of a label, or of one that heads a list in the cell below it."""
    right = [
        cell
        for cell in cells
        if -3 <= cell.box.left - label.box.right < 8 + label.box.width
        and cell.box.shared_height(label.box) > label.box.height * 0.5
    ]
    under = [
        cell for cell in cells if -3 <= cell.box.top - label.box.bottom < 12 and cell.box.shared_width(label.box) > 5
    ]
    if below and any(cell.text.strip() for cell in under):
        return _read_below(label, cells)
    first, second = (under, right) if below else (right, under)
    for some in (first, second):
        text = next(
            (cell.text for cell in sorted(some, key=lambda cell: cell.box.left) if not _find_key(cell.text)), ""
        )
        if text.strip(" :-"):
            return re.sub(r"^\s*:\s*", "", text)
    return ""


def _read_below(label: Cell, cells: Sequence[Cell]) -> str:
    """The cells under the heading of a list, row by row, down to the next heading."""
    column = [
        cell
        for cell in cells
        if cell.box.top >= label.box.bottom - 3 and label.box.left - 3 <= cell.box.center.x <= label.box.right + 3
    ]
    end = min((cell.box.top for cell in column if _find_key(cell.text)), default=float("inf"))
    rows: dict[int, list[Cell]] = {}
    for cell in column:
        if cell.box.top < end - 1 and cell.text.strip():
            rows.setdefault(round(cell.box.top), []).append(cell)
    return "\n".join(_join_row(rows[top]) for top in sorted(rows))


def _join_row(cells: Sequence[Cell]) -> str:
    """The cells of one row; a number in a cell of its own counts what is beside it."""
    texts = [cell.text.strip() for cell in sorted(cells, key=lambda cell: cell.box.left)]
    if len(texts) > 1 and re.fullmatch(r"\d{1,2}", texts[0]):
        texts[0] += "."
    return " ".join(texts)


def _split_cell(text: str) -> Iterator[tuple[str, str]]:
    """The entries of a cell that holds labels and values together, each label at the start of a line."""
    key = ""
    value: list[str] = []
    for line in text.splitlines():
        head, colon, rest = line.partition(":")
        found = _find_key(head) if colon else None
        if found:
            if key:
                yield key, "\n".join(value)
            key, value = found, [rest.strip()]
        elif key:
            value.append(line)
    if key:
        yield key, "\n".join(value)


def drop_dash(text: str) -> str:
    """A text as it is printed; empty where it is only a dash, which says that nothing stands there."""
    return "" if text.strip() in {"-", "–", "—"} else text


def split_items(text: str) -> tuple[str, ...]:
    """A text as its items: by numbers or bullets at the start of its lines, or all of it as one; none for a dash."""
    if not drop_dash(text).strip():
        return ()
    lines = [
        part for line in text.splitlines() for part in re.split(r"(?<=\S)\s+(?=\d{1,2}\.\s+\S)", line) if part.strip()
    ]
    if not any(_ITEM.match(line) for line in lines):
        return _split_unmarked(lines)
    items: list[str] = []
    for line in lines:
        if _ITEM.match(line) or not items:
            items.append(_ITEM.sub("", line).strip())
        else:
            items[-1] = f"{items[-1]} {line.strip()}".strip()
    return tuple(item for item in items if item)


def _split_unmarked(lines: list[str]) -> tuple[str, ...]:
    """Lines without marks: each is an item where all begin with the same word, else they are one text."""
    first = {line.split()[0].lower() for line in lines}
    if len(lines) > 1 and len(first) == 1:
        return tuple(" ".join(line.split()) for line in lines)
    return (" ".join(" ".join(lines).split()),)


def read_date(text: str) -> date | None:
    """The day that a text prints, such as *2 Juni 2025* or *02-06-2025*; None where it prints none."""
    words = re.search(r"(\d{1,2})\s+([a-z]+)\s+(\d{4})", text.lower())
    figures = re.search(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text)
    try:
        if words:
            return date(int(words[3]), read_month(words[2]) or 0, int(words[1]))
        return date(int(figures[3]), int(figures[2]), int(figures[1])) if figures else None
    except ValueError:
        return None


def _split_post(text: str) -> tuple[str, str]:
    """The post that signs, and the rest, which names a person."""
    lines = [line.strip(" ,") for line in text.splitlines() if not _EMPTY_LINE.fullmatch(line)]
    post: list[str] = []
    for line in lines:
        if not _POST.match(line) and not (post and _is_more_post(line)):
            break
        post.append(line)
    return " ".join(post), "; ".join(lines[len(post) :])


def _is_more_post(line: str) -> bool:
    """Whether a line goes on with the name of a post: no gelar, no NIP, no dots."""
    return not re.search(r"\d|,|\bnip\b|\.{3}|\bS\.|\bM\.|\bDr|\bIr\b", line, re.IGNORECASE)
