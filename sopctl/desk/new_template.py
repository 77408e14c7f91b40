"""`template new`: a template of the office's own, begun as a copy of another; no file is ever replaced."""

import re

from sopctl.desk import setup
from sopctl.desk.new_sop import create_file
from sopctl.desk.session import Session
from sopctl.desk.templates import find_template
from sopctl.errors import NotFoundError, UsageError
from sopctl.letters.page_setup import apply_page_setup
from sopctl.letters.template_compiler import list_entries
from sopctl.letters.template_source import normalize_properties, open_template
from sopctl.notation.decoders import Invalid
from sopctl.sop.formats import parse_template_name
from sopctl.store.workspace import Workspace
from sopctl.word.page_setup import page_setup_of
from sopctl.word.zip_package import deflate_entry, write_zip

BASE = "dasar.docx"
"""The template with a letterhead, a title, a place for the text and a signature block, and every style of ours."""

_LONGEST = 100
"""Letters of the file's name, its ending among them: with its folders Windows takes 259."""


def create_template(session: Session, name: str, like: str = "") -> str:
    """Write a new template, with the paper and margins of the office; its path, relative to the workspace.

    It is a copy of the template ``like``, else of `BASE`: the office's own, or the packaged one where it has none.

    Raises:
        UsageError: where the name is none for a file, or one of its name is there already; it stays as it is.
        NotFoundError: where there is no template to copy. WrongError: where that cannot be read.
    """
    workspace = session.workspace
    file = parse_template_name(f"{re.sub(r'([.]docx|[. ])+$', '', name.strip(), flags=re.IGNORECASE) or name}.docx")
    if isinstance(file, Invalid):
        raise UsageError(file.message, code="file_name")
    if len(file) > _LONGEST:
        raise UsageError(f"Nama templat paling banyak {_LONGEST} huruf.", code="file_name")
    for there in workspace.templates.glob("*.docx"):
        if there.name.casefold() == file.casefold():  # one file on Windows
            raise UsageError(f"{there} sudah ada; tidak ada yang diubah.", code="template_exists")
    base = find_template(workspace.templates, like) if like else BASE
    template = open_template(base, _read_base(workspace, base))
    apply_page_setup(template.docx, page_setup_of(session.office))
    normalize_properties(template.docx.part.package)
    template.docx.core_properties.title = file.removesuffix(".docx")
    path = workspace.templates / file
    entries = list_entries(template.docx.part.package)
    create_file(path, write_zip(deflate_entry(*entry) for entry in entries.items()), code="template_exists")
    return workspace.relative_path(path)


def _read_base(workspace: Workspace, name: str) -> bytes:
    try:
        return workspace.read_template(name)
    except NotFoundError:
        return setup.read_packaged_template(name)
