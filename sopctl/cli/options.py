"""The arguments and options that commands share, each with its help and its completion, and the input they make."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopctl.cli import completion
from sopctl.cli.invocation import invocation
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sopctl.desk.input_files import InputFile
    from sopctl.desk.move_input import MoveInput

_STANDS_FOR = frozenset({"TEKS", "BARIS", "ANGKA", "TANGGAL", "PILIHAN", "NAMA", "LABEL", "BERKAS", "@BERKAS.csv", "…"})
"""What the commands on the screen print where a value is to be typed."""


def refuse_placeholders(typed: str | list[str] | None) -> str | list[str] | None:
    """What was typed; UsageError where a value is still the word that stands for one in a command on the screen."""
    for text in [typed] if isinstance(typed, str) else typed or ():
        for part in text.rpartition("=")[2].split(";"):
            if part in _STANDS_FOR and not Path(part.removeprefix("@")).is_file():
                raise UsageError(f"'{part}' pada '{text}' hanya penanda tempat; ganti dengan isinya yang sebenarnya.")
    return typed


SopId = Annotated[
    str, typer.Argument(metavar="SOP", help="Id SOP, misalnya sk-tim.", autocompletion=completion.sops_and_examples)
]
SopIds = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SOP]...", help="Id SOP; kosong = semua.", autocompletion=completion.sops_and_examples),
]
OnlySop = Annotated[
    str | None, typer.Option("--sop", metavar="SOP", help="Hanya SOP ini.", autocompletion=completion.sops)
]
ChosenId = Annotated[
    str,
    typer.Argument(metavar="[ID]", help="Id berkas; kosong = dipilih dari daftar.", autocompletion=completion.running),
]
CaseIds = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ID]...",
        help="Id berkas, boleh lebih dari satu; kosong = dipilih dari daftar.",
        autocompletion=completion.running,
    ),
]
OfSop = Annotated[
    str,
    typer.Option(
        "--sop", metavar="SOP", help="Semua berkas SOP ini yang menunggu di --step.", autocompletion=completion.sops
    ),
]
AtStep = Annotated[
    str, typer.Option("--step", metavar="LANGKAH", help="Langkah yang dimaksud; hanya bila berkasnya berada di sana.")
]
AnyCaseId = Annotated[
    str,
    typer.Argument(metavar="[ID]", help="Id berkas; kosong = dipilih dari daftar.", autocompletion=completion.cases),
]
BranchLabel = Annotated[str, typer.Argument(metavar="LABEL", help="Label cabang.", autocompletion=completion.labels)]
As = Annotated[
    str,
    typer.Option(
        "--as", metavar="PELAKSANA", help="Bertindak untuk pelaksana ini.", autocompletion=completion.pelaksana
    ),
]
AsCsv = Annotated[bool, typer.Option("--csv", help="Cetak CSV untuk lembar kerja.")]
Note = Annotated[str, typer.Option("--note", metavar="TEKS", help="Catatan atau alasan.", callback=refuse_placeholders)]
SetFields = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="ISIAN=NILAI",
        help="Isi satu isian; boleh diulang. Daftar: baris dipisah ';'. Tabel: isian=@file.csv.",
        callback=refuse_placeholders,
    ),
]
DataFile = Annotated[Path | None, typer.Option("--data", metavar="FILE", help="Isian dari file JSON atau YAML.")]
AttachFiles = Annotated[
    list[str] | None, typer.Option("--attach", metavar="KELENGKAPAN=FILE", help="Lampirkan file; boleh diulang.")
]
For = Annotated[
    str,
    typer.Option(
        "--for",
        metavar="PELAKSANA",
        help="Catat untuk pelaksana ini, atau pejabat dengan nama ini, yang mengerjakannya di atas kertas.",
        autocompletion=completion.pelaksana,
    ),
]
PaperEvidence = Annotated[
    str, typer.Option("--evidence", metavar="FILE", help="Pindaian yang membuktikannya, bersama --for.")
]
WithGaps = Annotated[
    bool, typer.Option("--with-gaps", help="Tanda tangani walaupun isian yang wajib untuk surat itu masih titik-titik.")
]
At = Annotated[
    str, typer.Option("--at", metavar="WAKTU", help='Waktu kejadian yang sebenarnya, misalnya "2026-11-24 10:00".')
]
Subject = Annotated[str, typer.Option("--subject", metavar="TEKS", help="Perihal: tentang apa berkas ini.")]


def named_files(**paths: Path | None) -> dict[str, Path]:
    """The files that options name, by their kinds."""
    invocation.note_folders(*paths.values())
    return {kind: path for kind, path in paths.items() if path is not None}


def move_input(
    *,
    set_: list[str] | None = None,
    data: Path | None = None,
    note: str = "",
    at: str = "",
    as_: str = "",
    for_: str = "",
    evidence: str = "",
    attach: list[str] | None = None,
    step: str = "",
    with_gaps: bool = False,
) -> "MoveInput":
    """The input of a move as these options give it.

    Raises:
        UsageError: where it is made on behalf of an official and as a pelaksana too, or its evidence is nobody's.
    """
    from sopctl.desk.move_input import MoveInput

    if for_ and as_:
        raise UsageError("Sebutkan --for atau --as, tidak keduanya.", code="usage")
    if evidence and not for_:
        raise UsageError("Bukti itu tidak menyebut milik siapa.", code="usage", advice="evidence_for")
    return MoveInput(
        as_=as_,
        note=note,
        sets=tuple(set_ or ()),
        data=data,
        attach=tuple(map(attached_file, attach or ())),
        at=at,
        for_=for_,
        evidence=input_file(evidence) if evidence else None,
        step=step,
        with_gaps=with_gaps,
    )


def attached_file(text: str) -> "InputFile":
    """The file of a text `KELENGKAPAN=FILE`."""
    item, equals, path = text.partition("=")
    if not equals or not path.strip():
        raise UsageError(f"Lampiran '{text}' tidak lengkap.", code="attach", advice="attach_pair")
    return input_file(path, item)


def input_file(path: str, item: str = "", caption: str = "") -> "InputFile":
    """A file that is there at a path, as somebody typed it."""
    from sopctl.desk.input_files import InputFile

    source = Path(path.strip())
    return InputFile(path=source, name=source.name, item=item, caption=caption)


def captioned_files(item: str, paths: "Sequence[str]", captions: "Sequence[str]") -> "tuple[InputFile, ...]":
    """Files for one kelengkapan, with what each shows: of all of them, or of none."""
    if captions and len(captions) != len(paths):
        message = f"Ada {len(paths)} file dan {len(captions)} keterangan; tulis satu keterangan untuk setiap file."
        raise UsageError(message, code="caption")
    shown = captions or [""] * len(paths)
    return tuple(input_file(path, item, caption) for path, caption in zip(paths, shown, strict=True))
