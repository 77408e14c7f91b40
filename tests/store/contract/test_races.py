"""Several processes at once, on files and on a database by two roles: no move and no number is made twice.

Of two who act on what they both saw one succeeds, and the other hears of it.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sopctl.audit import verify
from sopctl.desk import agenda, incoming_register, moves, start
from sopctl.desk.incoming_register import IncomingChange, IncomingInput
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.errors import BusyError
from sopctl.store.workspace import Workspace
from tests.store.contract.acts import LETTER

if TYPE_CHECKING:
    from tests.conftest import Room

ROUND = """
id: putar
nama: Putar
pelaksana: {tim: Tim Kerja}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: tim, branches: {lagi: susun, selesai: end}}
"""
ROUNDS = 40
CLERKS = 6
LETTERS = 3


def session(root: Path, account: str) -> Session:
    """A desk as a process of its own opens it."""
    return Session(Workspace(root), now=lambda: datetime.now(UTC), account=account)


def enter_letters(root: Path, account: str, ready: Barrier, answers: "Queue[tuple[int, str]]") -> None:
    """Enter letters that came in, while others do, and open a case from the one that was there before."""
    ready.wait(60)
    typed = IncomingInput(values={"surat_dari": account, "perihal": "Undangan"})
    for turn in range(LETTERS):
        entered = patiently(partial(incoming_register.add_incoming, session(root, account), typed))
        assert isinstance(entered, IncomingChange)
        answers.put((turn, entered.entry.nomor))
    of = start.StartInput(agenda="1")
    opened = patiently(partial(start.start, session(root, account), "putar", of, MoveInput()))
    answers.put((LETTERS, "opened" if isinstance(opened, Outcome) else opened.reason))


T = TypeVar("T")


def patiently(command: Callable[[], T]) -> T:
    """What a command comes to that is given again where it waited too long for the others."""
    while True:
        with suppress(BusyError):
            return command()


def approve_over_and_over(root: Path, account: str, ready: Barrier, answers: "Queue[tuple[int, str]]") -> None:
    """Approve what both have seen, at the same moment, many times."""
    for turn in range(ROUNDS):
        ready.wait(30)
        seen = session(root, account).store.load_instance("putar-1").revision
        ready.wait(30)
        typed = MoveInput(seen=seen, note="lagi")
        answer = patiently(partial(moves.approve, session(root, account), "putar-1", typed))
        answers.put((turn, "done" if isinstance(answer, Outcome) else answer.reason))


def sign_letters(root: Path, account: str, ready: Barrier, answers: "Queue[tuple[int, str]]") -> None:
    """Open cases and sign their letters, while others do."""
    ready.wait(60)
    for turn in range(LETTERS):
        of = start.StartInput(subject=account)
        started = patiently(partial(start.start, session(root, account), "surat", of, MoveInput()))
        assert isinstance(started, Outcome)
        signed = patiently(partial(moves.approve, session(root, account), started.id, MoveInput()))
        answers.put((turn, signed.documents[0].nomor if isinstance(signed, Outcome) else signed.reason))


def together(work: Callable[..., None], rooms: "list[Room]", number: int, expected: int) -> list[tuple[int, str]]:
    """What this many processes answered, each working under an account of its own, in one room or the other."""
    spawn = get_context("spawn")
    ready, answers = spawn.Barrier(number), spawn.Queue()
    clerks = [
        spawn.Process(target=work, args=(rooms[clerk % 2].root, f"akun-{clerk}", ready, answers), daemon=True)
        for clerk in range(number)
    ]
    for clerk in clerks:
        clerk.start()
    told = [answers.get(timeout=60) for _ in range(expected)]
    for clerk in clerks:
        clerk.join(30)
        assert clerk.exitcode == 0
    return told


def write_sop(rooms: "list[Room]", form: str) -> None:
    for room in rooms:
        room.write(form)


def test_of_two_who_act_on_what_both_saw_one_succeeds_and_the_other_hears_of_it(rooms_of_one: "list[Room]") -> None:
    room = rooms_of_one[0]
    write_sop(rooms_of_one, ROUND)
    room.now = datetime.now(UTC) - timedelta(hours=1)
    room.start("putar")
    told = Counter(together(approve_over_and_over, rooms_of_one, 2, 2 * ROUNDS))
    assert told == {(turn, answer): 1 for turn in range(ROUNDS) for answer in ("done", "overtaken")}
    room.now = datetime.now(UTC)
    case = room.session().record.load_case("putar-1")
    assert case.instance.revision == 1 + ROUNDS
    assert verify.verify(room.session().record, None).findings == ()


def test_numbers_are_given_once_however_many_sign_at_the_same_time(rooms_of_one: "list[Room]") -> None:
    room = rooms_of_one[0]
    write_sop(rooms_of_one, LETTER)
    told = together(sign_letters, rooms_of_one, CLERKS, CLERKS * LETTERS)
    expected = [f"000.1/{number}/DISKOPUKM" for number in range(1, CLERKS * LETTERS + 1)]
    assert sorted(nomor for _, nomor in told) == sorted(expected)
    room.now = datetime.now(UTC)
    entries = sorted(agenda.list_letters(room.session().record, None), key=lambda entry: entry.urut)
    assert [entry.nomor for entry in entries] == expected
    assert len({entry.id for entry in entries}) == len(expected) == len(list(room.session().store.list_ids("surat")))
    assert verify.verify(room.session().record, None).findings == ()


def test_no_agenda_is_given_once_and_an_entry_opens_one_case_however_many_are_at_it(rooms_of_one: "list[Room]") -> None:
    room = rooms_of_one[0]
    write_sop(rooms_of_one, ROUND)
    room.now = datetime.now(UTC) - timedelta(hours=1)
    incoming_register.add_incoming(room.session(), IncomingInput(values={"surat_dari": "Bappeda", "perihal": "Rapat"}))
    told = together(enter_letters, rooms_of_one, CLERKS, CLERKS * (LETTERS + 1))
    numbers = [str(number) for number in range(2, CLERKS * LETTERS + 2)]
    assert sorted((said for turn, said in told if turn < LETTERS), key=int) == numbers
    opened = Counter(said for turn, said in told if turn == LETTERS)
    assert opened == {"opened": 1, "already_opened": CLERKS - 1}
    room.now = datetime.now(UTC)
    rows = incoming_register.list_incoming(room.session().record)
    assert [row.nomor for row in rows] == ["1", *numbers]
    assert rows[0].cases == ("putar-1",)
    assert verify.verify(room.session().record, None).findings == ()
