"""Word's fields: those that only describe the document are allowed, none that fetches a file or starts a program.

What is not named here is refused, also a field whose name another field or a tag makes up. Loads no library of Word's.
"""

import re
from xml.parsers import expat

_HARMLESS = frozenset({
    "=", "ADDRESSBLOCK", "ADVANCE", "AUTHOR", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "BARCODE", "BIBLIOGRAPHY",
    "BIDIOUTLINE", "CITATION", "COMMENTS", "COMPARE", "CREATEDATE", "DATE", "DISPLAYBARCODE", "DOCPROPERTY",
    "DOCVARIABLE", "EDITTIME", "EQ", "FILENAME", "FILESIZE", "FILLIN", "FORMCHECKBOX", "FORMDROPDOWN",
    "FORMTEXT", "GREETINGLINE", "HYPERLINK", "IF", "INDEX", "INFO", "KEYWORDS", "LASTSAVEDBY", "LISTNUM",
    "MERGEBARCODE", "MERGEFIELD", "MERGEREC", "MERGESEQ", "NEXT", "NEXTIF", "NOTEREF", "NUMCHARS", "NUMPAGES",
    "NUMWORDS", "PAGE", "PAGEREF", "PRINTDATE", "QUOTE", "REF", "REVNUM", "SAVEDATE", "SECTION", "SECTIONPAGES",
    "SEQ", "SET", "SHAPE", "SKIPIF", "STYLEREF", "SUBJECT", "SYMBOL", "TA", "TC", "TEMPLATE", "TIME", "TITLE",
    "TOA", "TOC", "USERADDRESS", "USERINITIALS", "USERNAME", "XE",
})  # fmt: skip
_NAME = re.compile(r"\s*(=|[A-Za-z]+)")
_LONGEST = 40


def find_harmful_field(xml: bytes) -> str:
    """The first field of sound XML that is not known to be harmless, empty where there is none."""
    if b"instr" not in xml:  # neither an instruction in an element of its own nor one in an attribute
        return ""
    looking = _FieldScanner()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = looking.begin, looking.end
    parser.CharacterDataHandler = looking.text
    parser.Parse(xml, True)  # noqa: FBT003 — expat's own
    looking.close()
    return looking.found


def harmful_field_message(field: str) -> str:
    """The sentence about a field that is not known to be harmless."""
    return (
        f"field Word `{field}` tidak diizinkan: ia dapat mengambil isi dari luar atau menjalankan program. "
        "Klik field itu di Word, lalu tekan Ctrl+Shift+F9 atau hapus"
    )


class _FieldScanner:
    """The fields that are open: a field may stand within another's instruction."""

    def __init__(self) -> None:
        self.found = ""
        self._open: list[list[str]] = []
        self._reading = False

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Look at a field that stands in an attribute; open and close one that is made of several elements."""
        said = {name.rpartition(":")[2]: value for name, value in attributes.items()} if attributes else {}
        match tag.rpartition(":")[2]:
            case "fldSimple":
                self._judge(said.get("instr", ""))
            case "fldChar" if said.get("fldCharType") == "begin":
                self._open.append([])
            case "fldChar" if self._open:
                self._judge("".join(self._open[-1]))
                if said.get("fldCharType") == "end":
                    self._open.pop()
            case "instrText":
                self._reading = True
                if not self._open:
                    self._open.append([])

    def end(self, tag: str) -> None:
        """Stop reading an instruction."""
        if tag.rpartition(":")[2] == "instrText":
            self._reading = False

    def text(self, data: str) -> None:
        """Take a piece of an instruction."""
        if self._reading:
            self._open[-1].append(data)

    def close(self) -> None:
        """Look at what was never ended."""
        while self._open:
            self._judge("".join(self._open.pop()))

    def _judge(self, instruction: str) -> None:
        name = _NAME.match(instruction)
        if name is None or name[1].upper() not in _HARMLESS:
            self.found = self.found or (" ".join(instruction.split()) or "tanpa nama")[:_LONGEST]
