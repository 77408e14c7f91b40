"""What the page says of errors and refusals: no command, no option, no path of the machine."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.cli import remedies
from sopctl.engine.refused import Refused
from sopctl.errors import BusyError, DamagedError, NotFoundError, SopctlError, UsageError, WrongError
from sopctl.web import messages
from sopctl.web.messages import hide_paths, word_message
from tests.web.conftest import serving

if TYPE_CHECKING:
    from tests.conftest import Room

ERRORS: dict[int, SopctlError] = {
    400: UsageError("nilai: '/srv/kantor/data/tim.csv' bukan angka."),
    404: NotFoundError("Tidak ada berkas /srv/kantor/data/x.json."),
    500: DamagedError("/srv/kantor/data/instances/sk-tim/sk-tim-1.json terpotong."),
    503: BusyError("/srv/kantor/data/lock sedang dipakai."),
}


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_has_its_status_and_no_folder_of_the_machine(status: int) -> None:
    told = word_message(ERRORS[status])
    assert told.status == status
    assert "/srv" not in told.sentence


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/srv/kantor/data/ledger.jsonl rusak.", "ledger.jsonl rusak."),
        ("Tidak ada /home/u/a b/c.txt.", "Tidak ada a b/c.txt."),
        (r"C:\Kantor\data\lock dipakai.", "lock dipakai."),
        (r"\\server\bagi\data\lock dipakai.", "lock dipakai."),
        ("Tertulis di '/srv/x/surat.docx', lalu hilang.", "Tertulis di 'surat.docx', lalu hilang."),
        ("800.1.11.1/1/DISKOPUKM sudah dipakai; dan/atau 1/2/2026.", None),
        ("Lihat https://kantor.go.id/berkas/a/b dahulu.", None),
    ],
)
def test_only_paths_of_the_machine_are_hidden(text: str, told: str | None) -> None:
    assert hide_paths(text) == (told or text)


@pytest.mark.parametrize(
    ("reason", "status"), [("not_permitted", 403), ("not_your_turn", 403), ("overtaken", 409), ("missing_fields", 422)]
)
def test_a_refusal_has_the_status_of_its_reason(reason: str, status: int) -> None:
    assert word_message(Refused(reason=reason, message="Tidak.")).status == status


def test_what_was_overtaken_leads_back_to_its_case() -> None:
    told = word_message(Refused(reason="overtaken", message="Sudah diteruskan.", facts={"id": "a/../b"}))
    assert [link.href for link in told.links] == ["/berkas/a%2F..%2Fb"]
    assert word_message(Refused(reason="overtaken", message="Sudah diteruskan.")).links == ()


def test_no_sentence_of_the_page_names_a_command() -> None:
    said = [*messages._REMEDIES.values(), *messages._BY_STATUS.values()]  # noqa: SLF001 — all of them
    assert not [text for text in said if re.search(r"sopctl|--\w", text)]
    assert messages._REMEDIES.keys() <= remedies.ADVICE  # noqa: SLF001 — none that nobody gives


def test_an_office_file_that_is_wrong_is_told_to_whoever_keeps_it() -> None:
    assert "pengelola" in word_message(WrongError("sopctl.yaml keliru.")).sentence


def test_the_folder_of_the_office_is_told_in_no_message_whatever_its_name_holds(room: "Room", tmp_path: Path) -> None:
    root = tmp_path / "Kantor Dinas Kita"
    shutil.copytree(room.root, root)
    room.root = root
    with serving(room).app_context():
        for text in (f"{root / 'data' / 'ledger.jsonl'} terpotong.", f"{root} penuh.", f"{root / 'accounts'} rusak."):
            told = hide_paths(text)
            assert "Dinas Kita" not in told, told
    assert told == "accounts rusak."
