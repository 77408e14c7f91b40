"""What may stand in sopctl.yaml, key by key: the one source of its reader and of its JSON Schema."""

from string import Formatter

from sopctl.notation.faults import listed, quoted
from sopctl.notation.leaves import choice, day, name, number, text
from sopctl.notation.nearest import suggestion
from sopctl.notation.record import Key, Record, Values
from sopctl.notation.shape import Leaf, Many, MapOf, Wrong, must_be
from sopctl.office.hours import Week
from sopctl.office.model import (
    HolidayRules,
    Instansi,
    LetterNumber,
    Margins,
    NumberedWhen,
    NumberReset,
    NumberSequence,
    Office,
    Official,
    PageNumber,
    Pages,
    PaperSize,
    RecordAccess,
    RecordShare,
    SigningCapacity,
)
from sopctl.worktime.hours import NORMAL_HOURS, RAMADAN_HOURS, RamadanPeriod

PLACEHOLDERS = ("kode", "nomor", "singkatan", "bulan", "bulan_romawi", "tahun")
"""What a letter number may be made of."""

_MOST_DIGITS = 9


def _zone(typed: str) -> str | Wrong:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 — only an office that names its zone pays for it

    try:
        ZoneInfo(typed)
    except (KeyError, ValueError, OSError):  # KeyError: no such zone; the others: no name at all, or a folder of zones
        return Wrong(
            f"Zona waktu {quoted(typed)} tidak dikenal. Tulis Asia/Jakarta atau Asia/Pontianak (WIB), Asia/Makassar "
            "(WITA) atau Asia/Jayapura (WIT)."
        )
    return typed


def _pattern(typed: str) -> str | Wrong:
    try:
        parts = [part[1:] for part in Formatter().parse(typed) if part[1] is not None]
    except ValueError:
        return Wrong(f"Kurung kurawal pada {quoted(typed)} tidak berpasangan. Tulis misalnya {_PATTERN}.")
    for field, spec, conversion in parts:
        if field not in PLACEHOLDERS or spec or conversion:
            hint = suggestion(str(field), PLACEHOLDERS)
            return Wrong(f"{quoted(f'{{{field}}}')} tidak dikenal{hint}. Yang dapat dipakai: {_PLACEHOLDERS}.")
    if "nomor" not in [field for field, *_ in parts]:
        return Wrong(f"Pola nomor surat harus memuat {{nomor}}. Tulis misalnya {_PATTERN}.")
    return typed


def _digits(typed: str) -> int | Wrong:
    return int(typed) if len(typed) == 1 and typed in "0123456789" else must_be(_DIGITS, typed)


_PATTERN = LetterNumber().pattern
_PLACEHOLDERS = listed(tuple(f"{{{word}}}" for word in PLACEHOLDERS), "dan")
_DIGITS = f"bilangan 0 sampai {_MOST_DIGITS}"

_ZONE = Leaf(
    parse=_zone, blank=Office().timezone, expects="zona waktu, misalnya Asia/Pontianak", form={"type": "string"}
)
_NUMBER = Leaf(
    parse=_pattern, blank=_PATTERN, expects=f"pola nomor surat, misalnya {_PATTERN}", form={"type": "string"}
)
_LEAST = Leaf(parse=_digits, blank=0, expects=_DIGITS, form={"type": "integer", "minimum": 0, "maximum": _MOST_DIGITS})


def _line(name: str, about: str) -> Key[str]:
    return Key(name, text(), about, "")


_PEMERINTAH = _line("pemerintah", "Nama pemerintah daerah, baris pertama kop surat.")
_NAMA_INSTANSI = _line("nama", "Nama perangkat daerah, baris kedua kop surat.")
_BIDANG = _line("bidang", "Nama bidang, dicetak pada lembar SOP.")
_SINGKATAN = _line("singkatan", "Singkatan perangkat daerah dalam nomor surat.")
_ALAMAT = _line("alamat", "Alamat kantor pada kop surat.")
_KOTA = _line("kota", "Tempat surat ditetapkan, di depan tanggalnya.")
_TELEPON = _line("telepon", "Nomor telepon pada kop surat.")
_LAMAN = _line("laman", "Alamat laman pada kop surat.")
_POS_EL = _line("pos_el", "Alamat pos-el pada kop surat.")
_LOGO = _line("logo", "Berkas gambar lambang daerah, dihitung dari folder sopctl.yaml.")


def _instansi(values: Values) -> Instansi:
    return Instansi(
        pemerintah=values[_PEMERINTAH],
        nama=values[_NAMA_INSTANSI],
        bidang=values[_BIDANG],
        singkatan=values[_SINGKATAN],
        alamat=values[_ALAMAT],
        kota=values[_KOTA],
        telepon=values[_TELEPON],
        laman=values[_LAMAN],
        pos_el=values[_POS_EL],
        logo=values[_LOGO],
    )


_INSTANSI_RECORD = Record(
    "instansi",
    (_PEMERINTAH, _NAMA_INSTANSI, _BIDANG, _SINGKATAN, _ALAMAT, _KOTA, _TELEPON, _LAMAN, _POS_EL, _LOGO),
    _instansi,
)

_NAMA = _line("nama", "Nama lengkap dengan gelar; kosong tercetak sebagai titik-titik.")
_NIP = _line("nip", "NIP, 18 angka; spasi boleh.")
_PANGKAT = _line("pangkat", "Pangkat dan golongan di bawah nama.")
_JABATAN = _line("jabatan", "Nama jabatan di atas tanda tangan.")
_NO_WORDS: tuple[str, ...] = ()
_PELAKSANA = Key("pelaksana", Many(text("kunci pelaksana")), "Kunci pelaksana dalam SOP yang dijalankannya.", _NO_WORDS)
_ACCOUNTS = Key(
    "accounts",
    Many(text("nama akun")),
    "Nama akun komputer yang boleh bertindak baginya; tanpa satu pun, siapa saja boleh.",
    _NO_WORDS,
)
_FROM = Key("from", day(), "Hari pertama menjabat; kosong berarti sejak dahulu.", None)
_UNTIL = Key("until", day(), "Hari terakhir menjabat; kosong berarti seterusnya.", None)
_AS: Key[SigningCapacity] = Key(
    "as",
    choice("Plt.", "Plh.", "Pj.", "a.n.", "u.b."),
    "Sebutan bila bukan pejabat definitif.",
    "",
)


def _official(values: Values) -> Official:
    return Official(
        nama=values[_NAMA],
        nip=values[_NIP],
        pangkat=values[_PANGKAT],
        jabatan=values[_JABATAN],
        pelaksana=values[_PELAKSANA],
        accounts=values[_ACCOUNTS],
        since=values[_FROM],
        until=values[_UNTIL],
        as_=values[_AS],
        source=values.source,
    )


_OFFICIAL_RECORD = Record(
    "satu pejabat",
    (_NAMA, _NIP, _PANGKAT, _JABATAN, _PELAKSANA, _ACCOUNTS, _FROM, _UNTIL, _AS),
    _official,
)

_FIRST_DAY = Key("from", day(), "Hari kerja pertama dengan jam kerja Ramadan.")
_LAST_DAY = Key("to", day(), "Hari terakhir dengan jam kerja Ramadan.")
_FASTING_HOURS = Key(
    "working_hours", Week(), "Jam kerja selama Ramadan; kosong berarti 08:00 sampai 15:00.", RAMADAN_HOURS
)


def _ramadan(values: Values) -> RamadanPeriod:
    return RamadanPeriod(values[_FIRST_DAY], values[_LAST_DAY], values[_FASTING_HOURS])


_RAMADAN_RECORD = Record("satu masa Ramadan", (_FIRST_DAY, _LAST_DAY, _FASTING_HOURS), _ramadan)

_COUNTRY = Key(
    "country",
    name("[A-Z]{2}", "kode negara dua huruf besar, misalnya ID"),
    "Negara yang hari liburnya berlaku.",
    "ID",
)
_ADD = Key(
    "add", MapOf(day(), text("nama hari libur")), "Hari libur tambahan: tanggal dan namanya.", HolidayRules().add
)
_REMOVE = Key(
    "remove",
    MapOf(day(), text("dasarnya")),
    "Hari libur yang tetap masuk kerja: tanggal dan dasarnya.",
    HolidayRules().remove,
)


def _holidays(values: Values) -> HolidayRules:
    return HolidayRules(country=values[_COUNTRY], add=values[_ADD], remove=values[_REMOVE])


_HOLIDAYS_RECORD = Record("hari libur", (_COUNTRY, _ADD, _REMOVE), _holidays)

_NUMBER_PATTERN = Key("pattern", _NUMBER, f"Pola nomor surat, dari {_PLACEHOLDERS}.", _PATTERN)
_SEQUENCE: Key[NumberSequence] = Key(
    "sequence",
    choice("one", "per-kode"),
    "Satu urutan nomor bersama (one), atau satu untuk tiap kode (per-kode).",
    LetterNumber().sequence,
)
_RESET: Key[NumberReset] = Key(
    "reset",
    choice("yearly", "never"),
    "Nomor mulai lagi dari 1 tiap tahun (yearly), atau tidak pernah (never).",
    LetterNumber().reset,
)
_WHEN: Key[NumberedWhen] = Key(
    "when",
    choice("signed", "desk"),
    "Nomor diberikan saat surat ditandatangani (signed), atau menyusul dari meja agenda atau SRIKANDI (desk).",
    LetterNumber().when,
)
_PADDING = Key("padding", _LEAST, "Jumlah angka paling sedikit: 3 menjadikan nomor 7 tercetak 007.", 0)


def _letter_number(values: Values) -> LetterNumber:
    return LetterNumber(
        pattern=values[_NUMBER_PATTERN],
        sequence=values[_SEQUENCE],
        reset=values[_RESET],
        padding=values[_PADDING],
        when=values[_WHEN],
    )


_LETTER_NUMBER_RECORD = Record("penomoran surat", (_NUMBER_PATTERN, _SEQUENCE, _RESET, _PADDING, _WHEN), _letter_number)


def _side(name: str, about: str, default: float) -> Key[float]:
    return Key(name, _MILLIMETRES, about, default)


def _millimetres(typed: str) -> float | Wrong:
    found = number().parse(typed)
    return found if isinstance(found, float) and 0 <= found <= _WIDEST else must_be(_MARGIN, typed)


_WIDEST = 100
_MARGIN = f"lebar pinggir dalam mm, 0 sampai {_WIDEST}"
_MILLIMETRES = Leaf(
    parse=_millimetres, blank=0.0, expects=_MARGIN, form={"type": "number", "minimum": 0, "maximum": _WIDEST}
)
_TOP = _side("top", "Pinggir atas dalam mm.", Margins().top)
_RIGHT = _side("right", "Pinggir kanan dalam mm.", Margins().right)
_BOTTOM = _side("bottom", "Pinggir bawah dalam mm.", Margins().bottom)
_LEFT = _side("left", "Pinggir kiri dalam mm.", Margins().left)


def _margins(values: Values) -> Margins:
    return Margins(top=values[_TOP], right=values[_RIGHT], bottom=values[_BOTTOM], left=values[_LEFT])


_MARGINS: Key[Margins | None] = Key(
    "margins", Record("pinggir halaman", (_TOP, _RIGHT, _BOTTOM, _LEFT), _margins), "Pinggir halaman dalam mm.", None
)
_FONT = _line("font", "Huruf untuk semua teks yang tidak diberi huruf sendiri dalam templat, misalnya Arial.")
_SIDES: Leaf[PageNumber] = choice("left", "center", "right", "none")
_PAGE_NUMBER = Key[PageNumber | None](
    "page_number",
    _SIDES,
    "Letak nomor halaman mulai halaman kedua: kiri (left), tengah (center), kanan (right), tanpa nomor (none).",
    None,
)


def _pages(values: Values) -> Pages:
    return Pages(margins=values[_MARGINS], font=values[_FONT], page_number=values[_PAGE_NUMBER])


_PAGES_RECORD = Record("tata letak halaman", (_MARGINS, _FONT, _PAGE_NUMBER), _pages)

_SHARE: Key[RecordShare] = Key(
    "share",
    choice("private", "group"),
    "Siapa yang dapat membuka berkas catatan: hanya akun yang menulisnya (private), atau grup pemilik folder (group).",
    RecordAccess().share,
)


def _keeping(values: Values) -> RecordAccess:
    return RecordAccess(share=values[_SHARE])


_KEEPING_RECORD = Record("izin catatan", (_SHARE,), _keeping)

_INSTANSI = Key("instansi", _INSTANSI_RECORD, "Kop surat.", Instansi())
_TIMEZONE = Key("timezone", _ZONE, "Zona waktu kantor.", Office().timezone)
_HOURS = Key("working_hours", Week(), "Jam kerja tiap hari; hari yang tidak disebut adalah hari libur.", NORMAL_HOURS)
_RAMADAN = Key("ramadan", Many(_RAMADAN_RECORD), "Masa Ramadan dengan jam kerjanya, satu tiap tahun.", Office().ramadan)
_HOLIDAYS = Key("holidays", _HOLIDAYS_RECORD, "Hari libur nasional, dengan yang ditambah dan dihapus.", HolidayRules())
_LETTER_NUMBER = Key("letter_number", _LETTER_NUMBER_RECORD, "Cara surat diberi nomor.", LetterNumber())
_OFFICIALS = Key(
    "officials", Many(_OFFICIAL_RECORD), "Pejabat: siapa, untuk pelaksana mana, sejak kapan.", Office().officials
)
_PAGES = Key("pages", _PAGES_RECORD, "Tata letak halaman, bila kantor menghendaki lain dari templatnya.", Pages())
_PAPER: Key[PaperSize] = Key("paper", choice("A4", "F4"), "Ukuran kertas.", Office().paper)

_RECORD = Key("record", _KEEPING_RECORD, "Siapa yang dapat membuka folder data.", RecordAccess())


def _office(values: Values) -> Office:
    return Office(
        instansi=values[_INSTANSI],
        timezone=values[_TIMEZONE],
        hours=values[_HOURS],
        ramadan=values[_RAMADAN],
        holidays=values[_HOLIDAYS],
        letter_number=values[_LETTER_NUMBER],
        officials=values[_OFFICIALS],
        paper=values[_PAPER],
        pages=values[_PAGES],
        record=values[_RECORD],
        source=values.source,
    )


OFFICE = Record(
    "kantor",
    (_INSTANSI, _TIMEZONE, _HOURS, _RAMADAN, _HOLIDAYS, _LETTER_NUMBER, _OFFICIALS, _PAPER, _PAGES, _RECORD),
    _office,
)
"""The whole of sopctl.yaml."""
