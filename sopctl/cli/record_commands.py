"""The commands for the record: is all of it intact, mending, proving it elsewhere, another version of an SOP."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopctl.cli import case_choice, output
from sopctl.cli.invocation import invocation
from sopctl.cli.options import AnyCaseId, At, Note
from sopctl.cli.session import opened
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from sopctl.audit.bundle import WrittenBundle
    from sopctl.audit.doctor import DoctorReport

Mend = Annotated[bool, typer.Option("--mend", help="Perbaiki yang dapat diperbaiki tanpa menebak; aslinya disisihkan.")]
AcceptOffice = Annotated[
    bool, typer.Option("--accept-office", help="Terima sopctl.yaml yang berlaku sekarang, atau VERSI, bagi catatannya.")
]
OfficeVersion = Annotated[
    str, typer.Argument(metavar="[VERSI]", help="Versi sopctl.yaml seperti disebut verify; untuk --accept-office.")
]
TargetFile = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Tulis ke file ini.")]
StepMaps = Annotated[
    list[str] | None, typer.Option("--map", metavar="LAMA=BARU", help="Langkah lama dan padanannya; boleh berulang.")
]


def doctor(version: OfficeVersion = "", mend: Mend = False, accept: AcceptOffice = False) -> int:
    """Bersihkan sisa perintah yang terputus dan periksa semuanya. Dengan --mend juga perbaiki."""
    from sopctl.cli.finding_messages import show_audit
    from sopctl.desk.upkeep import run_doctor

    if version and not accept:
        raise UsageError("VERSI hanya untuk --accept-office.", code="usage")
    return show_audit(run_doctor(opened(), mend=mend, accept=version if accept else None), _say_mended)


def _say_mended(found: "DoctorReport") -> None:
    from sopctl.cli.finding_messages import conclusion, first_few, say_findings

    for line in first_few(found.mended):
        output.say(line)
    say_findings(found.findings, found.notices)
    output.say(conclusion(found.findings, found.notices))


def anchor(out: TargetFile = None) -> int:
    """Satu baris bukti seluruh catatan, untuk disimpan di luar kantor. Dibandingkan kelak dengan verify --anchor."""
    from sopctl.audit.anchor import take_anchor
    from sopctl.store import outputs

    session = opened()
    invocation.note_folders(out)
    if out is not None:
        outputs.check_output_path(session.record, out, "anchor", ".txt", "")
    taken = take_anchor(session.record)
    if out is not None:
        outputs.write_output(out, [f"{taken.text}  {taken.at}\n".encode()])
    output.show(taken, taken.text)
    if not invocation.json:
        output.complain("Simpan baris ini di luar kantor (kirim ke inspektorat, cetak, catat dalam berita acara).")
    return 0


def bundle(id: AnyCaseId = "", out: TargetFile = None) -> int:
    """Kumpulkan semua tentang sebuah berkas untuk pemeriksa.

    Isinya dokumen, lampiran, catatan, SOP, kalender, dan program pemeriksa yang tidak memerlukan sopctl.
    """
    from sopctl.desk.upkeep import write_bundle

    session = opened()
    id = case_choice.choose_case(session, id, *case_choice.ANY)
    invocation.note_folders(out)
    return output.show(write_bundle(session, id, out), _say_bundle)


def _say_bundle(made: "WrittenBundle") -> None:
    for notice in made.notices:
        output.say(f"Penting: {notice}")
    output.say(
        f"{made.path}: {made.files} file dari {', '.join(made.ids)}.\n"
        f"Sidik bundel: {made.fingerprint}\n"
        "Catat sidik ini di luar bundel (berita acara, surat pengantar): dengannya bundel dapat dicocokkan kelak.\n"
        "Pemeriksa menjalankan: python periksa.py (ada di dalamnya); kantor: sopctl verify BUNDEL.zip."
    )


def migrate(
    id: AnyCaseId = "",
    maps: StepMaps = None,
    yes: Annotated[bool, typer.Option("--yes", help="Jalankan tanpa bertanya.")] = False,
    note: Note = "",
    at: At = "",
) -> int:
    """Lanjutkan berkas dengan SOP yang berlaku sekarang. Yang berubah ditunjukkan dahulu."""
    from sopctl.cli.move_messages import show_move
    from sopctl.desk import migrate as migration
    from sopctl.desk.move_input import MoveInput
    from sopctl.engine.refused import Refused

    session = opened()
    id = case_choice.choose_case(session, id, "running", "suspended")
    planned = migration.plan(session, id, tuple(maps or ()))
    if isinstance(planned, Refused):
        return output.show(planned, "")
    if not invocation.json:
        output.say("\n".join(planned.sentences))
    if not yes and not _agreed():
        if invocation.json:
            output.say_json(planned)
        return 0
    moved = migration.migrate(session, planned, MoveInput(note=note, at=at))
    return show_move(session, moved, "memakai SOP yang baru")


def _agreed() -> bool:
    """Whether somebody at the terminal says so; elsewhere nothing is done without `--yes`."""
    from sopctl.cli.terminal_input import agreed, at_a_terminal

    if at_a_terminal():
        return agreed("Lanjutkan berkas ini dengan SOP yang baru?")
    output.complain("Belum ada yang diubah; jalankan lagi dengan --yes.")
    return False
