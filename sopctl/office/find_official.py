"""Which official somebody means who types a nama or a NIP."""

import re
from datetime import date

from sopctl.errors import NotFoundError
from sopctl.notation.nearest import nearest
from sopctl.office.model import Office, Official
from sopctl.office.page_accounts import PAGE


def find_official(office: Office, typed: str, day: date) -> Official:
    """The entry in which a person stands first who is in office on that day or comes later.

    ``typed`` is the nama with or without gelar, a part of it in whole words, the NIP, or the page account with or
    without `page:`; letter case aside.

    Raises:
        NotFoundError: where it fits nobody, several people, somebody who has left, or who can have no page account.
    """
    wanted = _fold(typed)
    exact = [one for one in office.officials if wanted in _names(office, one)]
    words = set(wanted.split())
    fits = exact or [one for one in office.officials if words and words <= set(one.nama_tanpa_gelar.casefold().split())]
    if not fits:
        names = dict.fromkeys(one.nama for one in office.officials if one.nama)
        parts = {part: one.nama for one in office.officials for part in (one.nama_tanpa_gelar, *one.nama.split())}
        close = parts.get(nearest(typed, parts) or "")
        hint = f"Mungkin maksudnya: {close}" if close else f"Yang ada: {'; '.join(names) or 'tidak seorang pun'}"
        raise NotFoundError(
            f"Tidak ada pejabat '{typed}' pada officials di sopctl.yaml. {hint.removesuffix('.')}.", code="person"
        )
    here = [one for one in fits if one.until is None or one.until >= day]
    if not here:
        raise NotFoundError(f"{fits[0].nama} tidak menjabat lagi menurut officials di sopctl.yaml.", code="person")
    return _refuse_several(office, typed, here)


def match_official(office: Office, typed: str, day: date) -> Official | None:
    """The entry of the only person in office on that day with exactly this nama, NIP or page account; None for none.

    It takes the same time for every name: who logs in learns nothing by waiting.
    """
    wanted = _fold(typed)
    fits = [one for one in office.officials if wanted in _names(office, one) and one.in_office(day)]
    return fits[0] if len({office.page_account(one) for one in fits}) == 1 else None


def _refuse_several(office: Office, typed: str, fits: list[Official]) -> Official:
    """The first of the entries, where all of them are those of one person who can have a page account."""
    accounts = {office.page_account(one) for one in fits}
    if len(accounts) > 1:
        people = dict.fromkeys(f"{one.nama} (NIP {one.nip})" if one.nip else one.nama for one in fits)
        message = f"'{typed}' dapat berarti beberapa pejabat: {'; '.join(people)}. Sebutkan NIP-nya."
        raise NotFoundError(message, code="person")
    if "" in accounts:
        message = f"{fits[0].nama or 'Pejabat itu'} tidak dapat dibedakan dari orang lain yang bernama sama."
        raise NotFoundError(f"{message} Isi dahulu nip pada officials di sopctl.yaml.", code="person")
    return fits[0]


def _fold(typed: str) -> str:
    """What was typed as `_names` has it: a NIP without the spaces that are printed in it."""
    digits = re.sub(r"[\s.-]", "", typed)
    return digits if digits.isdecimal() else " ".join(typed.split()).casefold()


def _names(office: Office, one: Official) -> set[str]:
    """Everything that names an official and nobody else."""
    account = office.page_account(one)
    names = (one.nama, one.nama_gelar, one.nama_tanpa_gelar, one.nip, one.nip_digits, account, account[len(PAGE) :])
    return {" ".join(name.split()).casefold() for name in names if name}
