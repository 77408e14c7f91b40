"""One change of the record, straight at the store: what it lays down, what it refuses, what it says of itself."""

import stat
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.events import Noted, Started, chain_root, digest
from sopctl.engine.instance import Instance
from sopctl.errors import BusyError, DamagedError, UsageError
from sopctl.sop.model import Sop
from sopctl.store import case_json, disk, ledger
from sopctl.store.files import cases, ledger_file
from sopctl.store.files.json_store import JsonStore
from sopctl.store.ledger import event_lines
from sopctl.store.register import RegisterEntry
from sopctl.store.workspace import Workspace

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
"""
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
OFFICE = b"instansi: {}\n"
OFFICE_ID = sha256(OFFICE).hexdigest()
SEQUENCE = "2026/semua.jsonl"


@pytest.fixture
def home(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def store(home: Workspace) -> JsonStore:
    return JsonStore(home)


def opened(sop: Sop, id: str) -> Case:
    return Case.opened(sop, id, "v1", Started(at=NOW, recorded_at=NOW, by="akun", step="susun", subject="Perihal"))


def noted(case: Case, note: str = "Catatan") -> Case:
    return case.after(Noted(at=NOW, recorded_at=NOW, by="akun", note=note))


def entry(urut: int, document: str = "surat") -> RegisterEntry:
    return RegisterEntry(
        urut=urut, nomor=f"1/{urut}", kode="1", at=NOW, id="uji-1", document=document, perihal="Rapat", by="akun"
    )


def begun(store: JsonStore, sop: Sop, id: str = "uji-1") -> Instance:
    """The store with one case."""
    case = opened(sop, id)
    with store.begin() as change:
        change.save_instance(case.instance)
        change.commit()
    return case.instance


def tree(home: Workspace) -> dict[str, bytes]:
    """Every file of the record, but for the lock."""
    paths = [path for path in home.data.rglob("*") if path.is_file() and path != home.lock]
    return {path.relative_to(home.data).as_posix(): path.read_bytes() for path in paths}


def test_a_change_whose_lock_was_lost_is_not_made(store: JsonStore, home: Workspace, sop: Sop) -> None:
    begun(store, sop)
    before = tree(home)
    other = JsonStore(home)
    with other.begin() as change:
        change.save_instance(noted(Case.read(sop, change.load_instance("uji-1"))).instance)
        home.lock.unlink()
        with pytest.raises(BusyError, match="tidak ada yang dicatat") as raised:
            change.commit()
    assert raised.value.code == "lock_lost"
    assert other.commit_state == "nothing"
    assert tree(home) == before


def test_a_change_says_what_became_of_it(store: JsonStore, sop: Sop, monkeypatch: pytest.MonkeyPatch) -> None:
    states = [store.commit_state]
    begun(store, sop)
    assert [*states, store.commit_state] == ["nothing", "yes"]
    again = JsonStore(store._workspace)  # noqa: SLF001 — as another command has it

    def refused(*_: object) -> None:
        raise BusyError("Disk penuh.")

    monkeypatch.setattr(disk, "rename_over", refused)
    with again.begin() as change:
        change.save_instance(noted(Case.read(sop, change.load_instance("uji-1"))).instance)
        with pytest.raises(BusyError):
            change.commit()
    assert again.commit_state == "perhaps"


def test_a_change_of_nothing_leaves_nothing(store: JsonStore, home: Workspace) -> None:
    with store.begin() as change:
        change.commit()
    assert tree(home) == {}


def test_what_is_not_committed_leaves_nothing(store: JsonStore, home: Workspace, sop: Sop) -> None:
    with store.begin() as change:
        change.save_instance(opened(sop, "uji-1").instance)
        change.pin_sop("v1", b"id: uji\n")
    assert tree(home) == {}


def test_every_event_gets_a_line_that_holds_it_and_the_hash_of_the_line_before(
    store: JsonStore, home: Workspace, sop: Sop
) -> None:
    case = noted(opened(sop, "uji-1"))
    with store.begin() as change:
        change.use_office(OFFICE_ID, OFFICE)
        change.save_instance(case.instance)
        change.commit()
    with store.begin() as change:
        change.use_office(OFFICE_ID, OFFICE)
        change.save_instance(noted(Case.read(sop, change.load_instance("uji-1")), "Lagi").instance)
        change.commit()
    lines = list(ledger_file.read_lines(home.ledger))
    said = [line.line for line in lines]
    assert [isinstance(one, ledger.LoggedEvent) and one.event.number for one in said] == [1, 2, 3]
    previous = ""
    for line in lines:
        assert ledger.find_faults(line, previous) == ()
        previous = ledger.hash_line(line.text)
    assert {one.office for one in said if isinstance(one, ledger.LoggedEvent)} == {OFFICE_ID}
    assert {one.version for one in said if isinstance(one, ledger.LoggedEvent)} == {"v1"}
    assert (home.offices / f"{OFFICE_ID}.yaml").read_bytes() == OFFICE


def test_a_case_that_is_saved_twice_in_one_change_tells_each_event_once(
    store: JsonStore, home: Workspace, sop: Sop
) -> None:
    case = opened(sop, "uji-1")
    with store.begin() as change:
        change.save_instance(case.instance)
        change.save_instance(noted(case).instance)
        change.commit()
    told = [line.line for line in ledger_file.read_lines(home.ledger)]
    assert [one.revision for one in told if isinstance(one, ledger.LoggedEvent)] == [1, 2]


def test_lines_without_an_office_say_so(sop: Sop) -> None:
    instance = noted(opened(sop, "uji-1")).instance
    first, second = event_lines(instance, 0)
    assert (first.office, first.head, first.case, first.version) == ("", digest(instance.events[0]), "uji-1", "v1")
    assert (second.head, second.revision) == (instance.head, 2)
    assert [line.revision for line in event_lines(instance, 1)] == [2]
    assert instance.events[0].previous == chain_root("uji-1", "v1")


def test_new_ids_go_on_after_the_cases_that_are_there_and_differ_within_a_change(store: JsonStore, sop: Sop) -> None:
    begun(store, sop, "uji-7")
    with store.begin() as change:
        assert [change.new_id("uji") for _ in range(3)] == ["uji-8", "uji-9", "uji-10"]
        assert change.new_id("lain") == "lain-1"


def test_an_id_that_was_given_once_is_not_given_again_though_its_file_is_gone(
    store: JsonStore, home: Workspace, sop: Sop
) -> None:
    begun(store, sop, "uji-7")
    cases.path_of(home.instances, "uji-7").unlink()
    with store.begin() as change:
        assert change.new_id("uji") == "uji-8"


def test_a_case_that_differs_from_the_ledger_is_refused(store: JsonStore, home: Workspace, sop: Sop) -> None:
    begun(store, sop)
    path = cases.path_of(home.instances, "uji-1")
    other = Case.opened(sop, "uji-1", "v1", Started(at=NOW, recorded_at=NOW, by="lain", step="susun"))
    path.write_bytes(case_json.encode(other.instance))
    with store.begin() as change, pytest.raises(DamagedError) as raised:
        change.load_instance("uji-1")
    assert (raised.value.code, "berbeda dari buku" in raised.value.message) == ("changed", True)
    path.write_bytes(case_json.encode(noted(opened(sop, "uji-1")).instance))
    with store.begin() as change, pytest.raises(DamagedError, match=r"catatan nomor 2, sedangkan .* nomor 1") as raised:
        change.load_instance("uji-1")
    assert raised.value.code == "behind"


def test_a_case_that_the_change_saved_itself_is_not_compared_with_the_ledger_again(store: JsonStore, sop: Sop) -> None:
    begun(store, sop)
    with store.begin() as change:
        case = noted(Case.read(sop, change.load_instance("uji-1")))
        change.save_instance(case.instance)
        assert change.load_instance("uji-1").revision == 1, "the file is as before until the change is made"
        change.commit()
    with store.begin() as change:
        assert change.load_instance("uji-1") == case.instance


@pytest.mark.parametrize("length", [0, 1], ids=["as large as can be", "a byte larger"])
def test_a_case_is_stored_up_to_the_size_that_can_be_read(
    store: JsonStore, home: Workspace, sop: Sop, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    instance = opened(sop, "uji-1").instance
    monkeypatch.setattr(case_json, "LARGEST", len(case_json.encode(instance)) - length)
    with store.begin() as change:
        if length:
            with pytest.raises(UsageError, match=r"uji-1 .* 0 MB") as raised:
                change.save_instance(instance)
            assert raised.value.code == "too_large"
        else:
            change.save_instance(instance)
            change.commit()
    assert cases.path_of(home.instances, "uji-1").exists() is not bool(length)


def test_numbers_of_letters_go_on_by_their_sequence_within_a_change_and_after_it(
    store: JsonStore, home: Workspace
) -> None:
    with store.begin() as change:
        assert [change.next_urut(SEQUENCE), change.next_urut(SEQUENCE)] == [1, 2]
        assert change.next_urut("2026/lain.jsonl") == 1
    with store.begin() as change:
        change.add_entry(entry(change.next_urut(SEQUENCE)), SEQUENCE)
        assert change.next_urut(SEQUENCE) == 2
        change.commit()
    with store.begin() as change:
        assert change.next_urut(SEQUENCE) == 2
        change.add_entry(entry(2, "nota"), SEQUENCE)
        change.commit()
    found = list(store.read_register())
    assert [(one.urut, one.document, one.last) for one in found] == [(1, "surat", 0), (2, "nota", 0)]
    lines = [line.line for line in ledger_file.read_lines(home.ledger)]
    assert [(one.sequence, one.entry) for one in lines if isinstance(one, ledger.NumberLine)] == [
        (SEQUENCE, found[0]),
        (SEQUENCE, found[1]),
    ]


def test_what_became_of_a_letter_remembers_the_last_number_of_its_sequence(store: JsonStore) -> None:
    with store.begin() as change:
        for number in (1, 2):
            change.add_entry(entry(number, f"surat-{number}"), SEQUENCE)
        change.commit()
    with store.begin() as change:
        change.amend_entry(replace(entry(1, "surat-1"), kind="withdrawn"))
        assert change.next_urut(SEQUENCE) == 3
        change.commit()
    assert [(one.kind, one.urut, one.last) for one in store.read_register()][-1] == ("withdrawn", 1, 2)


def test_a_letter_that_the_register_does_not_hold_cannot_be_amended(store: JsonStore) -> None:
    with store.begin() as change, pytest.raises(DamagedError, match="tidak memuat surat surat berkas uji-1"):
        change.amend_entry(replace(entry(1), kind="withdrawn"))


@pytest.mark.parametrize("lost", ["register", "ledger"])
def test_no_number_is_given_where_register_and_ledger_disagree(store: JsonStore, home: Workspace, lost: str) -> None:
    with store.begin() as change:
        change.add_entry(entry(1), SEQUENCE)
        change.commit()
    if lost == "register":
        (home.agenda / SEQUENCE).unlink()
    else:
        home.ledger.write_bytes(b"")
    with store.begin() as change, pytest.raises(DamagedError, match="tidak ada nomor yang diberikan") as raised:
        change.next_urut(SEQUENCE)
    assert raised.value.code == "register"


@pytest.mark.parametrize("kept", ["case", "register"])
def test_a_lost_ledger_is_not_begun_again_beside_what_it_should_tell_of(
    store: JsonStore, home: Workspace, sop: Sop, kept: str
) -> None:
    if kept == "case":
        begun(store, sop)
    else:
        with store.begin() as change:
            change.add_entry(entry(1), SEQUENCE)
            change.commit()
    home.ledger.unlink()
    with store.begin() as change:
        change.save_instance(opened(sop, "uji-9").instance)
        with pytest.raises(DamagedError, match="hilang atau kosong") as raised:
            change.commit()
    assert raised.value.code == "ledger"
    assert not home.ledger.exists()


def test_files_of_a_case_lie_by_its_id_and_can_be_read_before_they_are_there(store: JsonStore, home: Workspace) -> None:
    with store.begin() as change:
        letter = change.add_document("uji-1", "001", b"naskah")
        proof = change.add_attachment("uji-1", "001-bukti", b"bukti")
        assert (letter, proof) == (
            "data/documents/uji/0000/uji-1/001.docx",
            "data/attachments/uji/0000/uji-1/001-bukti",
        )
        assert (change.read_file(letter), change.read_file(proof)) == (b"naskah", b"bukti")
        assert not (home.root / letter).exists()
        change.commit()
    assert ((home.root / letter).read_bytes(), (home.root / proof).read_bytes()) == (b"naskah", b"bukti")
    with store.begin() as change:
        assert change.read_file(letter) == b"naskah"


def test_a_text_that_is_named_by_its_hash_is_laid_down_once(store: JsonStore, home: Workspace) -> None:
    (home.versions).mkdir(parents=True)
    (home.versions / "v1.yaml").write_bytes(b"sudah ada")
    with store.begin() as change:
        change.pin_sop("v1", b"lain")
        change.pin_sop("v2", b"baru")
        change.commit()
    assert {path.name: path.read_bytes() for path in home.versions.iterdir()} == {
        "v1.yaml": b"sudah ada",
        "v2.yaml": b"baru",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions elsewhere")
def test_the_first_change_closes_the_folder_of_the_record(home: Workspace, sop: Sop) -> None:
    begun(JsonStore(home, lambda: 0o077), sop)
    assert stat.S_IMODE(home.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.ledger.stat().st_mode) == 0o600
