"""Which cases a command means that names none: on a terminal they are offered, elsewhere they must be named."""

import re
import textwrap
from collections.abc import Callable, Iterator
from functools import partial
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from msgspec import Struct

from sopctl.cli.output import complain, line, numbered
from sopctl.cli.terminal_input import YES, agreed, ask_word, at_a_terminal, check_terminal, read_line
from sopctl.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from sopctl.desk.case_choice import Offer, Offers
    from sopctl.desk.move_input import MoveInput
    from sopctl.desk.session import Session
    from sopctl.engine.state import Status

ANY: "tuple[Status, ...]" = ("running", "suspended", "completed", "cancelled")
"""Every status of a case."""

_NONE = "Tidak ada yang dipilih; tidak ada yang dicatat."


class Chosen(Struct, frozen=True):
    """The cases that are meant, and at which step each must stand; no step where that was neither typed nor shown.

    ``shown`` says that there is one and that its step was shown in full.
    """

    ids: list[str]
    steps: dict[str, str]
    shown: bool = False


def choose_case(session: "Session", id: str, *statuses: "Status") -> str:
    """The id that was typed, else that of the case which is chosen: of those that wait, or that have these statuses.

    Raises:
        UsageError: where nobody is there to choose, or chooses none. NotFoundError: where there is nothing to choose.
    """
    if id:
        return id
    check_terminal()
    from sopctl.desk.case_choice import offer_recent, offer_waiting

    return _choose_offers(offer_recent(session, statuses) if statuses else offer_waiting(session), several=False)[0].id


def choose_cases(
    session: "Session", ids: list[str], sop: str, step: str, as_: str, *, several: bool = True, decides: bool = False
) -> Chosen:
    """The cases of a move: those that were typed, all of an SOP at a step, or those that are chosen.

    Where the move ``decides``, only the cases whose step may be decided are offered.

    Raises:
        UsageError: where none is meant, or an SOP and ids are. NotFoundError: where there is nothing to choose.
    """
    if ids and sop:
        raise UsageError("Sebutkan ID, atau --sop dengan --step, tidak keduanya.", code="usage")
    if ids:
        return Chosen(ids, dict.fromkeys(ids, step))
    from sopctl.desk.case_choice import list_waiting_at, offer_undecided, offer_waiting

    if sop and not at_a_terminal():
        offers = list_waiting_at(session, sop, step)
        _tell_damaged(offers)
        cases = offers.cases
    else:
        check_terminal()
        offers = list_waiting_at(session, sop, step) if sop and step else offer_waiting(session, as_, sop, step)
        offers = offer_undecided(session, offers) if decides else offers
        meant = partial(_is_meant, session, as_)
        cases = _choose_offers(offers, several=several, all_=bool(sop and step), meant=None if step else meant)
        if len({one.id for one in cases}) < len(cases):
            raise UsageError("Pilih satu langkah saja dari setiap berkas.", code="usage")
    return Chosen([one.id for one in cases], {one.id: one.step for one in cases}, len(offers.cases) == 1)


def choose_label(session: "Session", id: str, label: str, typed: "MoveInput") -> str:
    """The label that was typed, else the one that is chosen of those that are open.

    Raises:
        UsageError: where nobody is there to choose.
    """
    from sopctl.desk.status import open_labels

    return ask_word(label, "LABEL", "Pilih", partial(open_labels, session, id, typed))


def split_words(session: "Session", *words: str) -> tuple[str, ...]:
    """The words of a command, the id first and empty where it was left out: at a terminal, where fewer came.

    Then the first word is no part of an id.
    """
    from sopctl.desk.case_choice import names_case

    left_out = words[0] and not words[-1] and at_a_terminal() and not names_case(session, words[0])
    return ("", *words[:-1]) if left_out else words


def _tell_damaged(offers: "Offers") -> None:
    for message in offers.damaged:
        complain(message)


def _is_meant(session: "Session", as_: str, offer: "Offer") -> bool:
    """Whether somebody means the one case that is offered; a plain yes where he acts for another than last time."""
    from sopctl.cli import confirmation
    from sopctl.desk.move_input import MoveInput
    from sopctl.desk.step_questions import find_acting

    acting = find_acting(session, offer.id, MoveInput(as_=as_, step=offer.step))
    if acting is None or not acting.before:
        return _is_right(offer)
    confirmation.tell_change(acting)
    return agreed("Berkas ini?")


def _is_right(_: "Offer") -> bool:
    return read_line("Berkas ini? (Enter = ya, t = tidak)").casefold() in {"", *YES}


def _choose_offers(
    found: "Offers", *, several: bool, all_: bool = False, meant: "Callable[[Offer], bool] | None" = None
) -> "list[Offer]":
    """Those of the offered cases that somebody chooses; one alone is confirmed. With ``all_`` Enter means all."""
    from sopctl.desk.case_choice import MAX_OFFERED

    _tell_damaged(found)
    offers = found.cases if all_ else found.cases[:MAX_OFFERED]
    if not offers:
        raise NotFoundError("Tidak ada berkas untuk perintah ini.", code="id")
    if len(offers) == 1:
        complain("\n".join(_lines(offers[0])))
        if (meant or _is_right)(offers[0]):
            return offers
        raise UsageError(_NONE, code="usage")
    complain("\n".join(_list_entry(number, one) for number, one in enumerate(offers, 1)))
    how = "Nomor, misalnya 1 3 atau 1-3" if several else "Nomor"
    while text := read_line(f"{how} (Enter = {'semua' if all_ else 'batal'})"):
        places = list(dict.fromkeys(_places(text)))
        if places and 1 <= min(places) <= max(places) <= len(offers) and (several or len(places) == 1):
            return [offers[place - 1] for place in places]
        complain(f"Ketik nomor 1 sampai {len(offers)}.")
    if all_:
        return offers
    raise UsageError(_NONE, code="usage")


def _list_entry(number: int, offer: "Offer") -> str:
    """A case as an entry of a list, each line cut off at the edge of the screen."""
    lines = (textwrap.shorten(text, _width() - 4, placeholder=" …") for text in _lines(offer))
    return f"{number:>3} " + "\n      ".join(lines)


def _lines(offer: "Offer") -> list[str]:
    """A case with its subject, and below whose turn it is and at which step."""
    where = [f"  {line(offer.jabatan)}: {numbered(offer.no, offer.kegiatan)}"] if offer.step else []
    return [f"{offer.id}: {line(offer.subject)}", *where]


def _width() -> int:
    return max(40, min(get_terminal_size().columns, 100)) - 2


def _places(text: str) -> Iterator[int]:
    """The numbers of `1 3`, `1,3` and `1-3`; none where the text is something else."""
    if re.fullmatch(r"\d{1,4}(-\d{1,4})?([\s,]+\d{1,4}(-\d{1,4})?)*", text):
        for first, last in re.findall(r"(\d+)(?:-(\d+))?", text):
            yield from range(int(first), int(last or first) + 1)
