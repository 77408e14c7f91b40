"""The office file at the root of the repository: the letterhead of the seeds, and nobody's invented name."""

from pathlib import Path

import pytest

from sopctl.office.decode import read_office
from sopctl.office.model import Office

ROOT = Path(__file__).parents[2]
SEED = (Path(__file__).parent / "seed.txt").read_text(encoding="utf-8").split("\n")


@pytest.fixture
def office() -> Office:
    decoded, problems = read_office((ROOT / "sopctl.yaml").read_bytes(), "sopctl.yaml")
    assert decoded is not None, [str(problem) for problem in problems]
    return decoded


def test_the_letterhead_is_that_of_the_identity_sheet(office: Office) -> None:
    letterhead = [office.instansi.pemerintah, office.instansi.nama, office.instansi.bidang]
    start = SEED.index("PEMERINTAH PROVINSI KALIMANTAN BARAT")
    assert [line.upper() for line in letterhead] == [line for line in SEED[start : start + 5] if line]


def test_a_letter_number_is_made_like_the_number_of_the_sheet(office: Office) -> None:
    number = office.letter_number.pattern.format(kode="000.8", nomor="1624", singkatan=office.instansi.singkatan)
    assert f"\tNomor SOP\t{number}" in SEED


def test_nobody_is_named(office: Office) -> None:
    assert office.officials == ()


def test_the_week_has_the_hours_of_the_regulation(office: Office) -> None:
    normal, fasting = 37 * 60 + 30, 32 * 60 + 30
    assert office.hours.week_minutes == normal
    assert [period.hours.week_minutes for period in office.ramadan] == [fasting, fasting]
