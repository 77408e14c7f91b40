"""The guides use one word for one thing: `berkas` is a case, never a file; the record is told in a clerk's words."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDES = sorted([*ROOT.glob("docs/*.md"), ROOT / "templates/README.md"])
NOT_SAID = re.compile(
    r"berkas (Word|PDF|YAML|CSV|Excel|JSON|zip|luar|gambar)|nama berkas|berkas yang dilampirkan|jangkar|buku besar",
    re.IGNORECASE,
)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_a_guide_has_one_word_for_one_thing(page: Path) -> None:
    assert NOT_SAID.search(page.read_text(encoding="utf-8")) is None
