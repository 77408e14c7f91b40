"""The office that `bench.death` tries its commands in: a case for each of them, and the commands by name."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from msgspec import Struct

from bench.office import FILLED
from sopctl.audit.backup import write_backup
from sopctl.desk import agenda, moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.session import Session, account
from sopctl.desk.setup import init
from sopctl.desk.start import StartInput, start
from sopctl.engine.refused import Refused
from sopctl.store.workspace import Workspace

PARENT = """id: induk
nama: Induk
pelaksana: {tim: Tim Kerja, kadis: Kepala Dinas}
documents:
  lembar: {template: lembar-hasil.docx, kode: 000.1}
steps:
  - {id: konsep, kegiatan: Menyusun, pelaksana: tim, output: Konsep, document: {name: lembar, act: draft}}
  - {id: serahkan, kegiatan: Menyerahkan kepada tim lain, pelaksana: tim, sop: anak}
  - {id: tandatangan, kegiatan: Menandatangani, pelaksana: kadis, output: Lembar, document: {name: lembar, act: sign}}
"""
CHILD = """id: anak
nama: Anak
pelaksana: {kadis: Kepala Dinas}
documents:
  lembar: {template: lembar-hasil.docx, kode: 000.1}
steps:
  - {id: tandatangan, kegiatan: Menandatangani, pelaksana: kadis, output: Lembar, document: {name: lembar, act: sign}}
"""
FORK = """id: rapat
nama: Rapat
pelaksana: {kabid: Kepala Bidang, tim: Tim Kerja, kadis: Kepala Dinas}
documents:
  lembar: {template: lembar-hasil.docx, kode: 000.1}
steps:
  - {id: perintah, kegiatan: Memerintahkan, pelaksana: kabid, output: Perintah, next: [konsep, titip]}
  - {id: konsep, kegiatan: Menyusun, pelaksana: tim, output: Konsep, document: {name: lembar, act: draft}}
  - {id: paraf, kegiatan: Memeriksa, pelaksana: kabid, document: {name: lembar, act: initial},
     branches: {ya: laksana, ulang: perintah}}
  - {id: titip, kegiatan: Menyiapkan tempat, pelaksana: tim, output: Tempat, next: laksana}
  - {id: laksana, kegiatan: Menandatangani, pelaksana: kadis, output: Lembar, document: {name: lembar, act: sign}}
"""
LEFT_OUT = """id: tera
nama: Tera
pelaksana: {tim: Tim Kerja}
fields:
  nilai: {label: Nilai, type: number, required: ya}
steps:
  - {id: tinjau, kegiatan: Meninjau, pelaksana: tim, output: Catatan, optional: ya}
  - {id: telaah, kegiatan: Menelaah, pelaksana: tim, output: Telaah, optional: {when: nilai < 5}}
  - {id: simpan, kegiatan: Menyimpan, pelaksana: tim, output: Arsip}
"""
After = Literal["moved", "mended", "written", "restored"]


class Command(Struct, frozen=True):
    """A command by its words, and what is to hold ``after`` it: the record moved, was mended, or a file was written."""

    words: tuple[str, ...]
    after: After = "moved"


COMMANDS: Mapping[str, Command] = {
    "start": Command(("start", "penugasan", "--subject", "Baru")),
    "approve": Command(("approve", "penugasan-1")),
    "decide": Command(("decide", "sk-tim-2", "sesuai")),
    "reject": Command(("reject", "sk-tim-2", "--note", "belum sesuai")),
    "sign": Command(("approve", "sk-tim-1")),
    "withdraw": Command(("withdraw", "sk-tim-3", "--note", "keliru")),
    "begin": Command(("begin", "sk-tim-2")),
    "set": Command(("set", "sk-tim-2", "dasar=Disposisi")),
    "attach": Command(("attach", "sk-tim-2", "Bahan terkait penugasan Tim Kerja", "{office}/sopctl.yaml")),
    "note": Command(("note", "sk-tim-2", "sudah ditelepon")),
    "assign": Command(("assign", "sk-tim-2", "kabid", "akun-lain")),
    "suspend": Command(("suspend", "sk-tim-2", "--note", "menunggu data")),
    "resume": Command(("resume", "sk-tim-5")),
    "cancel": Command(("cancel", "sk-tim-4", "--note", "tidak jadi")),
    "migrate": Command(("migrate", "sk-tim-2", "--yes")),
    "call": Command(("approve", "induk-1")),
    "return": Command(("approve", "anak-1")),
    "free": Command(("cancel", "anak-2", "--note", "tidak jadi")),
    "fork": Command(("approve", "rapat-1")),
    "arm": Command(("approve", "rapat-2", "--step", "titip")),
    "join": Command(("approve", "rapat-3", "--step", "paraf")),
    "arms withdrawn": Command(("reject", "rapat-3", "--step", "paraf", "--note", "ulang")),
    "skip": Command(("skip", "tera-1", "--note", "tidak perlu")),
    "skipped next": Command(("approve", "tera-1")),
    "agenda add": Command(("agenda", "add", "--perihal", "Undangan", "--kode", "000.1")),
    "agenda set": Command(("agenda", "set", "sk-tim-6", "--nomor", "3")),
    "agenda withdraw": Command(("agenda", "withdraw", "{number}", "--note", "salah")),
    "doctor --mend": Command(("doctor", "--mend"), "mended"),
    "doctor --accept-office": Command(("doctor", "--accept-office", "--mend"), "mended"),
    "bundle": Command(("bundle", "sk-tim-4", "--out", "{beside}/bundel.zip"), "written"),
    "backup": Command(("backup", "{beside}/cadangan.zip"), "written"),
    "restore": Command(("restore", "{beside}/ada.zip", "{beside}/lagi"), "restored"),
    "restore data": Command(("restore", "{beside}/ada.zip", "{beside}/kosong"), "restored"),
}
"""The commands that write, each by its words."""


class Sight(Struct, frozen=True):
    """What can be counted of a record: the events of each case, and the lines of the register."""

    revisions: dict[str, int]
    register: int

    @classmethod
    def of(cls, root: Path) -> "Sight":
        """Look."""
        store = opened(root).record.whole_store
        revisions = {id: store.load_instance(id).revision for id in store.list_ids()}
        return cls(revisions, len(list(store.read_register())))


def opened(root: Path, *, ago: timedelta = timedelta()) -> Session:
    """The desk as a process opens it."""
    return Session(Workspace(root), now=lambda: datetime.now(UTC) - ago, account=account())


def furnish(root: Path, *, shared: bool) -> None:
    """Make the office: every command of the table has its case; with ``shared`` its folder belongs to a group."""
    init(root)
    (root / "sops" / "induk.yaml").write_text(PARENT, encoding="utf-8")
    (root / "sops" / "anak.yaml").write_text(CHILD, encoding="utf-8")
    (root / "sops" / "rapat.yaml").write_text(FORK, encoding="utf-8")
    (root / "sops" / "tera.yaml").write_text(LEFT_OUT, encoding="utf-8")
    office = root / "sopctl.yaml"
    if shared:
        office.write_text(f"{office.read_text(encoding='utf-8')}\nrecord: {{share: group}}\n", encoding="utf-8")
    desk = opened(root, ago=timedelta(hours=2))
    for steps in (4, 3, 3, 5, 2, 0):
        _moved(desk, "sk-tim", steps)
    _made(moves.suspend(desk, "sk-tim-5", MoveInput(note="menunggu")))
    _moved(desk, "penugasan", 0)
    for steps in (0, 1, 1):
        _moved(desk, "induk", steps)
    for arms in ((), ("konsep",), ("konsep", "titip")):
        _moved_in_arms(desk, arms)
    _moved(desk, "tera", 0, "nilai=3")
    _made(agenda.add(desk, agenda.NewLetter(perihal="Undangan", kode="000.1")))
    _awaiting_a_number(root, "sk-tim-6")
    sop = root / "sops" / "sk-tim.yaml"  # edited while cases run, for the one that goes on under the new version
    sop.write_text(sop.read_text(encoding="utf-8").replace("waktu: 10 Menit", "waktu: 20 Menit"), encoding="utf-8")


def visit(root: Path) -> None:
    """Leave a trace of another account in cases that are moved later."""
    for id in ("sk-tim-1", "sk-tim-2", "induk-1", "anak-1"):
        _made(moves.note(opened(root, ago=timedelta(hours=1)), id, MoveInput(note="dibaca")))


def copy_aside(root: Path) -> None:
    """Put beside the office a backup of it, and a workspace that has lost its record."""
    write_backup(opened(root).record, root.parent / "ada.zip")
    init(root.parent / "kosong")


def damage(root: Path) -> None:
    """Take away what `doctor --mend` can make again, a case and the last line of the ledger; change `sopctl.yaml`."""
    (root / "data" / "instances" / "sk-tim" / "0000" / "sk-tim-4.json").unlink()
    ledger = root / "data" / "ledger.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join(lines[:-1]))
    with (root / "sopctl.yaml").open("a", encoding="utf-8") as office:
        office.write("# lain\n")


def words(root: Path, command: str) -> list[str]:
    """The command line in this office."""
    number = next(one.nomor for one in opened(root).record.whole_store.read_register() if one.nomor and one.id)
    given = [word.format(office=root, beside=root.parent, number=number) for word in COMMANDS[command].words]
    return given if given[0] == "restore" else [*given, "--workspace", str(root)]


def _moved(desk: Session, sop: str, steps: int, *sets: str) -> None:
    """A new case with these values, so many rows on."""
    opening = start(desk, sop, StartInput(subject="Tim Kerja"), MoveInput(sets=sets))
    if isinstance(opening, Refused):
        raise SystemExit(opening.message)
    for _ in range(steps):
        _advance(desk, opening.id)


def _moved_in_arms(desk: Session, arms: tuple[str, ...]) -> None:
    """A new case of the SOP that forks, on to these arms where there are any."""
    _moved(desk, "rapat", 1 if arms else 0)
    id = max(id for id in desk.store.list_ids() if id.startswith("rapat-"))
    for step in arms:
        _made(moves.approve(desk, id, MoveInput(step=step)))


def _advance(desk: Session, id: str) -> None:
    step = desk.record.load_case(id).state.visit.step
    _made(moves.approve(desk, id, MoveInput(sets=FILLED.get(step, ()))))


def _awaiting_a_number(root: Path, id: str) -> None:
    """Sign a letter while numbers come from the registry desk."""
    office = root / "sopctl.yaml"
    before = office.read_text(encoding="utf-8")
    office.write_text(before.replace("letter_number:\n", "letter_number:\n  when: desk\n"), encoding="utf-8")
    for _ in range(5):
        _advance(opened(root, ago=timedelta(hours=2)), id)
    office.write_text(before, encoding="utf-8")


def _made(answer: object) -> None:
    if isinstance(answer, Refused):
        raise SystemExit(answer.message)
