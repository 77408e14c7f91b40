"""What helps against what went wrong, as a sentence that names a command or an option.

The rooms below say what is wrong and give an advice (else the code or the reason) with its facts; only here is it known
how that is typed. An advice that has no sentence here needs none: its message says all.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sopctl.cli.command_lines import attachments, field_option, word
from sopctl.engine.refused import Refused
from sopctl.errors import Fact

if TYPE_CHECKING:
    from sopctl.audit.findings import Finding
    from sopctl.desk.move_warnings import Notice
    from sopctl.errors import SopctlError

Facts = Mapping[str, Fact]

_FILES = ("xlsx", "html", "docx", "xes", "jsonl", "bpmn", "ics")
"""What is written to a file that an option of this name takes."""


_NOTE = 'Tambahkan --note "…".'
_VERIFY = "Periksa dengan sopctl verify."
_MEND = "Untuk itu jalankan sopctl doctor --mend."
DAMAGED_CASES = f"{_VERIFY} Bila buku catatan utuh, sopctl doctor --mend menyusun berkas itu kembali."
"""What helps against cases that an overview cannot read."""

RECORD_UPGRADE = (
    "Pemilik basis data itu menyiapkannya dengan: sopctl record upgrade --service LAYANAN (pertama kali juga dengan "
    "--grant PERAN)."
)
"""What helps against a database without the tables of this sopctl."""

_IF_RIGHT = "Bila buku catatan dan berkas-berkasnya benar, sopctl doctor --mend"

_SENTENCES: dict[str, str] = {
    # moves
    "assign": "Siapa yang boleh: sopctl why. Pelaksana tanpa pejabat ditugaskan dengan sopctl assign.",
    "reassign": "Ubah dengan sopctl assign.",
    "suspended": "Lanjutkan dahulu dengan sopctl resume.",
    "note_needed": _NOTE,
    "gap_unexplained": _NOTE,
    "turn_down": "Gunakan reject dengan alasan.",
    "no_branches": "Gunakan approve, atau note untuk mencatat keberatan.",
    "not_optional": "Gunakan approve, atau tulis optional pada barisnya di SOP.",
    "not_the_decider": "Gunakan approve untuk meneruskan.",
    "fill_gaps": "Yang kosong diisi dengan sopctl set {id}; nama, pangkat dan NIP pejabat di sopctl.yaml.",
    "waits_for_call": "Buka dengan: sopctl start {sop} --parent ID, dengan id berkas ini.",
    "waits_for_child": "Lihat: sopctl status {child}.",
    "elsewhere": "Lihat: sopctl why {id}.",
    "name_step": "Tambahkan --step LANGKAH.",
    "overtaken": "Lihat dahulu: sopctl status {id}.",
    "migrate_again": "Jalankan lagi sopctl migrate.",
    "not_renamed": "Pilihan --map hanya untuk langkah yang berganti nama.",
    "withdraw": 'Perintahnya: sopctl withdraw {id} --note "…".',
    "with_gaps": "; atau --with-gaps, bila surat itu memang ditandatangani dengan titik-titik.",
    "paper_evidence": "Tambahkan --evidence FILE.",
    "evidence_for": "Gunakan --evidence bersama --for PELAKSANA.",
    # what was typed
    "at": 'Tulis misalnya --at "{sample}".',
    "set": "Tulis nama=nilai.",
    "attach_pair": 'Tulis --attach "KELENGKAPAN=BERKAS".',
    "foto_extra": "Pasang pembaca WEBP, TIFF dan HEIC di Python yang menjalankan sopctl: pip install pillow pi-heif; "
    "atau lampirkan fotonya sebagai JPEG.",
    "map_pair": "Tulis --map LAMA=BARU.",
    "id": "Lihat daftar dengan sopctl status.",
    "check": "Perbaiki, lalu periksa dengan sopctl check.",
    "new_sop": "Jalankan sopctl new di terminal; atau salin sebuah file di folder sops dengan nama lain, ubah isinya, "
    "lalu periksa dengan sopctl check.",
    "import_extra": "Pasang di Python yang menjalankan sopctl: pip install pdfplumber pypdfium2 openpyxl numpy",
    "postgres_extra": 'Pasang di Python yang menjalankan sopctl: pip install "psycopg[binary]"',
    "web_extra": "Pasang di Python yang menjalankan sopctl: pip install flask waitress argon2-cffi pypdfium2",
    "endless": 'Sebutkan bagian yang lebih kecil, misalnya --what-if "tolak LANGKAH=20%".',
    "no_cases": "Sebutkan --arrivals 5/hari dan jangan pakai --from-record, --proposed atau record.",
    "no_arrivals": "Tulis misalnya --arrivals 5/hari.",
    "other_port": "Pilih port lain dengan --port.",
    "import_exists": "Pilih --id lain, atau bandingkan dengan --into.",
    "attach_instead": "Gunakan sopctl attach.",
    "name_workspace": "Atau sebutkan --workspace FOLDER.",
    "name_or_init_workspace": "Atau sebutkan --workspace FOLDER, atau buat yang baru dengan: sopctl init FOLDER",
    "other_bundle": "Sebutkan nama lain dengan --out FILE.zip.",
    "take_examples": "Contoh SOP diambil dengan sopctl init . --with-examples di folder kantor.",
    "restore_template": "Templat bawaan diambil kembali dengan sopctl template restore.",
    "mail_password": "Berikan dengan variabel lingkungan SOPCTL_MAIL_PASSWORD, atau sebutkan dengan "
    "SOPCTL_MAIL_PASSWORD_FILE file yang berisi sandinya saja dan hanya dapat dibuka pemiliknya (chmod 600).",
    "owner": "Jalankan sebagai akun itu: sudo -u {owner} sopctl account … (begitu juga serve).",
    "no_account": "Lihat daftarnya dengan sopctl account list.",
    # the register of letters
    "perihal": 'Tambahkan --perihal "…".',
    "name_kode": "Tambahkan misalnya --kode 800.1.11.1.",
    "name_nomor": "Tambahkan --nomor NOMOR.",
    "other_year": "Bila nomor ini dari buku tahun lain, tambahkan --year TAHUN.",
    "year": "Hapus --year.",
    "give_number": "Perintahnya: sopctl agenda set {id} --nomor NOMOR",
    "agenda": "Lihat: sopctl agenda",
    "incoming": "Lihat: sopctl agenda masuk",
    "surat_dari": 'Tambahkan --from "…".',
    "already_opened": "Bila berkas itu keliru, batalkan dahulu dengan sopctl cancel.",
    "nothing_changed": "Sebutkan yang diperbaiki, misalnya --perihal.",
    "continue_sequence": "Perintahnya: sopctl agenda add --nomor URUT --kode KODE "
    '--perihal "…" --note "menyambung urutan"',
    # the record
    "verify": _VERIFY,
    "look_first": "Lihat dengan sopctl status.",
    "compare_with_word": "Gunakan sopctl docs ID, atau sopctl verify KODE.",
    "mend": _MEND,
    "clock_behind": "Bila jam ini benar dan catatan terakhir itulah yang keliru, jalankan sopctl doctor --mend.",
    "journal": "Menyisihkannya: sopctl doctor --mend.",
    "rebuild": "Menyusunnya kembali: sopctl doctor --mend; yang lama disisihkan.",
    "rebuild_ledger": "Menyusunnya: sopctl doctor --mend; dicatat siapa yang melakukannya.",
    "cut_ledger": "Membuangnya: sopctl doctor --mend; buku yang lama disisihkan.",
    "behind": "Periksa dengan sopctl verify {id}; sopctl doctor --mend menyusun kembali berkas yang tertinggal.",
    "rebuild_case": f"{_IF_RIGHT} menyusun kembali berkas ini dari buku catatan.",
    "rebuild_register": f"{_IF_RIGHT} menyusunnya kembali dari buku catatan.",
    "accept_lines": f"{_IF_RIGHT} menerima baris itu dan mencatat siapa yang menerimanya.",
    "complete_ledger": f"{_IF_RIGHT} melengkapi buku catatan dan mencatat siapa yang melengkapinya.",
    "close_folder": "sopctl doctor --mend menutupnya.",
    "unaccepted": "Rinciannya: sopctl verify {id}.",
    "accept_office": "Bila perubahannya benar, salah seorang yang boleh menerimanya menjalankan: "
    "sopctl doctor --accept-office {version}",
    "doctor": "Tanpa --mend, sopctl doctor memeriksa saja.",
    "bundle": "Mintalah salah satunya menjalankan sopctl bundle.",
    "backup_damaged": "Bila hanya cadangan itu yang ada, tambahkan --damaged.",
    "record_upgrade": RECORD_UPGRADE,
    "record_grant": "Pemilik basis data itu memberinya dengan: sopctl record upgrade --service LAYANAN --grant PERAN",
    "database_owner": "Jalankan sopctl record upgrade dengan --service layanan pemiliknya.",
    "grant": "Tulis --grant PERAN, atau --grant PERAN=KANTOR.",
    "name_target": "Tambahkan --to postgres, atau --to files.",
    "moved": "Bila pemindahannya terputus, lanjutkan dengan: sopctl record move --to {to}. Bila sudah selesai, "
    "sopctl.yaml di sini masih menyebut tempat yang lama (record: store).",
    "unmoved": "Bila kantor bekerja dengan folder data, hapus store, service dan office di bawah record di "
    "sopctl.yaml. Bila catatannya hendak dipindahkan, jalankan: sopctl record move --to postgres. Bila di "
    "folder itu hanya catatan lain yang lama, sisihkan folder itu.",
    "other_office": "Pemilik basis data dapat membuka kantor lain di sana, yang lalu disebut sopctl.yaml "
    "(record: office), dengan: sopctl record upgrade --service LAYANAN --grant PERAN=KANTOR",
    "move_restored": "Dari sana catatan dipindahkan ke basis data yang masih kosong dengan: "
    "sopctl record move --to postgres --service LAYANAN",
    "role": "Sesudah itu ulangi perintah ini.",
    "open_folder": "sopctl doctor --mend, dijalankan oleh pemilik file itu, membukanya.",
}


def _name_rows(facts: Facts) -> str:
    return f"Tambahkan {' atau '.join(f'--step {name}' for name in _several(facts, 'steps'))}."


def _labels(facts: Facts) -> str:
    labels = (word(label, " ".join(label.split())) for label in _several(facts, "labels"))
    return f"Gunakan decide dengan salah satu: {', '.join(labels)}."


def _choose(facts: Facts) -> str:
    (label,) = _several(facts, "labels")
    return f"Gunakan decide {word(label, 'LABEL')} dengan alasan."


def _send_back(facts: Facts) -> str:
    label = _one(facts, "label")
    command = f"decide {_one(facts, 'id')} {word(label, 'LABEL')}" if label else f"reject {_one(facts, 'id')}"
    return f'Perintahnya: sopctl {command} --note "…".'


def _init(facts: Facts) -> str:
    return f"Buat dengan: sopctl init {word(_one(facts, 'folder'), 'FOLDER')}"


def _acting(facts: Facts) -> str:
    return f"Tambahkan {' atau '.join(f'--as {name}' for name in _several(facts, 'turn'))}."


def _mapped(facts: Facts) -> str:
    return f"Tambahkan {' '.join(f'--map {step}=LANGKAH' for step in _several(facts, 'steps'))}."


def _documents(facts: Facts) -> str:
    return f"Tambahkan {' atau '.join(f'--document {name}' for name in _several(facts, 'documents'))}."


def _letters(facts: Facts) -> str:
    """The letters of one number, each with the options that mean it."""
    subjects = _several(facts, "subjects")
    return "; ".join(f"{which} ({about})" for which, about in zip(_which(facts), subjects, strict=True))


def _output(facts: Facts) -> str:
    """The option that names the file of this purpose."""
    purpose = _one(facts, "purpose")
    if purpose == "backup":
        return "Tulis: sopctl backup FILE.zip"
    return f"Pilihannya: {f'--{purpose}' if purpose in _FILES else '--out'}."


def _which(facts: Facts) -> list[str]:
    """The options that tell the letters of one number apart."""
    pairs = zip(_several(facts, "years"), _several(facts, "kodes"), strict=True)
    return [
        " ".join(filter(None, (f"--year {year}" if year else "", f"--kode {kode}" if kode else "")))
        for year, kode in pairs
    ]


def _withdraw_number(facts: Facts) -> str:
    which = "".join(f" {one}" for one in _which(facts))
    return f'Bila salah, tarik dahulu: sopctl agenda withdraw {word(_one(facts, "nomor"), "NOMOR")}{which} --note "…"'


_WORDED: dict[str, Callable[[Facts], str]] = {
    "label_needed": _labels,
    "choose": _choose,
    "send_back": _send_back,
    "output": _output,
    "init": _init,
    "as_needed": _acting,
    "several_rows": _name_rows,
    "steps_gone": _mapped,
    "name_document": _documents,
    "there_is": lambda facts: f"Yang ada: {_letters(facts)}.",
    "which_number": lambda facts: f"Pilihannya: {_letters(facts)}.",
    "has_a_number": _withdraw_number,
}

ADVICE = frozenset({*_SENTENCES, *_WORDED})
"""All that is worded here."""


def sentence(of: "SopctlError | Refused | Finding | Notice") -> str:
    """What went wrong, and what to type against it."""
    return " ".join(filter(None, (of.message, _remedy(of))))


def advise(advice: str, **facts: Fact) -> str:
    """What to type by an advice that has a sentence of its own."""
    return _SENTENCES[advice].format(**facts)


def _remedy(of: "SopctlError | Refused | Finding | Notice") -> str:
    """What to type; empty where the message says all."""
    if isinstance(of, Refused) and (of.wanted or of.items):
        options = " ".join([*map(field_option, of.wanted), *attachments(of.items)])
        return f"Tambahkan {options}{_SENTENCES['with_gaps'] if of.advice == 'with_gaps' else '.'}"
    advice = of.advice or (of.reason if isinstance(of, Refused) else "")
    facts: Facts = getattr(of, "facts", {})
    if advice in _WORDED:
        return _WORDED[advice](facts)
    return _SENTENCES.get(advice, "").format(**facts)


def _one(facts: Facts, name: str) -> str:
    fact = facts[name]
    return fact if isinstance(fact, str) else " ".join(fact)


def _several(facts: Facts, name: str) -> tuple[str, ...]:
    fact = facts[name]
    return (fact,) if isinstance(fact, str) else fact
