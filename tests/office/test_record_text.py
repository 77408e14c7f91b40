"""`record` in sopctl.yaml is changed as text: comments, order and all other keys stay as somebody typed them."""

import pytest

from sopctl.errors import WrongError
from sopctl.office.decode import read_office
from sopctl.office.record_text import set_record

TO = {"store": "postgres", "service": "sopctl"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "record: {store: postgres, service: sopctl}\n", id="empty"),
        pytest.param(
            "paper: F4  # kertas kantor", "paper: F4  # kertas kantor\nrecord: {store: postgres, service: sopctl}\n",
            id="no-break-at-the-end",
        ),
        pytest.param(
            "paper: F4\r\n", "paper: F4\r\nrecord: {store: postgres, service: sopctl}\r\n", id="windows"
        ),
        pytest.param(
            "record: {share: group}  # berdua\npaper: F4\n",
            "record: {store: postgres, service: sopctl, share: group}  # berdua\npaper: F4\n",
            id="flow",
        ),
        pytest.param("record: {}\n", "record: {store: postgres, service: sopctl}\n", id="empty-flow"),
        pytest.param(
            "record:\n  # yang membaca\n  share: group   # berdua\n\n# kertas\npaper: F4\n",
            "record:\n  # yang membaca\n  store: postgres\n  service: sopctl\n  share: group   # berdua\n\n# kertas\n"
            "paper: F4\n",
            id="block",
        ),
        pytest.param(
            'record:\n  store: "files"  # dahulu\n  service: lama\n',
            "record:\n  store: postgres  # dahulu\n  service: sopctl\n",
            id="known",
        ),
        pytest.param(
            "record:\npaper: F4\n", "record: {store: postgres, service: sopctl}\npaper: F4\n", id="nothing-typed"
        ),
        pytest.param(
            "record:\n  store:\n  service: lama # x\n", "record:\n  store: postgres\n  service: sopctl # x\n",
            id="no-value",
        ),
    ],
)  # fmt: skip
def test_the_keys_are_set_and_all_else_stays(before: str, after: str) -> None:
    assert set_record(before.encode(), TO, "sopctl.yaml").decode() == after
    office, problems = read_office(after.encode(), "sopctl.yaml")
    assert problems == ()
    assert office is not None
    assert (office.record.store, office.record.service) == ("postgres", "sopctl")


def test_a_mark_of_the_encoding_stays() -> None:
    made = set_record(b"\xef\xbb\xbfpaper: F4\n", TO, "sopctl.yaml")
    assert made.startswith(b"\xef\xbb\xbfpaper: F4\nrecord")


@pytest.mark.parametrize("text", ["{paper: F4}", "paper: F4\n...\n", "record: &a {share: group}\n? x\n", "paper: A7"])
def test_what_cannot_be_set_is_told_with_what_to_write(text: str) -> None:
    with pytest.raises(WrongError, match="record"):
        set_record(text.encode(), TO, "sopctl.yaml")
