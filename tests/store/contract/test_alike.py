"""Random acts on every kind of store at once: all answer alike, keep alike, and their ledgers have the same bytes."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.instance import Instance
from sopctl.errors import SopctlError
from sopctl.store.transaction import Transaction
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
        st.sampled_from(["give", "give", "enter", "wait", "withdraw", "unsign", "next"]),
        st.sampled_from(["surat", "é"]),
        SMALL,
        st.sampled_from(SEQUENCES),
    ),
)
TRANSACTIONS = st.lists(st.tuples(st.lists(ACTS, max_size=8), st.sampled_from([True, True, False])), max_size=8)
BEGINNING = [
    *(Acted("open", number=number) for number in (0, 1, 0)),
    *(Acted("give", "surat", sequence=sequence) for sequence in SEQUENCES[:2]),
]


class Actor:
    """Does acts in a transaction; each method is a kind of act, and answers what came of it."""

    def __init__(self, change: Transaction) -> None:
        self._change = change
        self._saved: dict[str, Case] = {}

    def open(self, done: Acted) -> str:
        text = acts.sop_text(_sop(done))
        case = opened(self._change.new_id(_sop(done)), done.text, sha256(text).hexdigest())
        self._change.pin_sop(case.instance.version, text)
        self._save(case)
        return case.id

    def note(self, done: Acted, times: int = 1) -> Instance:
        loaded = acts.read(self._change.load_instance(_id(done)))
        case = self._saved.get(loaded.id, loaded)
        for _ in range(times):
            case = noted(case, done.text)
            self._save(case)
        return case.instance

    def twice(self, done: Acted) -> Instance:
        return self.note(done, 2)

    def invite(self, done: Acted) -> None:
        self._change.record_account_act("invite", done.text, NOW, done.text)

    def pin(self, done: Acted) -> None:
        self._change.pin_sop(sha256(done.text.encode()).hexdigest(), done.text.encode())

    def use(self, done: Acted) -> None:
        self._change.use_office(sha256(done.text.encode()).hexdigest(), done.text.encode())

    def accept(self, done: Acted) -> None:
        self._change.accept_office(sha256(done.text.encode()).hexdigest(), NOW, "akun", holds=bool(done.number))

    def document(self, done: Acted) -> tuple[str, bytes]:
        path = self._change.add_document(_id(done), done.text, done.text.encode() * done.number)
        return path, self._change.read_file(path)

    def attachment(self, done: Acted) -> tuple[str, bytes]:
        path = self._change.add_attachment(_id(done), done.text, b"x" * 300_000 * done.number)
        return path, self._change.read_file(path)

    def give(self, done: Acted) -> int:
        number = self._change.next_urut(done.sequence)
        self._change.add_entry(entry(number, done.text), done.sequence)
        return number

    def enter(self, done: Acted) -> None:
        last = self._change.next_urut(done.sequence) - 1
        written = entry(10 * done.number + 10, done.text, "entered")
        self._change.add_entry(replace(written, last=last), done.sequence)

    def wait(self, done: Acted) -> None:
        self._change.add_entry(replace(entry(0, done.text, "awaited"), nomor=""), done.sequence)

    def withdraw(self, done: Acted) -> None:
        self._change.amend_entry(entry(done.number + 1, done.text, "withdrawn"))

    def unsign(self, done: Acted) -> None:
        self._change.amend_entry(entry(done.number + 1, done.text, "unsigned"))

    def _save(self, case: Case) -> None:
        self._saved[case.id] = case
        self._change.save_instance(case.instance)

    def next(self, done: Acted) -> int:
        return self._change.next_urut(done.sequence)


def _sop(done: Acted) -> str:
    return ("uji", "lain")[done.number % 2]


def _id(done: Acted) -> str:
    return f"{_sop(done)}-{done.number // 2 + 1}"


def work(kept: Kept, done: list[Acted], *, commit: bool) -> list[object]:
    """What a transaction answers to each of its acts."""
    said: list[object] = []
    with kept.open().begin() as change:
        actor = Actor(change)
        for one in done:
            try:
                said.append(getattr(actor, one.kind)(one))
            except SopctlError as error:
                said.append((type(error).__name__, error.code))
        if commit:
            change.commit()
    return said


def index_answers(kept: Kept) -> dict[str, object]:
    record = KeptRoom(kept).session().record
    return answers(record.whole_store.open_index(record))


@pytest.fixture(scope="module", params=["files", "postgres"])
def make_both(
    request: pytest.FixtureRequest, seed: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], tuple[Kept, Kept]]]:
    """Make an empty record of this kind and a plain one, in the office of the seeds."""
    folder, numbers = tmp_path_factory.mktemp("alike"), count()

    def make() -> tuple[Kept, Kept]:
        roots = [folder / f"{next(numbers)}" for _ in range(2)]
        for root in roots:
            root.mkdir()
            shutil.copy(seed / "sopctl.yaml", root)
        return KeptInMemory(roots[0]), open_other(roots[1])

    def open_other(root: Path) -> Kept:
        if request.param == "files":
            return KeptInFiles(root)
        from tests.store.contract.kept_in_postgres import KeptInPostgres  # noqa: PLC0415 — brings psycopg

        return KeptInPostgres(root, request.getfixturevalue("shared_database"))

    yield make
    shutil.rmtree(folder)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(transactions=TRANSACTIONS)
def test_the_same_acts_come_to_the_same_in_every_store(
    make_both: Callable[[], tuple[Kept, Kept]], transactions: list[tuple[list[Acted], bool]]
) -> None:
    plain, other = make_both()
    with closing(other):
        for done, commit in ((BEGINNING, True), *transactions):
            assert work(other, done, commit=commit) == work(plain, done, commit=commit)
        assert everything(other.open()) == everything(plain.open())
        assert index_answers(other) == index_answers(plain)
