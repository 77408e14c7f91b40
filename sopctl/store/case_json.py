"""A case as JSON: what every store reads and writes of it, and how damage shows."""

import msgspec

from sopctl.engine.events import find_broken_link, first_version
from sopctl.engine.instance import SCHEMA, Instance
from sopctl.engine.moments import is_readable
from sopctl.errors import DamagedError, UsageError
from sopctl.store.case_ids import folder_of
from sopctl.store.recent import Recent
from sopctl.store.struct_decoders import make_json_decoder

LARGEST = 50_000_000
"""Bytes that one case may take; a larger file was not written by sopctl."""

REMEDY = (
    "Pulihkan berkas itu dari cadangan; bila buku catatannya utuh, berkas itu juga dapat disusun kembali dari buku "
    "catatan."
)
"""What to do about a file of the record that cannot be used."""

recent: Recent[tuple[bytes, Instance]] = Recent()
"""Cases with their bytes."""

_NO_FILES = frozenset(("", ".", ".."))


def decode(data: bytes, path: object, id: str) -> Instance:
    """The case in these bytes.

    Raises:
        DamagedError: where they are cut short, were changed by hand or come from a newer sopctl.
    """
    try:
        instance = make_json_decoder(Instance).decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        _check_schema(_schema_of(data), path)
        raise DamagedError(f"File {path} rusak atau terpotong. {REMEDY}", advice="rebuild") from error
    _check_schema(instance.schema, path)
    broken = find_broken_link(
        instance.id, first_version(instance.version, instance.events), instance.events, instance.head
    )
    complete = (
        instance.events
        and instance.revision == len(instance.events)
        and all(is_readable(event.at) and is_readable(event.recorded_at) for event in instance.events)
    )
    if instance.id != id or not complete or broken is not None or not _names_own_files_only(instance):
        where = f" mulai catatan nomor {min(broken, len(instance.events))}" if broken else ""
        raise DamagedError(f"File {path} diubah di luar sopctl{where}. {REMEDY}", code="changed", advice="rebuild")
    return instance


def decode_again(data: bytes, path: object, id: str) -> Instance:
    """The same; what this process decoded or wrote last and has these bytes still is not checked again."""
    known = recent.get(id)
    if known is None or known[0] != data:
        known = data, decode(data, path, id)
        recent.put(id, known)
    return known[1]


def _check_schema(schema: int, path: object) -> None:
    if schema < 1:
        raise DamagedError(
            f"File {path} diubah di luar sopctl (schema {schema}). {REMEDY}", code="changed", advice="rebuild"
        )
    if schema > SCHEMA:
        raise DamagedError(
            f"File {path} ditulis oleh sopctl yang lebih baru (schema {schema}); perbarui sopctl di sini.",
            code="newer_schema",
        )


def _schema_of(data: bytes) -> int:
    """The schema that a file names which this sopctl cannot read; ours where it names none."""
    try:
        return make_json_decoder(_Schema).decode(data).schema
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return SCHEMA


def _names_own_files_only(instance: Instance) -> bool:
    """Whether every file that the events name lies in a folder of this case."""
    paths = [file.path for event in instance.events for file in event.files]
    if not paths:
        return True
    own = f"{folder_of(instance.id)}/{instance.id}"
    folders = f"data/documents/{own}", f"data/attachments/{own}"
    named = (path.rpartition("/") for path in paths)
    return all(folder in folders and name not in _NO_FILES for folder, _, name in named)


def encode(instance: Instance) -> bytes:
    """The bytes of a case: JSON with a line for each value, so that people and tools can compare two of them."""
    return msgspec.json.format(msgspec.json.encode(instance), indent=1) + b"\n"


def encode_to_save(instance: Instance) -> bytes:
    """The same of a case that is about to be saved.

    Raises:
        UsageError: where it is larger than a case may be (`LARGEST`).
    """
    data = encode(instance)
    if len(data) > LARGEST:
        raise UsageError(
            f"Berkas {instance.id} akan menjadi lebih besar dari {LARGEST // 1_000_000} MB; tidak ada yang dicatat. "
            "Lampirkan daftar yang panjang.",
            code="too_large",
            advice="attach_instead",
        )
    return data


class _Schema(msgspec.Struct):
    schema: int
