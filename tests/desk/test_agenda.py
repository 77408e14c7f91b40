"""The register of letters: entered by hand, set by the registry desk, withdrawn with a reason, never given twice."""

import re
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from docx import Document
from msgspec.structs import replace

from sopctl.audit import verify
from sopctl.cli.remedies import sentence
from sopctl.desk import agenda, moves
from sopctl.desk.agenda import NewLetter, RegisterChange
from sopctl.desk.move_input import MoveInput
from sopctl.desk.session import Session
from sopctl.engine.refused import Refused
from sopctl.errors import BusyError, NotFoundError, UsageError
from sopctl.letters.case_numbers import number_of
from sopctl.letters.register_print import render_outgoing
from sopctl.store.files.json_store import JsonStore
from sopctl.store.register import RegisterEntry

if TYPE_CHECKING:
    from sopctl.store.register import RegisteredLetter
    from tests.conftest import Room

FIRST = "800.1.11.1/1/DISKOPUKM"
DESK = """
letter_number:
  pattern: "{kode}/{nomor}/{singkatan}"
  when: desk
"""


def rows(room: "Room") -> list[tuple[str, str]]:
    return [(row.nomor, row.status) for row in agenda.list_letters(room.session().record, None)]


def signed(room: "Room") -> str:
    """A case whose letter was just signed."""
    id = room.letter("Tim Bimtek")
    room.approve(id)
    return id


def entered(answer: RegisterChange | Refused) -> "RegisteredLetter":
    assert isinstance(answer, RegisterChange), answer
    return answer.entry


def refused(answer: object) -> str:
    assert isinstance(answer, Refused), answer
    return answer.reason


def text_of(room: "Room", path: str) -> str:
    document = Document(str(room.root / path))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def letter(nomor: str = "", note: str = "", kode: str = "000.1.5") -> NewLetter:
    return NewLetter(perihal="Undangan rapat", kode=kode, nomor=nomor, note=note)


def test_a_letter_entered_by_hand_takes_its_place_between_those_of_cases(room: "Room") -> None:
    first = signed(room)
    row = entered(agenda.add(room.session(), letter()))
    second = signed(room)
    assert (row.nomor, row.urut, row.entered, row.id) == ("000.1.5/2/DISKOPUKM", 2, True, "")
    assert [row.id for row in agenda.list_letters(room.session().record, None)] == [first, "", second]
    assert rows(room)[-1] == ("800.1.11.1/3/DISKOPUKM", "given")


@pytest.mark.parametrize(
    ("nomor", "note", "says"),
    [
        pytest.param("1", "", "number_taken", id="a-number-that-is-gone"),
        pytest.param(FIRST, "", "number_taken", id="the-same-number-in-full"),
        pytest.param("5", "", "gap_unexplained", id="a-leap-without-a-reason"),
        pytest.param("000.9/7/DISKOPUKM", "", "gap_unexplained", id="a-leap-in-full"),
    ],
)
def test_a_number_that_cannot_be_is_refused_and_leaves_nothing(room: "Room", nomor: str, note: str, says: str) -> None:
    signed(room)
    before = room.record()
    assert refused(agenda.add(room.session(), letter(nomor, note))) == says
    assert room.record() == before


def test_a_leap_is_explained_and_counting_goes_on_behind_it(room: "Room") -> None:
    signed(room)
    assert entered(agenda.add(room.session(), letter("1624", "1 sampai 1624 di buku lama"))).urut == 1624
    skipped = next(row for row in agenda.list_letters(room.session().record, None) if row.status == "skipped")
    assert (skipped.nomor, skipped.note) == ("2–1623", "1 sampai 1624 di buku lama")
    signed(room)
    assert rows(room)[-1] == ("800.1.11.1/1625/DISKOPUKM", "given")


class Closing(JsonStore):
    """A store whose disk cannot be read any more once something was recorded."""

    def read_sequences(self, case: str | None = None) -> dict[str, list[RegisterEntry]]:
        if self.commit_state == "yes":
            raise BusyError("Disk menolak")
        return super().read_sequences(case)


def test_a_disk_that_fails_after_the_record_takes_no_answer_away(room: "Room") -> None:
    def session() -> Session:
        opened = room.session()
        opened.record.store = Closing(opened.workspace, lambda: 0o077)
        return opened

    id = signed(room)
    assert entered(agenda.add(session(), letter())).urut == 2
    assert entered(agenda.withdraw(session(), FIRST, "salah alamat")).status == "withdrawn"
    row = entered(agenda.set_number(session(), id, "3", "", ""))
    assert (row.nomor, row) == ("800.1.11.1/3/DISKOPUKM", agenda.list_letters(room.session().record, None)[-1])


def test_a_number_of_another_book_is_kept_as_it_is_and_only_once(room: "Room") -> None:
    assert entered(agenda.add(room.session(), letter("077/ST/SEKDA/2026"))).urut == 0
    assert refused(agenda.add(room.session(), letter("077/ST/SEKDA/2026"))) == "number_taken"
    signed(room)
    assert rows(room) == [("077/ST/SEKDA/2026", "given"), (FIRST, "given")]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        pytest.param(NewLetter(perihal="", kode="000.1"), "perihal", id="about-nothing"),
        pytest.param(NewLetter(perihal="Undangan"), "kode", id="without-kode"),
    ],
)
def test_an_entry_says_what_the_letter_is(room: "Room", asked: NewLetter, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        agenda.add(room.session(), asked)
    assert caught.value.code == code


def test_a_withdrawn_number_stays_in_the_register_and_the_next_signature_takes_another(room: "Room") -> None:
    id = signed(room)
    room.withdraw(id)
    assert entered(agenda.withdraw(room.session(), FIRST, "salah alamat")).note == "salah alamat"
    assert refused(agenda.withdraw(room.session(), FIRST, "lagi")) == "not_in_use"
    outcome = room.approve(id)
    assert outcome.documents[0].nomor == "800.1.11.1/2/DISKOPUKM"
    assert rows(room) == [(FIRST, "withdrawn"), ("800.1.11.1/2/DISKOPUKM", "given")]


def test_a_number_is_withdrawn_only_for_a_reason_and_only_where_it_is(room: "Room") -> None:
    signed(room)
    assert refused(agenda.withdraw(room.session(), FIRST, " ")) == "note_needed"
    with pytest.raises(NotFoundError, match="mungkin maksudnya"):
        agenda.withdraw(room.session(), "800.1.11.1/9/DISKOPUKM", "tidak jadi")


def test_a_cancelled_case_withdraws_its_numbers_for_the_same_reason(room: "Room") -> None:
    id = signed(room)
    room.cancel(id, "rapat batal")
    row = agenda.list_letters(room.session().record, None)[0]
    assert (row.nomor, row.status, row.note) == (FIRST, "withdrawn", "rapat batal")
    signed(room)
    assert rows(room)[-1] == ("800.1.11.1/2/DISKOPUKM", "given")


def test_a_cancelled_case_without_a_letter_leaves_the_register_alone(room: "Room") -> None:
    room.cancel(room.letter())
    assert rows(room) == []


def test_a_number_that_comes_later_is_awaited_set_and_printed(room: "Room") -> None:
    room.say(DESK)
    id = room.letter()
    first = room.approve(id).documents[0]
    assert first.nomor == ""
    assert rows(room) == [("", "awaited")]
    assert "NOMOR …" in text_of(room, first.path)
    done = agenda.set_number(room.session(), id, "800.1.11.1/451/SEKRE", "", "")
    assert isinstance(done, RegisterChange)
    again = done.documents[0]
    assert (again.nomor, again.act, again.step) == ("800.1.11.1/451/SEKRE", "sign", "tandatangan")
    assert again.path != first.path
    assert "NOMOR 800.1.11.1/451/SEKRE" in text_of(room, again.path)
    assert rows(room) == [("800.1.11.1/451/SEKRE", "given")]
    assert room.approve(id).documents[0].nomor == "800.1.11.1/451/SEKRE"


def test_a_letter_has_one_number_at_a_time(room: "Room") -> None:
    id = signed(room)
    assert refused(agenda.set_number(room.session(), id, "X/1", "", "")) == "has_a_number"
    other = room.letter()
    assert refused(agenda.set_number(room.session(), other, FIRST, "", "")) == "number_taken"


def test_a_number_set_before_the_signature_is_the_one_that_is_signed(room: "Room") -> None:
    id = room.letter()
    done = agenda.set_number(room.session(), id, "800.1.11.1/1/DISKOPUKM", "surat-tugas", "")
    assert isinstance(done, RegisterChange)
    assert done.documents == ()
    assert room.approve(id).documents[0].nomor == FIRST
    signed(room)
    assert rows(room) == [(FIRST, "given"), ("800.1.11.1/2/DISKOPUKM", "given")]


def test_a_cancelled_wait_is_closed_in_the_register(room: "Room") -> None:
    room.say(DESK)
    id = signed(room)
    room.cancel(id)
    assert rows(room) == [("", "withdrawn")]
    assert refused(agenda.set_number(room.session(), id, "1", "", "")) == "cancelled"


def test_a_signature_that_is_made_again_waits_only_once(room: "Room") -> None:
    room.say(DESK)
    id = signed(room)
    room.withdraw(id)
    room.approve(id)
    assert rows(room) == [("", "awaited")]


def test_a_letter_of_srikandi_waits_for_its_number_and_is_not_written_again(room: "Room") -> None:
    path = room.root / "sops" / "sk-tim.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("kode: 800.1.11.1", "kode: 800.1.11.1\n    srikandi: ya"))
    id = room.letter()
    paper = room.approve(id).documents[0]
    text = text_of(room, paper.path)
    assert "NOMOR ${nomor_naskah}" in text
    done = agenda.set_number(room.session(), id, "800.1.11.1/77/SRIKANDI", "", "")
    assert isinstance(done, RegisterChange)
    assert done.documents == ()
    assert rows(room) == [("800.1.11.1/77/SRIKANDI", "given")]


def test_a_note_on_a_cancelled_case_withdraws_nothing_again(room: "Room") -> None:
    id = signed(room)
    room.cancel(id, "rapat batal")
    before = room.record()["agenda/2026/semua.jsonl"]
    room.ask(lambda session: moves.note(session, id, MoveInput(note="arsip")))
    assert room.record()["agenda/2026/semua.jsonl"] == before


def test_a_letter_that_becomes_another_form_gives_its_number_up(room: "Room") -> None:
    id = signed(room)
    room.withdraw(id)
    keputusan = MoveInput(sets=("bentuk=Keputusan", "menimbang=bahwa perlu", "mengingat=Peraturan A"))
    assert room.approve(id, keputusan).documents[0].nomor == "100.3.3/2/DISKOPUKM"
    assert rows(room) == [(FIRST, "withdrawn"), ("100.3.3/2/DISKOPUKM", "given")]


def test_a_register_without_years_is_listed_by_year_too(room: "Room") -> None:
    room.say('letter_number: {pattern: "{kode}/{nomor}/{singkatan}", reset: never}')
    signed(room)
    assert [len(agenda.list_letters(room.session().record, year)) for year in (2025, 2026, None)] == [0, 1, 1]


ADDRESSED = """
id: undangan
nama: Undangan
pelaksana: {kadis: Kepala Dinas}
fields:
  kepada: {label: Kepada, type: list}
  peserta: {label: Peserta, type: table, columns: [no, nama]}
documents:
  surat: {template: nota-dinas.docx, kode: 000.1}
steps:
  - {id: tanda, kegiatan: Menandatangani, pelaksana: kadis, document: {name: surat, act: sign}}
"""


@pytest.mark.parametrize(
    ("said", "filled", "expected"),
    [
        pytest.param("", ("kepada=Kepala  Bappeda; Sekretaris",), "Kepala Bappeda; Sekretaris", id="a-known-name"),
        pytest.param("", ("kepada=A;B;C;D",), "A dan 3 lainnya", id="many"),
        pytest.param(", tujuan: peserta", ("peserta=1 | Ani",), "Ani", id="a-table-that-the-document-names"),
        pytest.param(", tujuan: peserta", ("kepada=A",), "", id="nothing-filled-in"),
        pytest.param("", ("kepada=" + "a" * 400,), "a" * 299 + "…", id="long"),
    ],
)
def test_the_register_says_whom_a_letter_goes_to(
    room: "Room", said: str, filled: tuple[str, ...], expected: str
) -> None:
    room.write(ADDRESSED.replace("kode: 000.1", f"kode: 000.1{said}"))
    id = room.start("undangan").id
    room.approve(id, MoveInput(sets=filled))
    session = room.session()
    assert [row.tujuan for row in agenda.list_letters(session.record, None)] == [expected]
    assert verify.verify(session.record, None).findings == ()


def test_a_letter_that_is_signed_again_goes_to_whom_it_names_then(room: "Room") -> None:
    room.write(ADDRESSED)
    id = room.start("undangan").id
    room.approve(id, MoveInput(sets=("kepada=Bappeda",)))
    room.withdraw(id)
    room.approve(id, MoveInput(sets=("kepada=Inspektorat",)))
    assert [row.tujuan for row in agenda.list_letters(room.session().record, None)] == ["Inspektorat"]


def test_a_letter_that_waits_for_its_number_keeps_whom_it_goes_to(room: "Room") -> None:
    room.say(DESK)
    room.write(ADDRESSED)
    id = room.start("undangan").id
    room.approve(id, MoveInput(sets=("kepada=Bappeda",)))
    assert entered(agenda.set_number(room.session(), id, "7/SEKRE", "", "")).tujuan == "Bappeda"


def test_a_letter_entered_by_hand_names_whom_it_goes_to_on_one_line(room: "Room") -> None:
    assert entered(agenda.add(room.session(), replace(letter(), tujuan=" Kepala\nBappeda "))).tujuan == "Kepala Bappeda"
    with pytest.raises(UsageError, match="paling banyak 300"):
        agenda.add(room.session(), replace(letter(), tujuan="a" * 301))


def test_the_register_is_printed_with_every_state(room: "Room") -> None:
    signed(room)
    agenda.add(room.session(), replace(letter("9", "buku lama"), tujuan="Bappeda"))
    agenda.withdraw(room.session(), FIRST, "salah")
    session = room.session()
    letters = agenda.list_letters(session.record, 2026)
    data = render_outgoing(session.record, session.renderer, letters, 2026)
    document = Document(BytesIO(data))
    cells = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert cells[0] == ["No", "Nomor surat", "Tanggal", "Tujuan", "Perihal", "Berkas dan dokumen", "Keterangan"]
    assert [row[1] for row in cells[1:]] == [FIRST, "2–8", "000.1.5/9/DISKOPUKM"]
    assert [row[3] for row in cells[1:]] == ["Anggota pertama", "–", "Bappeda"]
    assert [row[6] for row in cells[1:]] == ["ditarik: salah", "dilewati: buku lama", "buku lama"]


def test_who_is_no_official_touches_no_number(room: "Room") -> None:
    id = signed(room)
    room.say("officials: [{jabatan: Kepala Dinas, pelaksana: [kadis], accounts: [kepala]}]")
    before = room.record()
    for answer in (
        agenda.add(room.session(), letter()),
        agenda.withdraw(room.session(), FIRST, "iseng"),
        agenda.set_number(room.session(), id, "1", "", ""),
    ):
        assert refused(answer) == "not_permitted"
    assert room.record() == before


TURNED_DOWN = """
id: surat
nama: Surat
pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang, kadis: Kepala Dinas}
fields:
  dasar: {label: Dasar, type: list}
  tugas: {label: Tugas, type: list, required: true, step: tulis}
  masa_tugas: {label: Masa tugas}
  tembusan: {label: Tembusan, type: list}
  anggota: {label: Anggota, type: table, columns: [nama, nip, pangkat, jabatan, peran]}
documents:
  satu: {template: surat-tugas.docx, kode: 000.1, wajib: [dasar]}
steps:
  - {id: mulai, kegiatan: Menerima, pelaksana: tim,
     branches: {tulis: tulis, langsung: periksa, tanda: tanda, batal: end}}
  - {id: tulis, kegiatan: Menyusun, pelaksana: tim, document: {name: satu}}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, branches: {ya: tanda, tidak: mulai},
     document: {name: satu, act: initial}}
  - {id: tanda, kegiatan: Menandatangani, pelaksana: kadis, document: {name: satu, act: sign}}
"""


def test_nobody_signs_a_draft_that_was_turned_down(room: "Room") -> None:
    room.write(TURNED_DOWN)
    id = room.start("surat").id
    room.ask(lambda session: moves.decide(session, id, "tulis", MoveInput()))
    room.approve(id, MoveInput(sets=("tugas=Rapat", "dasar=Perintah")))
    room.reject(id)
    room.ask(lambda session: moves.decide(session, id, "tanda", MoveInput()))
    before = room.record()
    assert refused(room.ask(lambda session: moves.approve(session, id, MoveInput()))) == "turned_down"
    assert room.record() == before


@pytest.mark.parametrize(
    ("sets", "missing"),
    [
        pytest.param((), ("dasar", "tugas"), id="nothing"),
        pytest.param(("tugas=Rapat",), ("dasar",), id="without-wajib"),
        pytest.param(("dasar=Perintah",), ("tugas",), id="without-required"),
    ],
)
def test_a_letter_that_lacks_what_it_must_say_is_not_signed(
    room: "Room", sets: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    room.write(TURNED_DOWN)
    id = room.start("surat").id
    room.ask(lambda session: moves.decide(session, id, "langsung", MoveInput(sets=sets)))
    room.approve(id)
    answer = room.ask(lambda session: moves.approve(session, id, MoveInput()))
    assert isinstance(answer, Refused)
    assert answer.fields == missing
    assert room.approve(id, MoveInput(sets=("tugas=Rapat", "dasar=Perintah"))).documents[0].nomor == "000.1/1/DISKOPUKM"


@pytest.fixture
def years(room: "Room") -> "Room":
    """An office with a letter of the last year and one of this year, which bear the same number."""
    for year in (2025, 2026):
        room.now = room.now.replace(year=year, month=3)
        signed(room)
    return room


def by_year(room: "Room") -> list[tuple[int, str]]:
    return [(row.year, row.status) for row in agenda.list_letters(room.session().record, None)]


def test_the_same_number_in_two_years_is_two_letters(years: "Room") -> None:
    assert rows(years) == [(FIRST, "given"), (FIRST, "given")]
    assert verify.verify(years.session().record, None).findings == ()


@pytest.mark.parametrize("year", [2025, 2026])
def test_of_a_number_of_several_years_the_letter_that_is_meant_is_withdrawn(years: "Room", year: int) -> None:
    with pytest.raises(UsageError) as raised:
        agenda.withdraw(years.session(), FIRST, "batal")
    assert "--year 2025 (Tim Bimtek); --year 2026 (Tim Bimtek)" in sentence(raised.value)
    row = entered(agenda.withdraw(years.session(), FIRST, "batal", year))
    case = f"sk-tim-{year - 2024}"
    assert (row.id, row.year, row.sequence, row.note) == (case, year, f"{year}/semua.jsonl", "batal")
    assert by_year(years) == [(each, "withdrawn" if each == year else "given") for each in (2025, 2026)]
    assert number_of(years.session().record.load_case(case), "surat-tugas") is None
    assert verify.verify(years.session().record, None).findings == ()


def test_a_year_in_which_nobody_had_the_number_is_told_with_those_that_did(years: "Room") -> None:
    with pytest.raises(NotFoundError) as raised:
        agenda.withdraw(years.session(), FIRST, "batal", 2024)
    assert "Yang ada: --year 2025" in sentence(raised.value)


def test_a_cancelled_case_withdraws_the_number_of_its_own_year(years: "Room") -> None:
    years.cancel("sk-tim-2", "rapat batal")
    assert by_year(years) == [(2025, "given"), (2026, "withdrawn")]
    assert verify.verify(years.session().record, None).findings == ()


def test_a_letter_that_has_a_number_is_told_how_to_withdraw_the_right_one(years: "Room") -> None:
    answer = agenda.set_number(years.session(), "sk-tim-1", "5", "", "")
    assert isinstance(answer, Refused)
    assert f'agenda withdraw "{FIRST}" --year 2025 --note' in sentence(answer)


def test_letters_entered_by_hand_are_withdrawn_in_their_own_year(room: "Room") -> None:
    for at in ("2025-12-30 10:00", "2026-11-24 09:00"):
        entered(agenda.add(room.session(), replace(letter(), at=at)))
    assert entered(agenda.withdraw(room.session(), "000.1.5/1/DISKOPUKM", "batal", 2026)).year == 2026
    assert by_year(room) == [(2025, "given"), (2026, "withdrawn")]
    assert verify.verify(room.session().record, None).findings == ()


def test_letters_of_two_kode_with_one_number_are_told_apart_by_kode(room: "Room") -> None:
    room.say('letter_number: {pattern: "{nomor}/{singkatan}", sequence: per-kode}')
    for kode in ("000.1", "000.2"):
        entered(agenda.add(room.session(), letter(kode=kode)))
    with pytest.raises(UsageError) as raised:
        agenda.withdraw(room.session(), "1/DISKOPUKM", "batal")
    assert re.search(r"--kode 000\.1 .*--kode 000\.2", sentence(raised.value))
    assert entered(agenda.withdraw(room.session(), "1/DISKOPUKM", "batal", kode="000.2")).kode == "000.2"
    assert [row.status for row in agenda.list_letters(room.session().record, None)] == ["given", "withdrawn"]


def test_a_letter_is_entered_into_a_year_that_has_none_yet(room: "Room") -> None:
    entered(agenda.add(room.session(), replace(letter(), at="2025-12-30 10:00")))
    row = entered(agenda.add(room.session(), letter()))
    assert (row.nomor, row.year, row.recorded_at) == ("000.1.5/1/DISKOPUKM", 2026, room.now)


def test_a_letter_of_the_future_is_not_entered(room: "Room") -> None:
    before = room.record()
    assert refused(agenda.add(room.session(), replace(letter(), at="2031-01-01 10:00"))) == "in_the_future"
    assert room.record() == before


def test_every_line_says_when_it_was_recorded(room: "Room") -> None:
    id = signed(room)
    room.now += timedelta(days=1)
    entered(agenda.add(room.session(), replace(letter(), at="2026-11-24 11:00")))
    room.cancel(id)
    lines = list(room.session().record.whole_store.read_register())
    first = room.now.replace(day=24, minute=6)
    assert [line.recorded_at for line in lines] == [first, room.now - timedelta(minutes=1), room.now]


@pytest.mark.parametrize(
    "typed",
    ["000.1.5/1/diskopukm", "000.1.5 / 1 / DISKOPUKM", " 000.1.5/1/DISKOPUKM\u00a0"],
    ids=["small-letters", "blanks", "blanks-around"],
)
def test_a_number_that_is_spaced_otherwise_is_the_same(room: "Room", typed: str) -> None:
    entered(agenda.add(room.session(), letter()))
    assert refused(agenda.add(room.session(), letter(typed))) == "number_taken"
    assert entered(agenda.withdraw(room.session(), typed, "batal")).nomor == "000.1.5/1/DISKOPUKM"


def test_a_number_of_another_book_that_is_spaced_otherwise_is_the_same(room: "Room") -> None:
    entered(agenda.add(room.session(), letter("800/A/x")))
    for typed in ("800/a/x", "800/A/ x"):
        assert refused(agenda.add(room.session(), letter(typed))) == "number_taken"


def test_a_number_that_says_its_year_is_given_in_one_year_only(room: "Room") -> None:
    room.say('letter_number: {pattern: "{kode}/{nomor}/{tahun}"}')
    entered(agenda.add(room.session(), replace(letter(), at="2025-12-30 10:00")))
    assert refused(agenda.add(room.session(), letter("000.1.5/1/2025"))) == "number_taken"
    assert entered(agenda.add(room.session(), letter())).nomor == "000.1.5/1/2026"


@pytest.fixture
def waiting(room: "Room") -> "Room":
    """A letter that waits since last year for a number of the registry desk, whose books hold its number already."""
    room.say(DESK)
    room.now = room.now.replace(year=2025, month=12, day=29)
    for nomor in ("800/1/SEKRE", ""):
        id = signed(room)
        if nomor:
            agenda.set_number(room.session(), id, nomor, "", "")
    room.now = room.now.replace(year=2026, month=1, day=5)
    return room


def test_a_number_from_the_desk_counts_in_the_year_in_which_the_letter_began_to_wait(waiting: "Room") -> None:
    done = agenda.set_number(waiting.session(), "sk-tim-2", "800/2/SEKRE", "", "")
    assert isinstance(done, RegisterChange)
    assert done.entry.year == 2025
    assert [row.status for row in agenda.list_letters(waiting.session().record, None)] == ["given", "given"]
    assert verify.verify(waiting.session().record, None).findings == ()


def test_a_number_from_the_book_of_the_new_year_is_set_with_its_year(waiting: "Room") -> None:
    answer = agenda.set_number(waiting.session(), "sk-tim-2", "800/1/SEKRE", "", "")
    assert isinstance(answer, Refused)
    assert "tambahkan --year TAHUN" in sentence(answer)
    assert entered(agenda.set_number(waiting.session(), "sk-tim-2", "800/1/SEKRE", "", "", 2026)).year == 2026
    assert [(row.year, row.nomor, row.status) for row in agenda.list_letters(waiting.session().record, None)] == [
        (2025, "800/1/SEKRE", "given"),
        (2025, "", "withdrawn"),
        (2026, "800/1/SEKRE", "given"),
    ]
    waiting.cancel("sk-tim-2")
    assert by_year(waiting)[-1] == (2026, "withdrawn")
    assert verify.verify(waiting.session().record, None).findings == ()


def test_a_year_to_come_or_an_office_without_years_takes_no_year(waiting: "Room") -> None:
    assert refused(agenda.set_number(waiting.session(), "sk-tim-2", "1", "", "", 2027)) == "in_the_future"
    waiting.say('letter_number: {pattern: "{nomor}", reset: never}')
    with pytest.raises(UsageError) as raised:
        agenda.set_number(waiting.session(), "sk-tim-2", "1", "", "", 2026)
    assert "Hapus --year" in sentence(raised.value)


def test_a_withdrawal_that_an_older_sopctl_wrote_into_the_book_of_another_year_counts_for_its_letter(
    years: "Room",
) -> None:
    agenda.withdraw(years.session(), FIRST, "batal", 2026)
    folder = years.root / "data" / "agenda"
    *kept, moved = (folder / "2026" / "semua.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "2026" / "semua.jsonl").write_bytes(b"".join(kept))
    (folder / "2025" / "semua.jsonl").write_bytes((folder / "2025" / "semua.jsonl").read_bytes() + moved)
    assert by_year(years) == [(2025, "given"), (2026, "withdrawn")]


def test_sk_tim_writes_a_keputusan_where_the_field_says_so(room: "Room") -> None:
    id = room.start("sk-tim").id
    for sets in ((), (), ("tugas=Rapat", "anggota=Anggota pertama", "bentuk=Keputusan"), ()):
        room.approve(id, MoveInput(sets=sets))
    paper = room.approve(id, MoveInput(with_gaps=True)).documents[0]
    assert paper.nomor == "100.3.3/1/DISKOPUKM"
    text = text_of(room, paper.path)
    assert "KEPUTUSAN KEPALA DINAS KOPERASI, USAHA KECIL DAN MENENGAH" in text
    assert "NOMOR 100.3.3/1/DISKOPUKM TAHUN 2026" in text


OFFICIALS = """
officials:
  - {nama: Ibu Kadis, jabatan: Kepala Dinas, pelaksana: [kadis], accounts: [kadis]}
  - {nama: Ibu Kabid, jabatan: Kepala Bidang 3, pelaksana: [kabid, kasubbag], accounts: [kabid]}
  - {nama: Pak Lain, jabatan: Kepala Bidang 1, pelaksana: [lain], accounts: [lain]}
"""


@pytest.mark.parametrize(("account", "may"), [("tamu", False), ("lain", False), ("kabid", True)])
@pytest.mark.parametrize("command", ["set", "withdraw"])
def test_the_number_of_a_case_is_the_business_of_who_belongs_to_it(
    room: "Room",
    command: str,
    account: str,
    may: bool,  # noqa: FBT001 — a table
) -> None:
    id = room.letter()
    if command == "withdraw":
        room.approve(id)
    room.say(OFFICIALS)
    room.account = account
    before = room.record()
    if command == "set":
        answer = agenda.set_number(room.session(), id, "800.1.11.1/7/DISKOPUKM", "", "nomor lama")
    else:
        answer = agenda.withdraw(room.session(), FIRST, "batal")
    assert isinstance(answer, RegisterChange) is may
    assert (room.record() == before) is not may
    if isinstance(answer, Refused):
        assert f"tidak berwenang atas berkas {id}" in answer.message


def test_a_number_that_no_case_has_is_the_business_of_every_official(room: "Room") -> None:
    room.say(OFFICIALS)
    room.account = "lain"
    row = entered(agenda.add(room.session(), letter()))
    room.account = "kadis"
    assert entered(agenda.withdraw(room.session(), row.nomor, "batal")).status == "withdrawn"
