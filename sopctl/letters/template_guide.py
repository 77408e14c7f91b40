"""The tables of the guide for whoever writes templates, made from what each name of the context says of itself.

`templates/README.md` is the guide: its prose is written there, its tables are these. Indonesian, as everything an
office reads. A name without a sentence fails a test, and so does a table that says something else.
"""

import re
from collections.abc import Mapping

from msgspec import Struct

from sopctl.letters.context import (
    GLOBAL_SENTENCES,
    Agenda,
    AgendaMasuk,
    CaseLetter,
    FilledField,
    Foto,
    KelengkapanItem,
    Signature,
    Surat,
    SuratMasuk,
    TemplateContext,
)  # fmt: skip
from sopctl.word.letterhead import Letterhead
from sopctl.word.printed_values import Person

_PRINTED_AS = {"read": "gambar"}
"""How a template calls what the context reads only when it is shown."""


def describe(values: type[Struct]) -> dict[str, str]:
    """The names that a template finds in such values, each with its sentence."""
    annotations = {_PRINTED_AS.get(name, name): said for name, said in values.__annotations__.items()}
    return {name: getattr(said, "__metadata__", ("",))[0] for name, said in annotations.items()}


TABLES = {
    "Variabel semua templat": describe(TemplateContext),
    "Instansi": describe(Letterhead),
    "Pejabat": describe(Person),
    "Naskah": describe(CaseLetter),
    "Perbuatan": describe(Signature),
    "Kelengkapan": describe(KelengkapanItem),
    "Foto": describe(Foto),
    "Isian": describe(FilledField),
    "Surat masuk": describe(SuratMasuk),
    "Untuk semua": GLOBAL_SENTENCES,
    "Cetakan buku agenda (agenda.docx)": describe(Agenda),
    "Surat": describe(Surat),
    "Cetakan buku agenda surat masuk (agenda-masuk.docx)": describe(AgendaMasuk),
}
"""The tables by the headings that they stand under."""


def guide(page: str) -> str:
    """The page, as Markdown, with its tables made anew.

    Raises:
        ValueError: where the page has no table under one of the headings.
    """
    for heading, rows in TABLES.items():
        table = rf"^(## {re.escape(heading)}\n\n\| nama \| isinya \|\n\|---\|---\|\n)(?:\|.*\n)*"
        found = re.search(table, page, re.MULTILINE)
        if found is None:
            raise ValueError(heading)
        page = page[: found.start()] + found[1] + _lines(rows) + page[found.end() :]
    return page


def _lines(rows: Mapping[str, str]) -> str:
    return "".join(f"| `{name}` | {said.replace('|', chr(92) + '|')} |\n" for name, said in rows.items())
