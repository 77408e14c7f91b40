"""The elements of a BPMN 2.0 file: how it is parsed, of what kind an element is, and what it says."""

from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]
from lxml.etree import _Element as Element  # type: ignore[import-untyped]

from sopctl.errors import WrongError
from sopctl.notation.compose import UNPRINTABLE
from sopctl.store import disk

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_EXTENSION = f"{BPMN}extensionElements/{{urn:sopctl:sop:1}}"
"""Where the elements stand that `form --bpmn` writes."""

_LARGEST = 30_000_000
"""Bytes that a file has at most."""

_TWO_BYTES = {b"\xff\xfe", b"\xfe\xff", b"\x00<"}
"""How XML begins whose letters have two bytes or more."""

UNNAMED = "tanpa nama"

FOREIGN_TASKS = {
    "serviceTask": "tugas sistem",
    "scriptTask": "tugas skrip",
    "sendTask": "tugas mengirim pesan",
    "receiveTask": "tugas menerima pesan",
    "businessRuleTask": "tugas aturan",
    "subProcess": "subproses, isinya tidak dibaca",
    "transaction": "transaksi, isinya tidak dibaca",
    "adHocSubProcess": "subproses bebas, isinya tidak dibaca",
}
"""Tasks that become rows too, though an SOP cannot say what they are."""

_ROWS = {"task", "userTask", "manualTask", "callActivity", *FOREIGN_TASKS}


def is_markup(path: Path) -> bool:
    """Whether a file holds XML, in whatever encoding."""
    with disk.translate_errors(path), path.open("rb") as file:
        start = file.read(256)
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") or start[:2] in _TWO_BYTES


def parse_bpmn(path: Path) -> Element:
    """The outermost element; raises WrongError where the file is no BPMN 2.0, damaged or too large."""
    with disk.translate_errors(path):
        size = path.stat().st_size
        data = path.read_bytes() if size <= _LARGEST else b""
    if not data:
        raise WrongError(f"{path.name} terlalu besar: lebih dari {_LARGEST // 1_000_000} MB.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        place = f"baris {error.lineno}" if error.lineno else "awal file"
        raise WrongError(f"{path.name} tidak dapat dibaca sebagai XML ({place}); file itu rusak.") from error
    if root.getroottree().docinfo.doctype:
        raise WrongError(f"{path.name} memuat DOCTYPE (baris 1), yang tidak dipakai BPMN; simpan kembali tanpa itu.")
    if root.tag != f"{BPMN}definitions":
        raise WrongError(f"{path.name} bukan BPMN 2.0: elemen pertamanya {etree.QName(root).localname} (baris 1).")
    return root


def find_kind(element: Element) -> str:
    """The name of an element of BPMN; empty for those of others, and for comments."""
    return element.tag.removeprefix(BPMN) if isinstance(element.tag, str) and element.tag.startswith(BPMN) else ""


def is_row(element: Element) -> bool:
    """Whether an element is a task, and so a row or a part of one."""
    return find_kind(element) in _ROWS


def clean_text(text: str | None) -> str:
    """A text on one line, without signs that no form prints."""
    return " ".join(UNPRINTABLE.sub(" ", text or "").split())


def describe_element(element: Element) -> str:
    """An element by its name, or what it says, and its id."""
    said = element.get("name") or element.findtext(f"{BPMN}text")
    return f"'{clean_text(said) or UNNAMED}' [{clean_text(element.get('id')) or 'tanpa id'}]"


def find_extension(node: Element, name: str) -> Element | None:
    """The first element of this name that sopctl itself wrote at a node."""
    found: Element | None = node.find(_EXTENSION + name)
    return found


def read_row_key(node: Element, key: str) -> str:
    """What sopctl itself wrote at a node about its row; empty where it did not."""
    row = find_extension(node, "langkah")
    return "" if row is None else clean_text(row.get(key))


def list_extension_texts(node: Element, name: str) -> list[str]:
    """The texts of all elements of this name that sopctl itself wrote at a node."""
    return [text for one in node.iterfind(_EXTENSION + name) if (text := clean_text(one.text))]
