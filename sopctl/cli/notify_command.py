"""The command that tells each official by e-mail what waits for them."""

from typing import TYPE_CHECKING, Annotated

import typer

from sopctl.cli import output
from sopctl.cli.session import look
from sopctl.errors import BusyError

if TYPE_CHECKING:
    from sopctl.desk.notify import DigestMail

_SAID = {
    "sent": "terkirim",
    "already": "hari ini sudah dikirimi",
    "refused": "tidak terkirim",
    "unsent": "tidak terkirim",
    "unknown": "tidak pasti terkirim, dan hari ini tidak diulang",
}


def notify(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tampilkan pos-elnya saja; tidak ada yang dikirim.")
    ] = False,
) -> int:
    """Beri tahu pejabat lewat pos-el apa yang menunggunya.

    Setiap orang paling banyak sekali sehari; yang tidak ditunggu apa pun tidak dikirimi.
    """
    from sopctl.desk import notify as telling

    run = telling.notify(look(), dry_run=dry_run)
    failed = any(mail.outcome in {"refused", "unsent", "unknown"} for mail in run.mails)
    return output.show(
        run.mails,
        lambda mails: _say_mails(mails, dry_run=dry_run),
        encode=lambda mails: {"dry_run": dry_run, "mails": mails},
        code=BusyError.exit_code if failed else 0,
        damaged=run.damaged,
    )


def _say_mails(mails: "tuple[DigestMail, ...]", *, dry_run: bool) -> None:
    if not mails:
        output.say("Tidak ada yang perlu diberi tahu: tidak ada pekerjaan yang menunggu pejabat dengan pos_el.")
    for mail in mails:
        if dry_run:
            output.say(f"Kepada: {output.line(mail.nama)} <{mail.to}>\nPerihal: {mail.subject}\n\n{mail.text}")
            continue
        why = f". {mail.message}" if mail.message else ""
        output.say(f"{output.line(mail.nama)} <{mail.to}>: {_SAID[mail.outcome]}{why or '.'}")
