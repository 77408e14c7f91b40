"""What is changed behind the back of sopctl is found by `verify` in every store, and mended where it can be."""

from collections.abc import Callable

import pytest

from sopctl.audit.doctor import run_doctor
from sopctl.audit.verify import verify
from sopctl.errors import DamagedError
from sopctl.store.protocol import RecordStore
from tests.store.contract.acts import Kept, lines
from tests.store.contract.stores import KeptRoom

Alter = Callable[[Kept, RecordStore], object]


def change_text(kept: Kept, store: RecordStore) -> None:
    kept.put_line(2, lines(store)[1].replace(b'"by":"akun"', b'"by":"alun"'))


def change_last_text(kept: Kept, store: RecordStore) -> None:
    kept.put_line(len(lines(store)), lines(store)[-1].replace(b"sudah", b"belum"))


def swap_two(kept: Kept, store: RecordStore) -> None:
    first, second = lines(store)[1:3]
    kept.put_line(2, second)
    kept.put_line(3, first)


def lose_one(kept: Kept, _: RecordStore) -> None:
    kept.lose_line(3)


def change_subject(kept: Kept, store: RecordStore) -> None:
    found = store.load_instance("sk-tim-1")
    kept.put_case(type(found)(**{name: getattr(found, name) for name in found.__struct_fields__} | {"subject": "Lain"}))


ALTERATIONS: dict[str, tuple[Alter, int, bool]] = {
    "one letter of a line": (change_text, 2, False),
    "two lines swapped": (swap_two, 2, False),
    "a line that is gone": (lose_one, 3, False),
    "the newest line": (change_last_text, 7, True),
    "the subject of a case": (change_subject, 0, True),
}
"""What is changed, the line that is named, and whether the doctor can mend it."""


@pytest.mark.parametrize(("alter", "number", "mends"), ALTERATIONS.values(), ids=ALTERATIONS.keys())
@pytest.mark.usefixtures("seed_into")
def test_it_is_found_and_named_and_mended_where_the_rest_of_the_record_says_how(
    kept: Kept, alter: Alter, number: int, *, mends: bool
) -> None:
    room = KeptRoom(kept)
    room.approve(room.letter())
    room.note("sk-tim-1", "sudah ditelepon")
    assert verify(room.session().record, None).findings == ()
    alter(kept, kept.open())
    found = verify(room.session().record, None).findings
    broken = [one.message for one in found if one.kind == "ledger"]
    assert {one.id for one in found} <= {"", "sk-tim-1"}
    assert bool(number) == bool(broken)
    assert not number or any(f"baris {line}" in broken[0] for line in (number, number + 1)), broken
    if number and mends and kept.is_append_only:  # who may not change a line cannot cut one off
        with pytest.raises(DamagedError):
            run_doctor(room.session().record, mend=True)
    else:
        assert (run_doctor(room.session().record, mend=True).findings == ()) == mends
    left = verify(room.session().record, None).findings
    assert (left == ()) == (mends and not (number and kept.is_append_only))
