"""What the page says of an error or a refusal: its status, its sentence, and what helps, as words and links.

The rooms below give an advice (else the code or the reason) with its facts, as they do for the command line; the page
has buttons and links where that has commands.
"""

import os
import re
from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import quote

from flask import has_app_context
from msgspec import Struct

from sopctl.desk.move_warnings import Notice
from sopctl.engine.refused import Refused
from sopctl.errors import BusyError, DamagedError, Fact, MovedError, NotFoundError, SopctlError, UsageError, WrongError
from sopctl.web.visitor import settings

_STATUS: tuple[tuple[type[SopctlError], int], ...] = (
    (NotFoundError, 404),
    (UsageError, 400),
    (BusyError, 503),
    (MovedError, 503),
    (SopctlError, 500),
)

_REFUSED = {
    **dict.fromkeys(
        ("not_permitted", "not_your_turn", "not_yours", "not_by", "on_behalf", "may_not_sign", "cannot_act"), 403
    ),
    **dict.fromkeys(("overtaken", "elsewhere", "completed", "cancelled", "done_elsewhere", "already_acted"), 409),
}
"""The status of a refusal by its reason: not permitted, or the page shown was too old."""

INCOMPLETE = 422
"""The status of a move that lacks something, or that the SOP does not allow as it was sent."""

TOO_OFTEN = "Terlalu banyak percobaan."

_BY_STATUS = {
    400: "Permintaan ini tidak dapat dipakai. Kembali, muat ulang halamannya, lalu coba lagi.",
    403: "Anda tidak berwenang atas hal ini.",
    404: "Halaman atau berkas itu tidak ada.",
    405: "Permintaan ini tidak dapat dipakai di sini.",
    413: "Kiriman ini terlalu besar.",
    429: f"{TOO_OFTEN} Tunggu beberapa menit, lalu coba lagi.",
    500: "Ada yang keliru pada program ini. Beri tahu pengelola; lihat dahulu berkasnya sebelum mengulangi.",
}
"""What is said by status, where nothing more is known."""

_ASK = "Beri tahu pengelola."
_NOTE = "Tulis alasannya pada Catatan."

_REMEDIES = {
    "assign": "Langkah yang belum mempunyai pejabat ditugaskan kepada seseorang pada halaman berkasnya.",
    "reassign": "Penugasannya diubah pada halaman berkasnya.",
    "suspended": "Lanjutkan dahulu berkas ini.",
    "gap_unexplained": _NOTE,
    "turn_down": "Pilih tombol untuk mengembalikan, dengan alasan.",
    "no_branches": "Pilih tombol untuk meneruskan, atau sampaikan keberatan kepada petugas.",
    "not_optional": "Pilih tombol untuk meneruskan.",
    "not_the_decider": "Pilih tombol untuk meneruskan.",
    "label_needed": "Pilih salah satu tombol.",
    "choose": "Pilih tombol lain, dengan alasan.",
    "send_back": "Pilih tombol untuk mengembalikan.",
    "withdraw": "Tarik kembali langkah itu pada halaman berkasnya.",
    "with_gaps": "Lengkapi isiannya, atau pilih untuk tetap menandatanganinya dengan titik-titik.",
    "fill_gaps": "Lengkapi yang kosong pada halaman berkasnya; nama, pangkat dan NIP pejabat oleh pengelola.",
    "waits_for_call": "Mulai dahulu SOP itu untuk berkas ini.",
    "several_rows": "Pilih barisnya pada halaman berkas.",
    "name_step": "Pilih barisnya pada halaman berkas.",
    "paper_evidence": "Lampirkan dahulu file buktinya.",
    "clock_behind": _ASK,
    "foto_extra": "Simpan fotonya sebagai JPEG, lalu lampirkan lagi.",
}
"""What helps, by advice; an advice that has no sentence here needs none, or nobody at the page can follow it."""

_LINKS = {
    "overtaken": ("Muat ulang berkas ini", "/berkas/{id}"),
    "elsewhere": ("Buka berkas ini", "/berkas/{id}"),
    "several_rows": ("Buka berkas ini", "/berkas/{id}"),
    "waits_for_child": ("Buka berkas yang ditunggu", "/berkas/{child}"),
    "waits_for_call": ("Mulai SOP", "/mulai/{sop}"),
}
"""Where what helps is found, by advice; left out where the facts do not tell its address."""

_PATH = re.compile(r"""(?<![\w/.:])(?:/[^\s/'",;:()]+){2,}/?|(?<!\w)[A-Za-z]:\\[^\s'",;()]+|\\\\[^\s'",;()]+""")
"""A path of the machine: two names or more from the root, or one of Windows."""


class Link(Struct, frozen=True):
    """A link below a sentence."""

    text: str
    href: str


class Message(Struct, frozen=True):
    """A sentence with what helps, for a page that is answered with this status."""

    status: int
    sentence: str
    links: tuple[Link, ...] = ()


def word_status(status: int) -> Message:
    """What is told of an answer with this status, where nothing more is known."""
    known = status if status in _BY_STATUS else 500 if status >= 500 else 400  # noqa: PLR2004 — a fault of ours, or not
    return Message(status, _BY_STATUS[known])


def word_message(of: SopctlError | Refused | Notice) -> Message:
    """What is told of an error, a refusal or a warning (whose status is 200)."""
    status = _status_of(of)
    if isinstance(of, NotFoundError):
        return word_status(status)
    advice = of.advice or (of.reason if isinstance(of, Refused) else "")
    helps = _ASK if isinstance(of, WrongError | DamagedError | MovedError) else _REMEDIES.get(advice, "")
    return Message(status, " ".join(filter(None, (hide_paths(of.message), helps))), _links(advice, of.facts))


def hide_paths(text: str) -> str:
    """A sentence with the names of files in it, but not the folders of this machine in which they lie.

    Files of the office are named from its folder on, whose own path may hold spaces.
    """
    if has_app_context():
        root = str(settings().root)
        text = text.replace(f"{root}{os.sep}", "").replace(root, "folder kantor")
    return _PATH.sub(_name_file, text)


def _name_file(found: re.Match[str]) -> str:
    kind = PurePosixPath if found[0].startswith("/") else PureWindowsPath
    return kind(found[0].rstrip(".")).name + "." * found[0].endswith(".")


def _status_of(of: SopctlError | Refused | Notice) -> int:
    if isinstance(of, Refused):
        return _REFUSED.get(of.reason, INCOMPLETE)
    return next((status for kind, status in _STATUS if isinstance(of, kind)), 200)


def _links(advice: str, facts: Mapping[str, Fact]) -> tuple[Link, ...]:
    if advice not in _LINKS:
        return ()
    text, href = _LINKS[advice]
    told = {name: quote(fact, safe="") for name, fact in facts.items() if isinstance(fact, str)}
    try:
        return (Link(text, href.format(**told)),)
    except KeyError:
        return ()
