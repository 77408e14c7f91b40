"""The input of a move as typed, and the engine's request that it is read into by the SOP."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path, PurePath

from msgspec import Struct
from msgspec.structs import replace

from sopctl.desk.authority import allowed_pelaksana, find_absent
from sopctl.desk.field_input import read_fields
from sopctl.desk.input_files import InputFile, read_input_file
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.engine.days import read_day
from sopctl.engine.events import Attachment, FieldValue
from sopctl.engine.guards import choose_row
from sopctl.engine.moments import FIRST_TYPED_YEAR
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.text import clean_text
from sopctl.errors import NotFoundError, UsageError
from sopctl.notation.nearest import nearest
from sopctl.office.model import Office, Official
from sopctl.sop.model import Sop, Step
from sopctl.store.case_search import load_found_case
from sopctl.store.transaction import Transaction

LARGEST_ATTACHMENT = 100_000_000
"""Bytes."""

_AT = re.compile(r"(\d{1,4}[-/.]\d{1,2}[-/.](?:\d{4}|\d{1,2}))[ T](\d{1,2})[:.](\d{1,2})", re.ASCII)


class MoveInput(Struct, frozen=True, kw_only=True):
    """What comes with a move.

    ``sets`` (`field=value` texts, which may name a file of this machine) and ``data`` (a JSON or YAML file of fields)
    are for a command line only; ``answers`` are values by field. ``seen`` is the revision that the user saw.
    ``attach`` are files for the case, ``subject`` is a new subject of it. The move is
    made only where the case stands at ``step``; empty for any. With ``with_gaps`` a letter is signed though fields that
    it calls wajib are empty. A ``preview`` records nothing, a ``trial`` does not even write what would be recorded.
    ``for_`` is the pelaksana whose official made the move on paper, ``evidence`` the file that shows it.
    """

    as_: str = ""
    note: str = ""
    sets: tuple[str, ...] = ()
    data: Path | None = None
    attach: tuple[InputFile, ...] = ()
    at: str = ""
    subject: str = ""
    answers: dict[str, FieldValue] = {}
    seen: int | None = None
    step: str = ""
    with_gaps: bool = False
    preview: bool = False
    trial: bool = False
    for_: str = ""
    evidence: InputFile | None = None


def read_request(session: Session, case: Case, typed: MoveInput, change: Transaction) -> Request:
    """The engine's request for a move of this case; attached files are added to the change.

    Raises:
        UsageError: for a value, a time or a file that cannot be.
        NotFoundError: for an unknown field, item or pelaksana.
    """
    request = describe_request(session, case, typed)
    day, files = request.at.date(), tuple(_store_files(case, typed, change))
    return replace(
        request,
        fields=read_fields(case.sop, typed.data, typed.sets, day, session.employees) | typed.answers,
        attachments=files[: len(typed.attach)],
        evidence=files[len(typed.attach) :],
    )


def describe_request(session: Session, case: Case, typed: MoveInput) -> Request:
    """The same without fields and files: who asks, as whom, when, and why.

    A move is never before the last one, be the computer's clock behind it or that of the last one ahead.

    Raises:
        UsageError: for a time or a note that cannot be. NotFoundError: for an unknown pelaksana.
    """
    office, account, now = session.office, session.account, session.now()
    at, last = parse_time(typed.at, now), case.state.last
    if at < last and (not typed.at or last <= at.replace(second=59)):
        at = last
    for_, official = find_paper_actor(office, case, typed.for_, at.date())
    on_behalf = ((official.nama if official else "") or case.sop.pelaksana[for_]) if for_ else ""
    person = next(iter(official.accounts), on_behalf) if official else on_behalf or account
    then, today = (allowed_pelaksana(office, account, case, day) for day in (min(at, now).date(), now.date()))
    return Request(
        at=at,
        now=now,
        by=account,
        via=session.via,
        as_=for_ or find_pelaksana(case.sop, typed.as_),
        allowed=frozenset((for_,)) if for_ else then,
        allowed_now=frozenset((for_,)) if for_ else today,
        person=office.names_to_separate(person) | {on_behalf or account},
        absent=frozenset(find_absent(office, case, now.date()).values()),
        note=clean_text(typed.note, "Catatan"),
        on_behalf=on_behalf,
    )


def parse_time(text: str, now: datetime) -> datetime:
    """The time that was typed, in the time zone of ``now``, which is the office's; ``now`` where none was."""
    if not text:
        return now
    found = _AT.fullmatch(text.strip())
    day = read_day(found[1], now.date()) if found else None
    if found and day and day.year >= FIRST_TYPED_YEAR:
        with suppress(ValueError):
            return datetime.combine(day, time(int(found[2]), int(found[3])), tzinfo=now.tzinfo)
    raise UsageError(f"'{text}' bukan waktu yang dapat dipakai.", code="at", sample=f"{now:%Y-%m-%d} 10:00")


def find_pelaksana(sop: Sop, name: str) -> str:
    """The pelaksana with this key or title; empty stays empty.

    Raises:
        NotFoundError: where the SOP has none.
    """
    if not name:
        return ""
    by_title = {title.lower(): key for key, title in sop.pelaksana.items()}
    wanted = name.strip().lower()
    if wanted in sop.pelaksana:
        return wanted
    if wanted in by_title:
        return by_title[wanted]
    have = ", ".join(f"{key} ({title})" for key, title in sop.pelaksana.items())
    raise NotFoundError(f"Tidak ada pelaksana '{name}' pada SOP ini; pilihannya: {have}.", code="pelaksana")


def find_paper_actor(office: Office, case: Case, name: str, day: date) -> tuple[str, Official | None]:
    """The pelaksana that acted on paper and the official who did, where one is in the post; ``name`` says either.

    Raises:
        NotFoundError: where it is neither a pelaksana nor the nama of an official in a post whose turn it is.
    """
    wanted = name.strip().casefold()
    for pelaksana in case.state.whole_turn if wanted else ():
        for official in office.officials_for(pelaksana, day):
            if wanted in {official.nama.casefold(), official.nama_tanpa_gelar.casefold()}:
                return pelaksana, official
    for_ = find_pelaksana(case.sop, name)
    return for_, office.find_signer(for_, case.state.assigned.get(for_, ""), day) if for_ else None


def find_row(session: Session, id: str, typed: MoveInput) -> tuple[Case, Step, Request] | None:
    """The case with the row at hand that a move is for, its step, and who asks; None where it is not one such row."""
    case = load_found_case(session.record, id)
    if typed.step not in ("", *[row.state.step for row in case.rows]):
        return None
    request = describe_request(session, case, typed)
    row = choose_row(case.sop, case.state, typed.step, request.as_, request.allowed, request.allowed_now)
    if isinstance(row, Refused) or row.step is None:
        return None
    return replace(case, state=row), case.sop.step(row.step), request


def _store_files(case: Case, typed: MoveInput, change: Transaction) -> Iterator[Attachment]:
    """The attached files, then the evidence, added to the change under names that no other file of the case has.

    Those of a withdrawn move are in the record too, though no longer in the state.
    """
    known = sum(isinstance(file, Attachment) for event in case.instance.events for file in event.files)
    proofs = [replace(typed.evidence, item="Bukti tertulis")] if typed.evidence else []
    for number, file in enumerate((*typed.attach, *proofs), known + 1):
        item = find_item(case, file.item) if number <= known + len(typed.attach) else file.item
        yield _store_file(case, replace(file, item=item), change, number)


def find_item(case: Case, text: str) -> str:
    """The kelengkapan that an attachment proves: one of the SOP's by name or unambiguous beginning, else as typed.

    Raises:
        NotFoundError: where the text is a mistyped item of the step at hand.
    """
    known = {item.nama.lower(): item.nama for step in _nearest_first(case) for item in step.kelengkapan}
    wanted = clean_text(text, "Kelengkapan")
    if wanted.lower() in known:
        return known[wanted.lower()]
    begun = [nama for lower, nama in known.items() if lower.startswith(wanted.lower())]
    if len(begun) == 1:
        return begun[0]
    meant = nearest(wanted, known.values())
    if meant is not None:
        raise NotFoundError(f"Tidak ada kelengkapan '{text}'; mungkin maksudnya \"{meant}\".", code="item")
    if not wanted:
        raise UsageError("Sebutkan nama kelengkapannya.", code="item")
    return wanted


def _nearest_first(case: Case) -> list[Step]:
    """The steps, the one at hand first."""
    here = case.state.visit.step
    return sorted(case.sop.steps, key=lambda step: step.id != here)


def _store_file(case: Case, file: InputFile, change: Transaction, number: int) -> Attachment:
    from hashlib import sha256  # noqa: PLC0415 — only where a file is attached

    data = read_input_file(file.path, limit=LARGEST_ATTACHMENT)
    if not data:
        raise UsageError(
            f"File {file.name} kosong (0 byte), jadi tidak membuktikan apa pun; pindai atau salin lagi.",
            code="empty_file",
        )
    return Attachment(
        item=file.item,
        path=change.add_attachment(case.id, f"{number:03d}{file_suffix(file.name)}", data),
        sha256=sha256(data).hexdigest(),
        name=clean_text(file.name, "Nama file"),
        caption=clean_text(file.caption, "Keterangan"),
    )


def file_suffix(name: str) -> str:
    """The suffix of a file's name, where it is of ASCII letters and digits that every system can store; else empty."""
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= 8 else ""  # noqa: PLR2004 — `.geojson`
