"""Changes what `sopctl.yaml` says of the record, as text: every comment and all else stays as it was typed."""

from collections.abc import Mapping

import yaml

from sopctl.errors import WrongError
from sopctl.notation.faults import quoted
from sopctl.office.decode import read_office

_KEY = "record"

Edit = tuple[int, int, str]
"""What takes the place of the text from one character to another."""


def set_record(text: bytes, values: Mapping[str, str], path: str) -> bytes:
    """The file with these values below `record`; other keys that stand there stay.

    Raises:
        WrongError: where it cannot be read, or is written in a way in which they cannot be set.
    """
    typed = text.decode("utf-8-sig")
    changed = typed
    for key, value in reversed([*values.items()]):  # the first one comes to stand first
        changed = _set(changed, key, value)
    made = text[: len(text) - len(typed.encode())] + changed.encode()
    office, problems = read_office(made, path)
    if office is None or any(getattr(office.record, key) != value for key, value in values.items()):
        wanted = ", ".join(f"{key}: {value}" for key, value in values.items())
        message = (
            f"Kunci `record` tidak dapat diubah dalam {path} ini. Tulis sendiri record: {quoted(f'{{{wanted}}}')}."
        )
        raise WrongError(message, problems=tuple(problems), code="office")
    return made


def _set(text: str, key: str, value: str) -> str:
    try:
        root = yaml.compose(text)
    except yaml.YAMLError:
        return text
    begin, end, put = _find_edit(text, root, key, value)
    return text[:begin] + put + text[end:]


def _find_edit(text: str, root: yaml.Node | None, key: str, value: str) -> Edit:
    """Where the value is put, and what."""
    found, newline = _find(root, _KEY), "\r\n" if "\r\n" in text else "\n"
    if found is None:
        ends = "" if not text or text.endswith("\n") else newline
        return len(text), len(text), f"{ends}{_KEY}: {{{key}: {value}}}{newline}"
    if not isinstance(found, yaml.MappingNode):  # nothing was typed yet
        return found.start_mark.index, found.end_mark.index, f" {{{key}: {value}}}"
    known = _find(found, key)
    if known is not None:
        blank = "" if known.start_mark.index < known.end_mark.index else " "
        return known.start_mark.index, known.end_mark.index, f"{blank}{value}"
    begin = found.start_mark.index
    if found.flow_style:
        return begin + 1, begin + 1, f"{key}: {value}{', ' if found.value else ''}"
    return begin, begin, f"{key}: {value}{newline}{' ' * found.start_mark.column}"


def _find(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The value of a key of a mapping; None where there is none."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)
