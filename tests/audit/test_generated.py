"""The office that the benches measure in is one that sopctl could have recorded: nothing about it is complained of."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.audit.doctor import run_doctor
from sopctl.audit.verify import verify

if TYPE_CHECKING:
    from tests.conftest import Room

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("more", [(), ("--without-documents",)], ids=["with-documents", "without"])
def test_a_generated_office_is_intact_and_goes_on(tmp_path: Path, rooms: "type[Room]", more: tuple[str, ...]) -> None:
    folder = tmp_path / "kantor"
    size = ("--finished", "40", "--running", "10")
    subprocess.run([sys.executable, "-m", "bench.generate", folder, *size, *more], cwd=ROOT, check=True)
    room = rooms(folder)
    room.now = datetime.now(UTC) + timedelta(minutes=1)
    found = verify(room.session().record, None)
    assert (found.findings, found.notices) == ((), ())
    assert found.cases == 50
    assert found.lines == found.events + found.numbers
    assert bool(found.files) == bool(found.numbers) == (not more)
    room.approve(room.letter())
    after = verify(room.session().record, None)
    assert (after.findings, after.notices, after.numbers) == ((), (), found.numbers + 1)
    assert run_doctor(room.session().record).findings == ()
