"""Findings of an audit, and the Indonesian words that they are made of."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from sopctl.engine.events import Event
from sopctl.engine.moments import format_moment
from sopctl.errors import Fact

FindingKind = Literal[
    "ledger", "case", "lost", "behind", "ahead", "changed", "impossible", "permission", "file", "stray", "register",
    "access", "anchor", "mended", "pending", "time", "office", "unaccepted", "paper", "account",
    "projection",
]  # fmt: skip
"""What a finding or a notice is about; `lost`, `behind`, `ahead` and `changed` are cases that differ from the ledger,
`impossible` is an event that the SOP does not allow, `permission` one by an account that the office did not let act,
`mended` what `doctor --mend` added, `pending` an interrupted change, `office` a version of `sopctl.yaml`, `unaccepted`
events by one that does not hold, `paper` moves that were recorded for an official who made them on paper, `account`
what somebody did with a page account, `projection` what a store derives from the rest to answer quickly."""

COMPARE_FIRST = "Bandingkan dahulu dengan cadangan atau sidik catatan"
"""The first advice where something may be a forgery."""

_EVENTS = {
    "started": "dibuka", "approved": "disetujui", "rejected": "ditolak", "decided": "diputuskan",
    "completed": "diselesaikan berkas lain", "skipped": "dilewati",
    "called": "memanggil berkas lain", "withdrawn": "ditarik kembali",
    "begun": "mulai dikerjakan", "filled": "isian", "attached": "lampiran", "noted": "catatan",
    "assigned": "penugasan", "suspended": "ditunda", "resumed": "dilanjutkan", "numbered": "nomor surat",
    "returned": "surat bertanda tangan kembali",
    "cancelled": "dibatalkan", "migrated": "pindah versi SOP",
}  # fmt: skip
"""The name of each kind of event."""


KIND_WORDS: dict[FindingKind, str] = {
    "ledger": "buku catatan", "case": "berkas yang tidak terbaca", "lost": "berkas yang hilang",
    "behind": "berkas yang tertinggal dari buku catatan", "ahead": "catatan yang tidak ada dalam buku catatan",
    "changed": "berkas yang berbeda dari buku catatan", "impossible": "catatan yang tidak mungkin menurut SOP-nya",
    "permission": "catatan oleh akun yang tidak berwenang", "file": "dokumen dan lampiran",
    "stray": "file yang tidak dikenal", "register": "buku agenda", "access": "izin dan tautan di folder data",
    "anchor": "sidik catatan", "mended": "yang ditambahkan pada buku catatan",
    "pending": "perubahan yang belum rampung", "time": "waktu pencatatan", "office": "versi sopctl.yaml",
    "unaccepted": "sopctl.yaml yang belum diterima kantor", "paper": "yang dikerjakan di atas kertas",
    "account": "akun halaman", "projection": "ulangan catatan dalam basis data",
}  # fmt: skip
"""What a finding of each kind is about."""


class Finding(Struct, frozen=True):
    """One thing that is not as it was recorded, or that is worth knowing (then it is a notice).

    ``id`` is empty where it belongs to no case. ``advice`` says what helps, as that of an error does, with
    the ``facts``.
    """

    id: str
    path: str
    message: str
    kind: FindingKind = "case"
    advice: str = ""
    facts: dict[str, Fact] = {}


def case_finding(id: str, message: str, kind: FindingKind = "case", advice: str = "") -> Finding:
    """A finding about the recorded events of a case."""
    return Finding(id, f"data/instances/{id}", message, kind, advice)


def register_finding(message: str, *, id: str = "", sequence: str = "", advice: str = "") -> Finding:
    """A finding about a sequence of the register of letters, or all of it."""
    return Finding(id, f"data/agenda/{sequence}".rstrip("/"), message, "register", advice)


def describe_event(event: Event) -> str:
    """The beginning of a sentence: `Catatan nomor 3 (ditolak, langkah periksa, 24-11-2026 10.30, akun petugas)`."""
    kind = _EVENTS[str(type(event).__struct_config__.tag)]
    step = getattr(event, "step", "")
    where = f", langkah {step}" if step else ""
    return f"Catatan nomor {event.number} ({kind}{where}, {format_moment(event.at)}, akun {event.by})"


def format_numbers(numbers: Iterable[int]) -> str:
    """Numbers in a sentence: `3`, `2 dan 5`, `2, 4 sampai 6 dan 9`."""
    runs = _runs(sorted(set(numbers)))
    return format_list(first if first == last else f"{first} sampai {last}" for first, last in runs)


def format_list(parts: Iterable[object], *, at_most: int | None = None) -> str:
    """Several things in a sentence: `a, b dan c`; of more than ``at_most`` the rest is counted."""
    texts = [str(part) for part in parts]
    if at_most is not None and len(texts) > at_most:
        texts = [*texts[:at_most], f"{len(texts) - at_most} lainnya"]
    return " dan ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))


def _runs(ordered: list[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of consecutive numbers; a run of two counts as two."""
    gaps = [at for at, (one, other) in enumerate(pairwise(ordered), 1) if other != one + 1]
    for begins, ends in pairwise([0, *gaps, len(ordered)]):
        run = ordered[begins:ends]
        if len(run) > 2:  # noqa: PLR2004 — `4 dan 5` is shorter than `4 sampai 5`
            yield run[0], run[-1]
        else:
            yield from ((one, one) for one in run)
