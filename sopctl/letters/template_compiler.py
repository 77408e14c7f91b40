"""From a Word file to a `CompiledTemplate`: read once, checked whole, the layout laid over it.

Loads jinja2, python-docx and docxtpl: import it only where a template is read anew.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from jinja2 import FunctionLoader, meta, nodes
from jinja2.exceptions import TemplateSyntaxError

from sopctl.letters import template_errors
from sopctl.letters.compiled_template import CompiledTemplate, TemplateNote, TemplatePart, UsedNames, digest
from sopctl.letters.page_setup import apply_page_setup
from sopctl.letters.template_files import TemplateLoader, load_template, template_error
from sopctl.letters.template_sandbox import TemplateSandbox
from sopctl.letters.template_source import (
    BROKEN,
    find_split_tags,
    fragment_source,
    jinja_source,
    normalize_properties,
    open_template,
    xml_parts,
)
from sopctl.word.page_setup import PageSetup
from sopctl.word.zip_package import read_entries

_GRID_TAGS = ("{%tc", "{% tc", "colspan", "{%hm", "{% hm", "gridSpan")


def compile_template(name: str, loader: TemplateLoader, layout: PageSetup) -> CompiledTemplate:
    """The template made ready.

    Raises:
        WrongError: where the file, a tag or a fragment cannot be used; it names file and paragraph.
    """
    reading = _TemplateReading(name, loader)
    template = reading.opened(name)
    try:
        apply_page_setup(template.docx, layout)
        normalize_properties(template.docx.part.package)
    except BROKEN as error:
        raise template_error(name, "susunan halamannya tidak utuh; simpan ulang dari Word") from error
    read = (reading.part(template, part, element) for part, element in xml_parts(template))
    parts = tuple(part for part in read if part.tagged)
    target = BytesIO()
    template.docx.save(target)
    return CompiledTemplate(
        name=name,
        layout=layout,
        files=reading.files,
        parts=parts,
        packed=read_entries(target.getvalue(), {part.entry for part in parts}),
        asked=tuple(reading.asked.values()),
        notes=tuple(reading.notes()),
    )


class _TemplateReading:
    """One template being read: the files that it turns out to be made of, and what they ask for."""

    def __init__(self, name: str, loader: TemplateLoader) -> None:
        self.name = name
        self.files: dict[str, bytes] = {}
        self.asked: dict[tuple[str, str], UsedNames] = {}
        self._split: dict[str, tuple[str, ...]] = {}
        self._loader = loader

    def opened(self, name: str) -> Any:  # noqa: ANN401 — docxtpl has no types
        """One of its files, which may be changed."""
        data = load_template(name, self._loader)
        template = open_template(name, data)
        self.files[name] = digest(data)
        self._split[name] = tuple(find_split_tags(template))
        return template

    def part(self, template: Any, part: Any, element: Any) -> TemplatePart:  # noqa: ANN401 — docxtpl and python-docx have no types
        """One part with all that it includes."""
        entry = str(part.partname).lstrip("/")
        sources = {self.name: jinja_source(template, element)}
        walk = _PartParser(self, sources, part)
        walk.into(self.name, ())
        for name, tree in walk.trees.items():
            asked = UsedNames(name, frozenset(meta.find_undeclared_variables(tree)), _optional(tree))
            self.asked[entry, name] = asked
        grids = any(tag in text for text in sources.values() for tag in _GRID_TAGS)
        return TemplatePart(entry=entry, sources=sources, grids=grids)

    def notes(self) -> Iterator[TemplateNote]:
        """What works in these files but is worth a look."""
        for name, paragraphs in self._split.items():
            for paragraph in paragraphs:
                yield TemplateNote(
                    name, "tag terbagi dalam beberapa format huruf; ketik ulang tag itu sekaligus", paragraph
                )


class _PartParser:
    """The way through a part and its fragments: each is parsed, so that a fault is found before a case needs it."""

    def __init__(self, reading: _TemplateReading, sources: dict[str, str], host: Any) -> None:  # noqa: ANN401 — python-docx' part
        self.trees: dict[str, nodes.Template] = {}
        self._reading = reading
        self._sources = sources
        self._host = host
        self._sandbox = TemplateSandbox(FunctionLoader(sources.get), str)

    def into(self, name: str, above: tuple[str, ...]) -> None:
        """Parse a file and those that it includes, each once; one that includes itself is refused."""
        if name in above:
            raise template_error(name, "potongan menyisipkan dirinya sendiri")
        if name in self.trees:
            return
        if name not in self._sources:
            self._sources[name] = fragment_source(name, self._reading.opened(name), self._host)
        try:
            tree = self._sandbox.parse(self._sources[name], name, name)
            self._sandbox.compile(tree, name, name)
        except TemplateSyntaxError as error:
            raise template_errors.syntax_error(error, self._sources, self._reading.name) from error
        except (SyntaxError, RecursionError, ValueError) as error:  # Python's own, at what Jinja made of it
            raise template_error(name, "tag terlalu bertingkat, atau berisi bilangan yang terlalu panjang") from error
        self.trees[name] = tree
        for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            self.into(self._included(name, node), (*above, name))

    def _included(self, name: str, node: nodes.Node) -> str:
        """The file that an include names; it is written out, so that it can be checked before it is needed."""
        file = getattr(node, "template", None)
        if not isinstance(node, nodes.Include) or not isinstance(file, nodes.Const) or not isinstance(file.value, str):
            paragraph = template_errors.paragraph_at(self._sources, name, node.lineno)
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
