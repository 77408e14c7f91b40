"""Every kind of line of the ledger, changed in each of its members, removed, repeated, swapped and inserted.

Once the chain is left as it breaks, once it is made anew, once the hash of the event or acceptance too. What the last
two can hide is what `docs/keandalan.md` says of those who may write the folder; everything else is found.
"""

import json
import re
import shutil
from collections.abc import Iterator
from copy import deepcopy
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from sopctl.audit.doctor import run_doctor
from sopctl.audit.verify import verify
from sopctl.desk.incoming_register import IncomingInput, add_incoming
from sopctl.store import ledger
from sopctl.store.files import ledger_file
from sopctl.store.ledger import OfficeLine

if TYPE_CHECKING:
    from pathlib import Path

    from tests.audit.conftest import Record
    from tests.conftest import Room

Line = dict[str, Any]
Lines = list[Line]
Case = tuple[str, Lines]


@pytest.fixture(scope="module")
def every(kept: "Room", hands: "type[Record]", tmp_path_factory: pytest.TempPathFactory) -> "Record":
    """An office whose ledger holds each kind of line: among others one of `doctor --mend` that added and accepted."""
    room = type(kept)(shutil.copytree(kept.root, tmp_path_factory.mktemp("every") / "kantor"))
    room.now = kept.now
    record = hands(room)
    lines = read(record.ledger)
    lines.remove(next(line for line in lines if line.get("case") == "sk-tim-1" and line["revision"] == 3))
    record.ledger.write_bytes(chained(lines))
    assert run_doctor(room.session().record, mend=True).findings == ()
    office = room.session().record.office_version
    line = OfficeLine(previous="", at=room.now, by="akun", office=office, holds=True)
    last = ledger.hash_line(ledger_file.read_last_line(record.ledger))
    with record.ledger.open("ab") as file:
        file.write(ledger.encode_chain([replace(line, head=line.digest)], last))
    with room.session().begin() as change:
        change.record_account_act("invite", "siti-aminah", room.now, "akun")
        change.record_account_act("disable", "siti-aminah", room.now, "akun")
        change.commit()
    room.note("penugasan-1", "sudah ditelepon")
    letter = IncomingInput(values={"surat_dari": "Bappeda", "perihal": "Rapat", "nomor_surat": "005/1"})
    add_incoming(room.session(), letter)
    room.approve(room.letter())
    assert verify(room.session().record, None).findings == ()
    return record


def read(path: "Path") -> Lines:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def encoded(line: object) -> bytes:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()


def chained(lines: Lines, *, heads: bool = False) -> bytes:
    """The lines with a chain made anew, and where wanted the hashes of what they say."""
    written, previous = [], ""
    for line in lines:
        line["previous"] = previous
        if heads and line["kind"] == "event":
            line["head"] = sha256(encoded(line["event"])).hexdigest()
        elif heads and line["kind"] == "office":
            line["head"] = sha256(encoded([line[name] for name in ("at", "by", "office", "holds")])).hexdigest()
        elif heads and line["kind"] == "account":
            said = [line[name] for name in ("at", "by", "act", "account", "office")]
            line["head"] = sha256(encoded(said)).hexdigest()
        elif heads and line["kind"] == "mended":
            line["head"] = sha256(encoded(line | {"previous": "", "head": ""})).hexdigest()
        written.append(encoded(line))
        previous = sha256(written[-1]).hexdigest()
    return b"".join(text + b"\n" for text in written)


def other(value: object) -> object:
    """Another value that the member might have had."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return [*value, value[-1] if value and isinstance(value[-1], dict) else 1]
    if isinstance(value, dict):
        return dict(list(value.items())[:-1]) or {"lain": "lain"}
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\dT", value):
        return f"{value[:-1]}{'0' if value.endswith('1') else '1'}"
    return "2026-11-23T09:00:00+07:00"


def altered(lines: Lines) -> Iterator[Case]:
    """Each line that is the first or the last of its kind, altered in every way, by what was done."""
    kinds = [f"{line['kind']}{' of an incoming letter' * ('masuk' in line.get('entry', ()))}" for line in lines]
    chosen = {kinds.index(kind) for kind in kinds} | {len(kinds) - 1 - kinds[::-1].index(kind) for kind in kinds}
    for at in sorted(chosen):
        kind = kinds[at]
        for name in lines[at]:
            inner = lines[at][name] if isinstance(lines[at][name], dict) and name in {"event", "entry"} else {"": ""}
            for part in inner:
                new = deepcopy(lines)
                if part:
                    new[at][name][part] = other(new[at][name][part])
                else:
                    new[at][name] = other(new[at][name])
                yield f"{kind} {name}.{part}".rstrip("."), new
        yield f"{kind} removed", deepcopy([*lines[:at], *lines[at + 1 :]])
        yield f"{kind} repeated beside", deepcopy([*lines[: at + 1], *lines[at:]])
        yield f"{kind} repeated at the end", deepcopy([*lines, lines[at]])
        yield f"{kind} moved to the front", deepcopy([lines[at], *lines[:at], *lines[at + 1 :]])
        if at + 1 < len(lines):
            swapped = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
            yield f"{kind} swapped with {kinds[at + 1]}", deepcopy(swapped)


def missed(record: "Record", cases: Iterator[tuple[str, bytes]]) -> set[str]:
    """What was done where verify finds nothing."""
    before, nothing = record.ledger.read_bytes(), set()
    try:
        for what, data in cases:
            record.ledger.write_bytes(data)
            if data != before and not verify(record.room.session().record, None).findings:
                nothing.add(what)
    finally:
        record.ledger.write_bytes(before)
    return nothing


def test_where_the_chain_is_left_everything_is_found(every: "Record") -> None:
    lines = read(every.ledger)
    found = missed(every, ((what, b"".join(encoded(one) + b"\n" for one in new)) for what, new in altered(lines)))
    assert found == set()


NEIGHBOURS = {f"{kind} swapped with event" for kind in ("number", "number of an incoming letter", "account")}
NEIGHBOURS |= {"office swapped with account", "account swapped with account"}
WITHOUT_ACCOUNTS = {"office removed", "account removed"}
TOLD_BY_NO_OTHER = {f"office {member}" for member in ("at", "by", "holds")}
TOLD_BY_NO_OTHER |= {f"account {member}" for member in ("at", "by", "account")}
TOLD_BY_NO_OTHER |= {f"mended {member}" for member in ("at", "by", "anew", "ahead")}


@pytest.mark.parametrize(
    ("heads", "hidden"),
    [
        pytest.param(False, NEIGHBOURS | WITHOUT_ACCOUNTS, id="the chain"),
        pytest.param(True, NEIGHBOURS | WITHOUT_ACCOUNTS | TOLD_BY_NO_OTHER, id="the hashes of what is said too"),
    ],
)
def test_what_is_made_anew_can_hide_only_what_nothing_else_tells(
    every: "Record", *, heads: bool, hidden: set[str]
) -> None:
    lines = read(every.ledger)
    assert missed(every, ((what, chained(new, heads=heads)) for what, new in altered(lines))) == hidden
