"""An office as values: its letterhead, its time, its letter numbers, and who is in which post when.

Nothing has to be filled in: without officials and accounts anybody at the keyboard may act, and names print as dotted
lines.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, tzinfo
from functools import cached_property, partial
from typing import Annotated, Literal

from msgspec import Struct, field

from sopctl.notation.faults import listed
from sopctl.notation.keys import Key, YamlStruct
from sopctl.office.gelar import split_nama
from sopctl.office.page_accounts import ACCOUNT_IN_TEXT, PAGE, is_page_account, make_slug, map_page_accounts
from sopctl.problems import Source
from sopctl.sop.model import COLUMNS_KEY, Columns
from sopctl.worktime.calendar import Calendar
from sopctl.worktime.hours import NORMAL_HOURS, RamadanPeriod, WorkingHours

SigningCapacity = Literal["", "Plt.", "Plh.", "Pj.", "a.n.", "u.b."]
"""How an official acts in the post (the prefix that is printed); empty for the one who holds it."""

MailEncryption = Literal["starttls", "ssl", "none"]
"""How the way to the mail server is encrypted: after a greeting, from the first byte, or not."""

MAIL_PORTS: Mapping[MailEncryption, int] = {"starttls": 587, "ssl": 465, "none": 25}
"""The port of a mail server where the office names none (RFC 6409, RFC 8314, RFC 5321)."""

PaperSize = Literal["A4", "F4"]

NumberSequence = Literal["one", "per-kode"]
"""One sequence of letter numbers for all letters, or one for each kode."""

NumberedWhen = Literal["signed", "desk"]
"""Who gives a letter its number: sopctl when it is signed, or the registry desk (SRIKANDI) at some later time."""

PageNumber = Literal["left", "center", "right", "none"]
"""Where the pages after the first show their number."""

RecordShare = Literal["private", "group"]
"""Who besides the account that writes may read and write the record: nobody, or the group of the folder."""

RecordKind = Literal["files", "postgres"]
"""What keeps the record: files below `data`, or a database of PostgreSQL."""

OnBehalf = Literal["refuse", "evidence", "open"]
"""Whether what an official did on paper may be recorded by others: never, with a file that shows it, or without too."""

ReadRule = Literal["all", "actors", "unit"]
"""Who reads the cases of an SOP besides those who have to do with them: everybody with a page account, who holds one of
its pelaksana, or the officials of the unit of one who has to do with the case."""

NumberReset = Literal["yearly", "never"]
"""When a sequence of letter numbers starts again from 1."""

HolidaysOf = Callable[[int, str], Mapping[date, str]]
"""The national holidays of a year in a country, by its ISO code of two letters."""

PLACEHOLDERS = ("kode", "nomor", "singkatan", "bulan", "bulan_romawi", "tahun")
"""What a letter number may be made of."""

PLACEHOLDER_LIST = listed([f"{{{word}}}" for word in PLACEHOLDERS], "dan")
"""The same as messages name them."""

Texts = tuple[str, ...]

_START = Source("sopctl.yaml", 1, 1)
_ACTING = ("Plt.", "Plh.", "Pj.")


class Instansi(YamlStruct, frozen=True, kw_only=True):
    """The letterhead (kop); ``logo`` is an image file, relative to the workspace."""

    title = "instansi"
    pemerintah: Annotated[str, Key("Nama pemerintah daerah, baris pertama kop surat.")] = ""
    nama: Annotated[str, Key("Nama perangkat daerah, baris kedua kop surat.")] = ""
    bidang: Annotated[str, Key("Nama bidang, dicetak pada lembar SOP.")] = ""
    singkatan: Annotated[str, Key("Singkatan perangkat daerah dalam nomor surat.")] = ""
    alamat: Annotated[str, Key("Alamat kantor pada kop surat.")] = ""
    kota: Annotated[str, Key("Tempat surat ditetapkan, di depan tanggalnya.")] = ""
    telepon: Annotated[str, Key("Nomor telepon pada kop surat.")] = ""
    laman: Annotated[str, Key("Alamat laman pada kop surat.")] = ""
    pos_el: Annotated[str, Key("Alamat pos-el pada kop surat.")] = ""
    pimpinan: Annotated[
        str, Key("Jabatan pimpinan pada judul Keputusan; kosong: Kepala, nama perangkat daerah dan nama daerahnya.")
    ] = ""
    logo: Annotated[str, Key("Gambar lambang daerah, dihitung dari folder sopctl.yaml.")] = ""

    @property
    def daerah(self) -> str:
        """The province, regency or city: `Provinsi Kalimantan Barat` of `Pemerintah Provinsi Kalimantan Barat`."""
        return re.sub(r"^pemerintah\s+(daerah\s+(?!istimewa|khusus))?", "", self.pemerintah, flags=re.IGNORECASE)

    @property
    def nama_pimpinan(self) -> str:
        """The jabatan of the head as a Keputusan names it: `Kepala Dinas Koperasi Provinsi Kalimantan Barat`."""
        if self.pimpinan or not self.nama:
            return self.pimpinan
        known = self.daerah.casefold() in self.nama.casefold()
        return f"Kepala {self.nama}" if known else f"Kepala {self.nama} {self.daerah}"


class Official(YamlStruct, frozen=True, kw_only=True):
    """Somebody in a post from ``since`` to ``until``, both days included, None where it is open.

    ``pelaksana`` are the keys of the SOPs' columns that the post is; ``accounts`` are names of the operating
    system's users.
    """

    title = "satu pejabat"
    nama: Annotated[str, Key("Nama lengkap, dengan gelar atau tanpa gelar; kosong tercetak sebagai titik-titik.")] = ""
    gelar_depan: Annotated[
        str | None, Key("Gelar di depan nama. Tanpa kunci ini: gelar yang dikenal di awal nama.")
    ] = None
    gelar_belakang: Annotated[
        str | None,
        Key("Gelar di belakang nama. Tanpa kunci ini: yang mengikuti koma pertama atau dikenal di akhir nama."),
    ] = None
    nip: Annotated[str, Key("NIP, 18 angka; spasi boleh.")] = ""
    pangkat: Annotated[str, Key("Pangkat dan golongan di bawah nama.")] = ""
    jabatan: Annotated[str, Key("Nama jabatan di atas tanda tangan.")] = ""
    pelaksana: Annotated[Texts, Key("Kunci pelaksana dalam SOP yang dijalankannya.", "kunci pelaksana")] = ()
    accounts: Annotated[
        Texts,
        Key(
            "Nama akun komputer yang boleh bertindak baginya; tanpa satu pun, siapa saja boleh.",
            "nama akun komputer, yang tidak diawali page:",
            format="account",
        ),
    ] = ()
    pos_el: Annotated[
        str, Key("Alamat pos-el, tempat ia diberi tahu apa yang menunggunya.", "alamat pos-el", format="mail_address")
    ] = ""
    unit: Annotated[str, Key("Bagian tempatnya bekerja; read: unit membuka berkas bagi yang seunit.")] = ""
    admin: Annotated[
        bool, Key("ya: akun komputernya boleh mengundang, mereset dan menutup akun halaman pejabat lain.")
    ] = False
    since: Annotated[date | None, Key("Hari pertama menjabat; kosong berarti sejak dahulu.", name="from")] = None
    until: Annotated[date | None, Key("Hari terakhir menjabat; kosong berarti seterusnya.")] = None
    as_: Annotated[SigningCapacity, Key("Sebutan bila bukan pejabat definitif.", name="as")] = ""
    source: Source = _START

    def in_office(self, day: date) -> bool:
        """Whether the official is in the post on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def has_account(self, account: str) -> bool:
        """Whether the account is one of the official's; letter case aside, as Windows has it."""
        return account.casefold() in {own.casefold() for own in self.accounts}

    def is_same_person(self, other: "Official") -> bool:
        """Whether both are one person, maybe in two posts: by NIP, or by nama where a NIP is not given."""
        one, two = self.nip_digits, other.nip_digits
        if one and two:
            return one == two
        return self is other or (bool(self.nama) and self.nama.casefold() == other.nama.casefold())

    @property
    def nip_digits(self) -> str:
        """The NIP without spaces and signs; empty where it holds a letter or nothing but zeros: that is no NIP yet."""
        digits = re.sub(r"[\s.-]", "", self.nip)
        return digits if digits.isdecimal() and digits.strip("0") else ""

    @property
    def page_names(self) -> tuple[str, ...]:
        """What the page account of the official may be called: by the nama, and by the NIP."""
        return tuple(f"{PAGE}{name}" for name in (make_slug(self.nama_tanpa_gelar), self.nip_digits) if name)

    @property
    def nama_gelar(self) -> str:
        """The nama with gelar, as most letters print it."""
        if self.gelar_depan is self.gelar_belakang is None:
            return self.nama
        before, bare, after = self._parts_of_nama()
        return f"{before} {bare}, {after}".strip(" ,") if bare else ""

    @property
    def nama_tanpa_gelar(self) -> str:
        """The nama without gelar, as a naskah penetapan prints it (Permendagri 1/2023 article 44 paragraph 1)."""
        return self._parts_of_nama()[1]

    def _parts_of_nama(self) -> tuple[str, str, str]:
        """The gelar before the nama, the nama alone, the gelar behind it."""
        before, bare, after = split_nama(self.nama, before=self.gelar_depan != "", behind=self.gelar_belakang != "")
        return (
            before if self.gelar_depan is None else self.gelar_depan.strip(),
            bare,
            after if self.gelar_belakang is None else self.gelar_belakang.strip(" ,"),
        )

    def format_signer(self, jabatan: str) -> str:
        """The official in a line: `Pejabat A, Plt. Kepala Dinas`; ``jabatan`` is used where the file gives none."""
        acting = f"{self.as_} {jabatan}" if self.as_ else self.jabatan or jabatan
        return ", ".join(filter(None, (self.nama_gelar, acting)))

    @property
    def precedence(self) -> tuple[int, date]:
        """Who signs where several are in one post: the greatest.

        A Plt., Plh. or Pj. comes before the holder, and so does an a.n. or u.b. with dates; without dates it is only
        there for want of a holder. Of two alike the later appointment counts.
        """
        since = self.since or date.min
        if self.as_ in _ACTING or (self.as_ and (self.since or self.until)):
            return 2, since
        return (0 if self.as_ else 1), since


class LetterNumber(YamlStruct, frozen=True, kw_only=True):
    """How letters are numbered; ``padding`` is the least number of digits of `{nomor}`.

    Where the registry desk gives the numbers (``when``), a letter shows a dotted one until it is registered.
    """

    title = "penomoran surat"
    pattern: Annotated[str, Key(f"Pola nomor surat, dari {PLACEHOLDER_LIST}.", format="letter_number")] = (
        "{kode}/{nomor}/{singkatan}"
    )
    sequence: Annotated[
        NumberSequence, Key("Satu urutan nomor bersama (one), atau satu untuk tiap kode (per-kode).")
    ] = "one"
    reset: Annotated[NumberReset, Key("Nomor mulai lagi dari 1 tiap tahun (yearly), atau tidak pernah (never).")] = (
        "yearly"
    )
    padding: Annotated[
        int,
        Key(
            "Jumlah angka paling sedikit: 3 menjadikan nomor 7 tercetak 007.",
            "bilangan 0 sampai 9",
            minimum=0,
            maximum=9,
        ),
    ] = 0
    signers: Annotated[
        Texts,
        Key(
            "Pelaksana yang boleh menandatangani surat bernomor; kosong: siapa pun yang menandatanganinya menurut SOP.",
            "kunci pelaksana",
        ),
    ] = ()
    when: Annotated[
        NumberedWhen,
        Key("Nomor diberikan saat surat ditandatangani (signed), atau menyusul dari meja agenda atau SRIKANDI (desk)."),
    ] = "signed"


class RecordSettings(YamlStruct, frozen=True, kw_only=True):
    """Where the record lies, and who may get at its files.

    ``service`` is an entry of libpq's service file, which holds address and database; no password is ever part of
    `sopctl.yaml`, which is pinned and bundled.
    """

    title = "catatan"
    share: Annotated[
        RecordShare,
        Key(
            "Siapa yang dapat membuka folder data: hanya akun yang menulisnya (private), atau grup pemilik folder "
            "(group)."
        ),
    ] = "private"
    store: Annotated[RecordKind, Key("Tempat catatan: folder data (files), atau basis data PostgreSQL (postgres).")] = (
        "files"
    )
    service: Annotated[
        str,
        Key(
            "Nama layanan dalam file layanan PostgreSQL (pg_service.conf), yang menyebut alamat server dan basis "
            "datanya; kosong: menurut variabel lingkungan PostgreSQL.",
            format="database_name",
        ),
    ] = ""
    office: Annotated[
        str,
        Key(
            "Nama kantor dalam basis data itu; kosong: satu-satunya kantor peran yang tersambung, atau bila ada "
            "beberapa, kantor yang bernama sama dengan peran itu.",
            format="database_name",
        ),
    ] = ""

    @property
    def umask(self) -> int:
        """The permissions that new files and folders of the record do not get, as the system counts them."""
        return 0o077 if self.share == "private" else 0o007


def _margin(side: str) -> Key:
    return Key(f"Pinggir {side} dalam mm.", "lebar pinggir dalam mm, 0 sampai 100", minimum=0, maximum=100)


class Margins(YamlStruct, frozen=True, kw_only=True):
    """The margins of a whole sheet in millimetres."""

    title = "pinggir halaman"
    top: Annotated[float, _margin("atas")] = 20
    right: Annotated[float, _margin("kanan")] = 20
    bottom: Annotated[float, _margin("bawah")] = 25
    left: Annotated[float, _margin("kiri")] = 30


class Pages(YamlStruct, frozen=True, kw_only=True):
    """How pages look where the office wants them otherwise than the templates have them; None and empty: as there.

    ``font`` is that of all text for which a template names none.
    """

    title = "tata letak halaman"
    margins: Annotated[Margins | None, Key("Pinggir halaman dalam mm.")] = None
    font: Annotated[
        str, Key("Huruf untuk semua teks yang tidak diberi huruf sendiri dalam templat, misalnya Arial.")
    ] = ""
    page_number: Annotated[
        PageNumber | None,
        Key(
            "Letak nomor halaman mulai halaman kedua: kiri (left), tengah (center), kanan (right), tanpa nomor (none)."
        ),
    ] = None
    verification_code: Annotated[
        bool, Key("ya: kode verifikasi tercetak di kaki surat; tidak: kodenya hanya ada di dalam file Word.")
    ] = True
    photos: Annotated[Literal[2, 4], Key("Banyaknya foto pada satu halaman lampiran: 2 atau 4.")] = 2


class ReadRules(Struct, frozen=True):
    """The rule of each SOP that has one of its own, and that of all others."""

    default: ReadRule = "all"
    of_sops: dict[str, ReadRule] = {}

    def find(self, sop: str) -> ReadRule:
        """The rule of an SOP."""
        return self.of_sops.get(sop, self.default)


class HolidayRules(YamlStruct, frozen=True, kw_only=True):
    """Which country's holidays hold, and the days that the office adds to them or works on all the same."""

    title = "hari libur"
    country: Annotated[str, Key("Negara yang hari liburnya berlaku.", format="country")] = "ID"
    add: Annotated[dict[date, str], Key("Hari libur tambahan: tanggal dan namanya.", "nama hari libur")] = field(
        default_factory=dict
    )
    remove: Annotated[dict[date, str], Key("Hari libur yang tetap masuk kerja: tanggal dan dasarnya.", "dasarnya")] = (
        field(default_factory=dict)
    )


class MailServer(YamlStruct, frozen=True, kw_only=True):
    """The server that takes the office's e-mail; the password of ``user`` is no part of the file."""

    title = "pengiriman pos-el"
    host: Annotated[str, Key("Nama server pos-el (SMTP) kantor.", format="host")]
    from_: Annotated[str, Key("Alamat pengirim pada pos-el itu.", "alamat pos-el", name="from", format="mail_address")]
    port: Annotated[
        int | None,
        Key(
            "Nomor port server itu; kosong: 587 (starttls), 465 (ssl) atau 25 (none).",
            "nomor port, 1 sampai 65535",
            minimum=1,
            maximum=65535,
        ),
    ] = None
    tls: Annotated[
        MailEncryption,
        Key("Enkripsi ke server itu: setelah salam (starttls), sejak awal (ssl), atau tanpa enkripsi (none)."),
    ] = "starttls"
    user: Annotated[
        str, Key("Nama pengguna pada server itu; kosong: tanpa sandi. Sandinya tidak pernah ditulis di file ini.")
    ] = ""

    @property
    def is_local(self) -> bool:
        """Whether what is sent there does not leave the computer."""
        return self.host.casefold() in {"localhost", "127.0.0.1", "::1"}

    @property
    def used_port(self) -> int:
        """The port, also where the file names none."""
        return self.port or MAIL_PORTS[self.tls]


class WebPage(YamlStruct, frozen=True, kw_only=True):
    """That officials act on the page of `sopctl serve`; without it they can, but nobody is told to count on it."""

    title = "halaman web"
    url: Annotated[
        str,
        Key(
            "Alamat halaman web itu, untuk tautan dalam undangan, misalnya https://sop.kantor.go.id.",
            format="url",
        ),
    ] = ""


class Office(YamlStruct, frozen=True, kw_only=True, dict=True):
    """A whole office."""

    title = "kantor"
    instansi: Annotated[Instansi, Key("Kop surat.")] = Instansi()
    timezone: Annotated[str, Key("Zona waktu kantor.", format="time_zone")] = "Asia/Pontianak"
    hours: Annotated[
        WorkingHours,
        Key(
            "Jam kerja tiap hari; hari yang tidak disebut adalah hari libur.",
            name="working_hours",
            format="working_hours",
        ),
    ] = NORMAL_HOURS
    ramadan: Annotated[tuple[RamadanPeriod, ...], Key("Masa Ramadan dengan jam kerjanya, satu tiap tahun.")] = ()
    holidays: Annotated[HolidayRules, Key("Hari libur nasional, dengan yang ditambah dan dihapus.")] = HolidayRules()
    letter_number: Annotated[LetterNumber, Key("Cara surat diberi nomor.")] = LetterNumber()
    officials: Annotated[tuple[Official, ...], Key("Pejabat: siapa, untuk pelaksana mana, sejak kapan.")] = ()
    paper: Annotated[PaperSize, Key("Ukuran kertas.")] = "A4"
    columns: Annotated[Columns, COLUMNS_KEY] = field(default_factory=dict)
    pages: Annotated[Pages, Key("Tata letak halaman, bila kantor menghendaki lain dari templatnya.")] = Pages()
    on_behalf: Annotated[
        OnBehalf | None,
        Key(
            "Yang dikerjakan pejabat di atas kertas dicatat orang lain: tidak pernah (refuse), dengan file buktinya "
            "(evidence), atau juga tanpa bukti (open). Kosong: refuse bila ada accounts, selain itu open."
        ),
    ] = None
    record: Annotated[RecordSettings, Key("Tempat catatan, dan siapa yang dapat membuka folder data.")] = (
        RecordSettings()
    )
    mail: Annotated[MailServer | None, Key("Server pos-el, yang mengirim apa yang menunggu setiap pejabat.")] = None
    read: Annotated[
        ReadRules,
        Key(
            "Siapa yang membaca berkas di halaman: semua (all), pejabat pelaksana SOP-nya (actors), atau yang seunit "
            "dengan yang terlibat (unit); boleh satu untuk tiap id SOP, dengan default untuk yang lain.",
            format="read_rules",
        ),
    ] = ReadRules()
    confidential: Annotated[
        Texts, Key("SOP yang berkasnya rahasia: hanya terbaca oleh yang terlibat dan oleh readers.", "id SOP")
    ] = ()
    readers: Annotated[
        Texts, Key("Yang membaca semua berkas di halaman, juga yang rahasia: nama atau NIP.", "nama atau NIP")
    ] = ()
    web: Annotated[WebPage | None, Key("Pejabat bertindak juga di halaman web, jadi tidak memerlukan accounts.")] = None
    source: Source = _START

    @property
    def zone(self) -> tzinfo:
        """The office's time zone."""
        from zoneinfo import ZoneInfo  # noqa: PLC0415 — only who asks for the time pays for it

        return ZoneInfo(self.timezone)

    @property
    def restricts(self) -> bool:
        """Whether only named accounts may act: as soon as any official has one."""
        return any(official.accounts for official in self.officials)

    def restricts_account(self, account: str) -> bool:
        """Whether an account may act only for posts of its own: always one of the page, any other where some have."""
        return self.restricts or is_page_account(account)

    @cached_property
    def page_accounts(self) -> Mapping[str, tuple[Official, ...]]:
        """Every name of a page account with all entries of its person, in the order of the file."""
        return map_page_accounts(self.officials)

    def page_account(self, official: Official) -> str:
        """The page account of an official, as events name it; empty where two persons cannot be told apart."""
        return next((account for account, entries in self.page_accounts.items() if official in entries), "")

    def entries_of(self, account: str) -> tuple[Official, ...]:
        """The entries whose account it is, at whatever time: of a page account all those of its person."""
        if is_page_account(account):
            return self.page_accounts.get(account.lower(), ())
        return tuple([one for one in self.officials if one.has_account(account)])

    def can_act(self, official: Official) -> bool:
        """Whether an official has, or needs, no account but what the office gives: an own one, or the page."""
        return bool(official.accounts or not self.restricts or (self.web and self.page_account(official)))

    def list_actors(self, officials: Iterable[Official]) -> list[str]:
        """By what each of these can act: the accounts, or the nama of who has only the page."""
        able = [one for one in officials if self.can_act(one)]
        return list(dict.fromkeys(name for one in able for name in one.accounts or (one.nama,) if name))

    def shown_name(self, account: str) -> str:
        """Who an account is, as people read it: of a page account the nama; any other, or nobody's, as it is."""
        entries = self.entries_of(account) if is_page_account(account) else ()
        return next((one.nama for one in entries if one.nama), account)

    def assignable_name(self, name: str) -> str:
        """By what a case is assigned to a nama or account: the nama instead of a page account, where it is unique."""
        entries = self.entries_of(name) if is_page_account(name) else ()
        nama = next((one.nama for one in entries if one.nama), "")
        return nama if nama and all(one in entries for one in self.entries_named(nama)) else name

    def show_names(self, text: str) -> str:
        """A sentence in which each page account that the office knows is the nama of its official."""
        return ACCOUNT_IN_TEXT.sub(lambda found: self.shown_name(found[0]), text) if PAGE in text else text

    @property
    def on_behalf_rule(self) -> OnBehalf:
        """Whether what an official did on paper may be recorded by others, where the file says nothing too."""
        return self.on_behalf or ("refuse" if self.restricts else "open")

    def allows_on_behalf(self, account: str, *, evidence: bool) -> bool:
        """Whether an account may record what an official did on paper, with a file that shows it or without.

        Where the file does not say so, one of the page may not: it acts for its own official.
        """
        if self.on_behalf is None and is_page_account(account):
            return False
        return self.on_behalf_rule == "open" or (evidence and self.on_behalf_rule == "evidence")

    def pelaksana_of(self, account: str, day: date) -> frozenset[str] | None:
        """The pelaksana that an account may act for on that day; None where nobody is restricted."""
        if not self.restricts_account(account):
            return None
        own = (official for official in self.entries_of(account) if official.in_office(day))
        return frozenset(pelaksana for official in own for pelaksana in official.pelaksana)

    @property
    def page_url(self) -> str:
        """Where the page is, without a slash at its end; empty where the file does not say."""
        return self.web.url.rstrip("/") if self.web else ""

    def employs(self, account: str, day: date) -> bool:
        """Whether an account is that of somebody in any post on that day."""
        return any(official.in_office(day) for official in self.entries_of(account))

    def may_manage_accounts(self, account: str, day: date) -> bool:
        """Whether somebody may invite officials to the page on that day: everybody where no official has `accounts`."""
        return not self.restricts or any(one.admin and one.in_office(day) for one in self.entries_of(account))

    def has_officials_for(self, pelaksana: str) -> bool:
        """Whether the pelaksana is a post of the office, though nobody may be in it just now."""
        return any(pelaksana in official.pelaksana for official in self.officials)

    def officials_for(self, pelaksana: str, day: date) -> tuple[Official, ...]:
        """Who is in the post of a pelaksana on that day, in the order of the file."""
        return tuple(one for one in self.officials if pelaksana in one.pelaksana and one.in_office(day))

    def entries_named(self, person: str) -> list[Official]:
        """The entries of whoever has this nama or account, at whatever time."""
        own = self.entries_of(person)
        return [one for one in self.officials if one.nama.casefold() == person.casefold() or one in own]

    def can_be_assigned(self, person: str, day: date) -> bool:
        """Whether a case may be assigned to a nama or account on that day: who left cannot act, nor who has no account.

        Where nobody has one, a single word is an account that the file does not list; never one of the page.
        """
        if entries := self.entries_named(person):
            return any(one.in_office(day) and self.can_act(one) for one in entries)
        return not self.restricts_account(person) and person.split() == [person]

    def accounts_of_person(self, person: str) -> frozenset[str]:
        """The account or nama itself, and all accounts of whoever has it, in whatever post and at whatever time."""
        posts = self._posts_of(person)
        pages = (name for post in posts for name in post.page_names if name in self.page_accounts)
        return frozenset((person, *(account for post in posts for account in post.accounts), *pages))

    def names_of_person(self, person: str) -> frozenset[str]:
        """The same with every nama of theirs."""
        return self.accounts_of_person(person).union(post.nama for post in self._posts_of(person) if post.nama)

    def names_to_separate(self, person: str) -> frozenset[str]:
        """The same with the page account that is nobody's since another has the same nama: it may have been theirs."""
        return self.names_of_person(person).union(*(post.page_names for post in self._posts_of(person)))

    def _posts_of(self, person: str) -> list[Official]:
        """The posts of whoever has this account, of whoever has this nama where it is no account."""
        own = self.entries_of(person) or tuple(self.entries_named(person))
        return [one for one in self.officials if any(map(one.is_same_person, own))]

    def is_named(self, account: str, name: str) -> bool:
        """Whether an account is the one that is named, or that of the official who is; letter case aside."""
        if account.casefold() == name.casefold():
            return True
        own = self.entries_of(account)
        if any(one.nama and one.nama.casefold() == name.casefold() for one in own):
            return True
        on_page = is_page_account(account) or is_page_account(name)
        return on_page and any(one in own for one in self.entries_of(name))

    def find_signer(self, pelaksana: str, assigned: str, day: date, by: str = "") -> Official | None:
        """Who signs for a pelaksana of a case on that day, where the case assigned it to somebody (empty: to nobody).

        ``assigned`` is an official's nama or one of its accounts, and so is ``by``, who acted for the pelaksana: of
        several in the post that is the one who signed. Where nobody acted yet, or an account that is none of theirs,
        it is the one who would.
        """
        if assigned:
            own = self.entries_of(assigned)
            named = (one for one in self.officials if one.nama == assigned or one in own)
            return next((one for one in named if one.in_office(day)), None)
        holders = self.officials_for(pelaksana, day)
        posts = self._posts_of(by) if by and len(holders) > 1 else []
        acted = [one for one in holders if any(one is post for post in posts)]
        return max(acted or holders, key=lambda one: one.precedence, default=None)

    def calendar(self, holidays_of: HolidaysOf) -> Calendar:
        """The office's working time, with the national holidays of ``holidays_of``."""
        return Calendar(
            hours=self.hours,
            ramadan=self.ramadan,
            zone=self.zone,
            holidays_of=partial(_days_off, self.holidays, holidays_of),
        )


def _days_off(rules: HolidayRules, holidays_of: HolidaysOf, year: int) -> Mapping[date, str]:
    """The holidays of a year as the office has them."""
    own = {day: name for day, name in rules.add.items() if day.year == year}
    days = {**holidays_of(year, rules.country), **own}
    return {day: name for day, name in days.items() if day not in rules.remove}
