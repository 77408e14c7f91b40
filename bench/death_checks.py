"""What must hold of an office in which a command died or failed, and of what that wrote beside it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from signal import SIGKILL

from msgspec import Struct

from bench.death_office import COMMANDS, Sight, opened, words
from sopctl.audit.backup import write_backup
from sopctl.audit.backup_archive import check_archive
from sopctl.audit.doctor import run_doctor
from sopctl.audit.restore import restore_backup
from sopctl.audit.returned_bundle import compare_bundle
from sopctl.audit.verify import verify
from sopctl.desk import agenda, moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.session import account
from sopctl.engine.refused import Refused
from sopctl.errors import SopctlError


class Ended(Struct, frozen=True):
    """How a command was stopped, and how it ended."""

    how: str
    code: int
    out: str
    err: str


def find_wrong(place: Path, command: str, ended: Ended, before: Sight, after: Sight) -> list[str]:
    """What is wrong with the office in that folder; ``before`` and ``after`` are how it looks without the accident."""
    try:
        return list(_find_wrong(place, command, ended, before, after))
    except SopctlError as error:
        return [f"the next command fails: {error.message}"]


def _find_wrong(place: Path, command: str, ended: Ended, before: Sight, after: Sight) -> Iterator[str]:
    root, kind = place / "kantor", COMMANDS[command].after
    if ended.how == "KILL" and ended.code not in {-SIGKILL, 0}:
        yield f"ended with {ended.code}: {ended.err}"
    if "Traceback" in ended.err:
        yield f"a traceback: {ended.err}"
    if kind == "mended":
        run_doctor(opened(root).record, mend=True)
    yield from _intact(root)
    found = Sight.of(root)
    if found not in (before, after):
        yield f"half done: {before} {found} {after}"
    if kind == "moved":
        yield from _told(ended, happened=found == after)
    if kind == "written":
        yield from _written(place, ended)
    if kind == "restored":
        yield from _restored(place, command, ended, before)
    yield from _goes_on(root)


def _intact(root: Path) -> Iterator[str]:
    """Whether verify holds, and doctor only sweeps."""
    findings = verify(opened(root).record, None).findings
    if findings:
        yield f"verify: {findings[0].message}"
    mended = run_doctor(opened(root).record)
    if mended.findings:
        yield f"doctor: {mended.findings[0].message}"
    data = root / "data"
    left = [*data.rglob("*.tmp"), *data.glob("staging/*"), *data.glob("journal.json")]
    if left:
        yield f"rubbish after doctor: {left}"


def _told(ended: Ended, *, happened: bool) -> Iterator[str]:
    """Whether the command said what became of it."""
    if ended.code == 0 and not happened:
        yield "said done, and nothing was recorded"
    if ended.code not in {0, -SIGKILL} and happened and not _says_unfinished(ended.out):
        yield f"recorded, and said it was not: {ended.out} {ended.err}"


def _says_unfinished(text: str) -> bool:
    try:
        return bool(json.loads(text)["error"]["code"] == "unfinished")
    except (ValueError, KeyError, TypeError):
        return False


def _written(place: Path, ended: Ended) -> Iterator[str]:
    """Whether the zip is whole or not there, and can be written the next time."""
    backup, bundle = place / "cadangan.zip", place / "bundel.zip"
    if ended.code == 0 and not (backup.exists() or bundle.exists()):
        yield "said done, and wrote nothing"
    if bundle.exists() and compare_bundle(opened(place / "kantor").record, bundle).findings:
        yield "a bundle that does not hold"
    if not backup.exists():
        write_backup(opened(place / "kantor").record, backup)
    if left := [*place.glob(".*.tmp")]:
        yield f"rubbish beside the backup: {left}"
    check_archive(backup)
    if restore_backup(backup, place / "pulih", lambda: datetime.now(UTC), account()).findings:
        yield "a backup that does not hold"


def _restored(place: Path, command: str, ended: Ended, before: Sight) -> Iterator[str]:
    """Whether the restored office is whole or not there, and can be restored the next time."""
    target = Path(words(place / "kantor", command)[2])
    there = (target / "data" / "ledger.jsonl").exists()
    if ended.code == 0 and not there:
        yield "said done, and restored nothing"
    if not there:
        restore_backup(place / "ada.zip", target, lambda: datetime.now(UTC), account())
    yield from _intact(target)
    if Sight.of(target) != before:
        yield f"half restored: {Sight.of(target)}"
    if left := [path for path in place.glob(".*") if path.suffix != ".lock"]:  # the empty file of the lock may stay
        yield f"rubbish after restoring: {left}"


def _goes_on(root: Path) -> Iterator[str]:
    """Whether a case goes on, the next letter gets the next number, and every number stands once."""
    for done in (
        moves.note(opened(root), "sk-tim-2", MoveInput(note="sesudahnya")),
        agenda.add(opened(root), agenda.NewLetter(perihal="Sesudahnya", kode="000.9")),
    ):
        if isinstance(done, Refused):
            yield f"nothing goes on: {done.message}"
    given = (
        entry for entry in opened(root).record.whole_store.read_register() if entry.kind in {"given", "entered", "set"}
    )
    urut = sorted(entry.urut for entry in given)
    if urut != list(range(1, len(urut) + 1)):
        yield f"numbers: {urut}"
