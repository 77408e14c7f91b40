"""`verify`: is the record intact, and where does a Word file come from, or the paper that bears a code."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopctl.cli import completion, output
from sopctl.cli.session import opened
from sopctl.engine.moments import format_moment
from sopctl.errors import DamagedError, NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sopctl.audit.anchor import KeptAnchor
    from sopctl.audit.findings import Finding
    from sopctl.audit.returned_bundle import BundleComparison
    from sopctl.audit.trace import TracedAttachment, TracedLetter
    from sopctl.audit.verify import Verification
    from sopctl.store.record import Record

VerifyTarget = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ID|FILE|KODE]",
        help="Id berkas, dokumen Word atau lampiran, bundel, atau kode verifikasi di kaki surat.",
        autocompletion=completion.cases,
    ),
]
AnchorText = Annotated[
    str,
    typer.Option("--anchor", metavar="SIDIK", help="Sidik catatan yang disimpan: barisnya, atau file yang memuatnya."),
]


def verify(target: VerifyTarget = None, kept: AnchorText = "") -> int:
    """Periksa keutuhan catatan, atau asal sebuah surat. Surat dikenali dari dokumen Wordnya atau kode di kakinya."""
    from msgspec.structs import replace

    from sopctl.audit import anchor, backup_archive, returned_bundle, trace, typed_code
    from sopctl.cli import finding_messages, trace_messages

    wanted = " ".join(target or ())
    file = Path(wanted) if wanted and _names_a_file(wanted) else None
    session = opened()
    anchored = anchor.read_anchors(kept) if kept else ()
    broken = anchor.check_anchors(session.record, anchored) if anchored else ()
    held = _held(anchored) if anchored and not broken else ""
    if file is not None and backup_archive.is_backup(file):
        return _backup(file)
    if file is not None and returned_bundle.is_bundle(file):
        return _returned(session.record, file, broken, held)
    traced = trace.trace_file(session.record, file) if file else typed_code.trace_typed_code(session.record, wanted)
    if traced is None:
        return _verify(session.record, _only(target), broken, held)
    found: TracedLetter | TracedAttachment = replace(traced, findings=(*broken, *traced.findings))
    damaged = found.altered or bool(found.findings)

    def say(_: object) -> None:
        lines = trace_messages.told(file.name if file else None, found, session.record)
        (output.complain if damaged else output.say)("\n".join(lines))
        if held:
            output.say(held)

    return finding_messages.show_audit(found, say)


def _names_a_file(target: str) -> bool:
    """Whether the word means a file; one that is not there is told as one."""
    path = Path(target)
    if path.is_file():
        return True
    if path.suffix.lower() in {".docx", ".docm", ".pdf", ".zip"} or len(path.parts) > 1:
        raise NotFoundError(f"File {target} tidak ada di sini; periksa nama dan foldernya.", code="file")
    return False


def _backup(file: Path) -> int:
    """A backup, read to its end; whether the record in it is intact is known once it was restored."""
    from sopctl.audit.backup_archive import check_archive
    from sopctl.cli.command_lines import word

    found = check_archive(file)
    text = (
        f"{file.name} adalah cadangan kantor, keadaan {format_moment(found.at)}; {len(found.files)} file di dalamnya "
        f"cocok dengan daftarnya.\nCatatannya sendiri diperiksa ketika dipulihkan ke folder baru:\n"
        f"  sopctl restore {word(str(file), 'FILE')} FOLDER"
    )
    return output.show({"path": str(file), "at": found.at, "anchor": found.anchor, "files": len(found.files)}, text)


def _returned(record: "Record", file: Path, broken: "tuple[Finding, ...]", held: str) -> int:
    """A bundle that came back, compared with the record."""
    from msgspec.structs import replace

    from sopctl.audit import returned_bundle
    from sopctl.cli.finding_messages import first_few

    found = returned_bundle.compare_bundle(record, file)
    found = replace(found, findings=(*(finding.message for finding in broken), *found.findings))

    def say(found: "BundleComparison") -> None:
        for finding in first_few(found.findings):
            output.complain(finding)
        output.say("\n".join(filter(None, (*_compared(found), held))))

    return output.show(found, say, code=DamagedError.exit_code if found.findings else 0)


def _compared(found: "BundleComparison") -> "Iterator[str]":
    for notice in found.notices:
        yield f"Penting: {notice}"
    yield f"Sidik bundel: {found.fingerprint}"
    if found.findings:
        yield "Bundel ini tidak dapat dipakai sebagai bukti sebelum hal di atas jelas."
        return
    yield f"{found.events} catatan dan {found.lines} baris buku catatan dalam bundel sama dengan catatan kantor."
    for case in found.cases:
        more = f"bertambah {case.since} catatan" if case.since else "tidak bertambah catatan"
        yield f"  {case.id}: {case.events} catatan; sejak bundel dibuat {more}."


def _only(target: list[str] | None) -> str | None:
    """The one id that was given; only a code and a file name may be several words."""
    if target and len(target) > 1:
        raise UsageError("Sebutkan satu saja: id berkas, dokumen Word, atau kode verifikasi.", code="target")
    return target[0] if target else None


def _verify(record: "Record", id: str | None, broken: "tuple[Finding, ...]", held: str) -> int:
    """The record compared, all of it or one case."""
    from msgspec.structs import replace

    from sopctl.audit import verify as verification
    from sopctl.cli import finding_messages

    verified = verification.verify(record, id)
    verified = replace(verified, findings=(*broken, *verified.findings))

    def say(found: "Verification") -> None:
        finding_messages.say_findings(found.findings, found.notices)
        counted = (
            f"{found.cases} berkas, {found.events} catatan, {found.files} dokumen, {found.numbers} nomor "
            f"dan {found.lines} baris buku catatan diperiksa."
        )
        output.say("\n".join(filter(None, (counted, *_offices(found, record), held))))

    return finding_messages.show_audit(verified, say)


def _offices(verified: "Verification", record: "Record") -> "Iterator[str]":
    """The versions of `sopctl.yaml` by which events were recorded: one that was slipped in stands out."""
    if not verified.offices:
        return
    yield "sopctl.yaml yang berlaku saat mencatat:"
    for one in verified.offices:
        version = f"{one.version[:12]}…" if one.version else "tidak dicatat"
        now = ", berlaku sekarang" if one.current else ""
        accounts = {None: "", 0: ", tanpa akun: siapa saja boleh bertindak"}.get(one.accounts, f", {one.accounts} akun")
        by = "" if not one.accepted_by else f", diterima lewat akun {record.shown_name(one.accepted_by)}"
        accepted = ", belum diterima" if one.accepted_by is None else by if one.accounts else ""
        during = f"{format_moment(one.since)} sampai {format_moment(one.until)}"
        yield f"  {version:<13}  {during}: {one.events} catatan{accounts}{accepted}{now}"


def _held(anchored: "tuple[KeptAnchor, ...]") -> str:
    many = f" ({len(anchored)} sidik cocok)" if len(anchored) > 1 else ""
    lines = max(one.lines for one in anchored)
    return f"Buku catatan masih memuat semua {lines} baris yang tercakup sidiknya{many}."
