"""The arguments and options that commands share, each with its help and its completion."""

from pathlib import Path
from typing import Annotated

import typer

from sopctl.cli import complete

Json = Annotated[bool, typer.Option("--json", help="Cetak satu nilai JSON untuk program lain.")]
In = Annotated[
    Path | None, typer.Option("--workspace", metavar="FOLDER", help="Folder kantor (yang berisi sopctl.yaml).")
]
SopId = Annotated[str, typer.Argument(metavar="SOP", help="Id SOP, misalnya sk-tim.", autocompletion=complete.sops)]
SopIds = Annotated[
    list[str] | None, typer.Argument(metavar="[SOP]...", help="Id SOP; kosong = semua.", autocompletion=complete.sops)
]
OnlySop = Annotated[
    str | None, typer.Option("--sop", metavar="SOP", help="Hanya SOP ini.", autocompletion=complete.sops)
]
Id = Annotated[
    str,
    typer.Argument(metavar="ID", help="Id berkas, boleh disingkat bila hanya satu.", autocompletion=complete.running),
]
Ids = Annotated[
    list[str],
    typer.Argument(metavar="ID...", help="Id berkas, boleh lebih dari satu.", autocompletion=complete.running),
]
AnyId = Annotated[str, typer.Argument(metavar="ID", help="Id berkas.", autocompletion=complete.cases)]
Label = Annotated[str, typer.Argument(metavar="LABEL", help="Label cabang.", autocompletion=complete.labels)]
As = Annotated[
    str,
    typer.Option("--as", metavar="PELAKSANA", help="Bertindak untuk pelaksana ini.", autocompletion=complete.pelaksana),
]
Csv = Annotated[bool, typer.Option("--csv", help="Cetak CSV untuk lembar kerja.")]
Note = Annotated[str, typer.Option("--note", metavar="TEKS", help="Catatan atau alasan.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="ISIAN=NILAI",
        help="Isi satu isian; boleh diulang. Daftar: baris dipisah ';'. Tabel: isian=@berkas.csv.",
    ),
]
Data = Annotated[Path | None, typer.Option("--data", metavar="BERKAS", help="Isian dari berkas JSON atau YAML.")]
Attach = Annotated[
    list[str] | None,
    typer.Option("--attach", metavar="KELENGKAPAN=BERKAS", help="Lampirkan berkas; boleh diulang."),
]
At = Annotated[
    str, typer.Option("--at", metavar="WAKTU", help='Waktu kejadian yang sebenarnya, misalnya "2026-11-24 10:00".')
]
