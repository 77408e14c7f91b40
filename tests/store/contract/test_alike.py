"""Random acts on every kind of store at once: all answer alike, keep alike, and their ledgers have the same bytes."""

import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from sopctl.errors import SopctlError
from sopctl.store.protocol import Transaction
from tests.store.contract import acts
from tests.store.contract.acts import INCOMING, NOW, SEQUENCE, Kept, entry, everything, noted, opened
from tests.store.contract.stores import KeptInFiles, KeptInMemory, KeptRoom
from tests.store.contract.test_index import answers

SEQUENCES = SEQUENCE, "2025/semua.jsonl", "2026/000.1.jsonl", INCOMING
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
NAMES = st.text("abc 1.-_é", min_size=1, max_size=12).map(str.strip).filter(lambda name: name.strip(". "))
SMALL = st.integers(0, 3)


class Acted(Struct, frozen=True):
    """What a transaction does, with which text and number."""

    kind: str
    text: str = ""
    number: int = 0
    sequence: str = SEQUENCE


ACTS = st.one_of(
    st.builds(Acted, st.sampled_from(["open", "note", "twice", "invite", "pin"]), TEXTS, SMALL),
    st.builds(Acted, st.sampled_from(["use", "use", "accept"]), st.sampled_from(["satu", "dua"]), SMALL),
    st.builds(Acted, st.sampled_from(["document", "attachment"]), NAMES, SMALL),
    st.builds(
        Acted,
        st.sampled_from(["give", "give", "enter", "await", "withdraw", "unsign", "next"]),
        st.sampled_from(["surat", "é"]),
        SMALL,
        st.sampled_from(SEQUENCES),
    ),
)
TRANSACTIONS = st.lists(st.tuples(st.lists(ACTS, max_size=8), st.sampled_from([True, True, False])), max_size=8)
BEGINNING = [
    Acted("open"), Acted("open", number=1), Acted("open"), Acted("give", "surat"), Acted("give", "surat", 0, SEQUENCES[1]),
]  # fmt: skip


def act(change: Transaction, done: Acted) -> object:
    """Do one act in a transaction; what came of it."""
    text, sop = done.text, ("uji", "lain")[done.number % 2]
    id = f"{sop}-{done.number // 2 + 1}"
    match done.kind:
        case "open":
            case = opened(change.new_id(sop), text, sha256(acts.sop_text(sop)).hexdigest())
            change.pin_sop(case.instance.version, acts.sop_text(sop))
            change.save_instance(case.instance)
            return case.id
        case "note" | "twice":
            case = acts.read(change.load_instance(id))
            for _ in range(1 + (done.kind == "twice")):
                case = noted(case, text)
                change.save_instance(case.instance)
            return case.instance
        case "invite":
            return change.record_account_act("invite", text, NOW, text)
        case "pin":
            return change.pin_sop(sha256(text.encode()).hexdigest(), text.encode())
        case "use":
            return change.use_office(sha256(text.encode()).hexdigest(), text.encode())
        case "accept":
            return change.accept_office(sha256(text.encode()).hexdigest(), NOW, "akun", holds=bool(done.number))
        case "document":
            path = change.add_document(id, text, text.encode() * done.number)
            return path, change.read_file(path)
        case "attachment":
            path = change.add_attachment(id, text, b"x" * 300_000 * done.number)
            return path, len(change.read_file(path))
        case _:
            return act_on_letter(change, done)


def act_on_letter(change: Transaction, done: Acted) -> object:
    written = entry(done.number + 1, done.text)
    match done.kind:
        case "give":
            number = change.next_urut(done.sequence)
            change.add_entry(replace(written, urut=number, nomor=f"1/{number}"), done.sequence)
            return number
        case "enter":
            entered = replace(written, kind="entered", urut=10 * written.urut, last=change.next_urut(done.sequence) - 1)
            return change.add_entry(entered, done.sequence)
        case "await":
            return change.add_entry(replace(written, kind="awaited", urut=0, nomor=""), done.sequence)
        case "withdraw" | "unsign":
            kind = "withdrawn" if done.kind == "withdraw" else "unsigned"
            return change.amend_entry(replace(written, kind=kind, note=done.text))  # type: ignore[arg-type]  # one of the two
        case _:
            return change.next_urut(done.sequence)


def work(kept: Kept, done: list[Acted], *, commit: bool) -> list[object]:
    """What a transaction answers to each of its acts."""
    said: list[object] = []
    with kept.open().begin() as change:
        for one in done:
            try:
                said.append(act(change, one))
            except SopctlError as error:
                said.append((type(error).__name__, error.code))
        if commit:
            change.commit()
    return said


def index_answers(kept: Kept) -> dict[str, object]:
    record = KeptRoom(kept).session().record
    return answers(record.whole_store.open_index(record))


@pytest.fixture(scope="module")
def make_all(seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], list[Kept]]]:
    """Make an empty record of each kind, in the office of the seeds."""
    folder, numbers = tmp_path_factory.mktemp("alike"), count()

    def make() -> list[Kept]:
        roots = [folder / f"{next(numbers)}" for _ in range(2)]
        for root in roots:
            root.mkdir()
            shutil.copy(seed / "sopctl.yaml", root)
        return [KeptInMemory(roots[0]), KeptInFiles(roots[1])]

    yield make
    shutil.rmtree(folder)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(transactions=TRANSACTIONS)
def test_the_same_acts_come_to_the_same_in_every_store(
    make_all: Callable[[], list[Kept]], transactions: list[tuple[list[Acted], bool]]
) -> None:
    plain, *others = make_all()
    for done, commit in ((BEGINNING, True), *transactions):
        said = work(plain, done, commit=commit)
        for other in others:
            assert work(other, done, commit=commit) == said
    found, answered = everything(plain.open()), index_answers(plain)
    for other in others:
        assert everything(other.open()) == found
        assert index_answers(other) == answered
