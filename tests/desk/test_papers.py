"""Templates, SOP versions and caches: what is wrong stops a command whole, and a case keeps the SOP it began with."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from sopctl.audit import trace, verify
from sopctl.desk import agenda, documents, moves, start, status
from sopctl.desk.inbox import inbox
from sopctl.desk.move_input import MoveInput
from sopctl.errors import DamagedError, WrongError
from sopctl.store.caches.account_cache import account_folder
from sopctl.store.case_json import encode

if TYPE_CHECKING:
    from tests.conftest import Room


def broken_zip(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2000])


def no_zip(path: Path) -> None:
    path.write_text("bukan Word", encoding="utf-8")


def tagged(tag: str) -> Callable[[Path], None]:
    """What puts a tag into the text of a template."""

    def change(path: Path) -> None:
        with ZipFile(path) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        body = parts["word/document.xml"]
        parts["word/document.xml"] = body.replace(
            b"<w:body>", f"<w:body><w:p><w:r><w:t>{tag}</w:t></w:r></w:p>".encode()
        )
        with ZipFile(path, "w") as new:
            for name, part in parts.items():
                new.writestr(name, part)

    return change


TEMPLATES = [
    pytest.param(Path.unlink, "disposisi.docx", id="missing"),
    pytest.param(broken_zip, "disposisi.docx", id="cut short"),
    pytest.param(no_zip, "disposisi.docx", id="no Word file"),
    pytest.param(tagged("{{ pengikut }}"), "pengikut", id="unknown variable"),
    pytest.param(tagged("{{ subject "), "disposisi.docx", id="tag not closed"),
]
REACHING = pytest.param(tagged("{{ subject.__class__ }}"), "disposisi.docx", id="reaching for the machine")


@pytest.mark.parametrize(("spoil", "says"), TEMPLATES)
def test_a_bad_template_stops_a_start(room: "Room", spoil: Callable[[Path], None], says: str) -> None:
    spoil(room.root / "templates" / "disposisi.docx")
    with pytest.raises(WrongError) as raised:
        room.start("sk-tim")
    assert any(says in problem.message for problem in raised.value.problems)
    assert room.record() == {}


@pytest.mark.parametrize(("spoil", "says"), [*TEMPLATES, REACHING])
def test_a_template_that_went_bad_later_stops_the_step_whole(
    room: "Room", spoil: Callable[[Path], None], says: str
) -> None:
    room.start("sk-tim")
    before = room.record()
    spoil(room.root / "templates" / "disposisi.docx")
    with pytest.raises(WrongError) as raised:
        room.approve("sk-tim-1")
    assert says in raised.value.message
    assert room.record() == before


def test_a_step_that_signs_takes_no_number_where_its_template_is_bad(room: "Room") -> None:
    id = room.letter()
    template = room.root / "templates" / "surat-tugas.docx"
    good = template.read_bytes()
    template.write_bytes(b"")
    with pytest.raises(WrongError):
        room.approve(id)
    template.write_bytes(good)
    room.approve(id)
    assert [entry.urut for entry in agenda.list_letters(room.session().record, None)] == [1]


def test_a_missing_logo_stops_the_step_whole(room: "Room") -> None:
    room.start("sk-tim")
    before = room.record()
    room.say("instansi: {nama: Dinas, singkatan: DISKOPUKM, logo: lambang.png}")
    with pytest.raises(WrongError, match=r"instansi\.logo"):
        room.approve("sk-tim-1")
    assert room.record() == before


def test_hostile_text_reaches_the_paper_and_harms_nothing(room: "Room") -> None:
    text = "{{ 7*7 }} <w:p> & ]]> \ufffe \uffff \u202e =HYPERLINK(1)"
    room.start("sk-tim", text)
    assert room.approve("sk-tim-1").documents
    assert status.case_status(room.session().record, "sk-tim-1").subject == text
    assert verify.verify(room.session().record, None).findings == ()


def test_an_sop_that_is_edited_leaves_running_cases_alone(room: "Room") -> None:
    room.start("sk-tim", "lama")
    path = room.root / "sops" / "sk-tim.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("- id: teruskan", "- id: lanjutkan"), encoding="utf-8")
    room.start("sk-tim", "baru")
    assert room.approve("sk-tim-1").step == "teruskan"
    assert room.approve("sk-tim-2").step == "lanjutkan"
    versions = {room.session().record.load_case(id).instance.version for id in ("sk-tim-1", "sk-tim-2")}
    assert {path.stem for path in (room.root / "data" / "sops").iterdir()} == versions


@pytest.mark.parametrize("spoil", [Path.unlink, no_zip], ids=["removed", "not YAML any more"])
def test_an_sop_that_is_gone_leaves_running_cases_alone(room: "Room", spoil: Callable[[Path], None]) -> None:
    room.start("sk-tim")
    spoil(room.root / "sops" / "sk-tim.yaml")
    assert room.approve("sk-tim-1").step == "teruskan"
    assert status.case_status(room.session().record, "sk-tim-1").step == "teruskan"


def test_a_pinned_version_that_was_changed_is_told(room: "Room") -> None:
    room.start("sk-tim")
    (pinned,) = (room.root / "data" / "sops").iterdir()
    pinned.write_bytes(pinned.read_bytes() + b"\n")
    with pytest.raises(DamagedError, match="diubah di luar sopctl"):
        room.approve("sk-tim-1")
    assert len(verify.verify(room.session().record, None).findings) == 1


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("- id: teruskan", "- id: perintah", "perintah", id="a repeated id"),
        pytest.param("pelaksana: kabid\n", "pelaksana: kabit\n", "kabit", id="an unknown pelaksana"),
        pytest.param("belum sesuai: susun", "belum sesuai: susnu", "susnu", id="a branch to nowhere"),
        pytest.param("id: sk-tim\n", "id: sk-lain\n", "nama file", id="an id that is not the file's name"),
    ],
)
def test_an_sop_with_mistakes_is_not_started_and_they_are_told_with_their_place(
    room: "Room", old: str, new: str, says: str
) -> None:
    path = room.root / "sops" / "sk-tim.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(WrongError) as raised:
        room.start("sk-tim")
    assert any(says in problem.message and problem.source.line for problem in raised.value.problems)
    assert room.record() == {}


def test_a_wrong_office_file_stops_every_move(room: "Room") -> None:
    room.start("sk-tim")
    before = room.record()
    room.say("timezone: Mars/Olympus")
    with pytest.raises(WrongError, match=r"sopctl\.yaml"):
        room.approve("sk-tim-1")
    assert room.record() == before


CACHES: dict[str, Callable[[Path], object]] = {
    "deleted": shutil.rmtree,
    "emptied": lambda folder: [path.write_bytes(b"") for path in folder.iterdir()],
    "cut short": lambda folder: [path.write_bytes(path.read_bytes()[:-9]) for path in folder.iterdir()],
    "binary": lambda folder: [path.write_bytes(b'{"x": "\xff\xfe"}') for path in folder.iterdir()],
    "of another shape": lambda folder: [path.write_bytes(b"[1, 2]") for path in folder.iterdir()],
    "deeply nested": lambda folder: [path.write_bytes(b'{"a":' + b"[" * 100_000) for path in folder.iterdir()],
}


@pytest.mark.parametrize("spoil", CACHES)
def test_the_cache_may_be_spoilt_at_any_time(room: "Room", spoil: str) -> None:
    room.start("sk-tim")
    first = status.case_status(room.session(looking=True).record, "sk-tim-1")
    folder = room.root / "data" / "cache" / account_folder()
    assert len(list(folder.iterdir())) >= 3
    CACHES[spoil](folder)
    assert status.case_status(room.session(looking=True).record, "sk-tim-1") == first
    assert room.approve("sk-tim-1").step == "teruskan"


def test_what_is_looked_at_through_the_cache_is_what_the_files_say(room: "Room") -> None:
    id = room.letter("Tim Bimtek")
    for _ in range(2):
        assert status.case_status(room.session(looking=True).record, id) == status.case_status(
            room.session().record, id
        )
        assert room.session(looking=True).office == room.session().office
        assert room.session(looking=True).record.load_case(id).sop == room.session().record.load_case(id).sop


def test_looking_changes_nothing_but_the_cache(room: "Room") -> None:
    id = room.letter()
    before = room.record()
    session = room.session(looking=True)
    status.case_status(session.record, id)
    inbox(session)
    documents.case_documents(session.record, id)
    agenda.list_letters(session.record, None)
    verify.verify(session.record, None)
    assert room.record() == before


def test_a_word_file_is_traced_to_its_case_though_another_case_is_damaged(room: "Room") -> None:
    room.start("sk-tim", "pertama")
    room.start("sk-tim", "kedua")
    written = room.approve("sk-tim-2").documents[0]
    (room.root / "data" / "instances" / "sk-tim" / "0000" / "sk-tim-1.json").write_bytes(b"{")
    traced = trace.trace_file(room.session().record, room.root / written.path)
    assert isinstance(traced, trace.TracedLetter)
    assert (traced.id, traced.step, traced.act) == ("sk-tim-2", "perintah", "sign")


def test_a_word_file_that_was_changed_is_not_ours(room: "Room", tmp_path: Path) -> None:
    room.start("sk-tim")
    written = room.root / room.approve("sk-tim-1").documents[0].path
    copy = tmp_path / "salinan.docx"
    copy.write_bytes(written.read_bytes())
    traced = trace.trace_file(room.session().record, copy)
    assert isinstance(traced, trace.TracedLetter)
    assert (traced.id, traced.altered) == ("sk-tim-1", False)
    copy.write_bytes(written.read_bytes() + b"x")
    assert trace.trace_file(room.session().record, copy).altered


def test_the_same_case_writes_the_same_bytes(room: "Room", tmp_path: Path) -> None:
    copy = tmp_path / "salinan"
    room.start("sk-tim", "Tim Bimtek")
    shutil.copytree(room.root, copy)
    now = room.now
    here = room.approve("sk-tim-1")
    room.root, room.now = copy, now
    assert room.approve("sk-tim-1").documents == here.documents


def test_a_case_whose_events_do_not_fit_its_sop_is_told(room: "Room") -> None:
    room.start("sk-tim")
    room.start("penugasan")
    other = room.session().record.load_case("penugasan-1").instance.version
    case = room.session().record.load_case("sk-tim-1")
    forged = type(case).opened(case.sop, "sk-tim-1", other, case.instance.events[0]).instance  # type: ignore[arg-type]  # it began so
    (room.root / "data" / "instances" / "sk-tim" / "0000" / "sk-tim-1.json").write_bytes(encode(forged))
    with pytest.raises(DamagedError, match="diubah di luar sopctl"):
        room.approve("sk-tim-1")
    assert [finding.id for finding in verify.verify(room.session().record, None).findings] == ["sk-tim-1"]


def test_a_damaged_case_does_not_hide_the_others(room: "Room") -> None:
    room.start("sk-tim")
    room.start("sk-tim")
    (room.root / "data" / "instances" / "sk-tim" / "0000" / "sk-tim-1.json").write_bytes(b"{")
    found = inbox(room.session())
    assert ([row.id for row in found.rows], len(found.damaged)) == (["sk-tim-2"], 1)
    assert room.approve("sk-tim-2").step == "teruskan"


def test_the_user_who_saw_an_older_state_is_told_who_was_first(room: "Room") -> None:
    room.start("sk-tim")
    room.account = "akun-lain"
    room.approve("sk-tim-1")
    room.account = "akun"
    answer = room.ask(lambda session: moves.approve(session, "sk-tim-1", MoveInput(seen=1)))
    assert getattr(answer, "reason", "") == "overtaken"
    assert "akun-lain" in getattr(answer, "message", "")


@pytest.mark.parametrize("step", ["teruskan", "tidak-ada"])
def test_a_case_begins_only_where_the_sop_has_an_entry(room: "Room", step: str) -> None:
    with pytest.raises(Exception, match="pilihannya: perintah"):
        room.ask(lambda session: start.start(session, "sk-tim", start.StartInput(step=step), MoveInput()))
