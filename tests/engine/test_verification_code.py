"""The code at the foot of a document: made of case, number and what came before, read however it was typed."""

import re

import pytest

from sopctl.engine.verification_code import PATTERN, read_code, verification_code


def test_a_code_is_that_of_its_event_and_stays_it() -> None:
    code = verification_code("sk-tim-1", 6, "0" * 64)
    assert code == "GZLN-B6SN-ZTPD"
    assert re.fullmatch(PATTERN, code)
    others = [("sk-tim-2", 6, "0" * 64), ("sk-tim-1", 7, "0" * 64), ("sk-tim-1", 6, "1" * 64)]
    assert len({code, *(verification_code(*other) for other in others)}) == 4


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("K7QF-2M7D-X4TB", "K7QF-2M7D-X4TB"),
        (" k7qf 2m7d_x4tb\n", "K7QF-2M7D-X4TB"),
        ("k7qf.2m7d\u2013x4tb", "K7QF-2M7D-X4TB"),
        ("0187-2222-3333", "OIB7-2222-3333"),
        ("K7QF-2M7D-X4T", ""),
        ("K7QF-2M7D-X4TBA", ""),
        ("K7QF-2M9D-X4TB", ""),
        ("", ""),
    ],
)
def test_a_code_is_read_however_it_was_typed(text: str, code: str) -> None:
    assert read_code(text) == code
