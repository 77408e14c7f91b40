"""`notify`: each official with an address is told by e-mail what waits for them, at most once a day.

A mail is claimed before it is sent (`store/daily_claims.py`), so two runs at once send one mail, and a run that is
killed in between sends none to that person on that day: the mail of the next day says the same again.
"""

import os
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Literal

from msgspec import Struct

from sopctl.desk.inbox import find_confidential, waiting_for
from sopctl.desk.mail_sending import UncertainError, connect_mail_server, deliver, find_password
from sopctl.desk.session import Session
from sopctl.errors import BusyError, WrongError
from sopctl.office.model import MailServer
from sopctl.office.page_accounts import PAGE
from sopctl.reports.digest_mail import Digest, compose_digest_mail
from sopctl.store.daily_claims import DailyClaims

DigestOutcome = Literal["sent", "already", "refused", "unknown", "unsent", "dry_run"]
"""What became of a mail: sent now or earlier today, refused, perhaps sent, not tried since no server can be reached."""

_Sent = tuple[DigestOutcome, str]
"""What became of a mail, and why it was not sent."""

_NOBODY = "sopctl@localhost"
"""The sender of a mail that is only shown, where the office has no mail server."""


class DigestMail(Struct, frozen=True, kw_only=True):
    """The mail of the day to one person and what became of it; ``message`` says why it was not sent."""

    account: str
    nama: str
    to: str
    waiting: int
    late: int
    confidential: int
    outcome: DigestOutcome
    message: str
    subject: str
    text: str


class DigestRun(Struct, frozen=True):
    """The mails of all who have an address and something that waits; ``damaged`` are cases that cannot be read."""

    mails: tuple[DigestMail, ...]
    damaged: tuple[str, ...]


def notify(session: Session, *, dry_run: bool = False) -> DigestRun:
    """Send each person the mail of the day; a ``dry_run`` composes all and sends and notes nothing.

    Raises:
        WrongError: where `sopctl.yaml` names no mail server, or its password is given nowhere.
    """
    digests, damaged = _list_digests(session)
    if dry_run:
        return DigestRun(tuple(_describe(one, _compose(session, one), "dry_run") for one in digests), damaged)
    server = _find_server(session)
    password = find_password(server, os.environ)
    return DigestRun(tuple(_send_all(session, server, password, digests)), damaged)


def _list_digests(session: Session) -> tuple[list[Digest], tuple[str, ...]]:
    """What waits for each person with an address, and the sentences about cases that cannot be read."""
    digests, damaged = [], dict[str, None]()
    today = session.now().date()
    known = session.office.page_accounts.values()
    people = {session.office.page_account(entries[0]): entries for entries in known}  # each once, by today's account
    for account, entries in people.items():
        to = next((one.pos_el for one in entries if one.pos_el and one.in_office(today)), "")
        if to:
            own = Session(session.workspace, now=session.now, account=account, looking=True)
            found = waiting_for(own)
            damaged.update(dict.fromkeys(found.damaged))
            secret = find_confidential(own, found.rows)
            nama = next((one.nama_gelar for one in entries if one.nama), "")
            digests.append(Digest(account=account, nama=nama, to=to, rows=found.rows, confidential=secret))
    return [one for one in digests if one.rows], tuple(damaged)


def _send_all(session: Session, server: MailServer, password: str, digests: list[Digest]) -> Iterator[DigestMail]:
    """Send each mail that was not sent today; what hinders one hinders no other, but for a server that is not there."""
    claims = DailyClaims(session.workspace.notified, session.now().date())
    unreachable = ""
    for digest in digests:
        mail = _compose(session, digest)
        sent: _Sent = ("unsent", unreachable) if unreachable else _send(claims, server, password, digest, mail)
        unreachable = sent[1] if sent[0] == "unsent" else ""
        yield _describe(digest, mail, *sent)


def _send(claims: DailyClaims, server: MailServer, password: str, digest: Digest, mail: EmailMessage) -> _Sent:
    """Send a mail that is nobody's yet; one that the server refuses is nobody's again."""
    name = digest.account.removeprefix(PAGE)
    if claims.is_claimed(name):
        return "already", ""
    try:
        with connect_mail_server(server, password) as smtp:
            if not claims.claim(name):
                return "already", ""
            deliver(smtp, mail, server.from_, digest.to)
            return "sent", ""
    except UncertainError as error:
        return "unknown", error.message
    except BusyError as error:
        if error.code == "mail_refused":
            claims.release(name)
            return "refused", error.message
        if error.code == "mail":
            return "unsent", error.message
        raise


def _compose(session: Session, digest: Digest) -> EmailMessage:
    server = session.office.mail
    return compose_digest_mail(digest, server.from_ if server else _NOBODY, session.now(), session.office.page_url)


def _find_server(session: Session) -> MailServer:
    server = session.office.mail
    if server is None:
        raise WrongError(
            "sopctl.yaml belum menyebut server pos-el. Tulis misalnya "
            "mail: {host: smtp.kantor.go.id, from: sopctl@kantor.go.id}.",
            code="mail_missing",
        )
    return server


def _describe(digest: Digest, mail: EmailMessage, outcome: DigestOutcome, message: str = "") -> DigestMail:
    return DigestMail(
        account=digest.account,
        nama=digest.nama,
        to=digest.to,
        waiting=len(digest.rows),
        late=digest.late,
        confidential=len(digest.confidential),
        outcome=outcome,
        message=message,
        subject=str(mail["Subject"]),
        text=mail.get_content().replace("\r\n", "\n"),
    )
