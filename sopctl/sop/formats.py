"""How the values of an SOP file are written that a type alone does not describe: ids, names, waktu, conditions.

Ids become file names, on Windows too, and field names template variables: a field `anggota` is `{{ anggota }}` in
a template. Names that would break either are refused where they are written.
"""

import re
from keyword import iskeyword

from sopctl.notation.decoders import Invalid, ScalarDecoder, must_be
from sopctl.notation.faults import quoted
from sopctl.notation.scalars import YES_NO, name
from sopctl.notation.structs import Formats
from sopctl.sop.conditions import MAX_LETTERS as MAX_CONDITION
from sopctl.sop.conditions import find_condition_error
from sopctl.sop.durations import NO_READING, read_time
from sopctl.sop.model import END
from sopctl.sop.readings import Reading

ID_PATTERN = "[a-z0-9][a-z0-9-]*"
FIELD_PATTERN = "[a-z][a-z0-9_]*"
MAX_LETTERS = 60

_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
_TEMPLATE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]*\.docx")
_TEMPLATE_EXAMPLE = "surat-tugas.docx"
_JINJA_WORDS = frozenset({
    "block", "call", "caller", "context", "cycler", "dict", "do", "elif", "else", "endfor", "endif", "extends", "false",
    "filter", "for", "if", "import", "in", "include", "is", "joiner", "kwargs", "lipsum", "loop", "macro", "namespace",
    "none", "not", "or", "and", "range", "raw", "self", "set", "super", "true", "varargs", "with"
})  # fmt: skip
_ROW_METHODS = frozenset(method for method in dir(dict) if not method.startswith("_"))


def _identifier(what: str, reserved: frozenset[str] = frozenset()) -> ScalarDecoder[str]:
    """An id; ``what`` names it in messages, e.g. `id langkah`."""

    def parse(typed: str) -> str | Invalid:
        if complaint := id_complaint(typed, reserved):
            return Invalid(f"{quoted(typed)} tidak dapat menjadi {what}: {complaint}", "id")
        return typed

    form = {"type": ["string", "number"], "pattern": f"^{ID_PATTERN}$", "maxLength": MAX_LETTERS}
    return ScalarDecoder(parse=parse, blank="", expects=f"{what}, misalnya surat-tugas", form={**form}, keep=str)


def _step_id(what: str) -> ScalarDecoder[str]:
    return _identifier(what, frozenset({END}))


def _field_name(_what: str) -> ScalarDecoder[str]:
    """The name of a field: a variable that Jinja can read."""
    return name(FIELD_PATTERN, "nama isian dengan huruf kecil, angka dan _, misalnya nama_tim", _variable_complaint)


def _column_name(_what: str) -> ScalarDecoder[str]:
    """The heading of a table's column; `{{ baris.nip }}` must find the cell and nothing of Python's."""
    return name(r"[\s\S]+", "judul kolom", _column_complaint)


def column_key(_what: str) -> ScalarDecoder[str]:
    """The key of a column of the form, which a row then has too."""
    return name(FIELD_PATTERN, "kunci kolom dengan huruf kecil, angka dan _, misalnya risiko")


def column_heading(what: str) -> ScalarDecoder[str | bool]:
    """The heading of a column; yes for its usual one, no for none."""

    def parse(typed: str) -> str | bool:
        return YES_NO.get(typed.casefold(), typed)

    form = {"type": ["string", "number", "boolean"], "minLength": 1}
    return ScalarDecoder(parse=parse, blank=True, expects=what, form={**form})


def _template_name(_what: str) -> ScalarDecoder[str]:
    """A Word file of the templates folder, by its bare name."""
    expects = f"nama file Word, misalnya {_TEMPLATE_EXAMPLE}"
    form = {"type": "string", "pattern": f"^{_TEMPLATE.pattern}$"}
    return ScalarDecoder(parse=parse_template_name, blank="", expects=expects, form={**form}, keep=str)


def _waktu(what: str) -> ScalarDecoder[str]:
    """What the form prints in the column Waktu, read by `durations` where it has no reading of its own."""
    examples = ["15 menit", "1-2 hari kerja", "30 menit - 3 jam", "1 x 24 jam", "14 hari kalender"]
    return ScalarDecoder(parse=str, blank="", expects=what, form={"type": ["string", "number"], "examples": examples})


def _reading(_what: str) -> ScalarDecoder[str]:
    """A time that `durations` is sure of, or `-`."""
    expects = 'lamanya waktu, misalnya 3 hari, atau "-"'

    def parse(typed: str) -> str | Invalid:
        found = Reading() if typed == NO_READING else read_time(typed)
        if isinstance(found, str) or found.doubt or (found.maximum is None and typed != NO_READING):
            return must_be(expects, typed)
        return typed

    return ScalarDecoder(parse=parse, blank="", expects=expects, form={"type": "string", "examples": ["3 hari", "-"]})


def _condition(_what: str) -> ScalarDecoder[str]:
    """The condition of a branch, as `conditions` judges it."""

    def parse(typed: str) -> str | Invalid:
        complaint = find_condition_error(typed)
        return typed if complaint is None else Invalid(complaint, "condition")

    form = {"type": "string", "maxLength": MAX_CONDITION, "examples": ["nilai >= 75"]}
    return ScalarDecoder(parse=parse, blank="", expects="syarat, misalnya nilai >= 75", form={**form})


FORMATS: Formats = {
    "identifier": _identifier,
    "step_id": _step_id,
    "field_name": _field_name,
    "column_name": _column_name,
    "column_key": column_key,
    "column_heading": column_heading,
    "template_name": _template_name,
    "waktu": _waktu,
    "reading": _reading,
    "condition": _condition,
}
"""What the keys of the model call these forms."""


def parse_template_name(typed: str) -> str | Invalid:
    """The file name of a template as it was typed, or why it can be none."""
    if typed.partition(".")[0].strip().casefold() in _DEVICES:
        return Invalid(
            f"{quoted(typed)} tidak dapat menjadi templat: Windows tidak menerima nama itu. Pakai nama lain."
        )
    if _TEMPLATE.fullmatch(typed):
        return typed
    hint = "tanpa nama folder" if "/" in typed or "\\" in typed else "berakhiran .docx"
    message = f"Tulis nama file Word {hint}, misalnya {_TEMPLATE_EXAMPLE}."
    return Invalid(f"{quoted(typed)} tidak dapat menjadi templat. {message}")


def id_complaint(typed: str, reserved: frozenset[str] = frozenset()) -> str | None:
    """Why a text can be no id, and what to write instead; None where it can."""
    if typed in reserved:
        return "kata ini punya arti sendiri. Pakai kata lain."
    if typed in _DEVICES:
        return "Windows tidak menerima nama file ini. Pakai kata lain."
    if len(typed) > MAX_LETTERS:
        return f"paling banyak {MAX_LETTERS} huruf."
    if re.fullmatch(ID_PATTERN, typed):
        return None
    meant = re.sub("[^a-z0-9]+", "-", typed.casefold()).strip("-")[:MAX_LETTERS]
    hint = f"; tulis misalnya {quoted(meant)}" if meant else ""
    return f"hanya huruf kecil, angka dan tanda hubung{hint}."


def _variable_complaint(typed: str) -> str | None:
    if iskeyword(typed) or typed in _JINJA_WORDS:
        return (
            f"{quoted(typed)} punya arti sendiri dalam templat. Pakai nama isian lain, misalnya {quoted(typed + '_')}."
        )
    if len(typed) > MAX_LETTERS:
        return f"Nama isian paling banyak {MAX_LETTERS} huruf."
    return None


def _column_complaint(typed: str) -> str | None:
    if typed in _ROW_METHODS:
        return f"{quoted(typed)} punya arti sendiri dalam templat. Pakai judul kolom lain."
    return None
