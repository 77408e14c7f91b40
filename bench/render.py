"""Writing surat tugas one after the other in one process, against docxtpl with the same template and values.

Both sides write whole files into memory, letter by letter in turns; before anything is measured, the texts of what they
wrote are compared. docxtpl reads its template anew for each letter: one that was rendered cannot be used again.
"""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import Environment, FunctionLoader

from bench.approve import letter
from bench.office import MORNING, furnished
from bench.ratio import Result, medians, table, timed
from sopctl.letters.renderer import Renderer

LETTERS = 500
TEMPLATE = "surat-tugas.docx"
PARTS = ("word/document.xml", "word/header1.xml", "word/header2.xml", "word/footer3.xml", "word/footer4.xml")


class Docxtpl:
    """The same letters as docxtpl writes them, with a loader for fragments, which it has none for."""

    def __init__(self, templates: Path) -> None:
        self._templates = templates
        self._files = {path.name: path.read_bytes() for path in templates.glob("*.docx")}
        self._environment = Environment(loader=FunctionLoader(self._fragment), autoescape=True)
        self._environment.globals["kosong"] = ""

    def write(self, values: dict[str, object]) -> bytes:
        """One letter."""
        template = DocxTemplate(BytesIO(self._files[TEMPLATE]))
        template.render(values, self._environment)
        target = BytesIO()
        template.save(target)
        return target.getvalue()

    def _fragment(self, name: str) -> str:
        template = DocxTemplate(BytesIO(self._files[name]))
        template.init_docx()
        children = (child for child in template.docx.element.body if child.tag != qn("w:sectPr"))
        return "".join(str(template.patch_xml(template.xml_to_string(child))) for child in children)


def texts(data: bytes) -> list[str]:
    """The paragraphs of a Word file that say something, part by part."""
    package = ZipFile(BytesIO(data))
    roots = (parse_xml(package.read(part)) for part in PARTS)
    paragraphs = (paragraph for root in roots for paragraph in root.iter(qn("w:p")))
    return [text for one in paragraphs if (text := "".join(t.text or "" for t in one.iter(qn("w:t"))))]


def measured(letters: int = LETTERS) -> list[Result]:
    """Seconds for one letter of so many."""
    with TemporaryDirectory() as folder:
        office = furnished(Path(folder) / "office")
        values, templates = letter(office), office / "templates"
        renderer, peer = Renderer(templates), Docxtpl(templates)
        number = count(1)

        def ours() -> bytes:
            said = values | {"nomor": f"800.1.11.1/{next(number)}/DISKOPUKM"}
            return renderer.render(TEMPLATE, said, created=MORNING, title=TEMPLATE)

        theirs: Callable[[], bytes] = partial(peer.write, values)
        if texts(renderer.render(TEMPLATE, values, created=MORNING, title=TEMPLATE)) != texts(theirs()):
            raise SystemExit("the two letters do not say the same")
        mine, others = medians([timed(ours), timed(theirs)], letters)
    return [
        Result(
            what=f"writing {letters} surat tugas in one process",
            peer="docxtpl, the same template",
            ours=mine,
            theirs=others,
            at_least=10,
        )
    ]


if __name__ == "__main__":
    print(table(measured()))
