"""`account`: invites officials to the page, and closes their accounts."""

import os
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sopctl.cli import output
from sopctl.cli.session import opened
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from sopctl.desk.accounts import AccountLink, DisabledAccount, ListedAccount

_STATES = {"active": "dipakai", "invited": "diundang", "expired": "undangan kedaluwarsa", "disabled": "ditutup"}

Action = Annotated[
    Literal["invite", "list", "disable", "reset"],
    typer.Argument(
        metavar="invite|list|disable|reset", help="Undang, lihat semua, tutup, atau akhiri sandinya dan undang lagi."
    ),
]
Person = Annotated[str, typer.Argument(metavar="[NAMA]", help="Nama, NIP atau akun seorang pejabat.")]
PageAddress = Annotated[
    str, typer.Option("--url", metavar="ALAMAT", help="Alamat halaman dalam tautan, misalnya https://sop.kantor.go.id.")
]


def account(action: Action, person: Person = "", url: PageAddress = "") -> int:
    """Akun halaman para pejabat. Undang (invite), lihat (list), tutup (disable), akhiri dan undang lagi (reset)."""
    from sopctl.desk import accounts

    if action == "list":
        return _list()
    if not person:
        raise UsageError(f"Sebutkan pejabatnya, misalnya: sopctl account {action} NIP")
    session = opened()
    if os.name == "nt":
        output.complain(
            "Di Windows pemilik file akun tidak dapat diperiksa: jalankan perintah ini dengan akun yang menjalankan "
            f"sopctl serve, dan pastikan hanya akun itu yang dapat membuka folder {session.workspace.accounts}."
        )
    if action == "disable":
        return output.show(accounts.disable(session, person), _say_disabled)
    made = accounts.invite(session, person, _check_address(url), reset=action == "reset")
    return output.show(made, _say_link)


def _list() -> int:
    from sopctl.cli import tables
    from sopctl.desk.accounts import list_accounts

    session = opened(looking=True)
    found = list_accounts(session)
    rows = [_row(one) for one in found]
    heading, empty = ("akun", "nama", "keadaan", "terakhir masuk", "sesi"), "Belum ada akun halaman."
    return output.show(found, lambda _: tables.plain_table("Akun halaman", heading, rows, empty=empty))


def _row(one: "ListedAccount") -> tuple[str, ...]:
    from sopctl.engine.moments import format_moment

    until = f" sampai {format_moment(one.invited_until)}" if one.invited_until else ""
    last = format_moment(one.last_login) if one.last_login else ""
    nama = one.nama or "(tidak menjabat menurut sopctl.yaml)"
    return one.account, nama, f"{_STATES[one.state]}{until}", last, str(one.sessions or "")


def _check_address(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise UsageError(f"'{url}' bukan alamat halaman. Tulis misalnya --url https://sop.kantor.go.id")
    return url


def _say_link(made: "AccountLink") -> None:
    from sopctl.engine.moments import format_moment

    output.say(
        f"Undangan untuk {made.nama} (akun {made.account}), sekali pakai sampai {format_moment(made.until)}:\n"
        f"  {made.link}\n"
        "Berikan tautan ini hanya kepadanya; tautan ini tidak dapat ditampilkan lagi."
    )


def _say_disabled(made: "DisabledAccount") -> None:
    output.say(f"Akun {made.account} ditutup: semua sesinya berakhir, dan tidak ada yang dapat masuk dengannya.")
