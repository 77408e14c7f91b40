"""From a Word file to a `CompiledTemplate`: opened, checked and given the office's page setup once.

Loads jinja2, python-docx and docxtpl: import it only where a template is read anew.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from docx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI
from docx.opc.pkgwriter import _ContentTypesItem
from docx.oxml.ns import qn
from jinja2 import FunctionLoader, meta, nodes
from jinja2.exceptions import TemplateSyntaxError

from sopctl.letters import template_errors
from sopctl.letters.compiled_template import CompiledTemplate, TemplatePart, UsedNames
from sopctl.letters.page_setup import apply_page_setup
from sopctl.letters.signature_pages import FRAGMENT, MARK, mark_signatures
from sopctl.letters.template_files import TemplateLoader, load_template, template_error
from sopctl.letters.template_sandbox import TemplateSandbox
from sopctl.letters.template_source import (
    BROKEN,
    fragment_source,
    has_running_text,
    jinja_source,
    normalize_properties,
    open_template,
    xml_parts,
)
from sopctl.letters.template_styles import undefined_styles
from sopctl.letters.template_tags import find_lost_content, find_split_tags
from sopctl.word.page_setup import PageSetup
from sopctl.word.zip_package import deflate_entry

_GRID_TAGS = ("{%tc", "{% tc", "colspan", "{%hm", "{% hm", "gridSpan")
_FILLED_IN = ("{{", "{%", "{#", MARK)
_UNPRINTED = "kepala dan kaki halaman potongan tidak ikut tercetak; pindahkan ke templat suratnya"
_TRACKED = (
    "perubahannya masih ditandai (Track Changes), dan surat akan memuat tandanya; terima atau tolak semuanya di Word"
)
_REVISIONS = ("w:ins", "w:del", "w:moveFrom", "w:moveTo")
_SPLIT = "tag terbagi dalam beberapa format huruf; ketik ulang tag itu sekaligus"


def compile_template(name: str, loader: TemplateLoader, layout: PageSetup) -> CompiledTemplate:
    """The template made ready.

    Raises:
        WrongError: where the file, a tag or a fragment cannot be used; it names file and paragraph.
    """
    compiler = _Compiler(name, loader)
    template = compiler.open(name)
    try:
        apply_page_setup(template.docx, layout)
        normalize_properties(template.docx.part.package)
        mark_signatures(template.docx.element.body, whole=name == FRAGMENT)
    except BROKEN as error:
        raise template_error(name, "susunan halamannya tidak utuh; simpan ulang dari Word") from error
    read = [compiler.part(template, part, element) for part, element in xml_parts(template)]
    parts = tuple(part for part in read if any(tag in text for text in part.sources.values() for tag in _FILLED_IN))
    entries = list_entries(template.docx.part.package)
    for part in parts:
        entries.pop(part.entry)
    return CompiledTemplate(
        name=name,
        layout=layout,
        files=compiler.files,
        parts=parts,
        packed=tuple(deflate_entry(*entry) for entry in entries.items()),
        used=tuple(compiler.used),
        notes=tuple(dict.fromkeys(compiler.notes)),
        flaws=(*dict.fromkeys(compiler.flaws), *undefined_styles(template.docx, [part.sources for part in read], name)),
    )


def list_entries(package: Any) -> dict[str, bytes]:  # noqa: ANN401 — python-docx has no types
    """The entries of a Word file by name, as python-docx saves it: its own zip fails by a clock of before 1980."""
    for part in package.parts:
        part.before_marshal()
    entries = {
        CONTENT_TYPES_URI.membername: _ContentTypesItem.from_parts(package.parts).blob,  # type: ignore[no-untyped-call]  # as above
        PACKAGE_URI.rels_uri.membername: package.rels.xml,
    }
    for part in package.parts:
        entries[part.partname.membername] = part.blob
        if len(part.rels):
            entries[part.partname.rels_uri.membername] = part.rels.xml
    return entries


class _Compiler:
    """One template being read: the files that it turns out to be made of, and what they ask for."""

    def __init__(self, name: str, loader: TemplateLoader) -> None:
        self.name = name
        self.files: dict[str, bytes] = {}
        self.used: list[UsedNames] = []
        self.notes: list[str] = []
        self.flaws: list[str] = []
        self._loader = loader

    def open(self, name: str) -> Any:  # noqa: ANN401 — docxtpl has no types
        """One of its files, which may be changed."""
        data = load_template(name, self._loader)
        template = open_template(name, data)
        self.files[name] = sha256(data).digest()
        for _, element in xml_parts(template):
            self.notes += [template_error(name, _SPLIT, paragraph).message for paragraph in find_split_tags(element)]
            if next(element.iter(*map(qn, _REVISIONS)), None) is not None:
                self.flaws.append(template_error(name, _TRACKED).message)
            self.flaws += [template_error(name, why, where).message for why, where in find_lost_content(element)]
        if name != self.name and has_running_text(template):
            self.flaws.append(template_error(name, _UNPRINTED).message)
        return template

    def part(self, template: Any, part: Any, element: Any) -> TemplatePart:  # noqa: ANN401 — docxtpl, python-docx: no types
        """One part with the source of all that it includes; a fault is found here, before a case needs it."""
        sources = {self.name: jinja_source(template, element)}
        sandbox = TemplateSandbox(FunctionLoader(sources.get), str)
        trees: dict[str, nodes.Template] = {}

        def parse(name: str, above: tuple[str, ...]) -> None:
            if name in above:
                raise template_error(name, "potongan menyisipkan dirinya sendiri")
            if name in trees:
                return
            if name not in sources:
                sources[name] = fragment_source(name, self.open(name), part)
            trees[name] = self._parse(sandbox, name, sources)
            for node in trees[name].find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
                parse(_included(name, node, sources), (*above, name))

        parse(self.name, ())
        for name, tree in trees.items():
            self.used.append(UsedNames(name, frozenset(meta.find_undeclared_variables(tree)), _optional(tree)))
        grids = any(tag in text for text in sources.values() for tag in _GRID_TAGS)
        return TemplatePart(entry=str(part.partname).lstrip("/"), sources=sources, grids=grids)

    def _parse(self, sandbox: TemplateSandbox, name: str, sources: Mapping[str, str]) -> nodes.Template:
        """The tree of one file, which is one that Python can compile."""
        try:
            tree = sandbox.parse(sources[name], name, name)
            sandbox.compile(tree, name, name)
        except TemplateSyntaxError as error:
            raise template_errors.syntax_error(error, sources, name) from error
        except (SyntaxError, RecursionError, ValueError) as error:  # Python's own, at what Jinja made of it
            raise template_error(name, "tag terlalu bertingkat, atau berisi bilangan yang terlalu panjang") from error
        return tree


def _included(name: str, node: nodes.Node, sources: Mapping[str, str]) -> str:
    """The file that an include names; it is written out, so that it can be checked before it is needed."""
    file = getattr(node, "template", None)
    if not isinstance(node, nodes.Include) or not isinstance(file, nodes.Const) or not isinstance(file.value, str):
        paragraph = template_errors.paragraph_at(sources, name, node.lineno)
        raise template_error(name, 'sisipan hanya dengan {%p include "nama.docx" %}', paragraph)
    return file.value


def _optional(tree: nodes.Template) -> frozenset[str]:
    """The names that the template asks about before it uses them, and those that it sets itself."""
    asked: list[nodes.Node | None] = [
        test.node for test in tree.find_all(nodes.Test) if test.name in ("defined", "undefined")
    ]
    asked += [filter_.node for filter_ in tree.find_all(nodes.Filter) if filter_.name in ("default", "d")]
    own = [name for name in tree.find_all(nodes.Name) if name.ctx == "store"]
    return frozenset(node.name for node in (*asked, *own) if isinstance(node, nodes.Name))
