"""Who has only the paper types the code at its foot, and is told what the paper should say."""

from typing import TYPE_CHECKING

import pytest

from sopctl.audit.printed_codes import printed_codes
from sopctl.audit.trace import TracedLetter, trace_code
from sopctl.engine.verification_code import read_code, verification_code

if TYPE_CHECKING:
    from tests.audit.conftest import Record


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("K7QF-2M6D-X4TB", "K7QF-2M6D-X4TB"),
        ("k7qf-2m6d-x4tb", "K7QF-2M6D-X4TB"),
        ("K7QF 2M6D X4TB", "K7QF-2M6D-X4TB"),
        ("k7qf2m6dx4tb", "K7QF-2M6D-X4TB"),
        (" K7QF – 2M6D — X4TB. ", "K7QF-2M6D-X4TB"),
        ("0IB0-1111-8888", "OIBO-IIII-BBBB"),
        ("K7QF-2M6D-X4T", ""),
        ("K7QF-2M9D-X4TB", ""),
        ("sk-tim-1", ""),
        ("", ""),
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str, expected: str) -> None:
    assert read_code(typed) == expected


def test_every_code_can_be_read_back() -> None:
    assert all(
        read_code(made.lower()) == made for number in range(50) if (made := verification_code("a-1", number, ""))
    )


def looked_up(record: "Record", number: int = -1) -> TracedLetter:
    (shown,) = printed_codes(record.papers()[number].read_bytes())
    found = trace_code(record.room.session().record, shown)
    assert found is not None
    assert found.code == shown
    return found


def test_a_code_finds_the_letter_and_what_it_should_say(record: "Record") -> None:
    found = looked_up(record)
    assert (found.id, found.number, found.name, found.act) == ("sk-tim-1", 6, "surat-tugas", "sign")
    assert (found.nomor, found.tanggal, found.signer) == ("800.1.11.1/1/DISKOPUKM", "2026-11-24", "Kepala Dinas")
    assert record.room.root / found.path == record.papers()[-1]
    assert (found.altered, found.findings) == (False, ())


def test_every_paper_is_found_by_its_code(record: "Record") -> None:
    for number, path in enumerate(record.papers()):
        assert record.room.root / looked_up(record, number).path == path


def test_a_letter_that_was_lost_is_still_found(record: "Record") -> None:
    path = record.papers()[-1]
    (shown,) = printed_codes(path.read_bytes())
    path.unlink()
    record.case().write_bytes(b"")
    found = trace_code(record.room.session().record, shown)
    assert found is not None
    assert (found.altered, found.nomor) == (True, "800.1.11.1/1/DISKOPUKM")
    assert [finding.kind for finding in found.findings] == ["case"]


def test_a_code_that_nobody_wrote_finds_nothing(record: "Record") -> None:
    assert trace_code(record.room.session().record, "AAAA-BBBB-CCCC") is None
