"""What a user asks for with a move, as typed: read against the SOP into the engine's request."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from sopctl.desk.authority import allowed_pelaksana
from sopctl.engine import values
from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, FieldValue
from sopctl.engine.request import Request
from sopctl.engine.text import clean_text
from sopctl.errors import DamagedError, NotFoundError, UsageError, WrongError
from sopctl.notation.nearest import nearest, suggestion
from sopctl.notation.node import Node, Scalar, Sequence
from sopctl.notation.read import read_yaml
from sopctl.office.model import Office
from sopctl.sop.model import Field, Sop, Step
from sopctl.store import disk
from sopctl.store.protocol import Transaction

LARGEST_ATTACHMENT = 100_000_000
LARGEST_DATA = 10_000_000
EARLIEST = 1990
"""The first year that an office's case can be from."""

_AT_FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H.%M", "%d-%m-%Y %H:%M", "%d-%m-%Y %H.%M")


class MoveInput(Struct, frozen=True, kw_only=True):
    """The options of a move.

    ``sets`` are `field=value` texts, ``data`` a JSON or YAML file of fields, ``attach`` are `ITEM=FILE` texts. ``seen``
    is the revision that the user saw, where one was shown before the command was finished (a prompt).
    """

    as_: str = ""
    note: str = ""
    sets: tuple[str, ...] = ()
    data: Path | None = None
    attach: tuple[str, ...] = ()
    at: str = ""
    seen: int | None = None


def read_request(
    office: Office, account: str, now: datetime, case: Case, typed: MoveInput, change: Transaction
) -> Request:
    """The engine's request for a move of this case; attached files are laid into the change.

    A move is never before the last one, be the computer's clock behind it or that of the last one ahead.

    Raises:
        UsageError: for a value, a time or a file that cannot be.
        NotFoundError: for an unknown field, item or pelaksana.
    """
    at, last = parse_time(typed.at, now), case.state.last
    if at < last and (not typed.at or last <= at.replace(second=59)):
        at = last
    return Request(
        at=at,
        now=now,
        by=account,
        as_=find_pelaksana(case.sop, typed.as_),
        allowed=allowed_pelaksana(office, account, case, min(at, now).date()),
        allowed_now=allowed_pelaksana(office, account, case, now.date()),
        person=office.accounts_of_person(account),
        note=clean_text(typed.note, "Catatan"),
        fields=read_fields(case.sop, typed),
        attachments=store_attachments(case, typed.attach, change),
    )


def parse_time(text: str, now: datetime) -> datetime:
    """The time that `--at` names, in the time zone of ``now``, which is the office's; now where it is not given."""
    if not text:
        return now
    for form in _AT_FORMATS:
        try:
            at = datetime.strptime(text.strip(), form).replace(tzinfo=now.tzinfo)
        except ValueError:
            continue
        if at.year >= EARLIEST:
            return at
    raise UsageError(f"'{text}' bukan waktu yang dapat dipakai.", code="at", sample=f"{now:%Y-%m-%d} 10:00")


def find_pelaksana(sop: Sop, name: str) -> str:
    """The pelaksana with this key or title; empty stays empty.

    Raises:
        NotFoundError: where the SOP has none.
    """
    if not name:
        return ""
    by_title = {title.lower(): key for key, title in sop.pelaksana.items()}
    wanted = name.strip().lower()
    if wanted in sop.pelaksana:
        return wanted
    if wanted in by_title:
        return by_title[wanted]
    have = ", ".join(f"{key} ({title})" for key, title in sop.pelaksana.items())
    raise NotFoundError(f"Tidak ada pelaksana '{name}' pada SOP ini; pilihannya: {have}.", code="pelaksana")


def read_fields(sop: Sop, typed: MoveInput) -> dict[str, FieldValue]:
    """The fields that were given, those of `--set` before those of the data file; every wrong one is named at once."""
    found: dict[str, FieldValue] = {}
    mistakes: list[str] = []
    for name, value in {**_from_file(sop, typed.data), **_texts(sop, typed.sets)}.items():
        try:
            found[name] = _value(sop.fields[name], value)
        except UsageError as mistake:
            mistakes.append(mistake.message)
    if mistakes:
        raise UsageError("\n".join(mistakes), code="value")
    return found


def store_attachments(case: Case, texts: Iterable[str], change: Transaction) -> tuple[Attachment, ...]:
    """The files of `ITEM=FILE` texts, laid into the change under names that no other file of the case has."""
    # Those of a withdrawn move are in the record too, though no longer in the state.
    earlier = sum(len(event.attachments) for event in case.instance.events)
    return tuple(_attachment(case, text, change, earlier + number) for number, text in enumerate(texts, 1))


def find_item(case: Case, text: str) -> str:
    """The kelengkapan that an attachment proves: one of the SOP's by name or unambiguous beginning, else as typed.

    Raises:
        NotFoundError: where the text is a mistyped item of the step at hand.
    """
    known = {item.nama.lower(): item.nama for step in _nearest_first(case) for item in step.kelengkapan}
    wanted = clean_text(text, "Kelengkapan")
    if wanted.lower() in known:
        return known[wanted.lower()]
    begun = [nama for lower, nama in known.items() if lower.startswith(wanted.lower())]
    if len(begun) == 1:
        return begun[0]
    meant = nearest(wanted, known.values())
    if meant is not None:
        raise NotFoundError(f"Tidak ada kelengkapan '{text}'; mungkin maksudnya \"{meant}\".", code="item")
    if not wanted:
        raise UsageError("Sebutkan nama kelengkapannya.", code="item")
    return wanted


def _nearest_first(case: Case) -> list[Step]:
    """The steps, the one at hand first."""
    here = case.state.visit.step
    return sorted(case.sop.steps, key=lambda step: step.id != here)


class _Typed(Struct, frozen=True):
    """The texts that were typed for one field."""

    texts: list[str]


def _texts(sop: Sop, sets: Iterable[str]) -> dict[str, _Typed]:
    """The texts given for each field, in order."""
    typed: dict[str, _Typed] = {}
    for text in sets:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"Isian '{text}' tidak lengkap.", code="set")
        typed.setdefault(_field(sop, name).name, _Typed([])).texts.append(value)
    return typed


def _field(sop: Sop, name: str) -> Field:
    wanted = name.strip().lower()
    if wanted not in sop.fields:
        have = ", ".join(sop.fields) or "tidak ada"
        raise NotFoundError(
            f"SOP {sop.id} tidak mempunyai isian '{name}'{suggestion(name, sop.fields)}. Isian yang ada: {have}.",
            code="field",
        )
    return sop.fields[wanted]


def _value(field: Field, value: object) -> FieldValue:
    """The value of what was typed or stands in a file; `@file` reads a CSV into a table and lines into any other."""
    if not isinstance(value, _Typed):
        return values.parse_given(field, value)
    texts = value.texts
    if len(texts) != 1 or not texts[0].startswith("@"):
        return values.parse_typed(field, texts)
    text = _text_file(Path(texts[0][1:]))
    return values.parse_csv_table(field, text) if field.type == "table" else values.parse_typed(field, [text])


def _text_file(path: Path) -> str:
    """The text of a file; spreadsheets here save as UTF-8 with a mark, or as Windows-1252."""
    data = _read(path, LARGEST_DATA)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _read(path: Path, limit: int) -> bytes:
    """The bytes of a file that somebody named."""
    try:
        return disk.read_file(path, limit=limit)
    except DamagedError as error:
        raise UsageError(
            f"{path} terlalu besar; paling besar {limit // 1_000_000} MB. Kecilkan, atau bagi menjadi beberapa berkas.",
            code="size",
        ) from error


def _from_file(sop: Sop, path: Path | None) -> dict[str, object]:
    """The fields of a data file: a JSON or YAML mapping."""
    if path is None:
        return {}
    text = _text_file(path)
    data = _json(path, text) if path.suffix.lower() == ".json" else _yaml(path, text)
    if not isinstance(data, dict):
        raise UsageError(f"{path}: harus berisi pasangan nama dan nilai.", code="data")
    return {_field(sop, str(name)).name: value for name, value in data.items()}


def _json(path: Path, text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"baris {error.lineno}, kolom {error.colno}"
        raise UsageError(f"{path}: isinya bukan JSON yang benar ({where}).", code="data") from error
    except (ValueError, RecursionError) as error:
        why = "angka yang terlalu panjang" if isinstance(error, ValueError) else "susunan yang terlalu dalam"
        raise UsageError(f"{path}: isinya bukan JSON yang dapat dipakai; ada {why}.", code="data") from error


def _yaml(path: Path, text: str) -> object:
    node, problems = read_yaml(text.encode(), str(path))
    if node is None or problems:
        raise WrongError(f"{path}: isinya bukan YAML yang benar.", problems=problems, code="data")
    return _plain(node)


def _plain(node: Node) -> object:
    """What a node says, as texts, lists and mappings."""
    if isinstance(node, Scalar):
        return None if node.empty else node.text
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return {key.text: _plain(value) for key, value in node.entries}


def _attachment(case: Case, text: str, change: Transaction, number: int) -> Attachment:
    from hashlib import sha256  # noqa: PLC0415 — only where a file is attached

    item, equals, name = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"Lampiran '{text}' tidak lengkap.", code="attach", advice="attach_pair")
    source = Path(name.strip())
    data = _read(source, LARGEST_ATTACHMENT)
    path = change.add_attachment(case.id, f"{number:03d}{_suffix(source)}", data)
    return Attachment(
        item=find_item(case, item),
        path=path,
        sha256=sha256(data).hexdigest(),
        name=clean_text(source.name, "Nama berkas"),
    )


def _suffix(source: Path) -> str:
    """The ending of a file's name, where it is a plain one that every system can store."""
    suffix = source.suffix.lower()
    return suffix if suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= 8 else ""  # noqa: PLR2004 — `.geojson`
