"""The rows of the form, key by key: what the reader accepts of a step and what the JSON Schema promises, said once.

Only what one value says by itself is judged here. Whether a `next` leads to a step that exists needs the whole file and
is the work of `references`.
"""

from msgspec.structs import replace

from sopctl.notation.leaves import choice, integer_or_text, text, yes_no
from sopctl.notation.record import Key, Record, Values
from sopctl.notation.shape import Either, Leaf, Many, MapOf, Mapped, Wrong
from sopctl.sop.conditions import MAX_LETTERS, find_condition_error
from sopctl.sop.durations import parse_waktu
from sopctl.sop.model import ACTS, Act, Branch, Kelengkapan, SopCall, Step, StepDocument, Waktu
from sopctl.sop.names import STEP_ID, identifier


def _waktu(typed: str) -> Waktu | Wrong:
    said = parse_waktu(typed)
    return Wrong(said, "waktu") if isinstance(said, str) else said


def _condition(typed: str) -> str | Wrong:
    complaint = find_condition_error(typed)
    return typed if complaint is None else Wrong(complaint, "condition")


_TARGET = text("id langkah atau end")
_LABEL = text("label cabang, misalnya ya")

_WAKTU = Leaf(
    parse=_waktu,
    blank=Waktu(),
    expects="waktu, misalnya 15 menit",
    form={"type": ["string", "number"], "examples": ["15 menit", "1-2 hari kerja", "30 menit - 3 jam", "1 x 24 jam"]},
)
_CONDITION = Leaf(
    parse=_condition,
    blank="",
    expects="syarat, misalnya nilai >= 75",
    form={"type": "string", "maxLength": MAX_LETTERS, "examples": ["nilai >= 75"]},
)

# Kelengkapan, branches, documents and calls have a short and a long way of writing.

ITEM_NAMA = Key("nama", text(), "Nama kelengkapan seperti tercetak.")
ITEM_EVIDENCE = Key("evidence", yes_no(), "ya: berkasnya harus dilampirkan sebelum langkah disetujui.", default=False)


def _item(values: Values) -> Kelengkapan:
    return Kelengkapan(values[ITEM_NAMA], values[ITEM_EVIDENCE])


_ITEM = Either(Mapped(text("nama kelengkapan"), Kelengkapan), Record("kelengkapan", (ITEM_NAMA, ITEM_EVIDENCE), _item))

BRANCH_TO = Key("to", _TARGET, "Id langkah tujuan, atau end.")
BRANCH_WHEN = Key[str | None]("when", _CONDITION, "Syarat atas isian, misalnya nilai >= 75.", default=None)


def _branch(values: Values) -> Branch:
    return Branch("", values[BRANCH_TO], values[BRANCH_WHEN])


def _unlabelled(to: str) -> Branch:
    return Branch("", to)


def _labelled(branches: dict[str, Branch]) -> tuple[Branch, ...]:
    return tuple(replace(branch, label=label) for label, branch in branches.items())


_BRANCHES = Mapped(
    MapOf(_LABEL, Either(Mapped(_TARGET, _unlabelled), Record("cabang", (BRANCH_TO, BRANCH_WHEN), _branch))),
    _labelled,
)

WRITES_NAME = Key("name", text("nama dokumen"), "Nama dokumen dari bagian documents.")
WRITES_ACT = Key[Act](
    "act",
    choice(*ACTS),
    "Perlakuan atas dokumen: draft (konsep), initial (paraf), sign (tanda tangan), receive (diterima).",
    default="draft",
)


WRITES_KOORDINASI = Key("koordinasi", yes_no(), "ya: paraf koordinasi pejabat unit kerja lain.", default=False)


def _writes(values: Values) -> StepDocument:
    return StepDocument(values[WRITES_NAME], values[WRITES_ACT], values[WRITES_KOORDINASI])


_WRITES = Either(
    Mapped(text("nama dokumen"), StepDocument),
    Record("dokumen langkah", (WRITES_NAME, WRITES_ACT, WRITES_KOORDINASI), _writes),
)

CALL_ID = Key("id", identifier("id SOP"), "Id SOP yang mengerjakan langkah ini.")
CALL_OPTIONAL = Key("optional", yes_no(), "ya: langkah boleh juga disetujui tanpa SOP itu.", default=False)


def _call(values: Values) -> SopCall:
    return SopCall(values[CALL_ID], values[CALL_OPTIONAL])


_CALL = Either(Mapped(identifier("id SOP"), SopCall), Record("panggilan SOP", (CALL_ID, CALL_OPTIONAL), _call))

STEP_KEY = Key("id", STEP_ID, "Id langkah yang tetap, misalnya periksa; tujuan next dan branches.")
STEP_NO = Key[int | str | None](
    "no", integer_or_text(), "Nomor tercetak pada formulir; boleh kosong atau berulang.", default=None
)
STEP_KEGIATAN = Key("kegiatan", text("kegiatan"), "Uraian kegiatan seperti tercetak pada formulir.")
STEP_PELAKSANA = Key(
    "pelaksana",
    Many(text("pelaksana"), at_least=1),
    "Kunci pelaksana, atau daftar kunci menurut urutan baris ini melewatinya.",
)
STEP_TOGETHER = Key("together", yes_no(), "ya: semua pelaksana bertindak bersama, urutan bebas.", default=False)
STEP_DECIDES = Key[str | None](
    "decides", text("pelaksana"), "Pelaksana yang memutuskan cabang; tanpa ini yang terakhir.", default=None
)
STEP_NOT_BY = Key[tuple[str, ...]](
    "not_by",
    Many(text("id langkah")),
    "Langkah yang pelakunya tidak boleh bertindak di sini: yang menyusun tidak memeriksa sendiri.",
    default=(),
)
STEP_KELENGKAPAN = Key[tuple[Kelengkapan, ...]](
    "kelengkapan", Many(_ITEM), "Kelengkapan yang harus ada sebelum langkah disetujui.", default=()
)
STEP_WAKTU = Key("waktu", _WAKTU, "Waktu baku; kosong berarti tanpa standar.", default=Waktu())
STEP_OUTPUT = Key("output", text(), "Output seperti tercetak pada formulir.", default="")
STEP_KETERANGAN = Key("keterangan", text(), "Keterangan (kolom Ket).", default="")
STEP_NEXT = Key[str | None](
    "next", _TARGET, "Id langkah berikutnya, atau end; tanpa ini baris di bawahnya.", default=None
)
STEP_BRANCHES = Key[tuple[Branch, ...]](
    "branches",
    _BRANCHES,
    "Cabang keputusan: label: id langkah; yang pertama setuju, yang terakhir menolak.",
    default=(),
)
STEP_DOCUMENT = Key[StepDocument | None](
    "document", _WRITES, "Dokumen yang ditulis langkah ini: nama, atau {name, act}.", default=None
)
STEP_SOP = Key[SopCall | None](
    "sop", _CALL, "SOP lain yang mengerjakan langkah ini: id, atau {id, optional}.", default=None
)

_STEP_KEYS = (
    STEP_KEY,
    STEP_NO,
    STEP_KEGIATAN,
    STEP_PELAKSANA,
    STEP_TOGETHER,
    STEP_DECIDES,
    STEP_NOT_BY,
    STEP_KELENGKAPAN,
    STEP_WAKTU,
    STEP_OUTPUT,
    STEP_KETERANGAN,
    STEP_NEXT,
    STEP_BRANCHES,
    STEP_DOCUMENT,
    STEP_SOP,
)


def _step(values: Values) -> Step:
    pelaksana, branches = values[STEP_PELAKSANA], values[STEP_BRANCHES]
    last = pelaksana[-1] if branches and pelaksana else None
    return Step(
        id=values[STEP_KEY],
        no=values[STEP_NO],
        kegiatan=values[STEP_KEGIATAN],
        pelaksana=pelaksana,
        together=values[STEP_TOGETHER],
        decides=values[STEP_DECIDES] or last,
        not_by=values[STEP_NOT_BY],
        kelengkapan=values[STEP_KELENGKAPAN],
        waktu=values[STEP_WAKTU],
        output=values[STEP_OUTPUT],
        keterangan=values[STEP_KETERANGAN],
        next=values[STEP_NEXT],
        branches=branches,
        document=values[STEP_DOCUMENT],
        sop=values[STEP_SOP],
        source=values.source,
    )


STEP = Record("langkah", _STEP_KEYS, _step)
"""One row."""
