"""What may not be read is not there: every use case answers as in an office where that case was never opened."""

import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sopctl.audit import trace, typed_code
from sopctl.desk import (
    agenda,
    case_choice,
    documents,
    incoming_register,
    migrate,
    moves,
    registers,
    report,
    signed_letters,
    start,
    status,
    step_questions,
    templates,
)
from sopctl.desk.inbox import inbox, make_calendar_feed, waiting_for
from sopctl.desk.incoming_register import IncomingInput
from sopctl.desk.move_input import MoveInput
from sopctl.desk.session import Session
from sopctl.desk.start import StartInput
from sopctl.desk.why import why
from sopctl.engine.refused import Refused
from sopctl.engine.verification_code import verification_code
from sopctl.errors import NotFoundError, SopctlError
from sopctl.measure.query import Query
from sopctl.store.workspace import Workspace

if TYPE_CHECKING:
    from tests.conftest import Room

HIDDEN = "sk-tim-2"
WORDS = ("Pemeriksaan", "Kodenama", "Pelapor", "Alasan", "rahasia", HIDDEN)
"""What stands in the case that nobody else may read, and in the letter that it answers."""

OFFICIALS = """
officials:
  - {nama: Kadis Satu, pelaksana: [kadis], unit: Pimpinan}
  - {nama: Kabid Tiga, pelaksana: [kabid], unit: Bidang 3}
  - {nama: Staf Tiga, pelaksana: [arsip], unit: Bidang 3}
  - {nama: Tim Dua, pelaksana: [kasubbag], unit: Bidang 2}
  - {nama: Orang Luar, pelaksana: [arsip], unit: Umum}
  - {nama: Pengawas, pelaksana: [arsip]}
"""
EVERYBODY = ("kadis-satu", "kabid-tiga", "staf-tiga", "tim-dua", "orang-luar", "pengawas")

Ask = Callable[[Session], object]


def session_of(room: "Room", who: str, *, looking: bool = False) -> Session:
    """The desk as the page opens it for somebody."""
    return Session(Workspace(room.root), now=lambda: room.now, account=f"page:{who}", via="web", looking=looking)


def opened(room: "Room", tmp_path: Path, name: str, *, confidential: bool) -> "Room":
    """The office, in a folder of its own, with the case that is signed and one that waits for kadis."""
    twin = type(room)(tmp_path / name)
    shutil.copytree(room.root, twin.root)
    twin.say(OFFICIALS)
    twin.say("readers: [Pengawas]")
    for values in ({"surat_dari": "Warga", "perihal": "Undangan"}, {"surat_dari": "Pelapor", "perihal": "Pemeriksaan"}):
        incoming_register.add_incoming(twin.session(), IncomingInput(values=values))
    _sign(twin, StartInput(subject="Pelatihan"), "Melatih")
    if confidential:
        _sign(twin, StartInput(subject="Pemeriksaan", agenda="2", confidential=True), "Kodenama")
        twin.note(HIDDEN, "Alasan rahasia")
    twin.now = twin.now.replace(hour=15, minute=0)
    return twin


def _sign(room: "Room", opening: StartInput, task: str) -> None:
    """Open a case of sk-tim as somebody at the keyboard, bring it to its letter, and have that signed."""
    answer = room.ask(lambda session: start.start(session, "sk-tim", opening, MoveInput()))
    assert not isinstance(answer, Refused), answer
    for sets in ((), (), (f"tugas={task}", f"anggota={task}"), (), ()):
        room.approve(answer.id, MoveInput(sets=sets))


@pytest.fixture
def with_it(room: "Room", tmp_path: Path) -> "Room":
    return opened(room, tmp_path, "ada", confidential=True)


@pytest.fixture
def without_it(room: "Room", tmp_path: Path) -> "Room":
    return opened(room, tmp_path, "tidak", confidential=False)


def told(ask: Ask, session: Session) -> str:
    """The answer of a use case, or its error, as text."""
    try:
        return repr(ask(session))
    except SopctlError as error:
        return f"{type(error).__name__} {error.code} {error.advice} {error.message} {error.facts}"


def _publish(kind: str) -> Ask:
    return lambda session: b"".join(report.render_report(session, Query(), kind)[0]).hex()


def _move(name: str, *more: Any) -> Ask:  # noqa: ANN401 — what each move takes
    return lambda session: getattr(moves, name)(session, HIDDEN, *more, MoveInput(note="x", subject="y"))


QUESTIONS: dict[str, Ask] = {
    "load_case": lambda session: session.record.load_case(HIDDEN),
    "load_instance": lambda session: session.store.load_instance(HIDDEN),
    "ids": lambda session: list(session.store.list_ids()),
    "ids_of_sop": lambda session: list(session.store.list_ids("sk-tim")),
    "find_part": lambda session: session.store.find_id("2"),
    "find_typo": lambda session: session.store.find_id("sk-tin-2"),
    "status": lambda session: status.case_status(session.record, HIDDEN, session.library),
    "status_by_subject": lambda session: status.case_status(session.record, "pemeriksaan"),
    "status_by_any_word": lambda session: status.case_status(session.record, "sk-tim"),
    "list": lambda session: status.list_cases(session.record),
    "list_few": lambda session: status.list_cases(session.record, at_most=1),
    "search": lambda session: status.search_cases(session.record, "pemeriksaan", at_most=9),
    "search_id": lambda session: status.search_cases(session.record, "sk-tim", at_most=9),
    "search_number": lambda session: status.search_cases(session.record, "800.1.11.1/2", at_most=9),
    "running": lambda session: list(status.running_ids(session.record)),
    "labels": lambda session: status.open_labels(session, HIDDEN, MoveInput()),
    "inbox": inbox,
    "inbox_late": lambda session: inbox(session, late=True),
    "waiting": waiting_for,
    "calendar": make_calendar_feed,
    "why": lambda session: why(session, HIDDEN),
    "documents": lambda session: documents.case_documents(session.record, HIDDEN),
    "signed": lambda session: signed_letters.list_signed(session, HIDDEN),
    "acting": lambda session: step_questions.find_acting(session, HIDDEN, MoveInput()),
    "questions": lambda session: step_questions.step_questions(session, HIDDEN, MoveInput()),
    "kelengkapan": lambda session: case_choice.list_kelengkapan(session, HIDDEN, ""),
    "pelaksana": lambda session: case_choice.list_pelaksana(session, HIDDEN),
    "names": lambda session: case_choice.names_case(session, HIDDEN),
    "offer_waiting": case_choice.offer_waiting,
    "offer_recent": lambda session: case_choice.offer_recent(session, ["running", "completed"]),
    "waiting_at": lambda session: case_choice.list_waiting_at(session, "sk-tim", ""),
    "report": lambda session: report.report(session, Query()),
    "report_of_sop": lambda session: report.report(session, Query(sop="sk-tim", by="pelaksana")),
    "report_one": lambda session: report.report_one(session.record, HIDDEN),
    "proposals": lambda session: report.propose(session, Query()),
    "report_html": _publish("html"),
    "report_xes": _publish("xes"),
    "migration": lambda session: migrate.plan(session, HIDDEN, ()),
    "approve": _move("approve"),
    "reject": _move("reject"),
    "decide": _move("decide", "ya"),
    "skip": _move("skip"),
    "withdraw": _move("withdraw"),
    "begin": _move("begin"),
    "fill": _move("fill"),
    "attach": _move("attach"),
    "note": _move("note"),
    "assign": _move("assign", "kadis", "Kadis Satu"),
    "suspend": _move("suspend"),
    "resume": _move("resume"),
    "cancel": _move("cancel"),
    "set_number": lambda session: agenda.set_number(session, HIDDEN, "9", "", ""),
    "withdraw_number": lambda session: agenda.withdraw(session, "800.1.11.1/2", "x"),
    "incoming": lambda session: incoming_register.find_incoming(session.record, "2"),
    "correct": lambda session: incoming_register.correct_incoming(
        session, "2", IncomingInput(values={"perihal": "x"}, note="x")
    ),
    "withdraw_incoming": lambda session: incoming_register.withdraw_incoming(session, "2", "x"),
    "start_like": lambda session: start.start(session, "sk-tim", StartInput(like=HIDDEN), MoveInput(trial=True)),
    "start_below": lambda session: start.start(session, "sk-tim", StartInput(parent=HIDDEN), MoveInput(trial=True)),
    "start_from_letter": lambda session: start.start(session, "sk-tim", StartInput(agenda="2"), MoveInput(trial=True)),
    "preview": lambda session: templates.preview(session, "surat-tugas", HIDDEN),
}
"""Every use case that a page could ask, for the case that may not be read."""

ONLY_WITHOUT = {"incoming", "correct", "withdraw_incoming", "start_from_letter"}
"""Where the twin answers otherwise: its second incoming letter belongs to no case, and is open to all."""


@pytest.mark.parametrize("looking", [False, True], ids=["moving", "looking"])
def test_no_answer_tells_a_case_that_may_not_be_read(with_it: "Room", without_it: "Room", *, looking: bool) -> None:
    for name, ask in QUESTIONS.items():
        here, there = (told(ask, session_of(room, "orang-luar", looking=looking)) for room in (with_it, without_it))
        here = here.replace(str(with_it.root), "").replace(HIDDEN, "") if "NotFoundError" in here else here
        there = there.replace(str(without_it.root), "").replace(HIDDEN, "") if "NotFoundError" in there else there
        if name not in ONLY_WITHOUT:
            assert here == there, name
        if not name.startswith(("search", "status_by")):
            assert not [word for word in WORDS if word.casefold() in here.casefold()], (name, here)


def test_the_named_reader_reads_it_as_a_command_line_does(with_it: "Room") -> None:
    asked = {name: QUESTIONS[name] for name in ("ids", "status", "list", "inbox", "report", "documents", "report_xes")}
    for name, ask in asked.items():
        assert told(ask, session_of(with_it, "pengawas")) == told(ask, with_it.session()), name
    assert status.case_status(session_of(with_it, "pengawas").record, HIDDEN).subject == "Pemeriksaan"


def test_the_registers_keep_a_number_and_its_day_and_nothing_of_the_case(with_it: "Room") -> None:
    for name in ("keluar", "masuk"):
        found = registers.open_register(session_of(with_it, "orang-luar"), name, None)
        whole = registers.open_register(with_it.session(), name, None)
        assert [(one.nomor, one.at) for one in found.rows] == [(one.nomor, one.at) for one in whole.rows]
        assert [one.withheld for one in found.rows] == [False, True]
        assert repr(found.rows[0]) == repr(whole.rows[0])
        printed = repr((found.rows, found.table)) + _texts(found.render_docx())
        assert not [word for word in WORDS if word in printed], name


def _texts(word_file: bytes) -> str:
    path = zipfile.Path(_as_file(word_file), "word/document.xml")
    return path.read_text(encoding="utf-8")


def _as_file(data: bytes) -> Any:  # noqa: ANN401 — what zipfile opens
    from io import BytesIO  # noqa: PLC0415 — a file of these bytes

    return BytesIO(data)


def test_a_letter_is_traced_only_by_who_may_read_its_case(with_it: "Room") -> None:
    record = with_it.session().record
    case = record.load_case(HIDDEN)
    event = next(one for one in case.instance.events if one.written)
    file = with_it.root / event.written[0].path
    code = verification_code(HIDDEN, event.number, event.previous)
    reader, stranger = (session_of(with_it, who).record for who in ("pengawas", "orang-luar"))
    assert getattr(trace.trace_file(reader, file), "id", "") == HIDDEN
    assert getattr(typed_code.trace_typed_code(reader, code), "id", "") == HIDDEN
    for ask in (lambda: trace.trace_file(stranger, file), lambda: typed_code.trace_typed_code(stranger, code)):
        with pytest.raises(SopctlError) as caught:
            ask()
        assert not [word for word in WORDS if word in caught.value.message]


@pytest.mark.parametrize(
    ("rules", "readers"),
    [
        pytest.param("read: all", EVERYBODY, id="all"),
        pytest.param("read: actors", ("kadis-satu", "kabid-tiga", "tim-dua"), id="actors"),
        pytest.param("read: {sk-tim: actors}", ("kadis-satu", "kabid-tiga", "tim-dua"), id="actors-of-this-sop"),
        pytest.param("read: {default: actors, sk-tim: all}", EVERYBODY, id="all-of-this-sop"),
        pytest.param("read: unit", ("kabid-tiga", "staf-tiga", "tim-dua"), id="unit"),
        pytest.param("confidential: [sk-tim]\nread: all", ("kabid-tiga", "tim-dua"), id="confidential"),
        pytest.param(
            "confidential: [sk-tim]\nreaders: [Pengawas]\nread: all",
            ("kabid-tiga", "tim-dua", "pengawas"),
            id="confidential-with-a-reader",
        ),
    ],
)
def test_each_kind_of_person_reads_by_the_rule_whatever_is_asked(
    room: "Room", rules: str, readers: tuple[str, ...]
) -> None:
    """Opened and moved by somebody at the keyboard, then by Kabid Tiga on the page; it waits for Tim Dua."""
    room.say(OFFICIALS)
    room.say(rules)
    room.start("sk-tim", "Pelatihan")
    room.approve("sk-tim-1")
    room.now += timedelta(minutes=1)
    moved = moves.approve(session_of(room, "kabid-tiga"), "sk-tim-1", MoveInput())
    assert not isinstance(moved, Refused), moved
    assert moved.turn == ("kasubbag",)
    for who in EVERYBODY:
        for looking in (False, True):
            session = session_of(room, who, looking=looking)
            found = {
                "load": _finds(lambda record: [record.load_case("sk-tim-1").id], session),
                "find": _finds(lambda record: [record.store.find_id("sk")], session),
                "ids": list(session.store.list_ids()),
                "list": [row.id for row in status.list_cases(session.record).rows],
                "search": [row.id for row in status.search_cases(session.record, "latih", at_most=9).rows],
                "inbox": [row.id for row in inbox(session).rows],
                "report": [row.id for row in report.report(session, Query()).figures.cases],
            }
            assert found == dict.fromkeys(found, ["sk-tim-1"] if who in readers else []), who


def _finds(ask: Callable[[Any], list[str]], session: Session) -> list[str]:
    try:
        return ask(session.record)
    except NotFoundError:
        return []


def test_who_is_nobody_in_the_office_reads_nothing(room: "Room") -> None:
    room.say(OFFICIALS)
    room.start("sk-tim")
    for account in ("page:orang-asing", "page:", ""):
        session = Session(Workspace(room.root), now=lambda: room.now, account=account, via="web")
        assert list(session.store.list_ids()) == []
        with pytest.raises(NotFoundError):
            session.record.load_case("sk-tim-1")


PARENT = """
id: induk
nama: Pemeriksaan
pelaksana: {ketua: Ketua Tim, kabid: Kepala Bidang 3}
fields: {terlapor: {label: Terlapor}, hasil: {label: Hasil pemeriksaan, step: tugaskan, required: true}}
documents: {nota: {template: nota-dinas.docx}}
steps:
  - {id: perintah, kegiatan: Memerintahkan, pelaksana: ketua}
  - {id: tugaskan, kegiatan: Menugaskan, pelaksana: kabid, sop: anak, output: Nota, document: {name: nota, act: draft}}
"""
CHILD = """
id: anak
nama: Penugasan
pelaksana: {kabid: Kepala Bidang 3}
steps:
  - {id: rinci, kegiatan: Merinci, pelaksana: kabid}
"""


@pytest.fixture
def called(room: "Room") -> "Room":
    """Case induk-1, which Kabid Tiga may not read, waits for anak-1, which is hers to move."""
    room.write(PARENT, CHILD)
    room.say("""
        officials:
          - {nama: Ketua, pelaksana: [ketua]}
          - {nama: Kabid Satu, pelaksana: [kabid]}
          - {nama: Kabid Tiga, pelaksana: [kabid]}
        read: {induk: unit}
    """)
    room.start("induk", "Perkara Kodenama", typed=MoveInput(sets=("terlapor=Pelapor",)))
    room.ask(lambda session: moves.assign(session, "induk-1", "kabid", "Kabid Satu", MoveInput()))
    assert room.approve("induk-1").opened == ("anak-1",)
    return room


def test_who_ends_a_called_case_is_told_nothing_of_the_one_that_called_it(called: "Room") -> None:
    session = session_of(called, "kabid-tiga")
    refused = moves.approve(session, "anak-1", MoveInput())
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.wanted, refused.facts) == ("parent_refused", (), {})
    assert not [word for word in ("Kodenama", "Terlapor", "Hasil", "tugaskan") if word in repr(refused)]
    called.ask(lambda session: moves.fill(session, "induk-1", MoveInput(sets=("hasil=Pelapor",))))
    done = moves.approve(session_of(called, "kabid-tiga"), "anak-1", MoveInput())
    assert not isinstance(done, Refused), done
    assert (done.status, done.also, done.documents) == ("completed", (), ())
    assert status.case_status(called.session().record, "induk-1").status == "completed"
    with pytest.raises(NotFoundError):
        session_of(called, "kabid-tiga").record.load_case("induk-1")


def test_a_link_to_what_may_not_be_read_is_its_id_and_nothing_more(called: "Room") -> None:
    child = status.case_status(session_of(called, "kabid-tiga").record, "anak-1")
    assert child.parent == "induk-1"
    assert "Pelapor" not in repr(child)
