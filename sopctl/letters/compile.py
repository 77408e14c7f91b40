"""From a Word file to a `Compiled` template: read once, checked whole, the layout laid over it.

Loads jinja2, python-docx and docxtpl: import it only where a template is read anew.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from jinja2 import FunctionLoader, meta, nodes
from jinja2.exceptions import TemplateSyntaxError

from sopctl.letters import faults
from sopctl.letters.compiled import Asked, Compiled, Note, Part, digest
from sopctl.letters.loader import Loader, load, wrong
from sopctl.letters.pages import lay_out
from sopctl.letters.sandbox import Sandbox
from sopctl.letters.template import BROKEN, fragment_source, normal, open_template, source, split_tags, xml_parts
from sopctl.word.layout import Layout
from sopctl.word.package import packed

_GRID_TAGS = ("{%tc", "{% tc", "colspan", "{%hm", "{% hm", "gridSpan")


def compiled(name: str, loader: Loader, layout: Layout) -> Compiled:
    """The template made ready.

    Raises:
        WrongError: where the file, a tag or a fragment cannot be used; it names file and paragraph.
    """
    reading = _Reading(name, loader)
    template = reading.opened(name)
    try:
        lay_out(template.docx, layout)
        normal(template.docx.part.package)
    except BROKEN as error:
        raise wrong(name, "susunan halamannya tidak utuh; simpan ulang dari Word") from error
    read = (reading.part(template, part, element) for part, element in xml_parts(template))
    parts = tuple(part for part in read if part.tagged)
    target = BytesIO()
    template.docx.save(target)
    return Compiled(
        name=name,
        layout=layout,
        files=reading.files,
        parts=parts,
        packed=packed(target.getvalue(), {part.entry for part in parts}),
        asked=tuple(reading.asked.values()),
        notes=tuple(reading.notes()),
    )


class _Reading:
    """One template being read: the files that it turns out to be made of, and what they ask for."""

    def __init__(self, name: str, loader: Loader) -> None:
        self.name = name
        self.files: dict[str, bytes] = {}
        self.asked: dict[tuple[str, str], Asked] = {}
        self._split: dict[str, tuple[str, ...]] = {}
        self._loader = loader

    def opened(self, name: str) -> Any:  # noqa: ANN401 — docxtpl has no types
        """One of its files, which may be changed."""
        data = load(name, self._loader)
        template = open_template(name, data)
        self.files[name] = digest(data)
        self._split[name] = tuple(split_tags(template))
        return template

    def part(self, template: Any, part: Any, element: Any) -> Part:  # noqa: ANN401 — docxtpl and python-docx have no types
        """One part with all that it includes."""
        entry = str(part.partname).lstrip("/")
        sources = {self.name: source(template, element)}
        walk = _Walk(self, sources, part)
        walk.into(self.name, ())
        for name, tree in walk.trees.items():
            asked = Asked(name, frozenset(meta.find_undeclared_variables(tree)), _optional(tree))
            self.asked[entry, name] = asked
        grids = any(tag in text for text in sources.values() for tag in _GRID_TAGS)
        return Part(entry=entry, sources=sources, grids=grids)

    def notes(self) -> Iterator[Note]:
        """What works in these files but is worth a look."""
        for name, paragraphs in self._split.items():
            for paragraph in paragraphs:
                yield Note(name, "tag terbagi dalam beberapa format huruf; ketik ulang tag itu sekaligus", paragraph)


class _Walk:
    """The way through a part and its fragments: each is parsed, so that a fault is found before a case needs it."""

    def __init__(self, reading: _Reading, sources: dict[str, str], host: Any) -> None:  # noqa: ANN401 — python-docx' part
        self.trees: dict[str, nodes.Template] = {}
        self._reading = reading
        self._sources = sources
        self._host = host
        self._sandbox = Sandbox(FunctionLoader(sources.get), str)

    def into(self, name: str, above: tuple[str, ...]) -> None:
        """Parse a file and those that it includes, each once; one that includes itself is refused."""
        if name in above:
            raise wrong(name, "potongan menyisipkan dirinya sendiri")
        if name in self.trees:
            return
        if name not in self._sources:
            self._sources[name] = fragment_source(name, self._reading.opened(name), self._host)
        try:
            tree = self._sandbox.parse(self._sources[name], name, name)
            self._sandbox.compile(tree, name, name)
        except TemplateSyntaxError as error:
            raise faults.of_syntax(error, self._sources, self._reading.name) from error
        except (SyntaxError, RecursionError, ValueError) as error:  # Python's own, at what Jinja made of it
            raise wrong(name, "tag terlalu bertingkat, atau berisi bilangan yang terlalu panjang") from error
        self.trees[name] = tree
        for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            self.into(self._included(name, node), (*above, name))

    def _included(self, name: str, node: nodes.Node) -> str:
        """The file that an include names; it is written out, so that it can be checked before it is needed."""
        file = getattr(node, "template", None)
        if not isinstance(node, nodes.Include) or not isinstance(file, nodes.Const) or not isinstance(file.value, str):
            paragraph = faults.paragraph(self._sources, name, node.lineno)
            raise wrong(name, 'sisipan hanya dengan {%p include "nama.docx" %}', paragraph)
        return file.value


def _optional(tree: nodes.Template) -> frozenset[str]:
    """The names that the template asks about before it uses them, and those that it sets itself."""
    asked: list[nodes.Node | None] = [
        test.node for test in tree.find_all(nodes.Test) if test.name in ("defined", "undefined")
    ]
    asked += [filter_.node for filter_ in tree.find_all(nodes.Filter) if filter_.name in ("default", "d")]
    own = [name for name in tree.find_all(nodes.Name) if name.ctx == "store"]
    return frozenset(node.name for node in (*asked, *own) if isinstance(node, nodes.Name))
