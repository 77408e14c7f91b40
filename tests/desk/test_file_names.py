"""The names of a case's Word files: order, letter, act and number, on every system, and no name twice."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from sopctl.desk import agenda, moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.engine.refused import Refused
from sopctl.store.file_paths import LONGEST_PATH, document_path

if TYPE_CHECKING:
    from tests.conftest import Room

Undo = Callable[[Session, str, MoveInput], Outcome | Refused]

LONG = "s" * 60
FORM = f"""
id: {LONG}
nama: Surat
pelaksana: {{kadis: Kepala Dinas}}
documents: {{{"surat-" * 9}x: {{template: nota-dinas.docx, kode: "000.1"}}}}
steps:
  - {{id: satu, kegiatan: Menandatangani, pelaksana: kadis, document: {{name: {"surat-" * 9}x, act: sign}}}}
  - {{id: terima, kegiatan: Menerima, pelaksana: kadis, branches: {{ya: end, tidak: satu}}}}
"""


def names(room: "Room", id: str) -> list[str]:
    """The names of the case's Word files that count, oldest first."""
    documents = room.session().record.load_case(id).state.documents
    assert {PurePosixPath(one.path).parent.name for one in documents} == {id}
    return [PurePosixPath(one.path).name for one in documents]


def test_a_name_says_order_letter_act_and_number(room: "Room") -> None:
    id = room.letter()
    room.approve(id)
    assert names(room, id) == [
        "01 disposisi ditandatangani.docx",
        "02 surat-tugas konsep.docx",
        "03 surat-tugas konsep.docx",
        "04 surat-tugas diparaf.docx",
        "05 surat-tugas ditandatangani 800.1.11.1-1-DISKOPUKM.docx",
    ]


def test_a_number_that_comes_later_is_a_new_file(room: "Room") -> None:
    room.say('letter_number: {pattern: "{kode}/{nomor}/{singkatan}", when: desk}')
    id = room.letter()
    room.approve(id)
    agenda.set_number(room.session(), id, "800.1.11.1/451/SEKRE: a?b", "", "")
    assert names(room, id)[-2:] == [
        "05 surat-tugas ditandatangani.docx",
        "06 surat-tugas ditandatangani 800.1.11.1-451-SEKRE- a-b.docx",
    ]
    assert all((room.root / one.path).is_file() for one in room.session().record.load_case(id).state.documents)


@pytest.mark.parametrize("undo", [moves.withdraw, moves.reject], ids=["withdrawn", "rejected"])
def test_what_is_written_again_never_takes_a_name_that_was_taken(room: "Room", undo: Undo) -> None:
    id = room.letter()
    room.ask(lambda session: undo(session, id, MoveInput(note="keliru")))
    for _ in range(3):
        room.approve(id)
    events = room.session().record.load_case(id).instance.events
    written = [file.path for event in events for file in event.files]
    assert len({path.casefold() for path in written}) == len(written)
    assert all((room.root / path).is_file() for path in written)


def test_the_longest_names_fit_everywhere(room: "Room") -> None:
    room.write(FORM)
    id = room.start(LONG).id
    for _ in range(2):
        room.approve(id)
        room.ask(lambda session: moves.reject(session, id, MoveInput(note="ulang")))
    written = [one.path for one in room.session().record.load_case(id).state.documents]
    assert len(set(written)) == len(written) == 2
    assert all(len(path) <= LONGEST_PATH and path.endswith(".docx") for path in written)


@pytest.mark.parametrize("nomor", ['a<>:"/\\|?*b', "a\n\tb", "a….é\x7f", "a. .", "CON", "x" * 300])
def test_a_name_has_no_sign_that_a_system_refuses(nomor: str) -> None:
    name = PurePosixPath(document_path("sk-tim-1", f"07 surat konsep {nomor}")).name
    assert not set(name) & set('<>:"/\\|?*')
    assert name.isascii()
    assert name.isprintable()
    assert name.startswith("07 surat konsep")
    assert not name.removesuffix(".docx").endswith((" ", "."))
