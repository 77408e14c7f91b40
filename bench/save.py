"""Load a case, complete a step, save it to last, against a plain dict in a JSON file that is made to last the same way.

Ours includes the lock, the reading of the schema, the fold, the rules, the hash chain and the ledger. The peer reads
the same file with `json`, adds an event and writes it back: a file beside it, fsync, replace, fsync of the folder.
Where the folder for temporary files lies in memory an fsync costs nothing, and the difference shows most.
"""

import json
import os
import sys
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from bench.office import CASE, MORNING, furnished
from bench.ratio import Result, medians, table
from sopctl.engine import moves
from sopctl.engine.case import Case
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop
from sopctl.store.files import cases
from sopctl.store.files.json_store import JsonStore
from sopctl.store.workspace import Workspace

ROUNDS = 300


def ours(store: JsonStore, sop: Sop, office: tuple[str, bytes]) -> None:
    """One step of a stored case, under the office file with this sha256 and text."""
    now = MORNING + timedelta(hours=1)
    with store.begin() as change:
        change.use_office(*office)
        case = Case.read(sop, change.load_instance(CASE))
        event = moves.approve(sop, case.state, Request(at=now, now=now, by="petugas"))
        if isinstance(event, Refused):
            raise SystemExit(event.message)
        change.save_instance(case.after(event).instance)
        change.commit()


def theirs(path: Path) -> None:
    """The same change to a dict."""
    with path.open(encoding="utf-8") as file:
        case: dict[str, Any] = json.load(file)
    case["revision"] += 1
    case["events"].append({**case["events"][-1], "number": case["revision"]})
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(case, file, indent=1, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def settle() -> None:
    """Wait until the disk has what a round begins with, else the fsyncs that are measured would wait for that too."""
    if sys.platform != "win32":
        os.sync()


def measured(rounds: int = ROUNDS) -> list[Result]:
    """Seconds for one step, every time from the same case and the same ledger."""
    with TemporaryDirectory() as folder:
        workspace = Workspace(furnished(Path(folder)))
        store = JsonStore(workspace)
        path = cases.path_of(workspace.instances, CASE)
        stored = {file: file.read_bytes() for file in (path, workspace.ledger)}
        sop, _ = read_sop(store.read_version("sops", store.load_instance(CASE).version), "sops/sk-tim.yaml")
        if sop is None:
            raise SystemExit("The stored SOP cannot be read.")
        text = workspace.office.read_bytes()
        office = (sha256(text).hexdigest(), text)
        plain = path.parent.parent / "plain.json"

        def mine() -> float:
            for file, data in stored.items():
                file.write_bytes(data)
            settle()
            began = perf_counter()
            ours(store, sop, office)
            return perf_counter() - began

        def peers() -> float:
            plain.write_bytes(stored[path])
            settle()
            began = perf_counter()
            theirs(plain)
            return perf_counter() - began

        mine_median, peer_median = medians([mine, peers], rounds)
    return [
        Result(
            what="load, step and save, on the disk",
            peer="json.load, json.dump, fsync",
            ours=mine_median,
            theirs=peer_median,
            at_least=0.8,
        )
    ]


if __name__ == "__main__":
    print(table(measured()))
