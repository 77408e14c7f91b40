"""`record`: where the record lies: a database is made ready, looked at, and moved to."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sopctl.cli import output
from sopctl.cli.options import InWorkspace, Json
from sopctl.cli.session import opened
from sopctl.errors import NotFoundError

if TYPE_CHECKING:
    from sopctl.office.model import RecordSettings
    from sopctl.store.postgres.upgrade import Upgraded

Action = Annotated[
    Literal["upgrade"],
    typer.Argument(metavar="upgrade", help="Siapkan atau perbarui tabel di basis data."),
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


def record(
    action: Action, service: Service = "", grant: Grants = None, workspace: InWorkspace = None, json: Json = False
) -> int:
    """Tempat catatan: siapkan basis data PostgreSQL (upgrade)."""
    del action
    return _upgrade(service, grant or [], workspace, json=json)


def _upgrade(service: str, grants: list[str], workspace: Path | None, *, json: bool) -> int:
    from sopctl.desk.record_upgrade import upgrade_record

    def say(made: "Upgraded") -> None:
        told = [f"Tabel {name} dibuat." for name in made.applied] or ["Tabel di basis data itu sudah yang terbaru."]
        output.say("\n".join([*told, *(f"Peran {role}: kantor {of}." for role, of in made.admitted.items())]))

    return output.show(upgrade_record(service, grants, _settings(workspace, service)), say, json=json)


def _settings(workspace: Path | None, service: str) -> "RecordSettings":
    """What `sopctl.yaml` says of the record; who names a service may stand in no workspace at all."""
    from sopctl.office.model import RecordSettings

    try:
        return opened(workspace, looking=True).office.record
    except NotFoundError:
        if workspace or not service:
            raise
        return RecordSettings()
