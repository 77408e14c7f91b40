"""The command for the register of letters: list it, print it, enter, set and withdraw numbers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sopctl.cli import case_choice, output
from sopctl.cli.options import AsCsv, At, Note
from sopctl.cli.record_files import shown_path, ways_to_letters
from sopctl.cli.register_output import Outputs, show_register
from sopctl.cli.session import look, opened
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from sopctl.desk.agenda import NewLetter, RegisterChange
    from sopctl.desk.session import Session
    from sopctl.engine.refused import Refused

PrintTo = Annotated[Path | None, typer.Option("--docx", metavar="FILE", help="Cetak buku agenda ke dokumen Word ini.")]
Nomor = Annotated[
    str, typer.Option("--nomor", metavar="NOMOR", help="Nomor surat, atau nomor urutnya; kosong = nomor berikutnya.")
]
Kode = Annotated[str, typer.Option("--kode", metavar="KODE", help="Kode klasifikasi surat (add, withdraw).")]
DocumentName = Annotated[
    str,
    typer.Option("--document", metavar="DOKUMEN", help="Surat yang diberi nomor, bila berkasnya punya beberapa (set)."),
]
Action = Annotated[
    Literal["list", "add", "set", "withdraw", "masuk"],
    typer.Argument(
        metavar="[list|add|set|withdraw|masuk]",
        help="Lihat buku agenda, catat surat dengan tangan, isi nomor sebuah berkas, atau tarik sebuah nomor; "
        "masuk: buku agenda surat masuk.",
    ),
]
Target = Annotated[
    str,
    typer.Argument(
        metavar="[ID|NOMOR]",
        help="Berkas untuk set, nomor surat untuk withdraw; untuk masuk: list, add, correct atau withdraw.",
    ),
]
NoAgenda = Annotated[str, typer.Argument(metavar="[NO. AGENDA]", help="Surat untuk masuk correct dan masuk withdraw.")]
Year = Annotated[
    int | None,
    typer.Option("--year", metavar="TAHUN", help="Hanya tahun ini; pada set dan withdraw: tahun buku nomornya."),
]
WriteTo = Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Tulis ke lembar kerja ini (masuk).")]
Perihal = Annotated[str, typer.Option("--perihal", metavar="TEKS", help="Isi surat yang dicatat (add).")]
SuratDari = Annotated[str, typer.Option("--from", metavar="TEKS", help="Pengirim surat (masuk).")]
TanggalSurat = Annotated[str, typer.Option("--dated", metavar="TANGGAL", help="Tanggal pada surat itu (masuk).")]
Sifat = Annotated[str, typer.Option("--sifat", metavar="TEKS", help="Sifat surat, misalnya Segera (masuk).")]
Scan = Annotated[Path | None, typer.Option("--scan", metavar="FILE", help="Pindaian surat (masuk).")]
Urut = Annotated[
    int, typer.Option("--urut", metavar="ANGKA", help="No. Agenda, bila menyambung buku lama (masuk add).")
]
Tujuan = Annotated[str, typer.Option("--tujuan", metavar="TEKS", help="Kepada siapa surat yang dicatat (add).")]


def agenda(
    action: Action = "list",
    target: Target = "",
    no_agenda: NoAgenda = "",
    year: Year = None,
    csv: AsCsv = False,
    docx: PrintTo = None,
    xlsx: WriteTo = None,
    nomor: Nomor = "",
    kode: Kode = "",
    perihal: Perihal = "",
    surat_dari: SuratDari = "",
    tanggal_surat: TanggalSurat = "",
    sifat: Sifat = "",
    scan: Scan = None,
    urut: Urut = 0,
    tujuan: Tujuan = "",
    document: DocumentName = "",
    note: Note = "",
    at: At = "",
) -> int:
    """Buku agenda surat keluar. Lihat, cetak, catat (add), isi nomor (set), tarik (withdraw); masuk: surat masuk."""
    looks = "list" in {action, target} or (action, target) == ("masuk", "")
    session = look() if looks else opened()
    outputs = Outputs(csv=csv, docx=docx, xlsx=xlsx)
    incoming = {"surat_dari": surat_dari, "tanggal_surat": tanggal_surat, "sifat": sifat}
    if action == "masuk":
        if kode or tujuan or document or (year and target not in {"", "list"}):
            raise UsageError("--kode, --tujuan dan --document hanya untuk surat keluar; --year hanya untuk masuk list.")
        from sopctl.cli import incoming_command
        from sopctl.desk.incoming_register import IncomingInput

        values = {**incoming, "nomor_surat": nomor, "perihal": perihal}
        typed = IncomingInput(values=values, scan=scan, urut=urut, note=note, at=at)
        return incoming_command.run(session, target, no_agenda, year, typed, outputs)
    if no_agenda or scan or xlsx or urut or any(incoming.values()):
        raise UsageError("--from, --dated, --sifat, --scan, --urut dan --xlsx hanya untuk: sopctl agenda masuk.")
    if action == "list":
        return show_register(session, "keluar", year, outputs)
    from sopctl.desk.agenda import NewLetter

    letter = NewLetter(perihal=perihal, nomor=nomor, kode=kode, tujuan=tujuan, note=note, at=at)
    return _change(session, action, target, letter, document, year)


def _change(
    session: "Session",
    action: Literal["add", "set", "withdraw"],
    target: str,
    letter: "NewLetter",
    document: str,
    year: int | None,
) -> int:
    """Enter a letter, set the number of one, or withdraw a number; the exit code."""
    from sopctl.desk import agenda as register

    if action == "add":
        if target:
            raise UsageError("agenda add tidak memakai id; tulis --perihal, --kode dan bila perlu --nomor.")
        if year is not None:
            raise UsageError('agenda add tidak memakai --year; tulis tanggal suratnya: --at "2026-11-24 10:00".')
        return _show(session, register.add(session, letter), "dicatat")
    if action == "set":
        target = case_choice.choose_case(session, target, *case_choice.ANY)
        change = register.set_number(session, target, letter.nomor, document, letter.note, year)
        return _show(session, change, "diberikan")
    if not target:
        raise UsageError("Sebutkan nomor surat sesudah withdraw.")
    return _show(session, register.withdraw(session, target, letter.note, year, letter.kode), "ditarik")


def _show(session: "Session", answer: "RegisterChange | Refused", done: str) -> int:
    """Print what became of a number; the exit code."""

    def say(change: "RegisterChange") -> None:
        output.say(f"Nomor {output.line(change.entry.nomor)} {done}: {output.line(change.entry.perihal)}")
        for document in change.documents:
            path = shown_path(session.record, document.path)
            output.say(f"  Dokumen  {document.name} ditulis ulang\n           {path}")
        for command in ways_to_letters(session.record, change.entry.id or "") if change.documents else ():
            output.say(f"           {command}")

    return output.show(answer, say)
