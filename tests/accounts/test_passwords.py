"""Which passwords are taken, and how they are kept."""

import subprocess
import sys

import pytest

from sopctl.accounts.passwords import (
    _NOBODY,
    find_password_fault,
    hash_password,
    is_outdated,
    is_password,
    normalize_password,
)

PERSONAL = ("siti-aminah", "Hj. Siti Aminah, S.E.", "19800101 200501 2 001", "Kepala Dinas")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        pytest.param("", "short", id="none"),
        pytest.param("sebelas-hur", "short", id="eleven"),
        pytest.param("é" * 11, "short", id="eleven-characters-of-more-bytes"),
        pytest.param("e\u0301" * 11, "short", id="eleven-characters-in-two-parts-each"),
        pytest.param("x" * 1025, "unusable", id="too-long"),
        pytest.param("ﷺ" * 70, "unusable", id="too-long-once-normalised"),
        pytest.param("kursi\0meja\0lampu", "unusable", id="control-signs"),
        pytest.param("kursi\ud800meja lampu", "unusable", id="half-a-character"),
        *(
            pytest.param(one, "common", id=one)
            for one in (
                "password1234", "P@ssw0rd12345", "123456789012", "aaaaaaaaaaaa", "abcabcabcabc", "qwertyuiop[]",
                "1q2w3e4r5t6y", "1qaz2wsx3edc", "zxcvbnm12345", "indonesia123", "Bismillah2026", "Pontianak2026!",
                "diskopukm-2026", "RahasiaKantor1", "sayangkamu12", "17081945merdeka", "correcthorsebatterystaple",
                "!@#$%^&*()_+", "admin admin 99", "081234567890", "siti-aminah99", "198001012005012001",
                "19800101 200501 2 001", "AMINAH1980siti", "KepalaDinas2026", "kucing kucing kucing",
                "ketapang2026 2026",
            )
        ),
    ],
)  # fmt: skip
def test_what_others_try_first_is_not_taken(password: str, reason: str) -> None:
    fault = find_password_fault(password, PERSONAL)
    assert fault is not None
    assert fault.reason == f"password_{reason}"


@pytest.mark.parametrize(
    "password",
    [
        "tujuh perahu biru", "rumah di tepi parit", "Kuda-Biru-7-Terbang", "839201847562", "kopi pancong jam 3!",
        "ikan baung, sambal mentah", "xK9#vQ2!mZ7$", "東京の夜は静かに更けてゆく", "rahasia-sekali-123",
        "ganti-sandi-ini-7", "🌊🐟🚤🌙🏝🥥🐢🦀🌴🐚⛵🐬",
    ],
)  # fmt: skip
def test_what_a_person_chose_is_taken(password: str) -> None:
    assert find_password_fault(password, PERSONAL) is None


def test_a_password_is_the_same_on_every_keyboard() -> None:
    kept = hash_password("kaf\u00e9 di seberang")
    assert is_password(kept, "kafe\u0301 di\u00a0seberang")
    assert not is_password(kept, "kafe di seberang")


def test_it_is_kept_by_argon2id_with_a_salt() -> None:
    one, other = hash_password("tujuh perahu biru"), hash_password("tujuh perahu biru")
    assert one.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert one != other


def test_an_unknown_name_costs_what_a_wrong_password_costs() -> None:
    assert not is_outdated(_NOBODY)  # the same parameters
    assert not is_password(None, "-")


@pytest.mark.parametrize("text", ["x" * 100_000, "\ud800", "a\nb"])
def test_what_is_no_password_is_nobodys(text: str) -> None:
    assert normalize_password(text) == ""
    assert not is_password(hash_password("-"), text)


@pytest.mark.skipif(sys.platform != "linux", reason="reads its memory from /proc")
def test_the_memory_of_many_log_ins_does_not_stay() -> None:
    code = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from sopctl.accounts.passwords import hash_password

def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 // 1024

hash_password("tujuh perahu biru")
before = megabytes()
with ThreadPoolExecutor(8) as pool:
    list(pool.map(lambda _: hash_password("tujuh perahu biru"), range(24)))
    print(megabytes() - before)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 30
