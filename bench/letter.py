"""The peer of `approve.py`, a process of its own: docxtpl fills in the same letter from the same template files.

Usage: python letter.py TEMPLATES CONTEXT.json TEMPLATE TARGET.docx

docxtpl has no way to include one Word file in another, so the environment gets a loader that does what an office that
writes its letters with docxtpl would do: open the fragment and hand Jinja its body.
"""

import json
import sys
from pathlib import Path

from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import Environment, FunctionLoader


def main(templates: Path, context: Path, name: str, target: Path) -> None:
    """Write one letter."""

    def fragment(file: str) -> str:
        template = DocxTemplate(templates / file)
        template.init_docx()
        children = (child for child in template.docx.element.body if child.tag != qn("w:sectPr"))
        return "".join(str(template.patch_xml(template.xml_to_string(child))) for child in children)

    environment = Environment(loader=FunctionLoader(fragment), autoescape=True)
    environment.globals["kosong"] = ""
    letter = DocxTemplate(templates / name)
    letter.render(json.loads(context.read_text(encoding="utf-8")), environment)
    letter.save(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
