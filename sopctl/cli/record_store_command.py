"""`record`: where the record lies: a database is made ready, looked at, and moved to."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sopctl.cli import output, progress
from sopctl.cli.remedies import RECORD_UPGRADE, advise
from sopctl.cli.session import opened
from sopctl.errors import BusyError, NotFoundError, UsageError, WrongError

if TYPE_CHECKING:
    from sopctl.desk.record_store import MovedRecord
    from sopctl.office.model import RecordKind, RecordSettings
    from sopctl.store.postgres.upgrade import Upgraded
    from sopctl.store.record_facts import DatabaseFacts, FolderFacts, RecordFacts, RecordSize

Action = Annotated[
    Literal["status", "upgrade", "move"],
    typer.Argument(
        metavar="status|upgrade|move",
        help="Lihat tempat catatan, siapkan atau perbarui tabel di basis data, atau pindahkan catatan.",
    ),
]
Service = Annotated[
    str, typer.Option("--service", metavar="LAYANAN", help="Layanan PostgreSQL; kosong = menurut sopctl.yaml.")
]
Grants = Annotated[
    list[str] | None,
    typer.Option(
        "--grant", metavar="PERAN[=KANTOR]", help="Dengan upgrade: peran ini bekerja untuk kantornya; boleh diulang."
    ),
]
Target = Annotated[
    Literal["files", "postgres"] | None,
    typer.Option("--to", metavar="files|postgres", help="Dengan move: tempat catatan yang baru."),
]

_WIDTH = 18
"""Letters of the longest name of a fact, and two spaces."""


def record(action: Action, service: Service = "", grant: Grants = None, to: Target = None) -> int:
    """Tempat catatan: folder data, atau basis data PostgreSQL. Lihat (status), siapkan (upgrade), pindahkan (move)."""
    try:
        if action == "upgrade":
            return _upgrade(service, grant or [])
        if action == "status":
            return _show_status(service)
        if to is None:
            raise UsageError("Sebutkan tempat yang baru.", code="usage", advice="name_target")
        return _move(to, service)
    except BusyError as error:  # the store names nothing of the way to a server; this name was typed here
        if error.code != "service" or not service:
            raise
        raise BusyError(f"--service {service}: {error.message}", code=error.code) from error


def _upgrade(service: str, grants: list[str]) -> int:
    from sopctl.desk.record_store import upgrade_record

    def say(made: "Upgraded") -> None:
        told = [f"Tabel {name} dibuat." for name in made.applied] or ["Tabel di basis data itu sudah yang terbaru."]
        output.say("\n".join([*told, *(f"Peran {role}: kantor {of}." for role, of in made.admitted.items())]))

    return output.show(upgrade_record(service, grants, _settings(service)), say)


def _settings(service: str) -> "RecordSettings":
    """What `sopctl.yaml` says of the record; who names a service needs no workspace."""
    from sopctl.office.model import RecordSettings

    try:
        return opened(looking=True).office.record
    except (NotFoundError, WrongError):
        if not service:
            raise
        return RecordSettings()


def _move(to: Literal["files", "postgres"], service: str) -> int:
    from sopctl.desk.record_store import move_record

    session = opened()
    try:
        with progress.reading("Menyalin buku catatan") as on_progress:
            made = move_record(session, to, service, on_progress)
    except KeyboardInterrupt:
        output.complain(
            "Pemindahan belum selesai. Perintah yang sama meneruskannya tanpa menyalin lagi yang sudah disalin."
        )
        raise
    return output.show(made, _say_moved)


def _say_moved(made: "MovedRecord") -> None:
    from sopctl.store.moved import PLACES

    left = (
        "Folder data yang lama tertutup dan tidak berubah lagi; simpanlah sampai ada cadangan dari basis data."
        if made.to == "postgres"
        else "Kantor ini di basis data tertutup dan tidak berubah lagi."
    )
    anchor = f"Sidik catatannya tetap: sopctl {made.lines} {made.head}\n" if made.head else ""
    output.say(
        f"Catatan dipindahkan ke {PLACES[made.to]}: {made.cases} berkas, {made.lines} baris buku catatan; "
        f"seluruhnya cocok.\n{anchor}sopctl.yaml kini menyebut record: {{store: {made.to}}}. {left}"
    )


def _show_status(service: str) -> int:
    from sopctl.store.opening import describe_record

    session = opened(looking=True)
    found = describe_record(session.workspace, session.office.record, service)
    return output.show(found, _say_status, code=0 if found.is_ready else BusyError.exit_code)


def _say_status(found: "RecordFacts") -> None:
    from sopctl.store.moved import PLACES

    left = found.left
    rows = [("Tempat", PLACES["postgres" if found.database else "files"])]
    rows += _list_folder(found.folder) if found.folder else []
    rows += _list_database(found.database) if found.database else []
    rows += [("Folder data", f"{'tertutup' if left.is_closed else 'TERBUKA'}, {left.lines} baris")] if left else []
    rows += _list_size(found.size) if found.size else []
    output.say("\n".join(f"{name:<{_WIDTH}}{said}" for name, said in rows))
    if found.size and found.size.head:
        output.say(f"Sidik: sopctl {found.size.lines} {found.size.head}", wrapped=False)
    for sentence in _warn(found):
        output.say(sentence)


def _warn(found: "RecordFacts") -> Iterator[str]:
    """What is not as it should be of where the record lies, then of its database."""
    from sopctl.store.moved import PLACES

    if found.moved_to:
        there: RecordKind = "files" if found.database else "postgres"
        yield (
            f"Catatan ini tertutup: yang berlaku berada di {PLACES[there]}, atau belum seluruhnya dipindahkan ke sini. "
            f"{advise('moved', to=there)}"
        )
    elif found.left and not found.left.is_closed:
        yield f"Di folder data ada catatan lain yang terbuka. {advise('unmoved')}"
    if found.database:
        yield from _warn_of_database(found.database)


def _list_folder(one: "FolderFacts") -> list[tuple[str, str]]:
    return [
        ("Folder", one.folder),
        ("Dibuka oleh", "grup pemilik folder" if one.shared else "akun yang menulisnya saja"),
        ("Sedang ditulis", one.holder or "tidak"),
    ]


def _list_database(one: "DatabaseFacts") -> list[tuple[str, str]]:
    link = "lewat soket di komputer yang sama" if one.local else "terenkripsi" if one.encrypted else "TIDAK terenkripsi"
    clock = f"{_say_seconds(abs(one.offset))} {'lebih cepat' if one.offset > 0 else 'lebih lambat'} dari komputer ini"
    return [
        ("Layanan", one.service or "(menurut variabel lingkungan PostgreSQL)"),
        ("Kantor", one.office or "(tidak ada yang dapat dipakai)"),
        ("Tabel", f"versi {one.tables}" if one.tables else "belum dibuat, atau belum boleh dilihat peran ini"),
        ("Server", f"PostgreSQL {one.server}{', hanya dapat dibaca (standby)' if one.standby else ''}"),
        ("Sambungan", link),
        ("Kabar perubahan", "langsung dari server (LISTEN)" if one.listens else "diperiksa tiap detik"),
        ("Jam server", clock if abs(one.offset) >= 1 else "sama dengan jam komputer ini"),
    ]


def _say_seconds(seconds: float) -> str:
    """So many seconds in the largest unit of which there are two."""
    units = ((86_400, "hari"), (3_600, "jam"), (60, "menit"))
    size, name = next(((size, name) for size, name in units if seconds >= 2 * size), (1, "detik"))
    return f"{seconds / size:.0f} {name}"


def _say_offices(offices: Sequence[str]) -> str:
    """What is wrong where none of the offices that the role works for is meant."""
    if not offices:
        return f"Peran ini belum bekerja untuk kantor mana pun. {advise('record_grant')}"
    return f"Peran ini bekerja untuk: {', '.join(offices)}. Sebutkan salah satunya di sopctl.yaml (record: office)."


def _list_size(size: "RecordSize") -> list[tuple[str, str]]:
    return [
        ("Berkas", str(size.cases)),
        ("Dokumen", f"{size.files} ({size.bytes / 1_000_000:.1f} MB)".replace(".", ",")),
        ("Buku catatan", f"{size.lines} baris"),
    ]


def _warn_of_database(one: "DatabaseFacts") -> Iterator[str]:
    """What is not as it should be, and what nothing prevents."""
    if one.tables == one.needed and not one.office:
        yield _say_offices(one.offices)
    if one.tables != one.needed:
        newer = "Perbarui sopctl di komputer ini." if one.tables > one.needed else RECORD_UPGRADE
        yield f"sopctl ini memerlukan tabel versi {one.needed}. {newer}"
    if not (one.encrypted or one.local):
        yield "Isi catatan dapat dibaca di jaringan: tulis sslmode=verify-full dalam file layanannya."
    if one.is_superuser or one.bypasses_policies:
        yield (
            "Peran ini tidak dibatasi (superuser atau BYPASSRLS): ia dapat membaca semua kantor, dan mengubah atau "
            "menghapus baris buku catatan. Bekerjalah dengan peran yang hanya diberi kantornya."
        )
    elif one.is_owner:
        yield (
            "Peran ini pemilik tabelnya: kantor lain tertutup baginya, tetapi ia dapat membuka pembatas itu, lalu "
            "mengubah buku catatan. Bekerjalah dengan peran lain yang diberi kantornya."
        )
