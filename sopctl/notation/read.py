"""From the bytes of a file to nodes: encoding, size and invisible characters first, then YAML.

Whatever the bytes are, the answer is nodes or mistakes with a place, never an exception and never a long wait: these
files come from Word, from e-mail and from Windows, and a clerk has to be told what to do with them.
"""

import re

from sopctl.notation.compose import UNPRINTABLE, compose, describe_unprintable
from sopctl.notation.node import Node, Scalar
from sopctl.problems import Problem, Source

MAX_BYTES = 1_000_000

_UTF8_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BAD_INDENT = re.compile(r"^ *([\t\u00a0])[ \t\u00a0]*[^\s#]", re.MULTILINE)

_SAVE = 'Simpan sebagai UTF-8 (di Notepad: "Simpan sebagai", pilih Pengodean UTF-8).'
_EMPTY = 'File ini kosong. Tulis isinya sebagai "kunci: nilai".'


def read_yaml(data: bytes, path: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The nodes of a YAML file, and every mistake in its notation in order of place.

    None where the file cannot be used at all; nodes may come together with mistakes (a repeated key keeps its
    first value), so that the content is checked in the same run. ``path`` is what mistakes are reported under.
    """
    text = _decode(data, path)
    if isinstance(text, Problem):
        return None, (text,)
    hidden = _hidden(text, path)
    if hidden:
        return None, hidden
    node, problems = compose(text, path)
    if not problems and (node is None or (isinstance(node, Scalar) and node.empty)):
        return None, (Problem(Source(path, 1, 1), "empty", _EMPTY),)
    return node, problems


def _decode(data: bytes, path: str) -> str | Problem:
    start = Source(path, 1, 1)
    if len(data) > MAX_BYTES:
        return Problem(start, "size", f"File lebih besar dari {MAX_BYTES // 1_000_000} MB. Bagi menjadi beberapa file.")
    if data.startswith(_WIDE_MARKS):
        return Problem(start, "encoding", f"File ini tersimpan sebagai UTF-16. {_SAVE}")
    try:
        return data.removeprefix(_UTF8_MARK).decode()
    except UnicodeDecodeError as error:
        before = data.removeprefix(_UTF8_MARK)[: error.start].decode()
        return Problem(_after(before, path), "encoding", f"Huruf di sini bukan UTF-8. {_SAVE}")


def _hidden(text: str, path: str) -> tuple[Problem, ...]:
    """The first character that no form prints, or the first indentation that YAML cannot count."""
    if found := UNPRINTABLE.search(text):
        message = _unprintable(found.group(), text)
        return (Problem(_after(text[: found.start()], path), "character", message),)
    if found := _BAD_INDENT.search(text):
        name = "tab" if found.group(1) == "\t" else "spasi khusus (U+00A0)"
        message = f"Awal baris memakai {name}. Ganti dengan spasi biasa, pada baris ini dan baris lain yang sama."
        return (Problem(_after(text[: found.start(1)], path), "indentation", message),)
    return ()


def _unprintable(character: str, text: str) -> str:
    """A file full of NULs is UTF-16 that lost its mark."""
    if character == "\0" and text.count("\0") * 3 > len(text):
        return f"File ini tersimpan sebagai UTF-16. {_SAVE}"
    return describe_unprintable(character)


def _after(before: str, path: str) -> Source:
    """The place that follows this part of the file."""
    return Source(path, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
