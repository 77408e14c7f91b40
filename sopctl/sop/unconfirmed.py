"""Remarks in an SOP file that a person has to confirm first: `# periksa: KEY: why`, as `import` writes them."""

import re

from sopctl.problems import Problem, Source

MARK = "periksa"
"""The word with which such a remark begins."""

_LINE = re.compile(rf"^[ \t]*# ?{MARK}\b:?[ \t]*(.*)$", re.MULTILINE | re.IGNORECASE)


def write_remark(key: str, why: str) -> str:
    """Such a remark on a key of the file, without the comment sign before it."""
    return f"{MARK}: {key}: {why}"


def find_unconfirmed(text: str, path: str) -> tuple[Problem, ...]:
    """The remarks that stand in the text of an SOP file, each as a mistake at its place."""
    return tuple(
        Problem(
            Source(path, text.count("\n", 0, found.start()) + 1, found[0].index("#") + 1),
            "unconfirmed",
            f"Periksa {found[1]}; bila sudah benar, hapus baris ini.",
        )
        for found in _LINE.finditer(text)
    )


def list_remarks(text: str) -> tuple[str, ...]:
    """What these remarks say, `KEY: why`."""
    return tuple(found[1] for found in _LINE.finditer(text))


def confirm(text: str) -> str:
    """The text without these remarks."""
    return re.sub(_LINE.pattern + r"\n?", "", text, flags=_LINE.flags)
