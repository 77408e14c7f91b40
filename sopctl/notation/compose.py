"""From YAML's events to nodes, without recursion and within bounds.

PyYAML's own composer follows aliases (nine lines can stand for a billion values), calls itself once for each level of
nesting and lets a repeated key win silently. This one refuses the first, counts the second and reports the third.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from sopctl.notation.faults import Faults, quoted
from sopctl.notation.node import Mapping, Node, Scalar, Sequence
from sopctl.notation.syntax import explain_syntax_error
from sopctl.problems import Problem, Source

if TYPE_CHECKING:
    from yaml import AliasEvent, Event, NodeEvent, ScalarEvent
    from yaml._yaml import Mark as CMark
    from yaml.error import Mark, MarkedYAMLError

MAX_DEPTH = 20
MAX_NODES = 20_000

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""What no form prints: control characters, stray marks of encoding, and line ends that editors do not count."""


class _OpenCollection(Struct):
    """A list or mapping whose end has not come yet; a mapping's parts are keys and values in turn."""

    source: Source
    mapping: bool
    parts: list[Node] = []


class _LimitExceededError(Exception):
    """The file goes beyond what an SOP or an office can need; reading on would only cost time."""


def compose(text: str, path: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The one document of a YAML text; None where it is empty, cannot be read or uses aliases."""
    import yaml  # noqa: PLC0415 — only who reads a file pays for it

    composer = _Composer(path)
    try:
        for event in _events(text):
            composer.handle_event(event)
    except yaml.MarkedYAMLError as error:
        composer.report_syntax_error(error)
    except (yaml.YAMLError, ValueError):
        composer.faults.add(Source(path, 1, 1), "yaml", "Isi file tidak terbaca sebagai YAML. Ketik ulang isinya.")
        composer.usable = False
    except _LimitExceededError:
        composer.usable = False
    return composer.root if composer.usable else None, composer.faults.in_order()


def _events(text: str) -> "Iterator[Event]":
    """The parser's events; in C where PyYAML was built with libyaml, which is ten times as fast."""
    import yaml  # noqa: PLC0415 — only who reads a file pays for it

    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    return iter(yaml.parse(text, Loader=loader))


class _Composer:
    """The nodes made so far; ``usable`` turns false where the rest of the file can no longer be trusted."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.faults = Faults()
        self.root: Node | None = None
        self.usable = True
        self._open: list[_OpenCollection] = []
        self._nodes = 0
        self._documents = 0

    def handle_event(self, event: "Event") -> None:
        """Make the nodes of one event more."""
        import yaml  # noqa: PLC0415 — loaded by the caller

        match event:
            case yaml.ScalarEvent():
                self._count_node(event)
                self._put(self._compose_scalar(event))
            case yaml.AliasEvent():
                self._refuse_alias(event)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._count_node(event)
                self._open_collection(event, mapping=isinstance(event, yaml.MappingStartEvent))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._put(self._close_collection(self._open.pop()))
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    message = 'Satu file hanya memuat satu dokumen. Hapus baris "---" ini, atau bagi filenya.'
                    self._give_up(event, message)

    def report_syntax_error(self, error: "MarkedYAMLError") -> None:
        """Turn the parser's own complaint into a mistake with a place; nothing after it can be read."""
        message, at_start = explain_syntax_error(error.problem or "", error.context or "")
        mark = (error.context_mark if at_start else error.problem_mark) or error.problem_mark or error.context_mark
        self.faults.add(self._place(mark), "yaml", message)
        self.usable = False

    def _place(self, mark: "Mark | CMark | None") -> Source:
        return Source(self.path, mark.line + 1, mark.column + 1) if mark else Source(self.path, 1, 1)

    def _count_node(self, event: "NodeEvent") -> None:
        """Refuse what no file here needs: too many values, anchors, tags."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._give_up(event, f"File memuat lebih dari {MAX_NODES} nilai. Bagi menjadi beberapa file.")
        tag = getattr(event, "tag", None)
        for code, what, mark in (
            ("anchor", "Tanda", event.anchor and f"&{event.anchor}"),
            ("tag", "Penanda jenis", tag),
        ):
            if mark is not None:
                message = f"{what} {quoted(mark)} tidak dipakai di sini. Hapus, atau apit teks dengan tanda kutip."
                self.faults.add(self._place(event.start_mark), code, message)

    def _give_up(self, event: "Event", message: str) -> None:
        self.faults.add(self._place(event.start_mark), "yaml", message)
        raise _LimitExceededError

    def _compose_scalar(self, event: "ScalarEvent") -> Scalar:
        source, text, style = self._place(event.start_mark), event.value, event.style
        if style == '"' and (hidden := UNPRINTABLE.search(text)):
            self.faults.add(source, "character", describe_unprintable(hidden.group()))
        return Scalar(source, text, style is None or style == "")

    def _refuse_alias(self, event: "AliasEvent") -> None:
        source, name = self._place(event.start_mark), quoted(f"*{event.anchor}")
        hint = "Tulis ulang isinya, atau apit teks dengan tanda kutip."
        self.faults.add(source, "alias", f"Rujukan {name} tidak dipakai di sini. {hint}")
        self.usable = False
        self._put(Scalar(source, ""))

    def _open_collection(self, event: "Event", *, mapping: bool) -> None:
        if len(self._open) >= MAX_DEPTH:
            hint = "Periksa spasi di awal baris dan kurung."
            self._give_up(event, f"Susunan lebih dalam dari {MAX_DEPTH} tingkat. {hint}")
        self._open.append(_OpenCollection(self._place(event.start_mark), mapping))

    def _close_collection(self, done: _OpenCollection) -> Node:
        if done.mapping:
            return Mapping(done.source, self._pair_entries(done.parts))
        return Sequence(done.source, tuple(done.parts))

    def _put(self, node: Node) -> None:
        if self._open:
            self._open[-1].parts.append(node)
        else:
            self.root = node

    def _pair_entries(self, parts: list[Node]) -> tuple[tuple[Scalar, Node], ...]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(parts[::2], parts[1::2], strict=True):
            if not isinstance(key, Scalar):
                message = "Nama kunci harus teks. Apit teks yang memuat { } [ ] dengan tanda kutip."
                self.faults.add(key.source, "key", message)
            elif key.text in entries:
                first = entries[key.text][0].source.line
                message = f"Kunci {quoted(key.text)} sudah ditulis pada baris {first}. Hapus salah satu."
                self.faults.add(key.source, "duplicate_key", message)
            else:
                entries[key.text] = (key, value)
        return tuple(entries.values())


def describe_unprintable(character: str) -> str:
    """What to say of a character that no form prints."""
    return f"Karakter tak terlihat U+{ord(character):04X} di sini. Hapus, lalu ketik ulang bagian ini."
