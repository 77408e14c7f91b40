"""Reads an SOP from a form as seen: its table, its flow and its cover, with a remark at everything that is doubtful."""

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from sopctl.importing.cover import drop_dash, read_cover, split_items
from sopctl.importing.flow import Exit, RowFlow, read_flow
from sopctl.importing.headings import Header, fold_heading
from sopctl.importing.seen import Cell, Label, Page, SeenForm
from sopctl.importing.step_table import SeenRow, StepTable, find_step_tables
from sopctl.sop.draft import DraftRow, SopDraft, propose_id
from sopctl.sop.durations import parse_waktu
from sopctl.sop.model import COLUMNS, Columns
from sopctl.sop.unconfirmed import write_remark
from sopctl.sop.wording import keep_letters

_TITLE = re.compile(r"^(?:\d{1,3}[.)]?\s*)?(?:standar(?:d)? operasional prosedur|sop)?(?:\s*\(sop\))?", re.IGNORECASE)
"""What stands before the title of an SOP."""

_NEAR_TABLE, _SHORTEST_TITLE = 90, 8
"""A title stands at most so far above the table, in points, and has at least so many letters."""

_BACK = re.compile(
    r"\b(?:jika|bila|apabila|kalau)\b[^.;]*?\b(?:dikembalikan|mengembalikan|kembali)\b(?:[^.;]*?\b(?:ke|kepada|pada|oleh)\s+(?P<whom>[^.;,)]+))?",
    re.IGNORECASE,
)
"""A sentence that sends work back, and to whom."""


class ReadSop(Struct, frozen=True):
    """An SOP as read; ``table`` is where its rows lie, ``cover`` the page on which it begins."""

    draft: SopDraft
    table: StepTable
    cover: int


def read_sops(form: SeenForm, id: str) -> list[ReadSop]:
    """The SOPs of a form in their order; the first gets ``id``, the others a number behind it."""
    tables = find_step_tables(form.pages)
    return [_read_sop(f"{id}-{n + 1}" if n else id, form.pages, tables, n) for n in range(len(tables))]


def _read_sop(id: str, pages: Sequence[Page], tables: Sequence[StepTable], n: int) -> ReadSop:
    cells = _list_cover_cells(pages, tables, n)
    first = next((page.number for page in pages for cell in cells if cell in page.cells), min(tables[n].headers))
    return ReadSop(_make_draft(id, tables[n], pages, cells, first), tables[n], first)


def explain_nothing(form: SeenForm) -> str:
    """Why no SOP was found in a form: what the file seems to be."""
    if any(page.scanned for page in form.pages) and not any(page.cells or page.labels for page in form.pages):
        return (
            f"{form.source} tidak memuat teks: tampaknya hasil pindai, yang hanya dibaca bila Tesseract dengan huruf "
            "Indonesia (tesseract-ocr-ind) terpasang. Pasang itu, atau simpan dari file aslinya sebagai PDF berteks."
        )
    if not any(page.cells for page in form.pages):
        return f"{form.source} tidak memuat tabel, jadi bukan formulir SOP."
    return f"{form.source} memuat tabel, tetapi tidak ada tabel dengan kolom Kegiatan, Pelaksana dan Mutu Baku."


def _list_cover_cells(pages: Sequence[Page], tables: Sequence[StepTable], n: int) -> list[Cell]:
    """The cells before a table, from the end of the one before it on."""
    first = min(tables[n].headers)
    after = max(tables[n - 1].headers) if n else 0
    cells = []
    for page in pages:
        if after <= page.number <= first:
            top = tables[n].headers[first].box.top if page.number == first else page.box.bottom
            start = tables[n - 1].rows[-1].box.bottom if n and page.number == after else 0
            cells += [cell for cell in page.cells if start <= cell.box.top < top - 2]
    return cells


def _make_draft(id: str, table: StepTable, pages: Sequence[Page], cells: Sequence[Cell], first: int) -> SopDraft:
    """The SOP of a table; ``cells`` are those of its cover, which begins on the page ``first``."""
    cover = read_cover(cells)
    nama = _choose_title(cover.nama, _find_headline(table, pages))
    flows = read_flow(table, pages)
    scanned = {page.number for page in pages if page.scanned}
    names = [column.name for column in table.header.of("pelaksana")]
    guessed = ("nama", "pelaksana", *(key for key, _ in cover.identitas)) if scanned & {first, *table.headers} else ()
    doubts = (
        *((key, write_remark(key, "terbaca dari gambar; bandingkan setiap kata")) for key in guessed),
        *_mark_title(nama),
        *cover.marks,
    )
    rows = [
        _make_row(row, flow, _find_contradiction(row, flow, flows, names), scanned=row.page in scanned)
        for row, flow in zip(table.rows, flows, strict=True)
    ]
    return SopDraft(
        id=id,
        nama=nama or id,
        pelaksana=tuple(names),
        rows=_mark_unreached(rows, table.rows),
        columns=_list_columns(table.header),
        identitas=cover.identitas,
        marks=tuple((key, f"{remark} (halaman {first})") for key, remark in doubts),
        notes=cover.notes,
    )


def _list_columns(header: Header) -> Columns:
    """The columns of the form that differ from the usual ones, in their order where that differs, too."""
    printed = [column for column in header.columns if column.role != "pelaksana" or column == header.of("pelaksana")[0]]
    keys = [_name_column(column.name) if column.role == "further" else column.role for column in printed]
    headings: Columns = {
        key: True if column.role == "pelaksana" or _is_usual(key, column.name) else column.name
        for key, column in zip(keys, printed, strict=True)
    }
    missing: Columns = {key: False for key in COLUMNS if key not in headings and key != "no"}
    if [key for key in keys if key in COLUMNS] != [key for key in COLUMNS if key in headings]:
        return {**headings, **missing}
    anchors = {after for key, after in pairwise(keys) if key not in COLUMNS}
    return {key: heading for key, heading in headings.items() if heading is not True or key in anchors} | missing


def _is_usual(key: str, heading: str) -> bool:
    return fold_heading(heading) == fold_heading(COLUMNS.get(key, ""))


def _name_column(heading: str) -> str:
    """The key of a further column, made of its heading."""
    return propose_id(heading, tuple(COLUMNS), "kolom").replace("-", "_")


def _find_headline(table: StepTable, pages: Sequence[Page]) -> str:
    """The title that stands above a table, without the words *SOP* or its number; empty where there is none."""
    first = min(table.headers)
    page = next(one for one in pages if one.number == first)
    top = table.headers[first].box.top
    lines = [*page.headlines, *(Label(cell.text, cell.box) for cell in page.cells if cell.text and not page.headlines)]
    above = sorted(
        (line for line in lines if top - _NEAR_TABLE < line.box.bottom <= top + 3), key=lambda line: -line.box.top
    )
    titles = (_TITLE.sub("", " ".join(line.text.split())).strip(" :") for line in above)
    return next((title for title in titles if len(title) >= _SHORTEST_TITLE), "")


def _choose_title(cover: str, headline: str) -> str:
    """The title of the cover; where the headline says the same with small letters, that one."""
    same = cover.casefold() == headline.casefold()
    return headline if not cover or (same and cover.isupper()) else cover


def _mark_title(nama: str) -> tuple[tuple[str, str], ...]:
    return () if nama else (("nama", write_remark("nama", "judul SOP tidak terbaca")),)


def _make_row(row: SeenRow, flow: RowFlow, contradiction: str, *, scanned: bool) -> DraftRow:
    """A row as a draft; ``contradiction`` is why its sentence and its drawing disagree."""
    guessed = [("kegiatan", "seluruh baris ini terbaca dari gambar; bandingkan setiap kata")] if scanned else []
    split = [("kegiatan", "baris ini bersambung ke halaman berikutnya")] if row.rest else []
    said = [("kegiatan", contradiction)] if contradiction else []
    doubts = [*guessed, *split, *flow.doubts, *said, *_doubt_waktu(row)]
    texts = {role: join_lines(text) for role, text in row.texts.items()}
    where = _say_place(row)
    return DraftRow(
        no=texts.get("no", "").strip(" .()"),
        kegiatan=texts.get("kegiatan", ""),
        pelaksana=tuple(one + 1 for one in flow.pelaksana),
        kelengkapan=split_items(row.texts.get("kelengkapan", "")),
        waktu=drop_dash(texts.get("waktu", "")),
        output=drop_dash(texts.get("output", "")),
        keterangan=drop_dash(texts.get("keterangan", "")),
        further=_list_further(row),
        exits=_list_exits(flow.exits) if len(flow.exits) > 1 else (),
        next=tuple(one + 1 for one in flow.next),
        decides=tuple((column + 1, _list_exits(exits)) for column, exits in flow.decides),
        marks=tuple((field, write_remark(field, f"{why} {where}")) for field, why in doubts),
    )


def _list_further(row: SeenRow) -> tuple[tuple[str, str], ...]:
    """The texts of the columns that only this form has, under their keys."""
    texts = {_name_column(name): drop_dash(join_lines(text)) for name, text in row.further.items()}
    return tuple((key, text) for key, text in texts.items() if text)


def _say_place(row: SeenRow) -> str:
    return f"(halaman {row.page}, baris {join_lines(row.texts.get('no', '')) or 'tanpa nomor'})"


def _mark_unreached(rows: Sequence[DraftRow], seen: Sequence[SeenRow]) -> tuple[DraftRow, ...]:
    """The rows, with a remark on those to which nothing leads."""
    reached: set[int] = set()
    waiting = [1]
    while waiting:
        number = waiting.pop()
        if number not in reached and number <= len(rows):
            reached.add(number)
            row = rows[number - 1]
            exits = (*row.exits, *(one for _, own in row.decides for one in own))
            waiting += [to for _, to in exits if to] or row.next or (number + 1,)
    why = write_remark("next", "tidak ada baris yang menuju baris ini; periksa garis dari baris-baris di atasnya")
    return tuple(
        row if number in reached else replace(row, marks=(*row.marks, ("next", f"{why} {_say_place(place)}")))
        for number, (row, place) in enumerate(zip(rows, seen, strict=True), 1)
    )


def _list_exits(exits: Sequence[Exit]) -> tuple[tuple[str, int | None], ...]:
    return tuple((one.label, one.target + 1) for one in exits)


def _doubt_waktu(row: SeenRow) -> list[tuple[str, str]]:
    """A remark where the printed time has no reading: it keeps its text and has no standard."""
    text = drop_dash(join_lines(row.texts.get("waktu", "")))
    waktu = parse_waktu(text)
    unread = isinstance(waktu, str) or waktu.maximum is None
    return [("waktu", f"'{text}' belum terbaca sebagai waktu baku")] if text and unread else []


def join_lines(text: str) -> str:
    """Lines of print as one line; a word that a hyphen breaks is one word."""
    joined = re.sub(r"(?<=\w)-\n(?=[a-z])", "", text)
    return " ".join(joined.split())


def _find_contradiction(row: SeenRow, flow: RowFlow, flows: Sequence[RowFlow], names: Sequence[str]) -> str:
    """Why the sentence of a row and its drawing disagree about whether work goes back, empty where they agree.

    ``names`` are the headings of the columns of pelaksana.
    """
    sentence = " ".join(row.texts.get("kegiatan", "").split())
    match = _BACK.search(sentence)
    if match is None:
        return ""
    if not flow.exits:
        return f"kalimatnya menyebut pengembalian ('{match[0].strip()}'), gambarnya tidak bercabang"
    whom = _find_pelaksana(match["whom"] or "", names)
    drawn = {column for one in flow.exits for column in flows[one.target].pelaksana}
    if whom is not None and whom not in drawn:
        return f"kalimatnya mengembalikan ke '{names[whom]}', gambarnya tidak"
    return ""


def _find_pelaksana(text: str, names: Sequence[str]) -> int | None:
    """Which pelaksana (counted from 0) a text begins with, in any letter case; None where it begins with none."""
    folded = keep_letters(text)
    found = [n for n, name in enumerate(names) if keep_letters(name) and folded.startswith(keep_letters(name))]
    return max(found, key=lambda n: len(names[n]), default=None)
