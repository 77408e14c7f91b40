"""What waits for one person, as the mail of the day: plain text, late ones first, and a link to each case."""

from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from urllib.parse import quote

from msgspec import Struct

from sopctl.engine.moments import format_day_time
from sopctl.engine.text import shorten_line
from sopctl.measure.inbox import WaitingTurn
from sopctl.reports.tables import numbered_kegiatan

MOST_ROWS = 50
"""Turns that a mail names; the page has them all."""


class Digest(Struct, frozen=True, kw_only=True):
    """What waits for one person; of the cases whose ids are ``confidential`` a mail tells only how many there are.

    ``account`` is the page account of the person, ``to`` the address.
    """

    account: str
    nama: str
    to: str
    rows: tuple[WaitingTurn, ...]
    confidential: frozenset[str]

    @property
    def late(self) -> int:
        """How many of the turns are late."""
        return sum(row.late for row in self.rows)


def compose_digest_mail(digest: Digest, sender: str, now: datetime, url: str = "") -> EmailMessage:
    """The mail as of ``now`` in the office; ``url`` is where the page of the office is, empty where there is none.

    What people wrote stands in the body alone, so that nothing of it can become a header.
    """
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = f"{len(digest.rows)} pekerjaan menunggu Anda{_late_part(digest.late)}"
    mail["From"] = f"sopctl <{sender}>"
    mail["To"] = digest.to
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n".join(_write_lines(digest, now, url)) + "\n", cte="quoted-printable")
    return mail


def _write_lines(digest: Digest, now: datetime, url: str) -> Iterator[str]:
    yield f"Yth. {shorten_line(digest.nama)}"
    yield ""
    yield f"{format_day_time(now)}: {len(digest.rows)} pekerjaan menunggu Anda{_late_part(digest.late)}."
    open_rows = [row for row in digest.rows if row.id not in digest.confidential]
    for row in open_rows[:MOST_ROWS]:
        yield ""
        yield from _write_row(row, url)
    if len(open_rows) > MOST_ROWS:
        yield ""
        yield f"… dan {len(open_rows) - MOST_ROWS} lagi."
    if digest.confidential:
        late = {row.id for row in digest.rows if row.late} & digest.confidential
        yield ""
        yield f"{len(digest.confidential)} berkas rahasia{_late_part(len(late))}."
    if url:
        yield ""
        yield f"Semuanya: {url}/"
    yield ""
    yield "Pos-el ini ditulis oleh sopctl, paling banyak satu kali sehari; tidak perlu dibalas."


def _write_row(row: WaitingTurn, url: str) -> Iterator[str]:
    yield _due_part(row)
    yield f"  {shorten_line(row.subject) or row.id}"
    yield f"  {shorten_line(numbered_kegiatan(row))} ({shorten_line(row.jabatan)})"
    yield f"  {url}/berkas/{quote(row.id)}" if url else f"  Berkas {row.id}"


def _due_part(row: WaitingTurn) -> str:
    if row.due is None:
        return f"Tanpa batas waktu, menunggu sejak {format_day_time(row.since)}"
    return f"{'TERLAMBAT, batasnya' if row.late else 'Batas'} {format_day_time(row.due)}"


def _late_part(late: int) -> str:
    return f", {late} di antaranya terlambat" if late else ""
