"""What may be called what: ids become file names, field names become template variables.

Case files are stored under an SOP's id and documents under their names, on Windows too; a field `anggota` is
`{{ anggota }}` in a template. Names that would break either are refused where they are written.
"""

import re
from keyword import iskeyword

from sopctl.notation.faults import quoted
from sopctl.notation.leaves import name
from sopctl.notation.shape import Leaf, Wrong
from sopctl.sop.model import END

ID_PATTERN = "[a-z0-9][a-z0-9-]*"
FIELD_PATTERN = "[a-z][a-z0-9_]*"
MAX_LETTERS = 60

_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
_TEMPLATE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]*\.docx")
_TEMPLATE_EXAMPLE = "surat-tugas.docx"
_JINJA_WORDS = frozenset({
    "block", "call", "caller", "context", "cycler", "dict", "do", "elif", "else", "endfor", "endif", "extends", "false",
    "filter", "for", "if", "import", "in", "include", "is", "joiner", "kwargs", "lipsum", "loop", "macro", "namespace",
    "none", "not", "or", "and", "range", "raw", "self", "set", "super", "true", "varargs", "with",
})  # fmt: skip
_ROW_METHODS = frozenset(method for method in dir(dict) if not method.startswith("_"))


def identifier(what: str, *, reserved: frozenset[str] = frozenset()) -> Leaf[str]:
    """An id; ``what`` names it in messages, e.g. `id langkah`."""

    def parse(typed: str) -> str | Wrong:
        if complaint := _id_complaint(typed, reserved):
            return Wrong(f"{quoted(typed)} tidak dapat menjadi {what}: {complaint}", "id")
        return typed

    form = {"type": ["string", "number"], "pattern": f"^{ID_PATTERN}$", "maxLength": MAX_LETTERS}
    expects = f"{what}, misalnya surat-tugas"
    return Leaf(parse=parse, blank="", expects=expects, form=dict(form), keep=str)


STEP_ID = identifier("id langkah", reserved=frozenset({END}))


def field_name() -> Leaf[str]:
    """The name of a field: a variable that Jinja can read."""
    return name(FIELD_PATTERN, "nama isian dengan huruf kecil, angka dan _, misalnya nama_tim", _variable_complaint)


def column_name() -> Leaf[str]:
    """The heading of a table's column; `{{ baris.nip }}` must find the cell and nothing of Python's."""
    return name(r"[\s\S]+", "judul kolom", _column_complaint)


def template_name() -> Leaf[str]:
    """A Word file of the templates folder, by its bare name."""

    def parse(typed: str) -> str | Wrong:
        if typed.partition(".")[0].strip().casefold() in _DEVICES:
            return Wrong(
                f"{quoted(typed)} tidak dapat menjadi templat: Windows tidak menerima nama itu. Pakai nama lain."
            )
        if _TEMPLATE.fullmatch(typed):
            return typed
        hint = "tanpa nama folder" if "/" in typed or "\\" in typed else "berakhiran .docx"
        return Wrong(
            f"{quoted(typed)} tidak dapat menjadi templat. Tulis nama berkas Word {hint}, misalnya surat-tugas.docx."
        )

    form = {"type": "string", "pattern": f"^{_TEMPLATE.pattern}$"}
    return Leaf(
        parse=parse, blank="", expects=f"nama berkas Word, misalnya {_TEMPLATE_EXAMPLE}", form=dict(form), keep=str
    )


def _id_complaint(typed: str, reserved: frozenset[str]) -> str | None:
    if typed in reserved:
        return "kata ini punya arti sendiri. Pakai kata lain."
    if typed in _DEVICES:
        return "Windows tidak menerima nama berkas ini. Pakai kata lain."
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
