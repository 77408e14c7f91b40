"""What `verify` says of a Word file, an attachment, or a paper of which only the code is known."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sopctl.audit.trace import FooterCode, Invalidity, TracedAttachment, TracedLetter
from sopctl.cli import output
from sopctl.cli.finding_messages import sum_up
from sopctl.cli.record_files import shown_path
from sopctl.engine.moments import format_moment
from sopctl.sop.model import ACTS
from sopctl.word.pdf_signatures import describe_certificates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sopctl.store.record import Record

UNPROVEN = "tetapi catatannya sendiri tidak utuh, jadi keasliannya tidak terbukti"


def told(file: str | None, found: TracedLetter | TracedAttachment, record: "Record") -> list[str]:
    """Where a file of this name comes from, or (None) the paper of which only the code is known."""
    found = _as_read(found, record)
    return _paper(found) if file is None and isinstance(found, TracedLetter) else _file(file or "", found)


def _as_read(found: TracedLetter | TracedAttachment, record: "Record") -> TracedLetter | TracedAttachment:
    """The same with the nama of an official for a page account, and paths as people read them."""
    name, path = record.shown_name, partial(shown_path, record)
    if isinstance(found, TracedAttachment):
        laid = tuple(replace(one, by=name(one.by), path=path(one.path)) for one in found.attachments)
        return replace(found, attachments=laid)
    standing = found.standing and replace(found.standing, by=name(found.standing.by))
    latest = found.latest and path(found.latest)
    return replace(found, by=name(found.by), standing=standing, path=path(found.path), latest=latest)


def _file(name: str, found: TracedLetter | TracedAttachment) -> list[str]:
    """The first line says whether the file is genuine and counts."""
    if isinstance(found, TracedAttachment):
        return [_first(name, found, "dilampirkan"), *_laid(found), *_doubts(found)]
    return [_first(name, found, "ditulis"), *_written(found), *_remarks(found), *_doubts(found)]


def _paper(found: TracedLetter) -> list[str]:
    """What the paper should say."""
    said = f"Kode {found.code} milik {found.name} berkas {found.id}"
    first = f"{said}, {UNPROVEN}." if found.findings else f"{said}{_but(found)}."
    return [first, *_written(found), *_compared(found), *_doubts(found)]


def _first(name: str, found: TracedLetter | TracedAttachment, done: str) -> str:
    """Whether a file is genuine, and whether that means anything."""
    if found.altered:
        return f"{name} sudah diubah sesudah {done}."
    if found.findings:
        return f"{name} sama dengan yang dicatat, {UNPROVEN}."
    if isinstance(found, TracedAttachment):
        return f"{name} adalah lampiran, sama dengan yang dicatat."
    return f"{name} asli{_but(found)}."


def _but(found: TracedLetter) -> str:
    """Why a genuine letter does not count, as the end of a sentence."""
    standing = found.standing
    return f", tetapi {_why(found, standing)}" if standing else ""


def _why(found: TracedLetter, standing: Invalidity) -> str:
    note = f": {standing.note}" if standing.note else ""
    at = f"{_moment(standing.at)} oleh {standing.by}{note}"
    match standing.kind:
        case "withdrawn":
            return f"langkahnya ditarik kembali {at}; naskah ini tidak berlaku"
        case "cancelled":
            return f"berkas {found.id} dibatalkan {at}; naskah ini tidak berlaku"
        case "number_withdrawn":
            return f"nomornya ditarik {at}; naskah ini tidak berlaku"


def _written(found: TracedLetter) -> "Iterator[str]":
    """Everything about a Word file that can be compared with a paper."""
    nomor = f", nomor {output.line(found.nomor)}" if found.nomor else ""
    yield f"  Berkas   {found.id}: {output.line(found.subject)} ({found.sop})"
    yield f"  Langkah  {output.numbered(found.no, f'{found.step}: {found.kegiatan}')}"
    yield f"  Keadaan  {found.name}, {ACTS[found.act]}{nomor}"
    if found.signer:
        day = datetime.fromisoformat(found.tanggal)
        yield f"  Tertanda {output.line(found.signer)}, tanggal {day:%d-%m-%Y}"
    yield f"  Dicatat  {_moment(found.at)} oleh {found.by}, catatan nomor {found.number}"
    if found.certificates is None:
        yield f"  Kode     {found.code}"
    else:
        yield f"  PDF      {output.line(describe_certificates(found.certificates))}"
        yield "           sopctl tidak memeriksa sah tidaknya tanda tangan itu."
    yield f"  Naskah   {found.path}"


def _remarks(found: TracedLetter) -> "Iterator[str]":
    if found.altered:
        if found.codes:
            yield f"  Di kakinya: {', '.join(map(_bearing, found.codes))}"
        yield "  Isinya bukan yang ditulis saat itu; jangan dipakai. Pulihkan dari cadangan."
    yield from _newer(found)


def _newer(found: TracedLetter) -> "Iterator[str]":
    if found.latest and not found.standing:
        yield f"  Ada naskah yang lebih baru: {found.latest}"


def _bearing(one: FooterCode) -> str:
    return f"kode {one.code} ({f'{one.id}, catatan nomor {one.number}' if one.id else 'tidak dikenal'})"


def _compared(found: TracedLetter) -> "Iterator[str]":
    """What to do with the paper in hand."""
    if found.altered:
        yield "  Dokumen Word itu sendiri hilang atau sudah diubah; pulihkan dari cadangan sebelum membandingkan."
    else:
        yield "  Bandingkan kertasnya dengan naskah itu kata demi kata: yang berbeda bukan isi surat ini."
    yield from _newer(found)


def _laid(found: TracedAttachment) -> "Iterator[str]":
    for laid in found.attachments:
        yield f"  Berkas   {laid.id}: {output.line(laid.subject)}"
        yield f"  Lampiran {output.line(laid.item)} ({output.line(laid.name or laid.path)})"
        yield f"  Dicatat  {_moment(laid.at)} oleh {laid.by}, catatan nomor {laid.number}"
        yield f"  Di       {laid.path}"


def _doubts(found: TracedLetter | TracedAttachment) -> "Iterator[str]":
    return (f"  {text}" for text in sum_up(found.findings))


def _moment(at: str) -> str:
    return format_moment(datetime.fromisoformat(at))
