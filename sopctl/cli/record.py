"""The commands for the record: is all of it intact, mending, proving it elsewhere, another version of an SOP."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopctl.cli import complete, output
from sopctl.cli.options import AnyId, At, In, Json, Note
from sopctl.cli.session import opened
from sopctl.errors import DamagedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sopctl.desk.trust.trace import Traced
    from sopctl.desk.trust.witness import Finding

Target = Annotated[
    str, typer.Argument(metavar="[ID|BERKAS]", help="Id berkas atau berkas Word.", autocompletion=complete.cases)
]
Kept = Annotated[
    str,
    typer.Option("--anchor", metavar="JANGKAR", help="Jangkar yang disimpan: barisnya, atau berkas yang memuatnya."),
]
Mend = Annotated[bool, typer.Option("--mend", help="Perbaiki yang dapat diperbaiki tanpa menebak; aslinya disisihkan.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="BERKAS", help="Tulis ke berkas ini.")]
Maps = Annotated[
    list[str] | None, typer.Option("--map", metavar="LAMA=BARU", help="Langkah lama dan padanannya; boleh berulang.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Jalankan tanpa bertanya.")]


def verify(target: Target = "", kept: Kept = "", workspace: In = None, json: Json = False) -> int:
    """Periksa apakah catatan dan dokumen masih utuh, atau dari mana sebuah berkas Word berasal."""
    from sopctl.desk.trust import anchor
    from sopctl.desk.trust import verify as trust

    if target and _names_a_file(target):
        return _trace(Path(target), workspace, json=json)
    desk = opened(workspace)
    anchored = anchor.read_anchors(kept) if kept else ()
    verified = trust.verify(desk, target or None)
    if anchored:
        from msgspec.structs import replace

        verified = replace(verified, findings=(*anchor.against(desk, anchored), *verified.findings))
    if json:
        output.say_json(verified)
    else:
        _findings(verified.findings)
        _notices(verified.notices)
        output.say(
            f"{verified.cases} berkas, {verified.events} catatan, {verified.files} dokumen, {verified.numbers} nomor "
            f"dan {verified.lines} baris buku besar diperiksa."
        )
        if anchored and not any(finding.kind == "anchor" for finding in verified.findings):
            lines = max(one.anchor.lines for one in anchored)
            many = f" ({len(anchored)} jangkar cocok)" if len(anchored) > 1 else ""
            output.say(f"Buku besar masih memuat semua {lines} baris yang dijangkarkan{many}.")
    return DamagedError.exit_code if verified.findings else 0


def doctor(mend: Mend = False, workspace: In = None, json: Json = False) -> int:
    """Bersihkan sisa perintah yang terputus, periksa semuanya, dan dengan --mend perbaiki."""
    from sopctl.desk.trust import doctor as trust

    mended = trust.doctor(opened(workspace), mend=mend)
    if json:
        output.say_json(mended)
    else:
        for line in mended.mended:
            output.say(line)
        _findings(mended.findings)
        _notices(mended.notices)
        output.say("Semua utuh." if not mended.findings else f"{len(mended.findings)} hal perlu dilihat.")
    return DamagedError.exit_code if mended.findings else 0


def anchor(out: Out = None, workspace: In = None, json: Json = False) -> int:
    """Jangkar buku besar: satu baris untuk disimpan di luar kantor, pembanding verify --anchor kelak."""
    from sopctl.desk.trust import anchor as trust

    taken = trust.anchor(opened(workspace))
    if out is not None:
        from sopctl.store import files

        files.replace(out, f"{taken.text}  {taken.at}\n".encode())
    if json:
        output.say_json(taken)
    else:
        output.say(taken.text)
        output.complain("Simpan baris ini di luar kantor (kirim ke inspektorat, cetak, catat dalam berita acara).")
    return 0


def bundle(id: AnyId, out: Out = None, workspace: In = None, json: Json = False) -> int:
    """Bundel untuk pemeriksa: dokumen, lampiran, catatan, SOP, kalender, dan pemeriksa yang tidak memerlukan sopctl."""
    from sopctl.desk.trust import bundle as trust

    made = trust.bundle(opened(workspace), id, out)
    if json:
        output.say_json(made)
    else:
        output.say(f"{made.path}: {made.files} berkas dari {', '.join(made.ids)}.")
        output.say(f"Sidik bundel: {made.fingerprint}")
        output.say("Pemeriksa menjalankan: python periksa.py (ada di dalamnya).")
    return 0


def migrate(
    id: AnyId,
    maps: Maps = None,
    yes: Yes = False,
    note: Note = "",
    at: At = "",
    workspace: In = None,
    json: Json = False,
) -> int:
    """Lanjutkan sebuah berkas dengan SOP yang berlaku sekarang, sesudah melihat apa yang berubah."""
    from sopctl.cli import telling
    from sopctl.desk.ask import Ask
    from sopctl.desk.trust import migrate as trust
    from sopctl.engine.refused import Refused

    desk = opened(workspace)
    planned = trust.plan(desk, id, tuple(maps or ()))
    if not isinstance(planned, Refused):
        if not json:
            output.say("\n".join(planned.sentences))
        if not yes and not _agreed(json=json):
            if json:
                output.say_json(planned)
            return 0
        moved = trust.migrate(desk, planned, Ask(note=note, at=at))
    if isinstance(planned, Refused):
        moved = planned
    if isinstance(moved, Refused):
        if json:
            output.say_json(output.refused(moved))
        else:
            output.complain(moved.message)
        return output.REFUSED
    if json:
        output.say_json(moved)
    else:
        output.say(telling.moved(desk, moved, "memakai SOP yang baru"))
    return 0


def _agreed(*, json: bool) -> bool:
    """Whether somebody at the terminal says so; elsewhere nothing is done without `--yes`."""
    from sopctl.cli import asking

    if asking.at_a_terminal(json=json):
        return typer.confirm("Lanjutkan berkas ini dengan SOP yang baru?", err=True)
    output.complain("Belum ada yang diubah; jalankan lagi dengan --yes.")
    return False


def _names_a_file(target: str) -> bool:
    """Whether the word means a file; one that is not there is told as one."""
    path = Path(target)
    if path.is_file():
        return True
    if path.suffix.lower() in {".docx", ".docm", ".pdf"} or len(path.parts) > 1:
        raise NotFoundError(f"Berkas {target} tidak ada di sini; periksa nama dan foldernya.", code="file")
    return False


def _trace(path: Path, workspace: Path | None, *, json: bool) -> int:
    from sopctl.desk.trust import trace

    traced = trace.trace(opened(workspace), path)
    if json:
        output.say_json(traced)
    else:
        lines = _told(path, traced)
        (output.complain if traced.altered else output.say)("\n".join(lines))
    return DamagedError.exit_code if traced.altered else 0


def _told(path: Path, traced: "Traced") -> list[str]:
    """Where a Word file comes from, in a few lines."""
    from datetime import datetime

    from sopctl.sop.model import ACTS

    lines = [f"{path.name} sudah diubah sesudah ditulis." if traced.altered else f"{path.name} asli."]
    nomor = f", nomor {traced.nomor}" if traced.nomor else ""
    at = datetime.fromisoformat(traced.at)
    no = f"{traced.no}. " if traced.no is not None else ""
    lines += [
        f"  Berkas   {traced.id}: {traced.subject} ({traced.sop})",
        f"  Langkah  {no}{traced.step}: {traced.kegiatan}",
        f"  Keadaan  {traced.name}, {ACTS[traced.act]}{nomor}",
        f"  Dicatat  {at:%d-%m-%Y %H.%M} oleh {traced.by}, catatan nomor {traced.number}",
        f"  Kode     {traced.code}",
    ]
    if traced.altered:
        lines.append("  Isinya bukan yang ditulis saat itu; jangan dipakai. Pulihkan dari cadangan.")
    if traced.withdrawn:
        lines.append("  Langkah itu kemudian ditarik kembali; naskah ini tidak berlaku.")
    elif traced.latest:
        lines.append(f"  Ada naskah yang lebih baru: {traced.latest}")
    return lines


def _findings(findings: "Iterable[Finding]") -> None:
    for finding in findings:
        output.complain(f"{finding.id or 'data'}: {finding.message}")


def _notices(notices: "Iterable[Finding]") -> None:
    for notice in notices:
        output.say(f"Catatan: {notice.id or 'data'}: {notice.message}")
