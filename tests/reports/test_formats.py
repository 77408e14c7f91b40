"""One report in every format: the same figures stand in all of them, and text that users typed stays text."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import msgspec
import pytest
from docx import Document
from openxml_audit import OpenXmlValidator
from typer.testing import CliRunner

from sopctl.cli import session
from sopctl.cli.app import full
from sopctl.desk.report import publish, report
from sopctl.measure.figures import Figures
from sopctl.measure.query import Query
from sopctl.reports.compose import compose_report
from sopctl.reports.content import ClockMinutes, format_cell, format_decimal, format_duration

Room = Any  # the class stands in a conftest
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = '=1+1 <script>alert("x")</script> & {{ 7*7 }}'
Value = str | float | None


@pytest.fixture
def office(room: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    """Four cases of two SOPs: one ended, one late, one suspended; with a reject, a pause and one move typed later."""
    from sopctl.desk import moves  # noqa: PLC0415 — what the fixture needs
    from sopctl.desk.move_input import MoveInput  # noqa: PLC0415 — as above

    given = MoveInput(sets=("tugas=satu", "anggota=satu"))
    for _ in range(2):
        room.start("sk-tim", HOSTILE)
    for id in ("sk-tim-1", "sk-tim-2"):
        for _ in range(2):
            room.approve(id)
        room.approve(id, given)
    room.reject("sk-tim-1")
    room.ask(lambda session: moves.begin(session, "sk-tim-1", MoveInput()))
    room.ask(lambda session: moves.suspend(session, "sk-tim-1", MoveInput(note="menunggu")))
    room.now += timedelta(minutes=2)
    room.ask(lambda session: moves.resume(session, "sk-tim-1", MoveInput()))
    for typed in (given, None, None, None):
        room.approve("sk-tim-1", typed)
    room.now = room.now.replace(minute=40)
    room.approve("sk-tim-1", MoveInput(at="2026-11-24 10:22"))
    room.start("penugasan", "Lama menunggu")
    room.start("penugasan", "Ditunda")
    room.ask(lambda session: moves.suspend(session, "penugasan-2", MoveInput(note="menunggu")))
    room.now = room.now.replace(day=26)
    monkeypatch.chdir(room.root)
    monkeypatch.delenv("SOPCTL_WORKSPACE", raising=False)
    monkeypatch.setattr(session, "clock", lambda: room.now)
    return room


def typed(*words: str) -> str:
    """What a command prints on a terminal of 80 columns."""
    result = CliRunner(env={"COLUMNS": "80"}).invoke(full(), list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def numbers(figures: Figures) -> dict[str, dict[str, Value]]:
    """The figures by step: what every format must say."""
    return {f"{row.sop} {row.step}": {key: getattr(row, key) for key in row.__struct_fields__} for row in figures.rows}


COMPARED = (
    "cases", "visits", "rework", "rework_minutes", "median_minutes", "p80_minutes", "p90_minutes", "max_minutes",
    "waiting_minutes", "working_minutes", "paused", "suspended_minutes", "standard_minutes", "ratio",
    "within_standard", "within_working", "typed_later",
)  # fmt: skip


def close(one: Value, other: Value) -> bool:
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return one == other
    return one == pytest.approx(other)


def from_csv() -> dict[str, dict[str, Value]]:
    rows = csv.DictReader(io.StringIO(typed("report", "--csv")))
    return {
        f"{row['sop']} {row['step']}": {key: float(row[key]) if row[key] else None for key in COMPARED} for row in rows
    }


def from_json() -> dict[str, dict[str, Value]]:
    return numbers(msgspec.json.decode(typed("report", "--json"), type=Figures))


def from_xlsx(path: Path) -> dict[str, dict[str, Value]]:
    """The cells of the second sheet, which is that of the steps, in the columns of the book."""
    with ZipFile(path) as package:
        strings = [
            "".join(text.text or "" for text in item.iter(f"{SHEET}t"))
            for item in ET.fromstring(package.read("xl/sharedStrings.xml")).iter(f"{SHEET}si")  # noqa: S314 — our own file
        ]
        sheet = ET.fromstring(package.read("xl/worksheets/sheet2.xml"))  # noqa: S314 — as above
    rows = [[_value(cell, strings) for cell in row.iter(f"{SHEET}c")] for row in sheet.iter(f"{SHEET}row")]
    return {f"{row[0]} {row[1]}": dict(zip(COMPARED, row[3:], strict=False)) for row in rows[1:]}


def _value(cell: ET.Element, strings: list[str]) -> Value:
    value = cell.find(f"{SHEET}v")
    if value is None or value.text is None:
        return None
    return strings[int(value.text)] if cell.get("t") == "s" else float(value.text)


class Tables(HTMLParser):
    """The rows of the tables of a page: of each cell its number where it has one, else its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[Value]]] = {}
        self.scripts = 0
        self._section = ""
        self._cell: list[str] | None = None
        self._number: float | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script":
            self.scripts += 1
        if tag == "section" and "data-table" in given:
            self._section = given["id"] or ""
            self.tables[self._section] = []
        elif tag == "tr" and self._section:
            self.tables[self._section].append([])
        elif tag == "td":
            self._cell, value = [], given.get("data-value")
            self._number = float(value) if value else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "td" and self._cell is not None:
            text = "".join(self._cell)
            self.tables[self._section][-1].append(
                self._number if self._number is not None else None if text == "-" else text
            )
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def from_html(path: Path) -> dict[str, dict[str, Value]]:
    rows = Tables(path.read_text(encoding="utf-8")).tables["langkah"]
    return {f"{row[0]} {row[1]}": dict(zip(COMPARED, row[3:], strict=False)) for row in rows if row}


def from_text() -> Iterator[tuple[str, str, str]]:
    """Step, median and share of each line of the terminal's table."""
    for line in typed("report").splitlines():
        if found := re.match(r"  \d (\S+)\s+\d+\*?\s+\d+\s+(\S+ \S+)\s+\S+ \S+\s+\S+ \S+\s+\S+\s+(\d+%)", line):
            yield found[1], found[2], found[3]


def test_the_same_figures_stand_in_every_format(office: Room, tmp_path: Path) -> None:
    files = {kind: tmp_path / f"laporan.{kind}" for kind in ("xlsx", "html", "docx", "xes")}
    publish(office.session(looking=True), Query(), files)
    wanted = numbers(report(office.session(looking=True), Query()).figures)
    assert len(wanted) == 7
    for kind, found in {
        "json": from_json(),
        "csv": from_csv(),
        "xlsx": from_xlsx(files["xlsx"]),
        "html": from_html(files["html"]),
    }.items():
        assert found.keys() == wanted.keys(), kind
        for step, row in wanted.items():
            assert {key: found[step][key] for key in COMPARED if not close(found[step][key], row[key])} == {}, (
                kind,
                step,
            )
    text = {step: (middle, share) for step, middle, share in from_text()}
    assert text == {
        step.split()[1]: (
            format_duration(float(row["median_minutes"] or 0), 450),
            f"{float(row['within_standard'] or 0):.0%}",
        )
        for step, row in wanted.items()
    }


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (ClockMinutes(1439), "24,0 jam"),
        (ClockMinutes(1440), "1,0 kal."),
        (1439.0, "3,2 hari"),
        (1349.0, "22,5 jam"),
        (ClockMinutes(-2880), "-2,0 kal."),
    ],
)
def test_a_time_by_the_clock_is_never_told_in_working_days(minutes: float, text: str) -> None:
    assert format_duration(minutes, 450) == text


def test_the_form_holds_the_evidence_and_leaves_the_judgement(office: Room, tmp_path: Path) -> None:
    path = tmp_path / "pemantauan.docx"
    publish(office.session(looking=True), Query(), {"docx": path})
    table = Document(str(path)).tables[-1]  # the letterhead may be one too
    head, penugasan, sk_tim = [[cell.text for cell in row.cells] for row in table.rows]
    assert head == [
        "No", "Prosedur", "Penilaian terhadap penerapan", "Catatan hasil penilaian", "Tindakan yang harus diambil",
        "Paraf penilai",
    ]  # fmt: skip
    assert sk_tim[1] == "Pembuatan SK Tim Kerja Bidang 3"
    assert sk_tim[2] == "☐ berjalan dengan baik\n☐ tidak berjalan dengan baik"
    assert sk_tim[4:] == penugasan[4:] == ["", ""]
    rows = [row for row in report(office.session(looking=True), Query()).figures.rows if row.sop == "sk-tim"]
    visits = sum(row.visits for row in rows)
    share = sum((row.within_standard or 0) * row.visits for row in rows) / visits
    assert f"Langkah tepat waktu: {share:.0%} dari {visits} kejadian." in sk_tim[3]
    assert sk_tim[3].startswith("1 berkas selesai, 1 berjalan, 0 ditunda, 0 dibatalkan.")
    assert "Pernah ditunda: 1 langkah, 3 mnt; waktu itu tidak dihitung." in sk_tim[3]
    typed_later = sum((row.typed_later or 0) * row.visits for row in rows) / visits
    assert f"Dicatat belakangan: {format_decimal(typed_later * 100, 1)}%; waktunya menurut ingatan." in sk_tim[3]
    assert "Saat ini 1 giliran melewati batas waktu." in penugasan[3]
    assert [error.description for error in OpenXmlValidator().validate(path).errors] == []


def test_a_workbook_is_sound_and_takes_no_text_for_a_formula(office: Room, tmp_path: Path) -> None:
    path = tmp_path / "laporan.xlsx"
    publish(office.session(looking=True), Query(), {"xlsx": path})
    assert [error.description for error in OpenXmlValidator().validate(path).errors] == []
    with ZipFile(path) as package:
        sheets = "".join(
            package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/")
        )
        assert "xl/charts/chart1.xml" in package.namelist()
        assert HOSTILE.partition(" <")[0] in package.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheets
    assert 'state="frozen"' in sheets
    assert "<autoFilter" in sheets


def test_a_long_text_of_a_workbook_is_wrapped_into_a_row_as_high_as_it(office: Room, tmp_path: Path) -> None:
    office.say("instansi: {nama: Dinas Koperasi & UMKM}")
    path = tmp_path / "laporan.xlsx"
    publish(office.session(looking=True), Query(), {"xlsx": path})
    with ZipFile(path) as package:
        styles = ET.fromstring(package.read("xl/styles.xml"))  # noqa: S314 — our own file
        sheet = ET.fromstring(package.read("xl/worksheets/sheet2.xml"))  # noqa: S314 — as above
    wrapped = [format_.find(f"{SHEET}alignment[@wrapText='1']") is not None
               for format_ in styles.iterfind(f"{SHEET}cellXfs/{SHEET}xf")]  # fmt: skip
    rows = [*sheet.iter(f"{SHEET}row")][1:]
    assert all(wrapped[int(row[2].get("s", "0"))] for row in rows)
    assert max(float(row.get("ht", "15")) for row in rows) >= 4 * 15
    assert [one.text for one in sheet.iter(f"{SHEET}oddFooter")] == ["&LDinas Koperasi && UMKM&RHalaman &P dari &N"]


def test_a_page_holds_what_users_typed_as_text_and_loads_nothing(office: Room, tmp_path: Path) -> None:
    path = tmp_path / "laporan.html"
    publish(office.session(looking=True), Query(), {"html": path})
    page = path.read_text(encoding="utf-8")
    assert Tables(page).scripts == 1
    assert HOSTILE in [row[1] for row in Tables(page).tables["menunggu"] if row]
    assert not re.findall(r'(?:src|href)="(?!#)|url\(|@import', page)
    assert "default-src &#x27;none&#x27;" in page


def test_the_screen_marks_what_stood_still_and_counts_what_was_cancelled(office: Room) -> None:
    office.cancel("penugasan-1")
    lines = typed("report").splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert [line.split()[1] for line in lines if line.endswith("~")] == ["susun", "1"]
    assert "~ pernah ditunda (1 langkah, 3 mnt); waktu itu tidak dihitung." in lines
    assert "Dibatalkan: 1 berkas (penugasan 1)." in lines
    facts = {
        fact.label: (fact.value, fact.detail)
        for fact in compose_report(office.session(looking=True).record, Query()).key_figures
    }
    assert facts["Langkah pernah ditunda"] == ("1", "3 mnt, tidak dihitung")
    assert facts["Berkas selesai"] == ("1", "1 dibatalkan")
    (late,) = (line.split() for line in lines if line.rstrip().endswith("   0%"))
    assert late[1:3] == ["perintah", "1*"]


def test_a_report_of_nothing_is_a_report(room: Room, tmp_path: Path) -> None:
    files = {kind: tmp_path / f"kosong.{kind}" for kind in ("xlsx", "html", "docx", "xes")}
    publish(room.session(looking=True), Query(), files)
    assert all(path.stat().st_size > 500 for path in files.values())


def test_a_month_and_its_days_are_told(office: Room) -> None:
    query = Query(by="month", sop="sk-tim", since=date(2026, 11, 1), until=date(2026, 11, 30))
    found = compose_report(office.session(looking=True).record, query)
    assert found.period == "SOP sk-tim, sejak 01-11-2026 sampai 30-11-2026"
    assert [sheet.name for sheet in found.tables][:2] == ["Bulan", "Berkas SOP"]
    assert [row[0] for row in found.tables[0].rows] == ["2026-11"]


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        pytest.param(None, "minutes", "-", id="none"),
        pytest.param(45.4, "minutes", "45 mnt", id="minutes"),
        pytest.param(630.0, "minutes", "10,5 jam", id="hours"),
        pytest.param(4500.0, "minutes", "10,0 hari", id="working-days"),
        pytest.param(-4500.0, "minutes", "-10,0 hari", id="gone-by"),
        pytest.param(1234567, "count", "1.234.567", id="thousands"),
        pytest.param(0.876, "share", "88%", id="share"),
        pytest.param(1.5, "ratio", "1,50×", id="ratio"),
        pytest.param(True, "mark", "ya", id="yes"),
        pytest.param(False, "mark", "", id="no"),
        pytest.param(datetime(2026, 11, 24, 9, 5), "moment", "24-11-2026 09.05", id="moment"),  # noqa: DTZ001 — the office's wall clock
        pytest.param("kata", "text", "kata", id="words"),
    ],
)
def test_cells_are_shown_as_people_write_them(cell: Any, kind: Any, text: str) -> None:  # noqa: ANN401 — a table
    assert format_cell(cell, kind, 450) == text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(("report", "--html", "laporan.txt"), "harus berakhir dengan .html", id="another-ending"),
        pytest.param(("report", "--from", "kemarin"), "bukan tanggal", id="no-date"),
        pytest.param(("report", "--sop", "sk-tin"), "sk-tim", id="a-mistyped-sop"),
        pytest.param(("inbox", "--as", "kabit"), "kabid", id="a-mistyped-pelaksana"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_type(office: Room, words: tuple[str, ...], sentence: str) -> None:
    result = CliRunner().invoke(full(), list(words))
    assert result.exit_code in (2, 4)
    assert sentence in result.stderr
    assert office.root == Path.cwd()
