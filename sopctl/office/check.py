"""What is worth a look in an office that can be read: nothing here stops a start but a country that nobody knows."""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import combinations

from sopctl.errors import WrongError
from sopctl.notation.nearest import suggestion
from sopctl.office.gelar import may_hold_gelar
from sopctl.office.model import Office, Official
from sopctl.office.reading import find_person
from sopctl.problems import Problem, Weight, note
from sopctl.worktime.national import has_cuti_bersama

_NIP_DIGITS = 18


def check_office(
    office: Office, year: int, pelaksana: Collection[str] = (), sops: Collection[str] = ()
) -> tuple[Problem, ...]:
    """Notes on an office in a year; ``pelaksana`` are the keys that the SOPs of the workspace use, ``sops`` their ids.

    Without any of them what the office names is not compared with them.
    """
    return (
        *_accounts(office),
        *_record(office),
        *_calendar(office, year),
        *_numbering(office),
        *(found for official in office.officials for found in _official(official)),
        *_two_holders(office.officials),
        *_acting_under_own_jabatan(office.officials),
        *_names_without_gelar(office),
        *_without_page_account(office),
        *(_unknown_pelaksana(office, pelaksana) if pelaksana else ()),
        *_unknown_readers(office),
        *(_unknown_sops(office, sops) if sops else ()),
        *(_nobody(office, year, pelaksana) if office.restricts else ()),
    )


def _accounts(office: Office) -> Iterator[Problem]:
    if not office.restricts:
        yield note(
            office.source,
            "no_accounts",
            "Tanpa `accounts`, siapa pun di depan papan ketik bertindak untuk setiap pelaksana. "
            "Isi `accounts` pada `officials` bila hanya orang tertentu yang boleh.",
        )


def _record(office: Office) -> Iterator[Problem]:
    if office.record.store == "postgres" and office.record.share != "private":
        yield note(
            office.source,
            "share_unused",
            "`record.share` tidak berarti apa-apa bagi catatan di basis data: yang membukanya peran basis data itu. "
            "Hapus kunci itu.",
        )


def _calendar(office: Office, year: int) -> Iterator[Problem]:
    country = office.holidays.country
    try:
        known = has_cuti_bersama(year, country)
    except WrongError as error:
        yield Problem(office.source, error.code, error.message)
        return
    if not known and not any(day.year == year for day in office.holidays.add):
        yield note(
            office.source,
            "no_cuti_bersama",
            f"Cuti bersama {year} belum dikenal. Tambahkan tanggalnya pada `holidays.add` setelah diumumkan.",
        )
    if country == "ID" and not any(period.since.year <= year <= period.until.year for period in office.ramadan):
        yield note(
            office.source,
            "no_ramadan",
            f"Masa Ramadan {year} belum diisi, jadi jam kerja biasa yang dihitung. Tambahkan pada `ramadan`.",
        )


def _numbering(office: Office) -> Iterator[Problem]:
    """Sequences that print the numbers of another sequence again: the office may want it so."""
    settings = office.letter_number
    if settings.when == "desk":
        return
    if settings.reset == "yearly" and "{tahun}" not in settings.pattern:
        yield note(
            office.source,
            "no_year",
            "Nomor surat mulai lagi setiap tahun, tetapi polanya tidak memuat tahun: nomor yang sama tercetak lagi "
            "tahun depan. Tambahkan {tahun} pada `letter_number.pattern` bila tidak dikehendaki.",
            "remark",
        )
    if settings.sequence == "per-kode" and "{kode}" not in settings.pattern:
        yield note(
            office.source,
            "no_kode",
            "Nomor surat dihitung per kode, tetapi polanya tidak memuat kode: nomor yang sama tercetak untuk setiap "
            "kode. Tambahkan {kode} pada `letter_number.pattern`.",
        )


def _official(official: Official) -> Iterator[Problem]:
    digits = official.nip.replace(" ", "")
    if digits and not (digits.isdecimal() and len(digits) == _NIP_DIGITS):
        message = f'NIP "{official.nip}" bukan {_NIP_DIGITS} angka. Periksa kembali.'
        yield note(official.source, "nip", message)
    if not official.pelaksana:
        yield note(
            official.source,
            "no_pelaksana",
            f"{_named(official)} tidak bertindak untuk pelaksana mana pun. Isi `pelaksana` dengan kunci dari SOP.",
            "remark",
        )


def _names_without_gelar(office: Office) -> Iterator[Problem]:
    """How a naskah penetapan prints each nama in which gelar were found, or may be, at the first of them."""
    plain = [one for one in office.officials if one.gelar_depan is one.gelar_belakang is None]
    shown = [(one, bare) for one in plain if (bare := one.nama_tanpa_gelar) != one.nama or may_hold_gelar(bare)]
    if shown:
        names = dict.fromkeys(f"{one.nama} {'menjadi' if one.nama != bare else 'tetap'} {bare}" for one, bare in shown)
        yield note(
            shown[0][0].source,
            "gelar",
            f"Nama tanpa gelar pada Keputusan: {'; '.join(names)}. "
            "Bila ada yang keliru, isi `gelar_depan` dan `gelar_belakang`.",
        )


def _without_page_account(office: Office) -> Iterator[Problem]:
    """Who cannot act on the page though the office uses it: without nama, or one that two people have."""
    for one in office.officials if office.web else ():
        if one.pelaksana and not office.page_account(one):
            yield note(
                one.source,
                "no_page_account",
                f"{_named(one)} tidak dapat mempunyai akun halaman: namanya kosong, atau sama dengan nama orang lain. "
                "Isi `nama` dan `nip`.",
            )


def _acting_under_own_jabatan(officials: tuple[Official, ...]) -> Iterator[Problem]:
    """Who acts in a post under another jabatan than its holder's: what is printed behind Plt. is the post."""
    for one in officials:
        holders = (other for other in officials if not other.as_ and set(other.pelaksana) & set(one.pelaksana))
        posts = {other.jabatan.casefold(): other.jabatan for other in holders if other.jabatan}
        if one.as_ in {"Plt.", "Plh.", "Pj."} and one.jabatan and posts and one.jabatan.casefold() not in posts:
            yield note(
                one.source,
                "acting_jabatan",
                f'{_named(one)} tercetak sebagai "{one.as_} {one.jabatan}". '
                f"Tulis pada `jabatan` jabatan yang dijalankannya, misalnya {next(iter(posts.values()))}.",
                "important",
            )


def _two_holders(officials: tuple[Official, ...]) -> Iterator[Problem]:
    for one, other in combinations([official for official in officials if not official.as_], 2):
        shared = [pelaksana for pelaksana in one.pelaksana if pelaksana in other.pelaksana]
        if shared and _meet(one, other):
            yield note(
                other.source,
                "two_holders",
                f'Dua pejabat definitif sekaligus untuk pelaksana "{shared[0]}". Isi `from` dan `until`, atau `as`.',
                "important",
            )


def _meet(one: Official, other: Official) -> bool:
    """Whether both are in office on some day."""
    since = max(one.since or date.min, other.since or date.min)
    until = min(one.until or date.max, other.until or date.max)
    return since <= until


def _unknown_pelaksana(office: Office, known: Collection[str]) -> Iterator[Problem]:
    for official in office.officials:
        for pelaksana in official.pelaksana:
            if pelaksana not in known:
                yield note(
                    official.source,
                    "unknown_pelaksana",
                    f'Pelaksana "{pelaksana}" tidak ada dalam SOP mana pun di sini'
                    f"{suggestion(pelaksana, sorted(known))}. Pakai kunci dari `pelaksana` SOP.",
                )


def _unknown_sops(office: Office, known: Collection[str]) -> Iterator[Problem]:
    """SOPs in the rules of reading that are not here: a slip of the pen would leave their cases open to all."""
    named = [("read", sop) for sop in office.read.of_sops] + [("confidential", sop) for sop in office.confidential]
    for key, sop in named:
        if sop not in known:
            message = f'SOP "{sop}" pada `{key}` tidak ada di sini{suggestion(sop, sorted(known))}. Tulis idnya.'
            yield note(office.source, "unknown_sop", message, "important")


def _unknown_readers(office: Office) -> Iterator[Problem]:
    """Named readers who are not one official: none, or one of two with that nama. A rule of units without any unit."""
    for reader in office.readers:
        if not find_person(office, reader):
            hint = suggestion(reader, [one.nama for one in office.officials if one.nama])
            message = f'"{reader}" pada `readers` bukan satu orang pejabat di sini{hint}. Tulis nama atau NIP-nya.'
            yield note(office.source, "unknown_reader", message, "important")
    rules = {office.read.default, *office.read.of_sops.values()}
    if "unit" in rules and not any(one.unit for one in office.officials):
        message = "Aturan `read: unit` tidak membuka apa-apa, karena tidak ada pejabat dengan `unit`. Isi `unit`-nya."
        yield note(office.source, "no_unit", message, "important")


def _nobody(office: Office, year: int, known: Collection[str]) -> Iterator[Problem]:
    """Pelaksana whose steps nobody can move all year, now that accounts are needed."""
    weight: Weight
    served = {
        pelaksana
        for official in office.officials
        if office.can_act(official) and _meet(official, Official(since=date(year, 1, 1), until=date(year, 12, 31)))
        for pelaksana in official.pelaksana
    }
    for pelaksana in sorted(set(known) - served):
        if office.has_officials_for(pelaksana):
            weight, who = "important", "akun"
            hint = "langkahnya tidak dapat dijalankan. Tambahkan `accounts` pada pejabatnya"
        else:
            weight, who = "remark", "pejabat"
            hint = "orangnya ditugaskan pada setiap berkas. Bila ada pejabatnya, tambahkan pada `officials`"
        yield note(office.source, "nobody", f'Tidak ada {who} untuk pelaksana "{pelaksana}", jadi {hint}.', weight)


def _named(official: Official) -> str:
    return official.jabatan or official.nama or "Pejabat ini"
