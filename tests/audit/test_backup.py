"""A backup holds the office as it was at one moment, whatever others do; restoring makes it again or leaves nothing."""

import json
import os
import resource
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.audit import restore
from sopctl.audit.anchor import check_anchors, read_anchors
from sopctl.audit.backup import WrittenBackup, write_backup
from sopctl.audit.backup_archive import MANIFEST, Archive
from sopctl.audit.restore import RestoredBackup, restore_backup
from sopctl.audit.verify import verify
from sopctl.cli.options import move_input
from sopctl.desk import moves, start
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.errors import BusyError, DamagedError, SopctlError, UsageError
from sopctl.store.files.json_store import JsonStore
from sopctl.store.protocol import Ledger
from sopctl.store.record import Record
from sopctl.store.workspace import Workspace

if TYPE_CHECKING:
    from tests.conftest import Room

SIGNED = "sk-tim-1"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, seed: Path, rooms: "type[Room]") -> "Room":
    """Two letters that wait for their signature, one that is signed, a file that is attached, a logo."""
    folder = tmp_path_factory.mktemp("signed")
    room = rooms(shutil.copytree(seed, folder / "kantor"))
    room.approve(room.letter())
    room.letter()
    proof = folder / "bukti.txt"
    proof.write_text("bukti kelengkapan", encoding="utf-8")
    room.ask(lambda session: moves.attach(session, "sk-tim-2", move_input(attach=[f"Kertas={proof}"])))
    room.letter()
    return room


@pytest.fixture
def office(signed: "Room", tmp_path: Path) -> "Room":
    """A copy of it that a test may change."""
    return signed.copy_to(tmp_path / "kantor")


def backed_up(room: "Room", target: Path, on_case: Callable[[int, int], None] | None = None) -> WrittenBackup:
    return write_backup(room.session().record, target, on_case)


def restored(source: Path, folder: Path, *, damaged: bool = False) -> RestoredBackup:
    return restore_backup(source, folder, lambda: datetime.now(UTC), "akun", damaged=damaged)


def test_a_restored_office_is_the_one_that_was_backed_up_and_goes_on(office: "Room", tmp_path: Path) -> None:
    (office.root / "data" / "cache" / "0").mkdir(parents=True, exist_ok=True)
    before = office.record()
    made = backed_up(office, tmp_path / "cadangan.zip")
    assert (made.cases, made.findings) == (3, ())
    again = type(office)(tmp_path / "lain" / "kantor")
    found = restored(tmp_path / "cadangan.zip", again.root)
    assert (found.cases, found.findings, found.notices, found.only_data) == (3, (), (), False)
    assert again.record() == before
    for part in ("sops", "templates"):
        assert {one.name: one.read_bytes() for one in (again.root / part).iterdir()} == {
            one.name: one.read_bytes() for one in (office.root / part).iterdir()
        }
    assert sorted(path.name for path in again.root.parent.iterdir()) == ["kantor"]
    assert not (again.root / "data" / "cache").exists()
    again.now = office.now
    again.approve("sk-tim-2")
    assert verify(again.session().record, None).findings == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions elsewhere")
def test_a_restored_record_is_as_open_as_its_office_says(office: "Room", tmp_path: Path) -> None:
    office.say("record: {share: group}")
    backed_up(office, tmp_path / "cadangan.zip")
    restored(tmp_path / "cadangan.zip", tmp_path / "lagi")
    modes = {path: path.stat().st_mode for path in (tmp_path / "lagi" / "data").rglob("*")}
    assert all(mode & stat.S_IWGRP and not mode & stat.S_IRWXO for mode in modes.values())
    assert (tmp_path / "lagi" / "sops").stat().st_mode & stat.S_IROTH


@pytest.mark.parametrize("logo", ["lambang.png", "gambar/lambang.png", "templates/gambar/lambang.png"])
def test_the_logo_is_part_of_the_office_wherever_it_lies(room: "Room", tmp_path: Path, logo: str) -> None:
    room.say(f"instansi: {{nama: Dinas, logo: {logo}}}")
    picture = room.root / logo
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"gambar")
    (room.root / "templates" / "Kop.docx").write_bytes(bytes(1000))
    (room.root / "templates" / "~$kop.docx").write_bytes(b"terbuka di Word")
    (room.root / "pegawai.csv").write_text("nama\nBudi\n", encoding="utf-8")
    (room.root / "catatan.txt").write_bytes(b"bukan bagian kantor")
    backed_up(room, tmp_path / "cadangan.zip")
    restored(tmp_path / "cadangan.zip", tmp_path / "lagi")
    assert (tmp_path / "lagi" / logo).read_bytes() == b"gambar"
    assert (tmp_path / "lagi" / "templates" / "Kop.docx").exists()
    assert (tmp_path / "lagi" / "pegawai.csv").read_bytes() == b"nama\nBudi\n"
    left_out = ("templates/~$kop.docx", "catatan.txt")
    assert not any((tmp_path / "lagi" / name).exists() for name in left_out)


@pytest.mark.parametrize("logo", ["../lambang.png", "/srv/lambang.png", "data/lambang.png", "hilang.png"])
def test_a_logo_that_no_letter_can_use_stops_no_backup(room: "Room", tmp_path: Path, logo: str) -> None:
    room.say(f"instansi: {{nama: Dinas, logo: {logo}}}")
    (tmp_path / "lambang.png").write_bytes(b"gambar")
    assert backed_up(room, tmp_path / "cadangan.zip").findings == ()


def test_a_clock_without_a_battery_stops_no_backup(office: "Room", tmp_path: Path) -> None:
    office.now = datetime(1975, 1, 1, tzinfo=UTC)
    assert backed_up(office, tmp_path / "cadangan.zip").findings == ()
    assert restored(tmp_path / "cadangan.zip", tmp_path / "lagi").findings == ()


def test_what_happens_meanwhile_belongs_to_the_next_backup(office: "Room", tmp_path: Path) -> None:
    before = office.record()

    def meanwhile(done: int, _total: int) -> None:
        if done == 1:
            office.approve("sk-tim-2")
            office.approve("sk-tim-3")
            office.approve("sk-tim-3")
            office.note(SIGNED, "sudah diambil")
            office.letter()

    backed_up(office, tmp_path / "cadangan.zip", meanwhile)
    again = type(office)(tmp_path / "lagi")
    found = restored(tmp_path / "cadangan.zip", again.root)
    assert (found.findings, found.notices) == ((), ())
    assert again.record() == before


def desk(root: Path, account: str) -> Session:
    return Session(Workspace(root), now=lambda: datetime.now(UTC), account=account)


def clerk(root: Path, account: str, ready: Event, stop: Event) -> None:
    """Open cases, write and sign their letters, until told to stop; who waited too long for the others tries again."""
    while not stop.is_set():
        with suppress(BusyError):
            case = start.start(desk(root, account), "surat", start.StartInput(subject=account), MoveInput())
            assert isinstance(case, Outcome), case
            ready.set()
            for _ in range(2):
                moves.approve(desk(root, account), case.id, MoveInput())


def backed_up_at_last(room: "Room", file: Path, unlike: list[str]) -> WrittenBackup:
    """A backup of a moment with another anchor than those, however busy the machine is."""
    while True:
        room.now = datetime.now(UTC)
        with suppress(BusyError):
            made = backed_up(room, file)
            if made.anchor not in unlike:
                return made
            file.unlink()


LETTER = """
id: surat
nama: Surat
pelaksana: {tim: Tim Kerja, kadis: Kepala Dinas}
documents:
  lembar: {template: lembar-hasil.docx, kode: 000.1}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, output: Konsep, document: {name: lembar, act: draft}}
  - {id: tandatangan, kegiatan: Menandatangani, pelaksana: kadis, output: Lembar, document: {name: lembar, act: sign}}
"""


def test_every_backup_in_the_middle_of_a_race_is_intact(room: "Room", tmp_path: Path) -> None:
    room.write(LETTER)
    spawn = get_context("spawn")
    ready, stop = [spawn.Event() for _ in range(2)], spawn.Event()
    clerks = [
        spawn.Process(target=clerk, args=(room.root, f"akun-{number}", one, stop), daemon=True)
        for number, one in enumerate(ready)
    ]
    for one in clerks:
        one.start()
    assert all(one.wait(60) for one in ready)
    anchors: list[str] = []
    try:
        for number in range(4):
            made = backed_up_at_last(room, tmp_path / f"{number}.zip", anchors)
            found = restored(tmp_path / f"{number}.zip", tmp_path / f"lagi-{number}")
            assert (made.findings, found.findings, found.notices) == ((), (), ())
            anchors.append(made.anchor)
    finally:
        stop.set()
        for one in clerks:
            one.join(60)
    assert [one.exitcode for one in clerks] == [0, 0]
    assert check_anchors(room.session().record, read_anchors("\n".join(anchors))) == ()
    assert verify(room.session().record, None).findings == ()


def test_a_backup_replaces_no_file_and_stays_out_of_the_record(office: "Room", tmp_path: Path) -> None:
    file = tmp_path / "cadangan.zip"
    file.write_bytes(b"yang lama")
    inside = (office.root / folder / "cadangan.zip" for folder in ("data", "sops"))
    for target in (file, tmp_path / "cadangan.txt", *inside):
        with pytest.raises(UsageError):
            backed_up(office, target)
    assert file.read_bytes() == b"yang lama"


@pytest.mark.skipif(sys.platform == "win32", reason="a limit of the system")
def test_a_full_disk_leaves_no_backup(office: "Room", tmp_path: Path) -> None:
    file = tmp_path / "luar" / "cadangan.zip"
    file.parent.mkdir()
    command = [str(Path(sys.executable).with_name("sopctl")), "backup", str(file)]
    done = subprocess.run(
        command, cwd=office.root, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)),
    )  # fmt: skip
    assert done.returncode == BusyError.exit_code, done.stderr
    assert list(file.parent.iterdir()) == []
    assert office.session().record.load_case(SIGNED)


def test_what_is_damaged_is_backed_up_as_it_is_and_told(office: "Room", tmp_path: Path) -> None:
    next((office.root / "data" / "documents").rglob("sk-tim-1/*.docx")).unlink()
    case = office.root / "data" / "instances" / "sk-tim" / "0000" / "sk-tim-2.json"
    case.write_bytes(case.read_bytes()[:-40])
    made = backed_up(office, tmp_path / "cadangan.zip")
    assert {one.id for one in made.findings} >= {"sk-tim-1", "sk-tim-2"}
    with pytest.raises(DamagedError) as refused:
        restored(tmp_path / "cadangan.zip", tmp_path / "lagi")
    assert refused.value.code == "backup_damaged"
    assert not (tmp_path / "lagi").exists()
    found = restored(tmp_path / "cadangan.zip", tmp_path / "lagi", damaged=True)
    there = [one.message.replace(str(office.root), str(tmp_path / "lagi")) for one in made.findings]
    assert [one.message for one in found.findings] == there
    assert type(office)(tmp_path / "lagi").record() == office.record()


@pytest.mark.skipif(sys.platform == "win32", reason="links are the administrator's there")
def test_what_a_link_in_the_record_leads_to_is_in_no_backup(office: "Room", tmp_path: Path) -> None:
    secret = tmp_path / "rahasia.txt"
    secret.write_bytes(b"rahasia")
    (office.root / "data" / "aside").mkdir()
    (office.root / "data" / "aside" / "lama.txt").symlink_to(secret)
    document = next((office.root / "data" / "documents").rglob("sk-tim-1/*.docx"))
    document.unlink()
    document.symlink_to(secret)
    assert backed_up(office, tmp_path / "cadangan.zip").findings
    with zipfile.ZipFile(tmp_path / "cadangan.zip") as file:
        assert all(file.read(name) != b"rahasia" for name in file.namelist())


def test_a_record_that_is_there_is_never_touched(office: "Room", tmp_path: Path) -> None:
    file = tmp_path / "cadangan.zip"
    backed_up(office, file)
    full = tmp_path / "penuh"
    full.mkdir()
    (full / "surat.txt").write_text("isi", encoding="utf-8")
    before = office.record()
    for folder in (office.root, full, office.root / "arsip", full / "surat.txt"):
        with pytest.raises(UsageError):
            restored(file, folder)
    assert office.record() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cadangan.zip", "kantor", "penuh"]


def test_a_workspace_that_lost_its_data_gets_them_back_and_keeps_the_rest(office: "Room", tmp_path: Path) -> None:
    before = office.record()
    there = {path.name for path in office.root.iterdir()}
    backed_up(office, tmp_path / "cadangan.zip")
    (office.root / "sops" / "penugasan.yaml").unlink()
    shutil.rmtree(office.root / "data")
    office.session(looking=True).workspace.data.mkdir()
    (office.root / "data" / "lock").touch()
    (office.root / "data" / "staging").mkdir()
    (office.root / "data" / "cache" / "0").mkdir(parents=True)
    found = restored(tmp_path / "cadangan.zip", office.root)
    assert (found.only_data, found.findings) == (True, ())
    assert office.record() == before
    assert not (office.root / "sops" / "penugasan.yaml").exists()
    assert {path.name for path in office.root.iterdir()} == there


def test_what_a_killed_restore_left_is_swept_by_the_next(office: "Room", tmp_path: Path) -> None:
    backed_up(office, tmp_path / "cadangan.zip")
    left = tmp_path / "tujuan" / ".lagi.pulih.tmp" / "data"
    left.mkdir(parents=True)
    (left / "ledger.jsonl").write_bytes(b"setengah")
    assert restored(tmp_path / "cadangan.zip", tmp_path / "tujuan" / "lagi").findings == ()
    assert [path.name for path in (tmp_path / "tujuan").iterdir()] == ["lagi"]


def listed_anew(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The files with a list that names them as they are."""
    told = json.loads(parts[MANIFEST])
    told["files"] = {name: sha256(data).hexdigest() for name, data in parts.items() if name != MANIFEST}
    return {**parts, MANIFEST: json.dumps(told).encode()}


def written(path: Path, parts: Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for about, data in parts:
            out.writestr(about, data)
    return path


def link(name: str) -> zipfile.ZipInfo:
    about = zipfile.ZipInfo(name)
    about.external_attr = (stat.S_IFLNK | 0o777) << 16
    return about


HOSTILE: dict[str, list[tuple[str | zipfile.ZipInfo, bytes]]] = {
    "outside": [("../luar.txt", b"x")],
    "outside-below": [("data/instances/../../../luar.txt", b"x")],
    "absolute": [("/srv/luar.txt", b"x")],
    "backslash": [("data\\instances\\..\\luar.json", b"x")],
    "drive": [("C:/luar.txt", b"x")],
    "link": [(link("data/instances/sk-tim"), b"/tmp")],
    "journal": [("data/journal.json", b"{}")],
    "staged": [("data/staging/1", b"x")],
    "cache": [("data/cache/0/index.json", b"{}")],
    "hidden": [("sops/.git/hooks/post-commit", b"x")],
    "program": [("setup.py", b"x")],
    "twice": [("sops/penugasan.yaml", b"x")],
    "below-a-file": [("data/ledger.jsonl/1", b"x")],
    "bomb": [("data/attachments/sk-tim/0000/sk-tim-1/001.bin", bytes(150_000_000))],
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("more", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_zip_that_is_no_backup_leaves_nothing(
    office: "Room", tmp_path: Path, more: list[tuple[str | zipfile.ZipInfo, bytes]]
) -> None:
    backed_up(office, tmp_path / "cadangan.zip")
    with zipfile.ZipFile(tmp_path / "cadangan.zip") as file:
        parts = {name: file.read(name) for name in file.namelist()}
    names = {(about if isinstance(about, str) else about.filename): data for about, data in more}
    parts = listed_anew({**parts, **names})
    kept = [(name, data) for name, data in parts.items() if name not in names or name == "sops/penugasan.yaml"]
    place = tmp_path / "tujuan"
    place.mkdir()
    with pytest.raises(DamagedError) as refused:
        restored(written(place / "jahat.zip", [*kept, *more]), place / "lagi")
    assert refused.value.code == "backup"
    assert [path.name for path in place.iterdir()] == ["jahat.zip"]
    assert not (tmp_path / "luar.txt").exists()


def test_a_backup_that_tells_the_anchor_of_another_record_is_not_restored(office: "Room", tmp_path: Path) -> None:
    backed_up(office, tmp_path / "cadangan.zip")
    with zipfile.ZipFile(tmp_path / "cadangan.zip") as file:
        parts = {name: file.read(name) for name in file.namelist()}
    for anchor in ("", f"sopctl 1 {'0' * 64}", "\x1b[31msopctl"):
        told = json.dumps({**json.loads(parts[MANIFEST]), "anchor": anchor}).encode()
        forged = written(tmp_path / "palsu.zip", {**parts, MANIFEST: told}.items())
        with pytest.raises(DamagedError, match="sidiknya bukan sidik buku catatan di dalamnya"):
            restored(forged, tmp_path / "lagi")
        assert not (tmp_path / "lagi").exists()


def test_a_record_that_is_begun_meanwhile_stays(
    office: "Room", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backed_up(office, tmp_path / "cadangan.zip")
    shutil.rmtree(office.root / "data")

    def begin(archive: Archive, whole: Ledger) -> None:
        office.start("penugasan")
        check(archive, whole)

    check = restore._check_anchor  # noqa: SLF001 — the moment before it takes its place
    monkeypatch.setattr(restore, "_check_anchor", begin)
    with pytest.raises(UsageError, match="sudah mempunyai catatan"):
        restored(tmp_path / "cadangan.zip", office.root)
    assert list(office.session().store.list_ids()) == ["penugasan-1"]
    assert (office.root / "data" / "lock").is_file()
    office.note("penugasan-1", "masih jalan")
    assert verify(office.session().record, None).findings == ()


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_what_a_link_in_the_place_of_the_caches_leads_to_stays(office: "Room", tmp_path: Path) -> None:
    backed_up(office, tmp_path / "cadangan.zip")
    shutil.rmtree(office.root / "data")
    (office.root / "data").mkdir()
    (tmp_path / "lain").mkdir()
    (tmp_path / "lain" / "isi").write_bytes(b"x")
    (office.root / "data" / "cache").symlink_to(tmp_path / "lain")
    assert restored(tmp_path / "cadangan.zip", office.root).only_data
    assert (tmp_path / "lain" / "isi").is_file()
    assert not (office.root / "data" / "cache").is_symlink()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither")
def test_a_pipe_or_a_device_is_no_backup_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa.zip")
    for path in (tmp_path / "pipa.zip", Path("/dev/zero")):
        with pytest.raises(DamagedError, match="bukan file biasa"):
            restored(path, tmp_path / "lagi")


@pytest.mark.parametrize("anew", [False, True], ids=["listed-as-before", "listed-anew"])
def test_a_backup_that_was_altered_is_not_restored(office: "Room", tmp_path: Path, *, anew: bool) -> None:
    backed_up(office, tmp_path / "cadangan.zip")
    with zipfile.ZipFile(tmp_path / "cadangan.zip") as file:
        parts = {name: file.read(name) for name in file.namelist()}
    case = "data/instances/sk-tim/0000/sk-tim-1.json"
    parts[case] = parts[case].replace(b"Anggota pertama", b"Anggota lain")
    altered = written(tmp_path / "diubah.zip", [*(listed_anew(parts) if anew else parts).items()])
    with pytest.raises(SopctlError) as refused:
        restored(altered, tmp_path / "lagi")
    assert refused.value.code == ("backup_damaged" if anew else "backup")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cadangan.zip", "diubah.zip", "kantor"]


@pytest.mark.parametrize("cut", [0, 1, 100, 5000], ids=str)
def test_a_zip_that_is_cut_off_is_told_as_such(office: "Room", tmp_path: Path, cut: int) -> None:
    backed_up(office, tmp_path / "cadangan.zip")
    whole = (tmp_path / "cadangan.zip").read_bytes()
    (tmp_path / "terpotong.zip").write_bytes(whole[:-cut] if cut else b"")
    with pytest.raises(DamagedError):
        restored(tmp_path / "terpotong.zip", tmp_path / "lagi")
    assert not (tmp_path / "lagi").exists()


def test_an_office_without_any_case_is_backed_up_too(room: "Room", tmp_path: Path) -> None:
    made = backed_up(room, tmp_path / "cadangan.zip")
    assert (made.cases, made.anchor) == (0, "")
    assert restored(tmp_path / "cadangan.zip", tmp_path / "lagi").findings == ()
    assert os.listdir(tmp_path / "lagi" / "data") == []  # noqa: PTH208 — hidden ones too


def test_a_folder_that_cannot_be_made_is_told_as_it_was_named(room: "Room", tmp_path: Path) -> None:
    backed_up(room, tmp_path / "cadangan.zip")
    with pytest.raises(SopctlError) as raised:
        restored(tmp_path / "cadangan.zip", tmp_path / "cadangan.zip" / "baru")
    assert (str(tmp_path / "cadangan.zip" / "baru") in raised.value.message, ".pulih." in raised.value.message) == (
        1,
        0,
    )


def test_restoring_tells_where_sopctl_looks_for_the_record_instead(office: "Room", tmp_path: Path) -> None:
    office.say("record: {store: postgres, service: kantor}")
    workspace = Workspace(office.root)
    kept_in = JsonStore(workspace)
    write_backup(
        Record(workspace, clock=lambda: office.now, account="akun", kept_in=kept_in), tmp_path / "cadangan.zip"
    )
    found = restored(tmp_path / "cadangan.zip", tmp_path / "lain")
    assert (found.findings, [notice.kind for notice in found.notices]) == ((), ["office"])
    assert "Hapus store" in found.notices[0].message
    assert (tmp_path / "lain" / "data" / "ledger.jsonl").exists()
